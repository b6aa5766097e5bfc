//! The record's day as the ground of a game: today's tariffs, what lapses by law at the next deadline, and the record's lists.
//!
//! Rates are those of [`join`](crate::join), as everywhere that the record reaches the model.

use detente_engine::benchmark::Benchmark;
use detente_engine::closure::Closure;
use detente_engine::horizon::Horizon;
use detente_ledger::status::AsOf;
use detente_ledger::talks::Talks;
use detente_ledger::tariff::Tariffs;
use detente_tables::nearest::suggestion;
use jiff::civil::Date;

use super::error::NoStrategy;
use crate::collection::{self, Basis, CollectionRatio};
use crate::join::Join;
use crate::ledger_tariffs::{LedgerTariffError, LedgerTariffs, ListOnBenchmark, Schedule};
use crate::scenario::meant::{Case, Change, ChangePlace, Rate, Scenario, What};
use detente_data::benchmark_directory::BenchmarkDirectory;

/// A day of some talks, as known on a day.
#[derive(Clone, Copy, Debug)]
pub struct RecordDay<'a> {
    /// The record with the products at hand.
    pub tariffs: &'a Tariffs,
    /// The talks.
    pub talks: &'a Talks,
    /// The day and the day whose knowledge is used.
    pub clock: AsOf,
    /// What is collected of statutory steps; none: as the law has them.
    pub collected: &'a [CollectionRatio],
}

impl RecordDay<'_> {
    /// The next deadline, where one is set.
    pub fn deadline(&self) -> Option<Date> {
        self.talks.next_deadline(self.clock)
    }

    /// Today as the baseline, and the tariffs of the next deadline by law as what lapses.
    pub fn scenario(&self, world: &BenchmarkDirectory) -> Result<Scenario, LedgerTariffError> {
        let case =
            |rates| Case { closure: Closure::default(), changes: self.changes(&world.benchmark, rates) };
        let AsOf { on, known_on } = self.clock;
        let today = self.levels(world, on)?;
        let deadline = self.deadline();
        let lapse = deadline.map(|date| self.levels(world, date)).transpose()?;
        let mut notes = vec![format!(
            "today: the tariffs of the record ({}) on {on} as known on {known_on}; {}",
            self.talks.id,
            self.collected_words()
        )];
        notes.push(match (&lapse, deadline) {
            (Some(lapse), Some(date)) if *lapse == today => {
                format!("the next deadline is {date}; no tariff returns by law on it, so that what lapses is today")
            }
            (Some(_), Some(date)) => {
                format!("what lapses: the tariffs by law on {date}, the next deadline, if nobody acts")
            }
            _ => "no deadline is set on that day: nothing lapses".to_owned(),
        });
        Ok(Scenario {
            name: format!("{} on {on}", self.talks.id),
            sentence: None,
            horizon: Horizon::Long,
            in_years: None,
            trade_elasticity: None,
            basis: Some(if self.collected.is_empty() { Basis::Statute } else { Basis::Collected }),
            not_measurable: Vec::new(),
            capital_answers: false,
            baseline: Some(case(Some(today))),
            counterfactual: case(lapse),
            notes,
        })
    }

    /// Tariff levels on a day, as known on the clock's day.
    pub fn levels(&self, world: &BenchmarkDirectory, on: Date) -> Result<Vec<f64>, LedgerTariffError> {
        let parties: Vec<String> = self.talks.parties.iter().map(|party| party.code.clone()).collect();
        let ledger = LedgerTariffs { tariffs: self.tariffs };
        let join = Join { ledger, directory: world, parties: &parties };
        join.levels(Schedule::on_day(on, self.clock.known_on), self.collected)
    }

    fn collected_words(&self) -> String {
        if self.collected.is_empty() {
            return "steps as the law has them".to_owned();
        }
        let shares: Vec<String> = self.collected.iter().map(CollectionRatio::words).collect();
        format!("steps times the share of statutory duty collected ({})", shares.join(", "))
    }

    fn changes(&self, benchmark: &Benchmark, rates: Option<Vec<f64>>) -> Vec<Change> {
        let d = benchmark.dimensions();
        let parties: Vec<usize> = (self.talks.parties.iter())
            .filter_map(|party| benchmark.economy_of_member(&party.code))
            .collect();
        let Some(rates) = rates else { return Vec::new() };
        let between = |cell: &usize| {
            let (importer, exporter, _) = d.cell_of(*cell);
            importer != exporter && parties.contains(&importer) && parties.contains(&exporter)
        };
        let table: Vec<(usize, f64)> =
            (0..d.cells()).filter(between).map(|cell| (cell, rates[cell])).collect();
        let place =
            ChangePlace { file: format!("the record ({})", self.talks.id), key: "tariff".into(), line: 0 };
        vec![Change { place, what: What::Rates(Rate::Tariff, table) }]
    }

    /// A list of the record on the benchmark's cells: an importer's instrument towards one exporter, by the record's identifier.
    pub fn list(
        &self,
        benchmark: &Benchmark,
        id: &str,
        importer: usize,
        exporter: usize,
    ) -> Result<Option<ListOnBenchmark>, NoStrategy> {
        let ledger = self.tariffs.ledger();
        let unknown = |reason: String| NoStrategy::Unknown(format!("list `{id}`: {reason}"));
        if !ledger.instruments.iter().any(|held| held.id == id) {
            let known = ledger.instruments.iter().map(|held| held.id.as_str());
            return Err(unknown(format!(
                "no instrument of the record has this name; {}",
                suggestion(id, known)
            )));
        }
        let AsOf { on, known_on } = self.clock;
        for (to, from) in self.talks.pairs() {
            let cells = (benchmark.economy_of_member(&to.code), benchmark.economy_of_member(&from.code));
            if cells != (Some(importer), Some(exporter)) {
                continue;
            }
            let join = LedgerTariffs { tariffs: self.tariffs };
            let refused = |error: LedgerTariffError| unknown(error.to_string());
            let schedule = Schedule::on_day(on, known_on);
            let found = join.list(benchmark, &to.code, &from.code, id, schedule).map_err(refused)?;
            let collected = collection::shares(benchmark, self.collected).map_err(refused)?;
            return Ok(found.map(|mut list| {
                for (cell, share) in &mut list.shares {
                    let held = collected.iter().find(|(at, _)| at == cell);
                    *share *= held.map_or(1.0, |(_, collected)| *collected);
                }
                list
            }));
        }
        Ok(None)
    }
}

/// The talks whose parties are just these economies of a benchmark.
pub fn talks_between(tariffs: &Tariffs, benchmark: &Benchmark, economies: &[usize]) -> Option<Talks> {
    let ledger = tariffs.ledger();
    let same = |talks: &Talks| {
        talks.parties.len() == economies.len()
            && talks
                .parties
                .iter()
                .all(|party| benchmark.economy_of_member(&party.code).is_some_and(|j| economies.contains(&j)))
    };
    ledger.talks_ids().into_iter().filter_map(|id| ledger.talks(id).ok()).find(same)
}

/// The economies that the parties of some talks are on a day, in the order of the parties: by code, or a group by the one economy that all its
/// members belong to; none where a party is no economy of the benchmark.
pub fn economies_of(
    tariffs: &Tariffs,
    world: &BenchmarkDirectory,
    talks: &Talks,
    on: Date,
) -> Option<Vec<usize>> {
    let parties: Vec<String> = talks.parties.iter().map(|party| party.code.clone()).collect();
    let join = Join { ledger: LedgerTariffs { tariffs }, directory: world, parties: &parties };
    parties.iter().map(|party| join.economy_of(&world.benchmark, party, on)).collect()
}
