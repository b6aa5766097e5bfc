//! Newton's method on all unknowns together, each step solved by GMRES to the accuracy that the step deserves.
//!
//! Wages and prices move in logarithms, incomes and outputs in levels, where their equations are linear; no step
//! is longer than [`LONGEST_STEP`] in any logarithm, and none is kept that does not lower the residuals. Where
//! Newton starts too far away or gains too little, [`approach`] brings it near first.
//!
//! The factor-market equations are `ln(w L) − ln(γ Y) + ln(Σ w L / Σ w⁰ L⁰) = 0`. By Walras' law one of them follows from
//! the rest; adding the numeraire's equation to all of them removes the indeterminacy without singling one out, since
//! the excess demands sum to zero only where the numeraire holds.

use std::time::Instant;

use super::certificate::Certificate;
use super::linearisation::Linearisation;
use super::preconditioner::Preconditioner;
use super::status::Status;
use super::sweep::Layout;
use super::workspace::Workspace;
use super::{Equilibrium, approach, solution};
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
/// Krylov directions per Newton step.
const KRYLOV_LIMIT: usize = 60;

/// How long Newton is left to try: only while it makes its way, or to the limits of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    Near,
    All,
}

/// Work done so far.
#[derive(Debug, Default, Clone, Copy)]
struct Work {
    iterations: usize,
    evaluations: usize,
    products: usize,
}

impl Calibration {
    /// Solves the model under these instruments, from the data or from a neighbouring solution.
    ///
    /// Refused input is an error; a solve that does not converge is an [`Equilibrium`] whose status says so.
    pub fn solve(
        &self,
        instruments: &Instruments,
        settings: &SolveSettings,
        start: Option<&Equilibrium>,
    ) -> Result<Equilibrium, EngineError> {
        solve(self, instruments, settings, start)
    }
}

fn solve(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    start: Option<&Equilibrium>,
) -> Result<Equilibrium, EngineError> {
    let clock = Instant::now();
    let mut space = Workspace::take(calibration);
    space.costs.fold(calibration, instruments)?;
    space.start_from_data(calibration);
    if let Some(start) = start.filter(|start| start.status.is_converged()) {
        from_equilibrium(Layout::of(calibration), start, &mut space.z);
    }
    let mut work = Work::default();
    let mut status = iterate(calibration, settings, &mut space, &mut work, Trust::Near);
    if !status.is_converged() {
        space.start_from_data(calibration);
        let approach = approach::approach(calibration, &mut space);
        work.evaluations += approach.sweeps;
        status = Status::Infeasible;
        if approach.feasible {
            let limited = work.iterations;
            work.iterations = 0;
            status = iterate(calibration, settings, &mut space, &mut work, Trust::All);
            work.iterations += limited;
        }
    }
    let mut certificate = certify(calibration, &mut space);
    certificate.iterations = work.iterations;
    certificate.evaluations = work.evaluations;
    certificate.sweeps = work.evaluations + work.products;
    let mut equilibrium = solution::read(calibration, instruments, &space, status, certificate);
    space.give(calibration);
    equilibrium.certificate.seconds = clock.elapsed().as_secs_f64();
    Ok(equilibrium)
}

pub(crate) fn from_equilibrium(layout: Layout, start: &Equilibrium, z: &mut [f64]) {
    let (wage, income, price, output) = layout.split_mut(z);
    let scale = start.numeraire_scale;
    for (target, hat) in wage.iter_mut().zip(&start.wage_hat) {
        *target = (hat / scale).ln();
    }
    for (target, value) in income.iter_mut().zip(&start.income) {
        *target = value / scale;
    }
    for (target, hat) in price.iter_mut().zip(&start.price_hat) {
        *target = (hat / scale).ln();
    }
    for (target, value) in output.iter_mut().zip(&start.output) {
        *target = value / scale;
    }
}

