//! From far away: wages by secants on the logarithm of each economy's foreign exchange, everything else at rest.
//!
//! Newton's method on all unknowns is quick near a solution, but a shock of hundreds of percent, or a world close to
//! autarky, leaves it far away: excess demand for labour is then a small difference of large numbers, and curved.
//! Uses over sources of foreign exchange,
//!
//! ```text
//! b_n = ln(imports_n + max(−D_n, 0)) − ln(exports_n + max(D_n, 0)),
//! ```
//!
//! stay of order one however small trade becomes and are nearly linear in ln ŵ, because gravity is. At given wages
//! prices and outputs are a contraction, brought to rest by Anderson's acceleration of the sweep itself; wages take
//! Broyden steps from a gravity Jacobian. How far to go is the caller's: near enough for Newton, or to the end, where an
//! error of 1e-6 in an output outweighs all trade and Newton's steps are hard won.

use super::buffers::{Buffers, Point};
use super::residual::{FLOOR, mean, worse};
use crate::equations::layout::{BlocksMut, Layout};
use crate::linear::dense::Lu;
use crate::linear::kernel::{add_scaled, dot};
use crate::model::calibration::Calibration;
use crate::parallel::Stop;

/// Where no economy's foreign exchange is further off than this, in logarithms, a solution is near: secants are kept even
/// where a step gained little.
const NEAR: f64 = 1e-3;
/// Below this error, steps that gain nothing are rounding's.
const ROUNDING: f64 = 1e-9;
/// Steps on wages before giving up.
const STEPS: usize = 80;
/// Sweeps to bring prices and outputs to rest.
const SETTLE: usize = 80;
/// Longest step of a wage, in logarithms.
const LONGEST: f64 = 0.5;

/// How secants ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Near enough for Newton.
    Near,
    /// There is no equilibrium: this economy would have to run a larger surplus than it earns.
    PaysMoreThanItEarns(usize),
    /// It did not get there.
    Lost,
}

