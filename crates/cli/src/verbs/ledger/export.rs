//! `detente ledger export`: the whole panel, line by day interval by layer.

use crate::{
    failure::Failure,
    record::{day, wrong},
};
use clap::{Args, ValueEnum};
use detente_ledger::{
    schedule::Reading,
    tariff::{Run, Runs, Tariffs, View},
};
use detente_tables::atomic_write::FileAside;
use detente_tables::result_table::{Column, Data, ResultTable};
use detente_tables::table::parquet_bytes;
use jiff::civil::Date;
use std::{
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

/// Writes the panel.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let since = day(&arguments.since)?;
    let known_on = arguments.known_on.as_deref().map_or(Ok(Date::MAX), day)?;
    let tariffs = Tariffs::with_overlays(&arguments.ledger).map_err(wrong)?;
    let mut sides = Vec::new();
    for (importer, exporter) in pairs(&tariffs, &arguments.pair)? {
        let view =
            View { importer: &importer, exporter: &exporter, on: since, known_on, reading: Reading::Stated };
        let runs = tariffs.runs(view).map_err(wrong)?;
        sides.push((importer, exporter, runs));
    }
    let system = |error: std::io::Error| Failure::WrongInput(format!("the panel cannot be written: {error}"));
    let write = |out: &mut dyn Write| match arguments.format {
        Form::Csv => csv(out, since, &sides),
        Form::Json => json(out, since, &sides),
        Form::Parquet => {
            out.write_all(&parquet_bytes(&columns(since, &sides)).map_err(std::io::Error::other)?)
        }
    };
    let Some(file) = &arguments.out else {
        if let Form::Parquet = arguments.format {
            return Err(wrong("Parquet is not for a terminal; name the file with --out"));
        }
        let mut out = BufWriter::new(std::io::stdout().lock());
        return match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(system(error)),
            _ => Ok(()),
        };
    };
    let mut out = BufWriter::new(FileAside::create(file).map_err(wrong)?);
    write(&mut out).map_err(system)?;
    out.into_inner().map_err(|error| system(error.into_error()))?.place().map_err(wrong)
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

/// Every row: the base of each line from the first day on, then its runs.
fn rows<'a>(since: Date, side: &'a Side) -> impl Iterator<Item = (String, Run)> + 'a {
    side.2.lines().flat_map(move |(line, runs)| {
        let base = line.base.ad_valorem().map(|share| Run {
            instrument: "base".to_owned(),
            authority: "base".to_owned(),
            from: since,
            until: None,
            rate_pct: (share * 1e8).round() / 1e6,
            adds_pct: (share * 1e8).round() / 1e6,
        });
        let code = line.code.to_string();
        base.into_iter().chain(runs.iter().cloned()).map(move |run| (code.clone(), run))
    })
}

fn csv(out: &mut dyn Write, since: Date, sides: &[Side]) -> std::io::Result<()> {
    writeln!(out, "{}", COLUMNS.join(","))?;
    for side in sides {
        for (code, run) in rows(since, side) {
            let until = run.until.map(|until| until.to_string()).unwrap_or_default();
            writeln!(
                out,
                "{},{},{code},{},{},{},{until},{},{}",
                side.0, side.1, run.instrument, run.authority, run.from, run.rate_pct, run.adds_pct
            )?;
        }
    }
    Ok(())
}

fn json(out: &mut dyn Write, since: Date, sides: &[Side]) -> std::io::Result<()> {
    let mut before = "[\n";
    for side in sides {
        for (code, run) in rows(since, side) {
            let row = serde_json::json!({
                "importer": side.0, "exporter": side.1, "code": code, "layer": run.instrument,
                "authority": run.authority, "from": run.from.to_string(),
                "until": run.until.map(|until| until.to_string()),
                "rate_pct": run.rate_pct, "adds_pct": run.adds_pct,
            });
            write!(out, "{before}{row}")?;
            before = ",\n";
        }
    }
    writeln!(out, "\n]")
}

/// As typed columns; rates and what they add are percent.
fn columns(since: Date, sides: &[Side]) -> ResultTable {
    let mut text: Vec<Vec<Option<String>>> = vec![Vec::new(); 7];
    let mut numbers: Vec<Vec<Option<f64>>> = vec![Vec::new(); 2];
    for side in sides {
        for (code, run) in rows(since, side) {
            let until = run.until.map(|until| until.to_string());
            let cells = [
                Some(side.0.clone()),
                Some(side.1.clone()),
                Some(code),
                Some(run.instrument),
                Some(run.authority),
                Some(run.from.to_string()),
                until,
            ];
            text.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
            numbers[0].push(Some(run.rate_pct));
            numbers[1].push(Some(run.adds_pct));
        }
    }
    let text = text.into_iter().map(|cells| ("", Data::Text(cells)));
    let numbers = numbers.into_iter().map(|cells| ("percent", Data::Number(cells)));
    let columns = COLUMNS.into_iter().zip(text.chain(numbers));
    ResultTable::new(columns.map(|(name, (unit, data))| Column::new(name, unit, name, data)).collect())
}
