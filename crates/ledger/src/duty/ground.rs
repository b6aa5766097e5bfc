//! What a duty is worked out from: layers by day of loading, rules, and the programmes that an origin may claim.

use std::sync::Arc;

use super::{Layer, Provenance, Scope, Setting, Stacking};
use crate::condition::Requirement;
use crate::products::{Columns, LineTable};

/// The layers of goods that were loaded on some days.
#[derive(Debug, Clone)]
pub struct Case {
    /// The days of loading in words; empty where they make no difference.
    pub words: String,
    /// Everything on the books for such goods.
    pub layers: Vec<Layer>,
}

/// What a valid claim takes away.
#[derive(Debug, Clone)]
pub struct Removed {
    /// Families or instruments.
    pub of: Vec<String>,
    /// Families or instruments that stay.
    pub except: Vec<String>,
    /// Only on these goods.
    pub goods: Option<Arc<Scope>>,
    /// Only where these are met.
    pub requires: Vec<Requirement>,
    /// The heading or text.
    pub why: String,
}

/// A programme that the origin may claim on the day.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What is claimed.
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// Columns of the schedule that give its base rate.
    pub columns: Vec<String>,
    /// It frees the whole entry, of the base and of every measure.
    pub frees: bool,
    /// What an entry that it frees pays in place of that, a share of value.
    pub flat: f64,
    /// What a claim takes away.
    pub removes: Vec<Removed>,
    /// What a reader should know.
    pub note: Option<String>,
}

/// What an answer is made of, besides its question.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The importer's lines.
    pub table: &'a LineTable,
    /// The columns of its schedule.
    pub columns: Option<&'a Columns>,
    /// Where its base rates come from.
    pub provenance: &'a Provenance,
    /// The layers by day of loading; the last is goods loaded on the day of entry.
    pub cases: Vec<Case>,
    /// The rules.
    pub stacking: &'a Stacking,
    /// Programmes.
    pub offers: Vec<Offer>,
    /// For whom and when.
    pub setting: Arc<Setting>,
}
