//! Outcomes of an economy, an entry for each column of `economies.csv`: name, unit, label, tag, formula.

use super::entry::{Better, Origin, OutcomeEntry, Place, Unit};
use crate::objective::Outcome;

const LESS_FIRST_ORDER: &str = "income less the first-order terms, those of profits and entry included";

/// Exact welfare.
pub static WELFARE: OutcomeEntry = OutcomeEntry::new(
    "welfare_pct",
    "income",
    Unit::Percent,
    "exact welfare: equivalent variation over the baseline's income (net of the disutility of work where hours respond)",
)
.under(&[(Place::Brief, "income_pct")])
.better(Better::More)
.solved(|row| row.welfare_pct)
.differentiated("welfare", Outcome::Welfare);

/// Exact welfare in money.
pub static WELFARE_MONEY: OutcomeEntry = OutcomeEntry::new(
    "welfare_money",
    "income, in money",
    Unit::Level,
    "equivalent variation: income times the baseline's final spending",
)
.under(&[(Place::Brief, "income_money")])
.better(Better::More)
.solved(|row| Some(0.01 * row.welfare_pct? * row.income_before?));

/// Welfare with political weights.
pub static GOVERNMENT_WELFARE: OutcomeEntry = OutcomeEntry::new(
    "government_welfare_pct",
    "government welfare",
    Unit::Percent,
    "welfare with the benchmark's political weights on the income of sectors; differentiated, and an objective of the games",
)
.better(Better::More)
.differentiated("government_welfare", Outcome::GovernmentWelfare);

/// A player's objective.
pub static OBJECTIVE: OutcomeEntry = OutcomeEntry::new(
    "objective_pct",
    "objective",
    Unit::Percent,
    "what the economy's government maximises in the game (income, unless political weights are asked for), change from the baseline",
)
.better(Better::More);

/// First-order welfare.
pub static FIRST_ORDER_WELFARE: OutcomeEntry = OutcomeEntry::new(
    "first_order_welfare_pct",
    "first-order welfare",
    Unit::Percent,
    "terms of trade plus volume of trade plus trade costs, over the baseline's income",
)
.short("first order")
.better(Better::More)
.solved(|row| row.first_order_welfare_pct);

/// Terms of trade.
pub static TERMS_OF_TRADE: OutcomeEntry = OutcomeEntry::new(
    "terms_of_trade_pct",
    "terms of trade",
    Unit::Percent,
    "baseline exports times the changes of their prices less baseline imports times those of theirs, over income",
)
.better(Better::More)
.solved(|row| row.terms_of_trade_pct);

/// Volume of trade.
pub static VOLUME_OF_TRADE: OutcomeEntry = OutcomeEntry::new(
    "volume_of_trade_pct",
    "volume of trade",
    Unit::Percent,
    "baseline tariffs times the changes of the volumes of imports, over income",
)
.better(Better::More)
.solved(|row| row.volume_of_trade_pct);

/// Trade costs.
pub static TRADE_COST: OutcomeEntry = OutcomeEntry::new(
    "trade_cost_pct",
    "trade costs",
    Unit::Percent,
    "baseline imports times the changes of their iceberg costs, over income",
)
.better(Better::More)
.solved(|row| row.trade_cost_pct);

/// What first-order terms leave.
pub static REMAINDER: OutcomeEntry = OutcomeEntry::new(
    "decomposition_remainder_pct",
    "remainder of the decomposition",
    Unit::Percent,
    LESS_FIRST_ORDER,
)
.short("remainder")
.solved(|row| row.decomposition_remainder_pct);

/// Real wage.
pub static REAL_WAGE: OutcomeEntry = OutcomeEntry::new(
    "real_wage_pct",
    "real wage",
    Unit::Percent,
    "wage over the price index of all final use",
)
.short("wages")
.better(Better::More)
.solved(|row| row.real_wage_pct)
.differentiated("real_wage", Outcome::RealWage);

/// Nominal wage.
pub static WAGE: OutcomeEntry = OutcomeEntry::new("wage_pct", "wage", Unit::Percent, "wage at the numeraire")
    .solved(|row| row.wage_pct)
    .differentiated("wage", Outcome::Wage);

/// Price index.
pub static PRICE_INDEX: OutcomeEntry = OutcomeEntry::new(
    "price_index_pct",
    "prices",
    Unit::Percent,
    "price index of all final use at the numeraire, duties included: a nominal number that the numeraire moves, no inflation",
)
.solved(|row| row.price_index_pct)
.differentiated("price_index", Outcome::PriceIndex);

/// Prices over wages.
pub static PRICES_OVER_WAGES: OutcomeEntry = OutcomeEntry::new(
    "prices_over_wages_pct",
    "prices over wages",
    Unit::Percent,
    "price index of all final use over the wage: what no numeraire moves",
)
.short("prices/wages")
.better(Better::Less)
.solved(|row| {
    let (prices, wage) = (1.0 + 0.01 * row.price_index_pct?, 1.0 + 0.01 * row.wage_pct?);
    Some(100.0 * (prices / wage - 1.0))
});

