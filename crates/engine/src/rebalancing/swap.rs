//! A swap: as many levers as targets, each target met exactly, found by Newton's method with the exact Jacobian.

use super::problem::{Evaluation, Problem};
use super::quadratic::solve_square;
use crate::error::EngineError;

/// What a swap came to.
#[derive(Clone, Debug)]
pub struct Swap {
    /// Each lever's number.
    pub sizes: Vec<f64>,
    /// Where they lead.
    pub at: Evaluation,
    /// Newton steps.
    pub steps: usize,
    /// The largest distance of a dial from its target.
    pub gap: f64,
    /// Dials by levers, at the start.
    pub jacobian: Vec<Vec<f64>>,
}

const MOST_STEPS: usize = 40;
/// Condition beyond which a lever and a target cannot be told apart from the others.
const MOST_CONDITION: f64 = 1e8;

/// Solves it; every target is read as equal, and bounds are not asked.
///
/// # Errors
///
/// Refused where levers and targets are not as many, or where they do not answer to each other; unsolved where the steps lead nowhere.
pub fn solve(problem: &Problem) -> Result<Swap, EngineError> {
    problem.check()?;
    let m = problem.targets.len();
    let refused = |reason: String| EngineError::Refused { setting: "swap", reason };
    if problem.levers.len() != m || m == 0 {
        return Err(refused(format!(
            "{m} targets and {} levers: a swap frees as many as it sets",
            problem.levers.len()
        )));
    }
    let nothing = || EngineError::Unsolved("there is no equilibrium on the way to the targets".into());
    let mut at = problem.evaluate(&problem.start(), true)?.ok_or_else(nothing)?;
    let mut sizes = problem.start();
    let jacobian = at.slopes.clone();
    if let Some((target, lever)) = tied(&jacobian) {
        let name = problem.targets[target].dial.dial.entry().id;
        return Err(refused(format!(
            "lever {} and target {} (`{name}`) do not answer to each other beside the other pairs: name a lever that moves it",
            lever + 1,
            target + 1
        )));
    }
    let gaps = |at: &Evaluation| -> Vec<f64> {
        problem.targets.iter().zip(&at.dials).map(|(target, value)| target.level - value).collect()
    };
    let worst = |gaps: &[f64]| gaps.iter().fold(0.0_f64, |most, gap| most.max(gap.abs()));
    for steps in 0..MOST_STEPS {
        let missed = gaps(&at);
        let gap = worst(&missed);
        if gap <= 1e-13 {
            return Ok(Swap { sizes, at, steps, gap, jacobian });
        }
        let step = solve_square(at.slopes.concat(), missed).ok_or_else(nothing)?;
        let mut part = 1.0;
        let next = loop {
            let trial: Vec<f64> = sizes.iter().zip(&step).map(|(size, step)| size + part * step).collect();
            if let Some(there) = problem.evaluate(&trial, true)?
                && worst(&gaps(&there)) < gap
            {
                break Some((trial, there));
            }
            part *= 0.5;
            if part < 1e-4 {
                break None;
            }
        };
        match next {
            Some((trial, there)) => (sizes, at) = (trial, there),
            // The last digits are rounding's.
            None if gap <= 1e-10 => return Ok(Swap { sizes, at, steps, gap, jacobian }),
            None => break,
        }
    }
    Err(EngineError::Unsolved(
        "the swap's targets were not met: no step of the levers brings them nearer".into(),
    ))
}

/// The pair that does not answer, where levers by targets are nearly singular: rows and columns each scaled to one, smallest of the inverse's
/// counterpart.
fn tied(jacobian: &[Vec<f64>]) -> Option<(usize, usize)> {
    let m = jacobian.len();
    let row: Vec<f64> =
        jacobian.iter().map(|row| row.iter().fold(0.0_f64, |most, v| most.max(v.abs()))).collect();
    if let Some(target) = row.iter().position(|most| *most == 0.0) {
        return Some((target, target));
    }
    let scaled: Vec<Vec<f64>> =
        jacobian.iter().zip(&row).map(|(values, most)| values.iter().map(|v| v / most).collect()).collect();
    let column = |k: usize| scaled.iter().fold(0.0_f64, |most, row| most.max(row[k].abs()));
    let columns: Vec<f64> = (0..m).map(column).collect();
    if let Some(lever) = columns.iter().position(|most| *most == 0.0) {
        return Some((lever, lever));
    }
    let square: Vec<f64> =
        scaled.iter().flat_map(|row| row.iter().zip(&columns).map(|(v, most)| v / most)).collect();
    let mut worst = (0.0_f64, (0, 0));
    for lever in 0..m {
        let mut unit = vec![0.0; m];
        unit[lever] = 1.0;
        let Some(column) = solve_square(square.clone(), unit) else { return Some((lever, lever)) };
        for (k, value) in column.iter().enumerate() {
            if value.abs() > worst.0 {
                worst = (value.abs(), (lever, k));
            }
        }
    }
    (worst.0 > MOST_CONDITION).then_some(worst.1)
}
