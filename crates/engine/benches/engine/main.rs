//! The engine's speed and memory, measured: the table of the README, from one run.
//!
//!     cargo bench -p detente-engine
//!
//! Times are the shortest of several, on one thread (its own processor time where the system tells it), from ready instruments to a solution with every residual below
//! 1e-12; reading files is not timed. Beside each stand the work counted by the solver, the cost in *sweeps* (one sweep is
//! one plain evaluation of the price map and of the expenditure map, timed here in the same run), and the ratio to
//! `benches/numpy_reference.py`, run by the same program where `python3` with numpy is found. Benchmarks that need
//! `../shared` are skipped, and said to be, where it is missing. Nothing here decides a test.
#![allow(missing_docs, unsafe_code)]

#[path = "../../tests/shared/mod.rs"]
mod shared;

mod memory;
mod python;
mod sweep;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use shared::random::{Random, Shape, world};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// Time that this thread spent on a processor, where the system tells it; else by the clock on the wall. A machine with
/// other work to do stretches the second but not the first.
fn thread_seconds(begin: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .map_or_else(|| begin.elapsed().as_secs_f64(), |nanoseconds| 1e-9 * nanoseconds)
}

/// Seconds of one run: the best of five batches, each long beside the clock's grain.
fn shortest<T>(mut action: impl FnMut() -> T) -> f64 {
    let begin = Instant::now();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let (clock, wall, mut runs) = (thread_seconds(begin), Instant::now(), 0);
        while runs < 1 || (wall.elapsed() < Duration::from_millis(200) && runs < 2000) {
            black_box(action());
            runs += 1;
        }
        best = best.min((thread_seconds(begin) - clock) / f64::from(runs));
    }
    best
}

fn solve(calibration: &Calibration, instruments: &Instruments) -> Equilibrium {
    calibration
        .solve(instruments, &SolveSettings::default(), None)
        .expect("the benchmark's own question is well put")
}

/// Points added to the tariff of one importer on one exporter, all sectors.
fn add_points(
    benchmark: &Benchmark,
    instruments: &mut Instruments,
    importer: usize,
    exporter: usize,
    points: f64,
) {
    let d = benchmark.dimensions();
    for sector in 0..d.sectors {
        instruments.tariff_rate[d.cell(importer, exporter, sector)] += points;
    }
}

/// One rate on every flow between economies.
fn on_everything(benchmark: &Benchmark, instruments: &mut Instruments, rate: f64) {
    let d = benchmark.dimensions();
    for cell in 0..d.cells() {
        let (importer, exporter, _) = d.cell_of(cell);
        instruments.tariff_rate[cell] = if importer == exporter { 0.0 } else { rate };
    }
}

/// One outcome's gradient in all instruments, beside the solve that it belongs to.
fn gradient(calibration: &Calibration, instruments: &Instruments, economy: usize) {
    let equilibrium = solve(calibration, instruments);
    let objective = Objective::log(Outcome::Welfare, economy);
    let solving = shortest(|| solve(calibration, instruments));
    let differentiating =
        shortest(|| detente_engine::gradient::gradient(calibration, &equilibrium, &objective));
    println!(
        "gradient of one outcome in every tariff and all other instruments: {:.3} ms, {:.2} of a solve (goal 1)",
        1e3 * differentiating,
        differentiating / solving
    );
}

/// A row of the table.
struct Row {
    case: String,
    seconds: f64,
    goal: Option<f64>,
    sweeps_counted: usize,
    evaluations: usize,
    steps: usize,
    residual: f64,
    converged: bool,
    sweep_seconds: f64,
    numpy_key: String,
}

