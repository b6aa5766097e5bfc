//! Free entry from far away: economies of scale turned up from nothing.
//!
//! Without scale the model is one of perfect competition, which wages and trade balances find. With `ε = ψθ` short of one every
//! output is a power `1/(1−ε)` of what it would sell, so that sectors that lose shrink smoothly; at one they are gone. Turning
//! scale up in even steps of the logarithm of what is missing (as interior-point methods do) therefore meets no corner on the
//! way: it arrives with the losers already too small to count, and they are then taken to be empty. That entry does not pay
//! there is checked at the end, see [`corners`].

use super::buffers::Buffers;
use super::damped_newton::DampedNewton;
use super::entry_dynamics;
use super::fallbacks;
use super::newton::WorkCount;
use super::residual::{FLOOR, evaluate, mean};
use super::solver::Solver;
use super::status::Status;
use crate::equations::layout::Layout;
use crate::equilibrium::certificate::Corners;
use crate::equilibrium::route::Branch;
use crate::error::EngineError;
use crate::model::calibration::SolveSettings;
use crate::model::instruments::Instruments;

/// What is missing of scale is divided by this at first.
const FIRST: f64 = 2.0;
/// And by no more than this.
const LARGEST: f64 = 16.0;
/// And by no less.
const SMALLEST: f64 = 1.02;
/// Scale this close to its full measure is full.
const NOTHING: f64 = 1e-4;
/// Newton steps at each scale.
const STEPS: usize = 14;
/// And at full scale, where sectors still empty.
const LAST_STEPS: usize = 60;
/// Steps of sectors on the move from one equilibrium to another.
const MOVES: usize = 300;
/// Longest and shortest part of the way from perfect competition.
const LONGEST_PART: f64 = 0.25;
const SHORTEST_PART: f64 = 1e-3;
/// Rounds of firms coming back that are first tried by Newton's method.
const TRIED: usize = 4;
/// Residual asked of points on the way.
const ROUGH: f64 = 1e-6;
/// An output at which a sector is taken to be empty, as a share of the mean.
const EMPTY: f64 = 1e-30;

