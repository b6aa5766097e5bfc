//! Duties with a definite right answer, each from a public source and checked against the law's text, asked of the real command.
//! Needs `../shared`.

mod support;

use detente_testkit::{needs, shared};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use support::{detente, transcript};

fn cases(name: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(shared(name)).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
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
#[needs("cases/duty_cases.csv")]
#[test]
fn cases_towards_the_united_states() {
    let cases = cases("cases/duty_cases.csv");
    let mut wrong = Vec::new();
    let mut asked = 0;
    for case in cases.iter().filter(|case| case["to"] == "USA") {
        let answer = ask(&case["code"], &case["from"], &case["to"], &case["on"]);
        let (least, most) = ends(&answer);
        let right: (f64, f64) = (case["least_pct"].parse().unwrap(), case["most_pct"].parse().unwrap());
        let same = (least - right.0).abs() < 0.01 && (most - right.1).abs() < 0.01;
        let holds = least - 0.01 <= right.0 && right.1 <= most + 0.01;
        let within = right.0 - 0.01 <= least && most <= right.1 + 0.01;
        let asks = !answer["conditions"].as_array().is_none_or(Vec::is_empty);
        let fine = match (case["may_ask"].is_empty(), right.0 < right.1) {
            (true, false) => same,
            // D17 alone, see the test below.
            (true, true) => case["id"] == "D17" && within,
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

/// D17, the exception: the row has a window, 50 to 400 ("at least 50", one firm's quotation), and names no condition, so that by its own rule
/// only an answer of just these ends would be right. No source has them. Ours are 62.5 and 137.5 and lie inside: forced labour 12.5 and List 1
/// of 25, both charged on top, and by note 43(c) 25 without thermal imaging (9903.08.22) or 100 with it (9903.08.21).
#[needs("cases/duty_cases.csv")]
#[test]
fn the_drone_of_the_cases_is_answered_by_its_note_and_lies_inside_the_window() {
    let cases = cases("cases/duty_cases.csv");
    let case = cases.iter().find(|case| case["id"] == "D17").unwrap();
    assert_eq!((&*case["least_pct"], &*case["most_pct"], &*case["may_ask"]), ("50", "400", ""));
    let answer = ask(&case["code"], &case["from"], &case["to"], &case["on"]);
    assert_eq!(ends(&answer), (62.5, 137.5));
    let asked = answer["conditions"].as_array().unwrap();
    let imaging = asked.iter().find(|asked| asked["id"] == "thermal-imaging").unwrap();
    let totals: Vec<f64> = imaging["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|given| given["total_pct"].as_f64().unwrap())
        .collect();
    assert_eq!(totals, [137.5, 62.5]);
    let missing = answer["missing"].to_string();
    assert!(missing.contains("not checked against the law's text: section-232/drones-small"), "{missing}");
}

/// The five public examples of the record's facts, goods loaded on the day of entry.
#[needs("facts/worked_examples.csv")]
#[test]
fn the_five_public_examples_stay_right() {
    let cases = cases("facts/worked_examples.csv");
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
