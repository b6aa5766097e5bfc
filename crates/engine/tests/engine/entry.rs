//! Economies of scale: where equilibria would hold, and where sectors move when they do not.

use detente_engine::benchmark::{Benchmark, Economy, Sector, SectorKind};
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits, MarketStructure};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::gradient::gradient;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::outcomes::compare;
use detente_engine::sensitivity::entry_root::{EntryRoot, entry_root};
use detente_engine::solver::Solver;
use detente_testkit::draw::{Case, Family, draw};
use detente_testkit::random::{Random, Shape, blank, world};
use detente_testkit::violation::violation;

fn krugman(product: f64) -> Closure {
    Closure {
        market_structure: MarketStructure::Krugman,
        scale_times_trade_elasticity: Some(product),
        deficits: Deficits::Zero,
        ..Closure::default()
    }
}

fn solve(
    benchmark: &Benchmark,
    closure: &Closure,
    instruments: &Instruments,
) -> (Solver, Equilibrium, EntryRoot) {
    let calibration = Solver::new(benchmark, closure).unwrap();
    let equilibrium =
        calibration.solve(instruments, &SolveSettings::default(), None).unwrap().solved().unwrap();
    let root = entry_root(&calibration, &equilibrium).unwrap().unwrap();
    (calibration, equilibrium, root)
}

/// Two economies alike, one sector, home share h: with `w` the wage's change and `u` the scale's in the one and their negatives in the
/// other, balance asks `w (1 + 2hθ(1+ψ)) = 2hψθ u`, and sales change by w.
#[test]
fn two_economies_alike_have_the_root_of_their_formula() {
    for (home, theta, scale) in [(0.7, 4.0, 0.25), (0.9, 8.0, 0.05), (0.55, 1.5, 0.5)] {
        let economy = |code: &str| Economy { code: code.into(), name: code.into(), members: Vec::new() };
        let sector = Sector {
            code: "goods".into(),
            name: "Goods".into(),
            kind: SectorKind::Manufacturing,
            trade_elasticity: theta,
            elasticity_of_substitution: None,
            scale_elasticity: Some(scale),
            tariff_elasticity: None,
        };
        let mut benchmark = blank("alike".into(), vec![economy("A"), economy("B")], vec![sector]);
        benchmark.border_value = vec![home, 1.0 - home, 1.0 - home, home];
        benchmark.tariff_rate = vec![0.0; 4];
        benchmark.value_added_share = vec![1.0; 2];
        let closure = Closure { scale_times_trade_elasticity: None, ..krugman(0.0) };
        let (_, _, found) = solve(&benchmark, &closure, &Instruments::of(&benchmark));
        let due = 2.0 * home * scale * theta / (1.0 + 2.0 * home * theta * (1.0 + scale));
        assert!((found.root - due).abs() < 1e-6, "{found:?} where {due} is due");
    }
}

fn draw_world(seed: u64, inputs: bool) -> Benchmark {
    let shape = Shape {
        economies: 6,
        sectors: 5,
        elasticity: (2.0, 9.0),
        zero_flows: 0.0,
        intermediates: inputs,
        tariff: 0.1,
        deficits: false,
    };
    world(&mut Random(seed), &shape)
}

/// Kucheryavyy, Lyn & Rodríguez-Clare 2023: without inputs `ψθ ≤ 1` is enough for one equilibrium, which then holds.
#[test]
fn without_inputs_no_root_exceeds_scale_times_elasticity() {
    for seed in 0..20 {
        let benchmark = draw_world(seed, false);
        for product in [0.3, 0.7, 1.0] {
            let (_, _, found) = solve(&benchmark, &krugman(product), &Instruments::of(&benchmark));
            assert!(found.root <= product + 1e-3, "seed {seed}: {found:?} above {product}");
            assert!(found.root > 0.0, "seed {seed}: {found:?}");
        }
    }
}

/// Where the root passes one the model's derivative is singular: everything responds in proportion to one over what is left.
#[test]
fn responses_grow_as_the_root_nears_one() {
    let benchmark = draw_world(3, true);
    let data = Instruments::of(&benchmark);
    let root = |product: f64| solve(&benchmark, &krugman(product), &data).2.root;
    let at = |wanted: f64| {
        let (mut low, mut high) = (0.0, 1.0);
        assert!(root(high) > 1.0, "the world is meant to pass one: {}", root(high));
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if root(middle) < wanted { low = middle } else { high = middle }
        }
        low
    };
    let largest = |product: f64| {
        let (calibration, equilibrium, _) = solve(&benchmark, &krugman(product), &data);
        let found = gradient(&calibration, &equilibrium, &Objective::log(Outcome::Welfare, 0)).unwrap();
        found.tariff.iter().fold(0.0_f64, |m, v| m.max(v.abs()))
    };
    let (near, nearer) = (largest(at(0.999)), largest(at(0.9999)));
    assert!((nearer / near - 10.0).abs() < 0.5, "{near} {nearer}");
}

