//! Weights found from the first-order conditions at today's tariffs.
//!
//! For a player with objective `ln welfare + Σ_m φ_m ln outcome_m` the tariffs of today would be a best response if
//! `∂ln welfare/∂u_k + Σ_m φ_m ∂ln outcome_m/∂u_k = 0` for every rate k. The weights are the least-squares solution of these
//! conditions, each divided by `√D_k`, `D_k = θ M/I`, so that a condition counts by the welfare at stake in its rate. Two numbers say
//! how well it works: the share of the conditions' squares that the weights remove, and the share of the variance of today's
//! rates (weights: trade) that the optimum under them explains. The second can be negative: worse than one rate for all. These are
//! weights under which tariffs would be chosen, never what a government wants.

use detente_engine::gradient::gradient;
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_engine::strategy::best_response::Start;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::policy::Player;

use super::baseline_world::BaselineWorld;
use super::board::{Board, Reach, Rules};
use super::calibrated::{Calibrated, Family, best_certified, judged, set_cells};
use super::error::NoStrategy;
use super::instruments::goods;
use super::objectives::{ObjectiveKind, Objectives};
use super::political;

/// Calibrates one family of objectives to a player's tariffs of today.
pub fn calibrate(
    ground: &BaselineWorld,
    player: usize,
    rival: usize,
    family: Family,
) -> Result<Calibrated, NoStrategy> {
    let calibration = &ground.calibration;
    let benchmark = &calibration.benchmark;
    let d = calibration.dimensions;
    let own = |outcome| Scalar { outcome, economy: player };
    let one = |scalar| vec![(1.0, scalar)];
    // What each weight stands before: a logarithm, or a difference of two.
    let weighed: Vec<Vec<(f64, Scalar)>> = match family {
        Family::Welfare => Vec::new(),
        Family::Manufacturing => vec![one(own(Outcome::ManufacturingShare))],
        Family::BilateralBalance => {
            let exports = Scalar { outcome: Outcome::ImportsFrom(player), economy: rival };
            vec![vec![(1.0, exports), (-1.0, own(Outcome::ImportsFrom(rival)))]]
        }
        Family::Revenue => vec![one(own(Outcome::TariffRevenue))],
        Family::RivalsLoss => vec![one(Scalar { outcome: Outcome::Welfare, economy: rival })],
        Family::Sectors => goods(benchmark).into_iter().map(|s| one(own(Outcome::Output(s)))).collect(),
        Family::Political => return political::calibrate(ground, player),
    };
    let cells = set_cells(ground, player);
    let scale = |cell: &usize| {
        let (importer, _, sector) = d.cell_of(*cell);
        let stake = calibration.technology.trade_elasticity[sector] * benchmark.border_value[*cell];
        (stake / ground.baseline.income[importer]).sqrt()
    };
    let conditions = |terms: &[(f64, Scalar)]| -> Result<Vec<f64>, StrategyError> {
        let found = gradient(calibration, &ground.baseline, &Objective::LogSum(terms.to_vec()))?;
        Ok(cells.iter().map(|cell| found.tariff[*cell] / scale(cell)).collect())
    };
    let welfare = conditions(&one(own(Outcome::Welfare)))?;
    let columns = weighed.iter().map(|terms| conditions(terms)).collect::<Result<Vec<_>, _>>()?;
    let weights = least_squares(&columns, &welfare);
    let left: f64 = (0..cells.len())
        .map(|k| welfare[k] + weights.iter().zip(&columns).map(|(w, c)| w * c[k]).sum::<f64>())
        .map(|gap| gap * gap)
        .sum();
    let all: f64 = welfare.iter().map(|gap| gap * gap).sum();
    let mut terms = vec![(1.0, own(Outcome::Welfare))];
    let weighed = weights.iter().zip(&weighed);
    terms.extend(weighed.flat_map(|(w, terms)| terms.iter().map(move |(sign, scalar)| (w * sign, *scalar))));
    let players = (0..d.economies)
        .map(|j| Player {
            code: ground.code(j).to_owned(),
            objective: if j == player {
                Objective::LogSum(terms.clone())
            } else {
                Objective::log(Outcome::Welfare, j)
            },
        })
        .collect();
    let objectives = Objectives { kind: ObjectiveKind::Own, name: family.words().into(), players };
    let mut board =
        Board::with_objectives(ground, &[player], Reach::Everybody, Rules::default(), objectives)?;
    let today = board.today.clone();
    let best = best_certified(&mut board, player, &today, vec![Start::new("today", today.clone())])?;
    judged(ground, family, weights, Some(1.0 - left / all), player, &board, &best)
}

/// Weights w that make `welfare + Σ w_m column_m` smallest; the diagonal gets a billionth more so that columns may be alike.
fn least_squares(columns: &[Vec<f64>], welfare: &[f64]) -> Vec<f64> {
    let n = columns.len();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut system: Vec<Vec<f64>> = columns
        .iter()
        .map(|row| columns.iter().map(|column| dot(row, column)).chain([-dot(row, welfare)]).collect())
        .collect();
    for (k, row) in system.iter_mut().enumerate() {
        row[k] *= 1.0 + 1e-9;
    }
    // Positive definite: no pivoting is needed.
    for pivot in 0..n {
        let head = system[pivot].clone();
        for (row, line) in system.iter_mut().enumerate().filter(|(row, _)| *row != pivot) {
            let factor = line[pivot] / head[pivot];
            if factor != 0.0 && row != pivot {
                line.iter_mut().zip(&head).for_each(|(x, h)| *x -= factor * h);
            }
        }
    }
    (0..n).map(|k| system[k][n] / system[k][k]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_squares_finds_the_weights_that_cancel() {
        let columns = vec![vec![1.0, 0.0, 2.0], vec![0.0, 1.0, -1.0]];
        let welfare = vec![-3.0, 0.5, -6.5];
        let weights = least_squares(&columns, &welfare);
        assert!((weights[0] - 3.0).abs() < 1e-6 && (weights[1] + 0.5).abs() < 1e-6, "{weights:?}");
    }
}
