//! What changed between two days, and by which act.

use super::{AsOf, StatusLayer, layer::layers};
use crate::{ledger::Ledger, schedule::Reading, schedule::governing_for, talks::Talks};
use jiff::civil::Date;
use serde::Serialize;

/// One measure that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// The power it is taken under.
    pub authority: String,
    /// Identifier.
    pub measure: String,
    /// What a reader calls it.
    pub title: String,
    /// On the first day, as printed; null where it was not on the books.
    pub before: Option<String>,
    /// On the second day.
    pub after: Option<String>,
    /// The act that governs on the second day.
    pub act: Option<String>,
    /// The first day of that act's state.
    pub since: Option<Date>,
    /// Its citations.
    pub sources: Vec<String>,
}

/// What changed between two days.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Code of the talks.
    pub talks: String,
    /// First day.
    pub from: Date,
    /// Second day.
    pub to: Date,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// What changed from one day (as known on it) to another.
pub fn compare(ledger: &Ledger, talks: &Talks, before: AsOf, after: AsOf) -> Comparison {
    let (old, new) = (layers(ledger, talks, before), layers(ledger, talks, after));
    let mut differences = Vec::new();
    for (importer, exporter) in talks.pairs() {
        for instrument in ledger.between(&importer.code, &exporter.code) {
            let of = |layers: &[StatusLayer]| {
                layers
                    .iter()
                    .find(|held| held.measure == instrument.id && held.exporter == exporter.code)
                    .map(|held| held.printed.clone())
            };
            let (was, is) = (of(&old), of(&new));
            if was == is {
                continue;
            }
            let step =
                governing_for(ledger, instrument, &exporter.code, after.on, after.known_on, Reading::Stated);
            differences.push(Difference {
                importer: importer.code.clone(),
                exporter: exporter.code.clone(),
                authority: instrument.authority.clone(),
                measure: instrument.id.clone(),
                title: instrument.title.clone(),
                before: was,
                after: is,
                act: step.map(|step| step.entry.act.clone()),
                since: step.map(|step| step.days.from),
                sources: step.map(|step| ledger.sources.citations(&step.entry.sources)).unwrap_or_default(),
            });
        }
    }
    Comparison { talks: talks.id.clone(), from: before.on, to: after.on, differences }
}
