//! The open engine for trade wars and trade talks: the library.

pub mod aggregate;
pub mod aside;
pub mod backtest;
pub mod benchmark_directory;
pub mod break_it;
pub mod brief;
pub mod collection;
pub mod counterfactual;
pub mod default_world;
pub mod elasticities;
pub mod folder;
pub mod import;
pub mod ledger_tariffs;
pub mod measurable;
pub mod outturns;
pub mod problem;
pub mod reconciliation;
pub mod report;
pub mod results;
pub mod scenario;
pub mod strategy;
pub mod sweep;
pub mod table;
pub mod toml_file;
pub mod uncertainty;
pub mod within_a_year;
