//! The first year against numbers of an independent program: the default world with the tariffs that they were made on.

use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::first_year::{FirstYear, FirstYearAccounts, FirstYearOutcome, FirstYearParameters};
use detente_testkit::{Table, benchmark, needs, set_tariffs, shared};
use std::path::Path;

/// The flows that the program carries, at the tariffs that the numbers were made on.
fn world() -> Benchmark {
    let mut world = benchmark(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/benchmark/world-2022"));
    let mut rates = vec![0.0; world.dimensions().cells()];
    set_tariffs(&world, &shared("benchmarks/world-2022-estimate").join("tariffs.csv"), &mut rates);
    world.tariff_rate = rates;
    world
}

/// Tariffs of the brief of 2025-09-16 between the two sides, the benchmark's own elsewhere.
fn of_the_record(world: &Benchmark, outcome: &str) -> Vec<f64> {
    let table = Table::read(&shared("reference/forecast/record_tariffs_2025-09-16.csv")).unwrap();
    let mut rates = world.tariff_rate.clone();
    for row in 0..table.rows.len() {
        rates[cell(world, &table, row)] = table.number(row, outcome);
    }
    rates
}

fn cell(world: &Benchmark, table: &Table, row: usize) -> usize {
    let economy = |column: &str| world.economy(table.text(row, column)).unwrap();
    let sector = world.sector(table.text(row, "sector")).unwrap();
    world.dimensions().cell(economy("importer"), economy("exporter"), sector)
}

fn change(world: &Benchmark, before: &[f64], after: &[f64], told: &FirstYearParameters) -> FirstYearOutcome {
    let question = FirstYear::new(world).unwrap();
    question.change(&question.case(before, &[]).unwrap(), &question.case(after, &[]).unwrap(), told).unwrap()
}

/// Every cell of the table, to what is printed of it: nine digits, and half of the last decimal where that is more.
#[test]
#[needs("reference/forecast/first_year_hold_cells.csv", "benchmarks/world-2022-estimate")]
fn every_cell_of_the_reference() {
    let world = world();
    let hold = of_the_record(&world, "hold");
    let found = change(&world, &world.tariff_rate, &hold, &FirstYearParameters::two_nests(2.53, 1.53));
    let table = Table::read(&shared("reference/forecast/first_year_hold_cells.csv")).unwrap();
    assert_eq!(table.rows.len(), 224);
    for row in 0..table.rows.len() {
        let at = cell(&world, &table, row);
        assert!((world.tariff_rate[at] - table.number(row, "rate_before")).abs() < 6e-7);
        assert!((hold[at] - table.number(row, "rate")).abs() < 6e-7);
        let (was, is) = (table.number(row, "before"), table.number(row, "after"));
        assert!((found.border_value_before[at] - was).abs() < 6e-4);
        let printed = 5.1e-7;
        let gap = (found.border_value[at] - is).abs();
        assert!(gap <= 1e-9 * is + printed, "{:?}: {} is not {is}", table.rows[row], found.border_value[at]);
    }
}

/// Accounts of every economy in three cases and five readings of the nests. The lapse of the table is one step from today's tariffs on the
/// benchmark's flows.
#[test]
#[needs("reference/forecast/first_year_sector_nest.csv", "benchmarks/world-2022-estimate")]
fn accounts_of_the_reference() {
    let world = world();
    let today = Benchmark { tariff_rate: of_the_record(&world, "hold"), ..world.clone() };
    let size = world.dimensions();
    let mut ten = world.tariff_rate.clone();
    for sector in (0..size.sectors).filter(|sector| world.sectors[*sector].kind != SectorKind::Services) {
        (1..size.economies).for_each(|exporter| ten[size.cell(0, exporter, sector)] += 0.10);
    }
    let table = Table::read(&shared("reference/forecast/first_year_sector_nest.csv")).unwrap();
    let two = FirstYearParameters::two_nests;
    let readings = [
        ("2.53/1.53", two(2.53, 1.53)),
        ("2.53, home 1.19", FirstYearParameters { with_home: Some(1.19), ..two(2.53, 1.53) }),
        ("3.2/1.19", two(3.2, 1.19)),
        ("1.7/1.0", two(1.7, 1.0)),
        ("3.8/2.0", two(3.8, 2.0)),
    ];
    // Income and value added per unit of exports are the benchmark's, in the table of the lapse too.
    let still = change(&world, &world.tariff_rate, &world.tariff_rate, &two(2.53, 1.53));
    let income = |economy: usize| still.accounts[economy].income;
    let question = FirstYear::new(&world).unwrap();
    let value_added = |found: &FirstYearOutcome, exporter: usize| -> f64 {
        let cells = (0..size.cells()).filter(|cell| {
            let (importer, from, _) = size.cell_of(*cell);
            from == exporter && importer != exporter
        });
        let content = |cell| question.value_added_content()[size.pair(exporter, size.cell_of(cell).2)];
        cells.map(|cell| content(cell) * (found.border_value[cell] - found.border_value_before[cell])).sum()
    };
    let mut seen = 0;
    for (case, world, after) in [
        ("hold", &world, of_the_record(&world, "hold")),
        ("lapse", &today, of_the_record(&world, "lapse")),
        ("US +10 on all", &world, ten),
    ] {
        for (name, told) in &readings {
            let found = change(world, &world.tariff_rate, &after, told);
            for row in (0..table.rows.len()).filter(|row| table.text(*row, "case") == case) {
                if table.text(row, "nests") != *name {
                    continue;
                }
                let economy = world.economy(table.text(row, "economy")).unwrap();
                let (income, value_added) = (income(economy), value_added(&found, economy));
                let account = FirstYearAccounts { income, value_added, ..found.accounts[economy].clone() };
                let columns: [(&str, f64); 10] = [
                    ("consumer_surplus", account.buyers_gain),
                    ("revenue", account.revenue_change()),
                    ("net_pct", account.importers_account_pct()),
                    ("deadweight", account.deadweight_loss()),
                    ("imports_change", account.imports - account.imports_before),
                    ("exports_change", account.exports - account.exports_before),
                    ("sales_lost_gross", account.sales_at_risk),
                    ("exports_change_pct", account.net_sales_pct()),
                    ("value_added_change", account.value_added),
                    ("value_added_pct", account.value_added_pct()),
                ];
                for (column, is) in columns {
                    let right = table.number(row, column);
                    let gap = (is - right).abs();
                    assert!(
                        gap < 1.1e-4,
                        "{case}, {name}, {}: {column} {is} is not {right}",
                        table.text(row, "economy")
                    );
                }
                seen += 1;
            }
        }
    }
    assert_eq!(seen, table.rows.len());
}

/// What a lapse brings from today is the difference of two answers from the benchmark's flows: the design's table.
#[test]
#[needs("reference/forecast/record_tariffs_2025-09-16.csv", "benchmarks/world-2022-estimate")]
fn a_lapse_from_today() {
    let world = world();
    let (hold, lapse) = (of_the_record(&world, "hold"), of_the_record(&world, "lapse"));
    let found = change(&world, &hold, &lapse, &FirstYearParameters::two_nests(2.53, 1.53));
    let (first, second) = (&found.accounts[0], &found.accounts[1]);
    let read = |read: fn(&FirstYearAccounts) -> f64| [read(first), read(second)];
    for (found, right) in [
        (read(FirstYearAccounts::importers_account_pct), [-0.0927, -0.0619]),
        (read(FirstYearAccounts::value_added_pct), [-0.085, -0.253]),
    ] {
        for (found, right) in found.iter().zip(right) {
            assert!((found - right).abs() < 6e-4, "{found} is not {right}");
        }
    }
    assert!((first.revenue_change() - 8_600.0).abs() < 60.0, "{}", first.revenue_change());
    let goods = |importer: usize, exporter: usize| {
        let size = world.dimensions();
        let goods = (0..size.sectors).filter(|sector| world.sectors[*sector].kind != SectorKind::Services);
        let (was, is) = goods.fold((0.0, 0.0), |(was, is), sector| {
            let at = size.cell(importer, exporter, sector);
            (was + found.border_value_before[at], is + found.border_value[at])
        });
        100.0 * (is / was - 1.0)
    };
    assert!((goods(0, 1) + 18.6).abs() < 0.06, "{}", goods(0, 1));
    assert!((goods(1, 0) + 33.6).abs() < 0.06, "{}", goods(1, 0));
}
