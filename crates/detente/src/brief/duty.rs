//! Average duties both ways: by statute, by authority, collected, and what rests on memory.

use super::{AuthorityContribution, Collected, Duty, ShownAverage, WeightedRates};
use crate::{
    ledger_tariffs::Schedule,
    outturns::Outturns,
    report::chart::{StepLayer, SteppedTariff},
};
use detente_ledger::{
    confidence::Confidence,
    talks::{Party, Talks},
    tariff::{AverageTariff, TariffError, Tariffs, View},
};
use jiff::{ToSpan, civil::Date};

/// The averages of a day.
pub fn duty(tariffs: &Tariffs, talks: &Talks, on: Date, known_on: Date) -> Result<Duty, TariffError> {
    let mut by_statute = WeightedRates::new();
    let mut by_authority = Vec::new();
    let mut collected = Vec::new();
    let mut resting_on_memory = Vec::new();
    let mut shown = Vec::new();
    for (importer, exporter) in talks.pairs() {
        let schedule = Schedule::on_day(on, known_on);
        let view = View {
            importer: &importer.code,
            exporter: &exporter.code,
            on,
            known_on,
            reading: schedule.reading,
        };
        let averages = tariffs.averages(view)?;
        for average in &averages {
            by_statute
                .entry(average.weights.clone())
                .or_default()
                .entry(importer.code.clone())
                .or_default()
                .insert(exporter.code.clone(), Some(average.rate));
        }
        if let Some(average) = averages.first() {
            shown.push(ShownAverage {
                importer: importer.code.clone(),
                exporter: exporter.code.clone(),
                weights: average.weights.clone(),
                rate: average.rate,
            });
            by_authority.extend(contributions(importer, exporter, average));
            resting_on_memory.extend(without_memory(tariffs, view, average)?);
        }
        collected.extend(collected_rate(importer, exporter, newest_published(on, known_on)));
    }
    fill_unknown(&mut by_statute, talks);
    Ok(Duty {
        by_statute,
        shown,
        by_authority,
        collected: (!collected.is_empty()).then_some(collected),
        resting_on_memory,
    })
}

fn contributions(importer: &Party, exporter: &Party, average: &AverageTariff) -> Vec<AuthorityContribution> {
    average
        .by_authority
        .iter()
        .map(|part| AuthorityContribution {
            importer: importer.code.clone(),
            exporter: exporter.code.clone(),
            authority: part.authority.clone(),
            contribution: Some(part.average_contribution_pct / 100.0),
        })
        .collect()
}

/// A weight that one importer has and another has not is unknown there, not absent.
fn fill_unknown(by_statute: &mut WeightedRates, talks: &Talks) {
    for table in by_statute.values_mut() {
        for (importer, exporter) in talks.pairs() {
            table.entry(importer.code.clone()).or_default().entry(exporter.code.clone()).or_insert(None);
        }
    }
}

/// The same figure without the layers that rest on memory, where there are such.
fn without_memory(
    tariffs: &Tariffs,
    view: View<'_>,
    average: &AverageTariff,
) -> Result<Option<String>, TariffError> {
    let layers = tariffs.layers(view)?;
    let recalled: Vec<(&str, f64)> = layers
        .iter()
        .zip(&average.layers)
        .filter(|(layer, share)| layer.confidence == Confidence::Memory.word() && **share != 0.0)
        .map(|(layer, share)| (layer.measure.as_str(), *share))
        .collect();
    if recalled.is_empty() {
        return Ok(None);
    }
    let without = average.rate - recalled.iter().map(|(_, share)| share).sum::<f64>();
    let names: Vec<&str> = recalled.iter().map(|(name, _)| *name).collect();
    Ok(Some(format!(
        "{} on {}: {:.1}% rests on unsourced rows ({}); without them {:.1}%",
        view.importer,
        view.exporter,
        100.0 * average.rate,
        names.join(", "),
        100.0 * without
    )))
}

/// Days from the middle of a month to the release of its customs data, rounded up to the safe side.
const PUBLICATION_DAYS: i64 = 66;

/// The day whose month was the newest published one, never later than the day asked about.
fn newest_published(on: Date, known_on: Date) -> Date {
    on.min(known_on.saturating_sub(PUBLICATION_DAYS.days()))
}

