//! Duties by sector that were worked out and are held.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::duty::Layer;
use crate::panel::SectorDuty;
use crate::schedule::Reading;

/// The layers between two parties, and what they come to by sector.
#[derive(Debug)]
pub struct SectorDuties {
    /// The layers.
    pub layers: Vec<Layer>,
    /// By sector of the concordance, parts in the order of the layers.
    pub sectors: Vec<SectorDuty>,
}

/// What tells one question from another.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    pub importer: String,
    pub exporter: String,
    pub on: Date,
    pub known_on: Date,
    pub reading: Reading,
    pub concordance: String,
    pub put_in_force: Vec<(String, u64)>,
}

/// Answers that are held, and how many were worked out.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub answers: HashMap<Question, Arc<SectorDuties>>,
    pub worked_out: usize,
}

/// Answers that are held at most: a run over many days lets go of what it has asked.
pub(super) const MOST: usize = 512;
