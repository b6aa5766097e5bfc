//! Newton's method for far places: slower steps, surer ones.
//!
//! It differs from [`newton`](super::newton) in four ways. Linear systems that the structured preconditioner leaves to more
//! than a few directions are preconditioned by a factorisation of the whole derivative, kept while it serves. Outputs move
//! in logarithms, each by its own bounded step, because with free entry a sector's sales are a power of its output. What is
//! judged is a norm in which the outputs of a sector that is emptying count for less as they vanish: its equation never
//! comes to rest before its output does. And a step may pass through a norm that is no lower than the last, as long as it is
//! below the largest of the last few, so that a kink between suppliers does not hold it.

use super::buffers::{Buffers, Point};
use super::newton::WorkCount;
use super::residual::{FLOOR, evaluate};
use super::solver::Solver;
use super::status::Status;
use crate::derivatives::linearisation::{ForwardBuffers, Linearisation};
use crate::derivatives::preconditioner::Preconditioner;
use crate::equations::layout::Layout;
use crate::linear::dense::Lu;
use crate::linear::kernel::dot;
use crate::parallel::Stop;

/// Longest step of a wage, a price or a wedge, in logarithms; all others shrink with it.
const LONGEST_STEP: f64 = 1.5;
/// Longest step of an output or an income, in logarithms, each by itself.
const LONGEST_LEVEL_STEP: f64 = 2.5;
/// Krylov directions that are cheaper than a factorisation.
const FEW: usize = 25;
/// Krylov directions at most.
const MANY: usize = 120;
/// Unknowns up to which the whole derivative is factorised.
const LARGEST_DENSE: usize = 3000;
/// Steps over which the norm has to fall.
const MEMORY: usize = 4;
/// Sales below this share of an output's scale are below all tolerances.
const COUNTS: f64 = 1e-13;
/// Outputs below this share of their sector's mean count for less.
const VANISHING: f64 = 1e-3;

/// What is kept from one solve to the next.
#[derive(Default)]
pub(crate) struct DampedNewton {
    dense: Option<Lu>,
    structured: Option<Preconditioner>,
    step: Vec<f64>,
    weight: Vec<f64>,
    /// Whether sectors that make next to nothing may grow from there, and count in full.
    from_nothing: bool,
    /// Which outputs' equations are read in logarithms at this step, N·S.
    in_logarithms: Vec<bool>,
}

impl DampedNewton {
    /// One with which sectors that make next to nothing may grow from there, and count in full.
    pub fn from_nothing() -> Self {
        Self { from_nothing: true, ..Self::default() }
    }

    /// Moves the buffers' point to a solution, in at most `steps` steps.
    pub fn solve(
        &mut self,
        solver: &Solver,
        tolerance: f64,
        steps: usize,
        buffers: &mut Buffers,
        work: &mut WorkCount,
    ) -> Status {
        let layout = Layout::new(solver, buffers.point.costs.limits.len());
        let mut largest = evaluate(solver, buffers, false);
        work.evaluations += 1;
        self.weigh(solver, layout, buffers);
        self.in_logarithms.clear();
        let mut last = vec![self.norm(layout, buffers, false)];
        for _ in 0..steps {
            if largest <= tolerance {
                return Status::Converged;
            }
            if work.is_stopped() {
                break;
            }
            work.step(largest);
            self.read_in_logarithms(solver, layout, buffers);
            if let (true, Some(last)) = (self.from_nothing, last.last_mut()) {
                // Read as this step's will be.
                *last = self.norm(layout, buffers, false);
            }
            if !self.direction(solver, layout, buffers, work) {
                break;
            }
            let mut length = 1.0_f64;
            let longest = {
                let step = layout.split(&self.step);
                let moved = step.wage.iter().chain(step.price).chain(step.limit).chain(step.hours);
                moved.fold(0.0_f64, |m, v| m.max(v.abs()))
            };
            if longest > LONGEST_STEP {
                length = LONGEST_STEP / longest;
            }
            self.weigh(solver, layout, buffers);
            let bar = last.iter().rev().take(MEMORY).fold(0.0_f64, |m, v| m.max(*v));
            let mut accepted = None;
            for _ in 0..25 {
                self.move_by(solver, layout, buffers, length);
                let candidate = evaluate(solver, buffers, true);
                work.evaluations += 1;
                let size = self.norm(layout, buffers, true);
                if candidate <= tolerance || (candidate.is_finite() && size <= (1.0 - 1e-4 * length) * bar) {
                    accepted = Some((candidate, size));
                    break;
                }
                length *= 0.5;
            }
            let Some((candidate, size)) = accepted else { break };
            largest = candidate;
            last.push(size);
            std::mem::swap(&mut buffers.z, &mut buffers.trial);
        }
        if largest <= tolerance {
            return Status::Converged;
        }
        evaluate(solver, buffers, false);
        work.evaluations += 1;
        Status::Stalled
    }

