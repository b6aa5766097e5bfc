//! Bands: the same question asked under every published set of elasticities, draws around them, and the closures that matter.
//!
//! A band is the 5th and 95th percentile of an outcome over [`Draw`]s, with the share of draws that keep the sign of the median and the
//! inputs that drive the spread. It says how far published disagreement reaches, not how far the model may be wrong: for that the
//! back-test compares bands with outturns.

pub mod about;
pub mod draw;
pub mod indices;
pub mod interpolation;
pub mod points;
pub mod statistics;

use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::benchmark::Benchmark;
use crate::model::calibration::SolveSettings;
use crate::model::closure::{Closure, Deficits};
use crate::model::instruments::Instruments;
use crate::parallel::Control;
use crate::search::solver::Solver;
use crate::search::start::carried;
use draw::Draw;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One draw's answer: outcomes in the order that the measure returns them; none where a solve did not converge.
pub type Answer = Option<Vec<f64>>;

/// Solves all `cases` under every draw, on several processors, each case from the nearest of those before it, and measures them together: a draw is calibrated
/// once however many questions are asked of it. The result is in the order of the draws and does not depend on the number of threads.
pub fn solve_draws<Measure>(
    benchmark: &Benchmark,
    closure: &Closure,
    cases: &[&Instruments],
    settings: &SolveSettings,
    draws: &[Draw],
    control: &Control,
    measure: Measure,
) -> Result<Vec<Answer>, EngineError>
where
    Measure: Fn(&Solver, &[Equilibrium]) -> Result<Vec<f64>, EngineError> + Sync,
{
    solve_moved(benchmark, closure, cases, settings, draws, control, |_, _| None, measure)
}

/// The same where draws move tariffs too: `moved` sets the benchmark's own of a draw and answers with the tariffs of the cases, in their
/// order; none where the draw leaves all tariffs as they are.
#[expect(clippy::too_many_arguments, reason = "those of solve_draws and what moves")]
pub fn solve_moved<Moved, Measure>(
    benchmark: &Benchmark,
    closure: &Closure,
    cases: &[&Instruments],
    settings: &SolveSettings,
    draws: &[Draw],
    control: &Control,
    moved: Moved,
    measure: Measure,
) -> Result<Vec<Answer>, EngineError>
where
    Moved: Fn(&Draw, &mut Vec<f64>) -> Option<Vec<Vec<f64>>> + Sync,
    Measure: Fn(&Solver, &[Equilibrium]) -> Result<Vec<f64>, EngineError> + Sync,
{
    let starts = nearest_before(benchmark, cases);
    let cases: Vec<Arc<Instruments>> = cases.iter().map(|case| Arc::new((*case).clone())).collect();
    let quiet = control.quiet();
    let own = || Arc::new(benchmark.clone());
    let solver_of = |drawn: &mut Arc<Benchmark>, draw: &Draw| {
        // The solver of the draw before has let go of it: nothing is copied.
        let laid = Arc::make_mut(drawn);
        draw.lay_on(laid);
        laid.tariff_rate.clone_from(&benchmark.tariff_rate);
        let tariffs = moved(draw, &mut laid.tariff_rate);
        let closure = Closure { deficits: draw.deficits, ..closure.clone() };
        let solver = Solver::new(Arc::clone(drawn), &closure)?.with_control(quiet.clone());
        let Some(tariffs) = tariffs else { return Ok((solver, cases.clone())) };
        let moved = cases.iter().zip(tariffs);
        let moved =
            moved.map(|(case, tariff_rate)| Arc::new(Instruments { tariff_rate, ..(**case).clone() }));
        Ok::<_, EngineError>((solver, moved.collect()))
    };
    // Draws are alike: how far the cases of the first lie apart says about how far those of the others do.
    let pattern = match draws.first().filter(|_| draws.len() > 2) {
        Some(first) => {
            let (solver, cases) = solver_of(&mut own(), first)?;
            solved(&solver, &cases, &starts, None, settings)?
        }
        None => None,
    };
    let neighbours = match draws.first().filter(|_| draws.len() > 2) {
        Some(first) => Neighbours::of(benchmark, closure, first, draws)?,
        None => Neighbours::default(),
    };
    let rooms = || (own(), Vec::new());
    let found = control.map(draws, rooms, |(drawn, buffers), draw| {
        let (solver, cases) = solver_of(drawn, draw)?;
        let mut solver = solver.with_buffers(std::mem::take(buffers));
        if let Some(neighbour) = neighbours.beside(draw) {
            solver = solver.beside(neighbour);
        }
        let answer = match solved(&solver, &cases, &starts, pattern.as_deref(), settings)? {
            Some(solved) => measure(&solver, &solved).map(Some),
            None => Ok(None),
        };
        *buffers = solver.into_buffers();
        answer
    })?;
    found.into_iter().collect()
}

