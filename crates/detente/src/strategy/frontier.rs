//! The Pareto frontier between two sides, with everybody else's welfare beside it.

use detente_engine::strategy::best_response::Start;
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::cooperation::{CooperationSettings, Recheck};
use detente_engine::strategy::frontier::{Frontier, FrontierRequest, frontier as trace, once_more_at};
use detente_engine::strategy::projected_newton::SearchSettings;

use super::answer::Answer;
use super::bargain::{Disagreement, at_the_table, disagreement, from_words, others_answer, with_the_others};
use super::baseline_world::BaselineWorld;
use super::board::{Board, Others, Reach, Rules};
use super::error::NoStrategy;
use super::found::{Found, FrontierLine, FrontierSpot};
use super::split::split;

/// A traced frontier with the board it was traced on.
#[derive(Debug)]
pub struct Traced<'g> {
    /// The board.
    pub board: Board<'g>,
    /// The frontier.
    pub frontier: Frontier,
    /// The disagreement point's payoffs.
    pub disagreement: Vec<f64>,
    /// How the point without a deal is established, where it was searched for.
    pub without: Option<StrategyCertificate>,
    /// Seconds it took.
    pub seconds: f64,
    /// By how much the others' responses would still move at any point, in logarithms of tariff factors, where they respond.
    pub others_still_move: Option<f64>,
}

impl Traced<'_> {
    /// The certificate of the whole line: the worst of its points in each respect.
    pub fn certificate(&self) -> StrategyCertificate {
        let points = || self.frontier.points.iter().map(|point| &point.certificate);
        let mut gains = points().map(|c| c.best_response_gain);
        let all = StrategyCertificate {
            projected_gradient: points().fold(0.0, |m: f64, c| m.max(c.projected_gradient)),
            best_response_gain: gains.try_fold(0.0, |most, gain| gain.map(|gain| f64::max(most, gain))),
            starts: points().map(|c| c.starts).sum(),
            optima: Vec::new(),
            status: points().map(|c| c.status).find(|s| !s.is_converged()).unwrap_or_default(),
            effort: self.frontier.effort,
            seconds: self.seconds,
        };
        // Of optima the most that any point has.
        let most = points().max_by_key(|c| c.local_optima()).map(|c| c.optima.clone());
        StrategyCertificate { optima: most.unwrap_or_default(), ..all }
    }
}

/// Settings of the search along the line.
fn settings() -> CooperationSettings {
    let search = SearchSettings { step_tolerance: 1e-8, ..SearchSettings::default() };
    CooperationSettings {
        gap_tolerance: 1e-9,
        search,
        recheck: Recheck::Around,
        ..CooperationSettings::default()
    }
}

/// Traces the frontier between two sides from one's worst to the other's, not below the disagreement payoffs where `within_zone`.
pub fn trace_frontier<'g>(
    ground: &'g BaselineWorld<'g>,
    sides: [usize; 2],
    from: Disagreement,
    points: usize,
    within_zone: bool,
    rules: Rules,
) -> Result<Traced<'g>, NoStrategy> {
    let mut board = Board::new(ground, &sides, Reach::EachOther, rules)?;
    let (point, disagreement, without) = disagreement(&mut board, from)?;
    let clock = std::time::Instant::now();
    let floor = within_zone.then(|| disagreement.clone());
    let request = FrontierRequest { sides, floor, points };
    let responds = board.others == Others::Respond;
    // Where the others respond, every point is searched again when they have: only then is it worth a certificate.
    let first =
        if responds { CooperationSettings { recheck: Recheck::No, ..settings() } } else { settings() };
    let mut starts =
        vec![Start::new("disagreement", point.clone()), Start::new("today", board.today.clone())];
    starts.push(board.starts().swap_remove(0));
    let starts: Vec<Start> = starts.into_iter().map(|start| with_the_others(&board, start, &point)).collect();
    let mut frontier = at_the_table(&mut board, &sides, |game| trace(game, &request, &starts, &first))?;
    let mut others_still_move = None;
    if responds {
        others_still_move = Some(settle_with_the_others(&mut board, &request, &mut frontier)?);
    }
    let seconds = clock.elapsed().as_secs_f64();
    Ok(Traced { board, frontier, disagreement, without, seconds, others_still_move })
}

/// Rounds of responses and agreements along the line.
const ROUNDS: usize = 4;
/// Points of the line at which the others' responses are searched for in a round; they are smooth in between.
const KNOTS: usize = 3;
/// Change of a rate, in logarithms of factors, that counts as no move.
const STILL: f64 = 1e-5;

