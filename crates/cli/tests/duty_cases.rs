//! Duties with a definite right answer, each from a public source and checked against the law's text, asked of the real command.
//! Needs `../shared`.

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::{detente, transcript};

fn cases(name: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        println!("skipped: {} is missing", path.display());
        return None;
    }
    Some(csv::Reader::from_path(path).unwrap().deserialize().collect::<Result<_, _>>().unwrap())
}

fn ask(code: &str, from: &str, to: &str, on: &str) -> Value {
    let arguments =
        ["duty", code, "--from", from, "--to", to, "--on", on, "--known-on", "latest", "--format", "json"];
    let output = detente(Path::new("."), &arguments);
    assert_eq!(output.status.code(), Some(0), "{code}: {}", transcript(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Least and most of an answer; one number is both.
fn ends(answer: &Value) -> (f64, f64) {
    match answer["range_pct"].as_object() {
        Some(range) => (range["least"].as_f64().unwrap(), range["most"].as_f64().unwrap()),
        None => {
            let total = answer["total_pct"].as_f64().expect("a duty or a range");
            (total, total)
        }
    }
}

/// Every case towards the United States: the number where the law has one; where a case turns on something that the code does not show,
/// the answer asks and its ends hold the right one.
#[test]
fn cases_towards_the_united_states() {
    let Some(cases) = cases("cases/duty_cases.csv") else { return };
    let mut wrong = Vec::new();
    let mut asked = 0;
    for case in cases.iter().filter(|case| case["to"] == "USA") {
        let answer = ask(&case["code"], &case["from"], &case["to"], &case["on"]);
        let (least, most) = ends(&answer);
        let right: (f64, f64) = (case["least_pct"].parse().unwrap(), case["most_pct"].parse().unwrap());
        let same = (least - right.0).abs() < 0.01 && (most - right.1).abs() < 0.01;
        let holds = least - 0.01 <= right.0 && right.1 <= most + 0.01;
        // D17 knows bounds only: the drones of a proclamation that one firm quotes, "at least 50".
        let within = right.0 - 0.01 <= least && most <= right.1 + 0.01;
        let asks = !answer["conditions"].as_array().is_none_or(Vec::is_empty);
        let fine = match (case["may_ask"].is_empty(), right.0 < right.1) {
            (true, false) => same,
            (true, true) => within,
            (false, false) => same || (holds && asks),
            (false, true) => (same || within || holds) && asks,
        };
        asked += 1;
        if !fine {
            let (id, code, on) = (&case["id"], &case["code"], &case["on"]);
            wrong.push(format!("{id} {code} on {on}: {least} to {most}, right {} to {}", right.0, right.1));
        }
    }
    assert_eq!((asked, wrong), (20, Vec::<String>::new()));
}

/// The five public examples of the record's facts, goods loaded on the day of entry.
#[test]
fn the_five_public_examples_stay_right() {
    let Some(cases) = cases("facts/worked_examples.csv") else { return };
    assert_eq!(cases.len(), 5);
    for case in &cases {
        let answer = ask(&case["hs8"], "CHN", "USA", &case["entry_date"]);
        let right: f64 = case["total_pct"].parse().unwrap();
        let (least, most) = ends(&answer);
        assert!(least - 0.01 <= right && (most - right).abs() < 0.01, "{}: {least} to {most}", case["id"]);
        if least < most {
            // Only the day of loading may leave it open.
            let asked = answer["conditions"].to_string();
            assert!(asked.contains("loaded"), "{}: {asked}", case["id"]);
        }
    }
}
