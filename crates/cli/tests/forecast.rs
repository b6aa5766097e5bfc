//! Headlines by the level of the trade elasticities and by the base year of an importer's tariffs, through the real command, against an
//! independent program's.

mod support;

use detente_testkit::{Table, needs, shared};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use support::{Folder, detente, transcript};

/// Half of the last digit of the printed table, in percent.
const PRINTED: f64 = 5e-4;
const OF_CHINA: (&str, &str) = ("CHN", "USA");

type Cell = (String, String, String);
type Rates = BTreeMap<Cell, f64>;

/// Rows of a reference table, by the names of its columns.
fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = shared(&format!("reference/forecast/{file}"));
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let header = reader.headers().expect("a header").clone();
    let named = |row: csv::StringRecord| {
        header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|row| named(row.expect("a row"))).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

/// The record's tariffs between the two on 2025-09-16 under an outcome.
fn record(outcome: &str) -> Rates {
    rows("record_tariffs_2025-09-16.csv")
        .into_iter()
        .map(|row| {
            let cell = (row["importer"].clone(), row["exporter"].clone(), row["sector"].clone());
            (cell, number(&row[outcome]))
        })
        .collect()
}

/// The threat raises the measure that lapses by 115 points where its lapse raises it by 24: on the same goods, collected alike.
fn threat(hold: &Rates, lapse: &Rates) -> Rates {
    hold.iter().map(|(cell, rate)| (cell.clone(), rate + (lapse[cell] - rate) * 115.0 / 24.0)).collect()
}

fn table(rates: &Rates) -> String {
    let mut text = "importer,exporter,sector,rate\n".to_owned();
    for ((importer, exporter, sector), rate) in rates {
        let _ = writeln!(text, "{importer},{exporter},{sector},{rate}");
    }
    text
}

/// A set of one's own: θ of goods and of services.
fn set(goods: &str, services: &str) -> String {
    format!(
        "name = \"mine\"\nsource = \"typed for a test, from nowhere\"\nlicence = \"none\"\nwith_respect_to = \"tariff\"\nflows = \"tariff-inclusive\"\n\
         horizon = \"long\"\nin_bands = false\nnote = \"none\"\nfilled = []\ngoods = {goods}\nservices = {services}\n"
    )
}

/// A benchmark directory with some of its tariffs replaced.
fn benchmark_with(folder: &Folder, rates: &Rates) -> String {
    let from = shared("benchmarks/world-2022-estimate");
    for entry in std::fs::read_dir(&from).expect("the benchmark") {
        let file = entry.expect("an entry").path();
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
        if !name.starts_with("tariffs") {
            std::fs::write(folder.path(&format!("world-{name}")), std::fs::read(&file).expect("read"))
                .expect("written");
        }
    }
    let world = folder.path("world");
    std::fs::create_dir_all(&world).expect("a folder");
    for entry in std::fs::read_dir(&folder.0).expect("the folder") {
        let file = entry.expect("an entry").path();
        let Some(name) =
            file.file_name().and_then(|name| name.to_str()?.strip_prefix("world-").map(str::to_owned))
        else {
            continue;
        };
        std::fs::rename(&file, world.join(name)).expect("moved");
    }
    let held = Table::read(&from.join("tariffs.csv")).expect("tariffs");
    let [exporter, importer, sector, rate] =
        ["exporter", "importer", "sector", "rate"].map(|name| held.column(name));
    let mut all = Rates::new();
    for row in &held.rows {
        all.insert((row[importer].clone(), row[exporter].clone(), row[sector].clone()), number(&row[rate]));
    }
    all.extend(rates.clone());
    std::fs::write(world.join("tariffs.csv"), table(&all)).expect("written");
    world.display().to_string()
}

