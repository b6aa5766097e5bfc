//! Levers and rebalancings for people: effects of levers on dials, the cheapest mix, what cannot be met together.

use detente::rebalance::answer::{Found, Rebalanced, percent, word};
use detente::rebalance::effects_bands::LeverBands;
use detente::rebalance::effects_table::LeverTable;
use detente::rebalance::lever_meant::{MeantLever, Measure};
use detente_engine::catalogue::Unit;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::rebalancing::least_cost::Outcome;

use detente::words::number::opening;

use crate::counterfactual::{plain, right};
use crate::page::{Part, render};
use crate::picture::figure::{PAGE, Picture};
use crate::picture::tornado::{self, Bar};

/// Dials of the screen, for each economy.
const SHOWN: [Dial; 8] = [
    Dial::Use(detente_engine::benchmark::FinalUse::Household),
    Dial::ManufacturingShare,
    Dial::HomeShare,
    Dial::HomeMakers,
    Dial::TradeBalance,
    Dial::BilateralBalance,
    Dial::Dependence,
    Dial::Welfare,
];

/// Heads of their columns.
const HEADS: [&str; 8] = ["C/GDP", "manuf", "home", "makers", "balance", "bilateral", "depend", "welfare"];

/// A dial of a side that the page and its pictures show.
pub struct Panel {
    /// Its position in the table.
    pub dial: usize,
    /// Whose, by the place of the side.
    pub side: usize,
    /// In a few words, for the head of a column.
    pub short: String,
    /// With its unit, for a picture.
    pub long: String,
}

/// The stated aims of both sides and what stands against them: makers and balances of the first, consumers of the second, welfare of both.
const AIMS: [(Dial, usize); 6] = [
    (Dial::ManufacturingShare, 0),
    (Dial::TradeBalance, 0),
    (Dial::BilateralBalance, 0),
    (Dial::Use(detente_engine::benchmark::FinalUse::Household), 1),
    (Dial::Welfare, 0),
    (Dial::Welfare, 1),
];

/// The two economies of a table, in the order in which they were named.
pub fn sides(table: &LeverTable) -> [usize; 2] {
    let mut named: Vec<usize> = table.dials.iter().map(|of| of.economy).collect();
    named.dedup();
    [0, 1].map(|side| named.get(side).copied().unwrap_or_default())
}

/// Position of a dial of an economy.
pub fn place(table: &LeverTable, dial: Dial, economy: usize) -> Option<usize> {
    table.dials.iter().position(|of| of.dial == dial && of.economy == economy)
}

/// The dials that pages show.
pub fn panels(table: &LeverTable) -> Vec<Panel> {
    let sides = sides(table);
    let panel = |(dial, side): (Dial, usize)| {
        let entry = dial.entry();
        let name = opening(table.economy(sides[side]));
        let (label, unit) =
            if dial == Dial::Welfare { ("welfare", "percent") } else { (entry.label, "points") };
        Some(Panel {
            dial: place(table, dial, sides[side])?,
            side,
            short: format!("{name}: {label}"),
            long: format!("{name}: {label}, {unit}"),
        })
    };
    AIMS.into_iter().filter_map(panel).collect()
}

/// Positions of the dials whose bands pages show.
pub fn banded(table: &LeverTable) -> Vec<usize> {
    panels(table).iter().map(|panel| panel.dial).collect()
}

/// A change in points as pages have it: three decimals, no sign where nothing is left.
pub fn points(value: f64) -> String {
    if value.abs() < 5e-4 { "0.000".to_owned() } else { format!("{value:+.3}") }
}

/// The size at which a lever is meant, in the words of its unit.
pub fn size_meant(meant: &MeantLever) -> String {
    let times = meant.sizes.1 / meant.sizes.0;
    let word = meant.unit.replacen('1', &format!("{}", (100.0 * times).round() / 100.0), 1);
    if word.ends_with("point") { format!("{word}s") } else { word }
}

