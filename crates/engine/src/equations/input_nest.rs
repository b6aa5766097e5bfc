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

use super::layout::Blocks;
use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::linear::kernel;
use crate::model::calibration::Calibration;

/// Elasticities this close to one are one.
const COBB_DOUGLAS: f64 = 1e-9;
/// Powers below this are taken as differences from one, so that none of their digits is lost.
const SMALL_POWER: f64 = 0.01;
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
    powered: Vec<f64>,
    reference: Vec<f64>,
    row: Vec<f64>,
    level: Vec<f64>,
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
    fn raise(&mut self, power: f64, price: &[f64]) {
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
fn outer(x: f64, q: f64, share: f64, a: f64) -> f64 {
    if share >= 1.0 {
        x
    } else if a.abs() < COBB_DOUGLAS {
        share * x + (1.0 - share) * q
    } else {
        q + (share * (a * (x - q)).exp_m1()).ln_1p() / a
    }
}

/// The price of a bundle whose fixed factor follows the sector's income: `x = b + β a (x − m(x))`.
fn bundle_price(b: f64, q: f64, share: f64, a: f64, beta: f64) -> f64 {
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

impl Sweep {
    kernel::dispatch! {
        /// ln ĉ before productivity, the shares in force and their slopes.
        pub(super) fn nested_costs / nested_costs_wide / nested_costs_body(self: &mut, calibration: &Calibration, costs: &TradeCosts, z: &Blocks<'_>)
    }

    #[inline(always)]
    fn nested_costs_body(&mut self, calibration: &Calibration, costs: &TradeCosts, z: &Blocks<'_>) {
        let d = calibration.dimensions;
        let (n, t) = (d.economies, &calibration.technology);
        let Some(input) = calibration.cost_input() else { return };
        let (nests, log_unit_cost, log_output) = (&mut self.nests, &mut self.log_unit_cost, &self.log_output);
        nests.output.copy_from_slice(z.output);
        let mut raised = 0.0;
        for s in 0..d.sectors {
            let shares = &input[s * d.sectors * n..(s + 1) * d.sectors * n];
            let (a, b) = (1.0 - t.value_added_elasticity[s], 1.0 - t.input_elasticity[s]);
            let plain = b.abs() < COBB_DOUGLAS;
            if !plain && b != raised {
                nests.raise(b, z.price);
                raised = b;
            }
            nests.row.fill(0.0);
            let values = if plain { z.price } else { &nests.powered };
            kernel::inputs_into_costs(&mut nests.row, shares, values);
            for i in 0..n {
                let pair = s * n + i;
                let share = t.value_added_share[pair];
                let beta = t.factor_power.get(pair).copied().unwrap_or(0.0);
                let mut base = z.wage[i];
                if beta != 0.0 {
                    let fixed = costs.log_fixed_factor(t.labour_is_fixed_factor, pair, z.hours[i]);
                    base += beta * (log_output[pair] - fixed - z.wage[i]);
                }
                let inside = nests.row[i] / (1.0 - share);
                let reference = nests.reference[i];
                let q = if share >= 1.0 {
                    base
                } else if plain {
                    inside
                } else if b.abs() < SMALL_POWER {
                    reference + inside.ln_1p() / b
                } else {
                    reference + inside.ln() / b
                };
                let x = bundle_price(base, q, share, a, beta);
                let cost = outer(x, q, share, a);
                log_unit_cost[pair] = cost;
                let hat = (a * (x - cost)).exp();
                let (value_added, inputs) = (share * hat, (1.0 - share) * (a * (q - cost)).exp());
                let rest = 1.0 - beta * a * inputs;
                nests.value_added_hat[pair] = hat;
                nests.factor_exponent[pair] = value_added / rest;
                nests.input_scale[pair] = (1.0 - beta * a) / rest;
                nests.use_by_bundle[pair] = -a * value_added / rest;
                nests.use_by_inputs[pair] =
                    if inputs > 0.0 { (a * value_added / rest - b) / inputs } else { 0.0 };
                nests.value_added_by_bundle[pair] = a * inputs / rest;
                nests.value_added_by_inputs[pair] = -a / rest;
                // What shares are multiplied with beside the power of their own price.
                let within = if plain { 0.0 } else { b * (q - reference) };
                nests.row[i] = (a * (q - cost) - within).exp();
            }
            let in_force = &mut nests.input_share[s * d.sectors * n..(s + 1) * d.sectors * n];
            let small = b.abs() < SMALL_POWER;
            for ((to, share), powered) in
                in_force.chunks_exact_mut(n).zip(shares.chunks_exact(n)).zip(nests.powered.chunks_exact(n))
            {
                for i in 0..n {
                    let own = if plain {
                        1.0
                    } else if small {
                        1.0 + powered[i]
                    } else {
                        powered[i]
                    };
                    to[i] = share[i] * own * nests.row[i];
                }
            }
        }
    }

    /// What use of each sector gains by its own price.
    pub(super) fn own_price_in_use(&mut self, calibration: &Calibration) {
        let t = &calibration.technology;
        let n = calibration.dimensions.economies;
        let InputNests { own_use, output, level, input_share, .. } = &mut self.nests;
        for (pair, level) in level.iter_mut().enumerate() {
            *level = (1.0 - t.input_elasticity[pair / n]) * output[pair];
        }
        own_use.fill(0.0);
        kernel::outputs_into_use(own_use, input_share, level, n);
    }
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

    /// At a power of zero the nest is Cobb-Douglas, and near it no digits are lost.
    #[test]
    fn the_outer_nest_passes_through_cobb_douglas() {
        let (x, q, share) = (0.7, -0.4, 0.35);
        let limit = share * x + (1.0 - share) * q;
        assert_eq!(outer(x, q, share, 0.0), limit);
        // Its second-order term: a/2 of the variance of the two prices.
        for a in [1e-3, -1e-3, 1e-6, 1e-8] {
            let spread = a / 2.0 * share * (1.0 - share) * (x - q) * (x - q);
            assert!((outer(x, q, share, a) - limit - spread).abs() < 1e-7 * a * a + 1e-15);
        }
    }
}
