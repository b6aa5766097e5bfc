//! What capital adds beside welfare: on the embedded world, on a benchmark of one's own, and where it is refused.

use detente::scenario::document::{Rate, Scenario};
use detente::{World, results};
use detente_data::benchmark_directory;
use std::path::{Path, PathBuf};

const GOODS: [&str; 3] = ["agriculture", "mining", "manufacturing"];

fn ten_on_everybody(capital: &str) -> Scenario {
    let world = World::embedded().expect("the embedded world");
    let mut scenario = Scenario::new("ten on all").setting("capital", capital).expect("a key of [closure]");
    for economy in world.economies().filter(|code| *code != "USA").map(str::to_owned).collect::<Vec<_>>() {
        scenario = scenario.tariff(Rate::add(0.10).importer("USA").exporter(economy.as_str()).sector(GOODS));
    }
    scenario
}

fn value(answer: &detente::Answer, outcome: &str, economy: &str) -> f64 {
    World::embedded().expect("world").value(answer, outcome, economy).expect("defined")
}

#[test]
fn consumption_in_the_end_falls_and_its_present_value_does_not() {
    let world = World::embedded().expect("world");
    let plain = world.solve(&ten_on_everybody("fixed")).expect("solved");
    let steady = world.solve(&ten_on_everybody("steady")).expect("solved");
    // Welfare and all that stands in the plain answer stay as they are, to the digit.
    assert_eq!(value(&plain, "welfare_pct", "USA"), value(&steady, "welfare_pct", "USA"));
    assert!(world.value(&plain, "consumption_in_the_end_pct", "USA").is_err());
    let given = value(&steady, "consumption_capital_given_pct", "USA");
    let end = value(&steady, "consumption_in_the_end_pct", "USA");
    let worth = ["present_value_pct", "present_value_fast_pct"].map(|name| value(&steady, name, "USA"));
    assert!(given > 0.1 && end < -0.05, "given {given}, in the end {end}");
    assert!(worth.iter().all(|worth| (worth - given).abs() < 0.02), "{worth:?} beside {given}");
    assert!(value(&steady, "capital_pct", "USA") < -1.0);
    assert!(value(&steady, "real_wage_in_the_end_pct", "USA") < value(&steady, "real_wage_pct", "USA"));
    let answer = steady.equilibrium().expect("an equilibrium");
    let notes = answer.caveats().join("\n");
    assert!(notes.contains("0.9 of capital's income") && notes.contains("CHN"), "{notes}");
    let table = results::economies(answer, &[]).csv();
    assert!(table.lines().next().expect("a header").contains("consumption_in_the_end_pct"));
    let table = results::economies(plain.equilibrium().expect("an equilibrium"), &[]).csv();
    assert!(!table.contains("in_the_end"));
}

#[test]
fn no_change_changes_nothing_once_capital_has_answered() {
    let world = World::embedded().expect("world");
    let scenario = Scenario::new("nothing").setting("capital", "steady").expect("a key");
    let answer = world.solve(&scenario).expect("solved");
    for economy in world.economies() {
        for outcome in [
            "consumption_in_the_end_pct",
            "capital_pct",
            "present_value_pct",
            "consumption_capital_given_pct",
        ] {
            let found = world.value(&answer, outcome, economy).expect("defined");
            assert!(found.abs() < 1e-9, "{economy} {outcome}: {found}");
        }
    }
}

#[test]
fn what_capital_is_not_written_for_is_refused_by_name() {
    let world = World::embedded().expect("world");
    let set = |key: &str, value: &str| ten_on_everybody("steady").setting(key, value).expect("a key");
    for (key, value, said) in [
        ("market_structure", "krugman", "capital = \"steady\""),
        ("revenue", "wasted", "capital = \"steady\""),
        ("capital", "built", "steady"),
    ] {
        let refused = world.solve(&set(key, value)).expect_err(value).to_string();
        assert!(refused.contains(said), "{key} {value}: {refused}");
    }
}

/// A folder that is gone when the test ends.
struct Own(PathBuf);

impl Drop for Own {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_benchmark_of_ones_own_reads_its_own_tables_and_names_what_is_missing() {
    let own = Own(std::env::temp_dir().join(format!("capital-{}", std::process::id())));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    std::fs::create_dir_all(own.0.join("capital")).expect("a folder");
    for (from, to) in [("benchmark/world-2022", ""), ("capital/world-2022", "capital")] {
        for entry in std::fs::read_dir(root.join(from)).expect("the folder").filter_map(Result::ok) {
            if entry.path().is_file() && entry.file_name() != "recipe.toml" {
                std::fs::copy(entry.path(), own.0.join(to).join(entry.file_name())).expect("copied");
            }
        }
    }
    let solve = || {
        let world = World::of(benchmark_directory::open(&own.0).expect("read"));
        let answer = world.solve(&ten_on_everybody("steady")).map_err(|error| error.to_string())?;
        world.value(&answer, "consumption_in_the_end_pct", "USA").map_err(|error| error.to_string())
    };
    let embedded = World::embedded().expect("world").solve(&ten_on_everybody("steady")).expect("solved");
    assert_eq!(solve().expect("solved"), value(&embedded, "consumption_in_the_end_pct", "USA"));
    let shares = own.0.join("capital/capital_shares.csv");
    let text = std::fs::read_to_string(&shares).expect("shares");
    for (changed, said) in [
        (text.replace("CHN,", "CHX,"), "CHX"),
        (
            text.lines().filter(|line| !line.starts_with("CHN")).map(|line| format!("{line}\n")).collect(),
            "CHN",
        ),
        (text.replacen("USA,0.", "USA,7.", 1), "share"),
    ] {
        std::fs::write(&shares, changed).expect("written");
        let refused = solve().expect_err(said);
        assert!(refused.contains("capital_shares.csv") && refused.contains(said), "{refused}");
    }
    std::fs::remove_dir_all(own.0.join("capital")).expect("removed");
    assert!(solve().expect_err("no folder").contains("baskets.csv"));
}
