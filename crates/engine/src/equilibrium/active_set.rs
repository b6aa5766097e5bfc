//! Which limits bind: sides are read off a solution and the model is solved again, until none changes.

use super::layout::Layout;
use super::limit::Side;
use super::newton::{Work, again};
use super::status::Status;
use super::workspace::Workspace;
use crate::calibration::{Calibration, SolveSettings};

/// From a solution with each limit on its present side to one where every limit is where it belongs.
pub(super) fn settle(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let layout = Layout::new(calibration, space.costs.limits.len());
    for _ in 0..10 * layout.limits {
        if !change_sides(space, layout) {
            return Status::Converged;
        }
        let status = close_in(calibration, settings, space, work);
        if !status.is_converged() {
            return status;
        }
    }
    Status::IterationLimit
}

/// Longest step of a limited flow towards its limit, in logarithms.
const LONGEST_LIMIT_STEP: f64 = 0.3;

/// Solves with every limit on its side, flows brought to their limits in steps that Newton can follow.
fn close_in(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let start: Vec<f64> = space
        .costs
        .limits
        .iter()
        .enumerate()
        .map(|(k, limit)| match space.sides[k] {
            Side::Free => 0.0,
            Side::AtMin => space.sweep.log_limited[k] - limit.log_min,
            Side::AtMax => space.sweep.log_limited[k] - limit.log_max,
        })
        .collect();
    let longest = start.iter().fold(0.0_f64, |m, slack| m.max(slack.abs()));
    let rough = SolveSettings { tolerance: 1e-6, ..settings.clone() };
    let (mut done, mut step) = (0.0, (LONGEST_LIMIT_STEP / longest).min(1.0));
    loop {
        let next = (done + step).min(1.0);
        for (limit, slack) in space.costs.limits.iter_mut().zip(&start) {
            limit.slack = slack * (1.0 - next);
        }
        let kept = space.z.clone();
        let last = next == 1.0;
        let status = again(calibration, if last { settings } else { &rough }, space, work);
        match status {
            Status::Converged if last => return status,
            Status::Converged => done = next,
            _ if step < 0.01 => return Status::Infeasible,
            _ => {
                step *= 0.5;
                space.z.copy_from_slice(&kept);
            }
        }
    }
}

/// Sides of the limits as a starting point's wedges say.
pub(super) fn read_sides(space: &mut Workspace, layout: Layout) {
    let z = layout.split(&space.z);
    for (side, wedge) in space.sides.iter_mut().zip(z.limit) {
        *side = match wedge {
            wedge if *wedge > 0.0 => Side::AtMax,
            wedge if *wedge < 0.0 => Side::AtMin,
            _ => Side::Free,
        };
    }
}

/// Moves every limit to the side that the solution calls for; whether any moved.
fn change_sides(space: &mut Workspace, layout: Layout) -> bool {
    let z = layout.split(&space.z);
    let mut changed = false;
    for (k, limit) in space.costs.limits.iter().enumerate() {
        let mut side = limit.side(space.sweep.log_limited[k], z.limit[k]);
        if side == Side::Free && space.sides[k] == Side::AtMax && z.limit[k] >= 0.0 {
            side = Side::AtMax;
        }
        if side == Side::Free && space.sides[k] == Side::AtMin && z.limit[k] <= 0.0 {
            side = Side::AtMin;
        }
        changed |= side != space.sides[k];
        space.sides[k] = side;
    }
    changed
}
