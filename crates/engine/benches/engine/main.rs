//! The engine's speed and memory, measured: the table of the README, from one run.
//!
//!     cargo bench -p detente-engine --bench engine                # prints the page
//!     cargo bench -p detente-engine --bench engine -- --write     # and writes it to docs/reference/speed.md
//!
//! Times are medians, on one thread (its own processor time where the system tells it), from ready instruments to a
//! solution with every residual below 1e-12; reading files is not timed. Beside each stand the work counted by the solver, the cost in *sweeps* (one sweep is
//! one plain evaluation of the price map and of the expenditure map, timed here in the same run), and the ratio to
//! `benches/numpy_reference.py`, run by the same program where `python3` with numpy is found. Benchmarks that need
//! `../shared` are skipped, and said to be, where it is missing. Nothing here decides a test.
#![allow(missing_docs, unsafe_code)]

mod clock;
mod memory;
mod page;
mod python;
mod sweep;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clock::{median, thread_seconds};

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{ByUsingSector, Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;
use detente_testkit::random::{Random, Shape, world};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// From the data, or from an equilibrium already solved.
fn solve(calibration: &Solver, instruments: &Arc<Instruments>, start: Option<&Equilibrium>) -> Equilibrium {
    calibration
        .solve(Arc::clone(instruments), &SolveSettings::default(), start)
        .expect("the benchmark's own question is well put")
        .solved()
        .expect("it is solved")
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

/// One outcome's gradient in all instruments: its time, and over that of the solve that it belongs to.
fn gradient(calibration: &Solver, instruments: &Arc<Instruments>, economy: usize) -> (f64, f64) {
    let equilibrium = solve(calibration, instruments, None);
    let objective = Objective::log(Outcome::Welfare, economy);
    let solving = median(|| solve(calibration, instruments, None));
    let differentiating =
        median(|| detente_engine::gradient::gradient(calibration, &equilibrium, &objective));
    (differentiating, differentiating / solving)
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
    sweep_seconds: f64,
    /// Doubles asked for at most beside the benchmark and the instruments, by calibration and solution together.
    memory: usize,
    /// 4 N²S + 2 NS².
    memory_goal: usize,
    numpy_key: String,
}

impl Row {
    fn measure(
        case: &str,
        goal_ms: Option<f64>,
        numpy_key: &str,
        benchmark: &Arc<Benchmark>,
        closure: &Closure,
        instruments: &[&Instruments],
    ) -> Self {
        let instruments: Vec<Arc<Instruments>> =
            instruments.iter().map(|i| Arc::new(Instruments::clone(i))).collect();
        // Each from the one before, as a counterfactual is from its baseline.
        let all = |calibration: &Solver| {
            let mut solved: Vec<Equilibrium> = Vec::with_capacity(instruments.len());
            for instruments in &instruments {
                let next = solve(calibration, instruments, solved.last());
                solved.push(next);
            }
            solved
        };
        let ((calibration, solved), peak) = memory::peak(|| {
            let calibration = Solver::new(Arc::clone(benchmark), closure).expect("the benchmark calibrates");
            let solved = all(&calibration);
            (calibration, solved)
        });
        let seconds = median(|| all(&calibration));
        let d = benchmark.dimensions();
        let mut plain = sweep::PlainSweep::new(benchmark);
        let certificates = || solved.iter().map(|e| &e.certificate);
        Self {
            case: case.to_owned(),
            seconds,
            goal: goal_ms.map(|ms| 1e-3 * ms),
            sweeps_counted: certificates().map(|c| c.sweeps).sum(),
            evaluations: certificates().map(|c| c.evaluations).sum(),
            steps: certificates().map(|c| c.iterations).sum(),
            residual: certificates().map(|c| c.max_residual()).fold(0.0, f64::max),
            sweep_seconds: median(|| plain.run()),
            memory: peak / 8,
            memory_goal: 4 * d.cells() + 2 * d.inputs(),
            numpy_key: numpy_key.to_owned(),
        }
    }
}

/// The default world: prices of a counterfactual, of a prohibitive one, throughput, memory.
fn default_world(page: &mut page::Page) {
    let Some(folder) = detente_testkit::find_shared("benchmarks/world-2022-estimate") else { return };
    let benchmark = Arc::new(detente_testkit::benchmark(&folder));
    let inputs = Closure {
        input_elasticity: ByUsingSector::of_all(0.1),
        value_added_elasticity: ByUsingSector::of_all(0.3),
        ..Closure::default()
    };
    let (fixed, balanced) = (Closure::default(), Closure { deficits: Deficits::Zero, ..Closure::default() });
    let (us, china) = (benchmark.economy("USA").expect("USA"), benchmark.economy("CHN").expect("CHN"));
    let data = Instruments::of(&benchmark);
    let mut war = data.clone();
    add_points(&benchmark, &mut war, us, china, 0.30);
    add_points(&benchmark, &mut war, china, us, 0.10);
    let mut ten = data.clone();
    add_points(&benchmark, &mut ten, us, china, 0.10);
    let at = |rate: f64| {
        let mut instruments = data.clone();
        on_everything(&benchmark, &mut instruments, rate);
        instruments
    };
    let (free, high, prohibitive) = (at(0.0), at(1.0), at(10.0));
    for (case, goal, key, closure, instruments) in [
        ("default world 24 × 28, US +30, China +10", Some(1.5), "world-2022 us30-chn10 fixed", &fixed, &war),
        ("the same, inputs substitute (0.1 between them, 0.3 over value added)", None, "", &inputs, &war),
        ("default world, US +10 on China", None, "", &fixed, &ten),
        ("default world, free trade", None, "", &fixed, &free),
        ("default world, 100 % on everything", None, "world-2022 all-100 fixed", &fixed, &high),
        (
            "default world, 1,000 % on everything, zero deficits",
            None,
            "world-2022 all-1000 zero",
            &balanced,
            &prohibitive,
        ),
    ] {
        page.rows.push(Row::measure(case, goal, key, &benchmark, closure, &[instruments]));
    }
    page.inputs = Some(page.rows[1].seconds / page.rows[0].seconds);
    let calibration = Solver::new(Arc::clone(&benchmark), &fixed).expect("the default world calibrates");
    page.gradient = Some(gradient(&calibration, &Arc::new(war), us));
    page.throughput = Some(throughput(&calibration, &benchmark, us));
}

/// Solves per second of two threads that share one calibration, each scenario another tariff: by the clock on the wall,
/// and by the threads' own processor time.
fn throughput(calibration: &Solver, benchmark: &Benchmark, importer: usize) -> (f64, f64) {
    let n = benchmark.economies.len();
    let limit = Duration::from_millis(1500);
    let clock = Instant::now();
    let done: Vec<(usize, f64)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|thread| {
                scope.spawn(move || {
                    let begin = thread_seconds();
                    let mut instruments = Instruments::of(benchmark);
                    let mut done = 0;
                    while clock.elapsed() < limit {
                        instruments.tariff_rate.clone_from(&benchmark.tariff_rate);
                        let exporter = (importer + 1 + (2 * done + thread) % (n - 1)) % n;
                        let points = 0.01 + 0.001 * (done % 300) as f64;
                        add_points(benchmark, &mut instruments, importer, exporter, points);
                        let solved = calibration.solve(&instruments, &SolveSettings::default(), None);
                        assert!(solved.is_ok_and(|solved| solved.is_solved()));
                        done += 1;
                    }
                    (done, thread_seconds() - begin)
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
    let Some(folder) = detente_testkit::find_shared("benchmarks/nafta-1993") else { return };
    let benchmark = Arc::new(detente_testkit::benchmark(&folder));
    let closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let before = Instruments::of(&benchmark);
    let mut after = before.clone();
    detente_testkit::set_tariffs(
        &benchmark,
        &folder.join("scenarios/nafta-tariffs-2005.csv"),
        &mut after.tariff_rate,
    );
    let key = "nafta-1993 baseline and counterfactual";
    rows.push(Row::measure(
        "NAFTA 31 × 40, baseline and counterfactual",
        Some(6.0),
        key,
        &benchmark,
        &closure,
        &[&before, &after],
    ));
}

/// ICIO's size with real trade shares, or a random world of that size where python or the data are missing.
fn icio(rows: &mut Vec<Row>, directory: &Path) {
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
    let benchmark = Arc::new(benchmark);
    let mut war = Instruments::of(&benchmark);
    add_points(&benchmark, &mut war, us, china, 0.30);
    add_points(&benchmark, &mut war, china, us, 0.10);
    rows.push(Row::measure(name, Some(35.0), "arrays 81x50", &benchmark, &Closure::default(), &[&war]));
    python::write_arrays(&directory.join("arrays-81x50"), "arrays 81x50", &benchmark, &war);
}

/// The trade of the Liberation Day paper under the plain model: 194 economies, one sector.
fn one_sector(rows: &mut Vec<Row>, directory: &Path) {
    let Some(folder) = detente_testkit::find_shared("data/liberation-day") else { return };
    let codes = detente_testkit::Table::read(&folder.join("countries.csv")).expect("countries.csv");
    let trade =
        detente_testkit::Table::read(&folder.join("trade_benchmark.csv")).expect("trade_benchmark.csv");
    let tariffs = detente_testkit::Table::read(&folder.join("us_tariffs.csv")).expect("us_tariffs.csv");
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
    let benchmark = Arc::new(benchmark);
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
        &benchmark,
        &Closure::default(),
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
fn growth(page: &mut page::Page) {
    for (n, s) in [(12, 12), (25, 25), (50, 50), (100, 50), (100, 100), (200, 100)] {
        let benchmark = Arc::new(random_world(n, s));
        let mut war = Instruments::of(&benchmark);
        add_points(&benchmark, &mut war, 0, 1, 0.3);
        add_points(&benchmark, &mut war, 1, 0, 0.1);
        let case = format!("{n} × {s}");
        let row = Row::measure(&case, None, "", &benchmark, &Closure::default(), &[&war]);
        page.growth.push((n * n * s + n * s * s, row));
    }
}

/// Puts the table of solves between its marks.
fn renew_readme(file: &Path, table: &str) {
    let (open, close) = ("<!-- speed -->\n", "<!-- /speed -->");
    let readme = std::fs::read_to_string(file).expect("the README can be read");
    let start = readme.find(open).expect("the mark of the table") + open.len();
    let end = start + readme[start..].find(close).expect("the mark of its end");
    let renewed = format!("{}{table}{}", &readme[..start], &readme[end..]);
    std::fs::write(file, renewed).expect("the README can be written");
}

fn main() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut page = page::Page::default();
    default_world(&mut page);
    nafta(&mut page.rows);
    icio(&mut page.rows, directory);
    one_sector(&mut page.rows, directory);
    page.numpy = python::run(&[directory.join("arrays-81x50"), directory.join("arrays-194x1")]);
    growth(&mut page);
    let text = page.text();
    print!("{text}");
    if std::env::args().any(|argument| argument == "--write") {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::fs::write(root.join("docs/reference/speed.md"), &text)
            .expect("docs/reference/speed.md can be written");
        renew_readme(&root.join("README.md"), &page::first_table(&text));
    }
}
