//! The cheapest mix of levers that meets all targets, what the targets cost, and which of them cannot be met together.

use super::problem::{Evaluation, POINT, Problem, Sense};
use super::search::{Aim, Found, Search};
use crate::error::EngineError;

/// The least-cost answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Each lever's number.
    pub sizes: Vec<f64>,
    /// Where they lead.
    pub at: Evaluation,
    /// Shadow price of each target, cost in percent per point of the dial towards the target.
    pub shadow_prices: Vec<f64>,
    /// −1 where a lever stands at its lower bound, 1 at its upper, 0 where it is free.
    pub side: Vec<i8>,
    /// The cost's derivative in each lever with targets kept, percent per unit: what moving a bound is worth.
    pub reduced: Vec<f64>,
    /// What is left of the conditions of a minimum.
    pub residual: f64,
    /// Equilibria solved.
    pub evaluations: usize,
    /// Starts that found a minimum.
    pub starts: usize,
    /// Distinct minima among them, by cost.
    pub distinct: usize,
}

/// Targets that cannot be met together.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Where they are missed least.
    pub sizes: Vec<f64>,
    /// Where that leads.
    pub at: Evaluation,
    /// By how much each is missed there.
    pub gaps: Vec<f64>,
    /// Weights of the targets that no move of any lever can raise together; they sum to one.
    pub weights: Vec<f64>,
    /// Bounds that stop the weighed targets: what a unit of the lever beyond its bound adds to their weighted sum, in points. Largest first.
    pub bounds: Vec<(usize, f64)>,
    /// The best that each target can be with the others kept; none where the others cannot be kept themselves.
    pub best: Vec<Option<f64>>,
    /// Equilibria solved.
    pub evaluations: usize,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The targets are met.
    Met {
        /// At the least cost.
        answer: Box<Answer>,
        /// The same levers without targets.
        without: Option<Box<Answer>>,
    },
    /// They cannot be.
    Missed(Box<Conflict>),
}

/// How far a target may be missed, in points, to count as met.
const MET: f64 = 1e-6;

/// Asks a question from zero and from `more` further starts within the bounds.
///
/// # Errors
///
/// What [`Problem::check`] refuses; what the engine refuses; a stop.
pub fn solve(problem: &Problem, more: usize) -> Result<Outcome, EngineError> {
    problem.check()?;
    let all: Vec<usize> = (0..problem.targets.len()).collect();
    let start = problem.start();
    let mut first = Search::least_cost(problem, all.clone());
    let nearest = first.least_missed(&start)?.ok_or_else(no_start)?;
    if first.gaps(nearest.room()).iter().any(|gap| gap.abs() > MET) {
        return conflict(problem, first, nearest).map(|conflict| Outcome::Missed(Box::new(conflict)));
    }
    let mut starts = vec![nearest.sizes];
    starts.extend((1..=more).map(|place| scattered(problem, place)));
    let mut met: Vec<(Found, usize)> = Vec::new();
    for start in starts {
        let mut search = Search::least_cost(problem, all.clone());
        if let Some(found) = search.run(&start)? {
            met.push((found, search.evaluations));
        }
    }
    let used = met.iter().map(|(_, evaluations)| evaluations).sum::<usize>() + first.evaluations;
    let answer = best(problem, met, used)?;
    let without = if all.is_empty() {
        None
    } else {
        let mut search = Search::least_cost(problem, Vec::new());
        let found = search.run(&start)?.into_iter().map(|found| (found, 0)).collect();
        Some(Box::new(best(problem, found, search.evaluations)?))
    };
    Ok(Outcome::Met { answer: Box::new(answer), without })
}

fn no_start() -> EngineError {
    EngineError::Unsolved("there is no equilibrium where the levers start".into())
}

