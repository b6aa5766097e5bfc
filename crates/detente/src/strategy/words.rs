//! Policies in words: rates by side and sector, and whether partners are treated alike.

use detente_engine::strategy::policy::PolicyKind;

use super::baseline_world::BaselineWorld;
use super::board::Board;
use crate::counterfactual::Counterfactual;
use detente_tables::number::dollars;

/// Rates that differ by less than this are one rate.
const SAME_RATE: f64 = 5e-4;

/// For each player: whether its rates fulfil most-favoured-nation treatment where it moved them. In a sector in which it moved some
/// origins' rates, those are held against the average of the origins that it left alone; in one in which it moved all, against each
/// other. What the data already treat apart is counted beside it.
pub fn most_favoured_nation(board: &Board, answer: &Counterfactual) -> Vec<String> {
    let today = &board.ground.calibration.benchmark.tariff_rate;
    let rates = &answer.equilibrium.instruments.tariff_rate;
    let line = |j: &usize| {
        let sectors = board.ground.calibration.dimensions.sectors;
        let mut count = [[0_usize; 3]; 2];
        for s in 0..sectors {
            for (when, rates) in [today, rates].into_iter().enumerate() {
                let (less, more) =
                    apart(board, today, &answer.equilibrium.instruments.tariff_rate, rates, *j, s);
                count[when][0] += usize::from(less || more);
                count[when][1] += usize::from(less);
                count[when][2] += usize::from(more);
            }
        }
        let [[then, then_less, then_more], [now, less, more]] = count;
        let stays = board.ground.calibration.dimensions;
        let stays = (0..stays.cells())
            .filter(|cell| stays.cell_of(*cell).0 == *j)
            .all(|cell| (rates[cell] - today[cell]).abs() <= SAME_RATE);
        if stays {
            return format!("{} moves no tariff", board.ground.code(*j));
        }
        let verdict = if now == 0 {
            "fulfils most-favoured-nation treatment where it moves rates".to_owned()
        } else {
            format!(
                "breaches most-favoured-nation treatment in {now} of {sectors} sectors: some origins pay less than others in {less}, more in \
                 {more}"
            )
        };
        format!(
            "{} {verdict} ({} {then}: less in {then_less}, more in {then_more})",
            board.ground.code(*j),
            board.ground.start().when()
        )
    };
    board.seats.iter().map(line).collect()
}

/// Whether origins whose rates moved pay less, or more, than those whose rates did not; where all moved, than each other.
fn apart(board: &Board, today: &[f64], moved_to: &[f64], rates: &[f64], j: usize, s: usize) -> (bool, bool) {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let cells = (0..d.economies).filter(|i| *i != j).map(|i| d.cell(j, i, s));
    let (moved, left): (Vec<usize>, Vec<usize>) = cells
        .filter(|cell| benchmark.border_value[*cell] > 0.0)
        .partition(|cell| (moved_to[*cell] - today[*cell]).abs() > SAME_RATE);
    if moved.is_empty() {
        return (false, false);
    }
    let average = |cells: &[usize]| {
        let weight: f64 = cells.iter().map(|cell| benchmark.border_value[*cell]).sum();
        cells.iter().map(|cell| benchmark.border_value[*cell] * rates[*cell]).sum::<f64>() / weight
    };
    let reference = average(if left.is_empty() { &moved } else { &left });
    (
        moved.iter().any(|cell| rates[*cell] < reference - SAME_RATE),
        moved.iter().any(|cell| rates[*cell] > reference + SAME_RATE),
    )
}

/// Money in a benchmark's unit: `$605bn` where that is million US dollars.
pub fn money(unit: &str, value: f64) -> String {
    match unit {
        "million USD" => dollars(Some(1e6 * value)),
        unit => format!("{value:.0} {unit}"),
    }
}

/// The same with its sign.
pub fn signed_money(unit: &str, value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "+" };
    format!("{sign}{}", money(unit, value.abs()))
}

