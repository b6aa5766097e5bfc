//! Long CSV: the contract's tables under other file and column names, in values or in shares.

use std::collections::BTreeMap;

use super::recipe::Recipe;
use detente_tables::atomic_write::Files;

use crate::benchmark_directory::{TABLES, metadata};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::nearest::suggestion;
use detente_tables::table::{Table, csv_text};

/// Tables in values that are turned into shares of their column sums.
const VALUE_TABLES: [&str; 2] = ["input_values", "value_added_values"];

/// Restates the source in the contract's tables; line numbers stay those of the source.
pub fn restate(folder: &Folder, recipe: &Recipe) -> Result<Files, Problems> {
    for table in recipe.files.keys().chain(&recipe.leave_out) {
        if !TABLES.contains(&table.as_str()) && !VALUE_TABLES.contains(&table.as_str()) {
            let known = TABLES.iter().chain(&VALUE_TABLES).copied();
            let finding = Finding::UnknownWord { found: table.clone(), suggestion: suggestion(table, known) };
            return Err(Problem::whole("recipe", finding).into());
        }
    }
    let mut files = Files::new();
    if let Some(text) = folder.text(metadata::FILE)? {
        files.push((metadata::FILE.to_string(), text));
    }
    for name in TABLES {
        if let Some(table) = source_table(folder, recipe, name)? {
            files.push((format!("{name}.csv"), renamed(&table, recipe)));
        }
    }
    let inputs = source_table(folder, recipe, "input_values")?;
    let value_added = source_table(folder, recipe, "value_added_values")?;
    if let (Some(inputs), Some(value_added)) = (&inputs, &value_added) {
        files.extend(shares(inputs, value_added, recipe)?);
    } else if inputs.is_some() || value_added.is_some() {
        let reason = "`input_values` and `value_added_values` need each other: shares are taken of their sum"
            .to_string();
        return Err(Problem::whole(folder.label(""), Finding::Combination { reason }).into());
    }
    Ok(files)
}

fn source_table(folder: &Folder, recipe: &Recipe, name: &str) -> Result<Option<Table>, Problems> {
    if recipe.leave_out.iter().any(|left_out| left_out == name) {
        return Ok(None);
    }
    let Some(file) = recipe.files.get(name) else { return Ok(folder.table(name)?) };
    match folder.bytes(file)? {
        Some(bytes) => Ok(Some(Table::parse(folder.label(file), &bytes)?)),
        None => {
            let right = format!("the recipe names it for `{name}`");
            Err(Problem::whole(folder.label(file), Finding::Missing { what: "file", right }).into())
        }
    }
}

/// The name that a column of the source has in the contract.
fn contract_name<'a>(recipe: &'a Recipe, column: &'a str) -> &'a str {
    recipe.columns.iter().find(|(_, source)| *source == column).map_or(column, |(contract, _)| contract)
}

fn renamed(table: &Table, recipe: &Recipe) -> String {
    let header: Vec<&str> = table.columns().iter().map(|column| contract_name(recipe, column)).collect();
    let rows = table
        .rows()
        .map(|row| (0..table.columns().len()).map(|c| row.text(c).into_owned()).collect::<Vec<_>>());
    csv_text(&header, rows)
}

/// Inputs and value added in values become shares of what a using sector spends on both.
fn shares(inputs: &Table, value_added: &Table, recipe: &Recipe) -> Result<Files, Problems> {
    let column = |table: &Table, name: &str| -> Result<usize, Problem> {
        let position = table.columns().iter().position(|column| contract_name(recipe, column) == name);
        position.ok_or_else(|| {
            let expected = table.columns().join(", ");
            Problem::whole(table.file.clone(), Finding::MissingColumn { column: name.into(), expected })
        })
    };
    let mut total: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut input_cells = Vec::new();
    let columns =
        (column(inputs, "economy")?, column(inputs, "using_sector")?, column(inputs, "input_sector")?);
    let value = column(inputs, "value")?;
    for row in inputs.rows() {
        let key = (row.text(columns.0).into_owned(), row.text(columns.1).into_owned());
        let number = row.number(value)?;
        *total.entry(key.clone()).or_default() += number;
        input_cells.push((key, row.text(columns.2).into_owned(), number));
    }
    let mut value_added_cells = Vec::new();
    let columns =
        (column(value_added, "economy")?, column(value_added, "sector")?, column(value_added, "value")?);
    for row in value_added.rows() {
        let key = (row.text(columns.0).into_owned(), row.text(columns.1).into_owned());
        let number = row.number(columns.2)?;
        *total.entry(key.clone()).or_default() += number;
        value_added_cells.push((key, number));
    }
    let share = |key: &(String, String), number: f64| {
        let total = total.get(key).copied().unwrap_or_default();
        if total > 0.0 { (number / total).to_string() } else { "0".to_string() }
    };
    let input_rows = input_cells
        .iter()
        .map(|(key, input, number)| [key.0.clone(), key.1.clone(), input.clone(), share(key, *number)]);
    let value_added_rows =
        value_added_cells.iter().map(|(key, number)| [key.0.clone(), key.1.clone(), share(key, *number)]);
    Ok(vec![
        (
            "input_shares.csv".into(),
            csv_text(&["economy", "using_sector", "input_sector", "share"], input_rows),
        ),
        ("value_added_shares.csv".into(), csv_text(&["economy", "sector", "share"], value_added_rows)),
    ])
}
