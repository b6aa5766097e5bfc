//! `detente levers`: what each lever does to each dial of two economies.

use std::path::PathBuf;

use clap::Args;
use detente::rebalance::{effects_bands, effects_table};
use detente::results;
use detente::uncertainty::BandSettings;
use detente_data::default_world;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_tables::input_file;
use detente_tables::output::OutputFile;
use serde_json::json;
use std::io::IsTerminal;

use crate::args::to_tolerance;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, Format};
use crate::record::wrong;

/// What `levers` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The two economies whose dials are read, with a comma between.
    #[arg(long, value_name = "CODE,CODE", value_delimiter = ',', required = true)]
    pub economies: Vec<String>,
    /// Levers of your own: `[[lever]]` blocks as in a file of targets, with `unit` and `large` (ours where absent).
    #[arg(long, value_name = "FILE")]
    pub levers: Option<PathBuf>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Where levers.csv is written, whole or not at all.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write a page with a picture for each stated aim to this file.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Runs behind the ranges on the page; none: no ranges.
    #[arg(long, value_name = "RUNS", requires = "html", value_parser = crate::args::count)]
    pub bands: Option<usize>,
    /// How the table is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Largest residual allowed.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().tolerance)]
    pub tolerance: f64,
}

/// Reads levers and prints.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let settings = to_tolerance(arguments.tolerance)?;
    let file = match &arguments.levers {
        Some(path) => {
            let label = path.display().to_string();
            let text = input_file::read_text(path).map_err(|finding| wrong(format!("{label}: {finding}")))?;
            let text = text.ok_or_else(|| wrong(format!("{label}: there is no such file")))?;
            Some((label, text))
        }
        None => None,
    };
    let file = file.as_ref().map(|(label, text)| (label.as_str(), text.as_str()));
    let closure = Closure::default();
    let table =
        effects_table::levers(&directory, &closure, &arguments.economies, file, &settings).map_err(wrong)?;
    if let Some(page) = &arguments.html {
        let dials = detente_report::rebalance::banded(&table);
        let drawn = arguments.bands.map(|draws| {
            let settings =
                BandSettings { draws, control: interrupt::control().clone(), ..BandSettings::default() };
            effects_bands::bands(&directory, &closure, &table, dials, &settings)
        });
        let bands = drawn.transpose().map_err(wrong)?;
        let asked = format!("levers --economies {}", arguments.economies.join(","));
        let foot = detente_report::made_by::line(Some(&directory), None, &asked);
        output::page(page, &detente_report::rebalance::levers_page(&table, bands.as_ref(), &foot))?;
    }
    if let Some(out) = &arguments.out {
        let summary = json!({
            "levers": table.levers.len(),
            "economies": arguments.economies,
            "benchmark": directory.benchmark.name,
            "notes": table.notes,
            "version": env!("CARGO_PKG_VERSION"),
        });
        output::results(out, &[results::summary_file(summary), OutputFile::table("levers", table.table())])?;
    }
    output::print(&match arguments.format {
        Format::Table => detente_report::rebalance::levers(&table, std::io::stdout().is_terminal()),
        Format::Csv => table.table().csv(),
        Format::Json => format!("{:#}\n", table.table().json()),
    })
}
