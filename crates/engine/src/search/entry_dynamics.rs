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

use super::buffers::Workspace;
use super::damped_newton::{Patient, settles};
use super::newton::Work;
use super::residual::{FLOOR, evaluate, mean};
use crate::equations::layout::Layout;
use crate::model::calibration::{Calibration, SolveSettings};

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

/// The scales, ln Ŷ° of every pair, at which the workspace's point solves the model, if it does with this `share` of scale.
pub(crate) fn scales(calibration: &Calibration, share: f64, space: &Workspace) -> Vec<f64> {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let output = layout.split(&space.z).output;
    let least = least(calibration, output);
    (0..layout.pairs)
        .map(|pair| {
            let moves = calibration.technology.output_power[pair] > 0.0;
            let hat = output[pair] / calibration.output[pair];
            if moves { (share * hat.ln()).max(least[pair]) } else { 0.0 }
        })
        .collect()
}

/// ln Ŷ of the least output, N·S.
fn least(calibration: &Calibration, output: &[f64]) -> Vec<f64> {
    let floor = LEAST * mean(output);
    calibration.output.iter().map(|data| (floor / data).ln()).collect()
}

/// The same model with scales held where they are.
pub(crate) fn held_at(calibration: &Calibration, scale: &[f64], space: &mut Workspace) -> Calibration {
    hold(calibration, scale, 1.0, &mut space.costs.log_scale);
    calibration.with_scale(0.0)
}

/// Holds this share of the scales.
fn hold(calibration: &Calibration, scale: &[f64], share: f64, log_scale: &mut Vec<f64>) {
    log_scale.clear();
    log_scale.extend(calibration.technology.output_power.iter().zip(scale).map(|(e, y)| share * e * y));
}

/// Lets scales move from these, at most `steps` times, the workspace's point being near the solution that goes with them; returns which
/// sectors end with nothing.
pub(crate) fn evolve(
    calibration: &Calibration,
    scale: Vec<f64>,
    settings: &SolveSettings,
    steps: usize,
    space: &mut Workspace,
    work: &mut Work,
) -> Vec<bool> {
    let layout = Layout::new(calibration, space.costs.limits.len());
    let mut patient = Patient::from_nothing();
    let mut partly = calibration.with_scale(0.0);
    let least = least(calibration, layout.split(&space.z).output);
    let mut motion = Motion { scale, least, held: vec![false; layout.pairs] };
    let mut step = STEP.0;
    for _ in 0..steps {
        let left = work.left(settings);
        if left == 0 || step < STEP.1 {
            break;
        }
        let part = step / (1.0 + step);
        partly.scale_as(calibration, part);
        hold(calibration, &motion.scale, 1.0 - part, &mut space.costs.log_scale);
        motion.raise(calibration, layout, &mut space.z);
        let before = space.z.clone();
        let tolerance = ROUGH.max(settings.tolerance);
        if !patient.solve(&partly, tolerance, NEWTON.min(left), space, work).is_converged() {
            space.z.clone_from(&before);
            step *= 0.3;
            continue;
        }
        let (change, rest) = motion.advance(calibration, layout, part, &space.z);
        if rest < AT_REST {
            break;
        }
        step = (step * (CHANGE / change).clamp(0.5, 4.0)).min(STEP.2);
    }
    space.costs.log_scale.clear();
    evaluate(calibration, space, false);
    work.evaluations += 1;
    motion.empty(calibration)
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
    fn empty(&self, calibration: &Calibration) -> Vec<bool> {
        let mobile = calibration.technology.factor_power.is_empty();
        let power = &calibration.technology.output_power;
        (0..self.held.len())
            .map(|pair| {
                mobile && !settles(power[pair]) && self.held[pair] && self.scale[pair] <= self.least[pair]
            })
            .collect()
    }

    /// Lifts outputs to the least scale: what they are below that counts for nothing, but would count in steps that are taken in logarithms.
    fn raise(&self, calibration: &Calibration, layout: Layout, z: &mut [f64]) {
        for (pair, output) in layout.split_mut(z).output.iter_mut().enumerate() {
            if calibration.technology.output_power[pair] > 0.0 {
                *output = output.max(calibration.output[pair] * self.least[pair].exp());
            }
        }
    }

    /// Moves scales by a part of the way to the outputs of `z`; returns the largest change, less for sectors that vanish, and how far any that
    /// counts is still to go, both in logarithms.
    fn advance(&mut self, calibration: &Calibration, layout: Layout, part: f64, z: &[f64]) -> (f64, f64) {
        let (n, output) = (layout.n, layout.split(z).output);
        let least = FLOOR * mean(output);
        let (mut largest, mut rest) = (0.0_f64, 0.0_f64);
        for s in 0..calibration.dimensions.sectors {
            let mean = mean(&output[s * n..(s + 1) * n]);
            for pair in (s * n..(s + 1) * n).filter(|pair| calibration.technology.output_power[*pair] > 0.0) {
                let made = output[pair].max(f64::MIN_POSITIVE);
                let target = (made / calibration.output[pair]).ln();
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
