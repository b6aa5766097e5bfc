//! A brief hangs on what an outcome is, never on what the talks' file calls it.

use detente::brief::Brief;
use detente::brief::assemble::{Asked, Sources, brief};
use detente::brief::others::OthersDuties;
use detente::collection::Basis;
use detente_data::default_world;
use detente_engine::parallel::Control;
use detente_ledger::AsOf;
use detente_ledger::talks::{OutcomeKind, Talks};
use detente_ledger::tariff::Tariffs;
use detente_report::brief::{details, pictures, screen};
use jiff::civil::date;

/// The brief, without how long its solves took.
fn told(tariffs: &Tariffs, talks: &Talks) -> Brief {
    let world = default_world::open().expect("the carried world opens");
    let day = date(2025, 9, 16);
    let control = Control::default();
    let sources = Sources { tariffs, world: &world, control: &control };
    let clock = AsOf { on: day, known_on: day };
    let asked = Asked { clock, basis: Basis::Collected, others: OthersDuties::None };
    let mut brief = brief(sources, talks, asked).expect("a brief");
    for certificate in brief.outcomes.iter_mut().filter_map(|outcome| outcome.certificate.as_mut()) {
        certificate.seconds = 0.0;
    }
    brief
}

#[test]
fn the_name_of_the_outcome_in_force_changes_no_number_and_no_row() {
    let tariffs = Tariffs::embedded().expect("the carried record opens");
    let talks = tariffs.ledger().talks("us-china").expect("talks on record");
    let mut renamed = talks.clone();
    let in_force = |talks: &mut Talks, name: &str| {
        let mut outcomes = talks.outcomes.iter_mut();
        let held = outcomes.find(|outcome| outcome.kind == OutcomeKind::InForce).expect("one in force");
        std::mem::replace(&mut held.name, name.to_owned())
    };
    // As long as the name on record, so that columns keep their widths.
    let name = in_force(&mut renamed, "####");
    assert_eq!(name.len(), "####".len());
    let (told, other) = (told(&tariffs, &talks), told(&tariffs, &renamed));
    let back = |text: String| text.replace("####", &name);
    let json = |brief: &Brief| serde_json::to_string_pretty(brief).expect("a brief is data");
    let written = json(&other);
    assert!(written.contains("\"name\": \"####\""));
    // What is measured against keeps its word whatever the outcome is called.
    assert_eq!(back(written), json(&told));
    let world = default_world::open().expect("the carried world opens");
    let screen = |brief: &Brief| screen::render(brief, &pictures::names(&world));
    assert_eq!(back(screen(&other)), screen(&told));
    assert_eq!(back(details::render(&other)), details::render(&told));
    assert!(screen(&told).contains("Today's duties, from"), "what goes on has its words");
}
