//! What the verbs on the record share: the two clocks, the folders laid over the record, and how dates and shares are printed.

use crate::{
    failure::Failure,
    output::{self, Format},
    own_facts,
};
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use detente::collection::Basis;
use detente::ledger_tariffs::EmbeddedRecord;
use detente_ledger::talks::DeadlineKind;
use detente_ledger::{
    Ledger, date,
    status::AsOf,
    talks::{Round, Talks},
    tariff::Tariffs,
};
use detente_report::width;
use detente_tables::nearest;
use jiff::civil::Date;
use std::{fmt::Display, path::PathBuf, sync::Arc};

pub use crate::wrap::wrap;

/// The two clocks, the folders laid over the record, and how the answer is printed.
#[derive(Args, Debug)]
pub struct Record {
    /// The day that is asked about (today unless said otherwise).
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// The day whose knowledge is used (`--on` unless said otherwise), or `latest`.
    #[arg(long, value_name = "DATE")]
    pub known_on: Option<String>,
    /// A folder with measures of your own, laid over the record.
    #[arg(long, value_name = "DIR")]
    pub ledger: Vec<PathBuf>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

impl Record {
    /// The two clocks.
    pub fn clock(&self) -> Result<AsOf, Failure> {
        let today = today();
        let on = self.on.as_deref().map_or(Ok(today), day)?;
        let known_on = match self.known_on.as_deref() {
            None => on,
            Some("latest") => today.max(on),
            Some(typed) => day(typed)?,
        };
        Ok(AsOf { on, known_on })
    }

    /// The record with the folders over it; refused where a folder is wrong.
    pub fn read(&self) -> Result<Ledger, Failure> {
        Ok(self.tariffs()?.into_ledger())
    }

    /// The record with its tariff lines. Codes of the folders that are no line are told on standard error.
    pub fn tariffs(&self) -> Result<Tariffs, Failure> {
        let tariffs = laid_over(&self.ledger)?;
        if self.ledger.is_empty() {
            return Ok(tariffs);
        }
        let found = tariffs.codes_without_a_line().map_err(wrong)?;
        found.iter().take(CODES_TOLD).for_each(|code| output::note(format_args!("note: {code}")));
        if let Some(more) = found.len().checked_sub(CODES_TOLD).filter(|more| *more > 0) {
            output::note(format_args!("note: and {more} codes more without a line"));
        }
        Ok(tariffs)
    }
}

/// The record with folders laid over it, which every answer from here on names.
pub fn laid_over(folders: &[PathBuf]) -> Result<Tariffs, Failure> {
    let told = |error| if folders.is_empty() { fault(error) } else { wrong(error) };
    let tariffs = Tariffs::with_overlays(folders).map_err(told)?;
    own_facts::tell(&tariffs.ledger().own, Arc::new(true.into()));
    Ok(tariffs)
}

/// The record for scenarios, which need not ask it; folders over it are read and refused before anything is solved.
pub fn for_scenarios(basis: Option<Basis>, folders: &[PathBuf]) -> Result<EmbeddedRecord, Failure> {
    let record = EmbeddedRecord::with_basis(basis).over(folders.to_vec());
    if !folders.is_empty() {
        own_facts::tell(&record.own().map_err(wrong)?, record.used());
    }
    Ok(record)
}

/// How many codes without a line are told one by one.
const CODES_TOLD: usize = 10;

/// Today, by universal time.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// Wrong input.
pub fn wrong(error: impl Display) -> Failure {
    Failure::WrongInput(error.to_string())
}

/// A fault of the program's own: what it carries cannot be read.
pub fn fault(error: impl Display) -> Failure {
    Failure::Fault(error.to_string())
}

/// A date as typed, or `today`.
pub fn day(typed: &str) -> Result<Date, Failure> {
    match typed.trim() {
        "today" => Ok(today()),
        typed => date(typed).map_err(wrong),
    }
}

/// A day of some talks as typed: a date, `today`, or the name of a framework, or of a city where there was one round only. A framework is the
/// first day of its measures, a round its last day.
pub fn day_of_talks(talks: &Talks, typed: &str) -> Result<Date, Failure> {
    let refused = match day(typed) {
        Ok(day) => return Ok(day),
        Err(refused) => refused,
    };
    if typed.bytes().next().is_some_and(|first| first.is_ascii_digit()) {
        return Err(refused);
    }
    let is_typed = |name: &str| name.eq_ignore_ascii_case(typed.trim());
    if let Some(held) = talks.frameworks.iter().find(|held| is_typed(&held.id)) {
        return Ok(held.measures_from.unwrap_or(held.date));
    }
    let rounds: Vec<&Round> = talks.rounds.iter().filter(|round| is_typed(&round.city)).collect();
    match rounds.as_slice() {
        [only] => Ok(only.end),
        [] => {
            let frameworks = talks.frameworks.iter().map(|held| held.id.as_str());
            let names = frameworks.chain(talks.rounds.iter().map(|round| round.city.as_str()));
            let suggestion = nearest::suggestion(typed, names);
            Err(wrong(format!(
                "`{typed}` is neither a day, like 2025-09-16, nor a framework or a city of the talks; {suggestion}"
            )))
        }
        several => {
            let days: Vec<String> = several.iter().map(|round| round.end.to_string()).collect();
            Err(wrong(format!(
                "`{typed}` was the city of {} rounds; write a day: {}",
                several.len(),
                days.join(", ")
            )))
        }
    }
}

/// A deadline as typed: a day, or the identifier of one on record.
pub fn deadline(ledger: &Ledger, typed: &str) -> Result<Date, Failure> {
    if let Ok(date) = day(typed) {
        return Ok(date);
    }
    let mut known = Vec::new();
    for id in ledger.talks_ids() {
        for held in ledger.talks(id).map_err(wrong)?.deadlines {
            if held.id.eq_ignore_ascii_case(typed) {
                return Ok(held.date);
            }
            known.push(held.id);
        }
    }
    let suggestion = nearest::suggestion(typed, known.iter().map(String::as_str));
    Err(wrong(format!("`{typed}` is neither a day, like 2025-09-16, nor a deadline on record; {suggestion}")))
}

/// JSON with all digits.
pub fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(fault)
}

/// A table that fits the terminal.
pub fn grid(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width::of_table())
        .set_header(header.to_vec());
    table
}

/// A table under its heading; nothing where it has no rows.
pub fn section(heading: &str, table: &Table) -> String {
    if table.is_empty() { String::new() } else { format!("\n{}\n{table}\n", wrap(heading)) }
}

/// A day, or a word where there is none.
pub fn or_word(day: Option<Date>, word: &str) -> String {
    day.map_or_else(|| word.to_owned(), |day| day.to_string())
}

/// A fraction as percent with one digit; a dash where there is none.
pub fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{:.1}%", 100.0 * rate))
}

/// US dollars in billions or millions; a dash where there are none.
pub fn dollars(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value.abs() >= 1e9 => format!("USD {:.1} bn", value / 1e9),
        Some(value) => format!("USD {:.0} m", value / 1e6),
    }
}

/// Rows as CSV.
pub fn csv(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
        cells.join(",") + "\n"
    };
    let mut text = line(&mut header.iter().map(|cell| (*cell).to_owned()));
    for row in rows {
        text += &line(&mut row.into_iter());
    }
    text
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// What lapses or returns, with what must be said beside it.
pub fn lapses_told(lapses: &str, kind: DeadlineKind) -> String {
    match kind.caveat() {
        Some(caveat) => format!("{lapses} ({caveat})"),
        None => lapses.to_owned(),
    }
}
