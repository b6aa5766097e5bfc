//! What earns trust, through the real command on the embedded world: accounts that add up, statute beside collection, bands with a sign
//! and a driver, tags in the data, and an exposure where no effect can be measured.

mod support;

use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use support::{Folder, detente, transcript};

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    let output = detente(&folder.0, arguments);
    assert!(output.status.success(), "{}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Adds without losing what is small beside what is large (Neumaier): a cent of trillions is at the edge of double precision.
#[derive(Default)]
struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost +=
            if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    fn total(&self) -> f64 {
        self.sum + self.lost
    }
}

/// Rows of a CSV without quotes, by the given columns.
fn rows(text: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let at: Vec<usize> = columns
        .iter()
        .map(|column| header.iter().position(|name| name == column).expect("a column"))
        .collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            at.iter().map(|position| cells[*position].to_owned()).collect()
        })
        .collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no number"))
}

/// To the cent, every economy: what importers pay is what the same goods cost before and the price rise; revenue and deadweight loss are
/// what buyers lose, less what sellers concede.
#[test]
fn within_a_year_the_accounts_add_up_to_the_cent() {
    let folder = Folder::new("cent");
    let output = detente(&folder.0, &["solve", "us-plus-10-on-china-within-a-year", "--out", "r"]);
    assert!(output.status.success(), "{}", transcript(&output));
    let read = |file: &str| std::fs::read_to_string(folder.path("r").join(file)).expect("written");
    let world = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/benchmark/world-2022/tariffs.csv");
    let world = std::fs::read_to_string(world).expect("the world's tariffs");
    let before: HashMap<[String; 3], f64> = rows(&world, &["exporter", "importer", "sector", "rate"])
        .into_iter()
        .map(|row| ([row[0].clone(), row[1].clone(), row[2].clone()], number(&row[3])))
        .collect();
    // What the same goods would have cost at yesterday's duties.
    let mut at_old_prices: HashMap<String, Sum> = HashMap::new();
    for row in rows(&read("trade.csv"), &["exporter", "importer", "sector", "value_after"]) {
        if row[0] == row[1] {
            continue;
        }
        let value = number(&row[3]);
        let rate = before.get(&[row[0].clone(), row[1].clone(), row[2].clone()]).copied().unwrap_or(0.0);
        let sum = at_old_prices.entry(row[1].clone()).or_default();
        sum.add(value);
        sum.add(rate * value);
    }
    let cent = 1e-8; // of a million
    let columns = [
        "economy",
        "imports_after",
        "tariff_revenue_before",
        "tariff_revenue",
        "private_cost",
        "deadweight_loss",
        "concession_received",
    ];
    let mut moved = 0;
    for row in rows(&read("economies.csv"), &columns) {
        let [imports, duty_before, duty, private_cost, deadweight, concession]: [f64; 6] =
            row[1..].iter().map(|cell| number(cell)).collect::<Vec<_>>().try_into().expect("six numbers");
        // The price rise on what is still bought: buyers lose that, and something on what they no longer buy.
        let rise = (imports - at_old_prices[&row[0]].total()) + duty;
        let more = private_cost - rise;
        assert!(more > -cent && more <= 0.2 * rise + cent, "{}: {private_cost} on {rise} million", row[0]);
        let lost = (duty - duty_before) + deadweight - private_cost - concession;
        assert!(lost.abs() < cent, "{}: what buyers lose is off by {lost:e} million", row[0]);
        moved += usize::from(private_cost > 1.0);
    }
    assert_eq!(moved, 1, "one importer raised a duty");
    // No change of tariffs, no change of anything.
    folder.write(
        "still.toml",
        "[closure]\nhorizon = \"truce\"\n[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nadd = 0\n",
    );
    let still = json(&folder, &["solve", "still.toml", "--format", "json"]);
    for (code, row) in still["economies"].as_object().expect("economies") {
        for column in [
            "importers_account_pct",
            "private_cost",
            "deadweight_loss",
            "value_added_at_risk",
            "imports_pct",
            "exports_pct",
        ] {
            assert_eq!(row[column].as_f64(), Some(0.0), "{code} {column}");
        }
    }
}

