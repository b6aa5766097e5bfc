//! Average duties in words: by statute and collected, never one alone; and the duty on a line.

use super::deadline::{Returning, returning};
use super::number::{day, flow, joined, month, named, opening, percent, points, whose};
use crate::brief::{Brief, Collected, ShownAverage};
use detente_ledger::duty::Answer;

/// Both averages of each direction.
pub fn averages(brief: &Brief) -> Vec<String> {
    brief.duty.shown.iter().map(|shown| average(brief, shown)).collect()
}

/// The same in short, with the weights and what the statute's is made of: at most so many authorities a direction by name.
pub fn averages_by_authority(brief: &Brief, most: usize) -> String {
    let said = if brief.deadline.is_some() { returning(brief) } else { Vec::new() };
    let words = |shown: &ShownAverage| {
        let parts = authorities(brief, &shown.importer, &shown.exporter, most);
        // The flow of an amount that the deadline has named is that of the average as well.
        let is_said = |held: &Returning| {
            (&held.importer, &held.exporter) == (&shown.importer, &shown.exporter)
                && held
                    .steps
                    .first()
                    .is_some_and(|([low, _], trade)| *low > 0.0 && trade.is_some_and(|trade| trade > 0.0))
        };
        let weights = (!said.iter().any(is_said)).then(|| flow(&shown.weights));
        let within: Vec<String> = weights.into_iter().chain((!parts.is_empty()).then_some(parts)).collect();
        let within = if within.is_empty() { String::new() } else { format!(" ({})", within.join(": ")) };
        let collected = match collected_on(brief, shown) {
            Some(row) => format!("collected {} % in {}", percent(row.rate), month(&row.period)),
            None => "collected unknown".to_owned(),
        };
        format!(
            "{} on {} {} %{within}, {collected}",
            named(brief.party_name(&shown.importer)),
            named(brief.party_name(&shown.exporter)),
            percent(shown.rate),
        )
    };
    format!("By statute {}.", brief.duty.shown.iter().map(words).collect::<Vec<_>>().join("; "))
}

fn collected_on<'a>(brief: &'a Brief, shown: &ShownAverage) -> Option<&'a Collected> {
    let mut rows = brief.duty.collected.iter().flatten();
    rows.find(|row| row.importer == shown.importer && row.exporter == shown.exporter)
}

fn average(brief: &Brief, shown: &ShownAverage) -> String {
    let collected = collected_on(brief, shown).map_or("what is collected is not known".to_owned(), |row| {
        format!("collected {} % in {}", percent(row.rate), month(&row.period))
    });
    let whose = format!(
        "{} duties on {} goods",
        whose(brief.party_name(&shown.importer)),
        whose(brief.party_name(&shown.exporter))
    );
    format!("{}: {} % by statute on {}, {collected}.", opening(&whose), percent(shown.rate), day(&brief.on))
}

/// The largest authorities of a direction, with their points.
pub fn authorities(brief: &Brief, importer: &str, exporter: &str, most: usize) -> String {
    let mut parts: Vec<(&str, f64)> = brief
        .duty
        .by_authority
        .iter()
        .filter(|part| part.importer == importer && part.exporter == exporter)
        .filter_map(|part| Some((part.authority.as_str(), part.contribution?)))
        .filter(|(_, value)| value.abs() >= 5e-4)
        .collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rest: f64 = parts.iter().skip(most).map(|(_, value)| value).sum();
    let mut words: Vec<String> = parts
        .iter()
        .take(most)
        .map(|(name, value)| format!("{} {}", authority(name), percent(*value)))
        .collect();
    // One name alone says that it is a part.
    if let ([only], true) = (words.as_slice(), parts.len() > 1) {
        return format!("of it {only}");
    }
    if rest.abs() >= 5e-4 {
        words.push(format!("others {}", percent(rest)));
    }
    joined(&words)
}

/// An authority as readers call it: what the record names by the base rate is the duty that everybody pays.
pub fn authority(name: &str) -> &str {
    if name == "base" { "ordinary duty" } else { name }
}

/// The duty on a line: its total, its parts and the first thing that does not apply.
pub fn on_a_line(answer: &Answer) -> String {
    let applied = answer.parts.iter().filter(|part| part.applies);
    let parts: Vec<String> =
        applied.filter_map(|part| Some(format!("{} {}", part.measure, points(part.rate_pct?)))).collect();
    let total = match (answer.total_pct, &answer.range_pct) {
        (Some(total), _) => format!("{} %", points(total)),
        (None, Some(range)) => format!("{} to {} %", points(range.least), points(range.most)),
        (None, None) => answer.specific.clone().unwrap_or_else(|| "no rate on record".to_owned()),
    };
    let parts = if parts.is_empty() { String::new() } else { format!(" = {}", parts.join(" + ")) };
    let not = answer.parts.iter().find(|part| !part.applies);
    let not =
        not.map_or(String::new(), |part| format!("; not applied: {}, because {}", part.measure, part.why));
    format!("{} from {} on {}: {total}{parts}{not}.", answer.code, answer.from, day(&answer.on.to_string()))
}
