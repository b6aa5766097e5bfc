//! The world that is embedded in the program: 24 economies, 28 sectors, 2022.
//!
//! Its tables stand in `data/benchmark/world-2022`, made by `detente data import` with the recipe beside them.

use std::path::Path;

use crate::benchmark_directory::{self, BenchmarkDirectory};
use crate::folder::Folder;
use crate::problem::Problems;

/// Name under which `--benchmark` opens it.
pub const NAME: &str = "world-2022";

macro_rules! embedded {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_bytes!(concat!("../../../data/benchmark/world-2022/", $file)).as_slice())),*]
    };
}

/// Its files.
pub static FILES: &[(&str, &[u8])] = embedded![
    "benchmark.toml",
    "economies.csv",
    "sectors.csv",
    "trade.csv",
    "tariffs.csv",
    "value_added_shares.csv",
    "input_shares.csv",
    "quality.csv",
    "tariff_provenance.csv",
];

/// Reads it.
pub fn open() -> Result<BenchmarkDirectory, Problems> {
    benchmark_directory::read(&Folder::Embedded { name: NAME, files: FILES })
}

/// Reads the benchmark that was asked for: a directory, or the embedded world where none is given or its name is.
pub fn open_or(path: Option<&Path>) -> Result<BenchmarkDirectory, Problems> {
    match path {
        None => open(),
        Some(path) if path.as_os_str() == NAME && !path.exists() => open(),
        Some(path) => benchmark_directory::open(path),
    }
}
