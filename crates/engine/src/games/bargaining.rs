//! Where a deal can lie: the zone in which both sides gain over disagreement, and three points in it.
//!
//! * Nash (1950): the largest product of gains `Π (U_j − U_j(d))^a_j`, gains in levels.
//! * Kalai & Smorodinsky (1975): gains in proportion to each side's best in the zone.
//! * Equal gains: the same proportional gain for both.
//!
//! An empty zone is an answer, not a failure.

use super::best_response::{BestResponse, Start, best_of_starts, once_more};
use super::certificate::Effort;
use super::cooperation::{Agreement, CooperationSettings, Recheck, Table, cooperate};
use super::criterion::NashProduct;
use super::error::StrategyError;
use super::frontier::{FrontierPoint, FrontierRequest, end_point};
use super::payoff::{Game, PayoffScale, variables_of_all};

/// Talks between two sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Talks {
    /// The two sides.
    pub sides: [usize; 2],
    /// Payoffs of all players if there is no deal.
    pub disagreement: Vec<f64>,
    /// The point that disagreement is, where every search may begin.
    pub disagreement_point: Vec<f64>,
    /// Bargaining powers of the two sides, positive.
    pub power: [f64; 2],
    /// Whether payoffs are logarithms.
    pub scale: PayoffScale,
}

/// The zone and its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Bargain {
    /// Best for the first side with the second at its disagreement payoff, and the other way round.
    pub ends: [FrontierPoint; 2],
    /// Each side's largest gain in the zone, in levels.
    pub largest_gains: [f64; 2],
    /// The bargaining points; none where the zone is empty.
    pub points: Option<BargainingPoints>,
    /// Work.
    pub effort: Effort,
}

/// The three points of a zone that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct BargainingPoints {
    /// Nash's point.
    pub nash: BestResponse,
    /// Kalai and Smorodinsky's point.
    pub kalai_smorodinsky: Agreement,
    /// The point of equal gains.
    pub equal_gains: Agreement,
}

impl Bargain {
    /// Whether no deal leaves both better off.
    pub fn zone_is_empty(&self) -> bool {
        self.points.is_none()
    }
}

/// Gains below this, in levels, count as none: the zone is empty.
const EMPTY_BELOW: f64 = 1e-9;

/// Finds the zone and the three points. `starts` serve the equal-gains search; the others begin at what it found.
pub fn bargain(
    game: &mut dyn Game,
    talks: &Talks,
    starts: &[Start],
    settings: &CooperationSettings,
) -> Result<Bargain, StrategyError> {
    if let Some(found) = talks.power.iter().copied().find(|p| !(*p > 0.0 && p.is_finite())) {
        return Err(StrategyError::Domain { what: "bargaining power", found, rule: "it must be positive" });
    }
    let mut all = vec![Start::new("disagreement", talks.disagreement_point.clone())];
    all.extend_from_slice(starts);
    let equal = cooperate(game, &Table::equal_gains(&talks.sides, &talks.disagreement), &all, settings)?;
    let mut effort = equal.certificate.effort;
    let near = vec![Start::new("equal gains", equal.point.clone())];
    let request = FrontierRequest { sides: talks.sides, floor: Some(talks.disagreement.clone()), points: 2 };
    let (first, work) = end_point(game, &request, 0, &near, settings)?;
    effort.add(work);
    let (second, work) = end_point(game, &request, 1, &near, settings)?;
    effort.add(work);
    let [a, b] = talks.sides;
    let gain = |point: &FrontierPoint, j: usize| talks.scale.gain(point.payoffs[j], talks.disagreement[j]);
    let largest_gains = [gain(&first, a), gain(&second, b)];
    let empty = largest_gains.iter().any(|g| *g <= EMPTY_BELOW) || equal.gain <= EMPTY_BELOW;
    let points = if empty {
        None
    } else {
        let points = zone_points(game, talks, equal, largest_gains, settings)?;
        effort.add(points.nash.certificate.effort);
        effort.add(points.kalai_smorodinsky.certificate.effort);
        Some(points)
    };
    Ok(Bargain { ends: [first, second], largest_gains, points, effort })
}

fn zone_points(
    game: &mut dyn Game,
    talks: &Talks,
    equal: Agreement,
    largest: [f64; 2],
    settings: &CooperationSettings,
) -> Result<BargainingPoints, StrategyError> {
    let [a, b] = talks.sides;
    let players = game.players().len();
    let near = [Start::new("equal gains", equal.point.clone())];
    let kalai_smorodinsky = proportional(game, talks, largest, &near, settings)?;
    let mut power = vec![0.0; players];
    power[a] = talks.power[0];
    power[b] = talks.power[1];
    let product = NashProduct { disagreement: talks.disagreement.clone(), power, scale: talks.scale };
    let chosen = variables_of_all(game, &talks.sides);
    let starts = [near[0].clone(), Start::new("Kalai–Smorodinsky", kalai_smorodinsky.point.clone())];
    let mut nash = best_of_starts(game, &product, &chosen, &equal.point, &starts, &settings.search)?;
    if settings.recheck != Recheck::No {
        nash = once_more(game, &product, &chosen, nash, &settings.search)?;
    }
    Ok(BargainingPoints { nash, kalai_smorodinsky, equal_gains: equal })
}

/// Gains in levels in proportion to `largest`. Payoffs may be logarithms, in which the line bends: the direction is corrected
/// until the gains in levels are in proportion.
fn proportional(
    game: &mut dyn Game,
    talks: &Talks,
    largest: [f64; 2],
    near: &[Start],
    settings: &CooperationSettings,
) -> Result<Agreement, StrategyError> {
    let mut direction = vec![0.0; game.players().len()];
    let top = largest[0].max(largest[1]);
    let mut effort = Effort::default();
    let mut share = 0.5;
    let mut begin = near.to_vec();
    let plain = CooperationSettings { recheck: Recheck::No, ..*settings };
    let mut rounds = 0;
    loop {
        rounds += 1;
        for (slot, j) in talks.sides.iter().enumerate() {
            let payoff = talks.scale.payoff_at_gain(talks.disagreement[*j], share * largest[slot]);
            direction[*j] = (payoff - talks.disagreement[*j]) / (share * top);
        }
        let table = Table {
            seats: talks.sides.to_vec(),
            base: talks.disagreement.clone(),
            direction: direction.clone(),
            strict: false,
            neighbour_weights: None,
        };
        let mut agreement = cooperate(game, &table, &begin, &plain)?;
        effort.add(agreement.certificate.effort);
        let j = talks.sides[0];
        let reached = talks.scale.gain(agreement.payoffs[j], talks.disagreement[j]) / largest[0];
        if (reached - share).abs() <= 1e-9
            || talks.scale == PayoffScale::Level
            || reached <= 0.0
            || rounds == 20
        {
            if settings.recheck != Recheck::No {
                let here = [Start::new("the last direction", agreement.point.clone())];
                agreement = cooperate(game, &table, &here, settings)?;
                effort.add(agreement.certificate.effort);
            }
            agreement.certificate.effort = effort;
            return Ok(agreement);
        }
        share = reached;
        begin = vec![Start::new("the last direction", agreement.point)];
    }
}
