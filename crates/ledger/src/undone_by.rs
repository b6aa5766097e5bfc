//! Who can undo a measure alone.

use serde::{Deserialize, Serialize};

/// Who can undo a measure alone: what the table of the talks offers hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UndoneBy {
    /// The head of state or government, by an order.
    Executive,
    /// An agency or ministry, by its own proceeding.
    Agency,
    /// The legislature, by an act.
    Legislature,
    /// A court.
    Court,
    /// Not known.
    Unknown,
}

impl UndoneBy {
    /// The word for tables and files.
    ///
    /// ```
    /// use detente_ledger::undone_by::UndoneBy;
    ///
    /// assert_eq!(UndoneBy::Legislature.word(), "legislature");
    /// ```
    pub fn word(self) -> &'static str {
        match self {
            Self::Executive => "executive",
            Self::Agency => "agency",
            Self::Legislature => "legislature",
            Self::Court => "court",
            Self::Unknown => "unknown",
        }
    }
}