/// How secants ended, and their work.
pub(crate) struct Secants {
    /// Sweeps that it took.
    pub sweeps: usize,
    /// Steps on wages.
    pub steps: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// Moves the buffers' point towards the solution, in at most `limit` steps on wages.
pub(crate) fn bring_near(
    calibration: &Calibration,
    buffers: &mut Buffers,
    goal: f64,
    limit: usize,
    stop: &Stop,
) -> Secants {
    let layout = Layout::new(calibration, buffers.point.costs.limits.len());
    let n = layout.n;
    let mut sweeps = 0;
    let mut jacobian: Vec<f64> = Vec::new();
    let mut last: Option<(Vec<f64>, Vec<f64>)> = None;
    let mut previous = f64::INFINITY;
    let mut tolerance = 1e-3;
    let (mut best, mut idle) = (f64::INFINITY, 0);
    let mut settled = true;
    let mut steps = 0;
    while steps < STEPS.min(limit) && !stop.is_stopped() {
        steps += 1;
        let (taken, at_rest) = settle(calibration, buffers, tolerance, stop);
        sweeps += taken;
        settled = at_rest;
        let balance: Vec<f64> = (0..n)
            .map(|i| {
                let (sources, uses) = (buffers.point.sweep.sources[i], buffers.point.sweep.uses[i]);
                log_ratio(uses, sources)
            })
            .collect();
        let error = balance.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        idle = if error > 0.5 * best { idle + 1 } else { 0 };
        best = best.min(error);
        if error.is_nan() || error <= goal || (error < ROUNDING && idle > 1) {
            break;
        }
        match &last {
            Some((step, before)) if error < 0.7 * previous || error < NEAR => {
                // Broyden's good update: the last step's secant, with what it left.
                let length = dot(step, step);
                for i in
                    (0..n).filter(|i| buffers.point.sweep.imports[*i] + buffers.point.sweep.exports[*i] > 0.0)
                {
                    let row = &mut jacobian[i * n..(i + 1) * n];
                    let miss = (balance[i] - before[i] - dot(row, step)) / length;
                    add_scaled(row, miss, step);
                }
            }
            _ => jacobian = gravity_jacobian(calibration, buffers),
        }
        let mut step: Vec<f64> = balance.iter().map(|b| -b).collect();
        Lu::factorise(n, jacobian.clone()).solve(&mut step);
        if step.iter().any(|step| !step.is_finite()) {
            break;
        }
        let wage = layout.split_mut(&mut buffers.z).wage;
        for (wage, step) in wage.iter_mut().zip(&mut step) {
            *step = step.clamp(-LONGEST, LONGEST);
            *wage += *step;
        }
        hold_bloc_incomes(calibration, buffers, &mut step);
        last = Some((step, balance));
        previous = error;
        tolerance = (1e-2 * error).clamp((0.2 * goal).min(1e-4), 1e-3);
    }
    let z = layout.split(&buffers.z);
    let outcome = if best > NEAR.max(goal) || !settled {
        Outcome::Lost
    } else {
        let spends = |i: &usize| z.income[*i] > 0.0;
        (0..n).find(|i| !spends(i)).map_or(Outcome::Near, Outcome::PaysMoreThanItEarns)
    };
    Secants { sweeps, steps, outcome }
}

/// Brings prices, outputs and incomes to rest at given wages; returns the sweeps taken and whether they came to rest.
fn settle(calibration: &Calibration, buffers: &mut Buffers, tolerance: f64, stop: &Stop) -> (usize, bool) {
    let layout = Layout::new(calibration, buffers.point.costs.limits.len());
    let mut prices = Anderson::default();
    let mut flows = Anderson::default();
    let mut mapped = Vec::with_capacity(layout.n + layout.pairs);
    for count in 1..=SETTLE {
        let Buffers { point, z, .. } = buffers;
        let Point { costs, sweep, .. } = point;
        sweep.evaluate(calibration, costs, z);
        let BlocksMut { hours, income, price, output, .. } = layout.split_mut(z);
        hours.copy_from_slice(&sweep.log_hours);
        let mean = mean(output);
        let pairs = price.iter().zip(&sweep.log_price);
        let price_error = pairs.fold(0.0_f64, |m, (old, new)| worse(m, old - new));
        let mut error = price_error;
        for (output, new) in output.iter().zip(&sweep.sales) {
            error = worse(error, (output - new) / new.abs().max(FLOOR * mean));
        }
        for (income, new) in income.iter().zip(&sweep.budget) {
            error = worse(error, (income - new) / new.abs());
        }
        if error <= tolerance || error.is_infinite() || stop.is_stopped() {
            return (count, error <= tolerance);
        }
        mapped.clear();
        mapped.extend_from_slice(&sweep.budget);
        mapped.extend_from_slice(&sweep.sales);
        if price_error > tolerance {
            // Flows only follow while prices still move: their own map is not at rest before.
            prices.advance(price, &sweep.log_price);
            income.copy_from_slice(&sweep.budget);
            output.copy_from_slice(&sweep.sales);
            continue;
        }
        price.copy_from_slice(&sweep.log_price);
        let mut level: Vec<f64> = income.iter().chain(output.iter()).copied().collect();
        flows.advance(&mut level, &mapped);
        // A budget may be negative on the way: wages of an economy that must run a large surplus fall first.
        income.copy_from_slice(&level[..layout.n]);
        output.copy_from_slice(&level[layout.n..]);
    }
    (SETTLE, false)
}

/// `ln(uses / sources)`, bounded where one has vanished in rounding; zero for an economy that does not trade.
fn log_ratio(uses: f64, sources: f64) -> f64 {
    if uses == 0.0 && sources == 0.0 {
        return 0.0;
    }
    (uses.max(f64::MIN_POSITIVE) / sources.max(f64::MIN_POSITIVE)).ln().clamp(-50.0, 50.0)
}

/// `∂b/∂ln ŵ` if unit costs moved one for one with the own wage and spending with income.
fn gravity_jacobian(calibration: &Calibration, buffers: &Buffers) -> Vec<f64> {
    let n = calibration.dimensions.economies;
    let sweep = &buffers.point.sweep;
    let mut sold = vec![0.0; n * n];
    let mut bought = vec![0.0; n * n];
    let mut share = vec![0.0; n];
    for pair in 0..calibration.dimensions.pairs() {
        for (share, cell) in share.iter_mut().zip(pair * n..) {
            *share = sweep.share(&buffers.point.costs, cell);
        }
        let (sector, importer) = (pair / n, pair % n);
        let theta = calibration.technology.trade_elasticity[sector];
        let mut total = 0.0;
        for exporter in (0..n).filter(|exporter| *exporter != importer) {
            let value =
                sweep.payment_share(&buffers.point.costs, pair * n + exporter) * sweep.expenditure[pair];
            if value == 0.0 {
                continue;
            }
            total += value;
            add_scaled(&mut sold[exporter * n..(exporter + 1) * n], theta * value, &share);
            sold[exporter * n + exporter] -= theta * value;
            sold[exporter * n + importer] += value;
            bought[importer * n + exporter] -= theta * value;
        }
        add_scaled(&mut bought[importer * n..(importer + 1) * n], theta * total, &share);
        bought[importer * n + importer] += total;
    }
    let mut jacobian = vec![0.0; n * n];
    for i in 0..n {
        let (sources, uses) = (sweep.sources[i], sweep.uses[i]);
        let row = &mut jacobian[i * n..(i + 1) * n];
        if sources > 0.0 && uses > 0.0 {
            add_scaled(row, 1.0 / uses, &bought[i * n..(i + 1) * n]);
            add_scaled(row, -1.0 / sources, &sold[i * n..(i + 1) * n]);
        } else if sources > 0.0 || uses > 0.0 {
            // Priced out of all markets, or all others out of its own: any slope shows the way back.
            row[i] = 10.0;
        } else {
            row[i] = 1.0;
            continue;
        }
        // All wages of a bloc together change nothing: pin that direction.
        let bloc = calibration.bloc[i];
        for k in (0..n).filter(|k| calibration.bloc[*k] == bloc) {
            row[k] += sweep.labour_income[k] / sweep.bloc_income[bloc];
        }
    }
    jacobian
}

/// Rescales wages so that each bloc's labour income stands at its benchmark, and adds the shift to the step.
fn hold_bloc_incomes(calibration: &Calibration, buffers: &mut Buffers, step: &mut [f64]) {
    let z = Layout::new(calibration, buffers.point.costs.limits.len()).split_mut(&mut buffers.z);
    let n = z.wage.len();
    let (mut benchmark, mut now) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        benchmark[calibration.bloc[i]] += calibration.labour_income[i];
        now[calibration.bloc[i]] += calibration.labour_income[i] * (z.wage[i] + z.hours[i]).exp();
    }
    for i in 0..n {
        let bloc = calibration.bloc[i];
        let shift = (benchmark[bloc] / now[bloc]).ln();
        z.wage[i] += shift;
        step[i] += shift;
    }
}

