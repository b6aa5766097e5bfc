//! `detente break-it`: what theory says must hold, checked.

use crate::{failure::Failure, output};
use clap::Args;
use detente_validation::theory::{self, CheckError, Status};
use std::path::PathBuf;

/// What `break-it` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folder of validation data that may not be shipped; checks that need it are skipped without.
    #[arg(long, value_name = "DIR")]
    pub validation: Option<PathBuf>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Write the page to this file instead of printing it.
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}

/// Runs the checks; exit status 1 where one is broken.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = detente_data::default_world::open_or(arguments.benchmark.as_deref())
        .map_err(|problems| Failure::WrongInput(problems.to_string()))?;
    let checks = theory::run(&directory.benchmark, arguments.validation.as_deref()).map_err(failure)?;
    let page = theory::markdown(&checks);
    output::print_or_write(arguments.write.as_deref(), &page)?;
    let broken: Vec<&str> = checks
        .iter()
        .filter(|check| check.status == Status::Broken)
        .map(|check| check.name.as_str())
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(Failure::NoAnswer(format!("broken: {}", broken.join("; ")))) }
}

fn failure(error: CheckError) -> Failure {
    match error {
        CheckError::Data(problems) => Failure::WrongInput(problems.to_string()),
        _ => Failure::NoAnswer(error.to_string()),
    }
}