/// November 2025: 47.5 as published and what we find by statute, 32.3 collected, in one line with weights and month.
#[test]
fn statute_and_collection_stand_in_one_line() {
    let folder = Folder::new("both");
    let status = |arguments: &[&str]| {
        let output = detente(&folder.0, &[&["status", "us-china"], arguments].concat());
        assert!(output.status.success(), "{}", transcript(&output));
        String::from_utf8(output.stdout).expect("text").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let later = status(&["--on", "2025-11-10", "--known-on", "2026-03-01"]);
    assert!(later.contains("imports-from-partner-2024") && later.contains("published 47.5%"), "{later}");
    assert!(later.contains("by statute; collected 32.3% (2025-11)"), "{later}");
    // On the day itself November's receipts were not out: the newest published month, and November marked.
    let day = status(&["--on", "2025-11-10"]);
    assert!(day.contains("collected 37.3% (2025-09), 32.3% (2025-11, published later)"), "{day}");
    let before = status(&["--on", "2018-07-06"]);
    assert!(before.contains("collected 2.5% (2018-05), 3.5% (2018-07, published later)"), "{before}");
    let brief = json(&folder, &["brief", "--on", "2026-11-26", "--format", "json"]);
    assert!(brief["duty"]["both"][0].as_str().expect("a line").contains("collected 32.3% (2025-11)"));
    assert_eq!(brief["basis"], "collected");
    assert_eq!(brief["not_verified_after"], "2026-10-07");
}

/// Steps of the ledger reach a scenario as collected; statute is the variant, from the file or the command line, and the output says which.
#[test]
fn scenarios_take_steps_as_collected_and_statute_as_the_variant() {
    let folder = Folder::new("basis");
    folder.write("s.toml", "ledger = \"us-china\"\non = \"2025-09-16\"\nbasis = \"statute\"\n");
    let loss = |answer: &Value| answer["economies"]["CHN"]["welfare_pct"].as_f64().expect("a number");
    let written = json(&folder, &["solve", "s.toml", "--format", "json"]);
    let told = json(&folder, &["solve", "s.toml", "--basis", "collected", "--format", "json"]);
    assert_eq!(
        (&written["summary"]["tariff_basis"], &told["summary"]["tariff_basis"]),
        (&"statute".into(), &"collected".into())
    );
    assert!(loss(&written) < loss(&told) && loss(&told) < 0.0, "less is collected than the law says");
    let notes = told["summary"]["caveats"].to_string();
    assert!(notes.contains("steps as collected") && notes.contains("(2025-07, 1"), "{notes}");
    let plain = json(&folder, &["solve", "us-plus-10-on-china", "--format", "json"]);
    assert_eq!(plain["summary"]["tariff_basis"], Value::Null);
}

/// Bands of all three verbs: every headline with median, ends, sign and driver, over 200 runs.
#[test]
fn every_headline_has_its_band() {
    let folder = Folder::new("bands");
    let whole = |row: &Value, low: &str, high: &str| {
        let part = |name: &str| row[name].as_f64().unwrap_or_else(|| panic!("{name} of {row}"));
        assert!(part(low) <= part("median") && part("median") <= part(high), "{row}");
        assert!((0.5..=1.0).contains(&part("sign_share")) || part("median").abs() < 1e-3, "{row}");
    };
    let brief = json(&folder, &["brief", "--on", "2025-09-16", "--format", "json"]);
    assert_eq!(brief["bands"]["runs"], 200);
    let long = [
        "income_pct",
        "income_money",
        "real_wage_pct",
        "prices_over_wages_pct",
        "tariff_revenue_points",
        "manufacturing_share_points",
    ];
    let first_year = ["importers_account_pct", "value_added_at_risk_pct", "tariff_revenue_points"];
    let mut whose = BTreeSet::new();
    for outcome in brief["outcomes"].as_array().expect("outcomes") {
        let measures = outcome["measures"].as_str().expect("a word");
        whose.insert(measures);
        let shown = measures == "all" || (outcome["against"] == "hold") != (outcome["name"] == "hold");
        let headlines = if outcome["horizon"] == "long" { &long[..] } else { &first_year[..] };
        for (code, effects) in outcome["economies"].as_object().expect("economies") {
            assert!(effects["quality"].is_string(), "{code}");
            let bands = effects["bands"].as_object().expect("bands");
            // The headlines of the horizon, and what is bought from each party, all of it and goods.
            let partners = ["USA", "CHN"].into_iter().filter(|partner| partner != code);
            let bought = partners.flat_map(|partner| {
                ["imports_from_pct", "goods_imports_from_pct"].map(|key| format!("{key}.{partner}"))
            });
            let expected: BTreeSet<String> = match shown {
                true => headlines.iter().map(|key| (*key).to_owned()).chain(bought).collect(),
                false => BTreeSet::new(),
            };
            let found: BTreeSet<String> = bands.keys().cloned().collect();
            assert_eq!(found, expected, "{} {} {code}", outcome["name"], outcome["horizon"]);
            bands.values().for_each(|band| whole(band, "low", "high"));
        }
        assert!(!outcome["tags"].as_object().expect("tags").is_empty());
    }
    assert_eq!(whose, BTreeSet::from(["all", "two-sides"]), "others' duties of the day stand by themselves");
    for found in brief["bands"]["loses_more"].as_array().expect("pairs") {
        assert!(found["words"].as_str().expect("words").len() > 10, "{found}");
    }
    let solved = json(&folder, &["solve", "us-plus-10-on-china", "--bands", "24", "--format", "json"]);
    assert_eq!(solved["bands"]["rows"].as_array().expect("rows").len(), 24 * 8);
    solved["bands"]["rows"].as_array().expect("rows").iter().for_each(|row| whole(row, "low", "high"));
    let compared = json(
        &folder,
        &["compare", "us-plus-10-on-china", "free-trade", "--bands", "24", "--out", "r", "--format", "json"],
    );
    assert_eq!(compared["bands"].as_array().expect("one per scenario").len(), 2);
    let inside = folder.path("r").read_dir().expect("read").filter_map(Result::ok);
    let banded = inside.filter(|entry| entry.path().join("bands.csv").is_file()).count();
    assert_eq!(banded, 2, "a table of bands in each scenario's folder");
}

/// Tags and grades travel in the data.
#[test]
fn tags_travel_with_the_numbers() {
    let folder = Folder::new("tags");
    let solved = json(&folder, &["solve", "us-plus-10-on-china", "--out", "r", "--format", "json"]);
    let summary = &solved["summary"];
    let of = |column: &str| summary["tags"][column].as_str().unwrap_or_default().to_owned();
    assert_eq!((of("deficit").as_str(), of("welfare_pct").as_str()), ("assumed", "model"));
    assert_eq!((of("imports_before").as_str(), summary["horizon"].as_str()), ("accounting", Some("long")));
    assert_eq!((&summary["quality"]["VNM"], &summary["quality"]["USA"]), (&"weak".into(), &"good".into()));
    let tags = std::fs::read_to_string(folder.path("r/tags.csv")).expect("written");
    assert!(tags.contains("column,deficit,assumed") && tags.contains("economy,VNM,weak"), "{tags}");
    let truce = json(&folder, &["solve", "us-plus-10-on-china-within-a-year", "--format", "json"]);
    let tags = truce["summary"]["tags"].as_object().expect("tags");
    assert!(tags.len() > 10 && tags.values().all(|tag| tag == "accounting"));
    // Under share-of-gdp the level moves, and is no assumption.
    folder.write("s.toml", "[closure]\ndeficits = \"share-of-gdp\"\n[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nadd = 0.1\n");
    let moves = json(&folder, &["solve", "s.toml", "--format", "json"]);
    assert_eq!(moves["summary"]["tags"]["deficit"], "model");
}

/// Some years after a change only part of the buyers has switched: less happens than in the long run, with the same factors.
#[test]
fn some_years_respond_less_than_the_long_run() {
    let folder = Folder::new("years");
    let ask = |name: &str, closure: &str| {
        let text =
            format!("[closure]\n{closure}\n[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nadd = 0.1\n");
        folder.write(name, &text);
        detente(&folder.0, &["solve", name, "--format", "json"])
    };
    for (closure, missing) in [
        ("horizon = \"years\"\nfactor_market = \"specific\"", "capital_share"),
        ("horizon = { years = 2 }\nfactor_market = \"roy\"\nroy_shape = 2.0", "roy"),
        ("horizon = { yaers = 2 }", "did you mean `years`"),
    ] {
        let output = ask("a.toml", closure);
        assert_eq!(output.status.code(), Some(2), "{}", transcript(&output));
        assert!(String::from_utf8_lossy(&output.stderr).contains(missing), "{}", transcript(&output));
    }
    let imports = |closure: &str| -> f64 {
        let output = ask("b.toml", closure);
        assert!(output.status.success(), "{}", transcript(&output));
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        answer["economies"]["USA"]["imports_pct"].as_f64().expect("a number")
    };
    let specific = "factor_market = \"specific\"\ncapital_share = 0.4";
    for factors in ["", specific] {
        let (years, long) = (imports(&format!("horizon = {{ years = 1 }}\n{factors}")), imports(factors));
        assert!(long < years && years < 0.0, "fewer buyers have switched: {years} {long}");
        let late = imports(&format!("horizon = {{ years = 30 }}\n{factors}"));
        assert_eq!(late, long, "and all have in the end");
    }
}

/// An export ban on a product far smaller than its sector: the exposure, and no welfare number anywhere.
#[test]
fn a_ban_on_a_product_too_small_is_not_measurable_here() {
    let folder = Folder::new("magnets");
    let ban = |value: f64| {
        format!(
            "name = \"Magnets\"\n[[limit]]\nexporter = \"CHN\"\nimporter = \"USA\"\nsector = \"EEQ\"\nmax = 0\nrent = \"none\"\n\
             product = \"rare-earth magnets\"\nproduct_value = {value}\n"
        )
    };
    folder.write("s.toml", &ban(300.0));
    let output = detente(&folder.0, &["solve", "s.toml"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", transcript(&output));
    assert!(text.contains("not measurable here; exposure 300") && !text.contains("welfare  "), "{text}");
    let answer = json(&folder, &["solve", "s.toml", "--format", "json"]);
    assert_eq!(answer["summary"]["not_measurable_here"][0]["exposure"], 300.0);
    assert!(answer["economies"].is_null());
    let compared = detente(&folder.0, &["compare", "s.toml", "free-trade"]);
    assert_eq!(compared.status.code(), Some(1), "{}", transcript(&compared));
    assert!(String::from_utf8_lossy(&compared.stderr).contains("not measurable here"));
    folder.write("half.toml", "[[limit]]\nexporter = \"CHN\"\nimporter = \"USA\"\nsector = \"EEQ\"\nmax = 0\nrent = \"none\"\nproduct = \"x\"\n");
    let half = detente(&folder.0, &["solve", "half.toml"]);
    assert_eq!(half.status.code(), Some(2), "{}", transcript(&half));
}
