//! Levers and rebalancings against an independent program's numbers, on the world that it was run on.

use detente::rebalance::answer::{self, Found, Rebalanced, percent};
use detente::rebalance::effects_table::levers;
use detente::rebalance::question::{self, RebalanceError};
use detente_data::benchmark_directory::{self, BenchmarkDirectory};
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_engine::rebalancing::dial::Dial;
use detente_engine::rebalancing::least_cost::Outcome;
use detente_testkit::{Table, needs, shared};

use crate::dials::names;

fn world() -> BenchmarkDirectory {
    benchmark_directory::open(&shared("reference/rebalancing/world-cat")).expect("read")
}

fn asked(text: &str) -> Rebalanced {
    let (world, settings) = (world(), SolveSettings::default());
    let question = question::read("targets.toml", text, &world, None, &settings).expect("read");
    answer::ask(question, &world, None, 1).expect("asked")
}

/// 22 levers on 24 dials of two economies: linear, at a unit, at a large size.
#[needs("reference/rebalancing/levers.csv", "reference/rebalancing/world-cat")]
#[test]
fn levers_do_to_dials_what_the_reference_says() {
    let economies = ["USA".to_owned(), "CHN".to_owned()];
    let table =
        levers(&world(), &Closure::default(), &economies, None, &SolveSettings::default()).expect("levers");
    assert!(table.notes.is_empty(), "{:?}", table.notes);
    let reference = Table::read(&shared("reference/rebalancing/levers.csv")).expect("levers");
    let names = names();
    let mut worst = [0.0f64; 3];
    for row in 0..reference.rows.len() {
        let (name, economy) = (reference.text(row, "lever"), reference.text(row, "economy"));
        let lever = (0..table.levers.len())
            .find(|lever| table.name(*lever) == name)
            .unwrap_or_else(|| panic!("no lever is called {name}"));
        let sizes = table.levers[lever].sizes;
        assert_eq!(
            sizes,
            (reference.number(row, "unit_size"), reference.number(row, "large_size")),
            "{name}"
        );
        let (_, contract) =
            names.iter().find(|(known, _)| known == reference.text(row, "dial")).expect("a known dial");
        let dial = Dial::of_name(contract).expect("a dial");
        let at = (table.dials.iter())
            .position(|of| of.dial == dial && table.code(of.economy) == economy)
            .expect("a dial of the economy");
        let effect = table.found.effects[lever][at].expect("defined");
        let expected =
            ["linear_per_unit", "finite_unit", "finite_large"].map(|column| reference.number(row, column));
        let found = [Some(effect.linear), effect.finite_unit, effect.finite_large];
        let of_dial = if dial == Dial::Gdp { reference.number(row, "baseline") } else { 1.0 };
        // The reference solves shifts between uses with cells rounded to single precision, which moves its dials by up to 4e-9.
        let uses_move = ["condition", "consumption)"].iter().any(|word| name.contains(word));
        for (column, (found, expected)) in found.into_iter().zip(expected).enumerate() {
            let found = found.expect("an equilibrium");
            let rounding = if uses_move && column > 0 { 5e-9 } else { 2e-13 };
            let off = (found - expected).abs() - rounding * of_dial;
            assert!(
                off <= 1e-6 * expected.abs(),
                "{name}, {} of {economy}, column {column}: {found:e} against {expected:e}",
                dial.entry().id
            );
            worst[column] = worst[column].max(off / expected.abs().max(1e-300));
        }
    }
    println!("{} rows, worst {worst:?}", reference.rows.len());
}

const MANUFACTURING: &str = r#"
[[target]]
dial = "manufacturing_share"
economy = "USA"
at_least = { change = 0.01 }
"#;
const TARIFFS: &str = r#"
[[lever]]
kind = "tariff"
importer = "USA"
exporter = "all"
sector = "manufacturing"
by = "sector"
factor = [1.0, 1.5]
"#;
const SUBSIDIES: &str = r#"
[[lever]]
kind = "output_subsidy"
economy = "USA"
sector = "manufacturing"
by = "sector"
rate = [0.0, 0.2]
"#;

