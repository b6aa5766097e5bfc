//! What the library refuses, and what has no answer.

use detente_ledger::error::LedgerError;
use detente_ledger::tariff::TariffError;
use detente_tables::diagnostics::{Problem, Problems};

use crate::counterfactual::NoAnswer;
use crate::scenario::document::ScenarioWriteError;
use crate::uncertainty::BandError;

/// One error for all that the front door does; its text says file, line and key where there are any, what was found and what would be right.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A benchmark or a scenario is wrong.
    #[error(transparent)]
    Input(#[from] Problems),
    /// A question without an answer, or one that the engine refuses.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// The record refuses: an unknown party, code or day.
    #[error(transparent)]
    Duty(#[from] TariffError),
    /// The record cannot be read.
    #[error(transparent)]
    Record(#[from] LedgerError),
    /// A band cannot be drawn.
    #[error(transparent)]
    Bands(#[from] BandError),
    /// A scenario cannot be written.
    #[error(transparent)]
    Write(#[from] ScenarioWriteError),
    /// A name that the world does not know.
    #[error("the world `{world}` has no {what} `{found}`; {suggestion}")]
    Unknown {
        /// Name of the benchmark.
        world: String,
        /// Economy, sector or outcome.
        what: &'static str,
        /// What was given.
        found: String,
        /// What would be right.
        suggestion: String,
    },
    /// An outcome that this answer does not define: another horizon, or an exposure.
    #[error("this answer has no `{outcome}`: {why}")]
    Undefined {
        /// Name of the outcome.
        outcome: String,
        /// Why.
        why: &'static str,
    },
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Input(problem.into())
    }
}

impl Error {
    /// Whether the input is wrong, rather than the question without an answer.
    pub fn is_wrong_input(&self) -> bool {
        match self {
            Error::NoAnswer(refusal) => refusal.is_wrong_input(),
            Error::Undefined { .. } => false,
            _ => true,
        }
    }
}
