//! Calibration: everything that a solve needs and that depends on the data and the closure alone.
//!
//! A [`Calibration`] is made once per benchmark and closure and shared freely between threads. It holds shares,
//! not levels of technology: exact hat algebra needs no others. Where final shares are absent, final use is the
//! residual `Σ_i X[n,i,s] − Σ_k γ[n,s→k] Y[n,k]`, income is its sum, and the deficit is that of the flows, so that
//! the data are an equilibrium to rounding. Where they are given, the data may be no equilibrium; then
//! [`Calibration::market_gap`] says by how much.
//!
//! Value-added and input shares sum to one only up to the rounding of their file (1e-6 is allowed). Budgets
//! must balance exactly, so the value-added share used here is one less the input shares wherever there are any.

mod one_way;
pub mod technology;
pub mod uniqueness;

use std::sync::{Arc, OnceLock};

use crate::error::EngineError;
use crate::index::Dimensions;
use crate::model::benchmark::Benchmark;
use crate::model::capital::{Capital, CapitalData, CapitalInputs};
use crate::model::closure::{Closure, Intermediates, Numeraire};
use crate::model::instruments::Instruments;
use technology::Technology;
use uniqueness::Uniqueness;

/// How a solve is to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct SolveSettings {
    /// Largest residual allowed, `|lhs − rhs| / max(|lhs|, 1e-9 × block mean)`.
    pub tolerance: f64,
    /// Steps before giving up, Newton's and those on wages together, wherever the solve starts from.
    pub max_iterations: usize,
}

impl Default for SolveSettings {
    fn default() -> Self {
        Self { tolerance: 1e-12, max_iterations: 1000 }
    }
}

/// A pair of the benchmark where use and spending differ, as a share of world spending.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarketGap {
    /// Economy.
    pub economy: usize,
    /// Sector.
    pub sector: usize,
    /// Spending found in the flows, tariffs included.
    pub spending: f64,
    /// Use: final plus intermediate.
    pub usage: f64,
}

/// Labour income of the smallest economy allowed, as a share of the mean: the scale below which residuals say nothing.
const LEAST_INCOME: f64 = 1e-9;

/// A benchmark under a closure, ready to be solved under any instruments.
#[derive(Debug)]
pub struct Calibration {
    /// The data, shared and not copied.
    pub benchmark: Arc<Benchmark>,
    /// The settings.
    pub closure: Closure,
    /// N and S.
    pub dimensions: Dimensions,
    /// Input shares with capital's replacement among them, where investment is told from consumption.
    inputs: Option<Arc<CapitalInputs>>,
    /// Whether anything of a sector is sold abroad, S.
    pub(crate) traded: Vec<bool>,
    /// X\[n,s\] of the flows, tariffs included.
    pub expenditure: Vec<f64>,
    /// Y\[i,s\] of the flows.
    pub output: Vec<f64>,
    /// Final-use shares α\[n,s\].
    pub final_share: Vec<f64>,
    /// The closure's coefficients on the data.
    pub technology: Technology,
    /// Labour income of the data, N.
    pub labour_income: Vec<f64>,
    /// Factor income of the data, N (profits excluded).
    pub factor_income: Vec<f64>,
    /// Final spending of the data, N.
    pub income: Vec<f64>,
    /// Tariff revenue of the data, N.
    pub tariff_revenue: Vec<f64>,
    /// Deficits in force when nothing else is said, N.
    pub trade_deficit: Vec<f64>,
    /// Which economies trade with each other, directly or through others: the position of the bloc's first economy, N.
    /// Relative wages of blocs that do not trade are indeterminate; each keeps its own share of world income.
    pub bloc: Vec<usize>,
    /// Factor income of each bloc, at the position of its first economy, N.
    pub(crate) bloc_income: Vec<f64>,
    /// What the conditions for one equilibrium say; none without economies of scale.
    pub uniqueness: Option<Uniqueness>,
    /// Between whom trade leads one way, once somebody has asked.
    one_way: OnceLock<Option<(usize, usize)>>,
}

impl Calibration {
    /// Calibrates a benchmark under a closure; refused where the closure asks for what the data do not give. A benchmark
    /// given as an [`Arc`] is shared, one given by reference is copied.
    pub fn new(benchmark: impl Into<Arc<Benchmark>>, closure: &Closure) -> Result<Self, EngineError> {
        let shared = benchmark.into();
        check_elasticities(&shared)?;
        Self::of(shared, closure)
    }

