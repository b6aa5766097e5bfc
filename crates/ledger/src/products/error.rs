//! What can be wrong with a product file or a typed code, with the file, the line and the repair.

use thiserror::Error;

/// A product file that cannot be read, or a code that is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProductError {
    /// Not a product code.
    #[error(
        "`{typed}` is no product code: {problem}. Write 2, 4, 6, 8 or 10 digits, with or without dots, like 8471.30.01"
    )]
    Code {
        /// As typed.
        typed: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A code that the importer's schedule does not have.
    #[error("the schedule has no line {code}{}; the lines on record are those of {schedule}", near.as_ref().map(|near| format!("; near it are {near}")).unwrap_or_default())]
    NoLine {
        /// As printed in a schedule.
        code: String,
        /// Lines nearby.
        near: Option<String>,
        /// The edition that the record has.
        schedule: String,
    },
    /// A row of a product file that cannot be read.
    #[error("{file}, line {line}: {problem}; {repair}")]
    Row {
        /// File name below the data folder.
        file: String,
        /// Line number, counted from 1.
        line: usize,
        /// What was found.
        problem: String,
        /// What would be right.
        repair: String,
    },
    /// A scope that cannot be meant.
    #[error("{problem}; {repair}")]
    Scope {
        /// What is wrong.
        problem: String,
        /// What would be right.
        repair: &'static str,
    },
    /// A file that is named and not there.
    #[error("no file `{file}`{}", nearest.as_ref().map(|name| format!("; is `{name}` meant?")).unwrap_or_default())]
    Absent {
        /// The name that was looked for.
        file: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
}

impl ProductError {
    /// A row of a file that is wrong: where, what was found, what would be right.
    pub fn row(file: &str, line: usize, problem: impl Into<String>, repair: impl Into<String>) -> Self {
        Self::Row { file: file.to_owned(), line, problem: problem.into(), repair: repair.into() }
    }
}
