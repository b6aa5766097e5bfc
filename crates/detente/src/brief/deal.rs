//! Where a deal can lie: best responses, the Nash point, the frontier and the zone between the two sides, from today's
//! tariffs, in one rate per side on the other's goods: the plane that fits on paper.

pub use super::no_deal::NoDeal;
use super::one_rate::{GameTable, one_rate_deal};
use super::{Brief, OneRateDeal};
use crate::strategy::bargain::{Disagreement, strike_bargain};
use crate::strategy::board::Rules;
use crate::strategy::curves::{curves, deadline, patience, plane_of};
use crate::strategy::day::RecordDay;
use crate::strategy::error::NoStrategy;
use crate::strategy::frontier::trace_frontier;
use crate::strategy::instruments::InstrumentSet;
use crate::strategy::pictures::{BestResponseCurves, DeadlineCurve, PatienceCurve, PayoffPlane};
use crate::words::number;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::parallel::Control;

/// Highest rate of the curves.
const HIGHEST_RATE: f64 = 0.5;
/// Rates on the grid of the curves.
const STEPS: usize = 12;
/// Points of the frontier.
const POINTS: usize = 15;

/// The two sides' choices and the deals between them.
#[derive(Clone, Debug)]
pub struct Deal {
    /// Best responses in one rate against another.
    pub curves: BestResponseCurves,
    /// Frontier, zone and points.
    pub plane: PayoffPlane,
    /// What holds it; none where the war leaves nothing to hold.
    pub patience: Option<PatienceCurve>,
    /// What one more extension is worth; none where no deadline is set.
    pub deadline: Option<DeadlineCurve>,
    /// What happens without a deal, in words.
    pub without: String,
    /// The deal of equal gains: the one that is told in words.
    pub balanced: OneRateDeal,
}

/// The deals between the two sides of a brief, from the record's tariffs of its day as they reach the brief's own outcomes. Without one,
/// what lapses by law comes about; where nothing lapses on the deadline or none is set, the Nash point. `table` is that of the brief, where
/// one was laid.
///
/// # Errors
/// What the games refuse, and the flag to stop of `control`.
pub fn deal(
    control: &Control,
    brief: &Brief,
    day: &RecordDay<'_>,
    world: &BenchmarkDirectory,
    table: Option<GameTable<'_>>,
) -> Result<Deal, NoDeal> {
    let [first, second] = brief.parties.as_slice() else { return Err(NoDeal::Sides(brief.parties.len())) };
    let table = table.map_or_else(|| GameTable::new(&control.quiet(), day, world), Ok)?;
    let ground = &table.ground;
    let sides = [ground.economy(&first.economy)?, ground.economy(&second.economy)?];
    let from = table.without_a_deal();
    let without = match day.deadline() {
        Some(date) if from == Disagreement::Lapse => {
            format!("what lapses by law on {}", number::day(&date.to_string()))
        }
        _ => "the Nash point of the two sides".to_owned(),
    };
    // Two hands draw, each with what the first screen has found; what one finds the other does not wait for.
    let (mine, theirs) = (table.known.clone(), table.known.clone());
    let one_rate =
        |known| Rules { instruments: Some(&InstrumentSet::OneRate), known: Some(known), ..Rules::default() };
    let (ours, yours) = (one_rate(&mine), one_rate(&theirs));
    let (drawn, rest) = control.both(
        || {
            let struck = strike_bargain(ground, sides, from, ours)?;
            let traced = trace_frontier(ground, sides, from, POINTS, false, ours)?;
            let deadline = match from {
                Disagreement::Lapse => Some(deadline(ground, sides, from, ours)?),
                _ => None,
            };
            Ok::<_, NoStrategy>((struck, traced, deadline))
        },
        || {
            let patience = patience(ground, sides, yours)?;
            Ok::<_, NoStrategy>((curves(ground, sides, from, HIGHEST_RATE, STEPS, yours)?, patience))
        },
    );
    let ((struck, traced, deadline), (curves, patience)) = (drawn?, rest?);
    let plane = plane_of(ground, sides, from, &traced, &struck);
    let balanced = match &brief.deal {
        Some(held) => held.clone(),
        None => one_rate_deal(&table, [first.economy.as_str(), second.economy.as_str()])?,
    };
    Ok(Deal { balanced, curves, plane, patience, deadline, without })
}
