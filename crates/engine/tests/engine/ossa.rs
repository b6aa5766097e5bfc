//! Ossa (2014): equilibria and gradients of seven regions and 33 industries.

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits, Intermediates, MarketStructure};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::gradient::gradient;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_engine::solver::Solver;
use detente_testkit::Table;
use detente_testkit::needs;

fn closure(deficits: Deficits) -> Closure {
    Closure {
        market_structure: MarketStructure::FixedEntry,
        intermediates: Intermediates::None,
        deficits,
        ..Closure::default()
    }
}

fn solve(calibration: &Solver, instruments: &Instruments) -> Equilibrium {
    let settings = SolveSettings { tolerance: 1e-14, ..SolveSettings::default() };
    let solved = calibration.solve(instruments, &settings, None).unwrap().solved().unwrap();
    assert!(solved.certificate.max_residual() < 1e-12, "{:?}", solved.certificate);
    solved
}

/// The raw flows, the solve that removes imbalances, and the balanced benchmark.
fn purged() -> (Solver, Equilibrium, Benchmark) {
    let raw = detente_testkit::benchmark(&detente_testkit::shared("benchmarks/ossa-7x33"));
    let calibration = Solver::new(&raw, &closure(Deficits::Zero)).unwrap();
    let solved = solve(&calibration, &Instruments::of(&raw));
    let balanced = calibration.rebased(&solved).unwrap();
    (calibration, solved, balanced)
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    let gap = (found - expected).abs() / expected.abs().max(1e-300);
    assert!(gap <= tolerance, "{what}: {found} where {expected} is expected, off by {gap:.2e}");
}

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn imbalances_are_purged_as_published() {
    let (calibration, solved, balanced) = purged();
    let folder = detente_testkit::shared("data/ossa-2014/expected");
    let t = Table::read(&folder.join("imbalance_purge.csv")).unwrap();
    let again = Solver::new(&balanced, &closure(Deficits::Fixed)).unwrap();
    for r in 0..t.rows.len() {
        let i = balanced.economy(t.text(r, "region")).unwrap();
        for (column, found) in [
            ("raw_expenditure", calibration.income[i]),
            ("expenditure_change_factor", solved.income[i] / calibration.income[i]),
            ("wage_change_factor", solved.wage_hat[i]),
            ("balanced_expenditure", again.income[i]),
            ("balanced_labour_income", again.labour_income[i]),
            ("balanced_tariff_revenue", again.tariff_revenue[i]),
        ] {
            close(&format!("{} {column}", t.text(r, "region")), found, t.number(r, column), 1e-9);
        }
    }
    let t = Table::read(&folder.join("balanced_trade_flows.csv")).unwrap();
    for r in 0..t.rows.len() {
        let (i, n) = (t.text(r, "exporter"), t.text(r, "importer"));
        let s = balanced.sector(t.text(r, "industry")).unwrap();
        let cell = balanced.dimensions().cell(balanced.economy(n).unwrap(), balanced.economy(i).unwrap(), s);
        close(&format!("{i} to {n}"), balanced.border_value[cell], t.number(r, "value"), 1e-9);
    }
}

