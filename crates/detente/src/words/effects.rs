//! What an outcome would do, who would lose more, and who else would gain or lose.

use super::certainty::{self, TOO_CLOSE};
use super::number::{change, joined, named, opening, range, whole, whose};
use crate::brief::{Against, Brief, Effects, LosesMore, Outcome};
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::catalogue::{Place, first_year::IMPORTERS_ACCOUNT};
use detente_engine::horizon::Horizon;
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
        Against::Benchmark => "from before these tariffs",
    };
    let what = match outcome.kind {
        OutcomeKind::InForce => "Today's duties stay".to_owned(),
        OutcomeKind::Lapse => "Nobody signs".to_owned(),
        OutcomeKind::Threats => "The threats that stand are carried out".to_owned(),
        OutcomeKind::Date => opening(&outcome.description),
    };
    format!("{what} ({from})")
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

/// Who would lose more under an outcome, how surely, and what that hangs on.
pub fn loses_more(brief: &Brief, found: &LosesMore) -> String {
    let sides = [&found.first, &found.second].map(|code| named(brief.economy_name(code)));
    let Some(share) = found.first_loses_more else {
        let driver = found.depends_on.as_ref().map_or("what is assumed", String::as_str);
        return format!(
            "Whether {} or {} would lose more depends on {driver}: {TOO_CLOSE}.",
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
        Some(word) => format!("{name} would {word} lose more ({} % of runs){driver}.", whole(share)),
        None => {
            let (one, other) = (&sides[0], &sides[1]);
            format!("Whether {one} or {other} would lose more is {TOO_CLOSE}{driver}.")
        }
    }
}

/// The same of the first outcome beside today; none where no runs were made.
pub fn who_loses_more(brief: &Brief) -> Option<String> {
    beside_today(brief).map(|found| loses_more(brief, found))
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
        Against::Benchmark => "Against the tariffs before these",
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
            return Some(format!("{name} next to nothing ({} %)", change(value)));
        }
        Some(format!("{name} {} %{notes}", change(value)))
    };
    let (best, worst) = (words(&outcome.others_best)?, words(&outcome.others_worst)?);
    Some(format!("Of the others, {best} would fare best and {worst} worst."))
}
