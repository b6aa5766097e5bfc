//! Caliendo & Parro (2015) through the real command, to the digit.

mod support;

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use support::{Folder, by_code, detente, number, transcript};

/// The benchmark and the published tables, which ship.
fn published() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/published/nafta-1993")
}

#[test]
fn nafta_comes_out_to_the_digit() {
    let benchmark = published();
    let folder = Folder::new("nafta");
    let tariffs = std::fs::read(benchmark.join("scenarios/tariffs-2005.csv")).expect("tariffs");
    std::fs::write(folder.path("after.csv"), tariffs).expect("written");
    let benchmark = benchmark.display().to_string();
    let solve = |baseline: &str| {
        folder.write(
            "nafta.toml",
            &format!("name = \"NAFTA\"\n{baseline}\n[[tariff]]\nfile = \"after.csv\"\n"),
        );
        let output =
            detente(&folder.0, &["solve", "nafta.toml", "--benchmark", &benchmark, "--format", "csv"]);
        assert!(output.status.success(), "{}", transcript(&output));
        by_code(&String::from_utf8(output.stdout).expect("text"))
    };
    let balanced = solve("[baseline]\ndeficits = \"zero\"");
    // Caliendo & Parro (2015), solved to 1e-12: real wages in percent.
    for (code, real_wage) in [("Canada", 0.3228290269), ("Mexico", 1.7153229133), ("USA", 0.1124427521)] {
        let found = number(&balanced, code, "real_wage_pct");
        assert!((found - real_wage).abs() < 1e-7, "{code}: {found}");
    }
    // First-order welfare as published: −0.06, 1.31, 0.08.
    for (code, published) in [("Canada", -0.06), ("Mexico", 1.31), ("USA", 0.08)] {
        let found = number(&balanced, code, "first_order_welfare_pct");
        assert!((found - published).abs() < 0.005, "{code}: {found}");
    }
    let observed = solve("");
    for (code, welfare, real_wage) in [
        ("Canada", -0.0821068658, 0.3340755522),
        ("Mexico", -0.0450602523, 1.6404932925),
        ("USA", 0.0758310230, 0.1178363016),
    ] {
        let (found, wage) =
            (number(&observed, code, "welfare_pct"), number(&observed, code, "real_wage_pct"));
        assert!((found - welfare).abs() < 1e-7, "{code}: welfare {found}");
        assert!((wage - real_wage).abs() < 1e-7, "{code}: real wage {wage}");
    }
}

