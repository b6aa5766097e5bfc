//! China's optimal tariffs in a world of 36 economies and one sector.

use detente_engine::closure::{Closure, Deficits};
use detente_engine::games::best_response::{Start, best_response};
use detente_engine::games::payoff::{Game, Variable};
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::games::reduced::{Objective, ReducedEconomy, TariffGame};
use detente_engine::solver::Solver;
use detente_testkit::needs;
use detente_testkit::{Table, benchmark, shared};

#[needs("benchmarks/armington-36", "data/ossa-2014/armington-36")]
#[test]
fn china_alone() {
    let path = shared("benchmarks/armington-36");
    let expected = shared("data/ossa-2014/armington-36/expected_china_optimal_tariffs.csv");
    let mut data = benchmark(&path);
    let closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let economy = |data: &_| ReducedEconomy::new(&Solver::new(data, &closure).unwrap()).unwrap();
    // Imbalances removed at unchanged tariffs; then the balanced world is the benchmark.
    let mut unbalanced = economy(&data);
    unbalanced.solve(std::iter::empty()).unwrap();
    data.border_value = unbalanced.flow().to_vec();

    let d = data.dimensions();
    let china = data.economy("CHN").unwrap();
    let codes: Vec<String> = data.economies.iter().map(|e| e.code.clone()).collect();
    let own = d.cell(china, china, 0);
    let choice = |exporter| {
        (Variable { owner: china, lower: 0.0, upper: 11.0_f64.ln() }, vec![d.cell(china, exporter, 0)])
    };
    // The last variable is China's "tariff" on itself, which the source sets to zero once China optimises.
    let mut variables: Vec<_> = (0..d.economies).filter(|i| *i != china).map(choice).collect();
    variables.push((Variable { owner: china, lower: 0.0, upper: 0.0 }, vec![own]));
    let mut game =
        TariffGame::new(economy(&data), codes, vec![Objective::Welfare; d.economies], variables).unwrap();
    let today = game.point_of(game.economy().log_tariff_factor_of_data());
    let mut base = vec![0.0; d.economies];
    game.evaluate(&today, &mut base).unwrap();
    let mut start = today.clone();
    *start.last_mut().unwrap() = 0.0;
    let best =
        best_response(&mut game, china, &today, &[Start::new("today", start)], &SearchSettings::default())
            .unwrap();
    assert!(best.certificate.status.is_converged());
    let gain = 100.0 * (best.payoffs[china] - base[china]).exp_m1();
    let usa = data.economy("USA").unwrap();
    let american = 100.0 * (best.payoffs[usa] - base[usa]).exp_m1();
    println!("China gains {gain:.6} percent, the United States {american:.5}");
    assert!((gain - 1.080874).abs() < 1e-6);
    assert!((american + 0.22018).abs() < 1e-5);
    let rates = Table::read(&expected).unwrap().by("exporter", "rate");
    for (k, cells) in game.cells().iter().enumerate().take(35) {
        let exporter = &data.economies[d.cell_of(cells[0]).1].code;
        assert!((best.point[k].exp_m1() - rates[exporter]).abs() < 1e-8, "{exporter}");
    }
}
