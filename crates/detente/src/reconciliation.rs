//! A benchmark's tariffs beside the ledger's, sector by sector: what the data contain, what the schedule of their day says, and what
//! the ledger adds until another day.
//!
//! The model's rate is that of [`join`](crate::join), by statute and with steps as they are collected.

use crate::collection;
use crate::join::Join;
use crate::ledger_tariffs::{LedgerTariffError, LedgerTariffs, Schedule};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_ledger::tariff::{Tariffs, View};
use jiff::civil::Date;
use serde::Serialize;

/// One sector of one direction of trade. Rates are shares of value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reconciled {
    /// Importing economy of the benchmark.
    pub importer: String,
    /// Exporting economy.
    pub exporter: String,
    /// Sector.
    pub sector: String,
    /// The benchmark's imports, in its unit.
    pub imports: f64,
    /// The benchmark's tariff.
    pub benchmark: f64,
    /// What the benchmark says its rates are.
    pub benchmark_rates: String,
    /// The day whose measures they contain.
    pub benchmark_day: Date,
    /// Base rates of the lines.
    pub base: f64,
    /// Layers of the ledger on the benchmark's day.
    pub layers_then: f64,
    /// Layers on the day asked about.
    pub layers_now: f64,
    /// What a scenario on that day takes, steps as the law has them.
    pub by_statute: f64,
    /// The same with steps as they are collected.
    pub as_collected: f64,
}

impl Reconciled {
    /// The schedule of the benchmark's day.
    pub fn statute(&self) -> f64 {
        self.base + self.layers_then
    }
}

/// Every sector with lines, both ways between the parties, with the knowledge of `known_on`.
pub fn reconcile(
    tariffs: &Tariffs,
    directory: &BenchmarkDirectory,
    parties: &[String],
    on: Date,
    known_on: Date,
) -> Result<Vec<Reconciled>, LedgerTariffError> {
    let benchmark = &directory.benchmark;
    let size = benchmark.dimensions();
    let record = LedgerTariffs { tariffs };
    let join = Join { ledger: record, directory, parties };
    let now = record.additional(benchmark, parties, Schedule::on_day(on, known_on))?;
    let schedule = Schedule::on_day(on, known_on);
    let by_statute = join.levels(schedule, &[])?;
    let ratios = collection::ratios(record, benchmark, parties, on, known_on)?;
    let as_collected = join.levels(schedule, &ratios)?;
    let concordance = record.concordance_name(benchmark)?;
    let mut found = Vec::new();
    for importer in parties {
        for exporter in parties.iter().filter(|other| *other != importer) {
            let (Some(to), Some(from)) =
                (benchmark.economy_of_member(importer), benchmark.economy_of_member(exporter))
            else {
                continue;
            };
            let Some(provenance) = directory.tariffs_of(to) else { continue };
            let day = provenance.ledger_day;
            let view = View { known_on: known_on.max(day), ..View::on_day(importer, exporter, day) };
            for (name, average) in tariffs.sector_averages(view, &concordance)? {
                let Some(sector) = benchmark.sector(&name) else { continue };
                let cell = size.cell(to, from, sector);
                let layers_now = now.iter().find(|(at, _)| *at == cell).map_or(0.0, |(_, rate)| *rate + 0.0);
                found.push(Reconciled {
                    importer: benchmark.economies[to].code.clone(),
                    exporter: benchmark.economies[from].code.clone(),
                    sector: name,
                    imports: benchmark.border_value[cell],
                    benchmark: benchmark.tariff_rate[cell],
                    benchmark_rates: provenance.rates.clone(),
                    benchmark_day: day,
                    base: average.base,
                    layers_then: average.layers.iter().sum::<f64>() + 0.0,
                    layers_now,
                    by_statute: by_statute[cell],
                    as_collected: as_collected[cell],
                });
            }
        }
    }
    Ok(found)
}
