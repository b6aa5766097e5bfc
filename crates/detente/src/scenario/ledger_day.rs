//! A ledger's tariffs in a scenario: the day, and the change since the day of the benchmark's own tariffs.
//!
//! `t' = t_benchmark + c · (ledger on that day − ledger on the benchmark tariffs' day)`, not below zero, on the cells that
//! the ledger covers; `c` is the measured share of a statutory step that is collected, one under `basis = "statute"`. The ledger itself is asked through [`TariffRecord`], so that this crate's scenarios do not depend on
//! how tariff lines become sectors.

use jiff::civil::Date;
use toml::Spanned;

use super::selection::Frame;
use crate::collection::Basis;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::benchmark::Benchmark;
use detente_tables::diagnostics::{Finding, Problem};

/// Additional tariffs by sector as a ledger has them on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectorTariffs {
    /// Cell (`Dimensions::cell`) and the sum of the measures in force there, a fraction; cells covered with nothing in
    /// force stand here with zero.
    pub rates: Vec<(usize, f64)>,
    /// What the reader should know: unsourced rows, ranges, bounds.
    pub notes: Vec<String>,
}

/// How much of a step is collected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CollectedShares {
    /// Cell and share; cells that do not stand here count as the law has them.
    pub cells: Vec<(usize, f64)>,
    /// What was measured, in words, one per pair.
    pub measured: Vec<String>,
}

/// A question that the record cannot answer.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordRefusal {
    /// No talks of this code; the codes that there are.
    UnknownTalks(Vec<String>),
    /// No framework of this code; the codes that there are.
    UnknownFramework(Vec<String>),
    /// Anything else, in words.
    Other(String),
}

/// A record of tariffs that can be asked for a day.
pub trait TariffRecord: Sync {
    /// The additional tariffs between the parties of some talks in force `on` a day as `known_on` another, on the cells
    /// of a benchmark; parties are found through the members of its economies.
    fn sector_tariffs(
        &self,
        talks: &str,
        on: Date,
        known_on: Date,
        benchmark: &Benchmark,
    ) -> Result<SectorTariffs, RecordRefusal>;

    /// The measured share of a step that is collected, as published on the day whose knowledge is used; none unless the record has
    /// receipts beside the law.
    fn collected_shares(
        &self,
        _talks: &str,
        _on: Date,
        _known_on: Date,
        _benchmark: &Benchmark,
    ) -> Result<CollectedShares, RecordRefusal> {
        Ok(CollectedShares::default())
    }

    /// How steps reach the model whatever the scenario says; as it says where none.
    fn basis(&self) -> Option<Basis> {
        None
    }

    /// The day on which a framework's measures took effect.
    fn framework_day(&self, talks: &str, framework: &str) -> Result<FrameworkDay, RecordRefusal>;
}

/// The day that a framework stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameworkDay {
    /// First day of its measures, or its own day where it has none in effect.
    pub day: Date,
    /// Which of the two, and by which act.
    pub note: String,
}

/// The keys `ledger`, `on`, `framework`, `known_on` of a scenario or of its baseline.
pub(super) struct TypedDay<'a> {
    pub ledger: &'a Option<Spanned<String>>,
    pub on: &'a Option<Spanned<toml::Value>>,
    pub framework: &'a Option<Spanned<String>>,
    pub known_on: &'a Option<Spanned<toml::Value>>,
    pub basis: &'a Option<Spanned<String>>,
}

/// New tariff rates of the covered cells, and what was read into them.
pub(super) struct LedgerRates {
    pub rates: Vec<(usize, f64)>,
    pub start: usize,
    pub notes: Vec<String>,
    pub basis: Basis,
}