/// Cases 1a to 1c: cost, cost without the target, shadow price, rates of all sectors; and the answer as a scenario.
#[needs("reference/rebalancing/rebalance_case1.csv", "reference/rebalancing/world-cat")]
#[test]
fn a_point_of_manufacturing_costs_what_the_reference_says() {
    let reference = Table::read(&shared("reference/rebalancing/rebalance_case1.csv")).expect("case 1");
    let without =
        Table::read(&shared("reference/rebalancing/rebalance_case1_no_target.csv")).expect("no target");
    let cases = [
        ("tariffs only", TARIFFS.to_owned()),
        ("subsidies only", SUBSIDIES.to_owned()),
        ("tariffs and subsidies", format!("{TARIFFS}{SUBSIDIES}")),
    ];
    for (case, levers) in cases {
        let text = format!(
            "name = \"{case}\"\ncost = {{ welfare = \"USA\", saving = 1.0 }}\n{MANUFACTURING}{levers}"
        );
        let found = asked(&text);
        assert!(found.worst_gap_as_scenario() < 1e-8, "{case}: {:e}", found.worst_gap_as_scenario());
        let Found::LeastCost(Outcome::Met { answer, without: free }) = &found.found else {
            panic!("{case} is met")
        };
        assert_eq!((answer.starts, answer.distinct), (2, 1), "{case}");
        let number = |what: &str| {
            let row = (0..reference.rows.len())
                .find(|row| reference.text(*row, "case") == case && reference.text(*row, "lever") == what)
                .unwrap_or_else(|| panic!("{case}: {what}"));
            reference.number(row, "ln_or_level")
        };
        let cost = percent(&found.question, answer.at.cost);
        assert!((cost - number("LOSS_pct_USA")).abs() < 1e-7, "{case}: {cost}");
        let shadow = answer.shadow_prices[0];
        assert!((shadow - number("SHADOW_lnW_per_unit_share")).abs() < 1e-6, "{case}: {shadow}");
        let row = (0..without.rows.len())
            .find(|row| without.text(*row, "case") == format!("{case} no target"))
            .expect("a row");
        let free = percent(&found.question, free.as_ref().expect("asked without").at.cost);
        assert!((free - without.number(row, "loss_pct_USA")).abs() < 1e-7, "{case}: {free}");
        let mut worst = 0.0f64;
        for (meant, size) in found.question.levers.iter().zip(&answer.sizes) {
            let kind = if meant.name.starts_with("tariff") { "tariff" } else { "subsidy" };
            let expected = number(&format!("{kind}:{}", meant.cell));
            worst = worst.max((size - expected).abs());
        }
        println!("{case}: cost {cost:.8}, free {free:.8}, rates off by {worst:.1e}");
        assert!(worst < 1e-4, "{case}: rates off by {worst:e}");
        let welfare = found.solved.outcomes.economies[1].welfare_pct.expect("solved");
        assert!((welfare - number("CHN_welfare_pct")).abs() < 1e-5, "{case}: {welfare}");
        stands_at_a_minimum(&found);
    }
}

/// Lowering any free lever by 1e-4 misses a binding target or raises the cost.
fn stands_at_a_minimum(found: &Rebalanced) {
    let asked = found.question.asked();
    let Found::LeastCost(Outcome::Met { answer, .. }) = &found.found else { panic!("met") };
    for (place, side) in answer.side.iter().enumerate().filter(|(_, side)| **side == 0) {
        let mut sizes = answer.sizes.clone();
        sizes[place] -= 1e-4;
        let there = asked.evaluate(&sizes, false).expect("asked").expect("solved");
        let misses =
            asked.targets.iter().zip(&there.dials).any(|(target, value)| target.missed(*value) > 1e-10);
        assert!(misses || there.cost > answer.at.cost, "lever {place} (side {side}) can be lowered");
    }
}

