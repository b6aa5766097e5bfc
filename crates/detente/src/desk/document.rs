//! What a state means: the scenario file that the command reads.

use std::fmt::Write;

use detente_ledger::status::AsOf;
use detente_tables::nearest::suggestion;

use super::measure;
use super::state::{Case, DeskState, Lever, NoState, StateBasis, points};
use crate::error::Error;
use crate::scenario::document::Scenario;
use crate::words::number::{self, joined, named};
use crate::world::World;

/// Why a state means nothing on this world.
#[derive(Debug, thiserror::Error)]
pub enum NoDocument {
    /// The state names what is not there.
    #[error(transparent)]
    State(#[from] NoState),
    /// The record or the scenario refuses.
    #[error(transparent)]
    Asked(#[from] Error),
}

/// Kinds of sectors that a lever may name.
const KINDS: [&str; 5] = ["all", "agriculture", "mining", "manufacturing", "services"];

/// The state as a scenario file: today's measures of the record as the baseline, the state's as the counterfactual. Its first line is the
/// link that it came from.
///
/// # Errors
/// Talks, economies, sectors and measures that are not there, with the nearest names.
pub fn text(world: &World, state: &DeskState) -> Result<String, NoDocument> {
    let tariffs = world.record()?;
    let ledger = tariffs.ledger();
    let unknown = |key: &str, reason: String| NoDocument::State(NoState { key: key.to_owned(), reason });
    let talks = ledger.talks_held(&state.talks).map_err(|_| {
        unknown("t", format!("no such talks; {}", suggestion(&state.talks, ledger.talks_ids())))
    })?;
    let clock = AsOf { on: state.on, known_on: state.known_on };
    let deadline = talks.next_deadline(clock);
    let day = match state.case {
        Case::Hold => state.on,
        Case::Lapse => deadline.unwrap_or(state.on),
    };
    let basis = match state.basis {
        StateBasis::Collected => "collected",
        StateBasis::Statute => "statute",
    };
    let (id, on, known_on) = (&state.talks, state.on, state.known_on);
    // The same duties on everybody else before and after: what changes is between the sides, and what a lever moves.
    let others = if state.others_of_the_day { format!("others = \"{on}\"\n") } else { String::new() };
    let mut text = format!(
        "# /desk?{}\nname = {:?}\nledger = \"{id}\"\non = \"{day}\"\nknown_on = \"{known_on}\"\nbasis = \"{basis}\"\n{others}\n\
         [baseline]\nledger = \"{id}\"\non = \"{on}\"\nknown_on = \"{known_on}\"\n",
        state.query(),
        name(world, state)
    );
    let benchmark = &world.directory().benchmark;
    for lever in &state.levers {
        let economy = |code: &str| {
            let found = benchmark.economy(code);
            found.ok_or_else(|| {
                unknown("x", format!("no economy `{code}`; {}", suggestion(code, world.economies())))
            })
        };
        let (importer, exporter) = (economy(&lever.importer)?, economy(&lever.exporter)?);
        if is_plain(world, lever) {
            write_tariff(&mut text, lever, &lever.what, lever.points / 100.0);
            continue;
        }
        let list = measure::list(world, &talks, state, day, (lever, importer, exporter))?;
        for (cell, share) in list.shares.iter().filter(|(_, share)| *share != 0.0) {
            let sector = benchmark.dimensions().cell_of(*cell).2;
            write_tariff(&mut text, lever, &benchmark.sectors[sector].code, share * lever.points / 100.0);
        }
    }
    Ok(text)
}

/// The same as a document.
///
/// # Errors
/// As [`text`].
pub fn document(world: &World, state: &DeskState) -> Result<Scenario, NoDocument> {
    let text = text(world, state)?;
    Ok(Scenario::from_toml(&text).map_err(Error::from)?)
}

fn is_plain(world: &World, lever: &Lever) -> bool {
    KINDS.contains(&lever.what.as_str()) || world.sectors().any(|code| code == lever.what)
}

fn write_tariff(text: &mut String, lever: &Lever, what: &str, add: f64) {
    let _ = write!(
        text,
        "\n[[tariff]]\nimporter = \"{}\"\nexporter = \"{}\"\nsector = \"{what}\"\nadd = {add:?}\n",
        lever.importer, lever.exporter
    );
}

/// What the state is called, by names.
pub fn name(world: &World, state: &DeskState) -> String {
    let title = world.record().ok().and_then(|record| record.ledger().talks_held(&state.talks).ok());
    let title = title.map_or_else(|| state.talks.clone(), |talks| talks.title.clone());
    let case = match state.case {
        Case::Hold => "today's duties",
        Case::Lapse => "nobody signs",
    };
    let levers =
        if state.levers.is_empty() { String::new() } else { format!(", {}", levers_in_words(world, state)) };
    format!("{title} on {}: {case}{levers}", number::day(&state.on.to_string()))
}

/// The levers in words.
pub fn levers_in_words(world: &World, state: &DeskState) -> String {
    let directory = world.directory();
    let economy = |code: &str| {
        let held = directory.benchmark.economy(code);
        held.map_or_else(|| code.to_owned(), |at| directory.benchmark.economies[at].name.clone())
    };
    let what = |code: &str| {
        let sector = directory.benchmark.sectors.iter().find(|sector| sector.code == code);
        let measure = world.record().ok().and_then(|record| {
            record.ledger().instruments.iter().find(|held| held.id == code).map(|held| held.title.clone())
        });
        match (sector, measure) {
            (Some(sector), _) => sector.name.clone(),
            (None, Some(title)) => title,
            (None, None) if code == "all" => "all goods and services".to_owned(),
            (None, None) => code.to_owned(),
        }
    };
    let words: Vec<String> = state
        .levers
        .iter()
        .map(|lever| {
            let (whose, on) = (named(&economy(&lever.importer)), named(&economy(&lever.exporter)));
            let points = points(lever.points).replace('-', "−");
            format!("{points} points on {} ({whose} on {on})", what(&lever.what))
        })
        .collect();
    joined(&words)
}
