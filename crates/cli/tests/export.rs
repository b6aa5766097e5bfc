//! Results as other programs read them: from the folder of an answer, nothing solved again.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use detente_exchange::{har, zip};
use detente_tables::table::Table;
use support::Folder;

fn run(folder: &Folder, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    let output = command.args(arguments).current_dir(folder.path(".")).output().expect("the command runs");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), said)
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            (
                path.file_name().expect("a name").to_string_lossy().into_owned(),
                std::fs::read(&path).expect("read"),
            )
        })
        .collect()
}

/// A column as the table of the results has it.
fn column(table: &Table, name: &str) -> Vec<String> {
    let at = table.column(name).expect("a column");
    table.rows().map(|row| row.text(at).into_owned()).collect()
}

#[test]
fn an_answer_is_exported_to_every_form_with_the_same_numbers_and_the_same_bytes() {
    let folder = Folder::new("export");
    let (code, said) = run(&folder, &["solve", "us-plus-10-on-china", "--out", "answer"]);
    assert_eq!(code, 0, "{said}");
    let economies = Table::parse(
        "economies.csv".into(),
        &std::fs::read(folder.path("answer/economies.csv")).expect("read"),
    )
    .expect("a table");
    let codes = column(&economies, "economy");
    let welfare: Vec<f64> =
        column(&economies, "welfare_pct").iter().map(|cell| cell.parse().expect("a number")).collect();
    for form in ["xlsx", "dta", "parquet", "har", "gams", "vega-lite"] {
        let to = format!("first-{form}");
        let (code, said) = run(&folder, &["export", "answer", "--to", form, "--out", &to]);
        assert_eq!(code, 0, "{form}: {said}");
        let again = format!("second-{form}");
        run(&folder, &["export", "answer", "--to", form, "--out", &again]);
        assert_eq!(files(&folder.path(&to)), files(&folder.path(&again)), "{form}: the same bytes twice");
    }
    // Parquet: the numbers of the CSV, bit for bit.
    let parquet = std::fs::read(folder.path("first-parquet/economies.parquet")).expect("read");
    let parquet = Table::parse("economies.parquet".into(), &parquet).expect("a table");
    for name in economies.columns() {
        let (left, right) = (column(&economies, name), column(&parquet, name));
        // What is missing is empty in one form and no number in the other.
        let number = |cell: &String| cell.parse::<f64>().ok().filter(|number| number.is_finite());
        let same =
            left.iter().zip(&right).all(|(left, right)| left == right || number(left) == number(right));
        assert!(same, "{name}");
    }
    // Header arrays: seven digits.
    let arrays = har::read(&std::fs::read(folder.path("first-har/results.har")).expect("read"))
        .expect("header arrays");
    assert_eq!(arrays.header("REG").and_then(|header| header.words()), Some(&codes[..]));
    let found = arrays.header("WELF").and_then(|header| header.numbers()).expect("welfare");
    assert!(
        found.iter().zip(&welfare).all(|(found, welfare)| *found == f64::from(*welfare as f32)),
        "{found:?}"
    );
    assert_eq!(arrays.header("TRDB").expect("trade").dimensions(), [28, 24, 24]);
    // GAMS: the numbers of the CSV.
    let gams =
        String::from_utf8(std::fs::read(folder.path("first-gams/economies_welfare_pct.csv")).expect("read"))
            .expect("text");
    let expected: String =
        codes.iter().zip(&welfare).map(|(code, welfare)| format!("{code},{welfare}\n")).collect();
    assert_eq!(gams, expected);
    // The workbook holds every digit of every number.
    let book = std::fs::read(folder.path("first-xlsx/results.xlsx")).expect("read");
    let entries = zip::entries(&book).expect("an archive");
    let sheet = entries.iter().find(|entry| entry.name == "xl/worksheets/sheet2.xml").expect("a sheet");
    let sheet = String::from_utf8(sheet.bytes().expect("unpacked")).expect("text");
    assert!(welfare.iter().all(|number| sheet.contains(&format!("<v>{number}</v>"))), "every digit");
    let picture: serde_json::Value = serde_json::from_slice(
        &std::fs::read(folder.path("first-vega-lite/welfare_pct.vl.json")).expect("read"),
    )
    .expect("JSON");
    assert_eq!(picture["data"]["values"][0]["welfare_pct"].as_f64(), Some(welfare[0]));
}

