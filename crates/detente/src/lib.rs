//! The open engine for trade wars and trade talks: the library.

pub mod brief;
pub mod collection;
pub mod counterfactual;
pub mod entry_stability;
pub mod exposure;
pub mod first_year;
pub mod ledger_tariffs;
pub mod reconciliation;
pub mod results;
pub mod scenario;
pub mod strategy;
pub mod sweep;
pub mod uncertainty;
