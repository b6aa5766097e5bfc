//! Where the talks stood on the days on which it changed, both ways, with the rates that the fact base prints.

use detente_ledger::tariff::{Tariffs, View};
use detente_ledger::{
    Ledger, date,
    instrument::{Change, Kind},
    status::{AsOf, Status, StatusLayer, lapses, status},
    talks::Talks,
};
use detente_testkit::{needs, shared};
use jiff::civil::Date;
use std::collections::BTreeMap;

fn day(text: &str) -> Date {
    date(text).unwrap()
}

fn record() -> (Ledger, Talks) {
    let ledger = Ledger::embedded().unwrap();
    let talks = ledger.talks("us-china").unwrap();
    (ledger, talks)
}

fn on(text: &str) -> Status {
    let (ledger, talks) = record();
    status(&ledger, &talks, AsOf::on_day(day(text)), None)
}

fn as_known(text: &str, known: &str) -> Status {
    let (ledger, talks) = record();
    status(&ledger, &talks, AsOf { on: day(text), known_on: day(known) }, None)
}

fn layer<'a>(status: &'a Status, measure: &str) -> Option<&'a StatusLayer> {
    status.layers.iter().find(|layer| layer.measure == measure)
}

fn rate(status: &Status, measure: &str) -> String {
    layer(status, measure).map_or_else(|| "-".to_owned(), |layer| layer.printed.clone())
}

/// The rates of these measures on a day, and the next deadline with its days.
fn seen(text: &str) -> String {
    let status = on(text);
    let rates: Vec<String> = [
        "US-301-L1",
        "US-301-L4A",
        "US-IEEPA-FENT",
        "US-IEEPA-RECIP",
        "US-S122",
        "US-301-FL",
        "CN-R301-34",
        "CN-R301-75A",
        "CN-FENT1",
        "CN-FENT2",
        "CN-RECIP",
    ]
    .iter()
    .map(|measure| rate(&status, measure))
    .collect();
    let deadline = status
        .next_deadline
        .map_or_else(|| "none".to_owned(), |deadline| format!("{} in {}", deadline.date, deadline.days));
    format!("{}; {deadline}", rates.join(" "))
}

/// By hand from measures.csv and deadlines.csv: L1, L4A, fentanyl, reciprocal, 122, forced labour | China: to list 1, to list 4A,
/// February, March, reciprocal; next deadline.
#[test]
fn the_days_on_which_it_changed() {
    let days = [
        ("2018-07-05", "- - - - - - - - - - -; none"),
        ("2018-07-06", "25 - - - - - 25 - - - -; none"),
        ("2020-02-13", "25 15 - - - - 25 5/10 - - -; none"),
        ("2020-02-14", "25 7.5 - - - - 25 2.5/5 - - -; none"),
        ("2025-02-03", "25 7.5 - - - - 25 2.5/5 - - -; none"),
        ("2025-02-04", "25 7.5 10 - - - 25 2.5/5 - - -; none"),
        ("2025-04-08", "25 7.5 20 10 - - 25 2.5/5 10/15 10/15 -; none"),
        ("2025-04-09", "25 7.5 20 84 - - 25 2.5/5 10/15 10/15 -; none"),
        ("2025-04-10", "25 7.5 20 125 - - 25 2.5/5 10/15 10/15 84; none"),
        ("2025-04-12", "25 7.5 20 125 - - 25 2.5/5 10/15 10/15 125; none"),
        ("2025-05-13", "25 7.5 20 125 - - 25 2.5/5 10/15 10/15 125; 2025-08-12 in 91"),
        ("2025-05-14", "25 7.5 20 10 - - 25 2.5/5 10/15 10/15 10; 2025-08-12 in 90"),
        ("2025-09-16", "25 7.5 20 10 - - 25 2.5/5 10/15 10/15 10; 2025-11-10 in 55"),
        ("2025-11-09", "25 7.5 20 10 - - 25 2.5/5 10/15 10/15 10; 2026-11-10 in 366"),
        ("2025-11-10", "25 7.5 10 10 - - 25 2.5/5 10/15 - 10; 2026-11-10 in 365"),
        ("2026-02-23", "25 7.5 10 10 - - 25 2.5/5 10/15 - 10; 2026-07-24 in 151"),
        ("2026-02-24", "25 7.5 - - 10 - 25 2.5/5 10/15 - 10; 2026-07-24 in 150"),
        ("2026-07-23", "25 7.5 - - 10 - 25 2.5/5 10/15 - 10; 2026-07-24 in 1"),
        ("2026-07-24", "25 7.5 - - - 12.5 25 2.5/5 10/15 - 10; 2026-11-10 in 109"),
        ("2026-10-07", "25 7.5 - - - 12.5 25 2.5/5 10/15 - 10; 2027-01-10 in 95"),
    ];
    for (text, right) in days {
        assert_eq!(seen(text), right, "on {text}");
    }
}

