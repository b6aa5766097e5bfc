//! The outcomes of one economy: a row of `economies.csv`.

use super::capital::CapitalOutcome;

/// One economy's outcomes. Percentages compare the counterfactual with the baseline; levels are in the benchmark's
/// unit at the numeraire, shares are fractions.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EconomyOutcome {
    /// Exact welfare change: equivalent variation over baseline income.
    pub welfare_pct: Option<f64>,
    /// Sum of the three first-order terms.
    pub first_order_welfare_pct: Option<f64>,
    /// First-order terms of trade.
    pub terms_of_trade_pct: Option<f64>,
    /// First-order volume of trade.
    pub volume_of_trade_pct: Option<f64>,
    /// First-order trade costs.
    pub trade_cost_pct: Option<f64>,
    /// First-order profit shifting, where there are profits.
    pub profit_shifting_pct: Option<f64>,
    /// Gains from entry to first order, percent of income; none without economies of scale.
    pub scale_pct: Option<f64>,
    /// Exact welfare less the first-order terms.
    pub decomposition_remainder_pct: Option<f64>,
    /// Wage over the index of all final use.
    pub real_wage_pct: Option<f64>,
    /// Wage at the numeraire.
    pub wage_pct: Option<f64>,
    /// Index of all final use.
    pub price_index_pct: Option<f64>,
    /// Index of household use, where the data tell it from other final use.
    pub consumer_price_pct: Option<f64>,
    /// GDP over the index of all final use.
    pub real_gdp_pct: Option<f64>,
    /// Final spending at the baseline.
    pub income_before: Option<f64>,
    /// Final spending in the counterfactual.
    pub income_after: Option<f64>,
    /// All spending, inputs included.
    pub expenditure_pct: Option<f64>,
    /// Profits, where there are any.
    pub profits_pct: Option<f64>,
    /// Hours worked, where they respond.
    pub employment_pct: Option<f64>,
    /// Import tariff revenue at the baseline.
    pub tariff_revenue_before: Option<f64>,
    /// Import tariff revenue in the counterfactual.
    pub tariff_revenue: Option<f64>,
    /// Imports less exports at border values, baseline.
    pub deficit_before: Option<f64>,
    /// Imports less exports at border values, counterfactual.
    pub deficit: Option<f64>,
    /// Exports at border values, home sales excluded, baseline.
    pub exports_before: Option<f64>,
    /// Exports, counterfactual.
    pub exports_after: Option<f64>,
    /// Change of exports.
    pub exports_pct: Option<f64>,
    /// Imports at border values, home sales excluded, baseline.
    pub imports_before: Option<f64>,
    /// Imports, counterfactual.
    pub imports_after: Option<f64>,
    /// Change of imports.
    pub imports_pct: Option<f64>,
    /// Manufacturing's share of value added, baseline.
    pub manufacturing_share_before: Option<f64>,
    /// Manufacturing's share of value added, counterfactual.
    pub manufacturing_share: Option<f64>,
    /// Household consumption over GDP, baseline, where the data tell it.
    pub consumption_share_before: Option<f64>,
    /// Household consumption over GDP, counterfactual.
    pub consumption_share: Option<f64>,
    /// What capital adds, where it answers.
    pub capital: Option<CapitalOutcome>,
}
