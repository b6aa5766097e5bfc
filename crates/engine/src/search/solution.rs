//! Reads an equilibrium out of the unknowns and the last sweep.

use std::sync::Arc;

use super::buffers::Buffers;
use crate::derivatives::objective_derivative::Seed;
use crate::equations::layout::Layout;
use crate::equations::numeraire::log_scale;
use crate::equations::sweep::Sweep;
use crate::equations::trade_cost::TradeCosts;
use crate::equilibrium::Equilibrium;
use crate::equilibrium::certificate::Certificate;
use crate::error::EngineError;
use crate::model::benchmark::Benchmark;
use crate::model::calibration::Calibration;
use crate::model::capital::Capital;
use crate::model::instruments::Instruments;

/// Levels and hats at the numeraire of the closure.
pub(crate) fn read(
    calibration: &Calibration,
    instruments: &Arc<Instruments>,
    buffers: &mut Buffers,
    certificate: Certificate,
) -> Equilibrium {
    let d = calibration.dimensions;
    let n = d.economies;
    let z = Layout::new(calibration, buffers.point.costs.limits.len()).split(&buffers.z);
    let (wage, income, price, output) = (z.wage, z.income, z.price, z.output);
    let sweep = &buffers.point.sweep;
    let price_index = &sweep.log_price_index;
    let scale = log_scale(calibration, wage, price_index).exp();
    let level = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| v * scale).collect() };
    let hat = |logs: &[f64]| -> Vec<f64> { logs.iter().map(|v| v.exp() * scale).collect() };
    let border_value = border_values(sweep, &mut buffers.point.costs, scale);
    let t = &calibration.technology;
    let mut final_use = vec![0.0; d.pairs()];
    let mut profits = vec![0.0; n];
    let mut investment = vec![0.0; n];
    let mut employment = vec![1.0; d.pairs()];
    let mut factor_price = vec![0.0; d.pairs()];
    let built = capital_over_wage(calibration, wage, price);
    for pair in 0..d.pairs() {
        let i = pair % n;
        final_use[pair] = sweep.final_share(&buffers.point.costs)[pair] * income[i] * scale;
        profits[i] += t.profits(pair) * output[pair] * scale;
        investment[i] += t.investment(pair) * output[pair] * scale;
        // What the sector's factors earn together.
        let output_hat = sweep.nests.value_added_hat(pair) * output[pair] / calibration.output[pair];
        let mut log_price = wage[i] + built[i];
        if calibration.output[pair] > 0.0 {
            employment[pair] = output_hat / wage[i].exp();
            if let Some(power) = t.factor_power.get(pair) {
                let fixed = buffers.point.costs.log_fixed_factor(t.labour_is_fixed_factor, pair, z.hours[i]);
                log_price += power * (output_hat.ln() - fixed - wage[i]);
                if t.labour_is_fixed_factor {
                    // People earn different wages in different sectors: those employed are V'/v.
                    employment[pair] = roy_employment(log_price, *power, wage[i], z.hours[i]);
                }
            }
        }
        factor_price[pair] = log_price.exp() * scale;
    }
    let wage_hat = hat(wage);
    let mut log_wedge = vec![0.0; instruments.limits.len()];
    log_wedge.copy_from_slice(z.limit);
    Equilibrium {
        closure: calibration.closure.clone(),
        instruments: Arc::clone(instruments),
        labour_hat: z.hours.iter().map(|log| log.exp()).collect(),
        factor_price_hat: factor_price,
        wage_hat,
        unit_cost_hat: hat(&sweep.log_unit_cost),
        price_hat: hat(price),
        price_index_hat: hat(price_index),
        border_value,
        expenditure: level(&sweep.expenditure),
        output: level(output),
        final_use,
        value_added_share_hat: sweep.nests.value_added_hat.clone(),
        input_share: sweep.nests.input_share.clone(),
        employment_hat: employment,
        factor_income: level(&sweep.factor_income),
        profits,
        investment,
        tariff_revenue: level(&sweep.tariff_revenue),
        export_tax_revenue: level(&sweep.export_tax_revenue),
        other_income: level(&sweep.abroad),
        trade_deficit: level(&sweep.deficit),
        income: level(income),
        limit_wedge: log_wedge.iter().map(|log| log.abs().exp_m1()).collect(),
        log_wedge,
        numeraire_scale: scale,
        certificate,
    }
}

/// Where capital answers, what it adds to the logarithm of the price of factors beside the wage: `α (ln P̂_I − ln ŵ)`, N.
fn capital_over_wage(calibration: &Calibration, wage: &[f64], price: &[f64]) -> Vec<f64> {
    let n = wage.len();
    let mut added = vec![0.0; n];
    if let Capital::Steady(data) = &calibration.closure.capital {
        for (pair, share) in data.basket.iter().enumerate() {
            added[pair % n] += data.capital_share[pair % n] * share * (price[pair] - wage[pair % n]);
        }
    }
    added
}

