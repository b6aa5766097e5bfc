//! One measure at one rate on the day that is asked about.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Effect, Estimate, FloorBase, Scope};
use crate::condition::{Conditions, Requirement, Situation};

/// Whether a layer is charged on the day, and if not, why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Charged.
    InForce,
    /// On the books at a rate of zero, or not charged: suspended, ended, never begun. The words say which.
    NotCharged(String),
}

/// For whom and when layers were gathered: what rules of stacking, rows of lists and conditions go by.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The names by which the origin is a target on the day.
    pub names: Vec<String>,
    /// The day asked about.
    pub on: Date,
    /// The day whose knowledge is used.
    pub known_on: Date,
    /// The conditions on record.
    pub conditions: Arc<Conditions>,
}

impl Setting {
    /// A setting without origins or conditions, for a schedule of one's own.
    pub fn plain(on: Date) -> Self {
        Self { names: Vec::new(), on, known_on: Date::MAX, conditions: Arc::default() }
    }

    /// How far all of `required` are met.
    pub fn met(&self, required: &[Requirement], situation: &Situation) -> f64 {
        self.conditions.met(required, self.on, situation)
    }
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
    /// The heading of the schedule, where it is on record.
    pub heading: Option<String>,
    /// Fraction of customs value; within the quota where it has one.
    pub rate: Estimate,
    /// Rate beyond the quota, a fraction.
    pub over: Option<f64>,
    /// What the rate does.
    pub effect: Effect,
    /// The base that a floor compares with.
    pub floor_on: FloorBase,
    /// The column that stands in place of the base rate.
    pub column: Option<String>,
    /// The content on whose share of the value it is charged.
    pub content: Option<String>,
    /// Conditions that must be met.
    pub requires: Vec<Requirement>,
    /// Goods.
    pub scope: Arc<Scope>,
    /// Charged or not.
    pub standing: Standing,
    /// Whether it holds goods against later parts of its measure, also where nothing is charged.
    pub holds: bool,
    /// First day at this rate.
    pub from: Option<Date>,
    /// First day no longer at this rate.
    pub until: Option<Date>,
    /// Legal citations and other sources.
    pub sources: Vec<String>,
    /// How sure the record is of it.
    pub confidence: String,
    /// What a reader should know.
    pub note: Option<String>,
    /// Newest evidence read.
    pub last_evidence: Option<Date>,
    /// For whom and when.
    pub setting: Arc<Setting>,
}

impl Layer {
    /// A layer that adds `rate` on the goods of `scope`, of a family and an instrument; the rest is for the caller to fill in.
    pub fn adding(
        instrument: &str,
        family: &str,
        rate: Estimate,
        scope: Arc<Scope>,
        setting: Arc<Setting>,
    ) -> Self {
        Self {
            instrument: instrument.to_owned(),
            measure: instrument.to_owned(),
            authority: family.to_owned(),
            family: family.to_owned(),
            heading: None,
            rate,
            over: None,
            effect: Effect::Adds,
            floor_on: FloorBase::Paid,
            column: None,
            content: None,
            requires: Vec::new(),
            scope,
            standing: Standing::InForce,
            holds: true,
            from: None,
            until: None,
            sources: Vec::new(),
            confidence: "high".to_owned(),
            note: None,
            last_evidence: None,
            setting,
        }
    }

    /// Whether a rule that names `name` means this layer: its family, its instrument or its heading.
    pub fn answers_to(&self, name: &str) -> bool {
        self.family == name || self.instrument == name || self.heading.as_deref() == Some(name)
    }

    /// Whether it is charged on the day.
    pub fn is_charged(&self) -> bool {
        self.standing == Standing::InForce
    }

    /// The condition that asks for the state of its quota.
    pub fn quota(&self) -> Option<String> {
        (self.effect == Effect::Quota).then(|| format!("{}{}", crate::condition::QUOTA, self.instrument))
    }
}