/// The answer to a scenario in `folder`: the rates after, measured from the rates before where there are any.
fn solve(
    folder: &Folder,
    benchmark: &str,
    elasticities: Option<&str>,
    before: Option<&Rates>,
    after: &Rates,
) -> Value {
    folder.write("after.csv", &table(after));
    let mut text = String::new();
    if elasticities.is_some() {
        text += "trade_elasticities = \"set.toml\"\n";
    }
    text += "[[tariff]]\nfile = \"after.csv\"\n";
    if let Some(before) = before {
        folder.write("before.csv", &table(before));
        text += "[baseline]\n[[baseline.tariff]]\nfile = \"before.csv\"\n";
    }
    if let Some(set) = elasticities {
        folder.write("set.toml", set);
    }
    folder.write("s.toml", &text);
    let output = detente(&folder.0, &["solve", "s.toml", "--benchmark", benchmark, "--format", "json"]);
    assert!(output.status.success(), "{}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn agree(what: &str, answer: &Value, row: &BTreeMap<String, String>, economies: &[&str]) {
    for code in economies {
        let found = answer["economies"][code]["welfare_pct"].as_f64().expect("a number");
        let expected = number(&row[*code]);
        assert!((found - expected).abs() <= PRINTED, "{what}, {code}: {found}, there {expected}");
    }
}

/// The cells of "Headlines of 2025-09-16" but for the peak, and the two economies that the table does not print.
#[test]
#[needs("reference/forecast/headline_by_theta_2025-09-16.csv", "benchmarks/world-2022-estimate")]
fn the_headlines_of_a_day_by_the_level_of_the_elasticities() {
    let world = shared("benchmarks/world-2022-estimate").display().to_string();
    let hold = record("hold");
    let folder = Folder::new("by-theta");
    let mut cells = 0;
    for row in rows("headline_by_theta_2025-09-16.csv") {
        let theta = row["theta"].as_str();
        let typed = match theta.split_once("uniform ") {
            Some(("", goods)) => Some(set(goods, "4")),
            Some((_, every)) => Some(set(every, every)),
            None if theta == "shipped" => None,
            // Patterns by sector are variants that no setting has.
            None => continue,
        };
        let outcome = row["outcome"].as_str();
        // The program's peak is nine tenths of the statute on both sides; those levels are not on file.
        if outcome == "peak" {
            continue;
        }
        let after = match outcome {
            "threat" => threat(&hold, &record("lapse")),
            other => record(other),
        };
        let before = (outcome != "hold").then_some(&hold);
        let answer = solve(&folder, &world, typed.as_deref(), before, &after);
        agree(&format!("{theta}, {outcome}"), &answer, &row, &["USA", "CHN", "VNM", "MEX"]);
        cells += 4;
    }
    assert!(cells >= 21 * 4, "{cells}");
}

/// The base year of one importer's tariffs, low to high, under the benchmark's elasticities and under the record's.
#[test]
#[needs("reference/forecast/headline_by_china_base_2025-09-16.csv", "benchmarks/world-2022-estimate")]
fn the_headlines_of_a_day_by_the_base_year_of_one_importers_tariffs() {
    let by_sector = rows("china_base_year_by_sector.csv");
    let (hold, lapse) = (record("hold"), record("lapse"));
    let mut checked = 0;
    for (number_of, base) in
        ["low: all waived", "mid", "high", "statute: none waived"].into_iter().enumerate()
    {
        let folder = Folder::new(&format!("by-base-{number_of}"));
        let (mut paid, mut held, mut lapsed) = (Rates::new(), hold.clone(), lapse.clone());
        for row in &by_sector {
            let cell = (OF_CHINA.0.to_owned(), OF_CHINA.1.to_owned(), row["sector"].clone());
            let before = number(&row[base]) / 100.0;
            let now = before + number(&row["answers_2025_on_2025-09-16"]) / 100.0;
            lapsed.insert(cell.clone(), now + lapse[&cell] - hold[&cell]);
            held.insert(cell.clone(), now);
            paid.insert(cell, before);
        }
        let world = benchmark_with(&folder, &paid);
        for row in rows("headline_by_china_base_2025-09-16.csv").iter().filter(|row| row["base"] == base) {
            let typed = (row["theta"] != "shipped").then(|| set("2.5", "4"));
            let (before, after) = match row["outcome"].as_str() {
                "hold" => (None, held.clone()),
                "lapse" => (Some(&held), lapsed.clone()),
                _ => (Some(&held), threat(&held, &lapsed)),
            };
            let answer = solve(&folder, &world, typed.as_deref(), before, &after);
            agree(
                &format!("{}, {base}, {}", row["theta"], row["outcome"]),
                &answer,
                row,
                &["USA", "CHN", "VNM"],
            );
            checked += 1;
        }
    }
    assert_eq!(checked, 24);
}
