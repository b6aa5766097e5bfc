//! Where a solve or a linearisation starts that has a solution to start from.

use super::active_set::read_sides;
use super::buffers::Buffers;
use super::residual::evaluate;
use super::solver::Solver;
use crate::equations::layout::Layout;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;

/// Buffers that stand at a solution, the sweep evaluated and limits on their sides. Refused for an equilibrium of another closure or
/// another world.
pub(crate) fn at(solver: &Solver, solved: &Equilibrium) -> Result<Buffers, EngineError> {
    if solved.closure != solver.closure {
        return Err(EngineError::Refused {
            setting: "equilibrium",
            reason: "it was solved under another closure than the one that asks".into(),
        });
    }
    let mut buffers = solver.take_buffers();
    buffers.point.costs.fold(solver, &solved.instruments)?;
    buffers.start_from_data(solver);
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    if !fits(layout, solved) {
        let (what, found, expected) = ("equilibrium", solved.output.len(), layout.pairs);
        return Err(EngineError::Size { what, found, expected });
    }
    from_equilibrium(layout, solved, &mut buffers.z);
    read_sides(&mut buffers, layout);
    evaluate(solver, &mut buffers, false);
    Ok(buffers)
}

/// Whether a solution has as many economies, sectors and limits.
pub(crate) fn fits(layout: Layout, start: &Equilibrium) -> bool {
    start.wage_hat.len() == layout.n
        && start.output.len() == layout.pairs
        && start.log_wedge.len() == layout.limits
}

/// Moves the buffers' point to a solution.
pub(crate) fn from_equilibrium(layout: Layout, start: &Equilibrium, z: &mut [f64]) {
    let z = layout.split_mut(z);
    let scale = start.numeraire_scale;
    let logarithms = |target: &mut [f64], hats: &[f64], scale: f64| {
        for (target, hat) in target.iter_mut().zip(hats) {
            *target = (hat / scale).ln();
        }
    };
    let levels = |target: &mut [f64], values: &[f64]| {
        for (target, value) in target.iter_mut().zip(values) {
            *target = value / scale;
        }
    };
    logarithms(z.wage, &start.wage_hat, scale);
    logarithms(z.hours, &start.labour_hat, 1.0);
    logarithms(z.price, &start.price_hat, scale);
    levels(z.income, &start.income);
    levels(z.output, &start.output);
    z.limit.copy_from_slice(&start.log_wedge);
}

/// A solution moved on by what lies between two others, in ratios: where a search for its neighbour may start.
pub(crate) fn carried(solved: &Equilibrium, from: &Equilibrium, to: &Equilibrium) -> Equilibrium {
    let mut moved = solved.clone();
    let scale = from.numeraire_scale / to.numeraire_scale;
    let carry = |values: &mut [f64], from: &[f64], to: &[f64], scale: f64| {
        for ((value, from), to) in values.iter_mut().zip(from).zip(to) {
            let ratio = scale * to / from;
            if ratio.is_finite() && ratio > 0.0 {
                *value *= ratio;
            }
        }
    };
    carry(&mut moved.wage_hat, &from.wage_hat, &to.wage_hat, scale);
    carry(&mut moved.labour_hat, &from.labour_hat, &to.labour_hat, 1.0);
    carry(&mut moved.price_hat, &from.price_hat, &to.price_hat, scale);
    carry(&mut moved.income, &from.income, &to.income, scale);
    carry(&mut moved.output, &from.output, &to.output, scale);
    moved
}
