//! `detente ledger export`: the whole panel, line by day interval by layer.

use crate::{
    failure::Failure,
    own_facts,
    record::{day, laid_over, wrong},
};
use clap::{Args, ValueEnum};
use detente_ledger::{
    schedule::Reading,
    tariff::{Run, Runs, Tariffs, View},
};
use detente_tables::atomic_write::FileAside;
use detente_tables::result_table::{Column, Data, ResultTable};
use detente_tables::table::{Cells, ParquetGroups};
use jiff::civil::Date;
use std::{
    collections::BTreeMap,
    io::{BufWriter, Write},
    path::PathBuf,
};

/// What `ledger export` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// First day of the panel.
    #[arg(long, value_name = "DATE", default_value = "2018-01-01")]
    since: String,
    /// The day whose knowledge is used; all of the record where absent.
    #[arg(long, value_name = "DATE")]
    known_on: Option<String>,
    /// Importing and exporting party, several times; both ways between all parties with tariff lines where absent.
    #[arg(long, value_name = "IMPORTER:EXPORTER")]
    pair: Vec<String>,
    /// Every origin on record into the importers that answer for goods of any: one after the other, so that memory stays small.
    #[arg(long, conflicts_with = "pair")]
    all_origins: bool,
    /// A folder with measures and lists of your own, laid over the record.
    #[arg(long, value_name = "DIR")]
    ledger: Vec<PathBuf>,
    /// Form of the file.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// The file; standard output where absent (not for Parquet).
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// Comma separated, a header row.
    #[default]
    Csv,
    /// One object a row, in an array.
    Json,
    /// Parquet.
    Parquet,
}

const COLUMNS: [&str; 9] =
    ["importer", "exporter", "code", "layer", "authority", "from", "until", "rate_pct", "adds_pct"];

/// The layer of base rates.
const BASE: &str = "base";

/// A share as percent, without the noise of binary fractions.
fn rounded(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// Writes the panel.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let since = day(&arguments.since)?;
    let known_on = arguments.known_on.as_deref().map_or(Ok(Date::MAX), day)?;
    let tariffs = laid_over(&arguments.ledger)?;
    own_facts::on_standard_error();
    let pairs = match arguments.all_origins {
        true => all_origins(&tariffs)?,
        false => pairs(&tariffs, &arguments.pair)?,
    };
    let side = |(importer, exporter): &(String, String)| -> Result<Side, Failure> {
        let view = View { importer, exporter, on: since, known_on, reading: Reading::Stated };
        Ok((importer.clone(), exporter.clone(), tariffs.runs(view).map_err(wrong)?))
    };
    let system = |error: std::io::Error| Failure::WrongInput(format!("the panel cannot be written: {error}"));
    let Some(file) = &arguments.out else {
        if let Form::Parquet = arguments.format {
            return Err(wrong("Parquet is not for a terminal; name the file with --out"));
        }
        let mut out = BufWriter::new(std::io::stdout().lock());
        return match text(&mut out, arguments.format, since, &pairs, &side) {
            Ok(()) => out.flush().or_else(broken_pipe).map_err(system),
            Err(Unwritten::File(error)) => broken_pipe(error).map_err(system),
            Err(Unwritten::Record(failure)) => Err(failure),
        };
    };
    let mut out = BufWriter::new(FileAside::create(file).map_err(wrong)?);
    if let Form::Parquet = arguments.format {
        let mut file = ParquetGroups::begin(out, &columns()).map_err(wrong)?;
        for pair in &pairs {
            group(&mut file, since, &side(pair)?)?;
        }
        out = file.end().map_err(wrong)?;
    } else {
        text(&mut out, arguments.format, since, &pairs, &side).map_err(|error| match error {
            Unwritten::File(error) => system(error),
            Unwritten::Record(failure) => failure,
        })?;
    }
    out.into_inner().map_err(|error| system(error.into_error()))?.place().map_err(wrong)
}

