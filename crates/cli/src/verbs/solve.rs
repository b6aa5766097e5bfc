//! `detente solve`: one counterfactual.

use std::path::PathBuf;

use clap::Args;
use detente::counterfactual::{self, NoAnswer};
use detente::{default_world, results, scenario};
use detente_engine::calibration::SolveSettings;

use crate::failure::Failure;
use crate::output::{self, Format};

/// What `solve` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The scenario: a TOML file, or the name of one of our examples.
    pub scenario: PathBuf,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Where the results are written, whole or not at all.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Largest residual allowed.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().tolerance)]
    pub tolerance: f64,
    /// Newton steps before giving up.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().max_iterations)]
    pub max_iterations: usize,
}

/// Solves and prints.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let scenario = scenario::open(&arguments.scenario, &directory, None).map_err(wrong)?;
    let settings = settings(arguments.tolerance, arguments.max_iterations)?;
    let answer = counterfactual::solve(&directory, scenario, &settings).map_err(no_answer)?;
    if let Some(out) = &arguments.out {
        results::write(out, &results::files(&directory, &answer, &[])).map_err(wrong)?;
        eprintln!("results in {}", out.display());
    }
    output::print(&match arguments.format {
        Format::Table => results::screen::answer(&directory, &answer),
        Format::Csv => results::economies(&answer, &[]),
        Format::Json => format!("{:#}\n", results::json(&directory, &answer)),
    })
}

/// Settings of a solve, refused where they ask for nothing or for more than floating point can give.
pub fn settings(tolerance: f64, max_iterations: usize) -> Result<SolveSettings, Failure> {
    if !(1e-15..=1e-2).contains(&tolerance) {
        return Err(Failure::WrongInput(format!(
            "--tolerance {tolerance}: a number between 1e-15 and 0.01 is needed"
        )));
    }
    Ok(SolveSettings { tolerance, max_iterations })
}

/// Wrong input.
pub fn wrong(problem: impl std::fmt::Display) -> Failure {
    Failure::WrongInput(problem.to_string())
}

/// Wrong input, or a question without an answer.
pub fn no_answer(error: NoAnswer) -> Failure {
    if error.is_wrong_input() { wrong(error) } else { Failure::NoAnswer(error.to_string()) }
}
