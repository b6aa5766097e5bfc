//! What a scenario means: cells and numbers on a benchmark, in the order in which they apply.

use detente_engine::benchmark::Benchmark;
use detente_engine::closure::Closure;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::horizon::Horizon;
use detente_engine::index::Dimensions;
use detente_engine::instruments::{FinalDemandShift, Instruments, Limit};

use crate::collection::Basis;
use crate::exposure::Measurability;
use detente_data::benchmark_directory::consistency::Accounts;
use detente_data::switching::SwitchingPath;
use detente_tables::diagnostics::{Finding, Problem};
use serde::Serialize;
use std::borrow::Cow;

/// A scenario resolved on a benchmark.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name for people.
    pub name: String,
    /// One sentence, where given.
    pub sentence: Option<String>,
    /// How far ahead it looks.
    pub horizon: Horizon,
    /// How many years, where it looks some years ahead.
    pub in_years: Option<InYears>,
    /// θ\[s\] other than the benchmark's, where the scenario names a set.
    pub trade_elasticity: Option<Vec<f64>>,
    /// The baseline, where one is stated.
    pub baseline: Option<Case>,
    /// The counterfactual; it starts from the baseline.
    pub counterfactual: Case,
    /// How steps of a ledger reached the tariffs; none where no ledger is named.
    pub basis: Option<Basis>,
    /// Measures on products too small for their sectors: while there are any, no effect is computed, only the exposure named.
    pub not_measurable: Vec<NotMeasurable>,
    /// Whether it is also asked what happens once capital has answered.
    pub capital_answers: bool,
    /// What was read into it that the reader should know, such as the days of a ledger.
    pub notes: Vec<String>,
}

impl Scenario {
    /// How far ahead it looks, for the head of a column.
    pub fn horizon_label(&self) -> String {
        self.in_years.as_ref().map_or_else(|| self.horizon.label().to_owned(), InYears::label)
    }

    /// The benchmark that the scenario is solved on: with the elasticities that it names, else as it is.
    pub fn laid_on<'a>(&self, benchmark: &'a Benchmark) -> Cow<'a, Benchmark> {
        let Some(values) = &self.trade_elasticity else { return Cow::Borrowed(benchmark) };
        let mut other = benchmark.clone();
        for (sector, elasticity) in other.sectors.iter_mut().zip(values) {
            sector.trade_elasticity = *elasticity;
        }
        Cow::Owned(other)
    }
}

/// Some years after a change, and how fast buyers of goods find other origins.
#[derive(Clone, Debug, PartialEq)]
pub struct InYears {
    /// How many.
    pub years: f64,
    /// By which path.
    pub path: SwitchingPath,
}

impl InYears {
    /// The share of buyers that is free to switch.
    pub fn free(&self) -> f64 {
        self.path.free(self.years)
    }

    /// For the head of a column.
    pub fn label(&self) -> String {
        match self.years {
            1.0 => "after 1 year".to_owned(),
            years => format!("after {years} years"),
        }
    }
}

/// A measure on a product that its sector cannot stand for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NotMeasurable {
    /// Key of the entry.
    pub key: String,
    /// Line of the entry.
    pub line: u64,
    /// The product.
    pub product: String,
    /// The exposure: an amount of trade, never an effect.
    #[serde(flatten)]
    pub measurability: Measurability,
}

