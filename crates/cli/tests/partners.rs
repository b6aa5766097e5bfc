//! Duties on goods of any origin through the real command: every worked example of the facts on partners, and what they ask about.
//!
//! The material is read beside the repository and is not part of it: without it the test says so and is ignored.

mod support;

use std::path::Path;

use detente_testkit::{needs, shared};
use serde_json::Value;
use support::{detente, transcript};

fn rows(file: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn duty(code: &str, origin: &str, on: &str, more: &[&str]) -> Result<Value, String> {
    let arguments = [
        &[
            "duty",
            code,
            "--from",
            origin,
            "--to",
            "USA",
            "--on",
            on,
            "--known-on",
            "latest",
            "--format",
            "json",
        ],
        more,
    ]
    .concat();
    let output = detente(Path::new("."), &arguments);
    match output.status.code() {
        Some(0) => serde_json::from_slice(&output.stdout).map_err(|error| error.to_string()),
        _ => Err(transcript(&output)),
    }
}

/// The ends of an answer in percent.
fn ends(answer: &Value) -> Option<(f64, f64)> {
    let range = &answer["range_pct"];
    match (range["least"].as_f64(), range["most"].as_f64(), answer["total_pct"].as_f64()) {
        (Some(least), Some(most), _) => Some((least, most)),
        (_, _, Some(total)) => Some((total, total)),
        _ => None,
    }
}

/// What the total of an example in words must be answered with: least, most, or a ban, or an amount per unit besides.
fn in_words(id: &str, answer: &Value) -> bool {
    let spans = |least: f64, most: f64| {
        ends(answer).is_some_and(|(low, high)| (low - least).abs() < 0.06 && (high - most).abs() < 0.06)
    };
    match id {
        "WP22" => !answer["specific"].is_null() || spans(10.0, 10.0),
        "WP24" => ends(answer).is_some_and(|(low, high)| low < 0.06 && (49.0..=50.06).contains(&high)),
        "WP43" => spans(23.9, 53.9),
        "WP75" => answer["prohibited"] == Value::Bool(true),
        "WP90" => spans(21.0, 51.0),
        _ => false,
    }
}

#[needs("facts-partners/worked_examples_partners.csv")]
#[test]
fn worked_examples() {
    let folder = shared("facts-partners");
    let mut wrong = Vec::new();
    for row in rows(&folder.join("worked_examples_partners.csv")) {
        let (id, on) = (row["id"].as_str(), row["entry_date"].as_str());
        // An example in words speaks of goods loaded on the day: nothing was on the way before a rate.
        let in_words_only = row["total_pct"].parse::<f64>().is_err();
        let loaded: &[&str] = if in_words_only { &["--loaded", on] } else { &[] };
        let answer = match duty(&row["hts"], &row["origin"], on, loaded) {
            Ok(answer) => answer,
            Err(said) => {
                wrong.push(format!("{id}: {said}"));
                continue;
            }
        };
        if on > "2026-10-10" && answer["not_verified_after"].is_null() {
            wrong.push(format!("{id} on {on}: nothing says that it is not verified"));
        }
        let claim = row["claim"].split_whitespace().next().unwrap_or("none");
        let claimed = if claim == "none" { &answer } else { &answer["if_qualifies"][claim] };
        let right = match row["total_pct"].parse::<f64>() {
            Err(_) => in_words(id, claimed),
            Ok(total) => ends(claimed).is_some_and(|(low, high)| {
                let exact = (low - total).abs() < 0.06 && (high - total).abs() < 0.06;
                let asks = answer["conditions"].as_array().is_some_and(|held| !held.is_empty());
                exact
                    || ((asks || !row["conditions"].is_empty())
                        && low - 0.06 <= total
                        && total <= high + 0.06)
            }),
        };
        if !right {
            wrong.push(format!(
                "{id} {} from {} {on} {claim}: {:?}, right {}",
                row["hts"],
                row["origin"],
                ends(claimed),
                row["total_pct"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A claim on the command line settles the branch that is shown beside the duty without it.
#[test]
fn a_claim_settles_its_branch() {
    let shown = duty("8471.50.01", "MEX", "2025-05-01", &[]).unwrap();
    let claimed = duty("8471.50.01", "MEX", "2025-05-01", &["--claim", "USMCA"]).unwrap();
    assert_eq!(ends(&shown), Some((25.0, 25.0)), "{shown}");
    assert_eq!(ends(&claimed), ends(&shown["if_qualifies"]["USMCA"]), "{claimed}");
    assert_eq!(ends(&claimed), Some((0.0, 0.0)), "{claimed}");
}

/// A member pays what its group does; the group answers where its members agree.
#[test]
fn a_member_and_its_group() {
    // After the last day on which goods loaded before the ceiling may enter at the rate before it.
    let german = duty("6402.99.31", "DEU", "2025-12-01", &[]).unwrap();
    let union = duty("6402.99.31", "EU27", "2025-12-01", &[]).unwrap();
    assert_eq!(ends(&german), Some((15.0, 15.0)), "{german}");
    assert_eq!(ends(&union), ends(&german), "{union}");
}

/// A pair with no numbered rounds and no trade by line one way reads as sentences, before, during and after its deadlines.
#[test]
fn a_second_pair_is_told_in_whole_sentences() {
    let said =
        |arguments: &[&str]| String::from_utf8(detente(Path::new("."), arguments).stdout).expect("text");
    for day in ["2025-07-30", "2025-09-16", "2026-10-10"] {
        let brief = said(&["brief", "us-eu", "--on", day]);
        assert!(!brief.contains(" 0 rounds"), "{brief}");
        let details = said(&["brief", "us-eu", "--on", day, "--details"]);
        assert!(details.contains("Turnberry"), "the summit is on record: {details}");
        assert!(!brief.contains("-14 points on n/a"), "what a duty that ends reached is known: {brief}");
        let status = said(&["status", "us-eu", "--on", day]);
        assert!(!status.contains("by statute by statute"), "{status}");
        assert!(status.contains("EU27 on USA: no average by statute; collected no data"), "{status}");
    }
}

/// What lapses is told of all talks on record, each by its name, unless one is asked for; sides of a game are the parties of the talks.
#[test]
fn lapses_are_of_all_talks_and_sides_are_those_of_the_talks() {
    let said = |arguments: &[&str]| {
        let output = detente(Path::new("."), arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", transcript(&output));
        String::from_utf8(output.stdout).expect("text")
    };
    let all = said(&["ledger", "lapses", "2026-02-07", "--on", "2025-09-16"]);
    let one = said(&["ledger", "lapses", "2026-02-07", "--on", "2025-09-16", "--talks", "us-eu"]);
    assert!(
        all.contains("US-China trade talks on 2026-02-07") && all.contains("US-EU trade talks on 2026-02-07"),
        "{all}"
    );
    assert!(!one.contains("US-China") && all.contains(&one), "{one}");
    let json = said(&["ledger", "lapses", "2026-02-07", "--on", "2025-09-16", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let talks: Vec<&str> =
        json["talks"].as_array().unwrap().iter().filter_map(|held| held["talks"].as_str()).collect();
    assert_eq!(talks, ["us-china", "us-eu"]);
    // One layout for one and for all: the same lists, each row with its talks.
    let rows = json["by_law"].as_array().expect("a list");
    assert!(
        !rows.is_empty() && rows.iter().all(|row| talks.contains(&row["talks"].as_str().unwrap())),
        "{rows:?}"
    );
    let game = [
        "frontier",
        "--talks",
        "us-eu",
        "--on",
        "2025-09-16",
        "--points",
        "3",
        "--deficits",
        "zero",
        "--format",
        "csv",
    ];
    let typed = |between: &str| said(&[&game[..], &["--between", between]].concat());
    assert_eq!(said(&game), typed("USA,EU27"));
    // A member of a union plays as the union.
    assert_eq!(typed("USA,DEU"), typed("USA,EU27"));
    let alone = detente(Path::new("."), &["bargain"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("--talks"), "{}", transcript(&alone));
}

/// The panel of every origin is one table: each in a group of rows of its own, and each the same as alone.
#[test]
fn the_panel_of_all_origins() {
    let folder = support::Folder::new("all-origins");
    let file = folder.path("panel.parquet").display().to_string();
    let export = |more: &[&str]| {
        let arguments = [&["ledger", "export", "--since", "2026-10-01"], more].concat();
        let output = detente(Path::new("."), &arguments);
        assert_eq!(output.status.code(), Some(0), "{more:?}: {}", transcript(&output));
        output.stdout
    };
    export(&["--all-origins", "--format", "parquet", "--out", &file]);
    let bytes = std::fs::read(&file).expect("the panel");
    let table = detente_tables::table::Table::parse("panel.parquet".into(), &bytes).expect("Parquet");
    let names =
        ["importer", "exporter", "code", "layer", "authority", "from", "until", "rate_pct", "adds_pct"];
    assert_eq!(table.columns(), names);
    let mut of: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for row in table.rows() {
        *of.entry(row.text(1).into_owned()).or_default() += 1;
    }
    assert!(of.len() > 200 && !of.contains_key("USA") && !of.contains_key("EU27"), "{of:?}");
    for origin in ["CHN", "DEU", "VNM"] {
        let alone = String::from_utf8(export(&["--pair", &format!("USA:{origin}")])).expect("text");
        assert_eq!(of[origin], alone.lines().count() - 1, "{origin}");
    }
}

/// Further examples, drawn from the facts by hand on other lines, origins and days: ceilings, deals, quotas, contents, bans, column 2, days of loading.
#[test]
fn further_examples() {
    // Line, origin, day, claims, least and most.
    type Example = (&'static str, &'static str, &'static str, &'static [&'static str], f64, f64);
    let examples: [Example; 22] = [
        ("8703.23.01", "JPN", "2025-09-20", &[], 15.0, 15.0),
        ("8703.23.01", "KOR", "2025-12-05", &[], 15.0, 15.0),
        ("8703.23.01", "KOR", "2025-12-05", &["KORUS"], 15.0, 15.0),
        // Within the quota 10 all-in, beyond it 25 on 2.5.
        ("8703.23.01", "GBR", "2025-09-01", &[], 10.0, 27.5),
        ("0901.11.00", "BRA", "2025-12-01", &[], 0.0, 0.0),
        // 16.5, 25 and 25 over oil; loaded before 7 August 10 alone.
        ("6109.10.00", "IND", "2025-09-01", &[], 26.5, 66.5),
        ("6109.10.00", "IND", "2026-03-01", &[], 26.5, 26.5),
        ("7208.10.15", "GBR", "2025-09-01", &[], 25.0, 25.0),
        ("8541.43.00", "VNM", "2025-08-10", &[], 24.0, 34.0),
        ("8471.30.01", "RUS", "2025-09-01", &[], 35.0, 35.0),
        ("6109.10.00", "CUB", "2025-09-01", &[], 90.0, 90.0),
        ("6110.20.20", "MEX", "2025-05-01", &[], 41.5, 41.5),
        ("6110.20.20", "MEX", "2025-05-01", &["USMCA"], 0.0, 0.0),
        ("2709.00.20", "CAN", "2025-05-01", &["USMCA"], 0.0, 0.0),
        ("4407.11.00", "CAN", "2025-11-01", &[], 10.0, 10.0),
        // Base 3; 50 on the copper and 10 on what is not copper.
        ("7408.11.60", "CHL", "2025-09-01", &[], 13.0, 53.0),
        ("0803.90.00", "ECU", "2026-03-01", &[], 0.0, 0.0),
        ("6402.99.31", "VNM", "2026-08-01", &[], 18.5, 18.5),
        ("6109.10.00", "NPL", "2026-09-01", &[], 16.5, 16.5),
        ("6109.10.00", "HKG", "2025-09-01", &[], 46.5, 46.5),
        // A claim and the condition of its name are one.
        ("8802.40.00", "FRA", "2025-12-01", &[], 15.0, 15.0),
        ("8802.40.00", "FRA", "2025-12-01", &["civil-aircraft"], 0.0, 0.0),
    ];
    let mut wrong = Vec::new();
    for (code, origin, on, claims, least, most) in examples {
        let claims: Vec<&str> = claims.iter().flat_map(|claim| ["--claim", claim]).collect();
        let found = duty(code, origin, on, &claims).unwrap();
        let right =
            ends(&found).is_some_and(|(low, high)| (low - least).abs() < 0.06 && (high - most).abs() < 0.06);
        if !right {
            wrong.push(format!(
                "{code} {origin} {on} {claims:?}: {:?}, right {least} to {most}",
                ends(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let aircraft = duty("8802.40.00", "FRA", "2025-12-01", &[]).unwrap();
    assert_eq!(ends(&aircraft["if_qualifies"]["CIVIL-AIRCRAFT"]), Some((0.0, 0.0)), "{aircraft}");
    let oil = duty("2710.19.06", "RUS", "2025-09-01", &[]).unwrap();
    assert_eq!(oil["prohibited"], Value::Bool(true), "{oil}");
}