/// Every published table, from the directory that ships: it holds value added as published, which the totals of its own shares are off by
/// up to 4e-8.
#[test]
fn every_published_table_of_nafta_comes_out_to_the_digit() {
    let world = published();
    let folder = Folder::new("nafta-tables");
    let scenario = world.join("scenarios/nafta.toml").display().to_string();
    let benchmark = world.display().to_string();
    let output = detente(&folder.0, &["solve", &scenario, "--benchmark", &benchmark, "--out", "r"]);
    assert!(output.status.success(), "{}", transcript(&output));

    let tables = PublishedTables { folder: world.join("expected") };
    let economies = tables.found(&folder, "economies.csv", 1);
    let sectors = tables.found(&folder, "sectors.csv", 2);
    let trade = tables.found(&folder, "trade.csv", 3);
    let mut compared = 0;
    let mut close = |place: &str, found: f64, expected: f64| {
        assert!((found - expected).abs() < 1e-7, "{place}: {found} where {expected} is published");
        compared += 1;
    };
    let pct = |after: f64, before: f64| 100.0 * (after / before - 1.0);
    for (key, row) in tables.published("nafta_balanced_welfare.csv", &["region"]) {
        for (theirs, ours) in [
            ("terms_of_trade_pct", "terms_of_trade_pct"),
            ("volume_of_trade_pct", "volume_of_trade_pct"),
            ("technical_efficiency_pct", "trade_cost_pct"),
            ("welfare_pct", "first_order_welfare_pct"),
            ("real_wage_pct", "real_wage_pct"),
        ] {
            close(&format!("{key} {theirs}"), economies[&key][ours], row[theirs]);
        }
    }
    for (key, row) in tables.published("nafta_balanced_country.csv", &["region"]) {
        let ours = &economies[&key];
        close(&format!("{key} real income"), ours["welfare_pct"], row["real_income_pct"]);
        close(&format!("{key} prices"), ours["price_index_pct"], 100.0 * (row["price_index_hat"] - 1.0));
        close(&format!("{key} wages"), ours["wage_pct"], 100.0 * (row["wage_hat"] - 1.0));
        for (theirs, ours_before, ours_after) in [
            ("income", "income_before", "income_after"),
            ("tariff_revenue", "tariff_revenue_before", "tariff_revenue"),
            ("imports", "imports_before", "imports_after"),
            ("exports", "exports_before", "exports_after"),
        ] {
            for (when, column) in [("baseline", ours_before), ("counterfactual", ours_after)] {
                let published = row[format!("{theirs}_{when}").as_str()];
                close(&format!("{key} {theirs} {when}, percent off"), pct(ours[column], published), 0.0);
            }
        }
    }
    for (key, row) in tables.published("nafta_balanced_sector.csv", &["region", "sector"]) {
        let ours = &sectors[&key];
        close(&format!("{key} cost"), ours["unit_cost_pct"], 100.0 * (row["input_cost_hat"] - 1.0));
        close(&format!("{key} price"), ours["price_pct"], 100.0 * (row["price_hat"] - 1.0));
        let change = pct(row["expenditure_counterfactual"], row["expenditure_baseline"]);
        close(&format!("{key} spending"), pct(ours["expenditure_after"], ours["expenditure_before"]), change);
    }
    let mut within: HashMap<String, (f64, f64)> = HashMap::new();
    for (key, row) in &trade {
        let (exporter_importer, _) = key.rsplit_once('|').expect("three codes");
        let total = within.entry(exporter_importer.to_string()).or_default();
        *total = (total.0 + row["value_before"], total.1 + row["value_after"]);
    }
    for (key, row) in tables.published("nafta_balanced_nafta_trade.csv", &["exporter", "importer"]) {
        let (before, after) = within[&key];
        close(&format!("{key} trade"), pct(after, before), row["change_pct"]);
    }
    let mut terms: HashMap<String, (f64, f64)> = HashMap::new();
    for (key, row) in tables.found(&folder, "decomposition.csv", 3) {
        let codes: Vec<&str> = key.split('|').collect();
        let group = if ["Canada", "Mexico", "USA"].contains(&codes[1]) { "NAFTA" } else { "ROW" };
        for key in [format!("{}|{}", codes[0], codes[2]), format!("{}|{group}", codes[0])] {
            let total = terms.entry(key).or_default();
            *total = (total.0 + row["terms_of_trade_pct"], total.1 + row["volume_of_trade_pct"]);
        }
    }
    for (file, codes) in [
        ("nafta_balanced_sector_welfare.csv", ["region", "sector"]),
        ("nafta_balanced_bilateral_welfare.csv", ["region", "partner"]),
    ] {
        for (key, row) in tables.published(file, &codes) {
            let ours = terms.get(&key).copied().unwrap_or_default();
            close(&format!("{key} terms of trade"), ours.0, row["terms_of_trade_pct"]);
            close(&format!("{key} volume of trade"), ours.1, row["volume_of_trade_pct"]);
        }
    }
    // A dollar is the unit of the data: cells below it are filled zeros.
    for (key, row) in tables.published("nafta_balanced_trade.csv.gz", &["exporter", "importer", "sector"]) {
        if row["trade_baseline"] > 1.0 {
            let change = pct(row["trade_counterfactual"], row["trade_baseline"]);
            close(&format!("{key} trade"), trade[&key]["change_pct"], change);
        }
    }
    assert!(compared > 20_000, "{compared} numbers compared");
}

/// Rows of a table by their codes, joined by `|`; numbers by column.
type Rows = HashMap<String, HashMap<String, f64>>;

struct PublishedTables {
    folder: PathBuf,
}

impl PublishedTables {
    fn rows(text: &str, keys: impl Fn(&csv::StringRecord, &csv::StringRecord) -> String) -> Rows {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let row = |record: csv::StringRecord| {
            let numbers = header.iter().zip(&record);
            let numbers = numbers.filter_map(|(name, text)| Some((name.to_string(), text.parse().ok()?)));
            (keys(&header, &record), numbers.collect())
        };
        reader.records().map(|record| row(record.expect("a row"))).collect()
    }

    /// What the program wrote; the first columns are codes.
    fn found(&self, folder: &Folder, file: &str, codes: usize) -> Rows {
        let text = std::fs::read_to_string(folder.path("r").join(file)).expect("written");
        Self::rows(&text, |_, record| record.iter().take(codes).collect::<Vec<_>>().join("|"))
    }

    fn published(&self, file: &str, codes: &[&str]) -> Rows {
        let mut text = String::new();
        let opened = std::fs::File::open(self.folder.join(file)).expect("published");
        let mut reader: Box<dyn Read> = if file.ends_with(".gz") {
            Box::new(flate2::read::MultiGzDecoder::new(opened))
        } else {
            Box::new(opened)
        };
        reader.read_to_string(&mut text).expect("text");
        Self::rows(&text, |header, record| {
            let code = |name: &&str| &record[header.iter().position(|h| h == *name).expect("a column")];
            codes.iter().map(code).collect::<Vec<_>>().join("|")
        })
    }
}
