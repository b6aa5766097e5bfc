//! The record: dated, cited measures, deadlines and talks, and what is in force on any day as known on any day.
//!
//! Start at [`Ledger::embedded`]; [`schedule::governing`] says what governs an instrument on a day, as known on a day.

mod as_of;
pub mod check;
pub mod condition;
pub mod confidence;
pub mod coverage;
pub mod duty;
pub mod error;
pub mod files;
pub mod instrument;
pub mod interval;
pub mod ledger;
pub mod negotiation;
mod own_folder;
pub mod panel;
pub mod party;
pub mod preference;
pub mod products;
pub mod rate;
pub mod schedule;
pub mod source;
pub mod status;
pub mod talks;
pub mod tariff;
mod typed;
pub mod undone_by;

pub use as_of::AsOf;
pub use error::LedgerError;
pub use instrument::Instrument;
pub use ledger::{Ledger, date};
pub use own_folder::OwnFolder;
