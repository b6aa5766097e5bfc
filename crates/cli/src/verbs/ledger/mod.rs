//! `detente ledger`: questions to the record beyond one product and one day.

mod averages;

use crate::failure::Failure;
use clap::{Args, Subcommand};

/// What `ledger` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Our average tariffs beside every published one, with the cause of each gap.
    Averages(averages::Arguments),
}

/// Answers.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.question {
        Question::Averages(arguments) => averages::run(arguments),
    }
}
