//! Adjoint gradients judged block by block against the largest entry of each block, under every closure, for every instrument and
//! every outcome, however small.
//!
//! What is judged against what. The model is written anew (`gradients/equations.rs`; wages by labour markets and not by trade
//! balances) in numbers of any kind, and solved from the engine's point with 31 digits, so that a central difference with a step
//! of 1e-9 is exact to more digits than the engine has. Every entry of the engine's gradient is compared with that
//! difference and may be off by 1e-7 of the largest entry that the differences have in the same block (tariffs, export taxes, trade costs,
//! productivity, capital, endowments, deficits, final demand, limits). There is no floor. The same derivatives by dual numbers and
//! the implicit function theorem must agree with the differences to 1e-9 of the block's largest.
//!
//! Zeros. Where no difference of a block reaches 1e-13 of the outcome's largest over all blocks, the outcome does not depend on the
//! block, and the engine must say so to rounding: 1e-12 of that largest. An outcome whose differences are all below 1e-13 of itself
//! depends on nothing (the wage that is the numeraire; profits where there are none, whose gradient must then be all zeros). A sector that stands empty (output below 1e-9 of the mean) is held there; outcomes of empty
//! sectors alone are only asked not to move by 1e-9.

use super::cases::{self, Point};
use detente_engine::closure::FactorMarket;
use detente_engine::gradient::{Gradient, gradient};
use detente_engine::objective::Outcome;
use detente_testkit::equations::{BLOCKS, Model, Parameters, State};
use detente_testkit::number::{Dual, Number, Wide};

const STEP: f64 = 1e-9;
/// Of the largest entry of a block.
const ALLOWED: f64 = 1e-7;
const BY_DUAL_NUMBERS: f64 = 1e-9;
/// Of the largest entry of all blocks: below the first a block is zero, and has to be below the second.
const ZERO: f64 = 1e-13;
const ROUNDING: f64 = 1e-12;

const PRODUCTIVITY: usize = 3;
const CAPITAL: usize = 4;
const FINAL_DEMAND: usize = 7;

/// A dense system, factorised with partial pivoting.
struct Factors {
    size: usize,
    row: Vec<usize>,
    a: Vec<f64>,
}

impl Factors {
    fn new(size: usize, mut a: Vec<f64>) -> Self {
        let mut row: Vec<usize> = (0..size).collect();
        for k in 0..size {
            let largest = (k..size).max_by(|i, j| a[i * size + k].abs().total_cmp(&a[j * size + k].abs()));
            let pivot = largest.unwrap();
            row.swap(k, pivot);
            for j in 0..size {
                a.swap(k * size + j, pivot * size + j);
            }
            for i in k + 1..size {
                let factor = a[i * size + k] / a[k * size + k];
                a[i * size + k] = factor;
                for j in k + 1..size {
                    a[i * size + j] -= factor * a[k * size + j];
                }
            }
        }
        Self { size, row, a }
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = self.row.iter().map(|row| right[*row]).collect();
        for i in 0..self.size {
            for j in 0..i {
                x[i] -= self.a[i * self.size + j] * x[j];
            }
        }
        for i in (0..self.size).rev() {
            for j in i + 1..self.size {
                x[i] -= self.a[i * self.size + j] * x[j];
            }
            x[i] /= self.a[i * self.size + i];
        }
        x
    }
}

/// The engine's solution as the equations' unknowns.
fn unknowns(point: &Point) -> Vec<f64> {
    let e = &point.base;
    let scale = e.numeraire_scale;
    let nominal = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| (v / scale).ln()).collect() };
    let mut z = nominal(&e.wage_hat);
    z.extend(e.labour_hat.iter().map(|hat| hat.ln()));
    z.extend(nominal(&e.income));
    z.extend(nominal(&e.price_hat));
    z.extend(nominal(&e.output));
    z.extend(&e.log_wedge);
    z
}

fn moved<T: Number>(mut p: Parameters<T>, entry: &Entry, by: T) -> Parameters<T> {
    let block = &mut p[entry.block];
    block[entry.at] = block[entry.at] + by;
    if let Some(other) = entry.against {
        block[other] = block[other] - by;
    }
    p
}

/// Solves from a point, with a Jacobian from near it.
fn solve(model: &Model<'_>, near: &Factors, p: &Parameters<Wide>, mut z: Vec<Wide>) -> State<Wide> {
    for _ in 0..30 {
        let state = model.state(&z, p);
        let gap: Vec<f64> = state.residual.iter().map(|gap| gap.value()).collect();
        if gap.iter().all(|gap| gap.abs() < 1e-27) {
            return state;
        }
        for (z, step) in z.iter_mut().zip(near.solve(&gap)) {
            *z = *z - Wide::of(step);
        }
    }
    panic!("the equations were not solved");
}

