//! What was said, restated.

use crate::confidence::Confidence;
use jiff::civil::Date;
use serde::Serialize;

/// A position.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Position {
    /// Identifier.
    pub id: String,
    /// Day.
    pub date: Date,
    /// Party; empty for outsiders.
    pub party: String,
    /// Who spoke.
    pub speaker: String,
    /// In which office.
    pub role: String,
    /// On what.
    pub topic: String,
    /// What was said, in our words.
    pub position: String,
    /// A few words verbatim, where kept.
    pub quote: String,
    /// Sources by identifier.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
}
