//! The next deadline in two tenses: what the instruments' texts say, and what the law still permits.
//!
//! Nothing here knows what a deadline does. Each instrument's schedule as known on the day is read just before and on the
//! deadline; what differs, lapses. Read once with court rulings and once without: what only the second reading brings back is
//! in the texts and has no legal basis. A threat is neither; it needs a new act.

use super::{
    AsOf, AverageTable, Averages,
    average::{Found, averages, averages_among},
    layer::rate_of,
};
use crate::{
    confidence::Confidence,
    duty::Effect,
    instrument::{Change, Instrument, Kind},
    interval::days,
    ledger::Ledger,
    rate::Rate,
    schedule::{Consignment, Reading, Step, governing_for, schedule_for},
    talks::{Deadline, DeadlineKind, NonTariff, NonTariffState, Talks},
};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// What changes by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lapse {
    /// Who imposes it.
    pub imposer: String,
    /// On whom.
    pub target: String,
    /// Identifier.
    pub measure: String,
    /// What a reader calls it.
    pub title: String,
    /// The power it is taken under.
    pub authority: String,
    /// The statute.
    pub legal_basis: String,
    /// Whether it is a tariff with a number.
    pub is_tariff: bool,
    /// Day of the change.
    pub on: Date,
    /// Before, as printed.
    pub before: String,
    /// After, as printed.
    pub after: String,
    /// Percentage points added; null for measures without a number. The low end where they are a range.
    pub points: Option<f64>,
    /// The high end.
    pub points_high: Option<f64>,
    /// The trade that pays the change, in US dollars a year at the weights' values; for measures without a number an exposure
    /// that the record gives. Never an effect, and never to be added up: measures share flows.
    pub trade_at_stake_usd: Option<f64>,
    /// The duty that the change comes to on that trade, in US dollars a year.
    pub duty_at_stake_usd: Option<f64>,
    /// What the two figures are taken from.
    pub trade_basis: Option<String>,
    /// The act that shows when the present one ends.
    pub act: String,
    /// What holds now rests on a statement; no legal notice seen.
    pub stated: bool,
    /// How sure the record is of what returns.
    pub confidence: Confidence,
}

/// Announced, and needing an act.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeedsAct {
    /// Identifier.
    pub id: String,
    /// Who would impose it.
    pub imposer: String,
    /// On whom.
    pub target: String,
    /// Percentage points over what is in force, where a figure was named.
    pub points: Option<f64>,
    /// Who announced it.
    pub announced_by: String,
    /// When.
    pub announced: Date,
    /// Statute that it would need.
    pub statute: String,
    /// Whether the statute permits it on the day.
    pub legally_available: bool,
    /// What it is.
    pub what: String,
}

/// What changes on a day if nobody acts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Lapses {
    /// By law.
    pub by_law: Vec<Lapse>,
    /// In the texts, without legal basis.
    pub no_legal_basis: Vec<Lapse>,
    /// Announced, and needing an act.
    pub needs_new_act: Vec<NeedsAct>,
    /// By one side's account only: no act on record has this end.
    pub by_one_account: Vec<AccountOfEnd>,
    /// Averages after it.
    pub average_tariff_after: AverageTable,
}

/// An end that one side tells of and no act on record has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountOfEnd {
    /// Identifier of the deadline.
    pub id: String,
    /// First day of the new state, by that account.
    pub date: Date,
    /// Whose measures would change.
    pub side: String,
    /// What it belongs to.
    pub what: String,
    /// What would lapse or return, in the record's words.
    pub lapses: String,
    /// Whose account.
    pub account: String,
    /// How sure the record is of the account.
    pub confidence: Confidence,
    /// Citations.
    pub sources: Vec<String>,
}

/// The next deadline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextDeadline {
    /// First day of the new state.
    pub date: Date,
    /// Days from the day asked about.
    pub days: i32,
    /// What it is.
    pub what: Vec<String>,
    /// Who or what set it.
    pub set_by: Vec<String>,
    /// Said by officials; no legal notice seen.
    pub stated: bool,
    /// "stated, notice not seen" where it is so.
    pub standing: Option<String>,
    /// What changes by law.
    pub lapses: Vec<Lapse>,
    /// What the texts say would return and the law no longer permits.
    pub no_legal_basis: Vec<Lapse>,
    /// What was announced and needs an act.
    pub needs_new_act: Vec<NeedsAct>,
    /// Averages after the lapse.
    pub average_tariff_after: AverageTable,
}

