//! One solve with the model's derivative at a workspace's point.

use super::krylov::Outcome;
use super::linearisation::Linearisation;
use super::preconditioner::Preconditioner;
use super::workspace::Workspace;
use crate::calibration::Calibration;

/// `x = J⁻¹ right` of the first calibration, preconditioned with what the second keeps: to a relative residual, in at most `limit`
/// directions.
pub(super) fn solve(
    [calibration, known]: [&Calibration; 2],
    space: &mut Workspace,
    right: &[f64],
    x: &mut [f64],
    tolerance: f64,
    limit: usize,
) -> Outcome {
    let Workspace { costs, sweep, income_scale, output_scale, sides, scratch, work, gmres, .. } = space;
    let at = Linearisation { calibration, costs, sweep, income_scale, output_scale, sides };
    let preconditioner = Preconditioner::of_calibration(known);
    gmres.solve(right, x, tolerance, limit, |v, x, y| match preconditioner {
        Some(preconditioner) => preconditioner.apply(&at, v, x, y, work, scratch),
        None => {
            x.copy_from_slice(v);
            at.apply(x, y, scratch);
        }
    })
}
