//! Ossa (2014): the economy that the games are played on, its gradients, and one model behind the reduced and the full one.

use detente_engine::games::payoff::Game;
use detente_engine::games::policy::{Player, PolicyGame, PolicyKind, PolicyVariable};
use detente_engine::games::reduced::TariffGame;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective as PolicyObjective, Outcome};
use detente_testkit::needs;
use detente_testkit::seven_regions::published::CODES;
use detente_testkit::seven_regions::{Tally, World, columns, expected, levels, mean, raw};
#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn imbalances_are_removed_as_published() {
    let (data, _) = raw();
    let table = expected("balanced_trade_flows.csv");
    let data = detente_testkit::seven_regions::balanced(data);
    let d = data.dimensions();
    let mut worst = 0.0_f64;
    for row in 0..table.rows.len() {
        let (i, j) = (
            data.economy(table.text(row, "exporter")).unwrap(),
            data.economy(table.text(row, "importer")).unwrap(),
        );
        let s = data.sector(table.text(row, "industry")).unwrap();
        let value = table.number(row, "value");
        worst = worst.max((data.border_value[d.cell(j, i, s)] / value - 1.0).abs());
    }
    println!("largest relative distance of a flow {worst:e}");
    assert!(worst < 1e-8, "{worst:e}");
}

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn gradient_at_applied_tariffs() {
    for (politics, column) in [
        (false, "d_log_baseline_welfare_by_d_log_one_plus_tariff"),
        (true, "d_log_political_welfare_by_d_log_one_plus_tariff"),
    ] {
        let world = World::new(politics);
        let table = expected("gradient_at_applied_tariffs.csv");
        let mut game = world.game();
        let d = world.data.dimensions();
        let point = game.point_of(game.economy().log_tariff_factor_of_data());
        let mut payoffs = vec![0.0; 7];
        game.evaluate(&point, &mut payoffs).unwrap();
        let mut by_cell = vec![0.0; d.cells()];
        for player in 0..7 {
            let mut weights = vec![0.0; 7];
            weights[player] = 1.0;
            let mut gradient = vec![0.0; point.len()];
            game.gradient(&weights, &mut gradient).unwrap();
            for (k, variable) in game.variables().iter().enumerate().filter(|(_, v)| v.owner == player) {
                let _ = variable;
                by_cell[game.cells()[k][0]] = gradient[k];
            }
        }
        let mut worst = 0.0_f64;
        for row in 0..table.rows.len() {
            let (i, j) = (
                world.data.economy(table.text(row, "exporter")).unwrap(),
                world.data.economy(table.text(row, "importer")).unwrap(),
            );
            let s = world.data.sector(table.text(row, "industry")).unwrap();
            let value = table.number(row, column);
            let distance = (by_cell[d.cell(j, i, s)] - value).abs() / (value.abs() + 1e-9);
            worst = worst.max(distance);
        }
        println!("{column}: {worst:e}");
        assert!(worst < 1e-6);
    }
}

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn curvature_product_is_the_derivative_of_the_gradient() {
    for politics in [false, true] {
        let world = World::new(politics);
        let mut game = world.game();
        let start = world.markup_start();
        let point = game.point_of(&start);
        let direction: Vec<f64> =
            (0..point.len()).map(|k| ((k * 37 % 101) as f64 / 50.0 - 1.0) * 0.3).collect();
        let weights = [0.3, -0.2, 1.0, 0.5, 0.1, 0.7, 1.3];
        let mut payoffs = [0.0; 7];
        let mut at = |game: &mut TariffGame, h: f64| {
            let aside: Vec<f64> = point.iter().zip(&direction).map(|(p, d)| p + h * d).collect();
            let mut gradient = vec![0.0; point.len()];
            game.evaluate(&aside, &mut payoffs).unwrap();
            game.gradient(&weights, &mut gradient).unwrap();
            gradient
        };
        let (up, down) = (at(&mut game, 1e-4), at(&mut game, -1e-4));
        at(&mut game, 0.0);
        let mut product = vec![0.0; point.len()];
        assert!(game.curvature_product(&weights, &direction, &mut product).unwrap());
        let largest = product.iter().fold(0.0_f64, |m, p| m.max(p.abs()));
        for k in 0..point.len() {
            let difference = (up[k] - down[k]) / 2e-4;
            let distance = (product[k] - difference).abs();
            assert!(distance < 1e-6 * difference.abs() + 1e-8 * largest, "{k}: {} {difference}", product[k]);
        }
    }
}

