//! Results in the forms that people have, from one layer of typed tables: a workbook, Stata, Parquet, header arrays, GAMS, pictures.

use detente_engine::catalogue::economy::WELFARE;
use detente_engine::catalogue::flow::{RATE, VALUE_AFTER, VALUE_BEFORE};
use detente_exchange::har::write::{Set, Writer};
use detente_exchange::{ExchangeError, excel, gams, stata};
use detente_tables::result_table::{Column, Data, ResultTable};
use detente_tables::table::parquet_bytes;
use serde_json::{Value, json};

use super::stored::Stored;

/// A form to export to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One workbook, a sheet for each table.
    Workbook,
    /// A Stata file for each table.
    Stata,
    /// A Parquet file for each table.
    Parquet,
    /// One file of header arrays.
    HeaderArrays,
    /// Text that GAMS includes.
    Gams,
    /// Pictures as Vega-Lite.
    VegaLite,
}

impl Form {
    /// Words for it, and whether it is one file.
    pub const WORDS: [(&'static str, Form); 6] = [
        ("xlsx", Form::Workbook),
        ("dta", Form::Stata),
        ("parquet", Form::Parquet),
        ("har", Form::HeaderArrays),
        ("gams", Form::Gams),
        ("vega-lite", Form::VegaLite),
    ];
}

/// The files of an export: names and bytes. The same result gives the same bytes.
///
/// # Errors
/// What a form has no room for, with the name and what would be right.
pub fn files(stored: &Stored, form: Form) -> Result<Vec<(String, Vec<u8>)>, ExchangeError> {
    let each = |ending: &str, write: &dyn Fn(&str, &ResultTable) -> Result<Vec<u8>, ExchangeError>| {
        let one =
            |(name, table): &(String, ResultTable)| Ok((format!("{name}.{ending}"), write(name, table)?));
        stored.tables.iter().map(one).collect::<Result<Vec<_>, ExchangeError>>()
    };
    match form {
        Form::Workbook => {
            let mut sheets = vec![excel::Sheet { name: "read me".into(), table: about(&stored.summary) }];
            let tables = stored
                .tables
                .iter()
                .map(|(name, table)| excel::Sheet { name: name.clone(), table: table.clone() });
            sheets.extend(tables);
            Ok(vec![("results.xlsx".into(), excel::workbook(&sheets)?)])
        }
        Form::Stata => each("dta", &|name, table| {
            stata::data(
                &format!("{}: {name}", stored.summary["scenario"].as_str().unwrap_or("result")),
                table,
            )
        }),
        Form::Parquet => each("parquet", &|_, table| {
            parquet_bytes(table).map_err(|error| ExchangeError::whole(error.to_string()))
        }),
        Form::Gams => {
            let files = gams::files(&stored.tables)?;
            Ok(files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect())
        }
        Form::HeaderArrays => Ok(vec![("results.har".into(), header_arrays(stored)?)]),
        Form::VegaLite => Ok(pictures(stored)
            .into_iter()
            .map(|(name, spec)| (format!("{name}.vl.json"), format!("{spec:#}\n").into_bytes()))
            .collect()),
    }
}

/// The summary as rows of what and value.
fn about(summary: &Value) -> ResultTable {
    let (mut what, mut value) = (Vec::new(), Vec::new());
    for (key, held) in summary.as_object().into_iter().flatten() {
        what.push(key.clone());
        value.push(held.as_str().map_or_else(|| held.to_string(), str::to_string));
    }
    ResultTable::new(vec![Column::text("what", "what", what), Column::text("value", "value", value)])
}

fn table<'a>(stored: &'a Stored, name: &str) -> Option<&'a ResultTable> {
    stored.tables.iter().find(|(known, _)| known == name).map(|(_, table)| table)
}

/// The words of a column; none where it has none.
fn words(table: &ResultTable, name: &str) -> Vec<String> {
    match table.column(name).map(|column| &column.data) {
        Some(Data::Text(cells)) => cells.iter().map(|cell| cell.clone().unwrap_or_default()).collect(),
        _ => Vec::new(),
    }
}

fn numbers(column: &Column) -> Option<&[Option<f64>]> {
    match &column.data {
        Data::Number(cells) => Some(cells),
        _ => None,
    }
}

/// Words without repeating, in the order of their appearance.
fn distinct(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}

