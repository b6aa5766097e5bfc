//! The levers of a day: what each side charges the other, by authority and instrument.

use detente_ledger::talks::{Party, Talks};
use detente_ledger::tariff::{TariffError, Tariffs, View};
use jiff::civil::Date;

use crate::ledger_tariffs::Schedule;

/// An instrument in force, as a lever.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// Identifier in the record.
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// Its rate, percent; the largest where it has several.
    pub rate_pct: f64,
    /// What it adds to the average duty, points.
    pub adds_points: f64,
    /// Whether that is its one rate on all goods that it reaches: one lever takes it off whole.
    pub has_one_rate: bool,
}

/// The instruments of an authority.
#[derive(Clone, Debug, PartialEq)]
pub struct Authority {
    /// The authority, as the record names it.
    pub name: String,
    /// What it adds to the average duty, points.
    pub adds_points: f64,
    /// Its instruments, the largest first.
    pub instruments: Vec<Instrument>,
}

/// One side's levers on the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// Importing party.
    pub importer: Party,
    /// Exporting party.
    pub exporter: Party,
    /// Average duty by statute, percent.
    pub average_pct: f64,
    /// Authorities, the largest first.
    pub authorities: Vec<Authority>,
}

/// Levers of both sides on a day, as known on a day.
///
/// # Errors
/// What the record refuses.
pub fn of_day(
    tariffs: &Tariffs,
    talks: &Talks,
    on: Date,
    known_on: Date,
) -> Result<Vec<Direction>, TariffError> {
    talks.pairs().map(|(importer, exporter)| direction(tariffs, importer, exporter, on, known_on)).collect()
}

/// Levers of one importer on one origin on a day, as known on a day.
///
/// # Errors
/// What the record refuses.
pub fn direction(
    tariffs: &Tariffs,
    importer: &Party,
    exporter: &Party,
    on: Date,
    known_on: Date,
) -> Result<Direction, TariffError> {
    let reading = Schedule::on_day(on, known_on).reading;
    let view = View { importer: &importer.code, exporter: &exporter.code, on, known_on, reading };
    let layers = tariffs.layers(view)?;
    let average = tariffs.averages(view)?.into_iter().next();
    let mut authorities: Vec<Authority> = Vec::new();
    for (layer, share) in layers.iter().zip(average.iter().flat_map(|average| &average.layers)) {
        if *share == 0.0 {
            continue;
        }
        let (rate_pct, adds_points) = (100.0 * layer.rate.expected, 100.0 * share);
        let place = authorities.iter().position(|held| held.name == layer.authority).unwrap_or_else(|| {
            let name = layer.authority.clone();
            authorities.push(Authority { name, adds_points: 0.0, instruments: Vec::new() });
            authorities.len() - 1
        });
        let held = &mut authorities[place];
        held.adds_points += adds_points;
        match held.instruments.iter_mut().find(|known| known.id == layer.instrument) {
            Some(known) => {
                known.has_one_rate &= (known.rate_pct - rate_pct).abs() < 1e-9;
                known.rate_pct = known.rate_pct.max(rate_pct);
                known.adds_points += adds_points;
            }
            None => {
                let (id, title) = (layer.instrument.clone(), layer.measure.clone());
                held.instruments.push(Instrument { id, title, rate_pct, adds_points, has_one_rate: true });
            }
        }
    }
    let size = |value: f64| value.abs();
    authorities.sort_by(|a, b| size(b.adds_points).total_cmp(&size(a.adds_points)));
    for authority in &mut authorities {
        authority.instruments.sort_by(|a, b| size(b.adds_points).total_cmp(&size(a.adds_points)));
    }
    Ok(Direction {
        importer: importer.clone(),
        exporter: exporter.clone(),
        average_pct: average.map_or(0.0, |average| 100.0 * average.rate),
        authorities,
    })
}
