//! Promises, with a status that is computed from dates and events and never written down.
//!
//! On a day, as known on a day, in this order:
//!
//! | status | when |
//! |---|---|
//! | superseded | an event says so |
//! | suspended | the latest event says so |
//! | missed | an event says so |
//! | met | an event says that it was carried out, by the due day where there is one |
//! | late | carried out after the due day, or the due day has passed and no event says that it was |
//! | open | anything else |

use crate::AsOf;
use crate::confidence::Confidence;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What an event does to a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Carried out.
    Met,
    /// Being kept, where there is no end to it.
    Kept,
    /// Carried out in part.
    Partly,
    /// Not carried out.
    Missed,
    /// Put off by agreement or by one side.
    Suspended,
    /// Overtaken by another act.
    Superseded,
    /// The sides differ on whether it was carried out.
    Disputed,
    /// Its day was moved.
    Extended,
}

/// Something that happened to a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Day.
    pub date: Date,
    /// What it does.
    pub effect: Effect,
    /// The new day, where it was moved.
    #[serde(default)]
    pub to: Option<Date>,
    /// In words.
    #[serde(default)]
    pub text: Option<String>,
}

/// One side's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Party.
    pub party: String,
    /// What it says.
    pub text: String,
    /// Day from which it was given; the day of the promise where absent.
    #[serde(default)]
    pub given: Option<Date>,
}

/// A promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Identifier.
    pub id: String,
    /// Framework.
    pub framework: String,
    /// Day it was made.
    pub made: Date,
    /// By whom; `both` for both sides.
    pub by: String,
    /// On what.
    pub topic: String,
    /// What.
    pub what: String,
    /// Amount, as the record prints it.
    #[serde(default)]
    pub amount: Option<String>,
    /// Unit of the amount.
    #[serde(default)]
    pub unit: Option<String>,
    /// By when.
    #[serde(default)]
    pub due: Option<Date>,
    /// Other due days that sources give.
    #[serde(default)]
    pub due_also_given: Vec<Date>,
    /// How long it runs, where it is a state and not an act.
    #[serde(default)]
    pub term_until: Option<Date>,
    /// On the agenda only; nobody promised it.
    #[serde(default)]
    pub agenda_only: bool,
    /// Whether both sides give the same account, with hindsight; [`Commitment::is_matched`] says it for a day.
    #[serde(default = "yes")]
    pub matched: bool,
    /// The measure that carries it.
    #[serde(default)]
    pub measure: Option<String>,
    /// The legal vehicle.
    #[serde(default)]
    pub vehicle: Option<String>,
    /// Who can undo it alone.
    #[serde(default)]
    pub undone_by: Option<String>,
    /// How long it takes to put back what it lifted.
    #[serde(default)]
    pub reinstated_in: Option<String>,
    /// Promises given against it.
    #[serde(default)]
    pub linked: Vec<String>,
    /// Status as the fact base words it, with hindsight.
    #[serde(default)]
    pub fact_status: Option<String>,
    /// Day of that status.
    #[serde(default)]
    pub fact_status_date: Option<Date>,
    /// What happened.
    #[serde(default, rename = "event")]
    pub events: Vec<Event>,
    /// The sides' accounts where they differ.
    #[serde(default, rename = "account")]
    pub accounts: Vec<Account>,
    /// Sources by identifier.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
}

fn yes() -> bool {
    true
}

/// Where a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CommitmentStatus {
    /// Nothing is due yet, or no day was set.
    Open,
    /// Carried out in time.
    Met,
    /// Carried out late, or overdue.
    Late,
    /// Not carried out.
    Missed,
    /// Put off.
    Suspended,
    /// Overtaken.
    Superseded,
}

impl CommitmentStatus {
    /// The word for tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Met => "met",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::Suspended => "suspended",
            Self::Superseded => "superseded",
        }
    }
}

impl Commitment {
    /// Whether it had been made by `on`, as known on `known_on`.
    pub fn is_made(&self, as_of: AsOf) -> bool {
        let AsOf { on, known_on } = as_of;
        self.made <= on.min(known_on)
    }

