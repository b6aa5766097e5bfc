//! A pair of talks that the program does not carry, laid out as docs/formats/talks.md says and by following it literally: `talks new`,
//! rows of the meetings on record, an instrument of one's own, then every verb that takes talks.

mod support;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use support::{Folder, detente, transcript};

fn run(arguments: &[&str]) -> std::process::Output {
    detente(Path::new("."), arguments)
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", transcript(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// A cell of a CSV row.
fn cell(held: &str) -> String {
    format!("\"{}\"", held.replace('"', "\"\""))
}

/// Meetings of the United States and India, where the material is at hand; else one invented meeting.
fn meetings() -> Vec<HashMap<String, String>> {
    let invented = || {
        let keys =
            ["id", "start_date", "end_date", "city", "country", "kind", "us_lead", "partner_lead", "outcome"];
        let held = [
            "OR01",
            "2025-02-13",
            "2025-02-13",
            "Washington",
            "United States",
            "summit",
            "A",
            "B",
            "they met",
        ];
        vec![keys.into_iter().zip(held).map(|(key, held)| (key.to_owned(), held.to_owned())).collect()]
    };
    let Some(folder) = detente_testkit::find_shared("facts-partners/other-talks") else { return invented() };
    let mut reader = csv::Reader::from_path(folder.join("rounds.csv")).unwrap();
    let rows = reader.deserialize::<HashMap<String, String>>().map(|row| row.unwrap());
    rows.filter(|row| row["series"] == "US-India").collect()
}

#[test]
fn the_united_states_and_india_from_the_documentation() {
    let folder = Folder::new("third-pair");
    let own = folder.path("mine").display().to_string();
    text(&["talks", "new", "USA-IND", "--on", "2025-02-13", "--out", &own]);
    // As written it is read as it stands.
    let first = text(&["talks", "usa-ind", "--ledger", &own, "--on", "2025-06-01"]);
    assert!(first.contains("United States and India"), "{first}");

    let talks = folder.path("mine/talks/usa-ind");
    let mut rounds =
        fs::read_to_string(talks.join("rounds.csv")).unwrap().lines().next().unwrap().to_owned() + "\n";
    for row in meetings() {
        let cells = [
            row["id"].as_str(),
            "this series",
            "",
            &row["start_date"],
            &row["end_date"],
            &row["city"],
            &row["country"],
            &row["kind"],
            &row["us_lead"],
            "",
            &row["partner_lead"],
            "",
            &row["outcome"],
            "",
            "",
            "own1",
            "medium",
        ];
        rounds += &(cells.map(cell).join(",") + "\n");
    }
    fs::write(talks.join("rounds.csv"), rounds).unwrap();
    fs::write(
        talks.join("frameworks.toml"),
        "[[framework]]\nid = \"interim\"\nname = \"Interim framework\"\ndate = \"2026-02-06\"\nrounds = [\"OR01\"]\n\
         settled = \"18 percent, the duty over Russian oil dropped\"\n",
    )
    .unwrap();
    fs::write(
        talks.join("commitments.toml"),
        "[[commitment]]\nid = \"K1\"\nframework = \"Interim framework\"\nmade = \"2026-02-06\"\nby = \"USA\"\ntopic = \"tariffs\"\n\
         what = \"18 percent\"\namount = \"18\"\nunit = \"percent\"\nsources = [\"own1\"]\nconfidence = \"medium\"\n",
    )
    .unwrap();
    fs::write(
        talks.join("deadlines.toml"),
        "[[deadline]]\nid = \"D1\"\nkind = \"tariff\"\ndate = \"2026-07-24\"\nknown_from = \"2026-02-20\"\nside = \"USA\"\n\
         instrument = \"Section 122\"\nset_by = \"19 USC 2132\"\nlapses = \"the duty ends by law\"\nsources = [\"own1\"]\n\
         confidence = \"high\"\n",
    )
    .unwrap();
    // A measure of the other side, as instruments.md says.
    folder.write(
        "mine/IND/own/almonds.toml",
        "id = \"IND-OWN\"\ntitle = \"a duty of India\"\nimposer = \"IND\"\ntargets = [\"USA\"]\nauthority = \"own\"\nfamily = \"own\"\n\
         kind = \"tariff\"\ncovers = \"almonds\"\n[[scope]]\ncodes = [\"0802\"]\n[[entry]]\nchange = \"sets\"\nact = \"an invented notice\"\n\
         announced = \"2025-01-01\"\nfrom = \"2025-01-02\"\nrate_pct = 10\nsources = [\"own1\"]\nconfidence = \"low\"\n",
    );
    text(&["ledger", "check", &own]);
    let held = text(&["talks", "usa-ind", "--ledger", &own, "--on", "2026-03-01"]);
    assert!(held.contains("Interim framework"), "{held}");
    for on in ["2025-09-16", "2026-03-01"] {
        let status = text(&["status", "usa-ind", "--ledger", &own, "--on", on]);
        assert!(status.contains("a duty of India"), "{on}: {status}");
        let brief = text(&["brief", "usa-ind", "--ledger", &own, "--on", on]);
        assert!(brief.contains("India"), "{on}: {brief}");
        text(&["table", "usa-ind", "--ledger", &own, "--on", on]);
    }
    text(&["ledger", "lapses", "2026-07-24", "--on", "2026-03-01", "--ledger", &own]);
    // Nothing that is there is written over.
    let again = run(&["talks", "new", "USA-IND", "--out", &own]);
    assert_eq!(again.status.code(), Some(2), "{}", transcript(&again));
}

#[test]
fn a_pair_that_names_no_two_sides_is_refused() {
    for (pair, word) in [
        ("USA", "two sides"),
        ("USA-USA", "twice"),
        ("USA-nowhere", "two sides"),
        ("us-china-x", "two sides"),
    ] {
        let output = run(&["talks", "new", pair]);
        assert_eq!(output.status.code(), Some(2), "{pair}: {}", transcript(&output));
        assert!(String::from_utf8_lossy(&output.stderr).contains(word), "{pair}: {}", transcript(&output));
    }
}
