//! What doubt about the next deadline costs, in words.

use super::number::{change, joined, named};
use crate::brief::doubt::CostOfDoubt;
use crate::brief::{Brief, Party};

/// A range without signs where both ends cost, with a word between them; in words where neither end shows.
fn range([low, high]: [f64; 2], between: &str) -> String {
    let size = |value: f64| change(value).trim_start_matches('+').to_owned();
    match [size(low), size(high)] {
        [low, high] if low == "0.00" && high == low => "next to nothing".to_owned(),
        [low, high] => format!("{low}{between}{high}"),
    }
}

/// Between the ends of a range.
const TO: &str = " to ";

/// What doubt costs each side, for the screen; none where it was not asked for. The first year is left out where room is scarce.
pub fn in_short(brief: &Brief, is_scarce: bool) -> Option<String> {
    let cost = brief.cost_of_doubt.as_ref()?;
    let mut sides = Vec::new();
    for party in &brief.parties {
        let one = cost.economies.get(&party.economy)?;
        let (in_the_end, year) = (range(one.long_run_pct, TO), range(one.first_year_pct, TO));
        let long = format!("{} {in_the_end}", named(&party.name));
        // Nothing in the end is nothing within a year.
        let is_long = is_scarce || year == in_the_end;
        sides.push(if is_long { long } else { format!("{long} (within a year {year})") });
    }
    Some(match is_scarce {
        true => {
            format!("Doubt about the deadline, % of income a year by published hazards: {}", joined(&sides))
        }
        false => format!(
            "Doubt about the next deadline would cost, percent of income a year in the long run, over published hazards: {}",
            joined(&sides)
        ),
    })
}

/// The same where not a word is to spare.
pub fn in_least(brief: &Brief) -> Option<String> {
    let cost = brief.cost_of_doubt.as_ref()?;
    let side = |party: &Party| {
        let [low, high] = cost.economies.get(&party.economy)?.long_run_pct;
        Some(format!("{} {}", party.name, range([low, high], "-")))
    };
    let sides: Option<Vec<String>> = brief.parties.iter().map(side).collect();
    Some(format!("Doubt, % of income: {}", sides?.join(", ")))
}

/// The same with what it rests on.
pub fn in_full(cost: &CostOfDoubt, parties: &[Party]) -> String {
    let sides = parties.iter().filter_map(|party| {
        let one = cost.economies.get(&party.economy)?;
        let (long, year) = (range(one.long_run_pct, TO), range(one.first_year_pct, TO));
        Some(format!("{} {long} in the long run and {year} within a year", named(&party.name)))
    });
    let sides: Vec<String> = sides.collect();
    let [low, high] = cost.hazard_per_90_days;
    format!(
        "What doubt about the next deadline costs while today's duties last, percent of income a year: {}. Exporters of manufactures wait with entry (Handley & Limão \
         2017) where what lapses returns for good with a chance of {low} to {high} per 90 days (the least and the most of the estimates of Alessandria and others 2021, for \
         2007 and 1980). Investment that waits is not in it.",
        joined(&sides)
    )
}
