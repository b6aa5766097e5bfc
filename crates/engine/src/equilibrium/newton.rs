//! Newton's method on all unknowns together, each step solved by GMRES to the accuracy that the step deserves.
//!
//! Wages and prices move in logarithms, incomes and outputs in levels, where their equations are linear; no step
//! is longer than [`LONGEST_STEP`] in any logarithm, and none is kept that does not lower the residuals. Where
//! Newton starts too far away or gains too little, [`far`] takes over.
//!
//! The factor-market equations are trade balances, `ln uses − ln sources + ln(Σ factor income / Σ of the data)`. By Walras'
//! law one of them follows from the rest; adding the numeraire's equation to all of them removes the indeterminacy without
//! singling one out, since the imbalances sum to zero only where the numeraire holds.

use std::sync::Arc;
use std::time::Instant;

use super::certificate::Certificate;
use super::layout::Layout;
use super::linearisation::Linearisation;
use super::preconditioner::Preconditioner;
use super::status::Status;
use super::workspace::Workspace;
use super::{Equilibrium, active_set, entry, far, solution};
use crate::calibration::{Calibration, SolveSettings};
use crate::error::EngineError;
use crate::instruments::Instruments;

/// No logarithm moves further than this in one step.
const LONGEST_STEP: f64 = 0.7;
/// Outputs below this share of their mean are judged against it.
pub(crate) const FLOOR: f64 = 1e-9;
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
pub(super) enum Trust {
    Near,
    All,
}

/// Work done so far.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Work {
    pub iterations: usize,
    pub evaluations: usize,
    pub products: usize,
}

impl Calibration {
    /// Solves the model under these instruments, from the data or from a neighbouring solution.
    ///
    /// Instruments given as an [`Arc`] are shared with the equilibrium, those given by reference are copied.
    /// Refused input is an error; a solve that does not converge is an [`Equilibrium`] whose status says so.
    pub fn solve(
        &self,
        instruments: impl Into<Arc<Instruments>>,
        settings: &SolveSettings,
        start: Option<&Equilibrium>,
    ) -> Result<Equilibrium, EngineError> {
        solve(self, &instruments.into(), settings, start)
    }
}

fn solve(
    calibration: &Calibration,
    instruments: &Arc<Instruments>,
    settings: &SolveSettings,
    start: Option<&Equilibrium>,
) -> Result<Equilibrium, EngineError> {
    let clock = Instant::now();
    if instruments.tariff_rate != calibration.benchmark.tariff_rate {
        // A solve that will need it: made before there is a second workspace to be in use beside its own.
        Preconditioner::of_calibration(calibration);
    }
    let mut space = Workspace::take(calibration);
    space.costs.fold(calibration, instruments)?;
    space.start_from_data(calibration);
    let layout = Layout::new(calibration, space.costs.limits.len());
    if let Some(start) =
        start.filter(|start| start.status.is_converged() && start.log_wedge.len() == layout.limits)
    {
        from_equilibrium(layout, start, &mut space.z);
    }
    let mut work = Work::default();
    active_set::read_sides(&mut space, layout);
    let mut status = iterate(calibration, settings, &mut space, &mut work, Trust::Near);
    if !status.is_converged() {
        status = far::from_far(calibration, instruments, settings, &mut space, &mut work)?;
    }
    if status.is_converged() && entry::is_false_corner(calibration, &space) {
        status = entry::reenter(calibration, settings, &mut space, &mut work);
        if !status.is_converged() {
            status = entry::by_scale(calibration, instruments, settings, &mut space, &mut work)?;
            if status.is_converged() {
                status = entry::reenter(calibration, settings, &mut space, &mut work);
            }
        }
    }
    if status.is_converged() && layout.limits > 0 {
        status = active_set::settle(calibration, settings, &mut space, &mut work);
    }
    let mut certificate = certify(calibration, &space);
    certificate.corners = entry::corners(calibration, &space);
    certificate.iterations = work.iterations;
    certificate.evaluations = work.evaluations;
    certificate.sweeps = work.evaluations + work.products;
    let mut equilibrium = solution::read(calibration, instruments, &mut space, status, certificate);
    space.give(calibration);
    equilibrium.certificate.seconds = clock.elapsed().as_secs_f64();
    Ok(equilibrium)
}

