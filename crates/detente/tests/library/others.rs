//! The duties of a day on everybody else, from the record's instruments.

use detente::basis::Basis;
use detente::join::Join;
use detente::ledger_tariffs::{LedgerTariffError, LedgerTariffs, Schedule};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::default_world;
use detente_ledger::tariff::Tariffs;
use jiff::civil::{Date, date};

fn parties() -> Vec<String> {
    vec!["USA".to_owned(), "CHN".to_owned()]
}

fn on_day(on: Date) -> Schedule<'static> {
    Schedule::on_day(on, date(2026, 11, 28))
}

fn others(
    tariffs: &Tariffs,
    world: &BenchmarkDirectory,
    on: Date,
    basis: Basis,
) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
    let parties = parties();
    let join = Join { ledger: LedgerTariffs { tariffs }, directory: world, parties: &parties };
    join.others(on_day(on), basis).map(|found| found.rates)
}

/// Every economy but the parties' own pair, in sectors with goods; the day of the benchmark's tariffs changes nothing.
#[test]
fn every_origin_has_its_duties_and_the_benchmarks_own_day_changes_nothing() {
    let (tariffs, world) = (Tariffs::embedded().unwrap(), default_world::open().unwrap());
    let benchmark = &world.benchmark;
    let size = benchmark.dimensions();
    let started = std::time::Instant::now();
    let then = others(&tariffs, &world, date(2024, 7, 1), Basis::Statute).unwrap();
    println!("first day {:?}", started.elapsed());
    for (cell, rate) in &then {
        assert!((rate - benchmark.tariff_rate[*cell]).abs() < 1e-15, "{cell}");
    }
    let started = std::time::Instant::now();
    let now = others(&tariffs, &world, date(2025, 9, 16), Basis::Statute).unwrap();
    println!("second day {:?}", started.elapsed());
    let (us, china) = (benchmark.economy("USA").unwrap(), benchmark.economy("CHN").unwrap());
    let mut reached = vec![0; benchmark.economies.len()];
    for (cell, rate) in &now {
        let (importer, exporter, _) = size.cell_of(*cell);
        assert!(importer == us && exporter != us && exporter != china, "{cell}");
        assert!((0.0..3.0).contains(rate), "{rate}");
        reached[exporter] += 1;
    }
    for (economy, cells) in benchmark.economies.iter().zip(&reached) {
        let expected = if economy.code == "USA" || economy.code == "CHN" { 0 } else { 20 };
        assert!(*cells >= expected, "{}: {cells}", economy.code);
    }
    // Viet Nam's went up by some 15 points at its own flows.
    let mean = |code: &str, rates: &[(usize, f64)]| {
        let exporter = benchmark.economy(code).unwrap();
        let own = rates.iter().filter(|(cell, _)| size.cell_of(*cell).1 == exporter);
        let (duty, trade) = own.fold((0.0, 0.0), |(duty, trade), (cell, rate)| {
            let value = benchmark.border_value[*cell];
            (duty + rate * value, trade + value)
        });
        duty / trade
    };
    for (code, least, most) in
        [("VNM", 0.08, 0.20), ("MEX", 0.02, 0.30), ("EU27", 0.05, 0.16), ("CHE", 0.08, 0.30)]
    {
        let step = mean(code, &now) - mean(code, &then);
        assert!((least..most).contains(&step), "{code}: {step}");
    }
    let collected = others(&tariffs, &world, date(2025, 9, 16), Basis::Collected).unwrap();
    assert!(mean("VNM", &collected) < mean("VNM", &now));
}

/// The cells are the record's averages: summed over an origin's trade they give what the partner's average has beyond its base.
#[test]
fn sums_over_sectors_are_the_averages_of_the_partners() {
    let tariffs = Tariffs::embedded().unwrap();
    let (on, known_on) = (date(2025, 9, 16), date(2026, 11, 28));
    let origins = tariffs.origins("USA").unwrap();
    assert!(origins.len() >= 50, "{}", origins.len());
    let view =
        detente_ledger::tariff::View { known_on, ..detente_ledger::tariff::View::on_day("USA", "USA", on) };
    let by_origin = tariffs.added_on_origins(view, &origins, "world-2022-estimate").unwrap();
    let averages = tariffs.averages_by_partner("USA", on, known_on).unwrap();
    for (held, average) in by_origin.iter().zip(&averages) {
        assert_eq!(held.exporter, average.exporter);
        let sum = held.own.iter().fold(detente_ledger::tariff::Weighed::default(), |sum, one| sum.with(*one));
        // A few goods of chapter 98 and 99 belong to no sector.
        assert!(sum.value <= average.value + 1.0 && sum.value > 0.97 * average.value, "{}", held.exporter);
        let added = average.rate - average.base;
        assert!((sum.mean().unwrap() - added).abs() < 0.004 + 0.02 * added, "{}", held.exporter);
    }
}

/// An economy that measures reach and whose trade nobody has by line is refused with what to add; it does not pay zero.
#[test]
fn an_origin_without_trade_is_refused() {
    let (tariffs, mut world) = (Tariffs::embedded().unwrap(), default_world::open().unwrap());
    let place = world.benchmark.economy("SGP").unwrap();
    world.benchmark.economies[place].code = "AFG".to_owned();
    world.benchmark.economies[place].members = vec!["AFG".to_owned()];
    let refused = others(&tariffs, &world, date(2025, 9, 16), Basis::Statute).unwrap_err().to_string();
    assert!(refused.contains("`AFG`") && refused.contains("customs_value_AFG"), "{refused}");
}

/// Talks between others: an importer that is no party and whose trade by line is known with one economy only counts there, and is named.
#[test]
fn an_importer_known_in_part_counts_where_it_is_known() {
    let (tariffs, world) = (Tariffs::embedded().unwrap(), default_world::open().unwrap());
    let parties = vec!["USA".to_owned(), "IND".to_owned()];
    let join = Join { ledger: LedgerTariffs { tariffs: &tariffs }, directory: &world, parties: &parties };
    let found = join.others(on_day(date(2025, 9, 16)), Basis::Statute).unwrap();
    assert_eq!(found.in_part, ["CHN"]);
    let (size, china) = (world.benchmark.dimensions(), world.benchmark.economy("CHN").unwrap());
    let us = world.benchmark.economy("USA");
    let mut by_china = found.rates.iter().map(|(cell, _)| size.cell_of(*cell)).filter(|cell| cell.0 == china);
    assert!(by_china.clone().count() > 15 && by_china.all(|(_, exporter, _)| Some(exporter) == us));
}