/// The others respond to every point of the line: searched for at a few of its points and interpolated between them, until they rest there
/// and the points are agreements among what the others do. Returns by how much the others would still move half-way between two knots.
fn settle_with_the_others(
    board: &mut Board,
    request: &FrontierRequest,
    frontier: &mut Frontier,
) -> Result<f64, NoStrategy> {
    let last = frontier.points.len() - 1;
    let mut knots: Vec<usize> = (0..KNOTS).map(|k| k * last / (KNOTS - 1)).collect();
    knots.dedup();
    let plain = CooperationSettings { recheck: Recheck::No, ..settings() };
    for round in 0..ROUNDS {
        let mut moved = 0.0_f64;
        let mut responses = Vec::new();
        for knot in &knots {
            let at = frontier.points[*knot].point.clone();
            let responded = others_answer(board, &at)?;
            moved = responded.iter().zip(&at).fold(moved, |m, (a, b)| m.max((a - b).abs()));
            responses.push(responded);
        }
        let rest = moved <= STILL;
        let with = if rest || round + 1 == ROUNDS { settings() } else { plain };
        let starts: Vec<Start> = (0..=last)
            .map(|k| {
                let here = Start::new("the last round", frontier.points[k].point.clone());
                with_the_others(board, here, &interpolated(&knots, &responses, k))
            })
            .collect();
        at_the_table(board, &request.sides, |game| {
            for (k, start) in starts.iter().enumerate() {
                let here = std::slice::from_ref(start);
                let (found, effort) =
                    once_more_at(game, request, (k, last), &frontier.points[k], here, &with)?;
                frontier.effort.add(effort);
                frontier.points[k] = found;
            }
            Ok(())
        })?;
        if rest {
            break;
        }
    }
    let mut still = 0.0_f64;
    for pair in knots.windows(2).filter(|pair| pair[1] > pair[0] + 1) {
        let at = frontier.points[(pair[0] + pair[1]) / 2].point.clone();
        let responded = others_answer(board, &at)?;
        still = responded.iter().zip(&at).fold(still, |m, (a, b)| m.max((a - b).abs()));
    }
    Ok(still)
}

/// Lagrange's polynomial through the knots.
fn interpolated(knots: &[usize], values: &[Vec<f64>], at: usize) -> Vec<f64> {
    let mut sum = vec![0.0; values[0].len()];
    for (k, value) in knots.iter().zip(values) {
        let weight: f64 = (knots.iter().filter(|other| *other != k))
            .map(|other| (at as f64 - *other as f64) / (*k as f64 - *other as f64))
            .product();
        sum.iter_mut().zip(value).for_each(|(s, v)| *s += weight * v);
    }
    sum
}

/// The frontier as an answer, reported at its middle point.
pub fn frontier(
    ground: &BaselineWorld,
    sides: [usize; 2],
    from: Disagreement,
    points: usize,
    within_zone: bool,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let traced = trace_frontier(ground, sides, from, points, within_zone, rules)?;
    let certificate = traced.certificate();
    let Traced { mut board, frontier, disagreement, without, seconds, others_still_move } = traced;
    let codes = [ground.code(sides[0]).to_owned(), ground.code(sides[1]).to_owned()];
    let middle = frontier.points[frontier.points.len() / 2].clone();
    let title = format!(
        "Pareto frontier between {} and {} in {} (shown: its middle)",
        codes[0],
        codes[1],
        if rules.instruments.is_some() {
            "the instruments asked for, towards each other"
        } else {
            "their tariffs on each other"
        }
    );
    let mut answer = Answer::at(&mut board, title, &middle.point, certificate.clone())?;
    let war = (from == Disagreement::Nash).then(|| disagreement.clone());
    let (parts, alone) = split(&mut board, sides, war, None)?;
    answer.split = Some(parts);
    let ends = [&frontier.points[0], &frontier.points[frontier.points.len() - 1]];
    answer.certified = vec![
        (format!("all {} points, the worst", frontier.points.len()), certificate),
        ("the middle".to_owned(), middle.certificate.clone()),
        (format!("the most for {}", codes[1]), ends[0].certificate.clone()),
        (format!("the most for {}", codes[0]), ends[1].certificate.clone()),
        (from_words(ground, from).to_owned(), without.unwrap_or_default()),
    ];
    answer.certified.extend(alone);
    let points = frontier.points.iter().map(|point| FrontierSpot {
        objective_pct: board.objective_pct(&point.payoffs),
        gain_from_disagreement_pct: (point.payoffs.iter().zip(&disagreement))
            .map(|(payoff, without)| 100.0 * (payoff - without).exp_m1())
            .collect(),
        weights: [point.weights[0], point.weights[1]],
        gap: point.gap,
        certificate: point.certificate.clone(),
    });
    answer.found = Found::Frontier(FrontierLine {
        from,
        economies: (0..board.base.len()).map(|j| ground.code(j).to_owned()).collect(),
        sides,
        points: points.collect(),
        others_still_move,
        searched_responses: KNOTS,
        seconds,
    });
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cubic_goes_through_its_knots_and_between_them() {
        let f = |k: usize| (k as f64 / 10.0 - 1.0).powi(3);
        let knots = [0, 10, 20, 30, 40];
        let values: Vec<Vec<f64>> = knots.iter().map(|k| vec![f(*k), 1.0]).collect();
        for at in 0..=40 {
            let found = interpolated(&knots, &values, at);
            assert!((found[0] - f(at)).abs() < 1e-12 && (found[1] - 1.0).abs() < 1e-12);
        }
    }
}
