//! Newton's method on all unknowns together, each step solved by GMRES to the accuracy that the step deserves.
//!
//! Wages and prices move in logarithms, incomes and outputs in levels, where their equations are linear; no step
//! is longer than [`LONGEST_STEP`] in any logarithm, and none is kept that does not lower the residuals. Where
//! Newton starts too far away or gains too little, [`far`] takes over.

use super::buffers::Workspace;
use super::residual::{evaluate, norm, worse};
use crate::derivatives::linearisation::Linearisation;
use crate::derivatives::preconditioner::Preconditioner;
use crate::equations::layout::Layout;
use crate::equilibrium::status::Status;
use crate::model::calibration::{Calibration, SolveSettings};

/// No logarithm moves further than this in one step.
const LONGEST_STEP: f64 = 0.7;
/// Steps that gain little while residuals are above this are slow: see [`approach`].
const FAR: f64 = 1e-3;
/// Residuals above this are no place for Newton to start from.
const DISTANT: f64 = 10.0;
/// Newton steps from a point that was brought near.
const PATIENCE: usize = 20;
/// Krylov directions per Newton step.
const KRYLOV_LIMIT: usize = 60;

/// How long Newton is left to try: only while it makes its way, or to the limits of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Near,
    All,
}

/// Work done so far.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Work {
    pub iterations: usize,
    pub evaluations: usize,
    pub products: usize,
}

impl Work {
    /// Steps that the settings leave.
    pub fn left(&self, settings: &SolveSettings) -> usize {
        settings.max_iterations.saturating_sub(self.iterations)
    }
}

pub(crate) fn iterate(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
    trust: Trust,
) -> Status {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let mut largest = evaluate(calibration, space, false);
    work.evaluations += 1;
    let mut size = norm(&space.residual);
    let mut fresh: Option<Preconditioner> = None;
    let mut forcing = 0.1;
    let mut slow = 0;
    while work.iterations < settings.max_iterations {
        if largest <= settings.tolerance {
            return Status::Converged;
        }
        if trust == Trust::Near && distance(layout, &space.residual) > DISTANT {
            return Status::Stalled;
        }
        work.iterations += 1;
        // The step.
        let outcome = {
            let Workspace {
                costs,
                sweep,
                residual,
                step,
                income_scale,
                output_scale,
                sides,
                scratch,
                work: room,
                gmres,
                ..
            } = space;
            let at = Linearisation { calibration, costs, sweep, income_scale, output_scale, sides };
            let shared = if fresh.is_none() { Preconditioner::of_calibration(calibration) } else { None };
            let outcome = {
                let preconditioner = fresh.as_ref().or(shared);
                gmres.solve(residual, step, forcing, KRYLOV_LIMIT, |v, z, y| {
                    if let Some(preconditioner) = preconditioner {
                        preconditioner.apply(&at, v, z, y, room, scratch);
                    }
                })
            };
            work.products += 2 * outcome.iterations;
            if outcome.iterations > 30 {
                fresh = Some(Preconditioner::new(&at));
            }
            outcome
        };
        if !outcome.relative_residual.is_finite() || outcome.iterations == 0 {
            return Status::Stalled;
        }
        // Its length.
        let mut length = 1.0_f64;
        {
            let step = layout.split(&space.step);
            let longest =
                step.wage.iter().chain(step.price).chain(step.limit).fold(0.0_f64, |m, v| m.max(v.abs()));
            if longest > LONGEST_STEP {
                length = LONGEST_STEP / longest;
            }
        }
        let before = size;
        let mut accepted = false;
        for _ in 0..30 {
            move_by(layout, space, length);
            let candidate = evaluate(calibration, space, true);
            work.evaluations += 1;
            let candidate_size = norm(&space.residual);
            if candidate.is_finite() && candidate_size <= (1.0 - 1e-4 * length) * size.max(1e-300) {
                largest = candidate;
                size = candidate_size;
                accepted = true;
                break;
            }
            if candidate <= settings.tolerance {
                largest = candidate;
                size = candidate_size;
                accepted = true;
                break;
            }
            length *= 0.5;
        }
        if !accepted {
            // Restore the residuals of the point that stands.
            evaluate(calibration, space, false);
            work.evaluations += 1;
            return Status::Stalled;
        }
        std::mem::swap(&mut space.z, &mut space.trial);
        // The next step deserves about the accuracy that this one's curvature leaves.
        let ratio = size / before;
        slow += usize::from(ratio > 0.8 && largest > FAR);
        if trust == Trust::Near && slow > 1 {
            return Status::Stalled;
        }
        forcing = (0.9 * ratio * ratio).max(0.3 * settings.tolerance / largest).clamp(1e-8, 0.1);
    }
    if largest <= settings.tolerance { Status::Converged } else { Status::IterationLimit }
}

/// How far wages and prices are from where they belong; outputs and incomes follow them linearly, from anywhere.
fn distance(layout: Layout, residual: &[f64]) -> f64 {
    let r = layout.split(residual);
    r.wage.iter().chain(r.price).fold(0.0, |m, v| worse(m, *v))
}

/// `trial = z − length · step`.
fn move_by(layout: Layout, space: &mut Workspace, length: f64) {
    let Workspace { z, trial, step, income_scale, output_scale, .. } = space;
    let (z, step, to) = (layout.split(z), layout.split(step), layout.split_mut(trial));
    for i in 0..layout.n {
        to.wage[i] = z.wage[i] - length * step.wage[i];
        to.hours[i] = z.hours[i] - length * step.hours[i];
        to.income[i] = (z.income[i] - length * step.income[i] * income_scale[i]).max(0.1 * z.income[i]);
    }
    for pair in 0..layout.pairs {
        to.price[pair] = z.price[pair] - length * step.price[pair];
        to.output[pair] =
            (z.output[pair] - length * step.output[pair] * output_scale[pair]).max(0.1 * z.output[pair]);
    }
    for k in 0..layout.limits {
        to.limit[k] = z.limit[k] - length * step.limit[k];
    }
}

/// Newton from a point brought near, beside the steps already taken.
pub(crate) fn again(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
) -> Status {
    let taken = std::mem::take(&mut work.iterations);
    let left = settings.max_iterations.saturating_sub(taken).min(PATIENCE);
    let limit = SolveSettings { max_iterations: left, ..settings.clone() };
    let status = iterate(calibration, &limit, space, work, Trust::All);
    work.iterations += taken;
    status
}
