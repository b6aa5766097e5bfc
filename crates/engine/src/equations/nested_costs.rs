//! Unit costs and shares in force at a point, where inputs substitute: see [`input_nest`](super::input_nest).

use super::input_nest::{COBB_DOUGLAS, InputNests, SMALL_POWER, bundle_price, outer};
use super::layout::Blocks;
use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::linear::kernel;
use crate::model::calibration::Calibration;

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
        // Sectors of one elasticity together, so that prices are raised to its power once.
        for &s in &t.by_input_elasticity {
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
