//! `detente ledger history`: every act of a measure, or every change of the duty on a product.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{Record, csv, day, grid, json, or_word, wrong},
};
use clap::Args;
use detente_ledger::{
    Instrument, Ledger,
    duty::Question,
    instrument::Entry,
    products::ProductCode,
    schedule::Reading,
    status::AsOf,
    tariff::{DutyStep, Tariffs},
};
use detente_report::answers_page;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What `ledger history` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Identifier of a measure, or a product code.
    pub subject: String,
    /// Exporting party, for a product.
    #[arg(long, value_name = "PARTY")]
    pub from: Option<String>,
    /// Importing party, for a product.
    #[arg(long, value_name = "PARTY")]
    pub to: Option<String>,
    /// First day of a product's history.
    #[arg(long, value_name = "DATE", default_value = "2018-01-01")]
    pub since: String,
    /// Also write a product's history as one self-contained page with its picture.
    #[arg(long, value_name = "FILE", value_parser = crate::args::page)]
    pub html: Option<std::path::PathBuf>,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// Prints the history.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let held = tariffs.ledger().instruments.iter();
    let named = held.clone().find(|instrument| instrument.id.eq_ignore_ascii_case(&arguments.subject));
    if let Some(instrument) = named {
        if arguments.html.is_some() {
            return Err(wrong("--html: the history of a measure has no picture; name a product"));
        }
        return acts(instrument, tariffs.ledger(), clock.known_on, arguments.record.format);
    }
    let code = arguments.subject.parse::<ProductCode>().map_err(|error| {
        let unknown = tariffs.ledger().instrument(&arguments.subject).err();
        let unknown = unknown.map(|unknown| unknown.to_string()).unwrap_or_default();
        wrong(format!("{unknown}; and {error}"))
    })?;
    if arguments.record.known_on.is_none() {
        // What was due on each day is told with the knowledge of today.
        clock.known_on = crate::record::today().max(clock.on);
    }
    let since = day(&arguments.since)?;
    let mut found = Vec::new();
    for (from, to) in directions(&arguments, &tariffs)? {
        match product_steps(&tariffs, code, (&from, &to), since, clock) {
            Ok(steps) => found.push(Direction { from, to, steps }),
            // A code may be a line of one importer only; without a direction named the other's history is the answer.
            Err(_) if arguments.from.is_none() && arguments.to.is_none() => {}
            Err(error) => return Err(error),
        }
    }
    if found.is_empty() {
        return Err(wrong(format!("no importer on record has a line {code}")));
    }
    if let Some(file) = &arguments.html {
        let names = party_names(&tariffs);
        let name = |code: &str| names.get(code).map_or_else(|| code.to_owned(), Clone::clone);
        let named: Vec<[String; 2]> = found.iter().map(|held| [name(&held.from), name(&held.to)]).collect();
        let directions: Vec<answers_page::Direction<'_>> = found
            .iter()
            .zip(&named)
            .map(|(held, [from, to])| (from.as_str(), to.as_str(), held.steps.as_slice()))
            .collect();
        let known = format!("record as known on {}", clock.known_on);
        output::page(file, &answers_page::history(&code.to_string(), &directions, clock.on, &known))?;
    }
    print_steps(code, &found, clock, arguments.record.format)
}

/// Names of parties: those of the record, and of groups what the talks call them.
fn party_names(tariffs: &Tariffs) -> BTreeMap<String, String> {
    let ledger = tariffs.ledger();
    let talks = ledger.talks_ids().into_iter().filter_map(|id| ledger.talks(id).ok());
    let of_talks = talks.flat_map(|talks| talks.parties).map(|party| (party.code, party.name));
    let codes = ledger.parties.codes().map(|code| (code.to_owned(), ledger.parties.name(code).to_owned()));
    codes.chain(of_talks).collect()
}

/// The steps of one direction of trade.
#[derive(serde::Serialize)]
struct Direction {
    from: String,
    to: String,
    steps: Vec<DutyStep>,
}

