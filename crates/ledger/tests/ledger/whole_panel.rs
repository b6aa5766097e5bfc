//! The whole panel, and the schedule of 2024 beside the duty that was collected.

use detente_ledger::Ledger;
use detente_ledger::duty::{Question, Settled};
use detente_ledger::files::Named;
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::{Tariffs, View};
use jiff::civil::{Date, date};

/// Every run agrees with the answer for the line on the run's first and last day.
#[test]
fn the_panel_agrees_with_single_answers() {
    let tariffs = Tariffs::embedded().unwrap();
    let view = View { known_on: Date::MAX, ..View::on_day("USA", "CHN", date(2018, 1, 1)) };
    let started = std::time::Instant::now();
    let runs = tariffs.runs(view).unwrap();
    println!("{} rows in {:?}", runs.rows(), started.elapsed());
    assert!(runs.rows() > 60_000, "{}", runs.rows());
    for (line, runs) in runs.lines().step_by(997) {
        for on in [date(2019, 10, 1), date(2025, 4, 20), date(2025, 9, 1), date(2026, 8, 1)] {
            let charged: f64 = runs
                .iter()
                .filter(|run| run.from <= on && run.until.is_none_or(|until| on < until))
                .fold(0.0, |sum, run| sum + run.adds_pct);
            let question = Question {
                code: line.code,
                from: "CHN",
                to: "USA",
                on,
                known_on: Date::MAX,
                value: None,
                quantity: None,
                settled: Settled::default(),
            };
            let answer = tariffs.duty(&question, Reading::Stated).unwrap();
            let (Some(total), Some(base)) = (answer.total_pct, line.base.ad_valorem()) else { continue };
            assert!(
                (total - base * 100.0 - charged).abs() < 1e-6,
                "{} on {on}: {total} and {charged}",
                line.code
            );
        }
    }
    let other = tariffs.runs(View { importer: "CHN", exporter: "USA", ..view }).unwrap();
    assert!(other.rows() > 20_000, "{}", other.rows());
}

/// Runs of one layer never overlap on a line.
#[test]
fn runs_of_a_layer_do_not_overlap() {
    let tariffs = Tariffs::embedded().unwrap();
    let runs =
        tariffs.runs(View { known_on: Date::MAX, ..View::on_day("USA", "CHN", date(2018, 1, 1)) }).unwrap();
    for (line, runs) in runs.lines() {
        for (at, one) in runs.iter().enumerate() {
            assert!(one.until.is_none_or(|until| one.from < until), "{}", line.code);
            let meets = |other: &&detente_ledger::tariff::Run| {
                other.instrument == one.instrument
                    && one.until.is_none_or(|until| other.from < until)
                    && other.until.is_none_or(|until| one.from < until)
            };
            assert!(!runs[at + 1..].iter().any(|other| meets(&other)), "{} {}", line.code, one.instrument);
        }
    }
}

#[test]
fn the_schedule_of_2024_beside_what_was_collected() {
    let tariffs = Tariffs::embedded().unwrap();
    let sectors = tariffs.collected_duties("USA", "CHN", "world-2022-estimate").unwrap();
    let sum = |of: fn(&detente_ledger::tariff::CollectedDuties) -> f64| sectors.iter().map(of).sum::<f64>();
    let (value, statutory, collected) = (sum(|s| s.value), sum(|s| s.statutory), sum(|s| s.collected));
    // Census 2024, without chapters 98 and 99 and without the few lines whose base has no equivalent.
    assert!((value / 1e9 - 418.0).abs() < 0.5, "{value}");
    assert!((collected / 1e9 - 46.5).abs() < 0.5, "{collected}");
    // The schedule is above the receipts, by what exclusions and claims leave unpaid: 12.6 against 11.1 percent.
    assert!(statutory > collected && statutory / value < 0.13, "{}", statutory / value);
    for sector in &sectors {
        let gap = sector.statutory - sector.collected;
        let parts = sector.base_unpaid + sector.layers_unpaid - sector.beyond;
        // The base counts once: where not even it was paid, layers_unpaid holds the layers alone.
        assert!((gap - parts).abs() <= 1e-6 * sector.value, "{}: {gap} and {parts}", sector.sector);
        println!(
            "{} {:.1} {:.1}",
            sector.sector,
            100.0 * sector.statutory / sector.value,
            100.0 * sector.collected / sector.value
        );
    }
}

