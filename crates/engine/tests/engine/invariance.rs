//! What must hold, whatever the data.

use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits, Numeraire, Revenue};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::outcomes;
use detente_engine::solver::Solver;
use detente_testkit::needs;
use detente_testkit::random::{Random, Shape, world};

fn shape(economies: usize, sectors: usize) -> Shape {
    Shape {
        economies,
        sectors,
        elasticity: (1.0, 12.0),
        zero_flows: 0.1,
        intermediates: true,
        tariff: 0.3,
        deficits: true,
    }
}

fn solve(calibration: &Solver, instruments: &Instruments) -> Equilibrium {
    calibration.solve(instruments, &SolveSettings::default(), None).unwrap().solved().unwrap()
}

fn assert_no_change(calibration: &Solver) {
    let (gap, _) = calibration.market_gap();
    assert!(gap < 1e-9, "market gap {gap}");
    let solved = solve(calibration, &Instruments::of(&calibration.benchmark));
    assert_eq!((solved.certificate.evaluations, solved.certificate.iterations), (1, 0));
    for hat in solved.wage_hat.iter().chain(&solved.price_hat).chain(&solved.unit_cost_hat) {
        assert!((hat - 1.0).abs() < 1e-9, "hat {hat}");
    }
    for (found, data) in solved.border_value.iter().zip(&calibration.benchmark.border_value) {
        assert!((found - data).abs() <= 1e-9 * data.abs(), "{found} where the data have {data}");
    }
}

#[test]
fn a_world_fed_no_shock_is_its_own_equilibrium() {
    for seed in 0..20 {
        let benchmark = world(&mut Random(seed), &shape(2 + seed as usize % 7, 1 + seed as usize % 5));
        assert_no_change(&Solver::new(&benchmark, &Closure::default()).unwrap());
    }
}

#[needs("benchmarks/world-2022-estimate")]
#[test]
fn the_default_world_fed_no_shock_is_its_own_equilibrium() {
    let folder = detente_testkit::shared("benchmarks/world-2022-estimate");
    assert_no_change(&Solver::new(detente_testkit::benchmark(&folder), &Closure::default()).unwrap());
}

#[test]
fn the_numeraire_changes_no_real_number() {
    let mut random = Random(7);
    let benchmark = world(&mut random, &shape(5, 3));
    let mut instruments = Instruments::of(&benchmark);
    for rate in &mut instruments.tariff_rate {
        *rate += 0.2 * random.unit();
    }
    let real = |numeraire: Numeraire| {
        let closure = Closure { numeraire, ..Closure::default() };
        let solved = solve(&Solver::new(&benchmark, &closure).unwrap(), &instruments);
        (0..5)
            .map(|i| {
                (solved.wage_hat[i] / solved.price_index_hat[i], solved.income[i] / solved.price_index_hat[i])
            })
            .collect::<Vec<_>>()
    };
    let world_gdp = real(Numeraire::WorldGdp);
    for numeraire in [Numeraire::Wage("E3".into()), Numeraire::WorldPrices] {
        for (found, expected) in real(numeraire).iter().zip(&world_gdp) {
            assert!((found.0 / expected.0 - 1.0).abs() < 1e-10);
            assert!((found.1 / expected.1 - 1.0).abs() < 1e-10);
        }
    }
}

/// Deficits fixed in units of a numeraire: the solution is the one with world-GDP levels that are worth as much there, its deficits
/// stand at their levels in units of the numeraire, and another numeraire is another allocation. Where they follow GDP or are zero
/// the unit says nothing.
#[test]
fn deficits_in_units_of_the_numeraire_are_worth_what_it_is_worth() {
    let mut random = Random(7);
    let benchmark = world(&mut random, &shape(5, 3));
    let mut instruments = Instruments::of(&benchmark);
    for rate in &mut instruments.tariff_rate {
        *rate += 0.2 * random.unit();
    }
    let welfare = |e: &Equilibrium| -> Vec<f64> {
        e.income.iter().zip(&e.price_index_hat).map(|(income, price)| income / price).collect()
    };
    let apart = |a: &Equilibrium, b: &Equilibrium| {
        let pairs = welfare(a).into_iter().zip(welfare(b));
        pairs.fold(0.0_f64, |most, (a, b)| most.max((a / b - 1.0).abs()))
    };
    for numeraire in [Numeraire::Wage("E3".into()), Numeraire::WorldPrices] {
        let solved = |deficits: Deficits, deficit_unit_is_numeraire: bool, instruments: &Instruments| {
            let numeraire = numeraire.clone();
            let closure = Closure { numeraire, deficits, deficit_unit_is_numeraire, ..Closure::default() };
            solve(&Solver::new(&benchmark, &closure).unwrap(), instruments)
        };
        let own = solved(Deficits::Fixed, true, &instruments);
        let world_gdp = solved(Deficits::Fixed, false, &instruments);
        let levels = Solver::new(&benchmark, &Closure::default()).unwrap().trade_deficit.clone();
        for ((found, level), other) in own.trade_deficit.iter().zip(&levels).zip(&world_gdp.trade_deficit) {
            assert!((found - level).abs() < 1e-10 * level.abs(), "{found} where {level} is fixed");
            assert!((other / world_gdp.numeraire_scale - level).abs() < 1e-10 * level.abs());
        }
        // E3's wage, or the price of a basket, has moved against world income, and with it what is owed.
        assert!((own.numeraire_scale - 1.0).abs() > 1e-3);
        assert!(apart(&own, &world_gdp) > 1e-5, "the unit moved nothing: {}", apart(&own, &world_gdp));
        let mut same = instruments.clone();
        same.trade_deficit = levels.iter().map(|level| Some(level / own.numeraire_scale)).collect();
        let gap = apart(&own, &solved(Deficits::Path, false, &same));
        assert!(gap < 1e-10, "levels worth as much in world GDP give another allocation: {gap}");
        for deficits in [Deficits::Zero, Deficits::ShareOfGdp] {
            let gap = apart(&solved(deficits, true, &instruments), &solved(deficits, false, &instruments));
            assert!(gap < 1e-10, "{deficits:?} have no unit: {gap}");
        }
    }
    // At world GDP the two readings are one.
    let plain = Solver::new(&benchmark, &Closure::default()).unwrap();
    let closure = Closure { deficit_unit_is_numeraire: true, ..Closure::default() };
    let named = Solver::new(&benchmark, &closure).unwrap();
    assert_eq!(welfare(&solve(&plain, &instruments)), welfare(&solve(&named, &instruments)));
}

