//! Spending by sector: equation 5.

use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::linear::kernel;
use crate::model::calibration::Calibration;

impl Sweep {
    kernel::dispatch! {
        /// `X = α I + Γ Y`, Γ in shares of gross output.
        pub(crate) fn spending / spending_wide / spending_body(self: &mut, calibration: &Calibration, costs: &TradeCosts, income: &[f64], output: &[f64])
    }

    #[inline(always)]
    fn spending_body(
        &mut self,
        calibration: &Calibration,
        costs: &TradeCosts,
        income: &[f64],
        output: &[f64],
    ) {
        let d = calibration.dimensions;
        let n = d.economies;
        let in_force = if self.final_share.is_empty() { &costs.final_share } else { &self.final_share };
        for (spending, share) in self.expenditure.chunks_exact_mut(n).zip(in_force.chunks_exact(n)) {
            for i in 0..n {
                spending[i] = share[i] * income[i];
            }
        }
        if self.nests.any() {
            kernel::outputs_into_use(&mut self.expenditure, &self.nests.input_share, output, n);
            self.own_price_in_use(calibration);
        } else if let Some(input) = calibration.input_share() {
            kernel::outputs_into_use(&mut self.expenditure, input, output, n);
        }
    }
}
