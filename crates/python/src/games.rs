//! Games: what sides would do, and where a deal can lie, asked as the command asks.

use std::sync::Arc;

use detente::collection::{self, Basis};
use detente::ledger_tariffs::LedgerTariffs;
use detente::scenario;
use detente::scenario::meant::Scenario;
use detente::strategy::answer::Answer;
use detente::strategy::bargain::{self, Disagreement};
use detente::strategy::baseline_world::{BaselineWorld, GameDeficits};
use detente::strategy::board::{Others, Reach, Rules};
use detente::strategy::day::{RecordDay, talks_between};
use detente::strategy::error::NoStrategy;
use detente::strategy::frontier as line;
use detente::strategy::instruments::InstrumentSet;
use detente::strategy::nash;
use detente::strategy::objectives::{self, ObjectiveKind, Objectives};
use detente_engine::parallel::Control;
use detente_ledger::status::AsOf;
use pyo3::prelude::*;

use crate::errors::{input, no_answer, no_strategy, raise, record};
use crate::signals;
use crate::solution::Solution;
use crate::world::{World, meant};

fn word<T: Copy>(py: Python<'_>, key: &str, typed: &str, words: &[(&str, T)]) -> PyResult<T> {
    words.iter().find(|(word, _)| *word == typed).map(|(_, meant)| *meant).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        raise(py, "InputError", &format!("{key} `{typed}`: one of {}", known.join(", ")), None)
    })
}

/// Plays a game: `optimal`, `nash`, `cooperate`, `bargain` or `frontier`.
///
/// `players` are codes; `talks` names the record's talks (none: those between the players on the embedded world, `none`: the benchmark's own
/// tariffs), `scenario` is the text of a scenario whose baseline is the ground.
#[pyfunction]
#[pyo3(signature = (world, kind, players, *, start = "nash", instruments = "tariffs", objective = "welfare", others = "hold", deficits = "zero",
    bilateral = false, strict = false, zone = false, points = 41, talks = None, on = None, known_on = None, basis = "collected", scenario = None,
    path = None))]
#[allow(clippy::too_many_arguments, reason = "keywords of the functions above it")]
pub fn game(
    py: Python<'_>,
    world: &World,
    kind: &str,
    players: Vec<String>,
    start: &str,
    instruments: &str,
    objective: &str,
    others: &str,
    deficits: &str,
    bilateral: bool,
    strict: bool,
    zone: bool,
    points: usize,
    talks: Option<&str>,
    on: Option<&str>,
    known_on: Option<&str>,
    basis: &str,
    scenario: Option<&str>,
    path: Option<&str>,
) -> PyResult<Solution> {
    let others = word(py, "others", others, &Others::WORDS)?;
    let from = word(py, "start", start, &Disagreement::WORDS)?;
    let deficits = word(
        py,
        "deficits",
        deficits,
        &[("zero", GameDeficits::Zero), ("observed", GameDeficits::Observed)],
    )?;
    let benchmark = &world.directory.benchmark;
    let set = match InstrumentSet::named(instruments) {
        Some(set) => set,
        None => InstrumentSet::parse("instruments", instruments, benchmark)
            .map_err(|error| no_strategy(py, &error))?,
    };
    let wanted = match objectives::NAMED.iter().find(|(name, _)| *name == objective) {
        Some((_, ObjectiveKind::Political)) => {
            Objectives::political(benchmark).map_err(|error| no_strategy(py, &error))?
        }
        Some(_) => Objectives::welfare(benchmark),
        None => {
            Objectives::parse("objective", objective, benchmark).map_err(|error| no_strategy(py, &error))?
        }
    };
    // The day of the record, where talks are meant.
    let held = match (talks, scenario) {
        (Some("none"), _) | (_, Some(_)) => None,
        (asked, None) => {
            let tariffs = world.record.read().map_err(|error| record(py, error))?;
            let found = match asked {
                Some(id) => Some(tariffs.ledger().talks(id).map_err(|error| record(py, error))?),
                None => {
                    let economies: Option<Vec<usize>> =
                        players.iter().map(|code| benchmark.economy(code)).collect();
                    economies.and_then(|economies| talks_between(tariffs, benchmark, &economies))
                }
            };
            found.map(|talks| (tariffs, talks))
        }
    };
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let parsed = |typed: &str| detente_ledger::date(typed).map_err(|error| record(py, error));
    let on = on.map_or(Ok(today), parsed)?;
    let known_on = match known_on {
        None => on,
        Some("latest") => today.max(on),
        Some(typed) => parsed(typed)?,
    };
    let clock = AsOf { on, known_on };
    let basis = word(py, "basis", basis, &[("collected", Basis::Collected), ("statute", Basis::Statute)])?;
    let collected = match (&held, basis) {
        (Some((tariffs, talks)), Basis::Collected) => {
            let parties: Vec<String> = talks.parties.iter().map(|party| party.code.clone()).collect();
            collection::ratios(LedgerTariffs { tariffs }, benchmark, &parties, clock.on, clock.known_on)
                .map_err(|error| record(py, error))?
        }
        _ => Vec::new(),
    };
    let day =
        held.as_ref().map(|(tariffs, talks)| RecordDay { tariffs, talks, clock, collected: &collected });
    let ground: Scenario = match (&day, scenario) {
        (Some(day), _) => day.scenario(&world.directory).map_err(|error| record(py, error))?,
        (None, Some(text)) => meant(py, world, text, path, None)?,
        (None, None) => scenario::parse(
            "the default scenario",
            "name = \"the benchmark's own tariffs\"\n",
            None,
            &world.directory,
            None,
        )
        .map_err(|problems| input(py, "ScenarioError", &problems))?,
    };
    let rules = Rules {
        instruments: Some(&set),
        objectives: Some(&wanted),
        others,
        record: day.as_ref(),
        known: None,
    };
    let reach = if bilateral { Reach::EachOther } else { Reach::Everybody };
    let directory = Arc::clone(&world.directory);
    let found = signals::interruptible(py, |control: Control| -> Result<Answer, NoStrategy> {
        let ground = BaselineWorld::new_under(&control, &directory, &ground, deficits)?;
        let seats = if players == ["all"] {
            (0..directory.benchmark.economies.len()).collect()
        } else {
            players.iter().map(|code| ground.economy(code)).collect::<Result<Vec<_>, _>>()?
        };
        let sides = || {
            <[usize; 2]>::try_from(seats.clone())
                .map_err(|_| NoStrategy::Unknown("two economies are needed".into()))
        };
        match kind {
            "optimal" => nash::optimal(
                &ground,
                seats.first().copied().unwrap_or_default(),
                seats.get(1).copied(),
                rules,
            ),
            "nash" => nash::war(&ground, &seats, reach, rules),
            "cooperate" => bargain::cooperate(&ground, &seats, reach, from, strict, rules),
            "bargain" => bargain::bargain(&ground, sides()?, from, rules),
            _ => line::frontier(&ground, sides()?, from, points, zone, rules),
        }
    })?;
    let found = found.map_err(|error| match &error {
        NoStrategy::World(refusal) => no_answer(py, refusal),
        other => no_strategy(py, other),
    })?;
    Ok(Solution::of_game(Arc::clone(&world.directory), found))
}
