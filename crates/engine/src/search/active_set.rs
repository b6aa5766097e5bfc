//! Which limits bind: sides are read off a solution and the model is solved again, until none changes.

use super::buffers::Buffers;
use super::damped_newton::DampedNewton;
use super::entry_dynamics;
use super::newton::WorkCount;
use super::scale_continuation;
use super::solver::Solver;
use super::status::Status;
use crate::equations::layout::Layout;
use crate::equations::limit::Side;
use crate::equilibrium::route::Branch;
use crate::model::calibration::SolveSettings;

/// From a solution with each limit on its present side to one where every limit is where it belongs.
pub(crate) fn settle(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    for _ in 0..10 * layout.limits {
        if !change_sides(buffers, layout) {
            return Status::Converged;
        }
        let status = if solver.technology.has_scale() {
            bring_in_with_scale(solver, settings, buffers, work)
        } else {
            bring_in(solver, settings, buffers, work)
        };
        if !status.is_converged() {
            return status;
        }
    }
    Status::IterationLimit
}

/// Solves with every limit on its side: flows brought to their limits, or else wedges raised.
fn bring_in(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let (kept, sides) = (buffers.z.clone(), buffers.point.sides.clone());
    let status = close_in(solver, settings, buffers, work);
    if status != Status::Stalled {
        return work.by(Branch::LimitFlows, status);
    }
    buffers.z.clone_from(&kept);
    buffers.point.sides.clone_from(&sides);
    by_wedges(solver, settings, buffers, work)
}

/// The same under economies of scale. What a limit takes from a sector may empty it: where a few steps do not do, first at the scales that there
/// are, which then move.
fn bring_in_with_scale(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let (kept, sides) = (buffers.z.clone(), buffers.point.sides.clone());
    let few = settings.max_iterations.min(work.iterations + FIRST_STEPS);
    let first = SolveSettings { max_iterations: few, ..settings.clone() };
    let status = close_in(solver, &first, buffers, work);
    if status.is_converged() {
        return work.by(Branch::LimitFlows, status);
    }
    buffers.z.clone_from(&kept);
    buffers.point.sides.clone_from(&sides);
    let scale = entry_dynamics::scales(solver, 1.0, buffers);
    let held = entry_dynamics::held_at(solver, &scale, buffers);
    let status = bring_in(&held, settings, buffers, work);
    buffers.point.costs.log_scale.clear();
    if !status.is_converged() {
        return status;
    }
    scale_continuation::move_on(solver, scale, settings, buffers, work)
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
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let start: Vec<f64> = buffers
        .point
        .costs
        .limits
        .iter()
        .enumerate()
        .map(|(k, limit)| match buffers.point.sides[k] {
            Side::Free => 0.0,
            Side::AtMin => buffers.point.sweep.log_limited[k] - limit.log_min,
            Side::AtMax => buffers.point.sweep.log_limited[k] - limit.log_max,
        })
        .collect();
    let longest = start.iter().fold(0.0_f64, |m, slack| m.max(slack.abs()));
    let rough = settings.tolerance.max(1e-6);
    let mut damped = DampedNewton::default();
    let (mut done, mut step) = (0.0, (LONGEST_LIMIT_STEP / longest).min(1.0));
    loop {
        let next = if done + 1.01 * step >= 1.0 { 1.0 } else { done + step };
        for (limit, slack) in buffers.point.costs.limits.iter_mut().zip(&start) {
            limit.slack = slack * (1.0 - next);
        }
        let kept = buffers.z.clone();
        let tolerance = if next == 1.0 { settings.tolerance } else { rough };
        let left = work.left(settings);
        if left == 0 {
            return Status::IterationLimit;
        }
        let status = damped.solve(solver, tolerance, STEPS.min(left), buffers, work);
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
            buffers.z.copy_from_slice(&kept);
        }
    }
}

/// Rounds of wedges before giving up.
const ROUNDS: usize = 150;

/// Where flows do not answer: a supplier without rivals in sight keeps its whole market until the wedge has reached the next
/// one, and Newton sees no slope. Wedges are raised in even steps, each solved from the last, until flows have come to their
/// limits; from there Newton finds them.
fn by_wedges(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let sides = buffers.point.sides.clone();
    let mut damped = DampedNewton::default();
    buffers.point.sides.fill(Side::Free);
    let mut wedges = vec![0.0; sides.len()];
    for _ in 0..ROUNDS {
        if work.left(settings) == 0 {
            return Status::IterationLimit;
        }
        for (limit, wedge) in buffers.point.costs.limits.iter_mut().zip(&wedges) {
            limit.slack = *wedge;
        }
        let rough = settings.tolerance.max(1e-6);
        if !damped.solve(solver, rough, STEPS.min(work.left(settings)), buffers, work).is_converged() {
            break;
        }
        let mut beyond = false;
        for (k, limit) in buffers.point.costs.limits.iter().enumerate() {
            let power = limit.cells.iter().map(|cell| cell.power).fold(1.0, f64::max);
            let over = match sides[k] {
                Side::Free => 0.0,
                Side::AtMin => (limit.log_min - buffers.point.sweep.log_limited[k]).max(0.0),
                Side::AtMax => (buffers.point.sweep.log_limited[k] - limit.log_max).max(0.0),
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
    for limit in &mut buffers.point.costs.limits {
        limit.slack = 0.0;
    }
    buffers.point.sides = sides;
    let steps = (2 * STEPS).min(work.left(settings));
    let status = damped.solve(solver, settings.tolerance, steps, buffers, work);
    work.by(Branch::LimitWedges, status)
}

/// Sides of the limits as a starting point's wedges say.
pub(crate) fn read_sides(buffers: &mut Buffers, layout: Layout) {
    let z = layout.split(&buffers.z);
    for (side, wedge) in buffers.point.sides.iter_mut().zip(z.limit) {
        *side = match wedge {
            wedge if *wedge > 0.0 => Side::AtMax,
            wedge if *wedge < 0.0 => Side::AtMin,
            _ => Side::Free,
        };
    }
}

/// Moves every limit to the side that the solution calls for; whether any moved.
fn change_sides(buffers: &mut Buffers, layout: Layout) -> bool {
    let z = layout.split(&buffers.z);
    let mut changed = false;
    for (k, limit) in buffers.point.costs.limits.iter().enumerate() {
        let mut side = limit.side(buffers.point.sweep.log_limited[k], z.limit[k]);
        if side == Side::Free && buffers.point.sides[k] == Side::AtMax && z.limit[k] >= 0.0 {
            side = Side::AtMax;
        }
        if side == Side::Free && buffers.point.sides[k] == Side::AtMin && z.limit[k] <= 0.0 {
            side = Side::AtMin;
        }
        changed |= side != buffers.point.sides[k];
        buffers.point.sides[k] = side;
    }
    // Where no limit holds there is no wedge, not even one of rounding's.
    for (wedge, side) in layout.split_mut(&mut buffers.z).limit.iter_mut().zip(&buffers.point.sides) {
        if *side == Side::Free {
            *wedge = 0.0;
        }
    }
    changed
}
