//! Folders as pymrio writes them (and EXIOBASE is given out): `file_parameters.json` names the tables `Z` (or `A` and `x`) and `Y`, with rows
//! and columns by region and sector, as text or Parquet; extensions stand in folders below. Files of pickles are never opened.

use std::collections::HashMap;

use serde::Deserialize;

use detente_tables::diagnostics::{Finding, Place, Problem, Problems};
use detente_tables::table::Table;

use super::input_output::InputOutputTable;
use super::rules::Report;
use super::source::Source;
use super::wide::{Axes, ColumnLabel, RowLabel, category};

/// The file that says which file is which table.
pub const PARAMETERS: &str = "file_parameters.json";
/// Words in the name of an extension whose rows are value added.
const VALUE_ADDED: [&str; 4] = ["factor", "value_added", "value added", "primary_input"];
/// Words in the names of categories of final use.
const CATEGORY_WORDS: [(&str, &str); 8] = [
    ("household", "household"),
    ("non-profit", "household"),
    ("npish", "household"),
    ("government", "government"),
    ("capital formation", "investment"),
    ("inventor", "investment"),
    ("valuables", "investment"),
    ("export", "export"),
];

#[derive(Deserialize)]
struct Parameters {
    files: HashMap<String, File>,
}

#[derive(Clone, Deserialize)]
struct File {
    name: String,
    #[serde(default)]
    nr_index_col: Number,
    #[serde(default)]
    nr_header: Number,
}

/// pymrio writes counts as text.
#[derive(Clone, Default, Deserialize)]
#[serde(untagged)]
enum Number {
    Words(String),
    Count(usize),
    #[default]
    Absent,
}

impl Number {
    fn count(&self, otherwise: usize) -> usize {
        match self {
            Number::Words(words) => words.trim().parse().unwrap_or(otherwise),
            Number::Count(count) => *count,
            Number::Absent => otherwise,
        }
    }
}

/// A table with labels of several levels both ways.
struct Labelled {
    label: String,
    rows: Vec<Vec<String>>,
    columns: Vec<Vec<String>>,
    values: Vec<Vec<f64>>,
}

/// Reads the folder.
///
/// # Errors
/// A folder without `Z` or `A`, or without `Y`; tables whose labels do not fit each other; pickles.
pub fn read(source: &Source, report: &mut Report) -> Result<(InputOutputTable, Option<String>), Problems> {
    let label = source.label("");
    let files = parameters(source)?;
    let missing = |what: &str| {
        let right = format!("a folder of pymrio has a table `{what}` in {PARAMETERS}");
        Problem::whole(label.clone(), Finding::Missing { what: "table", right })
    };
    let table = |key: &str| files.get(key).map(|file| labelled(source, "", file)).transpose();
    let finals = table("Y")?.ok_or_else(|| missing("Y"))?;
    let flows = match table("Z")? {
        Some(flows) => flows,
        None => {
            let shares = table("A")?.ok_or_else(|| missing("Z` or `A"))?;
            report.note("flows are the coefficients `A` times output, from `x` where it is there, else solved from final demand");
            of_coefficients(shares, table("x")?, &finals)?
        }
    };
    if flows.rows != finals.rows {
        let finding = Finding::Inconsistent {
            what: "rows of Z and Y".into(),
            found: "their labels differ".into(),
            rule: "both tables have the same regions and sectors in the same order".into(),
        };
        return Err(Problem::whole(finals.label, finding).into());
    }
    let extension = value_added(source, flows.columns.len())?;
    let pair = |labels: &[String]| {
        (labels.first().cloned().unwrap_or_default(), labels.get(1).cloned().unwrap_or_default())
    };
    let mut rows: Vec<RowLabel> = flows
        .rows
        .iter()
        .map(|labels| pair(labels))
        .map(|(region, sector)| RowLabel::Flow(region, sector))
        .collect();
    let mut columns: Vec<ColumnLabel> = flows
        .columns
        .iter()
        .map(|labels| pair(labels))
        .map(|(region, sector)| ColumnLabel::Sector(region, sector))
        .collect();
    for labels in &finals.columns {
        let (region, name) = pair(labels);
        columns.push(ColumnLabel::Final(region, category_of(&name)));
    }
    let mut names: Vec<String> = flows.rows.iter().map(|labels| labels.join(" ")).collect();
    if let Some((name, _)) = &extension {
        report.note(format!("stated value added is the sum of all rows of the extension `{name}`"));
        rows.push(RowLabel::ValueAdded);
        names.push("value added".into());
    }
    let column_names: Vec<String> =
        flows.columns.iter().chain(&finals.columns).map(|labels| labels.join(" ")).collect();
    let axes = Axes::of(&flows.label, rows, &[], columns, (&names, &column_names))?;
    let filled = axes.fill(|row, numbers| {
        match (flows.values.get(row), &extension) {
            (Some(values), _) => {
                numbers.extend(values);
                numbers.extend(finals.values.get(row).into_iter().flatten());
            }
            (None, Some((_, values))) => {
                numbers.extend(values);
                numbers.resize(flows.columns.len() + finals.columns.len(), 0.0);
            }
            (None, None) => {}
        }
        Ok(())
    })?;
    Ok((filled, unit(source, &files)?))
}

