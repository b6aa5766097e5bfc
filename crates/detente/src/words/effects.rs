//! What an outcome would do, who would lose more, and who else would gain or lose.

use super::certainty::{self, TOO_CLOSE};
use super::number::{change, joined, named, opening, range, whole, whose};
use crate::brief::{Against, Brief, Effects, LosesMore, Outcome};
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::benchmark::FinalUse;
use detente_engine::catalogue::{Place, economy::MANUFACTURING_POINTS, first_year::IMPORTERS_ACCOUNT};
use detente_engine::horizon::Horizon;
use detente_engine::rebalancing::dial::Dial;
use detente_ledger::talks::OutcomeKind;
use std::collections::BTreeMap;

/// Percent of income below which nobody would tell a change from none.
const NOTHING: f64 = 0.005;

/// Names of the benchmark's economies by code.
pub type Names = BTreeMap<String, String>;

/// An outcome by its kind and its start: what a reader would call it.
pub fn outcome_name(brief: &Brief, outcome: &Outcome) -> String {
    let from = match outcome.against {
        Against::Today => "from today".to_owned(),
        Against::Benchmark => format!("from duties of {}", benchmark_duties_in_short(brief)),
    };
    format!("{} ({from})", outcome_words(outcome))
}

/// An outcome by its kind, without its start.
pub fn outcome_words(outcome: &Outcome) -> String {
    match outcome.kind {
        OutcomeKind::InForce => "Today's duties stay".to_owned(),
        OutcomeKind::Lapse => "Nobody signs".to_owned(),
        OutcomeKind::Threats => "Threats carried out".to_owned(),
        // What follows the first comma says why that day.
        OutcomeKind::Date => {
            let first = outcome.description.split(',').next().unwrap_or(&outcome.description);
            opening(first.strip_prefix("the ").unwrap_or(first))
        }
    }
}

/// The years whose duties the benchmark holds, in the order of the parties.
pub fn benchmark_years(brief: &Brief) -> String {
    let mut years: Vec<&str> =
        brief.benchmark_duties.iter().filter_map(|held| held.day.split('-').next()).collect();
    years.dedup();
    match years.is_empty() {
        true => "the benchmark's duties".to_owned(),
        // The century is said once.
        false => {
            let shortened = years.iter().enumerate().map(|(k, year)| if k == 0 { year } else { &year[2..] });
            format!("{} duties", shortened.collect::<Vec<_>>().join("/"))
        }
    }
}

/// Whose duties of which year the benchmark holds, where room is scarce.
pub fn benchmark_duties_in_short(brief: &Brief) -> String {
    let held: Vec<String> = brief
        .benchmark_duties
        .iter()
        .filter_map(|held| {
            Some(format!("{} {}", brief.party_name(&held.importer), held.day.split('-').next()?))
        })
        .collect();
    if held.is_empty() { benchmark_years(brief) } else { held.join("/") }
}

/// The same in a sentence: whose duties of which year.
pub fn benchmark_duties(brief: &Brief) -> String {
    let held: Vec<(&str, &str)> = brief
        .benchmark_duties
        .iter()
        .filter_map(|held| Some((held.importer.as_str(), held.day.split('-').next()?)))
        .collect();
    let [(first, year), others @ ..] = held.as_slice() else { return "the benchmark's duties".to_owned() };
    if others.iter().all(|(_, other)| other == year) {
        return format!("the duties of {year}");
    }
    let others = others.iter().map(|(code, year)| format!("{} of {year}", whose(brief.party_name(code))));
    let first = format!("{} duties of {year}", whose(brief.party_name(first)));
    joined(&std::iter::once(first).chain(others).collect::<Vec<_>>())
}

/// What an outcome is measured from, in a table.
pub fn start(brief: &Brief, outcome: &Outcome) -> String {
    match outcome.against {
        Against::Today => "today".to_owned(),
        Against::Benchmark => benchmark_years(brief),
    }
}

