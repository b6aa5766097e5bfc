//! What is wrong with an input: in which file, where in it, what was found and what would be right.

use std::fmt;

use crate::nearest::shown;

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// A line of a text file, counted from one.
    Line(u64),
    /// A row of a table without lines (Parquet), counted from one.
    Row(u64),
    /// A key of a TOML file and the line on which it stands.
    Key(String, u64),
}

impl Place {
    /// In words, for a message about another place.
    pub fn words(&self) -> String {
        match self {
            Place::Whole => "the same file".to_string(),
            Place::Line(line) | Place::Key(_, line) => format!("line {line}"),
            Place::Row(row) => format!("row {row}"),
        }
    }
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Path of the file, as given or below the directory as given.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What was found and what would be right.
    pub finding: Box<Finding>,
}

impl Problem {
    /// A problem at a place of a file.
    pub fn at(file: impl Into<String>, place: Place, finding: Finding) -> Self {
        Self { file: file.into(), place, finding: Box::new(finding) }
    }

    /// A problem of a whole file.
    pub fn whole(file: impl Into<String>, finding: Finding) -> Self {
        Self::at(file, Place::Whole, finding)
    }

    /// A problem at a key of a TOML file.
    pub fn key(file: impl Into<String>, key: impl Into<String>, line: u64, finding: Finding) -> Self {
        Self::at(file, Place::Key(key.into(), line), finding)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finding = readable(&self.finding.to_string());
        match &self.place {
            Place::Whole => write!(formatter, "{}: {finding}", self.file),
            Place::Line(line) => write!(formatter, "{}:{line}: {finding}", self.file),
            Place::Row(row) => write!(formatter, "{}, row {row}: {finding}", self.file),
            Place::Key(key, line) => {
                write!(formatter, "{}:{line}: `{}`: {finding}", self.file, readable(key))
            }
        }
    }
}

impl std::error::Error for Problem {}

/// Words of a message that are longer than any name are shown by their beginning: what was found may be a megabyte without a space.
fn readable(text: &str) -> String {
    const LONGEST: usize = 400;
    if text.len() <= LONGEST || text.split(' ').all(|word| word.len() <= LONGEST) {
        return text.to_owned();
    }
    text.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

/// What was found and what would be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Finding {
    /// The file or directory is not there.
    #[error("there is no such {what}; {right}")]
    Missing {
        /// `file`, `directory` or `table`.
        what: &'static str,
        /// What would be right.
        right: String,
    },
    /// The operating system could not read it.
    #[error("cannot be read: {reason}")]
    Unreadable {
        /// The system's own words.
        reason: String,
    },
    /// Nothing in it.
    #[error("is empty; {right}")]
    Empty {
        /// What would be right.
        right: String,
    },
    /// One table in two forms.
    #[error(
        "the table `{table}` is here in two forms, {forms}; keep one, so that it is clear which one counts"
    )]
    TwoForms {
        /// Its name.
        table: String,
        /// The files.
        forms: String,
    },
    /// A file whose name is nearly that of a table and would be ignored.
    #[error("is no table of a benchmark; {suggestion}")]
    UnknownFile {
        /// The nearest names.
        suggestion: String,
    },
    /// A column that the contract does not know.
    #[error("unknown column `{column}`; {suggestion}")]
    UnknownColumn {
        /// The column.
        column: String,
        /// The nearest names.
        suggestion: String,
    },
    /// A column that is needed and not there.
    #[error("the column `{column}` is missing; the columns are {expected}")]
    MissingColumn {
        /// The column.
        column: String,
        /// All that the table has.
        expected: String,
    },
    /// The file is not well-formed.
    #[error("{reason}")]
    Syntax {
        /// The reader's words, with what would be right.
        reason: String,
    },
    /// A key that the contract does not know.
    #[error("unknown key; {suggestion}")]
    UnknownKey {
        /// The nearest names.
        suggestion: String,
    },
    /// A code that the benchmark does not have.
    #[error("unknown {what} `{found}`; {suggestion}")]
    UnknownCode {
        /// `economy`, `sector`, …
        what: &'static str,
        /// What was written.
        found: String,
        /// The nearest names.
        suggestion: String,
    },
    /// A word that is none of the words allowed here.
    #[error("`{found}` is none of the values allowed; {suggestion}")]
    UnknownWord {
        /// What was written.
        found: String,
        /// The nearest names.
        suggestion: String,
    },
    /// Text where a number should be.
    #[error("{column} `{found}` is no number; a finite decimal number is needed")]
    NotANumber {
        /// Column or key.
        column: String,
        /// What was written.
        found: String,
    },
    /// A number outside its domain.
    #[error("{what}{cell} is {found}; {rule}")]
    Domain {
        /// Which quantity.
        what: String,
        /// Where, for instance ` [USA, CHN, AGR]`; may be empty.
        cell: String,
        /// The number.
        found: f64,
        /// What would be right.
        rule: String,
    },
    /// The same key twice.
    #[error("the key {key} stands here a second time, first in {first}; each may stand once")]
    Duplicate {
        /// The key.
        key: String,
        /// Where it stood before.
        first: String,
    },
    /// Shares that do not add up to one.
    #[error("{what}{cell} add up to {found}, not to one (tolerance 1e-6)")]
    SharesOffOne {
        /// Which shares.
        what: &'static str,
        /// Where.
        cell: String,
        /// Their sum.
        found: f64,
    },
    /// Two tables contradict each other.
    #[error("{what}: {found}; {rule}")]
    Inconsistent {
        /// Which quantity.
        what: String,
        /// What was found.
        found: String,
        /// What would be right.
        rule: String,
    },
    /// The economy's markets are too far from clearing.
    #[error(
        "use and spending differ by {:.4} of all spending (the market gap), more than 0.10; worst cells: {worst}. \
         Check units and the orientation of trade, input shares and final shares",
        gap
    )]
    MarketGap {
        /// Σ|use − spending| / Σ spending.
        gap: f64,
        /// The worst cells.
        worst: String,
    },
    /// A date that does not exist.
    #[error("`{found}` is no date; {right}")]
    NoSuchDate {
        /// What was written.
        found: String,
        /// What would be right.
        right: String,
    },
    /// Keys that exclude or need each other.
    #[error("{reason}")]
    Combination {
        /// Which, and what would be right.
        reason: String,
    },
}

/// All that is wrong with an input; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Problems(pub Vec<Problem>);

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 12;
        for (position, problem) in self.0.iter().take(SHOWN).enumerate() {
            if position > 0 {
                writeln!(formatter)?;
            }
            write!(formatter, "{problem}")?;
        }
        if self.0.len() > SHOWN {
            write!(formatter, "\nand {} more of this input", self.0.len() - SHOWN)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
