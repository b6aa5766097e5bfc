//! The United States and China on the estimated world of 2022, input-output links in.

mod shared;

use detente_engine::benchmark::SectorKind;
use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{Closure, Deficits};
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::strategy::best_response::Start;
use detente_engine::strategy::cooperation::CooperationSettings;
use detente_engine::strategy::frontier::{FrontierRequest, frontier};
use detente_engine::strategy::nash::{NashSettings, nash};
use detente_engine::strategy::payoff::Game;
use detente_engine::strategy::policy::{Player, PolicyGame, PolicyKind, PolicyVariable};
use detente_engine::strategy::remembered::RememberedCurvature;

fn world() -> Option<Calibration> {
    let data = shared::benchmark(&shared::shared("benchmarks/world-2022-estimate")?);
    let zero = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let observed = Calibration::new(&data, &zero).unwrap();
    let base = observed.solve(&Instruments::of(&data), &SolveSettings::default(), None).unwrap();
    assert!(base.status.is_converged());
    let balanced = observed.rebased(&base).unwrap();
    Some(Calibration::new(&balanced, &zero).unwrap())
}

fn bilateral(c: &Calibration) -> (PolicyGame<'_>, Vec<usize>) {
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

fn game<'a>(c: &'a Calibration, movers: &[&str]) -> (PolicyGame<'a>, Vec<usize>) {
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
#[test]
fn us_china_frontier() {
    let Some(c) = world() else { return };
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
            point.status.is_converged() && point.gap <= 1e-8,
            "{:?} {:e} {:e}",
            point.status,
            point.gap,
            point.projected_gradient
        );
    }
}

/// Both sides, all goods sectors, all partners; certified, and 1,000 random perturbations gain nothing.
#[test]
fn us_china_war_is_an_equilibrium() {
    let Some(c) = world() else { return };
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
