//! Duties on single lines, each derived by hand from the notices that it cites.

use detente_ledger::duty::{Answer, Question, Settled};
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::Tariffs;
use std::sync::OnceLock;

fn tariffs() -> &'static Tariffs {
    static HELD: OnceLock<Tariffs> = OnceLock::new();
    HELD.get_or_init(|| Tariffs::embedded().unwrap())
}

/// Goods loaded on the day of entry: what was on the way is asked for by name.
fn ask(code: &str, from: &str, to: &str, on: &str) -> Answer {
    let on = on.parse().unwrap();
    let question = Question {
        code: code.parse().unwrap(),
        from,
        to,
        on,
        known_on: on,
        value: None,
        quantity: None,
        settled: Settled { loaded: Some(on), ..Settled::default() },
    };
    tariffs().duty(&question, Reading::Stated).unwrap()
}

fn to_usa(code: &str, on: &str) -> Answer {
    ask(code, "CHN", "USA", on)
}

/// The five public examples: `shared/facts/worked_examples.csv` W1 to W5 and `facts-to-duty.md`, section 5.
#[test]
fn the_five_public_examples() {
    for (code, on, total) in [
        // 16.5 base + 7.5 List 4A (85 FR 3741) + 20 fentanyl (EO 14228) + 125 reciprocal (EO 14266).
        ("6109.10.00", "2025-04-20", 169.0),
        // 16.5 + 7.5 + 12.5 forced labour (91 FR 47318); IEEPA ended, Section 122 lapsed.
        ("6109.10.00", "2026-08-01", 36.5),
        // 2.5 + 100 note 31(d) (89 FR 76581) + 25 automobiles (Proclamation 10908), which blocks reciprocal + 20.
        ("8703.80.00", "2025-04-20", 147.5),
        // 0 + 50 note 31(f) (89 FR 101682) + 20; chips are in Annex II.
        ("8542.31.00", "2025-06-01", 70.0),
        // 0 + 10 fentanyl (after EO 14357); List 4B never collected, computers in Annex II.
        ("8471.30.01", "2025-12-01", 10.0),
    ] {
        assert_eq!(to_usa(code, on).total_pct, Some(total), "{code} on {on}");
    }
}

/// Why a layer does not apply is part of the answer.
#[test]
fn what_does_not_apply_says_why() {
    let why = |code: &str, on: &str, measure: &str| {
        let answer = to_usa(code, on);
        let part = answer.parts.iter().find(|part| part.measure.contains(measure)).unwrap();
        assert!(!part.applies, "{measure}");
        part.why.clone()
    };
    assert_eq!(
        why("8542.31.00", "2025-06-01", "reciprocal"),
        "exempt: Annex II of EO 14257, note 2(v)(iii)(a), 9903.01.32"
    );
    assert_eq!(why("8703.80.00", "2025-04-20", "reciprocal"), "blocked by Section 232 automobiles");
    // Note 31(d) took the line over on 2024-09-27: it stands on List 1 no longer.
    assert!(why("8703.80.00", "2025-04-20", "List 1").contains("not on its lists"));
    assert!(why("8471.30.01", "2025-12-01", "List 4B").contains("before effect"));
    assert!(why("6109.10.00", "2026-08-01", "fentanyl").contains("Learning Resources"));
}

