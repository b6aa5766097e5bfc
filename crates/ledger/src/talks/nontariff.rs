//! Measures without a tariff number: controls, fees, listings, pledges. Dated and read with the same two clocks.

use crate::AsOf;
use crate::undone_by::UndoneBy;
use crate::{confidence::Confidence, instrument::EVERYBODY, interval::Interval};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// State of a measure in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NonTariffState {
    /// Applied. For a purchase pledge: the pledge runs, not that goods arrived.
    InForce,
    /// Held back for a time.
    Suspended,
    /// Announced, pledged or ordered, not yet applied.
    Proposed,
    /// Over.
    Ended,
    /// Text and statements differ, or no later act was found.
    Unknown,
}

impl NonTariffState {
    /// The word for tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::Suspended => "suspended",
            Self::Proposed => "proposed",
            Self::Ended => "ended",
            Self::Unknown => "unknown",
        }
    }
}

/// One dated state of a measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NonTariffStep {
    /// Row of the fact base.
    pub row: String,
    /// State.
    pub status: NonTariffState,
    /// First day; absent where the record has none.
    pub from: Option<Date>,
    /// How the first day is known, where it was not read.
    pub from_basis: Option<String>,
    /// First day no longer, by its own text.
    pub until: Option<Date>,
    /// Day it was announced.
    pub announced: Option<Date>,
    /// Said by officials; no legal notice seen.
    pub stated: bool,
    /// Authority and act.
    pub authority: String,
    /// What it covers.
    pub scope: String,
    /// What a reader should know of the act.
    pub act: String,
    /// Commitments that it belongs to.
    pub commitments: Vec<String>,
    /// Exposure in US dollars; never an effect.
    pub trade_at_stake_usd: Option<f64>,
    /// Who can undo it alone.
    pub reversible_by: UndoneBy,
    /// Newest evidence read.
    pub last_evidence: Option<Date>,
    /// Sources by identifier.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
}

impl NonTariffStep {
    fn known_from(&self) -> Option<Date> {
        self.announced.or(self.from)
    }

    fn contains(&self, day: Date) -> bool {
        Interval::new(self.from.unwrap_or(Date::MIN), self.until).contains(day)
    }
}

/// A measure without a tariff number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NonTariff {
    /// Identifier.
    pub measure: String,
    /// Who imposes it; `both` for both sides.
    pub imposer: String,
    /// On whom; `all` for everybody, `both` for each other.
    pub target: String,
    /// Area: investment, export_control, market_access, port_fee, listing, …
    pub area: String,
    /// Its states.
    pub steps: Vec<NonTariffStep>,
}

impl NonTariff {
    /// Its state on a day, as known on a day: the latest announced of the steps that cover the day.
    pub fn on(&self, as_of: AsOf) -> Option<&NonTariffStep> {
        let AsOf { on, known_on } = as_of;
        self.steps
            .iter()
            .filter(|step| step.known_from().is_none_or(|day| day <= known_on) && step.contains(on))
            .max_by_key(|step| (step.known_from(), step.from))
    }

    /// Whether it is on the table between the parties: imposed by one of them, or on one of them by a third.
    pub fn concerns(&self, party: &str) -> bool {
        [&self.imposer, &self.target].into_iter().any(|held| held == party || held == super::BOTH)
            || self.target == EVERYBODY
    }
}
