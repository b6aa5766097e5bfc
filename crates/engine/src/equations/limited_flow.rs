//! Limited flows at a point: what each limit counts.

use super::limit::FoldedLimit;
use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::model::calibration::Calibration;
use crate::model::instruments::LimitMeasure;

impl Sweep {
    /// What the logarithm of a limited flow is raised by to stand in the unit of its limit: volumes have no price.
    pub(crate) fn log_unit(&self, measure: LimitMeasure) -> f64 {
        if measure == LimitMeasure::Value { self.log_unit } else { 0.0 }
    }

    /// What a limited cell counts: its border value, or the producers' value at baseline unit cost.
    pub(crate) fn limited_flow(&self, costs: &TradeCosts, limit: &FoldedLimit, cell: usize, n: usize) -> f64 {
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

    pub(crate) fn limited_flows(&mut self, calibration: &Calibration, costs: &TradeCosts) {
        let n = calibration.dimensions.economies;
        for (k, limit) in costs.limits.iter().enumerate() {
            let total: f64 = limit.cells.iter().map(|c| self.limited_flow(costs, limit, c.cell, n)).sum();
            self.log_limited[k] = total.ln() + self.log_unit(limit.measure);
        }
    }
}