/// Every tariff row of the fact base that covers a day is in the status of that day at its printed rate, and nothing of the
/// fact base is there that its rows do not cover. Independent of how the ledger is built.
#[needs("facts/measures.csv")]
#[test]
fn status_agrees_with_the_fact_base_on_every_day_of_change() {
    let mut reader = csv::Reader::from_path(shared("facts/measures.csv")).unwrap();
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    let (ledger, talks) = record();
    let last = day("2026-10-07");
    let mut days: Vec<Date> =
        rows.iter().map(|row| day(&row["effective_from"])).filter(|day| *day <= last).collect();
    days.extend(days.clone().iter().map(|day| day.yesterday().unwrap()));
    days.push(last);
    for on in days {
        let status = status(&ledger, &talks, AsOf { on, known_on: day("2026-11-24") }, None);
        let printed: BTreeMap<&str, &str> = rows
            .iter()
            .filter(|row| row["kind"] == "tariff" && row["rate_basis"] != "proposed")
            .filter(|row| {
                let from = day(&row["effective_from"]);
                from <= on && (row["effective_to"].is_empty() || on <= day(&row["effective_to"]))
            })
            .map(|row| (row["measure_id"].as_str(), row["rate_pct"].as_str()))
            .collect();
        // The stage of the solar safeguard is 14.25 there with low confidence, and 14 as note 18(f) prints it.
        for (measure, rate) in printed.iter().filter(|(measure, _)| **measure != "US-201-SOLAR") {
            match layer(&status, measure) {
                Some(layer) => assert_eq!(&layer.printed, rate, "{measure} on {on}"),
                None => {
                    // Or a successor has ended it, and carries its rate on.
                    let ends = |entry: &detente_ledger::instrument::Entry| {
                        entry.from <= on && entry.ends.iter().any(|ended| ended == measure)
                    };
                    let successor =
                        ledger.instruments.iter().find(|instrument| instrument.entries.iter().any(ends));
                    let carried = successor
                        .and_then(|successor| layer(&status, &successor.id))
                        .is_some_and(|layer| layer.printed.split('/').any(|printed| printed == *rate));
                    assert!(*rate == "0" || carried, "{measure} is missing on {on}");
                }
            }
        }
        // Days before a measure's first row are acts that the fact base has in words only.
        for layer in &status.layers {
            let first = rows.iter().find(|row| row["measure_id"] == layer.measure);
            let covered = first.is_some_and(|row| day(&row["effective_from"]) <= on);
            assert!(!covered || printed.contains_key(layer.measure.as_str()), "{} on {on}", layer.measure);
        }
    }
}

