//! One legal instrument: who does what to whom under which power, and every dated act that set, suspended or ended it.
//!
//! The past is never edited. Each act is an [`Entry`] with the day it was announced and the days it governs; a later
//! announced entry covers an earlier one where they meet ([`crate::schedule`]). An order whose effect is suspended is
//! therefore two entries: the rate, open at the end, and over it the suspension with its own end. When nobody extends the
//! suspension, the rate below shows again. That is the snap-back, and no code knows about it.

use crate::{confidence::Confidence, duty::ScopeRule, interval::Interval, rate::Rate};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A duty that adds to the base rate.
    Tariff,
    /// Relief from other measures for described goods ([`Instrument::acts_on`]).
    Exclusion,
    /// A rule about what enters without duty.
    Exemption,
    /// A licence or a ban on exports.
    ExportControl,
    /// A fee on ships.
    PortFee,
    /// A list of firms.
    Listing,
}

/// What an act does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Sets the rate, or puts the measure in force, from a day on.
    Sets,
    /// Holds back all of it or part of it for a time.
    Suspends,
    /// Relieves from other measures for a time.
    Relieves,
    /// Ends by its own or its statute's terms.
    Lapses,
    /// Is ended by whoever imposed it.
    Ends,
    /// A court ends its legal basis.
    Invalidates,
    /// Is announced and not adopted.
    Proposes,
    /// Texts and statements differ, or nothing later was found.
    Unknown,
}

/// Which day of a shipment decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Entered for consumption.
    #[default]
    Entry,
    /// Left the country of export.
    Export,
    /// Arrived.
    Arrival,
}

/// A rate for part of a measure's goods, where it has several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Percentage points.
    pub rate_pct: f64,
    /// The goods.
    pub scope: ScopeRule,
}

/// A dated act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Row of the fact base that it carries, if any.
    #[serde(default)]
    pub row: Option<String>,
    /// What it does.
    pub change: Change,
    /// The act, with its citation.
    pub act: String,
    /// Day it was announced; the first day where absent, and then said so.
    #[serde(default)]
    pub announced: Option<Date>,
    /// How the day of announcement is known, where it is not the plain date of the act.
    #[serde(default)]
    pub announced_basis: Option<String>,
    /// Day it was published.
    #[serde(default)]
    pub published: Option<Date>,
    /// First day it governs.
    pub from: Date,
    /// First day it governs no longer, by its own text.
    #[serde(default)]
    pub until: Option<Date>,
    /// Rate in percentage points; absent where the measure has none. Absent is not zero.
    #[serde(default)]
    pub rate_pct: Option<Rate>,
    /// Points that it holds back, which return when it ends.
    #[serde(default)]
    pub suspended_pct: Option<Rate>,
    /// Said by officials; no legal notice seen.
    #[serde(default)]
    pub stated: bool,
    /// Day from which there is no legal basis, where collection went on for a while.
    #[serde(default)]
    pub no_basis_from: Option<Date>,
    /// Basis of the rate where it is not customs value of all of the good.
    #[serde(default)]
    pub rate_basis: Option<String>,
    /// Its goods where they differ from the instrument's.
    #[serde(default)]
    pub scope: Option<ScopeRule>,
    /// Its rates by goods, where it has several.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// How long it takes to put back from this act on, where the act changes that: a court's ruling, a statute's end.
    #[serde(default)]
    pub reinstated_in: Option<String>,
    /// What a reader should know.
    #[serde(default)]
    pub note: Option<String>,
    /// Sources by identifier, or written out.
    #[serde(default)]
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
    /// Newest evidence read.
    #[serde(default)]
    pub last_evidence: Option<Date>,
    /// Where it was written: the file, and its place there counted from one. Set by the reader.
    #[serde(skip)]
    pub written: (String, usize),
}

/// Shown where no date of announcement is known.
pub const ANNOUNCEMENT_UNKNOWN: &str = "announcement date unknown";

impl Entry {
    /// Whether it tells the act that `other` tells: the same row of the fact base, or the same words on the same days. A folder
    /// laid over the record replaces such an act and does not repeat it.
    pub(crate) fn is_same_act(&self, other: &Self) -> bool {
        match (&self.row, &other.row) {
            (Some(one), Some(two)) => one == two,
            _ => {
                self.change == other.change
                    && self.act == other.act
                    && self.announced == other.announced
                    && (self.from, self.until) == (other.from, other.until)
            }
        }
    }

