//! Games: what sides would do, and where a deal can lie, asked as the command asks.

use std::path::Path;
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
use detente::strategy::deadline::{self as ahead, Odds};
use detente::strategy::doubt::Doubt;
use detente::strategy::draws::drawn_games;
use detente::strategy::error::NoStrategy;
use detente::strategy::frontier as line;
use detente::strategy::instruments::InstrumentSet;
use detente::strategy::nash;
use detente::strategy::objectives::{self as wants, ObjectiveKind, Objectives};
use detente::strategy::punishment::OwnPunishment;
use detente::strategy::sustain::{self, DealPoint, Patience, Threat};
use detente_engine::parallel::Control;
use detente_engine::strategy::deadline::Deadline;
use detente_engine::strategy::known_points::KnownPoints;
use detente_ledger::status::AsOf;
use pyo3::prelude::*;

use crate::errors::{input, no_answer, no_strategy, raise, record};
use crate::objectives::{Asked, Calls, functions};
use crate::signals;
use crate::solution::Solution;
use crate::world::{World, meant};

fn word<T: Copy>(py: Python<'_>, key: &str, typed: &str, words: &[(&str, T)]) -> PyResult<T> {
    words.iter().find(|(word, _)| *word == typed).map(|(_, meant)| *meant).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        raise(py, "InputError", &format!("{key} `{typed}`: one of {}", known.join(", ")), None)
    })
}

/// What `sustain` asks beside the game.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Sustained {
    deal: String,
    patience: f64,
    office: f64,
    lag: u32,
    punishment_periods: Option<u32>,
    period_days: f64,
    /// A scenario's text and the file that it stands in, or a path of states and its file.
    punishment: Option<(String, Option<String>)>,
    renegotiation_proof: bool,
}

/// What `deadline` asks beside the game.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Valued {
    deal: String,
    extension: f64,
    deal_chance: f64,
    restored: f64,
    breakdown: f64,
    discount: f64,
    period_days: f64,
    truce_periods: usize,
    entry_discount: f64,
    firm_size_tail: f64,
}

/// A punishment as typed: states, or a scenario that lasts some periods.
fn punishment(
    py: Python<'_>,
    world: &World,
    (text, path): &(String, Option<String>),
    periods: Option<u32>,
) -> PyResult<OwnPunishment> {
    let label = path.as_deref().unwrap_or("the punishment");
    if !OwnPunishment::is_path(text) {
        let scenario = meant(py, world, text, path.as_deref(), None)?;
        return Ok(OwnPunishment::of_scenario(scenario, periods));
    }
    if periods.is_some() {
        let message =
            format!("punishment_periods: `{label}` says itself how long its states last; keep one of them");
        return Err(raise(py, "InputError", &message, None));
    }
    let folder = path.as_deref().and_then(|path| Path::new(path).parent()).unwrap_or(Path::new("."));
    let open = |file: &str| scenario::open(&folder.join(file), &world.directory, None);
    OwnPunishment::parse(label, text, &open).map_err(|error| no_strategy(py, &error))
}