/// Ten further examples, one or two of each authority, each on both sides of a day on which something changes.
#[test]
fn ten_further_examples_on_both_sides_of_a_day() {
    for (code, before, total_before, after, total_after) in [
        // Electric motor, 4.4 base; List 1 adds 25 from 2018-07-06 (83 FR 28710).
        ("8501.10.40", "2018-07-05", 4.4, "2018-07-06", 29.4),
        // Travel bag, 20 base; List 3 at 10, then 25 from 2019-05-10 (84 FR 20459).
        ("4202.12.21", "2019-05-09", 30.0, "2019-05-10", 45.0),
        // T-shirt, 16.5; List 4A at 15, then 7.5 from 2020-02-14 (85 FR 3741).
        ("6109.10.00", "2020-02-13", 31.5, "2020-02-14", 24.0),
        // Chips, free; List 2 at 25, then note 31(f) at 50 from 2025-01-01 (89 FR 76581): in its place and not on top.
        ("8542.31.00", "2024-12-31", 25.0, "2025-01-01", 50.0),
        // Hot-rolled steel, free; note 31(b) 25 + fentanyl 20 + Section 232 25, then 50 from 2025-06-04 (Proclamation 10947);
        // the reciprocal duty stays off.
        ("7208.36.00", "2025-06-03", 70.0, "2025-06-04", 95.0),
        // Rubber gloves, free; note 31(i) at 50, then 100 from 2026-01-01 (89 FR 76581); fentanyl 10 + reciprocal 10.
        ("4015.12.10", "2025-12-31", 70.0, "2026-01-01", 120.0),
        // Lithium-ion batteries not for vehicles, 3.4; 7.5, then note 31(g) at 25 from 2026-01-01; 10 + 10.
        ("8507.60.00.20", "2025-12-31", 30.9, "2026-01-01", 48.4),
        // Upholstered chair, free; List 3 25 + fentanyl 20 + reciprocal 10, which gives way to Section 232 wood at 25 from
        // 2025-10-14 (Proclamation 10976).
        ("9401.61.40.11", "2025-10-13", 55.0, "2025-10-14", 70.0),
        // Passenger car, 2.5; List 1 25 + automobiles 25 (Proclamation 10908). Neither Section 122 (until 2026-07-23) nor
        // forced labour (from 2026-07-24, 9903.05.90) is charged beside it.
        ("8703.23.01", "2026-07-23", 52.5, "2026-07-24", 52.5),
        // Toys, free, on List 4B, which never took effect; fentanyl 20 + reciprocal 10, then 84 (EO 14259).
        ("9503.00.00", "2025-04-08", 30.0, "2025-04-09", 104.0),
    ] {
        assert_eq!(to_usa(code, before).total_pct, Some(total_before), "{code} on {before}");
        assert_eq!(to_usa(code, after).total_pct, Some(total_after), "{code} on {after}");
    }
}

/// The boundary days of `facts-to-duty.md`, one day either side, towards the United States: the T-shirt (16.5 base) of the first
/// public example carries every layer that has no list.
#[test]
fn boundary_days_towards_the_united_states() {
    for (on, total) in [
        ("2019-05-09", 16.5),
        ("2019-05-10", 16.5),
        ("2019-05-11", 16.5),
        ("2020-02-12", 31.5),
        ("2020-02-13", 31.5),
        ("2020-02-14", 24.0),
        ("2020-02-15", 24.0),
        ("2025-04-07", 54.0),
        ("2025-04-08", 54.0),
        ("2025-04-09", 128.0),
        ("2025-04-10", 169.0),
        ("2025-04-11", 169.0),
        ("2025-05-12", 169.0),
        ("2025-05-13", 169.0),
        ("2025-05-14", 54.0),
        ("2025-05-15", 54.0),
        ("2025-11-08", 54.0),
        ("2025-11-09", 54.0),
        ("2025-11-10", 44.0),
        ("2025-11-11", 44.0),
        ("2025-12-30", 44.0),
        ("2025-12-31", 44.0),
        ("2026-01-01", 44.0),
        ("2026-01-02", 44.0),
        ("2026-02-22", 44.0),
        ("2026-02-23", 44.0),
        ("2026-02-24", 34.0),
        ("2026-02-25", 34.0),
        ("2026-07-22", 34.0),
        ("2026-07-23", 34.0),
        ("2026-07-24", 36.5),
        ("2026-07-25", 36.5),
    ] {
        assert_eq!(to_usa("6109.10.00", on).total_pct, Some(total), "{on}");
    }
}

