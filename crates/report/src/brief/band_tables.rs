//! Below the first screen: the bands of every headline of the parties, and the duties by statute and as collected.

use crate::page::Part;
use detente::brief::{Brief, Effects, Outcome};
use detente_engine::catalogue::{OutcomeEntry, Place, lists};
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
         Deficits are assumed and have no band.",
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
        parts.push(Part::Text(
            shown.first().map_or(String::new(), |outcome| outcome.horizon_label.to_owned()),
        ));
        let head = ["outcome", "", "headline", "point", "median", "5 to 95", "sign", "driven by"];
        parts.push(Part::Table { head: head.map(str::to_owned).to_vec(), rows });
    }
    Part::Fold("Bands of every headline".into(), parts)
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
