//! Adjoint gradients against central differences of solves, for every instrument under every closure, and against the forward
//! solve.
//!
//! Solves exact to 1e-13 resolve a difference quotient to a few 1e-9. So an entry is judged here against the largest of its block
//! where that is above 0.03 (elasticities of outcomes), and against 0.03 where the block is smaller; an outcome that is zero has
//! no logarithm and is left out. `gradient_exact.rs` judges every entry of every block, of every outcome, against the largest
//! of its own block, whatever its size, by differences with twice the digits.

use super::cases::{self, Point};
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits, LabourSupply, Revenue, WelfareBase};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::gradient::{Direction, Gradient, directional, gradient};
use detente_engine::instruments::{FinalDemandShift, Instruments};
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_engine::outcomes;
use detente_engine::solver::Solver;
use detente_testkit::random::{Random, Shape, world};

/// Step of Richardson's extrapolation of central differences.
const STEP: f64 = 1e-4;
/// Blocks whose largest entry is below this are judged against this.
const RESOLVED: f64 = 3e-2;

/// Every instrument's derivative of every outcome by the adjoint, against differences and against the forward solve.
fn compare(point: &mut Point) {
    let Point { calibration, instruments, settings, base, random } = point;
    let (calibration, base) = (&*calibration, &*base);
    let d = calibration.dimensions;
    let benchmark = &calibration.benchmark;
    let objectives: Vec<Objective> = cases::outcomes()
        .iter()
        .map(|(outcome, _)| Objective::log(*outcome, 1))
        // What the setting does not define, and what a sector that stands empty leaves at zero, has no logarithm.
        .filter(|objective| objective.value(calibration, base) > f64::ln(1e-6))
        .collect();
    let exact: Vec<Gradient> =
        objectives.iter().map(|objective| gradient(calibration, base, objective).unwrap()).collect();
    for gradient in &exact {
        assert!(gradient.residual < 1e-10, "{}", gradient.residual);
    }
    let values = |moved: &Instruments| -> Vec<f64> {
        let solved = calibration.solve(moved, settings, Some(base)).unwrap().solved().unwrap();
        objectives.iter().map(|objective| objective.value(calibration, &solved)).collect()
    };
    // Differences in one instrument against one entry of each gradient, relative to the largest entry of its block.
    let check =
        |what: &str, change: &dyn Fn(&mut Instruments, f64), entry: &dyn Fn(&Gradient) -> (f64, f64)| {
            let at = |h: f64| {
                let mut moved = instruments.clone();
                change(&mut moved, h);
                values(&moved)
            };
            let (far, near) = ((at(2.0 * STEP), at(-2.0 * STEP)), (at(STEP), at(-STEP)));
            for (k, gradient) in exact.iter().enumerate() {
                let wide = (far.0[k] - far.1[k]) / (4.0 * STEP);
                let narrow = (near.0[k] - near.1[k]) / (2.0 * STEP);
                let found = (4.0 * narrow - wide) / 3.0;
                let (value, largest) = entry(gradient);
                let gap = (value - found).abs() / largest.max(RESOLVED);
                assert!(gap < 1e-7, "{:?} {what}: adjoint {value} difference {found}", objectives[k]);
            }
        };
    let of = |block: fn(&Gradient) -> &Vec<f64>, at: usize| {
        move |gradient: &Gradient| {
            let block = block(gradient);
            (block[at], block.iter().fold(0.0_f64, |m, v| m.max(v.abs())))
        }
    };
    let factor = |rate: f64, h: f64| (1.0 + rate) * h.exp() - 1.0;
    for cell in [1, 5, 17, 22, 30, d.cells() - 2] {
        if benchmark.border_value[cell] == 0.0 {
            continue;
        }
        let tariff = |i: &mut Instruments, h: f64| i.tariff_rate[cell] = factor(i.tariff_rate[cell], h);
        check("tariff", &tariff, &of(|g| &g.tariff, cell));
        if !instruments.export_tax_rate.is_empty() {
            let tax =
                |i: &mut Instruments, h: f64| i.export_tax_rate[cell] = factor(i.export_tax_rate[cell], h);
            check("export tax", &tax, &of(|g| &g.export_tax, cell));
        }
        let cost = |i: &mut Instruments, h: f64| i.trade_cost_hat[cell] *= h.exp();
        check("trade cost", &cost, &of(|g| &g.trade_cost, cell));
    }
    for pair in [0, 4, 7] {
        let more = |i: &mut Instruments, h: f64| i.productivity_hat[pair] *= h.exp();
        check("productivity", &more, &of(|g| &g.productivity, pair));
    }
    if !instruments.capital_hat.is_empty() {
        for pair in [0, 3, 9] {
            let more = |i: &mut Instruments, h: f64| i.capital_hat[pair] *= h.exp();
            check("capital", &more, &of(|g| &g.capital, pair));
        }
    }
    for economy in [0, 1] {
        let more = |i: &mut Instruments, h: f64| i.endowment_hat[economy] *= h.exp();
        check("endowment", &more, &of(|g| &g.endowment, economy));
        let world: f64 = calibration.factor_income.iter().sum();
        let level =
            instruments.trade_deficit[economy].unwrap_or_else(|| match calibration.closure.deficits {
                Deficits::Zero => 0.0,
                _ => calibration.trade_deficit[economy],
            });
        // In hundredths, so that a step is as small as the others'. What others were set to gives way.
        let more = |i: &mut Instruments, h: f64| {
            let shift = 0.03 * h * world;
            let others: f64 = world - calibration.factor_income[economy];
            for (k, set) in i.trade_deficit.iter_mut().enumerate() {
                let part = -shift * calibration.factor_income[k] / others;
                *set = if k == economy { Some(level + shift) } else { set.map(|level| level + part) };
            }
        };
        let entry = of(|g| &g.deficit, economy);
        check("deficit", &more, &move |g| {
            let (value, largest) = entry(g);
            (0.03 * value, 0.03 * largest)
        });
        // Shifts between the two sectors of most final use: the difference of two entries.
        let mut pairs: Vec<usize> = (0..d.sectors).map(|s| d.pair(economy, s)).collect();
        pairs.sort_by(|a, b| calibration.final_share[*b].total_cmp(&calibration.final_share[*a]));
        let (from, to) = (pairs[0], pairs[1]);
        let shift = |i: &mut Instruments, h: f64| {
            let mut shift = vec![0.0; d.sectors];
            shift[from / d.economies] = -h;
            shift[to / d.economies] = h;
            i.final_demand_shifts.push(FinalDemandShift { economy, shift, by_use: Vec::new() });
        };
        check("final demand", &shift, &|g| {
            let largest = g.final_demand.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            (g.final_demand[to] - g.final_demand[from], largest)
        });
    }
    for k in 0..instruments.limits.len() {
        let scale = |i: &mut Instruments, h: f64| {
            let limit = &mut i.limits[k];
            limit.min = limit.min.map(|min| min * h.exp());
            limit.max = limit.max.map(|max| max * h.exp());
        };
        check("limit", &scale, &of(|g| &g.limit, k));
    }
    check_forward(calibration, base, &objectives, &exact, random);
}

