//! How the engine is checked: the back-test against what then happened, and what theory says must hold.

pub mod backtest;
pub mod theory;
