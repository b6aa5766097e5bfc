//! Exact gradients: the derivative of an objective in all instruments at once, by one transposed solve.
//!
//! Derivatives are in the logarithms of factors: `ln(1+t')`, `ln(1+e')`, `ln d̂`, `ln Â`, `ln L̂`; deficits are in levels, as a
//! share of world factor income, paid by all other economies in proportion to theirs. With
//! [`Objective::log`] this is the elasticity that the contract's `gradient.csv` reports.

use crate::calibration::Calibration;
use crate::equilibrium::Equilibrium;
use crate::equilibrium::adjoint::{self, Seed};
use crate::error::EngineError;
use crate::objective::Objective;

/// An objective's derivative in every instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// The objective's value.
    pub value: f64,
    /// In `ln(1+t'[n,i,s])`, N·N·S.
    pub tariff: Vec<f64>,
    /// In `ln(1+e'[n,i,s])`, N·N·S.
    pub export_tax: Vec<f64>,
    /// In `ln d̂[n,i,s]`, N·N·S.
    pub trade_cost: Vec<f64>,
    /// In `ln Â[i,s]`, N·S.
    pub productivity: Vec<f64>,
    /// In `ln K̂[i,s]`, N·S; zero but under specific factors.
    pub capital: Vec<f64>,
    /// In `ln L̂[i]`, N.
    pub endowment: Vec<f64>,
    /// In `D[n]` over world factor income, N.
    pub deficit: Vec<f64>,
    /// Relative residual of the transposed solve.
    pub residual: f64,
    /// Work in sweeps, for comparison with a solve's.
    pub sweeps: usize,
}

/// The gradient of an objective at a solved equilibrium.
pub fn gradient(
    calibration: &Calibration,
    equilibrium: &Equilibrium,
    objective: &Objective,
) -> Result<Gradient, EngineError> {
    let mut seed = Seed::new(calibration);
    objective.differentiate(calibration, equilibrium, 1.0, &mut seed);
    let found = adjoint::sensitivity(calibration, equilibrium, &seed)?;
    let world: f64 = calibration.factor_income.iter().sum();
    let shared: f64 =
        found.deficit.iter().zip(&calibration.factor_income).map(|(by, share)| by * share / world).sum();
    let deficit = found
        .deficit
        .iter()
        .zip(&calibration.factor_income)
        .map(|(by, income)| {
            let share = income / world;
            world * (by - (shared - share * by) / (1.0 - share))
        })
        .collect();
    Ok(Gradient {
        value: objective.value(calibration, equilibrium),
        tariff: found.cells.tariff,
        export_tax: found.cells.export_tax,
        trade_cost: found.cells.trade_cost,
        productivity: found.productivity,
        capital: found.capital,
        endowment: found.endowment,
        deficit,
        residual: found.residual,
        sweeps: found.sweeps,
    })
}
