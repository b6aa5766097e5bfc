//! Where the promises stand on a day: computed, with both accounts where only one side claims.

use super::{Account, Commitment, CommitmentStatus, Talks};
use crate::{confidence::Confidence, source::Sources, status::Clock};
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

impl Talks {
    /// Every promise made by then, with where it stands.
    pub fn commitments_on(&self, clock: Clock, sources: &Sources) -> Vec<CommitmentStanding> {
        let made = self.commitments.iter().filter(|held| held.is_made(clock.on, clock.known_on));
        made.map(|held| self.standing(held, clock, sources)).collect()
    }

    fn standing(&self, held: &Commitment, clock: Clock, sources: &Sources) -> CommitmentStanding {
        let (on, known_on) = (clock.on, clock.known_on);
        let status = held.status(on, known_on);
        let is_settled =
            matches!(status, CommitmentStatus::Met | CommitmentStatus::Missed | CommitmentStatus::Superseded)
                && held.term_as_known(on, known_on).is_none_or(|term| term <= self.last_evidence);
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
            due: held.due_as_known(on, known_on),
            term_until: held.term_as_known(on, known_on),
            status,
            by_earliest_due: held.status_by_earliest_due(on, known_on),
            progress: held.progress(on, known_on),
            agenda_only: held.agenda_only,
            matched: held.matched,
            accounts: held.accounts.clone(),
            not_verified_after: self.not_verified_after(on).filter(|_| !is_settled),
            confidence: held.confidence,
            sources: sources.citations(&held.sources),
        }
    }
}