/// A tornado for each dial that pages show: levers at the size meant.
pub fn tornados(table: &LeverTable, bands: Option<&LeverBands>, widths: [f64; 2]) -> Vec<Picture> {
    let one = |panel: &Panel| {
        let bar = |(lever, meant): (usize, &MeantLever)| {
            let effect = table.found.effects[lever][panel.dial]?.finite_large?;
            let band = bands.and_then(|bands| bands.of(lever, panel.dial));
            Some(Bar {
                name: format!("{}, {}", table.name(lever), size_meant(meant)),
                effect: 100.0 * effect,
                band: band.map(|band| (100.0 * band.low, 100.0 * band.high)),
                is_condition: meant.lever.is_condition(),
            })
        };
        let bars: Vec<Bar> = table.levers.iter().enumerate().filter_map(bar).collect();
        let largest = bars.iter().max_by(|a, b| a.effect.abs().total_cmp(&b.effect.abs()))?;
        let title = format!("{}: most moved by {} ({})", panel.short, largest.name, points(largest.effect));
        let note = "Levers at the size that is meant, in the long run, others hold; sizes are not alike, so compare bars with their sizes.";
        let range = bands.map_or(String::new(), |bands| format!(" Line: 5 to 95 of {} runs.", bands.runs()));
        let id = format!(
            "{}-{}",
            table.dials[panel.dial].dial.entry().id.replace('_', "-"),
            table.code(table.dials[panel.dial].economy).to_lowercase()
        );
        Some(tornado::picture(&id, &title, &format!("{note}{range}"), &panel.long, panel.side, &bars, widths))
    };
    panels(table).iter().filter_map(one).collect()
}

/// The page of a table of levers: its pictures, then the table.
pub fn levers_page(table: &LeverTable, bands: Option<&LeverBands>, foot: &str) -> String {
    let mut parts: Vec<Part> = vec![Part::Lead(
        "What each lever does to the stated aims at the size that is meant, the largest first; the table below has a unit of each.".to_owned(),
    )];
    parts.extend(tornados(table, bands, PAGE).into_iter().map(Part::picture));
    parts.push(Part::Heading("All levers: a unit to first order, in full, and the size meant".to_owned()));
    let cell = |value: Option<f64>| value.map_or(String::new(), |value| format!("{:+.4}", 100.0 * value));
    for panel in panels(table) {
        let rows = (0..table.levers.len()).filter_map(|lever| {
            let effect = table.found.effects[lever][panel.dial]?;
            let turns = if effect.turns() { "turns" } else { "" };
            Some(vec![
                table.name(lever),
                table.levers[lever].unit.to_owned(),
                cell(Some(effect.linear)),
                cell(effect.finite_unit),
                size_meant(&table.levers[lever]),
                cell(effect.finite_large),
                turns.to_owned(),
            ])
        });
        parts.push(Part::Text(panel.long.clone()));
        let heads =
            ["lever", "unit", "a unit, first order", "a unit, in full", "size meant", "in full", "sign"];
        parts.push(Part::table(&heads, rows.collect()));
    }
    if !table.notes.is_empty() {
        parts.push(Part::List(table.notes.clone()));
    }
    render("What levers do", &parts, foot)
}

