//! The talks' own record: how often the series met, where promises stand, what an outcome's measures are.

use detente_ledger::{
    Ledger, date,
    negotiation::{Direction, negotiating_table},
    status::AsOf,
    talks::{CommitmentStanding, CommitmentStatus, Talks},
};
use jiff::civil::Date;

fn day(text: &str) -> Date {
    date(text).unwrap()
}

fn record() -> (Ledger, Talks) {
    let ledger = Ledger::embedded().unwrap();
    let talks = ledger.talks("us-china").unwrap();
    (ledger, talks)
}

fn promise(id: &str, on: &str) -> CommitmentStanding {
    let (ledger, talks) = record();
    let all = talks.commitments_on(AsOf::on_day(day(on)), &ledger.sources);
    all.into_iter().find(|held| held.id == id).unwrap_or_else(|| panic!("{id} on {on}"))
}

/// Days between first days, by hand: SED 2006-12-14 to 2008-12-04 is 721 days over 4 gaps; S&ED 2009-07-27 to 2016-06-06 is 2506
/// over 7; Geneva 2025-05-10 to Madrid 2025-09-14 is 127 over 3.
#[test]
fn how_often_the_series_met() {
    let (_, talks) = record();
    let found = talks.intensity(AsOf::on_day(day("2025-09-16")));
    let of = |title: &str| found.iter().find(|held| held.series == title).unwrap();
    let sed = of("Strategic Economic Dialogue 2006-08");
    assert_eq!((sed.meetings, sed.days_between), (5, 721.0 / 4.0));
    let s_and_ed = of("Strategic and Economic Dialogue 2009-16");
    assert_eq!((s_and_ed.meetings, s_and_ed.days_between), (8, 358.0));
    let now = of("Trade talks 2025-26");
    assert_eq!((now.meetings, now.days_between), (4, 127.0 / 3.0));
    // "At least five times more intensive" than the annual dialogue; more than "double the pace" of the one before.
    assert!((now.per_year / s_and_ed.per_year - 358.0 * 3.0 / 127.0).abs() < 1e-12);
    assert!(now.per_year / s_and_ed.per_year > 5.0 && now.per_year / sed.per_year > 2.0);
    // As known on the day before Madrid, three rounds.
    let before = talks.intensity(AsOf::on_day(day("2025-09-13")));
    assert_eq!(before.iter().find(|held| held.series == now.series).unwrap().meetings, 3);
}

#[test]
fn where_promises_stand_is_computed_from_dates() {
    use CommitmentStatus::{Late, Met, Missed, Open, Superseded};
    let stands = |id: &str, on: &str| promise(id, on).status;
    // Soybeans: open, then met by the last of three due days that sources give, late by the first.
    assert_eq!(stands("K16", "2025-12-01"), Open);
    assert_eq!(stands("K16", "2026-02-01"), Met);
    assert_eq!(promise("K16", "2026-02-01").by_earliest_due, Some((day("2025-12-31"), Late)));
    // TikTok: due day moved twice.
    assert_eq!(promise("K09", "2025-09-15").due, Some(day("2025-09-17")));
    assert_eq!(promise("K09", "2025-09-16").due, Some(day("2025-12-16")));
    assert_eq!(stands("K09", "2025-12-20"), Open);
    assert_eq!(stands("K09", "2026-01-22"), Met);
    // The fentanyl cut was carried out, then overtaken by the ruling.
    assert_eq!(stands("K11", "2025-11-09"), Open);
    assert_eq!(stands("K11", "2025-11-10"), Met);
    assert_eq!(stands("K11", "2026-02-20"), Superseded);
    assert_eq!(stands("K01", "2021-12-31"), Open);
    assert_eq!(stands("K01", "2022-01-15"), Late);
    assert_eq!(stands("K01", "2022-02-08"), Missed);
    // Non-tariff countermeasures after Geneva: due 2025-05-14, in part only.
    assert_eq!(stands("K04", "2025-06-30"), Late);
    // A term that officials say runs on.
    assert_eq!(promise("K18", "2026-01-01").term_until, Some(day("2026-11-10")));
    assert_eq!(promise("K18", "2026-11-24").term_until, Some(day("2027-01-10")));
}

#[test]
fn a_claim_of_one_side_shows_both_accounts() {
    let licences = promise("K19", "2026-09-30");
    assert!(!licences.matched);
    let parties: Vec<&str> = licences.accounts.iter().map(|account| account.party.as_str()).collect();
    assert_eq!(parties, ["USA", "CHN"]);
    assert!(promise("K02", "2025-06-01").matched);
}

#[test]
fn past_the_last_evidence_what_is_open_is_not_verified() {
    assert_eq!(promise("K17", "2026-11-24").not_verified_after, Some(day("2026-10-07")));
    assert_eq!(promise("K17", "2026-10-07").not_verified_after, None);
    assert_eq!(promise("K02", "2026-11-24").not_verified_after, None);
}

