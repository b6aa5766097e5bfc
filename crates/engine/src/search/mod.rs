//! The search for a point where the equations hold: Newton's method, what follows where it does not arrive, and the solve
//! that puts them in order and certifies what they found.

mod active_set;
pub(crate) mod buffers;
mod damped_newton;
mod entry_dynamics;
mod fallbacks;
mod homotopy;
mod newton;
pub(crate) mod residual;
mod scale_continuation;
pub(crate) mod solution;
mod solve;
pub mod solver;
pub(crate) mod start;
mod status;
mod wage_secants;

#[cfg(test)]
mod derivative_tests;