/// `WELF` and every outcome of economies and sectors over `REG` and `COMM`, trade before and after, tariffs. What is not defined is zero, as
/// the format has no room for it.
fn header_arrays(stored: &Stored) -> Result<Vec<u8>, ExchangeError> {
    let mut writer = Writer::default();
    let economies = table(stored, "economies").map(|table| words(table, "economy")).unwrap_or_default();
    let flows = |name: &str| table(stored, name).map(|table| (words(table, "sector"), table));
    let sectors =
        ["sectors", "trade", "tariffs"].iter().filter_map(|name| flows(name)).flat_map(|(words, _)| words);
    let sectors = distinct(
        sectors.chain(table(stored, "sectors").map(|table| words(table, "sector")).unwrap_or_default()),
    );
    let (regions, goods) = (Set::new("REG", economies)?, Set::new("COMM", sectors)?);
    writer.set("REG", &regions, "economies")?;
    if !goods.elements.is_empty() {
        writer.set("COMM", &goods, "sectors")?;
    }
    let position = |set: &Set, word: &str| set.elements.iter().position(|known| known == word);
    if let Some(table) = table(stored, "economies") {
        let columns: Vec<&Column> = table.columns.iter().filter(|column| numbers(column).is_some()).collect();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let outcomes = Set::new("OUTC", (1..=columns.len()).map(|k| format!("outcome{k}")))?;
        writer.words("OUTN", "names of the outcomes of OUTC, in order", &names)?;
        let mut values = vec![0.0; outcomes.elements.len() * regions.elements.len()];
        for (row, code) in words(table, "economy").iter().enumerate() {
            let Some(region) = position(&regions, code) else { continue };
            for (k, column) in columns.iter().enumerate() {
                let cell = numbers(column).and_then(|cells| cells.get(row).copied().flatten());
                values[region * columns.len() + k] = cell.unwrap_or_default();
            }
        }
        writer.array("ECON", "outcomes by economy", &[&outcomes, &regions], &values)?;
        if let Some(k) = columns.iter().position(|column| column.name == WELFARE.id) {
            let welfare: Vec<f64> =
                (0..regions.elements.len()).map(|region| values[region * columns.len() + k]).collect();
            writer.array("WELF", "welfare, percent of income", &[&regions], &welfare)?;
        }
    }
    let arrays = [
        ("trade", VALUE_BEFORE.id, "TRDB", "border value before (sector, exporter, importer)"),
        ("trade", VALUE_AFTER.id, "TRDA", "border value after (sector, exporter, importer)"),
        ("tariffs", RATE.id, "TARF", "tariff rate, a fraction (sector, exporter, importer)"),
    ];
    for (name, column, header, long_name) in arrays {
        let Some(table) = table(stored, name) else { continue };
        let Some(cells) = table.column(column).and_then(numbers) else { continue };
        let mut values = vec![0.0; goods.elements.len() * regions.elements.len() * regions.elements.len()];
        let rows =
            words(table, "exporter").into_iter().zip(words(table, "importer")).zip(words(table, "sector"));
        for (((exporter, importer), sector), cell) in rows.zip(cells) {
            let places =
                (position(&regions, &exporter), position(&regions, &importer), position(&goods, &sector));
            if let (Some(exporter), Some(importer), Some(sector)) = places {
                let at = (importer * regions.elements.len() + exporter) * goods.elements.len() + sector;
                values[at] = cell.unwrap_or_default();
            }
        }
        writer.array(header, long_name, &[&goods, &regions, &regions], &values)?;
    }
    Ok(writer.into_bytes())
}

/// The picture of each table that has one: bars of welfare, the largest changes of trade.
fn pictures(stored: &Stored) -> Vec<(String, Value)> {
    /// Flows that are shown.
    const SHOWN: usize = 20;
    let mut found = Vec::new();
    let summary = &stored.summary;
    let title = |what: &str| {
        json!({
            "text": format!("{}: {what}", summary["scenario"].as_str().unwrap_or("result")),
            "subtitle": format!(
                "{}; horizon {}; version {}",
                summary["benchmark"]["name"].as_str().unwrap_or(""),
                summary["horizon"].as_str().unwrap_or(""),
                summary["version"].as_str().unwrap_or("")
            ),
            "anchor": "start",
        })
    };
    let bars = |what: &str, field: &str, unit: &str, rows: Vec<Value>| {
        json!({
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "title": title(what),
            "data": { "values": rows },
            "mark": "bar",
            "encoding": {
                "y": { "field": "name", "type": "nominal", "sort": null, "title": null },
                "x": { "field": field, "type": "quantitative", "title": unit },
                "tooltip": [{ "field": "name", "type": "nominal" }, { "field": field, "type": "quantitative", "format": ".6g" }],
            },
        })
    };
    if let Some(table) = table(stored, "economies") {
        for column in table.columns.iter().filter(|column| column.name.ends_with("_pct")) {
            let Some(cells) = numbers(column).filter(|cells| cells.iter().any(Option::is_some)) else {
                continue;
            };
            let rows = words(table, "economy").into_iter().zip(cells);
            let rows =
                rows.map(|(name, value)| json!({ "name": name, column.name.as_str(): value })).collect();
            found.push((column.name.clone(), bars(&column.label, &column.name, &column.unit, rows)));
        }
    }
    if let Some(table) = table(stored, "trade") {
        let columns = table
            .column(VALUE_BEFORE.id)
            .and_then(numbers)
            .zip(table.column(VALUE_AFTER.id).and_then(numbers));
        if let Some((before, after)) = columns {
            let names = words(table, "exporter")
                .into_iter()
                .zip(words(table, "importer"))
                .zip(words(table, "sector"));
            let mut rows: Vec<(String, f64)> = names
                .zip(before.iter().zip(after))
                .filter(|(((exporter, importer), _), _)| exporter != importer)
                .map(|(((exporter, importer), sector), (before, after))| {
                    (
                        format!("{exporter} to {importer}, {sector}"),
                        after.unwrap_or_default() - before.unwrap_or_default(),
                    )
                })
                .collect();
            rows.sort_by(|left, right| right.1.abs().total_cmp(&left.1.abs()).then(left.0.cmp(&right.0)));
            let rows = rows
                .into_iter()
                .take(SHOWN)
                .map(|(name, value)| json!({ "name": name, "change": value }))
                .collect();
            let unit = summary["benchmark"]["unit"].as_str().unwrap_or("");
            found.push(("trade".into(), bars("the largest changes of trade", "change", unit, rows)));
        }
    }
    found
}
