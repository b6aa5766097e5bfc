//! Intervals, schedules, overlays, and a hundred broken files.

use detente_ledger::{
    Ledger, LedgerError,
    check::check,
    date,
    files::Named,
    interval::Interval,
    rate::Rate,
    schedule::{Reading, governing, schedule},
};
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;

fn day(number: i32) -> Date {
    date("2025-01-01").unwrap().checked_add(number.days()).unwrap()
}

fn any_interval() -> impl Strategy<Value = Interval> {
    (0..60i32, prop::option::of(0..60i32)).prop_map(|(from, until)| Interval::new(day(from), until.map(day)))
}

fn file(name: &str, text: impl Into<String>) -> Named {
    Named { name: name.to_owned(), text: text.into().into() }
}

/// An instrument of its own from generated acts: (announced, from, length, rate).
fn instrument(acts: &[(i32, i32, Option<i32>, u8)]) -> Ledger {
    let mut text = String::from(
        "id = \"X\"\ntitle = \"X\"\nimposer = \"AAA\"\ntargets = [\"BBB\"]\nauthority = \"x\"\nfamily = \"x\"\nkind = \"tariff\"\n",
    );
    // Each act has its own words: the same act twice is refused.
    for (at, (announced, from, length, rate)) in acts.iter().enumerate() {
        let until = length.map(|length| format!("until = \"{}\"\n", day(from + length))).unwrap_or_default();
        text += &format!(
            "[[entry]]\nchange = \"sets\"\nact = \"a{at}\"\nannounced = \"{}\"\nfrom = \"{}\"\n{until}rate_pct = {rate}\nconfidence = \"low\"\n",
            day(*announced),
            day(*from)
        );
    }
    let mut ledger = Ledger::default();
    ledger.lay(vec![file("x.toml", text)]).unwrap();
    ledger
}

fn any_acts() -> impl Strategy<Value = Vec<(i32, i32, Option<i32>, u8)>> {
    prop::collection::vec((0..40i32, 0..40i32, prop::option::of(0..20i32), 0..100u8), 0..8)
}

proptest! {
    #[test]
    fn an_intersection_holds_the_days_of_both(one in any_interval(), two in any_interval(), number in 0..80i32) {
        let in_both = one.contains(day(number)) && two.contains(day(number));
        let both = one.intersection(two);
        prop_assert_eq!(in_both, both.is_some_and(|both| both.contains(day(number))));
        prop_assert_eq!(one.overlaps(two), two.overlaps(one));
        prop_assert_eq!(one.overlaps(two), both.is_some() && !one.is_empty() && !two.is_empty());
    }

    #[test]
    fn what_is_painted_over_is_gone_and_nothing_else(one in any_interval(), two in any_interval(), number in 0..80i32) {
        let left = one.without(two);
        let times = left.iter().flatten().filter(|part| part.contains(day(number))).count();
        prop_assert_eq!(times, usize::from(one.contains(day(number)) && !two.contains(day(number))));
        prop_assert!(left.iter().flatten().all(|part| !part.is_empty()));
    }

    /// The steps are in order and disjoint, and each day is governed by the latest announced of the acts that cover it.
    #[test]
    fn a_schedule_is_its_definition(acts in any_acts(), known in 0..50i32) {
        let ledger = instrument(&acts);
        let held = ledger.instrument("X").unwrap();
        let steps = schedule(held, day(known), Reading::Stated);
        for pair in steps.windows(2) {
            prop_assert!(pair[0].days.until.is_some_and(|until| until <= pair[1].days.from));
        }
        for number in 0..70 {
            let right = held
                .entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| entry.known_from() <= day(known) && entry.interval().contains(day(number)))
                .max_by_key(|(at, entry)| (entry.known_from(), *at))
                .map(|(_, entry)| entry.rate_pct.clone());
            let found = governing(held, day(number), day(known), Reading::Stated);
            prop_assert_eq!(found.map(|step| step.entry.rate_pct.clone()), right);
        }
    }

    /// What is learned later never changes what was known before.
    #[test]
    fn knowledge_only_grows(acts in any_acts(), later in (0..40i32, 0..40i32, 0..100u8), known in 0..40i32) {
        let (before, mut more) = (instrument(&acts), acts.clone());
        more.push((known + 1 + later.0, later.1, None, later.2));
        let after = instrument(&more);
        for number in 0..70 {
            let rate = |ledger: &Ledger| {
                let held = ledger.instrument("X").unwrap();
                governing(held, day(number), day(known), Reading::Stated).map(|step| step.entry.rate_pct.clone())
            };
            prop_assert_eq!(rate(&before), rate(&after));
        }
    }

    #[test]
    fn readers_refuse_and_never_panic(text in "\\PC*(\n\\PC*){0,6}", place in 0..9usize) {
        let name = [
            "X/a/x.toml", "sources.csv", "stacking.toml", "talks/t/talks.toml", "talks/t/rounds.csv",
            "talks/t/positions.csv", "talks/t/nontariff.csv", "talks/t/deadlines.toml", "talks/t/other.csv",
        ][place];
        let mut ledger = Ledger::default();
        let _ = ledger.lay(vec![file(name, text)]);
        let _ = ledger.talks("t");
        let _ = check(&ledger);
    }
}