/// Everything of case 2 but the levers of saving and final demand.
const BOTH_AIMS: &str = r#"
name = "both aims"
cost = { joint = ["USA", "CHN"], weights = "income", saving = 1.0 }
[[target]]
dial = "manufacturing_share"
economy = "USA"
at_least = { change = 0.005 }
[[target]]
dial = "household_consumption"
economy = "CHN"
at_least = { change = 0.03 }
[[target]]
dial = "bilateral_balance"
economy = "USA"
partner = "CHN"
at_least = { factor = 0.5 }
[[lever]]
kind = "tariff"
importer = "USA"
exporter = "CHN"
sector = ["agriculture", "mining", "manufacturing"]
by = "sector"
add = [-1.0, 1.5]
[[lever]]
kind = "tariff"
importer = "CHN"
exporter = "USA"
sector = ["agriculture", "mining", "manufacturing"]
by = "sector"
add = [-1.0, 1.5]
[[lever]]
name = "goods access"
kind = "trade_cost"
importer = "CHN"
exporter = "USA"
sector = ["agriculture", "mining", "manufacturing"]
ln_cost = [-0.15, 0.0]
cost = 0.002
[[lever]]
name = "services access"
kind = "trade_cost"
importer = "CHN"
exporter = "USA"
sector = "services"
ln_cost = [-0.15, 0.0]
cost = 0.002
"#;
const SAVING: &str = r#"
[[lever]]
name = "US saving"
kind = "saving"
economy = "USA"
deficit_share_of_gdp = [-0.02, 0.0]
cost = 0.05
[[lever]]
name = "Chinese saving"
kind = "saving"
economy = "CHN"
deficit_share_of_gdp = [0.0, 0.0321]
cost = 0.05
[[lever]]
name = "shift"
kind = "final_demand"
condition = true
economy = "CHN"
from = "investment"
to = "household"
share_of_gdp = [0.0, 0.05]
cost = 0.05
"#;

#[needs("reference/rebalancing/rebalance_case2.csv", "reference/rebalancing/world-cat")]
#[test]
fn both_aims_cost_what_the_reference_says() {
    let found = asked(&format!("{BOTH_AIMS}{SAVING}"));
    assert!(found.worst_gap_as_scenario() < 1e-8, "{:e}", found.worst_gap_as_scenario());
    let Found::LeastCost(Outcome::Met { answer, without }) = &found.found else { panic!("met") };
    let (cost, free) = (100.0 * answer.at.cost, 100.0 * without.as_ref().expect("asked without").at.cost);
    assert!((cost + 0.042280).abs() < 1e-6 && (free + 0.229806).abs() < 1e-6, "{cost} {free}");
    for (shadow, expected) in answer.shadow_prices.iter().zip([0.32090, 0.04641, 0.03609]) {
        assert!((shadow - expected).abs() < 1e-5, "{:?}", answer.shadow_prices);
    }
    let size = |name: &str| {
        let place = found.question.levers.iter().position(|meant| meant.name == name).expect("a lever");
        (answer.sizes[place], answer.side[place])
    };
    assert!((size("US saving").0 + 0.0006875).abs() < 1e-7, "{:?}", size("US saving"));
    assert_eq!(size("Chinese saving"), (0.0321, 1));
    assert!((size("shift").0 - 0.0168088).abs() < 1e-7, "{:?}", size("shift"));
    assert_eq!(size("goods access"), (-0.15, -1));
    assert_eq!(size("services access"), (0.0, 1));
    for (welfare, expected) in answer.at.welfare.iter().zip([0.0782, 0.7013]) {
        assert!((100.0 * welfare - expected).abs() < 1e-4, "{:?}", answer.at.welfare);
    }
    let reference = Table::read(&shared("reference/rebalancing/rebalance_case2.csv")).expect("case 2");
    let base = &found.question.base.instruments.tariff_rate;
    let world = &found.question.solver.benchmark;
    let mut worst = 0.0f64;
    for row in (0..reference.rows.len()).filter(|row| reference.text(*row, "case").starts_with("A ")) {
        let Some((sides, sector)) = reference.text(row, "lever_or_result").split_once(':') else { continue };
        let Some((importer, exporter)) = sides.split_once(" tariff on ") else { continue };
        let place = |code: &str| world.economy(code).expect("known");
        let sector = world.sector(sector).expect("known");
        let cell = world.dimensions().cell(place(importer), place(exporter), sector);
        let rate = found.solved.equilibrium.instruments.tariff_rate[cell];
        let expected = reference.number(row, "value");
        worst = worst.max((((1.0 + rate) / (1.0 + base[cell])).ln() - expected).abs());
    }
    println!(
        "case 2: cost {cost:.8}, free {free:.8}, shadows {:?}, rates off by {worst:.1e}",
        answer.shadow_prices
    );
    assert!(worst < 1e-4, "rates off by {worst:e}");
    stands_at_a_minimum(&found);
}

