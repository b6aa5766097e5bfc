//! One legal instrument: who does what to whom under which power, and every dated act that set, suspended or ended it.
//!
//! The past is never edited. Each act is an [`Entry`] with the day it was announced and the days it governs; a later
//! announced entry covers an earlier one where they meet ([`crate::schedule`]). An order whose effect is suspended is
//! therefore two entries: the rate, open at the end, and over it the suspension with its own end. When nobody extends the
//! suspension, the rate below shows again. That is the snap-back, and no code knows about it.

use crate::AsOf;
use crate::undone_by::UndoneBy;
use crate::{
    condition::Requirement,
    confidence::Confidence,
    duty::{Effect, FloorBase, ScopeRule, SpecificAmount},
    interval::Interval,
    party::OTHERS,
    rate::Rate,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// A struct of an act or of a part of one: its own fields, those of its terms, and its own again. One list of fields, since a text that may
/// have no other keys cannot be read into a struct within a struct.
macro_rules! with_terms {
    (
        $(#[$meta:meta])* pub struct $name:ident { $($before:tt)* }
        terms { $($after:tt)* }
    ) => {
        $(#[$meta])*
        pub struct $name {
            $($before)*
            /// What the rate does.
            #[serde(default, skip_serializing_if = "is_default")]
            pub effect: Effect,
            /// The base rate that a floor compares with.
            #[serde(default, skip_serializing_if = "is_default")]
            pub floor_on: FloorBase,
            /// The column of the schedule that stands in place of the base rate.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub column: Option<String>,
            /// Rate beyond a quota; absent: no entry beyond it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub over_pct: Option<f64>,
            /// The quota in words.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub quota: Option<String>,
            /// The content on whose share of the value it is charged.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub content: Option<String>,
            /// An amount per unit.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub specific: Option<SpecificAmount>,
            /// Conditions that must be met.
            #[serde(default, rename = "if", skip_serializing_if = "Vec::is_empty")]
            pub requires: Vec<Requirement>,
            /// The heading of the schedule.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub heading: Option<String>,
            /// On whom, where that differs from what stands above it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub targets: Option<Vec<String>>,
            /// On whom not.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub except_targets: Vec<String>,
            $($after)*
        }
    };
}

with_terms! {
    /// A rate for part of a measure's goods, where it has several.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Part {
        /// Percentage points; absent where its effect has no rate.
        #[serde(default)]
        pub rate_pct: Option<f64>,
        /// The goods; those of the act where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub scope: Option<ScopeRule>,
    }
    terms {}
}

/// What a part, or an act without parts, does to goods.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// What the rate does.
    pub effect: Effect,
    /// The base rate that a floor compares with.
    pub floor_on: FloorBase,
    /// The column that stands in place of the base rate.
    pub column: Option<&'a str>,
    /// Rate beyond a quota, percentage points.
    pub over_pct: Option<f64>,
    /// The quota in words.
    pub quota: Option<&'a str>,
    /// The content on whose share of the value it is charged.
    pub content: Option<&'a str>,
    /// An amount per unit.
    pub specific: Option<&'a SpecificAmount>,
    /// Conditions that must be met.
    pub requires: &'a [Requirement],
    /// The heading of the schedule.
    pub heading: Option<&'a str>,
}

macro_rules! terms {
    ($held:expr) => {
        Terms {
            effect: $held.effect,
            floor_on: $held.floor_on,
            column: $held.column.as_deref(),
            over_pct: $held.over_pct,
            quota: $held.quota.as_deref(),
            content: $held.content.as_deref(),
            specific: $held.specific.as_ref(),
            requires: &$held.requires,
            heading: $held.heading.as_deref(),
        }
    };
}

fn is_default<T: Default + PartialEq>(held: &T) -> bool {
    *held == T::default()
}

impl Part {
    /// What it does.
    pub fn terms(&self) -> Terms<'_> {
        terms!(self)
    }
}

with_terms! {
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
        /// Its rates by goods, where it has several: the first that fits holds.
        #[serde(default)]
        pub parts: Vec<Part>,
        /// Its rates by target, where it has several; it reaches these and no others.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub rates: BTreeMap<String, Rate>,
        /// Goods loaded before this day stay under what governed before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub loaded_before: Option<Date>,
        /// The same only where they are entered before this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub entered_before: Option<Date>,
        /// Instruments that govern no longer from its first day on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub ends: Vec<String>,
    }
    terms {
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
}

