//! Row by row against the fact base that the ledger was carried over from. Needs `../shared`.

use detente_ledger::{
    Ledger, date,
    rate::Rate,
    schedule::{Reading, governing},
};
use std::{collections::BTreeMap, path::PathBuf};

fn facts(name: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/facts").join(name);
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        println!("skipped: {} is missing", path.display());
        return None;
    }
    let mut reader = csv::Reader::from_path(path).expect("a table");
    Some(reader.deserialize().collect::<Result<_, _>>().expect("rows"))
}

fn printed(rate: Option<&Rate>) -> String {
    rate.map(ToString::to_string).unwrap_or_default()
}

#[test]
fn every_row_of_measures_is_in_the_schedule() {
    let Some(rows) = facts("measures.csv") else { return };
    let ledger = Ledger::embedded().unwrap();
    let latest = date("2026-11-24").unwrap();
    let mut checked = 0;
    for row in &rows {
        let id = &row["row_id"];
        let instrument = ledger.instrument(&row["measure_id"]).unwrap();
        let entry = instrument
            .entries
            .iter()
            .find(|entry| entry.row.as_ref() == Some(id))
            .unwrap_or_else(|| panic!("row {id} is nowhere"));
        let sources = row["sources"].split(" | ").filter(|source| !source.is_empty()).count();
        assert_eq!(ledger.sources.citations(&entry.sources).len(), sources, "{id}");
        // An uncertain row tells what the notices say; the statements are an entry of their own beside it.
        let reading = if row["confidence"] == "low" { Reading::Notices } else { Reading::Stated };
        let first = date(&row["effective_from"]).unwrap();
        let last = match row["effective_to"].as_str() {
            "" => first,
            day => date(day).unwrap(),
        };
        for day in [first, last] {
            let found = governing(instrument, day, latest.max(day), reading)
                .unwrap_or_else(|| panic!("{id}: nothing governs {day}"));
            let rate = printed(found.entry.rate_pct.as_ref());
            assert_eq!(rate, row["rate_pct"].replace("100.0", "100"), "{id} on {day}");
            checked += 1;
        }
    }
    assert_eq!((rows.len(), checked), (92, 184));
}
