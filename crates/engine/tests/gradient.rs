//! Adjoint gradients against central differences, for every instrument.

mod shared;

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{
    Closure, Deficits, Demand, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply, MarketStructure,
    Numeraire, Revenue,
};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::gradient::gradient;
use detente_engine::instruments::{FinalDemandShift, Instruments, Limit, LimitMeasure, RentOwner};
use detente_engine::objective::{Objective, Outcome};
use shared::random::{Random, Shape, world};

const STEP: f64 = 1e-4;

/// Richardson's extrapolation of central differences.
fn difference(mut f: impl FnMut(f64) -> f64) -> f64 {
    let central = |f: &mut dyn FnMut(f64) -> f64, h: f64| (f(h) - f(-h)) / (2.0 * h);
    let (wide, narrow) = (central(&mut f, 2.0 * STEP), central(&mut f, STEP));
    (4.0 * narrow - wide) / 3.0
}

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
    let mut outcomes: Vec<Outcome> = Outcome::NAMED.iter().map(|(_, outcome)| *outcome).collect();
    outcomes.extend([Outcome::Output(1), Outcome::ImportsFrom(2)]);
    for outcome in outcomes {
        let objective = Objective::log(outcome, 1);
        if !objective.value(&calibration, &base).is_finite() {
            continue;
        }
        let exact = gradient(&calibration, &base, &objective).unwrap();
        assert!(exact.residual < 1e-10, "{outcome:?} {}", exact.residual);
        let along = |change: &dyn Fn(&mut Instruments, f64)| {
            difference(|h| {
                let mut moved = instruments.clone();
                change(&mut moved, h);
                let solved = calibration.solve(&moved, &settings, Some(&base)).unwrap();
                assert!(solved.status.is_converged());
                objective.value(&calibration, &solved)
            })
        };
        let factor = |rate: f64, h: f64| (1.0 + rate) * h.exp() - 1.0;
        let close = |what: &str, at: usize, exact: &[f64], found: f64| {
            let largest = exact.iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(1e-3);
            let gap = (exact[at] - found).abs() / largest;
            assert!(gap < 1e-7, "{outcome:?} {what}[{at}]: adjoint {} difference {found}", exact[at]);
        };
        for cell in [1, 5, 17, 22, 30, d.cells() - 2] {
            if benchmark.border_value[cell] == 0.0 {
                continue;
            }
            let tariff = along(&|i, h| i.tariff_rate[cell] = factor(i.tariff_rate[cell], h));
            close("tariff", cell, &exact.tariff, tariff);
            if !instruments.export_tax_rate.is_empty() {
                let tax = along(&|i, h| i.export_tax_rate[cell] = factor(i.export_tax_rate[cell], h));
                close("export_tax", cell, &exact.export_tax, tax);
            }
            let cost = along(&|i, h| i.trade_cost_hat[cell] *= h.exp());
            close("trade_cost", cell, &exact.trade_cost, cost);
        }
        for pair in [0, 4, 7] {
            close(
                "productivity",
                pair,
                &exact.productivity,
                along(&|i, h| i.productivity_hat[pair] *= h.exp()),
            );
        }
        if !instruments.capital_hat.is_empty() {
            for pair in [0, 3, 9] {
                close("capital", pair, &exact.capital, along(&|i, h| i.capital_hat[pair] *= h.exp()));
            }
        }
        for economy in [0, 1] {
            close("endowment", economy, &exact.endowment, along(&|i, h| i.endowment_hat[economy] *= h.exp()));
            if closure.deficits == Deficits::ShareOfGdp {
                continue;
            }
            let world: f64 = calibration.factor_income.iter().sum();
            let level = base.trade_deficit[economy] / base.numeraire_scale;
            let deficit = along(&|i, h| i.trade_deficit[economy] = Some(level + 0.03 * h * world));
            close("deficit", economy, &exact.deficit, deficit / 0.03);
        }
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
