//! Policies in words: rates by side and sector, and whether partners are treated alike.

use detente_engine::strategy::policy::PolicyKind;

use super::board::Board;
use crate::counterfactual::Counterfactual;

/// Rates that differ by less than this are one rate.
const SAME_RATE: f64 = 5e-4;

/// For each player, in how many sectors its tariffs tell partners apart, before and after.
pub fn most_favoured_nation(board: &Board, answer: &Counterfactual) -> Vec<String> {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let apart = |rates: &[f64], j: usize| {
        let differs = |s: &usize| {
            let rates: Vec<f64> = (0..d.economies)
                .filter(|i| *i != j && benchmark.border_value[d.cell(j, *i, *s)] > 0.0)
                .map(|i| rates[d.cell(j, i, *s)])
                .collect();
            let low = rates.iter().copied().fold(f64::INFINITY, f64::min);
            let high = rates.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            high - low > SAME_RATE
        };
        (0..d.sectors).filter(differs).count()
    };
    board
        .seats
        .iter()
        .map(|j| {
            let (before, after) =
                (apart(&benchmark.tariff_rate, *j), apart(&answer.equilibrium.instruments.tariff_rate, *j));
            let verdict = if after == 0 { "treats all partners alike" } else { "tells partners apart" };
            format!(
                "{} {verdict}: rates differ by origin in {after} of {} sectors (today {before})",
                board.ground.code(*j),
                d.sectors
            )
        })
        .collect()
}

/// For each player's group of instruments: the average now and then, and the sectors that weigh most.
pub fn rates(board: &Board, answer: &Counterfactual) -> Vec<String> {
    board.seats.iter().flat_map(|player| rates_of(board, answer, *player)).collect()
}

fn rates_of(board: &Board, answer: &Counterfactual, player: usize) -> Vec<String> {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let after = &answer.equilibrium.instruments;
    let mut lines = Vec::new();
    let own: f64 =
        (0..d.sectors).map(|s| benchmark.tariff_rate[d.cell(player, player, s)].abs()).fold(0.0, f64::max);
    if own > 0.0 {
        let code = board.ground.code(player);
        lines.push(format!(
            "{code}: its \"tariff\" on its own goods in the data (up to {:.1} percent) is set to zero",
            100.0 * own
        ));
    }
    for (kind, what) in [
        (PolicyKind::Tariff, "tariffs on"),
        (PolicyKind::ExportTax, "export taxes towards"),
        (PolicyKind::TradeCost, "trade costs on imports from"),
    ] {
        let policies = board.game.policies().iter().filter(|p| p.player == player && p.kind == kind);
        let cells: Vec<usize> = policies
            .flat_map(|policy| policy.cells.iter().map(|(cell, _)| *cell))
            .filter(|cell| {
                let (importer, exporter, _) = d.cell_of(*cell);
                importer != exporter && (kind == PolicyKind::ExportTax || importer == player)
            })
            .collect();
        if cells.is_empty() {
            continue;
        }
        let value = |cell: usize| match kind {
            PolicyKind::Tariff => (benchmark.tariff_rate[cell], after.tariff_rate[cell]),
            PolicyKind::ExportTax => (0.0, after.export_tax_rate.get(cell).copied().unwrap_or(0.0)),
            PolicyKind::TradeCost => (0.0, after.trade_cost_hat.get(cell).map_or(0.0, |hat| hat - 1.0)),
        };
        let average = |cells: &[usize]| {
            let weight: f64 = cells.iter().map(|cell| benchmark.border_value[*cell]).sum();
            let of = |f: fn((f64, f64)) -> f64| {
                cells.iter().map(|cell| f(value(*cell)) * benchmark.border_value[*cell]).sum::<f64>() / weight
            };
            (weight, of(|v| v.0), of(|v| v.1))
        };
        let partner = |cell: &usize| {
            if kind == PolicyKind::ExportTax { d.cell_of(*cell).0 } else { d.cell_of(*cell).1 }
        };
        let mut partners: Vec<usize> = cells.iter().map(partner).collect();
        partners.sort_unstable();
        partners.dedup();
        let whom = match partners.as_slice() {
            [one] => board.ground.code(*one).to_owned(),
            many => format!("{} partners", many.len()),
        };
        let (_, before, then) = average(&cells);
        let mut sectors: Vec<(f64, f64, f64, usize)> = (0..d.sectors)
            .filter_map(|s| {
                let mine: Vec<usize> = cells.iter().copied().filter(|cell| d.cell_of(*cell).2 == s).collect();
                (!mine.is_empty()).then(|| {
                    let (weight, before, then) = average(&mine);
                    (weight, before, then, s)
                })
            })
            .collect();
        sectors.sort_by(|a, b| b.0.total_cmp(&a.0));
        let heaviest: Vec<String> = sectors
            .iter()
            .take(4)
            .map(|(_, before, then, s)| {
                format!("{} {:.1} to {:.1}", benchmark.sectors[*s].name, 100.0 * before, 100.0 * then)
            })
            .collect();
        lines.push(format!(
            "{}: {what} {whom} from {:.1} to {:.1} percent on average (weights: today's trade): {}",
            board.ground.code(player),
            100.0 * before,
            100.0 * then,
            heaviest.join(", ")
        ));
    }
    lines
}
