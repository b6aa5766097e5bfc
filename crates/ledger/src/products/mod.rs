//! Products: tariff lines, the lists that legal acts attach to them, and the model sectors they belong to.
//!
//! A **line** is the finest product that the record tells apart: eight digits, or ten where some list splits the eight.
//! A **list** is the product scope of a measure, one code a row; a short code covers everything below it. A
//! **concordance** sends each code to a sector of a benchmark. None of them knows a rate that a trade war added: that is
//! the instruments' part.

mod base_rate;
mod cells;
mod claims;
mod code;
mod columns;
mod concordance;
mod error;
mod library;
mod line;
mod list;
mod trade_by_line;
mod weights;

pub use base_rate::{BaseRate, SpecificDuty};
pub use claims::{ClaimedShares, Claims};
pub use code::ProductCode;
pub use columns::{Columns, GENERAL};
pub use concordance::Concordance;
pub use error::ProductError;
pub(crate) use library::tables_of_folder;
pub use library::{AboutList, ProductLibrary, WorkDone};
pub use line::{Line, LineTable};
pub use list::{Coverage, Match, ProductList, Terms};
pub use trade_by_line::TradeByLine;
pub use weights::{ALL_PARTNERS, weights_of_a_pair};
