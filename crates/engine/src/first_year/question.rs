//! Tariffs on a benchmark's flows, asked under many parameters.

use super::accounts::FirstYearAccounts;
use super::nest::{Bought, Duties, Nest, Place, Room, Row, TOGETHER};
use super::parameters::FirstYearParameters;
use super::products::{ProductRates, ProductTrade};
use super::value_added;
use crate::error::EngineError;
use crate::index::Dimensions;
use crate::model::benchmark::Benchmark;
use std::sync::Arc;

/// A benchmark's flows, with imports by product where they are known, ready to be asked.
///
/// Flows belong to the benchmark's own tariffs: every answer starts from these, and a change between two others is the
/// difference of two answers ([`between`](FirstYear::between)). Nested demand has accounts that do not depend on the path.
#[derive(Clone, Debug)]
pub struct FirstYear<'a> {
    benchmark: &'a Benchmark,
    products: Vec<&'a ProductTrade>,
    rows: Vec<Row>,
    places: Vec<Place>,
    nests: Vec<Nest>,
    /// Value added at home per unit of exports, N·S.
    content: Vec<f64>,
    income: Vec<f64>,
}

/// Tariffs laid on the flows: made once, answered under any parameters.
#[derive(Clone, Debug)]
pub struct FirstYearCase {
    duties: Duties,
    /// By nest: whether a duty in it changes.
    changed: Vec<bool>,
    /// t¹ of the cells.
    rates: Vec<f64>,
}

/// The world of one set of tariffs within a year.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstYearState {
    /// Layout of the arrays.
    pub dimensions: Dimensions,
    /// Border values after, N·N·S; home sales in home cells.
    pub border_value: Arc<Vec<f64>>,
    /// Duty paid, N·N·S.
    pub duty: Vec<f64>,
    /// What buyers gain from the benchmark's tariffs, N.
    pub buyers_gain: Vec<f64>,
    /// What exporters concede from the benchmark's tariffs, `[importer, exporter]`.
    pub concession: Vec<f64>,
    /// Whether home sales answer.
    pub with_home: bool,
}

/// A change between two sets of tariffs, cell by cell and in accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstYearOutcome {
    /// Layout of the arrays.
    pub dimensions: Dimensions,
    /// Border values before, N·N·S; home sales in home cells.
    pub border_value_before: Arc<Vec<f64>>,
    /// Border values after, N·N·S.
    pub border_value: Arc<Vec<f64>>,
    /// Accounts by economy.
    pub accounts: Vec<FirstYearAccounts>,
}

impl<'a> FirstYear<'a> {
    /// With every sector one product.
    pub fn new(benchmark: &'a Benchmark) -> Result<Self, EngineError> {
        Self::with_products(benchmark, Vec::new())
    }

    /// With the products of some importers, one table an importer at the most.
    pub fn with_products(
        benchmark: &'a Benchmark,
        products: Vec<&'a ProductTrade>,
    ) -> Result<Self, EngineError> {
        check_rates(benchmark, "tariffs of the benchmark", &benchmark.tariff_rate)?;
        for (at, trade) in products.iter().enumerate() {
            trade.check(benchmark)?;
            if products[..at].iter().any(|other| other.importer == trade.importer) {
                let reason =
                    format!("imports of {} by product are given twice", code(benchmark, trade.importer));
                return Err(EngineError::Refused { setting: "imports by product", reason });
            }
        }
        let (content, income) = (value_added::content(benchmark), incomes(benchmark));
        let (rows, places, nests) = (Vec::new(), Vec::new(), Vec::new());
        let mut first_year = Self { benchmark, products, rows, places, nests, content, income };
        let size = benchmark.dimensions();
        for sector in 0..size.sectors {
            for importer in 0..size.economies {
                first_year.lay(importer, sector);
            }
        }
        Ok(first_year)
    }