#[test]
fn an_act_is_not_there_before_it_was_announced() {
    // List 1, announced 2018-06-20.
    assert_eq!(rate(&as_known("2018-07-06", "2018-06-19"), "US-301-L1"), "-");
    assert_eq!(rate(&as_known("2018-07-06", "2018-06-20"), "US-301-L1"), "25");
    // The order of 2025-05-12.
    assert_eq!(rate(&as_known("2025-05-14", "2025-05-11"), "US-IEEPA-RECIP"), "125");
    assert!(as_known("2025-05-14", "2025-05-11").next_deadline.is_none());
    assert_eq!(rate(&as_known("2025-05-14", "2025-05-12"), "US-IEEPA-RECIP"), "10");
    // The 125 percent step, announced 2025-04-09, and the 84 before it, announced 2025-04-08.
    assert_eq!(rate(&as_known("2025-04-10", "2025-04-07"), "US-IEEPA-RECIP"), "34");
    assert_eq!(rate(&as_known("2025-04-10", "2025-04-08"), "US-IEEPA-RECIP"), "84");
    assert_eq!(rate(&as_known("2025-04-10", "2025-04-09"), "US-IEEPA-RECIP"), "125");
    // The ruling of 2026-02-20: before it the suspension runs to 2026-11-10 and then 34 returns.
    let before = as_known("2026-03-01", "2026-02-19");
    assert_eq!(rate(&before, "US-IEEPA-RECIP"), "10");
    assert_eq!(rate(&before, "US-S122"), "-");
    assert_eq!(rate(&as_known("2026-11-10", "2026-02-19"), "US-IEEPA-RECIP"), "34");
    assert_eq!(rate(&as_known("2026-03-01", "2026-02-20"), "US-IEEPA-RECIP"), "-");
}

/// The status of 2025-08-12 as known two days before, and the day after.
#[test]
fn the_truce_of_august_2025_as_known() {
    let before = as_known("2025-08-12", "2025-08-10");
    assert_eq!((rate(&before, "US-IEEPA-RECIP"), rate(&before, "CN-RECIP")), ("34".into(), "34".into()));
    let after = as_known("2025-08-12", "2025-08-13");
    assert_eq!((rate(&after, "US-IEEPA-RECIP"), rate(&after, "CN-RECIP")), ("10".into(), "10".into()));
    assert_eq!(after.next_deadline.unwrap().date, day("2025-11-10"));
    let eve = on("2025-08-10").next_deadline.unwrap();
    assert_eq!((eve.date, eve.days), (day("2025-08-12"), 2));
}

#[test]
fn on_2025_09_16_twenty_four_points_would_return_on_each_side() {
    let deadline = on("2025-09-16").next_deadline.unwrap();
    let tariffs: Vec<_> = deadline
        .lapses
        .iter()
        .filter(|lapse| lapse.is_tariff)
        .map(|lapse| (lapse.imposer.as_str(), lapse.points, lapse.before.as_str(), lapse.after.as_str()))
        .collect();
    assert_eq!(tariffs, [("USA", Some(24.0), "10", "34"), ("CHN", Some(24.0), "10", "34")]);
    assert!(deadline.no_legal_basis.is_empty());
    // The full April rates are a threat of the press accounts: they would need an act.
    let full: Vec<_> = deadline.needs_new_act.iter().map(|act| (act.imposer.as_str(), act.points)).collect();
    assert_eq!(full, [("USA", Some(115.0)), ("CHN", Some(115.0))]);
}

#[test]
fn at_the_last_evidence_mostly_chinas_measures_would_return() {
    let deadline = on("2026-10-07").next_deadline.unwrap();
    assert_eq!(deadline.standing.as_deref(), Some("stated, notice not seen"));
    let of = |imposer: &str, measure: &str| {
        deadline.lapses.iter().find(|lapse| lapse.imposer == imposer && lapse.measure == measure)
    };
    let china = of("CHN", "CN-RECIP").unwrap();
    assert_eq!((china.points, china.before.as_str(), china.after.as_str()), (Some(24.0), "10", "34"));
    assert!(of("USA", "US-IEEPA-RECIP").is_none());
    assert!(of("USA", "US-301-EXCL").is_some() && of("CHN", "CN-RE-OCT").is_some());
    let gone: Vec<_> =
        deadline.no_legal_basis.iter().map(|lapse| (lapse.measure.as_str(), lapse.points)).collect();
    assert_eq!(gone, [("US-IEEPA-RECIP", Some(24.0))]);
}

