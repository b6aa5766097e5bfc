//! What scenario files mean: who is "all", which name is a kind, what a baseline hands on, what a ledger's day changes.

use detente::counterfactual;
use detente::scenario::{self, ledger_day};
use detente_data::benchmark_directory::{self, BenchmarkDirectory};
use detente_data::default_world;
use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::instruments::Instruments;
use detente_tables::folder::Folder;
use jiff::civil::Date;

/// Three economies; a sector whose code is the capitalised word of a kind, as in published data.
fn world() -> BenchmarkDirectory {
    let economies = ["NOR", "SOU", "EST"];
    let sectors = [("Mining", "mining"), ("coal", "mining"), ("steel", "manufacturing")];
    let mut trade = "exporter,importer,sector,value\n".to_string();
    for (i, exporter) in economies.iter().enumerate() {
        for (n, importer) in economies.iter().enumerate() {
            for (s, (sector, _)) in sectors.iter().enumerate() {
                let value = if i == n { 100 + 10 * s } else { 5 + i + 2 * n + 3 * s };
                trade.push_str(&format!("{exporter},{importer},{sector},{value}\n"));
            }
        }
    }
    let sectors: String = sectors.iter().map(|(code, kind)| format!("{code},{code},{kind},5\n")).collect();
    let files = vec![
        ("benchmark.toml", "name = \"w\"\nunit = \"u\"\nsource = \"s\"\nlicence = \"l\"\n".to_string()),
        (
            "economies.csv",
            "economy,name,members\nNOR,North,NOR\nSOU,South,SOU SUD\nEST,East,EST\n".to_string(),
        ),
        ("sectors.csv", format!("sector,name,kind,trade_elasticity\n{sectors}")),
        ("trade.csv", trade),
        ("tariffs.csv", "exporter,importer,sector,rate\nSOU,NOR,steel,0.2\nEST,NOR,steel,0.1\n".to_string()),
        (
            "tariff_provenance.csv",
            "importer,rates,ledger_day,why\nNOR,r,2020-01-01,w\nSOU,r,2021-01-01,w\nEST,r,2020-01-01,w\n"
                .to_string(),
        ),
    ];
    let files = files.into_iter().map(|(name, text)| (name.to_string(), text)).collect();
    let folder = Folder::Memory { name: "w".into(), files };
    benchmark_directory::read(&folder).unwrap_or_else(|problems| panic!("{problems}"))
}

fn instruments(world: &BenchmarkDirectory, text: &str) -> Instruments {
    let scenario =
        scenario::parse("s.toml", text, None, world, Some(&Record)).unwrap_or_else(|p| panic!("{p}"));
    scenario.counterfactual.instruments(&world.benchmark, None).unwrap_or_else(|p| panic!("{p}"))
}

/// Cells whose tariff differs from the data's, as "importer exporter sector".
fn changed(world: &BenchmarkDirectory, text: &str) -> Vec<String> {
    let after = instruments(world, text).tariff_rate;
    let benchmark = &world.benchmark;
    let mut cells: Vec<String> = (0..after.len())
        .filter(|cell| after[*cell] != benchmark.tariff_rate[*cell])
        .map(|cell| {
            let (importer, exporter, sector) = benchmark.dimensions().cell_of(cell);
            let code = |n: usize| benchmark.economies[n].code.as_str();
            format!("{} {} {}", code(importer), code(exporter), benchmark.sectors[sector].code)
        })
        .collect();
    cells.sort();
    cells
}

#[test]
fn all_means_all_others_and_own_cells_need_both_codes() {
    let world = world();
    let steel = |importer: &str, exporter: &str| {
        format!("[[tariff]]\nimporter = {importer}\nexporter = {exporter}\nsector = \"steel\"\nadd = 0.01\n")
    };
    assert_eq!(changed(&world, &steel("\"NOR\"", "\"all\"")), ["NOR EST steel", "NOR SOU steel"]);
    assert_eq!(changed(&world, &steel("\"all\"", "\"SOU\"")), ["EST SOU steel", "NOR SOU steel"]);
    assert_eq!(changed(&world, &steel("\"all\"", "\"all\"")).len(), 6);
    let both = changed(&world, &steel("[\"NOR\", \"SOU\"]", "[\"NOR\", \"SOU\"]"));
    assert_eq!(both, ["NOR NOR steel", "NOR SOU steel", "SOU NOR steel", "SOU SOU steel"]);
}

#[test]
fn a_name_is_a_code_first_and_a_kind_second() {
    let world = world();
    let on = |sector: &str| {
        changed(
            &world,
            &format!("[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nsector = {sector}\nadd = 0.01\n"),
        )
    };
    assert_eq!(on("\"Mining\""), ["NOR SOU Mining"]);
    assert_eq!(on("\"mining\""), ["NOR SOU Mining", "NOR SOU coal"]);
    assert_eq!(on("[\"mining\", \"steel\", \"coal\"]").len(), 3, "each cell once");
}

