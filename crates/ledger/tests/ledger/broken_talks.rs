//! The talks' own files, each broken in one place: refused with the file, the entry and what would be right.

use detente_ledger::{Ledger, check::check, files::Named};

/// What the record says of itself with the first `from` of a file of the talks turned into `to`.
fn said(name: &str, from: &str, to: &str) -> Vec<String> {
    let target = format!("ledger/talks/us-china/{name}");
    let mut ledger = Ledger::default();
    let mut files = Vec::new();
    for (file, content) in detente_facts::below("ledger/") {
        let text = std::str::from_utf8(content).unwrap();
        let broken = if file == target { text.replacen(from, to, 1) } else { text.to_owned() };
        assert!(file != target || broken != text, "{name}: the swap of `{from}` changes nothing");
        files.push(Named { name: file.to_owned(), text: broken.into() });
    }
    // Together, as the program does: a file of further acts may come before the measure that they belong to.
    if let Err(error) = ledger.lay(files) {
        return vec![error.to_string()];
    }
    check(&ledger).iter().map(ToString::to_string).collect()
}

#[test]
fn each_is_refused_with_file_entry_and_repair() {
    for (name, from, to, entry, repair) in [
        ("talks.toml", "id = ", "di = ", "line", "unknown field `di`"),
        ("talks.toml", "last_evidence = \"2026-10-07\"", "last_evidence = \"soon\"", "line", "soon"),
        ("talks.toml", "code = \"USA\"\n", "", "line", "missing field `code`"),
        ("talks.toml", "kind = \"in-force\"", "kind = \"inforce\"", "line", "in-force"),
        (
            "frameworks.toml",
            "rounds = [\"P17\"]",
            "rounds = [\"P99\"]",
            "`phase-one`",
            "name a row of rounds.csv",
        ),
        (
            "frameworks.toml",
            "measures_from = \"2020-02-14\"",
            "measures_from = \"2019-02-14\"",
            "`phase-one`",
            "repair `measures_from`",
        ),
        ("frameworks.toml", "measures_from", "measure_from", "line", "measures_from"),
        ("frameworks.toml", "date = \"2020-01-15\"", "date = \"2020-01-32\"", "line", "2020-01-32"),
        ("commitments.toml", "by = \"CHN\"", "by = \"CHM\"", "`K01`", "name a party"),
        (
            "commitments.toml",
            "framework = \"Phase One\"",
            "framework = \"Phase Won\"",
            "`K01`",
            "frameworks.toml",
        ),
        ("commitments.toml", "effect = \"missed\"", "effect = \"mist\"", "line", "missed"),
        (
            "commitments.toml",
            "sources = [\"s156\", \"s048\"]",
            "sources = [\"s956\"]",
            "`K01`",
            "cite a source",
        ),
        ("commitments.toml", "sources = [\"s156\", \"s048\"]", "sources = []", "`K01`", "cite a source"),
        ("commitments.toml", "due = \"2021-12-31\"", "due = 2021", "line", "date"),
        ("commitments.toml", "confidence = \"medium\"", "confidence = \"middling\"", "line", "medium"),
        ("commitments.toml", "what = ", "wat = ", "line", "unknown field `wat`"),
        (
            "deadlines.toml",
            "known_from = \"2018-09-21\"",
            "known_from = \"2019-09-21\"",
            "`DL01`",
            "swap them",
        ),
        ("deadlines.toml", "side = \"USA\"", "side = \"US\"", "`DL01`", "name a party"),
        ("deadlines.toml", "kind = \"tariff\"", "kind = \"tarif\"", "line", "tariff"),
        ("deadlines.toml", "announced = \"2018-12-01\"", "announced = \"2018\"", "line", "2018"),
        (
            "deadlines.toml",
            "sources = [\"s008\", \"s002\"]",
            "sources = [\"s80\"]",
            "`DL01`",
            "cite a source",
        ),
        (
            "threats.toml",
            "instrument = \"US-IEEPA-RECIP\"",
            "instrument = \"US-IEEPA-RECEIP\"",
            "`T02`",
            "not on record",
        ),
        ("threats.toml", "adds_pct = 100", "adds_pct = \"all\"", "line", "all"),
        ("threats.toml", "announced = \"2025-10-10\"", "anounced = \"2025-10-10\"", "line", "announced"),
        ("series.toml", "counts = [\"dialogue\"]", "counts = \"dialogue\"", "line", "sequence"),
        ("series.toml", "counting_rule", "counting", "line", "counting_rule"),
        ("rounds.csv", "2025-05-10", "2025-05-40", "`R01`", "repair the cell"),
        ("rounds.csv", "id,series", "id,serie", "rounds.csv", "serie"),
        ("rounds.csv", ",high\n", ",hihg\n", "line", "hihg"),
        ("positions.csv", "2025-05-12", "12 May 2025", "line 2, row `Q01`", "repair the cell"),
        ("positions.csv", ",s169,", ",s1690,", "`Q01`", "cite a source"),
        ("positions.csv", "id,date", "id,day", "positions.csv", "day"),
        ("nontariff.csv", ",in-force,2025-01-02", ",inforce,2025-01-02", "line", "in-force"),
        (
            "nontariff.csv",
            ",in-force,2025-01-02,,",
            ",in-force,2025-01-02,,2024-01-02",
            "`N001`",
            "first day no longer",
        ),
        ("nontariff.csv", ",K10,", ",K101,", "`N001`", "repair `commitments`"),
        ("nontariff.csv", "row,measure", "row,measures", "nontariff.csv", "measures"),
    ] {
        let said = said(name, from, to);
        // A reader of files names the very line; where a key is missing, or a column, a line of the entry.
        let text =
            std::str::from_utf8(detente_facts::file(&format!("ledger/talks/us-china/{name}")).unwrap())
                .unwrap();
        let line = text[..text.find(from).unwrap()].matches('\n').count();
        let id = text.lines().nth(line).and_then(|row| row.split(',').next()).unwrap_or_default();
        let named = |said: &str| match entry {
            "line" if to.is_empty() => said.contains("line"),
            "line" => said.contains(&format!("line {}", line + 1)) || said.contains(&format!("`{id}`")),
            entry => said.contains(entry),
        };
        assert!(
            said.iter().any(|said| {
                said.contains(&format!("talks/us-china/{name}")) && named(said) && said.contains(repair)
            }),
            "{name}, {from} -> {to}: {said:#?}"
        );
    }
}