/// Solvers of the first draw's elasticities at several levels, each for the draws whose own are near: what steers their searches is made once.
#[derive(Debug, Default)]
struct Neighbours {
    first: Vec<f64>,
    deficits: Option<Deficits>,
    /// By level.
    solvers: Vec<(i64, Solver)>,
}

/// Levels of the elasticities that have a solver are so far apart, in logarithms.
const BETWEEN_LEVELS: f64 = 0.2;
/// Draws whose elasticities are farther from a level than this, in logarithms at the mean, make their own.
const NEAR: f64 = 0.4;

impl Neighbours {
    fn of(
        benchmark: &Benchmark,
        closure: &Closure,
        first: &Draw,
        draws: &[Draw],
    ) -> Result<Self, EngineError> {
        let mut found = Self {
            first: first.trade_elasticity.clone(),
            deficits: Some(first.deficits),
            solvers: Vec::new(),
        };
        let levels: BTreeSet<i64> = draws.iter().filter_map(|draw| found.level(draw)).collect();
        for level in levels {
            let factor = (BETWEEN_LEVELS * level as f64).exp();
            let trade_elasticity = first.trade_elasticity.iter().map(|theta| theta * factor).collect();
            let mut laid = benchmark.clone();
            Draw { trade_elasticity, ..first.clone() }.lay_on(&mut laid);
            let closure = Closure { deficits: first.deficits, ..closure.clone() };
            found.solvers.push((level, Solver::new(laid, &closure)?));
        }
        Ok(found)
    }

    /// The level of a draw's elasticities; none where they are far from it, or where deficits do something else.
    fn level(&self, draw: &Draw) -> Option<i64> {
        if self.deficits != Some(draw.deficits) || self.first.len() != draw.trade_elasticity.len() {
            return None;
        }
        let logs = || self.first.iter().zip(&draw.trade_elasticity).map(|(first, own)| (own / first).ln());
        let count = self.first.len() as f64;
        let level = (logs().sum::<f64>() / count / BETWEEN_LEVELS).round();
        let apart = logs().map(|log| (log - BETWEEN_LEVELS * level).abs()).sum::<f64>() / count;
        (apart <= NEAR).then_some(level as i64)
    }

    fn beside(&self, draw: &Draw) -> Option<&Solver> {
        let level = self.level(draw)?;
        self.solvers.iter().find(|(held, _)| *held == level).map(|(_, solver)| solver)
    }
}

/// The cases one after the other, each from the nearest of those before it; from there as far on as it lies in `pattern`, where there is one.
/// None where one of them has no solution.
fn solved(
    solver: &Solver,
    cases: &[Arc<Instruments>],
    starts: &[Option<usize>],
    pattern: Option<&[Equilibrium]>,
    settings: &SolveSettings,
) -> Result<Option<Vec<Equilibrium>>, EngineError> {
    let mut solved: Vec<Equilibrium> = Vec::with_capacity(cases.len());
    for (at, instruments) in cases.iter().enumerate() {
        let near = starts[at].and_then(|earlier| Some((earlier, solved.get(earlier)?)));
        let is_data = instruments.tariff_rate == solver.benchmark.tariff_rate;
        let found = match (near, pattern) {
            _ if is_data => solver.solve(Arc::clone(instruments), settings, None),
            (Some((earlier, near)), Some(pattern)) => {
                let start = carried(near, &pattern[earlier], &pattern[at]);
                solver.solve(Arc::clone(instruments), settings, Some(&start))
            }
            (None, Some(pattern)) => solver.solve(Arc::clone(instruments), settings, Some(&pattern[at])),
            (near, None) => solver.solve(Arc::clone(instruments), settings, near.map(|(_, solved)| solved)),
        };
        match found?.solved() {
            Ok(found) => solved.push(found),
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(solved))
}

/// For each case the earlier one whose tariffs are nearest, weighed by the data's trade: a warm start should be a short way. None where the
/// data's own are nearer still: a case that is the data is solved as it stands.
fn nearest_before(benchmark: &Benchmark, cases: &[&Instruments]) -> Vec<Option<usize>> {
    let distance = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).zip(&benchmark.border_value).map(|((a, b), value)| (a - b).abs() * value).sum()
    };
    (0..cases.len())
        .map(|case| {
            let own = &cases[case].tariff_rate;
            let earlier = (0..case).map(|earlier| (earlier, distance(own, &cases[earlier].tariff_rate)));
            let nearest = earlier.min_by(|a, b| a.1.total_cmp(&b.1));
            nearest
                .filter(|(_, held)| *held < distance(own, &benchmark.tariff_rate))
                .map(|(earlier, _)| earlier)
        })
        .collect()
}