impl std::fmt::Display for NotMeasurable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` (line {}), {}: {}", self.key, self.line, self.product, self.measurability)
    }
}

/// Settings and the changes that are made under them.
#[derive(Clone, Debug)]
pub struct Case {
    /// Settings.
    pub closure: Closure,
    /// Changes in file order, later over earlier.
    pub changes: Vec<Change>,
}

/// What is done to a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// It becomes this fraction.
    Set(f64),
    /// This fraction is added.
    Add(f64),
    /// It is multiplied (t itself, not 1+t).
    Multiply(f64),
}

impl Operation {
    /// The new rate.
    pub fn on(self, rate: f64) -> f64 {
        match self {
            Operation::Set(new) => new,
            Operation::Add(points) => rate + points,
            Operation::Multiply(factor) => rate * factor,
        }
    }
}

/// Which rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Of the importer.
    Tariff,
    /// Of the exporter.
    ExportTax,
}

/// One change and where it was typed.
#[derive(Clone, Debug)]
pub struct Change {
    /// File, key and line, for refusals that only the numbers show.
    pub place: ChangePlace,
    /// What it does.
    pub what: What,
}

/// Where a change was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePlace {
    /// Path of the scenario.
    pub file: String,
    /// Key of the entry.
    pub key: String,
    /// Line of the entry.
    pub line: u64,
}

/// What a change does.
#[derive(Clone, Debug)]
pub enum What {
    /// One operation on the rates of some cells.
    Rate(Rate, Operation, Vec<usize>),
    /// New rates of some cells.
    Rates(Rate, Vec<(usize, f64)>),
    /// Iceberg factor on some cells.
    TradeCost(f64, Vec<usize>),
    /// Productivity factor on some pairs.
    Productivity(f64, Vec<usize>),
    /// Labour factor of some economies.
    Endowment(f64, Vec<usize>),
    /// Capital factor on some pairs, and the owner of what is added.
    Capital(f64, Vec<usize>, Option<usize>),
    /// Deficit level of some economies, benchmark unit.
    DeficitLevel(f64, Vec<usize>),
    /// Factor on the baseline's deficit of some economies.
    DeficitFactor(f64, Vec<usize>),
    /// A cap or floor.
    Limit(Limit),
    /// A shift of final demand.
    FinalDemand(FinalDemandShift),
}

impl Case {
    /// The instruments of this case. It starts from the instruments of `baseline` (tariffs, costs, productivity and,
    /// under `fixed`, deficit levels persist), or from the benchmark's own.
    pub fn instruments(
        &self,
        benchmark: &Benchmark,
        baseline: Option<&Equilibrium>,
    ) -> Result<Instruments, Problem> {
        let mut instruments = match baseline {
            None => Instruments::of(benchmark),
            Some(equilibrium) => Instruments::clone(&equilibrium.instruments),
        };
        let deficits = match baseline {
            Some(equilibrium) => self.levels(equilibrium),
            None => benchmark.trade_deficit.clone().unwrap_or_else(|| Accounts::of(benchmark).flow_deficit),
        };
        for change in &self.changes {
            change.apply(benchmark, &deficits, &mut instruments)?;
        }
        if let Some(equilibrium) = baseline
            && self.closure.deficits.persist_from_the_baseline()
        {
            self.keep_deficits(equilibrium, &mut instruments);
        }
        Ok(instruments)
    }
}

impl Case {
    /// The deficits of an equilibrium in the unit in which this case fixes them: results stand at the numeraire.
    fn levels(&self, equilibrium: &Equilibrium) -> Vec<f64> {
        let unit = if self.closure.deficit_unit_is_numeraire { 1.0 } else { equilibrium.numeraire_scale };
        equilibrium.trade_deficit.iter().map(|level| level / unit).collect()
    }

    /// Under `fixed`, deficits stay at the baseline's levels; what this case sets for some economies is spread over the
    /// others in proportion to factor income, so that all add up to zero.
    fn keep_deficits(&self, baseline: &Equilibrium, instruments: &mut Instruments) {
        let mut set = vec![false; baseline.trade_deficit.len()];
        for change in &self.changes {
            if let What::DeficitLevel(_, economies) | What::DeficitFactor(_, economies) = &change.what {
                economies.iter().for_each(|economy| set[*economy] = true);
            }
        }
        let kept = self.levels(baseline);
        let level = |economy: usize| match (set[economy], instruments.trade_deficit[economy]) {
            (true, Some(level)) => level,
            _ => kept[economy],
        };
        let levels: Vec<f64> = (0..set.len()).map(level).collect();
        let excess: f64 = levels.iter().sum();
        let free: f64 = (0..set.len()).filter(|n| !set[*n]).map(|n| baseline.factor_income[n]).sum();
        for (economy, level) in levels.into_iter().enumerate() {
            let spread = if set[economy] || !set.contains(&true) {
                0.0
            } else {
                excess * baseline.factor_income[economy] / free
            };
            instruments.trade_deficit[economy] = Some(level - spread);
        }
    }
}

impl Change {
    fn apply(
        &self,
        benchmark: &Benchmark,
        deficits: &[f64],
        instruments: &mut Instruments,
    ) -> Result<(), Problem> {
        let dimensions = benchmark.dimensions();
        match &self.what {
            What::Rate(rate, operation, cells) => {
                let rates = rates_of(*rate, dimensions, instruments);
                for cell in cells {
                    rates[*cell] = self.allowed(benchmark, *cell, operation.on(rates[*cell]))?;
                }
            }
            What::Rates(rate, table) => {
                let rates = rates_of(*rate, dimensions, instruments);
                for (cell, new) in table {
                    rates[*cell] = self.allowed(benchmark, *cell, *new)?;
                }
            }
            What::TradeCost(factor, cells) => {
                let costs = or_ones(&mut instruments.trade_cost_hat, dimensions.cells());
                cells.iter().for_each(|cell| costs[*cell] *= factor);
            }
            What::Productivity(factor, pairs) => {
                let productivity = or_ones(&mut instruments.productivity_hat, dimensions.pairs());
                pairs.iter().for_each(|pair| productivity[*pair] *= factor);
            }
            What::Endowment(factor, economies) => {
                let endowment = or_ones(&mut instruments.endowment_hat, dimensions.economies);
                economies.iter().for_each(|economy| endowment[*economy] *= factor);
            }
            What::Capital(factor, pairs, owner) => {
                let capital = or_ones(&mut instruments.capital_hat, dimensions.pairs());
                pairs.iter().for_each(|pair| capital[*pair] *= factor);
                if let Some(owner) = owner {
                    if instruments.capital_owner.is_empty() {
                        instruments.capital_owner =
                            (0..dimensions.pairs()).map(|p| p % dimensions.economies).collect();
                    }
                    pairs.iter().for_each(|pair| instruments.capital_owner[*pair] = *owner);
                }
            }
            What::DeficitLevel(level, economies) => {
                economies.iter().for_each(|economy| instruments.trade_deficit[*economy] = Some(*level));
            }
            What::DeficitFactor(factor, economies) => {
                for economy in economies {
                    let level = instruments.trade_deficit[*economy].unwrap_or(deficits[*economy]);
                    instruments.trade_deficit[*economy] = Some(level * factor);
                }
            }
            What::Limit(limit) => instruments.limits.push(limit.clone()),
            What::FinalDemand(shift) => instruments.final_demand_shifts.push(shift.clone()),
        }
        Ok(())
    }

    /// Refuses rates at or below −100 percent, which only the sum of several entries may show.
    fn allowed(&self, benchmark: &Benchmark, cell: usize, rate: f64) -> Result<f64, Problem> {
        if rate > -1.0 && rate.is_finite() {
            return Ok(rate);
        }
        let (importer, exporter, sector) = benchmark.dimensions().cell_of(cell);
        let economies = &benchmark.economies;
        let cell = format!(
            " [importer {}, exporter {}, {}]",
            economies[importer].code, economies[exporter].code, benchmark.sectors[sector].code
        );
        let rule = "a rate is a fraction above −1 (−1 is −100 percent)".to_string();
        let finding = Finding::Domain { what: "the rate".into(), cell, found: rate, rule };
        Err(Problem::key(self.place.file.clone(), self.place.key.clone(), self.place.line, finding))
    }
}

fn rates_of(rate: Rate, dimensions: Dimensions, instruments: &mut Instruments) -> &mut Vec<f64> {
    match rate {
        Rate::Tariff => &mut instruments.tariff_rate,
        Rate::ExportTax => {
            if instruments.export_tax_rate.is_empty() {
                instruments.export_tax_rate = vec![0.0; dimensions.cells()];
            }
            &mut instruments.export_tax_rate
        }
    }
}

fn or_ones(hats: &mut Vec<f64>, size: usize) -> &mut Vec<f64> {
    if hats.is_empty() {
        *hats = vec![1.0; size];
    }
    hats
}
