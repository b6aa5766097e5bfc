//! One tariff on the books between two parties on a day.

use super::AsOf;
use crate::{
    confidence::Confidence,
    instrument::{Instrument, Kind},
    ledger::Ledger,
    rate::Rate,
    schedule::{Reading, Step, governing_for},
    talks::Talks,
};
use jiff::civil::Date;
use serde::Serialize;

/// A tariff on the books: charged, or held back whole by a suspension.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatusLayer {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// The power it is taken under.
    pub authority: String,
    /// Identifier of the instrument.
    pub measure: String,
    /// What a reader calls it.
    pub title: String,
    /// The goods in words.
    pub covers: String,
    /// Percentage points; null where the measure has several.
    pub rate_pct: Option<f64>,
    /// Lowest and highest, where it has several.
    pub range_pct: Option<[f64; 2]>,
    /// As the fact base prints it.
    pub printed: String,
    /// Points held back, which return when the suspension ends.
    pub suspended_pct: Option<Rate>,
    /// What it adds to the average tariff, in percentage points; null where nobody gives averages.
    pub average_contribution_pct: Option<f64>,
    /// First day at this rate by this act.
    pub from: Date,
    /// First day no longer, as known on the day.
    pub until: Option<Date>,
    /// The act.
    pub act: String,
    /// Day it was announced.
    pub announced: Date,
    /// How that day is known, where it is not the plain day of the act.
    pub announced_basis: Option<String>,
    /// The rate rests on a statement; no legal notice seen.
    pub stated: bool,
    /// What the notices alone say, where that differs.
    pub by_notices: Option<String>,
    /// A court has taken its legal basis, and it is still collected.
    pub no_legal_basis: bool,
    /// How sure the record is.
    pub confidence: Confidence,
    /// Nothing was read that bears it out.
    pub unsourced: bool,
    /// What a reader should know.
    pub note: Option<String>,
    /// Citations.
    pub sources: Vec<String>,
}

/// Tariffs on the books, by pair of parties, then in the order of the record.
pub(super) fn layers(ledger: &Ledger, talks: &Talks, clock: AsOf) -> Vec<StatusLayer> {
    let mut found = Vec::new();
    for (importer, exporter) in talks.pairs() {
        for instrument in ledger.between(&importer.code, &exporter.code) {
            let step =
                governing_for(ledger, instrument, &exporter.code, clock.on, clock.known_on, Reading::Stated);
            if let Some(step) = step.filter(|step| is_on_the_books(instrument, *step)) {
                found.push(layer(ledger, instrument, step, clock, &exporter.code));
            }
        }
    }
    found
}

/// A tariff that is charged, or that a suspension holds back: off the books is what has ended and what was only proposed.
fn is_on_the_books(instrument: &Instrument, step: Step<'_>) -> bool {
    instrument.kind == Kind::Tariff && step.is_in_force() && (step.rate.is_some() || step.charges())
}

fn layer(
    ledger: &Ledger,
    instrument: &Instrument,
    step: Step<'_>,
    clock: AsOf,
    exporter: &str,
) -> StatusLayer {
    let entry = step.entry;
    let rate = rate_of(step).unwrap_or_else(|| Rate::one(0.0));
    let notices = governing_for(ledger, instrument, exporter, clock.on, clock.known_on, Reading::Notices)
        .map_or_else(|| "nothing".to_owned(), printed);
    StatusLayer {
        importer: instrument.imposer.clone(),
        exporter: exporter.to_owned(),
        authority: instrument.authority.clone(),
        measure: instrument.id.clone(),
        title: instrument.title.clone(),
        covers: instrument.covers.clone(),
        rate_pct: rate.single(),
        range_pct: rate.single().is_none().then(|| [rate.low(), rate.high()]),
        printed: rate.to_string(),
        suspended_pct: entry.suspended_pct.clone(),
        average_contribution_pct: None,
        from: step.days.from,
        until: step.days.until,
        act: entry.act.clone(),
        announced: entry.known_from(),
        announced_basis: entry.announcement_basis().map(str::to_owned),
        stated: entry.stated,
        by_notices: (notices != rate.to_string()).then_some(notices),
        no_legal_basis: has_lost_its_basis(instrument, clock),
        confidence: entry.confidence,
        unsourced: entry.confidence.is_unsourced(),
        note: entry.note.clone().filter(|note| !note.is_empty()),
        sources: ledger.sources.citations(&entry.sources),
    }
}

/// The rate for the origin; where only parts have rates, theirs.
pub(super) fn rate_of(step: Step<'_>) -> Option<Rate> {
    if let Some(rate) = step.rate {
        return Some(rate.clone());
    }
    let mut points: Vec<f64> = step.entry.parts.iter().filter_map(|part| part.rate_pct).collect();
    points.sort_by(|a, b| b.total_cmp(a));
    points.dedup();
    (!points.is_empty()).then(|| Rate::several(points))
}

fn printed(step: Step<'_>) -> String {
    match step.is_in_force() {
        true => rate_of(step).as_ref().map_or_else(String::new, Rate::to_string),
        false => "nothing".to_owned(),
    }
}

/// Whether a ruling known by then has taken the basis of what is still collected.
fn has_lost_its_basis(instrument: &Instrument, clock: AsOf) -> bool {
    instrument.entries.iter().any(|entry| {
        entry.known_from() <= clock.known_on
            && entry.no_basis_from.is_some_and(|day| day <= clock.on)
            && clock.on < entry.from
    })
}
