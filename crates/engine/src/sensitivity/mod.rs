//! What a solved equilibrium answers to: its derivatives by one linear solve, forward or transposed, and its root of entry.

pub(crate) mod adjoint;
pub mod entry_root;
mod linear_solve;
pub(crate) mod tangent;
