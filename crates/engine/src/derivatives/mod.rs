//! Derivatives of the equations, forward and transposed, and the approximate inverse of them that linear solves start from.

mod deficit;
mod input_nest;
pub(crate) mod linearisation;
mod numeraire_unit;
pub(crate) mod objective_derivative;
pub(crate) mod preconditioner;
mod reduced_system;
pub(crate) mod reverse;
