//! How often series of talks met, with the counting rule that says which meetings count.

use super::{Round, Talks};
use crate::AsOf;
use crate::interval::days;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A series that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Name in the table of rounds.
    pub name: String,
    /// Title.
    pub title: String,
    /// Title where a line is short.
    pub short: String,
    /// Whether it is still running: its years run to the day that is asked about.
    #[serde(default)]
    pub current: bool,
    /// Kinds of meeting that count.
    pub counts: Vec<String>,
    /// The rule in words.
    pub counting_rule: String,
}

/// How often a series met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Intensity {
    /// Title of the series.
    pub series: String,
    /// Title where a line is short.
    pub short: String,
    /// Whether it is still running.
    pub current: bool,
    /// Meetings counted.
    pub meetings: usize,
    /// First day of the first counted meeting.
    pub first: Date,
    /// First day of the last counted meeting.
    pub last: Date,
    /// Meetings times the mean gap between them, in years.
    pub years: f64,
    /// Meetings per year.
    pub per_year: f64,
    /// Mean days from one meeting's first day to the next's.
    pub days_between: f64,
    /// Days on which the sides sat together.
    pub days_met: i64,
    /// The rule in words.
    pub counting_rule: String,
}

const DAYS_PER_YEAR: f64 = 365.25;

impl Talks {
    /// How often each compared series had met by `on`, as known on `known_on`. A series with fewer than two counted meetings
    /// has no frequency and is left out.
    pub fn intensity(&self, as_of: AsOf) -> Vec<Intensity> {
        let AsOf { on, known_on } = as_of;
        self.compared_series.iter().filter_map(|series| self.frequency(series, on.min(known_on))).collect()
    }

    fn frequency(&self, series: &Series, until: Date) -> Option<Intensity> {
        let mut counted: Vec<&Round> = self
            .rounds
            .iter()
            .filter(|round| {
                round.series == series.name && series.counts.contains(&round.kind) && round.start <= until
            })
            .collect();
        counted.sort_by_key(|round| round.start);
        let (first, last) = (counted.first()?.start, counted.last()?.start);
        let gaps = counted.len().checked_sub(1).filter(|gaps| *gaps > 0)?;
        let days_between = f64::from(days(first, last)) / gaps as f64;
        let meetings = counted.len();
        let years = days_between * meetings as f64 / DAYS_PER_YEAR;
        Some(Intensity {
            series: series.title.clone(),
            short: series.short.clone(),
            current: series.current,
            meetings,
            first,
            last,
            years,
            per_year: meetings as f64 / years,
            days_between,
            days_met: counted.iter().map(|round| i64::from(days(round.start, round.end)) + 1).sum(),
            counting_rule: series.counting_rule.clone(),
        })
    }
}
