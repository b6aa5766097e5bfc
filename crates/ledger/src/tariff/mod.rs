//! The record joined to the products: which layers are in force between two parties on a day as known on a day, what they make
//! of a line, and what they come to on average and by sector.
//!
//! Start at [`Tariffs::new`].

mod layers;
mod published;
mod sector;
mod steps;

pub use layers::{TariffError, Tariffs, View};
pub use published::{Comparison, Kind, Published};
pub use sector::{AverageTariff, ByAuthority};
pub use steps::DutyStep;
