//! Whether what a forecast missed is related to the tariffs it was given (Adão, Costinot & Donaldson): the slope of outturn less forecast on
//! the log change of 1+t. Zero: no tariff is left in the error. Weighted by imports before.

use super::episode::{OTHERS, Scene};
use super::forecast::Forecast;
use std::collections::BTreeMap;

/// Imports before, million USD, below which a cell is left out.
const SMALLEST: f64 = 100.0;

/// A slope with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// The slope.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// The test of one forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Orthogonality {
    /// Over cells of partner and sector group, clustered by partner.
    pub cells: Slope,
    /// The same with effects of sector groups.
    pub within_sectors: Slope,
    /// Over partners.
    pub partners: Slope,
}

struct Row {
    error: f64,
    exposure: f64,
    partner: String,
    group: String,
    weight: f64,
}

/// Tests a forecast on an episode; none where too few cells can be told apart.
pub fn test(scene: &Scene<'_>, forecast: &Forecast) -> Option<Orthogonality> {
    let rates = scene.rates(forecast.basis);
    let exposure = |cell: &(String, String)| {
        rates.get(cell).map_or(0.0, |(before, after)| ((1.0 + after) / (1.0 + before)).ln())
    };
    let (mut rows, mut sums): (Vec<Row>, BTreeMap<&str, [f64; 4]>) = (Vec::new(), BTreeMap::new());
    for (cell, (before, said)) in forecast.imports.iter().filter(|(cell, _)| cell.0 != OTHERS) {
        let was = scene.flow(&scene.episode.after, &cell.0, &cell.1).imports;
        let observed = scene.flow(&scene.episode.before, &cell.0, &cell.1).imports;
        // What a forecast says is its change, on the flows that were there.
        let said = if *before > 0.0 { observed * said / before } else { 0.0 };
        let sum = sums.entry(&cell.0).or_default();
        for (held, add) in sum.iter_mut().zip([observed, said, was, observed * exposure(cell)]) {
            *held += add;
        }
        if observed >= SMALLEST && was > 0.0 && said > 0.0 {
            let (partner, group) = cell.clone();
            rows.push(Row {
                error: (was / said).ln(),
                exposure: exposure(cell),
                partner,
                group,
                weight: observed,
            });
        }
    }
    let by_partner: Vec<Row> = sums
        .into_iter()
        .filter(|(_, [before, said, was, _])| *before > 0.0 && *said > 0.0 && *was > 0.0)
        .map(|(partner, [before, said, was, exposed])| Row {
            error: (was / said).ln(),
            exposure: exposed / before,
            partner: partner.to_owned(),
            group: String::new(),
            weight: before,
        })
        .collect();
    // Thirteen partners and two parameters: the usual correction. Clusters are corrected for their own number.
    let lost = |count: usize, parameters: usize| count as f64 / (count.saturating_sub(parameters)) as f64;
    Some(Orthogonality {
        cells: slope(&rows, false, &|count| lost(count, 1))?,
        within_sectors: slope(&rows, true, &|count| lost(count, 1))?,
        partners: slope(&by_partner, false, &|count| lost(count, 2))?,
    })
}

/// Least squares with the standard error clustered by partner; `correction` of its square by the number of clusters.
fn slope(rows: &[Row], effects: bool, correction: &dyn Fn(usize) -> f64) -> Option<Slope> {
    let group = |row: &Row| if effects { row.group.clone() } else { String::new() };
    let mut means: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for row in rows {
        let held = means.entry(group(row)).or_default();
        for (sum, add) in held.iter_mut().zip([row.weight, row.weight * row.error, row.weight * row.exposure])
        {
            *sum += add;
        }
    }
    let centred: Vec<(f64, f64, f64, &str)> = rows
        .iter()
        .filter_map(|row| {
            let [weight, error, exposure] = *means.get(&group(row))?;
            Some((
                row.weight,
                row.error - error / weight,
                row.exposure - exposure / weight,
                row.partner.as_str(),
            ))
        })
        .collect();
    let curvature: f64 = centred.iter().map(|(weight, _, exposure, _)| weight * exposure * exposure).sum();
    let both: f64 = centred.iter().map(|(weight, error, exposure, _)| weight * error * exposure).sum();
    let value = both / curvature;
    let mut scores: BTreeMap<&str, f64> = BTreeMap::new();
    for (weight, error, exposure, partner) in centred {
        *scores.entry(partner).or_default() += weight * exposure * (error - value * exposure);
    }
    let squares: f64 = scores.values().map(|score| score * score).sum();
    let error = (squares * correction(scores.len())).sqrt() / curvature;
    (value.is_finite() && error.is_finite()).then_some(Slope { value, error })
}
