//! Newton's method on all unknowns together, each step solved by GMRES to the accuracy that the step deserves.
//!
//! Wages and prices move in logarithms, incomes and outputs in levels, where their equations are linear; no step
//! is longer than [`LONGEST_STEP`] in any logarithm, and none is kept that does not lower the residuals. Where
//! Newton starts too far away or gains too little, [`fallbacks`](super::fallbacks) take over.

use super::buffers::{Buffers, Point};
use super::residual::{evaluate, norm, worse};
use super::solver::Solver;
use super::status::Status;
use crate::derivatives::preconditioner::Preconditioner;
use crate::equations::layout::Layout;
use crate::equilibrium::route::{Branch, Route};
use crate::model::calibration::SolveSettings;
use crate::parallel::{Control, Progress};

/// No logarithm moves further than this in one step.
const LONGEST_STEP: f64 = 0.7;
/// Steps that gain little while residuals are above this are slow: see [`wage_secants`](super::wage_secants).
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

/// Work done so far, the way that has led anywhere, and who may end it.
#[derive(Debug, Default, Clone)]
pub(crate) struct WorkCount {
    pub iterations: usize,
    pub evaluations: usize,
    pub products: usize,
    pub route: Route,
    pub control: Control,
}

impl WorkCount {
    /// Nothing done yet.
    pub fn under(control: &Control) -> Self {
        Self { control: control.clone(), ..Self::default() }
    }

    /// Steps that the settings leave; none once the flag to stop is set.
    pub fn left(&self, settings: &SolveSettings) -> usize {
        if self.is_stopped() { 0 } else { settings.max_iterations.saturating_sub(self.iterations) }
    }

    /// Whether the end was asked for.
    pub fn is_stopped(&self) -> bool {
        self.control.stop.is_stopped()
    }

    /// Counts a step and tells of it.
    pub fn step(&mut self, largest_residual: f64) {
        self.iterations += 1;
        self.control.report(Progress::Step { iterations: self.iterations, largest_residual });
    }

    /// The status of a search that this branch ended, noted where it found something.
    pub fn by(&mut self, branch: Branch, status: Status) -> Status {
        if status.is_converged() {
            self.route.push(branch);
        }
        status
    }
}

pub(crate) fn iterate(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
    trust: Trust,
) -> Status {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let mut largest = evaluate(solver, buffers, false);
    work.evaluations += 1;
    let mut size = norm(&buffers.residual);
    let mut fresh: Option<Preconditioner> = None;
    let mut forcing = 0.1;
    let mut slow = 0;
    while work.left(settings) > 0 {
        if largest <= settings.tolerance {
            return Status::Converged;
        }
        if trust == Trust::Near && distance(layout, &buffers.residual) > DISTANT {
            return Status::Stalled;
        }
        work.step(largest);
        // The step.
        let outcome = {
            let Buffers { point, residual, step, forward, preconditioning, gmres, .. } = buffers;
            let at = point.linearisation(solver);
            let shared = if fresh.is_none() { solver.preconditioner_at_data() } else { None };
            let outcome = {
                let preconditioner = fresh.as_ref().or(shared);
                gmres.solve(residual, step, forcing, KRYLOV_LIMIT, |v, z, y| {
                    if let Some(preconditioner) = preconditioner {
                        preconditioner.apply(&at, v, z, y, preconditioning, forward);
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
            let step = layout.split(&buffers.step);
            let longest =
                step.wage.iter().chain(step.price).chain(step.limit).fold(0.0_f64, |m, v| m.max(v.abs()));
            if longest > LONGEST_STEP {
                length = LONGEST_STEP / longest;
            }
        }
        let before = size;
        let mut accepted = false;
        for _ in 0..30 {
            move_by(layout, buffers, length);
            let candidate = evaluate(solver, buffers, true);
            work.evaluations += 1;
            let candidate_size = norm(&buffers.residual);
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
            evaluate(solver, buffers, false);
            work.evaluations += 1;
            return Status::Stalled;
        }
        std::mem::swap(&mut buffers.z, &mut buffers.trial);
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
fn move_by(layout: Layout, buffers: &mut Buffers, length: f64) {
    let Buffers { point, z, trial, step, .. } = buffers;
    let Point { income_scale, output_scale, .. } = point;
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
pub(crate) fn retry(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Status {
    let last = settings.max_iterations.min(work.iterations + PATIENCE);
    let limit = SolveSettings { max_iterations: last, ..settings.clone() };
    iterate(solver, &limit, buffers, work, Trust::All)
}
