//! `detente compare`: several counterfactuals, side by side.

use std::path::PathBuf;

use clap::Args;
use detente::results::comparison;
use detente::uncertainty::headline::Bands;
use detente::{counterfactual, scenario};
use detente_data::default_world;
use detente_report::answers_page;

use detente_tables::result_table::UnlikeTables;

use super::solve::{bands, no_answer};
use crate::args::{BasisWord, Numerics};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, Format};
use crate::record::{for_scenarios, wrong};

/// What `compare` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The scenarios: TOML files, or names of our examples.
    #[arg(required = true)]
    pub scenarios: Vec<PathBuf>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Where the results are written, a folder for each scenario, whole or not at all.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// A folder with measures of your own, laid over the record that a scenario's `ledger` names.
    #[arg(long, value_name = "DIR")]
    pub ledger: Vec<PathBuf>,
    /// Also write the answer as one self-contained page with pictures.
    #[arg(long, value_name = "FILE", value_parser = crate::args::page)]
    pub html: Option<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Whether steps of a ledger count as far as they are collected or as the law has them, whatever the scenario says.
    #[arg(long, value_enum, value_name = "BASIS")]
    pub basis: Option<BasisWord>,
    #[command(flatten)]
    pub numerics: Numerics,
}

/// Solves all and prints them side by side.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let record = for_scenarios(arguments.basis.map(Into::into), &arguments.ledger)?;
    let scenarios = arguments.scenarios.iter().map(|path| scenario::open(path, &directory, Some(&record)));
    let scenarios = scenarios.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let settings = arguments.numerics.settings()?;
    let answers =
        counterfactual::solve_all(interrupt::control(), &directory, scenarios, &settings).map_err(wrong)?;
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>().map_err(no_answer)?;
    let answers: Vec<_> = answers.iter().collect();
    let drawn = arguments
        .numerics
        .bands
        .map(|runs| answers.iter().map(|answer| bands(&directory, answer, runs)).collect());
    let drawn: Vec<Bands> = drawn.transpose()?.unwrap_or_default();
    if let Some(file) = &arguments.html {
        output::page(file, &answers_page::compared(&directory, &answers, &drawn))?;
    }
    if let Some(out) = &arguments.out {
        let mut files = comparison::files(&directory, &answers).map_err(fault)?;
        let folders =
            answers.iter().enumerate().map(|(position, answer)| comparison::folder(position, answer));
        files.extend(folders.zip(&drawn).map(|(folder, bands)| bands.file().below(&folder)));
        output::results(out, &files)?;
    }
    output::print(&match arguments.format {
        Format::Table => {
            let mut text = detente_report::counterfactual::side_by_side(&directory, &answers);
            for (answer, bands) in answers.iter().zip(&drawn) {
                text.push_str(&format!(
                    "\n{}\n{}",
                    answer.scenario.name,
                    detente_report::bands::screen(bands)
                ));
            }
            text
        }
        Format::Csv if !drawn.is_empty() => comparison::bands(&answers, &drawn).map_err(fault)?.csv(),
        Format::Csv => comparison::table(&answers).map_err(fault)?.csv(),
        Format::Json => {
            let mut json = comparison::json(&directory, &answers);
            if !drawn.is_empty() {
                json["bands"] = drawn.iter().map(Bands::json).collect();
            }
            format!("{json:#}\n")
        }
    })
}

/// Answers of one benchmark have the same columns: anything else is our mistake.
fn fault(unlike: UnlikeTables) -> Failure {
    Failure::Fault(unlike.to_string())
}