/// Two tenses of 2026-11-10: the order's text says 34, the law has not permitted it since February 2026.
#[test]
fn a_snap_back_without_legal_basis_is_said_and_not_counted() {
    let (ledger, talks) = record();
    let clock = AsOf::on_day(day("2026-03-01"));
    let found = lapses(&ledger, &talks, day("2026-11-10"), clock, None);
    let text: Vec<_> =
        found.no_legal_basis.iter().map(|lapse| (lapse.measure.as_str(), lapse.after.as_str())).collect();
    assert_eq!(text, [("US-IEEPA-RECIP", "34")]);
    assert!(!found.by_law.iter().any(|lapse| lapse.measure == "US-IEEPA-RECIP"));
    assert!(found.by_law.iter().any(|lapse| lapse.measure == "CN-RECIP" && lapse.points == Some(24.0)));
    // Before the ruling it would have lapsed by law.
    let before = lapses(&ledger, &talks, day("2026-11-10"), AsOf::on_day(day("2026-02-19")), None);
    assert!(
        before.by_law.iter().any(|lapse| lapse.measure == "US-IEEPA-RECIP" && lapse.points == Some(24.0))
    );
    assert!(before.no_legal_basis.is_empty());
}

#[test]
fn between_ruling_and_end_of_collection_the_duty_is_flagged() {
    let status = on("2026-02-23");
    assert!(layer(&status, "US-IEEPA-FENT").unwrap().no_legal_basis);
    assert!(!layer(&status, "CN-RECIP").unwrap().no_legal_basis);
    assert!(!layer(&on("2026-02-19"), "US-IEEPA-FENT").unwrap().no_legal_basis);
}

#[test]
fn statements_and_notices_are_kept_apart() {
    let today = on("2026-11-24");
    assert_eq!(today.not_verified_after, Some(day("2026-10-07")));
    let china = layer(&today, "CN-RECIP").unwrap();
    assert_eq!((china.printed.as_str(), china.by_notices.as_deref(), china.stated), ("10", Some("34"), true));
    let cranes = layer(&today, "US-301-MAR-GOODS").unwrap();
    assert_eq!((cranes.printed.as_str(), cranes.by_notices.as_deref()), ("0", Some("100")));
}

#[test]
fn a_day_before_the_record_is_said_to_be_before_it() {
    let before = on("1990-01-01").before_the_record.expect("before any measure");
    assert!(on(&before.to_string()).before_the_record.is_none());
    assert!(on("2018-07-06").before_the_record.is_none());
}

#[test]
fn a_row_from_memory_is_marked() {
    let (mut ledger, talks) = record();
    let recalled = "id = \"CN-R301-60\"\n[[entry]]\nchange = \"sets\"\nact = \"recalled\"\nannounced = \"2018-10-01\"\nfrom = \"2018-10-01\"\n\
                    until = \"2018-11-01\"\nrate_pct = 10\nconfidence = \"memory\"\n";
    ledger
        .lay(vec![detente_ledger::files::Named {
            name: "mine/recalled.toml".to_owned(),
            text: recalled.into(),
        }])
        .unwrap();
    let on = |text: &str| status(&ledger, &talks, AsOf::on_day(day(text)), None);
    assert!(layer(&on("2018-10-02"), "CN-R301-60").unwrap().unsourced);
    assert!(!layer(&on("2018-09-25"), "CN-R301-60").unwrap().unsourced);
}

