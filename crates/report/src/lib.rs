//! What people read: screens, pages and charts, made from the answers of the library.
//!
//! Plotting and terminal tables stand here and nowhere below.

pub mod answers_page;
pub mod bands;
pub mod benchmark;
pub mod brief;
pub mod can_tariffs;
pub mod counterfactual;
pub mod desk;
pub mod elasticities;
pub mod first_year;
pub mod made_by;
pub mod page;
pub mod paragraph;
pub mod picture;
pub mod reach;
pub mod rebalance;
pub mod strategy;
pub mod width;
