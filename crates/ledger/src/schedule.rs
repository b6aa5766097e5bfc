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
    ledger::Ledger,
    party::OTHERS,
    rate::Rate,
};
use jiff::civil::Date;

/// Which acts count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// Its rate for the origin.
    pub rate: Option<&'a Rate>,
    /// It is the act of another instrument, which ends this one from its first day on.
    pub ended_by: Option<&'a Instrument>,
}

impl Step<'_> {
    /// Whether it takes the measure off the books.
    pub fn ends(&self) -> bool {
        self.ended_by.is_some() || self.entry.ends()
    }

    /// Whether a duty is charged while it governs.
    pub fn charges(&self) -> bool {
        self.ended_by.is_none() && self.entry.charges(self.rate)
    }

    /// Whether the measure is on the books, at whatever rate.
    pub fn is_in_force(&self) -> bool {
        self.ended_by.is_none() && self.entry.is_in_force()
    }
}

/// Whose goods, and when they were loaded: which acts reach them.
#[derive(Clone, Copy, Debug)]
pub struct Consignment<'a> {
    /// Exporting party.
    pub exporter: &'a str,
    /// Day of loading; the day of entry where absent.
    pub loaded: Option<Date>,
}

/// An act with the days on which it reaches a consignment.
struct Painted<'a> {
    step: Step<'a>,
    days: Vec<Interval>,
    /// It reaches the origin among the rest only: what names the origin stands over it.
    residual: bool,
}

/// What governs an instrument on each day, as known on `known_on`, whoever its acts reach: steps in order of days, none overlapping.
pub fn schedule<'a>(instrument: &'a Instrument, known_on: Date, reading: Reading) -> Vec<Step<'a>> {
    let visible = instrument.entries.iter().filter(|entry| is_visible(entry, known_on, reading));
    paint(
        visible
            .map(|entry| {
                let days = entry.interval();
                let step = Step { days, entry, rate: entry.rate_pct.as_ref(), ended_by: None };
                Painted { step, days: vec![days], residual: false }
            })
            .collect(),
    )
}

fn is_visible(entry: &Entry, known_on: Date, reading: Reading) -> bool {
    entry.known_from() <= known_on && reading.admits(entry)
}

/// The same for one consignment: the acts that reach its origin, and those of other instruments that end this one.
pub fn schedule_for<'a>(
    ledger: &'a Ledger,
    instrument: &'a Instrument,
    consignment: Consignment<'_>,
    known_on: Date,
    reading: Reading,
) -> Vec<Step<'a>> {
    let mut painted: Vec<Painted<'a>> = Vec::new();
    for entry in instrument.entries.iter().filter(|entry| is_visible(entry, known_on, reading)) {
        let Some(own) = entered(entry, consignment.loaded) else { continue };
        for (rate, held, residual) in reached(ledger, instrument, entry, consignment.exporter) {
            let days: Vec<Interval> = held.into_iter().filter_map(|part| part.intersection(own)).collect();
            let step = Step { days: own, entry, rate, ended_by: None };
            painted.push(Painted { step, days, residual });
        }
    }
    for (successor, entry) in ledger.successors(&instrument.id) {
        if !is_visible(entry, known_on, reading) || successor.imposer == consignment.exporter {
            continue;
        }
        let (targets, except) = entry.targets(successor);
        let held = ledger.parties.days(&targets, except, consignment.exporter);
        let own = Interval::new(entry.from, None);
        let days: Vec<Interval> = held.into_iter().filter_map(|part| part.intersection(own)).collect();
        let step = Step { days: own, entry, rate: None, ended_by: Some(successor) };
        painted.push(Painted { step, days, residual: false });
    }
    paint(painted)
}

/// A rate that an entry has for an origin, the days on which it reaches it, and whether among the rest only.
type Reached<'a> = (Option<&'a Rate>, Vec<Interval>, bool);

/// What an entry has for an origin: by its own name before a group's, by a group's before the rest. An origin that leaves a group on a day
/// is one of the rest from then on.
fn reached<'a>(
    ledger: &Ledger,
    instrument: &Instrument,
    entry: &'a Entry,
    exporter: &str,
) -> Vec<Reached<'a>> {
    let parties = &ledger.parties;
    let (targets, except) = entry.targets(instrument);
    let rate_of = |name: &String| entry.rates.get(name).or(entry.rate_pct.as_ref());
    let own = targets.iter().filter(|name| *name == exporter);
    let groups = targets.iter().filter(|name| *name != exporter && *name != OTHERS);
    let rest = targets.iter().filter(|name| *name == OTHERS);
    let mut found: Vec<Reached<'a>> = Vec::new();
    for name in own.chain(groups).chain(rest) {
        let mut days = parties.days(std::slice::from_ref(name), except, exporter);
        for taken in found.iter().flat_map(|(_, taken, _)| taken) {
            days = days.into_iter().flat_map(|part| part.without(*taken)).flatten().collect();
        }
        if !days.is_empty() {
            found.push((rate_of(name), days, name == OTHERS));
        }
    }
    found
}

/// The days on which an entry governs goods of a day of loading.
fn entered(entry: &Entry, loaded: Option<Date>) -> Option<Interval> {
    let own = entry.interval();
    match (loaded, entry.loaded_before) {
        (Some(loaded), Some(before)) if loaded < before => {
            let first = entry.entered_before?.max(own.from);
            let left = Interval::new(first, own.until);
            (!left.is_empty()).then_some(left)
        }
        _ => Some(own),
    }
}

fn paint(mut painted: Vec<Painted<'_>>) -> Vec<Step<'_>> {
    // Stable: acts of one day keep the order of the file.
    painted.sort_by_key(|one| (!one.residual, one.step.entry.known_from()));
    let mut steps: Vec<Step<'_>> = Vec::with_capacity(painted.len());
    for one in painted {
        for over in covered(&one, &steps) {
            steps = steps
                .into_iter()
                .flat_map(|step| {
                    let left = step.days.without(over).into_iter().flatten();
                    left.map(move |days| Step { days, ..step })
                })
                .collect();
            steps.push(Step { days: over, ..one.step });
        }
    }
    steps.sort_by_key(|step| step.days.from);
    steps
}

/// The days on which an act covers what was there. A suspension holds back what is on the books: it does not bring back
/// what has ended or what a court has struck down.
fn covered(one: &Painted<'_>, steps: &[Step<'_>]) -> Vec<Interval> {
    let mut days = one.days.clone();
    if one.step.ended_by.is_none() && one.step.entry.change == Change::Suspends {
        for ended in steps.iter().filter(|step| step.ends()) {
            days = days.into_iter().flat_map(|part| part.without(ended.days)).flatten().collect();
        }
    }
    days.retain(|part| !part.is_empty());
    days
}

/// What governs an instrument on a day, as known on a day, whoever its acts reach.
pub fn governing<'a>(
    instrument: &'a Instrument,
    on: Date,
    known_on: Date,
    reading: Reading,
) -> Option<Step<'a>> {
    schedule(instrument, known_on, reading).into_iter().find(|step| step.days.contains(on))
}

/// What governs an instrument for one origin on a day, as known on a day; goods loaded on the day of entry.
pub fn governing_for<'a>(
    ledger: &'a Ledger,
    instrument: &'a Instrument,
    exporter: &str,
    on: Date,
    known_on: Date,
    reading: Reading,
) -> Option<Step<'a>> {
    let consignment = Consignment { exporter, loaded: None };
    schedule_for(ledger, instrument, consignment, known_on, reading)
        .into_iter()
        .find(|step| step.days.contains(on))
}
