//! OECD inter-country input-output tables as one wide CSV: rows and columns `ECONOMY_SECTOR`, final use in columns
//! `ECONOMY_CATEGORY`, last rows `TLS` (net taxes), `VA` and `OUT`, last column `OUT`.

use std::collections::HashSet;
use std::path::Path;

use super::input_output::{InputOutputTable, Use};
use super::recipe::Recipe;
use super::wiod;
use detente_tables::atomic_write::Files;
use detente_tables::diagnostics::{Finding, Place, Problem, Problems};

/// Final-use columns and the categories that they are counted under.
const CATEGORIES: [(&str, &str); 6] = [
    ("HFCE", "household"),
    ("NPISH", "household"),
    ("DPABR", "household"),
    ("GGFC", "government"),
    ("GFCF", "investment"),
    ("INVNT", "investment"),
];
/// Rows below the flows that add up to value added as the model has it.
const VALUE_ADDED_ROWS: [&str; 2] = ["TLS", "VA"];

/// What a column of the wide table is.
enum Column<'a> {
    Flow { economy: &'a str, using: Use<'a> },
    Total,
}

/// Restates the table in the contract's tables.
pub fn restate(source: &Path, recipe: &Recipe, notes: &mut Vec<String>) -> Result<Files, Problems> {
    let label = source.display().to_string();
    let unreadable =
        |reason: String| Problems::from(Problem::whole(label.clone(), Finding::Unreadable { reason }));
    let bytes = std::fs::read(source).map_err(|error| unreadable(error.to_string()))?;
    let table = detente_tables::table::Table::parse(label.clone(), &bytes)?;
    let header = table.columns();
    let rows: Vec<_> = table.rows().map(|row| row.text(0).into_owned()).collect();
    // The rows say which names are sectors; what else stands in the columns is final use.
    let sectors: HashSet<&str> = rows.iter().filter_map(|name| Some(name.split_once('_')?.1)).collect();
    let columns =
        header[1..].iter().map(|name| column(name, &sectors, &label)).collect::<Result<Vec<_>, _>>()?;
    let mut flows = InputOutputTable::default();
    for (row, name) in table.rows().zip(&rows) {
        if let Some((origin, sector)) = name.split_once('_') {
            for (position, column) in columns.iter().enumerate() {
                if let Column::Flow { economy, using } = column {
                    let value = row.number(position + 1)?;
                    if value != 0.0 {
                        flows.add(origin, sector, economy, *using, value);
                    }
                }
            }
        } else if VALUE_ADDED_ROWS.contains(&name.as_str()) {
            for (position, column) in columns.iter().enumerate() {
                if let Column::Flow { economy, using: Use::Sector(sector) } = column {
                    flows.add_value_added(economy, sector, row.number(position + 1)?);
                }
            }
        } else if name != "OUT" {
            let reason = format!("row `{name}` is neither ECONOMY_SECTOR nor TLS, VA or OUT");
            return Err(row.problem(Finding::Syntax { reason }).into());
        }
    }
    if flows.economies().is_empty() {
        return Err(unreadable("no row named ECONOMY_SECTOR: not the OECD's layout".into()));
    }
    let mut files = flows.restate(notes);
    files.extend(wiod::companions(source, recipe, &flows)?);
    Ok(files)
}

fn column<'a>(name: &'a str, sectors: &HashSet<&str>, label: &str) -> Result<Column<'a>, Problem> {
    let Some((economy, rest)) = name.split_once('_') else {
        return if name == "OUT" || name == "TOTAL" {
            Ok(Column::Total)
        } else {
            let reason = format!("column `{name}` is neither ECONOMY_SECTOR, ECONOMY_CATEGORY nor OUT");
            Err(Problem::at(label, Place::Line(1), Finding::Syntax { reason }))
        };
    };
    if sectors.contains(rest) {
        return Ok(Column::Flow { economy, using: Use::Sector(rest) });
    }
    let Some((_, category)) = CATEGORIES.iter().find(|(known, _)| *known == rest) else {
        let suggestion =
            detente_tables::nearest::suggestion(rest, CATEGORIES.iter().map(|(known, _)| *known));
        let finding = Finding::UnknownWord { found: name.to_string(), suggestion };
        return Err(Problem::at(label, Place::Line(1), finding));
    };
    Ok(Column::Flow { economy, using: Use::Final(category) })
}
