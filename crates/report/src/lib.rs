//! What people read: screens, pages and charts, made from the answers of the library.
//!
//! Plotting and terminal tables stand here and nowhere below.

pub mod bands;
pub mod benchmark;
pub mod brief;
pub mod chart;
mod colours;
pub mod counterfactual;
pub mod deal_chart;
pub mod elasticities;
pub mod first_year;
pub mod page;
pub mod rebalance;
pub mod strategy;
pub mod width;