/// The same days towards China, on soybeans: the answer to the reciprocal duty (Announcements 4, 5, 6 of 2025 and of 2025-05-13), the
/// farm duty of March 2025 (10 to 2025-11-09), and the most that the list of 2019 may add.
#[test]
fn boundary_days_towards_china() {
    let adds = |on: &str, measure: &str| -> f64 {
        let answer = ask("1201.90", "USA", "CHN", on);
        answer
            .parts
            .iter()
            .filter(|part| part.measure == measure)
            .filter_map(|part| part.adds_pct)
            .map(|bounds| bounds.most)
            .sum()
    };
    for (on, reciprocal, farm, small_list) in [
        ("2019-05-09", 0.0, 0.0, 0.0),
        ("2019-05-10", 0.0, 0.0, 0.0),
        ("2020-02-13", 0.0, 0.0, 5.0),
        ("2020-02-14", 0.0, 0.0, 2.5),
        ("2025-03-09", 0.0, 0.0, 2.5),
        ("2025-03-10", 0.0, 10.0, 2.5),
        ("2025-04-08", 0.0, 10.0, 2.5),
        ("2025-04-09", 0.0, 10.0, 2.5),
        ("2025-04-10", 84.0, 10.0, 2.5),
        ("2025-04-11", 84.0, 10.0, 2.5),
        ("2025-04-12", 125.0, 10.0, 2.5),
        ("2025-05-13", 125.0, 10.0, 2.5),
        ("2025-05-14", 10.0, 10.0, 2.5),
        ("2025-11-09", 10.0, 10.0, 2.5),
        ("2025-11-10", 10.0, 0.0, 2.5),
        ("2026-01-01", 10.0, 0.0, 2.5),
        ("2026-02-24", 10.0, 0.0, 2.5),
        ("2026-07-24", 10.0, 0.0, 2.5),
    ] {
        assert_eq!(adds(on, "Response to reciprocal tariff"), reciprocal, "{on}");
        assert_eq!(adds(on, "Response to 2025 fentanyl tariff (second)"), farm, "{on}");
        assert_eq!(adds(on, "Retaliation to List 4A (list 1 of USD 75bn)"), small_list, "{on}");
    }
}

/// Two clocks: tea was freed of the reciprocal duty on 2025-11-14 from the day before.
#[test]
fn a_retroactive_change_is_not_known_before_its_day() {
    let on = "2025-11-13".parse().unwrap();
    let mut question = Question {
        code: "0902.10.10".parse().unwrap(),
        from: "CHN",
        to: "USA",
        on,
        known_on: on,
        value: None,
        quantity: None,
        settled: Settled::default(),
    };
    // 6.4 base + 7.5 List 4A + 10 + 10.
    assert_eq!(tariffs().duty(&question, Reading::Stated).unwrap().total_pct, Some(33.9));
    question.known_on = "2025-11-14".parse().unwrap();
    assert_eq!(tariffs().duty(&question, Reading::Stated).unwrap().total_pct, Some(23.9));
}

/// What snaps back: by the statements the truce runs to 2027-01-10, by the notices it ended on 2026-11-10.
#[test]
fn a_lapse_is_the_day_after_with_the_knowledge_of_before() {
    let most = |on: &str, reading| {
        let question = Question {
            code: "1201.90".parse().unwrap(),
            from: "USA",
            to: "CHN",
            on: on.parse().unwrap(),
            known_on: "2026-11-20".parse().unwrap(),
            value: None,
            quantity: None,
            settled: Settled::default(),
        };
        let answer = tariffs().duty(&question, reading).unwrap();
        let part =
            answer.parts.into_iter().find(|part| part.measure == "Response to reciprocal tariff").unwrap();
        part.rate_pct.unwrap()
    };
    assert_eq!(most("2026-11-20", Reading::Stated), 10.0);
    assert_eq!(most("2026-11-20", Reading::Notices), 34.0);
    assert_eq!(most("2027-01-09", Reading::Stated), 10.0);
    assert_eq!(most("2027-01-10", Reading::Stated), 34.0);
}