/// Evaluates the model at `z` (in the workspace) and writes the residuals; returns the largest.
pub(super) fn evaluate(calibration: &Calibration, space: &mut Workspace, trial: bool) -> f64 {
    let Workspace { costs, sweep, z, trial: point, residual, income_scale, output_scale, .. } = space;
    let z: &[f64] = if trial { point } else { z };
    sweep.evaluate(calibration, costs, z);
    let layout = Layout::of(calibration);
    let (_, income, price, output) = layout.split(z);
    let (r_wage, r_income, r_price, r_output) = layout.split_mut(residual);
    let mean = output.iter().sum::<f64>() / output.len() as f64;
    let mut largest = 0.0_f64;
    for pair in 0..layout.pairs {
        output_scale[pair] = output[pair].abs().max(FLOOR * mean);
        r_output[pair] = (output[pair] - sweep.sales[pair]) / output_scale[pair];
        r_price[pair] = price[pair] - sweep.log_price[pair];
        largest = worse(worse(largest, r_output[pair]), r_price[pair]);
    }
    let world: f64 = sweep.labour_income.iter().sum();
    let benchmark: f64 = calibration.labour_income.iter().sum();
    let numeraire = (world / benchmark).ln();
    for i in 0..layout.n {
        income_scale[i] = income[i];
        r_wage[i] = (sweep.labour_income[i] / sweep.labour_demand[i]).ln() + numeraire;
        r_income[i] = (income[i] - sweep.budget[i]) / income[i];
        largest = worse(worse(largest, r_wage[i]), r_income[i]);
    }
    largest
}

/// The larger in absolute value, where not a number is the largest of all.
fn worse(largest: f64, value: f64) -> f64 {
    let value = value.abs();
    if value.is_nan() { f64::INFINITY } else { largest.max(value) }
}

fn norm(x: &[f64]) -> f64 {
    super::kernel::dot(x, x).sqrt()
}

fn iterate(
    calibration: &Calibration,
    settings: &SolveSettings,
    space: &mut Workspace,
    work: &mut Work,
    trust: Trust,
) -> Status {
    let layout = Layout::of(calibration);
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
        if trust == Trust::Near && largest > DISTANT {
            return Status::Stalled;
        }
        work.iterations += 1;
        // The step.
        let outcome = {
            let Workspace {
                sweep,
                residual,
                step,
                income_scale,
                output_scale,
                scratch,
                work: room,
                gmres,
                ..
            } = space;
            let at = Linearisation { calibration, sweep, income_scale, output_scale };
            let shared = if fresh.is_none() { Preconditioner::of_calibration(calibration) } else { None };
            let outcome = {
                let preconditioner = fresh.as_ref().or(shared);
                gmres.solve(residual, step, forcing, KRYLOV_LIMIT, |v, z, y| {
                    if let Some(preconditioner) = preconditioner {
                        preconditioner.apply(&at, v, z, room, scratch);
                    }
                    at.apply(z, y, scratch);
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
            let (wage, _, price, _) = layout.split(&space.step);
            let longest = wage.iter().chain(price).fold(0.0_f64, |m, v| m.max(v.abs()));
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

/// `trial = z − length · step`.
fn move_by(layout: Layout, space: &mut Workspace, length: f64) {
    let Workspace { z, trial, step, income_scale, output_scale, .. } = space;
    let (wage, income, price, output) = layout.split(z);
    let (d_wage, d_income, d_price, d_output) = layout.split(step);
    let (t_wage, t_income, t_price, t_output) = layout.split_mut(trial);
    for i in 0..layout.n {
        t_wage[i] = wage[i] - length * d_wage[i];
        t_income[i] = (income[i] - length * d_income[i] * income_scale[i]).max(0.1 * income[i]);
    }
    for pair in 0..layout.pairs {
        t_price[pair] = price[pair] - length * d_price[pair];
        t_output[pair] =
            (output[pair] - length * d_output[pair] * output_scale[pair]).max(0.1 * output[pair]);
    }
}

/// The certificate at the point that stands; its sweep is the one last evaluated.
fn certify(calibration: &Calibration, space: &mut Workspace) -> Certificate {
    let layout = Layout::of(calibration);
    let (wage, income, price, output) = layout.split(&space.residual);
    let sweep = &space.sweep;
    let largest = |values: &[f64]| values.iter().fold(0.0, |m, v| worse(m, *v));
    let mut market = 0.0;
    for i in 0..layout.n {
        market = worse(market, (sweep.labour_income[i] - sweep.labour_demand[i]) / sweep.labour_income[i]);
    }
    let _ = wage;
    let world: f64 = sweep.labour_income.iter().sum();
    let benchmark: f64 = calibration.labour_income.iter().sum();
    let excess: f64 = sweep.labour_demand.iter().zip(&sweep.labour_income).map(|(a, b)| a - b).sum();
    Certificate {
        residuals: vec![
            ("price", largest(price)),
            ("output", largest(output)),
            ("income", largest(income)),
            ("factor_market", market),
            ("numeraire", (world / benchmark - 1.0).abs()),
        ],
        walras: (excess / world).abs(),
        ..Certificate::default()
    }
}