/// The long-run outcomes that a short list shows, in the brief's order.
pub fn shown(brief: &Brief, horizon: Horizon) -> impl Iterator<Item = &Outcome> {
    brief.outcomes.iter().filter(move |outcome| outcome.horizon == horizon && outcome.is_shown())
}

/// Numbers of two outcomes that differ by less than this share of the larger are told once.
const NEARLY: f64 = 0.1;

/// The same outcomes without those that would do nearly what one before them does to both sides in the long run; each with these.
pub fn shown_once(brief: &Brief, horizon: Horizon) -> Vec<(&Outcome, Vec<&Outcome>)> {
    let values = |outcome: &Outcome| -> Option<Vec<f64>> {
        brief.parties.iter().map(|party| median(outcome.economies.get(&party.economy)?)).collect()
    };
    let nearly = |a: &Outcome, b: &Outcome| match (values(a), values(b)) {
        (Some(one), Some(other)) if a.against == b.against => {
            one.iter().zip(&other).all(|(a, b)| (a - b).abs() <= NEARLY * a.abs().max(b.abs()))
        }
        _ => false,
    };
    let mut groups: Vec<(&Outcome, Vec<&Outcome>)> = Vec::new();
    for outcome in shown(brief, Horizon::Long) {
        match groups.iter_mut().find(|(first, _)| nearly(first, outcome)) {
            Some((_, alike)) => alike.push(outcome),
            None => groups.push((outcome, Vec::new())),
        }
    }
    let at = |long: &Outcome| shown(brief, horizon).find(|held| held.name == long.name);
    let told = groups
        .into_iter()
        .filter_map(|(first, alike)| Some((at(first)?, alike.into_iter().filter_map(at).collect())));
    told.collect()
}

/// An outcome with what would do nearly the same.
pub fn outcome_name_with(brief: &Brief, outcome: &Outcome, alike: &[&Outcome]) -> String {
    let others: Vec<String> = alike.iter().map(|other| outcome_words(other)).collect();
    match others.is_empty() {
        true => outcome_name(brief, outcome),
        false => format!("{}; nearly the same: {}", outcome_name(brief, outcome), joined(&others)),
    }
}

/// Median over the runs, or the solved number where there were none.
pub fn median(effects: &Effects) -> Option<f64> {
    effects.income_median_pct.or(effects.income_pct)
}

/// The number of an outcome's horizon with its band: income in the long run, the importer's account within a year.
pub fn number_and_band(effects: &Effects, horizon: Horizon) -> Option<(f64, Option<(f64, f64)>)> {
    if horizon == Horizon::Long {
        return Some((median(effects)?, effects.income_band_pct));
    }
    match effects.bands.get(IMPORTERS_ACCOUNT.key(Place::Brief)) {
        Some(band) => Some((band.median, Some((band.low, band.high)))),
        None => Some((effects.importers_account_pct?, None)),
    }
}

/// What the side that fares worse does: it loses more or, where both gain, it gains less.
pub fn fares_worse(brief: &Brief, found: &LosesMore) -> &'static str {
    let outcome = brief.outcomes.iter().find(|outcome| {
        outcome.name == found.outcome && outcome.horizon == Horizon::Long && outcome.is_shown()
    });
    let gains = |code: &String| {
        outcome.and_then(|outcome| median(outcome.economies.get(code)?)).is_some_and(|value| value > 0.0)
    };
    if gains(&found.first) && gains(&found.second) { "gain less" } else { "lose more" }
}

