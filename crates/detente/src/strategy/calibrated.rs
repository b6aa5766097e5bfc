//! Weights under which today's tariffs would be chosen, and how far that explains them.
//!
//! For a player with objective `ln welfare + Σ_m φ_m ln outcome_m` the tariffs of today would be a best response if
//! `∂ln welfare/∂u_k + Σ_m φ_m ∂ln outcome_m/∂u_k = 0` for every rate k. The weights are the least-squares solution of these
//! conditions, each divided by `√D_k`, `D_k = θ M/I`, so that a condition counts by the welfare at stake in its rate. Two numbers say
//! how well it works: the share of the conditions' squares that the weights remove, and the share of the variance of today's
//! rates (weights: trade) that the optimum under them explains. The second can be negative: worse than one rate for all. These are
//! weights under which tariffs would be chosen, never what a government wants.

use detente_engine::gradient::gradient;
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_engine::strategy::best_response::{BestResponse, Start, best_response};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::policy::Player;
use detente_engine::strategy::projected_newton::SearchSettings;

use super::board::{Board, Reach, Rules};
use super::error::NoStrategy;
use super::ground::Ground;
use super::instruments::{DEFAULT_RATES, goods};
use super::objectives::Objectives;
use super::words::average_rate;

/// What beside welfare may have a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Nothing: welfare alone.
    Welfare,
    /// Manufacturing's share of value added.
    Manufacturing,
    /// Imports from the rival.
    BilateralBalance,
    /// Tariff revenue.
    Revenue,
    /// The rival's welfare.
    RivalsLoss,
    /// The output of each goods sector, one weight per sector.
    Sectors,
    /// Weights on each goods sector's income in the objective itself, found sector by sector (Ossa 2014).
    Political,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 7] = [
        Family::Welfare,
        Family::Manufacturing,
        Family::BilateralBalance,
        Family::Revenue,
        Family::RivalsLoss,
        Family::Sectors,
        Family::Political,
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Family::Welfare => "welfare alone",
            Family::Manufacturing => "welfare and manufacturing's share",
            Family::BilateralBalance => "welfare and imports from the rival",
            Family::Revenue => "welfare and tariff revenue",
            Family::RivalsLoss => "welfare and the rival's welfare",
            Family::Sectors => "welfare and the output of each goods sector",
            Family::Political => "income weighted by sector (political weights)",
        }
    }
}

/// Calibrated weights and how far they go.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    /// Which outcomes have weights.
    pub family: Family,
    /// The weights beside welfare's one; political weights have mean one.
    pub weights: Vec<f64>,
    /// Share of the first-order conditions' squares that the weights remove; none for political weights, which are fitted to rates.
    pub conditions_explained: Option<f64>,
    /// Share of the variance of today's rates that the optimum under the weights explains; may be negative.
    pub variance_explained: f64,
    /// The same against the tariffs after the lapse, where the scenario has one: another date.
    pub variance_explained_after_lapse: Option<f64>,
    /// The same against the benchmark's own tariffs: the date of the data.
    pub variance_explained_in_data: f64,
    /// Flows whose rate runs to the upper bound at the optimum: there the weights have no optimum near today.
    pub at_the_bound: usize,
    /// Average rate of the optimum, weights: today's trade; and of today.
    pub average_rate: (f64, f64),
    /// Projected gradient of the optimum.
    pub projected_gradient: f64,
}

