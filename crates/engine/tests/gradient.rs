//! Adjoint gradients against central differences, for every instrument.

mod shared;

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{
    Closure, Deficits, Demand, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply, MarketStructure,
    Numeraire, Revenue, WelfareBase,
};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::gradient::{Direction, Gradient, directional, gradient};
use detente_engine::instruments::{FinalDemandShift, Instruments, Limit, LimitMeasure, RentOwner};
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_engine::outcomes;
use shared::random::{Random, Shape, world};

/// Step of Richardson's extrapolation of central differences.
const STEP: f64 = 1e-4;
/// Solves exact to 1e-13 over twice that step resolve a few 1e-9: blocks of derivatives below this cannot be told to 1e-7 of themselves.
const RESOLVED: f64 = 3e-2;

fn check(closure: &Closure, seed: u64) {
    check_with(closure, seed, |_| {}, |_, _| {});
}

fn check_with(
    closure: &Closure,
    seed: u64,
    data: impl Fn(&mut Benchmark),
    more: impl Fn(&Calibration, &mut Instruments),
) {
    let mut random = Random(seed);
    let shape = Shape {
        economies: 4,
        sectors: 3,
        elasticity: (1.5, 8.0),
        zero_flows: 0.1,
        intermediates: true,
        tariff: 0.3,
        deficits: true,
    };
    let mut benchmark = world(&mut random, &shape);
    data(&mut benchmark);
    let benchmark = benchmark;
    let d = benchmark.dimensions();
    let calibration = Calibration::new(&benchmark, closure).unwrap();
    let mut instruments = Instruments::of(&benchmark);
    let mut noise = |size: usize, spread: f64| -> Vec<f64> {
        (0..size).map(|_| spread * (random.unit() - 0.5)).collect()
    };
    for (rate, noise) in instruments.tariff_rate.iter_mut().zip(noise(d.cells(), 0.3)) {
        *rate += noise + 0.15;
    }
    if !closure.local_selling_costs {
        instruments.export_tax_rate = noise(d.cells(), 0.2);
    }
    instruments.trade_cost_hat = noise(d.cells(), 0.2).iter().map(|x| x.exp()).collect();
    instruments.productivity_hat = noise(d.pairs(), 0.2).iter().map(|x| x.exp()).collect();
    instruments.endowment_hat = noise(d.economies, 0.2).iter().map(|x| x.exp()).collect();
    more(&calibration, &mut instruments);
    let settings = SolveSettings { tolerance: 1e-13, ..SolveSettings::default() };
    let base = calibration.solve(&instruments, &settings, None).unwrap();
    assert!(base.status.is_converged(), "{:?} {:?}", base.status, base.certificate);
    compare(&calibration, &instruments, &settings, &base, &mut random);
}

