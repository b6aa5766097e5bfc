//! The published nest on products: six digits of the record's lines together, at its trade by origin. Goods that are exempt and goods that are
//! taxed then stand apart, which a sector group mixes.
//!
//! The retaliator's duties are the record's own by line, by statute, mean over the middle of each month; those of all other partners are the cell's,
//! evenly on its products, since their pattern within a cell would move sales between partners by what is not known of their claims.

use super::BacktestError;
use super::episode::{Basis, Scene, middles};
use super::forecast::Forecast;
use super::rivals::{Index, exports};
use detente::ledger_tariffs::{LedgerTariffError, LedgerTariffs, Schedule};
use detente_ledger::products::{Concordance, ProductCode};
use detente_ledger::tariff::TariffError;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Digits of a product: those that all countries share.
const DIGITS: u8 = 6;
/// The year of the record's trade by line and origin.
const YEAR_OF_TRADE: i16 = 2024;

/// A product of a sector group.
type Product = (ProductCode, String);

/// What the forecast is asked of.
struct Asked<'a> {
    scene: &'a Scene<'a>,
    ledger: LedgerTariffs<'a>,
    concordance: Arc<Concordance>,
}

impl Asked<'_> {
    fn group(&self, sector: &str) -> Option<String> {
        Some(self.scene.group_of(self.scene.benchmark.sector(sector)?)?.to_owned())
    }

    /// Trade in each product by partner of the tables.
    fn trade(&self) -> Result<BTreeMap<Product, BTreeMap<String, f64>>, LedgerTariffError> {
        let (scene, tariffs) = (self.scene, self.ledger.tariffs);
        let importer = &scene.episode.importer;
        let mut found: BTreeMap<Product, BTreeMap<String, f64>> = BTreeMap::new();
        for origin in tariffs.origins(importer)? {
            let economy = scene.benchmark.economy_of_member(&origin).filter(|held| *held != scene.importer);
            let Some(economy) = economy else { continue };
            let partner = scene.partner_of(economy).to_owned();
            let table = tariffs.library().lines_weighed(importer, &origin).map_err(TariffError::from)?;
            let places = self.concordance.places(table.lines().iter().map(|line| line.code));
            let value_of = table.values(&origin);
            for (line, place) in table.lines().iter().zip(places) {
                let group = place.and_then(|place| self.group(&self.concordance.sectors()[place]));
                let (Some(group), Some(value)) = (group, value_of(line).filter(|value| *value > 0.0)) else {
                    continue;
                };
                let product = found.entry((line.code.cut(DIGITS), group)).or_default();
                *product.entry(partner.clone()).or_default() += value;
            }
        }
        Ok(found)
    }

    /// Mean duty on the retaliator's products over a window, known after everything happened.
    fn duties(&self, window: (Date, Date)) -> Result<BTreeMap<Product, f64>, LedgerTariffError> {
        let (tariffs, episode) = (self.ledger.tariffs, self.scene.episode);
        let (importer, exporter) = (episode.importer.as_str(), episode.retaliator.as_str());
        let panel = tariffs.panel(importer, exporter)?;
        let days = middles(window);
        let mut sums: BTreeMap<Product, (f64, f64)> = BTreeMap::new();
        for day in &days {
            let layers = Schedule::on_day(*day, Date::MAX).layers(tariffs, importer, exporter)?;
            let stacking = &tariffs.ledger().stacking;
            for duty in panel.by_product(&layers, stacking, *day, exporter, DIGITS, &self.concordance) {
                let Some(group) = self.group(&duty.sector) else { continue };
                // Sectors of one group, each with its lines.
                let sum = sums.entry((duty.code, group)).or_default();
                *sum = (sum.0 + duty.value * (duty.base + duty.added), sum.1 + duty.value);
            }
        }
        Ok(sums.into_iter().map(|(product, (sum, value))| (product, sum / value)).collect())
    }
}

/// The nest on products; none for an episode whose flows before are of another year than the record's trade by line.
pub fn nest(
    scene: &Scene<'_>,
    ledger: LedgerTariffs<'_>,
    name: &str,
    (sigma, eta): (f64, f64),
) -> Result<Option<Forecast>, BacktestError> {
    if scene.episode.days_before.0.year() != YEAR_OF_TRADE {
        return Ok(None);
    }
    let concordance = ledger.concordance_name(scene.benchmark)?;
    let concordance = ledger.tariffs.library().concordance(&concordance);
    let concordance = concordance.map_err(|error| LedgerTariffError::from(TariffError::from(error)))?;
    let asked = Asked { scene, ledger, concordance };
    let trade = asked.trade()?;
    let (before, after) = (asked.duties(scene.episode.days_before)?, asked.duties(scene.episode.days_after)?);
    let rates = scene.rates(Basis::Statute);
    let retaliator = scene.partner_of(scene.retaliator);
    let mut on_record: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for ((_, group), partners) in &trade {
        for (partner, value) in partners {
            *on_record.entry((partner, group)).or_default() += value;
        }
    }
    let flow =
        |partner: &str, group: &str| scene.flow(&scene.episode.before, partner, group).imports.max(0.0);
    let mut imports: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
    for (product, partners) in &trade {
        let group = product.1.as_str();
        let rate = |partner: &str| {
            let own = before.get(product).zip(after.get(product)).filter(|_| partner == retaliator);
            let cell = rates.get(&(partner.to_owned(), group.to_owned())).copied().unwrap_or_default();
            own.map_or(cell, |(before, after)| (*before, *after))
        };
        let bought: Vec<(&str, f64, f64, f64)> = partners
            .iter()
            .map(|(partner, value)| {
                let (before, after) = rate(partner);
                let share = value / on_record[&(partner.as_str(), group)];
                let price = (1.0 + after) / (1.0 + before);
                (partner.as_str(), share * flow(partner, group), before, price)
            })
            .collect();
        let mut index = Index::new(sigma);
        bought.iter().for_each(|(_, value, before, price)| index.add(value * (1.0 + before), *price));
        let of_product = index.price_or_one().powf(sigma - eta);
        for (partner, value, _, price) in bought {
            let sum = imports.entry((partner.to_owned(), group.to_owned())).or_default();
            *sum = (sum.0 + value, sum.1 + value * price.powf(-sigma) * of_product);
        }
    }
    // What the record has no product of is a product of its own.
    for partner in &scene.partners {
        for group in &scene.groups {
            let (before, after) = rates.get(&(partner.clone(), group.clone())).copied().unwrap_or_default();
            let value = flow(partner, group);
            let of_it = value * ((1.0 + after) / (1.0 + before)).powf(-eta);
            imports.entry((partner.clone(), group.clone())).or_insert((value, of_it));
        }
    }
    let exports = exports(scene, Basis::Statute, (sigma, eta));
    Ok(Some(Forecast { name: name.to_owned(), basis: Basis::Statute, imports, exports }))
}
