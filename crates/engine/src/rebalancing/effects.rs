//! The effect of each lever on each dial: linear from one adjoint a dial, and in full at sizes that are solved for.

use super::dial::DialOf;
use super::lever::{self, Lever};
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::calibration::SolveSettings;
use crate::search::solver::Solver;

/// A lever with the sizes at which it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct SizedLever {
    /// What it does.
    pub lever: Lever,
    /// A unit, with its sign.
    pub unit: f64,
    /// The size that is meant, with its sign.
    pub large: f64,
}

/// What a lever does to a dial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The derivative times the unit.
    pub linear: f64,
    /// In full, at a unit; none where that has no equilibrium.
    pub finite_unit: Option<f64>,
    /// In full, at the size meant; none where that has no equilibrium.
    pub finite_large: Option<f64>,
}

impl Effect {
    /// Whether the effect at the size meant has another sign than the linear one.
    pub fn turns(&self) -> bool {
        self.finite_large.is_some_and(|large| large * self.linear < 0.0)
    }
}

/// Effects by lever, then dial; none where data or setting do not define the dial.
pub struct Effects {
    /// Each dial at the equilibrium that levers start from.
    pub baseline: Vec<Option<f64>>,
    /// By lever, then dial.
    pub effects: Vec<Vec<Option<Effect>>>,
}

/// Reads levers on dials at an equilibrium.
///
/// # Errors
///
/// A lever that the closure or the data do not know; what an adjoint refuses.
pub fn effects(
    solver: &Solver,
    base: &Equilibrium,
    levers: &[SizedLever],
    dials: &[DialOf],
    settings: &SolveSettings,
) -> Result<Effects, EngineError> {
    for sized in levers {
        sized.lever.check(solver)?;
    }
    let baseline: Vec<Option<f64>> = dials.iter().map(|dial| dial.value(solver, base)).collect();
    let mut linear = vec![vec![None; dials.len()]; levers.len()];
    for (place, dial) in dials.iter().enumerate().filter(|(place, _)| baseline[*place].is_some()) {
        let gradient = dial.gradient(solver, base)?;
        for (row, sized) in linear.iter_mut().zip(levers) {
            row[place] = Some(sized.unit * sized.lever.slope(solver, &base.instruments, &gradient, 0.0));
        }
    }
    let mut effects = Vec::new();
    for (sized, linear) in levers.iter().zip(linear) {
        let full = |size: f64| -> Result<Vec<Option<f64>>, EngineError> {
            let instruments = lever::apply(solver, &base.instruments, &[&sized.lever], &[size])?;
            let Ok(e) = solver.solve(instruments, settings, Some(base))?.solved() else {
                return Ok(vec![None; dials.len()]);
            };
            let change = |(dial, before): (&DialOf, &Option<f64>)| Some(dial.value(solver, &e)? - (*before)?);
            Ok(dials.iter().zip(&baseline).map(change).collect())
        };
        let (unit, large) = (full(sized.unit)?, full(sized.large)?);
        effects.push(
            (linear.into_iter().zip(unit.into_iter().zip(large)))
                .map(|(linear, (finite_unit, finite_large))| {
                    Some(Effect { linear: linear?, finite_unit, finite_large })
                })
                .collect(),
        );
    }
    Ok(Effects { baseline, effects })
}
