//! Talks between two parties, read from `data/ledger/talks/<pair>/`: who, where, what was agreed, promised, falls due, was said.
//!
//! Every answer uses only what was known on the day whose knowledge is asked for; past the last evidence an answer says so.

mod commitment;
mod deadline;
mod laid;
mod load;
mod nontariff;
mod outcome;
mod position;
pub(crate) mod read_once;
mod round;
mod series;
mod standing;
pub mod template;
mod threat;

pub use commitment::{Account, Commitment, CommitmentStatus, Effect, Event};
pub use deadline::{Closed, Deadline, DeadlineKind};
pub use nontariff::{NonTariff, NonTariffState, NonTariffStep};
pub use outcome::{Outcome, OutcomeKind};
pub use position::Position;
pub use round::{Framework, Round};
pub use series::{Intensity, Series};
pub use standing::{CommitmentStanding, DeadlineStanding};
pub use threat::Threat;

use crate::AsOf;
use crate::error::LedgerError;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A party to talks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// ISO 3166 alpha-3.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Other ways to write it.
    #[serde(default)]
    pub reads: Vec<String>,
}

/// The word for both sides in the talks' own files.
pub const BOTH: &str = "both";

/// A series of talks with all its records.
#[derive(Clone, Debug)]
pub struct Talks {
    /// Code.
    pub id: String,
    /// Title.
    pub title: String,
    /// The two sides, or more.
    pub parties: Vec<Party>,
    /// The current series of meetings.
    pub series: String,
    /// Last day with evidence.
    pub last_evidence: Date,
    /// What that day rests on.
    pub last_evidence_note: Option<String>,
    /// The first measure of the series.
    pub series_first_measure: Option<String>,
    /// Its first day.
    pub series_first_measure_from: Option<Date>,
    /// Outcomes that a brief compares.
    pub outcomes: Vec<Outcome>,
    /// Series of meetings that are compared.
    pub compared_series: Vec<Series>,
    /// Meetings, of this and of earlier series.
    pub rounds: Vec<Round>,
    /// Frameworks.
    pub frameworks: Vec<Framework>,
    /// Promises.
    pub commitments: Vec<Commitment>,
    /// Days on which something changes if nobody acts.
    pub deadlines: Vec<Deadline>,
    /// What was said.
    pub positions: Vec<Position>,
    /// Measures without a tariff number, by measure.
    pub nontariff: Vec<NonTariff>,
    /// Announced and not adopted.
    pub threats: Vec<Threat>,
}

impl Talks {
    /// The ordered pairs of parties: importer, exporter.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// let talks = ledger.talks("us-china")?;
    /// let pairs: Vec<(&str, &str)> = talks.pairs().map(|(to, from)| (to.code.as_str(), from.code.as_str())).collect();
    /// assert_eq!(pairs, [("USA", "CHN"), ("CHN", "USA")]);
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn pairs(&self) -> impl Iterator<Item = (&Party, &Party)> {
        self.parties.iter().flat_map(|importer| {
            self.parties
                .iter()
                .filter(|other| other.code != importer.code)
                .map(move |other| (importer, other))
        })
    }

    /// A party by code or name.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// let talks = ledger.talks("us-china")?;
    /// assert_eq!(talks.party("prc")?.code, "CHN");
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn party(&self, typed: &str) -> Result<&Party, LedgerError> {
        let wanted = typed.to_lowercase();
        self.parties
            .iter()
            .find(|party| {
                party.code.to_lowercase() == wanted
                    || party.name.to_lowercase() == wanted
                    || party.reads.iter().any(|name| name.to_lowercase() == wanted)
            })
            .ok_or_else(|| {
                let names = self.parties.iter().flat_map(|party| [party.code.as_str(), party.name.as_str()]);
                LedgerError::unknown("party", typed, names)
            })
    }

    /// Set where a day lies past the last evidence.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// let talks = ledger.talks("us-china")?;
    /// assert_eq!(talks.not_verified_after(jiff::civil::date(2025, 9, 16)), None);
    /// assert!(talks.not_verified_after(jiff::civil::date(2100, 1, 1)).is_some());
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn not_verified_after(&self, on: Date) -> Option<Date> {
        (on > self.last_evidence).then_some(self.last_evidence)
    }

    /// Meetings of the current series that had begun on `on` and were known on `known_on`.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// let talks = ledger.talks("us-china")?;
    /// let day = jiff::civil::date(2025, 9, 16);
    /// let numbered = talks.rounds_so_far(detente_ledger::AsOf::on_day(day)).filter(|round| round.number.is_some());
    /// assert_eq!(numbered.count(), 4, "Geneva, London, Stockholm, Madrid");
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn rounds_so_far(&self, as_of: AsOf) -> impl Iterator<Item = &Round> {
        let AsOf { on, known_on } = as_of;
        let until = on.min(known_on);
        self.rounds.iter().filter(move |round| round.series == self.series && round.start <= until)
    }

    /// Frameworks reached by `on`, as known on `known_on`.
    pub fn frameworks_so_far(&self, as_of: AsOf) -> impl Iterator<Item = &Framework> {
        let AsOf { on, known_on } = as_of;
        let until = on.min(known_on);
        self.frameworks.iter().filter(move |framework| framework.date <= until)
    }

    /// What was said by `on`, as known on `known_on`.
    pub fn positions_so_far(&self, as_of: AsOf) -> impl Iterator<Item = &Position> {
        let AsOf { on, known_on } = as_of;
        let until = on.min(known_on);
        self.positions.iter().filter(move |position| position.date <= until)
    }
}