#[test]
fn entries_apply_in_file_order_and_multiply_acts_on_the_rate() {
    let world = world();
    let cell = {
        let benchmark = &world.benchmark;
        let at = |code| benchmark.economy(code).expect("there");
        benchmark.dimensions().cell(at("NOR"), at("SOU"), benchmark.sector("steel").expect("there"))
    };
    let entry = |operation: &str| {
        format!("[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nsector = \"steel\"\n{operation}\n")
    };
    let rate = |operations: &[&str]| {
        let text: String = operations.iter().map(|operation| entry(operation)).collect();
        instruments(&world, &text).tariff_rate[cell]
    };
    assert_eq!(rate(&["multiply = 0.5"]), 0.1, "half of 20 percent, not half of 1.2");
    assert_eq!(rate(&["set = 0.3", "add = 0.1"]), 0.4);
    assert_eq!(rate(&["add = 0.1", "set = 0.3"]), 0.3);
}

#[test]
fn a_member_is_pointed_to_its_economy() {
    let world = world();
    let text = "[[tariff]]\nimporter = \"SUD\"\nexporter = \"NOR\"\nadd = 0.1\n";
    let refused = scenario::parse("s.toml", text, None, &world, None).expect_err("refused").to_string();
    assert!(refused.contains("it is a member of `SOU`"), "{refused}");
}

#[test]
fn a_baseline_hands_on_its_tariffs_and_its_deficits() {
    let world = world();
    let text = "[baseline]\ndeficits = \"zero\"\n\
                [[baseline.tariff]]\nimporter = \"NOR\"\nexporter = \"all\"\nset = 0.5\n\
                [[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nsector = \"coal\"\nadd = 0.1\n";
    let scenario = scenario::parse("s.toml", text, None, &world, None).expect("resolved");
    let answer = counterfactual::solve(&world, scenario, &SolveSettings::default()).expect("solved");
    let benchmark: &Benchmark = &world.benchmark;
    let at = |code| benchmark.economy(code).expect("there");
    let (nor, sou, coal) = (at("NOR"), at("SOU"), benchmark.sector("coal").expect("there"));
    let rate = &answer.equilibrium.instruments.tariff_rate;
    assert_eq!(rate[benchmark.dimensions().cell(nor, sou, coal)], 0.6);
    assert_eq!(rate[benchmark.dimensions().cell(nor, at("EST"), coal)], 0.5);
    for deficit in &answer.equilibrium.trade_deficit {
        assert!(deficit.abs() < 1e-9, "`fixed` means at the baseline's levels, which are zero");
    }
    // Setting one deficit spreads the rest over the others.
    let text = format!("{text}[[deficit]]\neconomy = \"NOR\"\nset = 3\n");
    let scenario = scenario::parse("s.toml", &text, None, &world, None).expect("resolved");
    let answer = counterfactual::solve(&world, scenario, &SolveSettings::default()).expect("solved");
    let deficits = &answer.equilibrium.trade_deficit;
    assert!((deficits[nor] - 3.0).abs() < 1e-9 && deficits[sou] < 0.0 && deficits[at("EST")] < 0.0);
    assert!(deficits.iter().sum::<f64>().abs() < 1e-9);
}

/// A made-up record: ten points by NOR on SOU from 2020-06-01, thirty more from 2022; SOU answers with five from 2020-06-01.
struct Record;

impl ledger_day::TariffRecord for Record {
    fn sector_tariffs(
        &self,
        _talks: &str,
        on: Date,
        known_on: Date,
        benchmark: &Benchmark,
    ) -> Result<ledger_day::SectorTariffs, ledger_day::RecordRefusal> {
        let day = |text: &str| text.parse::<Date>().expect("a date");
        let on = on.min(known_on);
        let from = |first: &str, points: f64| if on >= day(first) { points } else { 0.0 };
        let at = |code| benchmark.economy(code).expect("there");
        let steel = benchmark.sector("steel").expect("there");
        let cell = |importer, exporter| benchmark.dimensions().cell(at(importer), at(exporter), steel);
        let rates = vec![
            (cell("NOR", "SOU"), from("2020-06-01", 0.10) + from("2022-01-01", 0.30)),
            (cell("SOU", "NOR"), from("2020-06-01", 0.05) + from("2022-01-01", -0.20)),
        ];
        Ok(ledger_day::SectorTariffs { rates, notes: Vec::new() })
    }

    /// Half of a step by NOR on SOU is collected.
    fn collected_shares(
        &self,
        _talks: &str,
        _on: Date,
        _known_on: Date,
        benchmark: &Benchmark,
    ) -> Result<ledger_day::CollectedShares, ledger_day::RecordRefusal> {
        let at = |code| benchmark.economy(code).expect("there");
        let cell =
            benchmark.dimensions().cell(at("NOR"), at("SOU"), benchmark.sector("steel").expect("there"));
        Ok(ledger_day::CollectedShares { cells: vec![(cell, 0.5)], measured: vec!["NOR on SOU 0.50".into()] })
    }