    /// Adds one sector of one importer: by product where it has any.
    fn lay(&mut self, importer: usize, sector: usize) {
        let size = self.benchmark.dimensions();
        let home = self.benchmark.border_value[size.cell(importer, importer, sector)];
        let mut nest = Nest { importer, sector, home, ..Nest::default() };
        let trade = self.products.iter().copied().find(|trade| trade.importer == importer);
        // Purchases by product are scaled to the benchmark's: there must be something in both.
        let held = |trade: &&ProductTrade| {
            trade.purchases().any(|(of, purchase)| {
                let cell = size.cell(importer, purchase.origin, sector);
                of == sector && purchase.value > 0.0 && self.benchmark.border_value[cell] > 0.0
            })
        };
        match trade.filter(held) {
            Some(trade) => self.lay_products(trade, &mut nest),
            None => {
                let origins = (0..size.economies).filter(|origin| *origin != importer);
                let (range, spent) = self.lay_cells(importer, sector, origins);
                if spent > 0.0 {
                    nest.products.push((range, spent));
                }
            }
        }
        if !nest.products.is_empty() {
            self.nests.push(nest);
        }
    }

    fn lay_products(&mut self, trade: &ProductTrade, nest: &mut Nest) {
        let size = self.benchmark.dimensions();
        let cell = |origin| size.cell(nest.importer, origin, nest.sector);
        let mut by_products = vec![0.0; size.economies];
        for (_, bought) in trade.purchases().filter(|(sector, _)| *sector == nest.sector) {
            by_products[bought.origin] += bought.value;
        }
        let mut purchase = 0;
        for product in &trade.products {
            let first = self.rows.len();
            let mut spent = 0.0;
            for bought in &product.from {
                let (origin, rate) = (bought.origin, bought.rate);
                let of_cell = self.benchmark.border_value[cell(origin)];
                if product.sector == nest.sector && bought.value > 0.0 && of_cell > 0.0 {
                    let value = of_cell * bought.value / by_products[origin];
                    spent += self.add(
                        origin,
                        (value, rate),
                        Place { cell: cell(origin), purchase: Some(purchase) },
                    );
                }
                purchase += 1;
            }
            if spent > 0.0 {
                nest.products.push((first..self.rows.len(), spent));
            }
        }
        let rest =
            (0..size.economies).filter(|origin| *origin != nest.importer && by_products[*origin] == 0.0);
        (nest.rest, nest.rest_spending) = self.lay_cells(nest.importer, nest.sector, rest);
    }

    /// Rows of the benchmark's own cells, and the spending on them.
    fn lay_cells(
        &mut self,
        importer: usize,
        sector: usize,
        origins: impl Iterator<Item = usize>,
    ) -> (std::ops::Range<usize>, f64) {
        let (size, first) = (self.benchmark.dimensions(), self.rows.len());
        let mut spent = 0.0;
        for origin in origins {
            let cell = size.cell(importer, origin, sector);
            let (value, rate) = (self.benchmark.border_value[cell], self.benchmark.tariff_rate[cell]);
            if value > 0.0 {
                spent += self.add(origin, (value, rate), Place { cell, purchase: None });
            }
        }
        (first..self.rows.len(), spent)
    }

    /// Adds a row, and says what is spent on it.
    fn add(&mut self, origin: usize, (value, rate): (f64, f64), place: Place) -> f64 {
        let spent = value * (1.0 + rate);
        self.rows.push(Row { origin, value, rate, spent });
        self.places.push(place);
        spent
    }

