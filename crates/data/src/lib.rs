//! Data: benchmark directories, importers of world input-output tables, elasticities and outturns.

pub mod aggregate;
pub mod balance;
pub mod benchmark_directory;
pub mod capital;
pub mod concordance;
pub mod default_world;
pub mod elasticities;
pub mod gtap_write;
pub mod import;
pub mod outturns;
pub mod split;
pub mod switching;
