//! Firms on the move: the way on where the equilibrium that was followed has ceased to exist.
//!
//! Every sector's scale, in the term `ε ln Y°` of exporters' weights, follows what the sector makes while all else clears,
//! `d ln Y°/dt = ln Y(Y°) − ln Y°`, in implicit steps (pseudo-transient continuation). A step of length Δ ends at
//! `ln Y° = (ln Y°_before + Δ ln Y)/(1+Δ)`, which makes it an equilibrium of the same model with `Δ/(1+Δ)` of its scale and
//! weights shifted by what is left of the scale before: one that Newton finds from the step before. Where the dynamics come to rest
//! the scale is the output, and the equilibrium is one that entry does not leave.
//!
//! No scale falls below [`LEAST`] of the mean output: a sector that stands there and makes no more is held (the complementarity of
//! entry), one that makes more leaves. Steps lengthen while scales hardly change.

use super::buffers::Buffers;
use super::damped_newton::{DampedNewton, settles};
use super::newton::WorkCount;
use super::residual::{FLOOR, evaluate, mean};
use super::solver::Solver;
use crate::equations::layout::Layout;
use crate::model::calibration::SolveSettings;

/// Least scale of a sector on the move, as a share of the mean: too little to count, enough to come back from.
const LEAST: f64 = 1e-12;
/// First step, and the shortest and longest.
const STEP: (f64, f64, f64) = (1.0, 1e-3, 1e6);
/// Change of a scale, in logarithms, that a step is to make.
const CHANGE: f64 = 1.0;
/// Newton steps within each.
const NEWTON: usize = 10;
/// Residual asked of points on the way.
const ROUGH: f64 = 1e-7;
/// Where a movement has come so near to rest that Newton takes over.
const AT_REST: f64 = 1e-8;
/// Outputs below this share of their sector's mean count for less.
const VANISHING: f64 = 1e-3;

/// The scales, ln Ŷ° of every pair, at which the buffers' point solves the model, if it does with this `share` of scale.
pub(crate) fn scales(solver: &Solver, share: f64, buffers: &Buffers) -> Vec<f64> {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let output = layout.split(&buffers.z).output;
    let least = least(solver, output);
    (0..layout.pairs)
        .map(|pair| {
            let moves = solver.technology.output_power[pair] > 0.0;
            let hat = output[pair] / solver.output[pair];
            if moves { (share * hat.ln()).max(least[pair]) } else { 0.0 }
        })
        .collect()
}

/// ln Ŷ of the least output, N·S.
fn least(solver: &Solver, output: &[f64]) -> Vec<f64> {
    let floor = LEAST * mean(output);
    solver.output.iter().map(|data| (floor / data).ln()).collect()
}

/// The same model with scales held where they are.
pub(crate) fn held_at(solver: &Solver, scale: &[f64], buffers: &mut Buffers) -> Solver {
    hold(solver, scale, 1.0, &mut buffers.point.costs.log_scale);
    solver.part(solver.with_scale(0.0))
}

/// Holds this share of the scales.
fn hold(solver: &Solver, scale: &[f64], share: f64, log_scale: &mut Vec<f64>) {
    log_scale.clear();
    log_scale.extend(solver.technology.output_power.iter().zip(scale).map(|(e, y)| share * e * y));
}

/// Lets scales move from these, at most `steps` times, the buffers' point being near the solution that goes with them; returns which
/// sectors end with nothing.
pub(crate) fn evolve(
    solver: &Solver,
    scale: Vec<f64>,
    settings: &SolveSettings,
    steps: usize,
    buffers: &mut Buffers,
    work: &mut WorkCount,
) -> Vec<bool> {
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let mut damped = DampedNewton::from_nothing();
    let mut partly = solver.part(solver.with_scale(0.0));
    let least = least(solver, layout.split(&buffers.z).output);
    let mut motion = Motion { scale, least, held: vec![false; layout.pairs] };
    let mut step = STEP.0;
    for _ in 0..steps {
        let left = work.left(settings);
        if left == 0 || step < STEP.1 {
            break;
        }
        let part = step / (1.0 + step);
        partly.calibration_mut().scale_as(solver, part);
        hold(solver, &motion.scale, 1.0 - part, &mut buffers.point.costs.log_scale);
        motion.raise(solver, layout, &mut buffers.z);
        let before = buffers.z.clone();
        let tolerance = ROUGH.max(settings.tolerance);
        if !damped.solve(&partly, tolerance, NEWTON.min(left), buffers, work).is_converged() {
            buffers.z.clone_from(&before);
            step *= 0.3;
            continue;
        }
        let (change, rest) = motion.advance(solver, layout, part, &buffers.z);
        if rest < AT_REST {
            break;
        }
        step = (step * (CHANGE / change).clamp(0.5, 4.0)).min(STEP.2);
    }
    buffers.point.costs.log_scale.clear();
    evaluate(solver, buffers, false);
    work.evaluations += 1;
    motion.empty(solver)
}

/// Where scales stand.
struct Motion {
    /// ln Ŷ° of every pair, N·S.
    scale: Vec<f64>,
    /// Its least.
    least: Vec<f64>,
    /// Whether the sector makes next to nothing, and no more than its scale.
    held: Vec<bool>,
}

impl Motion {
    /// Which sectors end with nothing: those held at the least scale, unless factors that cannot leave keep them, or less than proportional
    /// scale does.
    fn empty(&self, solver: &Solver) -> Vec<bool> {
        let mobile = solver.technology.factor_power.is_empty();
        let power = &solver.technology.output_power;
        (0..self.held.len())
            .map(|pair| {
                mobile && !settles(power[pair]) && self.held[pair] && self.scale[pair] <= self.least[pair]
            })
            .collect()
    }

    /// Lifts outputs to the least scale: what they are below that counts for nothing, but would count in steps that are taken in logarithms.
    fn raise(&self, solver: &Solver, layout: Layout, z: &mut [f64]) {
        for (pair, output) in layout.split_mut(z).output.iter_mut().enumerate() {
            if solver.technology.output_power[pair] > 0.0 {
                *output = output.max(solver.output[pair] * self.least[pair].exp());
            }
        }
    }

    /// Moves scales by a part of the way to the outputs of `z`; returns the largest change, less for sectors that vanish, and how far any that
    /// counts is still to go, both in logarithms.
    fn advance(&mut self, solver: &Solver, layout: Layout, part: f64, z: &[f64]) -> (f64, f64) {
        let (n, output) = (layout.n, layout.split(z).output);
        let least = FLOOR * mean(output);
        let (mut largest, mut rest) = (0.0_f64, 0.0_f64);
        for s in 0..solver.dimensions.sectors {
            let mean = mean(&output[s * n..(s + 1) * n]);
            for pair in (s * n..(s + 1) * n).filter(|pair| solver.technology.output_power[*pair] > 0.0) {
                let made = output[pair].max(f64::MIN_POSITIVE);
                let target = (made / solver.output[pair]).ln();
                let before = self.scale[pair];
                let after = (before + part * (target - before)).max(self.least[pair]);
                self.scale[pair] = after;
                self.held[pair] = made < least && target <= after;
                let weight = made / (made + VANISHING * mean).max(f64::MIN_POSITIVE);
                largest = largest.max(weight * (after - before).abs());
                if !self.held[pair] {
                    rest = rest.max((target - after).abs());
                }
            }
        }
        (largest, rest)
    }
}