/// The tariffs that a ledger's day means on the benchmark; none where no ledger is named.
pub(super) fn resolve(
    frame: &Frame<'_>,
    typed: &TypedDay<'_>,
    directory: &BenchmarkDirectory,
    record: Option<&dyn TariffRecord>,
) -> Result<Option<LedgerRates>, Problem> {
    let Some(ledger) = typed.ledger else {
        let alone = [
            ("on", typed.on.as_ref().map(Spanned::span)),
            ("known_on", typed.known_on.as_ref().map(Spanned::span)),
        ];
        let alone = alone.into_iter().chain([
            ("framework", typed.framework.as_ref().map(Spanned::span)),
            ("basis", typed.basis.as_ref().map(Spanned::span)),
        ]);
        for (key, span) in alone {
            if let Some(span) = span {
                return Err(frame.combination(
                    key,
                    span.start,
                    "needs `ledger` beside it: the talks whose record counts",
                ));
            }
        }
        return Ok(None);
    };
    let start = ledger.span().start;
    let talks = ledger.as_ref();
    // What was typed is checked before the record is asked.
    let on = typed.on.as_ref().map(|on| date(frame, "on", on)).transpose()?;
    let known_on = typed.known_on.as_ref().map(|known_on| date(frame, "known_on", known_on)).transpose()?;
    let Some(record) = record else {
        return Err(frame.combination("ledger", start, "no ledger is at hand here"));
    };
    if directory.benchmark.economies.iter().all(|economy| economy.members.is_empty()) {
        let reason = "the benchmark's economies.csv has no `members`, by which a ledger finds its parties";
        return Err(frame.combination("ledger", start, reason));
    }
    let (day, named) = match (on, typed.framework) {
        (Some(on), None) => (on, None),
        (None, Some(framework)) => {
            let found = record.framework_day(talks, framework.as_ref()).map_err(|refusal| {
                refused(frame, framework.span().start, framework.as_ref(), talks, refusal)
            })?;
            (found.day, Some(found.note))
        }
        (Some(_), Some(framework)) => {
            let reason = "`on` and `framework` both name a day; keep one";
            return Err(frame.combination("framework", framework.span().start, reason));
        }
        (None, None) => {
            let reason = "needs `on = \"2025-11-09\"` or `framework = \"…\"` beside it";
            return Err(frame.combination("ledger", start, reason));
        }
    };
    let known_on = known_on.unwrap_or(day);
    let ask = |on: Date, known_on: Date| {
        record
            .sector_tariffs(talks, on, known_on, &directory.benchmark)
            .map_err(|refusal| refused(frame, start, talks, talks, refusal))
    };
    let mut basis = Basis::default();
    frame.word(Basis::WORDS, "basis", typed.basis, &mut basis)?;
    let basis = record.basis().unwrap_or(basis);
    let shares = match basis {
        Basis::Statute => CollectedShares::default(),
        Basis::Collected => record
            .collected_shares(talks, day, known_on, &directory.benchmark)
            .map_err(|refusal| refused(frame, start, talks, talks, refusal))?,
    };
    let then = ask(day, known_on)?;
    let mut notes = then.notes.clone();
    notes.extend(named);
    notes.push(format!(
        "tariffs of the ledger `{talks}` on {day} as known on {known_on}; {}",
        basis_words(basis, &shares)
    ));
    let mut share = vec![1.0; directory.benchmark.dimensions().cells()];
    shares.cells.iter().for_each(|(cell, collected)| share[*cell] = *collected);
    // What the benchmark's tariffs contain differs by importer, so each has its own day.
    let mut base_days: Vec<(Date, Vec<f64>)> = Vec::new();
    let dimensions = directory.benchmark.dimensions();
    let mut rates = Vec::with_capacity(then.rates.len());
    for (cell, rate) in then.rates {
        let importer = dimensions.cell_of(cell).0;
        let Some(provenance) = directory.tariffs_of(importer) else {
            let reason = format!(
                "the benchmark does not say on which day its tariffs of `{}` stand; add tariff_provenance.csv (importer, rates, ledger_day, why)",
                directory.benchmark.economies[importer].code
            );
            return Err(frame.combination("ledger", start, reason));
        };
        let base_day = provenance.ledger_day;
        if !base_days.iter().any(|(known, _)| *known == base_day) {
            // What the data contain was in force, whatever the scenario knows: it is read as known on its own day at least.
            let found = ask(base_day, known_on.max(base_day))?;
            let mut dense = vec![0.0; dimensions.cells()];
            found.rates.iter().for_each(|(cell, rate)| dense[*cell] = *rate);
            base_days.push((base_day, dense));
        }
        let base =
            base_days.iter().find(|(known, _)| *known == base_day).map_or(0.0, |(_, dense)| dense[cell]);
        rates.push((cell, (directory.benchmark.tariff_rate[cell] + share[cell] * (rate - base)).max(0.0)));
    }
    Ok(Some(LedgerRates { rates, start, notes, basis }))
}

/// How steps reach the model, in words.
fn basis_words(basis: Basis, shares: &CollectedShares) -> String {
    match basis {
        Basis::Statute => "steps by statute".to_owned(),
        Basis::Collected if shares.measured.is_empty() => {
            "steps by statute, since no month of receipts was measured".to_owned()
        }
        Basis::Collected => format!(
            "steps as collected, times the measured share of statutory duty: {}; others by statute",
            shares.measured.join("; ")
        ),
    }
}

fn refused(frame: &Frame<'_>, start: usize, found: &str, talks: &str, refusal: RecordRefusal) -> Problem {
    let unknown = |what, known: Vec<String>| Finding::UnknownCode {
        what,
        found: found.to_string(),
        suggestion: detente_tables::nearest::suggestion(found, known.iter().map(String::as_str)),
    };
    match refusal {
        RecordRefusal::UnknownTalks(known) => frame.problem("ledger", start, unknown("talks", known)),
        RecordRefusal::UnknownFramework(known) => {
            frame.problem("framework", start, unknown("framework", known))
        }
        RecordRefusal::Other(reason) => frame.combination("ledger", start, format!("{talks}: {reason}")),
    }
}

/// A date, written as text or as TOML's own date.
fn date(frame: &Frame<'_>, key: &str, typed: &Spanned<toml::Value>) -> Result<Date, Problem> {
    let text = match typed.as_ref() {
        toml::Value::String(text) => text.clone(),
        toml::Value::Datetime(date) => date.to_string(),
        other => other.to_string(),
    };
    text.parse::<Date>().map_err(|_| {
        let right = "a date is year-month-day and must exist, for instance \"2025-11-09\"".to_string();
        frame.problem(key, typed.span().start, Finding::NoSuchDate { found: text, right })
    })
}
