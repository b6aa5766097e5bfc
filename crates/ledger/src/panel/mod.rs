//! All lines at once: the schedule of an importer towards an exporter, and its averages.
//!
//! Thousands of lines meet the layers in only a few hundred different ways. Lines that every scope reaches alike form a
//! **class**; stacking is worked out once for each class and day, and an average over lines is a sum over classes.

mod added;
mod average;
mod classes;
mod product;
mod groups;

pub use added::Added;
pub use average::{Average, Cell, SectorDuty};
pub use classes::Panel;
pub use product::ProductDuty;
pub(crate) use groups::Groups;
