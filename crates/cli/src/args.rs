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
