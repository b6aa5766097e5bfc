//! Outcomes by economy and sector: the columns of `sectors.csv`.

use super::percent;
use crate::equilibrium::Equilibrium;
use crate::model::calibration::Calibration;

/// One pair's outcomes; percentages are `None` where the baseline has nothing to compare with.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SectorOutcome {
    /// Gross output in value at the numeraire.
    pub output_pct: Option<f64>,
    /// Value added in value at the numeraire; its share of output is constant unless inputs substitute.
    pub value_added_pct: Option<f64>,
    /// Employment.
    pub employment_pct: Option<f64>,
    /// Price index of the sector for its buyers.
    pub price_pct: Option<f64>,
    /// Unit cost.
    pub unit_cost_pct: Option<f64>,
    /// Spending, tariffs included, baseline.
    pub expenditure_before: f64,
    /// Spending, tariffs included, counterfactual.
    pub expenditure_after: f64,
}

pub(super) fn all(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
) -> Vec<SectorOutcome> {
    (0..calibration.dimensions.pairs())
        .map(|pair| {
            let output = percent(counterfactual.output[pair], baseline.output[pair]);
            let value_added = |e: &Equilibrium| e.value_added_share_relative(pair) * e.output[pair];
            let bought = calibration.expenditure[pair] > 0.0;
            let change = |after: &[f64], before: &[f64]| percent(after[pair], before[pair]);
            SectorOutcome {
                output_pct: output,
                value_added_pct: output
                    .and_then(|_| percent(value_added(counterfactual), value_added(baseline))),
                employment_pct: output
                    .and_then(|_| change(&counterfactual.employment_hat, &baseline.employment_hat)),
                price_pct: bought.then(|| change(&counterfactual.price_hat, &baseline.price_hat)).flatten(),
                unit_cost_pct: output
                    .and_then(|_| change(&counterfactual.unit_cost_hat, &baseline.unit_cost_hat)),
                expenditure_before: baseline.expenditure[pair],
                expenditure_after: counterfactual.expenditure[pair],
            }
        })
        .collect()
}