    /// The days it governs by its own text.
    pub fn interval(&self) -> Interval {
        Interval::new(self.from, self.until)
    }

    /// The day from which the public knew of it: the day of announcement, else its first day.
    pub fn known_from(&self) -> Date {
        self.announced.unwrap_or(self.from)
    }

    /// How the day of announcement is known; [`ANNOUNCEMENT_UNKNOWN`] where the first day stands in for it.
    pub fn announcement_basis(&self) -> Option<&str> {
        match self.announced {
            None => Some(ANNOUNCEMENT_UNKNOWN),
            Some(_) => self.announced_basis.as_deref(),
        }
    }

    /// Whether a duty is charged while it governs.
    pub fn charges(&self) -> bool {
        matches!(self.change, Change::Sets | Change::Suspends)
            && self.rate_pct.as_ref().is_some_and(|rate| !rate.is_zero())
    }

    /// Whether it takes the measure off the books.
    pub fn ends(&self) -> bool {
        matches!(self.change, Change::Lapses | Change::Ends | Change::Invalidates)
    }
}

/// A legal instrument.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instrument {
    /// Identifier.
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// Who imposes it, ISO 3166 alpha-3.
    pub imposer: String,
    /// On whom; `all` for all others.
    pub targets: Vec<String>,
    /// The power it is taken under, as tables name it.
    pub authority: String,
    /// The statute.
    pub statute: String,
    /// The family that stacking rules name.
    pub family: String,
    /// What it is.
    pub kind: Kind,
    /// Who can undo it alone: executive, agency, legislature, court.
    pub reversible_by: Option<String>,
    /// How long it takes to put back once lifted.
    pub reinstated_in: Option<String>,
    /// The goods in words.
    pub covers: String,
    /// Codes as the fact base prints them.
    pub printed_codes: Option<String>,
    /// The goods.
    pub scope: ScopeRule,
    /// Instruments that an exclusion or a suspension works on.
    pub acts_on: Vec<String>,
    /// Which day of a shipment decides.
    pub basis: Basis,
    /// Its acts, in the order of the file.
    pub entries: Vec<Entry>,
    /// The file it was read from.
    pub file: String,
}

/// The word that stands for all others among the targets.
pub const EVERYBODY: &str = "all";

impl Instrument {
    /// Whether it reaches goods (or firms) of `target`.
    pub fn reaches(&self, target: &str) -> bool {
        self.imposer != target && self.targets.iter().any(|held| held == target || held == EVERYBODY)
    }

    /// How long it takes to put back, as the law stood on a day and as known on a day: what the newest act known says, else the
    /// instrument.
    pub fn reinstated_in_on(&self, on: Date, known_on: Date) -> Option<&str> {
        let known = self.entries.iter().filter(|entry| {
            entry.reinstated_in.is_some()
                && entry.known_from() <= known_on
                && entry.no_basis_from.unwrap_or(entry.from) <= on
        });
        let newest = known.max_by_key(|entry| entry.known_from());
        newest.and_then(|entry| entry.reinstated_in.as_deref()).or(self.reinstated_in.as_deref())
    }

    /// Every scope that a user's folder wrote, with its file and entry; the instrument's own where the folder added it.
    pub(crate) fn scopes_of_folders(&self) -> Vec<(&str, String, &ScopeRule)> {
        let is_carried = |file: &str| file.starts_with(crate::files::FOLDER);
        let mut found = Vec::new();
        for entry in self.entries.iter().filter(|entry| !is_carried(&entry.written.0)) {
            let name = format!("entry {} of {}", entry.written.1, entry.from);
            let own = [self.scope_of(entry)].into_iter().chain(entry.parts.iter().map(|part| &part.scope));
            found.extend(own.map(|rule| (entry.written.0.as_str(), name.clone(), rule)));
        }
        found
    }

    /// The goods of an entry: its own, else the instrument's.
    pub fn scope_of<'a>(&'a self, entry: &'a Entry) -> &'a ScopeRule {
        entry.scope.as_ref().unwrap_or(&self.scope)
    }
}
