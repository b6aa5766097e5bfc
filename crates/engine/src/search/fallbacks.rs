//! Where Newton's method from the data does not arrive: wages by secants, patience, and the long way round.
//!
//! In order: [`approach`](super::wage_secants) brings wages near and Newton is tried from there; then
//! [`patient`](super::damped_newton) is tried from the data; then the instruments are moved from the data to where they shall
//! stand along a [`path`](super::homotopy), each point solved from the two before. All steps together stay within the
//! settings' `max_iterations`.

use super::buffers::Workspace;
use super::damped_newton::Patient;
use super::homotopy::{self, Path};
use super::newton::{Work, again};
use super::residual::evaluate;
use super::wage_secants::{self, Outcome};
use crate::equations::layout::Layout;
use crate::equilibrium::status::Status;
use crate::error::EngineError;
use crate::model::calibration::{Calibration, SolveSettings};
use crate::model::instruments::Instruments;

/// Where Newton is tried again after an approach: trade balances this close, in logarithms.
const NEAR_ENOUGH: f64 = 1e-2;
/// Steps of patience from the data.
const FROM_DATA: usize = 40;
/// Steps of patience at a point of the path.
const ON_THE_WAY: usize = 12;
/// Residual asked of points on the way.
const ROUGH: f64 = 1e-7;

/// Solves from far away where no output acts on prices; with economies of scale see [`entry`](super::scale_continuation).
pub(crate) fn from_far(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Result<Status, EngineError> {
    // Economies of scale can empty a sector, which secants on wages alone do not find.
    let status = by_wages(calibration, settings, space, work);
    if status == Status::Infeasible || status.is_converged() {
        return Ok(status);
    }
    let status = patiently_from_data(calibration, settings, space, work);
    if status.is_converged() {
        return Ok(status);
    }
    along_path(calibration, instruments, settings, space, work)
}

/// Wages brought near by secants, and Newton from there.
fn by_wages(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    for goal in [NEAR_ENOUGH, settings.tolerance] {
        space.start_from_data(calibration);
        let approach = wage_secants::approach(calibration, space, goal, work.left(settings));
        work.evaluations += approach.sweeps;
        work.iterations += approach.steps;
        match approach.outcome {
            Outcome::Infeasible => return Status::Infeasible,
            Outcome::Lost => break,
            Outcome::Near => {
                let status = again(calibration, settings, space, work);
                if status.is_converged() {
                    return status;
                }
            }
        }
    }
    Status::Stalled
}

/// Patience from the data.
pub(crate) fn patiently_from_data(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    space.start_from_data(calibration);
    let steps = FROM_DATA.min(work.left(settings));
    Patient::default().solve(calibration, settings.tolerance, steps, space, work)
}

/// The instruments moved from the data to where they shall stand.
pub(crate) fn along_path(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Result<Status, EngineError> {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let mut path = Path::new(layout, space.costs.deficit.clone());
    space.start_from_data(calibration);
    path.reached(0.0, &space.z);
    let mut patient = Patient::default();
    while work.left(settings) > 0 {
        let Some(next) = path.next(&mut space.z) else { break };
        space.costs.fold(calibration, &homotopy::at(calibration, instruments, path.target(), next))?;
        let kept = space.z.clone();
        space.start_from_data(calibration);
        space.z.clone_from(&kept);
        let tolerance = if next == 1.0 { settings.tolerance } else { ROUGH.max(settings.tolerance) };
        let before = work.iterations;
        let status = patient.solve(calibration, tolerance, ON_THE_WAY.min(work.left(settings)), space, work);
        if status.is_converged() {
            if next == 1.0 {
                return Ok(status);
            }
            path.reached(next, &space.z);
            path.lengthen(work.iterations - before);
        } else {
            path.shorten();
        }
    }
    // The point that stands is judged by the instruments asked for, however badly it fits them.
    space.costs.fold(calibration, instruments)?;
    evaluate(calibration, space, false);
    Ok(if work.left(settings) == 0 { Status::IterationLimit } else { Status::Stalled })
}
