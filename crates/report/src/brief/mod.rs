//! The brief as a screen and as a page.

mod band_tables;
pub mod details;
mod outcome_tables;
pub mod page;
pub mod pictures;
pub mod screen;
