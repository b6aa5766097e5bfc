//! WIOD's wide tables: the workbook of 2013 (and of 2016, which has the same form), the data frame of 2016 as CSV or as data of R, and the
//! list of 2013 as data of R.

use std::collections::{HashMap, HashSet};

use detente_exchange::r_data::{self, Value};
use detente_exchange::workbook::{self, Cell};
use detente_tables::diagnostics::{Finding, Place, Problem, Problems};
use detente_tables::table::Table;

use super::input_output::InputOutputTable;
use super::wide::{Axes, ColumnLabel, RowLabel, category};

/// Columns of labels in front of the numbers of the data frame of 2016.
const FRAME_LABELS: [&str; 5] = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"];
/// What stands for an economy in the rows below the flows.
const TOTAL: &str = "TOT";
/// Rows below the flows by their codes: what is added to value added, and output.
const VALUE_ADDED: [&str; 13] =
    ["TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM", "r99", "r61", "r62", "r63", "r64", "r65", "r66"];
/// Rows below the flows by their names, where they have no code.
const VALUE_ADDED_NAMES: [&str; 6] = ["taxes", "cif", "direct", "purchases", "value added", "international"];
const OUTPUT: [&str; 3] = ["GO", "r69", "r73"];
/// Numbers of final uses in the table of 2016; smaller numbers are sectors.
const FINAL_USES: std::ops::RangeInclusive<usize> = 57..=61;
/// Matrices of the list of 2013.
const FINAL_OF_LIST: [&str; 5] = ["c37", "c38", "c39", "c41", "c42"];

fn refuse(label: &str, reason: impl Into<String>) -> Problem {
    Problem::whole(label, Finding::Unreadable { reason: reason.into() })
}

/// What a row below the flows is.
fn tail(code: &str, name: &str) -> RowLabel {
    let name = name.trim().to_lowercase();
    if VALUE_ADDED.contains(&code) {
        RowLabel::ValueAdded
    } else if OUTPUT.contains(&code) || name.starts_with("output") {
        RowLabel::Output
    } else if VALUE_ADDED_NAMES.iter().any(|start| name.starts_with(start)) {
        RowLabel::ValueAdded
    } else {
        RowLabel::Ignored
    }
}

/// A data frame of 2016: names of its columns, its labels, its numbers by column.
struct Frame {
    names: Vec<String>,
    codes: Vec<String>,
    descriptions: Vec<String>,
    countries: Vec<String>,
    numbers: Vec<String>,
}

impl Frame {
    fn axes(&self, label: &str, places: &[Place]) -> Result<Axes, Problems> {
        let sector_of: HashMap<(&str, &str), &str> = self
            .countries
            .iter()
            .zip(&self.numbers)
            .zip(&self.codes)
            .map(|((country, number), code)| ((country.as_str(), number.as_str()), code.as_str()))
            .collect();
        let economies: HashSet<&str> =
            self.countries.iter().map(String::as_str).filter(|code| *code != TOTAL).collect();
        let rows = self.countries.iter().zip(&self.codes).zip(&self.descriptions);
        let rows = rows.map(|((country, code), name)| {
            if country == TOTAL { tail(code, name) } else { RowLabel::Flow(country.clone(), code.clone()) }
        });
        let rows: Vec<RowLabel> = rows.collect();
        let mut columns = Vec::new();
        for name in &self.names {
            if name == TOTAL {
                columns.push(ColumnLabel::Total);
                continue;
            }
            let economy =
                economies.iter().filter(|code| name.starts_with(**code)).max_by_key(|code| code.len());
            let found = economy.and_then(|economy| {
                let number = &name[economy.len()..];
                if let Some(code) = sector_of.get(&(*economy, number)) {
                    return Some(ColumnLabel::Sector((*economy).to_string(), (*code).to_string()));
                }
                let final_use = number.parse::<usize>().ok().filter(|use_| FINAL_USES.contains(use_))?;
                let category = category(&format!("c{final_use}"))?;
                Some(ColumnLabel::Final((*economy).to_string(), category.to_string()))
            });
            columns.push(found.ok_or_else(|| {
                let reason = format!(
                    "column `{name}` is no economy of the rows with the number of a sector or of a final use"
                );
                Problem::at(label, Place::Line(1), Finding::Syntax { reason })
            })?);
        }
        let names: Vec<String> = self
            .countries
            .iter()
            .zip(&self.codes)
            .map(|(country, code)| format!("{country} {code}"))
            .collect();
        Axes::of(label, rows, places, columns, (&names, &self.names))
    }
}

/// Whether a table is the data frame of 2016.
pub fn is_frame(table: &Table) -> bool {
    FRAME_LABELS.iter().all(|name| table.column(name).is_some())
}

