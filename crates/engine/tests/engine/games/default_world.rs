//! The United States and China on the estimated world of 2022, input-output links in.

use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::games::bargaining::{Talks, bargain};
use detente_engine::games::best_response::{Start, best_response};
use detente_engine::games::cooperation::{CooperationSettings, Table, cooperate};
use detente_engine::games::frontier::{FrontierRequest, frontier};
use detente_engine::games::known_points::KnownPoints;
use detente_engine::games::nash::{NashSettings, nash};
use detente_engine::games::payoff::{Game, PayoffScale};
use detente_engine::games::policy::{Player, PolicyGame, PolicyKind, PolicyVariable};
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::games::remembered::RememberedCurvature;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;
use detente_testkit::needs;

/// The default world that the program carries, balanced.
fn default_world() -> Solver {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/benchmark/world-2022");
    balanced(detente_testkit::benchmark(&folder))
}

fn world() -> Solver {
    balanced(detente_testkit::benchmark(&detente_testkit::shared("benchmarks/world-2022-estimate")))
}

fn balanced(data: Benchmark) -> Solver {
    let zero = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let observed = Solver::new(&data, &zero).unwrap();
    let base =
        observed.solve(Instruments::of(&data), &SolveSettings::default(), None).unwrap().solved().unwrap();
    Solver::new(observed.rebased(&base).unwrap(), &zero).unwrap()
}

fn bilateral(c: &Solver) -> (PolicyGame<'_>, Vec<usize>) {
    let (both, seats) = game(c, &["USA", "CHN"]);
    let d = c.dimensions;
    let policies =
        both.policies().iter().filter(|p| seats.contains(&d.cell_of(p.cells[0].0).1)).cloned().collect();
    let players = (0..d.economies)
        .map(|j| Player {
            code: c.benchmark.economies[j].code.clone(),
            objective: Objective::log(Outcome::Welfare, j),
        })
        .collect();
    (PolicyGame::new(c, Instruments::of(&c.benchmark), players, policies).unwrap(), seats)
}

fn game<'a>(c: &'a Solver, movers: &[&str]) -> (PolicyGame<'a>, Vec<usize>) {
    let b = &c.benchmark;
    let d = c.dimensions;
    let players: Vec<Player> = (0..d.economies)
        .map(|j| Player { code: b.economies[j].code.clone(), objective: Objective::log(Outcome::Welfare, j) })
        .collect();
    let seats: Vec<usize> = movers.iter().map(|m| b.economy(m).unwrap()).collect();
    let mut policies = Vec::new();
    for j in &seats {
        for (s, sector) in b.sectors.iter().enumerate() {
            if sector.kind != SectorKind::Services {
                for i in (0..d.economies).filter(|i| i != j) {
                    if b.border_value[d.cell(*j, i, s)] > 0.0 {
                        policies.push(PolicyVariable {
                            player: *j,
                            kind: PolicyKind::Tariff,
                            cells: vec![(d.cell(*j, i, s), 0.0)],
                            bounds: (0.0, 11.0_f64.ln()),
                        });
                    }
                }
            }
        }
    }
    (PolicyGame::new(c, Instruments::of(b), players, policies).unwrap(), seats)
}

/// Forty-one points of the frontier in forty bilateral tariffs, curvature remembered.
#[needs("benchmarks/world-2022-estimate")]
#[test]
fn us_china_frontier() {
    let c = world();
    let (mut game, seats) = bilateral(&c);
    let sides = [seats[0], seats[1]];
    let today = game.today();
    let start = Start::new("today", today.clone());
    let war = nash(&mut game, &seats, &today, &[], &NashSettings::default()).unwrap();
    let chosen: Vec<usize> = (0..today.len()).collect();
    let clock = std::time::Instant::now();
    let mut remembered = RememberedCurvature::new(&mut game, chosen, seats.clone());
    let request = FrontierRequest { sides, floor: None, points: 41 };
    let settings = CooperationSettings { gap_tolerance: 1e-9, ..CooperationSettings::default() };
    let starts = [start, Start::new("war", war.point.clone())];
    let line = frontier(&mut remembered, &request, &starts, &settings).unwrap();
    println!(
        "{:.2} s, {:?}, {} gradients",
        clock.elapsed().as_secs_f64(),
        line.effort,
        remembered.gradients_taken
    );
    for pair in line.points.windows(2) {
        assert!(
            pair[1].payoffs[sides[0]] > pair[0].payoffs[sides[0]]
                && pair[1].payoffs[sides[1]] < pair[0].payoffs[sides[1]]
        );
    }
    for point in &line.points {
        assert!(
            point.certificate.status.is_converged() && point.gap <= 1e-8,
            "{:?} {:e} {:e}",
            point.certificate.status,
            point.gap,
            point.certificate.projected_gradient
        );
    }
}

