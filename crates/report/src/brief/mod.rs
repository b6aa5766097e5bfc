//! The brief as a screen and as a page.

mod band_tables;
pub mod details;
mod dial_tables;
pub mod outcome_rows;
mod outcome_tables;
pub mod outcomes_csv;
pub mod page;
pub mod pictures;
pub mod screen;
