//! `detente data balance` and `data extrapolate`: flows moved to totals that are known, or by factors, and the inputs after them.

use std::path::{Path, PathBuf};

use clap::Args;
use detente_data::balance::{self, Report};
use detente_data::benchmark_directory::{self, BenchmarkDirectory, write};
use detente_data::default_world;
use detente_engine::benchmark::Benchmark;
use detente_tables::atomic_write;
use detente_tables::diagnostics::Problems;
use detente_tables::folder::Folder;
use detente_tables::table::Table;

use super::table_file::table;
use crate::failure::Failure;
use crate::output;
use crate::record::wrong;

/// Name of the report in the directory of the benchmark.
const REPORT: &str = "balance-report.json";

/// What `data balance` takes.
#[derive(Args, Debug)]
pub struct Balance {
    /// Table `kind,economy,sector,value`: `output`, `use`, `imports`, `exports` (an empty sector: all together) or `value-added`.
    targets: PathBuf,
    #[command(flatten)]
    places: Places,
}

/// What `data extrapolate` takes.
#[derive(Args, Debug)]
pub struct Extrapolate {
    /// Table `exporter,importer,sector,factor`, any of which may be `all`; a cell takes the last row that names it.
    growth: PathBuf,
    /// What the benchmark's name gains, for instance "2024 import levels".
    #[arg(long, value_name = "TEXT", default_value = "extrapolated")]
    label: String,
    #[command(flatten)]
    places: Places,
}

/// From where and to where.
#[derive(Args, Debug)]
struct Places {
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// Where the benchmark is written.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Runs `data balance`.
pub fn run_balance(arguments: &Balance) -> Result<(), Failure> {
    run(&arguments.places, &arguments.targets, balance::balance)
}

/// Runs `data extrapolate`.
pub fn run_extrapolate(arguments: &Extrapolate) -> Result<(), Failure> {
    run(&arguments.places, &arguments.growth, |benchmark, table| {
        balance::extrapolate(benchmark, table, &arguments.label)
    })
}

fn run(
    places: &Places,
    file: &Path,
    work: impl Fn(&Benchmark, &Table) -> Result<(Benchmark, Report), Problems>,
) -> Result<(), Failure> {
    let directory: BenchmarkDirectory = default_world::open_or(places.benchmark.as_deref()).map_err(wrong)?;
    let (made, report) = work(&directory.benchmark, &table(file)?).map_err(wrong)?;
    let mut files =
        write::files(&made, &directory.quality, &directory.tariff_provenance, write::Precision::default());
    // What is written is read back before it is put in its place: it is refused for the same reasons as any.
    let name = places.out.display().to_string();
    let read = benchmark_directory::read(&Folder::Memory { name, files: files.clone() }).map_err(wrong)?;
    let text = serde_json::to_string_pretty(&report).map_err(|error| Failure::Fault(error.to_string()))?;
    files.push((REPORT.into(), text + "\n"));
    let sources = [Some(file), places.benchmark.as_deref()];
    atomic_write::refuse_sources(&places.out, sources.into_iter().flatten()).map_err(wrong)?;
    output::directory(&places.out, &benchmark_directory::OUTPUTS, &files)?;
    for (cell, before, after) in &report.largest_cells {
        output::note(format_args!("note: {cell} {before:.3} to {after:.3}"));
    }
    report.notes.iter().for_each(|note| output::note(format_args!("note: {note}")));
    let moved = report.economies.iter().max_by(|left, right| left.share_moved.total_cmp(&right.share_moved));
    let moved = moved.map_or(String::new(), |most| {
        format!(
            "; inputs moved most in {} ({:.4} of them, {} rounds)",
            most.economy, most.share_moved, most.rounds
        )
    });
    output::print(&format!(
        "{}: {} rounds, largest factor {:.4}{moved}, market gap {:.1e}, {} files in {}\n",
        read.benchmark.name,
        report.rounds,
        report.largest_factor,
        read.market_gap.gap,
        files.len(),
        places.out.display()
    ))
}