/// Newton from a point brought near, beside the steps already taken.
pub(super) fn again(
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

/// Moves the workspace's point to a solution.
pub(super) fn from_equilibrium(layout: Layout, start: &Equilibrium, z: &mut [f64]) {
    let z = layout.split_mut(z);
    let scale = start.numeraire_scale;
    let logarithms = |target: &mut [f64], hats: &[f64], scale: f64| {
        for (target, hat) in target.iter_mut().zip(hats) {
            *target = (hat / scale).ln();
        }
    };
    let levels = |target: &mut [f64], values: &[f64]| {
        for (target, value) in target.iter_mut().zip(values) {
            *target = value / scale;
        }
    };
    logarithms(z.wage, &start.wage_hat, scale);
    logarithms(z.hours, &start.labour_hat, 1.0);
    logarithms(z.price, &start.price_hat, scale);
    levels(z.income, &start.income);
    levels(z.output, &start.output);
    z.limit.copy_from_slice(&start.log_wedge);
}

/// Evaluates the model at `z` (in the workspace) and writes the residuals; returns the largest.
pub(super) fn evaluate(calibration: &Calibration, space: &mut Workspace, trial: bool) -> f64 {
    let Workspace { costs, sweep, z, trial: point, residual, income_scale, output_scale, sides, .. } = space;
    let z: &[f64] = if trial { point } else { z };
    sweep.evaluate(calibration, costs, z);
    let layout = Layout::new(calibration, costs.limits.len());
    let z = layout.split(z);
    let r = layout.split_mut(residual);
    let mean = z.output.iter().sum::<f64>() / z.output.len() as f64;
    let mut largest = 0.0_f64;
    for pair in 0..layout.pairs {
        output_scale[pair] = z.output[pair].abs().max(FLOOR * mean);
        r.output[pair] = (z.output[pair] - sweep.sales[pair]) / output_scale[pair];
        r.price[pair] = z.price[pair] - sweep.log_price[pair];
        largest = worse(worse(largest, r.output[pair]), r.price[pair]);
    }
    for i in 0..layout.n {
        income_scale[i] = z.income[i];
        let bloc = calibration.bloc[i];
        r.wage[i] = balance(sweep.uses[i], sweep.sources[i])
            + (sweep.bloc_income[bloc] / calibration.bloc_income[bloc]).ln();
        r.hours[i] = z.hours[i] - sweep.log_hours[i];
        r.income[i] = (z.income[i] - sweep.budget[i]) / z.income[i];
        largest = worse(worse(worse(largest, r.wage[i]), r.income[i]), r.hours[i]);
    }
    for (k, limit) in costs.limits.iter().enumerate() {
        r.limit[k] = limit.residual(sides[k], sweep.log_limited[k], z.limit[k]);
        largest = worse(largest, r.limit[k]);
    }
    largest
}

/// `ln uses − ln sources`; nothing where an economy neither pays nor receives.
fn balance(uses: f64, sources: f64) -> f64 {
    if uses == 0.0 && sources == 0.0 { 0.0 } else { uses.ln() - sources.ln() }
}

/// The larger in absolute value, where not a number is the largest of all.
pub(super) fn worse(largest: f64, value: f64) -> f64 {
    let value = value.abs();
    if value.is_nan() { f64::INFINITY } else { largest.max(value) }
}

fn norm(x: &[f64]) -> f64 {
    super::kernel::dot(x, x).sqrt()
}

pub(super) fn iterate(
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

/// The certificate at the point that stands; its sweep is the one last evaluated.
fn certify(calibration: &Calibration, space: &Workspace) -> Certificate {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let (r, z) = (layout.split(&space.residual), layout.split(&space.z));
    let sweep = &space.sweep;
    let largest = |values: &[f64]| values.iter().fold(0.0, |m, v| worse(m, *v));
    let mut balances = 0.0;
    let mut demand = vec![0.0; layout.n];
    for (pair, output) in z.output.iter().enumerate() {
        let i = pair % layout.n;
        demand[i] += calibration.technology.labour_share[pair] * output;
        if let Some(share) = calibration.technology.local_share.get(i) {
            let paid = sweep.foreign_share[pair] + sweep.home_share[pair];
            demand[i] += share / (1.0 - share) * paid * sweep.expenditure[pair];
        }
    }
    let (mut market, mut excess) = (0.0, 0.0);
    for i in 0..layout.n {
        balances = worse(balances, balance(sweep.uses[i], sweep.sources[i]));
        market = worse(market, (sweep.labour_income[i] - demand[i]) / sweep.labour_income[i]);
        excess += demand[i] - sweep.labour_income[i];
    }
    let world: f64 = sweep.labour_income.iter().sum();
    let factor_income: f64 = sweep.factor_income.iter().sum();
    let benchmark: f64 = calibration.factor_income.iter().sum();
    let mut residuals = vec![
        ("price", largest(r.price)),
        ("output", largest(r.output)),
        ("income", largest(r.income)),
        ("trade_balance", balances),
        ("factor_market", market),
        ("numeraire", (factor_income / benchmark - 1.0).abs()),
    ];
    if calibration.technology.hours_elasticity != 0.0 {
        residuals.push(("hours", largest(r.hours)));
    }
    if layout.limits > 0 {
        residuals.push(("limit", largest(r.limit)));
    }
    Certificate { residuals, walras: (excess / world).abs(), ..Certificate::default() }
}

impl Calibration {
    /// Seconds that one sweep takes, the best of `runs`: the unit in which a solve's work is reported.
    pub fn time_of_a_sweep(&self, instruments: &Instruments, runs: usize) -> Result<f64, EngineError> {
        let mut space = Workspace::take(self);
        space.costs.fold(self, instruments)?;
        space.start_from_data(self);
        let mut best = f64::INFINITY;
        for _ in 0..runs {
            let clock = Instant::now();
            evaluate(self, &mut space, false);
            best = best.min(clock.elapsed().as_secs_f64());
        }
        space.give(self);
        Ok(best)
    }
}
