//! Importers of world tables (`data import`), an importer a layout: a benchmark directory from the files of a source, by a recipe, checked.
//!
//! Every layout is first restated in the contract's tables and then read by the one reader, so that an import is refused
//! for the same reasons as a directory; what is written is read once more, so that rounding cannot break it.

pub mod gtap;
pub mod input_output;
pub mod long;
pub mod oecd;
pub mod pymrio;
pub mod recipe;
pub mod rules;
pub mod source;
pub mod wide;
pub mod wiod;
pub mod wiod_wide;

use std::path::Path;

use crate::benchmark_directory::{self, BenchmarkDirectory, metadata, write};
use detente_tables::atomic_write::Files;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::table::{Table, csv_text};
use detente_tables::{input_file, toml_file};
use recipe::{Labels, Layout, Recipe};
use rules::{REPORT, Report};
use source::Source;
use write::Precision;

/// Codes that sources give economies beside their own, by which ledgers find them.
const OTHER_CODES: &str = include_str!("other_codes.csv");
/// Tables that stand beside a table of flows and cannot come from it.
const COMPANIONS: [&str; 3] = ["economies", "sectors", "tariffs"];

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
    /// What was done to the source on the way, in words.
    pub notes: Vec<String>,
    /// The same as it is written beside the tables; empty for long tables, to which nothing is done.
    pub report: Report,
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

/// Imports the source at `source` by the recipe; `recipe_text` is kept beside the tables, and so is the report of what was done to them.
pub fn import(source: &Path, recipe: &Recipe, recipe_text: &str) -> Result<Import, Problems> {
    let mut recipe = recipe.clone();
    let mut report = Report::default();
    let files = restate(source, &mut recipe, &mut report)?;
    let name = source.display().to_string();
    let mut raw = benchmark_directory::read(&Folder::Memory {
        name: name.clone(),
        files: with_extras(files, &recipe)?,
    })?;
    relabel(&mut raw, &recipe.benchmark);
    let mut files = write::files(&raw.benchmark, &raw.quality, &raw.tariff_provenance, recipe.precision);
    if !recipe_text.is_empty() {
        files.push((RECIPE.to_string(), recipe_text.to_string()));
    }
    if !report.layout.is_empty() {
        let text = serde_json::to_string_pretty(&report).unwrap_or_default();
        files.push((REPORT.to_string(), text + "\n"));
    }
    let directory = benchmark_directory::read(&Folder::Memory { name, files: files.clone() })?;
    let notes = report.lines();
    Ok(Import { files, directory, notes, report })
}

/// The source in the contract's tables, read by its layout.
fn restate(path: &Path, recipe: &mut Recipe, report: &mut Report) -> Result<Files, Problems> {
    if recipe.layout == Layout::Auto {
        recipe.layout = layout_of(path)?;
    }
    if recipe.layout == Layout::LongCsv {
        return long::restate(&Folder::open(path)?, recipe);
    }
    let source = Source::open(path)?;
    let label = path.display().to_string();
    let mut unit = None;
    let flows = match recipe.layout {
        Layout::Gtap => {
            report.layout = "gtap".into();
            let mut files = gtap::restate(&source, &recipe.rules, &mut recipe.benchmark, report)?;
            replace_companions(&mut files, path, recipe)?;
            return Ok(files);
        }
        Layout::Pymrio => {
            report.layout = "pymrio".into();
            let (flows, found) = pymrio::read(&source, report)?;
            unit = found;
            flows
        }
        Layout::OecdIcio => {
            report.layout = "oecd-icio".into();
            let (label, bytes) = table_bytes(&source, recipe)?;
            oecd::read(&label, &bytes)?
        }
        Layout::Wiod | Layout::LongCsv | Layout::Auto => {
            report.layout = "wiod".into();
            wiod_table(&source, recipe)?
        }
    };
    if recipe.benchmark.unit.is_none() {
        recipe.benchmark.unit = unit;
    }
    let companions = companions(path, recipe, &flows)?;
    let mut files = flows.restate(&label, &recipe.rules, report)?;
    files.extend(companions);
    Ok(files)
}

/// The one table of a source: a file, packed or not, or the table of the recipe's year in an archive.
fn table_bytes(source: &Source, recipe: &Recipe) -> Result<(String, Vec<u8>), Problem> {
    let names = source.names()?;
    let name = match source {
        Source::File(_) => names.first().cloned(),
        Source::Folder(_) | Source::Archive(..) => {
            let year = recipe.benchmark.year.map(|year| year.to_string());
            let tables = names.iter().filter(|name| name.to_lowercase().ends_with(".csv"));
            let tables: Vec<&String> =
                tables.filter(|name| year.as_ref().is_none_or(|year| name.contains(year.as_str()))).collect();
            match tables[..] {
                [one] => Some(one.clone()),
                _ => {
                    let reason = format!(
                        "{} tables here could be meant; name the year of one of them: {}",
                        tables.len(),
                        names.join(", ")
                    );
                    return Err(Problem::whole(source.label(""), Finding::Combination { reason }));
                }
            }
        }
    };
    let name = name.unwrap_or_default();
    let right = "give the path of a file of the source".to_string();
    let missing =
        || Problem::whole(source.label(&name), Finding::Missing { what: "file", right: right.clone() });
    let bytes = source.bytes(&name)?.ok_or_else(missing)?;
    let label = source.label(&name);
    if bytes.starts_with(&[0x1f, 0x8b]) && name.ends_with(".gz") {
        return Ok((
            label.clone(),
            input_file::gunzip(&bytes).map_err(|finding| Problem::whole(label, finding))?,
        ));
    }
    Ok((label, bytes))
}

