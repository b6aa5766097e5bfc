//! The record in words: pace beside earlier talks, promises, what no number carries.

use super::doubt;
use super::number::{joined, named};
use crate::brief::Brief;
use detente_ledger::talks::{BOTH, CommitmentStatus};

/// How often these talks meet, beside every earlier series.
pub fn pace(brief: &Brief) -> Option<String> {
    pace_beside(brief, |series| series)
}

/// The same with the earlier series by their years alone.
pub fn pace_in_short(brief: &Brief) -> Option<String> {
    pace_beside(brief, |series| match series.rsplit(' ').next() {
        Some(years) if years.starts_with(|first: char| first.is_ascii_digit()) => years,
        _ => series,
    })
}

fn pace_beside(brief: &Brief, name: fn(&str) -> &str) -> Option<String> {
    let now = brief.intensity.iter().find(|series| series.current)?;
    let earlier: Vec<String> = brief
        .intensity
        .iter()
        .filter(|series| !series.current)
        .map(|series| format!("{:.1} ({})", series.per_year, name(&series.series)))
        .collect();
    let beside =
        if earlier.is_empty() { String::new() } else { format!(", earlier ones {}", joined(&earlier)) };
    Some(format!("These talks meet {:.1} times a year{beside}.", now.per_year))
}

/// Promises not kept so far, each counted once: open, late, missed; joint ones by themselves.
pub fn promises(brief: &Brief) -> String {
    promises_by(brief, false)
}

/// The same with one number a side.
pub fn promises_in_short(brief: &Brief) -> String {
    promises_by(brief, true)
}

fn promises_by(brief: &Brief, is_short: bool) -> String {
    let held = &brief.record.commitments;
    let of = |by: &str| -> Option<String> {
        let count = |status: CommitmentStatus| {
            held.iter().filter(|item| item.by == by && item.status == status).count()
        };
        let counted = [
            (count(CommitmentStatus::Open), "open"),
            (count(CommitmentStatus::Late), "late"),
            (count(CommitmentStatus::Missed), "missed"),
        ];
        let words: Vec<String> = counted
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let all: usize = counted.iter().map(|(count, _)| count).sum();
        let words = if is_short { vec![all.to_string()] } else { words };
        (all > 0).then(|| words.join(", "))
    };
    let mut clauses: Vec<String> = brief
        .parties
        .iter()
        .filter_map(|party| Some(format!("{} {}", named(&party.name), of(&party.code)?)))
        .collect();
    clauses.extend(of(BOTH).map(|words| format!("both {words}")));
    let differ = held.iter().filter(|item| !item.matched).count();
    let differ =
        if differ == 0 || is_short { String::new() } else { format!("; accounts differ on {differ}") };
    if clauses.is_empty() {
        return format!("No promise is open, late or missed{differ}.");
    }
    let which = if is_short { " open, late or missed" } else { "" };
    format!("Promises{which}: {}{differ}.", clauses.join("; "))
}

/// What no number here carries: what doubt costs, and measures by area, the most frequent first, at most so many by name.
pub fn not_measured(brief: &Brief, most: usize) -> String {
    let mut areas: Vec<(&str, usize)> = Vec::new();
    for item in &brief.not_in_these_numbers {
        match areas.iter_mut().find(|(area, _)| *area == item.area) {
            Some((_, count)) => *count += 1,
            None => areas.push((&item.area, 1)),
        }
    }
    areas.sort_by_key(|b| std::cmp::Reverse(b.1));
    let all = brief.not_in_these_numbers.len();
    let doubt = if most == 0 { doubt::in_least(brief) } else { doubt::in_short(brief, most == 1) };
    if all == 0 {
        return doubt
            .map_or("What doubt about the next deadline costs.".to_owned(), |doubt| format!("{doubt}."));
    }
    let measures = if all == 1 { "measure" } else { "measures" };
    let mut words: Vec<String> = areas
        .iter()
        .take(most)
        .map(|(area, count)| if most == 1 { format!("{area} {count}") } else { format!("{area} ({count})") })
        .collect();
    let rest: usize = areas.iter().skip(most).map(|(_, count)| count).sum();
    if rest > 0 && most > 0 {
        words.push(format!("others ({rest})"));
    }
    let by_area = match (most, words.first()) {
        (0, _) | (_, None) => String::new(),
        (1, Some(most)) => format!(" ({most})"),
        _ => format!(": {}", joined(&words)),
    };
    match (doubt, most) {
        (Some(doubt), 0 | 1) => format!("{doubt}; {all} {measures} without a rate{by_area}."),
        (Some(doubt), _) => format!("{doubt}. Also {all} {measures} without a rate{by_area}."),
        (None, 0 | 1) => {
            format!("What doubt about the deadline costs, {all} {measures} without a rate{by_area}.")
        }
        (None, _) => {
            format!("What doubt about the next deadline costs, and {all} {measures} without a rate{by_area}.")
        }
    }
}
