//! `detente data elasticities`: a benchmark with the elasticities of a set, sector by sector as far as the set or a concordance knows them.

use std::path::PathBuf;

use clap::Args;
use detente_data::benchmark_directory::{self, write};
use detente_data::concordance::{self, Otherwise};
use detente_data::{default_world, elasticities};
use detente_tables::folder::Folder;
use detente_tables::{atomic_write, input_file};

use super::table_file::table;
use crate::failure::Failure;
use crate::output;
use crate::record::wrong;

/// Name of the report in the directory of the benchmark.
const REPORT: &str = "elasticities-report.json";

/// What `data elasticities` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A set by its name (`detente elasticities` lists them), or a file of the same form.
    #[arg(long, value_name = "SET")]
    set: String,
    /// Table `sector,source` and optionally `weight`: which sectors of the set stand for a sector of the benchmark.
    #[arg(long, value_name = "FILE")]
    concordance: Option<PathBuf>,
    /// What a sector has that neither knows: `refused`, the `median` of the set's goods or services, or what it had (`kept`).
    #[arg(long, value_name = "RULE", default_value = "refused", value_parser = Otherwise::WORDS.map(|(word, _)| word))]
    otherwise: String,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// Where the benchmark is written.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Runs `data elasticities`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let file = PathBuf::from(&arguments.set);
    let text =
        input_file::read_text(&file).map_err(|finding| wrong(format!("{}: {finding}", arguments.set)))?;
    let set = match &text {
        Some(text) => elasticities::parse(&arguments.set, text),
        None => elasticities::named(&arguments.set),
    }
    .map_err(wrong)?;
    let mapped = arguments.concordance.as_deref().map(table).transpose()?;
    // Clap lets no other words through.
    let otherwise = Otherwise::WORDS.iter().find(|(word, _)| *word == arguments.otherwise);
    let otherwise = otherwise.map_or(Otherwise::Refused, |(_, otherwise)| *otherwise);
    let (made, report) =
        concordance::lay(&set, &directory.benchmark, mapped.as_ref(), otherwise).map_err(wrong)?;
    let (quality, provenance) = (&directory.quality, &directory.tariff_provenance);
    let mut files = write::files(&made, quality, provenance, write::Precision::default());
    let name = arguments.out.display().to_string();
    let read = benchmark_directory::read(&Folder::Memory { name, files: files.clone() }).map_err(wrong)?;
    let told = serde_json::to_string_pretty(&report).map_err(|error| Failure::Fault(error.to_string()))?;
    files.push((REPORT.into(), told + "\n"));
    let set_file = text.is_some().then_some(&file);
    let sources = [set_file, arguments.concordance.as_ref(), arguments.benchmark.as_ref()];
    atomic_write::refuse_sources(&arguments.out, sources.into_iter().flatten().map(PathBuf::as_path))
        .map_err(wrong)?;
    output::directory(&arguments.out, &benchmark_directory::OUTPUTS, &files)?;
    output::print(&format!(
        "{}: {}; {} files in {}\n",
        read.benchmark.name,
        report.words(),
        files.len(),
        arguments.out.display()
    ))
}