#[test]
fn money_to_the_cent_and_specific_rates_with_their_quantity() {
    let on = "2025-06-01".parse().unwrap();
    let ask = |code: &str, value, quantity| {
        let question = Question {
            code: code.parse().unwrap(),
            from: "CHN",
            to: "USA",
            on,
            known_on: on,
            value: Some(value),
            quantity,
            settled: Settled::default(),
        };
        tariffs().duty(&question, Reading::Stated).unwrap()
    };
    // 70 percent of 12,345.67 is 8,641.969.
    assert_eq!(ask("8542.31.00", 12_345.67, None).duty, Some(8_641.97));
    // Beef: 4.4 cents a kilogram, and 37.5 percent of value on top: 2,500 kg worth 12,000 dollars is 110 + 4,500.
    let beef = ask("0201.30.50", 12_000.0, Some(2_500.0));
    assert_eq!((beef.total_pct, beef.duty), (None, Some(4_610.0)));
    assert_eq!(beef.specific.as_deref(), Some("4.4¢/kg, plus 37.5% of value"));
    let without = ask("0201.30.50", 12_000.0, None);
    assert_eq!(without.duty, None);
    assert!(without.questions[0].starts_with("the quantity in kg"), "{:?}", without.questions);
}

#[test]
fn short_and_split_codes_give_a_range_an_average_and_a_question() {
    let shirts = to_usa("61.09", "2025-04-20");
    let range = shirts.range_pct.unwrap();
    assert_eq!((range.least, range.most, shirts.lines), (147.6, 184.5, 5));
    let average =
        shirts.averages.iter().find(|average| average.weights == "imports-from-partner-2024").unwrap();
    assert!(range.least < average.average_pct && average.average_pct < range.most);
    // Eight digits that lists split: children's seats are on no list (20 fentanyl + 10 reciprocal), household chairs pay List 3
    // and Section 232 wood in place of the reciprocal duty (25 + 20 + 25).
    let chairs = to_usa("9401.61.40", "2025-11-01");
    assert_eq!(chairs.range_pct.map(|range| (range.least, range.most)), Some((30.0, 70.0)));
    assert!(chairs.questions[0].contains("10-digit"), "{:?}", chairs.questions);
    // Some lines of the chapter take the rate of each garment of a set: no range of totals, and said so.
    let chapter = to_usa("61", "2025-04-20");
    assert_eq!(chapter.range_pct, None);
    assert!(chapter.specific.unwrap().contains("no single share of value"));
}

#[test]
fn codes_that_are_none_are_refused_with_their_neighbours() {
    let on = "2025-06-01".parse().unwrap();
    let question = Question {
        code: "8542.31.07".parse().unwrap(),
        from: "CHN",
        to: "USA",
        on,
        known_on: on,
        value: None,
        quantity: None,
        settled: Settled::default(),
    };
    let said = tariffs().duty(&question, Reading::Stated).unwrap_err().to_string();
    assert!(said.contains("no line 8542.31.07") && said.contains("8542.31.00"), "{said}");
}

fn most(total: Option<f64>, range: Option<detente_ledger::duty::Bounds>) -> f64 {
    total.or(range.map(|range| range.most)).unwrap()
}

