//! Speed of the games, measured: `docs/reference/strategy-speed.md` from one run.
//!
//!     cargo bench -p detente-engine --bench strategy
//!
//! Times are this thread's own processor time where the system tells it. Every task starts from today's tariffs with nothing remembered and ends with
//! its certificate, which is timed with it. Anchors are the design's: other programs on other machines, so that ratios to them say
//! an order of magnitude. Benchmarks that need `../shared` are skipped, and said to be, where it is missing. Nothing here decides
//! a test.
#![allow(missing_docs)]

use std::path::Path;
use std::time::Instant;

use detente_engine::benchmark::SectorKind;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::games::best_response::{Start, best_response};
use detente_engine::games::certificate::Effort;
use detente_engine::games::cooperation::{CooperationSettings, Table, cooperate};
use detente_engine::games::frontier::{FrontierRequest, frontier};
use detente_engine::games::nash::{NashPoint, NashSettings, nash};
use detente_engine::games::policy::{Player, PolicyGame, PolicyKind, PolicyVariable};
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::games::remembered::RememberedCurvature;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;

fn thread_seconds(begin: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .map_or_else(|| begin.elapsed().as_secs_f64(), |nanoseconds| 1e-9 * nanoseconds)
}

/// Runs a task in some batches, each long beside the clock's grain; the shortest time of one run and the last answer.
fn timed<T>(batches: usize, mut task: impl FnMut() -> T) -> (f64, T) {
    let begin = Instant::now();
    let mut batch = || {
        let (clock, wall) = (thread_seconds(begin), Instant::now());
        let (mut runs, mut answer) = (1, task());
        while wall.elapsed().as_secs_f64() < 0.3 {
            answer = task();
            runs += 1;
        }
        ((thread_seconds(begin) - clock) / f64::from(runs), answer)
    };
    let (mut best, mut answer) = batch();
    for _ in 1..batches {
        let (seconds, again) = batch();
        best = best.min(seconds);
        answer = again;
    }
    (best, answer)
}

/// One line of the table.
struct Row {
    task: &'static str,
    seconds: f64,
    goal: f64,
    /// What other programs took, seconds, and who.
    anchors: &'static [(f64, &'static str)],
    responses: Option<usize>,
    effort: Effort,
    note: String,
}

fn print(row: &Row) {
    let span = |s: f64| match s {
        s if s < 0.01 => format!("{:.2} ms", 1e3 * s),
        s if s < 1.0 => format!("{:.0} ms", 1e3 * s),
        s if s < 100.0 => format!("{s:.2} s"),
        s => format!("{s:.0} s"),
    };
    let anchors: Vec<String> = row
        .anchors
        .iter()
        .map(|(seconds, who)| format!("{who} {}, {:.0} x", span(*seconds), seconds / row.seconds))
        .collect();
    println!(
        "| {} | {} | {}{} | {} | {} | {} | {} | {} | {} |",
        row.task,
        span(row.seconds),
        span(row.goal),
        if row.seconds <= row.goal { "" } else { " (missed)" },
        if anchors.is_empty() { "none exists".to_owned() } else { anchors.join("; ") },
        row.effort.evaluations,
        row.effort.gradients,
        row.effort.curvature_products,
        row.responses.map_or("–".to_owned(), |n| format!("{:.1}", row.effort.gradients as f64 / n as f64)),
        row.note
    );
}

/// Best responses of a war: rounds, and one re-optimisation per player and start of the certificate.
fn responses(war: &NashPoint) -> usize {
    war.rounds * war.players.len() + war.certificate.starts
}

fn war_note(war: &NashPoint) -> String {
    format!(
        "{} rounds, last change {:.0e}, gain left {:.0e}, projected gradient {:.0e}",
        war.rounds,
        war.last_change,
        war.certificate.best_response_gain.unwrap_or(f64::NAN),
        war.certificate.projected_gradient
    )
}

fn seven_regions_rows() {
    for (politics, war, one, peace) in [
        (
            false,
            "Ossa's world trade war, 7 × 33, 1,386 tariffs",
            "one region's optimum, 198 tariffs",
            "cooperative tariffs, 1,386",
        ),
        (
            true,
            "the same with political weights",
            "the same with political weights",
            "the same with political weights",
        ),
    ] {
        if detente_testkit::find_shared("benchmarks/ossa-7x33").is_none() {
            return;
        }
        let world = detente_testkit::seven_regions::World::new(politics);
        let mut game = world.game();
        let everybody: Vec<usize> = (0..7).collect();
        let start = if politics {
            let (_, all) = world.mfn_optima();
            game.point_of(&all)
        } else {
            game.point_of(&world.markup_start())
        };
        let (seconds, found) =
            timed(5, || nash(&mut game, &everybody, &start, &[], &NashSettings::default()).unwrap());
        print(&Row {
            task: war,
            seconds,
            goal: 1.0,
            anchors: if politics { &[] } else { &[(3600.0, "Octave"), (11.5, "numpy")] },
            responses: Some(responses(&found)),
            effort: found.certificate.effort,
            note: war_note(&found),
        });
        let today = game.point_of(game.economy().log_tariff_factor_of_data());
        let usa = world.data.economy("USA").unwrap_or(0);
        let starts = [Start::new("start", start.clone())];
        let (seconds, best) =
            timed(5, || best_response(&mut game, usa, &today, &starts, &SearchSettings::default()).unwrap());
        print(&Row {
            task: one,
            seconds,
            goal: 0.05,
            anchors: if politics { &[] } else { &[(101.0, "Octave"), (0.5, "numpy")] },
            responses: Some(1),
            effort: best.certificate.effort,
            note: format!("projected gradient {:.0e}", best.certificate.projected_gradient),
        });
        let table = Table::equal_gains(&everybody, &found.payoffs);
        let begin = [Start::new("war", found.point.clone())];
        let (seconds, deal) =
            timed(3, || cooperate(&mut game, &table, &begin, &CooperationSettings::default()).unwrap());
        print(&Row {
            task: peace,
            seconds,
            goal: 2.0,
            anchors: if politics { &[] } else { &[(9.0, "numpy")] },
            responses: None,
            effort: deal.certificate.effort,
            note: format!(
                "common gain {:.4} percent, gap {:.0e}, projected gradient {:.0e}",
                100.0 * deal.gain.exp_m1(),
                deal.gap,
                deal.certificate.projected_gradient
            ),
        });
    }
}

