//! Trade that leads one way: a test of whether balanced trade has an equilibrium, decided before any solve.
//!
//! Say that A sells to B, directly or through others, and that nothing of what B or anybody reached from B sells ever leads back to
//! A. Those reached from B then import from outside and export nothing there. Shares of who sells something are never zero at
//! finite prices, so that together they run a deficit under whatever prices: with balanced trade there is no equilibrium.

use super::Calibration;
use crate::error::EngineError;

/// A seller and a buyer between whom trade leads one way; none where sales lead back wherever they lead.
pub(super) fn find(calibration: &Calibration) -> Option<(usize, usize)> {
    let n = calibration.dimensions.economies;
    let mut sells = vec![false; n * n];
    for (pair, values) in calibration.benchmark.border_value.chunks_exact(n).enumerate() {
        for (exporter, value) in values.iter().enumerate() {
            sells[exporter * n + pair % n] |= *value > 0.0;
        }
    }
    // Each group of economies that trade is to be reached from its first economy, forwards and backwards.
    for first in (0..n).filter(|i| calibration.bloc[*i] == *i) {
        for forwards in [true, false] {
            let reached = reach(&sells, n, first, forwards);
            let left = (0..n).find(|i| calibration.bloc[*i] == first && !reached[*i]);
            if let Some(left) = left {
                return Some(if forwards { (left, first) } else { (first, left) });
            }
        }
    }
    None
}

fn reach(sells: &[bool], n: usize, first: usize, forwards: bool) -> Vec<bool> {
    let mut reached = vec![false; n];
    reached[first] = true;
    let mut open = vec![first];
    while let Some(i) = open.pop() {
        for k in 0..n {
            let on = if forwards { sells[i * n + k] } else { sells[k * n + i] };
            if on && !reached[k] {
                reached[k] = true;
                open.push(k);
            }
        }
    }
    reached
}

impl Calibration {
    /// Refuses balanced trade where trade leads one way.
    pub(crate) fn check_balanced_trade(&self, deficit: &[f64]) -> Result<(), EngineError> {
        if deficit.iter().any(|deficit| *deficit != 0.0) {
            return Ok(());
        }
        let Some((group, other)) = *self.one_way.get_or_init(|| find(self)) else { return Ok(()) };
        let code = |i: usize| &self.benchmark.economies[i].code;
        Err(EngineError::Refused {
            setting: "balanced trade",
            reason: format!(
                "sales between {} and {} lead one way, directly and through others, so that some economies buy abroad and \
                 never sell there: without deficits there is no equilibrium. Give `deficits` other than zero, or join them to \
                 another economy",
                code(group),
                code(other)
            ),
        })
    }
}
