//! The library's tests in one program: what is shared between them is compiled and linked once.

mod bands;
mod bands_on_days;
mod benchmarks;
mod brief;
mod brief_work;
mod capital;
mod dials;
mod examples;
mod first_order;
mod global_rebalancing;
mod gtap;
mod horizon;
mod imports;
mod kept;
mod others;
mod paid_base;
mod policy_risk;
mod rebalancing;
mod rebased;
mod round_trip;
mod scenarios;
mod stop;
mod strategy_day;