#[test]
fn steps_tell_every_change_and_its_act() {
    let question = Question {
        code: "6109.10.00".parse().unwrap(),
        from: "CHN",
        to: "USA",
        on: "2025-01-01".parse().unwrap(),
        known_on: "2026-11-20".parse().unwrap(),
        value: None,
        quantity: None,
        settled: Settled::default(),
    };
    let steps = tariffs().duty_steps(&question, "2026-12-31".parse().unwrap(), Reading::Stated).unwrap();
    let path: Vec<(String, f64)> =
        steps.iter().map(|step| (step.from.to_string(), most(step.total_pct, step.range_pct))).collect();
    // The most: days in brackets are those from which goods that were on the way find no relief any more.
    let expected = [
        ("2025-01-01", 24.0),
        ("2025-02-04", 34.0),
        ("2025-03-04", 44.0),
        ("2025-03-07", 44.0), // (9903.01.23)
        ("2025-04-05", 54.0),
        ("2025-04-09", 128.0),
        ("2025-04-10", 169.0),
        ("2025-05-14", 54.0),
        ("2025-05-27", 54.0), // (9903.01.28)
        ("2025-11-10", 44.0),
        ("2026-02-24", 34.0),
        ("2026-02-28", 34.0), // (9903.03.02)
        ("2026-07-24", 36.5),
        ("2026-07-28", 36.5), // (9903.05.85)
    ];
    assert_eq!(path, expected.map(|(day, total)| (day.to_owned(), total)));
    assert!(steps[6].changes.iter().any(|change| change.contains("EO 14266")), "{:?}", steps[6].changes);
    assert!(steps.windows(2).all(|pair| pair[0].until == Some(pair[1].from)));
}

/// Goods that an exclusion describes are told beside the line's duty, with the act, and only where an exclusion in force relieves
/// something that is charged.
#[test]
fn what_an_exclusion_would_free_is_told_beside_the_duty() {
    // Motor of List 1, 4.4 base: 25 + 10 fentanyl + 10 reciprocal; without the 25 for described goods (90 FR 55232).
    let answer = to_usa("8501.10.40", "2025-12-05");
    assert_eq!(answer.total_pct, Some(49.4));
    let excluded = answer.if_excluded.unwrap();
    assert_eq!((excluded.total_pct, excluded.range_pct), (Some(24.4), None));
    assert_eq!(excluded.without, ["Section 301 (technology transfer) List 1"]);
    assert_eq!(excluded.sources[0], "90 FR 55232");
    // Nothing of Section 301 is charged on a computer; nothing was excluded between 2018-07-06 and the first exclusion on record.
    assert!(to_usa("8471.30.01", "2025-12-05").if_excluded.is_none());
    assert!(to_usa("8501.10.40", "2018-07-10").if_excluded.is_none());
    // The other side's waivers take the retaliation of 2018-19 off, and leave the 10 on all goods.
    let soybeans = ask("1201.90", "USA", "CHN", "2025-12-05");
    let excluded = soybeans.if_excluded.unwrap();
    assert_eq!((excluded.total_pct, excluded.range_pct), (Some(13.0), None));
    assert_eq!(excluded.sources[0], "Customs Tariff Commission 2020 No. 2");
}

/// China's answers by line, each sum by hand: base, answer to Section 232, to Lists 1 to 3 with their steps. Until the lines were on
/// record these were ranges.
#[test]
fn answers_of_china_add_up_by_line() {
    for (code, on, total) in [
        // Pork: 12 base, 25 to Section 232, 25 of the list of USD 34 bn.
        ("0203.29.00", "2018-04-01", 12.0),
        ("0203.29.00", "2018-04-02", 37.0),
        ("0203.29.00", "2018-07-06", 62.0),
        // Liquefied gas: free, 10 of the list of USD 60 bn, 15 more from June 2019.
        ("2711.11.00", "2018-09-23", 0.0),
        ("2711.11.00", "2018-09-24", 10.0),
        ("2711.11.00", "2019-06-01", 25.0),
        // Cars: 15 base; 25 of the first list, held back from 2019-01-01 on.
        ("8703.23.42", "2018-08-01", 40.0),
        ("8703.23.42", "2018-12-31", 40.0),
        ("8703.23.42", "2019-01-01", 15.0),
        // The same subheading, on the second list.
        ("8703.23.41", "2018-08-22", 15.0),
        ("8703.23.41", "2018-08-23", 40.0),
        // Wine: 14 base, 15 to Section 232, 10 of the list of USD 60 bn, 15 more.
        ("2204.21.00", "2018-04-02", 29.0),
        ("2204.21.00", "2018-09-24", 39.0),
        ("2204.21.00", "2019-06-01", 54.0),
        // Crude oil, alone in its subheading: 5 of the list of 2019, halved in 2020; 10 from February 2025; 10 on all goods.
        ("2709.00.00", "2019-08-31", 0.0),
        ("2709.00.00", "2019-09-01", 5.0),
        ("2709.00.00", "2020-02-14", 2.5),
        ("2709.00.00", "2025-02-10", 12.5),
        ("2709.00.00", "2025-12-05", 22.5),
    ] {
        let answer = ask(code, "USA", "CHN", on);
        assert_eq!(answer.total_pct, Some(total), "{code} on {on}: {:?}", answer.range_pct);
    }
}

