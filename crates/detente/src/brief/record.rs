//! What the talks' record says on a day: meetings, frameworks, promises, positions, measures without a tariff number.

use super::{Commitment, Framework, Intensity, NotInNumbers, Position, Record, Round};
use detente_ledger::AsOf;
use detente_ledger::talks::{NonTariffState, Talks};

/// The record up to a day, as known on a day.
pub fn record(talks: &Talks, as_of: AsOf) -> Record {
    Record {
        rounds: rounds(talks, as_of),
        frameworks: talks
            .frameworks_so_far(as_of)
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
        commitments: commitments(talks, as_of),
        positions: talks
            .positions_so_far(as_of)
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

fn rounds(talks: &Talks, as_of: AsOf) -> Vec<Round> {
    let AsOf { known_on, .. } = as_of;
    talks
        .rounds_so_far(as_of)
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

fn commitments(talks: &Talks, as_of: AsOf) -> Vec<Commitment> {
    talks
        .commitments
        .iter()
        .filter(|held| held.is_made(as_of) && !held.agenda_only)
        .map(|held| Commitment {
            id: held.id.clone(),
            by: held.by.clone(),
            framework: held.framework.clone(),
            what: match (&held.amount, &held.unit) {
                (Some(amount), Some(unit)) => format!("{} ({amount} {unit})", held.what),
                _ => held.what.clone(),
            },
            due: held.due_as_known(as_of).map(|day| day.to_string()),
            status: held.status(as_of),
            accounts: held
                .accounts_so_far(as_of)
                .map(|account| format!("{}: {}", account.party, account.text))
                .collect(),
            matched: held.is_matched(as_of),
        })
        .collect()
}

/// Measures on the table that no tariff number carries: those that had begun, stand suspended, are proposed or unclear.
pub fn not_in_these_numbers(talks: &Talks, as_of: AsOf) -> Vec<NotInNumbers> {
    let mut found: Vec<NotInNumbers> = talks
        .nontariff
        .iter()
        .filter(|measure| talks.parties.iter().any(|party| measure.concerns(&party.code)))
        .filter_map(|measure| {
            let step = measure.on(as_of)?;
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
pub fn intensity(talks: &Talks, as_of: AsOf) -> Vec<Intensity> {
    let found = talks.intensity(as_of);
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
