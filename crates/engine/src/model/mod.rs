//! The model and what it is asked: data of a world, closures, instruments, and the calibration that joins the first two.

pub mod benchmark;
pub mod calibration;
pub mod capital;
pub mod closure;
mod deficits;
mod input_substitution;
pub mod instruments;
pub(crate) mod sluggish;
