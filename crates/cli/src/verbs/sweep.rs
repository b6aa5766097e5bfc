//! `detente sweep`: one scenario asked many times, resumable.

use std::path::PathBuf;

use clap::Args;
use detente::ledger_tariffs::EmbeddedRecord;
use detente::sweep::spec::Spec;
use detente::sweep::{self, Summary, SweepError};
use detente_data::default_world;
use detente_engine::calibration::SolveSettings;
use detente_engine::parallel::Control;
use detente_tables::number::signed;

use crate::args::{BasisWord, to_tolerance};
use crate::failure::Failure;
use crate::output::{self, Format};
use crate::record::wrong;

/// What `sweep` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The specification: a TOML file with `scenario`, `[[vary]]` (`key` and `values`, or `from`, `to`, `steps`) and `[draws]`.
    pub spec: PathBuf,
    /// Where runs.csv, economies.csv and summary.json are written, whole or not at all; an interrupted sweep is taken up again.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// A folder with measures of your own, laid over the record that the scenario's `ledger` names.
    #[arg(long, value_name = "DIR")]
    pub ledger: Vec<PathBuf>,
    /// Whether steps of a ledger count as far as they are collected or as the law has them, whatever the scenario says.
    #[arg(long, value_enum, value_name = "BASIS")]
    pub basis: Option<BasisWord>,
    /// How the summary is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Largest residual allowed.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().tolerance)]
    pub tolerance: f64,
}

/// Solves all runs and prints how they spread.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let record = EmbeddedRecord::with_basis(arguments.basis.map(Into::into)).over(arguments.ledger.clone());
    let spec = Spec::open(&arguments.spec).map_err(wrong)?;
    let settings = to_tolerance(arguments.tolerance)?;
    let mut said = None;
    let progress = |done: usize, all: usize| {
        let tenth = 10 * done / all.max(1);
        if said != Some(tenth) {
            output::note(format_args!("{done} of {all} runs"));
            said = Some(tenth);
        }
    };
    let summary = sweep::run(
        &spec,
        &directory,
        Some(&record),
        &settings,
        &Control::default(),
        &arguments.out,
        progress,
    )
    .map_err(|error| match error {
        SweepError::Run { ref reason, .. } if !reason.is_wrong_input() => {
            Failure::NoAnswer(error.to_string())
        }
        error => wrong(error),
    })?;
    output::note(format_args!("results in {}", arguments.out.display()));
    output::print(&match arguments.format {
        Format::Table => screen(&summary),
        Format::Json => format!("{:#}\n", summary.json(&directory)),
        Format::Csv => csv(&summary),
    })?;
    if summary.converged == 0 {
        return Err(Failure::NoAnswer("none of the runs converged; runs.csv has their residuals".to_owned()));
    }
    Ok(())
}

fn screen(summary: &Summary) -> String {
    let taken_up = match summary.taken_up {
        0 => String::new(),
        count => format!(", {count} of them found before an interruption"),
    };
    let mut text = format!(
        "{}: {} of {} runs converged{taken_up}; largest residual {:.0e}\n\
         income (exact welfare), percent, {}: lowest, median, highest over the runs\n",
        summary.name, summary.converged, summary.runs, summary.max_residual, summary.horizon
    );
    for (code, [low, median, high]) in &summary.income {
        let [low, median, high] = [low, median, high].map(|value| signed(Some(*value)));
        text.push_str(&format!("  {code:<6}{low:>10}{median:>10}{high:>10}\n"));
    }
    text
}

fn csv(summary: &Summary) -> String {
    let rows =
        summary.income.iter().map(|(code, [low, median, high])| format!("{code},{low},{median},{high}\n"));
    format!("economy,lowest_welfare_pct,median_welfare_pct,highest_welfare_pct\n{}", rows.collect::<String>())
}
