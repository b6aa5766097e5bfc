//! Limited flows at a point: what each limit counts.

use super::limit::FoldedLimit;
use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::calibration::Calibration;
use crate::instruments::LimitMeasure;

impl Sweep {
    /// What a limited cell counts: its border value, or the producers' value at baseline unit cost.
    pub(super) fn limited_flow(&self, costs: &TradeCosts, limit: &FoldedLimit, cell: usize, n: usize) -> f64 {
        let pair = cell / n;
        let exporter = (pair / n) * n + cell % n;
        match limit.measure {
            LimitMeasure::Value => {
                self.expenditure[pair] * self.payment_share(costs, cell) * costs.border_over_payment[pair % n]
            }
            LimitMeasure::Volume => {
                let share = self.producer_share(costs, cell);
                self.expenditure[pair] * share * costs.border_over_payment[pair % n]
                    / self.log_unit_cost[exporter].exp()
            }
        }
    }

    pub(super) fn limited_flows(&mut self, calibration: &Calibration, costs: &TradeCosts) {
        let n = calibration.dimensions.economies;
        for (k, limit) in costs.limits.iter().enumerate() {
            let total: f64 = limit.cells.iter().map(|c| self.limited_flow(costs, limit, c.cell, n)).sum();
            self.log_limited[k] = total.ln() + self.log_unit(limit.measure);
        }
    }
}