/// The tariffs of an experiment of `equilibrium_checks.csv`.
fn experiment(name: &str, b: &Benchmark) -> Instruments {
    let mut instruments = Instruments::of(b);
    let d = b.dimensions();
    for cell in 0..d.cells() {
        let (n, i, s) = d.cell_of(cell);
        if n == i {
            continue;
        }
        let rate = &mut instruments.tariff_rate[cell];
        let (importer, exporter) = (b.economies[n].code.as_str(), b.economies[i].code.as_str());
        let sector = b.sectors[s].code.as_str();
        let between_the_two = matches!((importer, exporter), ("USA", "CHN") | ("CHN", "USA"));
        match name.trim_end_matches("_political_weights") {
            "free_trade" => *rate = 0.0,
            "all_tariffs_50_percent" => *rate = 0.5,
            "all_tariffs_plus_10_points" => *rate += 0.1,
            "usa_china_mutual_plus_25_points" if between_the_two => *rate += 0.25,
            "usa_crp_plus_50_points" if importer == "USA" && sector == "crp" => *rate += 0.5,
            "usa_wap_plus_50_points" if importer == "USA" && sector == "wap" => *rate += 0.5,
            "usa_china_mutual_plus_25_points" | "usa_crp_plus_50_points" | "usa_wap_plus_50_points" => {}
            other => panic!("unknown experiment {other}"),
        }
    }
    instruments
}

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn experiments_as_published() {
    let (_, _, balanced) = purged();
    let folder = detente_testkit::shared("data/ossa-2014/expected");
    let t = Table::read(&folder.join("equilibrium_checks.csv")).unwrap();
    // Seven experiments: one of them twice, with and without political weights.
    let unweighted = Benchmark { political_weight: None, ..balanced.clone() };
    let calibrations = [&unweighted, &balanced].map(|b| Solver::new(b, &closure(Deficits::Zero)).unwrap());
    for r in 0..t.rows.len() {
        let name = t.text(r, "experiment");
        let calibration = &calibrations[usize::from(name.ends_with("political_weights"))];
        let base = solve(calibration, &Instruments::of(&balanced));
        let solved = solve(calibration, &experiment(name, &balanced));
        let i = balanced.economy(t.text(r, "region")).unwrap();
        let government = |e: &Equilibrium| {
            Scalar { outcome: Outcome::GovernmentWelfare, economy: i }.value(calibration, e)
        };
        for (column, found) in [
            ("wage_factor", solved.wage_hat[i]),
            ("expenditure_factor", solved.income[i] / calibration.income[i]),
            ("price_index_factor", solved.price_index_hat[i]),
            ("welfare_factor", solved.income[i] / calibration.income[i] / solved.price_index_hat[i]),
            ("government_welfare_factor", government(&solved) / government(&base)),
            ("profits_factor", solved.profits[i] / base.profits[i]),
        ] {
            close(&format!("{name} {} {column}", t.text(r, "region")), found, t.number(r, column), 1e-9);
        }
        let revenue = t.number(r, "tariff_revenue_level");
        assert!((solved.tariff_revenue[i] - revenue).abs() <= 1e-9 * solved.income[i], "{name} revenue");
    }
}

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn gradient_at_applied_tariffs_as_published() {
    let (_, _, balanced) = purged();
    let folder = detente_testkit::shared("data/ossa-2014/expected");
    let t = Table::read(&folder.join("gradient_at_applied_tariffs.csv")).unwrap();
    let calibration = Solver::new(&balanced, &closure(Deficits::Zero)).unwrap();
    let base = solve(&calibration, &Instruments::of(&balanced));
    let of = |outcome| -> Vec<Vec<f64>> {
        (0..7).map(|i| gradient(&calibration, &base, &Objective::log(outcome, i)).unwrap().tariff).collect()
    };
    let (welfare, political) = (of(Outcome::Welfare), of(Outcome::GovernmentWelfare));
    let d = balanced.dimensions();
    let mut largest = 0.0_f64;
    for r in 0..t.rows.len() {
        let (i, n) = (
            balanced.economy(t.text(r, "exporter")).unwrap(),
            balanced.economy(t.text(r, "importer")).unwrap(),
        );
        let cell = d.cell(n, i, balanced.sector(t.text(r, "industry")).unwrap());
        for (column, found) in [
            ("d_log_baseline_welfare_by_d_log_one_plus_tariff", welfare[n][cell]),
            ("d_log_political_welfare_by_d_log_one_plus_tariff", political[n][cell]),
        ] {
            largest = largest.max((found - t.number(r, column)).abs());
        }
    }
    println!("largest difference of a derivative: {largest:.2e}");
    assert!(largest < 1e-8);
}