fn category_of(name: &str) -> String {
    if let Some(known) = category(name) {
        return known.to_string();
    }
    let small = name.to_lowercase();
    let found = CATEGORY_WORDS.iter().find(|(word, _)| small.contains(word));
    found.map_or_else(|| name.to_string(), |(_, category)| (*category).to_string())
}

/// Which file is which table: as the folder says, or by the names of bare files.
fn parameters(source: &Source) -> Result<HashMap<String, File>, Problems> {
    let label = source.label(PARAMETERS);
    if let Some(bytes) = source.bytes(PARAMETERS)? {
        let parsed: Parameters = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::whole(
                label,
                Finding::Syntax { reason: format!("{error}; pymrio's save_all writes this file") },
            )
        })?;
        return Ok(parsed.files);
    }
    let names = source.names()?;
    let bare = |key: &str| {
        let found = names.iter().find(|name| name.ends_with(&format!("{key}.txt")) && !name.contains('/'))?;
        let file = File { name: found.clone(), nr_index_col: Number::Absent, nr_header: Number::Count(2) };
        Some((key.to_string(), file))
    };
    Ok(["Z", "A", "Y", "x"].into_iter().filter_map(bare).collect())
}

fn labelled(source: &Source, folder: &str, file: &File) -> Result<Labelled, Problems> {
    let path = format!("{folder}{}", file.name);
    let label = source.label(&path);
    let refuse = |reason: String| Problem::whole(label.clone(), Finding::Syntax { reason });
    if file.name.ends_with(".pkl") || file.name.ends_with(".pickle") {
        return Err(refuse(
            "a pickle can run programs and is not opened; save the table as text or Parquet".into(),
        )
        .into());
    }
    let missing = || {
        Problem::whole(
            label.clone(),
            Finding::Missing { what: "file", right: format!("{PARAMETERS} names it") },
        )
    };
    let bytes = source.bytes(&path)?.ok_or_else(missing)?;
    if file.name.ends_with(".parquet") {
        return of_parquet(&label, &bytes);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| refuse("not UTF-8; save the file as UTF-8".into()))?;
    let header = file.nr_header.count(2).max(1);
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    if lines.len() <= header {
        return Err(refuse(format!("{} lines, where {header} are the header alone", lines.len())).into());
    }
    // Bare files do not say how many columns of labels they have: as many as the header leaves empty.
    let stated = file.nr_index_col.count(0);
    let index =
        if stated > 0 { stated } else { lines[0].iter().take_while(|cell| cell.trim().is_empty()).count() };
    let width = lines[0].len();
    if index == 0 || index >= width || lines[..header].iter().any(|line| line.len() != width) {
        return Err(refuse("a header of other columns than labels and numbers".into()).into());
    }
    let columns =
        (index..width).map(|at| lines[..header].iter().map(|line| line[at].trim().to_string()).collect());
    let columns: Vec<Vec<String>> = columns.collect();
    let mut found = Labelled { label: label.clone(), rows: Vec::new(), columns, values: Vec::new() };
    for (number, line) in lines.iter().enumerate().skip(header) {
        // Names of the columns of labels stand in a line of their own.
        let empty = |cells: &[&str]| cells.iter().all(|cell| cell.trim().is_empty());
        if line.len() <= index || empty(&line[index..]) {
            continue;
        }
        let place = Place::Line(number as u64 + 1);
        if line.len() != width {
            let reason = format!("{} fields where the header has {width}", line.len());
            return Err(Problem::at(label, place, Finding::Syntax { reason }).into());
        }
        let numbers =
            line[index..].iter().zip(&found.columns).map(|(cell, column)| match cell.trim().parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => {
                    let finding =
                        Finding::NotANumber { column: column.join(" "), found: (*cell).to_string() };
                    Err(Problem::at(label.clone(), place.clone(), finding))
                }
            });
        found.values.push(numbers.collect::<Result<_, _>>()?);
        found.rows.push(line[..index].iter().map(|cell| cell.trim().to_string()).collect());
    }
    trim_units(&mut found.rows);
    Ok(found)
}

/// Bare files have the unit as a third level.
fn trim_units(rows: &mut [Vec<String>]) {
    rows.iter_mut().for_each(|labels| labels.truncate(2));
}

fn of_parquet(label: &str, bytes: &[u8]) -> Result<Labelled, Problems> {
    let table = Table::parse(label.to_string(), bytes)?;
    let names = table.columns();
    let is_value = |name: &String| name.starts_with('(') && name.ends_with(')');
    let values: Vec<usize> = (0..names.len()).filter(|at| is_value(&names[*at])).collect();
    let labels: Vec<usize> = (0..names.len()).filter(|at| !is_value(&names[*at])).collect();
    let mut found = Labelled {
        label: label.to_string(),
        rows: Vec::new(),
        columns: values.iter().map(|at| tuple(&names[*at])).collect(),
        values: Vec::new(),
    };
    for row in table.rows() {
        found.rows.push(labels.iter().map(|at| row.text(*at).into_owned()).collect());
        found.values.push(values.iter().map(|at| row.number(*at)).collect::<Result<_, _>>()?);
    }
    Ok(found)
}

