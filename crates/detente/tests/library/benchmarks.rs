//! The default world is what its recipe makes and is its own equilibrium; other benchmarks are read as they stand.

use std::path::{Path, PathBuf};

use detente_data::benchmark_directory;
use detente_data::benchmark_directory::quality::Grade;
use detente_data::{default_world, import};
use detente_testkit::{needs, shared};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_default_world_is_its_own_equilibrium_and_small() {
    let world = default_world::open().expect("the embedded world is read");
    assert_eq!((world.benchmark.economies.len(), world.benchmark.sectors.len()), (24, 28));
    assert!(world.market_gap.gap < 1e-12, "market gap {}", world.market_gap.gap);
    assert!(world.notes.is_empty(), "{:?}", world.notes);
    let bytes: usize = default_world::files().iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes < 2_000_000, "{bytes} bytes are embedded");
}

/// Households, government and investment make up the residual use of every cell, and the two sides' totals are the published ones of 2022.
#[test]
fn the_default_world_knows_who_buys() {
    use detente_engine::benchmark::FinalUse;
    use detente_engine::rebalancing::dial::{Dial, DialOf};
    let world = default_world::open().expect("read");
    assert!(
        benchmark_directory::consistency_of_final_demand(
            &world.benchmark,
            &benchmark_directory::consistency::Accounts::of(&world.benchmark)
        )
        .is_empty()
    );
    let solver =
        detente_engine::solver::Solver::new(&world.benchmark, &Default::default()).expect("calibrated");
    let data = detente_engine::instruments::Instruments::of(&world.benchmark);
    let e = solver.solve(data, &Default::default(), None).expect("accepted").solved().expect("solved");
    for (code, household, investment) in [("USA", 0.680, 0.220), ("CHN", 0.378, 0.423)] {
        let economy = world.benchmark.economy(code).expect("there");
        let read =
            |by| DialOf { dial: Dial::Use(by), economy, partner: None }.value(&solver, &e).expect("known");
        assert!((read(FinalUse::Household) - household).abs() < 1e-6, "{code}");
        assert!((read(FinalUse::Investment) - investment).abs() < 1e-6, "{code}");
    }
    let grades = detente_facts::text("benchmark/world-2022-final-use.csv").expect("carried");
    assert_eq!(grades.lines().count(), 25);
    let weak = grades.lines().filter(|line| line.ends_with(",weak")).count();
    assert_eq!(weak, 9, "economies without a structure of their own");
}

#[test]
fn weak_input_structures_and_the_day_of_tariffs_are_known() {
    let world = default_world::open().expect("read");
    for code in ["KOR", "RUS", "TWN", "IDN", "SGP", "VNM"] {
        assert!(world.weak_economies().contains(&code), "{code}");
    }
    let usa = world.benchmark.economy("USA").expect("USA");
    assert_eq!(world.quality(usa).map(|quality| quality.grade), Some(Grade::Good));
    assert_eq!(world.tariffs_of(usa).map(|tariffs| tariffs.ledger_day.year()), Some(2024));
    assert_eq!(world.tariff_provenance.len(), 24);
    // Ledgers name parties by ISO code: Germany is found in the European Union.
    assert_eq!(world.benchmark.economy_of_member("DEU"), world.benchmark.economy("EU27"));
}

#[needs("benchmarks/world-2022-estimate", "data/world-io/benchmark-2022-candidate/build_report.csv")]
#[test]
fn the_committed_world_is_what_its_recipe_writes() {
    let source = shared("benchmarks/world-2022-estimate");
    let directory = root().join("data/benchmark/world-2022");
    let (recipe, text) = import::read_recipe(&directory.join("recipe.toml")).expect("the recipe is read");
    let made = import::import(&source, &recipe, &text).expect("the source is imported");
    // Beside the recipe's files stand what recipes of data/recipes lay over the world: the paid shares, and who buys for final use.
    assert_eq!(made.files.len() + 1, default_world::files().len(), "a file of the recipe is not embedded");
    for (name, text) in &made.files {
        let committed = std::fs::read_to_string(directory.join(name)).expect("committed");
        // What is laid over: the elasticities of the default set, and one pair's tariffs as they were paid.
        let kept = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| name != "tariffs.csv" || !line.starts_with("USA,CHN,"));
            let cut = |line: &str| match name.as_str() {
                "sectors.csv" => line.rsplit_once(',').map_or(line, |(kept, _)| kept).to_owned(),
                _ => line.to_owned(),
            };
            lines.map(cut).collect()
        };
        assert!(kept(&committed) == kept(text), "{name} is not what the recipe writes");
    }
    // The source's own report says how much balancing moved each structure.
    let report = source.join("../../data/world-io/benchmark-2022-candidate/build_report.csv");
    let mut report = csv::Reader::from_path(report).expect("report");
    for record in report.records() {
        let record = record.expect("row");
        let moved: f64 = record[7].parse().expect("number");
        let economy = made.directory.benchmark.economy(&record[0]).expect("economy");
        let quality = made.directory.quality(economy).expect("graded");
        assert!((quality.moved_share.expect("moved") - moved).abs() <= 5e-4, "{}", &record[0]);
        assert_eq!(quality.grade == Grade::Weak, moved >= 0.28, "{}", &record[0]);
    }
}

#[needs("benchmarks/world-2022-estimate")]
#[test]
fn rounding_leaves_the_source_within_a_thousand_dollars() {
    let source = shared("benchmarks/world-2022-estimate");
    let source = benchmark_directory::open(&source).expect("read");
    let world = default_world::open().expect("read");
    let off = source.benchmark.border_value.iter().zip(&world.benchmark.border_value);
    assert!(off.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) <= 0.00051);
    assert_eq!(source.benchmark.tariff_rate.len(), world.benchmark.tariff_rate.len());
    let laid_over = |cell: usize| world.paid_shares.iter().any(|held| held.cell == cell);
    let off = source.benchmark.tariff_rate.iter().zip(&world.benchmark.tariff_rate).enumerate();
    let off = off.filter(|(cell, _)| !laid_over(*cell));
    assert!(off.map(|(_, (a, b))| (a - b).abs()).fold(0.0, f64::max) <= 5.1e-7);
}

#[needs("benchmarks/nafta-1993", "benchmarks/ossa-7x33", "benchmarks/armington-36")]
#[test]
fn the_published_benchmarks_are_read() {
    let gap = |name: &str| {
        let directory =
            benchmark_directory::open(&shared(name)).unwrap_or_else(|problems| panic!("{problems}"));
        (directory.benchmark.economies.len(), directory.benchmark.sectors.len(), directory.market_gap.gap)
    };
    let (economies, sectors, nafta) = gap("benchmarks/nafta-1993");
    assert_eq!((economies, sectors), (31, 40));
    assert!((nafta - 0.036_946_526_44).abs() < 1e-9, "the gap of Caliendo and Parro's data is {nafta}");
    let (economies, sectors, ossa) = gap("benchmarks/ossa-7x33");
    assert_eq!((economies, sectors), (7, 33));
    assert!(ossa < 1e-12);
    let (economies, sectors, armington) = gap("benchmarks/armington-36");
    assert_eq!((economies, sectors), (36, 1));
    assert!(armington < 1e-12);
    let nafta = benchmark_directory::open(&shared("benchmarks/nafta-1993")).expect("read");
    for label in ["Row", "New Zealand"] {
        assert!(nafta.benchmark.economy(label).is_some(), "{label}");
    }
    assert!(nafta.benchmark.sector("R&D").is_some());
}