    /// The same of a layout of [`sluggish`](crate::model::sluggish), in which some buyers keep their quantities.
    pub(crate) fn of_layout(benchmark: Benchmark, closure: &Closure) -> Result<Self, EngineError> {
        Self::of(Arc::new(benchmark), closure)
    }

    fn of(shared: Arc<Benchmark>, closure: &Closure) -> Result<Self, EngineError> {
        let benchmark = shared.as_ref();
        let dimensions = benchmark.dimensions();
        check_sizes(benchmark, dimensions)?;
        let (n, s) = (dimensions.economies, dimensions.sectors);
        let mut traded = vec![false; s];
        let mut expenditure = vec![0.0; dimensions.pairs()];
        let mut output = vec![0.0; dimensions.pairs()];
        let mut tariff_revenue = vec![0.0; n];
        let mut border_deficit = vec![0.0; n];
        let local = local_shares(benchmark, closure, dimensions)?;
        let mut blocs = Blocs::new(n);
        let mut local_income = vec![0.0; n];
        for sector in 0..s {
            for importer in 0..n {
                let paid = 1.0 - local[importer];
                let row = dimensions.cell(importer, 0, sector);
                let pair = dimensions.pair(importer, sector);
                for exporter in 0..n {
                    let value = benchmark.border_value[row + exporter];
                    let rate = benchmark.tariff_rate[row + exporter];
                    if !(value >= 0.0 && value.is_finite()) {
                        return Err(domain(
                            benchmark,
                            "trade flow",
                            row + exporter,
                            value,
                            "flows are finite and not negative",
                        ));
                    }
                    if !(rate > -1.0 && rate.is_finite()) {
                        return Err(domain(
                            benchmark,
                            "tariff rate",
                            row + exporter,
                            rate,
                            "rates are above -1 (-100 percent)",
                        ));
                    }
                    traded[sector] |= value > 0.0 && importer != exporter;
                    expenditure[pair] += value * (1.0 + rate);
                    output[dimensions.pair(exporter, sector)] += paid * value;
                    local_income[importer] += (1.0 - paid) * value;
                    tariff_revenue[importer] += rate * value;
                    border_deficit[importer] += paid * value;
                    border_deficit[exporter] -= paid * value;
                    if value > 0.0 {
                        blocs.join(importer, exporter);
                    }
                }
            }
        }
        let mut value_added_share = vec![1.0; dimensions.pairs()];
        if let Some(input) = input_shares(benchmark, closure) {
            for using in 0..s {
                for economy in 0..n {
                    let total: f64 = (0..s).map(|k| input[dimensions.input(economy, using, k)]).sum();
                    value_added_share[dimensions.pair(economy, using)] = 1.0 - total;
                }
            }
        }
        let mut calibration = Self {
            benchmark: Arc::clone(&shared),
            closure: closure.clone(),
            dimensions,
            technology: Technology::new(benchmark, closure, value_added_share.clone(), &output)?,
            inputs: None,
            traded,
            expenditure,
            output,
            final_share: vec![0.0; dimensions.pairs()],
            labour_income: local_income.clone(),
            factor_income: local_income,
            income: vec![0.0; n],
            tariff_revenue,
            trade_deficit: border_deficit,
            bloc: blocs.named(),
            bloc_income: vec![0.0; n],
            uniqueness: None,
            one_way: OnceLock::new(),
        };
        calibration.inputs = CapitalInputs::new(
            dimensions,
            &closure.capital,
            input_shares(benchmark, closure),
            &value_added_share,
        )
        .map(Arc::new);
        calibration.close_income();
        calibration.refuse_negative_consumption()?;
        if closure.intermediates == Intermediates::InputOutput {
            calibration.measure_by_published_value_added(&value_added_share)?;
        }
        calibration.sum_blocs();
        calibration.round_off_deficits();
        calibration.uniqueness = uniqueness::check(&calibration)?;
        if let Numeraire::Wage(code) = &closure.numeraire
            && benchmark.economy(code).is_none()
        {
            return Err(EngineError::Refused {
                setting: "numeraire = \"wage:...\"",
                reason: format!("{code} is no economy of the benchmark"),
            });
        }
        let least = LEAST_INCOME * calibration.labour_income.iter().sum::<f64>() / n as f64;
        for economy in 0..n {
            if calibration.labour_income[economy] > 0.0 && calibration.labour_income[economy] < least {
                return Err(EngineError::Domain {
                    what: "labour income",
                    place: format!(" [{}]", benchmark.economies[economy].code),
                    found: calibration.labour_income[economy],
                    rule: "every economy earns at least 1e-9 of what economies earn on average: below that its equations are lost in \
                           the rounding of the others'",
                });
            }
            if !(calibration.income[economy] > 0.0 && calibration.labour_income[economy] > 0.0) {
                return Err(EngineError::Domain {
                    what: "income",
                    place: format!(" [{}]", benchmark.economies[economy].code),
                    found: calibration.income[economy].min(calibration.labour_income[economy]),
                    rule: "every economy earns and spends something",
                });
            }
        }
        Ok(calibration)
    }

