//! How sure the record is of an entry.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How sure the record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Recalled, no source read. Such entries are shown as "unsourced", and figures that rest on them are also given without.
    Memory,
    /// Status uncertain, or sources contradict each other.
    Low,
    /// One secondary source, or a figure with a known caveat.
    Medium,
    /// A legal citation or two independent sources.
    High,
}

impl Confidence {
    /// Whether no source was read.
    pub fn is_unsourced(self) -> bool {
        self == Self::Memory
    }

    /// The word for tables.
    ///
    /// ```
    /// use detente_ledger::confidence::Confidence;
    ///
    /// assert!(Confidence::Memory.is_unsourced());
    /// assert_eq!(Confidence::Memory.word(), "unsourced");
    /// ```
    pub fn word(self) -> &'static str {
        match self {
            Self::Memory => "unsourced",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}