    fn framework_day(
        &self,
        _talks: &str,
        framework: &str,
    ) -> Result<ledger_day::FrameworkDay, ledger_day::RecordRefusal> {
        match framework {
            "truce" => Ok(ledger_day::FrameworkDay {
                day: "2021-06-01".parse().expect("a date"),
                note: "made up".to_string(),
            }),
            _ => Err(ledger_day::RecordRefusal::UnknownFramework(vec!["truce".into()])),
        }
    }
}

#[test]
fn a_ledger_adds_what_changed_since_the_day_of_the_benchmarks_tariffs() {
    let world = world();
    let benchmark = &world.benchmark;
    let at = |code| benchmark.economy(code).expect("there");
    let steel = benchmark.sector("steel").expect("there");
    let rates = |text: &str| {
        let rates = instruments(&world, text).tariff_rate;
        let cell = |importer, exporter| rates[benchmark.dimensions().cell(at(importer), at(exporter), steel)];
        (cell("NOR", "SOU"), cell("SOU", "NOR"), cell("NOR", "EST"))
    };
    let close = |found: (f64, f64, f64), expected: (f64, f64, f64)| {
        let off =
            (found.0 - expected.0).abs().max((found.1 - expected.1).abs()).max((found.2 - expected.2).abs());
        assert!(off < 1e-12, "{found:?} where {expected:?} is right");
    };
    // NOR's data are of 2020-01-01, before its ten points; SOU's of 2021-01-01 contain its five already.
    let statute = "basis = \"statute\"\n";
    close(rates(&format!("ledger = \"x\"\nframework = \"truce\"\n{statute}")), (0.30, 0.0, 0.1));
    // As collected, of ten points half arrive; that is what is meant where nothing is said.
    close(rates("ledger = \"x\"\nframework = \"truce\"\n"), (0.25, 0.0, 0.1));
    close(rates("ledger = \"x\"\nframework = \"truce\"\nbasis = \"collected\"\n"), (0.25, 0.0, 0.1));
    let wrong = scenario::parse(
        "s.toml",
        "ledger = \"x\"\non = 2022-02-01\nbasis = \"paid\"\n",
        None,
        &world,
        Some(&Record),
    );
    let wrong = wrong.expect_err("no such basis").to_string();
    assert!(wrong.contains("basis") && wrong.contains("collected"), "{wrong}");
    let alone = scenario::parse("s.toml", "basis = \"statute\"\n", None, &world, Some(&Record));
    assert!(alone.expect_err("no ledger").to_string().contains("needs `ledger`"));
    // A baseline takes the scenario's basis where it names none.
    let text = format!(
        "ledger = \"x\"\non = 2022-02-01\n{statute}[baseline]\nledger = \"x\"\nframework = \"truce\"\n"
    );
    let both =
        scenario::parse("s.toml", &text, None, &world, Some(&Record)).unwrap_or_else(|p| panic!("{p}"));
    let before =
        both.baseline.expect("stated").instruments(benchmark, None).unwrap_or_else(|p| panic!("{p}"));
    assert!(
        (before.tariff_rate[benchmark.dimensions().cell(at("NOR"), at("SOU"), steel)] - 0.30).abs() < 1e-12
    );
    // Twenty points less than the data have would be below zero: it stops there.
    close(rates(&format!("ledger = \"x\"\non = 2022-02-01\n{statute}")), (0.60, 0.0, 0.1));
    // What was not yet known is not there.
    close(
        rates(&format!("ledger = \"x\"\non = 2022-02-01\nknown_on = 2021-12-31\n{statute}")),
        (0.30, 0.0, 0.1),
    );
    // Entries of the file come on top of the ledger.
    let more = "ledger = \"x\"\non = 2022-02-01\nbasis = \"statute\"\n[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nadd = 0.01\n";
    close(rates(more), (0.61, 0.0, 0.1));
}

#[test]
fn every_example_is_resolved_on_the_default_world() {
    let world = default_world::open().expect("read");
    for (name, text) in scenario::EXAMPLES.iter() {
        let record = detente::ledger_tariffs::EmbeddedRecord::default();
        let scenario =
            scenario::parse(name, text, None, &world, Some(&record)).unwrap_or_else(|p| panic!("{p}"));
        assert!(scenario.sentence.is_some(), "{name} says in one sentence what it is");
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../../data/scenarios/{name}.toml"));
        assert!(file.is_file(), "{name}");
    }
    let files =
        std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/scenarios"))
            .expect("listed");
    let tomls =
        files.filter_map(Result::ok).filter(|file| file.path().extension().is_some_and(|end| end == "toml"));
    assert_eq!(
        tomls.count(),
        scenario::EXAMPLES.len(),
        "every file of scenarios/ is an example of the program"
    );
}
