//! Rebalancing: what levers do to dials, and the cheapest way to an aim.
//!
//! [`typed`] is what was typed, [`lever_meant`] and [`question`] what it means on a world, [`answer`] what came of it.

pub mod answer;
pub mod effects_bands;
pub mod effects_table;
pub mod lever_meant;
pub mod question;
mod scenario_text;
pub mod typed;
