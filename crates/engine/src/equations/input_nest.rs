//! Unit costs where inputs substitute: two nests of constant elasticity in every using sector.
//!
//! With v̂ the price of the factor bundle, γ the value-added share, s_k the shares within inputs, η between inputs and ε between
//! value added and all of them,
//!
//! ```text
//! q̂ = [Σ_k s_k P̂_k^(1−η)]^(1/(1−η))        ĉ Â = [γ v̂^(1−ε) + (1−γ) q̂^(1−ε)]^(1/(1−ε))
//! γ' = γ (v̂/ĉÂ)^(1−ε)                       γ'_k = (1−γ)(q̂/ĉÂ)^(1−ε) s_k (P̂_k/q̂)^(1−η)
//! ```
//!
//! so that the shares in force still sum to one and, by Shephard's lemma, are what unit costs answer to prices with. Where a factor is
//! fixed to the sector, v̂ follows the sector's income `γ'Y'` and not its sales, which is one equation in one unknown for each
//! economy and sector: `ln v̂ = b + β (ln γ' − ln γ)`, b what the bundle costs at constant shares. Its slope is between 1−β and 1 for
//! elasticities below one, and Newton's method finds it in a few steps.
//!
//! The slopes kept here are those of the shares in the two things that they answer to: b, and `p = Σ_k γ'_k d ln P̂_k`.

use crate::model::calibration::Calibration;

/// Elasticities this close to one are one.
pub(super) const COBB_DOUGLAS: f64 = 1e-9;
/// Powers below this are taken as differences from one, so that none of their digits is lost.
pub(super) const SMALL_POWER: f64 = 0.01;
/// Steps for the price of a bundle with a fixed factor.
const MOST_STEPS: usize = 60;

/// Shares in force and their slopes; all empty where shares are constant.
#[derive(Debug, Default, Clone)]
pub(crate) struct InputNests {
    /// γ'_k, N·S·S as in the benchmark.
    pub input_share: Vec<f64>,
    /// γ'/γ, N·S.
    pub value_added_hat: Vec<f64>,
    /// Exponents in unit cost of b and of p, N·S.
    pub factor_exponent: Vec<f64>,
    pub input_scale: Vec<f64>,
    /// Of what is spent on an input at a given price of it, in b and in p, N·S.
    pub use_by_bundle: Vec<f64>,
    pub use_by_inputs: Vec<f64>,
    /// Of γ', in b and in p, N·S.
    pub value_added_by_bundle: Vec<f64>,
    pub value_added_by_inputs: Vec<f64>,
    /// What use of a sector gains by its own price, `Σ_u (1−η_u) γ'_uk Y_u`, N·S.
    pub own_use: Vec<f64>,
    /// Y, N·S.
    pub output: Vec<f64>,
    /// Room: prices relative to the economy's reference, raised to a power; the references; one sector's economies.
    pub(super) powered: Vec<f64>,
    pub(super) reference: Vec<f64>,
    pub(super) row: Vec<f64>,
    pub(super) level: Vec<f64>,
}

impl InputNests {
    pub fn resize(&mut self, calibration: &Calibration) {
        let d = calibration.dimensions;
        let of = |size: usize| if calibration.technology.substitutes_inputs() { size } else { 0 };
        self.input_share.resize(of(d.inputs()), 0.0);
        for pairs in [
            &mut self.value_added_hat,
            &mut self.factor_exponent,
            &mut self.input_scale,
            &mut self.use_by_bundle,
            &mut self.use_by_inputs,
            &mut self.value_added_by_bundle,
            &mut self.value_added_by_inputs,
            &mut self.own_use,
            &mut self.output,
            &mut self.powered,
            &mut self.level,
        ] {
            pairs.resize(of(d.pairs()), 0.0);
        }
        self.reference.resize(of(d.economies), 0.0);
        self.row.resize(of(d.economies), 0.0);
    }