impl Talks {
    /// The day of the next deadline of the talks, if one is set.
    pub fn next_deadline(&self, clock: AsOf) -> Option<Date> {
        next_date(self, clock)
    }
}

/// The day of the next deadline of the talks.
pub(super) fn next_date(talks: &Talks, clock: AsOf) -> Option<Date> {
    ahead(talks, clock).map(|held| held.date).min()
}

fn ahead(talks: &Talks, clock: AsOf) -> impl Iterator<Item = &Deadline> {
    talks.deadlines.iter().filter(move |held| held.kind == DeadlineKind::Tariff && held.is_ahead(clock))
}

pub(super) fn next(
    ledger: &Ledger,
    talks: &Talks,
    clock: AsOf,
    source: Option<&dyn Averages>,
) -> Option<NextDeadline> {
    let date = next_date(talks, clock)?;
    let rows: Vec<&Deadline> = ahead(talks, clock).filter(|held| held.date == date).collect();
    let found = lapses(ledger, talks, date, clock, source);
    let stated = rows.iter().any(|held| held.stated);
    Some(NextDeadline {
        date,
        days: days(clock.on, date),
        what: rows.iter().map(|held| held.instrument.clone()).collect(),
        set_by: rows.iter().map(|held| held.set_by.clone()).collect(),
        stated,
        standing: stated.then(|| "stated, notice not seen".to_owned()),
        lapses: found.by_law,
        no_legal_basis: found.no_legal_basis,
        needs_new_act: found.needs_new_act,
        average_tariff_after: found.average_tariff_after,
    })
}

/// What changes on `date` if nobody acts, as known on `clock.known_on`; threats as they stand on `clock.on`.
pub fn lapses(
    ledger: &Ledger,
    talks: &Talks,
    date: Date,
    clock: AsOf,
    source: Option<&dyn Averages>,
) -> Lapses {
    let mut found = Lapses::default();
    for (importer, exporter) in talks.pairs() {
        for instrument in ledger.between(&importer.code, &exporter.code) {
            if !matches!(instrument.kind, Kind::Tariff | Kind::Exclusion) {
                continue;
            }
            let law = change(ledger, instrument, date, clock.known_on, Reading::Stated, &exporter.code);
            let text = change(ledger, instrument, date, clock.known_on, Reading::Texts, &exporter.code);
            match (law, text) {
                (Some(lapse), _) => found.by_law.push(lapse),
                (None, Some(lapse)) => found.no_legal_basis.push(lapse),
                (None, None) => {}
            }
        }
    }
    found
        .by_law
        .extend(talks.nontariff.iter().filter_map(|measure| nontariff(measure, date, clock.known_on)));
    found.needs_new_act = threats(ledger, talks, clock);
    found.by_one_account = accounts(ledger, talks, date, clock.known_on);
    found.average_tariff_after = stakes(&mut found.by_law, talks, date, clock.known_on, source);
    found
}

/// Ends on the day that are on record as one side's account.
fn accounts(ledger: &Ledger, talks: &Talks, date: Date, known_on: Date) -> Vec<AccountOfEnd> {
    let told = talks.deadlines.iter().filter(|held| {
        held.kind == DeadlineKind::Account
            && held.date == date
            && held.known_from <= known_on
            && held.closed.as_ref().is_none_or(|closed| known_on < closed.announced)
    });
    told.map(|held| AccountOfEnd {
        id: held.id.clone(),
        date: held.date,
        side: held.side.clone(),
        what: held.instrument.clone(),
        lapses: held.lapses.clone(),
        account: held.set_by.clone(),
        confidence: held.confidence,
        sources: ledger.sources.citations(&held.sources),
    })
    .collect()
}

/// Puts trade and duty at stake beside each tariff that changes, from the averages on either side of the day, and returns the
/// averages after it.
fn stakes(
    by_law: &mut [Lapse],
    talks: &Talks,
    date: Date,
    known_on: Date,
    source: Option<&dyn Averages>,
) -> AverageTable {
    weigh(by_law, date, |on| averages(talks, AsOf { on, known_on }, source)).table
}