    /// The same with economies of scale at a share of what they are; prices' own power of cost stays.
    pub(crate) fn with_scale(&self, share: f64) -> Self {
        let mut technology = self.technology.clone();
        technology.output_power.iter_mut().for_each(|power| *power *= share);
        Self {
            benchmark: self.benchmark.clone(),
            closure: self.closure.clone(),
            dimensions: self.dimensions,
            inputs: self.inputs.clone(),
            traded: self.traded.clone(),
            expenditure: self.expenditure.clone(),
            output: self.output.clone(),
            final_share: self.final_share.clone(),
            technology,
            labour_income: self.labour_income.clone(),
            factor_income: self.factor_income.clone(),
            income: self.income.clone(),
            tariff_revenue: self.tariff_revenue.clone(),
            trade_deficit: self.trade_deficit.clone(),
            bloc: self.bloc.clone(),
            bloc_income: self.bloc_income.clone(),
            uniqueness: self.uniqueness,
            one_way: self.one_way.clone(),
        }
    }

    /// The same economy without scale and with this share of what else sets its market structure apart from perfect competition.
    pub(crate) fn with_structure(&self, share: f64) -> Self {
        let mut less = self.with_scale(0.0);
        let t = &mut less.technology;
        for (power, theta) in t.cost_power.iter_mut().zip(&t.trade_elasticity) {
            *power = theta + share * (*power - theta);
        }
        t.productivity_power.iter_mut().for_each(|power| *power *= share);
        if !t.spending_over_wage {
            t.spending_power.iter_mut().for_each(|power| *power *= share);
            for (pair, power) in t.tariff_power.iter_mut().enumerate() {
                let theta = t.trade_elasticity[pair / self.dimensions.economies];
                *power = theta + share * (*power - theta);
            }
        }
        less
    }

    /// Gives a calibration made by [`with_scale`](Self::with_scale) another share of `full`'s scale.
    pub(crate) fn scale_as(&mut self, full: &Self, share: f64) {
        for (power, full) in self.technology.output_power.iter_mut().zip(&full.technology.output_power) {
            *power = share * full;
        }
    }

    /// Measures factor incomes against value added as published beside the flows, where the benchmark has it.
    ///
    /// Published totals are off what shares and flows imply by rounding (NAFTA 1993: up to 4e-8), and so is every wage hat.
    /// Nothing else changes.
    fn measure_by_published_value_added(&mut self, value_added_share: &[f64]) -> Result<(), EngineError> {
        let Some(published) = &self.benchmark.value_added else { return Ok(()) };
        let d = self.dimensions;
        for (economy, published) in published.iter().enumerate() {
            let implied: f64 = (0..d.sectors)
                .map(|sector| d.pair(economy, sector))
                .map(|pair| value_added_share[pair] * self.output[pair])
                .sum();
            let ratio = published / implied;
            if !(ratio > 0.0 && ratio.is_finite()) {
                return Err(EngineError::Domain {
                    what: "value added",
                    place: format!(" [{}]", self.benchmark.economies[economy].code),
                    found: *published,
                    rule: "published value added is above zero and close to shares times output",
                });
            }
            self.labour_income[economy] *= ratio;
            self.factor_income[economy] *= ratio;
        }
        Ok(())
    }

    /// What sectors buy beside labour, as shares of gross output, N·S·S as in the benchmark; none: nothing. Where investment is
    /// told from consumption, capital's replacement is among it.
    pub fn input_share(&self) -> Option<&[f64]> {
        match &self.inputs {
            Some(inputs) => Some(&inputs.usage),
            None => input_shares(&self.benchmark, &self.closure),
        }
    }

