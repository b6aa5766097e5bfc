//! `paid_shares.csv`: what of the additional duties that a benchmark's tariffs contain was paid on their day, and how far that is known.
//!
//! An importer may waive its own additional duties line by line and firm by firm. Then what its tariffs come to is the schedule plus a share
//! of the additional duties, and the share is an estimate with a range: an input of every band. Optional, an addition of ours.

use std::fmt::Write as _;

use super::flows::{Domain, Filled, Frame};
use detente_engine::benchmark::Benchmark;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;

/// Name of the table.
pub const TABLE: &str = "paid_shares";

/// What of the additional duties on a cell was paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaidShare {
    /// Cell of the tariff.
    pub cell: usize,
    /// Additional duties in force on the tariffs' day, a fraction of value.
    pub additional: f64,
    /// Least share of them that may have been paid.
    pub low: f64,
    /// The share that the benchmark's tariff contains.
    pub share: f64,
    /// Largest.
    pub high: f64,
}

/// At which end of its range the paid share is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaidAt {
    /// The low end.
    Low,
    /// As the benchmark's tariffs have it.
    #[default]
    Stated,
    /// The high end.
    High,
}

impl PaidShare {
    /// The share at an end of its range.
    pub fn at(&self, end: PaidAt) -> f64 {
        match end {
            PaidAt::Low => self.low,
            PaidAt::Stated => self.share,
            PaidAt::High => self.high,
        }
    }
}

/// Shares of all cells together, weighed by trade and the duties themselves: low, stated, high. None where there are none.
pub fn overall(benchmark: &Benchmark, shares: &[PaidShare]) -> Option<[f64; 3]> {
    let weight = |held: &PaidShare| held.additional * benchmark.border_value[held.cell];
    let whole: f64 = shares.iter().map(weight).sum();
    let mean = |end| shares.iter().map(|held| weight(held) * held.at(end)).sum::<f64>() / whole;
    (whole > 0.0).then(|| [PaidAt::Low, PaidAt::Stated, PaidAt::High].map(mean))
}

/// The benchmark's tariffs with the paid shares at an end of their range.
pub fn tariffs(benchmark: &Benchmark, shares: &[PaidShare], end: PaidAt) -> Vec<f64> {
    let mut rates = benchmark.tariff_rate.clone();
    for held in shares {
        rates[held.cell] = (rates[held.cell] + held.additional * (held.at(end) - held.share)).max(0.0);
    }
    rates
}

pub(super) fn read(folder: &Folder, frame: &Frame) -> Result<Vec<PaidShare>, Problems> {
    let Some(table) = folder.table(TABLE)? else { return Ok(Vec::new()) };
    let ([importer, exporter, sector, additional, low, share, high], []) =
        table.expect(["importer", "exporter", "sector", "additional", "low", "share", "high"], [])?;
    let mut problems = Vec::new();
    let mut filled = Filled::new(frame.dimensions.cells());
    let mut shares = Vec::new();
    for row in table.rows() {
        let mut read = || -> Result<PaidShare, Problem> {
            let (to, from) = (frame.economies.at(&row, importer)?, frame.economies.at(&row, exporter)?);
            let cell = frame.dimensions.cell(to, from, frame.sectors.at(&row, sector)?);
            let names = || format!("{}, {}, {}", row.text(importer), row.text(exporter), row.text(sector));
            filled.mark(&row, cell, names)?;
            let numbers = [row.number(additional)?, row.number(low)?, row.number(share)?, row.number(high)?];
            let [additional, low, share, high] = numbers;
            let domain = |what: &str, found: f64, rule: &str| {
                let (what, cell, rule) = (what.to_owned(), format!(" [{}]", names()), rule.to_owned());
                row.problem(Finding::Domain { what, cell, found, rule })
            };
            if !(additional >= 0.0 && Domain::RATE.holds(additional)) {
                return Err(domain(
                    "additional",
                    additional,
                    "a fraction, zero or above (0.25 is 25 percent)",
                ));
            }
            if !(0.0 <= low && low <= share && share <= high && high <= 1.0) {
                let rule =
                    "the shares of what was paid rise from `low` over `share` to `high`, between 0 and 1";
                return Err(domain("share", share, rule));
            }
            Ok(PaidShare { cell, additional, low, share, high })
        };
        match read() {
            Ok(held) => shares.push(held),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(shares) } else { Err(Problems(problems)) }
}

/// The table as it is read.
pub fn text(benchmark: &Benchmark, shares: &[PaidShare]) -> String {
    let mut out = String::from("importer,exporter,sector,additional,low,share,high\n");
    for held in shares {
        let (importer, exporter, sector) = benchmark.dimensions().cell_of(held.cell);
        let code = |economy: usize| &benchmark.economies[economy].code;
        let PaidShare { additional, low, share, high, .. } = held;
        let sector = &benchmark.sectors[sector].code;
        let _ =
            writeln!(out, "{},{},{sector},{additional},{low},{share},{high}", code(importer), code(exporter));
    }
    out
}
