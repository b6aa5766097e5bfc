//! Results that were written before: a folder of `--out` read back as typed tables, without solving again.

use detente_engine::catalogue::{OutcomeEntry, lists};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::result_table::{Column, Data, ResultTable};
use detente_tables::table::Table;
use serde_json::Value;

use super::{OUTPUTS, SUMMARY, keys};

/// A result as it stands in its folder.
#[derive(Clone, Debug)]
pub struct Stored {
    /// `summary.json`.
    pub summary: Value,
    /// Tables by name, in the order of the contract.
    pub tables: Vec<(String, ResultTable)>,
}

/// Columns of words that stand in no dictionary of keys: what a row is about, whatever it looks like.
const WORDS: [&str; 5] = ["dial", "lever", "sense", "unit", "cell"];

/// Reads the folder of a result.
///
/// # Errors
/// A folder without `summary.json` or without tables; files that cannot be read.
pub fn read(folder: &Folder) -> Result<Stored, Problems> {
    let right = "give the folder that a question wrote its results to".to_string();
    let missing =
        || Problem::whole(folder.label(SUMMARY), Finding::Missing { what: "file", right: right.clone() });
    let text = folder.text(SUMMARY)?.ok_or_else(missing)?;
    let summary: Value = serde_json::from_str(&text).map_err(|error| {
        Problem::whole(folder.label(SUMMARY), Finding::Syntax { reason: error.to_string() })
    })?;
    let unit = summary["benchmark"]["unit"].as_str().map(str::to_owned);
    let mut tables = Vec::new();
    for name in OUTPUTS.known.iter().filter_map(|file| file.strip_suffix(".csv")) {
        if let Some(table) = folder.table(name)? {
            tables.push((name.to_string(), typed(&table, unit.as_deref())));
        }
    }
    if tables.is_empty() {
        return Err(Problem::whole(folder.label(""), Finding::Empty { right }).into());
    }
    Ok(Stored { summary, tables })
}

/// The catalogue's entry for a column.
fn entry(name: &str) -> Option<&'static OutcomeEntry> {
    let mut entries = lists::ALL.iter().flat_map(|group| group.entries.iter());
    entries.find(|entry| entry.id == name || entry.aliases.iter().any(|(_, alias)| *alias == name)).copied()
}

/// A table with types and units: outcomes by the catalogue, keys by the dictionary, anything else a number where every cell is one.
fn typed(table: &Table, unit: Option<&str>) -> ResultTable {
    let key = |name: &str| keys::ALL.iter().flat_map(|(_, held)| held.iter()).find(|held| held.name == name);
    let columns = table.columns().iter().enumerate().map(|(at, name)| {
        let cells: Vec<String> = table.rows().map(|row| row.text(at).into_owned()).collect();
        let numbers =
            || cells.iter().map(|cell| cell.parse::<f64>().ok().filter(|number| number.is_finite()));
        let all_numbers =
            || cells.iter().zip(numbers()).all(|(cell, number)| cell.is_empty() || number.is_some());
        if let Some(entry) = entry(name) {
            return Column::number(name, entry.unit.words(unit), entry.label, numbers());
        }
        let known = key(name);
        let is_word = WORDS.contains(&name.as_str()) || known.is_some_and(|key| key.unit.is_empty());
        let label = known.map_or(name.as_str(), |key| key.label);
        if !is_word && all_numbers() {
            return Column::number(name, known.map_or("", |key| key.unit), label, numbers());
        }
        let words = cells.into_iter().map(|cell| (!cell.is_empty()).then_some(cell));
        Column::new(name, "", label, Data::Text(words.collect()))
    });
    ResultTable::new(columns.collect())
}
