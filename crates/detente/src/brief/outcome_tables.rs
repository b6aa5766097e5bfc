//! Below the first screen: every outcome for every economy with both horizons side by side, the bands of the parties, and the duties.

use super::{Brief, Effects, Outcome, Tag};
use crate::report::{
    number::{signed, signed_range},
    page::Part,
};

/// Outcomes for all economies: one table for each outcome and starting point, long run and first year side by side.
pub fn all_economies(brief: &Brief) -> Part {
    let label = |horizon: &str| {
        let found = brief.outcomes.iter().find(|outcome| outcome.horizon == horizon);
        found.map_or(horizon.to_owned(), |outcome| outcome.horizon_label.clone())
    };
    let mut parts = vec![Part::Text(format!(
        "Columns up to deficit: {}; the last income and band: {}. Percent; revenue (of income), manufacturing (of value added) and deficit (of \
         income) in points. * assumed. Grey rows rest on a proxy input structure.",
        label("long"),
        label("truce")
    ))];
    for against in ["hold", "benchmark"] {
        let outcomes = brief.outcomes.iter();
        for outcome in outcomes.filter(|outcome| outcome.horizon == "long" && outcome.against == against) {
            parts.push(Part::Fold(
                format!("{} against {}", outcome.name, start(outcome)),
                vec![Part::Text(provenance(brief, outcome)), economies(brief, outcome)],
            ));
        }
    }
    Part::Fold("Outcomes, all economies and both starting points".into(), parts)
}

/// The starting point in words.
fn start(outcome: &Outcome) -> &'static str {
    if outcome.against == "hold" { "hold (today's tariffs)" } else { "the benchmark's tariffs" }
}

/// How the numbers of an outcome came about: what it is, tags, certificate.
fn provenance(brief: &Brief, outcome: &Outcome) -> String {
    let mut words = outcome.description.clone();
    for (outcome, horizon) in std::iter::once((outcome, "long run"))
        .chain(truce_of(brief, outcome).map(|within| (within, "within a year")))
    {
        for (tag, name) in [(Tag::Model, "model"), (Tag::Accounting, "accounting"), (Tag::Assumed, "assumed")]
        {
            let tagged: Vec<&str> = outcome
                .tags
                .iter()
                .filter(|(_, held)| **held == tag)
                .map(|(column, _)| column.trim_end_matches("_pct").trim_end_matches("_points"))
                .collect();
            if !tagged.is_empty() {
                words += &format!(" {horizon}, {name}: {}.", tagged.join(", ").replace('_', " "));
            }
        }
    }
    if let Some(certificate) = &outcome.certificate {
        let solved = if certificate.converged { "converged" } else { "not converged" };
        words += &format!(
            " {solved} in {} steps, largest residual {:.0e}.",
            certificate.iterations, certificate.max_residual
        );
    }
    words
}

fn truce_of<'a>(brief: &'a Brief, outcome: &Outcome) -> Option<&'a Outcome> {
    brief.outcomes.iter().find(|other| {
        other.horizon == "truce" && other.name == outcome.name && other.against == outcome.against
    })
}

fn economies(brief: &Brief, outcome: &Outcome) -> Part {
    let within = truce_of(brief, outcome);
    let band = |effects: Option<&Effects>| {
        effects.and_then(|effects| effects.income_band_pct).map_or(String::new(), signed_range)
    };
    let rows = outcome
        .economies
        .iter()
        .map(|(code, effects)| {
            let within = within.and_then(|within| within.economies.get(code));
            vec![
                code.clone(),
                signed(effects.income_pct),
                band(Some(effects)),
                signed(effects.real_wage_pct),
                signed(effects.price_index_pct),
                signed(effects.tariff_revenue_points),
                signed(effects.manufacturing_share_points),
                signed(effects.deficit_points),
                signed(within.and_then(|within| within.income_pct)),
                band(within),
                effects.quality.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let head = [
        "",
        "income",
        "5 to 95",
        "wages",
        "prices",
        "revenue",
        "manuf.",
        "deficit*",
        "in a year",
        "5 to 95",
        "inputs",
    ];
    Part::Table { head: head.map(str::to_owned).to_vec(), rows }
}

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
    let who = drawn.loses_more.iter().map(|found| {
        format!(
            "{}: {} loses more than {} in {:.0} percent of runs; who loses more depends on {}.",
            found.outcome,
            found.first,
            found.second,
            100.0 * found.first_loses_more,
            found.words
        )
    });
    parts.push(Part::List(who.collect()));
    for horizon in ["long", "truce"] {
        let shown = brief.outcomes.iter().filter(|outcome| outcome.horizon == horizon);
        let shown: Vec<&Outcome> =
            shown.filter(|outcome| (outcome.against == "hold") != (outcome.name == "hold")).collect();
        let mut rows = Vec::new();
        for outcome in &shown {
            for party in &brief.parties {
                let Some(effects) = outcome.economies.get(&party.economy) else { continue };
                rows.extend(band_rows(outcome, &party.economy, effects));
            }
        }
        parts.push(Part::Text(shown.first().map_or(String::new(), |outcome| outcome.horizon_label.clone())));
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
                headline(column),
                signed(effects.column(column)),
                signed(Some(band.median)),
                signed_range((band.low, band.high)),
                format!("{:.0}%", 100.0 * band.sign_share),
                driver.map_or(String::new(), |(name, share)| format!("{name} ({:.0}%)", 100.0 * share)),
            ]
        })
        .collect()
}

fn headline(column: &str) -> String {
    match column {
        "income_pct" => "income".to_owned(),
        "real_wage_pct" => "wages".to_owned(),
        "price_index_pct" => "prices".to_owned(),
        "tariff_revenue_points" => "revenue".to_owned(),
        "manufacturing_share_points" => "manuf.".to_owned(),
        other => match other.split_once('.') {
            Some((_, partner)) => format!("imports {partner}"),
            None => other.to_owned(),
        },
    }
}

impl Effects {
    /// The point that belongs to a column of the bands.
    fn column(&self, column: &str) -> Option<f64> {
        match column {
            "income_pct" => self.income_pct,
            "real_wage_pct" => self.real_wage_pct,
            "price_index_pct" => self.price_index_pct,
            "tariff_revenue_points" => self.tariff_revenue_points,
            "manufacturing_share_points" => self.manufacturing_share_points,
            other => {
                let (_, partner) = other.split_once('.')?;
                self.imports_from_pct.get(partner).copied().flatten()
            }
        }
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