    /// What had happened by `on`, as known on `known_on`.
    pub fn events_so_far(&self, as_of: AsOf) -> impl Iterator<Item = &Event> {
        let AsOf { on, known_on } = as_of;
        let until = on.min(known_on);
        self.events.iter().filter(move |event| event.date <= until)
    }

    /// The sides' accounts given by then.
    pub fn accounts_so_far(&self, as_of: AsOf) -> impl Iterator<Item = &Account> {
        let AsOf { on, known_on } = as_of;
        let until = on.min(known_on);
        self.accounts.iter().filter(move |account| account.given.is_none_or(|day| day <= until))
    }

    /// Whether both sides give the same account, as far as accounts had been given.
    pub fn is_matched(&self, as_of: AsOf) -> bool {
        self.matched || self.accounts_so_far(as_of).next().is_none()
    }

    /// The due day, as moved by what was known.
    pub fn due_as_known(&self, as_of: AsOf) -> Option<Date> {
        let moved = self.events_so_far(as_of).filter_map(|event| event.to).last();
        let moved = moved.filter(|_| self.term_until.is_none());
        moved.or(self.due)
    }

    /// The end of its term, as moved by what was known.
    pub fn term_as_known(&self, as_of: AsOf) -> Option<Date> {
        let moved = self.events_so_far(as_of).filter_map(|event| event.to).last();
        self.term_until.map(|term| moved.unwrap_or(term))
    }

    /// Where it stands.
    pub fn status(&self, as_of: AsOf) -> CommitmentStatus {
        let latest_due = self
            .due_as_known(as_of)
            .map(|due| self.due_also_given.iter().copied().chain([due]).max().unwrap_or(due));
        self.status_against(latest_due, as_of)
    }

    /// Where it stands against the earliest of the due days that sources give, if that differs from [`Self::status`].
    pub fn status_by_earliest_due(&self, as_of: AsOf) -> Option<(Date, CommitmentStatus)> {
        let due = self.due_as_known(as_of)?;
        let earliest = self.due_also_given.iter().copied().chain([due]).min()?;
        let status = self.status_against(Some(earliest), as_of);
        (status != self.status(as_of)).then_some((earliest, status))
    }

    fn status_against(&self, due: Option<Date>, as_of: AsOf) -> CommitmentStatus {
        let AsOf { on, .. } = as_of;
        let so_far: Vec<&Event> = self.events_so_far(as_of).collect();
        let has = |effect: Effect| so_far.iter().any(|event| event.effect == effect);
        if has(Effect::Superseded) {
            return CommitmentStatus::Superseded;
        }
        if so_far.last().is_some_and(|event| event.effect == Effect::Suspended) {
            return CommitmentStatus::Suspended;
        }
        if has(Effect::Missed) {
            return CommitmentStatus::Missed;
        }
        let done = so_far.iter().find(|event| matches!(event.effect, Effect::Met | Effect::Kept));
        match (done, due) {
            (Some(event), Some(due)) if event.date > due => CommitmentStatus::Late,
            (Some(_), _) => CommitmentStatus::Met,
            (None, Some(due)) if on > due => CommitmentStatus::Late,
            (None, _) => CommitmentStatus::Open,
        }
    }

    /// The latest event in words, with its day.
    pub fn progress(&self, as_of: AsOf) -> Option<String> {
        let event = self.events_so_far(as_of).last()?;
        let word = match event.effect {
            Effect::Met => "carried out",
            Effect::Kept => "being kept",
            Effect::Partly => "in part",
            Effect::Missed => "not carried out",
            Effect::Suspended => "put off",
            Effect::Superseded => "overtaken",
            Effect::Disputed => "disputed",
            Effect::Extended => "day moved",
        };
        let to = event.to.map(|to| format!(" to {to}")).unwrap_or_default();
        let text = event.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        Some(format!("{word}{to} {}{text}", event.date))
    }
}
