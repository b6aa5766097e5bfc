//! `detente data`: bring benchmarks in, regroup them, check them, describe them.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use detente_data::aggregate::{self, Mapping};
use detente_data::benchmark_directory::codes::Codes;
use detente_data::benchmark_directory::{self, write};
use detente_data::default_world;
use detente_data::import::rules::{Margins, Negative, ValueAdded};
use detente_data::import::{self, recipe};
use detente_report::benchmark;
use detente_tables::atomic_write::{self, Files};
use detente_tables::folder::Folder;
use detente_tables::table::csv_text;

use super::table_file::table;
use super::{balance, benchmark_export, data_elasticities, har, split};
use crate::failure::Failure;
use crate::output::{self, Format};
use crate::record::wrong;

/// What `data` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a benchmark directory from long CSV, the OECD's tables, WIOD, a folder of pymrio or GTAP's header arrays.
    Import(Box<Import>),
    /// A benchmark for other programs.
    Export(benchmark_export::Arguments),
    /// What stands in a header-array file, or one array of it.
    Har(har::Arguments),
    /// Fewer economies or sectors, by mapping tables.
    Aggregate(Aggregate),
    /// Flows moved to totals that are known, and the inputs after them.
    Balance(balance::Balance),
    /// Flows moved by factors, and the inputs after them.
    Extrapolate(balance::Extrapolate),
    /// The elasticities of a set on any benchmark, through a concordance where its sectors are others.
    Elasticities(data_elasticities::Arguments),
    /// A product carved out of a sector, so that what is done to it alone can be asked.
    Split(split::Split),
    /// All that is wrong with a benchmark; the market gap and the worst cells.
    Check(Show),
    /// Source, year, licence, quality by economy, and what the tariffs contain.
    Describe(Show),
}

/// What `data check` and `data describe` take.
#[derive(Args, Debug)]
struct Show {
    /// Directory of the benchmark (the embedded world where absent).
    benchmark: Option<PathBuf>,
    /// The same as an option, as with the other commands.
    #[arg(long = "benchmark", value_name = "DIR", conflicts_with = "benchmark")]
    named: Option<PathBuf>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Show {
    fn path(&self) -> Option<&Path> {
        self.benchmark.as_deref().or(self.named.as_deref())
    }
}

/// What `data aggregate` takes.
#[derive(Args, Debug)]
struct Aggregate {
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// Table `economy,group` and optionally `name`; every economy stands once.
    #[arg(long, value_name = "FILE")]
    economies: Option<PathBuf>,
    /// Table `sector,group` and optionally `name`; every sector stands once.
    #[arg(long, value_name = "FILE")]
    sectors: Option<PathBuf>,
    /// Table `from,to` and optionally `name`: groups of economies and of sectors in one file; a code that it does not name stays alone.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["economies", "sectors"])]
    map: Option<PathBuf>,
    /// Rows of the map whose code this benchmark does not have are left out and counted, instead of refused.
    #[arg(long, requires = "map")]
    drop_unused: bool,
    /// Where the benchmark is written.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
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
    /// Every value of the source times this (0.001 where it counts in thousands).
    #[arg(long, value_name = "FACTOR")]
    scale: Option<f64>,
    /// Sales to final demand below zero: `zero` (output grows), or `spread` over the row's other destinations.
    #[arg(long, value_name = "RULE", value_parser = ["zero", "spread"])]
    negative: Option<String>,
    /// Value added: `stated` refuses a table that is 5 percent or more off what it states, `residual` takes it.
    #[arg(long, value_name = "RULE", value_parser = ["stated", "residual"])]
    value_added: Option<String>,
    /// Transport margins that stand apart: bought by the `importer` of all who sell transport, or `cif` of the good's exporter.
    #[arg(long, value_name = "RULE", value_parser = ["importer", "cif"])]
    margins: Option<String>,
}

/// Layouts that can be imported.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum From {
    /// A directory of long tables.
    LongCsv,
    /// OECD ICIO, one wide CSV of any of five editions, packed or not.
    OecdIcio,
    /// WIOD: long, or the wide tables of 2013 and 2016 (CSV, data of R, workbook).
    Wiod,
    /// A folder or archive as pymrio writes it.
    Pymrio,
    /// A folder of GTAP base data: basedata.har, sets.har, default.prm.
    Gtap,
    /// Whichever of these the bytes show.
    Auto,
}

/// Runs `data`.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Import(arguments) => run_import(*arguments),
        What::Balance(arguments) => balance::run_balance(&arguments),
        What::Extrapolate(arguments) => balance::run_extrapolate(&arguments),
        What::Elasticities(arguments) => data_elasticities::run(&arguments),
        What::Split(arguments) => split::run(&arguments),
        What::Export(arguments) => benchmark_export::run(&arguments),
        What::Har(arguments) => har::run(&arguments),
        What::Aggregate(arguments) => run_aggregate(&arguments),
        What::Check(arguments) => run_check(&arguments),
        What::Describe(arguments) => run_describe(&arguments),
    }
}

