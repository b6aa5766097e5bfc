//! `detente rebalance`: which measures reach targets at the least cost, and what the targets cost.

use std::path::{Path, PathBuf};

use clap::Args;
use detente::ledger_tariffs::EmbeddedRecord;
use detente::rebalance::{answer, question};
use detente::uncertainty::BandSettings;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::default_world;
use detente_engine::calibration::SolveSettings;
use detente_report::can_tariffs;
use detente_tables::input_file;

use crate::args::{BasisWord, count_or_none, to_tolerance};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, Format};
use crate::record::wrong;

/// What `rebalance` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The question: a TOML file with `[[target]]`, `[[lever]]` and `cost`, or with `target` and `swap`.
    #[arg(required_unless_present = "write")]
    pub targets: Option<PathBuf>,
    /// Write the page "Can tariffs rebalance?" to this file, with its pictures beside it, instead of asking a question.
    #[arg(long, value_name = "FILE", conflicts_with = "targets")]
    pub write: Option<PathBuf>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Where the answer is written, whole or not at all.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// A folder with measures of your own, laid over the record that `ledger` names.
    #[arg(long, value_name = "DIR")]
    pub ledger: Vec<PathBuf>,
    /// Whether steps of a ledger count as far as they are collected or as the law has them.
    #[arg(long, value_enum, value_name = "BASIS")]
    pub basis: Option<BasisWord>,
    /// Further starts of the search, beside where levers start.
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = count_or_none)]
    pub starts: usize,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Largest residual allowed.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().tolerance)]
    pub tolerance: f64,
}

/// The page of the documentation, and its pictures beside it under names that begin with its own.
fn page(directory: &BenchmarkDirectory, to: Option<&Path>) -> Result<(), Failure> {
    let Some(to) = to else {
        return Err(wrong("a file of targets is needed, or `--write FILE` for the page"));
    };
    let settings = BandSettings { control: interrupt::control().clone(), ..BandSettings::default() };
    let found = can_tariffs::ask(directory, &settings).map_err(wrong)?;
    let stem = to.file_stem().unwrap_or_default().to_string_lossy();
    for (name, drawing) in found.drawings(&stem) {
        output::file(&to.with_file_name(name), drawing)?;
    }
    output::file(to, found.markdown(&stem))
}

/// Asks and prints.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let record = EmbeddedRecord::with_basis(arguments.basis.map(Into::into)).over(arguments.ledger.clone());
    let settings = to_tolerance(arguments.tolerance)?;
    let Some(targets) = &arguments.targets else { return page(&directory, arguments.write.as_deref()) };
    let label = targets.display().to_string();
    let text = input_file::read_text(targets).map_err(|finding| wrong(format!("{label}: {finding}")))?;
    let text = text.ok_or_else(|| wrong(format!("{label}: there is no such file")))?;
    let failed = |error: question::RebalanceError| {
        if error.is_wrong_input() { wrong(error) } else { Failure::NoAnswer(error.to_string()) }
    };
    let question = question::read(&label, &text, &directory, Some(&record), &settings).map_err(failed)?;
    let found = answer::ask(question, &directory, Some(&record), arguments.starts).map_err(failed)?;
    if let Some(out) = &arguments.out {
        output::results(out, &found.files(&directory))?;
    }
    output::print(&match arguments.format {
        Format::Table => detente_report::rebalance::rebalanced(&found),
        Format::Csv => found.levers().csv(),
        Format::Json => {
            let json = serde_json::json!({
                "summary": found.json(),
                "targets": found.targets().json(),
                "levers": found.levers().json(),
            });
            format!("{json:#}\n")
        }
    })?;
    match detente_report::rebalance::conflict(&found) {
        Some(conflict) => Err(Failure::NoAnswer(conflict)),
        None => Ok(()),
    }
}
