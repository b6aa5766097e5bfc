//! Large shocks, against another program's numbers (`benches/numpy_reference.py`), and the work they cost.

use std::path::Path;

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::equilibrium::{Cause, Solution};
use detente_engine::gradient::gradient;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;
use detente_testkit::draw::{Family, draw};
use detente_testkit::needs;
use detente_testkit::random::Random;

fn world() -> Benchmark {
    detente_testkit::benchmark(&detente_testkit::shared("benchmarks/world-2022-estimate"))
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
    let calibration = Solver::new(benchmark, &Closure { deficits, ..Closure::default() }).unwrap();
    let settings = SolveSettings::default();
    let before = calibration.solve(Instruments::of(benchmark), &settings, None).unwrap().solved().unwrap();
    (before, calibration.solve(instruments, &settings, None).unwrap().solved().unwrap())
}

#[needs("benchmarks/world-2022-estimate")]
#[test]
fn another_program_finds_the_same_numbers() {
    let benchmark = world();
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

/// Counted work of every row of the speed page, so that a silent slow-down fails (and a gain is written down): one sweep is
/// one pass of both maps or of their derivative. Machines round differently, which may cost or save a product: two sweeps.
#[needs("benchmarks/world-2022-estimate")]
#[test]
fn the_work_of_a_solve_is_its_count() {
    let benchmark = world();
    for (name, deficits, instruments, count) in [
        ("the data", Deficits::Fixed, Instruments::of(&benchmark), 1),
        ("US +30, China +10", Deficits::Fixed, war(&benchmark), 39),
        ("free trade", Deficits::Fixed, everything_at(&benchmark, 0.0), 41),
        ("100 percent on everything", Deficits::Fixed, everything_at(&benchmark, 1.0), 84),
        ("1,000 percent on everything", Deficits::Zero, everything_at(&benchmark, 10.0), 131),
    ] {
        let (_, solved) = solve(&benchmark, deficits, &instruments);
        counted(name, solved.certificate.sweeps, count);
    }
    let calibration = Solver::new(&benchmark, &Closure::default()).unwrap();
    let solved =
        calibration.solve(war(&benchmark), &SolveSettings::default(), None).unwrap().solved().unwrap();
    let us = benchmark.economy("USA").unwrap();
    let gradient = gradient(&calibration, &solved, &Objective::log(Outcome::Welfare, us)).unwrap();
    counted("a gradient", gradient.sweeps, 33);
}

/// NAFTA's counterfactual starts from its baseline, as the program's own does.
#[needs("benchmarks/nafta-1993")]
#[test]
fn the_work_of_nafta_is_its_count() {
    let folder = detente_testkit::shared("benchmarks/nafta-1993");
    let benchmark = detente_testkit::benchmark(&folder);
    let closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let calibration = Solver::new(&benchmark, &closure).unwrap();
    let mut after = Instruments::of(&benchmark);
    detente_testkit::set_tariffs(
        &benchmark,
        &folder.join("scenarios/nafta-tariffs-2005.csv"),
        &mut after.tariff_rate,
    );
    let settings = SolveSettings::default();
    let baseline = calibration.solve(Instruments::of(&benchmark), &settings, None).unwrap().solved().unwrap();
    let counterfactual = calibration.solve(&after, &settings, Some(&baseline)).unwrap().solved().unwrap();
    counted("NAFTA, baseline", baseline.certificate.sweeps, 55);
    counted("NAFTA, counterfactual", counterfactual.certificate.sweeps, 46);
}

fn counted(name: &str, sweeps: usize, count: usize) {
    assert!(sweeps.abs_diff(count) <= 2, "{name}: {sweeps} sweeps, {count} when last counted");
}

/// With deficits fixed at today's levels, 1,000 percent on everything leaves five economies owing more than they earn.
/// The equations have a root there; it is no equilibrium, and no number of it is reported as one.
#[needs("benchmarks/world-2022-estimate")]
#[test]
fn surpluses_above_what_an_economy_earns_are_infeasible() {
    let benchmark = world();
    let solver = Solver::new(&benchmark, &Closure::default()).unwrap();
    let found = solver.solve(everything_at(&benchmark, 10.0), &SolveSettings::default(), None).unwrap();
    let unsolved = found.solved().unwrap_err();
    assert!(matches!(unsolved.cause, Cause::PaysMoreThanItEarns { .. }), "{unsolved}");
}

/// Random worlds that Newton's method does not find from the data: whatever the limit, no more steps are taken, and what ended the solve
/// is named.
#[test]
fn the_iteration_limit_holds_on_the_far_ways_too() {
    for (family, seed) in
        [(Family::Krugman, 0_u64), (Family::Melitz, 2), (Family::Balanced, 6), (Family::FixedEntry, 27)]
    {
        let case = draw(&mut Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ family as u64), family);
        let calibration = Solver::new(&case.benchmark, &case.closure).unwrap();
        let solve = |max_iterations: usize| {
            let settings = SolveSettings { max_iterations, ..SolveSettings::default() };
            calibration.solve(&case.instruments, &settings, None).unwrap()
        };
        let solved = solve(1000);
        let needed = solved.certificate().iterations;
        assert!(solved.is_solved() && needed > 40, "{family:?}: {needed} steps do not go far");
        for limit in [0, 7, needed / 2, needed - 1] {
            let stopped = solve(limit);
            let Solution::Unsolved(stopped) = stopped else {
                panic!("{family:?} is solved within {limit} of {needed}");
            };
            let taken = stopped.certificate.iterations;
            assert_eq!(
                stopped.cause,
                Cause::IterationLimit,
                "{family:?} within {limit} of {needed}: {taken}"
            );
            assert!(taken <= limit, "{family:?} within {limit}");
        }
    }
}