fn run_check(arguments: &Show) -> Result<(), Failure> {
    let directory = match default_world::open_or(arguments.path()) {
        Ok(directory) => directory,
        // A check names everything, not the first dozen.
        Err(problems) => {
            let lines: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
            let plural = if lines.len() == 1 { "" } else { "s" };
            return Err(Failure::WrongInput(format!(
                "{} problem{plural}\n{}",
                lines.len(),
                lines.join("\n")
            )));
        }
    };
    let check = benchmark::check(&directory);
    output::print(&match arguments.format {
        Format::Json => json(&check)?,
        Format::Table => check.screen(),
        Format::Csv => {
            let cells = [("market_gap", &check.worst_cells), ("final_demand", &check.final_demand_off)];
            let rows = cells.iter().flat_map(|(table, cells)| {
                cells.iter().map(|cell| {
                    [
                        (*table).to_string(),
                        cell.economy.clone(),
                        cell.sector.clone(),
                        cell.found.to_string(),
                        cell.expected.to_string(),
                    ]
                })
            });
            csv_text(&["table", "economy", "sector", "found", "expected"], rows)
        }
    })
}

fn run_describe(arguments: &Show) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.path()).map_err(wrong)?;
    let description = benchmark::describe(&directory);
    output::print(&match arguments.format {
        Format::Table => description.screen(),
        Format::Json => json(&description)?,
        Format::Csv => description.csv(),
    })
}

fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Failure::Fault(error.to_string()))
}

fn run_aggregate(arguments: &Aggregate) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let benchmark = &directory.benchmark;
    let mapped = match &arguments.map {
        Some(path) => {
            let map = Mapping::of_map(&table(path)?, benchmark, arguments.drop_unused).map_err(wrong)?;
            if !map.unused.is_empty() {
                let count = map.unused.len();
                output::note(format_args!(
                    "note: {count} codes of the map are not here: {}",
                    map.unused.join(", ")
                ));
            }
            Some((map.economies, map.sectors))
        }
        None => None,
    };
    let (grouped_economies, grouped_sectors) = mapped.unzip();
    let economies = match (grouped_economies, &arguments.economies) {
        (Some(mapping), _) => mapping,
        (None, Some(path)) => {
            let old: Vec<String> = benchmark.economies.iter().map(|economy| economy.code.clone()).collect();
            Mapping::read(&table(path)?, "economy", &Codes::of_economies(&benchmark.economies), &old)
                .map_err(wrong)?
        }
        (None, None) => {
            Mapping::identity(benchmark.economies.iter().map(|e| (e.code.as_str(), e.name.as_str())))
        }
    };
    let sectors = match (grouped_sectors, &arguments.sectors) {
        (Some(mapping), _) => mapping,
        (None, Some(path)) => {
            let old: Vec<String> = benchmark.sectors.iter().map(|sector| sector.code.clone()).collect();
            Mapping::read(&table(path)?, "sector", &Codes::of_sectors(&benchmark.sectors), &old)
                .map_err(wrong)?
        }
        (None, None) => {
            Mapping::identity(benchmark.sectors.iter().map(|s| (s.code.as_str(), s.name.as_str())))
        }
    };
    let aggregated = aggregate::aggregate(benchmark, &economies, &sectors);
    let quality = aggregate::quality(&directory, &economies);
    let provenance = aggregate::provenance(&directory, &economies);
    let files = write::files(&aggregated, &quality, &provenance, write::Precision::default());
    // What is written is read back before it is put in its place: an aggregate is refused for the same reasons as any.
    let name = arguments.out.display().to_string();
    let read = benchmark_directory::read(&Folder::Memory { name, files: files.clone() }).map_err(wrong)?;
    let sources = [&arguments.benchmark, &arguments.economies, &arguments.sectors, &arguments.map];
    write_out(&arguments.out, &files, sources.into_iter().flatten())?;
    output::print(&format!(
        "{}: market gap {:.1e}, {} files in {}\n",
        read.benchmark.name,
        read.market_gap.gap,
        files.len(),
        arguments.out.display()
    ))
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
            From::Pymrio => recipe::Layout::Pymrio,
            From::Gtap => recipe::Layout::Gtap,
            From::Auto => recipe::Layout::Auto,
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
    let rules = &mut recipe.rules;
    rules.scale = arguments.scale.or(rules.scale);
    // Clap lets no other words through.
    match arguments.negative.as_deref() {
        Some("spread") => rules.negative = Negative::Spread,
        Some(_) => rules.negative = Negative::Zero,
        None => {}
    }
    match arguments.value_added.as_deref() {
        Some("residual") => rules.value_added = ValueAdded::Residual,
        Some(_) => rules.value_added = ValueAdded::Stated,
        None => {}
    }
    match arguments.margins.as_deref() {
        Some("cif") => rules.margins = Margins::Cif,
        Some(_) => rules.margins = Margins::Importer,
        None => {}
    }
    let imported = import::import(&arguments.source, &recipe, &recipe_text).map_err(wrong)?;
    let tables = [&arguments.recipe, &arguments.sectors, &arguments.economies, &arguments.tariffs];
    let sources = tables.into_iter().flatten().chain([&arguments.source]);
    write_out(&arguments.out, &imported.files, sources)?;
    for note in imported.notes.iter().chain(&imported.directory.notes) {
        output::note(format_args!("note: {note}"));
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

/// Writes a benchmark; what it is made from is never replaced by it.
fn write_out<'a>(
    out: &Path,
    files: &Files,
    sources: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), Failure> {
    atomic_write::refuse_sources(out, sources.into_iter().map(PathBuf::as_path)).map_err(wrong)?;
    output::directory(out, &benchmark_directory::OUTPUTS, files)
}
