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
use crate::model::closure::Closure;
use crate::model::instruments::Instruments;
use crate::parallel::Control;
use crate::search::solver::Solver;
use crate::search::start::carried;
use draw::Draw;
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
    let found = control.map(draws, own, |drawn, draw| {
        let (solver, cases) = solver_of(drawn, draw)?;
        match solved(&solver, &cases, &starts, pattern.as_deref(), settings)? {
            Some(solved) => measure(&solver, &solved).map(Some),
            None => Ok(None),
        }
    })?;
    found.into_iter().collect()
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