/// What importers pay at the border: the folded payments, multiplied out in their place and taken from the buffers.
fn border_values(sweep: &Sweep, costs: &mut TradeCosts, scale: f64) -> Vec<f64> {
    let n = costs.border_over_payment.len();
    let mut values = std::mem::take(&mut costs.paid);
    for (pair, values) in values.chunks_exact_mut(n).enumerate() {
        let importer = pair % n;
        let spending = sweep.expenditure[pair] * scale * costs.border_over_payment[importer];
        let factor = spending * sweep.scale[pair];
        for (value, weight) in values.iter_mut().zip(&sweep.weight[pair / n * n..]) {
            *value *= weight * factor;
        }
        values[importer] = sweep.home_share[pair] * spending;
    }
    values
}

/// Roy: the share of people choosing a sector, `v̂^κ Φ̂^(−κ) L̂` with `Φ̂ = ŵ`, and `β = 1/κ`.
fn roy_employment(log_price: f64, power: f64, wage: f64, hours: f64) -> f64 {
    ((log_price - wage) / power + hours).exp()
}

impl Calibration {
    /// The solved economy as data, to be calibrated anew: flows, tariffs and deficits of the solution.
    ///
    /// This is how trade imbalances are purged before a game is played (Ossa 2014), and how a game is rebased to the
    /// tariffs that it starts from. Refused where the solution holds export taxes, which data do not know.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    /// use detente_engine::calibration::SolveSettings;
    /// use detente_engine::closure::Closure;
    /// use detente_engine::instruments::Instruments;
    /// use detente_engine::solver::Solver;
    ///
    /// let benchmark = Benchmark::example();
    /// let solver = Solver::new(&benchmark, &Closure::default())?;
    /// let settings = SolveSettings::default();
    /// let before = solver.solve(Instruments::of(&benchmark), &settings, None)?.solved()?;
    /// let rebased = solver.rebased(&before)?;
    /// assert_eq!(rebased.dimensions(), benchmark.dimensions());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rebased(&self, solution: &Equilibrium) -> Result<Benchmark, EngineError> {
        if solution.export_tax_revenue.iter().any(|revenue| *revenue != 0.0) {
            return Err(EngineError::Refused {
                setting: "rebasing",
                reason: "the solution holds export taxes, which a benchmark has no column for".into(),
            });
        }
        let mut benchmark = Benchmark::clone(&self.benchmark);
        if !solution.input_share.is_empty() {
            benchmark.input_share = Some(solution.input_share.clone());
            for (pair, share) in benchmark.value_added_share.iter_mut().enumerate() {
                *share *= solution.value_added_share_relative(pair);
            }
        }
        benchmark.border_value.clone_from(&solution.border_value);
        benchmark.tariff_rate.clone_from(&solution.instruments.tariff_rate);
        benchmark.trade_deficit = Some(solution.trade_deficit.clone());
        Ok(benchmark)
    }

    /// Value added over gross output in force at a solution, N·S.
    pub fn value_added_share_at(&self, e: &Equilibrium, pair: usize) -> f64 {
        self.technology.value_added_share[pair] * e.value_added_share_relative(pair)
    }

    /// Input shares of gross output in force at a solution, N·S·S as in the benchmark; none: sectors buy nothing.
    pub fn input_share_at<'a>(&'a self, e: &'a Equilibrium) -> Option<&'a [f64]> {
        if e.input_share.is_empty() { self.input_share() } else { Some(&e.input_share) }
    }

    /// Adds `amount` times the derivative of the logarithm of an economy's index of all final use.
    pub(crate) fn seed_price_index(&self, e: &Equilibrium, economy: usize, amount: f64, seed: &mut Seed) {
        let index = (e.price_index_hat[economy] / e.numeraire_scale).ln();
        for s in 0..self.dimensions.sectors {
            let pair = self.dimensions.pair(economy, s);
            let log_price = (e.price_hat[pair] / e.numeraire_scale).ln();
            seed.price[pair] += amount * e.final_use[pair] / e.income[economy];
            seed.final_share[pair] += amount * index_by_share(self, log_price, index);
        }
    }
}

/// The derivative of the logarithm of the index of all final use in the share of one sector.
pub(crate) fn index_by_share(calibration: &Calibration, log_price: f64, log_index: f64) -> f64 {
    match calibration.technology.demand_elasticity {
        None => log_price,
        Some(elasticity) => {
            let power = 1.0 - elasticity;
            (power * (log_price - log_index)).exp() / power
        }
    }
}
