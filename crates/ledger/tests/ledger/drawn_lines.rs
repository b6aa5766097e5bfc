//! Two hundred lines drawn at random, on ten days each: the parts of every answer add up to its total, each part says by which list, note
//! and day it is charged, and twenty of the lines were reckoned a second time from the law's text and the facts alone, by a reckoner
//! that knows neither our lists nor our measures (`fixtures/reckoned_twice.csv`).
//!
//! `cargo test -p detente-ledger --test ledger drawn_lines -- --nocapture` prints the draw for a reader.

use detente_ledger::duty::{Answer, Question};
use detente_ledger::products::{LineTable, ProductCode};
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::Tariffs;
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeSet;
use std::sync::OnceLock;

const SEED: u64 = 2018_07_06;
const LINES: usize = 200;
const DAYS: usize = 10;
const FIRST: Date = Date::constant(2018, 1, 1);
const LAST: Date = Date::constant(2026, 10, 10);

/// SplitMix64: the draw is the same on every machine.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap()
    }
}

fn tariffs() -> &'static Tariffs {
    static HELD: OnceLock<Tariffs> = OnceLock::new();
    HELD.get_or_init(|| Tariffs::embedded().unwrap())
}

/// Lines of eight digits, each by its first number where it is held by numbers, with their days.
fn drawn() -> Vec<(ProductCode, Vec<Date>)> {
    let name = "products/USA/lines.csv";
    let table = LineTable::read(name, detente_facts::text(name).unwrap()).unwrap();
    let lines: Vec<ProductCode> =
        table.lines().iter().map(|line| line.code.cut(8)).collect::<BTreeSet<_>>().into_iter().collect();
    let span = usize::try_from(FIRST.until(LAST).unwrap().get_days()).unwrap() + 1;
    let mut draw = Draw(SEED);
    (0..LINES)
        .map(|_| {
            let line = lines[draw.below(lines.len())];
            let days = (0..DAYS)
                .map(|_| FIRST + i64::try_from(draw.below(span)).unwrap().days())
                .collect::<Vec<_>>();
            (table.below(line)[0].code, days)
        })
        .collect()
}

/// Goods loaded on the day of entry, so that no older act reaches them on the way.
fn ask(code: ProductCode, on: Date) -> Answer {
    let mut question = Question::new(code, "CHN", "USA", on);
    question.known_on = Date::MAX;
    question.settled.loaded = Some(on);
    tariffs().duty(&question, Reading::Stated).unwrap()
}

#[test]
fn parts_add_up_and_say_where_they_come_from() {
    let mut one_number = 0;
    for (code, days) in drawn() {
        for on in days {
            let answer = ask(code, on);
            let charged: Vec<_> = answer.parts.iter().filter(|part| part.applies).collect();
            let names: Vec<String> = charged
                .iter()
                .filter_map(|part| Some((part.adds_pct?, part)))
                .filter(|(adds, _)| adds.most > 0.0)
                .map(|(adds, part)| {
                    format!("{} {}", adds.most, part.list.as_deref().unwrap_or(&part.measure))
                })
                .collect();
            println!("{code} {on}: {:?} {:?} = {}", answer.total_pct, answer.range_pct, names.join(" + "));
            if let Some(total) = answer.total_pct {
                let sum: f64 = charged.iter().filter_map(|part| part.adds_pct).map(|adds| adds.most).sum();
                assert!((sum - total).abs() < 0.011, "{code} on {on}: parts {sum}, total {total}");
                one_number += 1;
            }
            // A base rate by unit has no share of its own: what it came to in a year of trade is in the range and in no part.
            if let (Some(range), None) = (answer.range_pct, &answer.specific) {
                let adds = || charged.iter().filter_map(|part| part.adds_pct);
                let (least, most): (f64, f64) =
                    (adds().map(|adds| adds.least).sum(), adds().map(|adds| adds.most).sum());
                // What one condition takes from one part it may give to another: the ends lie within the parts' own ends.
                assert!(least - 0.011 <= range.least && range.most <= most + 0.011, "{code} on {on}");
                assert!(
                    !answer.conditions.is_empty() || !answer.questions.is_empty(),
                    "{code} on {on}: open, and asks nothing"
                );
            }
            for part in &charged {
                assert!(!part.sources.is_empty() && !part.why.is_empty(), "{code} on {on}: {}", part.measure);
                if part.authority.starts_with("column 1") {
                    continue;
                }
                assert!(
                    part.from.is_some_and(|from| from <= on),
                    "{code} on {on}: {} has no day",
                    part.measure
                );
                assert!(
                    part.list.is_some() == part.list_note.is_some()
                        && (part.list.is_some() || part.why.contains("all goods")),
                    "{code} on {on}: {} names no list and note: {}",
                    part.measure,
                    part.why
                );
            }
        }
    }
    assert!(one_number > LINES * DAYS / 2, "{one_number} answers in one number");
}

#[derive(serde::Deserialize)]
struct Reckoned {
    code: String,
    on: Date,
    least_pct: f64,
    most_pct: f64,
}

#[test]
fn twenty_lines_reckoned_a_second_time() {
    let text = include_str!("../fixtures/reckoned_twice.csv");
    let reckoned: Vec<Reckoned> =
        csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap();
    let drawn = drawn();
    let mut lines = BTreeSet::new();
    let mut wrong = Vec::new();
    for row in &reckoned {
        let code: ProductCode = row.code.parse().unwrap();
        assert!(
            drawn.iter().any(|(line, days)| *line == code && days.contains(&row.on)),
            "{code} on {} is not of the draw",
            row.on
        );
        lines.insert(code);
        let answer = ask(code, row.on);
        let range = answer.range_pct.map(|range| (range.least, range.most));
        let (least, most) =
            range.or(answer.total_pct.map(|total| (total, total))).unwrap_or((f64::NAN, f64::NAN));
        if (least - row.least_pct).abs() > 0.011 || (most - row.most_pct).abs() > 0.011 || least.is_nan() {
            let (on, a, b) = (row.on, row.least_pct, row.most_pct);
            wrong.push(format!("{code} on {on}: {least} to {most}, reckoned {a} to {b}"));
        }
    }
    assert_eq!((lines.len(), reckoned.len()), (20, 20 * DAYS));
    assert_eq!(wrong, Vec::<String>::new());
}
