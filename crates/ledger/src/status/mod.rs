//! Where talks stand on a day, as known on a day: measures both ways by authority, averages, the next deadline and what it
//! would bring by law.
//!
//! [`status`] is data; its JSON is part of the contract with other programs. Averages need tariff lines and trade, which are
//! not the record's own business: they come through [`Averages`], and are null with the reason where nobody gives them.

mod average;
mod compare;
mod deadline;
mod layer;

pub use average::{AverageTable, Averages, WeightedAverage};
pub use compare::{Comparison, Difference, compare};
pub use deadline::{AccountOfEnd, Lapse, Lapses, NeedsAct, NextDeadline, lapses};
pub use layer::StatusLayer;

pub use crate::as_of::AsOf;
use crate::{
    confidence::Confidence,
    instrument::Kind,
    ledger::Ledger,
    schedule::{Consignment, Reading, schedule_for},
    talks::{Deadline, DeadlineKind, NonTariffState, Talks},
};
use average::averages;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A measure without a tariff number that is on the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NonTariffStatus {
    /// Measure.
    pub measure: String,
    /// Who imposes it.
    pub imposer: String,
    /// On whom.
    pub target: String,
    /// Area.
    pub area: String,
    /// State.
    pub status: NonTariffState,
    /// What it covers.
    pub scope: String,
    /// Authority and act.
    pub authority: String,
    /// First day of this state.
    pub from: Option<Date>,
    /// How that day is known, where it was not read.
    pub from_basis: Option<String>,
    /// First day no longer in this state, by its own text.
    pub until: Option<Date>,
    /// Said by officials; no legal notice seen.
    pub stated: bool,
    /// Exposure in US dollars; never an effect. Several measures share one flow: never add them.
    pub trade_at_stake_usd: Option<f64>,
    /// Who can undo it alone.
    pub reversible_by: String,
    /// Commitments that it belongs to.
    pub commitments: Vec<String>,
    /// How sure the record is.
    pub confidence: Confidence,
    /// Citations.
    pub sources: Vec<String>,
}

/// A deadline that is not the next one of the talks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OtherDeadline {
    /// First day of the new state.
    pub date: Date,
    /// Days from the day asked about.
    pub days: i32,
    /// Kind.
    pub kind: DeadlineKind,
    /// What it belongs to.
    pub what: String,
    /// What lapses or returns, in the record's words.
    pub lapses: String,
}

/// A day ahead on which something changes by acts that are adopted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdoptedStep {
    /// The day.
    pub date: Date,
    /// Days from the day asked about.
    pub days: i32,
    /// What changes.
    pub changes: Vec<Lapse>,
}

/// Where talks stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// Code of the talks.
    pub talks: String,
    /// Title.
    pub title: String,
    /// The day asked about.
    pub on: Date,
    /// The day whose knowledge is used.
    pub known_on: Date,
    /// Last day with evidence.
    pub last_evidence: Date,
    /// Set where the day lies past the last evidence.
    pub not_verified_after: Option<Date>,
    /// Set where the day lies before the record's first measure: what was in force then is not on record.
    pub before_the_record: Option<Date>,
    /// Average tariffs: weights → importer → exporter, fractions.
    pub average_tariff: AverageTable,
    /// Why averages are null, where they are.
    pub average_tariff_reason: Option<String>,
    /// The same without layers that rest on memory, where there are such layers in force.
    pub average_tariff_without_unsourced: Option<AverageTable>,
    /// The weights of `average_contribution_pct`: importer → exporter → weights.
    pub contribution_weights: BTreeMap<String, BTreeMap<String, String>>,
    /// Tariffs on the books both ways, by authority.
    pub layers: Vec<StatusLayer>,
    /// The next deadline of the talks; null where none is set.
    pub next_deadline: Option<NextDeadline>,
    /// What acts that are adopted already change on days ahead, the next deadline's apart, in order.
    pub adopted: Vec<AdoptedStep>,
    /// Other days on record, in order.
    pub other_deadlines: Vec<OtherDeadline>,
    /// Measures without a tariff number.
    pub nontariff: Vec<NonTariffStatus>,
}

