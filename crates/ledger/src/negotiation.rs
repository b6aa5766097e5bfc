//! What a side carries into the room: what it asks and offers, what is tied to what, in which legal form, until when, who can
//! undo it, and how long it would take to put back.

use crate::{
    instrument::{Instrument, Kind},
    ledger::Ledger,
    schedule::{Reading, governing_for},
    status::{AsOf, Averages, WeightedAverage},
    talks::{BOTH, CommitmentStanding, CommitmentStatus, NonTariffState, Talks},
};
use jiff::civil::Date;
use serde::Serialize;

/// A promise seen from one side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Position {
    /// Identifier of the promise.
    pub id: String,
    /// Asked of the other side, offered by this one, or both.
    pub direction: Direction,
    /// By whom.
    pub by: String,
    /// What.
    pub what: String,
    /// Promises given against it.
    pub linkage: Vec<String>,
    /// Legal vehicle.
    pub vehicle: Option<String>,
    /// By when it falls due, or until when it runs.
    pub date: Option<Date>,
    /// Who can undo it alone.
    pub undone_by: Option<String>,
    /// How long it takes to put back what it lifted.
    pub reinstated_in: Option<String>,
    /// Where it stands.
    pub status: CommitmentStatus,
    /// Whether both sides give the same account.
    pub matched: bool,
}

/// Which way a promise goes, seen from one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The other side gives it.
    Ask,
    /// This side gives it.
    Offer,
    /// Both give it.
    Both,
}

/// A measure that a side can put on the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Holding {
    /// Who imposes it.
    pub by: String,
    /// Measure.
    pub measure: String,
    /// What a reader calls it.
    pub title: String,
    /// As printed, with what is held back; for measures without a number, the state.
    pub state: String,
    /// Statute.
    pub vehicle: String,
    /// First day no longer in this state.
    pub until: Option<Date>,
    /// Who can undo it alone.
    pub undone_by: Option<String>,
    /// How long it takes to put back.
    pub reinstated_in: Option<String>,
    /// Whether a court has taken its legal basis.
    pub no_legal_basis: bool,
    /// Exposure in US dollars, where known; never an effect. Of a tariff at one rate: a year's trade that pays it after stacking.
    pub trade_at_stake_usd: Option<f64>,
    /// The duty that a tariff comes to on that trade, US dollars a year.
    pub duty_a_year_usd: Option<f64>,
}

/// What a side carries into the room.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NegotiatingTable {
    /// Code of the talks.
    pub talks: String,
    /// The day.
    pub on: Date,
    /// The day whose knowledge is used.
    pub known_on: Date,
    /// Whose table it is.
    pub party: String,
    /// Set where the day lies past the last evidence.
    pub not_verified_after: Option<Date>,
    /// Promises that are not settled or still run.
    pub positions: Vec<Position>,
    /// Measures that this side holds.
    pub holds: Vec<Holding>,
    /// Measures that the other side holds.
    pub faces: Vec<Holding>,
}

/// The table of one party; trade and duty beside tariffs need `source`.
pub fn negotiating_table(
    ledger: &Ledger,
    talks: &Talks,
    clock: AsOf,
    party: &str,
    source: Option<&dyn Averages>,
) -> NegotiatingTable {
    let positions = talks
        .commitments_on(clock, &ledger.sources)
        .into_iter()
        .filter(|held| still_on_the_table(held, clock))
        .map(|held| position(talks, held, party))
        .collect();
    let (holds, faces) =
        holdings(ledger, talks, clock, source).into_iter().partition(|held| held.by == party);
    NegotiatingTable {
        talks: talks.id.clone(),
        on: clock.on,
        known_on: clock.known_on,
        party: party.to_owned(),
        not_verified_after: talks.not_verified_after(clock.on),
        positions,
        holds,
        faces,
    }
}

/// What is settled for good is no longer on the table; what runs for a term is.
fn still_on_the_table(held: &CommitmentStanding, clock: AsOf) -> bool {
    match held.status {
        CommitmentStatus::Superseded | CommitmentStatus::Missed => false,
        CommitmentStatus::Met => held.term_until.is_some_and(|term| clock.on < term),
        _ => true,
    }
}