/// Anderson's acceleration of a fixed point over a short memory.
#[derive(Default)]
struct Anderson {
    points: Vec<Vec<f64>>,
    residuals: Vec<Vec<f64>>,
    last: Option<(Vec<f64>, Vec<f64>)>,
    count: usize,
}

impl Anderson {
    const MEMORY: usize = 6;

    /// Replaces `x` by the accelerated successor of `x → mapped`.
    fn advance(&mut self, x: &mut [f64], mapped: &[f64]) {
        let residual: Vec<f64> = mapped.iter().zip(x.iter()).map(|(new, old)| new - old).collect();
        if let Some((old, before)) = &self.last {
            let slot = self.count % Self::MEMORY;
            if self.points.len() <= slot {
                self.points.push(Vec::new());
                self.residuals.push(Vec::new());
            }
            self.points[slot] = x.iter().zip(old).map(|(a, b)| a - b).collect();
            self.residuals[slot] = residual.iter().zip(before).map(|(a, b)| a - b).collect();
            self.count += 1;
        }
        self.last = Some((x.to_vec(), residual.clone()));
        let m = self.points.len();
        let scale: Vec<f64> =
            self.residuals.iter().map(|r| dot(r, r).sqrt().max(f64::MIN_POSITIVE)).collect();
        let mut gram = vec![0.0; m * m];
        for a in 0..m {
            for b in 0..m {
                gram[a * m + b] = dot(&self.residuals[a], &self.residuals[b]) / (scale[a] * scale[b]);
            }
            gram[a * m + a] += 1e-12;
        }
        let mut weight: Vec<f64> = (0..m).map(|a| dot(&self.residuals[a], &residual) / scale[a]).collect();
        Lu::factorise(m, gram).solve(&mut weight);
        x.copy_from_slice(mapped);
        for a in 0..m {
            let weight = weight[a] / scale[a];
            if weight.is_finite() {
                add_scaled(x, -weight, &self.points[a]);
                add_scaled(x, -weight, &self.residuals[a]);
            }
        }
    }
}