/// Who would lose more under an outcome, how surely, and what that hangs on.
pub fn loses_more(brief: &Brief, found: &LosesMore) -> String {
    let worse = fares_worse(brief, found);
    let sides = [&found.first, &found.second].map(|code| named(brief.economy_name(code)));
    let Some(share) = found.first_loses_more else {
        let driver = found.depends_on.as_ref().map_or("what is assumed", String::as_str);
        return format!(
            "Whether {} or {} would {worse} depends on {driver}: {TOO_CLOSE}.",
            sides[0], sides[1]
        );
    };
    let first = share >= 0.5;
    let share = if first { share } else { 1.0 - share };
    let code = if first { &found.first } else { &found.second };
    let name = opening(&named(brief.economy_name(code)));
    // What nearly every run says hangs on nothing that was drawn.
    let driver = found.depends_on.as_ref().filter(|_| !certainty::is_almost_sure(share));
    let driver = driver.map_or(String::new(), |driver| format!("; it depends on {driver}"));
    match certainty::word(share) {
        Some(word) => format!("{name} would {word} {worse} ({} % of runs){driver}.", whole(share)),
        None => {
            let (one, other) = (&sides[0], &sides[1]);
            format!("Whether {one} or {other} would {worse} is {TOO_CLOSE}{driver}.")
        }
    }
}

/// The same if nobody signs; none where nothing lapses or no runs were made.
pub fn who_loses_more(brief: &Brief) -> Option<String> {
    beside_today(brief).map(|found| loses_more(brief, found))
}

/// The same in percent and in money, in one sentence: a percent of a larger income is more money.
pub fn who_loses_more_both_ways(brief: &Brief) -> Option<String> {
    let found = beside_today(brief)?;
    let worse = fares_worse(brief, found);
    let money = if brief.unit.ends_with("USD") { "in dollars" } else { "in money" };
    let side = |share: f64| {
        let (code, share) = if share >= 0.5 { (&found.first, share) } else { (&found.second, 1.0 - share) };
        (named(brief.economy_name(code)), share)
    };
    let clause = |share: Option<f64>, how: &str| match share.map(side) {
        None => {
            let driver = found.depends_on.as_ref().map_or("what is assumed", String::as_str);
            format!("who would {worse} {how} depends on {driver}")
        }
        Some((name, share)) => match certainty::word(share) {
            Some(word) => format!("{name} would {word} {worse} {how} ({} % of runs)", whole(share)),
            None => format!("who would {worse} {how} is {TOO_CLOSE}"),
        },
    };
    let percent = clause(found.first_loses_more, "in percent");
    let both = found.first_loses_more.map(side).zip(found.first_loses_more_in_money.map(side));
    let both = both.filter(|(a, b)| a.0 == b.0 && certainty::word(a.1).is_some());
    let in_money = both.and_then(|(a, b)| Some((certainty::word(a.1)?, certainty::word(b.1)?, b.1)));
    Some(match in_money {
        // What the clause before has said is not said again.
        Some((word, same, share)) if word == same => {
            format!("If nobody signs, {percent} and {money} ({} %).", whole(share))
        }
        Some((_, word, share)) => {
            format!("If nobody signs, {percent} and {word} {money} ({} %).", whole(share))
        }
        // The verb is said once.
        None => match found.first_loses_more_in_money.map(side) {
            Some((name, share)) if certainty::word(share).is_some() => {
                let word = certainty::word(share).unwrap_or_default();
                format!("If nobody signs, {percent}; {money} {word} {name} ({} % of runs).", whole(share))
            }
            share => {
                let share = share.and(found.first_loses_more_in_money);
                format!("If nobody signs, {percent}, and {}.", clause(share, money))
            }
        },
    })
}

/// What the number of the first year counts, in the fewest words.
pub const IMPORTERS_ACCOUNT_IS: &str = "gain of buyers and treasury less what exporters concede, % of income";

/// The same outcome within a year.
pub fn within_a_year<'a>(brief: &'a Brief, outcome: &Outcome) -> Option<&'a Outcome> {
    brief.outcomes.iter().find(|other| {
        other.horizon != Horizon::Long
            && other.name == outcome.name
            && (other.against, other.measures) == (outcome.against, outcome.measures)
    })
}

