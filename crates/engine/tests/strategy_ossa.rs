//! Ossa (2014), "Trade Wars and Trade Talks with Data": every number from re-solving.

mod ossa;
mod shared;

use detente_engine::strategy::best_response::{Start, best_response};
use detente_engine::strategy::nash::{NashSettings, nash};
use detente_engine::strategy::payoff::Game;
use detente_engine::strategy::projected_newton::SearchSettings;
use ossa::{World, expected, raw};

#[test]
fn imbalances_are_removed_as_published() {
    let Some((data, _)) = raw() else { return };
    let Some(table) = expected("balanced_trade_flows.csv") else { return };
    let data = ossa::balanced(data);
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

#[test]
fn gradient_at_applied_tariffs() {
    for (politics, column) in [
        (false, "d_log_baseline_welfare_by_d_log_one_plus_tariff"),
        (true, "d_log_political_welfare_by_d_log_one_plus_tariff"),
    ] {
        let Some(world) = World::new(politics) else { return };
        let table = expected("gradient_at_applied_tariffs.csv").unwrap();
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

#[test]
fn curvature_product_is_the_derivative_of_the_gradient() {
    for politics in [false, true] {
        let Some(world) = World::new(politics) else { return };
        let mut game = world.game();
        let start = world.markup_start();
        let point = game.point_of(&start);
        let direction: Vec<f64> = (0..point.len()).map(|k| ((k * 37 % 101) as f64 / 50.0 - 1.0) * 0.3).collect();
        let weights = [0.3, -0.2, 1.0, 0.5, 0.1, 0.7, 1.3];
        let mut payoffs = [0.0; 7];
        let mut at = |game: &mut ossa_game::TariffGame, h: f64| {
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

use detente_engine::strategy::reduced as ossa_game;

#[test]
fn unilateral_timing() {
    for politics in [false, true] {
        let Some(world) = World::new(politics) else { return };
        let mut game = world.game();
        let today = game.point_of(game.economy().log_tariff_factor_of_data());
        let mut base = vec![0.0; 7];
        game.evaluate(&today, &mut base).unwrap();
        let start = game.point_of(&world.markup_start());
        for player in 0..7 {
            let clock = std::time::Instant::now();
            let best = best_response(
                &mut game,
                player,
                &today,
                &[Start::new("markup", start.clone())],
                &SearchSettings::default(),
            )
            .unwrap();
            println!(
                "{player} gain {:.10} {:?} pg {:e} {:?} {:.1} ms",
                100.0 * (best.payoffs[player] - base[player]).exp_m1(),
                best.certificate.status,
                best.certificate.projected_gradient,
                best.certificate.effort,
                clock.elapsed().as_secs_f64() * 1e3
            );
        }
        let clock = std::time::Instant::now();
        let players: Vec<usize> = (0..7).collect();
        let war = nash(&mut game, &players, &start, &[], &NashSettings::default()).unwrap();
        println!(
            "nash {:?} {} rounds, last change {:e} gain {:?} {:?} {:.1} ms",
            war.certificate.status,
            war.rounds,
            war.last_change,
            war.certificate.best_response_gain,
            war.certificate.effort,
            clock.elapsed().as_secs_f64() * 1e3
        );
        for j in 0..7 {
            print!("{:.6} ", 100.0 * (war.payoffs[j] - base[j]).exp_m1());
        }
        println!();
    }
}
