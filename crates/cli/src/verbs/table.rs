//! `detente table`: what a side carries into the room.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{Record, csv, dollars, grid, json, or_word, section, wrong},
};
use clap::Args;
use detente_ledger::negotiation::{Direction, Holding, NegotiatingTable, Position, negotiating_table};

/// What `table` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Code of the talks.
    #[arg(default_value = "us-china")]
    pub talks: String,
    /// Whose table (the first party of the talks unless said otherwise).
    #[arg(long = "for", value_name = "PARTY")]
    pub party: Option<String>,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// Prints the table.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let ledger = tariffs.ledger();
    let talks = ledger.talks(&arguments.talks).map_err(wrong)?;
    let party = match &arguments.party {
        Some(typed) => talks.party(typed).map_err(wrong)?,
        None => talks.parties.first().ok_or_else(|| wrong("the talks have no party"))?,
    };
    let found = negotiating_table(ledger, &talks, clock, &party.code, Some(&tariffs));
    output::print(&match arguments.record.format {
        Format::Json => json(&found)?,
        Format::Csv => csv(&POSITION, found.positions.iter().map(position)),
        Format::Table => screen(&found, &talks.title, &party.name),
    })
}

const POSITION: [&str; 9] = [
    "id",
    "direction",
    "what",
    "linkage",
    "legal vehicle",
    "date",
    "who can undo it",
    "time to reinstate",
    "status",
];

fn position(held: &Position) -> Vec<String> {
    let direction = match held.direction {
        Direction::Ask => "ask",
        Direction::Offer => "offer",
        Direction::Both => "both",
    };
    let matched = if held.matched { "" } else { ", not matched" };
    vec![
        held.id.clone(),
        direction.to_owned(),
        held.what.clone(),
        held.linkage.join(" "),
        held.vehicle.clone().unwrap_or_default(),
        or_word(held.date, ""),
        held.undone_by.clone().unwrap_or_default(),
        held.reinstated_in.clone().unwrap_or_default(),
        format!("{}{matched}", held.status.word()),
    ]
}

fn screen(found: &NegotiatingTable, title: &str, party: &str) -> String {
    let verified =
        found.not_verified_after.map(|day| format!("; not verified after {day}")).unwrap_or_default();
    let mut text = format!("{title} on {}: the table of {party}{verified}\n", found.on);
    for (direction, heading) in
        [(Direction::Ask, "Asks"), (Direction::Offer, "Offers"), (Direction::Both, "Both sides")]
    {
        let mut table = grid(&POSITION);
        let rows = found.positions.iter().filter(|held| held.direction == direction);
        table.add_rows(rows.map(position));
        text += &section(heading, &table);
    }
    text += &section("Holds", &holdings(&found.holds));
    text + &section("Faces", &holdings(&found.faces))
}

fn holdings(holdings: &[Holding]) -> comfy_table::Table {
    let mut table = grid(&[
        "measure",
        "now",
        "legal vehicle",
        "until",
        "who can undo it",
        "time to reinstate",
        "trade (exposure), duty a year",
    ]);
    for held in holdings {
        let basis = if held.no_legal_basis { " (no legal basis)" } else { "" };
        table.add_row(vec![
            held.title.clone(),
            format!("{}{basis}", held.state),
            held.vehicle.clone(),
            or_word(held.until, ""),
            held.undone_by.clone().unwrap_or_default(),
            held.reinstated_in.clone().unwrap_or_default(),
            stake(held),
        ]);
    }
    table
}

/// Exposure, and what a tariff comes to on it.
fn stake(held: &Holding) -> String {
    match held.duty_a_year_usd {
        Some(duty) => format!("{}, {}", dollars(held.trade_at_stake_usd), dollars(Some(duty))),
        None => dollars(held.trade_at_stake_usd),
    }
}