/// Trade and duty at stake beside each tariff that changes on a day, where no averages are asked for: only the pairs between which something
/// changes are weighed.
pub(super) fn weigh_changes(
    changes: &mut [Lapse],
    talks: &Talks,
    date: Date,
    known_on: Date,
    source: &dyn Averages,
) {
    let changed: Vec<(String, String)> =
        changes.iter().map(|lapse| (lapse.imposer.clone(), lapse.target.clone())).collect();
    let among = |importer: &str, exporter: &str| {
        changed.iter().any(|(imposer, target)| imposer == importer && target == exporter)
    };
    weigh(changes, date, |on| averages_among(talks, AsOf { on, known_on }, source, among));
}

/// The averages after the day, once each tariff that changes on it has its trade and duty at stake.
fn weigh(by_law: &mut [Lapse], date: Date, averages_on: impl Fn(Date) -> Found) -> Found {
    let eve = date.checked_sub(1.day()).unwrap_or(date);
    let (before, after) = (averages_on(eve), averages_on(date));
    for lapse in by_law.iter_mut().filter(|lapse| lapse.is_tariff && lapse.on == date) {
        let share = |found: &Found| found.share(&lapse.imposer, &lapse.target, &lapse.measure);
        let (Some((was, _)), Some((is, value))) = (share(&before), share(&after)) else { continue };
        let duty = (is - was) * value;
        lapse.duty_at_stake_usd = Some(duty);
        lapse.trade_basis = after.first_weights_of(&lapse.imposer, &lapse.target);
        lapse.trade_at_stake_usd = match (lapse.points, lapse.points_high) {
            (Some(low), Some(high)) if low == high && low != 0.0 => Some(duty / (low / 100.0)),
            _ => None,
        };
    }
    after
}

/// The change of an instrument on the day, or on the day after: some notices end at midnight and some at noon.
fn change(
    ledger: &Ledger,
    instrument: &Instrument,
    date: Date,
    known_on: Date,
    reading: Reading,
    target: &str,
) -> Option<Lapse> {
    let consignment = Consignment { exporter: target, loaded: None };
    let steps = schedule_for(ledger, instrument, consignment, known_on, reading);
    let next_day = date.checked_add(1.day()).unwrap_or(date);
    let (day, before, after) = [date, next_day].into_iter().find_map(|day| {
        let eve = day.checked_sub(1.day()).ok()?;
        let at = |day: Date| steps.iter().find(|step| step.days.contains(day)).copied();
        let (before, after) = (at(eve), at(day));
        (state(before) != state(after)).then_some((day, before, after))
    })?;
    let (from, to) = (rate(before), rate(after));
    // What stands in place of the base changes each line by another number.
    let replaces = [before, after].into_iter().flatten().any(replaces_base);
    let points = |end: fn(&Rate) -> f64| {
        (instrument.kind == Kind::Tariff && !replaces)
            .then(|| to.as_ref().map_or(0.0, end) - from.as_ref().map_or(0.0, end))
    };
    let shown_states = (shown_state(instrument, before, replaces), shown_state(instrument, after, replaces));
    let shown = after.or(before)?;
    Some(Lapse {
        imposer: instrument.imposer.clone(),
        target: target.to_owned(),
        measure: instrument.id.clone(),
        title: instrument.title.clone(),
        authority: instrument.authority.clone(),
        legal_basis: instrument.statute.clone(),
        is_tariff: instrument.kind == Kind::Tariff,
        on: day,
        before: shown_states.0,
        after: shown_states.1,
        points: points(Rate::low),
        points_high: points(Rate::high),
        trade_at_stake_usd: None,
        duty_at_stake_usd: None,
        trade_basis: None,
        act: shown.entry.act.clone(),
        stated: before.is_some_and(|step| step.entry.stated),
        confidence: shown.entry.confidence,
    })
}

fn rate(step: Option<Step<'_>>) -> Option<Rate> {
    step.filter(Step::is_in_force).and_then(rate_of)
}