/// Purchase commitments of a side in words.
fn commitments(board: &Board, at: &[f64], answer: &Counterfactual, player: usize) -> Vec<String> {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let held = board.game.policies().iter().enumerate();
    let held = held.filter(|(_, p)| p.player == player && p.kind == PolicyKind::Purchases);
    held.map(|(k, policy)| {
        let mut sectors: Vec<usize> = policy.cells.iter().map(|(cell, _)| d.cell_of(*cell).2).collect();
        let mut sellers: Vec<usize> = policy.cells.iter().map(|(cell, _)| d.cell_of(*cell).1).collect();
        for list in [&mut sectors, &mut sellers] {
            list.sort_unstable();
            list.dedup();
        }
        let what = match sectors.as_slice() {
            all if *all == super::instruments::goods(benchmark) => "goods".to_owned(),
            few if few.len() <= 3 => {
                few.iter().map(|s| benchmark.sectors[*s].name.clone()).collect::<Vec<_>>().join(", ")
            }
            many => format!("goods of {} sectors", many.len()),
        };
        let whom: Vec<&str> = sellers.iter().map(|i| board.ground.code(*i)).collect();
        let code = board.ground.code(player);
        let today = board.game.bought(policy);
        let bought: f64 = policy.cells.iter().map(|(cell, _)| answer.outcomes.trade_after[*cell]).sum();
        let wedge = board.game.commitment_wedge(k, &answer.equilibrium);
        let of = format!("{what} from {}", whom.join(", "));
        if wedge <= 0.0 {
            return format!(
                "{code} commits to no purchases of {of} beyond what the market buys: {} a year (today {})",
                money(board.ground.unit(), bought),
                money(board.ground.unit(), today)
            );
        }
        // Of the price with duty, what the buyer's treasury pays.
        let share = wedge / (1.0 + wedge);
        let rates = &answer.equilibrium.instruments.tariff_rate;
        let cost: f64 = policy
            .cells
            .iter()
            .map(|(cell, _)| share * (1.0 + rates[*cell]) * answer.outcomes.trade_after[*cell])
            .sum();
        format!(
            "{code} buys at least {} a year of {of} (today {}); to make its buyers buy it pays {:.1} percent of their price, {} a year",
            money(board.ground.unit(), at[k] * today),
            money(board.ground.unit(), today),
            100.0 * share,
            money(board.ground.unit(), cost)
        )
    })
    .collect()
}

/// The point in words: lists of the record, then for each player's other instruments the average now and then with the sectors
/// that weigh most, then what two sides buy of each other.
pub fn point(board: &Board, at: &[f64], answer: &Counterfactual) -> Vec<String> {
    let mut lines: Vec<String> = board
        .lists
        .iter()
        .map(|list| {
            let player = board.ground.code(board.game.policies()[list.variable].player);
            format!(
                "{player}: {} on {} from {:.1} to {:.1} percent",
                list.title,
                board.ground.code(list.partner),
                100.0 * list.rate,
                100.0 * (list.rate + at[list.variable])
            )
        })
        .collect();
    for player in &board.seats {
        lines.extend(rates_of(board, answer, *player));
        lines.extend(commitments(board, at, answer, *player));
    }
    if let [first, second] = board.seats.as_slice() {
        lines.push(purchases(board, answer, *first, *second));
        lines.push(purchases(board, answer, *second, *first));
    }
    lines
}

/// Average rate of an importer on a partner's goods, or on everybody's, weights: today's trade.
pub fn average_rate(ground: &BaselineWorld, rates: &[f64], importer: usize, partner: Option<usize>) -> f64 {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let (mut weight, mut paid) = (0.0, 0.0);
    for s in super::instruments::goods(benchmark) {
        for i in (0..d.economies).filter(|i| *i != importer && partner.is_none_or(|p| p == *i)) {
            let cell = d.cell(importer, i, s);
            weight += benchmark.border_value[cell];
            paid += benchmark.border_value[cell] * rates[cell];
        }
    }
    paid / weight
}

/// What one side buys of the other's goods, and what it pays its own buyers for it where a rate lies below zero.
fn purchases(board: &Board, answer: &Counterfactual, buyer: usize, seller: usize) -> String {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let (before, after) = (&answer.outcomes.trade_before, &answer.outcomes.trade_after);
    let goods = super::instruments::goods(benchmark);
    let sum = |flows: &[f64]| goods.iter().map(|s| flows[d.cell(buyer, seller, *s)]).sum::<f64>();
    let (was, is) = (sum(before), sum(after));
    let mut most: Vec<(f64, usize)> = goods
        .iter()
        .map(|s| (after[d.cell(buyer, seller, *s)] - before[d.cell(buyer, seller, *s)], *s))
        .collect();
    most.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let sectors: Vec<String> = most
        .iter()
        .take(3)
        .map(|(change, s)| {
            format!("{} {}", benchmark.sectors[*s].name, signed_money(board.ground.unit(), *change))
        })
        .collect();
    let rates = &answer.equilibrium.instruments.tariff_rate;
    let paid: f64 = goods
        .iter()
        .map(|s| d.cell(buyer, seller, *s))
        .map(|cell| (-rates[cell]).max(0.0) * after[cell])
        .sum();
    // Below that a cell was brought a hair under zero by a list of the record, not bought above market.
    let wedge = if paid > 1e-4 * is {
        format!(
            "; of it bought above market, at a cost to {} of {} a year",
            board.ground.code(buyer),
            money(board.ground.unit(), paid)
        )
    } else {
        String::new()
    };
    format!(
        "after seven years under these duties {} buys goods for {} a year from {} instead of {} under {} ({:+.1} percent): {}{wedge}",
        board.ground.code(buyer),
        money(board.ground.unit(), is),
        board.ground.code(seller),
        money(board.ground.unit(), was),
        board.ground.start().tariffs(),
        100.0 * (is / was - 1.0),
        sectors.join(", ")
    )
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
            PolicyKind::ListRate | PolicyKind::Purchases => (0.0, 0.0),
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
