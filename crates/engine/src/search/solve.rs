//! The life of a solve: from the data or a neighbour to a point, and from the point to a certificate.

use std::sync::Arc;
use std::time::Instant;

use super::active_set;
use super::buffers::Workspace;
use super::fallbacks;
use super::newton::{Trust, Work, iterate};
use super::residual::{balance, evaluate, worse};
use super::scale_continuation;
use super::solution;
use super::start::from_equilibrium;
use crate::derivatives::preconditioner::Preconditioner;
use crate::equations::layout::Layout;
use crate::equilibrium::Equilibrium;
use crate::equilibrium::certificate::Certificate;
use crate::equilibrium::status::Status;
use crate::error::EngineError;
use crate::model::calibration::{Calibration, SolveSettings};
use crate::model::instruments::Instruments;

/// Rounds of entry and limits before giving up.
const RETURNS: usize = 10;

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
    calibration.check_balanced_trade(&space.costs.deficit)?;
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
        let from_far = if calibration.technology.has_scale() {
            scale_continuation::from_far
        } else {
            fallbacks::from_far
        };
        status = from_far(calibration, instruments, settings, &mut space, &mut work)?;
    }
    if status.is_converged() && scale_continuation::is_false_corner(calibration, &space) {
        status = scale_continuation::reenter(calibration, settings, &mut space, &mut work);
        if !status.is_converged() {
            status = scale_continuation::by_scale(calibration, instruments, settings, &mut space, &mut work)?;
            if status.is_converged() {
                status = scale_continuation::reenter(calibration, settings, &mut space, &mut work);
            }
        }
    }
    if status.is_converged() && layout.limits > 0 {
        status = active_set::settle(calibration, settings, &mut space, &mut work);
        for _ in 0..RETURNS {
            // Limits may empty a sector, or make one pay that was empty; firms that come back may make a limit bind.
            if !status.is_converged() || !scale_continuation::is_false_corner(calibration, &space) {
                break;
            }
            status = scale_continuation::reenter(calibration, settings, &mut space, &mut work);
            if status.is_converged() {
                status = active_set::settle(calibration, settings, &mut space, &mut work);
            }
        }
        if status.is_converged() && scale_continuation::is_false_corner(calibration, &space) {
            status = Status::Stalled;
        }
    }
    if !status.is_converged() {
        // A way that was given up may have left residuals of its own: what is certified are those of the equations asked for.
        evaluate(calibration, &mut space, false);
        if status == Status::Stalled && work.iterations >= settings.max_iterations {
            status = Status::IterationLimit;
        }
    }
    let mut certificate = certify(calibration, &space);
    certificate.corners = scale_continuation::corners(calibration, &space);
    certificate.iterations = work.iterations;
    certificate.evaluations = work.evaluations;
    certificate.sweeps = work.evaluations + work.products;
    let mut equilibrium = solution::read(calibration, instruments, &mut space, status, certificate);
    space.give(calibration);
    equilibrium.certificate.seconds = clock.elapsed().as_secs_f64();
    Ok(equilibrium)
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
