//! One flag stops whatever is asked: a scenario, bands, a game, a brief. No step is taken after it is set, and no number is given.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use detente::basis::Basis;
use detente::brief::assemble::{Asked, BriefError, Sources, brief};
use detente::brief::others::OthersDuties;
use detente::counterfactual::{self, NoAnswer};
use detente::strategy::baseline_world::{BaselineWorld, GameDeficits};
use detente::strategy::board::{Reach, Rules};
use detente::strategy::error::NoStrategy;
use detente::strategy::nash;
use detente::uncertainty::{BandError, BandSettings};
use detente::{Scenario, World};
use detente_data::default_world;
use detente_engine::error::EngineError;
use detente_engine::parallel::{Control, Progress, Stop};
use detente_engine::strategy::error::StrategyError;
use detente_ledger::AsOf;
use detente_ledger::tariff::Tariffs;
use jiff::civil::date;

/// A control that is stopped when `counts` said yes so many times, and how often it did in all.
fn stopped_at(last: usize, counts: fn(Progress) -> bool) -> (Control, Arc<AtomicUsize>) {
    let (stop, told) = (Stop::default(), Arc::new(AtomicUsize::new(0)));
    let (flag, listener) = (stop.clone(), Arc::clone(&told));
    let report = move |progress| {
        if counts(progress) && listener.fetch_add(1, Ordering::Relaxed) + 1 == last {
            flag.stop();
        }
    };
    (Control { stop, progress: Some(Arc::new(report)), ..Control::default() }, told)
}

fn steps(progress: Progress) -> bool {
    matches!(progress, Progress::Step { .. })
}

fn items(progress: Progress) -> bool {
    matches!(progress, Progress::Items { .. })
}

#[test]
fn a_game_takes_no_step_after_the_flag() {
    let world = World::embedded().unwrap();
    let scenario = world.resolve(&Scenario::new("the benchmark's own tariffs")).unwrap();
    for last in [1, 40] {
        let (control, told) = stopped_at(last, steps);
        let played = BaselineWorld::new_under(&control, world.directory(), &scenario, GameDeficits::Zero)
            .map_err(NoStrategy::from)
            .and_then(|ground| {
                let seats = [ground.economy("USA")?, ground.economy("CHN")?];
                nash::war(&ground, &seats, Reach::EachOther, Rules::default())
            });
        let stopped = matches!(
            played,
            Err(NoStrategy::World(NoAnswer::Refused { refusal: EngineError::Stopped, .. })
                | NoStrategy::Game(StrategyError::Economy(EngineError::Stopped)))
        );
        assert!(stopped, "after {last} steps: {:?}", played.err());
        assert_eq!(told.load(Ordering::Relaxed), last, "steps after the flag was set");
    }
}

#[test]
fn a_brief_stops_among_its_draws() {
    let (world, tariffs) = (default_world::open().unwrap(), Tariffs::embedded().unwrap());
    let talks = tariffs.ledger().talks("us-china").unwrap();
    let (control, told) = stopped_at(3, items);
    let sources = Sources { tariffs: &tariffs, world: &world, control: &control };
    let day = date(2025, 9, 16);
    let clock = AsOf { on: day, known_on: day };
    let asked = Asked { clock, basis: Basis::Statute, others: OthersDuties::None };
    let found = brief(sources, &talks, asked);
    assert!(
        matches!(found, Err(BriefError::Bands(BandError::Engine(EngineError::Stopped)))),
        "{:?}",
        found.err()
    );
    // Draws that had begun on other threads end; none of the 200 begins.
    assert!(told.load(Ordering::Relaxed) < 40, "{told:?}");
}

#[test]
fn several_scenarios_and_bands_stop_together() {
    let world = World::embedded().unwrap();
    let asked = || world.resolve(&Scenario::example("us-plus-10-on-china").unwrap()).unwrap();
    let stop = Stop::default();
    stop.stop();
    let control = Control { stop, ..Control::default() };
    let settings = Default::default();
    let all = counterfactual::solve_all(&control, world.directory(), vec![asked(), asked()], &settings);
    assert_eq!(all.err(), Some(EngineError::Stopped));
    let answer = counterfactual::solve(world.directory(), asked(), &settings).unwrap();
    let stopped = World::embedded().unwrap().with_control(control);
    assert!(stopped.bands(&answer, &BandSettings::default()).is_err());
    assert!(stopped.solve(&Scenario::example("us-plus-10-on-china").unwrap()).is_err());
}
