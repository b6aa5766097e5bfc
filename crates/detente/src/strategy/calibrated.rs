//! Weights under which today's tariffs would be chosen, and how far they explain them.
//!
//! The share of the variance of today's rates (weights: trade) that the optimum under the weights explains can be negative: worse than one
//! rate for all. These are weights under which tariffs would be chosen, never what a government wants. How they are found:
//! [`first_order`](super::first_order) and [`political`](super::political).

use detente_engine::strategy::best_response::{BestResponse, Start, best_response, once_more};
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::payoff::variables_of;
use detente_engine::strategy::projected_newton::SearchSettings;

use super::baseline_world::BaselineWorld;
use super::board::Board;
use super::error::NoStrategy;
use super::instruments::{DEFAULT_RATES, goods};
use super::policies::average_rate;

/// What beside welfare may have a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Nothing: welfare alone.
    Welfare,
    /// Manufacturing jobs: its share of value added, which is its share of jobs where wages are the same everywhere.
    Manufacturing,
    /// The bilateral balance: exports to the rival over imports from it.
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
            Family::Manufacturing => "welfare and manufacturing jobs (share of value added)",
            Family::BilateralBalance => "welfare and the bilateral balance (exports over imports)",
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
    /// How the optimum under the weights is established.
    pub certificate: StrategyCertificate,
}

/// The flows whose rates a player sets.
pub(super) fn set_cells(ground: &BaselineWorld, player: usize) -> Vec<usize> {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    goods(benchmark)
        .into_iter()
        .flat_map(|s| (0..d.economies).filter(|i| *i != player).map(move |i| d.cell(player, i, s)))
        .filter(|cell| benchmark.border_value[*cell] > 0.0)
        .collect()
}

/// A player's best response from some starts, from the usual ones, and once more from around what they lead to.
pub(super) fn best_certified(
    board: &mut Board,
    player: usize,
    point: &[f64],
    mut starts: Vec<Start>,
) -> Result<BestResponse, NoStrategy> {
    let settings = SearchSettings::default();
    starts.extend(board.starts());
    let best = best_response(&mut board.game, player, point, &starts, &settings)?;
    let (criterion, chosen) =
        (WeightedSum::of_player(player, board.base.len()), variables_of(&board.game, player));
    Ok(once_more(&mut board.game, &criterion, &chosen, best, &settings)?)
}

/// How far the optimum under some weights goes.
pub(super) fn judged(
    ground: &BaselineWorld,
    family: Family,
    weights: Vec<f64>,
    conditions_explained: Option<f64>,
    player: usize,
    board: &Board,
    best: &BestResponse,
) -> Result<Calibrated, NoStrategy> {
    if !best.certificate.status.is_converged() {
        return Err(
            super::nash::not_converged("calibrated objective", best.certificate.projected_gradient).into()
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
        certificate: best.certificate.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_explain_themselves_and_one_rate_explains_nothing() {
        let (cells, trade) = ([0, 1, 2], [1.0, 2.0, 1.0]);
        let target = [0.1, 0.2, 0.4];
        assert_eq!(variance_explained(&cells, &trade, &target, &target), 1.0);
        let mean = [0.225; 3];
        assert!(variance_explained(&cells, &trade, &mean, &target).abs() < 1e-12);
    }
}
