//! Where a solve or a linearisation starts that has a solution to start from.

use super::Equilibrium;
use super::layout::Layout;

/// Moves the workspace's point to a solution.
pub(super) fn from_equilibrium(layout: Layout, start: &Equilibrium, z: &mut [f64]) {
    let z = layout.split_mut(z);
    let scale = start.numeraire_scale;
    let logarithms = |target: &mut [f64], hats: &[f64], scale: f64| {
        for (target, hat) in target.iter_mut().zip(hats) {
            *target = (hat / scale).ln();
        }
    };
    let levels = |target: &mut [f64], values: &[f64]| {
        for (target, value) in target.iter_mut().zip(values) {
            *target = value / scale;
        }
    };
    logarithms(z.wage, &start.wage_hat, scale);
    logarithms(z.hours, &start.labour_hat, 1.0);
    logarithms(z.price, &start.price_hat, scale);
    levels(z.income, &start.income);
    levels(z.output, &start.output);
    z.limit.copy_from_slice(&start.log_wedge);
}
