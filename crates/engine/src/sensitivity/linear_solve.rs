//! One solve with the model's derivative at a workspace's point.

use crate::derivatives::linearisation::Linearisation;
use crate::derivatives::preconditioner::Preconditioner;
use crate::linear::krylov::Outcome;
use crate::model::calibration::Calibration;
use crate::search::buffers::Workspace;

/// `x = J⁻¹ right` of the first calibration, preconditioned with what the second keeps: to a relative residual, in at most `limit`
/// directions.
pub(crate) fn solve(
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
