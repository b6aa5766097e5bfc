//! The adjoint of a solved equilibrium: one transposed linear solve gives a number's derivative in every instrument.
//!
//! With `F(z, p) = 0` the equilibrium and f a number that depends on both,
//! `df/dp = ∂f/∂p − λᵀ ∂F/∂p` where `Jᵀ λ = ∂f/∂z`. Equations are of the form `z − g(z, p)`, so that the multipliers and
//! the direct derivatives of f run backwards through one and the same sweep.

use crate::derivatives::linearisation::Linearisation;
use crate::derivatives::objective_derivative::Seed;
use crate::derivatives::reverse::{CellAdjoints, OutputAdjoints, ReverseBuffers};
use crate::equations::layout::Layout;
use crate::equations::limit::Side;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::search::buffers::Buffers;
use crate::search::solution::index_by_share;
use crate::search::solver::Solver;
use crate::search::start;

/// Derivatives in every instrument, and how exact they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sensitivity {
    pub cells: CellAdjoints,
    /// In ln Â, N·S.
    pub productivity: Vec<f64>,
    /// In ln K̂, N·S.
    pub capital: Vec<f64>,
    /// In the logarithm of the labour endowment, N.
    pub endowment: Vec<f64>,
    /// In the levels of D that data or scenario give, N (before the rule that makes them sum to zero).
    pub deficit: Vec<f64>,
    /// In shares of final use, N·S.
    pub final_share: Vec<f64>,
    /// In the logarithms of the limits' levels; zero where they do not bind.
    pub limit: Vec<f64>,
    /// Relative residual of the transposed solve.
    pub residual: f64,
    /// Work in sweeps.
    pub sweeps: usize,
}

/// Krylov directions of the transposed solve.
const LIMIT: usize = 200;
/// Relative residual asked of the transposed solve: that of the equilibrium itself.
const TOLERANCE: f64 = 1e-12;

/// Solves the transposed system at a solved equilibrium and runs the sweep backwards.
pub(crate) fn sensitivity(
    solver: &Solver,
    equilibrium: &Equilibrium,
    seed: &Seed,
) -> Result<Sensitivity, EngineError> {
    solver.control().work.count_transposed();
    let d = solver.dimensions;
    let (n, pairs) = (d.economies, d.pairs());
    let mut buffers = start::at(solver, equilibrium)?;
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let mut reverse = ReverseBuffers::default();
    reverse.resize(n, pairs, layout.limits);
    let result = {
        let Buffers { point, residual, step, preconditioning, gmres, .. } = &mut buffers;
        let at = point.linearisation(solver);
        // The number's derivative in the unknowns, relative.
        let mut direct = OutputAdjoints::default();
        direct.resize(n, pairs, layout.limits);
        direct.revenue.clone_from(&seed.revenue);
        direct.export_revenue.clone_from(&seed.export_revenue);
        direct.border_value.clone_from(&seed.border_value);
        direct.value_added.clone_from(&seed.value_added);
        direct.input_use.clone_from(&seed.input_use);
        let shares = at.sweep.nests.any();
        let any = |outputs: &[f64]| outputs.iter().any(|bar| *bar != 0.0);
        if any(&direct.revenue)
            || any(&direct.export_revenue)
            || any(&direct.border_value)
            || shares && (any(&direct.value_added) || any(&direct.input_use))
        {
            at.reverse(&direct, &mut reverse.inputs, None, true);
        }
        {
            let to = layout.split_mut(residual);
            for i in 0..n {
                to.wage[i] = seed.wage[i] + reverse.inputs.wage[i];
                to.hours[i] = seed.hours[i] + reverse.inputs.hours[i];
                to.income[i] = (seed.income[i] + reverse.inputs.income[i]) * at.income_scale[i];
            }
            for pair in 0..pairs {
                to.price[pair] = seed.price[pair] + reverse.inputs.price[pair];
                to.output[pair] = (seed.output[pair] + reverse.inputs.output[pair]) * at.output_scale[pair];
            }
            to.limit.copy_from_slice(&reverse.inputs.limit);
        }
        let preconditioner = solver.preconditioner_at_data();
        let mut sweeps = 3;
        let outcome = gmres.solve(residual, step, TOLERANCE, LIMIT, |v, z, y| {
            match preconditioner {
                Some(preconditioner) => {
                    preconditioner.apply_transposed(&at, v, z, preconditioning, &mut reverse)
                }
                None => z.copy_from_slice(v),
            }
            at.apply_transposed(z, y, &mut reverse);
        });
        sweeps += 2 * outcome.iterations;
        // Direct derivatives and multipliers, backwards together.
        at.adjoints_of(step, &mut reverse);
        for i in 0..n {
            reverse.outputs.revenue[i] += seed.revenue[i];
            reverse.outputs.export_revenue[i] += seed.export_revenue[i];
        }
        reverse.outputs.border_value.clone_from(&seed.border_value);
        for pair in 0..pairs {
            reverse.outputs.value_added[pair] += seed.value_added[pair];
            reverse.outputs.input_use[pair] += seed.input_use[pair];
        }
        let mut cells = CellAdjoints {
            tariff: vec![0.0; d.cells()],
            export_tax: vec![0.0; d.cells()],
            trade_cost: vec![0.0; d.cells()],
        };
        at.reverse(&reverse.outputs, &mut reverse.inputs, Some(&mut cells), true);
        let multiplier = layout.split(step);
        let t = &solver.technology;
        let productivity = (0..pairs)
            .map(|pair| {
                t.productivity_power[pair / n] * reverse.inputs.weight[pair] - reverse.inputs.cost[pair]
            })
            .collect();
        let capital = (0..pairs).map(|pair| by_capital(&at, &reverse, pair)).collect();
        let final_share = by_final_share(&at, &reverse, multiplier.hours, equilibrium, &seed.final_share);
        let limit = multiplier
            .limit
            .iter()
            .zip(at.sides)
            .map(|(value, side)| if *side == Side::Free { 0.0 } else { *value })
            .collect();
        Sensitivity {
            cells,
            productivity,
            capital,
            endowment: (0..n).map(|i| seed.endowment[i] + multiplier.hours[i]).collect(),
            deficit: at.levels_backward(&reverse.deficit),
            final_share,
            limit,
            residual: outcome.relative_residual,
            sweeps,
        }
    };
    solver.give_back(buffers);
    solver.control().check()?;
    Ok(result)
}

