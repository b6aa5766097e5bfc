//! What must hold, whatever the data.

mod shared;

use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{Closure, Numeraire, Revenue};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::outcomes;
use shared::random::{Random, Shape, world};

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

fn solve(calibration: &Calibration, instruments: &Instruments) -> Equilibrium {
    let solved = calibration.solve(instruments, &SolveSettings::default(), None).unwrap();
    assert!(solved.status.is_converged(), "{:?} {:?}", solved.status, solved.certificate);
    solved
}

fn assert_no_change(calibration: &Calibration) {
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
        assert_no_change(&Calibration::new(&benchmark, &Closure::default()).unwrap());
    }
}

#[test]
fn the_default_world_fed_no_shock_is_its_own_equilibrium() {
    let Some(folder) = shared::shared("benchmarks/world-2022-estimate") else { return };
    assert_no_change(&Calibration::new(shared::benchmark(&folder), &Closure::default()).unwrap());
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
        let solved = solve(&Calibration::new(&benchmark, &closure).unwrap(), &instruments);
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

#[test]
fn wasted_revenue_is_no_welfare() {
    let benchmark = world(&mut Random(11), &shape(4, 3));
    let mut instruments = Instruments::of(&benchmark);
    for rate in &mut instruments.tariff_rate {
        *rate += 0.2;
    }
    let solved = |revenue: Revenue| {
        let calibration = Calibration::new(&benchmark, &Closure { revenue, ..Closure::default() }).unwrap();
        let baseline = solve(&calibration, &Instruments::of(&benchmark));
        let counterfactual = solve(&calibration, &instruments);
        let welfare: Vec<f64> = outcomes::compare(&calibration, &baseline, &counterfactual)
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
