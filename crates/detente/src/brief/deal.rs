//! Where a deal can lie: best responses, the Nash point, the frontier and the zone between the two sides, from today's
//! tariffs, in one rate per side on the other's goods: the plane that fits on paper.

use super::Brief;
use crate::{
    benchmark_directory::BenchmarkDirectory,
    counterfactual::NoAnswer,
    ledger_tariffs::LedgerTariffs,
    scenario,
    strategy::{
        board::Rules,
        error::NoStrategy,
        ground::{GameDeficits, Ground},
        pictures::{BestResponseCurves, PayoffPlane, curves, payoff_plane},
        talks::Disagreement,
    },
};
use std::path::Path;

/// Highest rate of the curves.
const HIGHEST_RATE: f64 = 1.5;
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
    /// What happens without a deal, in words.
    pub without: String,
}

/// Why no deal is shown.
#[derive(Debug, thiserror::Error)]
pub enum NoDeal {
    /// The game has no answer.
    #[error(transparent)]
    Strategy(#[from] NoStrategy),
    /// The world that it starts from cannot be had.
    #[error(transparent)]
    World(#[from] NoAnswer),
    /// The talks have no two sides.
    #[error("the talks have {0} parties; the plane has room for two")]
    Sides(usize),
}

/// The deals between the two sides of a brief. Without one, what lapses by law comes about; where no deadline is set, the Nash point.
pub fn deal(brief: &Brief, record: &LedgerTariffs<'_>, world: &BenchmarkDirectory) -> Result<Deal, NoDeal> {
    let [first, second] = brief.parties.as_slice() else { return Err(NoDeal::Sides(brief.parties.len())) };
    let scenario = scenario::parse("the day of the brief", &scenario_text(brief), None, world, Some(record))
        .map_err(NoStrategy::from)?;
    let ground = Ground::new(world, &scenario, GameDeficits::Zero)?;
    let sides = [ground.economy(&first.economy)?, ground.economy(&second.economy)?];
    let one_rate = Rules { instruments: Some(Path::new("one-rate")), ..Rules::default() };
    let (from, without) = match &brief.deadline {
        Some(deadline) => (Disagreement::Lapse, format!("what lapses by law on {}", deadline.date)),
        None => (Disagreement::Nash, "the Nash point of the two sides".to_owned()),
    };
    Ok(Deal {
        curves: curves(&ground, sides, HIGHEST_RATE, STEPS, Rules::default())?,
        plane: payoff_plane(&ground, sides, from, POINTS, one_rate)?,
        without,
    })
}

/// Today's tariffs as the baseline; the tariffs after the deadline, where there is one, as what happens without a deal.
fn scenario_text(brief: &Brief) -> String {
    let day = |on: &str| {
        format!("ledger = \"{}\"\non = \"{on}\"\nknown_on = \"{}\"\n", brief.talks, brief.known_on)
    };
    let without = brief.deadline.as_ref().map_or_else(String::new, |deadline| day(&deadline.date));
    format!("name = \"{} on {}\"\n{without}[baseline]\n{}", brief.title, brief.on, day(&brief.on))
}
