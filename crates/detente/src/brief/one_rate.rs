//! A deal for the first screen: one rate a side on the other's goods, equal gains for both, told apart from what needs no deal.

use super::no_deal::NoDeal;
use super::{OneRateDeal, OneRateSide};
use crate::strategy::bargain::{Disagreement, EqualGains, equal_gains};
use crate::strategy::baseline_world::{BaselineWorld, GameDeficits};
use crate::strategy::board::{Board, Reach, Rules};
use crate::strategy::day::RecordDay;
use crate::strategy::error::NoStrategy;
use crate::strategy::instruments::InstrumentSet;
use crate::strategy::nash::{fight, not_converged, payoffs_at};
use crate::strategy::policies::average_rate;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::parallel::Control;
use detente_engine::strategy::best_response::{Start, best_response};
use detente_engine::strategy::known_points::KnownPoints;
use detente_engine::strategy::projected_newton::SearchSettings;

/// The world that a day's games are played on, with what is known of it: the first screen's deal and the page's pictures share it.
#[derive(Debug)]
pub struct GameTable<'a> {
    /// The day's tariffs, solved, deficits at zero.
    pub ground: BaselineWorld<'a>,
    /// What games on it have found.
    pub known: KnownPoints,
}

impl<'a> GameTable<'a> {
    /// Lays the ground of a day.
    ///
    /// # Errors
    /// What the record and the model refuse, and the flag to stop of `control`.
    pub fn new(
        control: &Control,
        day: &RecordDay<'_>,
        world: &'a BenchmarkDirectory,
    ) -> Result<Self, NoDeal> {
        let scenario = day.scenario(world)?;
        let ground = BaselineWorld::new_under(control, world, &scenario, GameDeficits::Zero)?;
        Ok(Self { ground, known: KnownPoints::new() })
    }

    /// What happens without a deal: what lapses by law, or the war where nothing lapses.
    pub fn without_a_deal(&self) -> Disagreement {
        let today = self.ground.today().tariff_rate;
        let lapses = self.ground.lapse.as_ref().is_some_and(|lapse| lapse.tariff_rate != today);
        if lapses { Disagreement::Lapse } else { Disagreement::Nash }
    }
}

/// The deal of equal gains between two economies on a day of the record; without it, what lapses by law comes about, or the war where nothing
/// lapses.
///
/// # Errors
/// What the games refuse, and the flag to stop of the ground.
pub fn one_rate_deal(table: &GameTable<'_>, sides: [&str; 2]) -> Result<OneRateDeal, NoDeal> {
    let ground = &table.ground;
    let positions = [ground.economy(sides[0])?, ground.economy(sides[1])?];
    let without = table.without_a_deal();
    let rules =
        Rules { instruments: Some(&InstrumentSet::OneRate), known: Some(&table.known), ..Rules::default() };
    let mut board = Board::new(ground, &positions, Reach::EachOther, rules)?;
    let Some(EqualGains { point, without: start, disagreement }) =
        equal_gains(&mut board, &positions, without)?
    else {
        return Ok(OneRateDeal { without, sides: None });
    };
    // Cutting alone is told from what comes about without a deal; a war of free choice is no place to cut from.
    let left_alone = if without == Disagreement::Lapse { start } else { board.today.clone() };
    let deal = payoffs_at(&mut board, &point)?;
    let war = match without {
        Disagreement::Nash => disagreement.clone(),
        _ => {
            let (players, today) = (board.movers(), board.today.clone());
            fight(&mut board, &players, &today)?.payoffs
        }
    };
    let alone = [0, 1].map(|k| chosen_alone(&mut board, positions[k], &left_alone));
    let [first, second] = alone;
    let alone = [first?, second?];
    let gain = |from: &[f64], k: usize| 100.0 * (deal[positions[k]] - from[positions[k]]).exp_m1();
    let side = |k: usize| OneRateSide {
        economy: sides[k].to_owned(),
        rate_today: average_rate(
            ground,
            &ground.calibration.benchmark.tariff_rate,
            positions[k],
            Some(positions[1 - k]),
        ),
        rate_in_deal: point[k].exp_m1(),
        gain_pct: gain(&disagreement, k),
        gain_over_war_pct: gain(&war, k),
        gain_over_alone_pct: gain(&alone[k], k),
    };
    Ok(OneRateDeal { without, sides: Some([side(0), side(1)]) })
}

/// Payoffs where one side takes the rate that is best for its own income and the other's rate stays as it is.
fn chosen_alone(board: &mut Board<'_>, side: usize, from: &[f64]) -> Result<Vec<f64>, NoDeal> {
    let starts = [Start::new("as it is", from.to_vec())];
    let found = best_response(&mut board.game, side, from, &starts, &SearchSettings::default());
    let found = found.map_err(NoStrategy::from)?;
    if !found.certificate.status.is_converged() {
        return Err(NoStrategy::from(not_converged(
            "rate chosen alone",
            found.certificate.projected_gradient,
        ))
        .into());
    }
    Ok(found.payoffs)
}
