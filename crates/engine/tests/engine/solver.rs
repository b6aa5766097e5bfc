//! What a solve hands out and what it does not: no numbers of an unsolved model, words for why, the route, and an end when asked to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits, MarketStructure};
use detente_engine::equilibrium::route::Branch;
use detente_engine::equilibrium::{Cause, Equilibrium, Solution};
use detente_engine::error::EngineError;
use detente_engine::gradient::gradient;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::outcomes;
use detente_engine::parallel::{Control, Progress, Stop};
use detente_engine::solver::Solver;
use detente_testkit::draw::{Family, draw};
use detente_testkit::random::{Random, Shape, world};
use detente_testkit::{needs, shared};

fn everything_at(benchmark: &Benchmark, rate: f64) -> Instruments {
    let d = benchmark.dimensions();
    let mut instruments = Instruments::of(benchmark);
    for cell in 0..d.cells() {
        let (importer, exporter, _) = d.cell_of(cell);
        if importer != exporter {
            instruments.tariff_rate[cell] = rate;
        }
    }
    instruments
}

fn small() -> Benchmark {
    world(&mut Random(5), &Shape::small())
}

fn default_world() -> Benchmark {
    detente_testkit::benchmark(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/benchmark/world-2022"))
}

#[test]
fn an_unsolved_model_has_no_numbers_and_says_why() {
    let benchmark = small();
    let solver = Solver::new(&benchmark, &Closure::default()).unwrap();
    let one_step = SolveSettings { max_iterations: 1, ..SolveSettings::default() };
    let Solution::Unsolved(unsolved) = solver.solve(everything_at(&benchmark, 0.5), &one_step, None).unwrap()
    else {
        panic!("one step is not enough");
    };
    assert_eq!(unsolved.cause, Cause::IterationLimit);
    assert!(unsolved.certificate.route.branches().is_empty());
    assert!(unsolved.to_string().contains("the limit of steps was reached (1 iterations"), "{unsolved}");
}

#[test]
fn equilibria_of_different_closures_do_not_compare() {
    let benchmark = small();
    let settings = SolveSettings::default();
    let solve = |closure: &Closure| -> (Solver, Equilibrium) {
        let solver = Solver::new(&benchmark, closure).unwrap();
        let solved = solver.solve(everything_at(&benchmark, 0.2), &settings, None).unwrap().solved().unwrap();
        (solver, solved)
    };
    let plain = Closure::default();
    let profits = Closure { market_structure: MarketStructure::FixedEntry, ..plain.clone() };
    let balanced = Closure { deficits: Deficits::Zero, ..plain.clone() };
    let ((solver, one), (_, other), (_, balanced)) = (solve(&plain), solve(&profits), solve(&balanced));
    for (before, after) in [(&one, &other), (&other, &one)] {
        let refused = outcomes::compare(&solver, before, after).unwrap_err().to_string();
        assert!(refused.contains("different closures"), "{refused}");
    }
    // What is assumed of deficits is part of the question.
    assert!(outcomes::compare(&solver, &one, &balanced).is_ok());
    // Nor is one differentiated by the equations of another.
    let refused = gradient(&solver, &other, &Objective::log(Outcome::Welfare, 0)).unwrap_err();
    assert!(refused.to_string().contains("another closure"), "{refused}");
}

/// The certificate is what decides: whatever is solved states residuals within the tolerance.
#[test]
fn no_solution_states_a_residual_above_the_tolerance() {
    for family in [Family::Levels, Family::Balanced, Family::Melitz, Family::Mixed] {
        for seed in 0..8_u64 {
            let case = draw(&mut Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ family as u64), family);
            let Ok(solver) = Solver::new(&case.benchmark, &case.closure) else { continue };
            let Ok(found) = solver.solve(&case.instruments, &SolveSettings::default(), None) else {
                continue;
            };
            if let Solution::Solved(solved) = found {
                let residual = solved.certificate.max_residual();
                assert!(residual <= 1e-12, "{family:?}:{seed}: {residual:.1e} {}", solved.certificate.route);
                assert!(!solved.certificate.route.branches().is_empty());
            }
        }
    }
}

/// A tolerance below what arithmetic reaches is not reached, and that is said.
#[test]
fn a_tolerance_below_rounding_is_not_reached() {
    let benchmark = small();
    let solver = Solver::new(&benchmark, &Closure::default()).unwrap();
    let settings = SolveSettings { tolerance: 1e-17, max_iterations: 40 };
    let found = solver.solve(everything_at(&benchmark, 0.5), &settings, None).unwrap();
    assert!(!found.is_solved(), "{:?}", found.certificate());
}

/// An economy that makes next to nothing and lives from its deficit: its equations are below all rounding of the world's.
#[test]
fn an_economy_below_the_scale_of_the_others_is_refused() {
    let mut benchmark = small();
    let d = benchmark.dimensions();
    for sector in 0..d.sectors {
        for importer in 0..d.economies {
            benchmark.border_value[d.cell(importer, 0, sector)] *= 1e-13;
        }
    }
    let refused = Solver::new(&benchmark, &Closure::default()).unwrap_err().to_string();
    assert!(refused.contains("E0") && refused.contains("1e-9"), "{refused}");
}