/// The derivative in a sector's capital: through the factor bundle, and through what its owner elsewhere receives.
fn by_capital(at: &Linearisation<'_>, reverse: &ReverseBuffers, pair: usize) -> f64 {
    let t = &at.calibration.technology;
    let n = at.calibration.dimensions.economies;
    if t.factor_power.is_empty() || t.labour_is_fixed_factor {
        return 0.0;
    }
    let inputs = &reverse.inputs;
    let mut bundle = -at.factor_exponent()[pair] * t.factor_power[pair] * inputs.cost[pair];
    if at.sweep.nests.any() {
        bundle -= t.factor_power[pair] * inputs.bundle[pair];
    }
    let output = at.sweep.sales[pair] * at.sweep.nests.value_added_hat(pair);
    let owned = at.costs.capital_transfers.iter().filter(|transfer| transfer.pair == pair).map(|transfer| {
        // share = (1 − 1/K̂) capital share; its derivative in ln K̂ is the capital share over K̂.
        let by_capital = t.capital_share(pair) - transfer.share;
        (reverse.abroad[transfer.owner] - reverse.abroad[pair % n]) * by_capital * output
    });
    bundle + owned.sum::<f64>()
}

/// The derivative in shares of final use: through spending, through the index that hours answer to, and directly.
fn by_final_share(
    at: &Linearisation<'_>,
    reverse: &ReverseBuffers,
    hours: &[f64],
    e: &Equilibrium,
    direct: &[f64],
) -> Vec<f64> {
    let c = at.calibration;
    let n = c.dimensions.economies;
    let mut mean = vec![0.0; n];
    let weight_of_unit = at.weights_of_unit();
    if c.technology.demand_elasticity.is_some() {
        for (pair, share) in at.sweep.final_share(at.costs).iter().enumerate() {
            mean[pair % n] += share * reverse.inputs.spending[pair];
        }
    }
    (0..direct.len())
        .map(|pair| {
            let i = pair % n;
            let log_price = (e.price_hat[pair] / e.numeraire_scale).ln();
            let log_index = (e.price_index_hat[i] / e.numeraire_scale).ln();
            let by_index = index_by_share(c, log_price, log_index);
            let relative = match c.technology.demand_elasticity {
                None => 1.0,
                Some(elasticity) => ((1.0 - elasticity) * (log_price - log_index)).exp(),
            };
            direct[pair] + at.income_scale[i] * relative * (reverse.inputs.spending[pair] - mean[i])
                - c.technology.hours_elasticity * hours[i] * by_index
                - reverse.unit * weight_of_unit[i] * by_index
        })
        .collect()
}
