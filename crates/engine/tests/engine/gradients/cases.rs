//! Points at which gradients are checked: random worlds under every closure, instruments away from the data.

use detente_engine::benchmark::Benchmark;
use std::sync::Arc;

use detente_engine::calibration::SolveSettings;
use detente_engine::capital::{Capital, CapitalData};
use detente_engine::closure::{
    ByUsingSector, Closure, Deficits, Demand, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply,
    MarketStructure, Numeraire, Revenue, WelfareBase,
};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::{FinalDemandShift, Instruments, Limit, LimitMeasure, RentOwner};
use detente_engine::objective::{Goods, Objective, Outcome, Scalar, Seller};
use detente_engine::solver::Solver;

use detente_testkit::random::{Random, Shape, world};

/// A solved world.
pub struct Point {
    pub calibration: Solver,
    pub instruments: Instruments,
    pub settings: SolveSettings,
    pub base: Equilibrium,
    pub random: Random,
}

/// Every outcome of an economy, in levels.
pub fn outcomes() -> Vec<(Outcome, Objective)> {
    let mut outcomes: Vec<Outcome> =
        detente_engine::catalogue::objectives().map(|(_, _, outcome)| outcome).collect();
    outcomes.extend([Outcome::Output(1), Outcome::ImportsFrom(2), Outcome::Gdp]);
    let bought = |seller, goods| Outcome::Purchases(seller, goods);
    outcomes.extend([bought(Seller::Any, Goods::Sector(1)), bought(Seller::Home, Goods::All)]);
    outcomes
        .into_iter()
        .map(|outcome| (outcome, Objective::Sum(vec![(1.0, Scalar { outcome, economy: 1 })])))
        .collect()
}

fn plain(closure: &Closure, seed: u64) -> Point {
    point(closure, seed, |_| {}, |_, _| {})
}

/// A world, its data and then its instruments changed.
fn point(
    closure: &Closure,
    seed: u64,
    data: impl Fn(&mut Benchmark),
    more: impl Fn(&Solver, &mut Instruments),
) -> Point {
    let mut random = Random(seed);
    let mut benchmark = world(&mut random, &Shape::small());
    let d = benchmark.dimensions();
    benchmark.political_weight = Some((0..d.pairs()).map(|pair| 0.8 + 0.1 * (pair % 5) as f64).collect());
    data(&mut benchmark);
    let calibration = Solver::new(&benchmark, closure).unwrap();
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
    let base = calibration.solve(&instruments, &settings, None).unwrap().solved().unwrap();
    Point { calibration, instruments, settings, base, random }
}

pub fn perfect_competition() -> Vec<Point> {
    vec![plain(&Closure::default(), 1)]
}

/// Balanced trade, and levels that a scenario sets.
pub fn deficits_of_other_kinds() -> Vec<Point> {
    let path = Closure { deficits: Deficits::Path, ..Closure::default() };
    let set = |c: &Solver, i: &mut Instruments| {
        i.trade_deficit = c.trade_deficit.iter().map(|level| Some(0.7 * level)).collect();
    };
    vec![
        plain(&Closure { deficits: Deficits::Zero, ..Closure::default() }, 17),
        point(&path, 18, |_| {}, set),
        point(&Closure { numeraire: Numeraire::WorldPrices, ..path }, 19, |_| {}, set),
    ]
}

pub fn without_intermediates() -> Vec<Point> {
    vec![plain(&Closure { intermediates: Intermediates::None, ..Closure::default() }, 20)]
}

pub fn another_numeraire() -> Vec<Point> {
    [(2, Numeraire::WorldPrices), (3, Numeraire::Wage("E2".into()))]
        .map(|(seed, numeraire)| plain(&Closure { numeraire, ..Closure::default() }, seed))
        .into()
}

/// Deficits and limits on values in units of a numeraire that the solve has to find.
pub fn deficits_in_units_of_the_numeraire() -> Vec<Point> {
    let mut points = Vec::new();
    for (seed, numeraire) in [(21, Numeraire::WorldPrices), (22, Numeraire::Wage("E2".into()))] {
        let closure = Closure { numeraire, deficit_unit_is_numeraire: true, ..Closure::default() };
        let ces = Closure {
            demand: Demand::Ces,
            demand_elasticity: Some(0.6),
            labour_supply: LabourSupply::Elastic,
            labour_supply_elasticity: Some(0.5),
            ..closure.clone()
        };
        points.push(plain(&closure, seed));
        points.push(plain(&ces, seed + 2));
        points.push(limited(&closure, 12, RentOwner::Importer));
        points.push(limited(&ces, 13, RentOwner::Exporter));
    }
    points
}

