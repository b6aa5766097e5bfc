//! The equations: where the unknowns stand, how instruments fold into trade costs, and one sweep of prices and spending.

pub(crate) mod deficit;
mod expenditure;
mod factor_market;
pub(crate) mod input_nest;
pub(crate) mod layout;
pub(crate) mod limit;
mod limited_flow;
mod nested_costs;
pub(crate) mod numeraire;
mod price;
pub(crate) mod sweep;
pub(crate) mod trade_cost;
