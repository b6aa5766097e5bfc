//! Where Newton's method from the data does not arrive: wages by secants, damped Newton, and the shock in parts.
//!
//! In order: [secants](super::wage_secants) bring wages near and Newton is tried from there; then
//! [damped Newton](super::damped_newton) is tried from the data; then the instruments are moved from the data to where they shall
//! stand along a [homotopy](super::homotopy), each point solved from the two before. All steps together stay within the
//! settings' `max_iterations`.

use super::buffers::Buffers;
use super::damped_newton::DampedNewton;
use super::homotopy::{self, Homotopy};
use super::newton::{WorkCount, retry};
use super::residual::evaluate;
use super::solver::Solver;
use super::status::Status;
use super::wage_secants::{self, Outcome};
use crate::equations::layout::Layout;
use crate::equilibrium::route::Branch;
use crate::error::EngineError;
use crate::model::calibration::SolveSettings;
use crate::model::instruments::Instruments;

/// Where Newton is tried again after secants: trade balances this close, in logarithms.
const NEAR_ENOUGH: f64 = 1e-2;
/// Damped steps from the data.
const FROM_DATA: usize = 40;
/// Damped steps at a point of the path.
const ON_THE_WAY: usize = 12;
/// Residual asked of points on the way.
const ROUGH: f64 = 1e-7;

/// Solves from far away where no output acts on prices; with economies of scale see [`scale_continuation`](super::scale_continuation).
pub(crate) fn from_far(
    solver: &Solver,
    instruments: &Instruments,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Result<Status, EngineError> {
    // Economies of scale can empty a sector, which secants on wages alone do not find.
    let status = by_wages(solver, settings, buffers, work);
    if status.is_converged() || matches!(status, Status::PaysMoreThanItEarns(_)) {
        return Ok(work.by(Branch::WageSecants, status));
    }
    let status = damped_from_data(solver, settings, buffers, work);
    if status.is_converged() {
        return Ok(status);
    }
    along_path(solver, instruments, settings, buffers, work)
}

/// Wages brought near by secants, and Newton from there.
fn by_wages(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    for goal in [NEAR_ENOUGH, settings.tolerance] {
        buffers.start_from_data(solver);
        let secants =
            wage_secants::bring_near(solver, buffers, goal, work.left(settings), &work.control.stop);
        work.evaluations += secants.sweeps;
        work.iterations += secants.steps;
        match secants.outcome {
            Outcome::PaysMoreThanItEarns(economy) => return Status::PaysMoreThanItEarns(economy),
            Outcome::Lost => break,
            Outcome::Near => {
                let status = retry(solver, settings, buffers, work);
                if status.is_converged() {
                    return status;
                }
            }
        }
    }
    Status::Stalled
}

/// Damped Newton from the data.
pub(crate) fn damped_from_data(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    buffers.start_from_data(solver);
    let steps = FROM_DATA.min(work.left(settings));
    let status = DampedNewton::default().solve(solver, settings.tolerance, steps, buffers, work);
    work.by(Branch::DampedNewton, status)
}

/// The instruments moved from the data to where they shall stand.
pub(crate) fn along_path(
    solver: &Solver,
    instruments: &Instruments,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Result<Status, EngineError> {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let mut path = Homotopy::new(layout, buffers.point.costs.deficit.clone());
    buffers.start_from_data(solver);
    path.reached(0.0, &buffers.z);
    let mut damped = DampedNewton::default();
    while work.left(settings) > 0 {
        let Some(next) = path.next(&mut buffers.z) else { break };
        buffers.point.costs.fold(solver, &homotopy::at(solver, instruments, path.target(), next))?;
        let kept = buffers.z.clone();
        buffers.start_from_data(solver);
        buffers.z.clone_from(&kept);
        let tolerance = if next == 1.0 { settings.tolerance } else { ROUGH.max(settings.tolerance) };
        let before = work.iterations;
        let status = damped.solve(solver, tolerance, ON_THE_WAY.min(work.left(settings)), buffers, work);
        if status.is_converged() {
            if next == 1.0 {
                return Ok(work.by(Branch::Homotopy, status));
            }
            path.reached(next, &buffers.z);
            path.lengthen(work.iterations - before);
        } else {
            path.shorten();
        }
    }
    // The point that stands is judged by the instruments asked for, however badly it fits them.
    buffers.point.costs.fold(solver, instruments)?;
    evaluate(solver, buffers, false);
    Ok(if work.left(settings) == 0 { Status::IterationLimit } else { Status::Stalled })
}
