//! The embedded world's own set and base year, through the brief's outcomes, on tariffs that an independent program has.

use detente::brief::effects::{Case, Ground};
use detente::brief::{Against, Outcome};
use detente::uncertainty::tariff_range::TariffRange;
use detente_data::benchmark_directory::paid::{PaidAt, tariffs};
use detente_data::{default_world, elasticities};
use detente_engine::closure::Closure;
use detente_engine::first_year::{FirstYear, Horizon};
use detente_engine::solver::Solver;
use detente_ledger::talks::OutcomeKind;
use detente_testkit::{Table, needs, shared};

/// What is a default says when it was estimated, and the embedded world has what its set says.
#[test]
fn a_default_has_a_window() {
    let world = default_world::open().unwrap().benchmark;
    let long = elasticities::of_benchmark(&world)
        .expect("the embedded world's elasticities are those of a set with a window");
    let years = elasticities::for_some_years().unwrap();
    for set in [long, years] {
        let window = set.window.as_deref().unwrap_or_default();
        assert!(
            window.starts_with("2017-") && set.n.is_some() && set.standard_error.is_some(),
            "{}",
            set.name
        );
        assert!(set.range.is_some() && set.label.is_some(), "{}", set.name);
    }
}

/// The base year's paid level is an input with a range: the two ends are the schedule and most of the answers.
#[test]
fn the_embedded_base_year_has_a_range_of_what_was_paid() {
    let world = default_world::open().unwrap();
    let size = world.benchmark.dimensions();
    let (importer, exporter) =
        (world.benchmark.economy("CHN").unwrap(), world.benchmark.economy("USA").unwrap());
    assert_eq!(world.paid_shares.len(), 20);
    assert_eq!(world.tariffs_of(importer).unwrap().ledger_day.to_string(), "2022-07-01");
    let mean = |end| {
        let rates = tariffs(&world.benchmark, &world.paid_shares, end);
        let cells = world.paid_shares.iter().map(|held| held.cell);
        let (sum, weight) = cells.fold((0.0, 0.0), |(sum, weight), cell| {
            assert_eq!((size.cell_of(cell).0, size.cell_of(cell).1), (importer, exporter));
            let flow = world.benchmark.border_value[cell];
            (sum + flow * rates[cell], weight + flow)
        });
        100.0 * sum / weight
    };
    for (end, expected) in [(PaidAt::Low, 3.6), (PaidAt::Stated, 7.1), (PaidAt::High, 11.3)] {
        assert!((mean(end) - expected).abs() < 0.3, "{end:?}: {} at the benchmark's flows", mean(end));
    }
}

/// Rows "mid" under the record's set: what is held from the benchmark's tariffs, what lapses and what is threatened from what is held.
#[test]
#[needs(
    "reference/forecast/record_tariffs_2025-09-16.csv",
    "reference/forecast/headline_by_china_base_2025-09-16.csv"
)]
fn the_briefs_outcomes_are_those_of_an_independent_program() {
    let table = |file: &str| Table::read(&shared(&format!("reference/forecast/{file}"))).unwrap();
    let world = default_world::open().unwrap().benchmark;
    let (record, by_sector) =
        (table("record_tariffs_2025-09-16.csv"), table("china_base_year_by_sector.csv"));
    let new = by_sector.by("sector", "answers_2025_on_2025-09-16");
    let size = world.dimensions();
    let levels = |outcome: &str| {
        let mut rates = world.tariff_rate.clone();
        for row in 0..record.rows.len() {
            let code = |column| record.text(row, column);
            let (to, from) =
                (world.economy(code("importer")).unwrap(), world.economy(code("exporter")).unwrap());
            let cell = size.cell(to, from, world.sector(code("sector")).unwrap());
            let (hold, lapse) = (record.number(row, "hold"), record.number(row, "lapse"));
            // Where the importer's base is the paid one, what came after it is on top; elsewhere the record's level stands.
            let own = if code("importer") == "CHN" {
                world.tariff_rate[cell] + new[code("sector")] / 100.0
            } else {
                hold
            };
            rates[cell] = own
                + match outcome {
                    "hold" => 0.0,
                    "lapse" => lapse - hold,
                    _ => (lapse - hold) * 115.0 / 24.0,
                };
        }
        rates
    };
    let first_year = FirstYear::new(&world).unwrap();
    let case = |name: &str, kind| {
        let tariff_rate = levels(name);
        let (description, range) = (String::new(), TariffRange::default());
        let first_year = first_year.case(&tariff_rate, &[]).unwrap();
        Case { name: name.to_owned(), kind, description, tariff_rate, range, first_year }
    };
    let cases = [
        case("hold", OutcomeKind::InForce),
        case("lapse", OutcomeKind::Lapse),
        case("threat", OutcomeKind::Threats),
    ];
    let calibration = Solver::new(&world, &Closure::default()).unwrap();
    let codes = ["USA", "CHN"].map(str::to_owned);
    let without = Case { tariff_rate: world.tariff_rate.clone(), ..case("hold", OutcomeKind::Date) };
    let ground = Ground {
        calibration: &calibration,
        parties: &codes,
        without: &without,
        first_year: &first_year,
        parameters: &elasticities::short_run().unwrap().published(),
        quality: &|_| None,
    };
    let solved = ground.solve(&cases).unwrap();
    let known = table("headline_by_china_base_2025-09-16.csv");
    let mut checked = 0;
    for row in 0..known.rows.len() {
        if (known.text(row, "theta"), known.text(row, "base")) != ("uniform 2.5", "mid") {
            continue;
        }
        let name = known.text(row, "outcome");
        let is_it = |outcome: &&Outcome| {
            outcome.name == name
                && outcome.horizon == Horizon::Long
                && (outcome.against == Against::Benchmark) == (name == "hold")
        };
        let found = solved.outcomes.iter().find(is_it).expect("solved");
        for code in ["USA", "CHN", "VNM"] {
            let (value, expected) = (found.economies[code].income_pct.unwrap(), known.number(row, code));
            assert!((value - expected).abs() <= 5e-4, "{name}, {code}: {value}, there {expected}");
            checked += 1;
        }
    }
    assert_eq!(checked, 9);
}
