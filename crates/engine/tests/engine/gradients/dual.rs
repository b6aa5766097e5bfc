//! Forward mode by dual numbers: a small world solved anew in numbers that carry their derivative, against the adjoint and
//! the engine's own forward solve.

use std::ops::Add;

use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::gradient::{Direction, directional, gradient};
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;
use detente_testkit::number::{Dual, Number};
use detente_testkit::random::{Random, Shape, world};

fn power(base: Dual, exponent: f64) -> Dual {
    base.ln().times(exponent).exp()
}

fn sum(values: impl Iterator<Item = Dual>) -> Dual {
    values.fold(Dual::of(0.0), Add::add)
}

/// Perfect competition, mobile labour, no inputs, balanced trade: wages by damped iteration on exports over imports, until
/// value and slope are both at rest. Returns ln welfare of each economy. `tariff` holds `1+t'` of every cell.
fn welfare(benchmark: &detente_engine::benchmark::Benchmark, tariff: &[Dual]) -> Vec<Dual> {
    let d = benchmark.dimensions();
    let (n, sectors) = (d.economies, d.sectors);
    let old = |cell: usize| benchmark.border_value[cell] * (1.0 + benchmark.tariff_rate[cell]);
    let spent = |i: usize, s: usize| (0..n).map(|m| old(d.cell(i, m, s))).sum::<f64>();
    let total = |i: usize| (0..sectors).map(|s| spent(i, s)).sum::<f64>();
    let labour: Vec<f64> = (0..n)
        .map(|i| (0..n * sectors).map(|k| benchmark.border_value[d.cell(k % n, i, k / n)]).sum())
        .collect();
    let mut wage = vec![Dual::of(1.0); n];
    let mut income: Vec<Dual> = (0..n).map(|i| Dual::of(total(i))).collect();
    let mut price = vec![Dual::of(0.0); n];
    for _ in 0..20_000 {
        let (mut exports, mut imports) = (vec![Dual::of(0.0); n], vec![Dual::of(0.0); n]);
        let mut revenue = vec![Dual::of(0.0); n];
        price.fill(Dual::of(0.0));
        for s in 0..sectors {
            let theta = benchmark.sectors[s].trade_elasticity;
            for importer in 0..n {
                let weight = |m: usize| {
                    let cell = d.cell(importer, m, s);
                    let cost = wage[m] * tariff[cell] / Dual::of(1.0 + benchmark.tariff_rate[cell]);
                    Dual::of(old(cell) / spent(importer, s)) * power(cost, -theta)
                };
                let all = sum((0..n).map(weight));
                let share = spent(importer, s) / total(importer);
                price[importer] = price[importer] - Dual::of(share / theta) * all.ln();
                for exporter in 0..n {
                    let cell = d.cell(importer, exporter, s);
                    let paid = weight(exporter) / all * Dual::of(share) * income[importer];
                    let value = paid / tariff[cell];
                    revenue[importer] = revenue[importer] + (paid - value);
                    exports[exporter] = exports[exporter] + value;
                    imports[importer] = imports[importer] + value;
                }
            }
        }
        let mut moved = 0.0_f64;
        for i in 0..n {
            let next = wage[i] * power(exports[i] / imports[i], 0.2);
            let spending = wage[i] * Dual::of(labour[i]) + revenue[i];
            for (a, b) in [(next, wage[i]), (spending, income[i])] {
                moved = moved.max((a.value / b.value - 1.0).abs()).max((a.slope - b.slope).abs() / b.value);
            }
            (wage[i], income[i]) = (next, spending);
        }
        let world = sum((0..n).map(|i| wage[i] * Dual::of(labour[i])));
        let level = Dual::of(labour.iter().sum()) / world;
        wage.iter_mut().for_each(|wage| *wage = *wage * level);
        if moved < 1e-15 {
            break;
        }
    }
    (0..n).map(|i| income[i].ln() - price[i]).collect()
}

#[test]
fn dual_numbers_the_adjoint_and_the_forward_solve_agree() {
    let shape = Shape {
        economies: 3,
        sectors: 2,
        elasticity: (2.0, 5.0),
        zero_flows: 0.0,
        intermediates: false,
        tariff: 0.2,
        deficits: false,
    };
    let benchmark = world(&mut Random(5), &shape);
    let d = benchmark.dimensions();
    let closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let calibration = Solver::new(&benchmark, &closure).unwrap();
    let mut instruments = Instruments::of(&benchmark);
    instruments.tariff_rate[d.cell(0, 1, 0)] += 0.25;
    let settings = SolveSettings { tolerance: 1e-14, ..SolveSettings::default() };
    let solved = calibration.solve(&instruments, &settings, None).unwrap().solved().unwrap();
    for cell in [d.cell(0, 1, 0), d.cell(2, 0, 1), d.cell(1, 2, 0)] {
        let mut tariff: Vec<Dual> = instruments.tariff_rate.iter().map(|rate| Dual::of(1.0 + rate)).collect();
        tariff[cell].slope = tariff[cell].value;
        let found = welfare(&benchmark, &tariff);
        let mut direction = Direction { tariff: vec![0.0; d.cells()], ..Direction::default() };
        direction.tariff[cell] = 1.0;
        let objectives: Vec<Objective> = (0..3).map(|i| Objective::log(Outcome::Welfare, i)).collect();
        let forward = directional(&calibration, &solved, &direction, &objectives).unwrap();
        for (i, dual) in found.iter().enumerate() {
            let adjoint = gradient(&calibration, &solved, &objectives[i]).unwrap();
            let value = objectives[i].value(&calibration, &solved);
            assert!((dual.value - value).abs() < 1e-10, "{} {value}", dual.value);
            let largest = adjoint.tariff.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            assert!(
                (dual.slope - adjoint.tariff[cell]).abs() < 1e-9 * largest,
                "{dual:?} {}",
                adjoint.tariff[cell]
            );
            assert!((forward[i] - adjoint.tariff[cell]).abs() < 1e-11 * largest);
        }
    }
}