/// An entry of a gradient: one instrument, or two of which the second moves against the first.
struct Entry {
    block: usize,
    at: usize,
    against: Option<usize>,
}

/// All that there are: where goods flow, capital where there is any, shifts of final demand against the first sector's.
fn entries(point: &Point, model: &Model<'_>) -> Vec<Entry> {
    let (d, closure) = (model.d, &point.calibration.closure);
    let mut entries = Vec::new();
    for (block, values) in model.parameters::<f64>().iter().enumerate() {
        for at in 0..values.len() {
            let mut against = None;
            if block < PRODUCTIVITY {
                let (importer, exporter, _) = d.cell_of(at);
                let idle = point.calibration.benchmark.border_value[at] == 0.0 || importer == exporter;
                if idle || (block == 1 && closure.local_selling_costs) {
                    continue;
                }
            } else if block == CAPITAL && closure.factor_market != FactorMarket::Specific {
                continue;
            } else if block == FINAL_DEMAND {
                if at < d.economies {
                    continue;
                }
                against = Some(at % d.economies);
            }
            entries.push(Entry { block, at, against });
        }
    }
    entries
}

fn found(g: &Gradient, entry: &Entry) -> f64 {
    let blocks = [
        &g.tariff,
        &g.export_tax,
        &g.trade_cost,
        &g.productivity,
        &g.capital,
        &g.endowment,
        &g.deficit,
        &g.final_demand,
        &g.limit,
    ];
    let block = blocks[entry.block];
    block[entry.at] - entry.against.map_or(0.0, |other| block[other])
}

fn check(point: &mut Point) {
    let benchmark = &point.calibration.benchmark;
    let closure = &point.calibration.closure;
    let model = Model::new(benchmark, closure, &point.instruments, &point.base);
    let start = unknowns(point);
    let size = model.unknowns();
    assert_eq!(start.len(), size);
    let slopes = |z: Vec<Dual>, p: &Parameters<Dual>| model.state(&z, p);
    let still = |z: &[f64]| -> Vec<Dual> { z.iter().map(|z| Dual::of(*z)).collect() };
    let rest = model.parameters::<Dual>();
    let mut jacobian = vec![0.0; size * size];
    for k in 0..size {
        let mut z = still(&start);
        z[k].slope = 1.0;
        for (row, gap) in slopes(z, &rest).residual.iter().enumerate() {
            assert!(gap.value.abs() < 1e-10, "equation {row} of {size}: {gap:?} {closure:?}");
            jacobian[row * size + k] = gap.slope;
        }
    }
    let factors = Factors::new(size, jacobian);
    let wide = model.parameters::<Wide>();
    let base = {
        let mut z: Vec<Wide> = start.iter().map(|z| Wide::of(*z)).collect();
        for _ in 0..6 {
            let gap: Vec<f64> = model.state(&z, &wide).residual.iter().map(|gap| gap.value()).collect();
            for (z, step) in z.iter_mut().zip(factors.solve(&gap)) {
                *z = *z - Wide::of(step);
            }
        }
        z
    };
    let outcomes = cases::outcomes();
    let entries = entries(point, &model);
    // By entry and outcome: central differences, and by dual numbers.
    let (mut differences, mut duals) = (Vec::new(), Vec::new());
    for entry in &entries {
        let p = moved(rest.clone(), entry, Dual { value: 0.0, slope: 1.0 });
        let gap: Vec<f64> = slopes(still(&start), &p).residual.iter().map(|gap| -gap.slope).collect();
        let slope = factors.solve(&gap);
        let z = start.iter().zip(&slope).map(|(value, slope)| Dual { value: *value, slope: *slope });
        let state = slopes(z.collect(), &p);
        duals.push(
            outcomes
                .iter()
                .map(|(outcome, _)| model.outcome(&state, *outcome, 1).slope)
                .collect::<Vec<f64>>(),
        );
        let at = |h: f64| {
            // Looked for where the slope points; found where the equations say.
            let near = base.iter().zip(&slope).map(|(z, slope)| *z + Wide::of(h * slope)).collect();
            solve(&model, &factors, &moved(wide.clone(), entry, Wide::of(h)), near)
        };
        let (up, down) = (at(STEP), at(-STEP));
        let across = |state: &State<Wide>, k: usize| model.outcome(state, outcomes[k].0, 1);
        differences.push(
            (0..outcomes.len())
                .map(|k| (across(&up, k) - across(&down, k)).value() / (2.0 * STEP))
                .collect::<Vec<f64>>(),
        );
    }
    let solved = model.state(&base, &wide);
    for (k, (outcome, objective)) in outcomes.iter().enumerate() {
        let exact = gradient(&point.calibration, &point.base, objective).unwrap();
        let value = model.outcome(&solved, *outcome, 1).value();
        assert!((exact.value - value).abs() <= 1e-10 * value.abs(), "{outcome:?}: {} {value}", exact.value);
        let whole_of_it = match outcome {
            Outcome::ManufacturingShare => 1.0,
            Outcome::Output(_) => point.base.output.iter().sum::<f64>() / model.d.pairs() as f64,
            _ => 0.0,
        };
        if value.abs() < 1e-9 * whole_of_it {
            let empty = entries.iter().all(|entry| found(&exact, entry).abs() < 1e-9 * whole_of_it);
            assert!(empty, "{outcome:?} of sectors that stand empty moves {closure:?}");
            continue;
        }
        let largest_of = |block: usize| {
            let own = entries.iter().zip(&differences).filter(|(entry, _)| entry.block == block);
            own.fold(0.0_f64, |m, (_, found)| m.max(found[k].abs()))
        };
        let mut whole = (0..BLOCKS.len()).map(largest_of).fold(0.0, f64::max);
        if whole <= ZERO * value.abs() {
            whole = value.abs();
        }
        for (block, name) in BLOCKS.iter().enumerate() {
            let largest = largest_of(block);
            let (allowed, by_dual) = if largest <= ZERO * whole {
                (ROUNDING * whole, ROUNDING * whole)
            } else {
                (ALLOWED * largest, BY_DUAL_NUMBERS * largest)
            };
            for (n, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.block == block) {
                let (difference, dual) = (differences[n][k], duals[n][k]);
                let adjoint = found(&exact, entry);
                assert!(
                    (adjoint - difference).abs() <= allowed,
                    "{outcome:?} {name} {}: adjoint {adjoint:e} difference {difference:e} of {largest:e}, {whole:e} {closure:?}",
                    entry.at
                );
                assert!(
                    (dual - difference).abs() <= by_dual,
                    "{outcome:?} {name} {}: dual {dual:e} difference {difference:e} of {largest:e}, {whole:e} {closure:?}",
                    entry.at
                );
            }
        }
    }
}