/// The cheapest of what starts found.
fn best(problem: &Problem, found: Vec<(Found, usize)>, evaluations: usize) -> Result<Answer, EngineError> {
    let ended: Vec<Found> =
        found.into_iter().map(|(found, _)| found).filter(|found| found.residual <= MET).collect();
    let mut costs: Vec<f64> = ended.iter().map(|found| 100.0 * found.place.evaluation.cost).collect();
    costs.sort_by(f64::total_cmp);
    costs.dedup_by(|a, b| (*a - *b).abs() <= 1e-8);
    let (starts, distinct) = (ended.len(), costs.len());
    let least = |a: &Found, b: &Found| a.place.evaluation.cost.total_cmp(&b.place.evaluation.cost);
    let Some(found) = ended.into_iter().min_by(least) else {
        let reason = "no start ended at a minimum; narrower bounds or fewer levers may help";
        return Err(EngineError::Unsolved(reason.into()));
    };
    let mut shadow_prices = vec![0.0; problem.targets.len()];
    shadow_prices.iter_mut().zip(&found.multipliers).for_each(|(to, y)| *to = *y);
    Ok(Answer {
        sizes: found.place.sizes,
        at: found.place.evaluation,
        shadow_prices,
        side: found.side,
        reduced: found.reduced,
        residual: found.residual,
        evaluations,
        starts,
        distinct,
    })
}

/// A point of the box, the same in every run: multiples of irrational steps (Kronecker's sequence), towards the start.
fn scattered(problem: &Problem, place: usize) -> Vec<f64> {
    let golden = 0.618_033_988_749_894_9_f64;
    (problem.start().iter().zip(&problem.levers).enumerate())
        .map(|(k, (start, bounded))| {
            let at = ((place as f64) * golden * (1.0 + k as f64).sqrt() + 0.5).fract();
            let there = bounded.lower + at * (bounded.upper - bounded.lower);
            start + 0.5 * (there - start)
        })
        .collect()
}

fn conflict(problem: &Problem, first: Search, at: super::search::Place) -> Result<Conflict, EngineError> {
    let points = first.gaps(at.room());
    let sum: f64 = points.iter().map(|gap| gap.abs()).sum();
    let weights: Vec<f64> = points.iter().map(|gap| gap.abs() / sum).collect();
    let mut bounds: Vec<(usize, f64)> = (0..problem.levers.len())
        .filter_map(|k| {
            let bounded = &problem.levers[k];
            let width = bounded.upper - bounded.lower;
            let signed = points.iter().zip(at.room_slopes());
            let gain: f64 = signed.map(|(gap, slope)| gap / sum * slope[k]).sum::<f64>() / width;
            let near = 1e-5 * width;
            let stopped = (gain > 0.0 && bounded.upper - at.sizes[k] <= near)
                || (gain < 0.0 && at.sizes[k] - bounded.lower <= near);
            (width > 0.0 && stopped && gain != 0.0).then_some((k, gain.abs()))
        })
        .collect();
    bounds.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut evaluations = first.evaluations;
    let mut best = Vec::new();
    for (j, target) in problem.targets.iter().enumerate() {
        let others: Vec<usize> = (0..problem.targets.len()).filter(|other| *other != j).collect();
        let mut on_dials = vec![0.0; problem.targets.len()];
        let up = match target.sense {
            Sense::AtLeast => true,
            Sense::AtMost => false,
            Sense::Equal => at.evaluation.dials[j] < target.level,
        };
        on_dials[j] = if up { -1.0 } else { 1.0 } / POINT;
        let mut search = Search::new(problem, Aim { on_cost: 0.0, on_dials }, others);
        let kept = search
            .least_missed(&problem.start())?
            .filter(|place| search.gaps(place.room()).iter().all(|gap| gap.abs() <= MET));
        let found = match kept {
            Some(place) => search.run(&place.sizes)?,
            None => None,
        };
        evaluations += search.evaluations;
        best.push(found.filter(|found| found.residual <= 1e-4).map(|found| found.place.evaluation.dials[j]));
    }
    let gaps = (problem.targets.iter().zip(&at.evaluation.dials))
        .map(|(target, value)| target.missed(*value))
        .collect();
    Ok(Conflict { sizes: at.sizes, at: at.evaluation, gaps, weights, bounds, best, evaluations })
}
