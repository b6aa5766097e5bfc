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
