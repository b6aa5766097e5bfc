//! What the pictures of a brief need beyond its own data: tariffs over time, meetings and deadlines.

use super::page::Pictures;
use crate::chart::{Mark, Timeline};
use detente::brief::{Brief, duty};
use detente_ledger::{
    talks::{DeadlineKind, Talks},
    tariff::{TariffError, Tariffs},
};
use jiff::{ToSpan, civil::Date};

/// The pictures of a brief.
pub fn of(
    tariffs: &Tariffs,
    talks: &Talks,
    brief: &Brief,
    on: Date,
    known_on: Date,
) -> Result<Pictures, TariffError> {
    let deadline = brief.deadline.as_ref().and_then(|deadline| deadline.date.parse::<Date>().ok());
    let mut panels = Vec::new();
    for (importer, exporter) in talks.pairs() {
        panels.push(duty::stepped(tariffs, importer, exporter, on, known_on, deadline)?);
    }
    Ok(Pictures { tariffs: panels, timeline: timeline(talks, on, known_on, deadline) })
}

fn timeline(talks: &Talks, on: Date, known_on: Date, deadline: Option<Date>) -> Timeline {
    let meetings = talks
        .rounds_so_far(detente_ledger::AsOf { on, known_on })
        .map(|round| Mark {
            date: round.start.to_string(),
            // A call has no city: its mark says on hovering what it was, and leaves room for the names of cities.
            label: round.city.clone(),
            detail: format!(
                "{} {} to {}: {}",
                if round.city.is_empty() { &round.kind } else { &round.city },
                round.start,
                round.end,
                round.outcome
            ),
        })
        .collect();
    let deadlines = talks
        .deadlines
        .iter()
        .filter(|held| held.kind == DeadlineKind::Tariff && held.known_from <= known_on)
        .map(|held| Mark {
            date: held.date.to_string(),
            label: String::new(),
            detail: format!("{}: {} ({})", held.date, held.instrument, held.lapses),
        })
        .collect();
    let first = talks.series_first_measure_from.unwrap_or(on).min(on).saturating_sub(2.months());
    let last = deadline.unwrap_or(on).max(on).saturating_add(3.months());
    Timeline { meetings, deadlines, today: on.to_string(), window: (first.to_string(), last.to_string()) }
}
