//! `detente backtest`: the tariffs of past episodes through each horizon, against what happened.

use crate::{failure::Failure, output};
use clap::Args;
use detente::uncertainty::BandSettings;
use detente_validation::backtest::{self, BacktestError, Report, page};
use std::path::PathBuf;

/// What `backtest` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Episode (2018-2019, 2025); both unless said otherwise.
    pub episode: Option<String>,
    /// Runs of the long horizon's band.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = crate::args::count)]
    pub draws: usize,
    /// Write the page to this file instead of printing it.
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}

/// Prints or writes the page.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let world =
        detente_data::default_world::open().map_err(|problems| Failure::Fault(problems.to_string()))?;
    let control = crate::interrupt::control().clone();
    let settings = BandSettings { draws: arguments.draws, control, ..BandSettings::default() };
    let mut report = backtest::run(&world.benchmark, &settings).map_err(failure)?;
    if let Some(name) = &arguments.episode {
        keep(&mut report, name)?;
    }
    let text = page::markdown(&report).map_err(failure)?;
    output::print_or_write(arguments.write.as_deref(), &text)
}

fn keep(report: &mut Report, name: &str) -> Result<(), Failure> {
    let known: Vec<String> = report.episodes.iter().map(|backtest| backtest.episode.name.clone()).collect();
    report.episodes.retain(|backtest| backtest.episode.name == *name);
    if report.episodes.is_empty() {
        return Err(Failure::WrongInput(format!(
            "no episode is named `{name}`; there are {}",
            known.join(", ")
        )));
    }
    Ok(())
}

fn failure(error: BacktestError) -> Failure {
    match error {
        BacktestError::NotConverged { .. } => Failure::NoAnswer(error.to_string()),
        _ => Failure::Fault(error.to_string()),
    }
}
