//! What doubt about the next deadline costs, in words.

use super::number::{change, joined, named};
use crate::brief::doubt::CostOfDoubt;
use crate::brief::{Brief, Party};

/// A range without signs where both ends cost.
fn range([low, high]: [f64; 2]) -> String {
    let size = |value: f64| change(value).trim_start_matches('+').to_owned();
    format!("{} to {}", size(low), size(high))
}

/// What doubt costs each side, for the screen; none where it was not asked for. The first year is left out where room is scarce.
pub fn in_short(brief: &Brief, is_scarce: bool) -> Option<String> {
    let cost = brief.cost_of_doubt.as_ref()?;
    let mut sides = Vec::new();
    for party in &brief.parties {
        let one = cost.economies.get(&party.economy)?;
        let long = format!("{} {}", named(&party.name), range(one.long_run_pct));
        let year = range(one.first_year_pct);
        sides.push(if is_scarce { long } else { format!("{long} (within a year {year})") });
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
        Some(format!("{} {}", party.name, range([low, high]).replace(" to ", "-")))
    };
    let sides: Option<Vec<String>> = brief.parties.iter().map(side).collect();
    Some(format!("Doubt, % of income: {}", sides?.join(", ")))
}

/// The same with what it rests on.
pub fn in_full(cost: &CostOfDoubt, parties: &[Party]) -> String {
    let sides = parties.iter().filter_map(|party| {
        let one = cost.economies.get(&party.economy)?;
        let (long, year) = (range(one.long_run_pct), range(one.first_year_pct));
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