    /// Lays tariffs on the flows: levels on the benchmark's cells, above -1, N·N·S, and by product for importers that have products. Where
    /// rates by product are not given, the step of the cell is laid on each of its products.
    pub fn case(&self, rates: &[f64], by_product: &[ProductRates]) -> Result<FirstYearCase, EngineError> {
        check_rates(self.benchmark, "tariffs", rates)?;
        for given in by_product {
            let trade = self.products.iter().find(|trade| trade.importer == given.importer);
            let expected = trade.map_or(0, |trade| trade.purchases().count());
            let found = given.rates.len();
            if found != expected {
                return Err(EngineError::Size { what: "rates by product", found, expected });
            }
            if let Some(rate) = given.rates.iter().find(|rate| !(rate.is_finite() && **rate > -1.0)) {
                let place = format!(" on a product of {}", code(self.benchmark, given.importer));
                let rule = "finite and above -1";
                return Err(EngineError::Domain { what: "rate", place, found: *rate, rule });
            }
        }
        let size = self.benchmark.dimensions();
        let own = &self.benchmark.tariff_rate;
        let rate = |(row, place): (&Row, &Place)| -> f64 {
            let step = rates[place.cell] - own[place.cell];
            let Some(purchase) = place.purchase else { return rates[place.cell] };
            let importer = size.cell_of(place.cell).0;
            let given = by_product.iter().find(|given| given.importer == importer);
            match given {
                Some(given) => given.rates[purchase],
                None => (row.rate + step).max(-1.0 + f64::EPSILON),
            }
        };
        let rate: Vec<f64> = self.rows.iter().zip(&self.places).map(rate).collect();
        let rows = || self.rows.iter().zip(&rate);
        let log_change: Vec<f64> = rows()
            .map(|(row, rate)| if *rate == row.rate { 0.0 } else { ((1.0 + rate) / (1.0 + row.rate)).ln() })
            .collect();
        let fall = rows().map(|(row, rate)| (1.0 + row.rate) / (1.0 + rate)).collect();
        let moves =
            |range: &std::ops::Range<usize>| log_change[range.clone()].iter().any(|change| *change != 0.0);
        let changed = self
            .nests
            .iter()
            .map(|nest| nest.products.iter().any(|(range, _)| moves(range)) || moves(&nest.rest))
            .collect();
        Ok(FirstYearCase { duties: Duties { rate, log_change, fall }, changed, rates: rates.to_vec() })
    }

    /// The world under these tariffs.
    pub fn answer(
        &self,
        case: &FirstYearCase,
        parameters: &FirstYearParameters,
    ) -> Result<FirstYearState, EngineError> {
        parameters.check()?;
        let mut found = self.answered(case, &[*parameters], &mut Room::default());
        Ok(found.swap_remove(0))
    }

    /// The worlds under several sets of tariffs, by the parameters, of which all have the same substitution between origins and the same
    /// pass-through: what duties do to a product's price is worked out once.
    ///
    /// # Errors
    ///
    /// Parameters outside their domain, and such as differ in what they must share.
    pub fn answers(
        &self,
        cases: &[&FirstYearCase],
        along: &[FirstYearParameters],
    ) -> Result<Vec<Vec<FirstYearState>>, EngineError> {
        for parameters in along {
            parameters.check()?;
            let shared = |held: &FirstYearParameters| (held.between_origins, held.pass_through);
            if shared(parameters) != shared(&along[0]) {
                let reason = "only what stands above the origins of a product may differ".into();
                return Err(EngineError::Refused { setting: "parameters asked together", reason });
            }
        }
        let mut room = Room::default();
        let mut found: Vec<Vec<FirstYearState>> = Vec::new();
        found.resize_with(along.len(), || Vec::with_capacity(cases.len()));
        for case in cases {
            for (asked, found) in along.chunks(TOGETHER).zip(found.chunks_mut(TOGETHER)) {
                let states = self.answered(case, asked, &mut room);
                found.iter_mut().zip(states).for_each(|(found, state)| found.push(state));
            }
        }
        Ok(found)
    }