/// Levers in rows, dials in columns: points a unit, to first order. Where the sign turns before the size that is meant, the number stands between
/// asterisks, and in bold where the terminal has it.
pub fn levers(table: &LeverTable, bold: bool) -> String {
    let mut out = String::new();
    let economies = |dial: &&DialOf| dial.dial == Dial::ManufacturingShare;
    let sides: Vec<usize> = table.dials.iter().filter(economies).map(|dial| dial.economy).collect();
    let mut turned = Vec::new();
    for economy in sides {
        let mut screen = plain();
        screen.set_header(
            std::iter::once(format!("{}: points a unit", table.code(economy)))
                .chain(HEADS.map(str::to_owned)),
        );
        let at = |dial: Dial| table.dials.iter().position(|of| of.dial == dial && of.economy == economy);
        for (lever, meant) in table.levers.iter().enumerate() {
            let cells = SHOWN.map(|dial| {
                let place = at(dial)?;
                let effect = table.found.effects[lever][place]?;
                if effect.turns() {
                    turned.push(format!(
                        "{} of {}: {} ({}) has {:+.4} points a unit and {:+.4} at {}",
                        dial.entry().label,
                        table.code(economy),
                        table.name(lever),
                        meant.unit,
                        100.0 * effect.linear,
                        100.0 * effect.finite_large.unwrap_or(f64::NAN),
                        meant.sizes.1
                    ));
                }
                let number = format!("{:+.4}", 100.0 * effect.linear);
                Some(match (effect.turns(), bold) {
                    (true, true) => format!("\u{1b}[1m{number}\u{1b}[0m"),
                    (true, false) => format!("*{number}*"),
                    (false, _) => number,
                })
            });
            let name = format!("{}, {}", table.name(lever), meant.unit);
            screen.add_row(std::iter::once(name).chain(cells.map(Option::unwrap_or_default)));
        }
        right(&mut screen);
        out += &format!("{screen}\n\n");
    }
    out += "Linear, at the benchmark's tariffs; others hold. Shares in percentage points, welfare in percent. A condition is no policy.\n";
    if !turned.is_empty() {
        out += "The sign turns before the size that is meant:\n";
        turned.iter().for_each(|line| out += &format!("  {line}\n"));
    }
    table.notes.iter().for_each(|note| out += &format!("note: {note}\n"));
    out
}

/// A dial's value: a share in percent, other numbers as they stand.
fn shown(dial: Dial, value: f64) -> String {
    match (dial.entry().unit, dial) {
        (Unit::Fraction, _) => format!("{:.3}", 100.0 * value),
        _ => format!("{value:.6}"),
    }
}

