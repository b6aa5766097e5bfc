//! The economics of Détente: one general-equilibrium trade model in changes (exact hat algebra) in which the
//! published models are settings, with exact gradients, and the games played over it.
//!
//! The one boundary: a [`Benchmark`](benchmark::Benchmark) and a [`Closure`](closure::Closure) make a
//! calibration; a calibration and [`Instruments`](instruments::Instruments) make an
//! [`Equilibrium`](equilibrium::Equilibrium) with its certificate. This crate reads no files and prints nothing.
//!
//! Each module looks only back: `index → parallel → model (benchmark, capital, closure, instruments, calibration) → linear → equations →
//! equilibrium → derivatives → search → sensitivity → outcomes → objective → gradient → sluggish → first_year → catalogue → games → rebalancing →
//! uncertainty`.

pub mod catalogue;
mod derivatives;
mod equations;
pub mod equilibrium;
pub mod error;
pub mod first_year;
pub mod games;
pub mod gradient;
pub mod index;
mod linear;
mod model;
pub mod objective;
pub mod outcomes;
pub mod parallel;
pub mod rebalancing;
mod search;
pub mod sensitivity;
pub mod sluggish;
pub mod uncertainty;

pub use model::{benchmark, calibration, capital, closure, instruments};
pub use search::solver;

// The names of before, until every user has the new ones.
#[doc(hidden)]
pub use {first_year as horizon, games as strategy};