#[test]
fn the_record_is_sound() {
    let found = check(&Ledger::embedded().unwrap());
    assert!(found.is_empty(), "{}", found.iter().map(LedgerError::to_string).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_suspension_does_not_bring_back_what_a_court_struck_down() {
    let ledger = Ledger::embedded().unwrap();
    let reciprocal = ledger.instrument("US-IEEPA-RECIP").unwrap();
    let on = date("2026-12-01").unwrap();
    let law = governing(reciprocal, on, on, Reading::Stated).unwrap();
    assert!(law.entry.ends());
    let text = governing(reciprocal, on, on, Reading::Texts).unwrap();
    assert_eq!(text.entry.rate_pct, Some(Rate::one(10.0)));
}

/// What if list 3 is dropped on 1 March: a file with the instrument's id and one act.
#[test]
fn a_user_lays_an_act_over_the_record() {
    let mut ledger = Ledger::embedded().unwrap();
    let what_if = "id = \"US-301-L3\"\n[[entry]]\nchange = \"ends\"\nact = \"what if\"\nfrom = \"2027-03-01\"\nrate_pct = 0\n\
                   sources = [\"my own what-if\"]\nconfidence = \"low\"\nannounced = \"2026-11-24\"\n";
    ledger.lay(vec![file("mine/list-3.toml", what_if)]).unwrap();
    assert!(check(&ledger).is_empty());
    let held = ledger.instrument("US-301-L3").unwrap();
    let known = date("2026-11-24").unwrap();
    let rate = |day: &str| {
        let step = governing(held, date(day).unwrap(), known, Reading::Stated).unwrap();
        (step.entry.ends(), step.entry.rate_pct.clone().unwrap().high())
    };
    assert_eq!(rate("2027-02-28"), (false, 25.0));
    assert_eq!(rate("2027-03-01"), (true, 0.0));
}

/// A new authority is a data edit: one file, and what is in force has it.
#[test]
fn a_new_instrument_is_a_file() {
    let mut ledger = Ledger::embedded().unwrap();
    ledger.lay(vec![file("mine/new.toml", SOUND)]).unwrap();
    assert!(check(&ledger).is_empty(), "{:?}", check(&ledger));
    let found: Vec<_> = ledger.between("AAA", "BBB").map(|held| held.id.as_str()).collect();
    assert_eq!(found, ["NEW"]);
}

const SOUND: &str = r#"id = "NEW"
title = "A new duty"
imposer = "AAA"
targets = ["BBB"]
authority = "New Act"
family = "new"
kind = "tariff"
[[scope]]
all = true
[[entry]]
change = "sets"
act = "New Act"
announced = "2026-01-01"
from = "2026-02-01"
until = "2026-03-01"
rate_pct = 5
sources = ["Official Gazette 1"]
confidence = "high"
"#;

/// Each breakage of a sound file is refused by the reader or the check, with the file's name and something to do.
#[test]
fn a_hundred_broken_files_are_refused_with_file_and_repair() {
    let swaps = [
        ("id = \"NEW\"", "ID = \"NEW\""),
        ("id = \"NEW\"\n", ""),
        ("title = \"A new duty\"\n", ""),
        ("imposer = \"AAA\"", "imposer = \"aaa\""),
        ("imposer = \"AAA\"", "imposer = \"BBB\""),
        ("imposer = \"AAA\"", "imposer = 3"),
        ("imposer = \"AAA\"\n", ""),
        ("targets = [\"BBB\"]", "targets = []"),
        ("targets = [\"BBB\"]", "targets = \"BBB\""),
        ("targets = [\"BBB\"]", "targets = [\"B\"]"),
        ("targets = [\"BBB\"]\n", ""),
        ("authority = \"New Act\"", "authority = \"\""),
        ("authority = \"New Act\"\n", ""),
        ("family = \"new\"", "family = \"\""),
        ("family = \"new\"\n", ""),
        ("kind = \"tariff\"", "kind = \"tarif\""),
        ("kind = \"tariff\"\n", ""),
        ("[[scope]]\nall = true\n", ""),
        ("all = true", "al = true"),
        ("all = true", "all = \"yes\""),
        ("[[entry]]", "[[entri]]"),
        ("[[entry]]", "[entry]"),
        ("change = \"sets\"", "change = \"set\""),
        ("change = \"sets\"\n", ""),
        ("act = \"New Act\"\nann", "ann"),
        ("act = \"New Act\"\nann", "act = \"\"\nann"),
        ("announced = \"2026-01-01\"", "announced = \"2026-02-30\""),
        ("announced = \"2026-01-01\"", "announced = \"01/01/2026\""),
        ("from = \"2026-02-01\"", "from = \"2026-13-01\""),
        ("from = \"2026-02-01\"", "from = \"\""),
        ("from = \"2026-02-01\"\n", ""),
        ("until = \"2026-03-01\"", "until = \"2026-02-01\""),
        ("until = \"2026-03-01\"", "until = \"2025-03-01\""),
        ("until = \"2026-03-01\"", "until = \"soon\""),
        ("until = \"2026-03-01\"", "utnil = \"2026-03-01\""),
        ("rate_pct = 5", "rate_pct = -5"),
        ("rate_pct = 5", "rate_pct = nan"),
        ("rate_pct = 5", "rate_pct = inf"),
        ("rate_pct = 5", "rate_pct = \"5\""),
        ("rate_pct = 5", "rate_pct = []"),
        ("rate_pct = 5", "rate_pct = [5, -1]"),
        ("rate_pct = 5\n", ""),
        ("rate_pct = 5", "rate = 5"),
        ("rate_pct = 5", "rate_pct = 5\nsuspended_pct = -1"),
        ("sources = [\"Official Gazette 1\"]", "sources = []"),
        ("sources = [\"Official Gazette 1\"]\n", ""),
        ("sources = [\"Official Gazette 1\"]", "sources = [\"s9999\"]"),
        ("confidence = \"high\"", "confidence = \"sure\""),
        ("confidence = \"high\"\n", ""),
        ("title = \"A new duty\"", "title = A new duty"),
        ("kind = \"tariff\"", "kind = \"tariff\"\nbasis = \"departure\""),
        ("confidence = \"high\"\n", "confidence = \"high\"\nstated = \"yes\"\n"),
    ];
    let mut broken: Vec<String> = swaps.iter().map(|(from, to)| SOUND.replacen(from, to, 1)).collect();
    for (text, (from, _)) in broken.iter().zip(&swaps) {
        assert_ne!(text, SOUND, "the swap of `{from}` changes nothing");
    }
    // Cut after each of fifty places inside a key or a value: a torn file.
    let cuts: Vec<usize> = (0..SOUND.len()).filter(|at| SOUND[..*at].ends_with(['=', '"', '['])).collect();
    broken.extend(cuts.iter().filter(|at| !is_whole(&SOUND[..**at])).map(|at| SOUND[..*at].to_owned()));
    assert!(broken.len() >= 100, "{}", broken.len());
    for text in &broken {
        let mut ledger = Ledger::embedded().unwrap();
        let refused = match ledger.lay(vec![file("mine/new.toml", text.clone())]) {
            Err(error) => vec![error],
            Ok(()) => check(&ledger),
        };
        assert!(!refused.is_empty(), "accepted:\n{text}");
        for error in refused {
            let said = error.to_string();
            assert!(said.contains("mine/new.toml"), "no file named: {said}");
            assert!(said.len() > "mine/new.toml".len() + 10, "nothing to do: {said}");
        }
    }
}

fn is_whole(text: &str) -> bool {
    let mut ledger = Ledger::embedded().unwrap();
    ledger.lay(vec![file("mine/new.toml", text.to_owned())]).is_ok() && check(&ledger).is_empty()
}

#[test]
fn a_stacking_rule_about_nobody_is_found() {
    let mut ledger = Ledger::embedded().unwrap();
    let rule = "[[stacking]]\nrule = \"highest\"\nfamily = \"section-233\"\nsource = \"x\"\n";
    ledger.lay(vec![file("mine/stacking.toml", rule)]).unwrap();
    let found = check(&ledger);
    assert_eq!(found.len(), 1);
    assert!(found[0].to_string().contains("is `section-232` meant?"), "{}", found[0]);
}

#[test]
fn names_that_are_not_there_offer_the_nearest() {
    let ledger = Ledger::embedded().unwrap();
    let said = ledger.talks("us-chna").unwrap_err().to_string();
    assert!(said.contains("is `us-china` meant?"), "{said}");
    let said = ledger.instrument("US-IEEPA-FENTA").unwrap_err().to_string();
    assert!(said.contains("US-IEEPA-FENT"), "{said}");
    assert!(date("2025-02-30").unwrap_err().to_string().contains("2025-02-30"));
}