fn balanced_world() -> Solver {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/benchmark/world-2022");
    let data = detente_testkit::benchmark(&folder);
    let zero = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let observed = Solver::new(&data, &zero).unwrap();
    let base =
        observed.solve(Instruments::of(&data), &SolveSettings::default(), None).unwrap().solved().unwrap();
    Solver::new(observed.rebased(&base).unwrap(), &zero).unwrap()
}

/// Tariffs of some economies on goods of all partners, or of each other.
fn game<'a>(c: &'a Solver, seats: &[usize], each_other: bool) -> PolicyGame<'a> {
    let (b, d) = (&c.benchmark, c.dimensions);
    let players = (0..d.economies)
        .map(|j| Player { code: b.economies[j].code.clone(), objective: Objective::log(Outcome::Welfare, j) })
        .collect();
    let goods = (0..d.sectors).filter(|s| b.sectors[*s].kind != SectorKind::Services);
    let policies = goods
        .flat_map(|s| seats.iter().flat_map(move |j| (0..d.economies).map(move |i| (*j, i, s))))
        .filter(|(j, i, s)| {
            i != j && (!each_other || seats.contains(i)) && b.border_value[d.cell(*j, *i, *s)] > 0.0
        })
        .map(|(j, i, s)| PolicyVariable {
            player: j,
            kind: PolicyKind::Tariff,
            cells: vec![(d.cell(j, i, s), 0.0)],
            bounds: (0.0, 11.0_f64.ln()),
        })
        .collect();
    PolicyGame::new(c, Instruments::of(b), players, policies).unwrap()
}

fn world_rows() {
    let c = balanced_world();
    let seats = ["USA", "CHN"].map(|code| c.benchmark.economy(code).unwrap());
    let (seconds, war) = timed(3, || {
        let mut both = game(&c, &seats, false);
        let today = both.today();
        nash(&mut both, &seats, &today, &[], &NashSettings::default()).unwrap()
    });
    print(&Row {
        task: "US–China Nash on the default world, all goods sectors, all partners, 920 tariffs (916 flows exist)",
        seconds,
        goal: 2.0,
        anchors: &[],
        responses: Some(responses(&war)),
        effort: war.certificate.effort,
        note: war_note(&war),
    });
    let everybody: Vec<usize> = (0..c.dimensions.economies).collect();
    let (seconds, war) = timed(1, || {
        let mut all = game(&c, &everybody, false);
        let today = all.today();
        nash(&mut all, &everybody, &today, &[], &NashSettings::default()).unwrap()
    });
    print(&Row {
        task: "all 24 economies at war, 11,040 tariffs",
        seconds,
        goal: 60.0,
        anchors: &[],
        responses: Some(responses(&war)),
        effort: war.certificate.effort,
        note: war_note(&war),
    });
    let (seconds, line) = timed(3, || {
        let mut both = game(&c, &seats, true);
        let today = both.today();
        let chosen: Vec<usize> = (0..today.len()).collect();
        let war = nash(&mut both, &seats, &today, &[], &NashSettings::default()).unwrap();
        let mut remembered = RememberedCurvature::new(&mut both, chosen, seats.to_vec());
        let request = FrontierRequest { sides: seats, floor: None, points: 41 };
        let starts = [Start::new("today", today), Start::new("war", war.point)];
        let search = SearchSettings { step_tolerance: 1e-8, ..SearchSettings::default() };
        let settings = CooperationSettings { gap_tolerance: 1e-9, search, ..CooperationSettings::default() };
        frontier(&mut remembered, &request, &starts, &settings).unwrap()
    });
    let widest = line.points.iter().fold(0.0_f64, |m, point| m.max(point.gap));
    let open = line.points.iter().filter(|point| !point.certificate.status.is_converged()).count();
    print(&Row {
        task: "frontier of 41 points, US–China, 40 tariffs on each other",
        seconds,
        goal: 10.0,
        anchors: &[],
        responses: None,
        effort: line.effort,
        note: format!("largest distance from the line {widest:.0e}, {open} not converged"),
    });
}

fn main() {
    println!(
        "# Speed of the games\n\nOne run of `cargo bench -p detente-engine --bench strategy`, one thread, its own processor time, the shortest of some runs. \
         Every task starts with nothing remembered and ends with its certificate. Anchors are other programs on other machines (the Octave \
         figures are the article's own code): ratios to them say an order of magnitude.\n\n\
         | task | time | goal | anchor, ratio | equilibria | gradients | products with curvature | gradients per best response | how well |\n\
         |---|---|---|---|---|---|---|---|---|"
    );
    seven_regions_rows();
    world_rows();
    println!(
        "\nWithout intermediates a game is played on wages and incomes alone and its products with the second derivative are analytic; with them a \
         product is a difference of two exact gradients, and along a frontier the curvature is remembered (a gradient of every player and \
         variable once, corrected as the search goes)."
    );
}
