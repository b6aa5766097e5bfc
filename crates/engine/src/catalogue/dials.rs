//! Dials of a rebalancing: shares that its aims are read on, and the numbers that levers are judged by beside them.

use super::entry::{Better, Origin, OutcomeEntry, Unit};

/// Household consumption.
pub static HOUSEHOLD_CONSUMPTION: OutcomeEntry = OutcomeEntry::new(
    "household_consumption",
    "household consumption over GDP",
    Unit::Fraction,
    "what households spend over factor income, profits and revenue",
)
.from(Origin::FinalUse);

/// Government consumption.
pub static GOVERNMENT: OutcomeEntry = OutcomeEntry::new(
    "government",
    "government consumption over GDP",
    Unit::Fraction,
    "what government spends for final use over GDP",
)
.from(Origin::FinalUse);

/// Investment.
pub static INVESTMENT: OutcomeEntry = OutcomeEntry::new(
    "investment",
    "investment over GDP",
    Unit::Fraction,
    "what is invested, inventories included, over GDP",
)
.from(Origin::FinalUse);

/// Manufacturing.
pub static MANUFACTURING_SHARE: OutcomeEntry = OutcomeEntry::new(
    "manufacturing_share",
    "manufacturing's share of value added",
    Unit::Fraction,
    "value added in manufacturing over all value added",
);

/// Makers at home.
pub static HOME_SHARE: OutcomeEntry = OutcomeEntry::new(
    "home_share",
    "manufactures from home",
    Unit::Fraction,
    "manufactures bought of makers at home over all bought, for whatever use, border values",
);

/// Makers at home, purchasers' prices.
pub static HOME_SHARE_AT_PURCHASERS: OutcomeEntry = OutcomeEntry::new(
    "home_share_at_purchasers",
    "manufactures from home at purchasers' prices",
    Unit::Fraction,
    "the same with tariffs in prices, which lowers the weight of home as they rise",
);

/// Home content of manufactures.
pub static HOME_CONTENT: OutcomeEntry = OutcomeEntry::new(
    "home_content",
    "home content of manufactures used",
    Unit::Fraction,
    "home value added over all value added in final use of manufactures, net taxes left out",
);

/// Home content of all final use.
pub static HOME_CONTENT_OF_FINAL_USE: OutcomeEntry = OutcomeEntry::new(
    "home_content_of_final_use",
    "home content of final use",
    Unit::Fraction,
    "home value added over all value added in final use of everything",
);

/// Home makers.
pub static HOME_MAKERS: OutcomeEntry = OutcomeEntry::new(
    "home_makers",
    "home makers' part of manufacturing used",
    Unit::Fraction,
    "home manufacturing's value added over all manufacturing value added in final use of everything",
);

/// Trade balance.
pub static TRADE_BALANCE: OutcomeEntry = OutcomeEntry::new(
    "trade_balance",
    "trade balance over GDP",
    Unit::Fraction,
    "exports less imports at border values over GDP; the model has no income balance",
)
.from(Origin::Deficit);

/// Bilateral balance.
pub static BILATERAL_BALANCE: OutcomeEntry = OutcomeEntry::new(
    "bilateral_balance",
    "balance with the partner over GDP",
    Unit::Fraction,
    "exports to the partner less imports from it over own GDP",
);

/// Bilateral goods balance.
pub static BILATERAL_GOODS_BALANCE: OutcomeEntry = OutcomeEntry::new(
    "bilateral_goods_balance",
    "goods balance with the partner over GDP",
    Unit::Fraction,
    "the same in goods",
);

/// Dependence.
pub static DEPENDENCE: OutcomeEntry = OutcomeEntry::new(
    "dependence",
    "the partner's share of goods imports",
    Unit::Fraction,
    "goods imported from the partner over all goods imported",
);

/// Dependence, manufactures used.
pub static DEPENDENCE_OF_MANUFACTURES_USED: OutcomeEntry = OutcomeEntry::new(
    "dependence_of_manufactures_used",
    "the partner's share of manufactures used",
    Unit::Fraction,
    "manufactures bought of the partner over all bought, home sales included",
);

/// Concentration.
pub static CONCENTRATION: OutcomeEntry = OutcomeEntry::new(
    "concentration",
    "concentration of manufactures imports",
    Unit::Fraction,
    "sum of suppliers' squared shares of a sector's imports, mean over manufactures weighted by imports",
);

/// Largest supplier.
pub static LARGEST_SUPPLIER: OutcomeEntry = OutcomeEntry::new(
    "largest_supplier",
    "share of the largest supplier",
    Unit::Fraction,
    "share of the largest foreign supplier of a manufacture, mean weighted by imports",
);

/// Welfare.
pub static WELFARE: OutcomeEntry = OutcomeEntry::new(
    "welfare",
    "welfare, new over old",
    Unit::Fraction,
    "real final spending over the data's, weighed by the data's shares where final demand is shifted",
)
.better(Better::More);

/// Real household consumption.
pub static REAL_HOUSEHOLD: OutcomeEntry = OutcomeEntry::new(
    "real_household",
    "real household consumption, new over old",
    Unit::Fraction,
    "what households spend over the price index of what they buy, over the data's",
)
.better(Better::More);

/// Real government consumption.
pub static REAL_GOVERNMENT: OutcomeEntry = OutcomeEntry::new(
    "real_government",
    "real government consumption, new over old",
    Unit::Fraction,
    "what government spends over the price index of what it buys, over the data's",
)
.better(Better::More);

/// Real investment.
pub static REAL_INVESTMENT: OutcomeEntry = OutcomeEntry::new(
    "real_investment",
    "real investment, new over old",
    Unit::Fraction,
    "what is invested over the price index of what is bought for it, over the data's",
)
.better(Better::More);

/// Real wage.
pub static REAL_WAGE: OutcomeEntry = OutcomeEntry::new(
    "real_wage",
    "real wage, new over old",
    Unit::Fraction,
    "wage over the price index of all final use, over the data's",
)
.better(Better::More);

/// Wage.
pub static WAGE: OutcomeEntry =
    OutcomeEntry::new("wage", "wage, new over old", Unit::Fraction, "wage at the numeraire, over the data's");

/// GDP.
pub static GDP: OutcomeEntry =
    OutcomeEntry::new("gdp", "GDP", Unit::Level, "factor income, profits and revenue at the numeraire");

/// Revenue.
pub static REVENUE: OutcomeEntry = OutcomeEntry::new(
    "tariff_and_export_tax_revenue_over_gdp",
    "tariff and export tax revenue over GDP",
    Unit::Fraction,
    "tariff and export tax revenue over GDP; an output subsidy counts against it",
);

/// A dial before.
pub static BEFORE: OutcomeEntry = OutcomeEntry::new(
    "before",
    "dial before",
    Unit::Fraction,
    "the row's dial at the baseline; empty where the data do not define it",
)
.from(Origin::Baseline);

/// A dial after.
pub static AFTER: OutcomeEntry =
    OutcomeEntry::new("after", "dial", Unit::Fraction, "the row's dial in the counterfactual");
