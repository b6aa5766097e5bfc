//! The life of a solve: from the data or a neighbour to a point, and from the point to a certificate.

use std::sync::Arc;
use std::time::Instant;

use super::active_set;
use super::buffers::Buffers;
use super::fallbacks;
use super::newton::{Trust, WorkCount, iterate};
use super::residual::{balance, evaluate, worse};
use super::scale_continuation;
use super::solution;
use super::solver::Solver;
use super::start::{fits, from_equilibrium};
use super::status::Status;
use crate::equations::layout::Layout;
use crate::equilibrium::certificate::Certificate;
use crate::equilibrium::route::Branch;
use crate::equilibrium::{Cause, Equilibrium, Solution, Unsolved};
use crate::error::EngineError;
use crate::model::calibration::SolveSettings;
use crate::model::instruments::Instruments;

/// Rounds of entry and limits before giving up.
const RETURNS: usize = 10;
/// Rounds of refinement, and Newton steps in each.
const REFINEMENTS: (usize, usize) = (3, 3);

impl Solver {
    /// Solves the model under these instruments, from the data or from a neighbouring solution.
    ///
    /// Instruments given as an [`Arc`] are shared with the equilibrium, those given by reference are copied. A start that does not
    /// fit (another number of economies, sectors or limits) is left aside.
    ///
    /// # Errors
    ///
    /// Refused input, and [`EngineError::Stopped`] where the control's flag is set. A solve that does not converge is no error but a
    /// [`Solution`] without numbers.
    pub fn solve(
        &self,
        instruments: impl Into<Arc<Instruments>>,
        settings: &SolveSettings,
        start: Option<&Equilibrium>,
    ) -> Result<Solution, EngineError> {
        let (clock, instruments) = (Instant::now(), instruments.into());
        self.control().check()?;
        if instruments.tariff_rate != self.benchmark.tariff_rate {
            // A solve that will need it: made before there are second buffers to be in use beside its own.
            self.preconditioner_at_data();
        }
        let mut buffers = self.take_buffers();
        buffers.point.costs.fold(self, &instruments)?;
        self.check_balanced_trade(&buffers.point.costs.deficit)?;
        buffers.start_from_data(self);
        let layout = Layout::new(self, buffers.point.costs.limits.len());
        if let Some(start) = start.filter(|start| fits(layout, start)) {
            from_equilibrium(layout, start, &mut buffers.z);
        }
        let mut work = WorkCount::under(self.control());
        let status = search(self, &instruments, settings, &mut buffers, &mut work)?;
        self.control().check()?;
        let mut certificate = certify(self, &buffers);
        if status.is_converged() && certificate.max_residual() > settings.tolerance {
            certificate = refine(self, settings, &mut buffers, &mut work, certificate);
            self.control().check()?;
        }
        certificate.corners = scale_continuation::corners(self, &buffers);
        certificate.iterations = work.iterations;
        self.control().work.count_solve(work.iterations);
        certificate.evaluations = work.evaluations;
        certificate.sweeps = work.evaluations + work.products;
        let solution = match cause(self, settings, status, &certificate) {
            None => {
                certificate.route = work.route;
                let mut found = solution::read(self, &instruments, &mut buffers, certificate);
                found.certificate.seconds = clock.elapsed().as_secs_f64();
                Solution::Solved(Box::new(found))
            }
            Some(cause) => {
                certificate.seconds = clock.elapsed().as_secs_f64();
                Solution::Unsolved(Box::new(Unsolved { cause, certificate }))
            }
        };
        self.give_back(buffers);
        Ok(solution)
    }
}

/// Why there is no equilibrium to hand out: how the search ended, and where it converged, what its certificate says.
fn cause(
    solver: &Solver,
    settings: &SolveSettings,
    status: Status,
    certificate: &Certificate,
) -> Option<Cause> {
    match status {
        Status::Converged if certificate.max_residual() <= settings.tolerance => None,
        Status::Converged => Some(Cause::AboveTolerance),
        Status::IterationLimit => Some(Cause::IterationLimit),
        Status::Stalled => Some(Cause::Stalled),
        Status::PaysMoreThanItEarns(economy) => {
            let economy = solver.benchmark.economies[economy].code.clone();
            Some(Cause::PaysMoreThanItEarns { economy })
        }
    }
}

