//! Numbers for pictures: best-response curves with iso-welfare surfaces, the payoff plane, patience and deadline.
//!
//! Curves are drawn in one rate per side on the other's goods, the only plane that fits on paper; the payoff plane is that of the full
//! instruments.

use std::path::Path;

use detente_engine::strategy::best_response::{Start, best_response};
use detente_engine::strategy::payoff::Game;
use detente_engine::strategy::projected_newton::SearchSettings;
use serde::Serialize;

use super::board::{Board, Reach, Rules};
use super::error::NoStrategy;
use super::ground::Ground;
use super::talks::{Disagreement, strike_bargain, trace_frontier};
use super::war::fight;

/// Best responses in the plane of one rate against another.
#[derive(Clone, Debug, Serialize)]
pub struct BestResponseCurves {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// Rates on the grid, fractions; both sides.
    pub grid: Vec<f64>,
    /// The first side's best rate against each rate of the second.
    pub first_responds: Vec<f64>,
    /// The second side's best rate against each rate of the first.
    pub second_responds: Vec<f64>,
    /// `objective_pct[first rate][second rate][side]`: for iso-welfare lines.
    pub objective_pct: Vec<Vec<[f64; 2]>>,
    /// The Nash point.
    pub nash: [f64; 2],
    /// Today's averages, weighted with today's trade.
    pub today: [f64; 2],
}

/// A named point of the payoff plane.
#[derive(Clone, Debug, Serialize)]
pub struct PayoffPoint {
    /// Name.
    pub name: String,
    /// Objectives of the sides, percent from today.
    pub objective_pct: [f64; 2],
}

/// The payoff plane: frontier, zone, points.
#[derive(Clone, Debug, Serialize)]
pub struct PayoffPlane {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// The frontier in order; objectives in percent from today.
    pub frontier: Vec<[f64; 2]>,
    /// Disagreement, today, and the bargaining points where there is a zone.
    pub points: Vec<PayoffPoint>,
    /// Whether the zone is empty.
    pub zone_is_empty: bool,
}

/// Best-response curves of two sides over a grid of rates from zero to `highest`.
pub fn curves(
    ground: &Ground,
    sides: [usize; 2],
    highest: f64,
    steps: usize,
    rules: Rules,
) -> Result<BestResponseCurves, NoStrategy> {
    let one_rate = Rules { instruments: Some(Path::new("one-rate")), ..rules };
    let mut board = Board::new(ground, &sides, Reach::EachOther, one_rate)?;
    let grid: Vec<f64> = (0..=steps).map(|k| highest * k as f64 / steps as f64).collect();
    let today = board.today.clone();
    let war = fight(&mut board, &sides, &today)?;
    let mut responds = [Vec::new(), Vec::new()];
    for (mover, curve) in responds.iter_mut().enumerate() {
        let mut start = war.point.clone();
        for rate in &grid {
            let mut point = start.clone();
            point[1 - mover] = rate.ln_1p();
            let here = [Start::new("the neighbouring rate", point.clone())];
            let best =
                best_response(&mut board.game, sides[mover], &point, &here, &SearchSettings::default())?;
            curve.push(best.point[mover].exp_m1());
            start = best.point;
        }
    }
    let mut objective_pct = Vec::new();
    for first in &grid {
        let mut row = Vec::new();
        for second in &grid {
            let mut payoffs = vec![0.0; board.base.len()];
            board.game.evaluate(&[first.ln_1p(), second.ln_1p()], &mut payoffs)?;
            row.push(sides.map(|j| 100.0 * (payoffs[j] - board.base[j]).exp_m1()));
        }
        objective_pct.push(row);
    }
    let [first_responds, second_responds] = responds;
    Ok(BestResponseCurves {
        sides: sides.map(|j| ground.code(j).to_owned()),
        grid,
        first_responds,
        second_responds,
        objective_pct,
        nash: [war.point[0].exp_m1(), war.point[1].exp_m1()],
        today: [average_rate(&board, sides[0]), average_rate(&board, sides[1])],
    })
}

fn average_rate(board: &Board, player: usize) -> f64 {
    let benchmark = &board.ground.calibration.benchmark;
    let cells = board.game.policies().iter().filter(|p| p.player == player).flat_map(|p| &p.cells);
    let (mut paid, mut value) = (0.0, 0.0);
    for (cell, _) in cells {
        paid += benchmark.tariff_rate[*cell] * benchmark.border_value[*cell];
        value += benchmark.border_value[*cell];
    }
    paid / value
}

/// The payoff plane of two sides.
pub fn payoff_plane(
    ground: &Ground,
    sides: [usize; 2],
    from: Disagreement,
    points: usize,
    rules: Rules,
) -> Result<PayoffPlane, NoStrategy> {
    let traced = trace_frontier(ground, sides, from, points, false, rules)?;
    let struck = strike_bargain(ground, sides, from, rules)?;
    let base = &traced.board.base;
    let at = |payoffs: &[f64]| sides.map(|j| 100.0 * (payoffs[j] - base[j]).exp_m1());
    let mut named = vec![
        PayoffPoint { name: "today".into(), objective_pct: [0.0, 0.0] },
        PayoffPoint { name: from.word().into(), objective_pct: at(&struck.disagreement) },
    ];
    if let Some(found) = &struck.bargain.points {
        for (name, payoffs) in [
            ("Nash bargain", &found.nash.payoffs),
            ("Kalai–Smorodinsky", &found.kalai_smorodinsky.payoffs),
            ("equal gains", &found.equal_gains.payoffs),
        ] {
            named.push(PayoffPoint { name: name.into(), objective_pct: at(payoffs) });
        }
    }
    Ok(PayoffPlane {
        sides: sides.map(|j| ground.code(j).to_owned()),
        frontier: traced.frontier.points.iter().map(|point| at(&point.payoffs)).collect(),
        points: named,
        zone_is_empty: struck.bargain.points.is_none(),
    })
}
