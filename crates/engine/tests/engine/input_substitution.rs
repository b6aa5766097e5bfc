//! Inputs that substitute: the limits, closed forms and invariances that hold whatever the data.

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{
    ByUsingSector, Closure, FactorMarket, FixedEntryProfit, Intermediates, MarketStructure, Numeraire,
};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::error::EngineError;
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;
use detente_testkit::needs;
use detente_testkit::random::{Random, Shape, world};

fn drawn(seed: u64) -> (Benchmark, Instruments) {
    let mut random = Random(seed);
    let benchmark = world(&mut random, &Shape::small());
    let mut instruments = Instruments::of(&benchmark);
    for rate in &mut instruments.tariff_rate {
        *rate += 0.5 * random.unit();
    }
    (benchmark, instruments)
}

fn closure(inputs: f64, value_added: f64) -> Closure {
    Closure {
        input_elasticity: ByUsingSector::of_all(inputs),
        value_added_elasticity: ByUsingSector::of_all(value_added),
        ..Closure::default()
    }
}

fn solve(benchmark: &Benchmark, closure: &Closure, instruments: &Instruments) -> Equilibrium {
    let settings = SolveSettings { tolerance: 1e-13, ..SolveSettings::default() };
    let solver = Solver::new(benchmark, closure).unwrap();
    solver.solve(instruments, &settings, None).unwrap().solved().unwrap()
}

fn welfare(e: &Equilibrium) -> Vec<f64> {
    e.income.iter().zip(&e.price_index_hat).map(|(income, price)| income / price).collect()
}

fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0_f64, |most, (a, b)| most.max((a / b - 1.0).abs()))
}

/// One is Cobb-Douglas to the bit, and near one results approach it in proportion, from both sides and for each nest alone.
#[test]
fn an_elasticity_of_one_is_cobb_douglas_and_its_limit() {
    let (benchmark, instruments) = drawn(3);
    let plain = solve(&benchmark, &Closure::default(), &instruments);
    let one = solve(&benchmark, &closure(1.0, 1.0), &instruments);
    assert_eq!((&plain.border_value, &plain.output), (&one.border_value, &one.output));
    assert!(one.input_share.is_empty() && one.value_added_share_hat.is_empty());
    for nest in [|by: f64| closure(1.0 + by, 1.0), |by: f64| closure(1.0, 1.0 + by)] {
        let gap = |by: f64| {
            let found = welfare(&solve(&benchmark, &nest(by), &instruments));
            found.iter().zip(welfare(&plain)).map(|(a, b)| a / b - 1.0).collect::<Vec<f64>>()
        };
        let (far, near, other) = (gap(1e-3), gap(1e-5), gap(-1e-5));
        assert!(far.iter().any(|gap| gap.abs() > 1e-8), "the elasticity does nothing: {far:?}");
        for ((far, near), other) in far.iter().zip(&near).zip(&other) {
            assert!((far / 100.0 - near).abs() < 5e-3 * near.abs() + 1e-13, "{far:e} {near:e}");
            assert!((near + other).abs() < 1e-3 * near.abs() + 1e-13, "{near:e} {other:e}");
        }
        // Where the power is too small to be one at all, and just above, nothing jumps: what is left is the solves' own rounding.
        for by in [1e-10, 1e-8] {
            let gap = apart(&welfare(&solve(&benchmark, &nest(by), &instruments)), &welfare(&plain));
            assert!(gap < by + 1e-11, "{by:e}: {gap:e}");
        }
    }
}

/// In fixed proportions quantities of inputs follow output, and value added follows it too: shares over prices are what they were.
#[test]
fn at_zero_inputs_are_used_in_fixed_proportions() {
    let (benchmark, instruments) = drawn(4);
    let d = benchmark.dimensions();
    let e = solve(&benchmark, &closure(0.0, 0.0), &instruments);
    let data = benchmark.input_share.as_ref().unwrap();
    let mut moved = 0.0_f64;
    for using in 0..d.sectors {
        for i in 0..d.economies {
            let maker = d.pair(i, using);
            let quantity = |share: f64, price: f64| share * e.unit_cost_hat[maker] / price;
            for k in 0..d.sectors {
                let at = d.input(i, using, k);
                if data[at] == 0.0 {
                    continue;
                }
                let hat = quantity(e.input_share[at] / data[at], e.price_hat[d.pair(i, k)]);
                assert!((hat - 1.0).abs() < 1e-11, "input {k} of {using} in {i}: {hat}");
                moved = moved.max((e.input_share[at] / data[at] - 1.0).abs());
            }
            let hat = quantity(e.value_added_share_relative(maker), e.factor_price_hat[maker]);
            assert!((hat - 1.0).abs() < 1e-11, "value added of {using} in {i}: {hat}");
        }
    }
    assert!(moved > 0.05, "shares hardly moved: {moved}");
    // Approached in proportion to the elasticity that is left.
    let near = |by: f64| apart(&welfare(&solve(&benchmark, &closure(by, by), &instruments)), &welfare(&e));
    assert!((near(1e-3) / near(1e-5) / 100.0 - 1.0).abs() < 0.02);
}

