//! What was typed.

use crate::verbs::Verb;
use clap::Parser;

/// The open engine for trade wars and trade talks.
#[derive(Debug, Parser)]
#[command(name = "detente", version, about, max_term_width = 110)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}
