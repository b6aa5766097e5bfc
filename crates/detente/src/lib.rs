//! The open engine for trade wars and trade talks: the library.

pub mod brief;
pub mod elasticities;
pub mod outturns;
pub mod report;
