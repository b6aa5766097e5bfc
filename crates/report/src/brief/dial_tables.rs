//! Dials of both sides, before and after each outcome.

use crate::page::Part;
use detente::brief::Brief;
use detente::brief::dials::DialMove;
use detente_engine::catalogue::Tag;
use detente_engine::horizon::Horizon;
use detente_engine::rebalancing::dial::Dial;
use detente_tables::number::{UNKNOWN, signed};

/// A table an outcome that is shown: a row a dial, both sides beside each other.
pub fn parts(brief: &Brief) -> Vec<Part> {
    let shown =
        brief.outcomes.iter().filter(|outcome| outcome.horizon == Horizon::Long && outcome.is_shown());
    let mut parts: Vec<Part> = shown
        .flat_map(|outcome| {
            let sides: Vec<(&str, &[DialMove])> = brief
                .parties
                .iter()
                .filter_map(|party| {
                    Some((party.name.as_str(), outcome.dials.get(&party.economy)?.as_slice()))
                })
                .collect();
            let mut head = vec!["dial".to_owned()];
            for (name, _) in &sides {
                head.extend([format!("{name}, before"), "after".to_owned(), "points".to_owned()]);
            }
            let heads: Vec<&str> = head.iter().map(String::as_str).collect();
            let count = sides.first().map_or(0, |(_, dials)| dials.len());
            let rows = (0..count).map(|at| row(at, &sides)).collect();
            [Part::Text(format!("{}: {}", outcome.name, outcome.description)), Part::table(&heads, rows)]
        })
        .collect();
    parts.push(Part::Text(
        "Shares in percent, long run, before: what the outcome is measured from. * fixed by an assumption on deficits or on uses.".to_owned(),
    ));
    parts
}

fn row(at: usize, sides: &[(&str, &[DialMove])]) -> Vec<String> {
    let dial = sides.iter().find_map(|(_, dials)| dials.get(at));
    let label = dial.and_then(|of| Dial::of_name(of.dial)).map_or(UNKNOWN, |dial| dial.entry().label);
    let mark = if dial.is_some_and(|of| of.tag == Tag::Assumed) { "*" } else { "" };
    let percent =
        |share: Option<f64>| share.map_or(UNKNOWN.to_owned(), |share| format!("{:.2}", 100.0 * share));
    let mut cells = vec![format!("{label}{mark}")];
    for (_, dials) in sides {
        let of = dials.get(at);
        cells.push(percent(of.and_then(|of| of.before)));
        cells.push(percent(of.and_then(|of| of.after)));
        cells.push(signed(of.and_then(DialMove::points)));
    }
    cells
}