/// Shares in force sum to one, spending on inputs is what suppliers sell, and the numeraire moves no real number.
#[test]
fn budgets_balance_and_the_numeraire_is_neutral() {
    let (benchmark, instruments) = drawn(5);
    let d = benchmark.dimensions();
    for factor_market in [FactorMarket::Mobile, FactorMarket::Specific] {
        let own = Closure { factor_market, capital_share: Some(0.4), ..closure(0.2, 0.6) };
        let e = solve(&benchmark, &own, &instruments);
        let solver = Solver::new(&benchmark, &own).unwrap();
        for using in 0..d.sectors {
            for i in 0..d.economies {
                let inputs: f64 = (0..d.sectors).map(|k| e.input_share[d.input(i, using, k)]).sum();
                let value_added = solver.value_added_share_at(&e, d.pair(i, using));
                assert!((inputs + value_added - 1.0).abs() < 1e-12, "{inputs} {value_added}");
            }
        }
        let other = Closure { numeraire: Numeraire::WorldPrices, ..own.clone() };
        let gap = apart(&welfare(&solve(&benchmark, &other, &instruments)), &welfare(&e));
        assert!(gap < 1e-10, "{factor_market:?}: {gap}");
    }
}

/// Two sectors that are halves of one, in production and in use alike, are one sector, whatever the elasticities.
#[test]
fn halves_of_a_sector_are_a_sector() {
    let (benchmark, instruments) = drawn(6);
    let d = benchmark.dimensions();
    let halved = parted(&benchmark);
    let e = halved.dimensions();
    let mut both = Instruments::of(&halved);
    for cell in 0..e.cells() {
        let (importer, exporter, s) = e.cell_of(cell);
        both.tariff_rate[cell] = instruments.tariff_rate[d.cell(importer, exporter, s.min(d.sectors - 1))];
    }
    for (inputs, value_added) in [(1.0, 1.0), (0.1, 0.3), (1.7, 0.0)] {
        let whole = welfare(&solve(&benchmark, &closure(inputs, value_added), &instruments));
        let found = welfare(&solve(&halved, &closure(inputs, value_added), &both));
        let gap = apart(&found, &whole);
        assert!(gap < 1e-12, "{inputs} {value_added}: {gap:e}");
    }
}

/// The last sector in two: 0.07 of every flow and use apart, the rest where it was.
fn parted(benchmark: &Benchmark) -> Benchmark {
    let d = benchmark.dimensions();
    let mut sectors = benchmark.sectors.clone();
    let mut own = sectors[d.sectors - 1].clone();
    own.code = "PART".into();
    sectors.push(own);
    let mut split = Benchmark { sectors, ..benchmark.clone() };
    let e = split.dimensions();
    let whole = |s: usize| s.min(d.sectors - 1);
    let part = |s: usize| match s {
        s if s + 1 < d.sectors => 1.0,
        s if s + 1 == d.sectors => 0.93,
        _ => 0.07,
    };
    let cell = |cell: usize| {
        let (importer, exporter, s) = e.cell_of(cell);
        (d.cell(importer, exporter, whole(s)), part(s))
    };
    split.border_value = (0..e.cells()).map(|k| benchmark.border_value[cell(k).0] * cell(k).1).collect();
    split.tariff_rate = (0..e.cells()).map(|k| benchmark.tariff_rate[cell(k).0]).collect();
    let n = d.economies;
    split.value_added_share =
        (0..e.pairs()).map(|k| benchmark.value_added_share[d.pair(k % n, whole(k / n))]).collect();
    let data = benchmark.input_share.as_ref().unwrap();
    let mut input = vec![0.0; e.inputs()];
    for using in 0..e.sectors {
        for k in 0..e.sectors {
            for i in 0..n {
                input[e.input(i, using, k)] = data[d.input(i, whole(using), whole(k))] * part(k);
            }
        }
    }
    split.input_share = Some(input);
    split
}

