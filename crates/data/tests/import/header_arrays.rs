//! Header arrays: every array of every sample against what two other readers found.

use std::collections::HashMap;

use detente_exchange::har::{self, Data, HarFile, Header};
use detente_tables::table::Table;
use detente_testkit::{needs, shared};

const SAMPLES: &str = "data/importer-samples/har";

fn table(name: &str) -> Table {
    let path = shared(&format!("{SAMPLES}/expected/{name}"));
    Table::parse(name.to_string(), &std::fs::read(path).expect("read")).expect("a table")
}

fn file(name: &str) -> HarFile {
    let bytes = std::fs::read(shared(&format!("{SAMPLES}/files/{name}"))).expect("read");
    har::read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// First and last value in file order, as the table of expected values writes them.
fn ends(header: &Header) -> [String; 2] {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    if let Some(words) = header.words() {
        return [text(words.first()), text(words.last())];
    }
    let numbers = header.numbers().expect("numbers");
    [numbers.first(), numbers.last()].map(|value| value.map_or(String::new(), |value| format!("{value:?}")))
}

#[needs("data/importer-samples/har/expected/INDEX.csv")]
#[test]
fn every_array_of_every_sample_is_what_two_other_readers_found() {
    let index = table("INDEX.csv");
    let column = |name: &str| index.column(name).expect("a column");
    let columns: HashMap<&str, usize> = [
        "file",
        "header",
        "type",
        "dims",
        "coefficient",
        "sets",
        "status",
        "long_name",
        "count",
        "sum",
        "nonzeros",
        "first",
        "last",
    ]
    .into_iter()
    .map(|name| (name, column(name)))
    .collect();
    let mut files: HashMap<String, (HarFile, usize)> = HashMap::new();
    let mut rows = 0;
    for row in index.rows() {
        let text = |name: &str| row.text(columns[name]).into_owned();
        let name = text("file");
        let (held, next) = files.entry(name.clone()).or_insert_with(|| (file(&name), 0));
        // Rows stand in file order: names of arrays are unique without case only.
        let header = &held.headers[*next];
        *next += 1;
        rows += 1;
        let place = format!("{name} {}", text("header"));
        let dims = header.sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("x");
        let found =
            [&header.name, &header.kind, &dims, &header.coefficient, &header.status, &header.long_name];
        let expected = ["header", "type", "dims", "coefficient", "status", "long_name"].map(text);
        assert_eq!(
            found.map(|words| words.trim_end().to_string()),
            expected.map(|words| words.trim_end().to_string()),
            "{place}"
        );
        assert_eq!(header.sets.join(" ").trim_end(), text("sets").trim_end(), "{place}");
        assert_eq!(header.cells().to_string(), text("count"), "{place}");
        let number = |text: &str| text.parse::<f64>().ok();
        if header.words().is_none() {
            assert_eq!(header.nonzero().len().to_string(), text("nonzeros"), "{place}");
            let sum: f64 = header.nonzero().iter().map(|(_, value)| value).sum();
            let size: f64 = header.nonzero().iter().map(|(_, value)| value.abs()).sum();
            let wanted = number(&text("sum")).expect("a sum");
            assert!((sum - wanted).abs() <= 1e-12 * size, "{place}: {sum} where {wanted}");
            assert_eq!(
                ends(header).map(|end| number(&end)),
                ["first", "last"].map(|end| number(&text(end))),
                "{place}"
            );
        } else {
            assert_eq!(
                ends(header).map(|end| end.trim_end().to_string()),
                ["first", "last"].map(|end| text(end).trim_end().to_string()),
                "{place}"
            );
        }
    }
    assert_eq!(rows, index.len());
    assert!(rows >= 438, "{rows} arrays");
    for (name, (held, next)) in &files {
        assert_eq!(held.headers.len(), *next, "{name} has further arrays");
        assert!(held.headers.iter().all(|header| !matches!(header.data, Data::Unread(_))), "{name}");
    }
}

#[needs("data/importer-samples/har/expected/INDEX.csv")]
#[test]
fn seven_arrays_are_read_value_by_value() {
    let cases = [
        ("gtap-v7-10x10/basedata.har", "VMSB", "gtap-v7_VMSB"),
        ("gtap-v7-10x10/basedata.har", "MAKB", "gtap-v7_MAKB_sparse"),
        ("harplus/baserate.har", "rTO", "harplus_rTO_sparse"),
        ("harpy-tests/test.har", "ARR7", "harpy_ARR7"),
        ("harpy-tests/test.har", "INTA", "harpy_INTA"),
        ("harpy-tests/SJSUB.sl4", "CUMS", "sl4_CUMS"),
    ];
    for (name, array, values) in cases {
        let held = file(name);
        let header = held.headers.iter().find(|header| header.name == array).expect("the array");
        let expected = table(&format!("VALUES_{values}.csv"));
        let rank = expected.columns().len() - 1;
        let mut wanted: Vec<(usize, f64)> = expected
            .rows()
            .map(|row| {
                let index: Vec<usize> =
                    (0..rank).map(|k| row.number(k).expect("an index") as usize - 1).collect();
                let flat =
                    index.iter().zip(&header.sizes).rev().fold(0, |at, (index, size)| at * size + index);
                (flat, row.number(rank).expect("a value"))
            })
            .collect();
        wanted.sort_by_key(|(at, _)| *at);
        assert_eq!(header.nonzero(), wanted, "{name} {array}");
    }
    let held = file("old-framing/sets.har");
    let words: Vec<String> = table("VALUES_old_H1.csv").rows().map(|row| row.text(1).into_owned()).collect();
    assert_eq!(held.header("H1").and_then(Header::words), Some(&words[..]));
}

#[needs("data/importer-samples/har/files/detente-world-v7")]
#[test]
fn both_framings_hold_the_same_arrays() {
    for name in ["basedata.har", "sets.har", "default.prm"] {
        let (standard, old) = (
            file(&format!("detente-world-v7/{name}")),
            file(&format!("detente-world-v7-old-framing/{name}")),
        );
        assert_ne!(standard.framing, old.framing);
        assert_eq!(standard.headers.len(), old.headers.len());
        for (left, right) in standard.headers.iter().zip(&old.headers) {
            assert_eq!((&left.name, &left.data, &left.elements), (&right.name, &right.data, &right.elements));
        }
    }
}
