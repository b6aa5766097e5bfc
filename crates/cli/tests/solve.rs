//! `solve` and `compare` through the real command: published numbers, the world at rest, and whole results only.

mod support;

use std::collections::HashMap;

use detente_testkit::{needs, shared};
use support::{Folder, by_code, detente, number, small_benchmark, transcript};

#[test]
fn the_world_at_rest_takes_one_evaluation_and_no_step() {
    let folder = Folder::new("rest");
    let output = detente(&folder.0, &["solve", "no-change", "--format", "json"]);
    assert!(output.status.success(), "{}", transcript(&output));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let summary = &answer["summary"];
    assert_eq!((&summary["iterations"], &summary["evaluations"]), (&0.into(), &1.into()));
    assert_eq!(summary["baseline_iterations"], 0);
    assert!(summary["max_residual"].as_f64().expect("a residual") < 1e-12);
    for (code, row) in answer["economies"].as_object().expect("economies") {
        assert!(row["welfare_pct"].as_f64().expect("welfare").abs() < 1e-9, "{code}");
        assert!(row["exports_pct"].as_f64().expect("exports").abs() < 1e-9, "{code}");
    }
}

/// Ossa (2014): fixed numbers of firms, no intermediates, imbalances removed first; the derivative of every importer's welfare
/// in its own tariffs at the applied ones.
#[needs("benchmarks/ossa-7x33", "data/ossa-2014/expected")]
#[test]
fn the_gradient_at_applied_tariffs_is_ossas() {
    let benchmark = shared("benchmarks/ossa-7x33");
    let expected = shared("data/ossa-2014/expected/gradient_at_applied_tariffs.csv");
    let expected = std::fs::read_to_string(expected).expect("read");
    let folder = Folder::new("ossa");
    let settings = "[closure]\nmarket_structure = \"fixed-entry\"\nintermediates = \"none\"\n";
    folder.write("s.toml", &format!("{settings}[baseline]\ndeficits = \"zero\"\n"));
    let benchmark = benchmark.display().to_string();
    let mut compared = 0;
    for importer in ["BRA", "CHN", "EUR", "IND", "JPN", "ROW", "USA"] {
        let wanted = format!("welfare:{importer}");
        let arguments = ["solve", "s.toml", "--benchmark", &benchmark, "--out", "r", "--gradient", &wanted];
        let output = detente(&folder.0, &arguments);
        assert!(output.status.success(), "{}", transcript(&output));
        let gradient = std::fs::read_to_string(folder.path("r/gradient.csv")).expect("written");
        let found: HashMap<&str, f64> = gradient
            .lines()
            .filter_map(|line| line.strip_prefix("tariff,")?.rsplit_once(','))
            .map(|(cell, value)| (cell, value.parse().expect("a number")))
            .collect();
        for row in expected.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            if cells[1] == importer {
                let cell = format!("{},{},{}", cells[1], cells[0], cells[2]);
                let derivative: f64 = cells[3].parse().expect("a number");
                let off = found.get(cell.as_str()).copied().unwrap_or(0.0) - derivative;
                assert!(off.abs() < 1e-8, "{cell}: off by {off:e}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 7 * 6 * 33);
}

/// An objective of a file: its derivative in a tariff is the central difference of what the results say of it, and where
/// outcomes' logarithms are summed, the same sum of their own derivatives in every instrument.
#[test]
fn the_gradient_of_an_objective_of_ones_own() {
    let folder = Folder::new("own-objective");
    let benchmark = small_benchmark(&folder).display().to_string();
    let solve = |rate: f64, wanted: &str| {
        let text =
            format!("[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nsector = \"farm\"\nset = {rate}\n");
        folder.write("s.toml", &text);
        let arguments = ["solve", "s.toml", "--benchmark", &benchmark, "--out", "r", "--gradient", wanted];
        let output = detente(&folder.0, &arguments);
        assert!(output.status.success(), "{}", transcript(&output));
        let read = |file: &str| std::fs::read_to_string(folder.path(file)).expect("written");
        let gradient: HashMap<String, f64> = read("r/gradient.csv")
            .lines()
            .skip(1)
            .map(|line| line.rsplit_once(',').expect("columns"))
            .map(|(place, value)| (place.to_owned(), value.parse().expect("a number")))
            .collect();
        let economies = by_code(&read("r/economies.csv"));
        let hat = |code: &str| 1.0 + number(&economies, code, "welfare_pct") / 100.0;
        // Value added, tariff revenue and the deficit in the data: NOR 152 + 3 − 5, SOU 119.5 + 2 + 5.
        (gradient, 150.0 * hat("NOR"), 126.5 * hat("SOU"))
    };
    let term = |table: &str, code: &str, weight: f64| {
        format!("[[{table}]]\noutcome = \"welfare\"\neconomy = \"{code}\"\nweight = {weight}\n")
    };
    folder.write("sum.toml", &(term("term", "NOR", 2.0) + &term("term", "SOU", -0.5)));
    let ratio = term("term", "NOR", 2.0) + &term("term", "SOU", 1.0) + &term("over", "SOU", 3.0);
    folder.write("ratio.toml", &ratio);
    let logarithms = format!("logarithms = true\n{}{}", term("term", "NOR", 2.0), term("term", "SOU", -0.5));
    folder.write("logarithms.toml", &logarithms);

    // Central differences at a step and at its double, combined so that the error is of fourth order.
    let (rate, step) = (0.25_f64, 2e-3);
    let at = |steps: f64| solve((1.0 + rate) * (steps * step).exp() - 1.0, "welfare:NOR");
    let points = [-2.0, -1.0, 1.0, 2.0].map(at);
    let sum = |north: f64, south: f64| 2.0 * north - 0.5 * south;
    let ratio = |north: f64, south: f64| (2.0 * north + south) / (3.0 * south);
    let slope = |of: &dyn Fn(f64, f64) -> f64| {
        let [far_below, below, above, far_above] = points.each_ref().map(|point| of(point.1, point.2));
        (8.0 * (above - below) - (far_above - far_below)) / (12.0 * step)
    };
    let (of_ratio, north, south) = solve(rate, "ratio.toml");
    for (file, expected) in [("sum.toml", slope(&sum)), ("ratio.toml", slope(&ratio))] {
        let found = solve(rate, file).0["tariff,NOR,SOU,farm"];
        assert!(expected.abs() > 1e-3, "{file}: nothing to compare");
        assert!((found - expected).abs() < 1e-7 * expected.abs(), "{file}: {found} where {expected} is due");
    }

    let (of_north, of_south) = (solve(rate, "welfare:NOR").0, solve(rate, "welfare:SOU").0);
    let of_logarithms = solve(rate, "logarithms.toml").0;
    assert!(of_logarithms.len() > 15, "{of_logarithms:?}");
    for (place, found) in &of_logarithms {
        let expected = 2.0 * of_north[place] - 0.5 * of_south[place];
        assert!((found - expected).abs() < 1e-9, "{place}: {found} where {expected} is due");
        let expected = 2.0 / 3.0 * north / south * (of_north[place] - of_south[place]);
        assert!((of_ratio[place] - expected).abs() < 1e-9, "{place}: {} where {expected}", of_ratio[place]);
    }

    folder.write("none.toml", &term("term", "NRO", 1.0));
    let arguments = ["solve", "s.toml", "--benchmark", &benchmark, "--out", "n", "--gradient", "none.toml"];
    let output = detente(&folder.0, &arguments);
    assert!(!output.status.success() && !folder.path("n").exists());
    assert!(transcript(&output).contains("unknown economy `NRO`"), "{}", transcript(&output));
}

#[test]
fn within_a_year_the_accounts_have_no_equilibrium_columns() {
    let folder = Folder::new("truce");
    let arguments = ["solve", "us-plus-10-on-china-within-a-year", "--out", "r", "--format", "csv"];
    let output = detente(&folder.0, &arguments);
    assert!(output.status.success(), "{}", transcript(&output));
    let table = by_code(&String::from_utf8(output.stdout).expect("text"));
    for (code, row) in &table {
        assert!(row["welfare_pct"].is_empty() && row["real_wage_pct"].is_empty(), "{code}");
        assert!(!row.values().any(|value| value.contains("NaN")), "{code}");
    }
    // The importer pays more duty and earns nothing abroad by it; the target's exporters lose sales.
    assert!(number(&table, "USA", "tariff_revenue") > number(&table, "USA", "tariff_revenue_before"));
    assert!(
        number(&table, "USA", "private_cost_pct") > 0.0
            && number(&table, "USA", "importers_account_pct") < 0.0
    );
    assert!(number(&table, "CHN", "exports_pct") < 0.0);
    let summary = std::fs::read_to_string(folder.path("r/summary.json")).expect("written");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["horizon"], "first-year");
}

const SHOCK: &str = "name = \"Ten points\"\nsentence = \"North on South.\"\n[[tariff]]\nimporter = \"NOR\"\nexporter = \"all\"\nadd = 0.1\n";

#[test]
fn results_are_whole_and_read_back() {
    let folder = Folder::new("out");
    small_benchmark(&folder);
    folder.write("s.toml", SHOCK);
    let arguments = ["solve", "s.toml", "--benchmark", "world", "--out", "deep/result", "--format", "csv"];
    let output = detente(&folder.0, &arguments);
    assert!(output.status.success(), "{}", transcript(&output));
    let result = folder.path("deep/result");
    let read = |file: &str| std::fs::read_to_string(result.join(file)).unwrap_or_else(|_| panic!("{file}"));
    let economies = read("economies.csv");
    assert_eq!(economies.as_bytes(), output.stdout, "what is printed is what is written");
    let header = |file: &str| read(file).lines().next().expect("a header").to_string();
    insta::assert_snapshot!(
        "headers",
        ["economies.csv", "sectors.csv", "trade.csv", "tariffs.csv", "decomposition.csv"]
            .map(|file| format!("{file}: {}", header(file)))
            .join("\n")
    );
    for file in ["economies.csv", "sectors.csv", "trade.csv", "tariffs.csv", "decomposition.csv"] {
        let text = read(file);
        assert!(!text.contains("NaN") && !text.contains("inf"), "{file}");
    }
    // The tariffs of the solution: 0.1 on farm became 0.2, steel 0.1; own cells did not move.
    insta::assert_snapshot!("tariffs", read("tariffs.csv"));
    let summary: serde_json::Value = serde_json::from_str(&read("summary.json")).expect("JSON");
    for key in [
        "converged",
        "max_residual",
        "residuals",
        "iterations",
        "evaluations",
        "seconds",
        "baseline_seconds",
        "numeraire",
        "closure",
        "version",
        "benchmark",
    ] {
        assert!(!summary[key].is_null(), "{key}");
    }
    // A second run replaces the first; what is not ours is left alone.
    assert!(detente(&folder.0, &arguments).status.success());
    folder.write("mine/thesis.tex", "years of work");
    let refused = detente(&folder.0, &["solve", "s.toml", "--benchmark", "world", "--out", "mine"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(folder.path("mine/thesis.tex").exists());
    let left = std::fs::read_dir(folder.path("deep")).expect("listed").count();
    assert_eq!(left, 1, "nothing unfinished is left beside the result");
}

/// Killed at any moment, `--out` holds a whole result or none.
#[test]
fn an_interrupted_run_leaves_no_half_result() {
    let folder = Folder::new("kill");
    let mut whole = 0;
    for attempt in 0..12_u64 {
        let out = folder.path(&format!("result-{attempt}"));
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_detente"))
            .args(["solve", "free-trade", "--out"])
            .arg(&out)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("started");
        std::thread::sleep(std::time::Duration::from_millis(attempt * 8));
        let _ = child.kill();
        let _ = child.wait();
        if out.exists() {
            whole += 1;
            for file in [
                "summary.json",
                "economies.csv",
                "sectors.csv",
                "trade.csv",
                "tariffs.csv",
                "decomposition.csv",
            ] {
                assert!(out.join(file).is_file(), "attempt {attempt}: {file} is missing");
            }
            let trade = std::fs::read_to_string(out.join("trade.csv")).expect("trade");
            assert!(
                trade.ends_with('\n') && trade.lines().count() > 15_000,
                "attempt {attempt}: trade.csv is cut short"
            );
        }
    }
    println!("{whole} of 12 runs finished before they were killed");
}

#[test]
fn not_converging_is_said_with_residuals_and_exit_status_one() {
    let folder = Folder::new("stalled");
    folder.write("s.toml", "[[tariff]]\nimporter = \"all\"\nexporter = \"all\"\nset = 2\n");
    // A residual that double precision cannot reach on this world.
    let arguments = ["solve", "s.toml", "--tolerance", "1e-15", "--max-iterations", "1", "--out", "r"];
    let output = detente(&folder.0, &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", transcript(&output));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("did not converge") && message.contains("residuals"), "{message}");
    assert!(!folder.path("r").exists(), "no number is written from an unsolved model");
}

#[test]
fn compare_solves_several_side_by_side() {
    let folder = Folder::new("compare");
    small_benchmark(&folder);
    folder.write("a.toml", SHOCK);
    folder.write("b.toml", "name = \"Free\"\n[[tariff]]\nimporter = \"all\"\nexporter = \"all\"\nset = 0\n");
    let output = detente(
        &folder.0,
        &["compare", "a.toml", "b.toml", "--benchmark", "world", "--out", "r", "--format", "csv"],
    );
    assert!(output.status.success(), "{}", transcript(&output));
    let text = String::from_utf8(output.stdout).expect("text");
    let names: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(names, ["Ten points", "Ten points", "Free", "Free"]);
    // Alone or in company, a scenario has the same answer.
    let alone = detente(&folder.0, &["solve", "b.toml", "--benchmark", "world", "--format", "csv"]);
    let alone = String::from_utf8(alone.stdout).expect("text");
    for (line, alone) in text.lines().skip(3).zip(alone.lines().skip(1)) {
        assert_eq!(line, format!("Free,{alone}"));
    }
    assert!(
        folder.path("r/01-ten-points/economies.csv").is_file()
            && folder.path("r/02-free/trade.csv").is_file()
    );
}
