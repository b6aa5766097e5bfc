//! All lines at once: the schedule of an importer towards an exporter, and its averages.
//!
//! Thousands of lines meet the layers in only a few hundred different ways. Lines that every scope reaches alike form a
//! **class**; stacking is worked out once for each class and day, and an average over lines is a sum over classes.

mod added;
mod average;
mod claim;
mod class;
mod classes;
mod day;
mod groups;

pub use added::Added;
pub use average::{Average, Cell, SectorDuty};
pub(crate) use claim::Claim;
pub use classes::Panel;
pub(crate) use day::{Day, Part};
pub(crate) use groups::Groups;
