//! The equations at a point, and how far they are from holding.
//!
//! The factor-market equations are trade balances, `ln uses − ln sources + ln(Σ factor income / Σ of the data)`. By Walras'
//! law one of them follows from the rest; adding the numeraire's equation to all of them removes the indeterminacy without
//! singling one out, since the imbalances sum to zero only where the numeraire holds.

use super::buffers::{Buffers, Point};
use crate::equations::layout::Layout;
use crate::model::calibration::Calibration;

/// Outputs below this share of their mean are judged against it.
pub(crate) const FLOOR: f64 = 1e-9;

/// Evaluates the model at `z` (in the buffers) and writes the residuals; returns the largest.
pub(crate) fn evaluate(calibration: &Calibration, buffers: &mut Buffers, trial: bool) -> f64 {
    let Buffers { point, z, trial: tried, residual, .. } = buffers;
    let Point { costs, sweep, income_scale, output_scale, sides } = point;
    let z: &[f64] = if trial { tried } else { z };
    sweep.evaluate(calibration, costs, z);
    let layout = Layout::new(calibration, costs.limits.len());
    let z = layout.split(z);
    let r = layout.split_mut(residual);
    let mean = mean(z.output);
    let mut largest = 0.0_f64;
    for pair in 0..layout.pairs {
        output_scale[pair] = z.output[pair].abs().max(FLOOR * mean);
        r.output[pair] = (z.output[pair] - sweep.sales[pair]) / output_scale[pair];
        r.price[pair] = z.price[pair] - sweep.log_price[pair];
        largest = worse(worse(largest, r.output[pair]), r.price[pair]);
    }
    for i in 0..layout.n {
        income_scale[i] = z.income[i];
        let bloc = calibration.bloc[i];
        r.wage[i] = balance(sweep.uses[i], sweep.sources[i])
            + (sweep.bloc_income[bloc] / calibration.bloc_income[bloc]).ln();
        r.hours[i] = z.hours[i] - sweep.log_hours[i];
        r.income[i] = (z.income[i] - sweep.budget[i]) / z.income[i];
        largest = worse(worse(worse(largest, r.wage[i]), r.income[i]), r.hours[i]);
    }
    for (k, limit) in costs.limits.iter().enumerate() {
        r.limit[k] = limit.residual(sides[k], sweep.log_limited[k], z.limit[k]);
        largest = worse(largest, r.limit[k]);
    }
    largest
}

/// `ln uses − ln sources`; nothing where an economy neither pays nor receives.
pub(crate) fn balance(uses: f64, sources: f64) -> f64 {
    if uses == 0.0 && sources == 0.0 { 0.0 } else { uses.ln() - sources.ln() }
}

/// The larger in absolute value, where not a number is the largest of all.
pub(crate) fn worse(largest: f64, value: f64) -> f64 {
    let value = value.abs();
    if value.is_nan() { f64::INFINITY } else { largest.max(value) }
}

/// The mean, which outputs are judged against.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub(crate) fn norm(x: &[f64]) -> f64 {
    crate::linear::kernel::dot(x, x).sqrt()
}
