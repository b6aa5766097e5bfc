//! The record: dated, cited measures, deadlines and talks, and what is in force on any day as known on any day.

pub mod duty;
pub mod embedded;
pub mod panel;
pub mod products;
