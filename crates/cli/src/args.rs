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

/// A count of draws or points: one at the least, and not so many that no memory holds them.
pub fn count(typed: &str) -> Result<usize, String> {
    const MOST: usize = 100_000;
    match typed.parse::<usize>() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(count),
        _ => Err(format!("a whole number from 1 to {MOST} is needed")),
    }
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