/// What the highest line of a subheading does not settle stays a range, and says so.
#[test]
fn a_line_that_is_not_settled_keeps_its_range() {
    let answer = ask("1201.90.10", "USA", "CHN", "2020-03-01");
    assert_eq!(answer.total_pct, None);
    let range = answer.range_pct.unwrap();
    assert_eq!((range.least, range.most), (28.0, 30.5));
    assert!(answer.questions.iter().any(|question| question.contains("the highest line of its subheading")));
    // A tractor named in part by the notice of February 2025; black soybeans, which the notice of March 2025 does not name.
    let tractor = ask("8701.93.90", "USA", "CHN", "2025-02-20").range_pct.unwrap();
    assert_eq!(tractor.most - tractor.least, 10.0);
    let part = |code: &str| {
        let answer = ask(code, "USA", "CHN", "2025-03-20");
        answer.parts.into_iter().any(|part| part.applies && part.measure.contains("fentanyl"))
    };
    assert!(part("1201.90.10") && !part("1201.90.20"));
}

/// A part that rests on memory is marked, and the duty is given without it.
#[test]
fn a_duty_that_rests_on_memory_is_given_without_it() {
    let recalled = r#"
id = "US-RECALLED"
title = "A recalled duty"
imposer = "USA"
targets = ["CHN"]
authority = "Recalled"
statute = "none"
family = "recalled"
kind = "tariff"
covers = "shirts"
[[scope]]
codes = ["6109"]
[[entry]]
change = "sets"
act = "a recalled act"
announced = "2019-01-01"
from = "2019-01-10"
until = "2019-06-01"
rate_pct = 30
confidence = "memory"
"#;
    let mut ledger = detente_ledger::Ledger::embedded().unwrap();
    ledger
        .lay(vec![detente_ledger::files::Named {
            name: "mine/recalled.toml".to_owned(),
            text: recalled.into(),
        }])
        .unwrap();
    let tariffs = Tariffs::new(ledger, Vec::new());
    let ask = |on: &str| {
        let on = on.parse().unwrap();
        let code = "6109.10.00".parse().unwrap();
        let question = Question {
            code,
            from: "CHN",
            to: "USA",
            on,
            known_on: on,
            value: None,
            quantity: None,
            settled: Settled::default(),
        };
        tariffs.duty(&question, Reading::Stated).unwrap()
    };
    let answer = ask("2019-01-15");
    let part = answer.parts.iter().find(|part| part.confidence == "unsourced").unwrap();
    assert!(part.applies && part.measure == "A recalled duty");
    assert_eq!(answer.total_pct, Some(46.5));
    let without = answer.without_unsourced.unwrap();
    assert_eq!((without.without, without.total_pct), (vec!["A recalled duty".to_owned()], Some(16.5)));
    assert!(ask("2019-06-15").without_unsourced.is_none());
}

