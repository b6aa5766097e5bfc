//! `benchmark.toml`: what the benchmark is, where it comes from, on which terms.

use serde::Deserialize;

use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::folder::Folder;
use detente_tables::toml_file;

/// The name of the file.
pub const FILE: &str = "benchmark.toml";

/// What `benchmark.toml` says.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Name of the benchmark.
    pub name: String,
    /// Unit of all values, for instance "million USD".
    pub unit: String,
    /// Where the data come from.
    pub source: String,
    /// On which terms.
    pub licence: String,
    /// Year of the data.
    pub year: Option<i32>,
}

pub(super) fn read(folder: &Folder) -> Result<Metadata, Problem> {
    let label = folder.label(FILE);
    let right = "it states `name`, `unit`, `source`, `licence` and, where known, `year`".to_string();
    let Some(text) = folder.text(FILE)? else {
        return Err(Problem::whole(label, Finding::Missing { what: "file", right }));
    };
    if text.trim().is_empty() {
        return Err(Problem::whole(label, Finding::Empty { right }));
    }
    toml_file::parse(&label, &text)
}
