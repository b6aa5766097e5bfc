//! Punishments that nobody would want to talk away: weak renegotiation-proofness (Farrell & Maskin 1989; van Damme 1989).
//!
//! A way of answering breaches is weakly renegotiation-proof where none of its continuations (the deal, each state of the punishment) leaves
//! both sides better off than another one: they would then rather go on there, and the threat is talked away ([`talked_away`]).
//!
//! After a breach, going back to war hurts the side that was wronged too, so that both would rather start over: Nash reversion is not
//! renegotiation-proof. Here the side that broke the deal j does penance for N periods in a state that the other side i likes at least as
//! well as the deal; then the deal returns. With R the deal's payoffs, T the best deviation from it, P the penitent's payoff in penance,
//! C what it gets by its best deviation then, Q the other's payoff in penance and D the other's best deviation then, all per period,
//! and `V = (1−δᴺ) x + δᴺ R` the average value of a penance worth x a period, the deal holds where for each side
//!
//! ```text
//! R_j ≥ (1−δᴸ) T_j + δᴸ V(P_j)        it keeps the deal; a breach is detected after L periods
//! V(P_j) ≥ (1−δ) C_j + δ V(P_j)       it does penance rather than starting the penance again
//! V(Q_i) ≥ (1−δ) D_i + δ V(P_i)       the other side takes its reward rather than becoming a penitent itself
//! Q_i ≥ R_i                           nor does it want to go back to the deal at once
//! ```

/// A continuation from which all sides would rather go over to another.
#[derive(Clone, Debug, PartialEq)]
pub struct TalkedAway {
    /// Position of the continuation that nobody wants.
    pub from: usize,
    /// Position of the one that all sides prefer.
    pub to: usize,
    /// What each side gains by going over, average per period.
    pub gains: Vec<f64>,
}

/// The continuation that is most clearly talked away: the pair with the largest smallest gain; `None` where no continuation leaves all sides
/// better off than another by more than `tolerance`. `continuations[k][j]` is side j's average value of continuation k.
pub fn talked_away(continuations: &[Vec<f64>], tolerance: f64) -> Option<TalkedAway> {
    let mut worst: Option<(f64, TalkedAway)> = None;
    for (from, here) in continuations.iter().enumerate() {
        for (to, there) in continuations.iter().enumerate() {
            let gains: Vec<f64> = here.iter().zip(there).map(|(a, b)| b - a).collect();
            let smallest = gains.iter().copied().fold(f64::INFINITY, f64::min);
            if smallest > tolerance && worst.as_ref().is_none_or(|(known, _)| smallest > *known) {
                worst = Some((smallest, TalkedAway { from, to, gains }));
            }
        }
    }
    worst.map(|(_, found)| found)
}

/// What one side gets, per period, in levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Penance {
    /// R: the deal.
    pub deal: f64,
    /// T: the best deviation while the other keeps the deal.
    pub deviation: f64,
    /// P: its penance.
    pub penance: f64,
    /// C: the best deviation while in penance.
    pub deviation_in_penance: f64,
    /// Q: while the other does penance.
    pub reward: f64,
    /// D: the best deviation while the other does penance.
    pub deviation_in_reward: f64,
}

impl Penance {
    /// The largest amount by which any of the side's conditions fails at a discount factor; at most zero where all hold.
    pub fn shortfall(&self, discount_factor: f64, detection_lag: u32, periods: u32) -> f64 {
        let power = |n: u32| discount_factor.powi(n.min(i32::MAX as u32) as i32);
        let after = |x: f64| (1.0 - power(periods)) * x + power(periods) * self.deal;
        let lag = detection_lag.max(1);
        let penitent = after(self.penance);
        let conditions = [
            (1.0 - power(lag)) * self.deviation + power(lag) * penitent - self.deal,
            (1.0 - discount_factor) * (self.deviation_in_penance - penitent),
            (1.0 - discount_factor) * self.deviation_in_reward + discount_factor * penitent
                - after(self.reward),
            self.deal - self.reward,
        ];
        conditions.into_iter().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// The smallest discount factor at which both sides' conditions hold, with the length of the penance (up to `longest` periods) that
/// it takes; `None`: at none. Found on a grid of `1/2000` and refined by bisection.
pub fn critical_discount_factor(sides: &[Penance], detection_lag: u32, longest: u32) -> Option<(f64, u32)> {
    let holds = |d: f64, periods: u32| {
        sides.iter().all(|side| side.shortfall(d, detection_lag, periods) <= 1e-12 * (1.0 + side.deal.abs()))
    };
    let steps = 2000;
    let mut best: Option<(f64, u32)> = None;
    for periods in 1..=longest.max(1) {
        let first = (0..steps).map(|k| f64::from(k) / f64::from(steps)).find(|d| holds(*d, periods));
        let Some(mut high) = first else { continue };
        let mut low = (high - 1.0 / f64::from(steps)).max(0.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if holds(middle, periods) { high = middle } else { low = middle }
        }
        if best.is_none_or(|(known, _)| high < known - 1e-12) {
            best = Some((high, periods));
        }
    }
    best
}
