//! Bands: the same question asked under every published set of elasticities, draws around them, and the closures that matter.
//!
//! A band is the 5th and 95th percentile of an outcome over [`Draw`]s, with the share of draws that keep the sign of the median and the
//! inputs that drive the spread. It says how far published disagreement reaches, not how far the model may be wrong: for that the
//! back-test compares bands with outturns.

pub mod about;
pub mod draw;
pub mod indices;
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
    let found = control.map(draws, own, |drawn, draw| {
        // The solver of the draw before has let go of it: nothing is copied.
        let laid = Arc::make_mut(drawn);
        draw.lay_on(laid);
        laid.tariff_rate.clone_from(&benchmark.tariff_rate);
        let tariffs = moved(draw, &mut laid.tariff_rate);
        let closure = Closure { deficits: draw.deficits, ..closure.clone() };
        let solver = Solver::new(Arc::clone(drawn), &closure)?.with_control(quiet.clone());
        let Some(tariffs) = tariffs else { return answer(&solver, &cases, &starts, settings, &measure) };
        let cases: Vec<Arc<Instruments>> = cases
            .iter()
            .zip(tariffs)
            .map(|(case, tariff_rate)| Arc::new(Instruments { tariff_rate, ..(**case).clone() }))
            .collect();
        answer(&solver, &cases, &starts, settings, &measure)
    })?;
    found.into_iter().collect()
}

fn answer<Measure>(
    solver: &Solver,
    cases: &[Arc<Instruments>],
    starts: &[Option<usize>],
    settings: &SolveSettings,
    measure: &Measure,
) -> Result<Answer, EngineError>
where
    Measure: Fn(&Solver, &[Equilibrium]) -> Result<Vec<f64>, EngineError>,
{
    let mut solved: Vec<Equilibrium> = Vec::with_capacity(cases.len());
    for (instruments, start) in cases.iter().zip(starts) {
        let start = start.and_then(|earlier| solved.get(earlier));
        match solver.solve(Arc::clone(instruments), settings, start)?.solved() {
            Ok(found) => solved.push(found),
            Err(_) => return Ok(None),
        }
    }
    measure(solver, &solved).map(Some)
}

/// For each case the earlier one whose tariffs are nearest, weighed by the data's trade: a warm start should be a short way.
fn nearest_before(benchmark: &Benchmark, cases: &[&Instruments]) -> Vec<Option<usize>> {
    let distance = |a: &Instruments, b: &Instruments| -> f64 {
        let rates = a.tariff_rate.iter().zip(&b.tariff_rate);
        rates.zip(&benchmark.border_value).map(|((a, b), value)| (a - b).abs() * value).sum()
    };
    (0..cases.len())
        .map(|case| {
            let earlier = (0..case).map(|earlier| (earlier, distance(cases[case], cases[earlier])));
            earlier.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(earlier, _)| earlier)
        })
        .collect()
}