    /// Whether shares answer to prices.
    pub fn any(&self) -> bool {
        !self.value_added_hat.is_empty()
    }

    /// γ'/γ of a pair; one where shares are constant.
    pub fn value_added_hat(&self, pair: usize) -> f64 {
        self.value_added_hat.get(pair).copied().unwrap_or(1.0)
    }

    /// Prices raised to a power, relative to the economy's highest (or, for a negative power, lowest), so that none overflows; less
    /// one where the power is small.
    pub(super) fn raise(&mut self, power: f64, price: &[f64]) {
        let n = self.reference.len();
        let (start, outer): (f64, fn(f64, f64) -> f64) =
            if power > 0.0 { (f64::NEG_INFINITY, f64::max) } else { (f64::INFINITY, f64::min) };
        self.reference.fill(start);
        for (pair, price) in price.iter().enumerate() {
            let reference = &mut self.reference[pair % n];
            *reference = outer(*reference, *price);
        }
        for (pair, powered) in self.powered.iter_mut().enumerate() {
            let log = power * (price[pair] - self.reference[pair % n]);
            *powered = if power.abs() < SMALL_POWER { log.exp_m1() } else { log.exp() };
        }
    }
}

/// ln of the outer nest: of the bundle's price x and the inputs' q, both logarithms, with value added's share and power a = 1−ε.
pub(super) fn outer(x: f64, q: f64, share: f64, a: f64) -> f64 {
    if share >= 1.0 {
        x
    } else if a.abs() < COBB_DOUGLAS {
        share * x + (1.0 - share) * q
    } else {
        q + (share * (a * (x - q)).exp_m1()).ln_1p() / a
    }
}

/// The price of a bundle whose fixed factor follows the sector's income: `x = b + β a (x − m(x))`.
pub(super) fn bundle_price(b: f64, q: f64, share: f64, a: f64, beta: f64) -> f64 {
    let mut x = b;
    if beta * a == 0.0 {
        return x;
    }
    for _ in 0..MOST_STEPS {
        let over = a * (x - outer(x, q, share, a));
        let slope = 1.0 - beta * a * (1.0 - share * over.exp());
        let step = (x - b - beta * over) / slope;
        x -= step;
        if step.abs() <= 1e-15 * (1.0 + x.abs()) {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::{bundle_price, outer};

    /// The bundle's price solves its equation for powers on both sides of one, and shares at both ends.
    #[test]
    fn the_price_of_a_bundle_with_a_fixed_factor_solves_its_equation() {
        for a in [-3.0, -0.5, 1e-8, 0.3, 0.97, 1.0] {
            for share in [1e-6, 0.3, 0.999] {
                for (b, q) in [(0.1, 2.5), (-4.0, 0.3), (0.0, 0.0), (3.0, -3.0)] {
                    let x = bundle_price(b, q, share, a, 0.6);
                    let gap = x - b - 0.6 * a * (x - outer(x, q, share, a));
                    assert!(gap.abs() < 1e-13, "{a} {share} {b} {q}: {x} leaves {gap:e}");
                }
            }
        }
    }

    /// At a power of zero the nest is Cobb-Douglas, and near it no digits are lost: what is left beyond the second cumulant of the two
    /// prices is the third, in proportion to a².
    #[test]
    fn the_outer_nest_passes_through_cobb_douglas() {
        let (x, q, share) = (0.7, -0.4, 0.35);
        let limit = share * x + (1.0 - share) * q;
        assert_eq!(outer(x, q, share, 0.0), limit);
        // Its second-order term: a/2 of the variance of the two prices.
        for a in [1e-3, -1e-3, 1e-6, 1e-8] {
            let spread = a / 2.0 * share * (1.0 - share) * (x - q) * (x - q);
            assert!((outer(x, q, share, a) - limit - spread).abs() < 0.02 * a * a + 1e-15);
        }
    }
}
