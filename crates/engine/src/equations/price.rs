//! Unit costs, exporters' weights and the index of final use: equation 1 and the powers of equation 3.

use super::layout::Blocks;
use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::linear::kernel;
use crate::model::calibration::Calibration;

impl Sweep {
    kernel::dispatch! {
        /// ln ĉ and the exporters' weights, see [`technology`](crate::model::calibration::technology).
        pub(crate) fn unit_costs / unit_costs_wide / unit_costs_body(self: &mut, calibration: &Calibration, costs: &TradeCosts, z: &Blocks<'_>)
    }

    #[inline(always)]
    fn unit_costs_body(&mut self, calibration: &Calibration, costs: &TradeCosts, z: &Blocks<'_>) {
        let d = calibration.dimensions;
        let n = d.economies;
        let technology = &calibration.technology;
        if technology.needs_output_logs() {
            for pair in 0..d.pairs() {
                let hat = z.output[pair] / calibration.output[pair];
                self.log_output[pair] = if calibration.output[pair] > 0.0 { hat.ln() } else { 0.0 };
            }
        }
        let nested = self.nests.any();
        if nested {
            self.nested_costs(calibration, costs, z);
        }
        for s in 0..d.sectors {
            let pairs = s * n..(s + 1) * n;
            let cost = &mut self.log_unit_cost[pairs.clone()];
            let exponent = &technology.factor_exponent[pairs.clone()];
            if !nested {
                cost.fill(0.0);
                if let Some(input) = calibration.cost_input() {
                    let input = &input[s * d.sectors * n..(s + 1) * d.sectors * n];
                    kernel::inputs_into_costs(cost, input, z.price);
                }
                let scale = &technology.input_scale[pairs.clone()];
                for i in 0..n {
                    cost[i] = scale[i] * cost[i] + exponent[i] * z.wage[i];
                }
            }
            let productivity = costs.log_productivity.get(pairs.clone()).unwrap_or(&[]);
            for (cost, productivity) in cost.iter_mut().zip(productivity) {
                *cost -= productivity;
            }
            if !technology.factor_power.is_empty() && !nested {
                for i in 0..n {
                    let pair = s * n + i;
                    let fixed = costs.log_fixed_factor(technology.labour_is_fixed_factor, pair, z.hours[i]);
                    cost[i] += exponent[i]
                        * technology.factor_power[pair]
                        * (self.log_output[pair] - fixed - z.wage[i]);
                }
            }
            let power = technology.cost_power[s];
            let log_weight = &mut self.log_weight[pairs.clone()];
            for i in 0..n {
                log_weight[i] = -power * cost[i];
            }
            if !technology.output_power.is_empty() || technology.labour_power[s] != 0.0 {
                for i in 0..n {
                    let pair = s * n + i;
                    log_weight[i] += technology.labour_power[s] * (z.wage[i] + z.hours[i])
                        + technology.productivity_power[s] * productivity.get(i).unwrap_or(&0.0);
                    if let Some(power) = technology.output_power.get(pair) {
                        log_weight[i] += power * self.log_output[pair];
                    }
                    if let Some(held) = costs.log_scale.get(pair) {
                        log_weight[i] += held;
                    }
                }
            }
            if !costs.reference.is_empty() {
                for (log_weight, reference) in log_weight.iter_mut().zip(&costs.reference[pairs.clone()]) {
                    *log_weight -= reference;
                }
            }
            let highest = log_weight.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (weight, log) in self.weight[pairs].iter_mut().zip(log_weight) {
                *weight = (*log - highest).exp();
            }
        }
    }

    /// The index of all final use and the shares of final use in force.
    pub(crate) fn price_indices(&mut self, calibration: &Calibration, costs: &TradeCosts, price: &[f64]) {
        let n = calibration.dimensions.economies;
        self.log_price_index.fill(0.0);
        let Some(elasticity) = calibration.technology.demand_elasticity else {
            for (pair, share) in costs.final_share.iter().enumerate() {
                self.log_price_index[pair % n] += share * price[pair];
            }
            return;
        };
        let power = 1.0 - elasticity;
        for (pair, share) in costs.final_share.iter().enumerate() {
            self.log_price_index[pair % n] += share * (power * price[pair]).exp();
        }
        for pair in 0..price.len() {
            self.final_share[pair] =
                costs.final_share[pair] * (power * price[pair]).exp() / self.log_price_index[pair % n];
        }
        for index in &mut self.log_price_index {
            *index = index.ln() / power;
        }
    }
}