/// Calibrates one family of objectives to a player's tariffs of today.
pub fn calibrate(
    ground: &Ground,
    player: usize,
    rival: usize,
    family: Family,
) -> Result<Calibrated, NoStrategy> {
    let calibration = &ground.calibration;
    let benchmark = &calibration.benchmark;
    let d = calibration.dimensions;
    let own = |outcome| Scalar { outcome, economy: player };
    let scalars: Vec<Scalar> = match family {
        Family::Welfare => Vec::new(),
        Family::Manufacturing => vec![own(Outcome::ManufacturingShare)],
        Family::BilateralBalance => vec![own(Outcome::ImportsFrom(rival))],
        Family::Revenue => vec![own(Outcome::TariffRevenue)],
        Family::RivalsLoss => vec![Scalar { outcome: Outcome::Welfare, economy: rival }],
        Family::Sectors => goods(benchmark).into_iter().map(|s| own(Outcome::Output(s))).collect(),
        Family::Political => return super::political::calibrate(ground, player),
    };
    let cells = set_cells(ground, player);
    let scale = |cell: &usize| {
        let (importer, _, sector) = d.cell_of(*cell);
        let stake = calibration.technology.trade_elasticity[sector] * benchmark.border_value[*cell];
        (stake / ground.baseline.income[importer]).sqrt()
    };
    let conditions = |scalar: Scalar| -> Result<Vec<f64>, StrategyError> {
        let found = gradient(calibration, &ground.baseline, &Objective::LogSum(vec![(1.0, scalar)]))?;
        Ok(cells.iter().map(|cell| found.tariff[*cell] / scale(cell)).collect())
    };
    let welfare = conditions(own(Outcome::Welfare))?;
    let columns = scalars.iter().map(|scalar| conditions(*scalar)).collect::<Result<Vec<_>, _>>()?;
    let weights = least_squares(&columns, &welfare);
    let left: f64 = (0..cells.len())
        .map(|k| welfare[k] + weights.iter().zip(&columns).map(|(w, c)| w * c[k]).sum::<f64>())
        .map(|gap| gap * gap)
        .sum();
    let all: f64 = welfare.iter().map(|gap| gap * gap).sum();
    let mut terms = vec![(1.0, own(Outcome::Welfare))];
    terms.extend(weights.iter().copied().zip(scalars));
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
    let objectives = Objectives { name: family.words().into(), players };
    let mut board =
        Board::with_objectives(ground, &[player], Reach::Everybody, Rules::default(), objectives)?;
    let today = board.today.clone();
    let starts = [Start::new("today", today.clone())];
    let best = best_response(&mut board.game, player, &today, &starts, &SearchSettings::default())?;
    judged(ground, family, weights, Some(1.0 - left / all), player, &board, &best)
}

/// The flows whose rates a player sets.
pub(super) fn set_cells(ground: &Ground, player: usize) -> Vec<usize> {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    goods(benchmark)
        .into_iter()
        .flat_map(|s| (0..d.economies).filter(|i| *i != player).map(move |i| d.cell(player, i, s)))
        .filter(|cell| benchmark.border_value[*cell] > 0.0)
        .collect()
}

/// How far the optimum under some weights goes.
pub(super) fn judged(
    ground: &Ground,
    family: Family,
    weights: Vec<f64>,
    conditions_explained: Option<f64>,
    player: usize,
    board: &Board,
    best: &BestResponse,
) -> Result<Calibrated, NoStrategy> {
    if !best.certificate.status.is_converged() {
        return Err(
            super::war::not_converged("calibrated objective", best.certificate.projected_gradient).into()
        );
    }
    let benchmark = &ground.calibration.benchmark;
    let cells = set_cells(ground, player);
    let found = board.game.instruments(&best.point).tariff_rate;
    let explained = |target: &[f64]| variance_explained(&cells, &benchmark.border_value, &found, target);
    Ok(Calibrated {
        family,
        weights,
        conditions_explained,
        variance_explained: explained(&benchmark.tariff_rate),
        variance_explained_after_lapse: ground.lapse.as_ref().map(|lapse| explained(&lapse.tariff_rate)),
        variance_explained_in_data: explained(&ground.directory.benchmark.tariff_rate),
        at_the_bound: cells.iter().filter(|cell| found[**cell] >= 0.99 * DEFAULT_RATES.1).count(),
        average_rate: (
            average_rate(ground, &found, player, None),
            average_rate(ground, &benchmark.tariff_rate, player, None),
        ),
        projected_gradient: best.certificate.projected_gradient,
    })
}

/// One less the trade-weighted squared distance over the trade-weighted variance of the target.
fn variance_explained(cells: &[usize], trade: &[f64], found: &[f64], target: &[f64]) -> f64 {
    let weight: f64 = cells.iter().map(|cell| trade[*cell]).sum();
    let mean = cells.iter().map(|cell| trade[*cell] * target[*cell]).sum::<f64>() / weight;
    let sum =
        |f: &dyn Fn(usize) -> f64| cells.iter().map(|cell| trade[*cell] * f(*cell).powi(2)).sum::<f64>();
    1.0 - sum(&|cell| found[cell] - target[cell]) / sum(&|cell| target[cell] - mean)
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

    #[test]
    fn rates_explain_themselves_and_one_rate_explains_nothing() {
        let (cells, trade) = ([0, 1, 2], [1.0, 2.0, 1.0]);
        let target = [0.1, 0.2, 0.4];
        assert_eq!(variance_explained(&cells, &trade, &target, &target), 1.0);
        let mean = [0.225; 3];
        assert!(variance_explained(&cells, &trade, &mean, &target).abs() < 1e-12);
    }
}
