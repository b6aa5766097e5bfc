//! Below the first screen: the bands of every headline of the parties, and the duties by statute and as collected.

use crate::page::Part;
use detente::brief::{Brief, Effects, Outcome};
use detente_engine::catalogue::{OutcomeEntry, Place, economy::WELFARE, lists};
use detente_engine::horizon::Horizon;
use detente_tables::number::{signed, signed_range};

/// Bands of every headline of the parties, and who of them loses more.
pub fn bands(brief: &Brief) -> Part {
    let Some(drawn) = &brief.bands else {
        return Part::Fold(
            "Bands of every headline".into(),
            vec![Part::Text("No outcome was solved.".into())],
        );
    };
    let mut parts = vec![Part::Text(format!(
        "Median and 5 to 95 over {} runs; percent, revenue and manufacturing in points; sign: share of runs with that of the median. Long run: {}{}. Within a year: {}. The driver is the input that alone explains most of the spread. \
         Deficits are assumed: what their readings (fixed, zero, a share of GDP) span at the point is a column of its own, not mixed into the band.",
        drawn.runs,
        drawn.over,
        if drawn.not_converged > 0 {
            format!(" ({} did not converge and are left out)", drawn.not_converged)
        } else {
            String::new()
        },
        drawn.over_within_a_year
    ))];
    let who = drawn.loses_more.iter().map(|found| match found.first_loses_more {
        Some(share) => format!(
            "{}: {} loses more than {} in {:.0} percent of runs; who loses more depends on {}.",
            found.outcome,
            found.first,
            found.second,
            100.0 * share,
            found.words
        ),
        None => format!(
            "{}: which of {} and {} loses more depends on {}.",
            found.outcome, found.first, found.second, found.words
        ),
    });
    parts.push(Part::List(who.collect()));
    for horizon in [Horizon::Long, Horizon::FirstYear] {
        let shown = brief.outcomes.iter().filter(|outcome| outcome.horizon == horizon);
        let shown: Vec<&Outcome> = shown.filter(|outcome| outcome.is_shown()).collect();
        let mut rows = Vec::new();
        for outcome in &shown {
            for party in &brief.parties {
                let Some(effects) = outcome.economies.get(&party.economy) else { continue };
                rows.extend(band_rows(outcome, &party.economy, effects));
            }
        }
        parts.push(Part::Text(shown.first().map_or(String::new(), |outcome| outcome.horizon_label.clone())));
        let head = ["outcome", "", "headline", "point", "median", "5 to 95", "deficits", "sign", "driven by"];
        parts.push(Part::Table { head: head.map(str::to_owned).to_vec(), rows });
    }
    parts.extend(dots(brief));
    Part::Fold("Bands of every headline".into(), parts)
}

/// Income of the parties under each published set of elasticities: variants with names, and no draws.
fn dots(brief: &Brief) -> Option<Part> {
    let long = brief.outcomes.iter().filter(|outcome| outcome.horizon == Horizon::Long && outcome.is_shown());
    let mut sets: Vec<&String> = Vec::new();
    let mut rows = Vec::new();
    for outcome in long {
        for party in &brief.parties {
            let band = outcome.economies.get(&party.economy)?.bands.get(WELFARE.key(Place::Brief))?;
            if sets.is_empty() {
                sets.extend(band.dots.keys());
            }
            let values = sets.iter().map(|set| signed(band.dots.get(*set).copied()));
            rows.push([outcome.name.clone(), party.economy.clone()].into_iter().chain(values).collect());
        }
    }
    let head =
        ["outcome", ""].into_iter().map(str::to_owned).chain(sets.iter().map(|set| set.replace('_', " ")));
    let table = Part::Table { head: head.collect(), rows };
    let words =
        "Income under published sets of elasticities, which name no horizon: variants, not runs of the band.";
    (!sets.is_empty())
        .then(|| Part::Fold("Published elasticities".into(), vec![Part::Text(words.into()), table]))
}

fn band_rows(outcome: &Outcome, economy: &str, effects: &Effects) -> Vec<Vec<String>> {
    let bands = effects.bands.iter();
    bands
        .map(|(column, band)| {
            let driver = band.driver.clone().zip(band.driver_share);
            vec![
                outcome.name.clone(),
                economy.to_owned(),
                headline(outcome.horizon, column),
                signed(point_of(effects, outcome.horizon, column)),
                signed(Some(band.median)),
                signed_range((band.low, band.high)),
                band.deficits.map_or(String::new(), signed_range),
                format!("{:.0}%", 100.0 * band.sign_share),
                driver.map_or(String::new(), |(name, share)| format!("{name} ({:.0}%)", 100.0 * share)),
            ]
        })
        .collect()
}

/// The outcome whose band stands under a column, and the partner where it is one of imports.
fn banded(horizon: Horizon, column: &str) -> (Option<&'static OutcomeEntry>, Option<&str>) {
    let (key, partner) = column.split_once('.').map_or((column, None), |(key, partner)| (key, Some(partner)));
    let entry = lists::of_a_brief(horizon).iter().find(|entry| entry.key(Place::Brief) == key);
    (entry.copied(), partner)
}

fn headline(horizon: Horizon, column: &str) -> String {
    match banded(horizon, column) {
        (Some(entry), Some(partner)) => format!("{} {partner}", entry.short),
        (Some(entry), None) => entry.short.to_owned(),
        (None, _) => column.to_owned(),
    }
}

/// The point that belongs to a column of the bands.
fn point_of(effects: &Effects, horizon: Horizon, column: &str) -> Option<f64> {
    match banded(horizon, column) {
        (_, Some(partner)) => effects.imports_from_pct.get(partner).copied().flatten(),
        (entry, None) => effects.value(entry?),
    }
}

/// Duties by statute and as collected in one line for each pair, and what each authority adds.
pub fn duties(brief: &Brief) -> Part {
    let mut parts: Vec<Part> = brief.duty.both.iter().cloned().map(Part::Text).collect();
    let rows = brief
        .duty
        .by_authority
        .iter()
        .filter_map(|part| {
            let points = 100.0 * part.contribution?;
            let shown = (points.abs() >= 0.05).then(|| format!("{points:.1}"))?;
            Some(vec![part.importer.clone(), part.exporter.clone(), part.authority.clone(), shown])
        })
        .collect();
    let head = ["importer", "exporter", "authority", "points of the average by statute"];
    parts.push(Part::Table { head: head.map(str::to_owned).to_vec(), rows });
    Part::Fold("Duties by statute, by authority and as collected".into(), parts)
}
