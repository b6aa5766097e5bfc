//! `detente data`: bring benchmarks in, regroup them, check them, describe them.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use detente::aside;
use detente::benchmark_directory::metadata;
use detente::import::{self, recipe};

use crate::failure::Failure;
use crate::output;

/// What `data` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a benchmark directory from long CSV, an OECD inter-country table or a WIOD table.
    Import(Import),
}

/// What `data import` takes.
#[derive(Args, Debug)]
struct Import {
    /// The directory of long tables, or the file of a wide or long input-output table.
    source: PathBuf,
    /// Where the benchmark is written.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How it is made (kept beside the tables); the options below override it.
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Layout of the source.
    #[arg(long, value_enum, value_name = "LAYOUT")]
    from: Option<From>,
    /// The source's column of exporters.
    #[arg(long, value_name = "COLUMN")]
    exporter: Option<String>,
    /// The source's column of importers.
    #[arg(long, value_name = "COLUMN")]
    importer: Option<String>,
    /// The source's column of sectors.
    #[arg(long, value_name = "COLUMN")]
    sector: Option<String>,
    /// The source's column of values.
    #[arg(long, value_name = "COLUMN")]
    value: Option<String>,
    /// The source's column of tariff rates.
    #[arg(long, value_name = "COLUMN")]
    rate: Option<String>,
    /// Table `sector,name,kind,trade_elasticity`, where the source has none.
    #[arg(long, value_name = "FILE")]
    sectors: Option<PathBuf>,
    /// Table `economy,name,members`, where the source has none.
    #[arg(long, value_name = "FILE")]
    economies: Option<PathBuf>,
    /// Table `exporter,importer,sector,rate`, where the source has none.
    #[arg(long, value_name = "FILE")]
    tariffs: Option<PathBuf>,
    /// Name of the benchmark.
    #[arg(long)]
    name: Option<String>,
    /// Year of the benchmark; selects it where the source has several.
    #[arg(long)]
    year: Option<i32>,
    /// Unit of the values.
    #[arg(long)]
    unit: Option<String>,
}

/// Layouts that can be imported.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum From {
    /// A directory of long tables.
    LongCsv,
    /// OECD ICIO, one wide CSV.
    OecdIcio,
    /// WIOD in long form.
    Wiod,
}

/// Runs `data`.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Import(arguments) => run_import(arguments),
    }
}

fn run_import(arguments: Import) -> Result<(), Failure> {
    let (mut recipe, recipe_text) = match &arguments.recipe {
        Some(path) => import::read_recipe(path).map_err(wrong)?,
        None => (recipe::Recipe::default(), String::new()),
    };
    if let Some(layout) = arguments.from {
        recipe.layout = match layout {
            From::LongCsv => recipe::Layout::LongCsv,
            From::OecdIcio => recipe::Layout::OecdIcio,
            From::Wiod => recipe::Layout::Wiod,
        };
    }
    let columns = [
        ("exporter", &arguments.exporter),
        ("importer", &arguments.importer),
        ("sector", &arguments.sector),
        ("value", &arguments.value),
        ("rate", &arguments.rate),
    ];
    for (contract, column) in columns {
        if let Some(column) = column {
            recipe.columns.insert(contract.to_string(), column.clone());
        }
    }
    let tables = [
        ("sectors", &arguments.sectors),
        ("economies", &arguments.economies),
        ("tariffs", &arguments.tariffs),
    ];
    for (table, file) in tables {
        if let Some(file) = file {
            // Paths typed on the command line start at the working directory, not at the source.
            let file = std::path::absolute(file).map_err(|error| Failure::WrongInput(error.to_string()))?;
            recipe.files.insert(table.to_string(), file.display().to_string());
        }
    }
    let labels = &mut recipe.benchmark;
    labels.name = arguments.name.or(labels.name.take());
    labels.unit = arguments.unit.or(labels.unit.take());
    labels.year = arguments.year.or(labels.year);
    let imported = import::import(&arguments.source, &recipe, &recipe_text).map_err(wrong)?;
    write(&arguments.out, &imported.files)?;
    for note in imported.notes.iter().chain(&imported.directory.notes) {
        eprintln!("note: {note}");
    }
    let benchmark = &imported.directory.benchmark;
    output::print(&format!(
        "{}: {} economies, {} sectors, market gap {:.1e}, {} files in {}\n",
        benchmark.name,
        benchmark.economies.len(),
        benchmark.sectors.len(),
        imported.directory.market_gap.gap,
        imported.files.len(),
        arguments.out.display()
    ))
}

fn write(out: &Path, files: &[(String, String)]) -> Result<(), Failure> {
    aside::write(out, metadata::FILE, files).map_err(|error| Failure::WrongInput(error.to_string()))
}

fn wrong(problems: impl std::fmt::Display) -> Failure {
    Failure::WrongInput(problems.to_string())
}