/// A rebalancing: what is assumed, reach, targets with shadow prices, levers, the price of the target; or the conflict.
pub fn rebalanced(answer: &Rebalanced) -> String {
    let question = &answer.question;
    let mut out =
        format!("{} (others hold; levers start from the benchmark's or the day's tariffs)\n", question.name);
    for (meant, size) in question.levers.iter().zip(answer.found.sizes()) {
        if let detente_engine::rebalancing::lever::Lever::FinalDemand { economy, from, to } = &meant.lever
            && *size != 0.0
        {
            let code = &question.solver.benchmark.economies[*economy].code;
            let (gains, loses) = if *size > 0.0 { (to, from) } else { (from, to) };
            out += &format!(
                "Assumes that in {code} {} spends {:.4} percent of GDP more and {} as much less; policies that could do it are not modelled.\n",
                gains.word(),
                100.0 * size.abs(),
                loses.word()
            );
        }
    }
    out += "\n";
    for (place, (start, linear, exact)) in answer.reach.iter().enumerate() {
        let dial = question.targets[place].dial.dial;
        let exact = exact.map_or("no equilibrium".to_owned(), |value| shown(dial, value));
        out += &format!(
            "reach: {} from {} to {} at the most by first order, {exact} solved there\n",
            answer.target_name(place),
            shown(dial, *start),
            shown(dial, *linear)
        );
        let wanted = question.targets[place].level;
        let short = answer.reach[place].2.is_some_and(|best| {
            question.targets[place].missed(best) > 0.05 * (wanted - start).abs()
                && question.targets[place].missed(*start) > 0.0
        });
        if short {
            out += &format!("       the levers allowed do not move this dial to {}\n", shown(dial, wanted));
        }
    }
    let mut targets = plain();
    targets.set_header(["target", "", "wanted", "reached", "shadow price, percent a point"]);
    for (place, target) in question.targets.iter().enumerate() {
        let shadow = match &answer.found {
            Found::LeastCost(Outcome::Met { answer, .. }) => format!("{:.5}", answer.shadow_prices[place]),
            _ => String::new(),
        };
        targets.add_row([
            answer.target_name(place),
            word(target.sense).replace('_', " "),
            shown(target.dial.dial, target.level),
            shown(target.dial.dial, answer.found.at().dials[place]),
            shadow,
        ]);
    }
    right(&mut targets);
    out += &format!("\n{targets}\n\n");
    let mut levers = plain();
    levers.set_header(["lever", "value", "least", "most", "bound"]);
    for (place, meant) in question.levers.iter().enumerate() {
        let size = answer.found.sizes()[place];
        let as_typed = |size: f64| match meant.measure {
            Measure::Factor => format!("{:.5}", meant.measure.shown(size)),
            _ => format!("{:+.5}", meant.measure.shown(size)),
        };
        let (lower, upper) = meant.bounds.unwrap_or((0.0, 0.0));
        let side = match &answer.found {
            Found::LeastCost(Outcome::Met { answer, .. }) => match answer.side[place] {
                -1 => "least",
                1 => "most",
                _ => "",
            },
            _ => "",
        };
        let name =
            if meant.cell.is_empty() { meant.name.clone() } else { format!("{} {}", meant.name, meant.cell) };
        let (lower, upper) = if question.is_swap {
            (String::new(), String::new())
        } else {
            (as_typed(lower), as_typed(upper))
        };
        levers.add_row([name, as_typed(size), lower, upper, side.to_owned()]);
    }
    right(&mut levers);
    out += &format!("{levers}\n\n");
    match &answer.found {
        Found::LeastCost(Outcome::Met { answer: best, without }) => {
            let cost = percent(question, best.at.cost);
            match without {
                Some(without) => {
                    let free = percent(question, without.at.cost);
                    out += &format!(
                        "price of the target: {:.6} percent (cost {cost:.6} with targets, {free:.6} for the same levers without)\n",
                        cost - free
                    );
                }
                None => out += &format!("cost: {cost:.6} percent\n"),
            }
            out += &format!(
                "{} start(s) ended at {} distinct optimum; conditions of a minimum met to {:.0e}; {} equilibria\n",
                best.starts, best.distinct, best.residual, best.evaluations
            );
        }
        Found::LeastCost(Outcome::Missed(_)) => {}
        Found::Swap(swap) => {
            out += &format!("{} Newton steps, targets met to {:.0e}\n", swap.steps, swap.gap)
        }
    }
    out += &format!(
        "asked as a scenario, the answer misses its targets by at most {:.1e}\n",
        answer.worst_gap_as_scenario()
    );
    question.notes.iter().for_each(|note| out += &format!("note: {note}\n"));
    out
}

/// Why targets cannot be met together, in sentences; none where they are.
pub fn conflict(answer: &Rebalanced) -> Option<String> {
    let Found::LeastCost(Outcome::Missed(conflict)) = &answer.found else { return None };
    let question = &answer.question;
    let weighed: Vec<String> = (0..question.targets.len())
        .filter(|place| conflict.weights[*place] > 0.01)
        .map(|place| format!("{} (weight {:.3})", answer.target_name(place), conflict.weights[place]))
        .collect();
    let mut out = format!(
        "{}: these targets cannot be met together with the levers allowed, as far as a search from where they start can see: {}",
        question.name,
        weighed.join(", ")
    );
    for (place, best) in conflict.best.iter().enumerate() {
        let dial = question.targets[place].dial.dial;
        if let (Some(best), true) = (best, conflict.weights[place] > 0.01) {
            out += &format!(
                "\n  with the others kept, {} reaches {} at best; {} is wanted",
                answer.target_name(place),
                shown(dial, *best),
                shown(dial, question.targets[place].level)
            );
        }
    }
    for (lever, worth) in conflict.bounds.iter().take(3) {
        let meant = &question.levers[*lever];
        let cell = if meant.cell.is_empty() { String::new() } else { format!(" {}", meant.cell) };
        out += &format!(
            "\n  a wider bound would help: {}{cell} ({worth:.4} points of the weighed targets a unit)",
            meant.name
        );
    }
    Some(out)
}
