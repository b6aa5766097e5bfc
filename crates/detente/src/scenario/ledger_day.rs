//! A ledger's tariffs in a scenario: which talks, which day, and how steps reach the model. What the rates then are says
//! [`join`](crate::join).

use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;

use super::selection::Frame;
use crate::brief::others::{self, OthersDuties, WORDS};
use crate::collection::{self, Basis, CollectionRatio};
use crate::join::Join;
use crate::ledger_tariffs::{EmbeddedRecord, LedgerTariffError, LedgerTariffs, Schedule};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_ledger::talks::Talks;
use detente_ledger::tariff::Tariffs;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::nearest::suggestion;

/// The keys `ledger`, `on`, `framework`, `known_on` of a scenario or of its baseline.
pub(super) struct TypedDay<'a> {
    pub ledger: &'a Option<Spanned<String>>,
    pub on: &'a Option<Spanned<toml::Value>>,
    pub framework: &'a Option<Spanned<String>>,
    pub known_on: &'a Option<Spanned<toml::Value>>,
    pub basis: &'a Option<Spanned<String>>,
    pub others: &'a Option<Spanned<toml::Value>>,
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
    record: Option<&EmbeddedRecord>,
) -> Result<Option<LedgerRates>, Problem> {
    let Some(ledger) = typed.ledger else {
        let alone = [
            ("on", typed.on.as_ref().map(Spanned::span)),
            ("known_on", typed.known_on.as_ref().map(Spanned::span)),
        ];
        let alone = alone.into_iter().chain([
            ("framework", typed.framework.as_ref().map(Spanned::span)),
            ("basis", typed.basis.as_ref().map(Spanned::span)),
            ("others", typed.others.as_ref().map(Spanned::span)),
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
    let others = typed.others.as_ref().map(|others| whose(frame, others)).transpose()?;
    let Some(record) = record else {
        return Err(frame.combination("ledger", start, "no ledger is at hand here"));
    };
    if directory.benchmark.economies.iter().all(|economy| economy.members.is_empty()) {
        let reason = "the benchmark's economies.csv has no `members`, by which a ledger finds its parties";
        return Err(frame.combination("ledger", start, reason));
    }
    let mut basis = Basis::default();
    frame.word(Basis::WORDS, "basis", typed.basis, &mut basis)?;
    let basis = record.basis.unwrap_or(basis);
    let asked = match (on, typed.framework) {
        (Some(on), None) => Asked::Day(on),
        (None, Some(framework)) => Asked::Framework(framework),
        (Some(_), Some(framework)) => {
            let reason = "`on` and `framework` both name a day; keep one";
            return Err(frame.combination("framework", framework.span().start, reason));
        }
        (None, None) => {
            let reason = "needs `on = \"2025-11-09\"` or `framework = \"…\"` beside it";
            return Err(frame.combination("ledger", start, reason));
        }
    };
    let said = |reason: String| frame.combination("ledger", start, format!("{talks}: {reason}"));
    let tariffs = record.read().map_err(|error| said(error.to_string()))?;
    let held = talks_of(frame, start, tariffs, talks)?;
    let (day, named) = match asked {
        Asked::Day(day) => (day, None),
        Asked::Framework(framework) => {
            let (day, note) = framework_day(frame, &held, framework)?;
            (day, Some(note))
        }
    };
    let known_on = known_on.unwrap_or(day);
    let refused = |error: LedgerTariffError| match error {
        LedgerTariffError::Provenance { .. } => frame.combination("ledger", start, error.to_string()),
        other => said(other.to_string()),
    };
    let parties: Vec<String> = held.parties.iter().map(|party| party.code.clone()).collect();
    let ledger = LedgerTariffs { tariffs };
    let others = match others {
        None | Some(Others::None) => None,
        Some(Others::Day) => Some(day),
        Some(Others::Of(date)) => Some(date),
    };
    let laid = record.day((talks.clone(), day, known_on, basis, others), || {
        let ratios = match basis {
            Basis::Statute => Vec::new(),
            Basis::Collected => collection::ratios(ledger, &directory.benchmark, &parties, day, known_on)?,
        };
        let join = Join { ledger, directory, parties: &parties };
        let mut rates = join.changed(Schedule::on_day(day, known_on), &ratios)?;
        let mut notes = vec![basis_words(basis, &ratios)];
        if let Some(day) = others {
            others::prepare(tariffs, directory).map_err(LedgerTariffError::from)?;
            let found = join.others(Schedule::on_day(day, known_on), basis)?;
            notes.push(format!(
                "duties on everybody else on {day} as known on {known_on}, of the record's instruments"
            ));
            notes.extend(others::partial(&found));
            notes.push(others::NO_ANSWER.to_owned());
            rates.extend(found.rates);
        }
        Ok((rates, notes))
    });
    let laid = laid.map_err(refused)?;
    let (rates, said) = (laid.0.clone(), &laid.1);
    let mut notes: Vec<String> = named.into_iter().collect();
    let (steps, more) = said.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    notes.push(format!("tariffs on record for {talks} on {day} as known on {known_on}; {steps}"));
    notes.extend(more.iter().cloned());
    notes.extend(record.own_facts());
    Ok(Some(LedgerRates { rates, start, notes, basis }))
}

/// Which day a scenario means.
enum Asked<'a> {
    Day(Date),
    Framework(&'a Spanned<String>),
}

/// How steps reach the model, in words.
fn basis_words(basis: Basis, ratios: &[CollectionRatio]) -> String {
    match basis {
        Basis::Statute => "steps by statute".to_owned(),
        Basis::Collected if ratios.is_empty() => {
            "steps by statute, since no month of receipts was measured".to_owned()
        }
        Basis::Collected => {
            let measured: Vec<String> = ratios.iter().map(CollectionRatio::words).collect();
            format!(
                "steps as collected, times the measured share of statutory duty: {}; others by statute",
                measured.join("; ")
            )
        }
    }
}

/// Whose duties on everybody else count.
enum Others {
    /// The benchmark's own.
    None,
    /// The record's on the scenario's day.
    Day,
    /// The record's on another.
    Of(Date),
}

/// `others`: a word or a date.
fn whose(frame: &Frame<'_>, typed: &Spanned<toml::Value>) -> Result<Others, Problem> {
    match typed.as_ref().as_str().and_then(|word| WORDS.iter().find(|(held, _)| *held == word)) {
        Some((_, OthersDuties::None)) => Ok(Others::None),
        Some((_, OthersDuties::Day)) => Ok(Others::Day),
        None => date(frame, "others", typed).map(Others::Of).map_err(|_| {
            let reason = "is one of `none` (the benchmark's own duties on everybody else), `day` (the record's on the same day) or a date, as \"2025-09-16\" (the record's on that day)";
            frame.combination("others", typed.span().start, reason)
        }),
    }
}

/// The talks that a scenario names.
fn talks_of(frame: &Frame<'_>, start: usize, tariffs: &Tariffs, id: &str) -> Result<Arc<Talks>, Problem> {
    let ledger = tariffs.ledger();
    ledger.talks_held(id).map_err(|error| {
        let known = ledger.talks_ids();
        if known.contains(&id) {
            return frame.combination("ledger", start, format!("{id}: {error}"));
        }
        let (found, suggestion) = (id.to_owned(), suggestion(id, known));
        frame.problem("ledger", start, Finding::UnknownCode { what: "talks", found, suggestion })
    })
}

/// The first day of a framework's measures, or its own day where none is in effect, and which of the two it is.
fn framework_day(
    frame: &Frame<'_>,
    talks: &Talks,
    framework: &Spanned<String>,
) -> Result<(Date, String), Problem> {
    let id = framework.as_ref();
    let Some(held) = talks.frameworks.iter().find(|held| held.id == *id) else {
        let suggestion = suggestion(id, talks.frameworks.iter().map(|held| held.id.as_str()));
        let finding = Finding::UnknownCode { what: "framework", found: id.clone(), suggestion };
        return Err(frame.problem("framework", framework.span().start, finding));
    };
    let note = match (held.measures_from, &held.first_measure) {
        (Some(day), Some(act)) => format!("measures of `{id}` from {day}: {act}"),
        (Some(day), None) => format!("measures of `{id}` from {day}"),
        (None, _) => {
            format!("no measure of `{id}` is on record as in effect: its own day, {}, stands in", held.date)
        }
    };
    Ok((held.measures_from.unwrap_or(held.date), note))
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
