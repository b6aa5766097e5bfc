//! Forecasts: how much of each cell's imports is expected to remain, by whatever means.

use super::episode::{Basis, OTHERS, Scene};
use detente_engine::benchmark::SectorKind;
use std::collections::BTreeMap;

/// What a forecaster says about one episode: flows before and after, on the flows that it starts from.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Name.
    pub name: String,
    /// Rates it was given.
    pub basis: Basis,
    /// Imports before and after by partner and sector group.
    pub imports: BTreeMap<(String, String), (f64, f64)>,
    /// Goods exports to the retaliator before and after.
    pub exports: (f64, f64),
}

/// What is scored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Goods imports from a partner.
    Imports(String),
    /// Imports of a sector group from a partner.
    Sector(String, String),
    /// All goods imports.
    AllImports,
    /// Exports to the retaliator.
    Exports,
    /// Duty on all imports.
    Duty,
}

/// Changes in logarithms, by item.
pub type Changes = BTreeMap<Item, f64>;

impl Forecast {
    /// From flows on the benchmark's cells before and after.
    pub fn of_flows(scene: &Scene<'_>, name: &str, basis: Basis, before: &[f64], after: &[f64]) -> Self {
        let size = scene.benchmark.dimensions();
        let mut sums: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
        let mut exports = (0.0, 0.0);
        for sector in 0..size.sectors {
            if scene.benchmark.sectors[sector].kind != SectorKind::Services {
                let at = size.cell(scene.retaliator, scene.importer, sector);
                exports.0 += before[at];
                exports.1 += after[at];
            }
            let Some(group) = scene.group_of(sector) else { continue };
            for exporter in (0..size.economies).filter(|exporter| *exporter != scene.importer) {
                let at = size.cell(scene.importer, exporter, sector);
                let sum = sums.entry((scene.partner_of(exporter).to_owned(), group.to_owned())).or_default();
                sum.0 += before[at];
                sum.1 += after[at];
            }
        }
        Self { name: name.to_owned(), basis, imports: sums, exports }
    }

    /// The naive rival: one elasticity on tariff-exclusive flows, no general equilibrium. Zero is "no change".
    pub fn elasticity(scene: &Scene<'_>, name: &str, basis: Basis, elasticity: f64) -> Self {
        let (before, after) = scene.tariffs(basis);
        let flows = &scene.rebased().border_value;
        let responded: Vec<f64> = flows
            .iter()
            .zip(before.iter().zip(&after))
            .map(|(flow, (before, after))| flow * ((1.0 + after) / (1.0 + before)).powf(-elasticity))
            .collect();
        Self::of_flows(scene, name, basis, flows, &responded)
    }

    /// Changes of every item, at the forecast's own flows: those observed before, or the benchmark's for an equilibrium.
    pub fn changes(&self, scene: &Scene<'_>) -> Changes {
        let rates = scene.rates(self.basis);
        let mut tally = Tally::default();
        for (key, (before, after)) in &self.imports {
            let (rate_before, rate) = rates.get(key).copied().unwrap_or((0.0, 0.0));
            tally.add(&key.0, &key.1, *before, *after, rate_before * before, rate * after);
        }
        tally.changes((self.exports.1 / self.exports.0).ln())
    }
}

/// What happened, in the same items.
pub fn outturn(scene: &Scene<'_>) -> Changes {
    let episode = scene.episode;
    let mut tally = Tally::default();
    for partner in &scene.partners {
        for group in &scene.groups {
            let before = scene.flow(&episode.before, partner, group);
            let after = scene.flow(&episode.after, partner, group);
            tally.add(partner, group, before.imports, after.imports, before.duty, after.duty);
        }
    }
    let exports = |year: &str| scene.reporter.exports(year, &episode.retaliator);
    let ratio = exports(&episode.exports_after)
        .zip(exports(&episode.exports_before))
        .map(|(after, before)| after / before);
    tally.changes(ratio.map_or(f64::NAN, f64::ln))
}

/// Sums of cells by item: before and after.
#[derive(Default)]
struct Tally {
    sums: BTreeMap<Item, (f64, f64)>,
}

impl Tally {
    fn add(&mut self, partner: &str, group: &str, before: f64, after: f64, duty_before: f64, duty: f64) {
        let mut put = |item: Item, before: f64, after: f64| {
            let sum = self.sums.entry(item).or_default();
            sum.0 += before;
            sum.1 += after;
        };
        put(Item::AllImports, before, after);
        put(Item::Duty, duty_before, duty);
        if partner != OTHERS {
            put(Item::Imports(partner.to_owned()), before, after);
            put(Item::Sector(partner.to_owned(), group.to_owned()), before, after);
        }
    }

    fn changes(self, exports: f64) -> Changes {
        let mut changes: Changes = self
            .sums
            .into_iter()
            .filter(|(_, (before, after))| *before > 0.0 && *after > 0.0)
            .map(|(item, (before, after))| (item, (after / before).ln()))
            .collect();
        if exports.is_finite() {
            changes.insert(Item::Exports, exports);
        }
        changes
    }
}