fn position(talks: &Talks, held: CommitmentStanding, party: &str) -> Position {
    let direction = match held.by.as_str() {
        BOTH => Direction::Both,
        by if by == party => Direction::Offer,
        _ => Direction::Ask,
    };
    let record = talks.commitments.iter().find(|commitment| commitment.id == held.id);
    let mut linkage = record.map(|record| record.linked.clone()).unwrap_or_default();
    let back = talks.commitments.iter().filter(|other| other.linked.contains(&held.id));
    linkage.extend(back.map(|other| other.id.clone()));
    Position {
        direction,
        by: held.by,
        what: held.what,
        linkage,
        vehicle: record.and_then(|record| record.vehicle.clone()),
        date: held.due.or(held.term_until),
        undone_by: record.and_then(|record| record.undone_by.clone()),
        reinstated_in: record.and_then(|record| record.reinstated_in.clone()),
        status: held.status,
        matched: held.matched,
        id: held.id,
    }
}

fn holdings(ledger: &Ledger, talks: &Talks, clock: AsOf, source: Option<&dyn Averages>) -> Vec<Holding> {
    let mut found: Vec<Holding> = Vec::new();
    for (importer, exporter) in talks.pairs() {
        let tariffs = ledger.between(&importer.code, &exporter.code).filter(|held| held.kind == Kind::Tariff);
        let average = source
            .and_then(|source| source.averages(&importer.code, &exporter.code, clock.on, clock.known_on).ok())
            .and_then(|averages| averages.into_iter().next());
        found.extend(
            tariffs.filter_map(|instrument| {
                holding(ledger, instrument, &exporter.code, clock, average.as_ref())
            }),
        );
    }
    for measure in &talks.nontariff {
        let Some(step) = measure.on(clock) else { continue };
        let is_held = !matches!(step.status, NonTariffState::Ended | NonTariffState::Proposed);
        if is_held && !step.commitments.is_empty() && talks.party(&measure.imposer).is_ok() {
            found.push(Holding {
                by: measure.imposer.clone(),
                measure: measure.measure.clone(),
                title: step.scope.clone(),
                state: step.status.word().to_owned(),
                vehicle: step.authority.clone(),
                until: step.until,
                undone_by: Some(step.reversible_by.word().to_owned()),
                reinstated_in: None,
                no_legal_basis: false,
                trade_at_stake_usd: step.trade_at_stake_usd,
                duty_a_year_usd: None,
            });
        }
    }
    found
}

fn holding(
    ledger: &Ledger,
    instrument: &Instrument,
    exporter: &str,
    clock: AsOf,
    average: Option<&WeightedAverage>,
) -> Option<Holding> {
    let step = governing_for(ledger, instrument, exporter, clock.on, clock.known_on, Reading::Stated)?;
    let entry = step.entry;
    let rate = step.rate.filter(|_| !step.ends())?;
    let held_back = entry.suspended_pct.as_ref();
    if rate.is_zero() && held_back.is_none() {
        return None;
    }
    let duty_a_year_usd = average
        .and_then(|average| Some(average.by_measure.get(&instrument.id)? * average.value_usd))
        .filter(|duty| *duty > 0.0);
    let one_rate = rate.low() == rate.high() && rate.low() > 0.0;
    Some(Holding {
        by: instrument.imposer.clone(),
        measure: instrument.id.clone(),
        title: instrument.title.clone(),
        state: held_back.map_or_else(|| rate.to_string(), |back| format!("{rate} ({back} held back)")),
        vehicle: instrument.statute.clone(),
        until: step.days.until,
        undone_by: instrument.reversible_by.map(|by| by.word().to_owned()),
        reinstated_in: instrument.reinstated_in_on(clock).map(str::to_owned),
        no_legal_basis: instrument.entries.iter().any(|act| {
            act.known_from() <= clock.known_on && act.no_basis_from.is_some_and(|day| day <= clock.on)
        }),
        trade_at_stake_usd: duty_a_year_usd.filter(|_| one_rate).map(|duty| duty / (rate.low() / 100.0)),
        duty_a_year_usd,
    })
}
