//! Every row of "Break it" is a test with its expected value.

use detente_data::default_world;
use detente_testkit::{find_shared, needs};
use detente_validation::theory::{self, Check, Status};
use std::sync::OnceLock;

fn checks() -> &'static [Check] {
    static CHECKS: OnceLock<Vec<Check>> = OnceLock::new();
    CHECKS.get_or_init(|| {
        let world = default_world::open().unwrap().benchmark;
        theory::run(&world, find_shared("").as_deref()).unwrap()
    })
}

#[test]
fn nothing_is_broken() {
    let broken: Vec<&Check> = checks().iter().filter(|check| check.status == Status::Broken).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(checks().len() >= 19);
}

fn found(start: &str) -> Vec<&'static Check> {
    checks().iter().filter(|check| check.name.starts_with(start)).collect()
}

fn expected(start: &str) -> Vec<&'static str> {
    found(start).iter().map(|check| check.expected.as_str()).collect()
}

/// Expected values that a reader can check without us.
#[test]
fn expected_values_are_those_of_theory() {
    assert_eq!(expected("optimal tariff of a small"), ["0.500000", "0.250000", "0.125000"]);
    assert_eq!(expected("a tariff like doubt"), ["5.02", "9.44", "12.74"]);
    assert!(found("an export ban")[0].found.starts_with("not measurable here; exposure"));
}

#[needs("benchmarks/ossa-7x33")]
#[test]
fn expected_values_of_seven_regions_are_those_published() {
    assert_eq!(expected("optimal tariffs fall"), ["56.8 percent", "34.3 percent", "24.6 percent"]);
}

/// Without the data that may not be shipped the check says so instead of passing.
#[test]
fn what_cannot_be_run_is_skipped_aloud() {
    let world = default_world::open().unwrap().benchmark;
    let checks = theory::run(&world, None).unwrap();
    let skipped: Vec<&Check> =
        checks.iter().filter(|check| matches!(check.status, Status::Skipped(_))).collect();
    assert_eq!(skipped.len(), 1);
    assert!(theory::markdown(&checks).contains("(skipped) | | the flows may not be shipped"));
}

/// The page names every check that the command runs.
#[needs("benchmarks/ossa-7x33")]
#[test]
fn the_page_is_fresh() {
    let page = include_str!("../../../docs/reference/break-it.md");
    for check in checks() {
        // Residuals differ between processors; names, expected values and claims do not.
        let row = format!("| {} (holds) | {} |", check.name, check.expected);
        assert!(
            page.contains(&row) && page.contains(&check.claim),
            "{row} is not on the page; run `detente break-it --validation ../shared --write docs/reference/break-it.md`"
        );
    }
    assert!(!page.contains("BROKEN"));
}