/// Solves from far away where outputs act on prices: damped Newton, then scale turned up, then the shock in parts.
pub(crate) fn from_far(
    solver: &Solver,
    instruments: &Instruments,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Result<Status, EngineError> {
    let status = fallbacks::damped_from_data(solver, settings, buffers, work);
    if status.is_converged() {
        return Ok(status);
    }
    let known = work.route.branches().len();
    let status = by_scale(solver, instruments, settings, buffers, work)?;
    if status.is_converged() {
        return Ok(status);
    }
    work.route.truncate(known);
    fallbacks::along_path(solver, instruments, settings, buffers, work)
}

/// Solves by turning scale up.
pub(crate) fn by_scale(
    solver: &Solver,
    instruments: &Instruments,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Result<Status, EngineError> {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let mut damped = DampedNewton::default();
    {
        let none = solver.part(solver.with_scale(0.0));
        buffers.start_from_data(&none);
        let rough = SolveSettings { tolerance: ROUGH.max(settings.tolerance), ..settings.clone() };
        let steps = (2 * STEPS).min(work.left(settings));
        let mut status = damped.solve(&none, rough.tolerance, steps, buffers, work);
        status = work.by(Branch::DampedNewton, status);
        if !status.is_converged() {
            status = fallbacks::from_far(&none, instruments, &rough, buffers, work)?;
        }
        if !status.is_converged() {
            status = from_perfect(solver, instruments, &rough, buffers, work)?;
        }
        if !status.is_converged() {
            return Ok(status);
        }
    }
    let mut here = (1.0_f64, buffers.z.clone());
    let mut before: Option<(f64, Vec<f64>)> = None;
    let mut divisor = FIRST;
    loop {
        if work.left(settings) == 0 {
            return Ok(Status::IterationLimit);
        }
        let missing = if here.0 / divisor < NOTHING { 0.0 } else { here.0 / divisor };
        buffers.z.clone_from(&here.1);
        extrapolate(layout, &mut buffers.z, missing, &here, before.as_ref());
        let partly;
        let at = if missing == 0.0 {
            clear_out(solver, layout, buffers);
            solver
        } else {
            partly = solver.part(solver.with_scale(1.0 - missing));
            &partly
        };
        let tolerance = if missing == 0.0 { settings.tolerance } else { ROUGH.max(settings.tolerance) };
        let taken = work.iterations;
        let status = damped.solve(at, tolerance, STEPS.min(work.left(settings)), buffers, work);
        if status.is_converged() {
            if missing == 0.0 {
                return Ok(work.by(Branch::ScaleContinuation, status));
            }
            before = Some(std::mem::replace(&mut here, (missing, buffers.z.clone())));
            if work.iterations - taken <= 4 {
                divisor = (divisor * divisor).min(LARGEST);
            }
        } else {
            divisor = divisor.sqrt();
            if divisor < SMALLEST {
                // The equilibrium that was followed ends here: let sectors move to another, at full scale.
                buffers.z.clone_from(&here.1);
                let scale = entry_dynamics::scales(solver, 1.0 - here.0, buffers);
                return Ok(move_on(solver, scale, settings, buffers, work));
            }
        }
    }
}

/// Solves without scale from perfect competition, the market structure turned up.
fn from_perfect(
    solver: &Solver,
    instruments: &Instruments,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Result<Status, EngineError> {
    let perfect = solver.part(solver.with_structure(0.0));
    buffers.point.costs.fold(&perfect, instruments)?;
    let mut status = fallbacks::from_far(&perfect, instruments, settings, buffers, work)?;
    let (mut here, mut step) = (0.0, LONGEST_PART);
    while status.is_converged() && here < 1.0 {
        let next = f64::min(here + step, 1.0);
        let partly = solver.part(solver.with_structure(next));
        buffers.point.costs.fold(&partly, instruments)?;
        let kept = buffers.z.clone();
        let mut damped = DampedNewton::default();
        if damped
            .solve(&partly, settings.tolerance, STEPS.min(work.left(settings)), buffers, work)
            .is_converged()
        {
            here = next;
            step = f64::min(2.0 * step, LONGEST_PART);
        } else {
            buffers.z = kept;
            step *= 0.5;
            if step < SHORTEST_PART {
                status = Status::Stalled;
            }
        }
    }
    buffers.point.costs.fold(solver, instruments)?;
    evaluate(solver, buffers, false);
    Ok(work.by(Branch::StructureContinuation, status))
}

/// Lets sectors move to an equilibrium from these [scales](entry_dynamics::scales), those that end with nothing taken to be empty.
pub(crate) fn move_on(
    solver: &Solver,
    scale: Vec<f64>,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let held = entry_dynamics::evolve(solver, scale, settings, MOVES, buffers, work);
    let output = layout.split_mut(&mut buffers.z).output;
    let mean = mean(output);
    for (output, _) in output.iter_mut().zip(&held).filter(|(_, held)| **held) {
        *output = EMPTY * mean;
    }
    let kept = buffers.z.clone();
    let mut damped = DampedNewton::from_nothing();
    let status = damped.solve(solver, settings.tolerance, LAST_STEPS.min(work.left(settings)), buffers, work);
    if status.is_converged() {
        return work.by(Branch::EntryDynamics, status);
    }
    buffers.z = kept;
    let steps = LAST_STEPS.min(work.left(settings));
    let status = DampedNewton::default().solve(solver, settings.tolerance, steps, buffers, work);
    work.by(Branch::EntryDynamics, status)
}

/// Outputs that vanish do so as powers of one over what is missing of scale.
fn extrapolate(
    layout: Layout,
    z: &mut [f64],
    missing: f64,
    here: &(f64, Vec<f64>),
    before: Option<&(f64, Vec<f64>)>,
) {
    let Some(before) = before else { return };
    let ratio = (1.0 / missing.max(NOTHING) - 1.0 / here.0) / (1.0 / here.0 - 1.0 / before.0);
    let (now, then) = (layout.split(&here.1).output, layout.split(&before.1).output);
    for ((to, now), then) in layout.split_mut(z).output.iter_mut().zip(now).zip(then) {
        let fall = if *now > 0.0 && *then > 0.0 { (now / then).ln() } else { 0.0 };
        if fall < -0.5 {
            *to = now * (ratio * fall).max(-30.0).exp();
        }
    }
}

/// Takes sectors that sell less than they make, and nearly nothing, to be empty.
fn clear_out(solver: &Solver, layout: Layout, buffers: &mut Buffers) {
    evaluate(solver, buffers, false);
    let output = layout.split_mut(&mut buffers.z).output;
    let mean = mean(output);
    for (pair, output) in output.iter_mut().enumerate() {
        if *output < FLOOR * mean && buffers.point.sweep.sales[pair] < *output {
            *output = EMPTY * mean;
        }
    }
}

/// Rounds of firms coming back.
const RETURNS: usize = 30;
/// The output of a sector that firms come back to, as a share of the mean.
const A_FEW: f64 = 1e-5;
/// Gain from entering an empty sector that is rounding's.
const ROUNDING: f64 = 1e-6;

/// The gain from entering a sector that stands empty: sales over output, at the least output that counts, less one.
fn gain(solver: &Solver, buffers: &Buffers, pair: usize, output: f64, least: f64) -> f64 {
    let power = solver.technology.output_power[pair];
    buffers.point.sweep.sales[pair] / output * (output / least).powf(1.0 - power) - 1.0
}

/// Lets firms back into sectors that stand empty and pay, a few at first, until none is left that they would enter.
pub(crate) fn reenter(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let mut damped = DampedNewton::default();
    for round in 0..RETURNS {
        if !is_false_corner(solver, buffers) {
            return Status::Converged;
        }
        let output = layout.split(&buffers.z).output;
        let mean = mean(output);
        let back: Vec<usize> = (0..output.len())
            .filter(|pair| solver.technology.output_power[*pair] > 0.0)
            .filter(|pair| output[*pair] < FLOOR * mean)
            .filter(|pair| gain(solver, buffers, *pair, output[*pair], FLOOR * mean) > ROUNDING)
            .collect();
        let empty = buffers.z.clone();
        let mut status = Status::Stalled;
        if round < TRIED {
            let output = layout.split_mut(&mut buffers.z).output;
            back.iter().for_each(|pair| output[*pair] = A_FEW * mean);
            let steps = LAST_STEPS.min(work.left(settings));
            status = damped.solve(solver, settings.tolerance, steps, buffers, work);
            status = work.by(Branch::Reentry, status);
        }
        if !status.is_converged() {
            // From next to nothing, growing as they gain.
            buffers.z.clone_from(&empty);
            let scale = entry_dynamics::scales(solver, 1.0, buffers);
            status = move_on(solver, scale, settings, buffers, work);
        }
        if !status.is_converged() {
            return status;
        }
    }
    if is_false_corner(solver, buffers) { Status::Stalled } else { Status::Converged }
}

/// Sectors that stand empty, and what entering them would gain; none without economies of scale. Where factors are not mobile
/// no sector empties: the factors left in it become ever cheaper.
pub(crate) fn corners(solver: &Solver, buffers: &Buffers) -> Option<Corners> {
    if !solver.technology.has_scale() {
        return None;
    }
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let output = layout.split(&buffers.z).output;
    let least = FLOOR * mean(output);
    let mut corners = Corners { empty: 0, largest_gain: 0.0 };
    let mobile = solver.technology.factor_power.is_empty();
    for (pair, power) in solver.technology.output_power.iter().enumerate() {
        if *power > 0.0 && output[pair] < least {
            let gain = gain(solver, buffers, pair, output[pair], least);
            corners.largest_gain = match corners.empty {
                0 => gain,
                _ => corners.largest_gain.max(gain),
            };
            corners.empty += 1;
        }
    }
    if !mobile {
        corners.largest_gain = corners.largest_gain.min(0.0);
    }
    Some(corners)
}

/// Whether some sector stands empty that firms would enter.
pub(crate) fn is_false_corner(solver: &Solver, buffers: &Buffers) -> bool {
    corners(solver, buffers).is_some_and(|corners| corners.largest_gain > ROUNDING)
}
