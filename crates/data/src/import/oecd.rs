//! OECD inter-country input-output tables as one wide CSV, in the layouts of five editions: rows and columns `ECONOMY_SECTOR`, final use in
//! columns `ECONOMY_CATEGORY` (`CATEGORY_ECONOMY` in 2016), rows of net taxes, value added and output below, output in the last column.

use std::collections::{HashMap, HashSet};

use super::input_output::InputOutputTable;
use super::wide::{Axes, CATEGORIES, ColumnLabel, DISCREPANCY, RowLabel, category};
use detente_tables::diagnostics::{Finding, Place, Problem, Problems};

/// Rows below the flows that add up to value added as the model has it; net taxes by economy end in the second.
const VALUE_ADDED_ROWS: [&str; 4] = ["TLS", "VA", "VALU", "VA+TAXSUB"];
const TAXES_OF_AN_ECONOMY: &str = "TAXSUB";
/// Rows and columns of output.
const OUTPUT: [&str; 3] = ["OUT", "OUTPUT", "TOTAL"];

/// Reads the table.
///
/// # Errors
/// Rows and columns that are missing, doubled or none of the layout's; cells that are no numbers; output other than what is sold.
pub fn read(label: &str, bytes: &[u8]) -> Result<InputOutputTable, Problems> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let right = "a table has a header row and at least one row below it".to_string();
        return Err(Problem::whole(label, Finding::Empty { right }).into());
    }
    let (header, names, places) = labels(label, bytes)?;
    let rows = names
        .iter()
        .zip(&places)
        .map(|(name, place)| row(name, label, place))
        .collect::<Result<Vec<_>, _>>()?;
    // The rows say which names are sectors; what else stands in the columns is final use.
    let mut sectors: HashSet<&str> = HashSet::new();
    let mut economies: HashSet<&str> = HashSet::new();
    for row in &rows {
        if let RowLabel::Flow(economy, sector) = row {
            economies.insert(economy);
            sectors.insert(sector);
        }
    }
    if header.len() < 2 || sectors.is_empty() {
        let reason = "no row named ECONOMY_SECTOR: not the OECD's layout".to_string();
        return Err(Problem::whole(label, Finding::Unreadable { reason }).into());
    }
    let columns = header[1..]
        .iter()
        .map(|name| column(name, &economies, &sectors, label))
        .collect::<Result<Vec<_>, _>>()?;
    let sold = rows.clone();
    let axes = Axes::of(label, rows, &places, columns, (&names, &header[1..]))?;
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut sales: HashMap<&str, f64> = HashMap::new();
    let mut stated: Vec<f64> = Vec::new();
    let totals: Vec<bool> = header[1..].iter().map(|name| OUTPUT.contains(&name.as_str())).collect();
    let flows = axes.fill(|position, numbers| {
        // Rows that are of no use are not asked for, and are passed over here: there are none in this layout.
        let more = reader.read_byte_record(&mut record).map_err(|error| syntax(label, &error))?;
        if !more {
            let reason = "the table ends before its last row".to_string();
            return Err(Problem::whole(label, Finding::Syntax { reason }));
        }
        for (cell, column) in record.iter().skip(1).zip(&header[1..]) {
            let text = std::str::from_utf8(cell).unwrap_or("?").trim();
            match text.parse::<f64>() {
                Ok(number) if number.is_finite() => numbers.push(number),
                _ if text.is_empty() => numbers.push(0.0),
                _ => {
                    let finding = Finding::NotANumber { column: column.clone(), found: text.to_string() };
                    return Err(Problem::at(label, places[position].clone(), finding));
                }
            }
        }
        match &sold[position] {
            RowLabel::Flow(..) => {
                let sum =
                    numbers.iter().zip(&totals).filter(|(_, total)| !**total).map(|(number, _)| number).sum();
                sales.insert(names[position].as_str(), sum);
            }
            RowLabel::Output => stated.clone_from(numbers),
            _ => {}
        }
        Ok(())
    })?;
    let stated: Vec<(&str, f64)> = header[1..]
        .iter()
        .zip(&stated)
        .filter(|(name, _)| sales.contains_key(name.as_str()))
        .map(|(name, output)| (name.as_str(), *output))
        .collect();
    refuse_other_output(label, &sales, &stated)?;
    Ok(flows)
}