    /// Weights of the residuals: one, but less for outputs that vanish.
    fn weigh(&mut self, solver: &Solver, layout: Layout, buffers: &Buffers) {
        self.weight.clear();
        self.weight.resize(layout.len(), 1.0);
        if self.from_nothing {
            return;
        }
        let z = layout.split(&buffers.z);
        let weight = layout.split_mut(&mut self.weight).output;
        let n = layout.n;
        for s in 0..solver.dimensions.sectors {
            let pairs = s * n..(s + 1) * n;
            let mean = z.output[pairs.clone()].iter().sum::<f64>() / n as f64;
            for pair in pairs {
                weight[pair] = z.output[pair] / (z.output[pair] + VANISHING * mean).max(f64::MIN_POSITIVE);
            }
        }
    }

    /// With economies of scale, writes the residuals `ln Y − ln sales` of outputs where there is some output and some is sold, or, where
    /// sectors may grow from nothing, where there is next to none and more is sold: in levels Newton's method would find that nothing
    /// sells nothing.
    fn read_in_logarithms(&mut self, solver: &Solver, layout: Layout, buffers: &mut Buffers) {
        self.in_logarithms.clear();
        self.in_logarithms.resize(layout.pairs, false);
        if !solver.technology.has_scale() {
            return;
        }
        let power = &solver.technology.output_power;
        let output = layout.split(&buffers.z).output;
        let residual = layout.split_mut(&mut buffers.residual).output;
        for (pair, reads) in self.in_logarithms.iter_mut().enumerate() {
            let (output, sales, scale) =
                (output[pair], buffers.point.sweep.sales[pair], buffers.point.output_scale[pair]);
            let grows = output > 0.0 && sales > output.max(COUNTS * scale);
            let grows = grows && (self.from_nothing || settles(power[pair]));
            *reads = output >= scale && sales > FLOOR * scale || grows;
            if *reads {
                residual[pair] = (output / sales).ln().max(-LONGEST_LEVEL_STEP);
            }
        }
    }

    /// The weighted norm of the residuals at the point, or at the trial, last evaluated; from nothing in logarithms where they are read so: on
    /// its way up a sector's level residual grows.
    fn norm(&self, layout: Layout, buffers: &Buffers, trial: bool) -> f64 {
        let residual = buffers.residual.iter().zip(&self.weight);
        let mut sum: f64 = residual.map(|(r, w)| (r * w) * (r * w)).sum();
        if self.from_nothing {
            let output = layout.split(if trial { &buffers.trial } else { &buffers.z }).output;
            let residual = layout.split(&buffers.residual).output;
            for (pair, _) in self.in_logarithms.iter().enumerate().filter(|(_, reads)| **reads) {
                let log = (output[pair] / buffers.point.sweep.sales[pair].max(f64::MIN_POSITIVE)).ln();
                sum += log * log - residual[pair] * residual[pair];
            }
        }
        sum.max(0.0).sqrt()
    }

