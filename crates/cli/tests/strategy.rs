//! Strategy through the real command: results in the contract's layout, and refusals that say what would be right.

mod support;

use std::path::Path;

use support::{Folder, detente, small_benchmark, transcript};

fn run(folder: &Folder, arguments: &[&str]) -> std::process::Output {
    let mut all: Vec<&str> = arguments.to_vec();
    all.extend(["--benchmark", "world"]);
    detente(&folder.0, &all)
}

fn summary(folder: &Folder, out: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.path(out).join("summary.json")).expect("a summary");
    serde_json::from_str(&text).expect("JSON")
}

/// A column of a table by economy.
fn column(path: &Path, name: &str) -> Vec<f64> {
    let text = std::fs::read_to_string(path).expect("a table");
    let mut lines = text.lines();
    let position = lines.next().expect("a header").split(',').position(|column| column == name);
    let position = position.unwrap_or_else(|| panic!("no column {name}"));
    lines.map(|line| line.split(',').nth(position).expect("a cell").parse().expect("a number")).collect()
}

#[test]
fn a_best_response_and_a_war_are_written_and_certified() {
    let folder = Folder::new("strategy-war");
    small_benchmark(&folder);
    let alone = run(&folder, &["optimal", "--player", "NOR", "--out", "alone"]);
    assert_eq!(alone.status.code(), Some(0), "{}", transcript(&alone));
    assert!(
        String::from_utf8_lossy(&alone.stdout).starts_with("Optimal for NOR alone"),
        "for whom must be said"
    );
    let gains = column(&folder.path("alone/economies.csv"), "objective_pct");
    assert!(gains[0] > 0.0 && gains[1] < 0.0, "{gains:?}");
    // The objective is welfare, by another formula: a difference of logarithms instead of a ratio.
    for (objective, welfare) in gains.iter().zip(column(&folder.path("alone/economies.csv"), "welfare_pct")) {
        assert!((objective - welfare).abs() < 1e-10, "{objective} {welfare}");
    }
    assert!(
        folder.path("alone/observed-deficits/summary.json").exists(),
        "both treatments of deficits are shown"
    );

    let war = run(&folder, &["nash", "--players", "NOR,SOU", "--out", "war"]);
    assert_eq!(war.status.code(), Some(0), "{}", transcript(&war));
    let summary = summary(&folder, "war");
    assert!(summary["best_response_gain"].as_f64().expect("a gain") <= 1e-9);
    assert!(summary["starts"].as_u64().expect("starts") >= 6);
    // Nobody gains by leaving: the best response to the war's tariffs is the war's.
    let tariffs = std::fs::read_to_string(folder.path("war/tariffs.csv")).expect("tariffs");
    folder.write(
        "war.toml",
        "name = \"war\"\n[baseline]\ndeficits = \"zero\"\n[[baseline.tariff]]\nfile = \"war/tariffs.csv\"\n",
    );
    let again = run(
        &folder,
        &["optimal", "--player", "SOU", "--scenario", "war.toml", "--deficits", "zero", "--out", "again"],
    );
    assert_eq!(again.status.code(), Some(0), "{}", transcript(&again));
    assert!(column(&folder.path("again/economies.csv"), "objective_pct")[1].abs() < 1e-6);
    let after = std::fs::read_to_string(folder.path("again/tariffs.csv")).expect("tariffs");
    let rates = |text: &str| -> Vec<f64> {
        text.lines()
            .skip(1)
            .map(|line| line.rsplit(',').next().expect("a rate").parse().expect("a number"))
            .collect()
    };
    for (a, b) in rates(&tariffs).iter().zip(rates(&after)) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn talks_find_a_zone_a_frontier_and_what_holds() {
    let folder = Folder::new("strategy-talks");
    small_benchmark(&folder);
    let deal = run(&folder, &["bargain", "--between", "NOR,SOU", "--deficits", "zero", "--out", "deal"]);
    assert_eq!(deal.status.code(), Some(0), "{}", transcript(&deal));
    let zone = summary(&folder, "deal")["zone"].clone();
    assert_eq!(zone["empty"], false);
    let equal = &zone["points"]["equal_gains"]["gains_pct"];
    assert!((equal["NOR"].as_f64().expect("a gain") - equal["SOU"].as_f64().expect("a gain")).abs() < 1e-6);
    let line =
        run(&folder, &["frontier", "--between", "NOR,SOU", "--points", "9", "--out", "line", "--pictures"]);
    assert_eq!(line.status.code(), Some(0), "{}", transcript(&line));
    assert_eq!(summary(&folder, "line")["frontier"].as_array().expect("points").len(), 9);
    assert!(
        folder.path("line/payoff_plane.json").exists()
            && folder.path("line/best_response_curves.json").exists()
    );
    let held = run(&folder, &["sustain", "--between", "NOR,SOU", "--out", "held"]);
    assert_eq!(held.status.code(), Some(0), "{}", transcript(&held));
    let held = summary(&folder, "held")["sustain"].clone();
    assert_eq!(held["punishment_is_equilibrium"], true);
    for side in held["holds"].as_array().expect("two sides") {
        let (t, p) = (
            side["temptation_pct"].as_f64().expect("a number"),
            side["loss_from_punishment_pct"].as_f64().expect("a number"),
        );
        let critical = side["critical_discount_factor"].as_f64().expect("a number");
        assert!((critical - t / (t + p)).abs() < 1e-9, "δ* = (T−R)/(T−P)");
    }
    let truce = run(&folder, &["deadline", "--between", "NOR,SOU", "--extension", "0.7", "--out", "truce"]);
    assert_eq!(truce.status.code(), Some(0), "{}", transcript(&truce));
    assert!(String::from_utf8_lossy(&truce.stdout).contains("leaves out what uncertainty costs"));
}

#[test]
fn wrong_questions_are_refused() {
    let folder = Folder::new("strategy-refused");
    small_benchmark(&folder);
    folder.write("what.toml", "[[instrument]]\nkind = \"tarif\"\n");
    folder.write("whom.toml", "[[instrument]]\npartner = \"SUO\"\n");
    folder.write("bounds.toml", "[[instrument]]\nlower = 0.5\nupper = 0.1\n");
    folder.write(
        "objective.toml",
        "[[objective]]\nplayer = \"NOR\"\n[[objective.term]]\noutcome = \"welfair\"\nweight = 1.0\n",
    );
    for (arguments, says) in [
        (vec!["optimal", "--player", "NRO"], "did you mean `NOR`?"),
        (vec!["optimal", "--player", "NOR", "--against", "NOR"], "is the player itself"),
        (vec!["optimal", "--player", "NOR", "--instruments", "mfm"], "did you mean `mfn`?"),
        (vec!["optimal", "--player", "NOR", "--instruments", "what.toml"], "what.toml:2: `kind`"),
        (vec!["optimal", "--player", "NOR", "--instruments", "whom.toml"], "did you mean `SOU`?"),
        (vec!["optimal", "--player", "NOR", "--instruments", "bounds.toml"], "in order"),
        (vec!["optimal", "--player", "NOR", "--objective", "objective.toml"], "did you mean `welfare`?"),
        (vec!["optimal", "--player", "NOR", "--objective", "political"], "political_weights.csv"),
        (vec!["optimal", "--player", "NOR", "--others", "hald"], "did you mean `hold`?"),
        (vec!["nash", "--players", "NOR,NOR"], "named twice"),
        (vec!["bargain", "--between", "NOR"], "two economies are needed"),
        (vec!["bargain", "--between", "NOR,SOU", "--from", "lapse"], "needs a --scenario"),
        (vec!["sustain", "--between", "NOR,SOU", "--patience", "1.2"], "1.2 is not allowed"),
        (vec!["deadline", "--between", "NOR,SOU", "--extension", "1.3"], "1.3 is not allowed"),
        (
            vec!["deadline", "--between", "NOR,SOU", "--extension", "0.9", "--discount", "1.2"],
            "1.2 is not allowed",
        ),
    ] {
        let output = run(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", transcript(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}: nothing but a result goes to standard output");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains(says), "{arguments:?}: {message}");
    }
}
