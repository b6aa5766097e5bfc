//! The measures of an outcome of talks: which record is read on which day, so that a model can take its tariffs from there.
//!
//! An outcome is a record and two clocks. *Hold* reads the record on the day; *lapse* reads it on the next deadline, as known
//! today; a reference day reads it on that day with that day's knowledge; *threat* lays the threats that stand and are legally
//! available over the record as acts of the day.

use crate::{
    confidence::Confidence,
    error::LedgerError,
    instrument::{Basis, Change, Entry, Instrument, Kind},
    ledger::Ledger,
    rate::Rate,
    schedule::{Reading, governing},
    status::{Clock, status},
    talks::{Outcome, OutcomeKind, Talks, Threat},
};
use serde::Serialize;

/// The measures of an outcome.
#[derive(Clone, Debug)]
pub struct OutcomeMeasures {
    /// Name of the outcome.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// The record to read.
    pub ledger: Ledger,
    /// The day to read it on, and the day whose knowledge is used.
    pub clock: Clock,
}

/// What an instrument lays on a party's goods: a rate, or its bounds where it has several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TariffIncrement {
    /// Instrument.
    pub instrument: String,
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// The power it is taken under.
    pub authority: String,
    /// The family that stacking rules name.
    pub family: String,
    /// Percentage points; the low end where they are a range.
    pub low_pct: f64,
    /// The high end.
    pub high_pct: f64,
    /// The goods in words.
    pub covers: String,
}

impl Talks {
    /// The measures of an outcome on a day, as known on a day. The text says why an outcome has none: no deadline is set, no
    /// threat stands, the reference day lies ahead.
    pub fn outcome_measures(
        &self,
        ledger: &Ledger,
        outcome: &Outcome,
        clock: Clock,
    ) -> Result<OutcomeMeasures, String> {
        let (ledger, clock) = match outcome.kind {
            OutcomeKind::InForce => (ledger.clone(), clock),
            OutcomeKind::Lapse => {
                let next = status(ledger, self, clock, None).next_deadline;
                let date = next.ok_or("no deadline is set on that day; nothing lapses by itself")?.date;
                (ledger.clone(), Clock { on: date, known_on: clock.known_on })
            }
            OutcomeKind::Threats => (self.with_threats(ledger, clock)?, clock),
            OutcomeKind::Date => {
                let date = outcome.date.ok_or("the talks' file gives it no day")?;
                if date > clock.known_on {
                    return Err(format!("{date} lies after the day whose knowledge is used"));
                }
                (ledger.clone(), Clock::on_day(date))
            }
        };
        let (name, description) = (outcome.name.clone(), outcome.description.clone());
        Ok(OutcomeMeasures { name, description, ledger, clock })
    }

    /// An outcome by name.
    pub fn outcome(&self, name: &str) -> Result<&Outcome, LedgerError> {
        self.outcomes.iter().find(|held| held.name == name).ok_or_else(|| {
            LedgerError::unknown("outcome", name, self.outcomes.iter().map(|held| held.name.as_str()))
        })
    }

    /// The record with every threat put in force that stands on the day, is legally available and names a figure.
    fn with_threats(&self, ledger: &Ledger, clock: Clock) -> Result<Ledger, String> {
        let standing: Vec<&Threat> = self
            .threats
            .iter()
            .filter(|held| {
                held.stands(clock.on, clock.known_on)
                    && held.is_available(clock.on, clock.known_on)
                    && held.has_figure(clock.known_on)
            })
            .collect();
        if standing.is_empty() {
            return Err("no threat with a figure stands on that day and is legally available".to_owned());
        }
        let mut ledger = ledger.clone();
        for threat in standing {
            carry_out(threat, clock, &mut ledger.instruments);
        }
        Ok(ledger)
    }
}

/// Puts a threat in force from a day: as an act of the instrument that it names, else as an instrument of its own on all goods.
fn carry_out(threat: &Threat, clock: Clock, instruments: &mut Vec<Instrument>) {
    let known = clock.known_on.min(clock.on);
    let on = clock.on;
    let act = |rate: f64| Entry {
        row: None,
        change: Change::Sets,
        act: format!("threat of {}: {}", threat.announced, threat.what),
        announced: Some(known),
        announced_basis: None,
        published: None,
        from: on,
        until: None,
        rate_pct: Some(Rate::one(rate)),
        suspended_pct: None,
        stated: true,
        no_basis_from: None,
        rate_basis: None,
        scope: None,
        parts: Vec::new(),
        note: None,
        sources: threat.sources.clone(),
        confidence: Confidence::Low,
        last_evidence: None,
    };
    let named = threat.instrument.as_deref();
    match instruments.iter_mut().find(|held| Some(held.id.as_str()) == named) {
        Some(instrument) => {
            let now = governing(instrument, on, clock.known_on, Reading::Stated)
                .and_then(|step| step.entry.rate_pct.as_ref());
            let base = now.map_or(0.0, Rate::high);
            let rate = threat.rate_pct.or_else(|| threat.adds_pct.map(|adds| base + adds));
            if let Some(rate) = rate {
                instrument.entries.push(act(rate));
            }
        }
        None => {
            let Some(rate) = threat.adds_pct.or(threat.rate_pct) else { return };
            instruments.push(Instrument {
                id: threat.id.clone(),
                title: threat.what.clone(),
                imposer: threat.imposer.clone(),
                targets: vec![threat.target.clone()],
                authority: threat.statute.clone(),
                statute: threat.statute.clone(),
                family: threat.id.clone(),
                kind: Kind::Tariff,
                reversible_by: None,
                reinstated_in: None,
                covers: threat.what.clone(),
                printed_codes: None,
                scope: vec![crate::duty::ScopeEntry { all: true, ..Default::default() }],
                acts_on: Vec::new(),
                basis: Basis::default(),
                entries: vec![act(rate)],
                file: "threats.toml".to_owned(),
            });
        }
    }
}

/// What every instrument lays on the parties' goods on a day, as known on a day.
pub fn tariff_increments(ledger: &Ledger, talks: &Talks, clock: Clock) -> Vec<TariffIncrement> {
    let mut found = Vec::new();
    for (importer, exporter) in talks.pairs() {
        for instrument in ledger.between(&importer.code, &exporter.code) {
            if instrument.kind != Kind::Tariff {
                continue;
            }
            let step = governing(instrument, clock.on, clock.known_on, Reading::Stated);
            let Some(entry) = step.map(|step| step.entry).filter(|entry| entry.charges()) else { continue };
            let Some(rate) = &entry.rate_pct else { continue };
            found.push(TariffIncrement {
                instrument: instrument.id.clone(),
                importer: importer.code.clone(),
                exporter: exporter.code.clone(),
                authority: instrument.authority.clone(),
                family: instrument.family.clone(),
                low_pct: rate.low(),
                high_pct: rate.high(),
                covers: instrument.covers.clone(),
            });
        }
    }
    found
}
