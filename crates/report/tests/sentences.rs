//! The sentences of ten days from 2018 to 2026: what the page, the desk and the screen say, word for word.

mod ten_days;

use detente::brief::assemble::{Asked, Sources, without_bands};
use detente::brief::others::OthersDuties;
use detente::brief::{Brief, LosesMore};
use detente::collection::Basis;
use detente::words::effects::{both_horizons, loses_more, others, shown};
use detente::words::{deadline, duty, number, opening, record};
use detente::{Control, World};
use detente_engine::horizon::Horizon;
use detente_ledger::status::AsOf;
use detente_ledger::talks::OutcomeKind;
use detente_report::brief::pictures::names;
use ten_days::DAYS;

fn sentences(world: &World, brief: &Brief) -> Vec<String> {
    let mut found = opening::sentences(brief);
    found.extend(opening::cards(brief).into_iter().map(|card| format!("[{}] {}", card.number, card.words)));
    found.extend(deadline::not_verified(brief));
    found.extend(deadline::not_counted(brief));
    found.extend(duty::averages(brief));
    let first = shown(brief, Horizon::Long).find(|outcome| brief.is_beside_today(outcome));
    if let Some(first) = first {
        found.push(both_horizons(brief, first));
        found.extend(others(brief, first, &names(world.directory())));
    }
    found.push(record::not_measured(brief, 5));
    found.extend(record::pace(brief));
    found.push(record::promises(brief));
    found
}

#[test]
fn ten_days_read_as_they_should() {
    let world = World::embedded().expect("a world");
    let tariffs = world.record().expect("the record");
    let talks = tariffs.ledger().talks("us-china").expect("talks");
    let control = Control::default();
    let mut page = String::new();
    for day in DAYS {
        let on = day.parse().expect("a day");
        let clock = AsOf { on, known_on: on };
        let sources = Sources { tariffs, world: world.directory(), control: &control };
        let asked = Asked { clock, basis: Basis::Collected, others: OthersDuties::None };
        let brief = without_bands(sources, &talks, asked).expect("a brief");
        let found = sentences(&world, &brief);
        for sentence in &found {
            for code in brief.parties.iter().flat_map(|party| [&party.code, &party.economy]) {
                let is_word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()) == code;
                assert!(!sentence.split_whitespace().any(is_word), "{day}: a code in {sentence}");
            }
            for unwanted in ["…", "--", ".toml", ".csv", "_", "NaN", "  ", "..", " ,", "n/a"] {
                assert!(!sentence.contains(unwanted), "{day}: {unwanted:?} in {sentence}");
            }
            assert!(sentence.ends_with(['.', ')']) || sentence.starts_with('['), "{day}: {sentence}");
        }
        for held in &brief.duty.shown {
            let said = found
                .iter()
                .any(|sentence| sentence.contains(&format!("{} % by statute", number::percent(held.rate))));
            assert!(said, "{day}: the average of {} on {} is said", held.importer, held.exporter);
        }
        for held in &brief.duty.if_nobody_signs {
            let rises = deadline::returning(&brief)
                .iter()
                .any(|of| of.importer == held.importer && !of.steps.is_empty());
            let said = found
                .iter()
                .any(|sentence| sentence.contains(&format!("to {} %", number::percent(held.rate))));
            assert!(said || !rises, "{day}: the average of {} after the deadline is said", held.importer);
        }
        page.push_str(&format!("{day}\n{}\n\n", found.join("\n")));
    }
    insta::assert_snapshot!(page);
}

#[test]
fn how_sure_is_said_in_the_direction_in_which_it_is_sure() {
    let world = World::embedded().expect("a world");
    let tariffs = world.record().expect("the record");
    let talks = tariffs.ledger().talks("us-china").expect("talks");
    let control = Control::default();
    let on = "2025-09-16".parse().expect("a day");
    let sources = Sources { tariffs, world: world.directory(), control: &control };
    let clock = AsOf { on, known_on: on };
    let asked = Asked { clock, basis: Basis::Collected, others: OthersDuties::None };
    let brief = without_bands(sources, &talks, asked).expect("a brief");
    let [first, second] = [0, 1].map(|k| brief.parties[k].economy.clone());
    let said = |share: f64| {
        let (first, second) = (first.clone(), second.clone());
        loses_more(
            &brief,
            &LosesMore {
                outcome: String::new(),
                kind: OutcomeKind::Lapse,
                first,
                second,
                first_loses_more: Some(share),
                first_loses_more_in_money: None,
                depends_on: None,
                words: String::new(),
            },
        )
    };
    let names = [0, 1].map(|k| number::opening(&number::named(&brief.parties[k].name)));
    assert_eq!(said(0.97), format!("{} would almost surely lose more (97 % of runs).", names[0]));
    assert_eq!(said(0.12), format!("{} would probably lose more (88 % of runs).", names[1]));
    assert_eq!(said(0.35), format!("{} would more likely than not lose more (65 % of runs).", names[1]));
    assert!(said(0.5).contains("too close to call"), "{}", said(0.5));
}
