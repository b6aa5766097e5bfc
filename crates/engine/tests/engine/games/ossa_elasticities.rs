//! Ossa (2014), tables 3 to 10 under other elasticities.

use detente_engine::games::best_response::Start;
use detente_engine::games::cooperation::{CooperationSettings, Table as CooperationTable, cooperate};
use detente_testkit::needs;
use detente_testkit::seven_regions::published::{
    UNILATERAL, one_round_at_once, unilateral, unilateral_mfn, unilateral_row,
};
use detente_testkit::seven_regions::{Columns, Tally, World, columns, expected, levels, mean, median_tariff};
/// Other elasticities, imbalances removed anew; the political rows use weights that were not published.
#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected", "data/ossa-2014/elasticities.csv")]
#[test]
fn averages_by_elasticity() {
    let mut tally = Tally::default();
    for (column, mean_sigma) in [
        ("sigma_scaled_to_mean_3_5", 3.5),
        ("sigma_scaled_to_mean_5", 5.0),
        ("sigma_scaled_to_mean_6_5", 6.5),
    ] {
        let world = World::with_elasticities(false, Some(column));
        let (optima, from) = world.mfn_optima();
        for (file, found) in [
            ("published_table_03_optimal_tariffs_by_elasticity.csv", unilateral(&world, &from)),
            ("published_table_08_optimal_tariffs_mfn_by_elasticity.csv", unilateral_mfn(&world, &optima)),
        ] {
            let table = expected(file);
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
            let table = expected(file);
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
            let table = expected(file);
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

fn baseline_rows(table: &detente_testkit::Table, mean_sigma: f64) -> Vec<usize> {
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
    table: &detente_testkit::Table,
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