/// The header, the names of the rows, and where they stand.
fn labels(label: &str, bytes: &[u8]) -> Result<(Vec<String>, Vec<String>, Vec<Place>), Problems> {
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let header = reader.headers().map_err(|error| syntax(label, &error))?;
    let header: Vec<String> = header.iter().map(|name| name.trim().to_string()).collect();
    let (mut names, mut places) = (Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| syntax(label, &error))? {
        names.push(String::from_utf8_lossy(record.get(0).unwrap_or_default()).trim().to_string());
        places.push(record.position().map_or(Place::Whole, |position| Place::Line(position.line())));
    }
    Ok((header, names, places))
}

fn syntax(label: &str, error: &csv::Error) -> Problem {
    let place = error.position().map_or(Place::Whole, |position| Place::Line(position.line()));
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields where the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "not UTF-8; save the file as UTF-8".to_string(),
        _ => error.to_string(),
    };
    Problem::at(label, place, Finding::Syntax { reason })
}

fn row(name: &str, label: &str, place: &Place) -> Result<RowLabel, Problem> {
    if VALUE_ADDED_ROWS.contains(&name) {
        return Ok(RowLabel::ValueAdded);
    }
    if OUTPUT.contains(&name) {
        return Ok(RowLabel::Output);
    }
    match name.split_once('_') {
        Some((_, TAXES_OF_AN_ECONOMY)) => Ok(RowLabel::ValueAdded),
        Some((economy, sector)) => Ok(RowLabel::Flow(economy.to_string(), sector.to_string())),
        None => {
            let reason = format!("row `{name}` is neither ECONOMY_SECTOR nor TLS, VA or OUT");
            Err(Problem::at(label, place.clone(), Finding::Syntax { reason }))
        }
    }
}

fn column(
    name: &str,
    economies: &HashSet<&str>,
    sectors: &HashSet<&str>,
    label: &str,
) -> Result<ColumnLabel, Problem> {
    if name == DISCREPANCY {
        return Ok(ColumnLabel::Discrepancy);
    }
    if OUTPUT.contains(&name) {
        return Ok(ColumnLabel::Total);
    }
    let Some((first, rest)) = name.split_once('_') else {
        let reason = format!("column `{name}` is neither ECONOMY_SECTOR, ECONOMY_CATEGORY nor OUT");
        return Err(Problem::at(label, Place::Line(1), Finding::Syntax { reason }));
    };
    if sectors.contains(rest) {
        return Ok(ColumnLabel::Sector(first.to_string(), rest.to_string()));
    }
    if let Some(category) = category(rest) {
        return Ok(ColumnLabel::Final(first.to_string(), category.to_string()));
    }
    // The edition of 2016 has the category before the economy.
    if let Some(category) = category(first).filter(|_| economies.contains(rest)) {
        return Ok(ColumnLabel::Final(rest.to_string(), category.to_string()));
    }
    let suggestion = detente_tables::nearest::suggestion(rest, CATEGORIES.iter().map(|(known, _)| *known));
    let finding = Finding::UnknownWord { found: name.to_string(), suggestion };
    Err(Problem::at(label, Place::Line(1), finding))
}

/// What the row of output states is what the row of the sector sells: published tables keep it but for rounding.
fn refuse_other_output(
    label: &str,
    sales: &HashMap<&str, f64>,
    stated: &[(&str, f64)],
) -> Result<(), Problem> {
    /// Of the larger of the two, and of the world's mean output: small sectors of rounded tables are off by more of themselves.
    const ALLOWED: f64 = 1e-3;
    let mean = stated.iter().map(|(_, output)| output.abs()).sum::<f64>() / stated.len().max(1) as f64;
    let off = |(name, output): &&(&str, f64)| {
        let sold = sales.get(name).copied().unwrap_or_default();
        (sold - output).abs() > ALLOWED * sold.abs().max(output.abs()).max(mean)
    };
    let wrong: Vec<&(&str, f64)> = stated.iter().filter(off).collect();
    let Some((name, output)) = wrong.first() else { return Ok(()) };
    let finding = Finding::Inconsistent {
        what: format!("output of {} of {} sectors of economies", wrong.len(), stated.len()),
        found: format!(
            "`{name}` sells {} where the row OUT states {output}",
            sales.get(name).copied().unwrap_or_default()
        ),
        rule: "the two are one number but for rounding; a row or a column may be missing, doubled or changed"
            .into(),
    };
    Err(Problem::whole(label, finding))
}