#[test]
fn forms_and_folders_that_are_none_are_refused() {
    let folder = Folder::new("export-refused");
    let (code, said) = run(&folder, &["export", "nowhere", "--to", "xlsx"]);
    assert!(code == 2 && said.contains("no such directory"), "{said}");
    folder.write("empty/notes.md", "nothing");
    let (code, said) = run(&folder, &["export", "empty", "--to", "xlsx"]);
    assert!(code == 2 && said.contains("summary.json"), "{said}");
    let (code, said) = run(&folder, &["export", "empty", "--to", "xlxs"]);
    assert!(code == 2 && said.contains("did you mean `xlsx`"), "{said}");
}

#[test]
fn the_versions_say_program_facts_and_world() {
    let folder = Folder::new("versions");
    let (code, said) = run(&folder, &["--version", "--json"]);
    assert_eq!(code, 0, "{said}");
    let versions: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(versions["program"], env!("CARGO_PKG_VERSION"));
    for part in ["facts", "world"] {
        assert_eq!(versions[part]["sha256"].as_str().map(str::len), Some(64), "{said}");
    }
}

#[test]
fn a_benchmark_goes_out_as_base_data_and_comes_back_by_its_bytes() {
    let folder = Folder::new("base-data");
    let (code, said) = run(&folder, &["data", "export", "--to", "gtap", "--out", "base"]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&folder, &["data", "har", "base/basedata.har"]);
    assert!(code == 0 && said.starts_with("header,type,sizes,sets,cells,sum,long_name\n"), "{said}");
    assert!(said.contains("VDFB,REFULL,28x28x24x1x1x1x1,COMM ACTS REG,18816,"), "{said}");
    let (code, said) = run(&folder, &["data", "har", "base/basedata.har", "VMSB"]);
    assert!(code == 0 && said.starts_with("COMM,REG,REG_2,value\n"), "{said}");
    let (code, said) = run(&folder, &["data", "har", "base/basedata.har", "VMSX"]);
    assert!(code == 2 && said.contains("did you mean `VMSB`"), "{said}");
    let (code, said) = run(&folder, &["data", "import", "base", "--from", "auto", "--out", "back"]);
    assert!(code == 0 && said.contains("24 economies, 28 sectors"), "{said}");
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path("back/import-report.json")).expect("read"))
            .expect("JSON");
    assert_eq!(report["layout"], "gtap");
    folder.write("growth.csv", "exporter,importer,sector,factor\nall,USA,all,1.1\nUSA,USA,all,1\n");
    let (code, said) =
        run(&folder, &["data", "extrapolate", "growth.csv", "--label", "more imports", "--out", "grown"]);
    assert!(code == 0 && said.contains("more imports") && said.contains("largest factor 1.1"), "{said}");
    folder.write("targets.csv", "kind,economy,sector,value\nimports,USA,,3000000\n");
    let (code, said) =
        run(&folder, &["data", "balance", "targets.csv", "--benchmark", "grown", "--out", "balanced"]);
    assert!(code == 0 && folder.path("balanced/balance-report.json").exists(), "{said}");
    let (code, said) = run(&folder, &["data", "check", "balanced"]);
    assert_eq!(code, 0, "{said}");
    folder.write("wrong.har", "no header arrays");
    let (code, said) = run(&folder, &["data", "har", "wrong.har"]);
    assert!(code == 2 && said.contains("byte 0"), "{said}");
}
