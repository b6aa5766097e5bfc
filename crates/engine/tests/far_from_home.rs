//! Large shocks, against another program's numbers (`benches/numpy_reference.py`), and the work they cost.

mod shared;

use std::path::Path;

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::equilibrium::status::Status;
use detente_engine::instruments::Instruments;

fn world() -> Option<Benchmark> {
    Some(shared::benchmark(&shared::shared("benchmarks/world-2022-estimate")?))
}

fn everything_at(benchmark: &Benchmark, rate: f64) -> Instruments {
    let d = benchmark.dimensions();
    let mut instruments = Instruments::of(benchmark);
    for cell in 0..d.cells() {
        let (importer, exporter, _) = d.cell_of(cell);
        instruments.tariff_rate[cell] = if importer == exporter { 0.0 } else { rate };
    }
    instruments
}

fn war(benchmark: &Benchmark) -> Instruments {
    let d = benchmark.dimensions();
    let (us, china) = (benchmark.economy("USA").unwrap(), benchmark.economy("CHN").unwrap());
    let mut instruments = Instruments::of(benchmark);
    for sector in 0..d.sectors {
        instruments.tariff_rate[d.cell(us, china, sector)] += 0.30;
        instruments.tariff_rate[d.cell(china, us, sector)] += 0.10;
    }
    instruments
}

fn solve(benchmark: &Benchmark, deficits: Deficits, instruments: &Instruments) -> (Equilibrium, Equilibrium) {
    let calibration = Calibration::new(benchmark, &Closure { deficits, ..Closure::default() }).unwrap();
    let settings = SolveSettings::default();
    let before = calibration.solve(&Instruments::of(benchmark), &settings, None).unwrap();
    (before, calibration.solve(instruments, &settings, None).unwrap())
}

#[test]
fn another_program_finds_the_same_numbers() {
    let Some(benchmark) = world() else { return };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detente/tests/expected/world_2022_numpy.csv");
    let text = std::fs::read_to_string(file).unwrap();
    let rows: Vec<Vec<&str>> =
        text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len(), 4 * benchmark.economies.len());
    for case in rows.chunks(benchmark.economies.len()) {
        let deficits = if case[0][1] == "zero" { Deficits::Zero } else { Deficits::Fixed };
        let instruments = match case[0][0] {
            "us30-chn10" => war(&benchmark),
            "all-100" => everything_at(&benchmark, 1.0),
            "all-1000" => everything_at(&benchmark, 10.0),
            other => panic!("no case {other}"),
        };
        let (before, after) = solve(&benchmark, deficits, &instruments);
        assert!(after.status.is_converged(), "{:?} {:?}", after.status, after.certificate);
        for row in case {
            let i = benchmark.economy(row[2]).unwrap();
            let price = after.price_index_hat[i] / before.price_index_hat[i];
            let welfare = 100.0 * (after.income[i] / before.income[i] / price - 1.0);
            let real_wage = 100.0 * (after.wage_hat[i] / before.wage_hat[i] / price - 1.0);
            for (found, expected) in [(welfare, row[3]), (real_wage, row[4])] {
                let expected: f64 = expected.parse().unwrap();
                assert!((found - expected).abs() < 1e-9, "{row:?}: {found}");
            }
        }
    }
}

/// Counted work, so that a silent slow-down fails: one sweep is one pass of both maps or of their derivative.
#[test]
fn the_work_of_a_solve_stays_within_its_count() {
    let Some(benchmark) = world() else { return };
    for (name, deficits, instruments, limit) in [
        ("US +30, China +10", Deficits::Fixed, war(&benchmark), 45),
        ("free trade", Deficits::Fixed, everything_at(&benchmark, 0.0), 50),
        ("100 percent on everything", Deficits::Fixed, everything_at(&benchmark, 1.0), 180),
        ("1,000 percent on everything", Deficits::Zero, everything_at(&benchmark, 10.0), 260),
    ] {
        let (_, solved) = solve(&benchmark, deficits, &instruments);
        assert!(solved.status.is_converged(), "{name}: {:?}", solved.status);
        let sweeps = solved.certificate.sweeps;
        assert!(sweeps <= limit, "{name}: {sweeps} sweeps where {limit} were enough");
    }
}

/// With deficits fixed at today's levels, 1,000 percent on everything leaves five economies owing more than they earn.
/// The equations have a root there; it is no equilibrium, and no number of it is reported as one.
#[test]
fn surpluses_above_what_an_economy_earns_are_infeasible() {
    let Some(benchmark) = world() else { return };
    let (_, solved) = solve(&benchmark, Deficits::Fixed, &everything_at(&benchmark, 10.0));
    assert_eq!(solved.status, Status::Infeasible);
}
