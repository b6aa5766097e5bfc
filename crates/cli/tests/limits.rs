//! Quantity limits through `detente solve` on the default world: a purchase commitment, an export control, a quota. Each
//! binds where it should and nowhere else.

mod support;

use serde_json::Value;
use support::{Folder, detente, transcript};

/// Solves an example with the number of its limit replaced.
fn solve(name: &str, level: Option<f64>) -> Value {
    let folder = Folder::new(&format!("limit-{name}-{}", level.map_or(0.0, f64::round)));
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../data/scenarios/{name}.toml"));
    let text = std::fs::read_to_string(file).expect("an example");
    let text: String = text
        .lines()
        .map(|line| match (line.split_once(" = "), level) {
            (Some((key @ ("min" | "max"), _)), Some(level)) => format!("{key} = {level:?}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    folder.write("s.toml", &text);
    let output = detente(&folder.0, &["solve", "s.toml", "--format", "json"]);
    assert!(output.status.success(), "{name}: {}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn limit(answer: &Value) -> (f64, f64, bool) {
    let limit = &answer["summary"]["limits"][0];
    let number = |key: &str| limit[key].as_f64().expect("a number");
    (number("border_value"), number("wedge"), limit["binds"].as_bool().expect("a word"))
}

fn welfare(answer: &Value, code: &str) -> f64 {
    answer["economies"][code]["welfare_pct"].as_f64().expect("welfare")
}

/// Whatever a limit's side, it binds where the free flow is on the wrong side of it, by one percent or by ten, and holds the
/// flow to its level; on the right side nothing changes.
fn binds_exactly_when_it_should(name: &str, is_cap: bool) -> Value {
    let (free, wedge, binds) = limit(&solve(name, Some(if is_cap { 1e9 } else { 1.0 })));
    assert_eq!((wedge, binds), (0.0, false), "{name}: a limit far from the flow");
    for distance in [0.01, 0.1] {
        let (binding, idle) =
            if is_cap { (1.0 - distance, 1.0 + distance) } else { (1.0 + distance, 1.0 - distance) };
        let (value, wedge, binds) = limit(&solve(name, Some(binding * free)));
        assert!(binds && wedge > 0.0, "{name}: {distance} beyond");
        assert!((value / (binding * free) - 1.0).abs() < 1e-9, "{name}: {value}");
        let answer = solve(name, Some(idle * free));
        let (value, wedge, binds) = limit(&answer);
        assert_eq!((wedge, binds), (0.0, false), "{name}: {distance} short of it");
        assert!((value / free - 1.0).abs() < 1e-9, "{name}: {value}");
        assert!(welfare(&answer, "USA").abs() < 1e-9, "{name}");
    }
    let answer = solve(name, None);
    assert!(limit(&answer).2, "{name} as it stands");
    answer
}

#[test]
fn a_purchase_commitment() {
    let answer = binds_exactly_when_it_should("china-buys-us-agriculture", false);
    assert!((limit(&answer).0 - 30_000.0).abs() < 1e-4);
    assert!(welfare(&answer, "USA") > 0.0, "the seller gains");
    assert!(welfare(&answer, "CHN") < 0.0, "the buyer pays for it");
}

#[test]
fn an_export_control() {
    let answer = binds_exactly_when_it_should("us-export-control-on-electronics", true);
    assert!((limit(&answer).0 - 9_500.0).abs() < 1e-4);
    assert!(welfare(&answer, "CHN") < 0.0, "what is not sold is missed");
}

#[test]
fn a_quota_with_the_rent_to_the_exporter() {
    let exporter = binds_exactly_when_it_should("us-quota-on-japanese-cars", true);
    assert!((limit(&exporter).0 - 36_000.0).abs() < 1e-4);
    assert!(welfare(&exporter, "USA") < 0.0, "the importer pays more and collects nothing");
}
