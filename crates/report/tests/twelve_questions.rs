//! Twelve questions that a new reader asks, and where the first screen of ten days answers each: the sentence, the JSON key of its number, and
//! what the number is written as. What a day's screen cannot answer says why not.
//!
//! To renew `twelve_questions.tsv` after a change that is meant:
//! `DETENTE_RENEW_QUESTIONS=1 cargo test --release -p detente-report --test twelve_questions`; read the difference.

mod ten_days;

use detente::brief::assemble::{Asked, Sources, brief};
use detente::brief::others::OthersDuties;
use detente::brief::{Brief, Outcome};
use detente::collection::Basis;
use detente::words::number::{change, named, percent, points, whole};
use detente::words::{deadline, deal, duty, effects, record};
use detente::{Control, World};
use detente_engine::horizon::Horizon;
use detente_ledger::status::AsOf;
use detente_ledger::talks::OutcomeKind;
use detente_report::brief::{outcome_rows, pictures, screen};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::PathBuf};
use ten_days::DAYS;

const QUESTIONS: [&str; 12] = [
    "What is the deadline, how many days are left, and what expires?",
    "If nobody signs, what changes by law, by how many points on each side, on how much trade?",
    "Could more come back by itself; what would have to happen?",
    "What is the average duty each way by law, and what is collected?",
    "Which legal authority is the largest part of each side's duty?",
    "If nobody signs, who loses more, and how surely?",
    "What do today's tariffs cost each side, within the first year?",
    "Which other country gains or loses most, and is that solid?",
    "Do the tariffs raise manufacturing's share, by how much; do they shrink the deficit?",
    "Is there a deal that leaves both better off, and what would it look like?",
    "What is not in these numbers?",
    "How intense are the talks compared with earlier ones?",
];

