//! Gradients: against differences of solves, against dual numbers, and against the model written anew in 31 digits.

pub mod cases;
mod differences;
mod dual;
mod exact;