/// Worlds whose data firms would leave: a change lets them, and where they come to rest all equations hold, no empty sector pays, and
/// none of the roots exceeds one.
#[test]
fn firms_move_on_where_the_data_would_not_hold() {
    let mut moved = 0;
    for seed in [4, 25, 31, 44, 56, 69, 77] {
        let family = if seed % 4 == 0 { Family::Melitz } else { Family::Krugman };
        let mut random = Random(u64::wrapping_mul(seed, 0x2545_f491_4f6c_dd1d) ^ family as u64);
        let Case { benchmark, closure, instruments, .. } = draw(&mut random, family);
        let (_, _, before) = solve(&benchmark, &closure, &Instruments::of(&benchmark));
        assert!(!before.is_stable(), "{family:?} {seed}: {before:?}");
        let (_, after, root) = solve(&benchmark, &closure, &instruments);
        let corners = after.certificate.corners.unwrap();
        assert!(corners.largest_gain <= 1e-6, "{family:?} {seed}: {corners:?}");
        let gap = violation(&benchmark, &closure, &instruments, &after);
        assert!(gap < 1e-9, "{family:?} {seed}: {gap:e}");
        moved += usize::from(root.root < 1.0 + 1e-3);
    }
    assert!(moved >= 5, "{moved} of 7 came to rest where entry holds");
}

/// What a scenario can say of scale and firms' sizes: none is perfect competition, and a tail of one is `krugman`.
#[test]
fn scale_of_nothing_is_perfect_and_a_tail_of_one_is_krugman() {
    let benchmark = draw_world(5, true);
    let mut instruments = Instruments::of(&benchmark);
    let d = benchmark.dimensions();
    for s in 0..d.sectors {
        instruments.tariff_rate[d.cell(0, 1, s)] += 0.1;
    }
    let welfare = |closure: &Closure| {
        let calibration = Solver::new(&benchmark, closure).unwrap();
        let e = calibration.solve(&instruments, &SolveSettings::default(), None).unwrap().solved().unwrap();
        e.income.iter().zip(&e.price_index_hat).map(|(income, price)| income / price).collect::<Vec<_>>()
    };
    let same = |a: Vec<f64>, b: Vec<f64>| {
        for (a, b) in a.iter().zip(&b) {
            assert!((a / b - 1.0).abs() < 1e-10, "{a} {b}");
        }
    };
    let perfect = Closure { deficits: Deficits::Zero, ..Closure::default() };
    same(welfare(&krugman(0.0)), welfare(&perfect));
    let none = Closure { intermediates: detente_engine::closure::Intermediates::None, ..krugman(1.0) };
    let melitz = Closure {
        market_structure: MarketStructure::Melitz,
        scale_times_trade_elasticity: None,
        firm_size_tail: Some(1.0),
        ..none.clone()
    };
    same(welfare(&none), welfare(&melitz));
    for (key, closure) in [
        ("firm_size_tail", Closure { firm_size_tail: Some(0.9), ..melitz.clone() }),
        ("scale_times_trade_elasticity", Closure { scale_elasticity: Some(0.1), ..krugman(0.5) }),
        ("elasticity_of_substitution", Closure { elasticity_of_substitution: Some(3.0), ..melitz.clone() }),
    ] {
        let refused = Solver::new(&benchmark, &closure).unwrap_err().to_string();
        assert!(refused.contains(key), "{refused}");
    }
}

/// With entry's term beside terms of trade, volume and costs nothing of first order is left: half the shock leaves a quarter.
#[test]
fn the_decomposition_is_whole_to_first_order() {
    let mut benchmark = draw_world(7, true);
    benchmark.tariff_rate.fill(0.0);
    let d = benchmark.dimensions();
    let melitz = Closure {
        market_structure: MarketStructure::Melitz,
        scale_times_trade_elasticity: None,
        firm_size_tail: Some(1.3),
        intermediates: detente_engine::closure::Intermediates::None,
        ..krugman(0.0)
    };
    for closure in [krugman(0.4), melitz] {
        let left = |size: f64| {
            let mut instruments = Instruments::of(&benchmark);
            for s in 0..d.sectors {
                instruments.tariff_rate[d.cell(0, 1, s)] = size;
            }
            instruments.trade_cost_hat = vec![1.0; d.cells()];
            instruments.trade_cost_hat[d.cell(2, 3, 1)] = 1.0 + size;
            let calibration = Solver::new(&benchmark, &closure).unwrap();
            let of = |instruments: &Instruments| {
                calibration.solve(instruments, &SolveSettings::default(), None).unwrap().solved().unwrap()
            };
            let found = compare(&calibration, &of(&Instruments::of(&benchmark)), &of(&instruments));
            let rows = found.unwrap().economies;
            let rows = rows.iter();
            let scale = rows.clone().map(|row| row.scale_pct.unwrap().abs()).fold(0.0, f64::max);
            let rest = rows.map(|row| row.decomposition_remainder_pct.unwrap().abs()).fold(0.0, f64::max);
            assert!(rest < 0.2 * scale, "{rest} beside {scale}");
            rest
        };
        let ratio = left(2e-3) / left(1e-3);
        assert!((ratio - 4.0).abs() < 0.2, "{:?}: {ratio}", closure.market_structure);
    }
}
