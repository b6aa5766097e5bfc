//! One small world in ten layouts, and the tables of others.

use std::path::{Path, PathBuf};

use detente_data::import::recipe::{Layout, Recipe};
use detente_data::import::rules::{Margins, Negative, ValueAdded};
use detente_data::import::{self, Import};
use detente_engine::benchmark::Benchmark;
use detente_testkit::{needs, shared};

const LAYOUTS: &str = "data/importer-samples/layouts";

fn recipe(layout: Layout) -> Recipe {
    let mut recipe = Recipe { layout, ..Recipe::default() };
    recipe.files.insert("sectors".into(), shared(&format!("{LAYOUTS}/sectors.csv")).display().to_string());
    recipe
}

fn imported(path: &Path, recipe: &Recipe) -> Import {
    import::import(path, recipe, "").unwrap_or_else(|problems| panic!("{}: {problems}", path.display()))
}

/// The files that this build reads.
fn files() -> Vec<&'static str> {
    let mut files = vec![
        "icio-2023-small.csv",
        "icio-2023-extended.csv",
        "icio-2021.csv",
        "icio-2018.CSV",
        "icio-2016.csv",
        "wiod-2016.csv",
        "wiod-2016-gzip.RData",
        "pymrio-text",
        "pymrio-parquet",
    ];
    if cfg!(feature = "exchange") {
        files.extend(["wiod-2013.xlsx", "wiod-2016-bzip2.RData", "wiod-2016-xz.RData"]);
    }
    files
}

fn largest(left: &[f64], right: &[f64]) -> f64 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(left, right)| (left - right).abs()).fold(0.0, f64::max)
}

#[needs("data/importer-samples/layouts")]
#[test]
fn ten_layouts_give_one_benchmark() {
    let mut first: Option<Benchmark> = None;
    for name in files() {
        // The bytes show which layout it is.
        let found = imported(&shared(&format!("{LAYOUTS}/{name}")), &recipe(Layout::Auto));
        let benchmark = found.directory.benchmark;
        let codes: Vec<String> = benchmark.economies.iter().map(|e| e.code.to_uppercase()).collect();
        assert_eq!(codes, ["USA", "CHN", "EU27", "MEX", "ROW"], "{name}");
        assert_eq!(benchmark.sectors.len(), 6, "{name}");
        let note = found.notes.join("\n");
        assert!(
            note.contains("1 sale to final demand below zero (together -500")
                && note.contains("[USA to MEX, C26T30] -500"),
            "{name}: {note}"
        );
        // The text is rounded; -500 set to zero leaves 500 more output than is spent, for which value added makes up: markets clear.
        assert!(found.directory.market_gap.gap < 1e-9, "{name}: {}", found.directory.market_gap.gap);
        let expected: serde_json::Value = serde_json::from_slice(
            &std::fs::read(shared(&format!("{LAYOUTS}/expected.json"))).expect("read"),
        )
        .expect("JSON");
        let output: f64 = benchmark.border_value.iter().sum();
        let wanted = expected["output"].as_f64().expect("a number") + 500.0;
        assert!((output - wanted).abs() < 1e-3, "{name}: output {output} where {wanted}");
        match &first {
            None => first = Some(benchmark),
            Some(first) => {
                let off = largest(&first.border_value, &benchmark.border_value);
                assert!(off < 1e-5, "{name}: a flow is off by {off} million");
                let inputs = |b: &Benchmark| b.input_share.clone().expect("inputs");
                assert!(largest(&inputs(first), &inputs(&benchmark)) < 1e-9, "{name}");
                assert!(largest(&first.value_added_share, &benchmark.value_added_share) < 1e-9, "{name}");
            }
        }
    }
}

#[needs("data/importer-samples/layouts")]
#[test]
fn sales_below_zero_may_be_taken_from_others_and_values_be_scaled() {
    let path = shared(&format!("{LAYOUTS}/icio-2021.csv"));
    let mut spread = recipe(Layout::OecdIcio);
    spread.rules.negative = Negative::Spread;
    spread.rules.scale = Some(0.001);
    let found = imported(&path, &spread);
    let output: f64 = found.directory.benchmark.border_value.iter().sum();
    assert!((output - 199_666.082_416).abs() < 1e-6, "output stays: {output}");
    assert!(found.notes.join("\n").contains("taken from the other destinations"), "{:?}", found.notes);
}