/// What an outcome does to the stated aims: makers at home for both, household consumption for the side in surplus; how sure, where there are bands.
pub fn aims(brief: &Brief, outcome: &Outcome) -> Option<String> {
    let makers = brief.parties.iter().filter_map(|party| {
        let (value, band) = manufacturing(outcome.economies.get(&party.economy)?)?;
        let sure = band.map(|(low, high)| {
            let unsure = if low < 0.0 && high > 0.0 { ", not told from zero" } else { "" };
            format!(" ({}{unsure})", range((low, high)))
        });
        Some(format!("{} {}{}", named(&party.name), change(value), sure.unwrap_or_default()))
    });
    let makers: Vec<String> = makers.collect();
    let consumers = consumers(brief, outcome)
        .map_or(String::new(), |sides| format!("; household consumption over GDP, {sides}"));
    (!makers.is_empty()).then(|| {
        format!(
            "Today's duties on the stated aims, points, long run: manufacturing's share, {}{consumers}; deficits are assumed.",
            joined(&makers)
        )
    })
}

/// The aim that the table has no row of: household consumption over GDP of the sides in surplus.
pub fn consumption(brief: &Brief, outcome: &Outcome) -> Option<String> {
    let sides = consumers(brief, outcome)?;
    Some(format!("Today's duties on household consumption over GDP, points: {sides}."))
}

fn consumers(brief: &Brief, outcome: &Outcome) -> Option<String> {
    let consumers = brief.parties.iter().filter_map(|party| {
        let dials = outcome.dials.get(&party.economy)?;
        let of = |dial: &Dial| dials.iter().find(|held| held.dial == dial.entry().id);
        let surplus = of(&Dial::TradeBalance)?.before?;
        let points = of(&Dial::Use(FinalUse::Household))?.points()?;
        (surplus > 0.0).then(|| format!("{} {}", named(&party.name), change(points)))
    });
    let consumers: Vec<String> = consumers.collect();
    (!consumers.is_empty()).then(|| joined(&consumers))
}

/// Manufacturing's share of value added with its band, points.
pub fn manufacturing(effects: &Effects) -> Option<(f64, Option<(f64, f64)>)> {
    match effects.bands.get(MANUFACTURING_POINTS.key(Place::Brief)) {
        Some(band) => Some((band.median, Some((band.low, band.high)))),
        None => Some((effects.value(&MANUFACTURING_POINTS)?, None)),
    }
}

/// Who loses more if nobody signs; none where nothing lapses, or where neither side would notice.
pub fn beside_today(brief: &Brief) -> Option<&LosesMore> {
    let found = brief.bands.as_ref()?.loses_more.iter().find(|found| found.kind == OutcomeKind::Lapse)?;
    is_noticed(brief, &found.outcome).then_some(found)
}

/// Whether an outcome is more than nought to one side in the long run: of two noughts none is larger, whatever the runs say.
pub fn is_noticed(brief: &Brief, outcome: &str) -> bool {
    let outcome = shown(brief, Horizon::Long).find(|shown| shown.name == outcome);
    let is_nought = |code: &String| {
        let median = outcome.and_then(|outcome| median(outcome.economies.get(code)?));
        median.is_some_and(|value| change(value) == "0.00")
    };
    !brief.parties.iter().all(|party| is_nought(&party.economy))
}

/// Said where today's duties are about those that they are measured from: noughts in the table are no finding that duties cost nothing.
pub fn as_the_benchmark(brief: &Brief) -> Option<String> {
    let today = shown(brief, Horizon::Long).find(|outcome| outcome.kind == OutcomeKind::InForce)?;
    (!is_noticed(brief, &today.name)).then(|| {
        format!(
            "Today's duties are about {}, from which the table counts: what those cost is not in it.",
            benchmark_duties(brief)
        )
    })
}

