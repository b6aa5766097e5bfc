//! Adjoint gradients against central differences, for every instrument.

mod shared;

use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{Closure, FixedEntryProfit, MarketStructure, Numeraire};
use detente_engine::gradient::gradient;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use shared::random::{Random, Shape, world};

const STEP: f64 = 1e-4;

/// Richardson's extrapolation of central differences.
fn difference(mut f: impl FnMut(f64) -> f64) -> f64 {
    let central = |f: &mut dyn FnMut(f64) -> f64, h: f64| (f(h) - f(-h)) / (2.0 * h);
    let (wide, narrow) = (central(&mut f, 2.0 * STEP), central(&mut f, STEP));
    (4.0 * narrow - wide) / 3.0
}

fn check(closure: &Closure, seed: u64) {
    let mut random = Random(seed);
    let shape = Shape {
        economies: 4,
        sectors: 3,
        elasticity: (1.5, 8.0),
        zero_flows: 0.1,
        intermediates: true,
        tariff: 0.3,
        deficits: true,
    };
    let benchmark = world(&mut random, &shape);
    let d = benchmark.dimensions();
    let calibration = Calibration::new(&benchmark, closure).unwrap();
    let mut instruments = Instruments::of(&benchmark);
    let mut noise = |size: usize, spread: f64| -> Vec<f64> {
        (0..size).map(|_| spread * (random.unit() - 0.5)).collect()
    };
    for (rate, noise) in instruments.tariff_rate.iter_mut().zip(noise(d.cells(), 0.3)) {
        *rate += noise + 0.15;
    }
    instruments.export_tax_rate = noise(d.cells(), 0.2);
    instruments.trade_cost_hat = noise(d.cells(), 0.2).iter().map(|x| x.exp()).collect();
    instruments.productivity_hat = noise(d.pairs(), 0.2).iter().map(|x| x.exp()).collect();
    instruments.endowment_hat = noise(d.economies, 0.2).iter().map(|x| x.exp()).collect();
    let settings = SolveSettings { tolerance: 1e-13, ..SolveSettings::default() };
    let base = calibration.solve(&instruments, &settings, None).unwrap();
    assert!(base.status.is_converged(), "{:?}", base.certificate);
    let mut outcomes: Vec<Outcome> = Outcome::NAMED.iter().map(|(_, outcome)| *outcome).collect();
    outcomes.extend([Outcome::Output(1), Outcome::ImportsFrom(2)]);
    for outcome in outcomes {
        let objective = Objective::log(outcome, 1);
        if !objective.value(&calibration, &base).is_finite() {
            continue;
        }
        let exact = gradient(&calibration, &base, &objective).unwrap();
        assert!(exact.residual < 1e-10, "{outcome:?} {}", exact.residual);
        let along = |change: &dyn Fn(&mut Instruments, f64)| {
            difference(|h| {
                let mut moved = instruments.clone();
                change(&mut moved, h);
                let solved = calibration.solve(&moved, &settings, Some(&base)).unwrap();
                assert!(solved.status.is_converged());
                objective.value(&calibration, &solved)
            })
        };
        let factor = |rate: f64, h: f64| (1.0 + rate) * h.exp() - 1.0;
        let close = |what: &str, at: usize, exact: &[f64], found: f64| {
            let largest = exact.iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(1e-3);
            let gap = (exact[at] - found).abs() / largest;
            assert!(gap < 1e-7, "{outcome:?} {what}[{at}]: adjoint {} difference {found}", exact[at]);
        };
        for cell in [1, 5, 17, 22, 30, d.cells() - 2] {
            if benchmark.border_value[cell] == 0.0 {
                continue;
            }
            let tariff = along(&|i, h| i.tariff_rate[cell] = factor(i.tariff_rate[cell], h));
            close("tariff", cell, &exact.tariff, tariff);
            let tax = along(&|i, h| i.export_tax_rate[cell] = factor(i.export_tax_rate[cell], h));
            close("export_tax", cell, &exact.export_tax, tax);
            let cost = along(&|i, h| i.trade_cost_hat[cell] *= h.exp());
            close("trade_cost", cell, &exact.trade_cost, cost);
        }
        for pair in [0, 4, 7] {
            close(
                "productivity",
                pair,
                &exact.productivity,
                along(&|i, h| i.productivity_hat[pair] *= h.exp()),
            );
        }
        for economy in [0, 1] {
            close("endowment", economy, &exact.endowment, along(&|i, h| i.endowment_hat[economy] *= h.exp()));
            let world: f64 = calibration.factor_income.iter().sum();
            let level = base.trade_deficit[economy] / base.numeraire_scale;
            let deficit = along(&|i, h| i.trade_deficit[economy] = Some(level + h * world));
            close("deficit", economy, &exact.deficit, deficit);
        }
    }
}

#[test]
fn perfect_competition() {
    check(&Closure::default(), 1);
}

#[test]
fn another_numeraire() {
    check(&Closure { numeraire: Numeraire::WorldPrices, ..Closure::default() }, 2);
    check(&Closure { numeraire: Numeraire::Wage("E2".into()), ..Closure::default() }, 3);
}

#[test]
fn fixed_entry() {
    check(
        &Closure {
            market_structure: MarketStructure::FixedEntry,
            fixed_entry_profit: FixedEntryProfit::Cap,
            ..Closure::default()
        },
        4,
    );
}
