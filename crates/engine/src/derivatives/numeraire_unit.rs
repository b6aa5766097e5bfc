//! Deficits and limits that are fixed in units of the numeraire, and the numeraire's own derivative.
//!
//! A solve stands in world-GDP units; levels are multiplied by `κ` afterwards, so that the numeraire changes no real number.
//! Where `deficit_unit = "numeraire"` a deficit's level D and a limit on value are fixed in units of the numeraire: within the
//! solve the deficit is `D/κ` and a flow counts for a limit as `κ V`, with
//!
//! ```text
//! wage:X         κ = 1/ŵ_X                              d ln κ = −d ln ŵ_X
//! world-prices   κ = Σ_n I_n / Σ_n I_n P̂_n              d ln κ = −Σ_n ω_n d ln P̂_n,   ω_n = I_n P̂_n / Σ_m I_m P̂_m
//! ```
//!
//! I the incomes of the data and P̂ the index of all final use. A wage of an economy that pays a fixed deficit then moves what it
//! pays, as debt in its own money would.

use super::linearisation::Linearisation;
use super::objective_derivative::Seed;
use crate::equations::limit::Side;
use crate::equations::numeraire::is_unit;
use crate::equilibrium::Equilibrium;
use crate::model::calibration::Calibration;
use crate::model::closure::Numeraire;
use crate::model::instruments::LimitMeasure;

impl Linearisation<'_> {
    /// d ln κ along changes of wages and prices, where anything is fixed in units of the numeraire.
    pub fn unit_forward(&self, wage: &[f64], price: &[f64]) -> f64 {
        if !is_unit(self.calibration) {
            return 0.0;
        }
        match &self.calibration.closure.numeraire {
            Numeraire::WorldGdp => 0.0,
            Numeraire::Wage(code) => self.calibration.benchmark.economy(code).map_or(0.0, |i| -wage[i]),
            Numeraire::WorldPrices => {
                let n = wage.len();
                let weight = self.weights_of_unit();
                let shares = self.sweep.final_share(self.costs).iter().zip(price).enumerate();
                -shares.map(|(pair, (share, price))| weight[pair % n] * share * price).sum::<f64>()
            }
        }
    }

    /// d ln κ along a change of the indices of all final use at given prices.
    pub fn unit_by_index(&self, index: &[f64]) -> f64 {
        let weight = self.weights_of_unit();
        -weight.iter().zip(index).map(|(weight, index)| weight * index).sum::<f64>()
    }

    /// Adds to wages and prices what `amount` per unit of ln κ is in them.
    pub fn unit_backward(&self, amount: f64, wage: &mut [f64], price: &mut [f64]) {
        if amount == 0.0 {
            return;
        }
        if let Numeraire::Wage(code) = &self.calibration.closure.numeraire {
            if let Some(i) = self.calibration.benchmark.economy(code) {
                wage[i] -= amount;
            }
            return;
        }
        let n = wage.len();
        let weight = self.weights_of_unit();
        let shares = self.sweep.final_share(self.costs);
        for (pair, (price, share)) in price.iter_mut().zip(shares).enumerate() {
            *price -= amount * weight[pair % n] * share;
        }
    }

    /// ω of every economy; zero where nothing is fixed in units of price indices.
    pub fn weights_of_unit(&self) -> Vec<f64> {
        let c = self.calibration;
        if !is_unit(c) || c.closure.numeraire != Numeraire::WorldPrices {
            return vec![0.0; c.income.len()];
        }
        let index = &self.sweep.log_price_index;
        let value: Vec<f64> =
            c.income.iter().zip(index).map(|(income, index)| income * index.exp()).collect();
        let total: f64 = value.iter().sum();
        value.iter().map(|value| value / total).collect()
    }

    /// What a number gains per unit of ln κ whose derivatives in deficits and in limited flows these are.
    pub fn unit_adjoint(&self, by_deficit: &[f64], by_limited: &[f64]) -> f64 {
        if !is_unit(self.calibration) {
            return 0.0;
        }
        let mut amount = 0.0;
        if self.costs.deficit_share.is_empty() {
            amount -= self.sweep.deficit.iter().zip(by_deficit).map(|(level, by)| level * by).sum::<f64>();
        }
        let bound = self.costs.limits.iter().zip(self.sides).zip(by_limited);
        for ((limit, side), by) in bound {
            if *side != Side::Free && limit.measure == LimitMeasure::Value {
                amount += by;
            }
        }
        amount
    }
}

impl Calibration {
    /// Adds `amount` times the derivative of the numeraire's logarithm, by which nominal numbers are multiplied.
    pub(crate) fn seed_numeraire(&self, equilibrium: &Equilibrium, amount: f64, seed: &mut Seed) {
        match &self.closure.numeraire {
            Numeraire::WorldGdp => {}
            Numeraire::Wage(code) => {
                if let Some(economy) = self.benchmark.economy(code) {
                    seed.wage[economy] -= amount;
                }
            }
            Numeraire::WorldPrices => {
                let weight = |n: usize| self.income[n] * equilibrium.price_index_hat[n];
                let total: f64 = (0..self.dimensions.economies).map(weight).sum();
                for n in 0..self.dimensions.economies {
                    self.seed_price_index(equilibrium, n, -amount * weight(n) / total, seed);
                }
            }
        }
    }
}