impl Row {
    fn measure(
        case: &str,
        goal_ms: Option<f64>,
        numpy_key: &str,
        calibration: &Calibration,
        instruments: &[&Instruments],
    ) -> Self {
        let solved: Vec<Equilibrium> = instruments.iter().map(|i| solve(calibration, i)).collect();
        let seconds = shortest(|| instruments.iter().map(|i| solve(calibration, i)).collect::<Vec<_>>());
        let mut plain = sweep::PlainSweep::new(&calibration.benchmark);
        let certificates = || solved.iter().map(|e| &e.certificate);
        Self {
            case: case.to_owned(),
            seconds,
            goal: goal_ms.map(|ms| 1e-3 * ms),
            sweeps_counted: certificates().map(|c| c.sweeps).sum(),
            evaluations: certificates().map(|c| c.evaluations).sum(),
            steps: certificates().map(|c| c.iterations).sum(),
            residual: certificates().map(|c| c.max_residual()).fold(0.0, f64::max),
            converged: solved.iter().all(|e| e.status.is_converged()),
            sweep_seconds: shortest(|| plain.run()),
            numpy_key: numpy_key.to_owned(),
        }
    }

    fn print(&self, numpy: &python::Timings) {
        let goal = match self.goal {
            Some(goal) => {
                format!("{:.1} ms{}", 1e3 * goal, if self.seconds <= goal { "" } else { " (missed)" })
            }
            None => "-".to_owned(),
        };
        let other = match numpy.milliseconds(&self.numpy_key) {
            Some(ms) => format!("{ms:.1} ms, {:.0} x", ms / (1e3 * self.seconds)),
            None => "-".to_owned(),
        };
        println!(
            "| {} | {:.3} ms | {goal} | {other} | {:.0} | {} | {} | {} | {} |",
            self.case,
            1e3 * self.seconds,
            self.seconds / self.sweep_seconds,
            self.sweeps_counted,
            self.evaluations,
            self.steps,
            if self.converged { format!("{:.0e}", self.residual) } else { "not converged".to_owned() },
        );
    }
}