#[test]
fn ended_measures_are_off_the_books_and_suspended_ones_are_on_them() {
    let (ledger, _) = record();
    let status = on("2026-08-01");
    for layer in &status.layers {
        let instrument = ledger.instrument(&layer.measure).unwrap();
        assert_eq!(instrument.kind, Kind::Tariff);
        assert!(
            instrument.entries.iter().any(|entry| matches!(entry.change, Change::Sets | Change::Suspends))
        );
    }
    assert_eq!(rate(&status, "US-S122"), "-");
    assert_eq!(rate(&status, "US-301-L4B"), "0");
    assert_eq!(layer(&status, "CN-RECIP").unwrap().suspended_pct.as_ref().unwrap().to_string(), "24");
}

/// Soybeans: an end that only one side tells of is no change by law, and is said to be on its day wherever the day is asked about.
#[test]
fn an_end_by_one_sides_account_is_said_and_not_counted() {
    let (ledger, talks) = record();
    let clock = AsOf::on_day(day("2026-11-20"));
    let found = lapses(&ledger, &talks, day("2027-01-01"), clock, None);
    // By law the duties on furniture and cabinets rise that day (Proclamation 10976), and nothing else moves.
    let moved: Vec<&str> = found.by_law.iter().map(|lapse| lapse.measure.as_str()).collect();
    assert_eq!(moved, ["US-232-WOOD"]);
    let [told] = found.by_one_account.as_slice() else { panic!("{:?}", found.by_one_account) };
    assert_eq!((told.side.as_str(), told.account.as_str()), ("CHN", "White House account of arrangement"));
    assert!(told.lapses.contains("farm goods") && !told.sources.is_empty());
    // Before the account was given nobody told of it; on another day nothing is told.
    let before = lapses(&ledger, &talks, day("2027-01-01"), AsOf::on_day(day("2025-10-01")), None);
    assert!(before.by_one_account.is_empty());
    assert!(lapses(&ledger, &talks, day("2027-01-10"), clock, None).by_one_account.is_empty());
}

/// What is known of a list on a day is what it said then: goods that left an exemption later are not charged ahead of the act that says so.
#[test]
fn the_end_of_a_row_is_known_from_its_own_day() {
    let tariffs = Tariffs::embedded().unwrap();
    let rate = |on, known_on| {
        let view = View { known_on, ..View::on_day("USA", "EU27", on) };
        tariffs.averages(view).unwrap()[0].rate
    };
    let (today, eve) = (day("2025-09-16"), day("2026-02-06"));
    // Wood left Annex II on 14 October 2025 by a proclamation of 29 September.
    assert!((rate(eve, today) - rate(today, today)).abs() < 1e-9);
    assert!(rate(day("2025-10-14"), day("2025-09-29")) > rate(day("2025-10-13"), day("2025-09-29")));
}

/// The Union's lists are held back and not at nought; what stood in place of the base gives it back, by line.
#[test]
fn suspended_lists_and_cuts_of_the_base_say_what_they_are() {
    let tariffs = Tariffs::embedded().unwrap();
    let talks = tariffs.ledger().talks("us-eu").unwrap();
    let found = status(tariffs.ledger(), &talks, AsOf::on_day(day("2025-07-30")), None);
    let held = found.layers.iter().find(|layer| layer.measure == "EU-CM-21").unwrap();
    assert_eq!(held.suspended_pct.as_ref().map(ToString::to_string).as_deref(), Some("10/25"));
    // The package ends on 7 August and changes no duty; the merged list begins on that day.
    let ahead: Vec<_> = found.adopted.iter().flat_map(|step| &step.changes).collect();
    assert!(ahead.iter().all(|change| change.measure != "EU-CM-21"), "{ahead:?}");
    let list = ahead.iter().find(|change| change.measure == "EU-CM-93").unwrap();
    assert_eq!((list.points, list.points_high), (Some(10.0), Some(30.0)));
    let found = status(tariffs.ledger(), &talks, AsOf::on_day(day("2026-10-07")), None);
    let cut = &found.next_deadline.unwrap().lapses[0];
    assert_eq!((cut.before.as_str(), cut.after.as_str()), ("0 in place of the base", "the base"));
    assert!(cut.is_tariff && cut.points.is_none(), "{cut:?}");
}
