//! The derivative of a solved equilibrium along one direction of the instruments, forward: `J dz = −∂F/∂p dp`.
//!
//! What instruments of single flows do to a cell is what the wedge of a limit on it does (a tariff's is the importer's, an export
//! tax the exporter's, an iceberg cost nobody's), so that the products of limits serve them; all others enter at unit costs,
//! weights, spending and budgets. Nothing of the transposed solve is used, so that each checks the other.

use crate::search::solver::Solver;
use std::sync::Arc;

use super::linear_solve;
use crate::derivatives::linearisation::Extra;
use crate::derivatives::objective_derivative::Seed;
use crate::derivatives::reverse::{OutputAdjoints, ReverseBuffers};
use crate::equations::layout::Layout;
use crate::equations::limit::Side;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::instruments::{Limit, LimitMeasure, RentOwner};
use crate::search::buffers::Buffers;
use crate::search::solution::index_by_share;
use crate::search::start;

/// A direction of the instruments, in the units of a [`Gradient`](crate::gradient::Gradient): each list by the same positions, or empty for no change.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Direction {
    /// `d ln(1+t')`, N·N·S; home sales have none.
    pub tariff: Vec<f64>,
    /// `d ln(1+e')`, N·N·S.
    pub export_tax: Vec<f64>,
    /// `d ln d̂`, N·N·S.
    pub trade_cost: Vec<f64>,
    /// `d ln Â`, N·S.
    pub productivity: Vec<f64>,
    /// `d ln K̂`, N·S.
    pub capital: Vec<f64>,
    /// `d ln L̂`, N.
    pub endowment: Vec<f64>,
    /// Changes of D over world factor income, N, each paid by the others of the bloc in proportion to their factor income.
    pub deficit: Vec<f64>,
    /// Changes of shares of final use, N·S.
    pub final_demand: Vec<f64>,
    /// `d ln` of the limits' levels.
    pub limit: Vec<f64>,
}

/// The derivative of the unknowns, and how exact it is.
pub(crate) struct Tangent {
    pub dz: Vec<f64>,
    pub residual: f64,
    layout: Layout,
    buffers: Buffers,
    extra: Extra,
    change: Direction,
}

const LIMIT: usize = 200;
const TOLERANCE: f64 = 1e-13;

/// Solves along a direction whose changes of deficits add up to zero.
pub(crate) fn tangent(solver: &Solver, e: &Equilibrium, change: Direction) -> Result<Tangent, EngineError> {
    let refused =
        |reason: &str| EngineError::Refused { setting: "directional derivative", reason: reason.into() };
    let d = solver.dimensions;
    let n = d.economies;
    let own = e.log_wedge.len();
    let mut with_wedges = e.clone();
    let mut wedges = Vec::new();
    for (values, rent) in [
        (&change.tariff, RentOwner::Importer),
        (&change.export_tax, RentOwner::Exporter),
        (&change.trade_cost, RentOwner::None),
    ] {
        for (cell, value) in values.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            let (importer, exporter, _) = d.cell_of(cell);
            if importer == exporter {
                return Err(refused("home sales have no border on which an instrument could change"));
            }
            let measure = LimitMeasure::Value;
            Arc::make_mut(&mut with_wedges.instruments).limits.push(Limit {
                cells: vec![cell],
                min: None,
                max: None,
                measure,
                rent,
            });
            wedges.push(*value);
        }
    }
    with_wedges.log_wedge.resize(own + wedges.len(), 0.0);
    let mut buffers = start::at(solver, &with_wedges)?;
    let layout = Layout::new(solver, buffers.point.costs.limits.len());
    let extra = extra(solver, e, &change, &buffers);
    let mut right = vec![0.0; layout.len()];
    {
        let nothing = vec![0.0; layout.len()];
        buffers.forward.extra = Some(extra.clone());
        let Buffers { point, forward, .. } = &mut buffers;
        let at = point.linearisation(solver);
        at.apply(&nothing, &mut right, forward);
        forward.extra = None;
        let y = layout.split_mut(&mut right);
        let mut follows = vec![0.0; n];
        at.deficits_forward(&extra.abroad, &mut follows);
        let unit = at.unit_by_index(&extra.index);
        at.revalue_deficits(unit, &mut follows);
        if !change.deficit.is_empty() {
            let world: f64 = solver.factor_income.iter().sum();
            let levels: Vec<f64> = change.deficit.iter().map(|change| world * change).collect();
            at.levels_forward(&levels, &mut follows);
        }
        for i in 0..n {
            let deficit = follows[i];
            let abroad = extra.abroad[i];
            let balance = |sign: f64, change: f64| {
                if sign < 0.0 { -change / at.sweep.uses[i] } else { -change / at.sweep.sources[i] }
            };
            y.wage[i] += balance(at.sweep.deficit[i], deficit) + balance(at.sweep.abroad[i], abroad);
            y.income[i] -= (deficit + abroad) / at.income_scale[i];
            y.hours[i] -= change.endowment.get(i).copied().unwrap_or(0.0);
            y.hours[i] += solver.technology.hours_elasticity * extra.index[i];
        }
        for (k, y) in y.limit.iter_mut().enumerate() {
            if k >= own {
                *y = -wedges[k - own];
            } else if at.sides[k] != Side::Free {
                *y -= change.limit.get(k).copied().unwrap_or(0.0);
                if at.costs.limits[k].measure == LimitMeasure::Value {
                    *y += unit;
                }
            }
        }
    }
    // J dz = −right; for the wedges of instruments the row is −dw = −wedge, so their sign stays.
    let limits = layout.len() - layout.limits;
    for (k, value) in right.iter_mut().enumerate() {
        if k < limits + own {
            *value = -*value;
        }
    }
    let mut dz = vec![0.0; layout.len()];
    let residual = linear_solve::solve(solver, solver, &mut buffers, &right, &mut dz, TOLERANCE, LIMIT)
        .relative_residual;
    solver.control().check()?;
    Ok(Tangent { dz, residual, layout, buffers, extra, change })
}

