//! The dictionary of columns is the catalogue's, and every column of a result has its place there.

use std::path::Path;

use detente::results::{self, columns, keys};
use detente::{counterfactual, scenario};
use detente_data::default_world;
use detente_engine::calibration::SolveSettings;
use detente_engine::catalogue::{Place, lists};
use detente_tables::output::Content;
use detente_tables::result_table::Data;

#[test]
fn the_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/columns.md");
    let made = columns::dictionary();
    if std::env::var_os("UPDATE_PAGES").is_some() {
        std::fs::write(&path, &made).expect("the page can be written");
    }
    let held = std::fs::read_to_string(&path).expect("docs/reference/columns.md");
    assert_eq!(held, made, "run `UPDATE_PAGES=1 cargo test -p detente --test columns`");
}

#[test]
fn every_column_of_a_result_is_in_the_dictionary_with_its_unit() {
    let directory = default_world::open().expect("the embedded world opens");
    let scenario = scenario::open(Path::new("us-plus-10-on-china"), &directory, None).expect("an example");
    let answer = counterfactual::solve(&directory, scenario, &SolveSettings::default()).expect("solved");
    let entries = || lists::ALL.iter().flat_map(|group| group.entries);
    let mut seen = 0;
    for file in results::files(&directory, &answer, &[]) {
        let Content::Table(table) = file.content else { continue };
        for column in &table.columns {
            let outcome = entries().find(|entry| entry.key(Place::Economies) == column.name);
            let is_key = keys::ALL.iter().flat_map(|(_, held)| *held).any(|key| key.name == column.name);
            assert!(outcome.is_some() || is_key, "{}: `{}` is in no list", file.name, column.name);
            let is_number = matches!(column.data, Data::Number(_));
            assert_eq!(is_number, outcome.is_some(), "{}: `{}`", file.name, column.name);
            assert!(!is_number || !column.unit.is_empty(), "{}: `{}` has no unit", file.name, column.name);
            assert!(!column.label.is_empty(), "{}: `{}` has no label", file.name, column.name);
            assert_eq!(column.data.len(), table.len(), "{}: `{}` is short", file.name, column.name);
            seen += usize::from(is_number);
        }
    }
    assert!(seen > 40, "{seen} columns of numbers");
    let economies = results::economies(&answer, &[]);
    let level = economies.column("income_before").expect("an older key that stays");
    assert_eq!(
        (level.unit.as_str(), level.label.as_str()),
        (directory.benchmark.unit.as_str(), "final spending before")
    );
}