/// Consumer prices.
pub static CONSUMER_PRICE: OutcomeEntry = OutcomeEntry::new(
    "consumer_price_pct",
    "consumer prices",
    Unit::Percent,
    "price index of household use at the numeraire, where the data tell it from other final use",
)
.solved(|row| row.consumer_price_pct);

/// Real GDP.
pub static REAL_GDP: OutcomeEntry = OutcomeEntry::new(
    "real_gdp_pct",
    "real GDP",
    Unit::Percent,
    "factor income, profits and revenue over the price index of all final use",
)
.better(Better::More)
.solved(|row| row.real_gdp_pct)
.differentiated("real_gdp", Outcome::RealGdp);

/// Final spending before.
pub static FINAL_SPENDING_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "final_spending_before",
    "final spending before",
    Unit::Level,
    "factor income, profits, revenue and deficit at the baseline",
)
.under(&[(Place::Economies, "income_before")])
.from(Origin::Baseline)
.solved(|row| row.income_before);

/// Final spending.
pub static FINAL_SPENDING: OutcomeEntry = OutcomeEntry::new(
    "final_spending",
    "final spending",
    Unit::Level,
    "factor income, profits, revenue and deficit at the numeraire; not welfare, which also counts prices",
)
.under(&[(Place::Economies, "income_after")])
.solved(|row| row.income_after)
.differentiated("final_spending", Outcome::Income)
.once_called("income");

/// All spending.
pub static EXPENDITURE: OutcomeEntry = OutcomeEntry::new(
    "expenditure_pct",
    "all spending",
    Unit::Percent,
    "spending on all goods at the numeraire, inputs included",
)
.solved(|row| row.expenditure_pct);

/// Profits.
pub static PROFITS: OutcomeEntry = OutcomeEntry::new(
    "profits_pct",
    "profits",
    Unit::Percent,
    "profits at the numeraire, where there are any",
)
.better(Better::More)
.solved(|row| row.profits_pct)
.differentiated("profits", Outcome::Profits);

/// Hours.
pub static EMPLOYMENT: OutcomeEntry =
    OutcomeEntry::new("employment_pct", "employment", Unit::Percent, "hours worked, where they respond")
        .solved(|row| row.employment_pct);

/// Tariff revenue before.
pub static TARIFF_REVENUE_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "tariff_revenue_before",
    "tariff revenue before",
    Unit::Level,
    "duty paid on imports at the baseline",
)
.from(Origin::Baseline)
.solved(|row| row.tariff_revenue_before)
.accounted(|row| Some(row.duty_before));

/// Tariff revenue.
pub static TARIFF_REVENUE: OutcomeEntry =
    OutcomeEntry::new("tariff_revenue", "tariff revenue", Unit::Level, "duty paid on imports")
        .solved(|row| row.tariff_revenue)
        .accounted(|row| Some(row.duty))
        .differentiated("tariff_revenue", Outcome::TariffRevenue);

/// Change of tariff revenue.
pub static TARIFF_REVENUE_CHANGE: OutcomeEntry = OutcomeEntry::new(
    "tariff_revenue_pct",
    "change of tariff revenue",
    Unit::Percent,
    "tariff revenue over tariff revenue before, less one; none where there was none",
)
.short("tariff revenue")
.solved(|row| rise(row.tariff_revenue?, row.tariff_revenue_before?))
.accounted(|row| rise(row.duty, row.duty_before));

/// Tariff revenue as a share of income.
pub static TARIFF_REVENUE_POINTS: OutcomeEntry = OutcomeEntry::new(
    "tariff_revenue_points",
    "tariff revenue over income",
    Unit::Points,
    "change of tariff revenue as a share of final spending; in the first year, of duty over the benchmark's",
)
.under(&[(Place::Bands, "revenue_pct")])
.short("revenue")
.solved(|row| {
    let (after, before) =
        (row.tariff_revenue? / row.income_after?, row.tariff_revenue_before? / row.income_before?);
    Some(100.0 * (after - before))
})
.accounted(|row| Some(100.0 * row.revenue_change() / row.income));

/// Deficit before.
pub static DEFICIT_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "deficit_before",
    "trade deficit before",
    Unit::Level,
    "imports less exports at border values, baseline",
)
.from(Origin::DeficitBefore)
.solved(|row| row.deficit_before)
.accounted(|row| Some(row.imports_before - row.exports_before));

/// Deficit.
pub static DEFICIT: OutcomeEntry =
    OutcomeEntry::new("deficit", "trade deficit", Unit::Level, "imports less exports at border values")
        .from(Origin::Deficit)
        .solved(|row| row.deficit)
        .accounted(|row| Some(row.imports - row.exports));

/// Deficit as a share of income.
pub static DEFICIT_POINTS: OutcomeEntry = OutcomeEntry::new(
    "deficit_points",
    "trade deficit over income",
    Unit::Points,
    "change of the trade deficit as a share of final spending",
)
.short("deficit")
.from(Origin::Deficit)
.solved(|row| Some(100.0 * (row.deficit? / row.income_after? - row.deficit_before? / row.income_before?)));

