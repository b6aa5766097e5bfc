//! Programmes of preference: who may claim them when, which column of the schedule they give, and what a valid claim takes away.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::condition::Requirement;
use crate::confidence::Confidence;

/// What a valid claim takes away besides the base rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// Families or instruments.
    pub of: Vec<String>,
    /// Families or instruments that stay.
    #[serde(default)]
    pub except: Vec<String>,
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default)]
    pub until: Option<Date>,
    /// Day from which it was known.
    #[serde(default)]
    pub announced: Option<Date>,
    /// Only on goods of these lists.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Only where these are met.
    #[serde(default, rename = "if")]
    pub requires: Vec<Requirement>,
    /// The heading or text.
    #[serde(default)]
    pub why: Option<String>,
}

/// A programme of preference on some days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// What is claimed.
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// Who grants it.
    pub importer: String,
    /// Who may claim it.
    pub members: Vec<String>,
    /// Columns of the schedule that give its base rate.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Not goods of these origins.
    #[serde(default)]
    pub except_members: Vec<String>,
    /// It frees the whole entry, of the base and of every measure (a small parcel).
    #[serde(default)]
    pub frees: bool,
    /// What an entry that it frees pays in place of all of that, percent (a parcel by post).
    #[serde(default)]
    pub flat_pct: f64,
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default)]
    pub until: Option<Date>,
    /// Day from which it was known.
    #[serde(default)]
    pub announced: Option<Date>,
    /// Day from which its end was known; always where absent.
    #[serde(default)]
    pub until_announced: Option<Date>,
    /// What a claim takes away.
    #[serde(default)]
    pub removes: Vec<Removal>,
    /// What a reader should know.
    #[serde(default)]
    pub note: Option<String>,
    /// Citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
}

impl Programme {
    /// Whether another is the same programme on the same days; a programme whose terms change stands once for each stretch of days.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (&self.id, &self.importer, &self.members, self.from, &self.columns)
            == (&other.id, &other.importer, &other.members, other.from, &other.columns)
    }

    /// Whether it may be claimed on a day, as known on a day.
    pub fn holds(&self, on: Date, known_on: Date) -> bool {
        let until = self.until.filter(|_| self.until_announced.is_none_or(|day| day <= known_on));
        holds(self.from, until, self.announced, on, known_on)
    }
}

/// Whether days and announcement have a rule in force on a day as known on a day.
pub(crate) fn holds(
    from: Option<Date>,
    until: Option<Date>,
    announced: Option<Date>,
    on: Date,
    known_on: Date,
) -> bool {
    from.is_none_or(|day| day <= on)
        && until.is_none_or(|day| on < day)
        && announced.or(from).is_none_or(|day| day <= known_on)
}
