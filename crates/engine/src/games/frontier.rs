//! The Pareto frontier between two sides: for every level of one, the most for the other, over what both can set.
//!
//! Points are spread evenly between the two ends, each end being one side's best that leaves the other at a floor (its own
//! worst on the frontier). Other economies are beside it, not in it: each point carries every player's payoff.

use super::best_response::{Start, best_of_starts, once_more};
use super::certificate::{Effort, StrategyCertificate};
use super::cooperation::{Agreement, CooperationSettings, Recheck, Table, cooperate};
use super::criterion::WeightedSum;
use super::error::StrategyError;
use super::payoff::{Game, variables_of_all};
use super::reconsider::reconsider;

/// Where a frontier is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontierRequest {
    /// The two sides.
    pub sides: [usize; 2],
    /// Payoffs of all players below which a side does not go; `None`: from one side's dream point to the other's.
    pub floor: Option<Vec<f64>>,
    /// Number of points, at least two.
    pub points: usize,
}

/// A point of the frontier.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontierPoint {
    /// All variables.
    pub point: Vec<f64>,
    /// Payoffs of all players.
    pub payoffs: Vec<f64>,
    /// Weights of the two sides at this point; their ratio is minus the slope.
    pub weights: [f64; 2],
    /// Largest distance from the line that was asked for.
    pub gap: f64,
    /// The table at which it was agreed; none for one side's best without a floor for the other.
    pub table: Option<Table>,
    /// How well it is established.
    pub certificate: StrategyCertificate,
}

/// A frontier, from the first side's worst end to its best.
#[derive(Clone, Debug, PartialEq)]
pub struct Frontier {
    /// The two sides.
    pub sides: [usize; 2],
    /// Points in order.
    pub points: Vec<FrontierPoint>,
    /// Work.
    pub effort: Effort,
}

impl FrontierPoint {
    fn of(agreement: Agreement, sides: [usize; 2], table: Table) -> Self {
        Self {
            weights: [agreement.weights[sides[0]], agreement.weights[sides[1]]],
            gap: agreement.gap,
            table: Some(table),
            certificate: agreement.certificate,
            point: agreement.point,
            payoffs: agreement.payoffs,
        }
    }
}

/// The most for `side` over both sides' variables, the other kept at or above its floor where there is one.
pub fn end_point(
    game: &mut dyn Game,
    request: &FrontierRequest,
    side: usize,
    starts: &[Start],
    settings: &CooperationSettings,
) -> Result<(FrontierPoint, Effort), StrategyError> {
    let players = game.players().len();
    let Some(floor) = &request.floor else {
        let chosen = variables_of_all(game, &request.sides);
        let first = starts.first().map(|s| s.point.clone()).unwrap_or_default();
        let criterion = WeightedSum::of_player(request.sides[side], players);
        let mut best = best_of_starts(game, &criterion, &chosen, &first, starts, &settings.search)?;
        if settings.recheck != Recheck::No {
            best = once_more(game, &criterion, &chosen, best, &settings.search)?;
        }
        let mut weights = [0.0; 2];
        weights[side] = 1.0;
        let effort = best.certificate.effort;
        let point = FrontierPoint {
            point: best.point,
            payoffs: best.payoffs,
            weights,
            gap: 0.0,
            table: None,
            certificate: best.certificate,
        };
        return Ok((point, effort));
    };
    let mut direction = vec![0.0; players];
    direction[request.sides[side]] = 1.0;
    let table = Table {
        seats: request.sides.to_vec(),
        base: floor.clone(),
        direction,
        strict: false,
        neighbour_weights: None,
    };
    let agreement = cooperate(game, &table, starts, settings)?;
    let effort = agreement.certificate.effort;
    Ok((FrontierPoint::of(agreement, request.sides, table), effort))
}

/// Where the line of the last two points leads.
fn continued(points: &[FrontierPoint]) -> Vec<f64> {
    match points {
        [.., before, last] if points.len() > 2 => {
            last.point.iter().zip(&before.point).map(|(u, v)| 2.0 * u - v).collect()
        }
        [.., last] => last.point.clone(),
        [] => Vec::new(),
    }
}

