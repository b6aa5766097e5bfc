//! Text that GAMS includes: the sets, one table without header for each parameter, and a file that declares and loads them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use detente_tables::result_table::{Data, ResultTable};

use crate::ExchangeError;

/// Characters of a label.
const LABEL: usize = 63;

/// The files `sets.inc`, `load.gms` and a `TABLE_COLUMN.csv` for every column of numbers; columns of words in front of the numbers are their
/// keys. What is missing is left out, and a zero that is meant is `EPS`.
///
/// # Errors
/// Labels of more than 63 characters, or with both kinds of quotes.
pub fn files(tables: &[(String, ResultTable)]) -> Result<Vec<(String, String)>, ExchangeError> {
    let mut sets: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut found = Vec::new();
    let mut load = "* Written for $include: sets first, then one parameter for each column of numbers.\n$include sets.inc\n".to_string();
    for (name, table) in tables {
        let keys: Vec<_> =
            table.columns.iter().take_while(|column| matches!(column.data, Data::Text(_))).collect();
        if keys.is_empty() {
            continue;
        }
        for key in &keys {
            let Data::Text(cells) = &key.data else { continue };
            let known = sets.entry(&key.name).or_default();
            let mut seen: std::collections::HashSet<String> = known.iter().cloned().collect();
            for cell in cells.iter().flatten().filter(|cell| !cell.is_empty()) {
                if seen.insert(cell.clone()) {
                    known.push(cell.clone());
                }
            }
        }
        let domain = keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>().join(",");
        for column in &table.columns {
            if !matches!(column.data, Data::Number(_) | Data::Integer(_)) {
                continue;
            }
            let parameter = format!("{name}_{}", column.name);
            let mut text = String::new();
            for row in 0..table.len() {
                let number = column.data.cell(row);
                let labels: Vec<String> = keys.iter().map(|key| key.data.cell(row)).collect();
                if number.is_empty() || labels.iter().any(String::is_empty) {
                    continue;
                }
                let labels = labels.iter().map(|label| quoted(label)).collect::<Result<Vec<_>, _>>()?;
                let number = if number == "0" || number == "-0" { "EPS" } else { &number };
                let _ = writeln!(text, "{},{number}", labels.join(","));
            }
            let explained = column.label.replace(['"', '\'', '/', ';'], " ");
            let _ = writeln!(
                load,
                "parameter {parameter}({domain}) \"{explained}{}{}\" /\n$onDelim\n$include {parameter}.csv\n$offDelim\n/;",
                if column.unit.is_empty() { "" } else { ", " },
                column.unit.replace(['"', '\'', '/', ';'], " ")
            );
            found.push((format!("{parameter}.csv"), text));
        }
    }
    let mut text = String::new();
    for (name, elements) in &sets {
        let elements = elements.iter().map(|label| quoted(label)).collect::<Result<Vec<_>, _>>()?;
        let _ = writeln!(text, "set {name} / {} /;", elements.join(", "));
    }
    found.push(("sets.inc".into(), text));
    found.push(("load.gms".into(), load));
    Ok(found)
}

/// A label, quoted unless it is letters and digits alone.
fn quoted(label: &str) -> Result<String, ExchangeError> {
    if label.chars().count() > LABEL {
        return Err(ExchangeError::whole(format!(
            "`{label}` has more than the {LABEL} characters of a label of GAMS"
        )));
    }
    if label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(label.to_string());
    }
    match (label.contains('"'), label.contains('\'')) {
        (false, _) => Ok(format!("\"{label}\"")),
        (true, false) => Ok(format!("'{label}'")),
        (true, true) => {
            Err(ExchangeError::whole(format!("`{label}` has both kinds of quotes; GAMS takes one")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_tables::result_table::Column;

    #[test]
    fn keys_become_sets_and_numbers_parameters() {
        let table = ResultTable::new(vec![
            Column::text("economy", "economy", ["USA", "Côte d'Ivoire", "NA"]),
            Column::number("welfare_pct", "percent", "welfare", [Some(1.5), None, Some(0.0)]),
        ]);
        let files = files(&[("economies".into(), table)]).expect("written");
        let text = |name: &str| files.iter().find(|(file, _)| file == name).map(|(_, text)| text.as_str());
        assert_eq!(text("economies_welfare_pct.csv"), Some("USA,1.5\nNA,EPS\n"));
        assert_eq!(text("sets.inc"), Some("set economy / USA, \"Côte d'Ivoire\", NA /;\n"));
        assert!(text("load.gms").is_some_and(|text| text.contains("$include economies_welfare_pct.csv")));
    }
}
