//! Incomes, hours and foreign exchange: equations 8 and 9.
//!
//! Factor markets clear where an economy's payments abroad equal its receipts, deficit included: by the budgets and the
//! market clearing of every sector the two say the same (Walras). The trade balance is the better equation: close to
//! autarky it still answers to the wage with the trade elasticity, while the wage bill hardly moves.

use super::layout::Blocks;
use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::model::calibration::Calibration;

impl Sweep {
    /// Incomes as budgets give them, hours as their supply does, and foreign exchange.
    pub(crate) fn budgets(&mut self, calibration: &Calibration, costs: &TradeCosts, z: &Blocks<'_>) {
        let d = calibration.dimensions;
        let n = d.economies;
        let technology = &calibration.technology;
        self.surplus.fill(0.0);
        self.factor_income.fill(0.0);
        self.bloc_income.fill(0.0);
        self.export_tax_revenue.fill(0.0);
        self.abroad.fill(0.0);
        for pair in 0..d.pairs() {
            let i = pair % n;
            let earning = self.nests.value_added_hat(pair) * z.output[pair];
            self.surplus[i] += technology.surplus_share[pair] * earning;
            self.factor_income[i] += technology.capital_share(pair) * earning;
            if costs.taxed() {
                self.export_tax_revenue[i] +=
                    self.received[pair] + self.expenditure[pair] * self.home_share[pair] - self.sales[pair];
            }
        }
        for transfer in &costs.capital_transfers {
            let earning = self.nests.value_added_hat(transfer.pair) * z.output[transfer.pair];
            let amount = transfer.share * earning;
            self.abroad[transfer.pair % n] -= amount;
            self.abroad[transfer.owner] += amount;
        }
        for i in 0..n {
            self.labour_income[i] = calibration.labour_income[i] * (z.wage[i] + z.hours[i]).exp();
            self.factor_income[i] += self.labour_income[i];
            self.bloc_income[calibration.bloc[i]] += self.factor_income[i];
            self.budget[i] = self.labour_income[i]
                + self.surplus[i]
                + self.abroad[i]
                + self.tariff_revenue[i]
                + self.export_tax_revenue[i];
        }
        self.deficits(calibration, costs);
        for i in 0..n {
            self.budget[i] += self.deficit[i];
            let (deficit, abroad) = (self.deficit[i], self.abroad[i]);
            self.uses[i] = self.imports[i] + (-deficit).max(0.0) + (-abroad).max(0.0);
            self.sources[i] = self.exports[i] + deficit.max(0.0) + abroad.max(0.0);
            if self.uses[i] == 0.0 && self.sources[i] == 0.0 {
                // Who neither pays nor receives abroad is always in balance.
                (self.uses[i], self.sources[i]) = (1.0, 1.0);
            }
            self.log_hours[i] = costs.log_endowment[i];
            if technology.hours_elasticity != 0.0 {
                let mut real = z.wage[i] - self.log_price_index[i];
                if technology.tax_relief {
                    // Relative to the relief that the data's own tariffs give.
                    let before = calibration.tariff_revenue[i] / calibration.labour_income[i];
                    real += (1.0 - before).ln() - (1.0 - self.tariff_revenue[i] / self.labour_income[i]).ln();
                }
                self.log_hours[i] += technology.hours_elasticity * real;
            }
        }
    }
}