#[test]
fn perfect_competition() {
    cases::perfect_competition().iter_mut().for_each(check);
}

#[test]
fn without_intermediates() {
    cases::without_intermediates().iter_mut().for_each(check);
}

#[test]
fn deficits_of_other_kinds() {
    cases::deficits_of_other_kinds().iter_mut().for_each(check);
}

#[test]
fn another_numeraire() {
    cases::another_numeraire().iter_mut().for_each(check);
}

#[test]
fn deficits_in_units_of_the_numeraire() {
    cases::deficits_in_units_of_the_numeraire().iter_mut().for_each(check);
}

#[test]
fn capital() {
    cases::capital().iter_mut().for_each(check);
}

#[test]
fn fixed_entry() {
    cases::fixed_entry().iter_mut().for_each(check);
}

#[test]
fn krugman() {
    cases::krugman().iter_mut().for_each(check);
}

#[test]
fn melitz() {
    cases::melitz().iter_mut().for_each(check);
}

#[test]
fn roy_with_elastic_hours() {
    cases::roy_with_elastic_hours().iter_mut().for_each(check);
}

#[test]
fn specific_factors_with_capital_owned_abroad() {
    cases::specific_factors_with_capital_owned_abroad().iter_mut().for_each(check);
}

#[test]
fn substitution_across_sectors_and_deficits_that_follow_gdp() {
    cases::substitution_across_sectors_and_deficits_that_follow_gdp().iter_mut().for_each(check);
}

#[test]
fn substitution_between_inputs() {
    cases::substitution_between_inputs().iter_mut().for_each(check);
}

#[test]
fn revenue_that_relieves_income_tax() {
    cases::revenue_that_relieves_income_tax().iter_mut().for_each(check);
}

#[test]
fn revenue_wasted() {
    cases::revenue_wasted().iter_mut().for_each(check);
}

#[test]
fn local_selling_costs() {
    cases::local_selling_costs().iter_mut().for_each(check);
}

#[test]
fn limits_that_bind() {
    cases::limits_that_bind().iter_mut().for_each(check);
}

#[test]
fn every_closure_with_every_other() {
    cases::every_closure_with_every_other().iter_mut().for_each(check);
}
