//! Free entry from far away: economies of scale turned up from nothing.
//!
//! Without scale the model is one of perfect competition, which wages and trade balances find. With `ε = ψθ` short of one every
//! output is a power `1/(1−ε)` of what it would sell, so that sectors that lose shrink smoothly; at one they are gone. Turning
//! scale up in even steps of the logarithm of what is missing (as interior-point methods do) therefore meets no corner on the
//! way: it arrives with the losers already too small to count, and they are then taken to be empty. That entry does not pay
//! there is checked at the end, see [`corners`].

use super::buffers::Workspace;
use super::damped_newton::Patient;
use super::entry_dynamics;
use super::fallbacks;
use super::newton::Work;
use super::residual::{FLOOR, evaluate, mean};
use crate::equations::layout::Layout;
use crate::equilibrium::certificate::Corners;
use crate::equilibrium::status::Status;
use crate::error::EngineError;
use crate::model::calibration::{Calibration, SolveSettings};
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

/// Solves from far away where outputs act on prices: patience, then scale turned up, then the long way round.
pub(crate) fn from_far(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Result<Status, EngineError> {
    let status = fallbacks::patiently_from_data(calibration, settings, space, work);
    if status.is_converged() {
        return Ok(status);
    }
    let status = by_scale(calibration, instruments, settings, space, work)?;
    if status.is_converged() {
        return Ok(status);
    }
    fallbacks::along_path(calibration, instruments, settings, space, work)
}

/// Solves by turning scale up.
pub(crate) fn by_scale(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Result<Status, EngineError> {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let mut patient = Patient::default();
    {
        let none = calibration.with_scale(0.0);
        space.start_from_data(&none);
        let rough = SolveSettings { tolerance: ROUGH.max(settings.tolerance), ..settings.clone() };
        let mut status =
            patient.solve(&none, rough.tolerance, (2 * STEPS).min(work.left(settings)), space, work);
        if !status.is_converged() {
            status = fallbacks::from_far(&none, instruments, &rough, space, work)?;
        }
        if !status.is_converged() {
            status = from_perfect(calibration, instruments, &rough, space, work)?;
        }
        if !status.is_converged() {
            return Ok(status);
        }
    }
    let mut here = (1.0_f64, space.z.clone());
    let mut before: Option<(f64, Vec<f64>)> = None;
    let mut divisor = FIRST;
    loop {
        if work.left(settings) == 0 {
            return Ok(Status::IterationLimit);
        }
        let missing = if here.0 / divisor < NOTHING { 0.0 } else { here.0 / divisor };
        space.z.clone_from(&here.1);
        extrapolate(layout, &mut space.z, missing, &here, before.as_ref());
        let partly;
        let at = if missing == 0.0 {
            clear_out(calibration, layout, space);
            calibration
        } else {
            partly = calibration.with_scale(1.0 - missing);
            &partly
        };
        let tolerance = if missing == 0.0 { settings.tolerance } else { ROUGH.max(settings.tolerance) };
        let taken = work.iterations;
        let status = patient.solve(at, tolerance, STEPS.min(work.left(settings)), space, work);
        if status.is_converged() {
            if missing == 0.0 {
                return Ok(status);
            }
            before = Some(std::mem::replace(&mut here, (missing, space.z.clone())));
            if work.iterations - taken <= 4 {
                divisor = (divisor * divisor).min(LARGEST);
            }
        } else {
            divisor = divisor.sqrt();
            if divisor < SMALLEST {
                // The equilibrium that was followed ends here: let sectors move to another, at full scale.
                space.z.clone_from(&here.1);
                let scale = entry_dynamics::scales(calibration, 1.0 - here.0, space);
                return Ok(move_on(calibration, scale, settings, space, work));
            }
        }
    }
}

/// Solves without scale from perfect competition, the market structure turned up.
fn from_perfect(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Result<Status, EngineError> {
    let perfect = calibration.with_structure(0.0);
    space.costs.fold(&perfect, instruments)?;
    let mut status = fallbacks::from_far(&perfect, instruments, settings, space, work)?;
    let (mut here, mut step) = (0.0, LONGEST_PART);
    while status.is_converged() && here < 1.0 {
        let next = f64::min(here + step, 1.0);
        let partly = calibration.with_structure(next);
        space.costs.fold(&partly, instruments)?;
        let kept = space.z.clone();
        let mut patient = Patient::default();
        if patient
            .solve(&partly, settings.tolerance, STEPS.min(work.left(settings)), space, work)
            .is_converged()
        {
            here = next;
            step = f64::min(2.0 * step, LONGEST_PART);
        } else {
            space.z = kept;
            step *= 0.5;
            if step < SHORTEST_PART {
                status = Status::Stalled;
            }
        }
    }
    space.costs.fold(calibration, instruments)?;
    evaluate(calibration, space, false);
    Ok(status)
}

/// Lets sectors move to an equilibrium from these [scales](entry_dynamics::scales), those that end with nothing taken to be empty.
pub(crate) fn move_on(
    calibration: &Calibration,
    scale: Vec<f64>,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let held = entry_dynamics::evolve(calibration, scale, settings, MOVES, space, work);
    let output = layout.split_mut(&mut space.z).output;
    let mean = mean(output);
    for (output, _) in output.iter_mut().zip(&held).filter(|(_, held)| **held) {
        *output = EMPTY * mean;
    }
    let kept = space.z.clone();
    let mut patient = Patient::from_nothing();
    let status =
        patient.solve(calibration, settings.tolerance, LAST_STEPS.min(work.left(settings)), space, work);
    if status.is_converged() {
        return status;
    }
    space.z = kept;
    Patient::default().solve(
        calibration,
        settings.tolerance,
        LAST_STEPS.min(work.left(settings)),
        space,
        work,
    )
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
fn clear_out(calibration: &Calibration, layout: Layout, space: &mut Workspace) {
    evaluate(calibration, space, false);
    let output = layout.split_mut(&mut space.z).output;
    let mean = mean(output);
    for (pair, output) in output.iter_mut().enumerate() {
        if *output < FLOOR * mean && space.sweep.sales[pair] < *output {
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
fn gain(calibration: &Calibration, space: &Workspace, pair: usize, output: f64, least: f64) -> f64 {
    let power = calibration.technology.output_power[pair];
    space.sweep.sales[pair] / output * (output / least).powf(1.0 - power) - 1.0
}

/// Lets firms back into sectors that stand empty and pay, a few at first, until none is left that they would enter.
pub(crate) fn reenter(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let mut patient = Patient::default();
    for round in 0..RETURNS {
        if !is_false_corner(calibration, space) {
            return Status::Converged;
        }
        let output = layout.split(&space.z).output;
        let mean = mean(output);
        let back: Vec<usize> = (0..output.len())
            .filter(|pair| calibration.technology.output_power[*pair] > 0.0)
            .filter(|pair| output[*pair] < FLOOR * mean)
            .filter(|pair| gain(calibration, space, *pair, output[*pair], FLOOR * mean) > ROUNDING)
            .collect();
        let empty = space.z.clone();
        let mut status = Status::Stalled;
        if round < TRIED {
            let output = layout.split_mut(&mut space.z).output;
            back.iter().for_each(|pair| output[*pair] = A_FEW * mean);
            status = patient.solve(
                calibration,
                settings.tolerance,
                LAST_STEPS.min(work.left(settings)),
                space,
                work,
            );
        }
        if !status.is_converged() {
            // From next to nothing, growing as they gain.
            space.z.clone_from(&empty);
            let scale = entry_dynamics::scales(calibration, 1.0, space);
            status = move_on(calibration, scale, settings, space, work);
        }
        if !status.is_converged() {
            return status;
        }
    }
    if is_false_corner(calibration, space) { Status::Stalled } else { Status::Converged }
}

/// Sectors that stand empty, and what entering them would gain; none without economies of scale. Where factors are not mobile
/// no sector empties: the factors left in it become ever cheaper.
pub(crate) fn corners(calibration: &Calibration, space: &Workspace) -> Option<Corners> {
    if !calibration.technology.has_scale() {
        return None;
    }
    let layout = Layout::new(calibration, space.costs.limits.len());
    let output = layout.split(&space.z).output;
    let least = FLOOR * mean(output);
    let mut corners = Corners { empty: 0, largest_gain: 0.0 };
    let mobile = calibration.technology.factor_power.is_empty();
    for (pair, power) in calibration.technology.output_power.iter().enumerate() {
        if *power > 0.0 && output[pair] < least {
            let gain = gain(calibration, space, pair, output[pair], least);
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
pub(crate) fn is_false_corner(calibration: &Calibration, space: &Workspace) -> bool {
    corners(calibration, space).is_some_and(|corners| corners.largest_gain > ROUNDING)
}
