//! The world that is embedded in the program: 24 economies, 28 sectors, 2022.
//!
//! Its tables stand in `data/benchmark/world-2022`, made by `detente data import` with the recipe beside them.

use std::path::Path;
use std::sync::OnceLock;

use crate::benchmark_directory::{self, BenchmarkDirectory};
use detente_tables::diagnostics::Problems;
use detente_tables::folder::Folder;

/// Name under which `--benchmark` opens it.
pub const NAME: &str = "world-2022";

/// Its files: names within the directory, contents.
pub fn files() -> &'static [(&'static str, &'static [u8])] {
    static FILES: OnceLock<Vec<(&str, &[u8])>> = OnceLock::new();
    const FOLDER: &str = "benchmark/world-2022/";
    FILES.get_or_init(|| {
        detente_facts::below(FOLDER).map(|(name, content)| (&name[FOLDER.len()..], content)).collect()
    })
}

/// Reads it.
///
/// ```
/// let world = detente_data::default_world::open()?;
/// assert_eq!((world.benchmark.economies.len(), world.benchmark.sectors.len()), (24, 28));
/// # Ok::<(), detente_tables::diagnostics::Problems>(())
/// ```
pub fn open() -> Result<BenchmarkDirectory, Problems> {
    benchmark_directory::read(&Folder::Embedded { name: NAME, files: files() })
}

/// Reads the benchmark that was asked for: a directory, or the embedded world where none is given or its name is.
pub fn open_or(path: Option<&Path>) -> Result<BenchmarkDirectory, Problems> {
    match path {
        None => open(),
        Some(path) if path.as_os_str() == NAME && !path.exists() => open(),
        Some(path) => benchmark_directory::open(path),
    }
}
