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
    /// What came of it.
    pub outcome: String,
    /// Sources by identifier.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
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
    /// First day of its measures; absent where it changed none.
    #[serde(default)]
    pub measures_from: Option<Date>,
    /// Meetings that led to it.
    pub rounds: Vec<String>,
    /// What it settled.
    pub settled: String,
}
