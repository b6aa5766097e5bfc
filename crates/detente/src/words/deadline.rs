//! The next deadline in its two tenses: what returns by itself, what cannot, what somebody would have to decide.

use super::number::{day, days, dollars, joined, opening, percent, points, whose};
use crate::brief::{Brief, ByLaw, Deadline, ShownAverage};

/// How many days, to what.
pub fn days_left(brief: &Brief) -> String {
    let Some(deadline) = &brief.deadline else {
        return format!("No deadline is set on {}; nothing lapses by itself.", day(&brief.on));
    };
    let standing =
        if deadline.standing.is_some() { ", by what was said; its notice was not seen" } else { "" };
    format!(
        "{} to {}: {}{standing}.",
        opening(&days(deadline.days)),
        day(&deadline.date),
        what_ends(deadline)
    )
}

/// What ends on the deadline: two names at the most, the others counted.
fn what_ends(deadline: &Deadline) -> String {
    let names: Vec<&str> = deadline.measure.split("; ").collect();
    match names.as_slice() {
        [] | [_] | [_, _] => joined(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()),
        [first, second, others @ ..] => format!("{first}, {second} and {} others", others.len()),
    }
}

/// Said where the day lies past the last evidence.
pub fn not_verified(brief: &Brief) -> Option<String> {
    brief.not_verified_after.as_ref().map(|last| format!("Not verified after {}.", day(last)))
}

/// A direction of trade at the deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct Returning {
    /// Code of the importer.
    pub importer: String,
    /// Code of the exporter.
    pub exporter: String,
    /// Average duty today, a fraction.
    pub today: f64,
    /// Average duty after the deadline if nobody signs, a fraction.
    pub after: f64,
    /// What returns, by size of the trade that it reaches: points (least, most) and dollars.
    pub steps: Vec<([f64; 2], Option<f64>)>,
}

/// What returns in each direction, in the order of the averages.
pub fn returning(brief: &Brief) -> Vec<Returning> {
    let Some(deadline) = &brief.deadline else { return Vec::new() };
    let of = |shown: &ShownAverage| {
        let after = brief.duty.if_nobody_signs.iter();
        let after =
            after.clone().find(|held| held.importer == shown.importer && held.exporter == shown.exporter);
        let mut steps: Vec<([f64; 2], Option<f64>)> = deadline
            .by_law
            .iter()
            .filter(|item| item.imposer == shown.importer && item.target == shown.exporter)
            .filter_map(|item| {
                Some(([item.points?, item.points_high.or(item.points)?], item.trade_at_stake_usd))
            })
            .collect();
        steps.sort_by(|a, b| b.1.unwrap_or(0.0).total_cmp(&a.1.unwrap_or(0.0)));
        Returning {
            importer: shown.importer.clone(),
            exporter: shown.exporter.clone(),
            today: shown.rate,
            after: after.map_or(shown.rate, |held| held.rate),
            steps,
        }
    };
    brief.duty.shown.iter().map(of).collect()
}

/// What would happen to the duties if nobody signs; none where no deadline is set.
pub fn if_nobody_signs(brief: &Brief) -> Option<String> {
    let deadline = brief.deadline.as_ref()?;
    let found = returning(brief);
    let others = deadline.by_law.iter().filter(|item| item.points.is_none()).count();
    let others = match others {
        0 => String::new(),
        1 => " One measure without a rate would return as well.".to_owned(),
        count => format!(" {count} measures without a rate would return as well."),
    };
    let rising: Vec<&Returning> = found.iter().filter(|held| !held.steps.is_empty()).collect();
    if rising.is_empty() {
        return Some(format!("If nobody signs, no tariff would change by itself.{others}"));
    }
    let clauses: Vec<String> = rising
        .iter()
        .map(|held| {
            let whose = format!(
                "{} average duty on {} goods",
                whose(brief.party_name(&held.importer)),
                whose(brief.party_name(&held.exporter))
            );
            let moves = match held.after - held.today {
                change if change.abs() < 0.005 => "would barely move",
                change if change < 0.0 => "would fall",
                _ => "would rise",
            };
            let rates = format!("from {} to {} %", percent(held.today), percent(held.after));
            format!("{whose} {moves} {rates}{}", step_words(held))
        })
        .collect();
    let still: Vec<String> = found
        .iter()
        .filter(|held| held.steps.is_empty())
        .map(|held| {
            format!("{} would stay at {} %", whose(brief.party_name(&held.importer)), percent(held.today))
        })
        .collect();
    let still = if still.is_empty() { String::new() } else { format!("; {}", joined(&still)) };
    Some(format!("If nobody signs, {}{still}.{others}", joined(&clauses)))
}

/// The largest step of a direction, with the trade that it reaches.
fn step_words(held: &Returning) -> String {
    let Some(([low, high], trade)) = held.steps.first() else { return String::new() };
    if *low < 0.0 {
        return format!(" ({} points less)", points(-low));
    }
    let size = if high > low { format!("{} to {}", points(*low), points(*high)) } else { points(*low) };
    let trade = trade
        .filter(|trade| *trade > 0.0)
        .map_or(String::new(), |trade| format!(" on {} of trade", dollars(trade)));
    format!(" ({size} points{trade})")
}

/// What the texts still say and the law no longer carries, and what needs somebody's act; empty where there is neither.
pub fn not_counted(brief: &Brief) -> Vec<String> {
    let Some(deadline) = &brief.deadline else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    let without = without_basis(brief, deadline);
    if !without.is_empty() {
        found.push(format!("Not counted, since the law no longer carries it: {}.", joined(&without)));
    }
    let acts: Vec<String> = deadline
        .needs_new_act
        .iter()
        .map(|act| {
            let size = act
                .points
                .map_or("by no figure yet".to_owned(), |size| format!("by {} points", points(size)));
            let may = if act.legally_available { "" } else { ", which the law does not permit on that day" };
            format!(
                "{} duties {size} ({}{may})",
                whose(brief.party_name(&act.imposer)),
                short_statute(&act.statute)
            )
        })
        .collect();
    if !acts.is_empty() {
        found.push(format!("Only by a new act: {}.", joined(&acts)));
    }
    found
}

fn without_basis(brief: &Brief, deadline: &Deadline) -> Vec<String> {
    let words = |item: &ByLaw| {
        let size = item.points.map_or("a measure".to_owned(), |size| format!("{} points", points(size)));
        format!("{} {size} ({})", whose(brief.party_name(&item.imposer)), short_statute(&item.legal_basis))
    };
    deadline.no_legal_basis.iter().map(words).collect()
}

/// The part of a statute that people say: what stands in brackets, else what comes before the first semicolon.
pub fn short_statute(statute: &str) -> &str {
    match (statute.find('('), statute.find(')')) {
        (Some(open), Some(close)) if open < close => &statute[open + 1..close],
        _ => statute.split(';').next().unwrap_or(statute),
    }
}
