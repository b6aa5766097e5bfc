//! The engine's tests in one program: what is shared between them is compiled and linked once.

mod capital;
mod entry;
mod far_from_home;
mod first_year;
mod games;
mod gradients;
mod input_substitution;
mod invariance;
mod liberation_day;
mod nafta;
mod ossa;
mod random_economies;
mod solver;
mod theory;
