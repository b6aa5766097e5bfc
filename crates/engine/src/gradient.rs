//! Exact gradients: the derivative of an objective in all instruments at once, by one transposed solve.
//!
//! Derivatives are in the logarithms of factors: `ln(1+t')`, `ln(1+e')`, `ln d̂`, `ln Â`, `ln K̂`, `ln L̂`, and of the levels of
//! limits that bind; shifts of final demand are in shares of income; deficits are in levels, as a share of world factor income,
//! paid by all other economies in proportion to theirs. With
//! [`Objective::log`] this is the elasticity that `gradient.csv` reports.

use crate::derivatives::objective_derivative::Seed;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::objective::Objective;
use crate::search::solver::Solver;
use crate::sensitivity::adjoint;
use crate::sensitivity::tangent;
pub use crate::sensitivity::tangent::Direction;

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
    /// In the shift of final use of `[n,s]` as a share of income, N·S. Shifts sum to zero over sectors: only differences count.
    pub final_demand: Vec<f64>,
    /// In the logarithm of each limit's level, in the order of the instruments; zero where it does not bind.
    pub limit: Vec<f64>,
    /// Relative residual of the transposed solve.
    pub residual: f64,
    /// Work in sweeps, for comparison with a solve's.
    pub sweeps: usize,
}

/// The gradient of an objective at a solved equilibrium.
///
/// ```
/// use detente_engine::benchmark::Benchmark;
/// use detente_engine::calibration::SolveSettings;
/// use detente_engine::closure::Closure;
/// use detente_engine::instruments::Instruments;
/// use detente_engine::solver::Solver;
///
/// let benchmark = Benchmark::example();
/// let solver = Solver::new(&benchmark, &Closure::default())?;
/// let settings = SolveSettings::default();
/// let before = solver.solve(Instruments::of(&benchmark), &settings, None)?.solved()?;
/// use detente_engine::gradient::gradient;
/// use detente_engine::objective::{Objective, Outcome};
///
/// let found = gradient(&solver, &before, &Objective::log(Outcome::Welfare, 1))?;
/// let steel = benchmark.dimensions().cell(0, 1, 1);
/// assert!(found.tariff[steel] < 0.0, "a higher tariff on its steel costs the exporter welfare");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gradient(
    solver: &Solver,
    equilibrium: &Equilibrium,
    objective: &Objective,
) -> Result<Gradient, EngineError> {
    let mut seed = Seed::new(solver);
    objective.differentiate(solver, equilibrium, 1.0, &mut seed);
    of_seed(solver, equilibrium, objective.value(solver, equilibrium), &seed)
}

/// The gradient of a number with this value and these direct derivatives.
pub(crate) fn of_seed(
    solver: &Solver,
    equilibrium: &Equilibrium,
    value: f64,
    seed: &Seed,
) -> Result<Gradient, EngineError> {
    let found = adjoint::sensitivity(solver, equilibrium, seed)?;
    let world: f64 = solver.factor_income.iter().sum();
    // What one economy owes more, the others of its bloc owe less.
    let (mut bloc_income, mut shared) = (vec![0.0; found.deficit.len()], vec![0.0; found.deficit.len()]);
    for (i, by) in found.deficit.iter().enumerate() {
        bloc_income[solver.bloc[i]] += solver.factor_income[i];
        shared[solver.bloc[i]] += by * solver.factor_income[i];
    }
    let deficit = found
        .deficit
        .iter()
        .enumerate()
        .map(|(i, by)| {
            let bloc = solver.bloc[i];
            let others = bloc_income[bloc] - solver.factor_income[i];
            if others > 0.0 {
                world * (by - (shared[bloc] - by * solver.factor_income[i]) / others)
            } else {
                0.0
            }
        })
        .collect();
    Ok(Gradient {
        value,
        tariff: found.cells.tariff,
        export_tax: found.cells.export_tax,
        trade_cost: found.cells.trade_cost,
        productivity: found.productivity,
        capital: found.capital,
        endowment: found.endowment,
        deficit,
        final_demand: found.final_share,
        limit: found.limit,
        residual: found.residual,
        sweeps: found.sweeps,
    })
}

/// The derivatives of any number of objectives along one direction, by one forward linear solve.
pub fn directional(
    solver: &Solver,
    equilibrium: &Equilibrium,
    direction: &Direction,
    objectives: &[Objective],
) -> Result<Vec<f64>, EngineError> {
    let d = solver.dimensions;
    for (what, found, expected) in [
        ("tariff direction", direction.tariff.len(), d.cells()),
        ("export tax direction", direction.export_tax.len(), d.cells()),
        ("trade cost direction", direction.trade_cost.len(), d.cells()),
        ("productivity direction", direction.productivity.len(), d.pairs()),
        ("capital direction", direction.capital.len(), d.pairs()),
        ("endowment direction", direction.endowment.len(), d.economies),
        ("deficit direction", direction.deficit.len(), d.economies),
        ("final demand direction", direction.final_demand.len(), d.pairs()),
        ("limit direction", direction.limit.len(), equilibrium.log_wedge.len()),
    ] {
        if found != 0 && found != expected {
            return Err(EngineError::Size { what, found, expected });
        }
    }
    let mut deficit = vec![0.0; d.economies];
    for (i, change) in direction.deficit.iter().enumerate() {
        let others = || (0..d.economies).filter(|k| *k != i && solver.bloc[*k] == solver.bloc[i]);
        let income: f64 = others().map(|k| solver.factor_income[k]).sum();
        if income > 0.0 {
            deficit[i] += change;
            others().for_each(|k| deficit[k] -= change * solver.factor_income[k] / income);
        }
    }
    let spread = Direction { deficit, ..direction.clone() };
    let found = tangent::tangent(solver, equilibrium, spread)?;
    if found.residual.is_nan() || found.residual > 1e-9 {
        return Err(EngineError::Refused {
            setting: "directional derivative",
            reason: format!("its linear system was solved to {:.1e} only", found.residual),
        });
    }
    Ok(objectives
        .iter()
        .map(|objective| {
            let mut seed = Seed::new(solver);
            objective.differentiate(solver, equilibrium, 1.0, &mut seed);
            found.along(solver, &seed)
        })
        .collect())
}