/// An answer: the words on the screen, the key of their number and how it is written; or why there is none.
type Answer = Result<(String, String, &'static str), &'static str>;

/// A number of the JSON as the words have it.
fn written(value: &Value, form: &str) -> String {
    let number = || value.as_f64().expect("a number");
    match form {
        "null" => {
            assert!(value.is_null(), "nothing is there: {value}");
            String::new()
        }
        "nothing" => {
            assert_eq!(change(number()), "0.00", "a change that is seen: {value}");
            String::new()
        }
        "whole" => value.to_string(),
        "percent" => percent(number()),
        "points" => points(number()),
        "change" => change(number()),
        "share" => whole(number().max(1.0 - number())),
        "one decimal" => format!("{:.1}", number()),
        "count" => value.as_array().expect("a list").len().to_string(),
        other => panic!("no such form: {other}"),
    }
}

fn place(brief: &Brief, wanted: impl Fn(&Outcome) -> bool) -> Option<usize> {
    brief.outcomes.iter().position(wanted)
}

fn answer(brief: &Brief, names: &effects::Names, question: usize) -> Answer {
    const NO_DEADLINE: &str = "no deadline is set on that day, which the screen says";
    let said = |words: String, key: &str, form| Ok((words, key.to_owned(), form));
    let long = |outcome: &Outcome| outcome.horizon == Horizon::Long && outcome.is_shown();
    let today = place(brief, |outcome| long(outcome) && outcome.kind == OutcomeKind::InForce);
    let lapse = place(brief, |outcome| long(outcome) && outcome.kind == OutcomeKind::Lapse);
    let first = &brief.parties[0];
    match question {
        1 if brief.deadline.is_none() => said(deadline::days_left(brief), "/deadline", "null"),
        1 => said(deadline::days_left(brief), "/deadline/days", "whole"),
        2 => {
            let words = deadline::if_nobody_signs(brief).ok_or(NO_DEADLINE)?;
            said(words, "/duty/if_nobody_signs/0/rate", "percent")
        }
        3 => {
            let held = brief.deadline.as_ref().ok_or(NO_DEADLINE)?;
            let act = held.needs_new_act.first().ok_or("nothing announced stands on that day")?;
            let words = deadline::not_counted(brief).pop().expect("a sentence on acts");
            let form = if act.points.is_some() { "points" } else { "null" };
            said(words, "/deadline/needs_new_act/0/points", form)
        }
        4 => {
            let shown = &brief.duty.shown[0];
            let [importer, exporter] =
                [&shown.importer, &shown.exporter].map(|code| named(brief.party_name(code)));
            let words = format!("By statute {importer} on {exporter} {} %", percent(shown.rate));
            said(words, "/duty/shown/0/rate", "percent")
        }
        5 => {
            let parts = brief.duty.by_authority.iter().enumerate();
            let own = parts.filter(|(_, part)| part.importer == first.code);
            let largest = own
                .max_by(|a, b| a.1.contribution.unwrap_or(0.0).total_cmp(&b.1.contribution.unwrap_or(0.0)));
            let (at, part) = largest.expect("an authority");
            let contribution = part.contribution.expect("a number");
            let words = format!("{} {}", duty::authority(&part.authority), percent(contribution));
            said(words, &format!("/duty/by_authority/{at}/contribution"), "percent")
        }
        6 => {
            lapse.ok_or(NO_DEADLINE)?;
            let words = effects::who_loses_more_both_ways(brief).ok_or("no runs were made")?;
            let mut found = brief.bands.as_ref().expect("bands").loses_more.iter();
            let at = found.position(|held| held.kind != OutcomeKind::InForce).expect("one beside today");
            let held = &brief.bands.as_ref().expect("bands").loses_more[at];
            let (key, form) = match (held.first_loses_more, held.first_loses_more_in_money) {
                (Some(_), _) => ("first_loses_more", "share"),
                (None, Some(_)) => ("first_loses_more_in_money", "share"),
                (None, None) => ("first_loses_more", "null"),
            };
            said(words, &format!("/bands/loses_more/{at}/{key}"), form)
        }
        7 => {
            today.expect("today is solved");
            let year = place(brief, |outcome| {
                outcome.horizon == Horizon::FirstYear
                    && outcome.kind == OutcomeKind::InForce
                    && outcome.is_shown()
            });
            let year = year.expect("a first year");
            let held = &brief.outcomes[year].economies[&first.economy].bands["importers_account_pct"];
            let key =
                format!("/outcomes/{year}/economies/{}/bands/importers_account_pct/median", first.economy);
            said(format!("{} {}", outcome_rows::FIRST_YEAR, change(held.median)), &key, "change")
        }
        8 => {
            let at = lapse.or(today).expect("an outcome");
            let outcome = &brief.outcomes[at];
            let words = effects::others(brief, outcome, names).expect("others");
            let (code, _) = outcome.others_best.as_ref().expect("a best");
            // Where even the largest change rounds to nothing the sentence has no number, and that is what the key is held to.
            let form = if words.contains('%') { "change" } else { "nothing" };
            said(words, &format!("/outcomes/{at}/economies/{code}/income_median_pct"), form)
        }
        9 => {
            let at = today.expect("today is solved");
            let held = &brief.outcomes[at].economies[&first.economy];
            let (share, _) = effects::manufacturing(held).expect("manufacturing");
            let key =
                format!("/outcomes/{at}/economies/{}/bands/manufacturing_share_points/median", first.economy);
            said(format!("{} {}", outcome_rows::MANUFACTURING, change(share)), &key, "change")
        }
        10 => said(deal::in_one_rate(brief).expect("a sentence"), "/deal/sides/0/rate_in_deal", "percent"),
        11 => {
            let all = brief.not_in_these_numbers.len();
            let measures = if all == 1 { "measure" } else { "measures" };
            said(format!("{all} {measures} without a rate"), "/not_in_these_numbers", "count")
        }
        12 => {
            let at = brief.intensity.iter().position(|series| series.current);
            let at = at.ok_or("these talks have not met twice on that day")?;
            let words = record::pace(brief).expect("a pace");
            let words = words.split(',').next().expect("a beginning").to_owned();
            said(words, &format!("/intensity/{at}/per_year"), "one decimal")
        }
        other => panic!("no question {other}"),
    }
}

/// A number of a screen; none where the words are no number.
fn number(words: &str) -> Option<f64> {
    words.replace('−', "-").trim_start_matches('+').parse().ok()
}

/// No point outside its range, no row of outcomes without where it is from, no sentence and no row twice.
fn nothing_is_out_of_place(day: &str, width: usize, screen: &str) {
    let flowing = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut ranges = 0;
    for (at, _) in flowing.match_indices(" (") {
        let inside = flowing[at + 2..].split(')').next().unwrap_or_default();
        let (Some((low, high)), Some(point)) = (inside.split_once(" to "), flowing[..at].rsplit(' ').next())
        else {
            continue;
        };
        if let (Some(point), Some(low), Some(high)) = (number(point), number(low), number(high)) {
            assert!(low <= point && point <= high, "{day} at {width}: {point} outside {low} to {high}");
            ranges += 1;
        }
    }
    // Where nothing has changed since the benchmark's days there is no range; elsewhere both sides have one in three rows at the least.
    assert!(
        ranges >= 6 || flowing.contains("Nobody else would notice"),
        "{day} at {width}: {ranges} ranges in {screen}"
    );
    let rows = screen.lines().filter(|line| {
        ["Today's duties,", "Nobody signs", "Threats", "Measures of"]
            .iter()
            .any(|name| line.trim_start().starts_with(name))
    });
    for row in rows {
        let said = row.split("  ").find(|part| !part.is_empty()).unwrap_or_default();
        assert!(said.contains("from ") || width < screen::COLUMNS, "{day} at {width}: from where is {row}");
    }
    let mut seen = BTreeSet::new();
    for sentence in flowing.split(". ").filter(|sentence| sentence.len() > 12) {
        assert!(seen.insert(sentence), "{day} at {width}: twice: {sentence}");
    }
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/twelve_questions.tsv")
}

#[test]
fn ten_screens_answer_twelve_questions_or_say_why_not() {
    let world = World::embedded().expect("a world");
    let tariffs = world.record().expect("the record");
    let talks = tariffs.ledger().talks("us-china").expect("talks");
    let control = Control::default();
    let names = pictures::names(world.directory());
    let renews = std::env::var_os("DETENTE_RENEW_QUESTIONS").is_some();
    let stored = if renews { String::new() } else { fs::read_to_string(file()).expect("the stored answers") };
    let mut stored = stored.lines().skip(1);
    let mut written_down = "day\tquestion\tanswer\tkey\tform\tnumber\n".to_owned();
    for day in DAYS {
        let on = day.parse().expect("a day");
        let sources = Sources { tariffs, world: world.directory(), control: &control };
        let asked =
            Asked { clock: AsOf { on, known_on: on }, basis: Basis::Collected, others: OthersDuties::Day };
        let brief = brief(sources, &talks, asked).expect("a brief");
        let json = serde_json::to_value(&brief).expect("a brief is data");
        let named = screen::with_short_names(&brief);
        for width in [60, 80, 100, 110, 140] {
            let screen = screen::render_at(&brief, &names, width);
            assert!(!screen.contains('…'), "{day} at {width}: a cut line");
            for line in screen.lines() {
                assert!(line.chars().count() <= width, "{day} at {width}: {line}");
            }
            nothing_is_out_of_place(day, width, &screen);
            let lines = screen.lines().count();
            assert!(width < screen::COLUMNS || lines <= screen::LINES, "{day} at {width}: {lines} lines");
            let flowing = screen.split_whitespace().collect::<Vec<_>>().join(" ");
            if renews && width == 110 {
                for question in 1..=QUESTIONS.len() {
                    let row = match answer(&named, &names, question) {
                        Ok((words, key, form)) => {
                            let number = written(json.pointer(&key).expect("the key"), form);
                            format!("{day}\t{question}\t{words}\t{key}\t{form}\t{number}\n")
                        }
                        Err(why) => format!("{day}\t{question}\t\t\tnot answered\t{why}\n"),
                    };
                    written_down.push_str(&row);
                }
            }
            if renews || width != 110 {
                continue;
            }
            for (at, asks) in QUESTIONS.iter().enumerate() {
                let row: Vec<&str> = stored.next().expect("a stored answer").split('\t').collect();
                let [of_day, question, words, key, form, number] = row[..] else { panic!("{day}: {row:?}") };
                assert_eq!((of_day, question), (day, (at + 1).to_string().as_str()));
                if form == "not answered" {
                    let why = answer(&named, &names, at + 1).err();
                    assert_eq!(why, Some(number), "{day}: {asks}");
                    continue;
                }
                assert!(flowing.contains(words), "{day}: {asks}\n{words}\nis not on the screen\n{screen}");
                let found = json.pointer(key).unwrap_or_else(|| panic!("{day}: no {key}"));
                assert_eq!(written(found, form), number, "{day}: {asks} {key}");
                assert!(words.contains(number), "{day}: {asks} {number} is not in {words}");
            }
        }
    }
    if renews {
        fs::write(file(), written_down).expect("the answers can be written");
    }
}