/// The data frame of 2016 as a table.
///
/// # Errors
/// Columns, rows and cells that are none of the layout's.
pub fn of_table(table: &Table) -> Result<InputOutputTable, Problems> {
    let ([code, description, country, number, _], _) = {
        let position = |name: &str| table.column(name).unwrap_or_default();
        (FRAME_LABELS.map(position), ())
    };
    let values: Vec<usize> = (0..table.columns().len())
        .filter(|at| !FRAME_LABELS.contains(&table.columns()[*at].as_str()))
        .collect();
    let text =
        |column: usize| table.rows().map(|row| row.text(column).trim().to_string()).collect::<Vec<_>>();
    let frame = Frame {
        names: values.iter().map(|at| table.columns()[*at].clone()).collect(),
        codes: text(code),
        descriptions: text(description),
        countries: text(country),
        numbers: text(number),
    };
    let rows: Vec<_> = table.rows().collect();
    let places: Vec<Place> = rows.iter().map(|row| row.place()).collect();
    frame.axes(&table.file, &places)?.fill(|position, numbers| {
        for column in &values {
            numbers.push(rows[position].number(*column)?);
        }
        Ok(())
    })
}

/// Data of R: the data frame `wiot` of 2016, or the list of 2013 (`countries`, `industries`, `inter`, `final`).
///
/// # Errors
/// Neither of the two; sizes that do not fit each other.
pub fn of_r(label: &str, bytes: &[u8]) -> Result<InputOutputTable, Problems> {
    let objects = r_data::read(bytes).map_err(|error| refuse(label, error.to_string()))?;
    for (_, object) in &objects {
        if FRAME_LABELS.iter().all(|name| object.element(name).is_some()) {
            return of_r_frame(label, object);
        }
        if ["countries", "industries", "inter", "final"].iter().all(|name| object.element(name).is_some()) {
            return of_r_list(label, object);
        }
    }
    let names = objects.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    Err(refuse(label, format!("neither a data frame with {} nor a list with countries, industries, inter and final among its objects ({names})", FRAME_LABELS.join(", "))).into())
}

fn of_r_frame(label: &str, frame: &Value) -> Result<InputOutputTable, Problems> {
    let words = |name: &str| frame.element(name).map(Value::words).unwrap_or_default();
    let names: Vec<String> =
        frame.names().into_iter().filter(|name| !FRAME_LABELS.contains(&name.as_str())).collect();
    let found = Frame {
        codes: words("IndustryCode").iter().map(|code| code.trim().to_string()).collect(),
        descriptions: words("IndustryDescription"),
        countries: words("Country").iter().map(|code| code.trim().to_string()).collect(),
        numbers: words("RNr"),
        names,
    };
    let mut columns = Vec::new();
    for name in &found.names {
        let numbers = frame.element(name).and_then(Value::numbers);
        let numbers = numbers.filter(|numbers| numbers.len() == found.codes.len());
        columns.push(
            numbers.ok_or_else(|| {
                refuse(label, format!("column `{name}` does not hold a number for every row"))
            })?,
        );
    }
    if [found.countries.len(), found.numbers.len(), found.descriptions.len()] != [found.codes.len(); 3] {
        return Err(refuse(label, "columns of labels of other lengths").into());
    }
    found.axes(label, &[])?.fill(|position, numbers| {
        numbers.extend(columns.iter().map(|column| column[position]));
        finite(label, numbers, position)
    })
}

fn finite(label: &str, numbers: &[f64], position: usize) -> Result<(), Problem> {
    match numbers.iter().position(|number| !number.is_finite()) {
        None => Ok(()),
        Some(column) => {
            let reason = format!("the cell in row {} and column {} is no number", position + 1, column + 1);
            Err(Problem::at(label, Place::Row(position as u64 + 1), Finding::Syntax { reason }))
        }
    }
}

