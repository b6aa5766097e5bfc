//! What was typed.

use crate::verbs::Verb;
use clap::Parser;
use detente::collection::Basis;

/// The open engine for trade wars and trade talks.
#[derive(Debug, Parser)]
#[command(name = "detente", version, about, max_term_width = 110)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// More draws or points than this are a slip: no memory holds them.
const MOST: usize = 100_000;

/// A count of draws or points: one at the least.
pub fn count(typed: &str) -> Result<usize, String> {
    match count_or_none(typed) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(format!("a whole number from 1 to {MOST} is needed")),
    }
}

/// A count of draws, none where it is zero.
pub fn count_or_none(typed: &str) -> Result<usize, String> {
    let count = typed.parse().ok().filter(|count| *count <= MOST);
    count.ok_or_else(|| format!("a whole number up to {MOST} is needed"))
}

/// `--basis`.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum BasisWord {
    /// Times the measured share that is collected, where data give it.
    #[default]
    Collected,
    /// As the law has it.
    Statute,
}

impl From<BasisWord> for Basis {
    fn from(word: BasisWord) -> Self {
        match word {
            BasisWord::Collected => Basis::Collected,
            BasisWord::Statute => Basis::Statute,
        }
    }
}
