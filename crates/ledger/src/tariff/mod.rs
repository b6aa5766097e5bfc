//! The record joined to the products: which layers are in force between two parties on a day as known on a day, what they make
//! of a line, and what they come to on average and by sector.
//!
//! Start at [`Tariffs::new`].

mod all_partners;
mod altered;
mod by_partner;
mod causes;
mod collected;
mod duties;
mod exports_to_all;
mod held_duties;
mod layers;
mod monthly;
mod on_the_way;
mod origins;
mod published;
mod runs;
mod sector;
mod sector_duties;
mod steps;
mod without_line;

use all_partners::World;
pub use all_partners::{AllPartners, PartnerShare};
pub use altered::{Altered, BaseAndAdded};
pub use by_partner::{Counts, OnPartner, ReadOtherwise};
pub use causes::CauseSize;
pub use collected::{CollectedDuties, LineGap};
pub use held_duties::SectorDuties;
pub use layers::{TariffError, Tariffs, View};
pub use monthly::MonthlyImports;
pub use on_the_way::{Episode, ShareOnTheWay};
pub use origins::{AddedOnOrigin, Weighed};
pub use published::{Comparison, Kind, Published};
pub use runs::{Run, Runs};
pub use sector::{AverageTariff, ByAuthority, PartnerAverage, SectorTariff};
pub use sector_duties::PutInForce;
pub use steps::DutyStep;
