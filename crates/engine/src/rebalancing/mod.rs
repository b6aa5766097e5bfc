//! Rebalancing: the dials that its aims are read on, what moves them, and the cheapest way to an aim.
//!
//! A [`dial`] is a share of an economy with its exact gradient in every instrument. A [`lever`] is a direction in the instruments, so that the
//! [`effects`] of all levers on all dials are one adjoint a dial. [`least_cost`] finds the mix of levers that meets targets at the least
//! cost, or which targets cannot be met together; [`swap`] the levers at which as many targets are met as there are levers.

mod content;
pub mod dial;
mod direct;
pub mod effects;
pub mod least_cost;
pub mod lever;
pub mod problem;
mod quadratic;
mod search;
pub mod swap;
