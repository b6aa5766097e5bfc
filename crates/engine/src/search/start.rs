//! Where a solve or a linearisation starts that has a solution to start from.

use super::active_set::read_sides;
use super::buffers::Workspace;
use super::residual::evaluate;
use crate::equations::layout::Layout;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::calibration::Calibration;

/// A workspace that stands at a solution, its sweep evaluated and its limits on their sides.
pub(crate) fn at(calibration: &Calibration, solved: &Equilibrium) -> Result<Workspace, EngineError> {
    let mut space = Workspace::take(calibration);
    space.costs.fold(calibration, &solved.instruments)?;
    space.start_from_data(calibration);
    let layout = Layout::new(calibration, space.costs.limits.len());
    from_equilibrium(layout, solved, &mut space.z);
    read_sides(&mut space, layout);
    evaluate(calibration, &mut space, false);
    Ok(space)
}

/// Moves the workspace's point to a solution.
pub(crate) fn from_equilibrium(layout: Layout, start: &Equilibrium, z: &mut [f64]) {
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