#[test]
fn nothing_is_on_record_before_it_happened() {
    let (ledger, talks) = record();
    let clock = AsOf { on: day("2026-10-01"), known_on: day("2025-09-16") };
    assert_eq!(talks.rounds_so_far(clock).filter(|round| round.number.is_some()).count(), 4);
    assert_eq!(talks.frameworks_so_far(clock).last().unwrap().name, "Madrid");
    assert!(talks.commitments_on(clock, &ledger.sources).iter().all(|held| held.made <= clock.known_on));
    // What was added to a round's text later is not told before.
    let stockholm = talks.rounds.iter().find(|round| round.city == "Stockholm").unwrap();
    assert!(!stockholm.outcome_as_known(day("2025-07-30")).contains("2025-08-11"));
    assert!(stockholm.outcome_as_known(day("2025-08-12")).contains("2025-08-11"));
    // Nor what became of a deadline, nor an account given later.
    let july = AsOf::on_day(day("2025-07-30"));
    let deadline =
        talks.deadlines_on(july, &ledger.sources).into_iter().find(|held| held.id == "DL04").unwrap();
    assert_eq!((deadline.ahead, deadline.became, deadline.moved_to), (true, None, None));
    let soybeans = promise("K16", "2025-12-01");
    assert!(soybeans.matched && soybeans.accounts.is_empty());
    assert!(talks.positions_so_far(clock).all(|held| held.date <= clock.known_on));
}

#[test]
fn a_threat_stands_until_it_is_withdrawn_and_is_available_until_its_basis_goes() {
    let (_, talks) = record();
    let threat = |id: &str| talks.threats.iter().find(|held| held.id == id).unwrap();
    let hundred = threat("T01");
    let stands = |on: &str, known: &str| hundred.stands(AsOf { on: day(on), known_on: day(known) });
    assert!(!stands("2025-10-09", "2025-10-09"));
    assert!(stands("2025-10-20", "2025-10-20"));
    assert!(!stands("2025-11-01", "2025-10-30"));
    assert!(stands("2025-11-01", "2025-10-20"), "as known before it was withdrawn");
    assert!(hundred.is_available(AsOf::on_day(day("2025-10-20"))));
    assert!(!hundred.is_available(AsOf::on_day(day("2026-02-20"))));
    let excess = threat("T04");
    assert!(excess.stands(AsOf::on_day(day("2026-04-01"))) && !excess.has_figure(day("2026-04-01")));
    assert!(excess.has_figure(day("2026-08-24")));
}

#[test]
fn the_table_says_who_can_undo_what() {
    let (ledger, talks) = record();
    let table = negotiating_table(&ledger, &talks, AsOf::on_day(day("2026-10-07")), "USA", None);
    let by = |id: &str| table.positions.iter().find(|held| held.id == id);
    let package = by("K18").unwrap();
    assert_eq!(package.direction, Direction::Ask);
    assert_eq!((package.undone_by.as_deref(), package.date), (Some("agency"), Some(day("2027-01-10"))));
    assert!(package.linkage.contains(&"K14".to_owned()));
    // Overtaken by the ruling, so no longer on the table.
    assert!(by("K12").is_none());
    let china = table.faces.iter().find(|held| held.measure == "CN-RECIP").unwrap();
    assert_eq!(china.state, "10 (24 held back)");
    assert!(table.holds.iter().all(|held| held.by == "USA"));
}

/// A table of a day knows no later ruling: how long it takes to put back is the law's of that day, as known that day.
#[test]
fn the_table_looks_into_no_future() {
    let tariffs = detente_ledger::tariff::Tariffs::embedded().unwrap();
    let talks = tariffs.ledger().talks("us-china").unwrap();
    let table = |on: &str, known_on: &str| {
        let clock = AsOf { on: day(on), known_on: day(known_on) };
        negotiating_table(tariffs.ledger(), &talks, clock, "USA", Some(&tariffs))
    };
    let reinstated = |on: &str, known_on: &str| {
        let table = table(on, known_on);
        let held = table.holds.iter().find(|held| held.measure == "US-IEEPA-FENT").unwrap();
        held.reinstated_in.clone().unwrap()
    };
    assert!(reinstated("2025-09-16", "2025-09-16").starts_with("executive order"));
    assert!(reinstated("2026-02-22", "2026-02-19").starts_with("executive order"));
    assert!(reinstated("2026-02-22", "2026-02-22").starts_with("not under this statute"));
    // 20 points on all that the record has lines for: imports from the partner of 2024, 418.0 billion dollars (by lines.csv).
    let table = table("2025-09-16", "2025-09-16");
    let fentanyl = table.holds.iter().find(|held| held.measure == "US-IEEPA-FENT").unwrap();
    let trade = fentanyl.trade_at_stake_usd.unwrap();
    assert!((trade / 1e9 - 418.0).abs() < 0.5, "{trade}");
    assert!((fentanyl.duty_a_year_usd.unwrap() / trade - 0.2).abs() < 1e-12);
}
