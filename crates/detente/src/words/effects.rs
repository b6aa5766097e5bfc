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
pub fn outcome_name(outcome: &Outcome) -> String {
    let from = match outcome.against {
        Against::Today => "from today",
        Against::Benchmark => "from the benchmark's duties",
    };
    format!("{} ({from})", outcome_words(outcome))
}

/// An outcome by its kind, without its start.
pub fn outcome_words(outcome: &Outcome) -> String {
    match outcome.kind {
        OutcomeKind::InForce => "Today's duties stay".to_owned(),
        OutcomeKind::Lapse => "Nobody signs".to_owned(),
        OutcomeKind::Threats => "Standing threats carried out".to_owned(),
        // What follows the first comma says why that day.
        OutcomeKind::Date => opening(outcome.description.split(',').next().unwrap_or(&outcome.description)),
    }
}

/// The years whose duties the benchmark holds, in the order of the parties.
pub fn benchmark_years(brief: &Brief) -> String {
    let mut years: Vec<&str> =
        brief.benchmark_duties.iter().filter_map(|held| held.day.split('-').next()).collect();
    years.dedup();
    match years.is_empty() {
        true => "the benchmark's duties".to_owned(),
        false => format!("{} duties", years.join("/")),
    }
}

/// The long-run outcomes that a short list shows, in the brief's order.
pub fn shown(brief: &Brief, horizon: Horizon) -> impl Iterator<Item = &Outcome> {
    brief.outcomes.iter().filter(move |outcome| outcome.horizon == horizon && outcome.is_shown())
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
    let driver =
        found.depends_on.as_ref().map_or(String::new(), |driver| format!("; it depends on {driver}"));
    match certainty::word(share) {
        Some(word) => format!("{name} would {word} {worse} ({} % of runs){driver}.", whole(share)),
        None => {
            let (one, other) = (&sides[0], &sides[1]);
            format!("Whether {one} or {other} would {worse} is {TOO_CLOSE}{driver}.")
        }
    }
}

/// The same of the first outcome beside today; none where no runs were made.
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
    let same = found.first_loses_more.map(side).zip(found.first_loses_more_in_money.map(side));
    let same = same.filter(|(a, b)| a.0 == b.0 && certainty::word(a.1) == certainty::word(b.1));
    Some(match same.filter(|(a, _)| certainty::word(a.1).is_some()) {
        Some((_, (_, share))) => {
            format!("If nobody signs, {percent} and {money} ({} %).", whole(share))
        }
        None => {
            format!("If nobody signs, {percent}, and {}.", clause(found.first_loses_more_in_money, money))
        }
    })
}

/// What an outcome would do within a year to both sides, and in the long run to manufacturing; that the deficit is no finding.
pub fn within_a_year(brief: &Brief, outcome: &Outcome) -> Option<String> {
    let within = brief.outcomes.iter().find(|other| {
        other.horizon != Horizon::Long
            && other.name == outcome.name
            && (other.against, other.measures) == (outcome.against, outcome.measures)
    })?;
    let clauses: Vec<String> = brief
        .parties
        .iter()
        .filter_map(|party| {
            let (value, band) = number_and_band(within.economies.get(&party.economy)?, within.horizon)?;
            let band = band.filter(|(low, high)| change(*low) != change(*high));
            let band = band.map_or(String::new(), |band| format!(" ({})", range(band)));
            Some(format!("{} {} %{band}", named(&party.name), change(value)))
        })
        .collect();
    Some(format!("{}, within a year, importer's account: {}.", outcome_words(outcome), joined(&clauses)))
}

/// What an outcome does to the stated aims: makers at home for both, household consumption for the side in surplus; how sure, where there are bands.
pub fn aims(brief: &Brief, outcome: &Outcome) -> Option<String> {
    let makers = brief.parties.iter().filter_map(|party| {
        let effects = outcome.economies.get(&party.economy)?;
        let band = effects.bands.get(MANUFACTURING_POINTS.key(Place::Brief));
        let value = band.map(|band| band.median).or(effects.value(&MANUFACTURING_POINTS))?;
        let sure = band.map(|band| {
            let unsure = if band.low < 0.0 && band.high > 0.0 { ", not told from zero" } else { "" };
            format!(" ({}{unsure})", range((band.low, band.high)))
        });
        Some(format!("{} {}{}", named(&party.name), change(value), sure.unwrap_or_default()))
    });
    let makers: Vec<String> = makers.collect();
    let consumers = brief.parties.iter().filter_map(|party| {
        let dials = outcome.dials.get(&party.economy)?;
        let of = |dial: &Dial| dials.iter().find(|held| held.dial == dial.entry().id);
        let surplus = of(&Dial::TradeBalance)?.before?;
        let points = of(&Dial::Use(FinalUse::Household))?.points()?;
        (surplus > 0.0).then(|| format!("{} {}", named(&party.name), change(points)))
    });
    let consumers: Vec<String> = consumers.collect();
    let consumers = match consumers.is_empty() {
        true => String::new(),
        false => format!("; household consumption over GDP, {}", joined(&consumers)),
    };
    (!makers.is_empty()).then(|| {
        format!(
            "Stated aims, points, long run: manufacturing's share, {}{consumers} (deficits assumed).",
            makers.join(", ")
        )
    })
}

/// Who loses more under the first outcome beside today.
pub fn beside_today(brief: &Brief) -> Option<&LosesMore> {
    let found = brief.bands.as_ref()?.loses_more.iter();
    found.clone().find(|found| found.kind != OutcomeKind::InForce)
}

/// What an outcome would do to both sides in the long run and within a year.
pub fn both_horizons(brief: &Brief, outcome: &Outcome) -> String {
    let within = brief.outcomes.iter().find(|other| {
        other.horizon != Horizon::Long && other.name == outcome.name && other.against == outcome.against
    });
    let long = incomes(brief, outcome, "income");
    let first_year = within.map_or(String::new(), |within| {
        format!("; within a year {}", incomes(brief, within, "importer's account"))
    });
    let from = match outcome.against {
        Against::Today => "Against today",
        Against::Benchmark => "Against the benchmark's duties",
    };
    format!("{from} {long}, in the long run{first_year}.")
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
pub fn others(outcome: &Outcome, names: &Names) -> Option<String> {
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
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        if value.abs() < NOTHING {
            return Some(format!("{name} {} %, next to nothing", change(value)));
        }
        Some(format!("{name} {} %{notes}", change(value)))
    };
    let (best, worst) = (words(&outcome.others_best)?, words(&outcome.others_worst)?);
    Some(format!("Best and worst off of the others: {best} and {worst}."))
}
