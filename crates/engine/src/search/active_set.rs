//! Which limits bind: sides are read off a solution and the model is solved again, until none changes.

use super::buffers::Workspace;
use super::damped_newton::Patient;
use super::entry_dynamics;
use super::newton::Work;
use super::scale_continuation;
use crate::equations::layout::Layout;
use crate::equations::limit::Side;
use crate::equilibrium::status::Status;
use crate::model::calibration::{Calibration, SolveSettings};

/// From a solution with each limit on its present side to one where every limit is where it belongs.
pub(crate) fn settle(
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
        let status = if calibration.technology.has_scale() {
            bring_in_with_scale(calibration, settings, space, work)
        } else {
            bring_in(calibration, settings, space, work)
        };
        if !status.is_converged() {
            return status;
        }
    }
    Status::IterationLimit
}

/// Solves with every limit on its side: flows brought to their limits, or else wedges raised.
fn bring_in(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let (kept, sides) = (space.z.clone(), space.sides.clone());
    let status = close_in(calibration, settings, space, work);
    if status != Status::Stalled {
        return status;
    }
    space.z.clone_from(&kept);
    space.sides.clone_from(&sides);
    by_wedges(calibration, settings, space, work)
}

/// The same under economies of scale. What a limit takes from a sector may empty it: where a few steps do not do, first at the scales that there
/// are, which then move.
fn bring_in_with_scale(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let (kept, sides) = (space.z.clone(), space.sides.clone());
    let few = settings.max_iterations.min(work.iterations + FIRST_STEPS);
    let first = SolveSettings { max_iterations: few, ..settings.clone() };
    let status = close_in(calibration, &first, space, work);
    if status.is_converged() {
        return status;
    }
    space.z.clone_from(&kept);
    space.sides.clone_from(&sides);
    let scale = entry_dynamics::scales(calibration, 1.0, space);
    let held = entry_dynamics::held_at(calibration, &scale, space);
    let status = bring_in(&held, settings, space, work);
    space.costs.log_scale.clear();
    if !status.is_converged() {
        return status;
    }
    scale_continuation::move_on(calibration, scale, settings, space, work)
}

/// Newton steps with all scale, before it is held.
const FIRST_STEPS: usize = 100;
/// Longest step of a limited flow towards its limit, in logarithms.
const LONGEST_LIMIT_STEP: f64 = 0.5;
/// Shortest step, as a share of the way, before giving up.
const SHORTEST: f64 = 1e-5;
/// Newton steps at a point of the way.
const STEPS: usize = 15;

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
    let rough = settings.tolerance.max(1e-6);
    let mut patient = Patient::default();
    let (mut done, mut step) = (0.0, (LONGEST_LIMIT_STEP / longest).min(1.0));
    loop {
        let next = if done + 1.01 * step >= 1.0 { 1.0 } else { done + step };
        for (limit, slack) in space.costs.limits.iter_mut().zip(&start) {
            limit.slack = slack * (1.0 - next);
        }
        let kept = space.z.clone();
        let tolerance = if next == 1.0 { settings.tolerance } else { rough };
        let left = work.left(settings);
        if left == 0 {
            return Status::IterationLimit;
        }
        let status = patient.solve(calibration, tolerance, STEPS.min(left), space, work);
        if status.is_converged() {
            if next == 1.0 {
                return status;
            }
            done = next;
            step *= 1.5;
        } else {
            if step < SHORTEST {
                return status;
            }
            step *= 0.3;
            space.z.copy_from_slice(&kept);
        }
    }
}

/// Rounds of wedges before giving up.
const ROUNDS: usize = 150;

/// Where flows do not answer: a supplier without rivals in sight keeps its whole market until the wedge has reached the next
/// one, and Newton sees no slope. Wedges are raised in even steps, each solved from the last, until flows have come to their
/// limits; from there Newton finds them.
fn by_wedges(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let sides = space.sides.clone();
    let mut patient = Patient::default();
    space.sides.fill(Side::Free);
    let mut wedges = vec![0.0; sides.len()];
    for _ in 0..ROUNDS {
        if work.left(settings) == 0 {
            return Status::IterationLimit;
        }
        for (limit, wedge) in space.costs.limits.iter_mut().zip(&wedges) {
            limit.slack = *wedge;
        }
        let rough = settings.tolerance.max(1e-6);
        if !patient.solve(calibration, rough, STEPS.min(work.left(settings)), space, work).is_converged() {
            break;
        }
        let mut beyond = false;
        for (k, limit) in space.costs.limits.iter().enumerate() {
            let power = limit.cells.iter().map(|cell| cell.power).fold(1.0, f64::max);
            let over = match sides[k] {
                Side::Free => 0.0,
                Side::AtMin => (limit.log_min - space.sweep.log_limited[k]).max(0.0),
                Side::AtMax => (space.sweep.log_limited[k] - limit.log_max).max(0.0),
            };
            if over > 0.0 {
                beyond = true;
                let step = if sides[k] == Side::AtMax { 0.7 } else { -0.7 };
                wedges[k] += step / power;
            }
        }
        if !beyond {
            break;
        }
    }
    for limit in &mut space.costs.limits {
        limit.slack = 0.0;
    }
    space.sides = sides;
    patient.solve(calibration, settings.tolerance, (2 * STEPS).min(work.left(settings)), space, work)
}

/// Sides of the limits as a starting point's wedges say.
pub(crate) fn read_sides(space: &mut Workspace, layout: Layout) {
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
    // Where no limit holds there is no wedge, not even one of rounding's.
    for (wedge, side) in layout.split_mut(&mut space.z).limit.iter_mut().zip(&space.sides) {
        if *side == Side::Free {
            *wedge = 0.0;
        }
    }
    changed
}