/// What a step comes to, in words that change when the duty does.
fn state(step: Option<Step<'_>>) -> String {
    let Some(step) = step.filter(|step| step.ended_by.is_none()) else { return "nothing".to_owned() };
    match step.entry.change {
        Change::Suspends
            if step.entry.suspended_pct.is_some() && rate_of(step).is_some_and(|rate| rate.high() == 0.0) =>
        {
            "suspended".to_owned()
        }
        Change::Sets | Change::Suspends if replaces_base(step) => {
            let rate = rate_of(step).map_or_else(|| "another column".to_owned(), |rate| rate.to_string());
            format!("{rate} in place of the base")
        }
        Change::Sets | Change::Suspends => {
            rate_of(step).as_ref().map_or_else(|| "in force".to_owned(), Rate::to_string)
        }
        Change::Relieves => "relief".to_owned(),
        Change::Proposes => "proposed".to_owned(),
        Change::Unknown => "unknown".to_owned(),
        Change::Lapses | Change::Ends | Change::Invalidates => "nothing".to_owned(),
    }
}

fn replaces_base(step: Step<'_>) -> bool {
    step.entry.effect == Effect::ReplacesBase
}

/// The same for a reader: an exclusion that has ended gives no relief, and what stood in place of the base gives it back.
fn shown_state(instrument: &Instrument, step: Option<Step<'_>>, replaces: bool) -> String {
    match state(step) {
        said if said != "nothing" => said,
        _ if instrument.kind == Kind::Exclusion => "no relief".to_owned(),
        _ if replaces => "the base".to_owned(),
        said => said,
    }
}

fn nontariff(measure: &NonTariff, date: Date, known_on: Date) -> Option<Lapse> {
    let next_day = date.checked_add(1.day()).unwrap_or(date);
    let (day, before, after) = [date, next_day].into_iter().find_map(|day| {
        let eve = day.checked_sub(1.day()).ok()?;
        let (before, after) =
            (measure.on(AsOf { on: eve, known_on })?, measure.on(AsOf { on: day, known_on })?);
        (before.status != after.status).then_some((day, before, after))
    })?;
    let is_lapse = after.status == NonTariffState::InForce || before.status == NonTariffState::Suspended;
    is_lapse.then(|| Lapse {
        imposer: measure.imposer.clone(),
        target: measure.target.clone(),
        measure: measure.measure.clone(),
        title: after.scope.clone(),
        authority: after.authority.clone(),
        legal_basis: after.authority.clone(),
        is_tariff: false,
        on: day,
        before: before.status.word().to_owned(),
        after: after.status.word().to_owned(),
        points: None,
        points_high: None,
        trade_at_stake_usd: after.trade_at_stake_usd,
        duty_at_stake_usd: None,
        trade_basis: after.trade_at_stake_usd.map(|_| after.scope.clone()),
        act: after.act.clone(),
        stated: before.stated,
        confidence: after.confidence,
    })
}

/// Threats that stand, with the points that they would add to what is in force.
fn threats(ledger: &Ledger, talks: &Talks, clock: AsOf) -> Vec<NeedsAct> {
    let mut found: Vec<NeedsAct> = Vec::new();
    for (importer, exporter) in talks.pairs() {
        let standing = talks.threats.iter().filter(|threat| {
            threat.imposer == importer.code && threat.reaches(&exporter.code) && threat.stands(clock)
        });
        for threat in standing {
            let now =
                threat.instrument.as_deref().and_then(|id| ledger.instrument(id).ok()).and_then(|held| {
                    governing_for(ledger, held, &exporter.code, clock.on, clock.known_on, Reading::Stated)
                });
            let points = threat
                .adds_pct
                .or_else(|| threat.rate_pct.map(|to| to - rate(now).map_or(0.0, |rate| rate.high())));
            found.push(NeedsAct {
                id: threat.id.clone(),
                imposer: threat.imposer.clone(),
                target: exporter.code.clone(),
                points: points.filter(|_| threat.has_figure(clock.known_on)),
                announced_by: threat.announced_by.clone(),
                announced: threat.announced,
                statute: threat.statute.clone(),
                legally_available: threat.is_available(clock),
                what: threat.what.clone(),
            });
        }
    }
    found
}
