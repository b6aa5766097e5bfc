//! The adjoint of a solved equilibrium: one transposed linear solve gives a number's derivative in every instrument.
//!
//! With `F(z, p) = 0` the equilibrium and f a number that depends on both,
//! `df/dp = ∂f/∂p − λᵀ ∂F/∂p` where `Jᵀ λ = ∂f/∂z`. Equations are of the form `z − g(z, p)`, so that the multipliers and
//! the direct derivatives of f run backwards through one and the same sweep.

use super::Equilibrium;
use super::linearisation::Linearisation;
use super::newton::from_equilibrium;
use super::preconditioner::Preconditioner;
use super::reverse::{Bars, CellBars, Room};
use super::sweep::Layout;
use super::workspace::Workspace;
use crate::calibration::Calibration;
use crate::error::EngineError;

/// A number's direct derivatives, in world-GDP units: in the unknowns and in what the equilibrium's sweep computes.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    /// In ln ŵ, N.
    pub wage: Vec<f64>,
    /// In I, N.
    pub income: Vec<f64>,
    /// In ln P̂, N·S.
    pub price: Vec<f64>,
    /// In Y, N·S.
    pub output: Vec<f64>,
    /// In import tariff revenue, N.
    pub revenue: Vec<f64>,
    /// In export tax revenue, N.
    pub export_revenue: Vec<f64>,
    /// In labour endowments (logarithms), N, where they count beyond the wage bill.
    pub endowment: Vec<f64>,
    /// In deficits, N.
    pub deficit: Vec<f64>,
    /// In border values, N·N·S; may be empty.
    pub border_value: Vec<f64>,
}

impl Seed {
    /// All zero.
    pub fn new(calibration: &Calibration) -> Self {
        let d = calibration.dimensions;
        let (n, pairs) = (vec![0.0; d.economies], vec![0.0; d.pairs()]);
        Self {
            wage: n.clone(),
            income: n.clone(),
            price: pairs.clone(),
            output: pairs,
            revenue: n.clone(),
            export_revenue: n.clone(),
            endowment: n.clone(),
            deficit: n,
            border_value: Vec::new(),
        }
    }
}

/// Derivatives in every instrument, and how exact they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sensitivity {
    pub cells: CellBars,
    /// In ln Â, N·S.
    pub productivity: Vec<f64>,
    /// In ln L̂, N.
    pub endowment: Vec<f64>,
    /// In D levels, N (before the rule that makes them sum to zero).
    pub deficit: Vec<f64>,
    /// Relative residual of the transposed solve.
    pub residual: f64,
    /// Work in sweeps.
    pub sweeps: usize,
}

/// Krylov directions of the transposed solve.
const LIMIT: usize = 200;
/// Relative residual asked of the transposed solve.
const TOLERANCE: f64 = 1e-13;

/// Solves the transposed system at a solved equilibrium and runs the sweep backwards.
pub(crate) fn sensitivity(
    calibration: &Calibration,
    equilibrium: &Equilibrium,
    seed: &Seed,
) -> Result<Sensitivity, EngineError> {
    if !equilibrium.status.is_converged() {
        return Err(EngineError::Refused {
            setting: "gradient",
            reason: "the equilibrium is not solved, so nothing can be differentiated".into(),
        });
    }
    let d = calibration.dimensions;
    let (n, pairs) = (d.economies, d.pairs());
    let layout = Layout::of(calibration);
    let mut space = Workspace::take(calibration);
    space.costs.fold(calibration, &equilibrium.instruments)?;
    space.start_from_data(calibration);
    from_equilibrium(layout, equilibrium, &mut space.z);
    super::newton::evaluate(calibration, &mut space, false);
    let mut room = Room::default();
    room.resize(n, pairs);
    let result = {
        let Workspace { sweep, residual, step, income_scale, output_scale, work, gmres, .. } = &mut space;
        let at = Linearisation { calibration, sweep, income_scale, output_scale };
        // The number's derivative in the unknowns, relative.
        let direct = Bars {
            price: vec![0.0; pairs],
            sales: vec![0.0; pairs],
            revenue: seed.revenue.clone(),
            export_revenue: seed.export_revenue.clone(),
            border_value: seed.border_value.clone(),
        };
        at.reverse(&direct, &mut room.arrived, None);
        {
            let (wage, income, price, output) = layout.split_mut(residual);
            for i in 0..n {
                wage[i] = seed.wage[i] + room.arrived.wage[i];
                income[i] = (seed.income[i] + room.arrived.income[i]) * at.income_scale[i];
            }
            for pair in 0..pairs {
                price[pair] = seed.price[pair] + room.arrived.price[pair];
                output[pair] = (seed.output[pair] + room.arrived.output[pair]) * at.output_scale[pair];
            }
        }
        let preconditioner = Preconditioner::of_calibration(calibration);
        let mut sweeps = 3;
        let outcome = gmres.solve(residual, step, TOLERANCE, LIMIT, |v, z, y| {
            match preconditioner {
                Some(preconditioner) => preconditioner.apply_transposed(&at, v, z, work, &mut room),
                None => z.copy_from_slice(v),
            }
            at.apply_transposed(z, y, &mut room);
        });
        sweeps += 2 * outcome.iterations;
        // Direct derivatives and multipliers, backwards together.
        at.bars_of(step, &mut room.bars);
        for i in 0..n {
            room.bars.revenue[i] += seed.revenue[i];
            room.bars.export_revenue[i] += seed.export_revenue[i];
        }
        room.bars.border_value.clone_from(&seed.border_value);
        let mut cells = CellBars {
            tariff: vec![0.0; d.cells()],
            export_tax: vec![0.0; d.cells()],
            trade_cost: vec![0.0; d.cells()],
        };
        at.reverse(&room.bars, &mut room.arrived, Some(&mut cells));
        let (wage, income, _, _) = layout.split(step);
        let world: f64 = at.sweep.labour_income.iter().sum();
        let numeraire = wage.iter().sum::<f64>() / world;
        let endowment = (0..n)
            .map(|i| {
                let labour = at.sweep.labour_income[i];
                seed.endowment[i] + labour * income[i] / at.income_scale[i] - wage[i] - labour * numeraire
            })
            .collect();
        Sensitivity {
            cells,
            productivity: room.arrived.cost.iter().map(|cost| -cost).collect(),
            endowment,
            deficit: (0..n).map(|i| seed.deficit[i] + income[i] / at.income_scale[i]).collect(),
            residual: outcome.relative_residual,
            sweeps,
        }
    };
    space.give(calibration);
    Ok(result)
}
