//! The few outcomes that a band follows through every draw, for every economy, without the tables behind them.

use super::row::EconomyOutcome;
use super::welfare::welfare_pct;
use super::{percent, ratio};
use crate::equilibrium::Equilibrium;
use crate::model::benchmark::SectorKind;
use crate::model::calibration::Calibration;

/// Headlines of every economy, in the benchmark's order: two solved equilibria of one calibration. What would need the tables of trade or the
/// decomposition is none.
pub fn headlines(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
) -> Vec<EconomyOutcome> {
    (0..calibration.dimensions.economies)
        .map(|economy| headline(calibration, baseline, counterfactual, economy))
        .collect()
}

pub(super) fn headline(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
    economy: usize,
) -> EconomyOutcome {
    let price = counterfactual.price_index_hat[economy] / baseline.price_index_hat[economy];
    let wage = counterfactual.wage_hat[economy] / baseline.wage_hat[economy];
    EconomyOutcome {
        welfare_pct: welfare_pct(calibration, baseline, counterfactual, economy, price),
        real_wage_pct: percent(wage / price, 1.0),
        wage_pct: percent(wage, 1.0),
        price_index_pct: percent(price, 1.0),
        manufacturing_share_before: manufacturing_share(calibration, baseline, economy),
        manufacturing_share: manufacturing_share(calibration, counterfactual, economy),
        income_before: Some(baseline.income[economy]),
        income_after: Some(counterfactual.income[economy]),
        tariff_revenue_before: Some(baseline.tariff_revenue[economy]),
        tariff_revenue: Some(counterfactual.tariff_revenue[economy]),
        deficit_before: Some(baseline.trade_deficit[economy]),
        deficit: Some(counterfactual.trade_deficit[economy]),
        ..EconomyOutcome::default()
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
        let value_added = calibration.value_added_share_at(equilibrium, pair) * equilibrium.output[pair];
        whole += value_added;
        if sector.kind == SectorKind::Manufacturing {
            any = true;
            part += value_added;
        }
    }
    if any { ratio(part, whole) } else { None }
}