/// Both sides, all goods sectors, all partners; certified, and 1,000 random perturbations gain nothing.
#[needs("benchmarks/world-2022-estimate")]
#[test]
fn us_china_war_is_an_equilibrium() {
    let c = world();
    let (mut game, seats) = game(&c, &["USA", "CHN"]);
    let today = game.today();
    assert_eq!(today.len(), 916, "four goods flows of 920 are not traded at all");
    let mut base = vec![0.0; c.dimensions.economies];
    game.evaluate(&today, &mut base).unwrap();
    let free = Start::new("free trade", vec![0.0; today.len()]);
    let war = nash(&mut game, &seats, &today, &[free], &NashSettings::default()).unwrap();
    println!(
        "{} rounds, {:?}, {:.0} ms, gain {:e}",
        war.rounds,
        war.certificate.effort,
        war.certificate.seconds * 1e3,
        war.certificate.best_response_gain.unwrap()
    );
    assert!(war.is_equilibrium() && war.certificate.best_response_gain.unwrap() < 1e-9);
    for j in &seats {
        println!(
            "{} {:+.4} percent",
            c.benchmark.economies[*j].code,
            100.0 * (war.payoffs[*j] - base[*j]).exp_m1()
        );
    }
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let variables = game.variables().to_vec();
    let mut payoffs = vec![0.0; c.dimensions.economies];
    for round in 0..1000 {
        let mover = seats[round % 2];
        let size = 10f64.powf(-4.0 * random());
        let mut aside = war.point.clone();
        for (u, variable) in aside.iter_mut().zip(&variables).filter(|(_, v)| v.owner == mover) {
            *u = (*u + size * (2.0 * random() - 1.0)).clamp(variable.lower, variable.upper);
        }
        game.evaluate(&aside, &mut payoffs).unwrap();
        assert!(payoffs[mover] <= war.payoffs[mover] + 1e-10);
    }
}

/// Numbers in [0, 1), the same in every run.
fn random() -> impl FnMut() -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// On the default world: 1,000 random feasible perturbations raise neither the mover's payoff at a best response or at the war, nor the smallest gain
/// at an agreement, nor the criterion at a bargain.
#[test]
fn no_random_perturbation_improves_on_the_default_world() {
    let c = default_world();
    let mut draw = random();
    let mut shaken = |game: &PolicyGame, point: &[f64], movers: &[usize]| -> Vec<f64> {
        let size = 10f64.powf(-4.0 * draw());
        (point.iter().zip(game.variables()))
            .map(|(u, variable)| {
                let step = size * (2.0 * draw() - 1.0);
                if movers.contains(&variable.owner) {
                    (u + step).clamp(variable.lower, variable.upper)
                } else {
                    *u
                }
            })
            .collect()
    };
    let mut payoffs = vec![0.0; c.dimensions.economies];

    let (mut wide, seats) = game(&c, &["USA", "CHN"]);
    let today = wide.today();
    let start = [Start::new("today", today.clone())];
    let alone = best_response(&mut wide, seats[0], &today, &start, &SearchSettings::default()).unwrap();
    let war = nash(&mut wide, &seats, &today, &[], &NashSettings::default()).unwrap();
    for round in 0..1000 {
        let aside = shaken(&wide, &alone.point, &seats[..1]);
        wide.evaluate(&aside, &mut payoffs).unwrap();
        assert!(payoffs[seats[0]] <= alone.payoffs[seats[0]] + 1e-10);
        let mover = seats[round % 2];
        let aside = shaken(&wide, &war.point, &[mover]);
        wide.evaluate(&aside, &mut payoffs).unwrap();
        assert!(payoffs[mover] <= war.payoffs[mover] + 1e-10);
    }

    let (mut narrow, _) = bilateral(&c);
    let today = narrow.today();
    let war = nash(&mut narrow, &seats, &today, &[], &NashSettings::default()).unwrap();
    let start = [Start::new("war", war.point.clone())];
    let table = Table::equal_gains(&seats, &war.payoffs);
    let peace = cooperate(&mut narrow, &table, &start, &CooperationSettings::default()).unwrap();
    let talks = Talks {
        sides: [seats[0], seats[1]],
        disagreement: war.payoffs.clone(),
        disagreement_point: war.point.clone(),
        power: [0.5, 0.5],
        scale: PayoffScale::Logarithm,
    };
    let deal = bargain(&mut narrow, &talks, &[], &CooperationSettings::default()).unwrap().points.unwrap();
    let gain = |payoffs: &[f64], j: usize| payoffs[j] - war.payoffs[j];
    let rises = deal.kalai_smorodinsky.gain;
    let towards = |payoffs: &[f64]| {
        let at = &deal.kalai_smorodinsky.payoffs;
        seats.iter().map(|j| gain(payoffs, *j) / gain(at, *j) * rises).fold(f64::INFINITY, f64::min)
    };
    for _ in 0..1000 {
        let aside = shaken(&narrow, &peace.point, &seats);
        narrow.evaluate(&aside, &mut payoffs).unwrap();
        let smallest = seats.iter().map(|j| gain(&payoffs, *j)).fold(f64::INFINITY, f64::min);
        assert!(smallest <= peace.gain + 1e-8, "{smallest:e} {:e}", peace.gain);
        let aside = shaken(&narrow, &deal.nash.point, &seats);
        narrow.evaluate(&aside, &mut payoffs).unwrap();
        let gains: Vec<f64> = seats.iter().map(|j| gain(&payoffs, *j).exp_m1()).collect();
        if gains.iter().all(|g| *g > 0.0) {
            assert!(0.5 * (gains[0].ln() + gains[1].ln()) <= deal.nash.value + 1e-10);
        }
        let aside = shaken(&narrow, &deal.kalai_smorodinsky.point, &seats);
        narrow.evaluate(&aside, &mut payoffs).unwrap();
        assert!(towards(&payoffs) <= rises + 1e-8, "{:e} {rises:e}", towards(&payoffs));
    }
}

