//! Which outcomes stand in which table, in its order.

use super::economy::*;
use super::entry::{OutcomeEntry, Place};
use super::{capital, dials, first_year, flow, sector};
use crate::first_year::Horizon;

type List = &'static [&'static OutcomeEntry];

/// Columns of `economies.csv` after `economy`, in the order that other programs read.
pub static ECONOMY: List = &[
    &WELFARE,
    &FIRST_ORDER_WELFARE,
    &TERMS_OF_TRADE,
    &VOLUME_OF_TRADE,
    &TRADE_COST,
    &REMAINDER,
    &REAL_WAGE,
    &WAGE,
    &PRICE_INDEX,
    &CONSUMER_PRICE,
    &REAL_GDP,
    &FINAL_SPENDING_BEFORE,
    &FINAL_SPENDING,
    &EXPENDITURE,
    &PROFITS,
    &EMPLOYMENT,
    &TARIFF_REVENUE_BEFORE,
    &TARIFF_REVENUE,
    &DEFICIT_BEFORE,
    &DEFICIT,
    &EXPORTS_BEFORE,
    &EXPORTS_AFTER,
    &EXPORTS,
    &IMPORTS_BEFORE,
    &IMPORTS_AFTER,
    &IMPORTS,
    &MANUFACTURING_BEFORE,
    &MANUFACTURING,
    &CONSUMPTION_BEFORE,
    &CONSUMPTION,
    &PROFIT_SHIFTING,
    &SCALE,
];

/// Further columns of `economies.csv` in the first year.
pub static FIRST_YEAR: List = &[
    &first_year::IMPORTERS_ACCOUNT,
    &first_year::VALUE_ADDED_AT_RISK,
    &first_year::PRIVATE_COST_PCT,
    &first_year::NET_SALES,
    &first_year::TO_OTHER_ORIGINS,
    &first_year::GIVEN_UP,
    &first_year::PRIVATE_COST,
    &first_year::CONCESSION,
    &first_year::DEADWEIGHT_LOSS,
    &first_year::SALES_AT_RISK,
    &first_year::SALES_GAINED,
    &first_year::VALUE_ADDED_CHANGE,
    &first_year::BOUGHT_AT_HOME,
];

/// Further columns of `economies.csv` where capital answers.
pub static CAPITAL: List = &[
    &capital::CONSUMPTION_GIVEN,
    &capital::CONSUMPTION_IN_THE_END,
    &capital::CAPITAL,
    &capital::REAL_WAGE_IN_THE_END,
    &capital::PRESENT_VALUE,
    &capital::PRESENT_VALUE_FAST,
];

/// Columns of `sectors.csv` after `economy,sector`.
pub static SECTOR: List = &[
    &sector::OUTPUT,
    &sector::VALUE_ADDED,
    &sector::SECTOR_EMPLOYMENT,
    &sector::PRICE,
    &sector::UNIT_COST,
    &sector::EXPENDITURE_BEFORE,
    &sector::EXPENDITURE_AFTER,
];

/// Dials of a rebalancing; those up to the largest supplier stand in `dials.csv`.
pub static DIALS: List = &[
    &dials::HOUSEHOLD_CONSUMPTION,
    &dials::GOVERNMENT,
    &dials::INVESTMENT,
    &dials::MANUFACTURING_SHARE,
    &dials::HOME_SHARE,
    &dials::HOME_SHARE_AT_PURCHASERS,
    &dials::HOME_CONTENT,
    &dials::HOME_CONTENT_OF_FINAL_USE,
    &dials::HOME_MAKERS,
    &dials::TRADE_BALANCE,
    &dials::BILATERAL_BALANCE,
    &dials::BILATERAL_GOODS_BALANCE,
    &dials::DEPENDENCE,
    &dials::DEPENDENCE_OF_MANUFACTURES_USED,
    &dials::CONCENTRATION,
    &dials::LARGEST_SUPPLIER,
    &dials::WELFARE,
    &dials::REAL_HOUSEHOLD,
    &dials::REAL_GOVERNMENT,
    &dials::REAL_INVESTMENT,
    &dials::REAL_WAGE,
    &dials::WAGE,
    &dials::GDP,
    &dials::REVENUE,
];

/// Numbers of `trade.csv`, in its order.
pub static TRADE: List = &[&flow::VALUE_BEFORE, &flow::VALUE_AFTER, &flow::CHANGE];

/// Headlines of a counterfactual: its screen, and its bands.
pub static HEADLINES: List = &[
    &WELFARE,
    &FIRST_ORDER_WELFARE,
    &REAL_WAGE,
    &PRICE_INDEX,
    &EXPORTS,
    &IMPORTS,
    &TARIFF_REVENUE_CHANGE,
    &MANUFACTURING_POINTS,
];

/// Headlines of the first year on the screen; the first three are percent of income.
pub static FIRST_YEAR_HEADLINES: List = &[
    &first_year::IMPORTERS_ACCOUNT,
    &first_year::VALUE_ADDED_AT_RISK,
    &first_year::PRIVATE_COST_PCT,
    &EXPORTS,
    &IMPORTS,
    &TARIFF_REVENUE_CHANGE,
];

/// Headlines of the first year that have bands.
pub static FIRST_YEAR_BANDS: List = &[
    &first_year::IMPORTERS_ACCOUNT,
    &first_year::VALUE_ADDED_AT_RISK,
    &first_year::PRIVATE_COST_PCT,
    &TARIFF_REVENUE_POINTS,
];