/// The forward solve along a random direction of all instruments at once is the adjoint's dot product with it.
fn check_forward(
    calibration: &Solver,
    base: &Equilibrium,
    objectives: &[Objective],
    exact: &[Gradient],
    random: &mut Random,
) {
    let d = calibration.dimensions;
    let mut noise = |size: usize| -> Vec<f64> { (0..size).map(|_| random.unit() - 0.5).collect() };
    let abroad = |mut values: Vec<f64>| {
        for (cell, value) in values.iter_mut().enumerate() {
            let (importer, exporter, _) = d.cell_of(cell);
            *value *= f64::from(importer != exporter);
        }
        values
    };
    let local = calibration.closure.local_selling_costs;
    let direction = Direction {
        tariff: abroad(noise(d.cells())),
        export_tax: if local { Vec::new() } else { abroad(noise(d.cells())) },
        trade_cost: abroad(noise(d.cells())),
        productivity: noise(d.pairs()),
        capital: noise(d.pairs()),
        endowment: noise(d.economies),
        deficit: noise(d.economies),
        final_demand: noise(d.pairs()),
        limit: noise(base.log_wedge.len()),
    };
    let found = directional(calibration, base, &direction, objectives).unwrap();
    for ((gradient, found), objective) in exact.iter().zip(found).zip(objectives) {
        let mut sum = 0.0;
        let mut size = 1e-3;
        let closure = &calibration.closure;
        for (by, change) in [
            (&gradient.tariff, &direction.tariff),
            (&gradient.export_tax, &direction.export_tax),
            (&gradient.trade_cost, &direction.trade_cost),
            (&gradient.productivity, &direction.productivity),
            (&gradient.capital, &direction.capital),
            (&gradient.endowment, &direction.endowment),
            (&gradient.deficit, &direction.deficit),
            (&gradient.final_demand, &direction.final_demand),
            (&gradient.limit, &direction.limit),
        ] {
            for (by, change) in by.iter().zip(change) {
                sum += by * change;
                size += (by * change).abs();
            }
        }
        assert!(
            (sum - found).abs() < 1e-9 * size,
            "{objective:?}: adjoint {sum} forward {found} {closure:?}"
        );
    }
}

#[test]
fn perfect_competition() {
    cases::perfect_competition().iter_mut().for_each(compare);
}

#[test]
fn without_intermediates() {
    cases::without_intermediates().iter_mut().for_each(compare);
}

#[test]
fn deficits_of_other_kinds() {
    cases::deficits_of_other_kinds().iter_mut().for_each(compare);
}

#[test]
fn another_numeraire() {
    cases::another_numeraire().iter_mut().for_each(compare);
}

#[test]
fn deficits_in_units_of_the_numeraire() {
    cases::deficits_in_units_of_the_numeraire().iter_mut().for_each(compare);
}

#[test]
fn fixed_entry() {
    cases::fixed_entry().iter_mut().for_each(compare);
}

#[test]
fn krugman() {
    cases::krugman().iter_mut().for_each(compare);
}