    /// The world under each of some parameters that share what `buy` needs them to.
    fn answered(
        &self,
        case: &FirstYearCase,
        asked: &[FirstYearParameters],
        room: &mut Room,
    ) -> Vec<FirstYearState> {
        let size = self.benchmark.dimensions();
        let n = size.economies;
        let mut duty: Vec<f64> = (self.benchmark.tariff_rate.iter().zip(&self.benchmark.border_value))
            .map(|(t, m)| t * m)
            .collect();
        for sector in 0..size.sectors {
            (0..n).for_each(|home| duty[size.cell(home, home, sector)] = 0.0);
        }
        let as_it_was = |parameters: &FirstYearParameters| FirstYearState {
            dimensions: size,
            border_value: Arc::new(self.benchmark.border_value.clone()),
            duty: duty.clone(),
            buyers_gain: vec![0.0; n],
            concession: vec![0.0; n * n],
            with_home: parameters.with_home.is_some(),
        };
        let mut states: Vec<FirstYearState> = asked.iter().map(as_it_was).collect();
        let mut bought = Bought::default();
        for (nest, _) in self.nests.iter().zip(&case.changed).filter(|(_, changed)| **changed) {
            nest.buy(&self.rows, &case.duties, asked, n, room, &mut bought);
            for (at, state) in states.iter_mut().enumerate() {
                let flows = Arc::make_mut(&mut state.border_value);
                for origin in 0..n {
                    let cell = size.cell(nest.importer, origin, nest.sector);
                    // Never less than nothing by rounding.
                    flows[cell] = (flows[cell] + bought.value[origin][at]).max(0.0);
                    state.duty[cell] += bought.duty[origin][at];
                    state.concession[nest.importer * n + origin] += bought.concession[origin][at];
                }
                flows[size.cell(nest.importer, nest.importer, nest.sector)] *= bought.home[at];
                state.buyers_gain[nest.importer] += bought.gain[at];
            }
        }
        states
    }

    /// What a change from one set of tariffs to another brings; both may be the benchmark's own.
    pub fn change(
        &self,
        before: &FirstYearCase,
        after: &FirstYearCase,
        parameters: &FirstYearParameters,
    ) -> Result<FirstYearOutcome, EngineError> {
        Ok(self.between(&self.answer(before, parameters)?, &self.answer(after, parameters)?))
    }

    /// The accounts of the change between two answers of this question.
    pub fn accounts(&self, before: &FirstYearState, after: &FirstYearState) -> Vec<FirstYearAccounts> {
        let size = self.benchmark.dimensions();
        let n = size.economies;
        let mut accounts = vec![FirstYearAccounts::default(); n];
        for sector in 0..size.sectors {
            for importer in 0..n {
                for exporter in 0..n {
                    let cell = size.cell(importer, exporter, sector);
                    let (was, is) = (before.border_value[cell], after.border_value[cell]);
                    if importer == exporter {
                        let home = accounts[importer].to_home.get_or_insert(0.0);
                        *home += is - was;
                        continue;
                    }
                    let buyer = &mut accounts[importer];
                    buyer.imports_before += was;
                    buyer.imports += is;
                    buyer.duty_before += before.duty[cell];
                    buyer.duty += after.duty[cell];
                    buyer.purchases_moved += (was - is).max(0.0);
                    buyer.to_other_origins += (is - was).max(0.0);
                    let seller = &mut accounts[exporter];
                    seller.exports_before += was;
                    seller.exports += is;
                    seller.sales_at_risk += (was - is).max(0.0);
                    seller.sales_gained += (is - was).max(0.0);
                    seller.value_added += self.content[size.pair(exporter, sector)] * (is - was);
                }
            }
        }
        for importer in 0..n {
            for exporter in 0..n {
                let at = importer * n + exporter;
                let conceded = after.concession[at] - before.concession[at];
                accounts[importer].concession_received += conceded;
                accounts[exporter].concession_given += conceded;
            }
            let account = &mut accounts[importer];
            account.buyers_gain = after.buyers_gain[importer] - before.buyers_gain[importer];
            account.income = self.income[importer];
            account.to_home = account.to_home.filter(|_| after.with_home);
        }
        accounts
    }

