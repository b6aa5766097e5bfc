//! Averages over the whole schedule, with a small schedule of its own.

use std::sync::Arc;

use detente_ledger::duty::{
    Bound, Estimate, Layer, Scope, ScopeEntry, Setting, Stacking, StackingRule, charge,
};
use detente_ledger::panel::Panel;
use detente_ledger::products::{ALL_PARTNERS, ProductLibrary};
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    instrument: Vec<Instrument>,
    stacking: Vec<StackingRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Instrument {
    id: String,
    family: String,
    rates: Vec<Rate>,
    scope: Vec<ScopeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    from: Date,
    until: Option<Date>,
    pct: f64,
}

struct Schedule {
    all: Vec<Layer>,
    stacking: Stacking,
}

impl Schedule {
    fn read(library: &ProductLibrary) -> Self {
        let text = include_str!("../fixtures/schedule.toml");
        let file: File = toml::from_str(text).unwrap();
        let mut all = Vec::new();
        for instrument in file.instrument {
            let scope = Arc::new(Scope::resolve(&instrument.scope, "USA", library).unwrap());
            for rate in &instrument.rates {
                let rate_share = Estimate::exactly(rate.pct / 100.0);
                let setting = Arc::new(Setting::plain(rate.from));
                let mut layer = Layer::adding(
                    &instrument.id,
                    &instrument.family,
                    rate_share,
                    Arc::clone(&scope),
                    setting,
                );
                layer.from = Some(rate.from);
                layer.until = rate.until;
                all.push(layer);
            }
        }
        Self { all, stacking: Stacking { rules: file.stacking } }
    }

    fn on(&self, day: Date) -> Vec<Layer> {
        let holds =
            |layer: &&Layer| layer.from.unwrap() <= day && layer.until.is_none_or(|until| day < until);
        self.all.iter().filter(holds).cloned().collect()
    }
}

/// Published path (PIIE, its own weights: exports of 2017) against the average with the weights of all partners in 2024. The
/// schedule is the one of `fixtures/schedule.toml`; the record's own schedule is tested elsewhere.
#[test]
fn the_published_path_is_met_with_weights_of_all_partners() {
    let library = ProductLibrary::default();
    let schedule = Schedule::read(&library);
    let panel =
        Panel::new(library.lines("USA").unwrap(), schedule.all.iter().map(|layer| Arc::clone(&layer.scope)));
    assert!(panel.classes() < 400, "{} classes", panel.classes());
    for (day, published) in [
        ("2018-01-01", 3.1),
        ("2018-07-01", 3.8),
        ("2018-09-25", 12.0),
        ("2019-12-19", 21.0),
        ("2020-02-14", 19.3),
        ("2025-01-20", 20.8),
        ("2025-05-14", 51.1),
        ("2025-09-25", 57.6),
        ("2025-11-10", 47.5),
    ] {
        let on: Date = day.parse().unwrap();
        let average = panel.average(&schedule.on(on), &schedule.stacking, on, ALL_PARTNERS).unwrap();
        // Or with what is known only by its bounds, the content of metal, at its most: half of the value is an assumption.
        let most =
            panel.average_at(&schedule.on(on), &schedule.stacking, on, ALL_PARTNERS, Bound::Most).unwrap();
        let near = |average: f64| (average * 100.0 - published).abs() < 4.0;
        assert!(
            near(average.total) || near(most.total),
            "{day}: {} to {} against {published}",
            average.total * 100.0,
            most.total * 100.0
        );
    }
}

/// Classes are an arrangement of the work and not of the law: the sum over classes is the sum over lines.
#[test]
fn classes_add_up_to_the_lines() {
    let library = ProductLibrary::default();
    let schedule = Schedule::read(&library);
    let table = library.lines("USA").unwrap();
    let panel = Panel::new(Arc::clone(&table), schedule.all.iter().map(|layer| Arc::clone(&layer.scope)));
    for day in ["2019-10-01", "2025-04-20", "2025-09-01", "2026-05-01"] {
        let on: Date = day.parse().unwrap();
        let layers = schedule.on(on);
        let (mut sum, mut value) = (0.0, 0.0);
        for line in table.lines() {
            if let Some(trade) = table.value(line, "CHN") {
                let duty = charge(line, &layers, &schedule.stacking, on);
                assert!(duty.added.is_sound(), "{}: {:?}", line.code, duty.added);
                sum += trade * duty.added.expected;
                value += trade;
            }
        }
        let average = panel.average(&layers, &schedule.stacking, on, "CHN").unwrap();
        let added: f64 = average.layers.iter().sum();
        assert!((added - sum / value).abs() < 1e-12, "{day}: {added} against {}", sum / value);
    }
}
