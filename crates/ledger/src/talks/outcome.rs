//! The outcomes that a brief compares. Which there are is data of the talks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where an outcome's measures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// What is in force on the day of the brief.
    InForce,
    /// What the next deadline brings by law if nobody acts.
    Lapse,
    /// What is in force, with the threats that still stand and are legally available.
    Threats,
    /// What was in force on a reference day.
    Date,
}

/// An outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Name.
    pub name: String,
    /// Where its measures come from.
    pub kind: OutcomeKind,
    /// The reference day, for [`OutcomeKind::Date`].
    #[serde(default)]
    pub date: Option<Date>,
    /// One sentence.
    pub description: String,
}
