//! Games as a screen and as the page of a strategy.

pub mod answer;
mod draws;
mod found_json;
mod found_words;
mod money;
pub mod page;
mod page_assumptions;
mod page_cells;
mod policy_words;
pub mod screen;
pub mod short;
mod split;
mod sustain;
mod zone;
