//! Scenarios: small TOML files that say what is done and under which closure.
//!
//! [`typed`] is what was typed, [`meant`] what it means on a benchmark, [`resolve`] the way from one to the other.

mod by_using_sector;
pub mod document;
mod elasticities;
mod ledger_day;
pub mod meant;
mod own_folder;
pub mod resolve;
pub(crate) mod selection;
pub mod settings;
pub mod typed;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::ledger_tariffs::EmbeddedRecord;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::{input_file, toml_file};
use meant::Scenario;
use typed::TypedScenario;

const EXAMPLE_NAMES: [&str; 14] = [
    "no-change",
    "us-plus-10-on-china",
    "us-plus-10-on-china-within-a-year",
    "us-plus-10-on-china-with-scale",
    "us-plus-30-china-plus-10",
    "us-plus-10-on-all",
    "north-america-without-tariffs",
    "free-trade",
    "us-china-truce-of-november-2025",
    "truce-lapses",
    "us-china-peak-of-april-2025",
    "china-buys-us-agriculture",
    "us-export-control-on-electronics",
    "us-quota-on-japanese-cars",
];

/// The scenarios that come with the program: name, text.
pub static EXAMPLES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let text = |name: &&'static str| {
        detente_facts::text(&format!("scenarios/{name}.toml")).map(|text| (*name, text))
    };
    EXAMPLE_NAMES.iter().filter_map(text).collect()
});

/// A scenario's text and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path, or the name of the example with an ending, for messages.
    pub label: String,
    /// What it says.
    pub text: String,
    /// Where tables that it names are looked up; an example names none.
    pub folder: Option<PathBuf>,
}

/// Finds a scenario file; the name of an example of ours, where no file has it, finds that.
pub fn source(path: &Path) -> Result<Source, Problem> {
    let label = path.display().to_string();
    if !path.exists()
        && let Some((_, text)) = EXAMPLES.iter().find(|(name, _)| *name == label)
    {
        return Ok(Source { label: format!("{label}.toml"), text: (*text).to_owned(), folder: None });
    }
    let text = input_file::read_text(path).map_err(|finding| Problem::whole(label.clone(), finding))?;
    let text = text.ok_or_else(|| {
        let examples = EXAMPLES.iter().map(|(name, _)| *name);
        let right = format!(
            "give the path of a scenario file or one of our examples; {}",
            detente_tables::nearest::suggestion(&label, examples)
        );
        Problem::whole(label.clone(), Finding::Missing { what: "file", right })
    })?;
    Ok(Source { label, text, folder: Some(path.parent().unwrap_or(Path::new(".")).to_path_buf()) })
}

/// Reads a scenario file and resolves it on a benchmark; the name of an example of ours opens that.
pub fn open(
    path: &Path,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
) -> Result<Scenario, Problems> {
    let Source { label, text, folder } = source(path)?;
    parse(&label, &text, folder.as_deref(), directory, record)
}

/// Reads a scenario from its text. `label` stands for its path in messages; tables it names are looked up in `folder`.
pub fn parse(
    label: &str,
    text: &str,
    folder: Option<&Path>,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
) -> Result<Scenario, Problems> {
    let typed: TypedScenario = toml_file::parse(label, text)?;
    resolve::resolve(&typed, label, text, folder, directory, record)
}
