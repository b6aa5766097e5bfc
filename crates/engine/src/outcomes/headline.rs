//! The few outcomes that a band follows through every draw, for every economy, without the tables behind them.

use super::welfare::welfare_pct;
use super::{percent, ratio};
use crate::equilibrium::Equilibrium;
use crate::model::benchmark::SectorKind;
use crate::model::calibration::Calibration;

/// One economy's headlines; the columns of [`EconomyOutcome`](super::economy::EconomyOutcome) of these names.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Headline {
    /// Exact welfare change: equivalent variation over baseline income.
    pub welfare_pct: Option<f64>,
    /// Wage over the index of all final use.
    pub real_wage_pct: Option<f64>,
    /// Index of all final use.
    pub price_index_pct: Option<f64>,
    /// Manufacturing's share of value added, baseline, a fraction.
    pub manufacturing_share_before: Option<f64>,
    /// Manufacturing's share of value added, counterfactual, a fraction.
    pub manufacturing_share: Option<f64>,
}

/// Headlines of every economy, in the benchmark's order: two solved equilibria of one calibration.
pub fn headlines(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
) -> Vec<Headline> {
    (0..calibration.dimensions.economies)
        .map(|economy| headline(calibration, baseline, counterfactual, economy))
        .collect()
}

pub(super) fn headline(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
    economy: usize,
) -> Headline {
    let price = counterfactual.price_index_hat[economy] / baseline.price_index_hat[economy];
    let wage = counterfactual.wage_hat[economy] / baseline.wage_hat[economy];
    Headline {
        welfare_pct: welfare_pct(calibration, baseline, counterfactual, economy, price),
        real_wage_pct: percent(wage / price, 1.0),
        price_index_pct: percent(price, 1.0),
        manufacturing_share_before: manufacturing_share(calibration, baseline, economy),
        manufacturing_share: manufacturing_share(calibration, counterfactual, economy),
    }
}

/// Manufacturing's share of value added; `None` where no sector is manufacturing.
pub fn manufacturing_share(
    calibration: &Calibration,
    equilibrium: &Equilibrium,
    economy: usize,
) -> Option<f64> {
    let d = calibration.dimensions;
    let (mut part, mut whole, mut any) = (0.0, 0.0, false);
    for (s, sector) in calibration.benchmark.sectors.iter().enumerate() {
        let pair = d.pair(economy, s);
        let value_added = calibration.technology.value_added_share[pair] * equilibrium.output[pair];
        whole += value_added;
        if sector.kind == SectorKind::Manufacturing {
            any = true;
            part += value_added;
        }
    }
    if any { ratio(part, whole) } else { None }
}
