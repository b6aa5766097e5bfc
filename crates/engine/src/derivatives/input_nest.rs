//! Cost shares at a point of linearisation, and what their change does to use and to what value added earns.

use super::linearisation::{ForwardBuffers, Linearisation};
use super::reverse::ReverseBuffers;
use crate::linear::kernel;

impl Linearisation<'_> {
    /// Input shares of gross output in force; none: sectors buy nothing.
    pub fn input_share(&self) -> Option<&[f64]> {
        let nests = &self.sweep.nests;
        if nests.any() { Some(&nests.input_share) } else { self.calibration.input_share() }
    }

    /// The same as exponents of unit cost, before their scale.
    pub fn cost_input(&self) -> Option<&[f64]> {
        let nests = &self.sweep.nests;
        if nests.any() { Some(&nests.input_share) } else { self.calibration.cost_input() }
    }

    /// Exponents of the factor bundle in unit cost, N·S.
    pub fn factor_exponent(&self) -> &[f64] {
        let nests = &self.sweep.nests;
        if nests.any() { &nests.factor_exponent } else { &self.calibration.technology.factor_exponent }
    }

    /// What exponents of inputs are multiplied with, N·S.
    pub fn input_scale(&self) -> &[f64] {
        let nests = &self.sweep.nests;
        if nests.any() { &nests.input_scale } else { &self.calibration.technology.input_scale }
    }

    /// Spending on inputs where they substitute: by outputs, by how much sectors spend on inputs at given prices, by inputs' own prices;
    /// and what value added earns.
    pub fn substitution_forward(&self, price: &[f64], buffers: &mut ForwardBuffers) {
        let nests = &self.sweep.nests;
        let ForwardBuffers { spending, level, used, value_added, earned, .. } = buffers;
        for pair in 0..level.len() {
            let output = nests.output[pair];
            used[pair] = level[pair] + output * used[pair];
            earned[pair] = nests.value_added_hat[pair] * (level[pair] + output * value_added[pair]);
            spending[pair] += nests.own_use[pair] * price[pair];
        }
        outputs_into_use(spending, &nests.input_share, used, self.calibration.dimensions.economies);
    }

    /// What value added earns where only outputs move.
    pub fn earned_at_given_shares(&self, buffers: &mut ForwardBuffers) {
        let ForwardBuffers { level, earned, .. } = buffers;
        kernel::multiply(earned, level, &self.sweep.nests.value_added_hat);
    }

    /// The derivative in ln γ' that budgets and factor incomes have.
    pub fn earned_backward(&self, buffers: &mut ReverseBuffers) {
        let nests = &self.sweep.nests;
        let ReverseBuffers { outputs, gdp, abroad, own_bloc, .. } = buffers;
        let t = &self.calibration.technology;
        let n = gdp.len();
        for (pair, hat) in nests.value_added_hat.iter().enumerate() {
            let capital = t.surplus_share[pair] - t.profit_share[pair];
            let earned = t.surplus_share[pair] * gdp[pair % n] - capital * own_bloc[pair % n];
            outputs.value_added[pair] = hat * nests.output[pair] * earned;
        }
        if nests.any() {
            for transfer in &self.costs.capital_transfers {
                let amount = abroad[transfer.owner] - abroad[transfer.pair % n];
                let earning = nests.value_added_hat[transfer.pair] * nests.output[transfer.pair];
                outputs.value_added[transfer.pair] += transfer.share * earning * amount;
            }
        }
    }
}

kernel::dispatch! {
    /// A pass over all input shares.
    free fn outputs_into_use / outputs_into_use_wide / outputs_into_use_body(usage: &mut [f64], input: &[f64], output: &[f64], n: usize)
}

#[inline(always)]
fn outputs_into_use_body(usage: &mut [f64], input: &[f64], output: &[f64], n: usize) {
    kernel::outputs_into_use(usage, input, output, n);
}
