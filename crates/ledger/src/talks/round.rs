//! Meetings, and the frameworks that came of them.

use crate::confidence::Confidence;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A meeting.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Round {
    /// Identifier.
    pub id: String,
    /// Series of talks.
    pub series: String,
    /// Number in the series, where the parties count it.
    pub number: Option<u32>,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// City.
    pub city: String,
    /// Country.
    pub country: String,
    /// Round, summit, call, meeting, dialogue, signing.
    pub kind: String,
    /// Who led, by party.
    pub leads: BTreeMap<String, String>,
    /// Who else took part, by party.
    pub others: BTreeMap<String, String>,
    /// What came of it, as told when it ended.
    pub outcome: String,
    /// What was added to that later, and since when it is known.
    #[serde(skip)]
    pub later: Option<(Date, String)>,
    /// Sources by identifier.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
}

impl Round {
    /// What came of it, as known on a day.
    pub fn outcome_as_known(&self, known_on: Date) -> String {
        match &self.later {
            Some((day, added)) if *day <= known_on => format!("{}{added}", self.outcome),
            _ => self.outcome.clone(),
        }
    }

    /// The meeting as known on a day: what was added later is part of the outcome or is not there.
    #[must_use]
    pub fn as_known(&self, known_on: Date) -> Self {
        Self { outcome: self.outcome_as_known(known_on), later: None, ..self.clone() }
    }
}

/// A framework: what a round settled, under the name that the record uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Day.
    pub date: Date,
    /// First day of its measures; absent where none is on record as in effect.
    #[serde(default)]
    pub measures_from: Option<Date>,
    /// The act of that day, with its citation.
    #[serde(default)]
    pub first_measure: Option<String>,
    /// Meetings that led to it.
    pub rounds: Vec<String>,
    /// What it settled.
    pub settled: String,
}