/// Brings the buffers' point to one that solves the model, branch after branch.
fn search(
    solver: &Solver,
    instruments: &Instruments,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Result<Status, EngineError> {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    active_set::read_sides(buffers, layout);
    let mut status = iterate(solver, settings, buffers, work, Trust::Near);
    status = work.by(Branch::Newton, status);
    if !status.is_converged() {
        let from_far =
            if solver.technology.has_scale() { scale_continuation::from_far } else { fallbacks::from_far };
        status = from_far(solver, instruments, settings, buffers, work)?;
    }
    if status.is_converged() && scale_continuation::is_false_corner(solver, buffers) {
        status = scale_continuation::reenter(solver, settings, buffers, work);
        if !status.is_converged() {
            work.route.truncate(0);
            status = scale_continuation::by_scale(solver, instruments, settings, buffers, work)?;
            if status.is_converged() {
                status = scale_continuation::reenter(solver, settings, buffers, work);
            }
        }
    }
    if status.is_converged() && layout.limits > 0 {
        status = active_set::settle(solver, settings, buffers, work);
        for _ in 0..RETURNS {
            // Limits may empty a sector, or make one pay that was empty; firms that come back may make a limit bind.
            if !status.is_converged() || !scale_continuation::is_false_corner(solver, buffers) {
                break;
            }
            status = scale_continuation::reenter(solver, settings, buffers, work);
            if status.is_converged() {
                status = active_set::settle(solver, settings, buffers, work);
            }
        }
        if status.is_converged() && scale_continuation::is_false_corner(solver, buffers) {
            status = Status::Stalled;
        }
    }
    if !status.is_converged() {
        // A way that was given up may have left residuals of its own: what is certified are those of the equations asked for.
        evaluate(solver, buffers, false);
        if status == Status::Stalled && work.iterations >= settings.max_iterations {
            status = Status::IterationLimit;
        }
    }
    Ok(status)
}

/// Where the equations hold to the tolerance but a residual of the certificate, which is read from other sums, does not: a few steps
/// more, kept while they help.
fn refine(
    solver: &Solver,
    settings: &SolveSettings,
    buffers: &mut Buffers,
    work: &mut WorkCount,
    mut best: Certificate,
) -> Certificate {
    let (rounds, steps) = REFINEMENTS;
    let mut tolerance = settings.tolerance;
    for _ in 0..rounds {
        tolerance *= 0.1;
        let kept = buffers.z.clone();
        let finer = SolveSettings { tolerance, max_iterations: work.iterations + steps };
        iterate(solver, &finer, buffers, work, Trust::All);
        let found = certify(solver, buffers);
        if found.max_residual() >= best.max_residual() {
            buffers.z = kept;
            evaluate(solver, buffers, false);
            work.evaluations += 1;
            break;
        }
        best = found;
        if best.max_residual() <= settings.tolerance {
            work.route.push(Branch::Refinement);
            break;
        }
    }
    best
}

/// The certificate at the point that stands; its sweep is the one last evaluated.
fn certify(solver: &Solver, buffers: &Buffers) -> Certificate {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let (r, z) = (layout.split(&buffers.residual), layout.split(&buffers.z));
    let sweep = &buffers.point.sweep;
    let largest = |values: &[f64]| values.iter().fold(0.0, |m, v| worse(m, *v));
    let mut balances = 0.0;
    let mut demand = vec![0.0; layout.n];
    for (pair, output) in z.output.iter().enumerate() {
        let i = pair % layout.n;
        demand[i] += solver.technology.labour_share[pair] * sweep.nests.value_added_hat(pair) * output;
        if let Some(share) = solver.technology.local_share.get(i) {
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
    let benchmark: f64 = solver.factor_income.iter().sum();
    let mut residuals = vec![
        ("price", largest(r.price)),
        ("output", largest(r.output)),
        ("income", largest(r.income)),
        ("trade_balance", balances),
        ("factor_market", market),
        ("numeraire", (factor_income / benchmark - 1.0).abs()),
    ];
    if solver.technology.hours_elasticity != 0.0 {
        residuals.push(("hours", largest(r.hours)));
    }
    if layout.limits > 0 {
        residuals.push(("limit", largest(r.limit)));
    }
    Certificate { residuals, walras: (excess / world).abs(), ..Certificate::default() }
}