    /// The same as exponents of unit cost (before the technology's scale of inputs): other than in use where capital answers,
    /// since it is paid more than its replacement.
    pub(crate) fn cost_input(&self) -> Option<&[f64]> {
        match &self.inputs {
            Some(inputs) => Some(&inputs.cost),
            None => input_shares(&self.benchmark, &self.closure),
        }
    }

    /// Whether investment is told from consumption.
    pub(crate) fn tells_investment(&self) -> bool {
        self.inputs.is_some()
    }

    /// The same world with another share of factor income invested, in force of the data's: what consumption is spent on stays.
    pub(crate) fn with_investment(&self, data: &CapitalData, investment_share: &[f64]) -> Self {
        let mut other = self.with_scale(1.0);
        other.technology.invest(investment_share);
        let changed = CapitalData { investment_share: investment_share.to_vec(), ..data.clone() };
        let capital = match &self.closure.capital {
            Capital::Fixed => Capital::Fixed,
            Capital::Given(_) => Capital::Given(Arc::new(changed)),
            Capital::Steady(_) => Capital::Steady(Arc::new(changed)),
        };
        let input = input_shares(&self.benchmark, &self.closure);
        other.inputs =
            CapitalInputs::new(self.dimensions, &capital, input, &self.technology.value_added_share)
                .map(Arc::new);
        other
    }

    /// Investment is a part of final use, so that what is left to consume is not negative.
    fn refuse_negative_consumption(&self) -> Result<(), EngineError> {
        if self.inputs.is_none() {
            return Ok(());
        }
        let n = self.dimensions.economies;
        let least = |pair: usize| -1e-9 * self.expenditure[pair].max(f64::MIN_POSITIVE);
        match (0..self.dimensions.pairs())
            .find(|&pair| self.final_share[pair] * self.income[pair % n] < least(pair))
        {
            None => Ok(()),
            Some(pair) => Err(EngineError::Domain {
                what: "consumption",
                place: format!(
                    " [{}, {}]",
                    self.benchmark.economies[pair % n].code,
                    self.benchmark.sectors[pair / n].code
                ),
                found: self.final_share[pair] * self.income[pair % n],
                rule: "investment is at most what is used finally",
            }),
        }
    }

    /// π of a cell, N·N·S: its share of the importer's spending on the sector, tariffs included; zero where nothing is bought.
    pub fn expenditure_share(&self, cell: usize) -> f64 {
        let value = self.benchmark.border_value[cell];
        let whole = self.expenditure[cell / self.dimensions.economies];
        if whole > 0.0 { value * (1.0 + self.benchmark.tariff_rate[cell]) / whole } else { 0.0 }
    }

    /// Who trades with nobody owes nothing, to the last digit.
    fn round_off_deficits(&mut self) {
        let n = self.dimensions.economies;
        for economy in 0..n {
            if (0..n).filter(|other| self.bloc[*other] == self.bloc[economy]).count() == 1 {
                self.trade_deficit[economy] = 0.0;
            }
        }
    }

    fn sum_blocs(&mut self) {
        self.bloc_income.fill(0.0);
        for (economy, income) in self.factor_income.iter().enumerate() {
            self.bloc_income[self.bloc[economy]] += income;
        }
    }

    /// Incomes, final shares and deficits of the data.
    fn close_income(&mut self) {
        let d = self.dimensions;
        let given = match (&self.benchmark.final_share, self.closure.intermediates) {
            (Some(share), Intermediates::InputOutput) => Some(share.clone()),
            _ => None,
        };
        for sector in 0..d.sectors {
            for economy in 0..d.economies {
                let pair = d.pair(economy, sector);
                self.labour_income[economy] += self.technology.labour_share[pair] * self.output[pair];
                self.factor_income[economy] += (self.technology.labour_share[pair]
                    + self.technology.surplus_share[pair]
                    - self.technology.profit_share[pair])
                    * self.output[pair];
            }
        }
        if let Some(share) = given {
            if let Some(deficit) = &self.benchmark.trade_deficit {
                self.trade_deficit.clone_from(deficit);
            }
            self.final_share = share;
            for economy in 0..d.economies {
                let profits: f64 = (0..d.sectors)
                    .map(|s| d.pair(economy, s))
                    .map(|pair| self.technology.profit_share[pair] * self.output[pair])
                    .sum();
                self.income[economy] = self.factor_income[economy]
                    + profits
                    + self.tariff_revenue[economy]
                    + self.trade_deficit[economy];
                self.take_investment(economy);
            }
        } else {
            let mut usage = self.expenditure.clone();
            self.subtract_intermediate_use(&mut usage);
            for economy in 0..d.economies {
                self.income[economy] = (0..d.sectors).map(|s| usage[d.pair(economy, s)]).sum();
            }
            for sector in 0..d.sectors {
                for economy in 0..d.economies {
                    let pair = d.pair(economy, sector);
                    self.final_share[pair] = usage[pair] / self.income[economy];
                }
            }
        }
    }

