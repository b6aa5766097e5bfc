//! What several of the tests beside the published tables do: optima of one region, a round of all, rows as printed.

use detente_engine::games::best_response::{BestResponse, Start, best_response};
use detente_engine::games::payoff::variables_of;
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::games::reduced::TariffGame;

use super::{Columns, World, columns, expected, levels, mean, median_tariff};

/// One region at a time, from its MFN optimum; returns the columns for every acting region and its tariffs' median.
pub fn unilateral(world: &World, from: &[f64]) -> Vec<(Columns, f64, Vec<f64>)> {
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

pub fn unilateral_mfn(world: &World, optima: &[BestResponse]) -> Vec<(Columns, f64, Vec<f64>)> {
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

pub const CODES: [&str; 7] = ["BRA", "CHN", "EUR", "IND", "JPN", "ROW", "USA"];

/// The ten columns of Tables 3 and 8 for a set of acting regions (one of them, or all for the average).
pub fn unilateral_row(found: &[(Columns, f64, Vec<f64>)], acting: &[usize]) -> [f64; 9] {
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

pub const UNILATERAL: [&str; 9] = [
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

pub fn acting(code: &str) -> Vec<usize> {
    CODES.iter().position(|c| *c == code).map_or((0..7).collect(), |j| vec![j])
}

/// One simultaneous round of best responses: where the published wars stopped.
pub fn one_round_at_once(game: &mut TariffGame, start: &[f64]) -> Vec<f64> {
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

/// Distance of tariffs from the refined ones of a table, weighted with the importer's purchases, and at most where a cell matters.
pub fn distance_from_refined(world: &World, name: &str, ours: &[f64]) -> (f64, f64) {
    let table = expected(name);
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