/// The direction that was typed, or every one whose importer has lines and a measure on the exporter.
fn directions(arguments: &Arguments, tariffs: &Tariffs) -> Result<Vec<(String, String)>, Failure> {
    match (&arguments.from, &arguments.to) {
        (Some(from), Some(to)) => Ok(vec![(from.clone(), to.clone())]),
        (None, None) => {
            let pairs = super::export::pairs(tariffs, &[])?;
            Ok(pairs.into_iter().map(|(importer, exporter)| (exporter, importer)).collect())
        }
        _ => Err(wrong("name both --from and --to, the exporting and the importing party, or neither")),
    }
}

fn print_steps(code: ProductCode, found: &[Direction], clock: AsOf, format: Format) -> Result<(), Failure> {
    let header = [
        "exporter",
        "importer",
        "from",
        "until",
        "total_pct",
        "least_pct",
        "most_pct",
        "specific",
        "what changed",
    ];
    let rows = |direction: &Direction| -> Vec<Vec<String>> {
        let row = |step: &DutyStep| {
            let (from, to) = (direction.from.clone(), direction.to.clone());
            [from, to].into_iter().chain(crate::verbs::duty::step_cells(step)).collect()
        };
        direction.steps.iter().map(row).collect()
    };
    output::print(&match format {
        // One direction is the list that it always was; several are told apart.
        Format::Json => match found {
            [only] => json(&only.steps)?,
            several => json(&several)?,
        },
        Format::Csv => csv(&header, found.iter().flat_map(rows)),
        Format::Table => {
            let mut text = String::new();
            for direction in found {
                let mut table = grid(&header[2..]);
                table.add_rows(rows(direction).into_iter().map(|row| row[2..].to_vec()));
                let Direction { from, to, .. } = direction;
                text += &format!("{code} from {from} to {to}, as known on {}\n{table}\n", clock.known_on);
            }
            text
        }
    })
}

fn product_steps(
    tariffs: &Tariffs,
    code: ProductCode,
    (from, to): (&str, &str),
    since: Date,
    clock: AsOf,
) -> Result<Vec<DutyStep>, Failure> {
    let question = Question { known_on: clock.known_on, ..Question::new(code, from, to, since) };
    // Adopted steps that lie ahead belong to it.
    tariffs.duty_steps(&question, Date::MAX, Reading::Stated).map_err(wrong)
}

const ACT: [&str; 8] = ["announced", "from", "until", "does", "rate_pct", "held back", "act", "confidence"];

fn acts(instrument: &Instrument, ledger: &Ledger, known_on: Date, format: Format) -> Result<(), Failure> {
    let mut entries: Vec<&Entry> =
        instrument.entries.iter().filter(|entry| entry.known_from() <= known_on).collect();
    entries.sort_by_key(|entry| entry.known_from());
    let word = |entry: &Entry| {
        serde_json::to_value(entry.change).ok().and_then(|value| value.as_str().map(str::to_owned))
    };
    let rows = entries.iter().map(|entry| {
        let basis = entry.announcement_basis().map(|basis| format!(" ({basis})")).unwrap_or_default();
        let stated = if entry.stated { " (stated, notice not seen)" } else { "" };
        vec![
            format!("{}{basis}", entry.known_from()),
            entry.from.to_string(),
            or_word(entry.until, ""),
            word(entry).unwrap_or_default(),
            entry.rate_pct.as_ref().map(ToString::to_string).unwrap_or_default(),
            entry.suspended_pct.as_ref().map(ToString::to_string).unwrap_or_default(),
            format!("{}{stated}", entry.act),
            entry.confidence.word().to_owned(),
        ]
    });
    output::print(&match format {
        Format::Json => {
            let mut value = serde_json::to_value(instrument).map_err(crate::record::fault)?;
            if let Some(list) = value.get_mut("entries") {
                *list = entries
                    .iter()
                    .map(|entry| {
                        let mut value = serde_json::to_value(entry).unwrap_or_default();
                        value["sources"] = ledger.sources.citations(&entry.sources).into();
                        value
                    })
                    .collect();
            }
            json(&value)?
        }
        Format::Csv => csv(&ACT, rows),
        Format::Table => {
            let mut table = grid(&ACT);
            table.add_rows(rows);
            let (id, title, covers) = (&instrument.id, &instrument.title, &instrument.covers);
            format!("{id}: {title}\n{covers}\n{table}\n")
        }
    })
}