/// A source whose stated value added is far from what its flows leave is refused, unless it is asked for.
#[needs("data/importer-samples/layouts")]
#[test]
fn value_added_that_the_flows_do_not_leave_is_refused() {
    let folder = std::env::temp_dir().join(format!("detente-value-added-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let text = std::fs::read_to_string(shared(&format!("{LAYOUTS}/icio-2023-small.csv"))).expect("read");
    let halved = text.lines().map(|line| match line.strip_prefix("VA,") {
        Some(rest) => {
            let cells: Vec<String> = rest
                .split(',')
                .map(|cell| (cell.parse::<f64>().expect("a number") / 83.0).to_string())
                .collect();
            format!("VA,{}\n", cells.join(","))
        }
        None => format!("{line}\n"),
    });
    let path: PathBuf = folder.join("table.csv");
    std::fs::write(&path, halved.collect::<String>()).expect("written");
    let mut recipe = recipe(Layout::OecdIcio);
    let refused = import::import(&path, &recipe, "").expect_err("refused").to_string();
    assert!(refused.contains("value added of the world") && refused.contains("most in ["), "{refused}");
    recipe.rules.value_added = ValueAdded::Residual;
    let taken = imported(&path, &recipe);
    std::fs::remove_dir_all(&folder).expect("removed");
    assert!(
        taken.notes.iter().any(|note| note.contains("WARNING") && note.contains("as asked for")),
        "{:?}",
        taken.notes
    );
}

/// The test table of pymrio is not balanced: what it sells is far more than what it uses and adds.
#[needs("data/importer-samples/pymrio-test")]
#[test]
fn a_table_without_value_added_that_leaves_too_much_is_warned_of() {
    let folder = std::env::temp_dir().join(format!("detente-bare-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let sectors =
        ["food", "mining", "manufactoring", "electricity", "construction", "trade", "transport", "other"];
    let rows: String = sectors.iter().map(|code| format!("{code},{code},services,5\n")).collect();
    std::fs::write(folder.join("sectors.csv"), format!("sector,name,kind,trade_elasticity\n{rows}"))
        .expect("written");
    let mut recipe = Recipe { layout: Layout::Pymrio, ..Recipe::default() };
    recipe.files.insert("sectors".into(), folder.join("sectors.csv").display().to_string());
    let found = imported(&shared("data/importer-samples/pymrio-test"), &recipe);
    std::fs::remove_dir_all(&folder).expect("removed");
    assert_eq!((found.directory.benchmark.economies.len(), found.directory.benchmark.sectors.len()), (6, 8));
    assert!(
        found.notes.iter().any(|note| note.contains("WARNING: value added is 98.8 percent")),
        "{:?}",
        found.notes
    );
}

#[needs("data/importer-samples/har/files/gtap-v7-10x10")]
#[test]
fn base_data_of_gtap_give_the_reference_benchmark() {
    let sums = |found: &Import| {
        let benchmark = &found.directory.benchmark;
        let trade: f64 = benchmark.border_value.iter().sum();
        let revenue: f64 =
            benchmark.border_value.iter().zip(&benchmark.tariff_rate).map(|(value, rate)| value * rate).sum();
        let accounts = detente_data::benchmark_directory::consistency::Accounts::of(benchmark);
        let value_added: f64 = accounts
            .output
            .iter()
            .zip(&benchmark.value_added_share)
            .map(|(output, share)| output * share)
            .sum();
        [trade, value_added, revenue]
    };
    let mut recipe = Recipe { layout: Layout::Auto, ..Recipe::default() };
    let path = shared("data/importer-samples/har/files/gtap-v7-10x10");
    let found = imported(&path, &recipe);
    assert!(found.directory.market_gap.gap < 1e-12, "{}", found.directory.market_gap.gap);
    for (found, wanted) in sums(&found).into_iter().zip([142_120_875.60, 67_689_135.66, 479_388.51]) {
        assert!((found - wanted).abs() < 0.1, "{found} where {wanted}");
    }
    assert!(found.directory.benchmark.licence.contains("9.0-0000"), "the licence travels");
    assert!(found.directory.benchmark.economies[1].members.contains(&"CHN".to_string()), "members travel");
    recipe.rules.margins = Margins::Cif;
    let found = imported(&path, &recipe);
    assert!((sums(&found)[0] - 142_120_875.525).abs() < 0.1);
}

#[needs("data/importer-samples/har/files/gtap-e-9x8")]
#[test]
fn the_classic_form_is_read_and_what_single_precision_breaks_is_mended_and_counted() {
    let recipe = Recipe { layout: Layout::Gtap, ..Recipe::default() };
    let found = imported(&shared("data/importer-samples/har/files/gtap-e-9x8"), &recipe);
    assert_eq!((found.directory.benchmark.economies.len(), found.directory.benchmark.sectors.len()), (9, 8));
    let mended: Vec<_> =
        found.report.applied.iter().filter(|applied| applied.rule.contains("single precision")).collect();
    assert_eq!((mended.len(), mended[0].cells), (1, 1), "{:?}", found.report);
    assert_eq!(mended[0].worst[0].0, "[IND, Oil]");
    let trade: f64 = found.directory.benchmark.border_value.iter().sum();
    assert!((trade / 141_933_000.0 - 1.0).abs() < 1e-5, "{trade}");
    assert!(found.directory.market_gap.gap < 1e-9, "{}", found.directory.market_gap.gap);
}

/// The source's own data of R and the same year in long form, cell by cell.
#[cfg(feature = "exchange")]
#[needs("data/importer-samples/wiod2013-r", "data/world-io/wiod2013_2011.parquet")]
#[test]
fn wiod_2013_as_data_of_r_is_the_table_in_long_form() {
    let folder = std::env::temp_dir().join(format!("detente-wiod-r-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let rows: String = (1..=35).map(|k| format!("c{k},c{k},services,5\n")).collect();
    std::fs::write(folder.join("sectors.csv"), format!("sector,name,kind,trade_elasticity\n{rows}"))
        .expect("written");
    let mut recipe = Recipe { layout: Layout::Wiod, ..Recipe::default() };
    recipe.benchmark.year = Some(2011);
    recipe.files.insert("sectors".into(), folder.join("sectors.csv").display().to_string());
    let of_r = imported(&shared("data/importer-samples/wiod2013-r/wiot_2011.RData"), &recipe);
    let long = imported(&shared("data/world-io/wiod2013_2011.parquet"), &recipe);
    std::fs::remove_dir_all(&folder).expect("removed");
    let (left, right) = (&of_r.directory.benchmark, &long.directory.benchmark);
    let codes = |b: &Benchmark| b.economies.iter().map(|e| e.code.clone()).collect::<Vec<_>>();
    // The source writes two codes otherwise; they stay as they are, and its Romania is found by its own code as a member.
    let same = |code: &String| match code.as_str() {
        "ROM" => "ROU".to_string(),
        "RoW" => "ROW".to_string(),
        _ => code.clone(),
    };
    let order: Vec<usize> =
        codes(left).iter().map(|code| right.economy(&same(code)).expect("in both")).collect();
    let romania = left.economies.iter().find(|economy| economy.code == "ROM").expect("the source's code");
    assert_eq!(romania.members, ["ROU"]);
    let sectors: Vec<usize> = left
        .sectors
        .iter()
        .map(|s| right.sectors.iter().position(|other| other.code == s.code).expect("in both"))
        .collect();
    let (size, other) = (left.dimensions(), right.dimensions());
    let mut off: f64 = 0.0;
    for (cell, value) in left.border_value.iter().enumerate() {
        let (importer, exporter, sector) = size.cell_of(cell);
        off = off.max(
            (value - right.border_value[other.cell(order[importer], order[exporter], sectors[sector])]).abs(),
        );
    }
    assert!(off < 1.0, "a flow is off by {off} million");
    // Category by category 352 sales to final demand are below zero; as a whole, which is what the rule counts, 43. Both forms say the same.
    let touched = |found: &Import, words: &str| {
        let applied =
            found.report.applied.iter().find(|applied| applied.rule.contains(words)).expect("noted");
        (applied.cells, applied.sum.round())
    };
    for words in ["below zero", "sell nothing"] {
        assert_eq!(touched(&of_r, words), touched(&long, words), "{words}");
    }
    assert_eq!((touched(&of_r, "below zero"), touched(&of_r, "sell nothing").0), ((43, -11_248.0), 22));
    let bytes = std::fs::read(shared("data/importer-samples/wiod2013-r/wiot_2011.RData")).expect("read");
    let objects = detente_exchange::r_data::read(&bytes).expect("data of R");
    let numbers =
        |name: &str| objects[0].1.element(name).and_then(|value| value.numbers()).expect("a matrix");
    let (inputs, finals) = (numbers("inter"), numbers("final"));
    let negative: Vec<f64> = finals.iter().copied().filter(|value| *value < 0.0).collect();
    assert_eq!((negative.len(), negative.iter().sum::<f64>()), (352, -170_065.0));
    assert_eq!((inputs.iter().sum::<f64>(), finals.iter().sum::<f64>()), (72_440_092.0, 69_268_600.0));
}
