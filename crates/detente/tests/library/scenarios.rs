//! What scenario files mean: who is "all", which name is a kind, what a baseline hands on, what a ledger's day changes.

use detente::counterfactual;
use detente::join;
use detente::ledger_tariffs::EmbeddedRecord;
use detente::scenario;
use detente::scenario::meant::Case;
use detente_data::benchmark_directory::{self, BenchmarkDirectory};
use detente_data::default_world;
use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::instruments::Instruments;
use detente_tables::folder::Folder;
use jiff::civil::{Date, date};

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
    let scenario = scenario::parse("s.toml", text, None, world, None).unwrap_or_else(|p| panic!("{p}"));
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

/// A made-up ledger: ten points by NOR on SOU from 2020-06-01, thirty more from 2022; SOU answers with five from 2020-06-01, and takes
/// off twenty in 2022.
fn made_up(benchmark: &Benchmark, on: Date, known_on: Date) -> Vec<(usize, f64)> {
    let on = on.min(known_on);
    let from = |first: Date, points: f64| if on >= first { points } else { 0.0 };
    let (summer, later) = (date(2020, 6, 1), date(2022, 1, 1));
    vec![
        (steel_cell(benchmark, "NOR", "SOU"), from(summer, 0.10) + from(later, 0.30)),
        (steel_cell(benchmark, "SOU", "NOR"), from(summer, 0.05) + from(later, -0.20)),
    ]
}

fn steel_cell(benchmark: &Benchmark, importer: &str, exporter: &str) -> usize {
    let at = |code| benchmark.economy(code).expect("there");
    benchmark.dimensions().cell(at(importer), at(exporter), benchmark.sector("steel").expect("there"))
}

#[test]
fn the_join_adds_what_changed_since_the_day_of_each_importers_tariffs() {
    let world = world();
    let benchmark = &world.benchmark;
    let cells = [("NOR", "SOU"), ("SOU", "NOR")].map(|(to, from)| steel_cell(benchmark, to, from));
    let close = |on: Date, known_on: Date, collected: &[(usize, f64)], expected: [f64; 2]| {
        let mut asked = Vec::new();
        let found = join::rates(
            &world,
            &benchmark.tariff_rate,
            &made_up(benchmark, on, known_on),
            collected,
            known_on,
            |on, known_on| {
                asked.push(on);
                assert!(known_on >= on, "what the data contain is known on its own day");
                Ok(made_up(benchmark, on, known_on))
            },
        );
        let found = found.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(asked, [date(2020, 1, 1), date(2021, 1, 1)], "each importer has a day of its own");
        for ((cell, rate), (wanted, expected)) in found.iter().zip(cells.iter().zip(expected)) {
            assert_eq!(cell, wanted);
            assert!((rate - expected).abs() < 1e-12, "on {on} known on {known_on}: {rate} for {expected}");
        }
    };
    let (truce, later) = (date(2021, 6, 1), date(2022, 2, 1));
    // NOR's data are of 2020-01-01, before its ten points; SOU's of 2021-01-01 contain its five already.
    close(truce, truce, &[], [0.30, 0.0]);
    // As collected, of ten points half arrive.
    close(truce, truce, &[(cells[0], 0.5)], [0.25, 0.0]);
    // Twenty points less than the data have would be below zero: it stops there.
    close(later, later, &[], [0.60, 0.0]);
    // What was not yet known is not there.
    close(later, date(2021, 12, 31), &[], [0.30, 0.0]);
    // Knowledge of an earlier day than the data's own does not take out of them what they contain.
    close(truce, date(2020, 1, 1), &[], [0.20, 0.0]);
    let mut without = world.clone();
    without.tariff_provenance.clear();
    let refused = join::rates(
        &without,
        &benchmark.tariff_rate,
        &made_up(benchmark, truce, truce),
        &[],
        truce,
        |_, _| Ok(Vec::new()),
    );
    let refused = refused.expect_err("no day, no step").to_string();
    assert!(refused.contains("`NOR`") && refused.contains("tariff_provenance.csv"), "{refused}");
}

#[test]
fn a_scenario_takes_the_ledgers_day_by_its_basis_and_lays_its_own_entries_on_top() {
    let world = default_world::open().expect("read");
    let benchmark = &world.benchmark;
    let record = EmbeddedRecord::default();
    let read = |text: &str| scenario::parse("s.toml", text, None, &world, Some(&record));
    let rates = |text: &str| {
        let scenario = read(text).unwrap_or_else(|problems| panic!("{problems}"));
        let of =
            |case: &Case| case.instruments(benchmark, None).unwrap_or_else(|p| panic!("{p}")).tariff_rate;
        (scenario.baseline.as_ref().map(of), of(&scenario.counterfactual))
    };
    let day = "ledger = \"us-china\"\non = 2025-09-16\n";
    let (statute, collected) = (rates(&format!("{day}basis = \"statute\"\n")).1, rates(day).1);
    assert_ne!(statute, collected);
    // As collected is what is meant where nothing is said.
    assert_eq!(rates(&format!("{day}basis = \"collected\"\n")).1, collected);
    // A baseline takes the scenario's basis where it names none.
    let later = "ledger = \"us-china\"\non = 2025-11-20\nbasis = \"statute\"\n";
    assert_eq!(rates(&format!("{later}[baseline]\n{day}")).0, Some(statute.clone()));
    // What was not yet known is not there.
    assert_ne!(rates(&format!("{later}known_on = 2025-09-16\n")).1, rates(later).1);
    // Entries of the file come on top of the ledger.
    let more = "[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nadd = 0.01\n";
    let on_top = rates(&format!("{day}basis = \"statute\"\n{more}")).1;
    let of = |code| benchmark.economy(code).expect("there");
    for (cell, (before, after)) in statute.iter().zip(&on_top).enumerate() {
        let (importer, exporter, _) = benchmark.dimensions().cell_of(cell);
        let added = if (importer, exporter) == (of("USA"), of("CHN")) { 0.01 } else { 0.0 };
        assert!((after - before - added).abs() < 1e-12);
    }
    let wrong = read(&format!("{day}basis = \"paid\"\n")).expect_err("no such basis").to_string();
    assert!(wrong.contains("basis") && wrong.contains("collected"), "{wrong}");
    let alone = read("basis = \"statute\"\n").expect_err("no ledger").to_string();
    assert!(alone.contains("needs `ledger`"), "{alone}");
    let nowhere = read("ledger = \"us-chima\"\non = 2025-09-16\n").expect_err("no such talks").to_string();
    assert!(nowhere.contains("did you mean `us-china`?"), "{nowhere}");
}

#[test]
fn every_example_is_resolved_on_the_default_world() {
    let world = default_world::open().expect("read");
    for (name, text) in scenario::EXAMPLES.iter() {
        let record = EmbeddedRecord::default();
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
