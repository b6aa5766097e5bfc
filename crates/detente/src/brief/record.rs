//! What the talks' record says on a day: meetings, frameworks, promises, positions, measures without a tariff number.

use super::{Commitment, Framework, Intensity, NotInNumbers, Position, Record, Round};
use detente_ledger::talks::{NonTariffState, Talks};
use jiff::civil::Date;

/// The record up to a day, as known on a day.
pub fn record(talks: &Talks, on: Date, known_on: Date) -> Record {
    Record {
        rounds: rounds(talks, on, known_on),
        frameworks: talks
            .frameworks_so_far(on, known_on)
            .map(|framework| Framework {
                name: framework.name.clone(),
                date: framework.date.to_string(),
                settled: framework.settled.clone(),
                in_series: talks
                    .rounds
                    .iter()
                    .any(|round| round.series == talks.series && framework.rounds.contains(&round.id)),
            })
            .collect(),
        commitments: commitments(talks, on, known_on),
        positions: talks
            .positions_so_far(on, known_on)
            .map(|position| Position {
                date: position.date.to_string(),
                party: position.party.clone(),
                speaker: position.speaker.clone(),
                topic: position.topic.clone(),
                position: position.position.clone(),
            })
            .collect(),
    }
}

fn rounds(talks: &Talks, on: Date, known_on: Date) -> Vec<Round> {
    talks
        .rounds_so_far(on, known_on)
        .map(|round| Round {
            number: round.number,
            kind: round.kind.clone(),
            city: round.city.clone(),
            start: round.start.to_string(),
            end: round.end.to_string(),
            leads: talks.parties.iter().filter_map(|party| round.leads.get(&party.code).cloned()).collect(),
            outcome: round.outcome_as_known(known_on),
        })
        .collect()
}

fn commitments(talks: &Talks, on: Date, known_on: Date) -> Vec<Commitment> {
    talks
        .commitments
        .iter()
        .filter(|held| held.is_made(on, known_on) && !held.agenda_only)
        .map(|held| Commitment {
            id: held.id.clone(),
            by: held.by.clone(),
            framework: held.framework.clone(),
            what: match (&held.amount, &held.unit) {
                (Some(amount), Some(unit)) => format!("{} ({amount} {unit})", held.what),
                _ => held.what.clone(),
            },
            due: held.due_as_known(on, known_on).map(|day| day.to_string()),
            status: held.status(on, known_on),
            accounts: held
                .accounts_so_far(on, known_on)
                .map(|account| format!("{}: {}", account.party, account.text))
                .collect(),
            matched: held.is_matched(on, known_on),
        })
        .collect()
}

/// Measures on the table that no tariff number carries: those that had begun, stand suspended, are proposed or unclear.
pub fn not_in_these_numbers(talks: &Talks, on: Date, known_on: Date) -> Vec<NotInNumbers> {
    let mut found: Vec<NotInNumbers> = talks
        .nontariff
        .iter()
        .filter(|measure| talks.parties.iter().any(|party| measure.concerns(&party.code)))
        .filter_map(|measure| {
            let step = measure.on(on, known_on)?;
            (step.status != NonTariffState::Ended).then(|| NotInNumbers {
                measure: measure.measure.clone(),
                area: measure.area.replace('_', " "),
                imposer: measure.imposer.clone(),
                status: step.status,
                scope: step.scope.clone(),
                trade_at_stake_usd: step.trade_at_stake_usd,
            })
        })
        .collect();
    found.sort_by(|a, b| {
        b.trade_at_stake_usd.unwrap_or(-1.0).total_cmp(&a.trade_at_stake_usd.unwrap_or(-1.0))
    });
    found
}

/// How often the compared series met.
pub fn intensity(talks: &Talks, on: Date, known_on: Date) -> Vec<Intensity> {
    let found = talks.intensity(on, known_on);
    // The running series may be counted in several ways; the first is the one that compares like with like.
    let running = found.iter().find(|series| series.current).map(|series| series.per_year);
    found
        .into_iter()
        .map(|series| Intensity {
            this_series_times: running.filter(|_| !series.current).map(|rate| rate / series.per_year),
            series: series.series,
            short: series.short,
            current: series.current,
            meetings: series.meetings,
            years: series.years,
            per_year: series.per_year,
            days_between: Some(series.days_between),
            counting_rule: series.counting_rule,
        })
        .collect()
}
