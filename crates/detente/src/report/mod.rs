//! How answers are shown to people: numbers, pictures, self-contained pages.

pub mod chart;
pub mod deal_chart;
pub mod number;
pub mod page;