/// Every instrument's derivative of every outcome by the adjoint, against differences and against the forward solve.
fn compare(
    calibration: &Calibration,
    instruments: &Instruments,
    settings: &SolveSettings,
    base: &Equilibrium,
    random: &mut Random,
) {
    let d = calibration.dimensions;
    let benchmark = &calibration.benchmark;
    let mut outcomes: Vec<Outcome> = Outcome::NAMED.iter().map(|(_, outcome)| *outcome).collect();
    outcomes.extend([Outcome::Output(1), Outcome::ImportsFrom(2)]);
    let objectives: Vec<Objective> = outcomes
        .iter()
        .map(|outcome| Objective::log(*outcome, 1))
        // What the setting does not define, and what a sector that stands empty leaves at zero, has no logarithm.
        .filter(|objective| objective.value(calibration, base) > f64::ln(1e-6))
        .collect();
    let exact: Vec<Gradient> =
        objectives.iter().map(|objective| gradient(calibration, base, objective).unwrap()).collect();
    for gradient in &exact {
        assert!(gradient.residual < 1e-10, "{}", gradient.residual);
    }
    let values = |moved: &Instruments| -> Vec<f64> {
        let solved = calibration.solve(moved, settings, Some(base)).unwrap();
        assert!(solved.status.is_converged(), "{:?} {:?}", solved.status, solved.certificate);
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
        if calibration.closure.deficits != Deficits::ShareOfGdp {
            let world: f64 = calibration.factor_income.iter().sum();
            let level = base.trade_deficit[economy] / base.numeraire_scale;
            // In hundredths, so that a step is as small as the others'.
            let more =
                |i: &mut Instruments, h: f64| i.trade_deficit[economy] = Some(level + 0.03 * h * world);
            let entry = of(|g| &g.deficit, economy);
            check("deficit", &more, &move |g| {
                let (value, largest) = entry(g);
                (0.03 * value, 0.03 * largest)
            });
        }
        // Shifts between the two sectors of most final use: the difference of two entries.
        let mut pairs: Vec<usize> = (0..d.sectors).map(|s| d.pair(economy, s)).collect();
        pairs.sort_by(|a, b| calibration.final_share[*b].total_cmp(&calibration.final_share[*a]));
        let (from, to) = (pairs[0], pairs[1]);
        let shift = |i: &mut Instruments, h: f64| {
            let mut shift = vec![0.0; d.sectors];
            shift[from / d.economies] = -h;
            shift[to / d.economies] = h;
            i.final_demand_shifts.push(FinalDemandShift { economy, shift });
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
    calibration: &Calibration,
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
        deficit: if calibration.closure.deficits == Deficits::ShareOfGdp {
            Vec::new()
        } else {
            noise(d.economies)
        },
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
    check(&Closure::default(), 1);
}

#[test]
fn another_numeraire() {
    check(&Closure { numeraire: Numeraire::WorldPrices, ..Closure::default() }, 2);
    check(&Closure { numeraire: Numeraire::Wage("E2".into()), ..Closure::default() }, 3);
}

#[test]
fn fixed_entry() {
    check(
        &Closure {
            market_structure: MarketStructure::FixedEntry,
            fixed_entry_profit: FixedEntryProfit::Cap,
            ..Closure::default()
        },
        4,
    );
}

#[test]
fn krugman() {
    let closure = Closure { market_structure: MarketStructure::Krugman, ..Closure::default() };
    check_with(
        &closure,
        5,
        |b| {
            for sector in &mut b.sectors {
                sector.scale_elasticity = Some(0.4 / sector.trade_elasticity);
            }
        },
        |_, _| {},
    );
}

#[test]
fn melitz() {
    let closure = Closure { market_structure: MarketStructure::Melitz, ..Closure::default() };
    check_with(
        &closure,
        6,
        |b| {
            // Inputs are few here: entry on top of inputs would make several equilibria.
            for input in b.input_share.iter_mut().flatten() {
                *input *= 0.3;
            }
            for sector in &mut b.sectors {
                sector.elasticity_of_substitution = Some(1.0 + 0.8 * sector.trade_elasticity);
            }
        },
        |c, i| {
            // Sectors empty fast where entry is free: stay near the data.
            let data = &c.benchmark.tariff_rate;
            i.tariff_rate.iter_mut().zip(data).for_each(|(rate, data)| *rate = data + 0.1 * (*rate - data));
            i.export_tax_rate.iter_mut().for_each(|rate| *rate *= 0.1);
            for hat in i.trade_cost_hat.iter_mut().chain(&mut i.productivity_hat) {
                *hat = hat.powf(0.1);
            }
        },
    );
}

#[test]
fn roy_with_elastic_hours() {
    let closure = Closure {
        factor_market: FactorMarket::Roy,
        roy_shape: Some(1.8),
        labour_supply: LabourSupply::Elastic,
        labour_supply_elasticity: Some(0.5),
        ..Closure::default()
    };
    check(&closure, 7);
}

#[test]
fn specific_factors_with_capital_owned_abroad() {
    let closure = Closure {
        factor_market: FactorMarket::Specific,
        capital_share: Some(0.4),
        numeraire: Numeraire::Wage("E1".into()),
        ..Closure::default()
    };
    check_with(
        &closure,
        8,
        |_| {},
        |c, i| {
            let d = c.dimensions;
            i.capital_hat = (0..d.pairs()).map(|pair| 1.0 + 0.05 * (pair % 4) as f64).collect();
            i.capital_owner = (0..d.pairs()).map(|pair| (pair * 7 + 1) % d.economies).collect();
        },
    );
}

#[test]
fn substitution_across_sectors_and_deficits_that_follow_gdp() {
    let closure = Closure {
        demand: Demand::Ces,
        demand_elasticity: Some(0.6),
        deficits: Deficits::ShareOfGdp,
        ..Closure::default()
    };
    check(&closure, 9);
}

#[test]
fn revenue_that_relieves_income_tax() {
    let closure = Closure {
        labour_supply: LabourSupply::Elastic,
        labour_supply_elasticity: Some(0.7),
        revenue: Revenue::IncomeTaxRelief,
        ..Closure::default()
    };
    check(&closure, 10);
}

#[test]
fn revenue_wasted() {
    check(&Closure { revenue: Revenue::Wasted, ..Closure::default() }, 16);
}

#[test]
fn local_selling_costs() {
    let closure = Closure {
        local_selling_costs: true,
        market_structure: MarketStructure::Krugman,
        intermediates: Intermediates::None,
        labour_supply: LabourSupply::Elastic,
        labour_supply_elasticity: Some(0.5),
        revenue: Revenue::IncomeTaxRelief,
        ..Closure::default()
    };
    check_with(
        &closure,
        11,
        |b| {
            b.local_cost_share = Some(vec![0.2, 0.1, 0.25, 0.15]);
            for sector in &mut b.sectors {
                sector.scale_elasticity = Some(0.3 / sector.trade_elasticity);
            }
        },
        |_, _| {},
    );
}

/// A limit on some flows at a multiple of what they would be without.
fn limit(
    free: &Equilibrium,
    cells: &[usize],
    multiple: (Option<f64>, Option<f64>),
    measure: LimitMeasure,
    rent: RentOwner,
) -> Limit {
    let value: f64 = cells.iter().map(|cell| free.border_value[*cell]).sum();
    let times = |multiple: Option<f64>| multiple.map(|multiple| multiple * value);
    Limit { cells: cells.to_vec(), min: times(multiple.0), max: times(multiple.1), measure, rent }
}

#[test]
fn limits_that_bind() {
    for (seed, rent) in [(12, RentOwner::Importer), (13, RentOwner::Exporter), (15, RentOwner::None)] {
        check_with(
            &Closure::default(),
            seed,
            |_| {},
            |c, i| {
                let d = c.dimensions;
                i.final_demand_shifts =
                    vec![FinalDemandShift { economy: 1, shift: vec![0.001, -0.0004, -0.0006] }];
                let free = c.solve(&*i, &SolveSettings::default(), None).unwrap();
                let cap = [d.cell(0, 1, 0), d.cell(0, 1, 1), d.cell(2, 1, 0)];
                i.limits = vec![
                    limit(&free, &cap, (None, Some(0.6)), LimitMeasure::Value, rent),
                    limit(&free, &[d.cell(3, 2, 2)], (None, Some(0.5)), LimitMeasure::Volume, rent),
                    limit(
                        &free,
                        &[d.cell(1, 0, 2), d.cell(1, 0, 1)],
                        (Some(1.15), None),
                        LimitMeasure::Value,
                        rent,
                    ),
                    limit(&free, &[d.cell(1, 3, 2)], (Some(0.01), Some(50.0)), LimitMeasure::Value, rent),
                ];
                let solved = c.solve(&*i, &SolveSettings::default(), None).unwrap();
                let binding: Vec<bool> = solved.limit_wedge.iter().map(|wedge| *wedge > 0.0).collect();
                assert_eq!(binding, [true, true, true, false], "{:?} {:?}", solved.status, solved.log_wedge);
            },
        );
    }
}

/// Every market structure with every factor market, labour supply, demand, use of revenue and rule for deficits.
#[test]
fn every_closure_with_every_other() {
    let mut checked = 0;
    for market_structure in [
        MarketStructure::Perfect,
        MarketStructure::Krugman,
        MarketStructure::Melitz,
        MarketStructure::FixedEntry,
    ] {
        for factor_market in [FactorMarket::Mobile, FactorMarket::Roy, FactorMarket::Specific] {
            for labour_supply in [LabourSupply::Fixed, LabourSupply::Elastic] {
                for demand in [Demand::CobbDouglas, Demand::Ces] {
                    for revenue in [Revenue::Rebated, Revenue::Wasted, Revenue::IncomeTaxRelief] {
                        for deficits in [Deficits::Fixed, Deficits::ShareOfGdp] {
                            let closure = Closure {
                                market_structure,
                                factor_market,
                                labour_supply,
                                demand,
                                revenue,
                                deficits,
                                fixed_entry_profit: FixedEntryProfit::Cap,
                                roy_shape: Some(1.8),
                                capital_share: Some(0.35),
                                labour_supply_elasticity: Some(0.5),
                                demand_elasticity: Some(0.7),
                                ..Closure::default()
                            };
                            check_with(&closure, 100 + checked, mild_scale, |c, i| mild(c, i, factor_market));
                            checked += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(checked, 4 * 3 * 2 * 2 * 3 * 2);
}

/// Few inputs and some scale, so that entry on top of inputs makes no second equilibrium.
fn mild_scale(b: &mut Benchmark) {
    b.input_share.iter_mut().flatten().for_each(|input| *input *= 0.3);
    for sector in &mut b.sectors {
        sector.scale_elasticity = Some(0.5 / sector.trade_elasticity);
        sector.elasticity_of_substitution = Some(1.0 + 0.8 * sector.trade_elasticity);
    }
}

/// Near the data: sectors empty fast where entry is free.
fn mild(c: &Calibration, i: &mut Instruments, factor_market: FactorMarket) {
    let data = &c.benchmark.tariff_rate;
    i.tariff_rate.iter_mut().zip(data).for_each(|(rate, data)| *rate = data + 0.1 * (*rate - data));
    i.export_tax_rate.iter_mut().for_each(|rate| *rate *= 0.1);
    for hat in i.trade_cost_hat.iter_mut().chain(&mut i.productivity_hat) {
        *hat = hat.powf(0.1);
    }
    if factor_market == FactorMarket::Specific {
        let d = c.dimensions;
        i.capital_hat = (0..d.pairs()).map(|pair| 1.0 + 0.02 * (pair % 4) as f64).collect();
        i.capital_owner = (0..d.pairs()).map(|pair| (pair * 7 + 1) % d.economies).collect();
    }
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
        let shape = Shape {
            economies: 4,
            sectors: 3,
            elasticity: (1.5, 8.0),
            zero_flows: 0.1,
            intermediates: true,
            tariff: 0.3,
            deficits: true,
        };
        let benchmark = world(&mut Random(60 + seed as u64), &shape);
        let closure = Closure {
            labour_supply: LabourSupply::Elastic,
            labour_supply_elasticity: Some(0.6),
            welfare_base,
            revenue,
            ..Closure::default()
        };
        let calibration = Calibration::new(&benchmark, &closure).unwrap();
        let mut instruments = Instruments::of(&benchmark);
        let settings = SolveSettings::default();
        let before = calibration.solve(&instruments, &settings, None).unwrap();
        instruments.tariff_rate.iter_mut().step_by(3).for_each(|rate| *rate += 0.2);
        let after = calibration.solve(&instruments, &settings, None).unwrap();
        let outcomes = outcomes::compare(&calibration, &before, &after);
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
    let calibration = Calibration::new(&benchmark, &Closure::default()).unwrap();
    let instruments = Instruments::of(&benchmark);
    let settings = SolveSettings { tolerance: 1e-13, ..SolveSettings::default() };
    let term = |weight: f64, outcome: Outcome, economy: usize| (weight, Scalar { outcome, economy });
    let objective = Objective::Ratio(
        Box::new(Objective::Sum(vec![term(0.7, Outcome::Welfare, 0), term(0.3, Outcome::Exports, 1)])),
        Box::new(Objective::Sum(vec![term(1.0, Outcome::Income, 2), term(-0.1, Outcome::TariffRevenue, 2)])),
    );
    let base = calibration.solve(&instruments, &settings, None).unwrap();
    let exact = gradient(&calibration, &base, &objective).unwrap();
    let largest = exact.tariff.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for cell in (0..calibration.dimensions.cells()).filter(|cell| benchmark.border_value[*cell] > 0.0) {
        let at = |h: f64| {
            let mut moved = instruments.clone();
            moved.tariff_rate[cell] = (1.0 + moved.tariff_rate[cell]) * h.exp() - 1.0;
            objective.value(&calibration, &calibration.solve(&moved, &settings, Some(&base)).unwrap())
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
