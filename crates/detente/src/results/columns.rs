//! The columns of `economies.csv` and `sectors.csv`, in the contract's order: one list serves files, JSON and screen.

use detente_engine::outcomes::economy::EconomyOutcome;
use detente_engine::outcomes::sector::SectorOutcome;

/// A column and where its number comes from; none where the settings do not define it.
pub type Column<T> = (&'static str, fn(&T) -> Option<f64>);

/// Columns of `economies.csv` after `economy`.
pub const ECONOMY: &[Column<EconomyOutcome>] = &[
    ("welfare_pct", |row| row.welfare_pct),
    ("first_order_welfare_pct", |row| row.first_order_welfare_pct),
    ("terms_of_trade_pct", |row| row.terms_of_trade_pct),
    ("volume_of_trade_pct", |row| row.volume_of_trade_pct),
    ("trade_cost_pct", |row| row.trade_cost_pct),
    ("decomposition_remainder_pct", |row| row.decomposition_remainder_pct),
    ("real_wage_pct", |row| row.real_wage_pct),
    ("wage_pct", |row| row.wage_pct),
    ("price_index_pct", |row| row.price_index_pct),
    ("consumer_price_pct", |row| row.consumer_price_pct),
    ("real_gdp_pct", |row| row.real_gdp_pct),
    ("income_before", |row| row.income_before),
    ("income_after", |row| row.income_after),
    ("expenditure_pct", |row| row.expenditure_pct),
    ("profits_pct", |row| row.profits_pct),
    ("employment_pct", |row| row.employment_pct),
    ("tariff_revenue_before", |row| row.tariff_revenue_before),
    ("tariff_revenue", |row| row.tariff_revenue),
    ("deficit_before", |row| row.deficit_before),
    ("deficit", |row| row.deficit),
    ("exports_before", |row| row.exports_before),
    ("exports_after", |row| row.exports_after),
    ("exports_pct", |row| row.exports_pct),
    ("imports_before", |row| row.imports_before),
    ("imports_after", |row| row.imports_after),
    ("imports_pct", |row| row.imports_pct),
    ("manufacturing_share_before", |row| row.manufacturing_share_before),
    ("manufacturing_share", |row| row.manufacturing_share),
    ("consumption_share_before", |row| row.consumption_share_before),
    ("consumption_share", |row| row.consumption_share),
    // Additions of ours to the contract's columns: first-order gains from profits and from entry, where there are any.
    ("profit_shifting_pct", |row| row.profit_shifting_pct),
    ("scale_pct", |row| row.scale_pct),
];

/// Columns of `sectors.csv` after `economy,sector`.
pub const SECTOR: &[Column<SectorOutcome>] = &[
    ("output_pct", |row| row.output_pct),
    ("value_added_pct", |row| row.value_added_pct),
    ("employment_pct", |row| row.employment_pct),
    ("price_pct", |row| row.price_pct),
    ("unit_cost_pct", |row| row.unit_cost_pct),
    ("expenditure_before", |row| Some(row.expenditure_before)),
    ("expenditure_after", |row| Some(row.expenditure_after)),
];