/// The outcome whose band stands under a key of `bands.csv`.
pub fn banded(key: &str) -> Option<&'static OutcomeEntry> {
    let mut all = HEADLINES.iter().chain(FIRST_YEAR_BANDS).copied();
    all.find(|entry| entry.key(Place::Bands) == key)
}

/// Outcomes side by side in `compare`.
pub static SIDE_BY_SIDE: List = &[&WELFARE, &REAL_WAGE];

/// Outcomes of every economy at a point of a game.
pub static OF_A_GAME: List = &[&WELFARE, &REAL_WAGE, &PRICE_INDEX, &EXPORTS, &IMPORTS];

/// Numbers of a brief in the long run.
pub static BRIEF: List = &[
    &WELFARE,
    &WELFARE_MONEY,
    &REAL_WAGE,
    &PRICE_INDEX,
    &PRICES_OVER_WAGES,
    &IMPORTS_FROM,
    &GOODS_IMPORTS_FROM,
    &TARIFF_REVENUE_POINTS,
    &MANUFACTURING_POINTS,
    &DEFICIT_POINTS,
];

/// Numbers of a brief in the first year.
pub static BRIEF_FIRST_YEAR: List = &[
    &first_year::IMPORTERS_ACCOUNT,
    &first_year::VALUE_ADDED_AT_RISK,
    &IMPORTS_FROM,
    &GOODS_IMPORTS_FROM,
    &TARIFF_REVENUE_POINTS,
];

/// Headlines of a brief that have bands in the long run: the deficit has none, it is assumed. Imports from each party follow.
pub static BRIEF_BANDS: List =
    &[&WELFARE, &REAL_WAGE, &PRICES_OVER_WAGES, &TARIFF_REVENUE_POINTS, &MANUFACTURING_POINTS];

/// Headlines of a brief that have bands in the first year. Imports from each party follow.
pub static BRIEF_FIRST_YEAR_BANDS: List =
    &[&first_year::IMPORTERS_ACCOUNT, &first_year::VALUE_ADDED_AT_RISK, &TARIFF_REVENUE_POINTS];

/// Numbers of a brief at a horizon.
pub fn of_a_brief(horizon: Horizon) -> List {
    if horizon == Horizon::FirstYear { BRIEF_FIRST_YEAR } else { BRIEF }
}

/// Outcomes that a group of tables holds.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What they are outcomes of, as a heading.
    pub title: &'static str,
    /// Where they stand.
    pub tables: &'static str,
    /// The outcomes.
    pub entries: List,
}

/// Headlines of an economy that have no column in `economies.csv` of a plain answer.
static FURTHER: List = &[
    &OBJECTIVE,
    &GOVERNMENT_WELFARE,
    &TARIFF_REVENUE_CHANGE,
    &TARIFF_REVENUE_POINTS,
    &DEFICIT_POINTS,
    &MANUFACTURING_POINTS,
    &IMPORTS_FROM,
    &GOODS_IMPORTS_FROM,
    &WELFARE_MONEY,
    &PRICES_OVER_WAGES,
];

/// Every outcome of an economy, at whichever horizon.
///
/// ```
/// use detente_engine::catalogue::lists;
///
/// assert!(lists::economy_outcomes().any(|entry| entry.id == "welfare_pct"));
/// ```
pub fn economy_outcomes() -> impl Iterator<Item = &'static OutcomeEntry> {
    ECONOMY.iter().chain(FIRST_YEAR).chain(CAPITAL).chain(FURTHER).copied()
}

/// The outcome of an economy with this name, or with this key in `economies.csv`.
///
/// ```
/// use detente_engine::catalogue::lists;
///
/// let welfare = lists::of_an_economy("welfare_pct").expect("in the catalogue");
/// assert_eq!(welfare.unit.words(None), "percent");
/// ```
pub fn of_an_economy(name: &str) -> Option<&'static OutcomeEntry> {
    economy_outcomes().find(|entry| entry.id == name || entry.key(Place::Economies) == name)
}

/// Every outcome, by what it is an outcome of.
pub static ALL: &[Group] = &[
    Group { title: "An economy", tables: "`economies.csv`, `comparison.csv`", entries: ECONOMY },
    Group {
        title: "An economy, further headlines",
        tables: "screens, `bands.csv`, `brief`, the games, gradients",
        entries: FURTHER,
    },
    Group {
        title: "An economy in the first year",
        tables: "`economies.csv` at the first-year horizon",
        entries: FIRST_YEAR,
    },
    Group {
        title: "An economy once capital has answered",
        tables: "`economies.csv` where `capital = \"steady\"`",
        entries: CAPITAL,
    },
    Group { title: "A sector of an economy", tables: "`sectors.csv`", entries: SECTOR },
    Group { title: "A dial of a rebalancing", tables: "`dials.csv`, `levers`, `rebalance`", entries: DIALS },
    Group {
        title: "A dial, before and after",
        tables: "`dials.csv`",
        entries: &[&dials::BEFORE, &dials::AFTER],
    },
    Group { title: "A flow", tables: "`trade.csv`", entries: TRADE },
    Group { title: "A flow's tariff", tables: "`tariffs.csv`", entries: &[&flow::RATE] },
    Group {
        title: "A flow's part of first-order welfare",
        tables: "`decomposition.csv`",
        entries: &[&flow::FLOW_TERMS_OF_TRADE, &flow::FLOW_VOLUME_OF_TRADE],
    },
    Group { title: "An instrument", tables: "`gradient.csv`", entries: &[&flow::DERIVATIVE] },
];
