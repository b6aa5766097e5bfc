//! One measure at one rate on the day that is asked about.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Estimate, Scope};

/// Whether a layer is charged on the day, and if not, why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Charged.
    InForce,
    /// On the books at a rate of zero, or not charged: suspended, ended, never begun. The words say which.
    NotCharged(String),
}

/// One measure at one rate, for one importer and exporter.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Identifier of the instrument.
    pub instrument: String,
    /// What a reader calls the measure.
    pub measure: String,
    /// The power it is taken under.
    pub authority: String,
    /// The family that stacking rules name.
    pub family: String,
    /// Fraction of customs value.
    pub rate: Estimate,
    /// Goods.
    pub scope: Arc<Scope>,
    /// Charged or not.
    pub standing: Standing,
    /// First day at this rate.
    pub from: Option<Date>,
    /// First day no longer at this rate.
    pub until: Option<Date>,
    /// Legal citations and other sources.
    pub sources: Vec<String>,
    /// How sure the record is of it.
    pub confidence: String,
}

impl Layer {
    /// Whether a rule that names `name` means this layer: its family, or its instrument.
    pub fn answers_to(&self, name: &str) -> bool {
        self.family == name || self.instrument == name
    }

    /// Whether it is charged on the day.
    pub fn is_charged(&self) -> bool {
        self.standing == Standing::InForce
    }
}