const MADE_UP: &str = r#"
id = "XX-NEW"
title = "A duty under a power that nobody has used"
imposer = "USA"
targets = ["CHN"]
authority = "Section 338"
family = "section-338"
kind = "tariff"
[[scope]]
codes = ["6109"]
[[entry]]
change = "sets"
act = "a proclamation"
announced = "2026-11-01"
from = "2026-12-01"
rate_pct = 30
sources = ["a test"]
confidence = "low"
"#;

/// A new instrument of a new authority is a data edit; so is a rule of stacking for it.
#[test]
fn a_new_authority_is_a_file_and_a_row() {
    let ask = |files: Vec<Named>, on: Date| {
        let mut ledger = Ledger::embedded().unwrap();
        ledger.lay(files).unwrap();
        let tariffs = Tariffs::new(ledger, Vec::new());
        let question = Question {
            code: "6109.10.00".parse().unwrap(),
            from: "CHN",
            to: "USA",
            on,
            known_on: date(2026, 11, 20),
            value: None,
            quantity: None,
            settled: Settled::default(),
        };
        tariffs.duty(&question, Reading::Stated).unwrap().total_pct
    };
    let instrument = || Named { name: "mine/new.toml".to_owned(), text: MADE_UP.into() };
    assert_eq!(ask(Vec::new(), date(2026, 12, 1)), Some(36.5));
    assert_eq!(ask(vec![instrument()], date(2026, 11, 30)), Some(36.5));
    assert_eq!(ask(vec![instrument()], date(2026, 12, 1)), Some(66.5));
    let rule = "[[stacking]]\nrule = \"blocks\"\nby = \"section-338\"\nof = \"section-301-technology\"\nsource = \"a test\"\n";
    let stacking = Named { name: "mine/stacking.toml".to_owned(), text: rule.into() };
    // List 4A's 7.5 gives way.
    assert_eq!(ask(vec![instrument(), stacking], date(2026, 12, 1)), Some(59.0));
}

/// "What if List 3 is dropped on 1 March": an entry laid over the record.
#[test]
fn a_measure_is_dropped_by_an_entry() {
    let mut ledger = Ledger::embedded().unwrap();
    let text = "id = \"US-301-L3\"\n[[entry]]\nchange = \"ends\"\nact = \"what if\"\nannounced = \"2026-11-20\"\nfrom = \"2027-03-01\"\nrate_pct = 0\nsources = [\"a test\"]\nconfidence = \"low\"\n";
    ledger.lay(vec![Named { name: "mine/list-3.toml".to_owned(), text: text.into() }]).unwrap();
    let tariffs = Tariffs::new(ledger, Vec::new());
    let total = |on| {
        let question = Question {
            code: "4202.12.21".parse().unwrap(),
            from: "CHN",
            to: "USA",
            on,
            known_on: date(2026, 11, 20),
            value: None,
            quantity: None,
            settled: Settled::default(),
        };
        tariffs.duty(&question, Reading::Stated).unwrap().total_pct
    };
    assert_eq!((total(date(2027, 2, 28)), total(date(2027, 3, 1))), (Some(57.5), Some(32.5)));
}

