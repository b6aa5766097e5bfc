//! Average duties both ways: by statute, by authority, collected, and what rests on memory.

use super::tariff_steps::{StepLayer, SteppedTariff};
use super::{AuthorityContribution, ByNotices, Collected, Duty, ShownAverage, WeightedRates};
use crate::collection::{self, BothRates};
use crate::ledger_tariffs::Schedule;
use detente_data::outturns::CollectedRate;
use detente_ledger::{
    confidence::Confidence,
    schedule::Reading,
    status::AsOf,
    talks::{Party, Talks},
    tariff::{AverageTariff, TariffError, Tariffs, View},
};
use jiff::{ToSpan, civil::Date};

/// The averages of a day, and those of the next deadline if nobody signs.
pub fn duty(
    tariffs: &Tariffs,
    talks: &Talks,
    clock: AsOf,
    deadline: Option<Date>,
) -> Result<Duty, TariffError> {
    let AsOf { on, known_on } = clock;
    let mut if_nobody_signs = Vec::new();
    let mut by_statute = WeightedRates::new();
    let mut by_authority = Vec::new();
    let mut both_rates = Vec::new();
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
        if let Some(date) = deadline {
            let reading = Schedule::on_day(date, known_on).reading;
            let after = tariffs.averages(View { on: date, reading, ..view })?;
            if_nobody_signs.extend(after.into_iter().next().map(|average| ShownAverage {
                importer: importer.code.clone(),
                exporter: exporter.code.clone(),
                weights: average.weights,
                rate: average.rate,
            }));
        }
        both_rates.push(collection::both(tariffs, &importer.code, &exporter.code, on, known_on)?);
    }
    fill_unknown(&mut by_statute, talks);
    Ok(Duty {
        by_statute,
        shown,
        if_nobody_signs,
        by_authority,
        collected: some(both_rates.iter().filter_map(|held| held.collected.clone())),
        collected_in_month: some(both_rates.iter().filter_map(|held| held.collected_in_month.clone())),
        both: both_rates.iter().map(BothRates::line).collect(),
        resting_on_memory,
    })
}

/// The first day after `clock.on` and before `stated` on which the notices alone would change an average by a tenth of a point.
pub fn by_notices(
    tariffs: &Tariffs,
    talks: &Talks,
    clock: AsOf,
    stated: Date,
) -> Result<Option<ByNotices>, TariffError> {
    const CHANGE: f64 = 1e-3;
    let AsOf { on, known_on } = clock;
    let mut found: Option<ByNotices> = None;
    let mut first = stated;
    for (importer, exporter) in talks.pairs() {
        let view = |on: Date, reading: Reading| View {
            importer: &importer.code,
            exporter: &exporter.code,
            on,
            known_on,
            reading,
        };
        let average = |on: Date, reading: Reading| -> Result<Option<AverageTariff>, TariffError> {
            Ok(tariffs.averages(view(on, reading))?.into_iter().next())
        };
        let days = tariffs.days_of_change(view(on, Reading::Notices));
        for day in days.into_iter().filter(|day| on < *day && *day <= first) {
            let (Some(said), Some(seen)) = (average(day, Reading::Stated)?, average(day, Reading::Notices)?)
            else {
                continue;
            };
            if day == stated || (said.rate - seen.rate).abs() < CHANGE {
                continue;
            }
            let held = ShownAverage {
                importer: importer.code.clone(),
                exporter: exporter.code.clone(),
                weights: seen.weights,
                rate: seen.rate,
            };
            match found.as_mut().filter(|_| day == first) {
                Some(same_day) => same_day.averages.push(held),
                None => {
                    found = Some(ByNotices {
                        date: day.to_string(),
                        days: i64::from((day - on).get_days()),
                        averages: vec![held],
                    });
                    first = day;
                }
            }
            break;
        }
    }
    Ok(found)
}

fn some(months: impl Iterator<Item = CollectedRate>) -> Option<Vec<Collected>> {
    let found: Vec<Collected> = months.map(receipts).collect();
    (!found.is_empty()).then_some(found)
}

fn contributions(importer: &Party, exporter: &Party, average: &AverageTariff) -> Vec<AuthorityContribution> {
    average
        .by_authority
        .iter()
        .map(|part| AuthorityContribution {
            importer: importer.code.clone(),
            exporter: exporter.code.clone(),
            authority: part.authority.clone(),
            contribution: Some(part.contribution),
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

/// A month's receipts as the brief shows them.
fn receipts(month: CollectedRate) -> Collected {
    Collected {
        importer: month.importer,
        exporter: month.exporter,
        rate: month.rate,
        period: month.month,
        source: month.source,
    }
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
            layers[held].steps[position].1 = part.contribution;
        }
    }
    let mut snap_back = Vec::new();
    if deadline.is_some() {
        let ahead = change_days.into_iter().filter(|day| *day > on && *day < horizon);
        for day in std::iter::once(on).chain(ahead).chain([horizon]) {
            if let Some(found) = average(day)? {
                snap_back.push((day.to_string(), found.rate));
            }
        }
    }
    let today =
        average(on)?.map_or_else(String::new, |found| format!("{:.1} % by statute", 100.0 * found.rate));
    let change = match (average(on)?, deadline.map(average).transpose()?.flatten()) {
        (Some(now), Some(then)) if (then.rate - now.rate).abs() > 5e-4 => {
            format!("; {:.1} % if nobody signs", 100.0 * then.rate)
        }
        _ => String::new(),
    };
    Ok(SteppedTariff {
        title: format!("{} on {}: {today}{change}", importer.name, exporter.name),
        layers,
        snap_back,
    })
}
