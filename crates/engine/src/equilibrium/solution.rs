//! Reads an equilibrium out of the unknowns and the last sweep.

use super::Equilibrium;
use super::adjoint::Seed;
use super::certificate::Certificate;
use super::status::Status;
use super::sweep::Layout;
use super::workspace::Workspace;
use crate::benchmark::Benchmark;
use crate::calibration::Calibration;
use crate::closure::Numeraire;
use crate::error::EngineError;
use crate::instruments::Instruments;

/// Levels and hats at the numeraire of the closure.
pub(crate) fn read(
    calibration: &Calibration,
    instruments: &Instruments,
    space: &Workspace,
    status: Status,
    certificate: Certificate,
) -> Equilibrium {
    let d = calibration.dimensions;
    let n = d.economies;
    let (wage, income, price, output) = Layout::of(calibration).split(&space.z);
    let sweep = &space.sweep;
    let mut price_index: Vec<f64> = vec![0.0; n];
    for (share, price) in calibration.final_share.chunks_exact(n).zip(price.chunks_exact(n)) {
        for i in 0..n {
            price_index[i] += share[i] * price[i];
        }
    }
    let scale = numeraire_scale(calibration, wage, &price_index);
    let level = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| v * scale).collect() };
    let hat = |logs: &[f64]| -> Vec<f64> { logs.iter().map(|v| v.exp() * scale).collect() };
    let mut border_value = vec![0.0; d.cells()];
    for (pair, (values, shares)) in
        border_value.chunks_exact_mut(n).zip(sweep.border_share.chunks_exact(n)).enumerate()
    {
        let spending = sweep.expenditure[pair] * scale;
        for (value, share) in values.iter_mut().zip(shares) {
            *value = share * spending;
        }
    }
    let mut final_use = vec![0.0; d.pairs()];
    let mut factor_income = vec![0.0; n];
    let mut profits = vec![0.0; n];
    let mut employment = vec![1.0; d.pairs()];
    for s in 0..d.sectors {
        for i in 0..n {
            let pair = d.pair(i, s);
            final_use[pair] = calibration.final_share[pair] * income[i] * scale;
            profits[i] += calibration.profit_share[pair] * output[pair] * scale;
            factor_income[i] += (calibration.labour_share[pair] + calibration.surplus_share[pair]
                - calibration.profit_share[pair])
                * output[pair]
                * scale;
            if calibration.output[pair] > 0.0 {
                employment[pair] = output[pair] / calibration.output[pair] / wage[i].exp();
            }
        }
    }
    let wage_hat = hat(wage);
    Equilibrium {
        instruments: instruments.clone(),
        factor_price_hat: (0..d.sectors).flat_map(|_| wage_hat.iter().copied()).collect(),
        labour_hat: space.costs.log_endowment.iter().map(|log| log.exp()).collect(),
        wage_hat,
        unit_cost_hat: hat(&sweep.log_unit_cost),
        price_hat: hat(price),
        price_index_hat: hat(&price_index),
        border_value,
        expenditure: level(&sweep.expenditure),
        output: level(output),
        final_use,
        employment_hat: employment,
        factor_income,
        profits,
        tariff_revenue: level(&sweep.tariff_revenue),
        export_tax_revenue: level(&sweep.export_tax_revenue),
        other_income: vec![0.0; n],
        trade_deficit: level(&space.costs.deficit),
        income: level(income),
        limit_wedge: vec![0.0; instruments.limits.len()],
        numeraire_scale: scale,
        status,
        certificate,
    }
}

/// What nominal columns are multiplied by: the solve itself is at world factor income.
fn numeraire_scale(calibration: &Calibration, wage: &[f64], price_index: &[f64]) -> f64 {
    match &calibration.closure.numeraire {
        Numeraire::WorldGdp => 1.0,
        Numeraire::Wage(code) => calibration.benchmark.economy(code).map_or(1.0, |i| (-wage[i]).exp()),
        Numeraire::WorldPrices => {
            let world: f64 = calibration.income.iter().sum();
            let index: f64 = calibration.income.iter().zip(price_index).map(|(w, p)| w * p.exp()).sum();
            world / index
        }
    }
}

impl Calibration {
    /// The solved economy as data, to be calibrated anew: flows, tariffs and deficits of the solution.
    ///
    /// This is how trade imbalances are purged before a game is played (Ossa 2014), and how a game is rebased to the
    /// tariffs that it starts from. Refused where the solution holds export taxes, which data do not know.
    pub fn rebased(&self, solution: &Equilibrium) -> Result<Benchmark, EngineError> {
        if solution.export_tax_revenue.iter().any(|revenue| *revenue != 0.0) {
            return Err(EngineError::Refused {
                setting: "rebasing",
                reason: "the solution holds export taxes, which a benchmark has no column for".into(),
            });
        }
        let mut benchmark = self.benchmark.clone();
        benchmark.border_value.clone_from(&solution.border_value);
        benchmark.tariff_rate.clone_from(&solution.instruments.tariff_rate);
        benchmark.trade_deficit = Some(solution.trade_deficit.clone());
        Ok(benchmark)
    }

    /// Adds `amount` times the derivative of the numeraire's logarithm, by which nominal numbers are multiplied.
    pub(crate) fn seed_numeraire(&self, equilibrium: &Equilibrium, amount: f64, seed: &mut Seed) {
        match &self.closure.numeraire {
            Numeraire::WorldGdp => {}
            Numeraire::Wage(code) => {
                if let Some(economy) = self.benchmark.economy(code) {
                    seed.wage[economy] -= amount;
                }
            }
            Numeraire::WorldPrices => {
                let weight = |n: usize| self.income[n] * equilibrium.price_index_hat[n];
                let total: f64 = (0..self.dimensions.economies).map(weight).sum();
                for (pair, share) in self.final_share.iter().enumerate() {
                    seed.price[pair] -= amount * share * weight(pair % self.dimensions.economies) / total;
                }
            }
        }
    }
}
