//! Ossa (2014), "Trade Wars and Trade Talks with Data": every number from re-solving.

mod seven_regions;
mod shared;

use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective as PolicyObjective, Outcome};
use detente_engine::strategy::best_response::{BestResponse, Start, best_response};
use detente_engine::strategy::cooperation::{CooperationSettings, Table as CooperationTable, cooperate};
use detente_engine::strategy::nash::{NashSettings, nash};
use detente_engine::strategy::payoff::{Game, variables_of};
use detente_engine::strategy::policy::{Player, PolicyGame, PolicyKind, PolicyVariable};
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::reduced::TariffGame;
use seven_regions::{Columns, Tally, World, columns, expected, levels, mean, median_tariff, raw};

#[test]
fn imbalances_are_removed_as_published() {
    let Some((data, _)) = raw() else { return };
    let Some(table) = expected("balanced_trade_flows.csv") else { return };
    let data = seven_regions::balanced(data);
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

/// One region at a time, from its MFN optimum; returns the columns for every acting region and its tariffs' median.
fn unilateral(world: &World, from: &[f64]) -> Vec<(Columns, f64, Vec<f64>)> {
    let game = &mut world.game();
    let today = game.point_of(game.economy().log_tariff_factor_of_data());
    let base = levels(game, world, &today);
    let starts = [Start::new("MFN optimum", game.point_of(from)), Start::new("today", today.clone())];
    (0..7)
        .map(|player| {
            let best = best_response(game, player, &today, &starts, &SearchSettings::default()).unwrap();
            assert!(best.certificate.status.is_converged());
            let there = levels(game, world, &best.point);
            (columns(&base, &there), median_tariff(game, &best.point, player), best.point)
        })
        .collect()
}

fn unilateral_mfn(world: &World, optima: &[BestResponse]) -> Vec<(Columns, f64, Vec<f64>)> {
    (0..7)
        .map(|player| {
            let mut game = world.mfn_game_of(player);
            let mut all = world.game();
            let today = all.point_of(all.economy().log_tariff_factor_of_data());
            let base = levels(&mut all, world, &today);
            let best = &optima[player];
            let there = levels(&mut game, world, &best.point);
            (columns(&base, &there), median_tariff(&game, &best.point, player), best.point.clone())
        })
        .collect()
}

const CODES: [&str; 7] = ["BRA", "CHN", "EUR", "IND", "JPN", "ROW", "USA"];

/// The ten columns of Tables 3 and 8 for a set of acting regions (one of them, or all for the average).
fn unilateral_row(found: &[(Columns, f64, Vec<f64>)], acting: &[usize]) -> [f64; 9] {
    let own = |f: fn(&Columns) -> &Vec<f64>| mean(acting.iter().map(|j| f(&found[*j].0)[*j]));
    let others = |f: fn(&Columns) -> &Vec<f64>| {
        mean(acting.iter().map(|j| mean((0..7).filter(|i| i != j).map(|i| f(&found[*j].0)[i]))))
    };
    [
        own(|c| &c.government),
        others(|c| &c.government),
        own(|c| &c.welfare),
        others(|c| &c.welfare),
        own(|c| &c.wage),
        others(|c| &c.wage),
        own(|c| &c.profits),
        others(|c| &c.profits),
        mean(acting.iter().map(|j| found[*j].1)),
    ]
}

const UNILATERAL: [&str; 9] = [
    "own_government_welfare_pct",
    "others_mean_government_welfare_pct",
    "own_welfare_pct",
    "others_mean_welfare_pct",
    "own_wage_pct",
    "others_mean_wage_pct",
    "own_profits_pct",
    "others_mean_profits_pct",
    "own_median_tariff_pct",
];

fn acting(code: &str) -> Vec<usize> {
    CODES.iter().position(|c| *c == code).map_or((0..7).collect(), |j| vec![j])
}

#[test]
fn tables_3_and_8_optimal_tariffs() {
    for (file, mfn) in [
        ("published_table_03_optimal_tariffs.csv", false),
        ("published_table_08_optimal_tariffs_mfn.csv", true),
    ] {
        let mut tally = Tally::default();
        for politics in [false, true] {
            let Some(world) = World::new(politics) else { return };
            let table = expected(file).unwrap();
            let (optima, from) = world.mfn_optima();
            let found = if mfn { unilateral_mfn(&world, &optima) } else { unilateral(&world, &from) };
            for row in 0..table.rows.len() {
                if (table.text(row, "objective") == "political") != politics {
                    continue;
                }
                let region = table.text(row, "region");
                let ours = unilateral_row(&found, &acting(region));
                for (column, ours) in UNILATERAL.iter().zip(ours) {
                    tally.compare(
                        &format!("{file} {politics} {region} {column}"),
                        table.text(row, column),
                        1,
                        ours,
                    );
                }
            }
        }
        tally.verdict(file, 0.7, &[]);
    }
}

/// One simultaneous round of best responses: where the published wars stopped.
fn one_round_at_once(game: &mut TariffGame, start: &[f64]) -> Vec<f64> {
    let mut point = start.to_vec();
    for player in 0..7 {
        let here = [Start::new("the last round", start.to_vec())];
        let best = best_response(game, player, start, &here, &SearchSettings::default()).unwrap();
        assert!(best.certificate.status.is_converged());
        for k in variables_of(game, player) {
            point[k] = best.point[k];
        }
    }
    point
}

#[test]
fn tables_4_and_9_trade_wars() {
    let mut tally = Tally::default();
    for politics in [false, true] {
        let Some(world) = World::new(politics) else { return };
        let (_, from) = world.mfn_optima();
        let mut mfn = world.mfn_game();
        let start = mfn.point_of(&from);
        let mfn_war = one_round_at_once(&mut mfn, &start);
        let mut game = world.game();
        let start = game.point_of(&mfn.log_factors(&mfn_war));
        let war = one_round_at_once(&mut game, &start);
        for (file, game, point) in [
            ("published_table_09_nash_tariffs_mfn.csv", &mut mfn, &mfn_war),
            ("published_table_04_nash_tariffs.csv", &mut game, &war),
        ] {
            let table = expected(file).unwrap();
            let mut all = world.game();
            let today = all.point_of(all.economy().log_tariff_factor_of_data());
            let base = levels(&mut all, &world, &today);
            let there = levels(game, &world, point);
            let found = columns(&base, &there);
            for row in 0..table.rows.len() {
                if (table.text(row, "objective") == "political") != politics {
                    continue;
                }
                let region = table.text(row, "region");
                let who = acting(region);
                for (column, values) in [
                    ("government_welfare_pct", &found.government),
                    ("welfare_pct", &found.welfare),
                    ("wage_pct", &found.wage),
                    ("profits_pct", &found.profits),
                ] {
                    let ours = mean(who.iter().map(|j| values[*j]));
                    tally.compare(
                        &format!("{file} {politics} {region} {column}"),
                        table.text(row, column),
                        1,
                        ours,
                    );
                }
                let ours = mean(who.iter().map(|j| median_tariff(game, point, *j)));
                let label = format!("{file} {politics} {region} median");
                tally.compare(&label, table.text(row, "median_tariff_pct"), 1, ours);
            }
        }
    }
    tally.verdict("tables 4 and 9", 1.1, &[]);
}

#[test]
fn tables_5_and_10_trade_talks() {
    let mut tally = Tally::default();
    for politics in [false, true] {
        let Some(world) = World::new(politics) else { return };
        let (_, from) = world.mfn_optima();
        let mut mfn = world.mfn_game();
        let start = mfn.point_of(&from);
        let mfn_war = one_round_at_once(&mut mfn, &start);
        let mut game = world.game();
        let start = game.point_of(&mfn.log_factors(&mfn_war));
        let war = one_round_at_once(&mut game, &start);
        let war = game.log_factors(&war);
        let applied = game.economy().log_tariff_factor_of_data().to_vec();
        for (file, game) in [
            ("published_table_10_cooperative_tariffs_mfn.csv", &mut mfn),
            ("published_table_05_cooperative_tariffs.csv", &mut game),
        ] {
            let table = expected(file).unwrap();
            for (name, from) in [
                ("nash", war.clone()),
                ("applied", applied.clone()),
                ("free_trade", vec![0.0; applied.len()]),
            ] {
                // The start is a point of all cells, also where the deal is MFN.
                let mut all = world.game();
                let at_start = all.point_of(&from);
                let base = levels(&mut all, &world, &at_start);
                let starts = [Start::new("where talks start", game.point_of(&from))];
                let seats: Vec<usize> = (0..7).collect();
                let table_of_talks = CooperationTable {
                    strict: true,
                    ..CooperationTable::equal_gains(&seats, base.payoffs())
                };
                let deal =
                    cooperate(game, &table_of_talks, &starts, &CooperationSettings::default()).unwrap();
                assert!(deal.certificate.status.is_converged() && deal.gap <= 1e-9);
                let there = levels(game, &world, &deal.point);
                let found = columns(&base, &there);
                let decimals = if name == "free_trade" { 2 } else { 1 };
                for row in 0..table.rows.len() {
                    let mine = (table.text(row, "objective") == "political") == politics
                        && table.text(row, "starting_tariffs") == name;
                    if !mine {
                        continue;
                    }
                    let region = table.text(row, "region");
                    let who = acting(region);
                    for (column, values, decimals) in [
                        ("government_welfare_pct", &found.government, decimals),
                        ("welfare_pct", &found.welfare, decimals),
                        ("wage_pct", &found.wage, 1),
                        ("profits_pct", &found.profits, 1),
                    ] {
                        let ours = mean(who.iter().map(|j| values[*j]));
                        let label = format!("{file} {politics} {name} {region} {column}");
                        tally.compare(&label, table.text(row, column), decimals, ours);
                    }
                }
            }
        }
    }
    tally.verdict("tables 5 to 7 and 10 to 12", 0.0, &[]);
}

/// Distance of tariffs from the refined ones of a table, weighted with the importer's purchases, and at most where a cell matters.
fn distance_from_refined(world: &World, name: &str, ours: &[f64]) -> (f64, f64) {
    let table = expected(name).unwrap();
    let d = world.data.dimensions();
    let (mut weighted, mut largest) = (0.0_f64, 0.0_f64);
    let mut by_importer = [0.0; 7];
    for row in 0..table.rows.len() {
        let i = world.data.economy(table.text(row, "exporter")).unwrap();
        let j = world.data.economy(table.text(row, "importer")).unwrap();
        let s = world.data.sector(table.text(row, "industry")).unwrap();
        let share = table.number(row, "share_of_importer_total_imports");
        let off = (ours[d.cell(j, i, s)].exp_m1() - table.number(row, "rate_refined")).abs();
        by_importer[j] += share * off;
        if share > 1e-4 {
            largest = largest.max(off);
        }
    }
    by_importer.iter().for_each(|v| weighted = weighted.max(*v));
    (weighted, largest)
}

#[test]
fn optimal_tariffs_are_the_refined_ones() {
    let Some(world) = World::new(false) else { return };
    let (_, from) = world.mfn_optima();
    let found = unilateral(&world, &from);
    let game = world.game();
    let mut all = from.clone();
    let table = expected("optimal_tariff_outcomes_baseline.csv").unwrap();
    for (player, (columns, _, point)) in found.iter().enumerate() {
        for (k, variable) in game.variables().iter().enumerate() {
            if variable.owner == player {
                all[game.cells()[k][0]] = point[k];
            }
        }
        for row in 0..table.rows.len() {
            let mine = table.text(row, "tariff_source") == "refined"
                && table.text(row, "acting_region") == CODES[player];
            if mine {
                let affected = world.data.economy(table.text(row, "affected_region")).unwrap();
                let printed = (table.number(row, "welfare_pct") / 100.0).ln_1p();
                let ours = (columns.welfare[affected] / 100.0).ln_1p();
                assert!(
                    (ours - printed).abs() < 1e-8,
                    "{} {} {ours} {printed}",
                    CODES[player],
                    CODES[affected]
                );
            }
        }
    }
    let (weighted, largest) = distance_from_refined(&world, "optimal_tariffs_baseline.csv", &all);
    println!(
        "optimal tariffs: import-weighted distance {weighted:e}, largest where a cell matters {largest:e}"
    );
    assert!(weighted < 1e-6 && largest < 1e-4);
}

/// The world trade war, converged, from three starts; certified by everybody's re-optimisation.
#[test]
fn nash_tariffs_are_the_refined_ones() {
    for politics in [false, true] {
        let Some(world) = World::new(politics) else { return };
        let (_, from) = world.mfn_optima();
        let mut game = world.game();
        let players: Vec<usize> = (0..7).collect();
        let today = game.point_of(game.economy().log_tariff_factor_of_data());
        let base = levels(&mut game, &world, &today);
        let markup = game.point_of(&world.markup_start());
        let mfn = game.point_of(&from);
        let starts = [
            Start::new("MFN optima", mfn.clone()),
            Start::new("1/(σ−1)", markup.clone()),
            Start::new("applied tariffs", today.clone()),
        ];
        let war = nash(&mut game, &players, &mfn, &starts, &NashSettings::default()).unwrap();
        let gain = war.certificate.best_response_gain.unwrap();
        println!(
            "politics {politics}: {} rounds, {:?}, gain {gain:e}, {:.0} ms, gradients per best response {:.1}",
            war.rounds,
            war.certificate.effort,
            war.certificate.seconds * 1e3,
            war.certificate.effort.gradients as f64 / (7.0 * (war.rounds as f64 + 4.0))
        );
        assert!(war.is_equilibrium() && gain < 1e-9, "{:?}", war.deviation_gains);
        let name = if politics { "nash_outcomes_political.csv" } else { "nash_outcomes_baseline.csv" };
        let table = expected(name).unwrap();
        let there = levels(&mut game, &world, &war.point);
        let found = columns(&base, &there);
        for row in 0..table.rows.len() {
            if table.text(row, "tariff_source") == "refined" {
                let j = world.data.economy(table.text(row, "region")).unwrap();
                for (column, ours) in
                    [("government_welfare_pct", &found.government), ("welfare_pct", &found.welfare)]
                {
                    let distance = (ours[j] / 100.0).ln_1p() - (table.number(row, column) / 100.0).ln_1p();
                    assert!(distance.abs() < 1e-8, "{politics} {column} {j} {distance:e}");
                }
            }
        }
        if !politics {
            let all = game.log_factors(&war.point);
            let (weighted, largest) = distance_from_refined(&world, "nash_tariffs_baseline.csv", &all);
            println!(
                "Nash tariffs: import-weighted distance {weighted:e}, largest where a cell matters {largest:e}"
            );
            assert!(weighted < 1e-6 && largest < 1e-4);
            // The same point from elsewhere.
            for start in [&markup, &today] {
                let again = nash(&mut game, &players, start, &[], &NashSettings::default()).unwrap();
                let far = again.point.iter().zip(&war.point).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
                assert!(far < 1e-6, "{far:e}");
            }
        }
    }
}

/// Table 2: fifty points on one industry of all partners, first-order terms of Ossa's decomposition.
#[test]
fn table_2_two_examples() {
    let Some(world) = World::new(false) else { return };
    let table = expected("published_table_02_two_examples.csv").unwrap();
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

/// Other elasticities, imbalances removed anew; the political rows use weights that were not published.
#[test]
fn averages_by_elasticity() {
    let mut tally = Tally::default();
    for (column, mean_sigma) in [
        ("sigma_scaled_to_mean_3_5", 3.5),
        ("sigma_scaled_to_mean_5", 5.0),
        ("sigma_scaled_to_mean_6_5", 6.5),
    ] {
        let Some(world) = World::with_elasticities(false, Some(column)) else { return };
        let (optima, from) = world.mfn_optima();
        for (file, found) in [
            ("published_table_03_optimal_tariffs_by_elasticity.csv", unilateral(&world, &from)),
            ("published_table_08_optimal_tariffs_mfn_by_elasticity.csv", unilateral_mfn(&world, &optima)),
        ] {
            let table = expected(file).unwrap();
            for row in baseline_rows(&table, mean_sigma) {
                let ours = unilateral_row(&found, &(0..7).collect::<Vec<_>>());
                for (name, ours) in UNILATERAL.iter().zip(ours) {
                    tally.compare(&format!("{file} {mean_sigma} {name}"), table.text(row, name), 1, ours);
                }
            }
        }
        let mut all = world.game();
        let today = all.point_of(all.economy().log_tariff_factor_of_data());
        let base = levels(&mut all, &world, &today);
        let mut mfn = world.mfn_game();
        let start = mfn.point_of(&from);
        let mfn_war = one_round_at_once(&mut mfn, &start);
        let start = all.point_of(&mfn.log_factors(&mfn_war));
        let war = one_round_at_once(&mut all, &start);
        let war_factors = all.log_factors(&war);
        for (file, game, point) in [
            ("published_table_09_nash_tariffs_mfn_by_elasticity.csv", &mut mfn, &mfn_war),
            ("published_table_04_nash_tariffs_by_elasticity.csv", &mut all, &war),
        ] {
            let table = expected(file).unwrap();
            let there = levels(game, &world, point);
            let found = columns(&base, &there);
            let median = mean((0..7).map(|j| median_tariff(game, point, j)));
            for row in baseline_rows(&table, mean_sigma) {
                averages(&mut tally, &format!("{file} {mean_sigma}"), &table, row, &found, 1);
                tally.compare(
                    &format!("{file} {mean_sigma} median"),
                    table.text(row, "median_tariff_pct"),
                    1,
                    median,
                );
            }
        }
        for (file, game) in [
            ("published_table_10_cooperative_tariffs_mfn_by_elasticity.csv", &mut mfn),
            ("published_table_05_cooperative_tariffs_by_elasticity.csv", &mut all),
        ] {
            let table = expected(file).unwrap();
            for (name, from) in [
                ("nash", war_factors.clone()),
                ("applied", game.economy().log_tariff_factor_of_data().to_vec()),
                ("free_trade", vec![0.0; war_factors.len()]),
            ] {
                let mut every = world.game();
                let at_start = every.point_of(&from);
                let base = levels(&mut every, &world, &at_start);
                let seats: Vec<usize> = (0..7).collect();
                let talks = CooperationTable {
                    strict: true,
                    ..CooperationTable::equal_gains(&seats, base.payoffs())
                };
                let starts = [Start::new("where talks start", game.point_of(&from))];
                let deal = cooperate(game, &talks, &starts, &CooperationSettings::default()).unwrap();
                let there = levels(game, &world, &deal.point);
                let found = columns(&base, &there);
                for row in baseline_rows(&table, mean_sigma) {
                    if table.text(row, "starting_tariffs") == name {
                        let decimals = if name == "free_trade" { 2 } else { 1 };
                        averages(
                            &mut tally,
                            &format!("{file} {mean_sigma} {name}"),
                            &table,
                            row,
                            &found,
                            decimals,
                        );
                    }
                }
            }
        }
    }
    // Table 3's discriminatory optimum, a little better than the MFN one, prints 9.1 for the same average and is met.
    let known = [
        "published_table_08_optimal_tariffs_mfn_by_elasticity.csv 5 own_wage_pct: printed 9.0, ours 9.05223",
    ];
    tally.verdict("averages by elasticity", 0.7, &known);
}

fn baseline_rows(table: &shared::Table, mean_sigma: f64) -> Vec<usize> {
    (0..table.rows.len())
        .filter(|row| {
            table.text(*row, "objective") == "baseline"
                && (table.number(*row, "mean_sigma") - mean_sigma).abs() < 0.01
        })
        .collect()
}

fn averages(
    tally: &mut Tally,
    label: &str,
    table: &shared::Table,
    row: usize,
    found: &Columns,
    decimals: i32,
) {
    for (column, values, decimals) in [
        ("government_welfare_pct", &found.government, decimals),
        ("welfare_pct", &found.welfare, decimals),
        ("wage_pct", &found.wage, 1),
        ("profits_pct", &found.profits, 1),
    ] {
        let ours = mean(values.iter().copied());
        tally.compare(&format!("{label} {column}"), table.text(row, column), decimals, ours);
    }
}

/// 1,000 random feasible perturbations raise neither the mover's payoff at the Nash point nor the smallest gain at the cooperative one.
#[test]
fn no_random_perturbation_improves_on_war_or_peace() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let Some(world) = World::new(true) else { return };
    let (_, from) = world.mfn_optima();
    let mut game = world.game();
    let players: Vec<usize> = (0..7).collect();
    let mfn = game.point_of(&from);
    let war = nash(&mut game, &players, &mfn, &[], &NashSettings::default()).unwrap();
    let talks = CooperationTable::equal_gains(&players, &war.payoffs);
    let starts = [Start::new("war", war.point.clone())];
    let peace = cooperate(&mut game, &talks, &starts, &CooperationSettings::default()).unwrap();
    let (lower, upper) = (0.0, 11.0_f64.ln());
    let variables = game.variables().to_vec();
    let mut payoffs = vec![0.0; 7];
    for round in 0..1000 {
        let size = 10f64.powf(-6.0 * random());
        let mover = round % 7;
        let mut aside = war.point.clone();
        for k in 0..aside.len() {
            if variables[k].owner == mover {
                aside[k] = (aside[k] + size * (2.0 * random() - 1.0)).clamp(lower, upper);
            }
        }
        game.evaluate(&aside, &mut payoffs).unwrap();
        assert!(payoffs[mover] <= war.payoffs[mover] + 1e-10);
        let mut aside = peace.point.clone();
        aside.iter_mut().for_each(|u| *u = (*u + size * (2.0 * random() - 1.0)).clamp(lower, upper));
        game.evaluate(&aside, &mut payoffs).unwrap();
        let smallest = (0..7).map(|j| payoffs[j] - war.payoffs[j]).fold(f64::INFINITY, f64::min);
        assert!(smallest <= peace.gain + 1e-8, "{smallest} {}", peace.gain);
    }
}

/// The reduced economy and the full model are one model: payoffs and gradients agree, welfare and political weights both.
#[test]
fn the_full_model_agrees_with_the_reduced_one() {
    for politics in [false, true] {
        let Some(world) = World::new(politics) else { return };
        let calibration = seven_regions::calibrate(&world.data);
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
