//! A punishment that is a path of states: after a breach the sides go through them period by period, then the last one lasts for ever
//! or the deal returns. Whoever leaves a state starts the path anew from its first one (Abreu 1988).
//!
//! With R the payoff of the deal and T of the best deviation from it, S_k of staying in period k of the path and D_k of the best deviation
//! then, all per period, the average value of the path from period k on is `W_k = (1−δ) S_k + δ W_{k+1}`; behind the last period W is
//! R where the deal returns, or S of the last state. A deviation lasts the L periods until it is detected, along the path where it is one from
//! the path (beyond the path's end it earns T, or the last D). A side keeps the deal and stays on the path where
//!
//! ```text
//! R   ≥ (1−δᴸ) T + δᴸ W_0
//! W_k ≥ (1−δ) Σ_{i<L} δⁱ D_{k+i} + δᴸ W_0      for every k
//! ```
//!
//! A state that nobody would leave even if that had no consequence (a Nash point of the stage game) meets the second by itself; others
//! meet it where the rest of the path is worth staying for.

/// One side's payoffs along a path, per period, in levels.
#[derive(Clone, Debug, PartialEq)]
pub struct PathPayoffs {
    /// R: the deal.
    pub deal: f64,
    /// T: the best deviation while the others keep the deal.
    pub deviation: f64,
    /// S and D of each state, with its length in periods; of the last one, where it lasts for ever, the length is not read.
    pub states: Vec<StatePayoffs>,
    /// Whether the deal returns behind the last state; otherwise that lasts for ever.
    pub returns: bool,
}

/// A state of a path as one side has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StatePayoffs {
    /// S: staying.
    pub stay: f64,
    /// D: the best deviation.
    pub leave: f64,
    /// Periods.
    pub periods: u32,
}

/// Where on a path a side gains most by leaving.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaving {
    /// Position of the state.
    pub state: usize,
    /// Period of the path, the first being zero.
    pub period: usize,
    /// What leaving brings over staying, average per period; at most zero where nobody leaves.
    pub gain: f64,
}

impl PathPayoffs {
    /// Periods before the end: of a path whose last state lasts for ever the states before it and one period of that.
    fn periods(&self) -> Vec<usize> {
        let last = self.states.len().saturating_sub(1);
        let length = |k: usize| {
            if k == last && !self.returns { 1 } else { self.states[k].periods.max(1) as usize }
        };
        (0..self.states.len()).flat_map(|k| std::iter::repeat_n(k, length(k))).collect()
    }

    /// W at the beginning of each period of the path; of an empty path the deal.
    pub fn values(&self, discount_factor: f64) -> Vec<f64> {
        let periods = self.periods();
        let mut value = match (self.returns, self.states.last()) {
            (false, Some(last)) => last.stay,
            _ => self.deal,
        };
        let mut values: Vec<f64> = periods
            .iter()
            .rev()
            .map(|k| {
                value = (1.0 - discount_factor) * self.states[*k].stay + discount_factor * value;
                value
            })
            .collect();
        values.reverse();
        values
    }

    /// What a side has at the start of the punishment.
    fn first_value(&self, discount_factor: f64) -> f64 {
        self.values(discount_factor).first().copied().unwrap_or(self.deal)
    }

    /// What breaking the deal brings over keeping it, average per period: at most zero where the deal holds.
    pub fn net_temptation(&self, discount_factor: f64, detection_lag: u32) -> f64 {
        let after = discount_factor.powi(detection_lag.clamp(1, i32::MAX as u32) as i32);
        (1.0 - after) * self.deviation + after * self.first_value(discount_factor) - self.deal
    }

    /// Where on the path leaving brings most; `None` without states.
    pub fn leaving(&self, discount_factor: f64, detection_lag: u32) -> Option<Leaving> {
        let periods = self.periods();
        let values = self.values(discount_factor);
        let lag = detection_lag.max(1) as usize;
        let after = discount_factor.powi(lag.min(i32::MAX as usize) as i32);
        let start = self.first_value(discount_factor);
        let beyond = match (self.returns, self.states.last()) {
            (false, Some(last)) => last.leave,
            _ => self.deviation,
        };
        let gain = |k: usize| {
            let mut power = 1.0 - discount_factor;
            let mut brings = 0.0;
            // Beyond the path a deviation earns the same every period: the rest of the sum is geometric.
            let inside = periods[k..].iter().take(lag);
            for state in inside {
                brings += power * self.states[*state].leave;
                power *= discount_factor;
            }
            let outside = lag.saturating_sub(periods.len() - k);
            if outside > 0 {
                brings += beyond * (power - after * (1.0 - discount_factor)) / (1.0 - discount_factor);
            }
            brings + after * start - values[k]
        };
        (0..periods.len())
            .map(|k| Leaving { state: periods[k], period: k, gain: gain(k) })
            .max_by(|a, b| a.gain.total_cmp(&b.gain))
    }

    /// Whether the side keeps the deal and stays on the path, where it gains no more than `tolerance` by leaving that.
    pub fn holds(&self, discount_factor: f64, detection_lag: u32, tolerance: f64) -> bool {
        self.net_temptation(discount_factor, detection_lag) <= 0.0
            && self.leaving(discount_factor, detection_lag).is_none_or(|leaving| leaving.gain <= tolerance)
    }
}

/// The smallest discount factor at which all sides keep the deal and stay on the path; `None`: at none below one. Found on a grid of
/// `1/2000` and refined by bisection; conditions need not hold at every higher one.
pub fn critical_discount_factor(sides: &[PathPayoffs], detection_lag: u32, tolerance: f64) -> Option<f64> {
    const STEPS: u32 = 2000;
    let holds = |d: f64| sides.iter().all(|side| side.holds(d, detection_lag, tolerance));
    let mut high = (0..STEPS).map(|k| f64::from(k) / f64::from(STEPS)).find(|d| holds(*d))?;
    let mut low = (high - 1.0 / f64::from(STEPS)).max(0.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if holds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}