    /// Takes what is invested out of given shares of all final use: what is left are shares of consumption.
    fn take_investment(&mut self, economy: usize) {
        let d = self.dimensions;
        let Some(data) = self.closure.capital.data().map(Arc::clone) else { return };
        let invested: f64 = (0..d.sectors)
            .map(|s| d.pair(economy, s))
            .map(|pair| self.technology.investment(pair) * self.output[pair])
            .sum();
        let consumed = self.income[economy];
        for sector in 0..d.sectors {
            let pair = d.pair(economy, sector);
            let used = self.final_share[pair] * (consumed + invested);
            self.final_share[pair] = (used - data.basket[pair] * invested) / consumed;
        }
    }

    fn subtract_intermediate_use(&self, usage: &mut [f64]) {
        let d = self.dimensions;
        let Some(input) = self.input_share() else { return };
        for using in 0..d.sectors {
            for k in 0..d.sectors {
                for economy in 0..d.economies {
                    usage[d.pair(economy, k)] -=
                        input[d.input(economy, using, k)] * self.output[d.pair(economy, using)];
                }
            }
        }
    }

    /// How far the data are from an equilibrium: `Σ|use − spending| / Σ spending`, and the worst pairs first (at most
    /// ten). Above 1e-9 the benchmark is "not an equilibrium"; above 0.10 the reader refuses it.
    pub fn market_gap(&self) -> (f64, Vec<MarketGap>) {
        let d = self.dimensions;
        let mut rest = self.expenditure.clone();
        self.subtract_intermediate_use(&mut rest);
        let mut cells: Vec<(f64, MarketGap)> = Vec::with_capacity(d.pairs());
        for sector in 0..d.sectors {
            for economy in 0..d.economies {
                let pair = d.pair(economy, sector);
                let gap = self.final_share[pair] * self.income[economy] - rest[pair];
                let spending = self.expenditure[pair];
                cells.push((gap.abs(), MarketGap { economy, sector, spending, usage: spending + gap }));
            }
        }
        let world: f64 = self.expenditure.iter().sum();
        let total = cells.iter().map(|(gap, _)| gap).sum::<f64>() / world;
        cells.sort_by(|a, b| b.0.total_cmp(&a.0));
        cells.truncate(10);
        (total, cells.into_iter().map(|(_, cell)| cell).collect())
    }

    /// Deficit levels in world-GDP units under the closure and these instruments: what is set stays, the rest is spread
    /// over the other economies in proportion to their factor income so that all sum to zero.
    pub(crate) fn deficit_levels(&self, instruments: &Instruments) -> Result<Vec<f64>, EngineError> {
        let deficit = self.spread_deficits(instruments)?;
        let world: f64 = self.factor_income.iter().sum();
        let mut sum = vec![0.0; self.dimensions.economies];
        for (economy, level) in deficit.iter().enumerate() {
            sum[self.bloc[economy]] += level;
        }
        match sum.iter().position(|total| total.abs() > 1e-6 * world) {
            None => Ok(deficit),
            Some(economy) => Err(EngineError::Refused {
                setting: "deficits",
                reason: format!(
                    "{} and the economies that it trades with owe {} to economies that they do not trade with",
                    self.benchmark.economies[economy].code, sum[economy]
                ),
            }),
        }
    }