/// Whoever reads may leave when he has enough.
fn broken_pipe(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// Why a panel was not written.
enum Unwritten {
    File(std::io::Error),
    Record(Failure),
}

impl From<std::io::Error> for Unwritten {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

impl From<Failure> for Unwritten {
    fn from(failure: Failure) -> Self {
        Self::Record(failure)
    }
}

/// Writes the sides one after the other as text.
fn text(
    out: &mut dyn Write,
    form: Form,
    since: Date,
    pairs: &[(String, String)],
    side: &dyn Fn(&(String, String)) -> Result<Side, Failure>,
) -> Result<(), Unwritten> {
    let as_json = matches!(form, Form::Json);
    match as_json {
        true => write!(out, "[")?,
        false => writeln!(out, "{}", COLUMNS.join(","))?,
    }
    let mut before = "\n";
    for pair in pairs {
        let side = side(pair)?;
        match as_json {
            true => json(out, since, &side, &mut before)?,
            false => csv(out, since, &side)?,
        }
    }
    if as_json {
        writeln!(out, "\n]")?;
    }
    Ok(())
}

type Side = (String, String, Runs);

/// The pairs that were typed, or every ordered pair of the parties that impose a tariff and have lines.
pub(super) fn pairs(tariffs: &Tariffs, typed: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let typed = typed.iter().map(|pair| match pair.split_once(':') {
        Some((importer, exporter)) => Ok((importer.to_owned(), exporter.to_owned())),
        None => Err(wrong(format!("`{pair}` is no pair; write IMPORTER:EXPORTER"))),
    });
    let typed: Vec<(String, String)> = typed.collect::<Result<_, _>>()?;
    if !typed.is_empty() {
        return Ok(typed);
    }
    let mut parties: Vec<&str> =
        tariffs.ledger().instruments.iter().map(|held| held.imposer.as_str()).collect();
    parties.sort_unstable();
    parties.dedup();
    parties.retain(|party| tariffs.library().lines(party).is_ok());
    let ordered = parties.iter().flat_map(|one| parties.iter().map(move |other| (*one, *other)));
    Ok(ordered
        .filter(|(one, other)| one != other)
        .map(|(one, other)| (one.to_owned(), other.to_owned()))
        .collect())
}

/// Every party that is no group, into each importer whose trade by line is on record with several.
fn all_origins(tariffs: &Tariffs) -> Result<Vec<(String, String)>, Failure> {
    let parties = &tariffs.ledger().parties;
    let mut found = Vec::new();
    let mut importers: Vec<&str> =
        tariffs.ledger().instruments.iter().map(|held| held.imposer.as_str()).collect();
    importers.sort_unstable();
    importers.dedup();
    for importer in importers.into_iter().filter(|importer| tariffs.library().lines(importer).is_ok()) {
        if tariffs.origins(importer).map_err(wrong)?.len() < 2 {
            continue;
        }
        tariffs.prepare_all_origins(importer).map_err(wrong)?;
        let origins = parties.codes().filter(|code| *code != importer && !parties.is_group(code));
        found.extend(origins.map(|origin| (importer.to_owned(), origin.to_owned())));
    }
    Ok(found)
}

/// Every row: the base of each line from the first day on, then its runs.
fn rows<'a>(since: Date, side: &'a Side) -> impl Iterator<Item = (String, Run)> + 'a {
    side.2.lines().flat_map(move |(line, runs)| {
        let base = line.base.ad_valorem().map(rounded).map(|rate| Run {
            instrument: BASE.to_owned(),
            authority: BASE.to_owned(),
            from: since,
            until: None,
            rate_pct: rate,
            adds_pct: rate,
        });
        let code = line.code.to_string();
        base.into_iter().chain(runs.iter().cloned()).map(move |run| (code.clone(), run))
    })
}

fn csv(out: &mut dyn Write, since: Date, side: &Side) -> std::io::Result<()> {
    for (code, run) in rows(since, side) {
        let until = run.until.map(|until| until.to_string()).unwrap_or_default();
        writeln!(
            out,
            "{},{},{code},{},{},{},{until},{},{}",
            side.0, side.1, run.instrument, run.authority, run.from, run.rate_pct, run.adds_pct
        )?;
    }
    Ok(())
}

fn json(out: &mut dyn Write, since: Date, side: &Side, before: &mut &str) -> std::io::Result<()> {
    for (code, run) in rows(since, side) {
        let row = serde_json::json!({
            "importer": side.0, "exporter": side.1, "code": code, "layer": run.instrument,
            "authority": run.authority, "from": run.from.to_string(),
            "until": run.until.map(|until| until.to_string()),
            "rate_pct": run.rate_pct, "adds_pct": run.adds_pct,
        });
        write!(out, "{before}{row}")?;
        *before = ",\n";
    }
    Ok(())
}

/// The typed columns, without rows; rates and what they add are percent.
fn columns() -> ResultTable {
    let column = |(at, name): (usize, &str)| match at < COLUMNS.len() - 2 {
        true => Column::new(name, "", name, Data::Text(Vec::new())),
        false => Column::new(name, "percent", name, Data::Number(Vec::new())),
    };
    ResultTable::new(COLUMNS.into_iter().enumerate().map(column).collect())
}

/// A side as a group of rows: each word once, named by every row that has it.
fn group(file: &mut ParquetGroups<BufWriter<FileAside>>, since: Date, side: &Side) -> Result<(), Failure> {
    let codes: Vec<String> = side.2.lines().map(|(line, _)| line.code.to_string()).collect();
    let mut days: BTreeMap<Date, String> = BTreeMap::from([(since, since.to_string())]);
    for run in side.2.lines().flat_map(|(_, runs)| runs) {
        for day in [Some(run.from), run.until].into_iter().flatten() {
            days.entry(day).or_insert_with(|| day.to_string());
        }
    }
    let mut text: [Vec<Option<&str>>; 7] = Default::default();
    let mut numbers: [Vec<Option<f64>>; 2] = Default::default();
    for ((line, runs), code) in side.2.lines().zip(&codes) {
        let base = line.base.ad_valorem().map(rounded);
        for (run, rates) in base
            .map(|rate| (None, [rate, rate]))
            .into_iter()
            .chain(runs.iter().map(|run| (Some(run), [run.rate_pct, run.adds_pct])))
        {
            let day = |day: Date| days.get(&day).map(String::as_str);
            let words = [
                Some(side.0.as_str()),
                Some(side.1.as_str()),
                Some(code.as_str()),
                Some(run.map_or(BASE, |run| run.instrument.as_str())),
                Some(run.map_or(BASE, |run| run.authority.as_str())),
                day(run.map_or(since, |run| run.from)),
                run.and_then(|run| run.until).and_then(day),
            ];
            text.iter_mut().zip(words).for_each(|(column, word)| column.push(word));
            numbers.iter_mut().zip(rates).for_each(|(column, rate)| column.push(Some(rate)));
        }
    }
    let cells = text.into_iter().map(Cells::Text).chain(numbers.into_iter().map(Cells::Number));
    file.rows(&cells.collect::<Vec<_>>()).map_err(wrong)
}
