//! The record in words: pace beside earlier talks, promises, what no number carries.

use super::number::{dollars, joined, named};
use crate::brief::Brief;
use detente_ledger::talks::{BOTH, CommitmentStatus};

/// How often these talks meet, beside every earlier series.
pub fn pace(brief: &Brief) -> Option<String> {
    let now = brief.intensity.iter().find(|series| series.current)?;
    let earlier: Vec<String> = brief
        .intensity
        .iter()
        .filter(|series| !series.current)
        .map(|series| format!("{:.1} ({})", series.per_year, series.series))
        .collect();
    let beside = if earlier.is_empty() { String::new() } else { format!(", against {}", joined(&earlier)) };
    Some(format!("These talks meet {:.1} times a year{beside}.", now.per_year))
}

/// Promises not kept so far, each counted once: open, late, missed; joint ones by themselves.
pub fn promises(brief: &Brief) -> String {
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
        (!words.is_empty()).then(|| joined(&words))
    };
    let mut clauses: Vec<String> = brief
        .parties
        .iter()
        .filter_map(|party| Some(format!("{} {}", named(&party.name), of(&party.code)?)))
        .collect();
    clauses.extend(of(BOTH).map(|words| format!("both together {words}")));
    let differ = held.iter().filter(|item| !item.matched).count();
    let differ = if differ == 0 {
        String::new()
    } else {
        format!(" On {differ} of them the two sides' accounts differ.")
    };
    if clauses.is_empty() {
        return format!("No promise is open, late or missed.{differ}");
    }
    format!("Promises not kept so far: {}.{differ}", clauses.join("; "))
}

/// What no number here carries: what doubt costs, and measures by area with the largest exposure named.
pub fn not_measured(brief: &Brief) -> String {
    let mut areas: Vec<(&str, usize)> = Vec::new();
    for item in &brief.not_in_these_numbers {
        match areas.iter_mut().find(|(area, _)| *area == item.area) {
            Some((_, count)) => *count += 1,
            None => areas.push((&item.area, 1)),
        }
    }
    areas.sort_by_key(|b| std::cmp::Reverse(b.1));
    let words: Vec<String> = areas.iter().take(5).map(|(area, count)| format!("{area} ({count})")).collect();
    let all = brief.not_in_these_numbers.len();
    if all == 0 {
        return "Not measurable here: what doubt about the next deadline costs.".to_owned();
    }
    let measures = if all == 1 { "measure" } else { "measures" };
    let largest =
        brief.not_in_these_numbers.iter().find_map(|item| Some((&item.scope, item.trade_at_stake_usd?)));
    let largest = largest.map_or(String::new(), |(_, trade)| {
        format!("; the largest touches {} of trade, which is an exposure, never an effect", dollars(trade))
    });
    format!(
        "Not measurable here: what doubt about the next deadline costs, and {all} {measures} without a rate, among them {}{largest}.",
        joined(&words)
    )
}
