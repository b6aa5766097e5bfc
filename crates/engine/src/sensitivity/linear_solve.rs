//! One solve with the model's derivative at the point of a search's buffers.

use crate::linear::krylov::Outcome;
use crate::model::calibration::Calibration;
use crate::search::buffers::Buffers;
use crate::search::solver::Solver;

/// `x = J⁻¹ right` of the first solver, preconditioned with what the second keeps: to a relative residual, in at most `limit`
/// directions.
pub(crate) fn solve(
    calibration: &Calibration,
    known: &Solver,
    buffers: &mut Buffers,
    right: &[f64],
    x: &mut [f64],
    tolerance: f64,
    limit: usize,
) -> Outcome {
    let Buffers { point, forward, preconditioning, gmres, .. } = buffers;
    let at = point.linearisation(calibration);
    let preconditioner = known.preconditioner_at_data();
    gmres.solve(right, x, tolerance, limit, |v, x, y| match preconditioner {
        Some(preconditioner) => preconditioner.apply(&at, v, x, y, preconditioning, forward),
        None => {
            x.copy_from_slice(v);
            at.apply(x, y, forward);
        }
    })
}