/// One rate a side on the default world, from rates far above the war's: there a point is stationary whose multipliers would let one side
/// off the line, to gain less than it. Equal gains are equal.
#[test]
fn equal_gains_are_equal_from_rates_far_above_the_war() {
    let c = default_world();
    let (both, seats) = bilateral(&c);
    let d = c.dimensions;
    let policies = seats
        .iter()
        .map(|j| PolicyVariable {
            player: *j,
            kind: PolicyKind::Tariff,
            cells: both.policies().iter().filter(|p| p.player == *j).flat_map(|p| p.cells.clone()).collect(),
            bounds: (0.0, 11.0_f64.ln()),
        })
        .collect();
    let players = (0..d.economies)
        .map(|j| Player {
            code: c.benchmark.economies[j].code.clone(),
            objective: Objective::log(Outcome::Welfare, j),
        })
        .collect();
    let mut one_rate = PolicyGame::new(&c, Instruments::of(&c.benchmark), players, policies).unwrap();
    let today = one_rate.today();
    let war = nash(&mut one_rate, &seats, &today, &[], &NashSettings::default()).unwrap();
    let table = Table::equal_gains(&seats, &war.payoffs);
    for rates in [[0.28_f64, 0.32], [0.5, 0.5], [0.0, 0.0]] {
        let from = Start::new("far", rates.map(f64::ln_1p).to_vec());
        let mut remembered = RememberedCurvature::new(&mut one_rate, vec![0, 1], seats.clone());
        let deal = cooperate(&mut remembered, &table, &[from], &CooperationSettings::default()).unwrap();
        for j in &seats {
            let gain = deal.payoffs[*j] - war.payoffs[*j];
            assert!(gain >= deal.gain - 1e-8, "{rates:?}: {gain:e} below {:e}", deal.gain);
        }
    }
}

/// A point asked again is read and not solved, by this game and by another with the same rules, to the last bit; a game with other rules knows
/// nothing of it.
#[test]
fn a_point_is_solved_once() {
    let c = default_world();
    let known = KnownPoints::new();
    let done = || (c.control().work.solves(), c.control().work.transposed());
    let (first, seats) = bilateral(&c);
    let mut first = first.remembering(&known);
    let today = first.today();
    let aside: Vec<f64> = today.iter().map(|u| u + 0.01).collect();
    let n = c.dimensions.economies;
    let mut weights = vec![0.0; n];
    weights[seats[0]] = 1.0;
    let ask = |game: &mut PolicyGame<'_>| {
        let (mut there, mut back, mut slope) = (vec![0.0; n], vec![0.0; n], vec![0.0; today.len()]);
        game.evaluate(&aside, &mut there).unwrap();
        game.evaluate(&today, &mut back).unwrap();
        game.evaluate(&aside, &mut there).unwrap();
        game.gradient(&weights, &mut slope).unwrap();
        (there, back, slope, game.residual())
    };
    let before = done();
    let found = ask(&mut first);
    let once = done();
    assert!(once.0 - before.0 <= 3 && once.1 - before.1 == 1, "{before:?} {once:?}");
    let (again, _) = bilateral(&c);
    assert_eq!(ask(&mut again.remembering(&known)), found);
    assert_eq!(done(), once, "all of it was known");
    let copy = known.clone();
    let (again, _) = bilateral(&c);
    assert_eq!(ask(&mut again.remembering(&copy)), found);
    assert_eq!(done(), once);
    // The same policies with other bounds are another game.
    let (other, _) = bilateral(&c);
    let policies =
        other.policies().iter().map(|policy| PolicyVariable { bounds: (0.0, 1.0), ..policy.clone() });
    let players = (0..n).map(|j| Player {
        code: c.benchmark.economies[j].code.clone(),
        objective: Objective::log(Outcome::Welfare, j),
    });
    let other =
        PolicyGame::new(&c, Instruments::of(&c.benchmark), players.collect(), policies.collect()).unwrap();
    ask(&mut other.remembering(&known));
    assert!(done().0 > once.0 && done().1 > once.1);
}