/// What enters beside the unknowns.
fn extra(solver: &Solver, e: &Equilibrium, change: &Direction, buffers: &Buffers) -> Extra {
    let d = solver.dimensions;
    let (n, t) = (d.economies, &solver.technology);
    let mut extra = Extra {
        cost: vec![0.0; d.pairs()],
        bundle: vec![0.0; d.pairs()],
        weight: vec![0.0; d.pairs()],
        spending: vec![0.0; d.pairs()],
        abroad: vec![0.0; n],
        index: vec![0.0; n],
    };
    let at = buffers.point.linearisation(solver);
    for pair in 0..d.pairs() {
        let productivity = change.productivity.get(pair).copied().unwrap_or(0.0);
        extra.cost[pair] -= productivity;
        extra.weight[pair] += t.productivity_power[pair / n] * productivity;
        let capital = change.capital.get(pair).copied().unwrap_or(0.0);
        if !t.factor_power.is_empty() && !t.labour_is_fixed_factor {
            extra.bundle[pair] -= t.factor_power[pair] * capital;
            extra.cost[pair] += at.factor_exponent()[pair] * extra.bundle[pair];
            for transfer in
                buffers.point.costs.capital_transfers.iter().filter(|transfer| transfer.pair == pair)
            {
                let amount = (t.capital_share(pair) - transfer.share)
                    * capital
                    * at.sweep.sales[pair]
                    * at.sweep.nests.value_added_hat(pair);
                extra.abroad[transfer.owner] += amount;
                extra.abroad[pair % n] -= amount;
            }
        }
    }
    for (pair, share) in change.final_demand.iter().enumerate().filter(|(_, share)| **share != 0.0) {
        let i = pair % n;
        let log_price = (e.price_hat[pair] / e.numeraire_scale).ln();
        let log_index = (e.price_index_hat[i] / e.numeraire_scale).ln();
        extra.index[i] += share * index_by_share(solver, log_price, log_index);
        let mut relative = 1.0;
        if let Some(elasticity) = t.demand_elasticity {
            relative = ((1.0 - elasticity) * (log_price - log_index)).exp();
            for s in 0..d.sectors {
                let other = d.pair(i, s);
                extra.spending[other] -= buffers.point.income_scale[i]
                    * relative
                    * buffers.point.sweep.final_share(&buffers.point.costs)[other]
                    * share;
            }
        }
        extra.spending[pair] += buffers.point.income_scale[i] * relative * share;
    }
    extra
}

impl Tangent {
    /// The derivative of a number with these direct derivatives.
    pub fn along(&self, solver: &Solver, seed: &Seed) -> f64 {
        let d = solver.dimensions;
        let (n, pairs) = (d.economies, d.pairs());
        let buffers = &self.buffers;
        let at = buffers.point.linearisation(solver);
        let mut direct = OutputAdjoints::default();
        direct.resize(n, pairs, self.layout.limits);
        direct.revenue.clone_from(&seed.revenue);
        direct.export_revenue.clone_from(&seed.export_revenue);
        direct.border_value.clone_from(&seed.border_value);
        direct.value_added.clone_from(&seed.value_added);
        direct.input_use.clone_from(&seed.input_use);
        let mut reverse = ReverseBuffers::default();
        reverse.resize(n, pairs, self.layout.limits);
        at.reverse(&direct, &mut reverse.inputs, None, true);
        let (x, inputs) = (self.layout.split(&self.dz), &reverse.inputs);
        let or_none = |values: &[f64], k: usize| values.get(k).copied().unwrap_or(0.0);
        let mut sum = 0.0;
        for i in 0..n {
            sum += (seed.wage[i] + inputs.wage[i]) * x.wage[i];
            sum += (seed.hours[i] + inputs.hours[i]) * x.hours[i];
            sum += (seed.income[i] + inputs.income[i]) * x.income[i] * at.income_scale[i];
            sum += seed.endowment[i] * or_none(&self.change.endowment, i);
        }
        for pair in 0..pairs {
            sum += (seed.price[pair] + inputs.price[pair]) * x.price[pair];
            sum += (seed.output[pair] + inputs.output[pair]) * x.output[pair] * at.output_scale[pair];
            sum += seed.final_share[pair] * or_none(&self.change.final_demand, pair);
            sum += inputs.cost[pair] * self.extra.cost[pair];
            sum += inputs.bundle[pair] * self.extra.bundle[pair];
            sum += inputs.weight[pair] * self.extra.weight[pair];
            sum += inputs.spending[pair] * self.extra.spending[pair];
        }
        sum + inputs.limit.iter().zip(x.limit).map(|(by, dw)| by * dw).sum::<f64>()
    }
}
