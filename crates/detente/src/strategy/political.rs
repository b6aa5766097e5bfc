//! Political weights by sector under which today's pattern of tariffs would be chosen (Ossa 2014, section 4d of its appendix).
//!
//! The weight of a sector whose most-favoured-nation optimum lies below the target is raised, of one above it lowered, with shrinking steps;
//! weights stay non-negative with mean one. Targets are today's average rates by sector, re-centred on the mean of the optimum: the model's
//! level of tariffs is its own, only the pattern across sectors is fitted.

use std::sync::Arc;

use detente_engine::benchmark::Benchmark;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;
use detente_engine::strategy::best_response::{Start, best_response};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::policy::Player;
use detente_engine::strategy::projected_newton::SearchSettings;

use super::baseline_world::BaselineWorld;
use super::board::{Board, Reach, Rules};
use super::calibrated::{Calibrated, Family, best_certified, judged};
use super::error::NoStrategy;
use super::instruments::{InstrumentSet, goods};
use super::objectives::{ObjectiveKind, Objectives};

/// Rounds at most.
const ROUNDS: usize = 80;
/// First step: change of a weight per unit of the gap between target and optimum.
const FIRST_STEP: f64 = 0.5;
/// By which steps shrink.
const SHRINKS: f64 = 0.97;
/// Largest gap at which it is done.
const DONE: f64 = 0.003;
/// Targets above this are prohibitive and left out of the means.
const PROHIBITIVE: f64 = 2.25;

/// Calibrates a player's weights and plays its best response under them.
pub fn calibrate(ground: &BaselineWorld, player: usize) -> Result<Calibrated, NoStrategy> {
    let sectors = goods(&ground.calibration.benchmark);
    let target = sector_rates(ground, player, &sectors, &ground.calibration.benchmark.tariff_rate);
    let mean = |values: &[f64]| {
        let counted: Vec<f64> = (values.iter().zip(&target))
            .filter(|(_, target)| **target <= PROHIBITIVE)
            .map(|(value, _)| *value)
            .collect();
        counted.iter().sum::<f64>() / counted.len().max(1) as f64
    };
    let mut weights = vec![1.0; sectors.len()];
    let mut best: (f64, Vec<f64>, Option<Vec<f64>>) = (f64::INFINITY, weights.clone(), None);
    let mut start: Option<Vec<f64>> = None;
    let mut step = FIRST_STEP;
    for _ in 0..ROUNDS {
        let weighted = with_weights(ground, player, &sectors, &weights)?;
        let mfn = Rules { instruments: Some(&InstrumentSet::Mfn), ..Rules::default() };
        let mut board = board_of(&weighted, player, mfn)?;
        let here = start.take().unwrap_or_else(|| board.today.clone());
        let starts = [Start::new("the last weights", here.clone())];
        let found = best_response(&mut board.game, player, &here, &starts, &SearchSettings::default())?;
        let rates = board.game.instruments(&found.point).tariff_rate;
        let optimum = sector_rates(ground, player, &sectors, &rates);
        let shift = mean(&optimum) - mean(&target);
        let gaps: Vec<f64> =
            target.iter().zip(&optimum).map(|(target, found)| target + shift - found).collect();
        let squares = gaps.iter().map(|gap| gap * gap).sum::<f64>();
        if squares < best.0 {
            best = (squares, weights.clone(), Some(rates));
        }
        if gaps.iter().all(|gap| gap.abs() < DONE) {
            break;
        }
        weights.iter_mut().zip(&gaps).for_each(|(weight, gap)| *weight = (*weight + step * gap).max(0.0));
        let average = weights.iter().sum::<f64>() / weights.len() as f64;
        weights.iter_mut().for_each(|weight| *weight /= average);
        step *= SHRINKS;
        start = Some(found.point);
    }
    let (_, weights, rates) = best;
    let weighted = with_weights(ground, player, &sectors, &weights)?;
    let mut board = board_of(&weighted, player, Rules::default())?;
    let mut from = weighted.today();
    if let Some(rates) = rates {
        from.tariff_rate = rates;
    }
    let point = board.point_of(&from);
    let starts = vec![Start::new("most-favoured-nation optimum", point.clone())];
    let found = best_certified(&mut board, player, &point, starts)?;
    judged(&weighted, Family::Political, weights, None, player, &board, &found)
}

/// Average rates of a player by sector, weights: today's trade.
fn sector_rates(ground: &BaselineWorld, player: usize, sectors: &[usize], rates: &[f64]) -> Vec<f64> {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let of = |s: &usize| {
        let cells = (0..d.economies).filter(|i| *i != player).map(|i| d.cell(player, i, *s));
        let (paid, value) = cells.fold((0.0, 0.0), |(paid, value), cell| {
            (paid + rates[cell] * benchmark.border_value[cell], value + benchmark.border_value[cell])
        });
        if value > 0.0 { paid / value } else { 0.0 }
    };
    sectors.iter().map(of).collect()
}

fn with_weights<'a>(
    ground: &BaselineWorld<'a>,
    player: usize,
    sectors: &[usize],
    weights: &[f64],
) -> Result<BaselineWorld<'a>, NoStrategy> {
    let mut benchmark = Benchmark::clone(&ground.calibration.benchmark);
    let d = ground.calibration.dimensions;
    let mut all = vec![1.0; d.pairs()];
    sectors.iter().zip(weights).for_each(|(s, weight)| all[d.pair(player, *s)] = *weight);
    benchmark.political_weight = Some(all);
    let calibration = Solver::new(benchmark, &ground.calibration.closure).map_err(StrategyError::from)?;
    let calibration = calibration.with_control(ground.calibration.control().clone());
    Ok(BaselineWorld {
        directory: ground.directory,
        calibration: Arc::new(calibration),
        baseline: ground.baseline.clone(),
        lapse: ground.lapse.clone(),
        scenario: ground.scenario.clone(),
        baseline_closure: ground.baseline_closure.clone(),
        deficits: ground.deficits,
        seconds: ground.seconds,
    })
}

fn board_of<'g>(ground: &'g BaselineWorld<'g>, player: usize, rules: Rules) -> Result<Board<'g>, NoStrategy> {
    let players = (0..ground.calibration.dimensions.economies)
        .map(|j| {
            let outcome = if j == player { Outcome::GovernmentWelfare } else { Outcome::Welfare };
            Player { code: ground.code(j).to_owned(), objective: Objective::log(outcome, j) }
        })
        .collect();
    let objectives = Objectives { kind: ObjectiveKind::Political, name: "political".into(), players };
    Board::with_objectives(ground, &[player], Reach::Everybody, rules, objectives)
}
