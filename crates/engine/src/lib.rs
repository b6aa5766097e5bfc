//! The economics of Détente: one general-equilibrium trade model in changes (exact hat algebra) in which the
//! published models are settings, with exact gradients, and the games played over it.
//!
//! The one boundary: a [`Benchmark`](benchmark::Benchmark) and a [`Closure`](closure::Closure) make a
//! calibration; a calibration and [`Instruments`](instruments::Instruments) make an
//! [`Equilibrium`](equilibrium::Equilibrium) with its certificate. This crate reads no files and prints nothing.
//!
//! Each module looks only back: `index → parallel → benchmark → closure → instruments → calibration → equilibrium →
//! outcomes → objective → gradient → horizon → strategy → rebalancing → uncertainty`.

pub mod benchmark;
pub mod calibration;
pub mod closure;
pub mod equilibrium;
pub mod error;
pub mod gradient;
pub mod horizon;
pub mod index;
pub mod instruments;
pub mod objective;
pub mod outcomes;
pub mod parallel;
pub mod strategy;
pub mod uncertainty;

// Unit tests draw economies from the generator that the integration tests use.
#[cfg(test)]
extern crate self as detente_engine;
#[cfg(test)]
#[path = "../tests/shared/random.rs"]
#[allow(dead_code)]
mod random;