/// A loan in closed form. Two economies of 50 workers each with the same tastes and free trade; A borrows 10 (a fifth of an economy's
/// labour, a tenth of world income), and B's labour doubles. The world buys the two goods in proportion to `cost^(−4)` whoever
/// spends, so that `ω = w_A / w_B` solves `ω 50 / 100 = ω^(−4)`. What A gets then depends on the unit of the loan alone.
#[test]
fn a_loan_in_wages_of_the_lender_is_a_share_of_its_labour() {
    let mut benchmark = world(&mut Random(1), &shape(2, 1));
    benchmark.input_share = None;
    benchmark.value_added_share = vec![1.0; 2];
    benchmark.tariff_rate.fill(0.0);
    benchmark.sectors[0].trade_elasticity = 4.0;
    let d = benchmark.dimensions();
    // A spends 60, B 40, and each makes 50.
    for (importer, exporter, value) in [(0, 0, 30.0), (0, 1, 30.0), (1, 0, 20.0), (1, 1, 20.0)] {
        benchmark.border_value[d.cell(importer, exporter, 0)] = value;
    }
    let mut instruments = Instruments::of(&benchmark);
    // B's labour doubles.
    instruments.endowment_hat = vec![1.0, 2.0];
    let loan = |numeraire: Numeraire, deficit_unit_is_numeraire: bool| {
        let closure = Closure { numeraire, deficit_unit_is_numeraire, ..Closure::default() };
        let e = solve(&Solver::new(&benchmark, &closure).unwrap(), &instruments);
        // In units of B's labour.
        e.trade_deficit[0] / (50.0 * e.wage_hat[1])
    };
    assert!((loan(Numeraire::Wage("E1".into()), true) - 0.2).abs() < 1e-11);
    // A tenth of world income, ω 50 + 100 of B's wages, over 50.
    let relative = 2.0_f64.powf(0.2);
    for numeraire in [Numeraire::WorldGdp, Numeraire::Wage("E0".into())] {
        let found = loan(numeraire, false);
        let expected = 0.1 * (relative + 2.0);
        assert!((found - expected).abs() < 1e-10, "{found} where {expected} is due");
    }
    // In A's wage it is a fifth of A's labour, worth ω.
    assert!((loan(Numeraire::Wage("E0".into()), true) - 0.2 * relative).abs() < 1e-10);
}

#[test]
fn wasted_revenue_is_no_welfare() {
    let benchmark = world(&mut Random(11), &shape(4, 3));
    let mut instruments = Instruments::of(&benchmark);
    for rate in &mut instruments.tariff_rate {
        *rate += 0.2;
    }
    let solved = |revenue: Revenue| {
        let calibration = Solver::new(&benchmark, &Closure { revenue, ..Closure::default() }).unwrap();
        let baseline = solve(&calibration, &Instruments::of(&benchmark));
        let counterfactual = solve(&calibration, &instruments);
        let welfare: Vec<f64> = outcomes::compare(&calibration, &baseline, &counterfactual)
            .unwrap()
            .economies
            .iter()
            .map(|e| e.welfare_pct.unwrap())
            .collect();
        (baseline, counterfactual, welfare)
    };
    let (baseline, counterfactual, wasted) = solved(Revenue::Wasted);
    let (_, _, rebated) = solved(Revenue::Rebated);
    for n in 0..4 {
        let enjoyed = |e: &Equilibrium| (e.income[n] - e.tariff_revenue[n]) / e.price_index_hat[n];
        let expected = 100.0 * (enjoyed(&counterfactual) / enjoyed(&baseline) - 1.0);
        assert!((wasted[n] - expected).abs() < 1e-9, "{} where {expected} is due", wasted[n]);
        assert!(wasted[n] < rebated[n] - 1e-6, "more revenue, wasted, is worth less than rebated");
    }
}
