//! Where a deal can lie: best responses, the Nash point, the frontier and the zone between the two sides, from today's
//! tariffs, in one rate per side on the other's goods: the plane that fits on paper.

pub use super::no_deal::NoDeal;
use super::one_rate::one_rate_deal;
use super::{Brief, OneRateDeal};
use crate::strategy::bargain::Disagreement;
use crate::strategy::baseline_world::{BaselineWorld, GameDeficits};
use crate::strategy::board::Rules;
use crate::strategy::curves::{curves, deadline, patience, payoff_plane};
use crate::strategy::day::RecordDay;
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
/// what lapses by law comes about; where nothing lapses on the deadline or none is set, the Nash point.
///
/// # Errors
/// What the games refuse, and the flag to stop of `control`.
pub fn deal(
    control: &Control,
    brief: &Brief,
    day: &RecordDay<'_>,
    world: &BenchmarkDirectory,
) -> Result<Deal, NoDeal> {
    let [first, second] = brief.parties.as_slice() else { return Err(NoDeal::Sides(brief.parties.len())) };
    let scenario = day.scenario(world)?;
    let ground = BaselineWorld::new_under(control, world, &scenario, GameDeficits::Zero)?;
    let sides = [ground.economy(&first.economy)?, ground.economy(&second.economy)?];
    let rules = Rules::default();
    let one_rate = Rules { instruments: Some(&InstrumentSet::OneRate), ..rules };
    let today = ground.today().tariff_rate;
    let lapses = ground.lapse.as_ref().is_some_and(|lapse| lapse.tariff_rate != today);
    let (from, without) = match day.deadline() {
        Some(date) if lapses => {
            (Disagreement::Lapse, format!("what lapses by law on {}", number::day(&date.to_string())))
        }
        _ => (Disagreement::Nash, "the Nash point of the two sides".to_owned()),
    };
    let deadline =
        (from == Disagreement::Lapse).then(|| deadline(&ground, sides, from, rules)).transpose()?;
    let balanced = match &brief.deal {
        Some(held) => held.clone(),
        None => one_rate_deal(control, day, world, [first.economy.as_str(), second.economy.as_str()])?,
    };
    Ok(Deal {
        balanced,
        curves: curves(&ground, sides, from, HIGHEST_RATE, STEPS, rules)?,
        plane: payoff_plane(&ground, sides, from, POINTS, one_rate)?,
        patience: patience(&ground, sides, rules)?,
        deadline,
        without,
    })
}
