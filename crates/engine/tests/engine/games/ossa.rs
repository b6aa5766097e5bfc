//! Ossa (2014), "Trade Wars and Trade Talks with Data": optimal tariffs, wars and talks, every number from re-solving.

use detente_engine::games::best_response::Start;
use detente_engine::games::cooperation::{CooperationSettings, Table as CooperationTable, cooperate};
use detente_engine::games::nash::{NashSettings, nash};
use detente_engine::games::payoff::Game;
use detente_testkit::needs;
use detente_testkit::seven_regions::published::{
    CODES, UNILATERAL, acting, distance_from_refined, one_round_at_once, unilateral, unilateral_mfn,
    unilateral_row,
};
use detente_testkit::seven_regions::{Tally, World, columns, expected, levels, mean, median_tariff};

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn tables_3_and_8_optimal_tariffs() {
    for (file, mfn) in [
        ("published_table_03_optimal_tariffs.csv", false),
        ("published_table_08_optimal_tariffs_mfn.csv", true),
    ] {
        let mut tally = Tally::default();
        for politics in [false, true] {
            let world = World::new(politics);
            let table = expected(file);
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

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn tables_4_and_9_trade_wars() {
    let mut tally = Tally::default();
    for politics in [false, true] {
        let world = World::new(politics);
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
            let table = expected(file);
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

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn tables_5_and_10_trade_talks() {
    let mut tally = Tally::default();
    for politics in [false, true] {
        let world = World::new(politics);
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
            let table = expected(file);
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

#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn optimal_tariffs_are_the_refined_ones() {
    let world = World::new(false);
    let (_, from) = world.mfn_optima();
    let found = unilateral(&world, &from);
    let game = world.game();
    let mut all = from.clone();
    let table = expected("optimal_tariff_outcomes_baseline.csv");
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
#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn nash_tariffs_are_the_refined_ones() {
    for politics in [false, true] {
        let world = World::new(politics);
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
        let table = expected(name);
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

/// 1,000 random feasible perturbations raise neither the mover's payoff at the Nash point nor the smallest gain at the cooperative one.
#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn no_random_perturbation_improves_on_war_or_peace() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let world = World::new(true);
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