fn header() {
    println!(
        "| case | time | goal | numpy, ratio | cost in sweeps | sweeps counted | evaluations | Newton steps | residual |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
}

/// The default world: prices of a counterfactual, of a prohibitive one, throughput, memory.
fn default_world(rows: &mut Vec<Row>) {
    let Some(folder) = shared::shared("benchmarks/world-2022-estimate") else { return };
    let benchmark = shared::benchmark(&folder);
    let calibration =
        Calibration::new(&benchmark, &Closure::default()).expect("the default world calibrates");
    let (us, china) = (benchmark.economy("USA").expect("USA"), benchmark.economy("CHN").expect("CHN"));
    let mut war = Instruments::of(&benchmark);
    add_points(&benchmark, &mut war, us, china, 0.30);
    add_points(&benchmark, &mut war, china, us, 0.10);
    rows.push(Row::measure(
        "default world 24 × 28, US +30, China +10",
        Some(1.5),
        "world-2022 us30-chn10 fixed",
        &calibration,
        &[&war],
    ));
    let mut ten = Instruments::of(&benchmark);
    add_points(&benchmark, &mut ten, us, china, 0.10);
    rows.push(Row::measure("default world, US +10 on China", None, "", &calibration, &[&ten]));
    let mut free = Instruments::of(&benchmark);
    on_everything(&benchmark, &mut free, 0.0);
    rows.push(Row::measure("default world, free trade", None, "", &calibration, &[&free]));
    let balanced = Calibration::new(&benchmark, &Closure { deficits: Deficits::Zero, ..Closure::default() })
        .expect("zero deficits");
    let mut high = Instruments::of(&benchmark);
    on_everything(&benchmark, &mut high, 1.0);
    rows.push(Row::measure(
        "default world, 100 % on everything",
        None,
        "world-2022 all-100 fixed",
        &calibration,
        &[&high],
    ));
    let mut prohibitive = Instruments::of(&benchmark);
    on_everything(&benchmark, &mut prohibitive, 10.0);
    rows.push(Row::measure(
        "default world, 1,000 % on everything, zero deficits",
        None,
        "world-2022 all-1000 zero",
        &balanced,
        &[&prohibitive],
    ));

    gradient(&calibration, &war, us);
    let (by_wall, by_processor) = throughput(&calibration, &benchmark, us);
    println!(
        "throughput, default world, 2 threads, distinct tariff scenarios: {by_processor:.0} per second of two processors \
         ({by_wall:.0} by the clock on the wall, with whatever else ran) (goal 1,000)"
    );
    let d = benchmark.dimensions();
    let (n, s) = (d.economies, d.sectors);
    let goal = 4 * n * n * s + 2 * n * s * s;
    let (_, peak) = memory::peak(|| {
        let calibration =
            Calibration::new(&benchmark, &Closure::default()).expect("the default world calibrates");
        let solved = solve(&calibration, &war);
        (calibration, solved)
    });
    println!(
        "memory beside the benchmark, default world, calibration and solution together: {} doubles, {:.2} of 4 N²S + 2 NS² = {goal}",
        peak / 8,
        peak as f64 / 8.0 / goal as f64,
    );
}

/// Solves per second of two threads that share one calibration, each scenario another tariff: by the clock on the wall,
/// and by the threads' own processor time.
fn throughput(calibration: &Calibration, benchmark: &Benchmark, importer: usize) -> (f64, f64) {
    let n = benchmark.economies.len();
    let limit = Duration::from_millis(1500);
    let clock = Instant::now();
    let done: Vec<(usize, f64)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|thread| {
                scope.spawn(move || {
                    let begin = thread_seconds(clock);
                    let mut instruments = Instruments::of(benchmark);
                    let mut done = 0;
                    while clock.elapsed() < limit {
                        instruments.tariff_rate.clone_from(&benchmark.tariff_rate);
                        let exporter = (importer + 1 + (2 * done + thread) % (n - 1)) % n;
                        let points = 0.01 + 0.001 * (done % 300) as f64;
                        add_points(benchmark, &mut instruments, importer, exporter, points);
                        assert!(solve(calibration, &instruments).status.is_converged());
                        done += 1;
                    }
                    (done, thread_seconds(clock) - begin)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread of the benchmark")).collect()
    });
    let count: usize = done.iter().map(|(done, _)| done).sum();
    let busy: f64 = done.iter().map(|(_, seconds)| seconds).sum();
    (count as f64 / clock.elapsed().as_secs_f64(), 2.0 * count as f64 / busy)
}

fn nafta(rows: &mut Vec<Row>) {
    let Some(folder) = shared::shared("benchmarks/nafta-1993") else { return };
    let benchmark = shared::benchmark(&folder);
    let closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let calibration = Calibration::new(&benchmark, &closure).expect("NAFTA calibrates");
    let before = Instruments::of(&benchmark);
    let mut after = before.clone();
    shared::set_tariffs(&benchmark, &folder.join("scenarios/nafta-tariffs-2005.csv"), &mut after.tariff_rate);
    let key = "nafta-1993 baseline and counterfactual";
    rows.push(Row::measure(
        "NAFTA 31 × 40, baseline and counterfactual",
        Some(6.0),
        key,
        &calibration,
        &[&before, &after],
    ));
}

/// ICIO's size with real trade shares, or a random world of that size where python or the data are missing.
fn icio(rows: &mut Vec<Row>, directory: &Path) -> Option<Benchmark> {
    let out = directory.join("icio-81x50");
    let (name, benchmark, (us, china)) = match python::recipe("icio_81x50.py", &out)
        .and_then(|()| python::read_recipe(&out))
    {
        Some((benchmark, parties)) => ("81 × 50, real trade shares, US +30, China +10", benchmark, parties),
        None => {
            println!(
                "recipe for real trade shares not run (python3 with pandas and pyarrow, or ../shared, is missing): a random world instead"
            );
            ("81 × 50, random world, 0 +30, 1 +10", random_world(81, 50), (0, 1))
        }
    };
    let calibration = Calibration::new(&benchmark, &Closure::default()).expect("81 x 50 calibrates");
    let mut war = Instruments::of(&benchmark);
    add_points(&benchmark, &mut war, us, china, 0.30);
    add_points(&benchmark, &mut war, china, us, 0.10);
    rows.push(Row::measure(name, Some(35.0), "arrays 81x50", &calibration, &[&war]));
    python::write_arrays(&directory.join("arrays-81x50"), "arrays 81x50", &benchmark, &war);
    Some(benchmark)
}

/// The trade of the Liberation Day paper under the plain model: 194 economies, one sector.
fn one_sector(rows: &mut Vec<Row>, directory: &Path) {
    let Some(folder) = shared::shared("data/liberation-day") else { return };
    let codes = shared::Table::read(&folder.join("countries.csv")).expect("countries.csv");
    let trade = shared::Table::read(&folder.join("trade_benchmark.csv")).expect("trade_benchmark.csv");
    let tariffs = shared::Table::read(&folder.join("us_tariffs.csv")).expect("us_tariffs.csv");
    let mut benchmark = random_world(codes.rows.len(), 1);
    benchmark.input_share = None;
    benchmark.value_added_share.fill(1.0);
    benchmark.tariff_rate.fill(0.0);
    benchmark.border_value.fill(0.0);
    benchmark.sectors[0].trade_elasticity = 4.0;
    for (k, economy) in benchmark.economies.iter_mut().enumerate() {
        economy.code = codes.text(k, "iso3").to_owned();
    }
    let d = benchmark.dimensions();
    for row in 0..trade.rows.len() {
        let exporter = benchmark.economy(trade.text(row, "exporter")).expect("exporter");
        let importer = benchmark.economy(trade.text(row, "importer")).expect("importer");
        benchmark.border_value[d.cell(importer, exporter, 0)] = trade.number(row, "value");
    }
    let calibration = Calibration::new(&benchmark, &Closure::default()).expect("194 x 1 calibrates");
    let mut liberation = Instruments::of(&benchmark);
    let us = benchmark.economy("USA").expect("USA");
    for row in 0..tariffs.rows.len() {
        let exporter = benchmark.economy(tariffs.text(row, "exporter")).expect("exporter");
        liberation.tariff_rate[d.cell(us, exporter, 0)] = tariffs.number(row, "us_tariff_applied");
    }
    rows.push(Row::measure(
        "194 × 1, plain model, US tariffs of 2025",
        Some(5.0),
        "arrays 194x1",
        &calibration,
        &[&liberation],
    ));
    python::write_arrays(&directory.join("arrays-194x1"), "arrays 194x1", &benchmark, &liberation);
}

fn random_world(economies: usize, sectors: usize) -> Benchmark {
    let shape = Shape {
        economies,
        sectors,
        elasticity: (2.5, 10.0),
        zero_flows: 0.1,
        intermediates: true,
        tariff: 0.1,
        deficits: true,
    };
    world(&mut Random(81), &shape)
}

/// Time against cells, random worlds.
fn growth() {
    println!("\n| growth, random worlds | cells N²S + NS² | time | nanoseconds per cell | sweeps counted |");
    println!("|---|---|---|---|---|");
    for (n, s) in [(12, 12), (25, 25), (50, 50), (100, 50), (100, 100), (200, 100)] {
        let benchmark = random_world(n, s);
        let calibration =
            Calibration::new(&benchmark, &Closure::default()).expect("a random world calibrates");
        let mut war = Instruments::of(&benchmark);
        add_points(&benchmark, &mut war, 0, 1, 0.3);
        add_points(&benchmark, &mut war, 1, 0, 0.1);
        let solved = solve(&calibration, &war);
        let seconds = shortest(|| solve(&calibration, &war));
        let cells = n * n * s + n * s * s;
        println!(
            "| {n} × {s} | {cells} | {:.2} ms | {:.1} | {} |",
            1e3 * seconds,
            1e9 * seconds / cells as f64,
            if solved.status.is_converged() {
                solved.certificate.sweeps.to_string()
            } else {
                "not converged".to_owned()
            },
        );
    }
}

fn main() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut rows = Vec::new();
    default_world(&mut rows);
    nafta(&mut rows);
    icio(&mut rows, directory);
    one_sector(&mut rows, directory);
    let numpy = python::run(&[directory.join("arrays-81x50"), directory.join("arrays-194x1")]);
    println!("{}\n", numpy.said);
    header();
    for row in &rows {
        row.print(&numpy);
    }
    growth();
}
