//! Pages of the reference that a command makes are as the command makes them.

use std::process::Command;

#[test]
fn average_tariffs_page_is_fresh() {
    let run = Command::new(env!("CARGO_BIN_EXE_detente")).args(["ledger", "averages"]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/average-tariffs.md");
    let written = std::fs::read_to_string(page).unwrap();
    assert!(
        written == String::from_utf8_lossy(&run.stdout),
        "run `detente ledger averages --write docs/reference/average-tariffs.md`"
    );
}

#[test]
fn averages_by_partner_page_is_fresh() {
    let asked = ["ledger", "averages", "--published-by-partner"];
    let run = Command::new(env!("CARGO_BIN_EXE_detente")).args(asked).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/averages-by-partner.md");
    let written = std::fs::read_to_string(page).unwrap();
    assert!(
        written == String::from_utf8_lossy(&run.stdout),
        "run `detente ledger averages --published-by-partner --write docs/reference/averages-by-partner.md`"
    );
}

/// Break it has its own test (`crates/validation/tests/theory.rs`): its residuals differ between processors.
#[test]
fn backtest_page_is_fresh() {
    let run = Command::new(env!("CARGO_BIN_EXE_detente")).arg("backtest").output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/backtest.md");
    let written = std::fs::read_to_string(page).unwrap();
    assert!(
        written == String::from_utf8_lossy(&run.stdout),
        "run `detente backtest --write docs/reference/backtest.md`"
    );
}

#[test]
fn collected_duties_page_is_fresh() {
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["ledger", "collected", "USA:CHN"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/collected-duties.md");
    let written = std::fs::read_to_string(page).unwrap();
    assert!(
        written == String::from_utf8_lossy(&run.stdout),
        "run `detente ledger collected USA:CHN --write docs/reference/collected-duties.md`"
    );
}

#[test]
fn reconciliation_page_is_fresh() {
    let run = Command::new(env!("CARGO_BIN_EXE_detente")).args(["ledger", "reconcile"]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/reconciliation.md");
    let written = std::fs::read_to_string(page).unwrap();
    assert!(
        written == String::from_utf8_lossy(&run.stdout),
        "run `detente ledger reconcile --write docs/reference/reconciliation.md`"
    );
}

#[test]
fn elasticities_page_is_fresh() {
    let folder = std::env::temp_dir().join(format!("detente-elasticities-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let made = folder.join("elasticities.md");
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["elasticities", "--write", made.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/elasticities.md");
    let same = std::fs::read(page).unwrap() == std::fs::read(&made).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(same, "run `detente elasticities --write docs/reference/elasticities.md`");
}

/// Numbers are printed to three decimals, so that the page is the same on every processor; its pictures are compared with it.
#[test]
fn can_tariffs_rebalance_page_is_fresh() {
    let folder = std::env::temp_dir().join(format!("detente-can-tariffs-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let made = folder.join("can-tariffs-rebalance.md");
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["rebalance", "--write", made.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let pages = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference"));
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(files.len() > 4, "a page and its pictures: {files:?}");
    let stale: Vec<_> = files
        .iter()
        .filter(|name| std::fs::read(pages.join(name)).ok() != std::fs::read(folder.join(name)).ok())
        .collect();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        stale.is_empty(),
        "{stale:?}: run `detente rebalance --write docs/reference/can-tariffs-rebalance.md`"
    );
}

/// A check that a page says is made is made: every test that it names is there.
#[test]
fn tests_that_a_page_names_are_there() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let page = std::fs::read_to_string(root.join("docs/reference/rebalancing-checks.md")).unwrap();
    let mut sources = String::new();
    let mut folders = vec![root.join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                sources += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let named: Vec<&str> = rows
        .filter_map(|row| row.split('|').nth(2))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|name| !name.ends_with(".rs"))
        .collect();
    assert!(named.len() > 25, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !sources.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