/// Shown where no date of announcement is known.
pub const ANNOUNCEMENT_UNKNOWN: &str = "announcement date unknown";

impl Entry {
    /// Whether it tells the act that `other` tells: the same row of the fact base, or the same words on the same days for the same
    /// origins. A folder laid over the record replaces such an act and does not repeat it.
    /// Its row, else its first day, behind the name of its instrument.
    pub(crate) fn short(&self) -> String {
        format!(" ({})", self.row.clone().unwrap_or_else(|| format!("of {}", self.from)))
    }

    pub(crate) fn is_same_act(&self, other: &Self) -> bool {
        match (&self.row, &other.row) {
            (Some(one), Some(two)) => one == two,
            _ => {
                self.change == other.change
                    && self.act == other.act
                    && self.targets == other.targets
                    && self.rates.keys().eq(other.rates.keys())
                    && self.announced == other.announced
                    && (self.from, self.until) == (other.from, other.until)
                    && (&self.targets, self.effect) == (&other.targets, other.effect)
                    && self.rates.keys().eq(other.rates.keys())
                    && self.requires == other.requires
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

    /// Whether a duty is charged while it governs, at the rate that holds for the origin.
    pub fn charges(&self, rate: Option<&Rate>) -> bool {
        let has_rate = rate.is_some_and(|rate| !rate.is_zero());
        self.is_in_force() && (has_rate || !self.parts.is_empty() || self.effect.charges_without_a_rate())
    }

    /// Whether it puts the measure in force.
    pub fn is_in_force(&self) -> bool {
        matches!(self.change, Change::Sets | Change::Suspends)
    }

    /// What it does where it has no parts.
    pub fn terms(&self) -> Terms<'_> {
        terms!(self)
    }

    /// On whom, by name: its rates, its own targets, else those of the instrument.
    pub fn targets<'a>(&'a self, instrument: &'a Instrument) -> (Vec<String>, &'a [String]) {
        if !self.rates.is_empty() {
            return (self.rates.keys().cloned().collect(), &self.except_targets);
        }
        match &self.targets {
            Some(own) => (own.clone(), &self.except_targets),
            None if self.except_targets.is_empty() => {
                (instrument.targets.clone(), &instrument.except_targets)
            }
            None => (instrument.targets.clone(), &self.except_targets),
        }
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
    /// On whom; `all` for everybody else.
    pub targets: Vec<String>,
    /// On whom not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except_targets: Vec<String>,
    /// The power it is taken under, as tables name it.
    pub authority: String,
    /// The statute.
    pub statute: String,
    /// The family that stacking rules name.
    pub family: String,
    /// What it is.
    pub kind: Kind,
    /// Who can undo it alone: executive, agency, legislature, court.
    pub reversible_by: Option<UndoneBy>,
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
    /// Whether one of its acts names `target`, everybody or the rest; groups are the ledger's to know.
    pub fn reaches(&self, target: &str) -> bool {
        let named = |held: &String| held == target || held == EVERYBODY || held == OTHERS;
        self.imposer != target
            && (self.targets.iter().any(named)
                || self.entries.iter().any(|entry| entry.targets(self).0.iter().any(named)))
    }

    /// How long it takes to put back, as the law stood on a day and as known on a day: what the newest act known says, else the
    /// instrument.
    pub fn reinstated_in_on(&self, as_of: AsOf) -> Option<&str> {
        let AsOf { on, known_on } = as_of;
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
            let own = [self.scope_of(entry)]
                .into_iter()
                .chain(entry.parts.iter().filter_map(|part| part.scope.as_ref()));
            found.extend(own.map(|rule| (entry.written.0.as_str(), name.clone(), rule)));
        }
        found
    }

    /// The goods of an entry: its own, else the instrument's.
    pub fn scope_of<'a>(&'a self, entry: &'a Entry) -> &'a ScopeRule {
        entry.scope.as_ref().unwrap_or(&self.scope)
    }
}
