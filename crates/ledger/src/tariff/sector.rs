//! Averages of a day, by layer and by sector: what a model and a headline take from the record.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{TariffError, Tariffs, View};
use crate::panel::{Average, Cell};
use crate::products::weights_of_a_pair;

/// What an authority's layers come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ByAuthority {
    /// The power; `base` for the base rates.
    pub authority: String,
    /// What it adds to the average, a share of value.
    pub contribution: f64,
}

/// An average tariff with the weights it was taken with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AverageTariff {
    /// Public name of the weights.
    pub weights: String,
    /// Whether they are the trade of the pair, and not of the importer with everybody.
    pub of_the_pair: bool,
    /// Share of value.
    pub rate: f64,
    /// Its parts.
    pub by_authority: Vec<ByAuthority>,
    /// Share of each layer in the order of [`Tariffs::layers`].
    pub layers: Vec<f64>,
    /// The trade that weighs it, in the currency of the line table.
    pub value: f64,
}

/// A sector's tariff under each of the weights on record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectorTariff {
    /// Importing party.
    pub importer: String,
    /// Exporting party.
    pub exporter: String,
    /// Sector of the concordance.
    pub sector: String,
    /// By trade with the exporter (all partners where it sold nothing): the cell of a model. A share of value.
    pub rate: f64,
    /// Lines with a base rate.
    pub lines: usize,
    /// Every line counted once.
    pub simple: Option<f64>,
    /// By name of the weights.
    pub weighted: BTreeMap<String, f64>,
}

/// The average tariff on one partner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartnerAverage {
    /// Importing party.
    pub importer: String,
    /// Exporting party.
    pub exporter: String,
    /// The day.
    pub on: Date,
    /// Share of value: base and layers.
    pub rate: f64,
    /// The base rates of it.
    pub base: f64,
    /// The trade that weighs it.
    pub value: f64,
}

impl Tariffs {
    /// Every sector's tariff under each of the weights that the importer's lines carry, and with none.
    pub fn sector_table(&self, view: View<'_>, concordance: &str) -> Result<Vec<SectorTariff>, TariffError> {
        let layers = self.layers(view)?;
        let panel = self.panel(view.importer, view.exporter)?;
        let concordance = self.library().concordance(concordance)?;
        let names = self.provenance(view.importer)?;
        let stacking = &self.ledger().stacking;
        let weighted = |weights: &str| panel.by_sector(&layers, stacking, view.on, weights, &concordance);
        let [own, all] = weights_of_a_pair(view.exporter).map(weighted);
        let simple = panel.simple_by_sector(&layers, stacking, view.on, &concordance);
        let mut found = Vec::new();
        for ((own, all), simple) in own.into_iter().zip(all).zip(simple) {
            let Some(rate) = own.average.as_ref().map(|average| average.total) else { continue };
            let mut weighted = BTreeMap::new();
            for (weights, average) in
                weights_of_a_pair(view.exporter).into_iter().zip([&own.average, &all.average])
            {
                if let (Some(name), Some(average)) = (names.weights_of(weights), average) {
                    weighted.insert(name.clone(), average.total);
                }
            }
            found.push(SectorTariff {
                importer: view.importer.to_owned(),
                exporter: view.exporter.to_owned(),
                sector: own.sector,
                rate,
                lines: simple.average.as_ref().map_or(0, |average| average.value as usize),
                simple: simple.average.map(|average| average.total),
                weighted,
            });
        }
        Ok(found)
    }

    /// The average tariff of the day, with each of the weights that the importer's lines carry: trade with the exporter, and
    /// trade with all partners.
    ///
    /// ```
    /// use detente_ledger::tariff::{Tariffs, View};
    /// use jiff::civil::date;
    ///
    /// let averages = Tariffs::embedded()?.averages(View::on_day("USA", "CHN", date(2025, 9, 16)))?;
    /// let pair = &averages[0];
    /// assert!(pair.of_the_pair && (0.3..0.6).contains(&pair.rate), "a share of value: {}", pair.rate);
    /// let parts: f64 = pair.by_authority.iter().map(|part| part.contribution).sum();
    /// assert!((parts - pair.rate).abs() < 1e-9, "the parts add up");
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
    pub fn averages(&self, view: View<'_>) -> Result<Vec<AverageTariff>, TariffError> {
        let layers = self.layers(view)?;
        let panel = self.panel(view.importer, view.exporter)?;
        let names = self.provenance(view.importer)?;
        let mut found = Vec::new();
        for weights in weights_of_a_pair(view.exporter) {
            let average = panel.average(&layers, &self.ledger().stacking, view.on, weights);
            let (Some(average), Some(name)) = (average, names.weights_of(weights)) else { continue };
            let mut parts: BTreeMap<&str, f64> = BTreeMap::new();
            for (layer, share) in layers.iter().zip(&average.layers) {
                *parts.entry(&layer.authority).or_default() += share;
            }
            let base = ByAuthority { authority: "base".to_owned(), contribution: average.base };
            let others =
                parts.into_iter().filter(|(_, share)| *share != 0.0).map(|(authority, contribution)| {
                    ByAuthority { authority: authority.to_owned(), contribution }
                });
            found.push(AverageTariff {
                weights: name.clone(),
                of_the_pair: weights == view.exporter,
                rate: average.total,
                by_authority: std::iter::once(base).chain(others).collect(),
                layers: average.layers,
                value: average.value,
            });
        }
        Ok(found)
    }

    /// The average of the day on each partner whose trade the record has by line, with that trade as weights, in order of code.
    pub fn averages_by_partner(
        &self,
        importer: &str,
        on: Date,
        known_on: Date,
    ) -> Result<Vec<PartnerAverage>, TariffError> {
        let mut found = Vec::new();
        let partners = self.origins(importer)?;
        if partners.len() > 1 {
            self.prepare_all_origins(importer)?;
        }
        for exporter in partners {
            let view = View { known_on, ..View::on_day(importer, &exporter, on) };
            let layers = self.layers(view)?;
            let panel = self.panel(importer, &exporter)?;
            if let Some(average) = panel.average(&layers, &self.ledger().stacking, on, &exporter) {
                found.push(PartnerAverage {
                    importer: importer.to_owned(),
                    exporter,
                    on,
                    rate: average.total,
                    base: average.base,
                    value: average.value,
                });
            }
        }
        Ok(found)
    }

    /// The tariff of every sector of a benchmark's concordance, by trade with the exporter: cells `[importer, exporter, sector]`.
    /// Sectors without goods are absent.
    pub fn by_sector(&self, view: View<'_>, concordance: &str) -> Result<Vec<Cell>, TariffError> {
        Ok(self
            .sector_averages(view, concordance)?
            .into_iter()
            .map(|(sector, average)| Cell {
                importer: view.importer.to_owned(),
                exporter: view.exporter.to_owned(),
                sector,
                rate: average.total,
            })
            .collect())
    }

    /// The averages behind [`Tariffs::by_sector`], with their parts.
    pub fn sector_averages(
        &self,
        view: View<'_>,
        concordance: &str,
    ) -> Result<Vec<(String, Average)>, TariffError> {
        let layers = self.layers(view)?;
        let panel = self.panel(view.importer, view.exporter)?;
        let concordance = self.library().concordance(concordance)?;
        let sectors = panel.by_sector(&layers, &self.ledger().stacking, view.on, view.exporter, &concordance);
        Ok(sectors.into_iter().filter_map(|sector| Some((sector.sector, sector.average?))).collect())
    }
}
