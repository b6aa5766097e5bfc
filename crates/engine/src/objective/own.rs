//! Objectives that are a function of the asker's own: of a few named outcomes of one equilibrium, by values and, where it gives them, slopes.
//!
//! Games read payoffs as logarithms. The function's value counts as percent, so that a function that is an economy's welfare has the payoff
//! that welfare has: `v = ln(1 + (f − f⁰)/100)`, f⁰ its value at the baseline. A function of money may lose more than all; below half of a
//! hundred the logarithm goes on as the parabola with its value, slope and bend there, so that more is always better.

use std::fmt;
use std::sync::Arc;

/// Step of differences over the size of an outcome: what balances rounding and bending.
const STEP: f64 = 1e-5;
/// Where the logarithm ends, as a share.
const HALF: f64 = -0.5;

/// A function of outcomes.
pub trait OutcomeFunction: fmt::Debug + Send + Sync {
    /// Its value; not a number where it has none.
    fn value(&self, outcomes: &[f64]) -> f64;

    /// Its slope in each outcome. `false`: not offered; differences of values are then taken.
    fn slopes(&self, _outcomes: &[f64], _slopes: &mut [f64]) -> bool {
        false
    }
}

/// How an outcome is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read {
    /// Its value at the baseline.
    pub baseline: f64,
    /// Whether the function is told its change from the baseline in percent, or the number itself.
    pub percent: bool,
}

impl Read {
    fn told(&self, value: f64) -> f64 {
        if self.percent { 100.0 * (value / self.baseline - 1.0) } else { value }
    }

    /// What the function is told moves by, with the number itself.
    fn slope(&self) -> f64 {
        if self.percent { 100.0 / self.baseline } else { 1.0 }
    }

    fn step(&self) -> f64 {
        let size = if self.percent || self.baseline == 0.0 { 1.0 } else { self.baseline.abs() };
        STEP * size
    }
}

/// A function of outcomes, how it is told them, and where its gains are counted from.
#[derive(Clone, Debug)]
pub struct FunctionOfOutcomes {
    reads: Vec<Read>,
    function: Arc<dyn OutcomeFunction>,
    at_baseline: f64,
}

impl PartialEq for FunctionOfOutcomes {
    /// The same function, not one that happens to say the same.
    fn eq(&self, other: &Self) -> bool {
        self.reads == other.reads && Arc::ptr_eq(&self.function, &other.function)
    }
}

impl FunctionOfOutcomes {
    /// A function of outcomes that are told so; its gains are from its value at the baseline.
    pub fn new(reads: Vec<Read>, function: Arc<dyn OutcomeFunction>) -> Self {
        let told: Vec<f64> = reads.iter().map(|read| read.told(read.baseline)).collect();
        let at_baseline = function.value(&told);
        Self { reads, function, at_baseline }
    }

    /// Its value at the baseline, in its own unit.
    pub fn at_baseline(&self) -> f64 {
        self.at_baseline
    }

    fn told(&self, values: &[f64]) -> Vec<f64> {
        self.reads.iter().zip(values).map(|(read, value)| read.told(*value)).collect()
    }

    /// What the function has gained over the baseline, in its own unit.
    fn gain(&self, told: &[f64]) -> f64 {
        self.function.value(told) - self.at_baseline
    }

    /// Its payoff where the outcomes have these values.
    pub(super) fn payoff(&self, values: &[f64]) -> f64 {
        payoff(self.gain(&self.told(values)))
    }

    /// The payoff's slope in each of the values.
    pub(super) fn slopes(&self, values: &[f64]) -> Vec<f64> {
        let told = self.told(values);
        let mut slopes = vec![f64::NAN; told.len()];
        if !self.function.slopes(&told, &mut slopes) {
            slopes = self.differences(&told);
        }
        let bend = payoff_slope(self.gain(&told));
        self.reads.iter().zip(slopes).map(|(read, slope)| bend * slope * read.slope()).collect()
    }

    /// Slopes by central differences: two values an outcome.
    fn differences(&self, told: &[f64]) -> Vec<f64> {
        let mut aside = told.to_vec();
        let one = |(k, read): (usize, &Read)| {
            let mut value_at = |by: f64| {
                aside[k] = told[k] + by;
                // What the step became in floating point.
                (self.function.value(&aside), aside[k])
            };
            let (above, below) = (value_at(read.step()), value_at(-read.step()));
            aside[k] = told[k];
            (above.0 - below.0) / (above.1 - below.1)
        };
        self.reads.iter().enumerate().map(one).collect()
    }
}

/// The payoff of a gain in percent.
fn payoff(gain: f64) -> f64 {
    let share = gain / 100.0;
    if share >= HALF {
        return share.ln_1p();
    }
    let below = share - HALF;
    HALF.ln_1p() + 2.0 * below - 2.0 * below * below
}

fn payoff_slope(gain: f64) -> f64 {
    let share = gain / 100.0;
    0.01 * if share >= HALF { 1.0 / (1.0 + share) } else { 2.0 - 4.0 * (share - HALF) }
}

/// The gain in percent that has a payoff.
pub(super) fn gain_of(payoff: f64) -> f64 {
    let below = payoff - HALF.ln_1p();
    100.0 * if below >= 0.0 { payoff.exp_m1() } else { HALF + 0.5 * (1.0 - (1.0 - 2.0 * below).sqrt()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_always_better_and_a_payoff_says_its_gain() {
        let gains = [-1e7, -400.0, -50.1, -50.0, -49.9, -1.0, 0.0, 1e-9, 3.0, 1e5];
        for pair in gains.windows(2) {
            assert!(payoff(pair[0]) < payoff(pair[1]), "{pair:?}");
        }
        for gain in gains {
            let back = gain_of(payoff(gain));
            assert!((back - gain).abs() <= 1e-9 * gain.abs(), "{gain} became {back}");
            let step = 1e-4 * gain.abs().max(1.0);
            let slope = (payoff(gain + step) - payoff(gain - step)) / (2.0 * step);
            assert!((slope / payoff_slope(gain) - 1.0).abs() < 1e-5, "slope at {gain}");
        }
        assert_eq!(payoff(2.0), 0.02_f64.ln_1p(), "a percent of welfare is a percent");
    }
}
