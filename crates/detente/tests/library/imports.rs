//! Imports and aggregates: the same numbers by every way in, and an equilibrium stays one.

use std::path::Path;

use detente_data::aggregate::{Mapping, aggregate};
use detente_data::benchmark_directory::codes::Codes;
use detente_data::benchmark_directory::consistency::Accounts;
use detente_data::benchmark_directory::{self, BenchmarkDirectory, write};
use detente_data::import::recipe::{Layout, Recipe};
use detente_data::{default_world, import};
use detente_engine::benchmark::Benchmark;
use detente_tables::folder::Folder;
use detente_tables::table::Table;
use detente_testkit::{needs, shared};

/// The default world with four named economies and the rest as one.
fn five_economies() -> Benchmark {
    let world = default_world::open().expect("read").benchmark;
    let kept = ["USA", "CHN", "EU27", "MEX"];
    // Groups stand in the order of the rows.
    let others =
        world.economies.iter().map(|economy| economy.code.as_str()).filter(|code| !kept.contains(code));
    let rows: String = kept.iter().map(|code| format!("{code},{code}\n")).collect();
    let rows: String = rows + &others.map(|code| format!("{code},ROW\n")).collect::<String>();
    let old: Vec<String> = world.economies.iter().map(|economy| economy.code.clone()).collect();
    let table = Table::parse("map.csv".into(), format!("economy,group\n{rows}").as_bytes()).expect("a table");
    let economies =
        Mapping::read(&table, "economy", &Codes::of_economies(&world.economies), &old).expect("a mapping");
    let sectors = Mapping::identity(world.sectors.iter().map(|s| (s.code.as_str(), s.name.as_str())));
    aggregate(&world, &economies, &sectors)
}