    /// Solves for the step; whether one was found.
    fn direction(
        &mut self,
        solver: &Solver,
        layout: Layout,
        buffers: &mut Buffers,
        work: &mut WorkCount,
    ) -> bool {
        for attempt in 0..2 {
            let Buffers { point, z, residual, step, forward, preconditioning, gmres, .. } = buffers;
            let at = point.linearisation(solver);
            let rows = Rows { at: &at, output: layout.split(z).output, in_logarithms: &self.in_logarithms };
            if attempt == 1 {
                if layout.len() > LARGEST_DENSE {
                    self.structured = Some(Preconditioner::new(&at));
                } else {
                    self.dense = rows.factorise(layout, forward, &work.control.stop);
                    work.products += layout.len() / 10;
                    if self.dense.is_none() {
                        return false;
                    }
                }
            }
            let limit = if attempt == 1 || layout.len() > LARGEST_DENSE { MANY } else { FEW };
            let structured = self.structured.as_ref().or(solver.preconditioner_at_data());
            let outcome = gmres.solve(residual, step, 1e-4, limit, |v, x, y| {
                match (&self.dense, structured) {
                    (Some(dense), _) => {
                        x.copy_from_slice(v);
                        dense.solve(x);
                    }
                    (None, Some(structured)) => structured.apply(&at, v, x, y, preconditioning, forward),
                    (None, None) => x.copy_from_slice(v),
                }
                rows.apply(layout, x, y, forward);
            });
            work.products += 2 * outcome.iterations;
            let good = outcome.iterations > 0 && outcome.relative_residual < 1e-2;
            if good && (attempt == 1 || outcome.relative_residual <= 1e-4) {
                self.step.clone_from(step);
                return step.iter().all(|step| step.is_finite());
            }
            self.dense = None;
        }
        self.step.clone_from(&buffers.step);
        self.step.iter().all(|step| step.is_finite()) && dot(&self.step, &self.step) > 0.0
    }

    /// `trial = z − length · step`, outputs and incomes each within its own bound.
    fn move_by(&self, solver: &Solver, layout: Layout, buffers: &mut Buffers, length: f64) {
        let Buffers { point, z, trial, .. } = buffers;
        let Point { income_scale, output_scale, .. } = point;
        let (z, step, to) = (layout.split(z), layout.split(&self.step), layout.split_mut(trial));
        for i in 0..layout.n {
            to.wage[i] = z.wage[i] - length * step.wage[i];
            to.hours[i] = z.hours[i] - length * step.hours[i];
            to.income[i] = (z.income[i] - length * step.income[i] * income_scale[i]).max(0.1 * z.income[i]);
        }
        for pair in 0..layout.pairs {
            to.price[pair] = z.price[pair] - length * step.price[pair];
            let change = length * step.output[pair] * output_scale[pair];
            let output = z.output[pair];
            let entry = solver.technology.output_power.get(pair).is_some_and(|power| *power > 0.0);
            to.output[pair] = if entry && self.in_logarithms[pair] {
                output * (-change / output).clamp(-LONGEST_LEVEL_STEP, LONGEST_LEVEL_STEP).exp()
            } else {
                // A sector that is emptying may do so fast.
                (output - change).max(if entry { 1e-3 } else { 0.1 } * output)
            };
        }
        for k in 0..layout.limits {
            to.limit[k] = z.limit[k] - length * step.limit[k];
        }
    }
}

/// Whether a sector of this power of output in its own sales has an output of its own however small, at which entry just pays; at one
/// it grows or dies.
pub(crate) fn settles(power: f64) -> bool {
    power < 0.999
}

/// The derivative's rows, outputs' in logarithms where they are read so.
struct Rows<'a> {
    at: &'a Linearisation<'a>,
    output: &'a [f64],
    in_logarithms: &'a [bool],
}

impl Rows<'_> {
    fn apply(&self, layout: Layout, x: &[f64], y: &mut [f64], forward: &mut ForwardBuffers) {
        self.at.apply(x, y, forward);
        let (x, y) = (layout.split(x).output, layout.split_mut(y).output);
        for pair in (0..layout.pairs).filter(|pair| self.in_logarithms[*pair]) {
            let (scale, sales) = (self.at.output_scale[pair], self.at.sweep.sales[pair]);
            y[pair] = (y[pair] - x[pair]) * scale / sales + x[pair] * scale / self.output[pair];
        }
    }

    /// Factorises the whole derivative, formed column by column; none where that was stopped.
    fn factorise(&self, layout: Layout, forward: &mut ForwardBuffers, stop: &Stop) -> Option<Lu> {
        let size = layout.len();
        let (mut x, mut y) = (vec![0.0; size], vec![0.0; size]);
        let mut matrix = vec![0.0; size * size];
        for column in 0..size {
            if stop.is_stopped() {
                return None;
            }
            x[column] = 1.0;
            self.apply(layout, &x, &mut y, forward);
            x[column] = 0.0;
            for (row, value) in y.iter().enumerate() {
                matrix[row * size + column] = *value;
            }
        }
        Lu::factorise_unless(size, matrix, || stop.is_stopped())
    }
}