/// WIOD's table in whichever form it is.
fn wiod_table(source: &Source, recipe: &Recipe) -> Result<input_output::InputOutputTable, Problems> {
    let path = source.path();
    let label = path.display().to_string();
    let small = label.to_lowercase();
    if small.ends_with(".rdata") || small.ends_with(".rda") {
        return wiod_wide::of_r(&label, &source_bytes(path)?);
    }
    if [".xlsx", ".xlsb", ".xls"].iter().any(|end| small.ends_with(end)) {
        return wiod_wide::of_workbook(&label, &source_bytes(path)?, recipe.benchmark.year);
    }
    let table = Table::parse(label, &source_bytes(path)?)?;
    if wiod_wide::is_frame(&table) { wiod_wide::of_table(&table) } else { wiod::read(&table, recipe) }
}

/// The layout that a source shows by its files and their first bytes.
fn layout_of(path: &Path) -> Result<Layout, Problems> {
    let source = Source::open(path)?;
    let names = source.names()?;
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let label = path.display().to_string();
    let small = label.to_lowercase();
    if has(gtap::BASE) {
        return Ok(Layout::Gtap);
    }
    if has(pymrio::PARAMETERS) || names.iter().any(|name| name.ends_with("Z.txt")) {
        return Ok(Layout::Pymrio);
    }
    if has(metadata::FILE) || names.iter().any(|name| name.starts_with("trade.")) {
        return Ok(Layout::LongCsv);
    }
    if [".rdata", ".rda", ".xlsx", ".xlsb", ".parquet"].iter().any(|end| small.ends_with(end)) {
        return Ok(Layout::Wiod);
    }
    if matches!(source, Source::Folder(_) | Source::Archive(..)) {
        if names.iter().any(|name| name.to_lowercase().ends_with(".csv")) {
            return Ok(Layout::OecdIcio);
        }
    } else {
        let (_, bytes) = table_bytes(&source, &Recipe::default())?;
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let header = String::from_utf8_lossy(first);
        if header.contains("oind") || header.contains("IndustryCode") {
            return Ok(Layout::Wiod);
        }
        if header.split(',').filter(|name| name.contains('_')).count() > 2 {
            return Ok(Layout::OecdIcio);
        }
    }
    let reason = "its layout is not known: long tables, the OECD's inter-country tables, WIOD, pymrio's folders and GTAP's header arrays are read".to_string();
    Err(Problem::whole(label, Finding::Unreadable { reason }).into())
}

/// Tables that the recipe names stand in for those that the source gives.
fn replace_companions(files: &mut Files, source: &Path, recipe: &Recipe) -> Result<(), Problems> {
    for (name, text) in named_companions(source, recipe)? {
        files.retain(|(known, _)| *known != name);
        files.push((name, text));
    }
    Ok(())
}

/// Economies, sectors and tariffs from the files that the recipe names, relative to the source.
fn named_companions(source: &Path, recipe: &Recipe) -> Result<Files, Problems> {
    let parent = source.parent().unwrap_or(Path::new("."));
    let mut files = Files::new();
    for name in COMPANIONS {
        let Some(file) = recipe.files.get(name) else { continue };
        let path = parent.join(file);
        let table = Table::parse(path.display().to_string(), &source_bytes(&path)?)?;
        let header: Vec<&str> = table.columns().iter().map(String::as_str).collect();
        let rows =
            table.rows().map(|row| (0..header.len()).map(|c| row.text(c).into_owned()).collect::<Vec<_>>());
        files.push((format!("{name}.csv"), csv_text(&header, rows)));
    }
    Ok(files)
}

/// The tables that stand beside flows and cannot come from them. Names of economies may be absent (then the codes stand for them); kinds and
/// elasticities of sectors may not.
fn companions(
    source: &Path,
    recipe: &Recipe,
    flows: &input_output::InputOutputTable,
) -> Result<Files, Problems> {
    let mut files = named_companions(source, recipe)?;
    if !recipe.files.contains_key("economies") {
        let member = |code: &String| {
            let others = OTHER_CODES.lines().skip(1).filter_map(|line| line.split_once(','));
            others
                .into_iter()
                .find(|(other, _)| other == code)
                .map_or(code.clone(), |(_, member)| member.to_string())
        };
        let rows = flows.economies.iter().map(|code| [code.clone(), code.clone(), member(code)]);
        files.push(("economies.csv".into(), csv_text(&["economy", "name", "members"], rows)));
    }
    if !recipe.files.contains_key("sectors") {
        let right = format!(
            "the flows have no kinds and trade elasticities; name a table `sector,name,kind,trade_elasticity` for the \
             sectors {} (as a file of its own, or as `[files] sectors` in the recipe)",
            flows.sectors.join(" ")
        );
        let folder = Folder::Disk(source.parent().unwrap_or(Path::new(".")).to_path_buf());
        return Err(
            Problem::whole(folder.label("sectors.csv"), Finding::Missing { what: "table", right }).into()
        );
    }
    Ok(files)
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
