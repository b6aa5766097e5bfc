//! What a search maximises: one number φ(v) made of the payoffs of all players, with slope and bend.
//!
//! A best response has φ = v_j. Talks have others: the common gain with multipliers, the Nash product.

use super::payoff::PayoffScale;

/// A scalar function of payoffs, twice differentiable where it has a value.
pub trait Criterion {
    /// φ(v), or `None` outside its domain (a search then steps back).
    fn value(&self, payoffs: &[f64]) -> Option<f64>;
    /// ∂φ/∂v.
    fn slope(&self, payoffs: &[f64], slope: &mut [f64]);
    /// φ''(v) times a direction in payoffs.
    fn bend(&self, payoffs: &[f64], direction: &[f64], product: &mut [f64]);
    /// Whether φ bends in a player's payoff, so that its own gradient is needed.
    fn bends_in(&self, _player: usize) -> bool {
        true
    }
}

/// `φ = Σ_j weight_j v_j`; with a one among zeros, one player's payoff.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedSum(pub Vec<f64>);

impl WeightedSum {
    /// One player's payoff.
    pub fn of_player(player: usize, players: usize) -> Self {
        let mut weights = vec![0.0; players];
        weights[player] = 1.0;
        Self(weights)
    }
}

impl Criterion for WeightedSum {
    fn value(&self, payoffs: &[f64]) -> Option<f64> {
        Some(self.0.iter().zip(payoffs).map(|(w, v)| w * v).sum())
    }
    fn slope(&self, _payoffs: &[f64], slope: &mut [f64]) {
        slope.copy_from_slice(&self.0);
    }
    fn bend(&self, _payoffs: &[f64], _direction: &[f64], product: &mut [f64]) {
        product.fill(0.0);
    }
    fn bends_in(&self, _player: usize) -> bool {
        false
    }
}

/// The augmented Lagrangian of "raise c, where the payoffs at the table are `v_j = d_j + c w_j`".
///
/// With `c = w·(v−d)/w·w` and what is left over `r = (v−d) − c w`, `φ = c + m·r − ½ρ r·r`. A `w_j` of zero pins a payoff to `d_j`;
/// players not `seated` are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct CommonGain {
    /// Where gains are counted from, d.
    pub base: Vec<f64>,
    /// Direction of the gains, w ≥ 0.
    pub direction: Vec<f64>,
    /// Who is at the table.
    pub seated: Vec<bool>,
    /// Multipliers m of the left-overs.
    pub multiplier: Vec<f64>,
    /// Penalty ρ.
    pub penalty: f64,
}

impl CommonGain {
    fn square(&self) -> f64 {
        self.direction.iter().zip(&self.seated).filter(|(_, s)| **s).map(|(w, _)| w * w).sum()
    }

    /// The common gain c and the left-overs r.
    pub fn gain_and_gaps(&self, payoffs: &[f64]) -> (f64, Vec<f64>) {
        let n = payoffs.len();
        let away = |j: usize| if self.seated[j] { payoffs[j] - self.base[j] } else { 0.0 };
        let gain = (0..n).map(|j| away(j) * self.direction[j]).sum::<f64>() / self.square();
        let gaps =
            (0..n).map(|j| if self.seated[j] { away(j) - gain * self.direction[j] } else { 0.0 }).collect();
        (gain, gaps)
    }

    /// Takes the direction out of a vector of payoffs: the projection whose square is the penalty.
    pub(super) fn project(&self, vector: &mut [f64]) {
        let along =
            (0..vector.len()).filter(|j| self.seated[*j]).map(|j| vector[j] * self.direction[j]).sum::<f64>()
                / self.square();
        for (j, value) in vector.iter_mut().enumerate() {
            *value = if self.seated[j] { *value - along * self.direction[j] } else { 0.0 };
        }
    }
}

impl Criterion for CommonGain {
    fn value(&self, payoffs: &[f64]) -> Option<f64> {
        let (gain, gaps) = self.gain_and_gaps(payoffs);
        let linear: f64 = gaps.iter().zip(&self.multiplier).map(|(r, m)| r * m).sum();
        let square: f64 = gaps.iter().map(|r| r * r).sum();
        Some(gain + linear - 0.5 * self.penalty * square)
    }
    fn slope(&self, payoffs: &[f64], slope: &mut [f64]) {
        let (_, gaps) = self.gain_and_gaps(payoffs);
        for (j, value) in slope.iter_mut().enumerate() {
            *value = self.multiplier[j] - self.penalty * gaps[j];
        }
        self.project(slope);
        let square = self.square();
        for (j, value) in slope.iter_mut().enumerate() {
            if self.seated[j] {
                *value += self.direction[j] / square;
            }
        }
    }
    fn bends_in(&self, player: usize) -> bool {
        self.seated[player]
    }
    fn bend(&self, _payoffs: &[f64], direction: &[f64], product: &mut [f64]) {
        product.copy_from_slice(direction);
        self.project(product);
        product.iter_mut().for_each(|value| *value *= -self.penalty);
    }
}

/// `φ = Σ_j a_j ln(gain_j)`: the Nash product with bargaining powers a, gains in levels from the disagreement point.
#[derive(Clone, Debug, PartialEq)]
pub struct NashProduct {
    /// Disagreement payoffs.
    pub disagreement: Vec<f64>,
    /// Bargaining powers; zero for players not at the table.
    pub power: Vec<f64>,
    /// Whether payoffs are logarithms.
    pub scale: PayoffScale,
}

impl Criterion for NashProduct {
    fn value(&self, payoffs: &[f64]) -> Option<f64> {
        let mut sum = 0.0;
        for (j, payoff) in payoffs.iter().enumerate().filter(|(j, _)| self.power[*j] > 0.0) {
            let gain = self.scale.gain(*payoff, self.disagreement[j]);
            if gain <= 0.0 {
                return None;
            }
            sum += self.power[j] * gain.ln();
        }
        Some(sum)
    }
    fn slope(&self, payoffs: &[f64], slope: &mut [f64]) {
        for (j, value) in slope.iter_mut().enumerate() {
            let gain = self.scale.gain(payoffs[j], self.disagreement[j]);
            let (first, _) = self.scale.gain_slopes(payoffs[j], self.disagreement[j]);
            *value = if self.power[j] > 0.0 { self.power[j] * first / gain } else { 0.0 };
        }
    }
    fn bends_in(&self, player: usize) -> bool {
        self.power[player] > 0.0
    }
    fn bend(&self, payoffs: &[f64], direction: &[f64], product: &mut [f64]) {
        for (j, value) in product.iter_mut().enumerate() {
            let gain = self.scale.gain(payoffs[j], self.disagreement[j]);
            let (first, second) = self.scale.gain_slopes(payoffs[j], self.disagreement[j]);
            *value = if self.power[j] > 0.0 {
                self.power[j] * (second / gain - (first / gain).powi(2)) * direction[j]
            } else {
                0.0
            };
        }
    }
}