/// Where talks stand on a day, as known on a day.
///
/// ```
/// use detente_ledger::status::{AsOf, status};
/// use jiff::civil::date;
///
/// let ledger = detente_ledger::Ledger::embedded()?;
/// let talks = ledger.talks("us-china")?;
/// let found = status(&ledger, &talks, AsOf::on_day(date(2025, 9, 16)), None);
/// assert_eq!(found.next_deadline.map(|next| next.date), Some(date(2025, 11, 10)));
/// assert!(found.average_tariff_reason.is_some(), "averages need tariff lines: give `Tariffs` as the source");
/// # Ok::<(), detente_ledger::LedgerError>(())
/// ```
pub fn status(ledger: &Ledger, talks: &Talks, clock: AsOf, source: Option<&dyn Averages>) -> Status {
    let mut layers = layer::layers(ledger, talks, clock);
    let found = averages(talks, clock, source);
    for held in &mut layers {
        held.average_contribution_pct = found.contribution_pct(held);
    }
    Status {
        talks: talks.id.clone(),
        title: talks.title.clone(),
        on: clock.on,
        known_on: clock.known_on,
        last_evidence: talks.last_evidence,
        not_verified_after: talks.not_verified_after(clock.on),
        before_the_record: ledger.first_day().filter(|first| clock.on < *first),
        average_tariff_without_unsourced: found.without_unsourced(&layers),
        contribution_weights: found.contribution_weights(),
        average_tariff: found.table,
        average_tariff_reason: found.reason,
        next_deadline: deadline::next(ledger, talks, clock, source),
        adopted: adopted(ledger, talks, clock, source),
        other_deadlines: other_deadlines(talks, clock),
        nontariff: nontariff(ledger, talks, clock),
        layers,
    }
}

/// What acts that are adopted already change on days ahead, the next deadline's apart, in order; without trade where no source is given.
pub fn adopted(
    ledger: &Ledger,
    talks: &Talks,
    clock: AsOf,
    source: Option<&dyn Averages>,
) -> Vec<AdoptedStep> {
    let next = deadline::next_date(talks, clock);
    let mut found: Vec<AdoptedStep> = Vec::new();
    for date in days_of_change(ledger, talks, clock.known_on) {
        if date <= clock.on || Some(date) == next {
            continue;
        }
        // A suspended measure that ends changes no duty.
        let changes = |lapse: &Lapse| lapse.points != Some(0.0) || lapse.points_high != Some(0.0);
        let tariffs = |lapse: &Lapse| lapse.is_tariff && lapse.on == date && changes(lapse);
        let mut changes = lapses(ledger, talks, date, clock, None).by_law;
        changes.retain(tariffs);
        // Nothing is weighed on a day on which nothing changes between the parties.
        if changes.is_empty() {
            continue;
        }
        if let Some(source) = source {
            deadline::weigh_changes(&mut changes, talks, date, clock.known_on, source);
        }
        found.push(AdoptedStep { date, days: crate::interval::days(clock.on, date), changes });
    }
    found
}

fn other_deadlines(talks: &Talks, clock: AsOf) -> Vec<OtherDeadline> {
    let next = deadline::next_date(talks, clock);
    let is_other = |held: &&Deadline| {
        held.is_ahead(clock) && !(held.kind == DeadlineKind::Tariff && Some(held.date) == next)
    };
    talks
        .deadlines
        .iter()
        .filter(is_other)
        .map(|held| OtherDeadline {
            date: held.date,
            days: crate::interval::days(clock.on, held.date),
            kind: held.kind,
            what: held.instrument.clone(),
            lapses: held.lapses.clone(),
        })
        .collect()
}

fn nontariff(ledger: &Ledger, talks: &Talks, clock: AsOf) -> Vec<NonTariffStatus> {
    talks
        .nontariff
        .iter()
        .filter_map(|measure| {
            let step = measure.on(clock)?;
            (step.status != NonTariffState::Ended).then(|| NonTariffStatus {
                measure: measure.measure.clone(),
                imposer: measure.imposer.clone(),
                target: measure.target.clone(),
                area: measure.area.clone(),
                status: step.status,
                scope: step.scope.clone(),
                authority: step.authority.clone(),
                from: step.from,
                from_basis: step.from_basis.clone(),
                until: step.until,
                stated: step.stated,
                trade_at_stake_usd: step.trade_at_stake_usd,
                reversible_by: step.reversible_by.word().to_owned(),
                commitments: step.commitments.clone(),
                confidence: step.confidence,
                sources: ledger.sources.citations(&step.sources),
            })
        })
        .collect()
}

/// Every day on which a tariff between the parties changes, as known on a day, in order.
pub fn days_of_change(ledger: &Ledger, talks: &Talks, known_on: Date) -> Vec<Date> {
    let mut days: Vec<Date> = talks
        .pairs()
        .flat_map(|(importer, exporter)| {
            let consignment = Consignment { exporter: &exporter.code, loaded: None };
            ledger
                .between(&importer.code, &exporter.code)
                .filter(|instrument| instrument.kind == Kind::Tariff)
                .flat_map(move |instrument| {
                    schedule_for(ledger, instrument, consignment, known_on, Reading::default())
                })
        })
        .flat_map(|step| [Some(step.days.from), step.days.until])
        .flatten()
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}
