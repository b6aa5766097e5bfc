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
//! Broyden steps from a gravity Jacobian. This stops at [`NEAR`]: the rest is Newton's.

use super::dense::Lu;
use super::kernel::{add_scaled, dot};
use super::layout::{BlocksMut, Layout};
use super::workspace::Workspace;
use crate::calibration::Calibration;

/// Newton takes over where no economy's foreign exchange is further off than this, in logarithms.
const NEAR: f64 = 1e-2;
/// Steps on wages before giving up.
const STEPS: usize = 80;
/// Sweeps to bring prices and outputs to rest.
const SETTLE: usize = 80;
/// Longest step of a wage, in logarithms.
const LONGEST: f64 = 0.5;

/// How an approach ended.
pub(crate) struct Approach {
    /// Sweeps that it took.
    pub sweeps: usize,
    /// Whether every economy earns more than its fixed surplus asks for: a root with a negative budget is no equilibrium.
    pub feasible: bool,
}

/// Moves the workspace's point towards the solution.
pub(crate) fn approach(calibration: &Calibration, space: &mut Workspace) -> Approach {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let n = layout.n;
    let mut sweeps = 0;
    let mut jacobian: Vec<f64> = Vec::new();
    let mut last: Option<(Vec<f64>, Vec<f64>)> = None;
    let mut previous = f64::INFINITY;
    let mut tolerance = 1e-3;
    for _ in 0..STEPS {
        sweeps += settle(calibration, space, tolerance);
        let balance: Vec<f64> = (0..n)
            .map(|i| {
                let (sources, uses) = (space.sweep.sources[i], space.sweep.uses[i]);
                if sources > 0.0 && uses > 0.0 { (uses / sources).ln() } else { 0.0 }
            })
            .collect();
        let error = balance.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if error.is_nan() || error <= NEAR {
            break;
        }
        match &last {
            Some((step, before)) if error < 0.7 * previous => {
                // Broyden's good update: the last step's secant, with what it left.
                let length = dot(step, step);
                for i in 0..n {
                    let row = &mut jacobian[i * n..(i + 1) * n];
                    let miss = (balance[i] - before[i] - dot(row, step)) / length;
                    add_scaled(row, miss, step);
                }
            }
            _ => jacobian = gravity_jacobian(calibration, space),
        }
        let mut step: Vec<f64> = balance.iter().map(|b| -b).collect();
        Lu::factorise(n, jacobian.clone()).solve(&mut step);
        let longest = step.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if !longest.is_finite() {
            break;
        }
        let length = (LONGEST / longest).min(1.0);
        let wage = layout.split_mut(&mut space.z).wage;
        for (wage, step) in wage.iter_mut().zip(&mut step) {
            *step *= length;
            *wage += *step;
        }
        let rescaled = hold_world_income(calibration, space);
        step.iter_mut().for_each(|step| *step += rescaled);
        last = Some((step, balance));
        previous = error;
        tolerance = (1e-2 * error).clamp(1e-4, 1e-3);
    }
    let z = layout.split(&space.z);
    Approach { sweeps, feasible: z.income.iter().all(|income| *income > 0.0) }
}

/// Brings prices, outputs and incomes to rest at given wages; returns the sweeps taken.
fn settle(calibration: &Calibration, space: &mut Workspace, tolerance: f64) -> usize {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let mut prices = Anderson::default();
    let mut flows = Anderson::default();
    let mut mapped = Vec::with_capacity(layout.n + layout.pairs);
    for count in 1..=SETTLE {
        let Workspace { costs, sweep, z, .. } = space;
        sweep.evaluate(calibration, costs, z);
        let BlocksMut { hours, income, price, output, .. } = layout.split_mut(z);
        hours.copy_from_slice(&sweep.log_hours);
        let mean = output.iter().sum::<f64>() / output.len() as f64;
        let price_error =
            price.iter().zip(&sweep.log_price).fold(0.0_f64, |m, (old, new)| m.max((old - new).abs()));
        let mut error = price_error;
        for (output, new) in output.iter().zip(&sweep.sales) {
            error = error.max((output - new).abs() / new.abs().max(1e-6 * mean));
        }
        for (income, new) in income.iter().zip(&sweep.budget) {
            error = error.max((income - new).abs() / new.abs());
        }
        if error.is_nan() || error <= tolerance {
            return count;
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
    SETTLE
}

/// `∂b/∂ln ŵ` if unit costs moved one for one with the own wage and spending with income.
fn gravity_jacobian(calibration: &Calibration, space: &Workspace) -> Vec<f64> {
    let n = calibration.dimensions.economies;
    let sweep = &space.sweep;
    let mut sold = vec![0.0; n * n];
    let mut bought = vec![0.0; n * n];
    for (pair, share) in sweep.share.chunks_exact(n).enumerate() {
        let (sector, importer) = (pair / n, pair % n);
        let theta = calibration.technology.trade_elasticity[sector];
        let border = &sweep.payment_share[pair * n..(pair + 1) * n];
        let mut total = 0.0;
        for exporter in (0..n).filter(|exporter| *exporter != importer) {
            let value = border[exporter] * sweep.expenditure[pair];
            if value == 0.0 {
                continue;
            }
            total += value;
            add_scaled(&mut sold[exporter * n..(exporter + 1) * n], theta * value, share);
            sold[exporter * n + exporter] -= theta * value;
            sold[exporter * n + importer] += value;
            bought[importer * n + exporter] -= theta * value;
        }
        add_scaled(&mut bought[importer * n..(importer + 1) * n], theta * total, share);
        bought[importer * n + importer] += total;
    }
    let world: f64 = sweep.labour_income.iter().sum();
    let mut jacobian = vec![0.0; n * n];
    for i in 0..n {
        let (sources, uses) = (sweep.sources[i], sweep.uses[i]);
        let row = &mut jacobian[i * n..(i + 1) * n];
        if sources > 0.0 && uses > 0.0 {
            add_scaled(row, 1.0 / uses, &bought[i * n..(i + 1) * n]);
            add_scaled(row, -1.0 / sources, &sold[i * n..(i + 1) * n]);
        } else {
            row[i] = 1.0;
        }
        // All wages together change nothing: pin that direction.
        for (entry, income) in row.iter_mut().zip(&sweep.labour_income) {
            *entry += income / world;
        }
    }
    jacobian
}

/// Rescales wages so that world labour income stands at its benchmark; returns the shift of their logarithms.
fn hold_world_income(calibration: &Calibration, space: &mut Workspace) -> f64 {
    let z = Layout::new(calibration, space.costs.limits.len()).split_mut(&mut space.z);
    let benchmark: f64 = calibration.labour_income.iter().sum();
    let world: f64 =
        (0..z.wage.len()).map(|i| calibration.labour_income[i] * (z.wage[i] + z.hours[i]).exp()).sum();
    let shift = (benchmark / world).ln();
    z.wage.iter_mut().for_each(|wage| *wage += shift);
    shift
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
