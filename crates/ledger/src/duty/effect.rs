//! What a measure does to the goods that it reaches.

use serde::{Deserialize, Serialize};

/// What a rate does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It adds to the base.
    #[default]
    Adds,
    /// Base and it come to the rate at least: it adds max(0, rate − base).
    Floor,
    /// It, or a column of the schedule, stands in place of the base.
    ReplacesBase,
    /// Nothing is charged; the measure's other rates do not hold.
    Exempt,
    /// One rate within a quota, another, or no entry, beyond it.
    Quota,
    /// No entry.
    Prohibits,
    /// An amount per unit, told and not converted.
    Specific,
}

impl Effect {
    /// Whether it does something where no rate, or a rate of zero, is written.
    pub fn charges_without_a_rate(self) -> bool {
        !matches!(self, Self::Adds | Self::Exempt)
    }
}

/// The base rate that a floor compares with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FloorBase {
    /// The one that is paid: a preference that is claimed counts.
    #[default]
    Paid,
    /// The general one.
    General,
}

/// An amount of duty per unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecificAmount {
    /// Amount.
    pub amount: f64,
    /// Unit.
    pub unit: String,
    /// Currency.
    pub currency: String,
}