#[test]
fn melitz() {
    cases::melitz().iter_mut().for_each(compare);
}

#[test]
fn roy_with_elastic_hours() {
    cases::roy_with_elastic_hours().iter_mut().for_each(compare);
}

#[test]
fn specific_factors_with_capital_owned_abroad() {
    cases::specific_factors_with_capital_owned_abroad().iter_mut().for_each(compare);
}

#[test]
fn substitution_across_sectors_and_deficits_that_follow_gdp() {
    cases::substitution_across_sectors_and_deficits_that_follow_gdp().iter_mut().for_each(compare);
}

#[test]
fn substitution_between_inputs() {
    cases::substitution_between_inputs().iter_mut().for_each(compare);
}

#[test]
fn revenue_that_relieves_income_tax() {
    cases::revenue_that_relieves_income_tax().iter_mut().for_each(compare);
}

#[test]
fn revenue_wasted() {
    cases::revenue_wasted().iter_mut().for_each(compare);
}

#[test]
fn local_selling_costs() {
    cases::local_selling_costs().iter_mut().for_each(compare);
}

#[test]
fn limits_that_bind() {
    cases::limits_that_bind().iter_mut().for_each(compare);
}

#[test]
fn every_closure_with_every_other() {
    cases::every_closure_with_every_other().iter_mut().for_each(compare);
}

/// Welfare as an objective is the `welfare_pct` of the results, hours and their disutility included.
#[test]
fn welfare_of_an_objective_is_that_of_the_results() {
    for (seed, (welfare_base, revenue)) in [
        (WelfareBase::Income, Revenue::Rebated),
        (WelfareBase::Income, Revenue::Wasted),
        (WelfareBase::Utility, Revenue::Rebated),
        (WelfareBase::Utility, Revenue::IncomeTaxRelief),
    ]
    .into_iter()
    .enumerate()
    {
        let benchmark = world(&mut Random(60 + seed as u64), &Shape::small());
        let closure = Closure {
            labour_supply: LabourSupply::Elastic,
            labour_supply_elasticity: Some(0.6),
            welfare_base,
            revenue,
            ..Closure::default()
        };
        let calibration = Solver::new(&benchmark, &closure).unwrap();
        let mut instruments = Instruments::of(&benchmark);
        let settings = SolveSettings::default();
        let before = calibration.solve(&instruments, &settings, None).unwrap().solved().unwrap();
        instruments.tariff_rate.iter_mut().step_by(3).for_each(|rate| *rate += 0.2);
        let after = calibration.solve(&instruments, &settings, None).unwrap().solved().unwrap();
        let outcomes = outcomes::compare(&calibration, &before, &after).unwrap();
        for economy in 0..4 {
            let value = |e| Scalar { outcome: Outcome::Welfare, economy }.value(&calibration, e);
            let change = 100.0 * (value(&after) / value(&before) - 1.0);
            let published = outcomes.economies[economy].welfare_pct.unwrap();
            assert!((change - published).abs() < 1e-9, "{welfare_base:?} {revenue:?}: {change} {published}");
        }
    }
}

/// Weighted sums and ratios of outcomes are objectives like any other.
#[test]
fn sums_and_ratios_of_outcomes() {
    let shape = Shape {
        economies: 3,
        sectors: 2,
        elasticity: (2.0, 6.0),
        zero_flows: 0.0,
        intermediates: true,
        tariff: 0.2,
        deficits: true,
    };
    let benchmark = world(&mut Random(77), &shape);
    let calibration = Solver::new(&benchmark, &Closure::default()).unwrap();
    let instruments = Instruments::of(&benchmark);
    let settings = SolveSettings { tolerance: 1e-13, ..SolveSettings::default() };
    let term = |weight: f64, outcome: Outcome, economy: usize| (weight, Scalar { outcome, economy });
    let objective = Objective::Ratio(
        Box::new(Objective::Sum(vec![term(0.7, Outcome::Welfare, 0), term(0.3, Outcome::Exports, 1)])),
        Box::new(Objective::Sum(vec![term(1.0, Outcome::Income, 2), term(-0.1, Outcome::TariffRevenue, 2)])),
    );
    let base = calibration.solve(&instruments, &settings, None).unwrap().solved().unwrap();
    let exact = gradient(&calibration, &base, &objective).unwrap();
    let largest = exact.tariff.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for cell in (0..calibration.dimensions.cells()).filter(|cell| benchmark.border_value[*cell] > 0.0) {
        let at = |h: f64| {
            let mut moved = instruments.clone();
            moved.tariff_rate[cell] = (1.0 + moved.tariff_rate[cell]) * h.exp() - 1.0;
            objective.value(
                &calibration,
                &calibration.solve(&moved, &settings, Some(&base)).unwrap().solved().unwrap(),
            )
        };
        let central = |h: f64| (at(h) - at(-h)) / (2.0 * h);
        let found = (4.0 * central(STEP) - central(2.0 * STEP)) / 3.0;
        assert!(
            (found - exact.tariff[cell]).abs() < 1e-7 * largest,
            "{cell}: {found} {}",
            exact.tariff[cell]
        );
    }
}
