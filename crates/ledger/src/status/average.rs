//! Averages of a day, from whoever knows tariff lines and trade.

use super::{AsOf, StatusLayer};
use crate::{
    schedule::Reading,
    talks::Talks,
    tariff::{Tariffs, View},
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Weights → importer → exporter → rate, a fraction; null where no data give it.
pub type AverageTable = BTreeMap<String, BTreeMap<String, BTreeMap<String, Option<f64>>>>;

/// An average tariff with the name of its weights.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedAverage {
    /// Name of the weights.
    pub weights: String,
    /// Whether they are the trade of the pair: what is at stake is never the trade with everybody.
    pub of_the_pair: bool,
    /// The rate, a fraction.
    pub rate: f64,
    /// What each instrument adds, fractions.
    pub by_measure: BTreeMap<String, f64>,
    /// The trade that weighs it, in US dollars a year.
    pub value_usd: f64,
}

/// Whoever knows tariff lines and trade.
pub trait Averages {
    /// The averages of `importer`'s tariffs on `exporter`, one for each kind of weights; the text says why there are none.
    fn averages(
        &self,
        importer: &str,
        exporter: &str,
        on: Date,
        known_on: Date,
    ) -> Result<Vec<WeightedAverage>, String>;
}

/// The record's own tariff lines, with the importer's trade with the exporter first and with everybody after it.
impl Averages for Tariffs {
    fn averages(
        &self,
        importer: &str,
        exporter: &str,
        on: Date,
        known_on: Date,
    ) -> Result<Vec<WeightedAverage>, String> {
        let view = View { importer, exporter, on, known_on, reading: Reading::Stated };
        let layers = self.layers(view).map_err(|error| error.to_string())?;
        let found = Tariffs::averages(self, view).map_err(|error| error.to_string())?;
        Ok(found
            .into_iter()
            .map(|average| {
                let mut by_measure = BTreeMap::new();
                for (layer, share) in layers.iter().zip(&average.layers) {
                    *by_measure.entry(layer.instrument.clone()).or_default() += share;
                }
                WeightedAverage {
                    weights: average.weights,
                    of_the_pair: average.of_the_pair,
                    rate: average.rate,
                    by_measure,
                    value_usd: average.value,
                }
            })
            .collect())
    }
}

/// Averages of all pairs of parties.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) table: AverageTable,
    pub(super) reason: Option<String>,
    pairs: Vec<(String, String, Vec<WeightedAverage>)>,
}

pub(super) fn averages(talks: &Talks, clock: AsOf, source: Option<&dyn Averages>) -> Found {
    match source {
        Some(source) => averages_among(talks, clock, source, |_, _| true),
        None => Found { reason: Some("no tariff lines at hand".to_owned()), ..Found::default() },
    }
}

/// The same of the pairs that are asked for.
pub(super) fn averages_among(
    talks: &Talks,
    clock: AsOf,
    source: &dyn Averages,
    among: impl Fn(&str, &str) -> bool,
) -> Found {
    let mut found = Found::default();
    let asked = talks.pairs().filter(|(importer, exporter)| among(&importer.code, &exporter.code));
    for (importer, exporter) in asked {
        match source.averages(&importer.code, &exporter.code, clock.on, clock.known_on) {
            Ok(averages) => found.pairs.push((importer.code.clone(), exporter.code.clone(), averages)),
            Err(reason) => {
                found.reason = Some(reason);
                found.pairs.push((importer.code.clone(), exporter.code.clone(), Vec::new()));
            }
        }
    }
    found.table = found.tabulate(|average| average.rate);
    found
}

impl Found {
    /// A table with a cell for each pair under each kind of weights: null where a pair lacks them.
    fn tabulate(&self, rate: impl Fn(&WeightedAverage) -> f64) -> AverageTable {
        let mut table = AverageTable::new();
        let weights = self.pairs.iter().flat_map(|(_, _, held)| held).map(|held| &held.weights);
        for name in weights {
            table.entry(name.clone()).or_default();
        }
        for (name, importers) in &mut table {
            for (importer, exporter, held) in &self.pairs {
                let cell = held.iter().find(|average| &average.weights == name).map(&rate);
                importers.entry(importer.clone()).or_default().insert(exporter.clone(), cell);
            }
        }
        table
    }

    fn of(&self, layer: &StatusLayer) -> Option<&WeightedAverage> {
        let pair = self.pairs.iter().find(|pair| pair.0 == layer.importer && pair.1 == layer.exporter)?;
        pair.2.first()
    }

    /// What an instrument adds to the average by the pair's own trade, and that trade in US dollars; none where it is not on record.
    pub(super) fn share(&self, importer: &str, exporter: &str, measure: &str) -> Option<(f64, f64)> {
        let pair = self.pairs.iter().find(|pair| pair.0 == importer && pair.1 == exporter)?;
        let average = pair.2.iter().find(|average| average.of_the_pair)?;
        Some((average.by_measure.get(measure).copied().unwrap_or_default(), average.value_usd))
    }

    /// The weights of the contributions, by pair.
    pub(super) fn contribution_weights(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (importer, exporter, held) in &self.pairs {
            if let Some(average) = held.first() {
                found.entry(importer.clone()).or_default().insert(exporter.clone(), average.weights.clone());
            }
        }
        found
    }

    /// Name of the weights of a pair's first average.
    pub(super) fn first_weights_of(&self, importer: &str, exporter: &str) -> Option<String> {
        let pair = self.pairs.iter().find(|pair| pair.0 == importer && pair.1 == exporter)?;
        pair.2.first().map(|average| average.weights.clone())
    }

    /// What a layer adds to the first average of its pair.
    pub(super) fn contribution_pct(&self, layer: &StatusLayer) -> Option<f64> {
        self.of(layer)?.by_measure.get(&layer.measure).map(|share| 100.0 * share)
    }

    /// The averages without the layers that rest on memory.
    pub(super) fn without_unsourced(&self, layers: &[StatusLayer]) -> Option<AverageTable> {
        let unsourced: Vec<&str> =
            layers.iter().filter(|layer| layer.unsourced).map(|layer| layer.measure.as_str()).collect();
        (!unsourced.is_empty() && !self.table.is_empty()).then(|| {
            self.tabulate(|average| {
                let resting: f64 =
                    unsourced.iter().filter_map(|measure| average.by_measure.get(*measure)).sum();
                average.rate - resting
            })
        })
    }
}