    /// The change between two answers of this question.
    pub fn between(&self, before: &FirstYearState, after: &FirstYearState) -> FirstYearOutcome {
        FirstYearOutcome {
            dimensions: self.benchmark.dimensions(),
            border_value_before: Arc::clone(&before.border_value),
            border_value: Arc::clone(&after.border_value),
            accounts: self.accounts(before, after),
        }
    }

    /// Whose flows these are.
    pub fn benchmark(&self) -> &'a Benchmark {
        self.benchmark
    }

    /// Value added at home per unit of exports, N·S: suppliers at home included.
    pub fn value_added_content(&self) -> &[f64] {
        &self.content
    }
}

impl FirstYearCase {
    /// Tariffs on the cells, N·N·S.
    pub fn rates(&self) -> &[f64] {
        &self.rates
    }
}

impl FirstYearState {
    /// Border value of imports of `importer` from `exporter`, all sectors.
    pub fn bilateral(&self, importer: usize, exporter: usize) -> f64 {
        bilateral(self.dimensions, &self.border_value, importer, exporter)
    }
}

impl FirstYearOutcome {
    /// Border value of imports of `importer` from `exporter`, all sectors: before and after.
    pub fn bilateral(&self, importer: usize, exporter: usize) -> (f64, f64) {
        let of = |flows| bilateral(self.dimensions, flows, importer, exporter);
        (of(&self.border_value_before), of(&self.border_value))
    }
}

fn bilateral(size: Dimensions, flows: &[f64], importer: usize, exporter: usize) -> f64 {
    (0..size.sectors).map(|sector| flows[size.cell(importer, exporter, sector)]).sum()
}

/// What a change from the benchmark's tariffs brings within a year, every sector one product. Asked more than once, a [`FirstYear`] is
/// quicker.
pub fn first_year(
    benchmark: &Benchmark,
    tariffs: &[f64],
    parameters: &FirstYearParameters,
) -> Result<FirstYearOutcome, EngineError> {
    let question = FirstYear::new(benchmark)?;
    question.change(&question.case(&benchmark.tariff_rate, &[])?, &question.case(tariffs, &[])?, parameters)
}

fn code(benchmark: &Benchmark, economy: usize) -> &str {
    &benchmark.economies[economy].code
}

fn check_rates(benchmark: &Benchmark, what: &'static str, rates: &[f64]) -> Result<(), EngineError> {
    let size = benchmark.dimensions();
    if rates.len() != size.cells() {
        return Err(EngineError::Size { what, found: rates.len(), expected: size.cells() });
    }
    match rates.iter().position(|rate| !rate.is_finite() || *rate <= -1.0) {
        None => Ok(()),
        Some(at) => {
            let (importer, exporter, sector) = size.cell_of(at);
            let (importer, exporter) = (code(benchmark, importer), code(benchmark, exporter));
            let place = format!(" [{importer}, {exporter}, {}]", benchmark.sectors[sector].code);
            Err(EngineError::Domain { what, place, found: rates[at], rule: "finite and above -1" })
        }
    }
}

/// Benchmark income: value added, duty on the benchmark's own tariffs, deficit.
fn incomes(benchmark: &Benchmark) -> Vec<f64> {
    let size = benchmark.dimensions();
    let mut income = vec![0.0; size.economies];
    for sector in 0..size.sectors {
        for importer in 0..size.economies {
            for exporter in 0..size.economies {
                let at = size.cell(importer, exporter, sector);
                let value = benchmark.border_value[at];
                income[exporter] += benchmark.value_added_share[size.pair(exporter, sector)] * value;
                income[importer] += benchmark.tariff_rate[at] * value;
                if importer != exporter && benchmark.trade_deficit.is_none() {
                    income[importer] += value;
                    income[exporter] -= value;
                }
            }
        }
    }
    if let Some(deficits) = &benchmark.trade_deficit {
        income.iter_mut().zip(deficits).for_each(|(income, deficit)| *income += deficit);
    }
    income
}