/// A list of the user's own, in a folder laid over the record.
#[test]
fn a_list_of_ones_own_is_read_from_the_folder() {
    let folder = std::env::temp_dir().join(format!("detente-lines-{}", std::process::id()));
    let lists = folder.join("products/USA/lists");
    std::fs::create_dir_all(&lists).unwrap();
    std::fs::write(lists.join("mine.csv"), "code\n6109.10.00\n").unwrap();
    let mut ledger = Ledger::embedded().unwrap();
    let text = MADE_UP.replace("codes = [\"6109\"]", "lists = [\"mine\"]");
    ledger.lay(vec![Named { name: "mine/new.toml".to_owned(), text: text.into() }]).unwrap();
    let tariffs = Tariffs::new(ledger.clone(), vec![folder.clone()]);
    let on = date(2026, 12, 1);
    let question = Question {
        code: "6109.10.00".parse().unwrap(),
        from: "CHN",
        to: "USA",
        on,
        known_on: on,
        value: None,
        quantity: None,
        settled: Settled::default(),
    };
    assert_eq!(tariffs.duty(&question, Reading::Stated).unwrap().total_pct, Some(66.5));
    std::fs::remove_dir_all(&folder).unwrap();
    // Without the folder the list is missing, and the answer names the file of the measure.
    let said = Tariffs::new(ledger, Vec::new()).duty(&question, Reading::Stated).unwrap_err().to_string();
    assert!(said.contains("mine/new.toml") && said.contains("lists/mine.csv"), "{said}");
}

/// A code that is no line of the schedule reaches nothing: it is said of a user's own list and of a user's own scope, unless the row says so.
#[test]
fn a_code_of_ones_own_without_a_line_is_said() {
    let folder = std::env::temp_dir().join(format!("detente-no-line-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("products/USA/lists")).unwrap();
    let list = "code,note\n8471.30.01,\n8471.30.01.00,\n8471,\n9999.99.99,mine\n8803.30,not in the schedule of 2025\n";
    std::fs::write(folder.join("products/USA/lists/mine.csv"), list).unwrap();
    let instrument = "id = \"MINE\"\ntitle = \"mine\"\nimposer = \"USA\"\ntargets = [\"CHN\"]\nauthority = \"Mine\"\nfamily = \"mine\"\nkind = \"tariff\"\n\
        [[scope]]\nlists = [\"mine\"]\n[[scope]]\ncodes = [\"9504.50\", \"8517.12\"]\nexcept_codes = [\"9999.50\"]\n\
        [[entry]]\nchange = \"sets\"\nact = \"an act\"\nannounced = \"2026-01-01\"\nfrom = \"2026-02-01\"\nrate_pct = 7\nsources = [\"s001\"]\nconfidence = \"high\"\n";
    std::fs::write(folder.join("mine.toml"), instrument).unwrap();
    let tariffs = Tariffs::with_overlays(std::slice::from_ref(&folder)).unwrap();
    let found = tariffs.codes_without_a_line().unwrap();
    let said = |code: &str| found.iter().filter(|held| held.contains(code)).count();
    assert_eq!(
        (found.len(), said("9999.99.99"), said("8517.12"), said("9999.50")),
        (3, 1, 1, 1),
        "{found:?}"
    );
    assert!(found[0].contains("list `mine`") && found[1].contains("mine.toml"), "{found:?}");
    assert!(Tariffs::embedded().unwrap().codes_without_a_line().unwrap().is_empty());
    // Asked for as a product, it is refused with the edition on record; an importer without lines with those that have some.
    let on = "2026-09-01".parse().unwrap();
    let refused = |code: &str, to: &str| {
        let question = Question::new(code.parse().unwrap(), "MEX", to, on);
        tariffs.duty(&question, Reading::Stated).unwrap_err().to_string()
    };
    assert!(refused("8803.30", "USA").contains("2025 basic edition"), "{}", refused("8803.30", "USA"));
    assert!(refused("8471.30", "DEU").contains("CHN, EU27, USA"), "{}", refused("8471.30", "DEU"));
    std::fs::remove_dir_all(&folder).unwrap();
}
