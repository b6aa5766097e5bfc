//! What a world keeps between questions changes no number; the record's duties on everybody else, as a scenario names them.

use detente::basis::Basis;
use detente::brief::others::{OthersDuties, with_others};
use detente::counterfactual::Counterfactual;
use detente::join::Join;
use detente::ledger_tariffs::{LedgerTariffs, Schedule};
use detente::scenario::document::Rate;
use detente::{Answer, Scenario, World};

/// The record of a day with ten points more on a pair, against the record of another day.
fn moved(importer: &str) -> Scenario {
    let text = "name = \"a move\"\nledger = \"us-china\"\non = \"2025-11-10\"\nknown_on = \"2025-09-16\"\n\
        [baseline]\nledger = \"us-china\"\non = \"2025-09-16\"\n";
    Scenario::from_toml(text).unwrap().tariff(Rate::add(0.10).importer(importer).exporter("VNM"))
}

fn solved(world: &World, scenario: &Scenario) -> Box<Counterfactual> {
    match world.solve(scenario).unwrap() {
        Answer::Equilibrium(found) => found,
        other => panic!("{other:?}"),
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn what_a_world_keeps_changes_no_bit() {
    let world = World::embedded().unwrap();
    // Kept: the solver, the baseline, the days; asked of another closure and another baseline in between.
    solved(&world, &moved("USA"));
    solved(&world, &Scenario::example("us-plus-10-on-china").unwrap());
    solved(&world, &moved("USA").setting("deficits", "zero").unwrap());
    for scenario in [moved("CHN"), moved("USA").setting("deficits", "zero").unwrap()] {
        let made = world.made();
        let kept = solved(&world, &scenario);
        assert_eq!(world.made(), made, "{scenario}: nothing new but the solve itself");
        let alone = solved(&World::embedded().unwrap(), &scenario);
        for (one, other) in [(&kept.baseline, &alone.baseline), (&kept.equilibrium, &alone.equilibrium)] {
            assert_eq!(bits(&one.border_value), bits(&other.border_value), "{scenario}");
            assert_eq!(bits(&one.wage_hat), bits(&other.wage_hat), "{scenario}");
            assert_eq!(one.certificate.max_residual().to_bits(), other.certificate.max_residual().to_bits());
        }
        let welfare = |found: &Counterfactual| -> Vec<f64> {
            found.outcomes.economies.iter().filter_map(|economy| economy.welfare_pct).collect()
        };
        assert_eq!(bits(&welfare(&kept)), bits(&welfare(&alone)), "{scenario}");
    }
}

#[test]
fn settings_and_elasticities_of_their_own_are_not_answered_from_what_is_kept() {
    let world = World::embedded().unwrap();
    let plain = solved(&world, &Scenario::example("us-plus-10-on-china").unwrap());
    let text = Scenario::example("us-plus-10-on-china").unwrap().to_toml().unwrap();
    let other = format!("trade_elasticities = \"record-2021\"\n{text}");
    let of_others = solved(&world, &Scenario::from_toml(&other).unwrap());
    assert_ne!(bits(&plain.equilibrium.wage_hat), bits(&of_others.equilibrium.wage_hat));
    let again = solved(&world, &Scenario::example("us-plus-10-on-china").unwrap());
    assert_eq!(bits(&plain.equilibrium.wage_hat), bits(&again.equilibrium.wage_hat));
}

/// Tariffs of a scenario on the record of a day.
fn tariffs(world: &World, day: &str, others: Option<&str>) -> Vec<f64> {
    let scenario = Scenario::new("others").ledger("us-china", day);
    let scenario = others.map_or(scenario.clone(), |whose| scenario.others(whose));
    let meant = world.resolve(&scenario).unwrap();
    meant.counterfactual.instruments(&world.directory().benchmark, None).unwrap().tariff_rate
}

#[test]
fn duties_on_everybody_else_are_those_of_the_brief() {
    let world = World::embedded().unwrap();
    let benchmark = &world.directory().benchmark;
    let day = "2025-09-16".parse().unwrap();
    let parties = ["USA", "CHN"].map(str::to_owned);
    let ledger = LedgerTariffs { tariffs: world.record().unwrap() };
    let join = Join { ledger, directory: world.directory(), parties: &parties };
    let schedule = Schedule::on_day(day, day);
    let brief = with_others(join, schedule, Basis::Collected, OthersDuties::Day).unwrap().tariff_rate;
    let (none, own) = (tariffs(&world, "2025-09-16", None), tariffs(&world, "2025-09-16", Some("day")));
    assert_eq!(
        none,
        tariffs(&world, "2025-09-16", Some("none")),
        "none is what stood before there was the key"
    );
    let of_a_date = tariffs(&world, "2025-11-10", Some("2025-09-16"));
    let size = benchmark.dimensions();
    let mut moved = 0;
    for cell in 0..size.cells() {
        let (importer, exporter, _) = size.cell_of(cell);
        let is_side = |economy: usize| parties.contains(&benchmark.economies[economy].code);
        if is_side(importer) && is_side(exporter) {
            assert_eq!(own[cell], none[cell], "between the sides nothing is another");
        } else {
            assert_eq!((own[cell], none[cell]), (brief[cell], benchmark.tariff_rate[cell]));
            moved += usize::from(own[cell] != none[cell]);
        }
    }
    assert!(moved > 300, "duties on others of that day are on record: {moved} cells");
    let usa = benchmark.economy("USA").unwrap();
    let vietnam = benchmark.economy("VNM").unwrap();
    let clothes = size.cell(usa, vietnam, benchmark.sector("TEX").unwrap());
    assert!(
        own[clothes] > none[clothes] + 0.10,
        "twenty points by statute: {} {}",
        own[clothes],
        none[clothes]
    );
    // Another day between the sides, the same day beside them. What is collected is of the month known on each day: the law's is the same.
    assert_ne!(of_a_date, own);
    let said =
        world.resolve(&Scenario::new("others").ledger("us-china", "2025-09-16").others("day")).unwrap();
    assert!(said.notes.iter().any(|note| note.contains("do not retaliate")), "{:?}", said.notes);
}

#[test]
fn whose_duties_count_is_a_word_or_a_date_beside_a_ledger() {
    let world = World::embedded().unwrap();
    let refused = |text: &str| world.resolve(&Scenario::from_toml(text).unwrap()).unwrap_err().to_string();
    let some = refused("ledger = \"us-china\"\non = \"2025-09-16\"\nothers = \"some\"\n");
    assert!(some.contains("others") && some.contains("`day`") && some.contains("scenario.toml:3"), "{some}");
    let alone = refused("name = \"alone\"\nothers = \"day\"\n");
    assert!(alone.contains("others") && alone.contains("needs `ledger`"), "{alone}");
    // A baseline with a ledger takes the scenario's word where it has none.
    let text = "ledger = \"us-china\"\non = \"2025-09-16\"\nothers = \"day\"\n[baseline]\nledger = \"us-china\"\non = \"2025-09-16\"\n";
    let meant = world.resolve(&Scenario::from_toml(text).unwrap()).unwrap();
    let benchmark = &world.directory().benchmark;
    let before = meant.baseline.as_ref().unwrap().instruments(benchmark, None).unwrap();
    let after = meant.counterfactual.instruments(benchmark, None).unwrap();
    assert_eq!(before.tariff_rate, after.tariff_rate);
}
