//! Measures that were announced and need an act before anything is charged.

use crate::AsOf;
use crate::{confidence::Confidence, instrument::EVERYBODY};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A threat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// Identifier.
    pub id: String,
    /// Who would impose it.
    pub imposer: String,
    /// On whom; `all` for all others.
    pub target: String,
    /// Day it was announced.
    pub announced: Date,
    /// How that day is known, where it is not in a source.
    #[serde(default)]
    pub announced_basis: Option<String>,
    /// Who announced it.
    pub announced_by: String,
    /// What it is.
    pub what: String,
    /// Statute that it would need.
    pub statute: String,
    /// The instrument that it would change.
    #[serde(default)]
    pub instrument: Option<String>,
    /// Points on top of what is in force.
    #[serde(default)]
    pub adds_pct: Option<f64>,
    /// The rate that would take the place of the instrument's.
    #[serde(default)]
    pub rate_pct: Option<f64>,
    /// Day from which the figure was public, where that came later.
    #[serde(default)]
    pub figure_known_from: Option<Date>,
    /// Day it was withdrawn or overtaken.
    #[serde(default)]
    pub withdrawn: Option<Date>,
    /// What withdrew it.
    #[serde(default)]
    pub withdrawn_by: Option<String>,
    /// Day from which its statute no longer permits it.
    #[serde(default)]
    pub no_basis_from: Option<Date>,
    /// Sources by identifier.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
}

impl Threat {
    /// Whether it had been announced and still stood on the day, as known on a day.
    pub fn stands(&self, as_of: AsOf) -> bool {
        let AsOf { on, known_on } = as_of;
        self.announced <= on.min(known_on) && self.withdrawn.is_none_or(|day| on < day || known_on < day)
    }

    /// Whether its statute permits it on the day, as known on a day.
    pub fn is_available(&self, as_of: AsOf) -> bool {
        let AsOf { on, known_on } = as_of;
        self.no_basis_from.is_none_or(|day| on < day || known_on < day)
    }

    /// Whether it reaches goods of `target`.
    pub fn reaches(&self, target: &str) -> bool {
        self.imposer != target && (self.target == target || self.target == EVERYBODY)
    }

    /// Whether a figure had been named.
    pub fn has_figure(&self, known_on: Date) -> bool {
        (self.adds_pct.is_some() || self.rate_pct.is_some())
            && self.figure_known_from.is_none_or(|day| day <= known_on)
    }
}
