//! Rivals on the cells of the tables themselves, partner and sector group: the published nest, last year's growth, and one times the other.
//!
//! ```text
//! P_g = (Σ_i s_ig τ_ig^(1−σ))^(1/(1−σ)),   Q_ig = M_ig τ_ig^(−σ) P_g^(σ−η),   τ = (1+t¹)/(1+t⁰)
//! ```
//!
//! with s the share of an origin in spending on a group, duty inside: σ between origins and η between groups as published by Fajgelbaum,
//! Goldberg, Kennedy & Khandelwal (2020). The retaliator's purchases answer with the importer's share in its spending, all other origins as
//! one whose price stands.

use super::episode::{Basis, Scene};
use super::forecast::Forecast;
use detente_engine::benchmark::SectorKind;
use std::collections::BTreeMap;

/// σ and η as published.
pub const PUBLISHED: (f64, f64) = (2.53, 1.53);

type Cells<T> = BTreeMap<(String, String), T>;

/// Imports of the period before, by cell; what the tables' rounding makes negative counts as nothing.
fn before(scene: &Scene<'_>) -> Cells<f64> {
    let mut flows = BTreeMap::new();
    for partner in &scene.partners {
        for group in &scene.groups {
            let value = scene.flow(&scene.episode.before, partner, group).imports.max(0.0);
            flows.insert((partner.clone(), group.clone()), value);
        }
    }
    flows
}

/// What is left of one origin's sales of a group, and the group's price index, both new over old.
pub(super) struct Index {
    sum: f64,
    spending: f64,
    sigma: f64,
}

impl Index {
    /// Of nothing yet.
    pub fn new(sigma: f64) -> Self {
        Self { sum: 0.0, spending: 0.0, sigma }
    }

    /// The price; one where nothing is bought.
    pub fn price_or_one(&self) -> f64 {
        if self.spending > 0.0 { self.price() } else { 1.0 }
    }

    fn price(&self) -> f64 {
        let mean = self.sum / self.spending;
        if self.sigma == 1.0 { mean.exp() } else { mean.powf(1.0 / (1.0 - self.sigma)) }
    }

    /// Adds what is spent on an origin, duty inside, and what its price moves by.
    pub fn add(&mut self, spending: f64, price: f64) {
        self.spending += spending;
        self.sum += spending * if self.sigma == 1.0 { price.ln() } else { price.powf(1.0 - self.sigma) };
    }
}

/// The published nest.
pub fn nest(scene: &Scene<'_>, name: &str, basis: Basis, (sigma, eta): (f64, f64)) -> Forecast {
    let (flows, rates) = (before(scene), scene.rates(basis));
    let price = |cell: &(String, String)| {
        rates.get(cell).map_or(1.0, |(before, after)| (1.0 + after) / (1.0 + before))
    };
    let mut indices: BTreeMap<&str, Index> = BTreeMap::new();
    for (cell, value) in &flows {
        let rate = rates.get(cell).map_or(0.0, |(before, _)| *before);
        let index = indices.entry(&cell.1).or_insert(Index::new(sigma));
        index.add(value * (1.0 + rate), price(cell));
    }
    let imports = flows
        .iter()
        .map(|(cell, value)| {
            let index = indices.get(cell.1.as_str()).map_or(1.0, Index::price_or_one);
            (cell.clone(), (*value, value * price(cell).powf(-sigma) * index.powf(sigma - eta)))
        })
        .collect();
    Forecast { name: name.to_owned(), basis, imports, exports: exports(scene, basis, (sigma, eta)) }
}

/// The retaliator's purchases from the importer, before and after.
pub(super) fn exports(scene: &Scene<'_>, basis: Basis, (sigma, eta): (f64, f64)) -> (f64, f64) {
    let size = scene.benchmark.dimensions();
    let (rates_before, rates_after) = scene.tariffs(basis);
    let mut sums = (0.0, 0.0);
    for sector in 0..size.sectors {
        if scene.benchmark.sectors[sector].kind == SectorKind::Services {
            continue;
        }
        let own = size.cell(scene.retaliator, scene.importer, sector);
        let spent = |exporter: usize| {
            let cell = size.cell(scene.retaliator, exporter, sector);
            scene.benchmark.border_value[cell] * (1.0 + rates_before[cell])
        };
        let others = (0..size.economies).filter(|exporter| *exporter != scene.retaliator);
        let all: f64 = others.map(spent).sum();
        let price = (1.0 + rates_after[own]) / (1.0 + rates_before[own]);
        let mut index = Index::new(sigma);
        index.add(spent(scene.importer), price);
        index.add(all - spent(scene.importer), 1.0);
        let value = scene.benchmark.border_value[own];
        sums.0 += value;
        sums.1 +=
            if all > 0.0 { value * price.powf(-sigma) * index.price().powf(sigma - eta) } else { value };
    }
    sums
}

/// Growth of each cell over the year before the period before, to a power; none where the tables do not reach back.
pub fn trend(scene: &Scene<'_>) -> Option<Cells<f64>> {
    let earlier = scene.episode.earlier.as_ref()?;
    let growth = before(scene).into_iter().map(|(cell, value)| {
        let then = scene.flow(earlier, &cell.0, &cell.1).imports;
        let grown = if then > 0.0 && value > 0.0 { value / then } else { 1.0 };
        (cell, grown)
    });
    Some(growth.collect())
}

/// A forecast with each cell's growth to a power on top.
pub fn times(forecast: Forecast, name: &str, growth: &Cells<f64>, power: f64) -> Forecast {
    let imports = forecast.imports.into_iter().map(|(cell, (before, after))| {
        let factor = growth.get(&cell).map_or(1.0, |grown| grown.powf(power));
        (cell, (before, after * factor))
    });
    Forecast { name: name.to_owned(), imports: imports.collect(), ..forecast }
}

/// One elasticity on the tables' own cells.
pub fn elasticity(scene: &Scene<'_>, name: &str, basis: Basis, elasticity: f64) -> Forecast {
    // Where both elasticities are one number the nest is that elasticity.
    nest(scene, name, basis, (elasticity, elasticity))
}
