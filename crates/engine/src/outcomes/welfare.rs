//! Exact welfare: equivalent variation, net of the disutility of work where hours respond.
//!
//! With fixed labour it is real income. With elastic hours (no income effect, `L̂ = (net ŵ / P̂)^φ`) utility is real
//! spending less the disutility of work, and the base of the change is a setting:
//!
//! ```text
//! income:   (I'/P̂ − I) / I − φ/(1+φ) · (Y/I) (ĥ^(1+1/φ) − 1)
//! utility:  (I'/P̂ − k Y'/P̂) / (I − k Y) − 1,      k = φ/(1+φ) · (1−τ')
//! ```
//!
//! I is final spending, Y labour income, ĥ hours, and τ the share of labour income that tariff revenue takes off the
//! tax on labour (zero where it does not). The second is the formula of Ignatenko, Lashkaripour, Macedoni & Simonovska
//! (2025), who value work in both equilibria at the tax of the counterfactual.

use crate::equilibrium::Equilibrium;
use crate::model::calibration::Calibration;
use crate::model::closure::{Revenue, WelfareBase};

/// Welfare change of an economy, percent; `price` is its price index in the counterfactual over the baseline's.
pub(super) fn welfare_pct(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
    economy: usize,
    price: f64,
) -> Option<f64> {
    // Revenue that is wasted is spent, but on nothing that anybody enjoys.
    let enjoyed = |e: &Equilibrium| match calibration.closure.revenue {
        Revenue::Wasted => e.income[economy] - e.tariff_revenue[economy],
        Revenue::Rebated | Revenue::IncomeTaxRelief => e.income[economy],
    };
    let before = enjoyed(baseline);
    let after = enjoyed(counterfactual) / price;
    if !(before > 0.0 && after.is_finite()) {
        return None;
    }
    let elasticity = calibration.technology.hours_elasticity;
    if elasticity == 0.0 {
        return Some(100.0 * (after / before - 1.0));
    }
    let labour_income =
        |e: &Equilibrium| calibration.labour_income[economy] * e.wage_hat[economy] * e.labour_hat[economy];
    let part = elasticity / (1.0 + elasticity);
    let worked = labour_income(baseline);
    match calibration.closure.welfare_base {
        WelfareBase::Utility => {
            let kept = |e: &Equilibrium| {
                let relief = if calibration.technology.tax_relief {
                    e.tariff_revenue[economy] / labour_income(e)
                } else {
                    0.0
                };
                1.0 - relief
            };
            let weight = part * kept(counterfactual) / kept(baseline);
            let utility = after - weight * labour_income(counterfactual) / price;
            Some(100.0 * (utility / (before - weight * worked) - 1.0))
        }
        WelfareBase::Income => {
            let endowment =
                |e: &Equilibrium| e.instruments.endowment_hat.get(economy).copied().unwrap_or(1.0);
            let hours = counterfactual.labour_hat[economy] / baseline.labour_hat[economy]
                * (endowment(baseline) / endowment(counterfactual));
            let effort = part * worked * (hours.powf(1.0 + 1.0 / elasticity) - 1.0);
            Some(100.0 * (after - before - effort) / before)
        }
    }
}
