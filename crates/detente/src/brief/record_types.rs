//! The record's part of a brief as data.

use super::word;
use detente_ledger::talks::CommitmentStatus;
use serde::Serialize;

/// The talks' record up to the day.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Record {
    /// Meetings.
    pub rounds: Vec<Round>,
    /// Frameworks and what each settled.
    pub frameworks: Vec<Framework>,
    /// Commitments.
    pub commitments: Vec<Commitment>,
    /// Positions.
    pub positions: Vec<Position>,
}

/// A meeting.
#[derive(Clone, Debug, Serialize)]
pub struct Round {
    /// Number in the series, where the parties count it.
    pub number: Option<u32>,
    /// Round, summit, call, ….
    pub kind: String,
    /// City.
    pub city: String,
    /// First day.
    pub start: String,
    /// Last day.
    pub end: String,
    /// Who led, one per party.
    pub leads: Vec<String>,
    /// What came of it.
    pub outcome: String,
}

/// A framework.
#[derive(Clone, Debug, Serialize)]
pub struct Framework {
    /// Name.
    pub name: String,
    /// Day.
    pub date: String,
    /// What it settled.
    pub settled: String,
    /// Whether a meeting of the current series led to it.
    pub in_series: bool,
}

/// A commitment.
#[derive(Clone, Debug, Serialize)]
pub struct Commitment {
    /// Row of the ledger.
    pub id: String,
    /// By whom.
    pub by: String,
    /// Framework.
    pub framework: String,
    /// What.
    pub what: String,
    /// Due day, where one was set.
    pub due: Option<String>,
    /// Status computed for the day.
    #[serde(serialize_with = "word::commitment_status")]
    pub status: CommitmentStatus,
    /// Accounts where the sides differ.
    pub accounts: Vec<String>,
    /// Whether both sides give the same account.
    pub matched: bool,
}

/// A position taken.
#[derive(Clone, Debug, Serialize)]
pub struct Position {
    /// Day.
    pub date: String,
    /// Party.
    pub party: String,
    /// Who spoke.
    pub speaker: String,
    /// Topic.
    pub topic: String,
    /// What was said, restated.
    pub position: String,
}

/// Meetings per year of one series of talks.
#[derive(Clone, Debug, Serialize)]
pub struct Intensity {
    /// Series.
    pub series: String,
    /// Its name where a line is short.
    pub short: String,
    /// Whether it is still running.
    pub current: bool,
    /// How many times as often the running series met, by the same kind of count; none for the running series themselves.
    pub this_series_times: Option<f64>,
    /// Meetings counted.
    pub meetings: usize,
    /// Years from the first to the last counted day.
    pub years: f64,
    /// Meetings per year.
    pub per_year: f64,
    /// Mean days between meetings.
    pub days_between: Option<f64>,
    /// What was counted.
    pub counting_rule: String,
}