/// Table 2: fifty points on one industry of all partners, first-order terms of Ossa's decomposition.
#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn table_2_two_examples() {
    let world = World::new(false);
    let table = expected("published_table_02_two_examples.csv");
    let d = world.data.dimensions();
    let usa = world.data.economy("USA").unwrap();
    let mut tally = Tally::default();
    for (row, industry) in [(0, "crp"), (1, "wap")] {
        let mut game = world.game();
        let today = game.point_of(game.economy().log_tariff_factor_of_data());
        let base = levels(&mut game, &world, &today);
        let flow = game.economy().flow().to_vec();
        let mut factors = game.economy().log_tariff_factor_of_data().to_vec();
        let target = world.data.sector(industry).unwrap();
        for i in (0..7).filter(|i| *i != usa) {
            let cell = d.cell(usa, i, target);
            factors[cell] = (factors[cell].exp() + 0.5).ln();
        }
        let point = game.point_of(&factors);
        let there = levels(&mut game, &world, &point);
        let after = game.economy().flow();
        let sales = |flows: &[f64], i: usize, s: usize| (0..7).map(|j| flows[d.cell(j, i, s)]).sum::<f64>();
        let found = columns(&base, &there);
        let wage = |i: usize| game.economy().log_wage()[i].exp();
        let employment = |s: usize| 100.0 * (sales(after, usa, s) / sales(&flow, usa, s) / wage(usa) - 1.0);
        let spending: f64 = (0..d.sectors)
            .flat_map(|s| (0..7).map(move |i| d.cell(usa, i, s)))
            .map(|c| flow[c] * (1.0 + world.data.tariff_rate[c]))
            .sum();
        let (mut terms, mut shifting) = (0.0, 0.0);
        for s in 0..d.sectors {
            let omega = 1.0 / (1.0 + world.data.sectors[s].trade_elasticity);
            let before = sales(&flow, usa, s);
            shifting += omega * before / spending * (sales(after, usa, s) / before - wage(usa));
            for i in 0..7 {
                terms += flow[d.cell(usa, i, s)] / spending * (wage(usa) - wage(i));
            }
        }
        let others = mean((0..d.sectors).filter(|s| *s != target).map(employment));
        for (column, ours) in [
            ("us_wage_relative_to_world_mean_pct", found.wage[usa]),
            ("us_protected_industry_employment_pct", employment(target)),
            ("us_other_industries_mean_employment_pct", others),
            ("us_welfare_pct", found.welfare[usa]),
            ("us_terms_of_trade_effect_pct", 100.0 * terms),
            ("us_profit_shifting_effect_pct", 100.0 * shifting),
        ] {
            tally.compare(&format!("{industry} {column}"), table.text(row, column), 2, ours);
        }
    }
    tally.verdict("table 2", 0.0, &[]);
}

/// The reduced economy and the full model are one model: payoffs and gradients agree, welfare and political weights both.
#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn the_full_model_agrees_with_the_reduced_one() {
    for politics in [false, true] {
        let world = World::new(politics);
        let calibration = detente_testkit::seven_regions::calibrate(&world.data);
        let outcome = if politics { Outcome::GovernmentWelfare } else { Outcome::Welfare };
        let players = (0..7)
            .map(|j| Player { code: CODES[j].into(), objective: PolicyObjective::log(outcome, j) })
            .collect();
        let mut reduced = world.game();
        let policies = (reduced.variables().iter().zip(reduced.cells()))
            .map(|(variable, cells)| PolicyVariable {
                player: variable.owner,
                kind: PolicyKind::Tariff,
                cells: vec![(cells[0], 0.0)],
                bounds: (variable.lower, variable.upper),
            })
            .collect();
        let mut full =
            PolicyGame::new(&calibration, Instruments::of(&world.data), players, policies).unwrap();
        let point = reduced.point_of(&world.markup_start());
        let today = full.today();
        let weights = [0.4, 1.0, -0.3, 0.2, 0.9, 0.1, 0.6];
        let mut found = Vec::new();
        for game in [&mut reduced as &mut dyn Game, &mut full] {
            let (mut base, mut there) = (vec![0.0; 7], vec![0.0; 7]);
            let mut gradient = vec![0.0; point.len()];
            game.evaluate(&today, &mut base).unwrap();
            game.evaluate(&point, &mut there).unwrap();
            game.gradient(&weights, &mut gradient).unwrap();
            found.push(((0..7).map(|j| there[j] - base[j]).collect::<Vec<_>>(), gradient));
        }
        let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
        let (payoffs, gradients) = (apart(&found[0].0, &found[1].0), apart(&found[0].1, &found[1].1));
        println!("politics {politics}: payoffs {payoffs:e}, gradients {gradients:e}");
        assert!(payoffs < 1e-11 && gradients < 1e-11);
    }
}