/// Traces the frontier; `starts` serve the two ends, every point after that begins at its neighbour.
pub fn frontier(
    game: &mut dyn Game,
    request: &FrontierRequest,
    starts: &[Start],
    settings: &CooperationSettings,
) -> Result<Frontier, StrategyError> {
    if request.points < 2 {
        let rule = "a frontier has at least its two ends";
        return Err(StrategyError::Domain {
            what: "points of the frontier",
            found: request.points as f64,
            rule,
        });
    }
    let [a, b] = request.sides;
    let (low, mut effort) = end_point(game, request, 1, starts, settings)?;
    let (high, more) = end_point(game, request, 0, starts, settings)?;
    effort.add(more);
    let (run, fall) = (high.payoffs[a] - low.payoffs[a], low.payoffs[b] - high.payoffs[b]);
    let mut points = vec![low];
    if run > 1e-12 && fall > 1e-12 {
        // Move along the chord, outwards at a right angle to it in units of its own length: evenly spread points.
        let mut direction = vec![0.0; game.players().len()];
        direction[a] = run.recip();
        direction[b] = fall.recip();
        let scale = (direction[a].powi(2) + direction[b].powi(2)).sqrt();
        direction[a] /= scale;
        direction[b] /= scale;
        let plain = CooperationSettings { recheck: Recheck::No, ..*settings };
        for k in 1..request.points - 1 {
            let share = k as f64 / (request.points - 1) as f64;
            let mut base = points[0].payoffs.clone();
            base[a] += share * run;
            base[b] -= share * fall;
            let neighbour_weights = (points.len() > 1).then(|| {
                let mut weights = vec![0.0; base.len()];
                [weights[a], weights[b]] = points[points.len() - 1].weights;
                weights
            });
            let table = Table {
                seats: vec![a, b],
                base,
                direction: direction.clone(),
                strict: false,
                neighbour_weights,
            };
            let neighbour = [Start::new("the neighbouring points", continued(&points))];
            let agreement = cooperate(game, &table, &neighbour, &plain)?;
            effort.add(agreement.certificate.effort);
            points.push(FrontierPoint::of(agreement, request.sides, table));
        }
    }
    points.push(high);
    if settings.recheck != Recheck::No {
        // Random points for the ends only: there the curvature that searches remember along the line is of little use.
        let beside = CooperationSettings { recheck: Recheck::Beside, ..*settings };
        for k in 1..points.len() - 1 {
            let neighbours = [
                Start::new("the neighbour before", points[k - 1].point.clone()),
                Start::new("the neighbour behind", points[k + 1].point.clone()),
            ];
            let before = points[k].certificate.effort;
            points[k] = again(game, request.sides, points[k].clone(), &neighbours, &beside)?;
            let mut all = points[k].certificate.effort;
            all.evaluations -= before.evaluations;
            all.gradients -= before.gradients;
            all.curvature_products -= before.curvature_products;
            effort.add(all);
        }
    }
    Ok(Frontier { sides: request.sides, points, effort })
}

/// A point of a frontier solved again where those who are not at the table have moved: the same line, from given starts. `(k, last)` is its
/// position and that of the last point; the ends are the sides' best again.
pub fn once_more_at(
    game: &mut dyn Game,
    request: &FrontierRequest,
    (k, last): (usize, usize),
    point: &FrontierPoint,
    starts: &[Start],
    settings: &CooperationSettings,
) -> Result<(FrontierPoint, Effort), StrategyError> {
    match &point.table {
        _ if k == 0 => end_point(game, request, 1, starts, settings),
        _ if k == last => end_point(game, request, 0, starts, settings),
        None => Ok((point.clone(), Effort::default())),
        Some(table) => {
            let mut table = table.clone();
            let mut weights = vec![0.0; table.base.len()];
            request.sides.iter().zip(point.weights).for_each(|(j, weight)| weights[*j] = weight);
            table.neighbour_weights = Some(weights);
            let agreement = cooperate(game, &table, starts, settings)?;
            let effort = agreement.certificate.effort;
            Ok((FrontierPoint::of(agreement, request.sides, table), effort))
        }
    }
}

/// A point between the ends searched once more, from its neighbours and from around it.
fn again(
    game: &mut dyn Game,
    sides: [usize; 2],
    point: FrontierPoint,
    neighbours: &[Start],
    settings: &CooperationSettings,
) -> Result<FrontierPoint, StrategyError> {
    let Some(table) = point.table.clone() else { return Ok(point) };
    let mut weights = vec![0.0; point.payoffs.len()];
    sides.iter().zip(point.weights).for_each(|(j, weight)| weights[*j] = weight);
    // Who was let off the line has no weight and does not count on it.
    let (let_off, on_line): (Vec<usize>, Vec<usize>) = sides.iter().partition(|j| weights[**j] == 0.0);
    let squares: f64 = on_line.iter().map(|j| table.direction[*j].powi(2)).sum();
    let along = |j: &usize| (point.payoffs[*j] - table.base[*j]) * table.direction[*j];
    let gain = on_line.iter().map(along).sum::<f64>() / squares;
    let agreement = Agreement {
        let_off,
        point: point.point,
        payoffs: point.payoffs,
        gain,
        weights,
        gap: point.gap,
        certificate: point.certificate,
    };
    let agreement = reconsider(game, &table, agreement, neighbours, settings)?;
    Ok(FrontierPoint::of(agreement, sides, table))
}
