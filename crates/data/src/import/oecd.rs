//! OECD inter-country input-output tables as one wide CSV: rows and columns `ECONOMY_SECTOR`, final use in columns
//! `ECONOMY_CATEGORY`, last rows `TLS` (net taxes), `VA` and `OUT`, last column `OUT`.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::input_output::{InputOutputTable, Use};
use super::recipe::Recipe;
use super::source_bytes;
use super::wiod;
use detente_tables::atomic_write::Files;
use detente_tables::diagnostics::{Finding, Place, Problem, Problems};
use detente_tables::table::Table;

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
    let table = Table::parse(label.clone(), &source_bytes(source)?)?;
    let header = table.columns();
    if header.is_empty() {
        return Err(unreadable("no column: not the OECD's layout".into()));
    }
    let rows: Vec<_> = table.rows().map(|row| row.text(0).into_owned()).collect();
    refuse_incomplete(&table, &rows)?;
    // The rows say which names are sectors; what else stands in the columns is final use.
    let sectors: HashSet<&str> = rows.iter().filter_map(|name| Some(name.split_once('_')?.1)).collect();
    let columns =
        header[1..].iter().map(|name| column(name, &sectors, &label)).collect::<Result<Vec<_>, _>>()?;
    let mut flows = InputOutputTable::default();
    let mut sales: HashMap<&str, f64> = HashMap::new();
    let mut stated: Vec<(String, f64)> = Vec::new();
    for (row, name) in table.rows().zip(&rows) {
        if let Some((origin, sector)) = name.split_once('_') {
            for (position, column) in columns.iter().enumerate() {
                if let Column::Flow { economy, using } = column {
                    let value = row.number(position + 1)?;
                    *sales.entry(name.as_str()).or_default() += value;
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
        } else if name == "OUT" {
            for (position, column) in columns.iter().enumerate() {
                if let Column::Flow { economy, using: Use::Sector(sector) } = column {
                    stated.push((format!("{economy}_{sector}"), row.number(position + 1)?));
                }
            }
        } else {
            let reason = format!("row `{name}` is neither ECONOMY_SECTOR nor TLS, VA or OUT");
            return Err(row.problem(Finding::Syntax { reason }).into());
        }
    }
    refuse_other_output(&label, &sales, &stated)?;
    if flows.economies().is_empty() {
        return Err(unreadable("no row named ECONOMY_SECTOR: not the OECD's layout".into()));
    }
    let mut files = flows.restate(notes);
    files.extend(wiod::companions(source, recipe, &flows)?);
    Ok(files)
}

/// Every name of an economy's sector stands once in the rows and once in the columns: a table that was cut off would read as zeros.
fn refuse_incomplete(table: &Table, rows: &[String]) -> Result<(), Problems> {
    let header = &table.columns()[1..];
    let mut problems = Vec::new();
    let mut first: HashMap<&str, Place> = HashMap::new();
    for (row, name) in table.rows().zip(rows) {
        if let Some(place) = first.insert(name, row.place()) {
            problems.push(row.problem(Finding::Duplicate { key: format!("`{name}`"), first: place.words() }));
        }
    }
    let mut columns: HashSet<&str> = HashSet::new();
    for name in header {
        if !columns.insert(name) {
            let finding = Finding::Duplicate { key: format!("`{name}`"), first: "the same header".into() };
            problems.push(Problem::at(table.file.clone(), Place::Line(1), finding));
        }
    }
    let is_final = |name: &&&str| {
        name.split_once('_').is_some_and(|(_, rest)| CATEGORIES.iter().any(|(known, _)| *known == rest))
    };
    let of_rows: HashSet<&str> = rows.iter().map(String::as_str).filter(|name| name.contains('_')).collect();
    let of_columns: HashSet<&str> =
        columns.iter().filter(|name| name.contains('_') && !is_final(name)).copied().collect();
    for (missing, what) in [
        (of_columns.difference(&of_rows), "stand in the columns and in no row"),
        (of_rows.difference(&of_columns), "stand in the rows and in no column"),
    ] {
        let mut missing: Vec<&str> = missing.copied().collect();
        missing.sort_unstable();
        if let Some(shown) = missing.get(..missing.len().min(6)).filter(|shown| !shown.is_empty()) {
            let finding = Finding::Inconsistent {
                what: format!(
                    "{} of {} sectors of economies",
                    missing.len(),
                    of_rows.union(&of_columns).count()
                ),
                found: format!("{what} ({})", shown.join(", ")),
                rule: "the table has each both ways; it may have been cut off".into(),
            };
            problems.push(Problem::whole(table.file.clone(), finding));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// What the row `OUT` states is what the row of the sector sells: published tables keep it but for rounding.
fn refuse_other_output(
    label: &str,
    sales: &HashMap<&str, f64>,
    stated: &[(String, f64)],
) -> Result<(), Problem> {
    /// Of the larger of the two, and of the world's mean output: small sectors of rounded tables are off by more of themselves.
    const ALLOWED: f64 = 1e-3;
    let mean = stated.iter().map(|(_, output)| output.abs()).sum::<f64>() / stated.len().max(1) as f64;
    let off = |(name, output): &&(String, f64)| {
        let sold = sales.get(name.as_str()).copied().unwrap_or_default();
        (sold - output).abs() > ALLOWED * sold.abs().max(output.abs()).max(mean)
    };
    let wrong: Vec<&(String, f64)> = stated.iter().filter(off).collect();
    let Some((name, output)) = wrong.first() else { return Ok(()) };
    let finding = Finding::Inconsistent {
        what: format!("output of {} of {} sectors of economies", wrong.len(), stated.len()),
        found: format!(
            "`{name}` sells {} where the row OUT states {output}",
            sales.get(name.as_str()).copied().unwrap_or_default()
        ),
        rule: "the two are one number but for rounding; a row or a column may be missing, doubled or changed"
            .into(),
    };
    Err(Problem::whole(label, finding))
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