/// The parts of a name that pandas wrote for several levels: `('USA', 'A')`.
fn tuple(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = name.trim_start_matches('(').trim_end_matches(')');
    while let Some(start) = left.find(['\'', '"']) {
        let quote = left[start..].chars().next().unwrap_or('\'');
        let rest = &left[start + 1..];
        let Some(end) = rest.find(quote) else { break };
        found.push(rest[..end].to_string());
        left = &rest[end + 1..];
    }
    found
}

/// Flows from coefficients: times output, which is given or solved from `x = A x + y` by rounds.
fn of_coefficients(
    shares: Labelled,
    output: Option<Labelled>,
    finals: &Labelled,
) -> Result<Labelled, Problems> {
    const ROUNDS: usize = 10_000;
    let size = shares.rows.len();
    let unfit = || {
        let reason = "`A`, `x` and `Y` have other sizes".to_string();
        Problem::whole(shares.label.clone(), Finding::Syntax { reason })
    };
    if shares.columns.len() != size || finals.values.len() != size {
        return Err(unfit().into());
    }
    let demand: Vec<f64> = finals.values.iter().map(|row| row.iter().sum()).collect();
    let output = match output {
        Some(given) if given.values.len() == size => {
            given.values.iter().map(|row| row.first().copied().unwrap_or_default()).collect()
        }
        Some(_) => return Err(unfit().into()),
        None => {
            let mut output = demand.clone();
            let mut settled = false;
            for _ in 0..ROUNDS {
                let next: Vec<f64> = shares
                    .values
                    .iter()
                    .zip(&demand)
                    .map(|(row, demand)| demand + row.iter().zip(&output).map(|(a, x)| a * x).sum::<f64>())
                    .collect();
                let (off, sum): (f64, f64) = next
                    .iter()
                    .zip(&output)
                    .fold((0.0, 0.0), |(off, sum), (n, o)| (off + (n - o).abs(), sum + n.abs()));
                output = next;
                if off <= 1e-14 * sum {
                    settled = true;
                    break;
                }
            }
            if !settled {
                let reason = "the coefficients `A` leave no finite output for `Y`".to_string();
                return Err(Problem::whole(shares.label.clone(), Finding::Unreadable { reason }).into());
            }
            output
        }
    };
    let values =
        shares.values.iter().map(|row| row.iter().zip(&output).map(|(share, x)| share * x).collect());
    Ok(Labelled {
        values: values.collect(),
        label: shares.label.clone(),
        rows: shares.rows.clone(),
        columns: shares.columns.clone(),
    })
}

/// The extension of value added by its name, summed over its rows.
fn value_added(source: &Source, width: usize) -> Result<Option<(String, Vec<f64>)>, Problems> {
    for name in source.names()? {
        let Some(folder) = name.strip_suffix(PARAMETERS).filter(|folder| !folder.is_empty()) else {
            continue;
        };
        let small = folder.to_lowercase();
        if !VALUE_ADDED.iter().any(|word| small.contains(word)) {
            continue;
        }
        let Some(bytes) = source.bytes(&name)? else { continue };
        let parsed: Parameters = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::whole(source.label(&name), Finding::Syntax { reason: error.to_string() })
        })?;
        let Some(file) = parsed.files.get("F") else { continue };
        let table = labelled(source, folder, file)?;
        if table.columns.len() != width {
            let reason = format!("{} columns where Z has {width}", table.columns.len());
            return Err(Problem::whole(table.label, Finding::Syntax { reason }).into());
        }
        let sums = (0..width).map(|column| table.values.iter().map(|row| row[column]).sum()).collect();
        return Ok(Some((folder.trim_end_matches('/').to_string(), sums)));
    }
    // Bare files of pymrio's test system.
    if let Some(name) = source.names()?.into_iter().find(|name| name.ends_with("factor_input.txt")) {
        let file = File { name: name.clone(), nr_index_col: Number::Absent, nr_header: Number::Count(2) };
        let table = labelled(source, "", &file)?;
        if table.columns.len() == width {
            let sums = (0..width).map(|column| table.values.iter().map(|row| row[column]).sum()).collect();
            return Ok(Some((name, sums)));
        }
    }
    Ok(None)
}

/// The unit, where all rows have one.
fn unit(source: &Source, files: &HashMap<String, File>) -> Result<Option<String>, Problems> {
    let Some(file) = files.get("unit").filter(|file| file.name.ends_with(".txt")) else { return Ok(None) };
    let Some(bytes) = source.bytes(&file.name)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    let mut units: Vec<&str> =
        text.lines().skip(1).filter_map(|line| line.split('\t').next_back()).map(str::trim).collect();
    units.sort_unstable();
    units.dedup();
    Ok(match units[..] {
        [one] if !one.is_empty() => Some(one.to_string()),
        _ => None,
    })
}