fn of_r_list(label: &str, list: &Value) -> Result<InputOutputTable, Problems> {
    let words = |name: &str| list.element(name).map(Value::words).unwrap_or_default();
    let (countries, industries) = (words("countries"), words("industries"));
    let matrix = |name: &str, rows: usize, columns: usize| {
        let found = list.element(name).and_then(|value| Some((value.sizes(), value.numbers()?)));
        found.filter(|(sizes, numbers)| *sizes == [rows, columns] && numbers.len() == rows * columns).map(|(_, numbers)| numbers).ok_or_else(|| {
            refuse(label, format!("`{name}` is no matrix of {rows} by {columns}, as {} countries and {} industries need", countries.len(), industries.len()))
        })
    };
    let size = countries.len() * industries.len();
    let inter = matrix("inter", size, size)?;
    let finals = matrix("final", size, countries.len() * FINAL_OF_LIST.len())?;
    let sectors = || {
        countries
            .iter()
            .flat_map(|country| industries.iter().map(move |industry| (country.clone(), industry.clone())))
    };
    let rows = sectors().map(|(country, industry)| RowLabel::Flow(country, industry)).collect();
    let mut columns: Vec<ColumnLabel> =
        sectors().map(|(country, industry)| ColumnLabel::Sector(country, industry)).collect();
    for country in &countries {
        let under =
            |code: &&str| ColumnLabel::Final(country.clone(), category(code).unwrap_or_default().to_string());
        columns.extend(FINAL_OF_LIST.iter().map(under));
    }
    let names: Vec<String> = sectors().map(|(country, industry)| format!("{country} {industry}")).collect();
    Axes::of(label, rows, &[], columns, (&names, &[]))?.fill(|row, numbers| {
        numbers.extend((0..size).map(|column| inter[column * size + row]));
        numbers.extend((0..countries.len() * FINAL_OF_LIST.len()).map(|column| finals[column * size + row]));
        finite(label, numbers, row)
    })
}

/// The workbook of 2013 and of 2016: codes, names, economies and numbered codes in four rows above and four columns before the numbers.
///
/// # Errors
/// A sheet without these labels, cells that are no numbers.
pub fn of_workbook(label: &str, bytes: &[u8], year: Option<i32>) -> Result<InputOutputTable, Problems> {
    let sheets = workbook::sheets(bytes).map_err(|error| refuse(label, error.to_string()))?;
    let of_year =
        year.and_then(|year| sheets.iter().position(|sheet| sheet.name.contains(&year.to_string())));
    let sheet =
        &sheets[of_year.unwrap_or(0)..].first().ok_or_else(|| refuse(label, "a workbook without sheets"))?;
    let cell = |row: usize, column: usize| {
        sheet.rows.get(row).and_then(|row| row.get(column)).unwrap_or(&Cell::Empty)
    };
    // The row of numbered codes is the first with `c1` in the fifth column.
    let codes = (0..sheet.rows.len().min(20)).find(|row| cell(*row, 4).words() == "c1");
    let codes = codes.filter(|row| *row >= 3).ok_or_else(|| {
        refuse(
            label,
            format!(
                "sheet `{}` has no row of codes `c1`, `c2` … from its fifth column: not WIOD's layout",
                sheet.name
            ),
        )
    })?;
    let width = sheet.rows[codes].len();
    let mut rows = Vec::new();
    let mut names = Vec::new();
    let mut sector_of: HashMap<String, String> = HashMap::new();
    for row in codes + 1..sheet.rows.len() {
        let [code, name, economy, number] = [0, 1, 2, 3].map(|column| cell(row, column).words());
        if economy.is_empty() && code.is_empty() && name.is_empty() {
            break;
        }
        rows.push(if economy == TOTAL || economy.is_empty() {
            tail(&number, &name)
        } else {
            let sector = if code.is_empty() { number.clone() } else { code.clone() };
            sector_of.entry(number.clone()).or_insert_with(|| sector.clone());
            RowLabel::Flow(economy.clone(), sector)
        });
        names.push(
            format!("{economy} {number} {}", if economy == TOTAL || economy.is_empty() { &name } else { "" })
                .trim_end()
                .to_string(),
        );
    }
    let mut columns = Vec::new();
    let mut column_names = Vec::new();
    for column in 4..width {
        let (economy, number) = (cell(codes - 1, column).words(), cell(codes, column).words());
        let found = if economy.is_empty() || economy == TOTAL {
            ColumnLabel::Total
        } else if let Some(sector) = sector_of.get(&number) {
            ColumnLabel::Sector(economy.clone(), sector.clone())
        } else if let Some(category) = category(&number) {
            ColumnLabel::Final(economy.clone(), category.to_string())
        } else {
            let reason = format!(
                "column {} has the code `{number}`, neither a sector of the rows nor a final use",
                column + 1
            );
            return Err(Problem::whole(label, Finding::Syntax { reason }).into());
        };
        columns.push(found);
        column_names.push(if economy.is_empty() {
            format!("column {}", column + 1)
        } else {
            format!("{economy} {number}")
        });
    }
    Axes::of(label, rows, &[], columns, (&names, &column_names))?.fill(|position, numbers| {
        for column in 4..width {
            let row = codes + 1 + position;
            numbers.push(match cell(row, column) {
                Cell::Number(number) => *number,
                Cell::Empty => 0.0,
                Cell::Text(words) if words.trim().is_empty() => 0.0,
                Cell::Text(words) => {
                    let finding = Finding::NotANumber {
                        column: format!("column {}", column + 1),
                        found: words.clone(),
                    };
                    return Err(Problem::at(label, Place::Row(row as u64 + 1), finding));
                }
            });
        }
        Ok(())
    })
}