/// Section 321: a parcel of at most 800 dollars is free until 2025-05-01 for goods of China and Hong Kong, until 2025-08-28 for all others;
/// then parcels by post pay a rate of their own in place of all duties. Each is a claim that counts as not made, with its duty beside.
#[test]
fn small_parcels_are_asked_about_on_their_days() {
    let parcel = |origin: &str, on: &str| -> Option<(String, Option<f64>)> {
        let found = ask("6109.10.00", origin, "USA", on);
        let asked = found.conditions.iter().find(|asked| asked.id.ends_with("-parcel"))?;
        assert_eq!(asked.kind, "claim");
        let not_made = &asked.answers[1].duty;
        assert_eq!((not_made.total_pct, not_made.range_pct), (found.total_pct, found.range_pct), "not made");
        Some((asked.id.clone(), asked.answers[0].duty.total_pct))
    };
    let small = Some(("small-parcel".to_owned(), Some(0.0)));
    let post = |rate: f64| Some(("postal-parcel".to_owned(), Some(rate)));
    for origin in ["CHN", "HKG"] {
        assert_eq!(parcel(origin, "2019-03-01"), small, "{origin}");
        assert_eq!(parcel(origin, "2025-05-01"), small, "{origin}");
        assert_eq!(parcel(origin, "2025-05-02"), post(120.0), "{origin}");
        assert_eq!(parcel(origin, "2025-05-13"), post(120.0), "{origin}");
        assert_eq!(parcel(origin, "2025-08-29"), None, "{origin}");
    }
    // 54 for Chinese shirts as for their parcels: what changes nothing is not asked. Of Hong Kong no List 4A.
    assert_eq!(parcel("CHN", "2025-05-14"), None);
    assert_eq!(parcel("HKG", "2025-05-14"), post(54.0));
    for origin in ["VNM", "DEU", "MAC"] {
        assert_eq!(parcel(origin, "2025-05-02"), small, "{origin}");
        assert_eq!(parcel(origin, "2025-08-28"), small, "{origin}");
        assert_eq!(parcel(origin, "2025-08-29"), None, "{origin}");
        assert_eq!(parcel(origin, "2026-02-24"), post(10.0), "{origin}");
        assert_eq!(parcel(origin, "2026-07-24"), None, "{origin}");
    }
    // An end that is not announced is not known.
    let known = |on: &str, known_on: &str| {
        let mut question = Question::new("6109.10.00".parse().unwrap(), "CHN", "USA", on.parse().unwrap());
        question.known_on = known_on.parse().unwrap();
        let found = tariffs().duty(&question, Reading::Stated).unwrap();
        found.conditions.iter().any(|asked| asked.id == "small-parcel")
    };
    assert!(known("2025-05-05", "2025-04-01") && !known("2025-05-05", "2025-04-02"));
    // Claimed, the parcel's rate is the whole duty, and no part says that the schedule has it.
    let on = "2025-05-05".parse().unwrap();
    let mut question = Question::new("6109.10.00".parse().unwrap(), "CHN", "USA", on);
    question.settled.claims = vec!["postal-parcel".to_owned()];
    let found = tariffs().duty(&question, Reading::Stated).unwrap();
    assert_eq!(found.total_pct, Some(120.0));
    assert!(found.parts[0].why.contains("in place of all duties"), "{}", found.parts[0].why);
    assert!(found.parts[1..].iter().all(|part| part.adds_pct.is_none_or(|adds| adds.most == 0.0)));
}

/// Section 232 on polysilicon begins with polysilicon: 50 of note 31(f) and 15 on top, the forced-labour duty left off by note 52(b).
#[test]
fn polysilicon_pays_the_duty_on_polysilicon() {
    assert_eq!(to_usa("2804.61.00", "2026-12-03").total_pct, Some(50.0));
    assert_eq!(to_usa("2804.61.00", "2026-12-04").total_pct, Some(65.0));
}
