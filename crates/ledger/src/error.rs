//! What can be wrong with a ledger file or with a question to it.

use detente_tables::nearest::nearest;
use std::fmt;
use thiserror::Error;

/// A ledger file that cannot be used, or a name or date that the ledger does not know.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// A file that cannot be read or is not of its format.
    #[error("{file}: {problem}")]
    File {
        /// File, with its folder.
        file: String,
        /// What the reader met, with line and column where it has them.
        problem: String,
    },
    /// An entry that cannot be right.
    #[error("{file}, {entry}: {problem}; {repair}")]
    Entry {
        /// File, with its folder.
        file: String,
        /// Which entry.
        entry: String,
        /// What was found.
        problem: String,
        /// What would be right.
        repair: String,
    },
    /// A name that the ledger does not hold.
    #[error("the ledger holds no {what} `{name}`{}", Meant(nearest))]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// As typed.
        name: String,
        /// The nearest name that it holds.
        nearest: Option<String>,
    },
    /// Several things at once, one a line.
    #[error("{count} findings\n{text}")]
    Several {
        /// How many.
        count: usize,
        /// Each on its line.
        text: String,
    },
    /// Text that is no date.
    #[error("`{typed}` is no date: {problem}; write year-month-day, like 2025-09-16")]
    Date {
        /// As typed.
        typed: String,
        /// What is wrong with it.
        problem: String,
    },
}

struct Meant<'a>(&'a Option<String>);

impl fmt::Display for Meant<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |name| write!(formatter, "; is `{name}` meant?"))
    }
}

impl LedgerError {
    /// A name that is not held, with the nearest of those that are.
    pub fn unknown<'a>(what: &'static str, name: &str, held: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Unknown { what, name: name.to_owned(), nearest: nearest(name, held).into_iter().next() }
    }

    /// Nothing where nothing was found, the finding where there is one, else all of them.
    pub(crate) fn all(found: Vec<Self>) -> Result<(), Self> {
        match found.len() {
            0 => Ok(()),
            1 => found.into_iter().next().map_or(Ok(()), Err),
            count => {
                let text = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                Err(Self::Several { count, text })
            }
        }
    }

    pub(crate) fn file(file: &str, problem: impl fmt::Display) -> Self {
        Self::File { file: file.to_owned(), problem: problem.to_string() }
    }

    pub(crate) fn entry(
        file: &str,
        entry: impl Into<String>,
        problem: impl Into<String>,
        repair: impl Into<String>,
    ) -> Self {
        Self::Entry {
            file: file.to_owned(),
            entry: entry.into(),
            problem: problem.into(),
            repair: repair.into(),
        }
    }
}
