//! Where law and model meet: the one formula by which tariffs of the ledger change those of a benchmark.
//!
//! ```text
//! t' = max(0, t_benchmark + c · (ledger on the day − ledger on the day of the importer's own tariffs in the benchmark))
//! ```
//!
//! `c` is the share of a statutory step that is collected, one by statute. A measure that was in force on the day of the importer's tariffs, and
//! of which the benchmark says that a part was paid, counts with that part on every day: what was waived then is taken off by no repeal. Each importer's tariffs in the benchmark have a day of their own:
//! what they contain is read from the ledger as known on that day at least. Cells that the ledger does not cover stay as the benchmark has
//! them. Briefs, games, scenarios, reconciliation and bands all take their tariffs from here.

use crate::collection::{self, CollectionRatio};
use crate::ledger_tariffs::{LedgerTariffError, LedgerTariffs, Schedule};
use crate::uncertainty::tariff_range::TariffRange;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::benchmark_directory::paid::{self, PaidAt};
use jiff::civil::Date;

/// New rates of the covered cells: cell and fraction, in the order of `on_the_day`.
///
/// `on_the_day` has the ledger's additional rates (cell, fraction), zero where nothing is in force on a covered cell; `collected` the shares
/// of a step that are collected, one where a cell is not named; `ledger_on` answers with the additional rates of a day as known on a day.
///
/// `own` are the tariffs of the benchmark that steps start from.
///
/// # Errors
/// A covered importer for whose tariffs the benchmark has no day, and what `ledger_on` refuses.
pub fn rates(
    directory: &BenchmarkDirectory,
    own: &[f64],
    on_the_day: &[(usize, f64)],
    collected: &[(usize, f64)],
    known_on: Date,
    mut ledger_on: impl FnMut(Date, Date) -> Result<Vec<(usize, f64)>, LedgerTariffError>,
) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
    let benchmark = &directory.benchmark;
    let dimensions = benchmark.dimensions();
    let on_all_cells = |cells: &[(usize, f64)], elsewhere: f64| {
        let mut all = vec![elsewhere; dimensions.cells()];
        cells.iter().for_each(|(cell, value)| all[*cell] = *value);
        all
    };
    let share = on_all_cells(collected, 1.0);
    let mut contained: Vec<(Date, Vec<f64>)> = Vec::new();
    let mut joined = Vec::with_capacity(on_the_day.len());
    for (cell, rate) in on_the_day {
        let importer = dimensions.cell_of(*cell).0;
        let Some(provenance) = directory.tariffs_of(importer) else {
            let economy = benchmark.economies[importer].code.clone();
            return Err(LedgerTariffError::Provenance { economy });
        };
        let day = provenance.ledger_day;
        let known = contained.iter().position(|(held, _)| *held == day);
        let at = match known {
            Some(at) => at,
            None => {
                // What the data contain was in force whatever is known on the day asked about.
                contained.push((day, on_all_cells(&ledger_on(day, known_on.max(day))?, 0.0)));
                contained.len() - 1
            }
        };
        let step = rate - contained[at].1[*cell];
        joined.push((*cell, (own[*cell] + share[*cell] * step).max(0.0)));
    }
    Ok(joined)
}

/// A ledger and a benchmark, joined between some parties.
#[derive(Clone, Copy, Debug)]
pub struct Join<'a> {
    /// The ledger on the benchmark's cells.
    pub ledger: LedgerTariffs<'a>,
    /// The benchmark, with the day of each importer's tariffs.
    pub directory: &'a BenchmarkDirectory,
    /// ISO codes of the parties whose tariffs on each other count.
    pub parties: &'a [String],
}

impl Join<'_> {
    /// New rates of the cells between the parties under a schedule: cell and fraction. `ratios` say what is collected of a step; where they
    /// do not, it counts as the law has it.
    ///
    /// # Errors
    /// What the ledger refuses, parties that are no economies of the benchmark, importers without a day for their tariffs.
    pub fn changed(
        &self,
        schedule: Schedule<'_>,
        ratios: &[CollectionRatio],
    ) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
        self.changed_at(schedule, ratios, PaidAt::Stated)
    }

    fn changed_at(
        &self,
        schedule: Schedule<'_>,
        ratios: &[CollectionRatio],
        end: PaidAt,
    ) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
        let benchmark = &self.directory.benchmark;
        let ledger_on =
            |schedule: Schedule<'_>| self.ledger.paid(self.directory, self.parties, schedule, end);
        let collected = collection::shares(benchmark, ratios)?;
        let own = paid::tariffs(benchmark, &self.directory.paid_shares, end);
        rates(self.directory, &own, &ledger_on(schedule)?, &collected, schedule.known_on, |on, known_on| {
            ledger_on(Schedule::on_day(on, known_on))
        })
    }

    /// Tariff levels on all cells of the benchmark, N·N·S: those of [`changed`](Self::changed), elsewhere the benchmark's own.
    ///
    /// # Errors
    /// As [`changed`](Self::changed).
    pub fn levels(
        &self,
        schedule: Schedule<'_>,
        ratios: &[CollectionRatio],
    ) -> Result<Vec<f64>, LedgerTariffError> {
        self.levels_at(schedule, ratios, PaidAt::Stated)
    }

    /// How the levels of a schedule move where the paid share of earlier duties, or the collected share of a step, is another.
    ///
    /// # Errors
    /// As [`changed`](Self::changed).
    pub fn range(
        &self,
        schedule: Schedule<'_>,
        ratios: &[CollectionRatio],
    ) -> Result<TariffRange, LedgerTariffError> {
        let stated = self.levels(schedule, ratios)?;
        let by_statute = if ratios.is_empty() { None } else { Some(self.levels(schedule, &[])?) };
        if self.directory.paid_shares.is_empty() {
            return Ok(TariffRange::between(&stated, &stated, &stated, by_statute.as_deref()));
        }
        let at = |end| self.levels_at(schedule, ratios, end);
        Ok(TariffRange::between(&stated, &at(PaidAt::Low)?, &at(PaidAt::High)?, by_statute.as_deref()))
    }

    /// The same with the paid shares of the benchmark's tariffs at an end of their range, in the benchmark's own tariffs too.
    ///
    /// # Errors
    /// As [`changed`](Self::changed).
    pub fn levels_at(
        &self,
        schedule: Schedule<'_>,
        ratios: &[CollectionRatio],
        end: PaidAt,
    ) -> Result<Vec<f64>, LedgerTariffError> {
        let mut levels = paid::tariffs(&self.directory.benchmark, &self.directory.paid_shares, end);
        for (cell, rate) in self.changed_at(schedule, ratios, end)? {
            levels[cell] = rate;
        }
        Ok(levels)
    }
}
