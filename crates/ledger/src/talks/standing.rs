//! Where the promises stand on a day: computed, with both accounts where only one side claims.

use super::{Account, Commitment, CommitmentStatus, DeadlineKind, Talks};
use crate::{confidence::Confidence, source::Sources, status::AsOf};
use jiff::civil::Date;
use serde::Serialize;

/// A promise on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommitmentStanding {
    /// Identifier.
    pub id: String,
    /// Framework.
    pub framework: String,
    /// Day it was made.
    pub made: Date,
    /// By whom.
    pub by: String,
    /// On what.
    pub topic: String,
    /// What.
    pub what: String,
    /// Amount and unit, as the record prints them.
    pub target: Option<String>,
    /// By when, as moved by what was known.
    pub due: Option<Date>,
    /// How long it runs, as moved by what was known.
    pub term_until: Option<Date>,
    /// Where it stands.
    pub status: CommitmentStatus,
    /// Where it stands against the earliest of several due days that sources give.
    pub by_earliest_due: Option<(Date, CommitmentStatus)>,
    /// The latest event in words.
    pub progress: Option<String>,
    /// On the agenda only; nobody promised it.
    pub agenda_only: bool,
    /// Whether both sides give the same account.
    pub matched: bool,
    /// The accounts, where they differ or matter.
    pub accounts: Vec<Account>,
    /// Set where the day lies past the last evidence and nothing settled it before.
    pub not_verified_after: Option<Date>,
    /// How sure the record is.
    pub confidence: Confidence,
    /// Citations.
    pub sources: Vec<String>,
}

/// A deadline on a day, with what had become of it by then.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeadlineStanding {
    /// Identifier.
    pub id: String,
    /// What it is about.
    pub kind: DeadlineKind,
    /// First day of the new state.
    pub date: Date,
    /// The day as the source prints it.
    pub as_given: Option<String>,
    /// Since when it is known.
    pub known_from: Date,
    /// Whose measures change.
    pub side: String,
    /// What it belongs to.
    pub instrument: String,
    /// Who or what set it.
    pub set_by: String,
    /// What lapses or returns, in the record's words.
    pub lapses: String,
    /// Said by officials; no legal notice seen.
    pub stated: bool,
    /// Whether it lies ahead.
    pub ahead: bool,
    /// What had become of it.
    pub became: Option<String>,
    /// The day it was moved to.
    pub moved_to: Option<Date>,
    /// How sure the record is.
    pub confidence: Confidence,
    /// Citations.
    pub sources: Vec<String>,
}

impl Talks {
    /// Every deadline known by then, with what had become of it.
    pub fn deadlines_on(&self, clock: AsOf, sources: &Sources) -> Vec<DeadlineStanding> {
        let known = self.deadlines.iter().filter(|held| held.known_from <= clock.known_on);
        known
            .map(|held| {
                let closed = held.closed.as_ref().filter(|closed| closed.announced <= clock.known_on);
                let said = closed.map(|closed| {
                    let to = closed.to.map(|to| format!(" to {to}")).unwrap_or_default();
                    let stated = if closed.stated { " (stated, notice not seen)" } else { "" };
                    format!("{}{to}, known since {}{stated}", closed.how, closed.announced)
                });
                let past = (held.date <= clock.on.min(clock.known_on)).then(|| held.became.clone());
                DeadlineStanding {
                    id: held.id.clone(),
                    kind: held.kind,
                    date: held.date,
                    as_given: held.as_given.clone(),
                    known_from: held.known_from,
                    side: held.side.clone(),
                    instrument: held.instrument.clone(),
                    set_by: held.set_by.clone(),
                    lapses: held.lapses.clone(),
                    stated: held.stated,
                    ahead: held.is_ahead(clock),
                    became: said.or(past),
                    moved_to: closed.and_then(|closed| closed.to),
                    confidence: held.confidence,
                    sources: sources.citations(&held.sources),
                }
            })
            .collect()
    }

    /// Every promise made by then, with where it stands.
    pub fn commitments_on(&self, clock: AsOf, sources: &Sources) -> Vec<CommitmentStanding> {
        let made = self.commitments.iter().filter(|held| held.is_made(clock));
        made.map(|held| self.standing(held, clock, sources)).collect()
    }

    fn standing(&self, held: &Commitment, clock: AsOf, sources: &Sources) -> CommitmentStanding {
        let status = held.status(clock);
        let is_settled =
            matches!(status, CommitmentStatus::Met | CommitmentStatus::Missed | CommitmentStatus::Superseded)
                && held.term_as_known(clock).is_none_or(|term| term <= self.last_evidence);
        CommitmentStanding {
            id: held.id.clone(),
            framework: held.framework.clone(),
            made: held.made,
            by: held.by.clone(),
            topic: held.topic.clone(),
            what: held.what.clone(),
            target: held
                .amount
                .as_ref()
                .map(|amount| format!("{amount} {}", held.unit.as_deref().unwrap_or_default())),
            due: held.due_as_known(clock),
            term_until: held.term_as_known(clock),
            status,
            by_earliest_due: held.status_by_earliest_due(clock),
            progress: held.progress(clock),
            agenda_only: held.agenda_only,
            matched: held.is_matched(clock),
            accounts: held.accounts_so_far(clock).cloned().collect(),
            not_verified_after: self.not_verified_after(clock.on).filter(|_| !is_settled),
            confidence: held.confidence,
            sources: sources.citations(&held.sources),
        }
    }
}
