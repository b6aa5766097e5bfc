//! `detente ledger`: questions to the record beyond one product and one day.

mod averages;
mod averages_by_partner;
mod check;
mod collected;
mod export;
mod history;
mod lapses;
mod reconcile;

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
    /// The schedule of the year of trade beside the duty that was collected, by sector.
    Collected(collected::Arguments),
    /// A benchmark's tariffs beside the ledger's, by sector: the level in the data, and the change since.
    Reconcile(reconcile::Arguments),
    /// The whole panel: every line, every layer charged on it, and the days.
    Export(export::Arguments),
    /// What snaps back on a day if nobody signs, with the trade and the duty at stake.
    Lapses(lapses::Arguments),
    /// Every act of a measure, or every change of the duty on a product.
    History(history::Arguments),
    /// Whether the record, and folders laid over it, are sound: file, entry, repair.
    Check(check::Arguments),
}

/// Answers.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.question {
        Question::Averages(arguments) => averages::run(arguments),
        Question::Collected(arguments) => collected::run(arguments),
        Question::Reconcile(arguments) => reconcile::run(arguments),
        Question::Export(arguments) => export::run(arguments),
        Question::Lapses(arguments) => lapses::run(arguments),
        Question::History(arguments) => history::run(arguments),
        Question::Check(arguments) => check::run(arguments),
    }
}
