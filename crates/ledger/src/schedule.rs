//! What governs on which day, as known on a day: one instrument's acts painted over each other in the order of announcement.
//!
//! ```text
//! governing(on, known_on) = the latest announced of the entries with  announced ≤ known_on  and  on ∈ [from, until)
//! ```
//!
//! Two clocks, then: the day that is asked about, and the day whose knowledge is used. And two readings of the same acts
//! where officials have said what no notice has yet ordered, and two tenses of the law where a court has spoken: a
//! [`Reading`] says which acts count.

use crate::{
    instrument::{Change, Entry, Instrument},
    interval::Interval,
};
use jiff::civil::Date;

/// Which acts count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// All of them: notices, court rulings, and what officials have stated where no notice was seen.
    #[default]
    Stated,
    /// Notices and rulings only: what the texts say and the law permits.
    Notices,
    /// The imposer's own acts and statements, as if no court had spoken: what the instruments' texts say.
    Texts,
}

impl Reading {
    /// Whether an entry counts.
    pub fn admits(self, entry: &Entry) -> bool {
        match self {
            Self::Stated => true,
            Self::Notices => !entry.stated,
            Self::Texts => entry.change != Change::Invalidates,
        }
    }
}

/// Days on which one entry governs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    /// The days.
    pub days: Interval,
    /// What governs.
    pub entry: &'a Entry,
}

/// What governs an instrument on each day, as known on `known_on`: steps in order of days, none overlapping.
pub fn schedule<'a>(instrument: &'a Instrument, known_on: Date, reading: Reading) -> Vec<Step<'a>> {
    let mut visible: Vec<&Entry> = instrument
        .entries
        .iter()
        .filter(|entry| entry.known_from() <= known_on && reading.admits(entry))
        .collect();
    // Stable: acts of one day keep the order of the file.
    visible.sort_by_key(|entry| entry.known_from());
    let mut steps: Vec<Step<'a>> = Vec::with_capacity(visible.len());
    for entry in visible {
        for over in covered(entry, &steps) {
            steps = steps
                .into_iter()
                .flat_map(|step| {
                    let left = step.days.without(over).into_iter().flatten();
                    left.map(move |days| Step { days, entry: step.entry })
                })
                .collect();
            steps.push(Step { days: over, entry });
        }
    }
    steps.sort_by_key(|step| step.days.from);
    steps
}

/// The days on which an entry covers what was there. A suspension holds back what is on the books: it does not bring back
/// what has ended or what a court has struck down.
fn covered(entry: &Entry, steps: &[Step<'_>]) -> Vec<Interval> {
    let mut days: Vec<Interval> = vec![entry.interval()];
    if entry.change == Change::Suspends {
        for ended in steps.iter().filter(|step| step.entry.ends()) {
            days = days.into_iter().flat_map(|part| part.without(ended.days)).flatten().collect();
        }
    }
    days.retain(|part| !part.is_empty());
    days
}

/// What governs an instrument on a day, as known on a day.
pub fn governing<'a>(
    instrument: &'a Instrument,
    on: Date,
    known_on: Date,
    reading: Reading,
) -> Option<Step<'a>> {
    schedule(instrument, known_on, reading).into_iter().find(|step| step.days.contains(on))
}
