//! Caliendo & Parro (2015): NAFTA's tariff cuts, to the digit.

mod shared;

use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;

fn solve_nafta(deficits: Deficits) -> Option<(Calibration, Equilibrium, Equilibrium)> {
    let folder = shared::shared("benchmarks/nafta-1993")?;
    let benchmark = shared::benchmark(&folder);
    let calibration = Calibration::new(&benchmark, &Closure { deficits, ..Closure::default() }).unwrap();
    let settings = SolveSettings::default();
    let before = Instruments::of(&benchmark);
    let mut after = before.clone();
    shared::set_tariffs(&benchmark, &folder.join("scenarios/nafta-tariffs-2005.csv"), &mut after.tariff_rate);
    let baseline = calibration.solve(&before, &settings, None).unwrap();
    let counterfactual = calibration.solve(&after, &settings, Some(&baseline)).unwrap();
    for solved in [&baseline, &counterfactual] {
        println!("{:?} {:?}", solved.status, solved.certificate);
        assert!(solved.status.is_converged());
    }
    Some((calibration, baseline, counterfactual))
}

/// Exact welfare and real wage, percent.
fn outcome(c: &Calibration, baseline: &Equilibrium, counterfactual: &Equilibrium, code: &str) -> (f64, f64) {
    let i = c.benchmark.economy(code).unwrap();
    let price = counterfactual.price_index_hat[i] / baseline.price_index_hat[i];
    let income = counterfactual.income[i] / baseline.income[i];
    let wage = counterfactual.wage_hat[i] / baseline.wage_hat[i];
    (100.0 * (income / price - 1.0), 100.0 * (wage / price - 1.0))
}

#[test]
fn balanced_trade_to_the_digit() {
    let Some((c, baseline, counterfactual)) = solve_nafta(Deficits::Zero) else { return };
    for (code, real_wage) in [("Canada", 0.3228290269), ("Mexico", 1.7153229133), ("USA", 0.1124427521)] {
        let (_, found) = outcome(&c, &baseline, &counterfactual, code);
        // Mexico's differs from the published table by 1.6e-9 points at any tolerance down to rounding.
        assert!((found - real_wage).abs() < 2e-9, "{code}: {found} where {real_wage} is published");
    }
}

#[test]
fn observed_deficits_to_the_digit() {
    let Some((c, baseline, counterfactual)) = solve_nafta(Deficits::Fixed) else { return };
    for (code, welfare, real_wage) in [
        ("Canada", -0.0821068658, 0.3340755522),
        ("Mexico", -0.0450602523, 1.6404932925),
        ("USA", 0.0758310230, 0.1178363016),
    ] {
        let (found_welfare, found_wage) = outcome(&c, &baseline, &counterfactual, code);
        assert!((found_wage - real_wage).abs() < 1e-9, "{code}: {found_wage} where {real_wage} is published");
        assert!(
            (found_welfare - welfare).abs() < 1e-9,
            "{code}: {found_welfare} where {welfare} is published"
        );
    }
}
