//! A measure of the record as a lever: by how much each sector's tariff of a pair moves with it.

use std::sync::Arc;

use detente_ledger::status::AsOf;
use detente_ledger::talks::Talks;
use detente_tables::nearest::suggestion;
use jiff::civil::Date;

use super::state::{DeskState, Lever, NoState, StateBasis};
use crate::collection::{self, CollectionRatio};
use crate::join::Join;
use crate::ledger_tariffs::{LedgerTariffs, ListOnBenchmark, Schedule};
use crate::strategy::day::RecordDay;
use crate::world::World;

fn refused(reason: impl Into<String>) -> NoState {
    NoState { key: "x".to_owned(), reason: reason.into() }
}

/// The measure's goods on the cells of the lever's pair, by how much each moves with its points, as the state's basis has it.
///
/// # Errors
/// A measure that is not on record or does not reach these goods on the day; a pair whose duties of the day do not stand in the state.
pub(super) fn list(
    world: &World,
    talks: &Talks,
    state: &DeskState,
    day: Date,
    (lever, importer, exporter): (&Lever, usize, usize),
) -> Result<Arc<ListOnBenchmark>, NoState> {
    let benchmark = &world.directory().benchmark;
    let is_side = |economy: usize| {
        talks.parties.iter().any(|party| benchmark.economy_of_member(&party.code) == Some(economy))
    };
    let is_between = is_side(importer) && is_side(exporter);
    if !is_between && !state.others_of_the_day {
        return Err(refused(format!(
            "`{}` on {} stands neither before nor after: with others=day the duties of the day on everybody else do",
            lever.what, lever.exporter
        )));
    }
    // Duties on everybody else are those of the state's own day before and after.
    let day = if is_between { day } else { state.on };
    let is_collected = state.basis == StateBasis::Collected;
    let key = (talks.id.clone(), day, state.known_on, is_collected, importer, exporter, lever.what.clone());
    let found = world.lists.get_or(key, || {
        let found = if is_between {
            between(world, talks, (day, state.known_on, is_collected), (lever, importer, exporter))?
        } else {
            beside(world, (day, state.known_on, is_collected), (lever, importer, exporter))?
        };
        Ok(found.map(Arc::new))
    });
    found?.ok_or_else(|| refused(format!("`{}` does not reach these goods on {day}", lever.what)))
}

/// Between the sides of the talks.
fn between(
    world: &World,
    talks: &Talks,
    (on, known_on, is_collected): (Date, Date, bool),
    (lever, importer, exporter): (&Lever, usize, usize),
) -> Result<Option<ListOnBenchmark>, NoState> {
    let tariffs = world.record().map_err(|error| refused(error.to_string()))?;
    let benchmark = &world.directory().benchmark;
    let collected: Vec<CollectionRatio> = if is_collected {
        let parties: Vec<String> = talks.parties.iter().map(|party| party.code.clone()).collect();
        collection::ratios(LedgerTariffs { tariffs }, benchmark, &parties, on, known_on)
            .map_err(|error| refused(error.to_string()))?
    } else {
        Vec::new()
    };
    let held = RecordDay { tariffs, talks, clock: AsOf { on, known_on }, collected: &collected };
    held.list(benchmark, &lever.what, importer, exporter).map_err(|error| refused(error.to_string()))
}

/// Beside them: any importer and origin whose trade by line is on record.
fn beside(
    world: &World,
    (on, known_on, is_collected): (Date, Date, bool),
    (lever, importer, exporter): (&Lever, usize, usize),
) -> Result<Option<ListOnBenchmark>, NoState> {
    let tariffs = world.record().map_err(|error| refused(error.to_string()))?;
    let instruments = &tariffs.ledger().instruments;
    if !instruments.iter().any(|held| held.id == lever.what) {
        let known = instruments.iter().map(|held| held.id.as_str());
        return Err(refused(format!(
            "no measure `{}` on record; {}",
            lever.what,
            suggestion(&lever.what, known)
        )));
    }
    let said = |error: &dyn std::error::Error| refused(error.to_string());
    let benchmark = &world.directory().benchmark;
    let ledger = LedgerTariffs { tariffs };
    let origin = origin_of(world, importer, exporter, on)?;
    let codes = [importer, exporter].map(|economy| benchmark.economies[economy].code.as_str());
    let schedule = Schedule::on_day(on, known_on);
    let found =
        ledger.list(benchmark, codes[0], &origin, &lever.what, schedule).map_err(|error| said(&error))?;
    let Some(mut list) = found else { return Ok(None) };
    if is_collected {
        let ratio = collection::of_pair(ledger, benchmark, codes[0], codes[1], on, known_on);
        let ratio = ratio.map_err(|error| said(&error))?;
        for (cell, share) in &mut list.shares {
            let sector = benchmark.dimensions().cell_of(*cell).2;
            *share *= ratio.as_ref().map_or(1.0, |held| held.of_sector(&benchmark.sectors[sector].code));
        }
    }
    Ok(Some(list))
}

/// The party on record that an economy of the benchmark is for an importer.
///
/// # Errors
/// An economy of several origins, and one whose trade by line is not on record.
pub fn origin_of(world: &World, importer: usize, exporter: usize, on: Date) -> Result<String, NoState> {
    let tariffs = world.record().map_err(|error| refused(error.to_string()))?;
    let directory = world.directory();
    let economies = &directory.benchmark.economies;
    let (to, from) = (&economies[importer], &economies[exporter]);
    let absent = || {
        refused(format!(
            "no trade of {} with {} is on record by line, so that its measures there cannot be moved one by one; `all` or a sector can",
            to.name, from.name
        ))
    };
    let join = Join { ledger: LedgerTariffs { tariffs }, directory, parties: &[] };
    let origins = tariffs.origins(&to.code).map_err(|_| absent())?;
    let mut own = origins
        .into_iter()
        .filter(|origin| join.economy_of(&directory.benchmark, origin, on) == Some(exporter));
    match (own.next(), own.next()) {
        (Some(origin), None) => Ok(origin),
        (Some(_), Some(_)) => Err(refused(format!(
            "{} is several origins with duties of their own; move `all` or a sector",
            from.name
        ))),
        (None, _) => Err(absent()),
    }
}