fn reread(benchmark: &Benchmark) -> BenchmarkDirectory {
    let files = write::files(benchmark, &[], &[], write::Precision::default());
    let folder = Folder::Memory { name: "memory".into(), files };
    benchmark_directory::read(&folder).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn an_aggregated_equilibrium_is_an_equilibrium_with_the_same_totals() {
    let world = default_world::open().expect("read");
    let small = reread(&five_economies());
    assert!(small.market_gap.gap < 1e-12, "{}", small.market_gap.gap);
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    let (before, after) = (sum(&world.benchmark.border_value), sum(&small.benchmark.border_value));
    assert!((before / after - 1.0).abs() < 1e-12);
    let revenue = |b: &Benchmark| b.border_value.iter().zip(&b.tariff_rate).map(|(m, t)| m * t).sum::<f64>();
    assert!((revenue(&world.benchmark) / revenue(&small.benchmark) - 1.0).abs() < 1e-12);
    let rest = small.benchmark.economy("ROW").expect("the rest");
    assert!(small.benchmark.economies[rest].members.contains(&"VNM".to_string()), "members travel");
    assert_eq!(small.benchmark.economies[0].name, "United States", "a single economy keeps its name");
}

#[test]
fn a_mapping_that_forgets_or_repeats_a_code_is_refused() {
    let world = default_world::open().expect("read").benchmark;
    let old: Vec<String> = world.economies.iter().map(|economy| economy.code.clone()).collect();
    let text = "economy,group\nUSA,A\nUSA,B\nCNH,A\n";
    let table = Table::parse("map.csv".into(), text.as_bytes()).expect("a table");
    let refused = Mapping::read(&table, "economy", &Codes::of_economies(&world.economies), &old);
    let message = refused.expect_err("refused").to_string();
    assert!(message.contains("map.csv:3: the key USA stands here a second time"), "{message}");
    assert!(message.contains("map.csv:4: unknown economy `CNH`; did you mean `CHN`"), "{message}");
    assert!(message.contains("economy `CHN`: stands in no row"), "{message}");
}

/// The sample has the layout of the OECD's file and the numbers of the default world summed to five economies, so both
/// ways in must agree to the sample's rounding (three decimals of a million).
#[needs("data/importer-samples/oecd-icio-csv/2022_SML_5x28_layout_sample.csv")]
#[test]
fn the_oecd_layout_gives_the_default_world_summed() {
    let source = shared("data/importer-samples/oecd-icio-csv/2022_SML_5x28_layout_sample.csv");
    let sectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/benchmark/world-2022/sectors.csv");
    let sectors = std::path::absolute(sectors).expect("a path").display().to_string();
    let mut recipe = Recipe { layout: Layout::OecdIcio, ..Recipe::default() };
    recipe.files.insert("sectors".into(), sectors);
    let imported = import::import(&source, &recipe, "").unwrap_or_else(|problems| panic!("{problems}"));
    let (found, expected) = (&imported.directory.benchmark, &five_economies());
    let codes = |b: &Benchmark| b.economies.iter().map(|economy| economy.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(found), codes(expected));
    let largest = |left: &[f64], right: &[f64], scale: &dyn Fn(f64) -> f64| {
        left.iter().zip(right).map(|(l, r)| (l - r).abs() / scale(*r)).fold(0.0, f64::max)
    };
    let off = largest(&found.border_value, &expected.border_value, &|_| 1.0);
    assert!(off < 0.1, "a flow is off by {off} million");
    let inputs = |b: &Benchmark| b.input_share.clone().expect("inputs");
    // Cells of a few thousand dollars are rounding in the sample.
    let off = largest(&inputs(found), &inputs(expected), &|_| 1.0);
    assert!(off < 1e-5, "an input share is off by {off}");
    let demand = found.final_demand.as_ref().expect("final demand");
    assert_eq!(demand.categories, ["household", "government", "investment"]);
    assert!(
        !found.tariffs_given
            && imported.directory.notes.iter().any(|note| note.contains("free trade is assumed"))
    );
}

/// A year of WIOD's release of 2013 as the importer reads it: 41 economies, 35 industries, elasticities by kind of sector.
pub fn wiod2013(year: i32, elasticity: impl Fn(&str) -> f64) -> import::Import {
    let source = shared(&format!("data/world-io/wiod2013_{year}.parquet"));
    let industries = shared("data/world-io/wiod2013_industries.csv");
    let industries =
        Table::parse("industries".into(), &std::fs::read(industries).expect("read")).expect("a table");
    let rows: String = industries
        .rows()
        .map(|row| {
            let code = row.text(0).into_owned();
            let number: usize = code.trim_start_matches('c').parse().expect("c1 to c35");
            let kind = match number {
                1 => "agriculture",
                2 => "mining",
                3..=16 => "manufacturing",
                _ => "services",
            };
            format!("{code},{code},{kind},{}\n", elasticity(kind))
        })
        .collect();
    let folder = std::env::temp_dir().join(format!("detente-wiod-{year}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let sectors = folder.join("sectors.csv");
    std::fs::write(&sectors, format!("sector,name,kind,trade_elasticity\n{rows}")).expect("written");
    let mut recipe = Recipe { layout: Layout::Wiod, ..Recipe::default() };
    recipe.benchmark.year = Some(year);
    recipe.files.insert("sectors".into(), sectors.display().to_string());
    let imported = import::import(&source, &recipe, "");
    std::fs::remove_dir_all(&folder).expect("removed");
    imported.unwrap_or_else(|problems| panic!("{problems}"))
}

#[needs("data/world-io/wiod2013_2011.parquet", "data/world-io/wiod2013_industries.csv")]
#[test]
fn the_wiod_table_is_read_from_parquet() {
    let imported = wiod2013(2011, |_| 5.0);
    let benchmark = &imported.directory.benchmark;
    assert_eq!((benchmark.economies.len(), benchmark.sectors.len()), (41, 35));
    // The source's README: world output 141.77 trillion (by rows a little less), final use 69.27.
    let output: f64 = benchmark.border_value.iter().sum();
    assert!((output / 141.77e6 - 1.0).abs() < 2e-3, "world output {output}");
    assert!(imported.directory.market_gap.gap < 1e-9, "{}", imported.directory.market_gap.gap);
}

#[needs("data/world-io/benchmark-2022-candidate")]
#[test]
fn long_csv_takes_other_names_and_values() {
    let source = shared("data/world-io/benchmark-2022-candidate");
    let text = r#"
        layout = "long-csv"
        [benchmark]
        name = "candidate"
        unit = "million USD"
        source = "test"
        licence = "test"
        [files]
        economies = "../../../benchmarks/world-2022-estimate/economies.csv"
        sectors = "../../../benchmarks/world-2022-estimate/sectors.csv"
        tariffs = "../../../benchmarks/world-2022-estimate/tariffs.csv.gz"
        input_values = "intermediate.csv.gz"
        value_added_values = "output_va.csv"
        [columns]
        exporter = "orig"
        importer = "dest"
    "#;
    let mut recipe: Recipe = toml::from_str(text).expect("a recipe");
    recipe.columns.insert("value".into(), "value_added_incl_net_taxes".into());
    let world = default_world::open().expect("read").benchmark;
    let imported = import::import(&source, &recipe, "").unwrap_or_else(|problems| panic!("{problems}"));
    let off =
        |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(l, r)| (l - r).abs()).fold(0.0, f64::max);
    let found = &imported.directory.benchmark;
    assert!(off(&found.border_value, &world.border_value) <= 0.00051);
    let inputs = |b: &Benchmark| b.input_share.clone().expect("inputs");
    assert!(off(&inputs(found), &inputs(&world)) < 1e-6);
    // A sector without output has no shares to compare.
    let producing = |b: &Benchmark| -> Vec<f64> {
        let output = Accounts::of(b).output;
        b.value_added_share
            .iter()
            .zip(output)
            .map(|(share, output)| if output > 0.0 { *share } else { 0.0 })
            .collect()
    };
    assert!(off(&producing(found), &producing(&world)) < 1e-6);
}

/// A table that is not there, a column that is not there: refused as any other input.
#[test]
fn recipes_are_refused_with_their_key() {
    let folder = std::env::temp_dir().join(format!("detente-recipe-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("recipe.toml");
    std::fs::write(&path, "layout = \"long-csv\"\n[precision]\nvalues = 3\n").expect("written");
    let refused = import::read_recipe(&path).expect_err("refused").to_string();
    assert!(refused.contains("recipe.toml:3: `values`: unknown key; did you mean `value`?"), "{refused}");
    let mut recipe = Recipe::default();
    recipe.files.insert("trades".into(), "x.csv".into());
    let refused = import::import(&folder, &recipe, "").expect_err("refused").to_string();
    assert!(refused.contains("`trades` is none of the values allowed; did you mean `trade`"), "{refused}");
    std::fs::remove_dir_all(&folder).expect("removed");
}
