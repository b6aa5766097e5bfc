//! What an economy's accounts say of the first year.

/// Accounts of one economy, benchmark unit at held wages and border prices. Changes are after less before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FirstYearAccounts {
    /// Border value of imports before.
    pub imports_before: f64,
    /// Border value of imports after.
    pub imports: f64,
    /// Border value of exports before.
    pub exports_before: f64,
    /// Border value of exports after.
    pub exports: f64,
    /// Duty paid before.
    pub duty_before: f64,
    /// Duty paid after.
    pub duty: f64,
    /// What buyers of imports gain: exact, negative where prices rise.
    pub buyers_gain: f64,
    /// What foreign exporters conceded on the border price; zero under complete pass-through.
    pub concession_received: f64,
    /// What this economy's exporters conceded abroad.
    pub concession_given: f64,
    /// Foreign sales lost where they fell, before any gain elsewhere: the gross sales at risk.
    pub sales_at_risk: f64,
    /// Foreign sales gained where they rose.
    pub sales_gained: f64,
    /// Imports lost by the origins that lost.
    pub purchases_moved: f64,
    /// Of these, what other origins gained.
    pub to_other_origins: f64,
    /// Of these, what home producers gained; none where home goods are left out.
    pub to_home: Option<f64>,
    /// Change of the value added at home that exports pay, suppliers at home included.
    pub value_added: f64,
    /// Benchmark income: factor income, duty and deficit.
    pub income: f64,
}

impl FirstYearAccounts {
    /// What the change costs the buyers of imports.
    pub fn private_cost(&self) -> f64 {
        -self.buyers_gain
    }

    /// Duty paid after less before.
    pub fn revenue_change(&self) -> f64 {
        self.duty - self.duty_before
    }

    /// What is lost to everybody: private cost and foreign concession less revenue.
    pub fn deadweight_loss(&self) -> f64 {
        self.private_cost() + self.concession_received - self.revenue_change()
    }

    /// What the economy gains as an importer, less what its exporters concede, percent of benchmark income. Wages and sales lost abroad
    /// are not in it.
    pub fn importers_account_pct(&self) -> f64 {
        self.of_income(self.buyers_gain + self.revenue_change() - self.concession_given)
    }

    /// Private cost, before any use of the revenue, percent of benchmark income.
    pub fn private_cost_pct(&self) -> f64 {
        self.of_income(self.private_cost())
    }

    /// Net change of foreign sales, percent of benchmark income.
    pub fn net_sales_pct(&self) -> f64 {
        self.of_income(self.exports - self.exports_before)
    }

    /// Change of value added that exports pay, percent of benchmark income.
    pub fn value_added_pct(&self) -> f64 {
        self.of_income(self.value_added)
    }

    /// Share of the purchases moved that other origins gained, percent; none where nothing moved.
    pub fn to_other_origins_pct(&self) -> Option<f64> {
        (self.purchases_moved > 0.0).then(|| 100.0 * self.to_other_origins / self.purchases_moved)
    }

    /// Share of the purchases moved that nobody gained, percent. Where home goods are left out, what they gain is in it.
    pub fn given_up_pct(&self) -> Option<f64> {
        let kept = self.to_other_origins + self.to_home.unwrap_or(0.0);
        (self.purchases_moved > 0.0).then(|| 100.0 * (1.0 - kept / self.purchases_moved))
    }

    fn of_income(&self, value: f64) -> f64 {
        100.0 * value / self.income
    }
}
