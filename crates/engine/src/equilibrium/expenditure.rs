//! Spending by sector: equation 5.

use super::kernel;
use super::sweep::Sweep;
use crate::calibration::Calibration;

impl Sweep {
    kernel::dispatch! {
        /// `X = α I + Γ Y`, Γ in shares of gross output.
        pub(super) fn spending / spending_wide / spending_body(self: &mut, calibration: &Calibration, income: &[f64], output: &[f64])
    }

    #[inline(always)]
    fn spending_body(&mut self, calibration: &Calibration, income: &[f64], output: &[f64]) {
        let d = calibration.dimensions;
        let n = d.economies;
        for (spending, share) in self.expenditure.chunks_exact_mut(n).zip(self.final_share.chunks_exact(n)) {
            for i in 0..n {
                spending[i] = share[i] * income[i];
            }
        }
        if let Some(input) = calibration.input_share() {
            kernel::outputs_into_use(&mut self.expenditure, input, output, n);
        }
    }
}