    fn spread_deficits(&self, instruments: &Instruments) -> Result<Vec<f64>, EngineError> {
        let n = self.dimensions.economies;
        let set = &instruments.trade_deficit;
        let mut deficit =
            if self.closure.deficits.are_zero() { vec![0.0; n] } else { self.trade_deficit.clone() };
        let free: Vec<usize> = (0..n).filter(|&i| set.get(i).copied().flatten().is_none()).collect();
        if free.len() == n {
            return Ok(deficit);
        }
        for (level, value) in deficit.iter_mut().zip(set) {
            if let Some(value) = value {
                *level = *value;
            }
        }
        let gap: f64 = deficit.iter().sum();
        let world: f64 = self.factor_income.iter().sum();
        if free.is_empty() && gap.abs() > 1e-6 * world {
            return Err(EngineError::Refused {
                setting: "deficits",
                reason: format!("all deficits are set and sum to {gap}, not to zero"),
            });
        }
        // Within each bloc, over its economies left free, else (rounding) over all of them.
        let spread: Vec<usize> = if free.is_empty() { (0..n).collect() } else { free };
        let (mut gap, mut base) = (vec![0.0; n], vec![0.0; n]);
        for i in 0..n {
            gap[self.bloc[i]] += deficit[i];
        }
        for &i in &spread {
            base[self.bloc[i]] += self.factor_income[i];
        }
        for i in spread {
            deficit[i] -= gap[self.bloc[i]] * self.factor_income[i] / base[self.bloc[i]];
        }
        for i in 0..n {
            if (0..n).filter(|other| self.bloc[*other] == self.bloc[i]).count() == 1
                && deficit[i].abs() < 1e-9 * world
            {
                deficit[i] = 0.0;
            }
        }
        Ok(deficit)
    }
}

fn input_shares<'a>(benchmark: &'a Benchmark, closure: &Closure) -> Option<&'a [f64]> {
    match closure.intermediates {
        Intermediates::InputOutput => benchmark.input_share.as_deref(),
        Intermediates::None => None,
    }
}

/// ν of every economy; zero without local selling costs.
fn local_shares(benchmark: &Benchmark, closure: &Closure, d: Dimensions) -> Result<Vec<f64>, EngineError> {
    match (&benchmark.local_cost_share, closure.local_selling_costs) {
        (Some(share), true) if share.len() == d.economies => Ok(share.clone()),
        (Some(share), true) => {
            Err(EngineError::Size { what: "local_cost_share", found: share.len(), expected: d.economies })
        }
        _ => Ok(vec![0.0; d.economies]),
    }
}

/// Sets of economies, joined as trade is found between them.
struct Blocs(Vec<usize>);

impl Blocs {
    fn new(economies: usize) -> Self {
        Self((0..economies).collect())
    }

    fn root(&self, mut economy: usize) -> usize {
        while self.0[economy] != economy {
            economy = self.0[economy];
        }
        economy
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn named(&self) -> Vec<usize> {
        (0..self.0.len()).map(|economy| self.root(economy)).collect()
    }
}

fn check_sizes(benchmark: &Benchmark, d: Dimensions) -> Result<(), EngineError> {
    let check = |what, found: usize, expected: usize| {
        if found == expected { Ok(()) } else { Err(EngineError::Size { what, found, expected }) }
    };
    check("border_value", benchmark.border_value.len(), d.cells())?;
    check("tariff_rate", benchmark.tariff_rate.len(), d.cells())?;
    check("value_added_share", benchmark.value_added_share.len(), d.pairs())?;
    if let Some(input) = &benchmark.input_share {
        check("input_share", input.len(), d.inputs())?;
    }
    if let Some(share) = &benchmark.final_share {
        check("final_share", share.len(), d.pairs())?;
    }
    if let Some(deficit) = &benchmark.trade_deficit {
        check("trade_deficit", deficit.len(), d.economies)?;
    }
    Ok(())
}

fn check_elasticities(benchmark: &Benchmark) -> Result<(), EngineError> {
    for sector in &benchmark.sectors {
        if !(sector.trade_elasticity > 0.0 && sector.trade_elasticity.is_finite()) {
            return Err(EngineError::Domain {
                what: "trade_elasticity",
                place: format!(" [{}]", sector.code),
                found: sector.trade_elasticity,
                rule: "trade elasticities are above zero",
            });
        }
    }
    Ok(())
}

/// A domain error that names its cell.
pub(crate) fn domain(
    benchmark: &Benchmark,
    what: &'static str,
    cell: usize,
    found: f64,
    rule: &'static str,
) -> EngineError {
    let (importer, exporter, sector) = benchmark.dimensions().cell_of(cell);
    EngineError::Domain {
        what,
        place: format!(
            " [importer {}, exporter {}, sector {}]",
            benchmark.economies[importer].code,
            benchmark.economies[exporter].code,
            benchmark.sectors[sector].code
        ),
        found,
        rule,
    }
}
