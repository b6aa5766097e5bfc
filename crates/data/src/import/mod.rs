//! `data import`: a benchmark directory from the files of a source, by a recipe, checked and rounded.
//!
//! Every layout is first restated in the contract's tables and then read by the one reader, so that an import is refused
//! for the same reasons as a directory; what is written is read once more, so that rounding cannot break it.

pub mod input_output;
pub mod long;
pub mod oecd;
pub mod recipe;
pub mod wiod;

use std::path::Path;

use crate::benchmark_directory::{self, BenchmarkDirectory, metadata, write};
use detente_tables::atomic_write::Files;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::table::csv_text;
use detente_tables::{input_file, toml_file};
use recipe::{Labels, Layout, Recipe};
use write::Precision;

/// Name of the recipe in the directory that it makes.
pub const RECIPE: &str = "recipe.toml";

/// Decimals that a number of sixteen digits can have, and the whole numbers that shares are rounded in can hold.
const MOST_DECIMALS: usize = 15;

/// The bytes of a file that is needed.
pub(crate) fn source_bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let right = "give the path of a file of the source".to_string();
    input_file::read(path)
        .and_then(|bytes| bytes.ok_or(Finding::Missing { what: "file", right }))
        .map_err(|finding| Problem::whole(path.display().to_string(), finding))
}

/// A finished import: the files of the directory, and the benchmark as it will be read from them.
#[derive(Debug)]
pub struct Import {
    /// File names and contents, the recipe among them.
    pub files: Files,
    /// What a reader will find.
    pub directory: BenchmarkDirectory,
    /// What was done to the source on the way.
    pub notes: Vec<String>,
}

/// Reads a recipe.
pub fn read_recipe(path: &Path) -> Result<(Recipe, String), Problems> {
    let label = path.display().to_string();
    let text = String::from_utf8(source_bytes(path)?).map_err(|_| {
        let reason = "not UTF-8; save the file as UTF-8".to_string();
        Problem::whole(label.clone(), Finding::Syntax { reason })
    })?;
    let recipe: Recipe = toml_file::parse(&label, &text)?;
    let Precision { value, share, rate } = recipe.precision;
    for (key, decimals) in [("value", value), ("share", share), ("rate", rate)] {
        if decimals.is_some_and(|decimals| decimals > MOST_DECIMALS) {
            let reason =
                format!("at most {MOST_DECIMALS} decimals are kept; leave it out to keep every digit");
            return Err(
                Problem::key(label, format!("precision.{key}"), 1, Finding::Combination { reason }).into()
            );
        }
    }
    Ok((recipe, text))
}

/// Imports the source at `source` by the recipe; `recipe_text` is kept beside the tables.
pub fn import(source: &Path, recipe: &Recipe, recipe_text: &str) -> Result<Import, Problems> {
    let mut notes = Vec::new();
    let files = match recipe.layout {
        Layout::LongCsv => long::restate(&Folder::open(source)?, recipe)?,
        Layout::OecdIcio => oecd::restate(source, recipe, &mut notes)?,
        Layout::Wiod => wiod::restate(source, recipe, &mut notes)?,
    };
    let name = source.display().to_string();
    let mut raw = benchmark_directory::read(&Folder::Memory {
        name: name.clone(),
        files: with_extras(files, recipe)?,
    })?;
    relabel(&mut raw, &recipe.benchmark);
    let mut files = write::files(&raw.benchmark, &raw.quality, &raw.tariff_provenance, recipe.precision);
    if !recipe_text.is_empty() {
        files.push((RECIPE.to_string(), recipe_text.to_string()));
    }
    let directory = benchmark_directory::read(&Folder::Memory { name, files: files.clone() })?;
    Ok(Import { files, directory, notes })
}

fn relabel(directory: &mut BenchmarkDirectory, labels: &Labels) {
    let benchmark = &mut directory.benchmark;
    let set = |field: &mut String, label: &Option<String>| {
        if let Some(label) = label {
            field.clone_from(label);
        }
    };
    set(&mut benchmark.name, &labels.name);
    set(&mut benchmark.unit, &labels.unit);
    set(&mut benchmark.source, &labels.source);
    set(&mut benchmark.licence, &labels.licence);
    benchmark.year = labels.year.or(benchmark.year);
}

/// `benchmark.toml` from the recipe where the source has none.
fn metadata_text(labels: &Labels) -> String {
    let text = |label: &Option<String>| {
        toml::Value::String(label.clone().unwrap_or_else(|| "not stated".into())).to_string()
    };
    let year = labels.year.map_or(String::new(), |year| format!("year = {year}\n"));
    format!(
        "name = {}\nunit = {}\nsource = {}\nlicence = {}\n{year}",
        text(&labels.name),
        text(&labels.unit),
        text(&labels.source),
        text(&labels.licence)
    )
}

/// Adds what only the recipe knows: labels, quality and the provenance of tariffs.
fn with_extras(mut files: Files, recipe: &Recipe) -> Result<Files, Problems> {
    if !files.iter().any(|(name, _)| name == metadata::FILE) {
        files.push((metadata::FILE.to_string(), metadata_text(&recipe.benchmark)));
    }
    if !recipe.quality.is_empty() {
        let header = ["economy", "input_source", "input_year", "moved_share", "value_added_source", "grade"];
        let rows = recipe.quality.iter().map(|row| {
            vec![
                row.economy.clone(),
                row.input_source.clone(),
                row.input_year.map_or(String::new(), |year| year.to_string()),
                row.moved_share.map_or(String::new(), |share| share.to_string()),
                row.value_added_source.clone(),
                row.grade.clone(),
            ]
        });
        files.push(("quality.csv".into(), csv_text(&header, rows)));
    }
    if !recipe.tariff_provenance.is_empty() {
        let economies = economy_codes(&files)?;
        let named: Vec<&String> = recipe.tariff_provenance.iter().flat_map(|row| &row.importers).collect();
        let rows = recipe.tariff_provenance.iter().flat_map(|row| {
            let importers: Vec<&String> = if row.importers.is_empty() {
                economies.iter().filter(|code| !named.contains(code)).collect()
            } else {
                row.importers.iter().collect()
            };
            importers
                .into_iter()
                .map(|importer| {
                    vec![importer.clone(), row.rates.clone(), row.ledger_day.clone(), row.why.clone()]
                })
                .collect::<Vec<_>>()
        });
        files.push((
            "tariff_provenance.csv".into(),
            csv_text(&["importer", "rates", "ledger_day", "why"], rows),
        ));
    }
    Ok(files)
}

fn economy_codes(files: &Files) -> Result<Vec<String>, Problems> {
    let folder = Folder::Memory { name: "source".into(), files: files.clone() };
    let table = folder.needed_table("economies")?;
    let column = table.column("economy");
    Ok(table.rows().filter_map(|row| column.map(|column| row.text(column).into_owned())).collect())
}
