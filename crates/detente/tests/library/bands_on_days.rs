//! The brief's bands on every day on which a tariff between the parties changes.

use detente::basis::Basis;
use detente::brief::assemble::{Sources, brief};
use detente_data::default_world;
use detente_engine::first_year::Horizon;
use detente_ledger::tariff::{Tariffs, View};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

/// The point is the answer at the medians of what is drawn: whatever the day, the outcome, the economy and the headline, it lies in its band.
/// Nothing clamps it: a band whose point left it would say so here.
#[test]
fn no_point_lies_outside_its_band_on_any_day_of_change() {
    let world = default_world::open().unwrap();
    let tariffs = Tariffs::embedded().unwrap();
    let talks = tariffs.ledger().talks("us-china").unwrap();
    let mut days: BTreeSet<Date> = BTreeSet::new();
    for (importer, exporter) in [("USA", "CHN"), ("CHN", "USA")] {
        let view = View { known_on: Date::MAX, ..View::on_day(importer, exporter, date(2018, 1, 1)) };
        days.extend(tariffs.days_of_change(view).into_iter().filter(|day| *day <= talks.last_evidence));
    }
    assert!(days.len() > 20, "{}", days.len());
    let (mut points, mut outside) = (0, Vec::new());
    for day in days {
        let sources = Sources { tariffs: &tariffs, world: &world };
        let found = brief(sources, &talks, day, day, Basis::Collected).unwrap();
        for outcome in found.outcomes.iter().filter(|outcome| outcome.horizon == Horizon::Long && outcome.is_shown()) {
            for (economy, effects) in &outcome.economies {
                for (headline, band) in &effects.bands {
                    let Some(point) = band.point else { continue };
                    points += 1;
                    let room = 1e-6 + 1e-9 * point.abs();
                    if point < band.low - room || point > band.high + room {
                        let (name, low, high) = (&outcome.name, band.low, band.high);
                        outside.push(format!("{day} {name} {economy} {headline}: {point} in {low} to {high}"));
                    }
                }
            }
        }
    }
    assert!(points > 10_000, "{points} points: the embedded world's bands are drawn about a point");
    assert!(outside.is_empty(), "{} of {points} points:\n{}", outside.len(), outside.join("\n"));
}
