//! `detente ledger check`: whether the record, and folders laid over it, are sound.

use crate::{failure::Failure, output, record::Record};
use clap::Args;
use detente_ledger::check::check;
use std::path::PathBuf;

/// What `ledger check` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folders with measures of your own; the same as `--ledger`.
    #[arg(value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// Prints that the record is sound, or every finding.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut record = arguments.record;
    record.ledger.extend(arguments.folders);
    let tariffs = record.tariffs()?;
    let ledger = tariffs.ledger();
    let mut found: Vec<String> = check(ledger).iter().map(ToString::to_string).collect();
    // Product lists that scopes name are read with the lines, pair by pair.
    for id in ledger.talks_ids() {
        let Ok(talks) = ledger.talks(id) else { continue };
        for (importer, exporter) in talks.pairs() {
            if let Err(error) = tariffs.panel(&importer.code, &exporter.code) {
                found.push(error.to_string());
            }
        }
    }
    if found.is_empty() {
        let acts: usize = ledger.instruments.iter().map(|instrument| instrument.entries.len()).sum();
        let text = format!("{} instruments, {acts} acts: sound\n", ledger.instruments.len());
        return output::print(&text);
    }
    Err(Failure::WrongInput(format!(
        "{} {}\n{}",
        found.len(),
        if found.len() == 1 { "finding" } else { "findings" },
        found.join("\n")
    )))
}
