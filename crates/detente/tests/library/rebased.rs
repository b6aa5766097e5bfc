//! The world with two importers' trade of 2024: its own equilibrium, its given cells met, everything else as it was but what is said to give way.

use std::collections::HashMap;
use std::path::Path;

use detente_data::{benchmark_directory, default_world};
use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;
use detente_testkit::{needs, shared};

/// Outputs that had to grow, and where what is no longer sold is used.
const NAMED: [&str; 2] = ["TEX", "WOD"];

fn world() -> Benchmark {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/published/world-2024");
    benchmark_directory::open(&folder).expect("the world of 2024 is read").benchmark
}

fn goods(b: &Benchmark, importer: &str, exporter: &str) -> f64 {
    let (n, i) = (b.economy(importer).expect("importer"), b.economy(exporter).expect("exporter"));
    let d = b.dimensions();
    let sectors =
        (0..d.sectors).filter(|s| b.sectors[*s].kind != detente_engine::benchmark::SectorKind::Services);
    sectors.map(|s| b.border_value[d.cell(n, i, s)]).sum::<f64>() / 1000.0
}

#[test]
fn the_world_of_2024_is_its_own_equilibrium_and_buys_what_was_bought() {
    let benchmark = world();
    let solver = Solver::new(&benchmark, &Closure::default()).expect("calibrated");
    let (gap, _) = solver.market_gap();
    assert!(gap < 1e-9, "{gap}");
    let settings = SolveSettings::default();
    let solved =
        solver.solve(Instruments::of(&benchmark), &settings, None).expect("asked").solved().expect("solved");
    for hat in solved.wage_hat.iter().chain(&solved.price_hat) {
        assert!((hat - 1.0).abs() < 1e-9, "{hat}");
    }
    assert!((goods(&benchmark, "USA", "CHN") - 375.0).abs() < 1.0);
    assert!((goods(&benchmark, "CHN", "USA") - 122.0).abs() < 1.0);
    let d = benchmark.dimensions();
    for pair in 0..d.pairs() {
        let used = solver.final_share[pair] * solver.income[pair % d.economies];
        assert!(used >= 0.0, "final use of {} {used}", benchmark.sectors[pair / d.economies].code);
    }
}

#[test]
fn outputs_and_spending_are_those_of_2022_but_where_it_is_said() {
    let (now, then) = (world(), default_world::open().expect("the embedded world").benchmark);
    let d = now.dimensions();
    let us = now.economy("USA").expect("USA");
    assert_eq!(now.input_share, then.input_share);
    assert!(
        now.tariff_rate == then.tariff_rate && now.sectors == then.sectors,
        "run data/recipes/world_2024.py"
    );
    let totals = |b: &Benchmark, k: usize, s: usize| {
        let made: f64 = (0..d.economies).map(|n| b.border_value[d.cell(n, k, s)]).sum();
        let used: f64 = (0..d.economies).map(|i| b.border_value[d.cell(k, i, s)]).sum();
        (made, used)
    };
    let (mut more_made, mut more_used) = (0.0, 0.0);
    for s in 0..d.sectors {
        let named = NAMED.contains(&now.sectors[s].code.as_str());
        for k in 0..d.economies {
            let ((made, used), (was_made, was_used)) = (totals(&now, k, s), totals(&then, k, s));
            // Values are held to a dollar; a row of a thousandth of a million is nothing.
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-8 * b.max(1.0e3);
            assert!(
                close(made, was_made) || (named && k == us),
                "{} {}",
                now.economies[k].code,
                now.sectors[s].code
            );
            assert!(
                close(used, was_used) || (named && k != us),
                "{} {}",
                now.economies[k].code,
                now.sectors[s].code
            );
            if named {
                more_made += made - was_made;
                more_used += used - was_used;
            }
        }
    }
    assert!(more_made > 30_000.0 && (more_made / more_used - 1.0).abs() < 1e-6, "{more_made} {more_used}");
}

#[needs("data/product-trade/us_imports_2022_2024_by_exporter_sector.csv")]
#[test]
fn imports_of_the_united_states_grew_as_customs_values_did() {
    let (now, then) = (world(), default_world::open().expect("the embedded world").benchmark);
    let path = shared("data/product-trade/us_imports_2022_2024_by_exporter_sector.csv");
    let mut growth = HashMap::new();
    for row in csv::Reader::from_path(path).expect("the table").records() {
        let row = row.expect("a row");
        let number = |k: usize| row[k].parse::<f64>().unwrap_or(0.0);
        let ratio = if number(2) > 0.0 && number(4) > 0.0 { number(4) / number(2) } else { 1.0 };
        for sector in row[1].split('+') {
            growth.insert((row[0].to_owned(), sector.to_owned()), ratio);
        }
    }
    let (d, us) = (now.dimensions(), now.economy("USA").expect("USA"));
    let mut checked = 0;
    for i in (0..d.economies).filter(|i| *i != us) {
        let known = growth.keys().any(|(exporter, _)| *exporter == now.economies[i].code);
        let exporter = if known { now.economies[i].code.clone() } else { "OTHER".to_owned() };
        for s in 0..d.sectors {
            let Some(grown) = growth.get(&(exporter.clone(), now.sectors[s].code.clone())) else { continue };
            let (before, after) = (then.border_value[d.cell(us, i, s)], now.border_value[d.cell(us, i, s)]);
            assert!(
                (after - before * grown).abs() <= 1e-6 * before.max(1.0),
                "{exporter} {}",
                now.sectors[s].code
            );
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked} cells");
}
