//! The record's day as the ground of a game, against the same days typed as a scenario.

use detente::collection::CollectionRatio;
use detente::ledger_tariffs::EmbeddedRecord;
use detente::scenario;
use detente::scenario::meant::Case;
use detente::strategy::day::{RecordDay, talks_between};
use detente_data::default_world;
use detente_ledger::status::AsOf;
use detente_ledger::tariff::Tariffs;
use jiff::civil::date;

#[test]
fn today_and_what_lapses_are_the_records() {
    let world = default_world::open().unwrap();
    let tariffs = Tariffs::embedded().unwrap();
    let seats = ["USA", "CHN"].map(|code| world.benchmark.economy(code).unwrap());
    let talks = talks_between(&tariffs, &world.benchmark, &seats).expect("talks between the two");
    assert!(talks_between(&tariffs, &world.benchmark, &seats[..1]).is_none());
    let clock = AsOf { on: date(2026, 9, 22), known_on: date(2026, 9, 22) };
    let day = RecordDay { tariffs: &tariffs, talks: &talks, clock, collected: &[] };
    assert_eq!(day.deadline(), Some(date(2026, 11, 10)), "before the extension was stated");
    let found = day.scenario(&world).unwrap();
    let text = format!(
        "name = \"typed\"\nledger = \"{0}\"\nbasis = \"statute\"\non = \"2026-11-10\"\nknown_on = \"2026-09-22\"\n[baseline]\nledger = \"{0}\"\non = \"2026-09-22\"\n",
        talks.id
    );
    let record = EmbeddedRecord::default();
    let typed = scenario::parse("typed.toml", &text, None, &world, Some(&record)).unwrap();
    let rates = |case: &Case| case.instruments(&world.benchmark, None).unwrap().tariff_rate;
    let (ours, theirs) = (found.baseline.as_ref().unwrap(), typed.baseline.as_ref().unwrap());
    let cases = [(rates(ours), rates(theirs)), (rates(&found.counterfactual), rates(&typed.counterfactual))];
    for (ours, theirs) in &cases {
        for (a, b) in ours.iter().zip(theirs) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
    assert_ne!(cases[0].0, cases[1].0, "something lapses");

    // Half of every step collected: half of the way from the data.
    let half: Vec<CollectionRatio> = (talks.pairs())
        .map(|(to, from)| CollectionRatio {
            importer: to.code.clone(),
            exporter: from.code.clone(),
            ratio: 0.5,
            period: "2026-07".into(),
            collected: 0.1,
            statute: 0.2,
            by_sector: Default::default(),
        })
        .collect();
    let halved = RecordDay { collected: &half, ..day }.scenario(&world).unwrap();
    let data = &world.benchmark.tariff_rate;
    for ((a, b), t) in rates(halved.baseline.as_ref().unwrap()).iter().zip(&cases[0].0).zip(data) {
        assert!((a - t - 0.5 * (b - t)).abs() < 1e-9 || *b == 0.0, "{t} {a} {b}");
    }
}

/// A list's cells move by shares of their trade, and the points they add up to are the record's own for that list.
#[test]
fn a_list_moves_cells_by_its_share_of_trade() {
    let world = default_world::open().unwrap();
    let tariffs = Tariffs::embedded().unwrap();
    let seats = ["USA", "CHN"].map(|code| world.benchmark.economy(code).unwrap());
    let talks = talks_between(&tariffs, &world.benchmark, &seats).unwrap();
    let clock = AsOf { on: date(2026, 9, 22), known_on: date(2026, 9, 22) };
    let day = RecordDay { tariffs: &tariffs, talks: &talks, clock, collected: &[] };
    let list = day.list(&world.benchmark, "US-301-L3", seats[0], seats[1]).unwrap().expect("on the books");
    assert_eq!(list.rate, 0.25);
    // A sector that is on the list as a whole has a share of one, up to the rounding of the difference it is measured by.
    assert!(list.shares.len() > 5);
    for (cell, share) in &list.shares {
        assert!((0.0..=1.0 + 1e-9).contains(share), "{cell}: {share}");
    }
    let d = world.benchmark.dimensions();
    assert!(
        list.shares.iter().all(|(cell, _)| d.cell_of(*cell).0 == seats[0] && d.cell_of(*cell).1 == seats[1])
    );
    assert!(
        day.list(&world.benchmark, "US-301-L3", seats[1], seats[0]).unwrap().is_none(),
        "not China's list"
    );
    let unknown = day.list(&world.benchmark, "US-301-L33", seats[0], seats[1]).unwrap_err().to_string();
    assert!(unknown.contains("US-301-L3"), "{unknown}");
}
