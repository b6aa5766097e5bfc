//! Uncertainty through the game: draws of elasticities give a cloud of Nash points and a share of draws with an empty zone.
//!
//! Draws are those of the brief's bands. In each the world is balanced
//! anew, the two sides' war and the zone are searched for.

use detente_engine::closure::Deficits;
use detente_engine::parallel::{Control, Progress};
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::error::StrategyError;

use super::bargain::{Disagreement, strike_bargain};
use super::baseline_world::{BaselineWorld, GameDeficits, StartingTariffs};
use super::board::{Reach, Rules};
use super::error::NoStrategy;
use super::found::{DrawnGame, DrawnGames};
use super::nash::fight;
use super::policies::average_rate;
use crate::scenario::meant::Scenario;
use crate::uncertainty::{self, BandSettings};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::elasticities::ElasticityError;

/// Plays the war and the talks of two sides under draws of elasticities.
///
/// # Errors
/// What the game refuses in every draw alike; the flag to stop of `control`, which is told of each draw.
pub fn drawn_games(
    control: &Control,
    directory: &BenchmarkDirectory,
    scenario: &Scenario,
    sides: [&str; 2],
    from: Disagreement,
    count: usize,
    rules: Rules,
) -> Result<DrawnGames, NoStrategy> {
    let unread = |error: ElasticityError| NoStrategy::Unknown(format!("elasticities: {error}"));
    let settings = BandSettings { draws: count, deficits: vec![Deficits::Zero], ..BandSettings::default() };
    let draws = uncertainty::drawn(&directory.benchmark, &settings).map_err(unread)?;
    let mut found = DrawnGames {
        sides: sides.map(str::to_owned),
        from,
        start: StartingTariffs::of(scenario),
        draws: Vec::new(),
        not_converged: 0,
    };
    let total = draws.len();
    for (at, draw) in draws.into_iter().enumerate() {
        control.report(Progress::Items { done: at, total });
        let mut world = directory.clone();
        draw.lay_on(&mut world.benchmark);
        match play(&control.quiet(), &world, scenario, sides, from, rules) {
            Ok(game) => found.draws.push(DrawnGame {
                elasticity_set: draw.elasticity_set,
                common_factor: draw.common_factor,
                ..game
            }),
            Err(NoStrategy::World(_))
            | Err(NoStrategy::Game(StrategyError::Unsolved(_) | StrategyError::NotConverged { .. }))
                if !control.stop.is_stopped() =>
            {
                found.not_converged += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn play(
    control: &Control,
    world: &BenchmarkDirectory,
    scenario: &Scenario,
    sides: [&str; 2],
    from: Disagreement,
    rules: Rules,
) -> Result<DrawnGame, NoStrategy> {
    let ground = BaselineWorld::new_under(control, world, scenario, GameDeficits::Zero)?;
    let seats = [ground.economy(sides[0])?, ground.economy(sides[1])?];
    let mut struck = strike_bargain(&ground, seats, from, rules)?;
    let (war_point, war_payoffs) = if from == Disagreement::Nash {
        (struck.disagreement_point.clone(), struck.disagreement.clone())
    } else {
        let mut board = super::board::Board::new(&ground, &seats, Reach::EachOther, rules)?;
        let (movers, today) = (board.movers(), board.today.clone());
        let war = fight(&mut board, &movers, &today)?;
        (war.point, war.payoffs)
    };
    let rates = struck.board.game.instruments(&war_point).tariff_rate;
    let base = struck.board.base.clone();
    let gains = |payoffs: &[f64], from: &[f64]| seats.map(|j| 100.0 * (payoffs[j] - from[j]).exp_m1());
    let points = struck.bargain.points.take();
    let mut certified: Vec<&StrategyCertificate> =
        struck.bargain.ends.iter().map(|end| &end.certificate).collect();
    if let Some(points) = &points {
        certified.extend([
            &points.nash.certificate,
            &points.kalai_smorodinsky.certificate,
            &points.equal_gains.certificate,
        ]);
    }
    let most = |of: &dyn Fn(&StrategyCertificate) -> f64| certified.iter().map(|c| of(c)).fold(0.0, f64::max);
    Ok(DrawnGame {
        gain_left: most(&|certificate| certificate.best_response_gain.unwrap_or(0.0)),
        max_residual: most(&|certificate| certificate.effort.worst_residual),
        elasticity_set: String::new(),
        common_factor: 1.0,
        war_rate: [(0, 1), (1, 0)].map(|(a, b)| average_rate(&ground, &rates, seats[a], Some(seats[b]))),
        war_pct: gains(&war_payoffs, &base),
        most_pct: points.as_ref().map(|_| struck.bargain.largest_gains.map(|gain| 100.0 * gain)),
        equal_gain_pct: points.map(|points| gains(&points.equal_gains.payoffs, &struck.disagreement)[0]),
    })
}