/// What it is not written for is refused by name, and so are elasticities that are none and sectors that do not exist.
#[test]
fn what_it_is_not_written_for_is_refused() {
    let (benchmark, _) = drawn(7);
    let refused = |closure: Closure| match Solver::new(&benchmark, &closure) {
        Err(error) => error,
        Ok(_) => panic!("{closure:?} was taken"),
    };
    let fixed_entry = Closure {
        market_structure: MarketStructure::FixedEntry,
        fixed_entry_profit: FixedEntryProfit::Cap,
        ..closure(0.5, 1.0)
    };
    assert!(refused(fixed_entry).to_string().contains("fixed-entry"));
    let none = Closure { intermediates: Intermediates::None, ..closure(0.5, 1.0) };
    assert!(refused(none).to_string().contains("nothing to substitute"));
    assert!(matches!(refused(closure(-0.1, 1.0)), EngineError::Domain { found, .. } if found == -0.1));
    let unknown = Closure {
        input_elasticity: ByUsingSector { all: None, sectors: [("XX".to_owned(), 0.1)].into() },
        ..Closure::default()
    };
    assert!(refused(unknown).to_string().contains("XX is no sector"));
}

/// In closed economies of one factor the price of final use over the wage falls with either elasticity, whatever else: a unit cost that is
/// normalised at the data's prices does. So what a sector's lost productivity costs falls with it too.
#[test]
fn the_less_inputs_substitute_the_more_a_bottleneck_costs() {
    let (mut benchmark, _) = drawn(8);
    let d = benchmark.dimensions();
    for cell in 0..d.cells() {
        let (importer, exporter, _) = d.cell_of(cell);
        benchmark.tariff_rate[cell] = 0.0;
        if importer != exporter {
            benchmark.border_value[cell] = 0.0;
        }
    }
    benchmark.input_share.iter_mut().flatten().for_each(|share| *share *= 0.3);
    let mut instruments = Instruments::of(&benchmark);
    instruments.productivity_hat = (0..d.pairs()).map(|k| if k < d.economies { 0.3 } else { 1.0 }).collect();
    for nest in [|by: f64| closure(by, 1.0), |by: f64| closure(1.0, by), |by: f64| closure(by, by)] {
        let found = [0.0, 0.05, 0.3, 1.0, 2.0].map(|by| welfare(&solve(&benchmark, &nest(by), &instruments)));
        for economy in 0..d.economies {
            let own = found.each_ref().map(|welfare| welfare[economy]);
            assert!(own.is_sorted_by(|a, b| a < b), "{economy}: {own:?}");
        }
    }
}

/// What a solve costs in sweeps is hardly more than under Cobb-Douglas, whatever the elasticities: half as much again is allowed.
#[needs("benchmarks/world-2022-estimate")]
#[test]
fn inputs_that_substitute_take_few_sweeps_more() {
    let benchmark = detente_testkit::benchmark(&detente_testkit::shared("benchmarks/world-2022-estimate"));
    let (us, china) = (benchmark.economy("USA").unwrap(), benchmark.economy("CHN").unwrap());
    let d = benchmark.dimensions();
    let mut war = Instruments::of(&benchmark);
    for s in 0..d.sectors {
        war.tariff_rate[d.cell(us, china, s)] += 0.3;
        war.tariff_rate[d.cell(china, us, s)] += 0.1;
    }
    let sweeps = |closure: &Closure| {
        let solver = Solver::new(&benchmark, closure).unwrap();
        solver.solve(&war, &SolveSettings::default(), None).unwrap().solved().unwrap().certificate.sweeps
    };
    let plain = sweeps(&Closure::default());
    for (inputs, value_added) in [(0.1, 0.3), (0.0, 0.0), (0.03, 0.05), (1.5, 1.5)] {
        let found = sweeps(&closure(inputs, value_added));
        assert!(
            2 * found <= 3 * plain,
            "{inputs} {value_added}: {found} sweeps where {plain} are Cobb-Douglas"
        );
    }
}