/// What an outcome would do to both sides in the long run and within a year.
pub fn both_horizons(brief: &Brief, outcome: &Outcome) -> String {
    let long = incomes(brief, outcome, "income");
    let first_year = within_a_year(brief, outcome).map_or(String::new(), |within| {
        let what = format!("importer's account ({IMPORTERS_ACCOUNT_IS})");
        format!("; within a year {}", incomes(brief, within, &what))
    });
    let from = match outcome.against {
        Against::Today => "Against today".to_owned(),
        Against::Benchmark => format!("Today's duties stay: against {}", benchmark_duties(brief)),
    };
    format!("{from}, {long}, in the long run{first_year}.")
}

/// What an outcome would do to manufacturing's share in the long run, and that deficits are no finding.
pub fn manufacturing_share(brief: &Brief, outcome: &Outcome) -> Option<String> {
    let clauses: Vec<String> = brief
        .parties
        .iter()
        .filter_map(|party| {
            let (value, _) = manufacturing(outcome.economies.get(&party.economy)?)?;
            Some(format!("{} points in {}", change(value), named(&party.name)))
        })
        .collect();
    let from = match outcome.against {
        Against::Today => "today".to_owned(),
        Against::Benchmark => benchmark_duties(brief),
    };
    (!clauses.is_empty()).then(|| {
        format!(
            "Manufacturing's share of value added, in the long run, against {from}: {}; deficits are assumed, no finding.",
            joined(&clauses)
        )
    })
}

fn incomes(brief: &Brief, outcome: &Outcome, what: &str) -> String {
    let clauses: Vec<String> = brief
        .parties
        .iter()
        .enumerate()
        .filter_map(|(k, party)| {
            let effects = outcome.economies.get(&party.economy)?;
            let (value, band) = number_and_band(effects, outcome.horizon)?;
            let band = band.filter(|(low, high)| high - low > 5e-4);
            let band = band.map_or(String::new(), |band| format!(" (5 to 95: {})", range(band)));
            let whose = whose(&party.name);
            let subject = if k == 0 { format!("{whose} {what} would change") } else { whose };
            Some(format!("{subject} by {} %{band}", change(value)))
        })
        .collect();
    joined(&clauses)
}

/// The best and the worst off of the others under an outcome, with how sure the sign is.
pub fn others(brief: &Brief, outcome: &Outcome, names: &Names) -> Option<String> {
    let moves =
        |found: &Option<(String, f64)>| found.as_ref().is_some_and(|(_, value)| value.abs() >= NOTHING);
    if !moves(&outcome.others_best) && !moves(&outcome.others_worst) {
        return Some("Nobody else would notice.".to_owned());
    }
    let words = |found: &Option<(String, f64)>| {
        let (code, solved) = found.as_ref()?;
        let effects = outcome.economies.get(code)?;
        let value = median(effects).unwrap_or(*solved);
        let name = named(names.get(code).map_or(code.as_str(), String::as_str));
        let sure = effects.income_sign_share.map(|share| certainty::of_sign(share).to_owned());
        let weak = (effects.quality == Some(Grade::Weak)).then(|| "weak data".to_owned());
        let notes: Vec<String> = sure.into_iter().chain(weak).collect();
        let notes = if value.abs() < NOTHING { "next to nothing".to_owned() } else { notes.join(", ") };
        Some((format!("{name} {} %", change(value)), notes))
    };
    let (best, worst) = (words(&outcome.others_best)?, words(&outcome.others_worst)?);
    let noted = |notes: &str| if notes.is_empty() { String::new() } else { format!(" ({notes})") };
    let (first, last) = match best.1 == worst.1 && !best.1.is_empty() {
        true => (String::new(), format!(" (both {})", worst.1)),
        false => (noted(&best.1), noted(&worst.1)),
    };
    let from = start(brief, outcome);
    Some(format!("Others, from {from}: best off {}{first}, worst {}{last}.", best.0, worst.0))
}