/// Plays a game: `optimal`, `nash`, `cooperate`, `bargain`, `frontier`, `sustain` or `deadline`.
///
/// `players` are codes; `talks` names the record's talks (none: those between the players on the embedded world, `none`: the benchmark's own
/// tariffs), `scenario` is the text of a scenario whose baseline is the ground.
#[pyfunction]
#[pyo3(signature = (world, kind, players, *, start = "nash", instruments = "tariffs", objective = "welfare", others = "hold", deficits = "zero",
    bilateral = false, strict = false, zone = false, points = 41, talks = None, on = None, known_on = None, basis = "collected", scenario = None,
    path = None, own = Vec::new(), draws = 0, capital = false, sustained = None, valued = None))]
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
    own: Vec<Asked>,
    draws: usize,
    capital: bool,
    sustained: Option<Sustained>,
    valued: Option<Valued>,
) -> PyResult<Solution> {
    let domain = |error: &dyn std::fmt::Display| raise(py, "InputError", &error.to_string(), None);
    let sustained = match sustained {
        None => None,
        Some(asked) => {
            let deal = word(py, "deal", &asked.deal, &DealPoint::WORDS)?;
            let patience = Patience {
                yearly: asked.patience,
                office: asked.office,
                detection_lag: asked.lag,
                punishment_periods: asked.punishment_periods,
                period_days: asked.period_days,
            };
            patience.effective().map_err(|error| domain(&error))?;
            let own = asked.punishment.as_ref();
            let own = own.map(|typed| punishment(py, world, typed, asked.punishment_periods)).transpose()?;
            Some((deal, patience, own, asked.renegotiation_proof))
        }
    };
    let valued = match valued {
        None => None,
        Some(asked) => {
            let deal = word(py, "deal", &asked.deal, &DealPoint::WORDS)?;
            let odds = Odds {
                deadline: Deadline {
                    extension: asked.extension,
                    deal: asked.deal_chance,
                    restored: asked.restored,
                    breakdown: asked.breakdown,
                },
                yearly: asked.discount,
                period_days: asked.period_days,
            };
            odds.check().map_err(|error| domain(&error))?;
            let doubt = Doubt {
                yearly: asked.entry_discount,
                tail: asked.firm_size_tail,
                periods: asked.truce_periods,
            };
            doubt.check(&odds).map_err(|error| domain(&error))?;
            Some((deal, odds, doubt))
        }
    };
    if draws > 0 && !own.is_empty() {
        let message =
            "draws: a function of one's own is of one world; weights of outcomes can be drawn under";
        return Err(raise(py, "ObjectiveError", message, None));
    }
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
    let wanted = match wants::NAMED.iter().find(|(name, _)| *name == objective) {
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
        (None, None) => {
            let text = "name = \"the benchmark's own tariffs\"\n";
            let mut plain = scenario::parse("the default scenario", text, None, &world.directory, None)
                .map_err(|problems| input(py, "ScenarioError", &problems))?;
            plain
                .notes
                .push("today: the benchmark's own tariffs; `talks` takes the record's of a day".into());
            plain
        }
    };
    let known = KnownPoints::new();
    let calls = Calls::default();
    let reach = if bilateral { Reach::EachOther } else { Reach::Everybody };
    let directory = Arc::clone(&world.directory);
    let answer = |control: Control| -> Result<Answer, NoStrategy> {
        let ground = BaselineWorld::new_under(&control, &directory, &ground, deficits)?;
        let mut wanted = wanted;
        for function in functions(own, &calls, &control.stop) {
            wanted = wanted.with_own(&ground, function)?;
        }
        let rules = Rules {
            instruments: Some(&set),
            objectives: Some(&wanted),
            others,
            record: day.as_ref(),
            known: Some(&known),
        };
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
            "optimal" => {
                let player = seats.first().copied().unwrap_or_default();
                let found = nash::optimal(&ground, player, seats.get(1).copied(), rules)?;
                if capital { found.with_capital(&ground) } else { Ok(found) }
            }
            "nash" => nash::war(&ground, &seats, reach, rules),
            "cooperate" => bargain::cooperate(&ground, &seats, reach, from, strict, rules),
            "bargain" => {
                let mut found = bargain::bargain(&ground, sides()?, from, rules)?;
                if draws > 0 && ground.deficits == GameDeficits::Zero {
                    let codes = sides()?.map(|side| ground.code(side));
                    let scenario = &ground.scenario;
                    let drawn = drawn_games(&control, &directory, scenario, codes, from, draws, rules)?;
                    found.draws = Some(drawn);
                }
                Ok(found)
            }
            "frontier" => line::frontier(&ground, sides()?, from, points, zone, rules),
            _ => match (&sustained, &valued) {
                (Some((deal, patience, own, proof)), _) => {
                    let threat = Threat { own: own.as_ref(), renegotiation_proof: *proof };
                    sustain::sustain(&ground, sides()?, *deal, *patience, threat, rules)
                }
                (None, Some((deal, odds, doubt))) => {
                    ahead::deadline(&ground, sides()?, *deal, (*odds, *doubt), rules)
                }
                (None, None) => Err(NoStrategy::Unknown(format!("there is no game `{kind}`"))),
            },
        }
    };
    let found = signals::interruptible_with(py, &|py| calls.interrupt(py), answer)?;
    if let Some(raised) = calls.raised() {
        return Err(raised);
    }
    let found = found.map_err(|error| match &error {
        NoStrategy::World(refusal) => no_answer(py, refusal),
        other => no_strategy(py, other),
    })?;
    Ok(Solution::of_game(Arc::clone(&world.directory), found))
}