/// Capital data drawn for a world: shares by economy, investment of at most 0.8 of capital's share and of half of final use.
pub fn capital_data(random: &mut Random, benchmark: &Benchmark) -> CapitalData {
    let c = Solver::new(benchmark, &Closure::default()).unwrap();
    let d = c.dimensions;
    let share: Vec<f64> = (0..d.economies).map(|_| random.between(0.2, 0.5)).collect();
    let invested: Vec<f64> = share.iter().map(|share| share * random.between(0.2, 0.8)).collect();
    let basket: Vec<f64> = (0..d.pairs()).map(|_| random.unit()).collect();
    let used: Vec<f64> = (0..d.pairs()).map(|k| c.final_share[k] * c.income[k % d.economies]).collect();
    CapitalData::fitted(benchmark, share, &invested, &basket, &used, &c.factor_income, 0.5).unwrap().0
}

/// Capital that is built until its return is what it was, and investment told from consumption with capital as it is.
pub fn capital() -> Vec<Point> {
    let mut points = Vec::new();
    let zero = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let ces = Closure { demand: Demand::Ces, demand_elasticity: Some(0.6), ..Closure::default() };
    let none = Closure { intermediates: Intermediates::None, ..Closure::default() };
    let prices = Closure { numeraire: Numeraire::WorldPrices, ..Closure::default() };
    for (seed, closure) in [(31, Closure::default()), (32, zero), (33, ces), (35, prices)] {
        let mut random = Random(seed);
        let data = Arc::new(capital_data(&mut random, &world(&mut Random(seed), &Shape::small())));
        points.push(plain(&Closure { capital: Capital::Steady(Arc::clone(&data)), ..closure.clone() }, seed));
        if seed == 31 {
            points.push(plain(&Closure { capital: Capital::Given(data), ..closure }, seed));
        }
    }
    let data = Arc::new(capital_data_without_inputs(34));
    points.push(plain(&Closure { capital: Capital::Steady(data), ..none }, 34));
    points
}

fn capital_data_without_inputs(seed: u64) -> CapitalData {
    let mut benchmark = world(&mut Random(seed), &Shape::small());
    benchmark.input_share = None;
    benchmark.value_added_share.fill(1.0);
    capital_data(&mut Random(seed), &benchmark)
}

pub fn fixed_entry() -> Vec<Point> {
    let closure = Closure {
        market_structure: MarketStructure::FixedEntry,
        fixed_entry_profit: FixedEntryProfit::Cap,
        ..Closure::default()
    };
    vec![plain(&closure, 4)]
}

pub fn krugman() -> Vec<Point> {
    let closure = Closure { market_structure: MarketStructure::Krugman, ..Closure::default() };
    let scale = |b: &mut Benchmark| {
        for sector in &mut b.sectors {
            sector.scale_elasticity = Some(0.4 / sector.trade_elasticity);
        }
    };
    vec![point(&closure, 5, scale, |_, _| {})]
}

pub fn melitz() -> Vec<Point> {
    let closure = Closure { market_structure: MarketStructure::Melitz, ..Closure::default() };
    vec![point(&closure, 6, mild_scale, |c, i| mild(c, i, FactorMarket::Mobile))]
}

pub fn roy_with_elastic_hours() -> Vec<Point> {
    let closure = Closure {
        factor_market: FactorMarket::Roy,
        roy_shape: Some(1.8),
        labour_supply: LabourSupply::Elastic,
        labour_supply_elasticity: Some(0.5),
        ..Closure::default()
    };
    vec![plain(&closure, 7)]
}

pub fn specific_factors_with_capital_owned_abroad() -> Vec<Point> {
    let closure = Closure {
        factor_market: FactorMarket::Specific,
        capital_share: Some(0.4),
        numeraire: Numeraire::Wage("E1".into()),
        ..Closure::default()
    };
    let owned = |c: &Solver, i: &mut Instruments| {
        let d = c.dimensions;
        i.capital_hat = (0..d.pairs()).map(|pair| 1.0 + 0.05 * (pair % 4) as f64).collect();
        i.capital_owner = (0..d.pairs()).map(|pair| (pair * 7 + 1) % d.economies).collect();
    };
    vec![point(&closure, 8, |_| {}, owned)]
}

pub fn substitution_across_sectors_and_deficits_that_follow_gdp() -> Vec<Point> {
    let closure = Closure {
        demand: Demand::Ces,
        demand_elasticity: Some(0.6),
        deficits: Deficits::ShareOfGdp,
        ..Closure::default()
    };
    vec![plain(&closure, 9)]
}

