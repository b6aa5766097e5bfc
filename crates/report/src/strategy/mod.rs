//! Games as a screen and as the page of a strategy.

pub mod answer;
mod draws;
mod found_json;
mod found_words;
pub mod page;
mod page_assumptions;
mod page_cells;
pub mod screen;
mod sustain;
mod zone;