/// Exports before.
pub static EXPORTS_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "exports_before",
    "exports before",
    Unit::Level,
    "sales abroad at border values, all sectors, baseline",
)
.from(Origin::Baseline)
.solved(|row| row.exports_before)
.accounted(|row| Some(row.exports_before));

/// Exports.
pub static EXPORTS_AFTER: OutcomeEntry = OutcomeEntry::new(
    "exports_after",
    "exports after",
    Unit::Level,
    "sales abroad at border values, all sectors",
)
.solved(|row| row.exports_after)
.accounted(|row| Some(row.exports));

/// Change of exports.
pub static EXPORTS: OutcomeEntry =
    OutcomeEntry::new("exports_pct", "exports", Unit::Percent, "exports after over exports before, less one")
        .solved(|row| row.exports_pct)
        .accounted(|row| rise(row.exports, row.exports_before))
        .differentiated("exports", Outcome::Exports);

/// Imports before.
pub static IMPORTS_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "imports_before",
    "imports before",
    Unit::Level,
    "purchases abroad at border values before duty, all sectors, baseline",
)
.from(Origin::Baseline)
.solved(|row| row.imports_before)
.accounted(|row| Some(row.imports_before));

/// Imports.
pub static IMPORTS_AFTER: OutcomeEntry = OutcomeEntry::new(
    "imports_after",
    "imports after",
    Unit::Level,
    "purchases abroad at border values before duty, all sectors",
)
.solved(|row| row.imports_after)
.accounted(|row| Some(row.imports));

/// Change of imports.
pub static IMPORTS: OutcomeEntry =
    OutcomeEntry::new("imports_pct", "imports", Unit::Percent, "imports after over imports before, less one")
        .solved(|row| row.imports_pct)
        .accounted(|row| rise(row.imports, row.imports_before))
        .differentiated("imports", Outcome::Imports);

/// Change of imports from one partner; read flow by flow.
pub static IMPORTS_FROM: OutcomeEntry = OutcomeEntry::new(
    "imports_from_pct",
    "imports from the other side",
    Unit::Percent,
    "border value of imports from one partner, all sectors, after over before, less one",
)
.short("imports, all");

/// The same of goods; read flow by flow.
pub static GOODS_IMPORTS_FROM: OutcomeEntry = OutcomeEntry::new(
    "goods_imports_from_pct",
    "goods imports from the other side",
    Unit::Percent,
    "border value of imports of goods from one partner, after over before, less one",
)
.short("goods");

/// Manufacturing before.
pub static MANUFACTURING_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "manufacturing_share_before",
    "manufacturing share before",
    Unit::Fraction,
    "manufacturing's part of value added, baseline",
)
.from(Origin::Baseline)
.solved(|row| row.manufacturing_share_before);

/// Manufacturing.
pub static MANUFACTURING: OutcomeEntry = OutcomeEntry::new(
    "manufacturing_share",
    "manufacturing share",
    Unit::Fraction,
    "manufacturing's part of value added",
)
.solved(|row| row.manufacturing_share)
.differentiated("manufacturing_share", Outcome::ManufacturingShare);

/// Change of manufacturing's share.
pub static MANUFACTURING_POINTS: OutcomeEntry = OutcomeEntry::new(
    "manufacturing_share_points",
    "change of the manufacturing share",
    Unit::Points,
    "manufacturing's part of value added less that before",
)
.short("manuf.")
.solved(|row| Some(100.0 * (row.manufacturing_share? - row.manufacturing_share_before?)));

/// Consumption before.
pub static CONSUMPTION_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "consumption_share_before",
    "consumption share before",
    Unit::Fraction,
    "household consumption over GDP, baseline, where the data tell it",
)
.from(Origin::Baseline)
.solved(|row| row.consumption_share_before);

/// Consumption.
pub static CONSUMPTION: OutcomeEntry = OutcomeEntry::new(
    "consumption_share",
    "consumption share",
    Unit::Fraction,
    "household consumption over GDP, where the data tell it",
)
.from(Origin::FinalUse)
.solved(|row| row.consumption_share);

/// Profit shifting.
pub static PROFIT_SHIFTING: OutcomeEntry = OutcomeEntry::new(
    "profit_shifting_pct",
    "profit shifting",
    Unit::Percent,
    "first-order gain from profits that move between economies, over income; where there are profits",
)
.better(Better::More)
.solved(|row| row.profit_shifting_pct);

/// Entry.
pub static SCALE: OutcomeEntry = OutcomeEntry::new(
    "scale_pct",
    "gains from entry",
    Unit::Percent,
    "first-order gain from entry, over income; none without economies of scale",
)
.better(Better::More)
.solved(|row| row.scale_pct);

/// 100 (after/before − 1), where there was something before.
fn rise(after: f64, before: f64) -> Option<f64> {
    (before > 0.0).then(|| 100.0 * (after / before - 1.0))
}