/// Without saving and the condition nothing moves China's consumption: it is named, with the best that it can be.
///
/// The reference stopped at a point with larger misses (weights .918, .082 and 0) and found −0.0069 points with the others kept; there is a
/// better point, so what is asked here is that it is one: no move of any lever raises the weighed targets together.
#[needs("reference/rebalancing/world-cat")]
#[test]
fn what_cannot_be_met_together_is_named() {
    let found = asked(BOTH_AIMS);
    let Found::LeastCost(Outcome::Missed(conflict)) = &found.found else { panic!("cannot be met") };
    println!("weights {:?}, best {:?}, gaps {:?}", conflict.weights, conflict.best, conflict.gaps);
    assert!(!found.is_met());
    assert!((conflict.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(conflict.weights[1] > 0.9, "{:?}", conflict.weights);
    let best = conflict.best[1].expect("the others can be kept") - (found.question.targets[1].level - 0.03);
    assert!(best > -0.000069 && best < 0.0, "consumption with the others kept moves by {best}");
    let squares = conflict.gaps.iter().map(|gap| gap * gap).sum::<f64>();
    assert!(squares < 0.03005f64.powi(2), "{squares}");
    let asked = found.question.asked();
    let there = asked.evaluate(&conflict.sizes, true).expect("asked").expect("solved");
    for (place, bounded) in asked.levers.iter().enumerate() {
        let width = bounded.upper - bounded.lower;
        let weighed = conflict.weights.iter().zip(&there.slopes);
        let gain = width * weighed.map(|(weight, slope)| weight * slope[place]).sum::<f64>();
        let room = (conflict.sizes[place] - bounded.lower) / width;
        let stopped = (gain > 0.0 && room > 1.0 - 1e-4) || (gain < 0.0 && room < 1e-4);
        assert!(
            stopped || gain.abs() < 1e-6,
            "lever {place} at {room} of its way still moves them by {gain:e}"
        );
    }
}

#[needs("reference/rebalancing/rebalance_swap.csv", "reference/rebalancing/world-cat")]
#[test]
fn a_swap_finds_the_reference_s_three_numbers() {
    let text = r#"
target = [ { dial = "manufacturing_share", economy = "USA", equal = { change = 0.005 } },
           { dial = "household_consumption", economy = "CHN", equal = { change = 0.03 } },
           { dial = "bilateral_balance", economy = "USA", partner = "CHN", equal = { factor = 0.5 } } ]
swap   = [ { kind = "tariff", importer = "USA", exporter = "all", sector = "manufacturing", by = "one-rate", factor = [1.0, 2.0] },
           { kind = "saving", economy = "CHN" },
           { kind = "final_demand", economy = "CHN", from = "investment", to = "household", condition = true } ]
"#;
    let found = asked(text);
    let Found::Swap(swap) = &found.found else { panic!("a swap") };
    println!("{:?} in {} steps to {:.0e}", swap.sizes, swap.steps, swap.gap);
    for (size, expected) in swap.sizes.iter().zip([0.02214776, 0.05847135, 0.00707718]) {
        assert!((size - expected).abs() < 1e-6, "{:?}", swap.sizes);
    }
    assert!(swap.steps <= 5 && swap.gap < 1e-12);
    assert!(found.worst_gap_as_scenario() < 1e-8, "{:e}", found.worst_gap_as_scenario());
}

/// What is typed wrong is refused with the key and what would be right.
#[test]
fn questions_that_cannot_be_asked_are_refused() {
    let world = detente_data::default_world::open().expect("embedded");
    let refusal = |text: &str| {
        let asked = question::read("targets.toml", text, &world, None, &SolveSettings::default()).map(|_| ());
        let error: RebalanceError = asked.expect_err("refused");
        assert!(error.is_wrong_input(), "{error}");
        error.to_string()
    };
    let target =
        "[[target]]\ndial = \"manufacturing_share\"\neconomy = \"USA\"\nat_least = { change = 0.01 }\n";
    for (text, words) in [
        (target.to_owned(), "needs at least one `[[lever]]`"),
        (format!("{target}[[lever]]\nkind = \"tarif\"\n"), "did you mean `tariff`"),
        (format!("{target}[[lever]]\nkind = \"saving\"\neconomy = \"USA\"\n"), "needs its bounds"),
        (
            format!(
                "{target}[[lever]]\nkind = \"final_demand\"\neconomy = \"USA\"\nfrom = \"household\"\nto = \"investment\"\nshare_of_gdp = [0.0, 0.01]\n"
            ),
            "condition = true",
        ),
        (target.replace("manufacturing_share", "bilateral_balance") + TARIFFS, "add `partner`"),
        (target.replace("manufacturing_share", "manufacturing_shar") + TARIFFS, "manufacturing_share"),
        (target.replace("change", "chance") + TARIFFS, "change"),
        (format!("{target}{TARIFFS}rate = [0.0, 0.1]\n"), "does not go with"),
    ] {
        let said = refusal(&text);
        assert!(said.contains(words), "{said}");
    }
    // A cost with a kink within the bounds is the engine's to refuse.
    let text = format!(
        "{target}[[lever]]\nkind = \"saving\"\neconomy = \"USA\"\ndeficit_share_of_gdp = [-0.01, 0.01]\ncost = 0.05\n"
    );
    let question =
        question::read("targets.toml", &text, &world, None, &SolveSettings::default()).expect("read");
    let error = answer::ask(question, &world, None, 0).map(|_| ()).expect_err("refused");
    assert!(error.to_string().contains("one sign"), "{error}");
}

/// `[[output_subsidy]]` is an export tax below zero on all destinations and at home.
#[needs("reference/rebalancing/world-cat")]
#[test]
fn an_output_subsidy_is_an_export_tax_with_its_own_cell() {
    let world = world();
    let codes: Vec<String> = world.benchmark.economies.iter().map(|e| format!("{:?}", e.code)).collect();
    let solve = |text: &str| {
        let scenario = detente::scenario::parse("subsidy.toml", text, None, &world, None).expect("read");
        detente::counterfactual::solve(&world, scenario, &SolveSettings::default()).expect("solved")
    };
    let word = solve("[[output_subsidy]]\neconomy = \"USA\"\nsector = \"manufacturing\"\nrate = 0.1\n");
    let tax = solve(&format!(
        "[[export_tax]]\nexporter = [\"USA\"]\nimporter = [{}]\nsector = \"manufacturing\"\nset = -0.1\n",
        codes.join(", ")
    ));
    for (a, b) in word.outcomes.economies.iter().zip(&tax.outcomes.economies) {
        assert_eq!(a.welfare_pct, b.welfare_pct);
    }
    assert!(word.outcomes.economies[0].welfare_pct.expect("solved") < 0.0);
}
