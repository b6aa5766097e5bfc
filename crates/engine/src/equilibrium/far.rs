//! Where Newton's method from the data does not arrive: wages by secants, patience, and the long way round.
//!
//! In order: [`approach`](super::approach) brings wages near and Newton is tried from there; then
//! [`patient`](super::patient) is tried from the data; then the instruments are moved from the data to where they shall
//! stand along a [`path`](super::path), each point solved from the two before. All steps together stay within the
//! settings' `max_iterations`.

use super::approach::{self, Outcome};
use super::entry::{by_scale, has_scale};
use super::layout::Layout;
use super::newton::{Work, again, evaluate};
use super::path::{self, Path};
use super::patient::Patient;
use super::status::Status;
use super::workspace::Workspace;
use crate::calibration::{Calibration, SolveSettings};
use crate::error::EngineError;
use crate::instruments::Instruments;

/// Where Newton is tried again after an approach: trade balances this close, in logarithms.
const NEAR_ENOUGH: f64 = 1e-2;
/// Steps of patience from the data.
const FROM_DATA: usize = 40;
/// Steps of patience at a point of the path.
const ON_THE_WAY: usize = 12;
/// Residual asked of points on the way.
const ROUGH: f64 = 1e-7;

/// Solves from far away.
pub(super) fn from_far(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Result<Status, EngineError> {
    let left = |work: &Work| settings.max_iterations.saturating_sub(work.iterations);
    let scale = has_scale(calibration);
    // Economies of scale can empty a sector, which secants on wages alone do not find.
    for goal in [NEAR_ENOUGH, settings.tolerance].into_iter().filter(|_| !scale) {
        space.start_from_data(calibration);
        let approach = approach::approach(calibration, space, goal, left(work));
        work.evaluations += approach.sweeps;
        work.iterations += approach.steps;
        match approach.outcome {
            Outcome::Infeasible => return Ok(Status::Infeasible),
            Outcome::Lost => break,
            Outcome::Near => {
                let status = again(calibration, settings, space, work);
                if status.is_converged() {
                    return Ok(status);
                }
            }
        }
    }
    let mut patient = Patient::default();
    space.start_from_data(calibration);
    let status = patient.solve(calibration, settings.tolerance, FROM_DATA.min(left(work)), space, work);
    if status.is_converged() {
        return Ok(status);
    }
    if scale {
        let status = by_scale(calibration, instruments, settings, space, work)?;
        if status.is_converged() {
            return Ok(status);
        }
    }
    let layout = Layout::new(calibration, space.costs.limits.len());
    let mut path = Path::new(layout, space.costs.deficit.clone());
    space.start_from_data(calibration);
    path.reached(0.0, &space.z);
    let mut patient = Patient::default();
    while left(work) > 0 {
        let Some(next) = path.next(&mut space.z) else { break };
        space.costs.fold(calibration, &path::at(calibration, instruments, path.target(), next))?;
        let kept = space.z.clone();
        space.start_from_data(calibration);
        space.z.clone_from(&kept);
        let tolerance = if next == 1.0 { settings.tolerance } else { ROUGH.max(settings.tolerance) };
        let before = work.iterations;
        let status = patient.solve(calibration, tolerance, ON_THE_WAY.min(left(work)), space, work);
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
    Ok(if left(work) == 0 { Status::IterationLimit } else { Status::Stalled })
}
