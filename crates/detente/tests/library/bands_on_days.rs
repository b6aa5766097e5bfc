//! The brief's bands on every day on which a tariff between the parties changes.

use detente::basis::Basis;
use detente::brief::Measures;
use detente::brief::assemble::{Asked, Sources, brief};
use detente::brief::others::OthersDuties;
use detente_data::default_world;
use detente_engine::catalogue::{Place, economy::IMPORTS_FROM, lists};
use detente_engine::first_year::Horizon;
use detente_engine::parallel::Control;
use detente_ledger::AsOf;
use detente_ledger::tariff::{Tariffs, View};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

/// Percent that two solves of the draws may be apart where nothing moves: each ends at a relative residual of 1e-9. A narrower spread is theirs.
const ROUNDING: f64 = 1e-6;

/// To the digits that anybody reads: three significant ones.
fn read(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap()
}

/// The answer at the medians of what is drawn lies in its band, whatever the day, the outcome, the economy and the headline: to three significant
/// digits, since an answer that is at its extreme in the elasticities stands at the very edge of its runs. Nothing clamps it, and fewer than one
/// in a thousand is at an edge.
#[test]
fn no_point_lies_outside_its_band_on_any_day_of_change() {
    let world = default_world::open().unwrap();
    let tariffs = Tariffs::embedded().unwrap();
    let control = Control::default();
    let talks = tariffs.ledger().talks("us-china").unwrap();
    let mut days: BTreeSet<Date> = BTreeSet::new();
    for (importer, exporter) in [("USA", "CHN"), ("CHN", "USA")] {
        let view = View { known_on: Date::MAX, ..View::on_day(importer, exporter, date(2018, 1, 1)) };
        days.extend(tariffs.days_of_change(view).into_iter().filter(|day| *day <= talks.last_evidence));
    }
    assert!(days.len() > 20, "{}", days.len());
    let (mut points, mut at_the_edge, mut outside) = (0, 0, Vec::new());
    for day in days {
        let sources = Sources { tariffs: &tariffs, world: &world, control: &control };
        let clock = AsOf { on: day, known_on: day };
        let asked = Asked { clock, basis: Basis::Collected, others: OthersDuties::default() };
        let found = brief(sources, &talks, asked).unwrap();
        let long = found.outcomes.iter().filter(|outcome| {
            outcome.horizon == Horizon::Long && (outcome.is_shown() || outcome.measures == Measures::All)
        });
        for outcome in long {
            for (economy, effects) in &outcome.economies {
                for (headline, band) in &effects.bands {
                    let point = match headline.split_once('.') {
                        Some((key, partner)) if key == IMPORTS_FROM.key(Place::Brief) => {
                            effects.imports_from_pct.get(partner).copied().flatten()
                        }
                        Some(_) => band.point,
                        None => {
                            let known =
                                lists::BRIEF_BANDS.iter().find(|entry| entry.key(Place::Brief) == headline);
                            known.and_then(|entry| effects.value(entry)).or(band.point)
                        }
                    };
                    let Some(point) = point else { continue };
                    points += 1;
                    at_the_edge += usize::from(band.point.is_none() && band.high - band.low > ROUNDING);
                    // A spread of rounding has no inside, as on days on which the two sides' measures add nothing to others'.
                    let inside = (read(band.low)..=read(band.high)).contains(&read(point));
                    if !inside && band.high - band.low > ROUNDING {
                        let (name, low, high) = (&outcome.name, band.low, band.high);
                        outside
                            .push(format!("{day} {name} {economy} {headline}: {point} in {low} to {high}"));
                    }
                }
            }
        }
    }
    assert!(points > 10_000, "{points} points: the embedded world's bands are drawn about a point");
    assert!(outside.is_empty(), "{} of {points} points:\n{}", outside.len(), outside.join("\n"));
    assert!(at_the_edge * 1000 < points, "{at_the_edge} of {points}");
}
