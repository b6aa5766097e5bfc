//! Days on which something changes if nobody acts, and how they were moved.

use crate::AsOf;
use crate::confidence::Confidence;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a deadline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineKind {
    /// A duty of the talks returns or ends. The next deadline of the talks is the next of these.
    Tariff,
    /// A measure without a tariff number returns or ends.
    NonTariff,
    /// A step that has been adopted already begins.
    Scheduled,
    /// One side's account of an end that the other side's act does not have.
    Account,
    /// A threat's day.
    Threat,
    /// A purchase falls due.
    Purchase,
    /// A step of procedure.
    Procedure,
}

impl DeadlineKind {
    /// What a reader must be told of it beside its words, where it is no act's own end.
    pub fn caveat(self) -> Option<&'static str> {
        (self == Self::Account).then_some("one side's account, no act has this end")
    }
}

/// How a deadline was closed before its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Since when that is known.
    pub announced: Date,
    /// How.
    pub how: String,
    /// The day it was moved to.
    #[serde(default)]
    pub to: Option<Date>,
    /// Said by officials; no legal notice seen.
    #[serde(default)]
    pub stated: bool,
}

/// A deadline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Identifier.
    pub id: String,
    /// What it is about.
    pub kind: DeadlineKind,
    /// First day of the new state.
    pub date: Date,
    /// The day as the source prints it.
    #[serde(default)]
    pub as_given: Option<String>,
    /// Since when it is known.
    pub known_from: Date,
    /// How that is known, where it is not in a source.
    #[serde(default)]
    pub known_from_basis: Option<String>,
    /// Whose measures change; `both` for both sides.
    pub side: String,
    /// What it belongs to.
    pub instrument: String,
    /// Who or what set it.
    pub set_by: String,
    /// What lapses or returns, in the record's words.
    pub lapses: String,
    /// What became of it, with hindsight; empty where nothing is on record.
    #[serde(default)]
    pub became: String,
    /// Said by officials; no legal notice seen.
    #[serde(default)]
    pub stated: bool,
    /// How it was closed before its day.
    #[serde(default)]
    pub closed: Option<Closed>,
    /// Sources by identifier.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
}

impl Deadline {
    /// Whether it lay ahead on `on`, as known on `known_on`.
    pub fn is_ahead(&self, as_of: AsOf) -> bool {
        let AsOf { on, known_on } = as_of;
        self.known_from <= known_on
            && on < self.date
            && self.closed.as_ref().is_none_or(|closed| known_on < closed.announced)
    }
}