/// Duties collected over imports in the month of the day; none where no data give them.
fn collected_rate(importer: &Party, exporter: &Party, day: Date) -> Option<Collected> {
    let outturns = Outturns::embedded().ok()?;
    let rate = outturns.collected(&importer.code, &exporter.code, day)?;
    Some(Collected {
        importer: importer.code.clone(),
        exporter: exporter.code.clone(),
        rate: rate.rate,
        period: rate.month.clone(),
        source: rate.source.clone(),
    })
}

/// How much of a statutory step is collected between two parties.
#[derive(Clone, Debug, serde::Serialize)]
pub struct CollectionRatio {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// Collected over statutory average, at most one.
    pub ratio: f64,
    /// Month that it was measured in.
    pub period: String,
}

/// Collected over statutory averages in the newest month published on the day, where data give it. A ratio above one is
/// composition, not law, and counts as one.
pub fn collection_ratios(
    tariffs: &Tariffs,
    talks: &Talks,
    on: Date,
    known_on: Date,
) -> Result<Vec<CollectionRatio>, TariffError> {
    let month = newest_published(on, known_on);
    let mut ratios = Vec::new();
    for (importer, exporter) in talks.pairs() {
        let Some(collected) = collected_rate(importer, exporter, month) else { continue };
        let middle = month.with().day(15).build().unwrap_or(month);
        let reading = Schedule::on_day(middle, known_on).reading;
        let view = View { importer: &importer.code, exporter: &exporter.code, on: middle, known_on, reading };
        let Some(statutory) = tariffs.averages(view)?.into_iter().next().filter(|found| found.rate > 0.0)
        else {
            continue;
        };
        ratios.push(CollectionRatio {
            importer: importer.code.clone(),
            exporter: exporter.code.clone(),
            ratio: (collected.rate / statutory.rate).min(1.0),
            period: collected.period,
        });
    }
    Ok(ratios)
}

/// The stepped average tariffs of one side up to a day, by authority, and what would follow by law as known that day.
pub fn stepped(
    tariffs: &Tariffs,
    importer: &Party,
    exporter: &Party,
    on: Date,
    known_on: Date,
    deadline: Option<Date>,
) -> Result<SteppedTariff, TariffError> {
    let view = |day: Date| View {
        importer: &importer.code,
        exporter: &exporter.code,
        on: day,
        known_on,
        reading: Schedule::on_day(day, known_on).reading,
    };
    let average = |day: Date| -> Result<Option<AverageTariff>, TariffError> {
        Ok(tariffs.averages(view(day))?.into_iter().next())
    };
    let horizon = deadline.unwrap_or(on).max(on).saturating_add(120.days());
    let change_days = tariffs.days_of_change(view(on));
    let mut days: Vec<Date> = change_days.iter().copied().filter(|day| *day <= on).collect();
    days.push(on);
    days.dedup();
    let mut layers: Vec<StepLayer> = Vec::new();
    for (position, day) in days.iter().enumerate() {
        for part in average(*day)?.iter().flat_map(|found| &found.by_authority) {
            let held = layers.iter().position(|layer| layer.authority == part.authority);
            let held = held.unwrap_or_else(|| {
                // The first day names the base rate first, so that it lies at the bottom; later authorities lie above.
                let steps = days.iter().map(|day| (day.to_string(), 0.0)).collect();
                layers.push(StepLayer { authority: part.authority.clone(), steps });
                layers.len() - 1
            });
            layers[held].steps[position].1 = part.average_contribution_pct;
        }
    }
    let mut snap_back = Vec::new();
    if deadline.is_some() {
        let ahead = change_days.into_iter().filter(|day| *day > on && *day < horizon);
        for day in std::iter::once(on).chain(ahead).chain([horizon]) {
            if let Some(found) = average(day)? {
                snap_back.push((day.to_string(), 100.0 * found.rate));
            }
        }
    }
    let today = average(on)?
        .map_or_else(String::new, |found| format!("{:.1}% on {on}, by statute", 100.0 * found.rate));
    let change = match (average(on)?, deadline.map(average).transpose()?.flatten()) {
        (Some(now), Some(then)) if (then.rate - now.rate).abs() > 5e-4 => {
            format!("; {:.1}% if nobody signs", 100.0 * then.rate)
        }
        _ => String::new(),
    };
    Ok(SteppedTariff {
        title: format!("{} on {}: {today}{change}", importer.name, exporter.name),
        layers,
        snap_back,
    })
}