/// Inputs that substitute and complement, by using sector, under every market structure and factor market that they are written for.
pub fn substitution_between_inputs() -> Vec<Point> {
    let near = ByUsingSector { all: Some(0.1), sectors: [("S1".into(), 1.0), ("S2".into(), 1.6)].into() };
    let mut points = Vec::new();
    let plain_closure = |of: f64, over: f64| Closure {
        input_elasticity: ByUsingSector::of_all(of),
        value_added_elasticity: ByUsingSector::of_all(over),
        ..Closure::default()
    };
    for (seed, closure) in [
        (41, plain_closure(0.05, 1.0)),
        (42, plain_closure(1.0, 0.05)),
        (43, plain_closure(0.0, 0.0)),
        (44, Closure { input_elasticity: near.clone(), ..plain_closure(1.0, 0.4) }),
        (
            45,
            Closure {
                deficits: Deficits::ShareOfGdp,
                numeraire: Numeraire::WorldPrices,
                ..plain_closure(0.3, 1.3)
            },
        ),
    ] {
        points.push(plain(&closure, seed));
    }
    points.push(limited(&plain_closure(0.2, 0.5), 13, RentOwner::Exporter));
    for (k, market_structure) in
        [MarketStructure::Perfect, MarketStructure::Krugman, MarketStructure::Melitz].into_iter().enumerate()
    {
        for (l, factor_market) in
            [FactorMarket::Mobile, FactorMarket::Roy, FactorMarket::Specific].into_iter().enumerate()
        {
            let closure = Closure {
                market_structure,
                factor_market,
                demand: Demand::Ces,
                demand_elasticity: Some(0.7),
                labour_supply: LabourSupply::Elastic,
                labour_supply_elasticity: Some(0.5),
                roy_shape: Some(1.8),
                capital_share: Some(0.35),
                value_added_elasticity: ByUsingSector::of_all(0.3),
                input_elasticity: near.clone(),
                ..Closure::default()
            };
            let seed = 50 + (3 * k + l) as u64;
            points.push(point(&closure, seed, mild_scale, |c, i| mild(c, i, factor_market)));
        }
    }
    points
}

pub fn revenue_that_relieves_income_tax() -> Vec<Point> {
    let closure = Closure {
        labour_supply: LabourSupply::Elastic,
        labour_supply_elasticity: Some(0.7),
        revenue: Revenue::IncomeTaxRelief,
        ..Closure::default()
    };
    let utility = Closure { welfare_base: WelfareBase::Utility, ..closure.clone() };
    vec![plain(&closure, 10), plain(&utility, 29)]
}

pub fn revenue_wasted() -> Vec<Point> {
    vec![plain(&Closure { revenue: Revenue::Wasted, ..Closure::default() }, 16)]
}

pub fn local_selling_costs() -> Vec<Point> {
    let closure = Closure {
        local_selling_costs: true,
        market_structure: MarketStructure::Krugman,
        intermediates: Intermediates::None,
        labour_supply: LabourSupply::Elastic,
        labour_supply_elasticity: Some(0.5),
        revenue: Revenue::IncomeTaxRelief,
        ..Closure::default()
    };
    let data = |b: &mut Benchmark| {
        b.local_cost_share = Some(vec![0.2, 0.1, 0.25, 0.15]);
        for sector in &mut b.sectors {
            sector.scale_elasticity = Some(0.3 / sector.trade_elasticity);
        }
    };
    vec![point(&closure, 11, data, |_, _| {})]
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

/// Two caps and a floor that bind, and a wide limit that hardly ever does.
fn limited(closure: &Closure, seed: u64, rent: RentOwner) -> Point {
    let limits = |c: &Solver, i: &mut Instruments| {
        let d = c.dimensions;
        i.final_demand_shifts =
            vec![FinalDemandShift { economy: 1, shift: vec![0.001, -0.0004, -0.0006], by_use: Vec::new() }];
        let free = c.solve(&*i, &SolveSettings::default(), None).unwrap().solved().unwrap();
        let cap = [d.cell(0, 1, 0), d.cell(0, 1, 1), d.cell(2, 1, 0)];
        let value = LimitMeasure::Value;
        i.limits = vec![
            limit(&free, &cap, (None, Some(0.6)), value, rent),
            limit(&free, &[d.cell(3, 2, 2)], (None, Some(0.5)), LimitMeasure::Volume, rent),
            limit(&free, &[d.cell(1, 0, 2), d.cell(1, 0, 1)], (Some(1.15), None), value, rent),
            limit(&free, &[d.cell(1, 3, 2)], (Some(0.01), Some(50.0)), value, rent),
        ];
    };
    let found = point(closure, seed, |_| {}, limits);
    let binding: Vec<bool> = found.base.limit_wedge.iter().map(|wedge| *wedge > 0.0).collect();
    assert_eq!(binding[..3], [true; 3], "{:?}", found.base.log_wedge);
    found
}

pub fn limits_that_bind() -> Vec<Point> {
    [(12, RentOwner::Importer), (13, RentOwner::Exporter), (15, RentOwner::None)]
        .map(|(seed, rent)| limited(&Closure::default(), seed, rent))
        .into()
}

/// Every market structure with every factor market, labour supply, demand, use of revenue and rule for deficits.
pub fn every_closure_with_every_other() -> Vec<Point> {
    let mut points = Vec::new();
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
                            let seed = 100 + points.len() as u64;
                            points.push(point(&closure, seed, mild_scale, |c, i| mild(c, i, factor_market)));
                        }
                    }
                }
            }
        }
    }
    assert_eq!(points.len(), 4 * 3 * 2 * 2 * 3 * 2);
    points
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
fn mild(c: &Solver, i: &mut Instruments, factor_market: FactorMarket) {
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