#[test]
fn the_route_names_what_found_the_point() {
    let benchmark = small();
    let solver = Solver::new(&benchmark, &Closure::default()).unwrap();
    let near = solver.solve(everything_at(&benchmark, 0.1), &SolveSettings::default(), None).unwrap();
    assert_eq!(near.certificate().route.branches(), [Branch::Newton]);
    let case = draw(
        &mut Random(6_u64.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ Family::Balanced as u64),
        Family::Balanced,
    );
    let solver = Solver::new(&case.benchmark, &case.closure).unwrap();
    let far = solver.solve(&case.instruments, &SolveSettings::default(), None).unwrap();
    let route = &far.certificate().route;
    assert!(far.is_solved() && !route.branches().contains(&Branch::Newton), "{route}");
}

/// A flag set during a step is seen before the next one, whichever branch is at work: at a tolerance that nothing reaches all are tried.
#[test]
fn a_stop_is_seen_before_the_next_step() {
    let benchmark = default_world();
    let closure = Closure {
        market_structure: MarketStructure::Krugman,
        scale_times_trade_elasticity: Some(1.0),
        ..Closure::default()
    };
    let settings = SolveSettings { tolerance: 1e-18, max_iterations: 1_000_000 };
    for last in [1, 4, 60] {
        let (stop, told) = (Stop::default(), Arc::new(AtomicUsize::new(0)));
        let (flag, listener) = (stop.clone(), Arc::clone(&told));
        let report = move |_: Progress| {
            if listener.fetch_add(1, Ordering::Relaxed) + 1 == last {
                flag.stop();
            }
        };
        let control = Control { stop, progress: Some(Arc::new(report)), ..Control::default() };
        let solver = Solver::new(&benchmark, &closure).unwrap().with_control(control);
        let ended = solver.solve(everything_at(&benchmark, 3.0), &settings, None);
        assert_eq!(ended.err(), Some(EngineError::Stopped));
        assert_eq!(told.load(Ordering::Relaxed), last, "steps after the flag was set");
    }
}

#[test]
fn every_step_is_told() {
    let benchmark = small();
    let told = Arc::new(AtomicUsize::new(0));
    let listener = Arc::clone(&told);
    let control = Control {
        progress: Some(Arc::new(move |progress| {
            if let Progress::Step { iterations, .. } = progress {
                listener.store(iterations, Ordering::Relaxed);
            }
        })),
        ..Control::default()
    };
    let solver = Solver::new(&benchmark, &Closure::default()).unwrap().with_control(control);
    let solved = solver.solve(everything_at(&benchmark, 0.5), &SolveSettings::default(), None).unwrap();
    assert_eq!(told.load(Ordering::Relaxed), solved.certificate().iterations);
}

fn of_a_case(number: &str) -> (Benchmark, PathBuf) {
    let folder = shared("cases/worlds").join(number);
    (detente_testkit::benchmark(&folder.join("b")), folder)
}

/// Worlds in which residuals above the tolerance were once called converged.
#[needs("cases/worlds")]
#[test]
fn worlds_that_were_converged_above_the_tolerance() {
    let settings = SolveSettings::default();
    let (benchmark, _) = of_a_case("14");
    let d = benchmark.dimensions();
    let mut instruments = Instruments::of(&benchmark);
    for sector in 0..d.sectors {
        for exporter in (0..d.economies).filter(|exporter| *exporter != 0) {
            instruments.tariff_rate[d.cell(0, exporter, sector)] =
                if exporter == 1 { 7.15336 } else { 23.8445 };
        }
    }
    let solver = Solver::new(&benchmark, &Closure::default()).unwrap();
    let found = solver.solve(&instruments, &settings, None).unwrap();
    // All equations hold to 1e-14; labour of an economy that lives from duties twenty times the price cannot be judged to 1e-12.
    let unsolved = found.solved().unwrap_err();
    assert_eq!(unsolved.cause, Cause::AboveTolerance);
    assert!(unsolved.certificate.max_residual() > 1e-12, "{:?}", unsolved.certificate);
    // In the others an economy earns less than a billionth of the mean.
    for (number, economy) in [("240", "E1"), ("41", "E0")] {
        let (benchmark, _) = of_a_case(number);
        let refused = Solver::new(&benchmark, &Closure::default()).unwrap_err().to_string();
        assert!(refused.contains(economy) && refused.contains("1e-9"), "{number}: {refused}");
    }
}

/// A surplus above what an economy earns: no debug word, no contradiction, but whose income would be negative.
#[needs("cases/worlds")]
#[test]
fn whose_income_would_be_negative_is_said() {
    let (benchmark, _) = of_a_case("237");
    let d = benchmark.dimensions();
    let mut instruments = Instruments::of(&benchmark);
    for sector in 0..d.sectors {
        instruments.tariff_rate[d.cell(0, 1, sector)] = 0.505632;
    }
    let solver = Solver::new(&benchmark, &Closure::default()).unwrap();
    let unsolved = solver.solve(&instruments, &SolveSettings::default(), None).unwrap().solved().unwrap_err();
    let said = unsolved.to_string();
    assert!(
        matches!(&unsolved.cause, Cause::PaysMoreThanItEarns { economy } if benchmark.economy(economy).is_some()),
        "{said}"
    );
    assert!(said.contains("its income would be negative"), "{said}");
}
