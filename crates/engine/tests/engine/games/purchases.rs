//! Purchase commitments as levels: what they are worth, against the rates below zero that buy as much, and against differences.

use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::games::best_response::{Start, best_response};
use detente_engine::games::payoff::Game;
use detente_engine::games::policy::{Player, PolicyGame, PolicyKind, PolicyVariable};
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;

/// The default world that the program carries, balanced.
fn world() -> Solver {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/benchmark/world-2022");
    let data = detente_testkit::benchmark(&folder);
    let zero = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let observed = Solver::new(&data, &zero).unwrap();
    let base =
        observed.solve(Instruments::of(&data), &SolveSettings::default(), None).unwrap().solved().unwrap();
    Solver::new(observed.rebased(&base).unwrap(), &zero).unwrap()
}

/// Flows of some sectors from one economy to another.
fn flows(c: &Solver, importer: &str, exporter: &str, sectors: &[&str]) -> Vec<(usize, f64)> {
    let b = &c.benchmark;
    let at = |code: &str| b.economy(code).unwrap();
    sectors
        .iter()
        .map(|s| (c.dimensions.cell(at(importer), at(exporter), b.sector(s).unwrap()), 0.0))
        .collect()
}

fn game<'a>(c: &'a Solver, policies: Vec<PolicyVariable>) -> PolicyGame<'a> {
    let players = c.benchmark.economies.iter().enumerate();
    let players = players
        .map(|(j, e)| Player { code: e.code.clone(), objective: Objective::log(Outcome::Welfare, j) })
        .collect();
    PolicyGame::new(c, Instruments::of(&c.benchmark), players, policies).unwrap()
}

fn variable(
    c: &Solver,
    player: &str,
    kind: PolicyKind,
    cells: Vec<(usize, f64)>,
    bounds: (f64, f64),
) -> PolicyVariable {
    PolicyVariable { player: c.benchmark.economy(player).unwrap(), kind, cells, bounds }
}

fn payoffs(game: &mut PolicyGame, point: &[f64]) -> Vec<f64> {
    let mut payoffs = vec![0.0; game.players().len()];
    game.evaluate(point, &mut payoffs).unwrap();
    payoffs
}

/// One flow: a commitment is the rate below zero that buys as much; the buyer pays, and alone it would commit to nothing.
#[test]
fn a_commitment_on_one_flow_is_the_subsidy_that_buys_as_much() {
    let c = world();
    let farm = flows(&c, "CHN", "USA", &["AGR"]);
    let mut bought = game(&c, vec![variable(&c, "CHN", PolicyKind::Purchases, farm.clone(), (0.0, 10.0))]);
    let mut priced = game(&c, vec![variable(&c, "CHN", PolicyKind::Tariff, farm.clone(), (-0.7, 2.4))]);
    let (none, today) = (payoffs(&mut bought, &[0.0]), bought.today());
    assert_eq!(today, [0.0]);
    assert_eq!(payoffs(&mut bought, &[0.4]), none, "a commitment that the market exceeds asks for nothing");
    let (seller, buyer) = (c.benchmark.economy("USA").unwrap(), c.benchmark.economy("CHN").unwrap());
    for times in [1.2, 2.0, 3.5] {
        let held = payoffs(&mut bought, &[times]);
        let at = bought.equilibrium(&[times]).unwrap();
        let flow = at.border_value[farm[0].0];
        let asked = times * c.benchmark.border_value[farm[0].0];
        assert!((flow / asked - 1.0).abs() < 1e-9, "{flow} against {asked}");
        let log_rate = c.benchmark.tariff_rate[farm[0].0].ln_1p() - bought.commitment_wedge(0, &at).ln_1p();
        let same = payoffs(&mut priced, &[log_rate]);
        for (a, b) in held.iter().zip(&same) {
            assert!((a - b).abs() < 1e-11, "{a} {b}");
        }
        assert!(held[seller] > none[seller] && held[buyer] < none[buyer]);
    }
    let start = [Start::new("twice as much", vec![2.0])];
    let alone = best_response(&mut bought, buyer, &[0.0], &start, &SearchSettings::default()).unwrap();
    assert!((alone.payoffs[buyer] - none[buyer]).abs() < 1e-12, "{:?}", alone.point);
}

/// Beside tariffs of the other side and with a sum of sectors as one commitment: the gradient against central differences.
#[test]
fn gradients_of_commitments_are_those_of_differences() {
    let c = world();
    let goods = ["AGR", "MIN", "CHM", "OTN"];
    let mut policies =
        vec![variable(&c, "CHN", PolicyKind::Purchases, flows(&c, "CHN", "USA", &goods), (0.0, 10.0))];
    for sector in ["ELE", "TEX"] {
        let cells = flows(&c, "USA", "CHN", &[sector]);
        policies.push(variable(&c, "USA", PolicyKind::Tariff, cells, (0.0, 2.4)));
    }
    policies.push(variable(&c, "USA", PolicyKind::Purchases, flows(&c, "USA", "CHN", &["EEQ"]), (0.0, 10.0)));
    let mut game = game(&c, policies);
    let point = [1.7, 0.05, 0.2, 1.4];
    let mut weights = vec![0.0; game.players().len()];
    weights[c.benchmark.economy("USA").unwrap()] = 0.7;
    weights[c.benchmark.economy("CHN").unwrap()] = 0.4;
    let mut gradient = vec![0.0; 4];
    payoffs(&mut game, &point);
    game.gradient(&weights, &mut gradient).unwrap();
    for k in 0..4 {
        let mut at = |h: f64| {
            let mut aside = point;
            aside[k] += h;
            payoffs(&mut game, &aside).iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>()
        };
        let h = 1e-4;
        let difference = (at(h) - at(-h)) / (2.0 * h);
        assert!(
            (gradient[k] - difference).abs() < 1e-6 * gradient[k].abs().max(1e-6),
            "variable {k}: {} against {difference}",
            gradient[k]
        );
        assert!(gradient[k].abs() > 1e-7, "the case must say something");
    }
}
