//! `detente data export`: a benchmark for other programs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use detente_data::{default_world, gtap_write};

use crate::failure::Failure;
use crate::output;
use crate::record::wrong;

/// What `data export` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// For which program.
    #[arg(long, value_enum, value_name = "FORM")]
    to: To,
    /// Where the files are written.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Forms of a benchmark.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum To {
    /// Base data of GTAP version 7 as header arrays: seven digits, no margins, no taxes but tariffs.
    Gtap,
}

/// Runs `data export`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let files = match arguments.to {
        To::Gtap => gtap_write::files(&directory.benchmark).map_err(wrong)?,
    };
    let out = &arguments.out;
    std::fs::create_dir_all(out).map_err(|error| wrong(format!("{}: {error}", out.display())))?;
    for (name, bytes) in &files {
        output::file(&out.join(name), bytes)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    output::print(&format!("{} in {}\n", names.join(" "), out.display()))
}
