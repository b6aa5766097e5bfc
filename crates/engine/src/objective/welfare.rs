//! Welfare of one equilibrium against the data, so that its change is the `welfare_pct` of the results.
//!
//! With fixed hours it is real spending `I/P`. With hours that respond (`h` of them per unit of endowment, φ their elasticity, Y
//! labour income, R revenue, a zero for the data), disutility counts as in [`outcomes`](crate::outcomes):
//!
//! ```text
//! income:   W = I/P − φ/(1+φ) · Y⁰ (h^(1+1/φ) − 1)
//! utility:  W = I⁰ (I − k Y)/P / (I⁰ − k Y⁰),      k = φ/(1+φ) · (1−R/Y)/(1−R⁰/Y⁰), taxes only where revenue relieves them
//! ```
//!
//! so that with the data as the baseline `welfare_pct = 100 (W/I⁰ − 1)`.

use crate::derivatives::objective_derivative::Seed;
use crate::equilibrium::Equilibrium;
use crate::model::calibration::Calibration;
use crate::model::closure::{Revenue, WelfareBase};

/// Its parts at an equilibrium.
pub(super) struct Welfare {
    /// Its value.
    pub value: f64,
    /// In spending, revenue and labour income (levels at the numeraire), in the logarithms of the price index and of hours at
    /// given labour income.
    by_income: f64,
    by_revenue: f64,
    by_labour_income: f64,
    by_price_index: f64,
    by_hours: f64,
}

impl Welfare {
    pub fn new(calibration: &Calibration, e: &Equilibrium, economy: usize) -> Self {
        let wasted = calibration.closure.revenue == Revenue::Wasted;
        let price = e.price_index_hat[economy];
        let revenue = e.tariff_revenue[economy];
        let enjoyed = e.income[economy] - if wasted { revenue } else { 0.0 };
        let plain = Self {
            value: enjoyed / price,
            by_income: 1.0 / price,
            by_revenue: if wasted { -1.0 / price } else { 0.0 },
            by_labour_income: 0.0,
            by_price_index: -enjoyed / price,
            by_hours: 0.0,
        };
        let elasticity = calibration.technology.hours_elasticity;
        if elasticity == 0.0 {
            return plain;
        }
        let worked = calibration.labour_income[economy];
        let part = elasticity / (1.0 + elasticity);
        match calibration.closure.welfare_base {
            WelfareBase::Income => {
                let endowment = e.instruments.endowment_hat.get(economy).copied().unwrap_or(1.0);
                let effort = (e.labour_hat[economy] / endowment).powf(1.0 + 1.0 / elasticity);
                Self {
                    value: plain.value - part * worked * (effort - 1.0),
                    by_hours: -worked * effort,
                    ..plain
                }
            }
            WelfareBase::Utility => {
                let relief = calibration.technology.tax_relief;
                let labour_income = worked * e.wage_hat[economy] * e.labour_hat[economy];
                let (tax, tax_before) = if relief {
                    (revenue / labour_income, calibration.tariff_revenue[economy] / worked)
                } else {
                    (0.0, 0.0)
                };
                let before = calibration.income[economy]
                    - if wasted { calibration.tariff_revenue[economy] } else { 0.0 };
                let weight = part * (1.0 - tax) / (1.0 - tax_before);
                let base = before - weight * worked;
                let utility = (enjoyed - weight * labour_income) / price;
                let scale = before / base;
                // d value / d weight, and d weight / d tax.
                let by_weight = scale * (-labour_income / price + utility * worked / base);
                let by_tax = if relief { -by_weight * part / (1.0 - tax_before) } else { 0.0 };
                Self {
                    value: scale * utility,
                    by_income: scale / price,
                    by_revenue: scale * plain.by_revenue + by_tax / labour_income,
                    by_labour_income: -scale * weight / price - by_tax * tax / labour_income,
                    by_price_index: -scale * utility,
                    by_hours: 0.0,
                }
            }
        }
    }

    /// Adds `factor` times its direct derivatives.
    pub fn differentiate(
        &self,
        calibration: &Calibration,
        e: &Equilibrium,
        economy: usize,
        factor: f64,
        seed: &mut Seed,
    ) {
        let scale = factor * e.numeraire_scale;
        seed.income[economy] += scale * self.by_income;
        seed.revenue[economy] += scale * self.by_revenue;
        let labour = factor
            * self.by_labour_income
            * calibration.labour_income[economy]
            * e.wage_hat[economy]
            * e.labour_hat[economy];
        seed.wage[economy] += labour;
        seed.hours[economy] += labour + factor * self.by_hours;
        seed.endowment[economy] -= factor * self.by_hours;
        calibration.seed_price_index(e, economy, factor * self.by_price_index, seed);
    }
}
