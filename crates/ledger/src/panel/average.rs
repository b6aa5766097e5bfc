//! Average tariffs: over all lines, by layer, and by sector, with the weights in their name.

use jiff::civil::Date;

use super::Panel;
use super::day::Day;
use crate::duty::{Bound, Layer, Stacking};
use crate::products::{ALL_PARTNERS, Concordance, Line};

/// An average over lines, a share of value.
#[derive(Debug, Clone, PartialEq)]
pub struct Average {
    /// Base and layers.
    pub total: f64,
    /// The base rates; lines whose base the record does not know as a share of value are left out of this part, and their
    /// weight is [`Average::unknown_base`].
    pub base: f64,
    /// What each layer adds, in the order of the layers.
    pub layers: Vec<f64>,
    /// Value of the trade that weighs the average.
    pub value: f64,
    /// Share of that value on lines with no base rate on record.
    pub unknown_base: f64,
}

/// The tariff of one sector.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorDuty {
    /// Sector code of the concordance.
    pub sector: String,
    /// The average over the sector's lines; none where the weights see no trade.
    pub average: Option<Average>,
}

/// The tariff that an importer lays on an exporter's goods of a sector: one cell of a model's tariffs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Importing party.
    pub importer: String,
    /// Exporting party.
    pub exporter: String,
    /// Sector.
    pub sector: String,
    /// Share of value.
    pub rate: f64,
}

/// Sums that become an average.
#[derive(Clone)]
struct Sums {
    value: f64,
    known: f64,
    base: f64,
    layers: Vec<f64>,
}

impl Sums {
    fn new(layers: usize) -> Self {
        Self { value: 0.0, known: 0.0, base: 0.0, layers: vec![0.0; layers] }
    }

    fn add(&mut self, base: Option<f64>, value: f64, added: &[(usize, f64)]) {
        self.value += value;
        if let Some(base) = base {
            self.known += value;
            self.base += base * value;
        }
        for (layer, share) in added {
            self.layers[*layer] += share * value;
        }
    }

    fn average(self) -> Option<Average> {
        if self.value <= 0.0 {
            return None;
        }
        let base = if self.known > 0.0 { self.base / self.known } else { 0.0 };
        let layers: Vec<f64> = self.layers.iter().map(|sum| sum / self.value).collect();
        Some(Average {
            total: base + layers.iter().sum::<f64>(),
            base,
            layers,
            value: self.value,
            unknown_base: 1.0 - self.known / self.value,
        })
    }
}

impl Panel {
    /// The average tariff on the day, weighted by trade with `weights`: an exporter of the line table, or [`ALL_PARTNERS`].
    /// None where the table has no such trade.
    pub fn average(&self, layers: &[Layer], stacking: &Stacking, on: Date, weights: &str) -> Option<Average> {
        self.average_at(layers, stacking, on, weights, Bound::Expected)
    }

    /// [`Panel::average`] with unknown shares and rates read at a bound.
    pub fn average_at(
        &self,
        layers: &[Layer],
        stacking: &Stacking,
        on: Date,
        weights: &str,
        bound: Bound,
    ) -> Option<Average> {
        let panel = self.ready(layers);
        let day = Day::new(&panel, layers, stacking, on, bound);
        let mut sums = Sums::new(layers.len());
        let weight = panel.table().values(weights);
        for (line, class) in panel.lines() {
            if let Some(value) = weight(line) {
                day.parts(line, class).for_each(|part| sums.add(part.base, value * part.share, part.added));
            }
        }
        sums.average()
    }

    /// The average tariff of each sector of `concordance`, weighted like [`Panel::average`]. A sector in which the exporter sold
    /// nothing takes the weights of all partners, so that it has a rate if any trade has.
    pub fn by_sector(
        &self,
        layers: &[Layer],
        stacking: &Stacking,
        on: Date,
        weights: &str,
        concordance: &Concordance,
    ) -> Vec<SectorDuty> {
        let panel = self.ready(layers);
        let day = Day::new(&panel, layers, stacking, on, Bound::Expected);
        let places = self.places(concordance);
        let weighted =
            |by: &str| panel.sums(&places, concordance, &day, layers.len(), self.table().values(by));
        concordance
            .sectors()
            .iter()
            .zip(weighted(weights).into_iter().zip(weighted(ALL_PARTNERS)))
            .map(|(sector, (own, all))| SectorDuty {
                sector: sector.clone(),
                average: own.average().or_else(|| all.average()),
            })
            .collect()
    }

    /// The simple average of each sector: every line with a base rate counts once, and [`Average::value`] is their number.
    pub fn simple_by_sector(
        &self,
        layers: &[Layer],
        stacking: &Stacking,
        on: Date,
        concordance: &Concordance,
    ) -> Vec<SectorDuty> {
        let panel = self.ready(layers);
        let day = Day::new(&panel, layers, stacking, on, Bound::Expected);
        let once = |line: &Line| line.average_base().map(|_| 1.0);
        let sums = panel.sums(&self.places(concordance), concordance, &day, layers.len(), once);
        let sectors = concordance.sectors().iter().zip(sums);
        sectors.map(|(sector, sums)| SectorDuty { sector: sector.clone(), average: sums.average() }).collect()
    }

    /// The sector of each line, by its place in the concordance.
    pub(super) fn places(&self, concordance: &Concordance) -> Vec<Option<usize>> {
        concordance.places(self.table().lines().iter().map(|line| line.code))
    }

    /// Sums of each sector, over lines with these places.
    fn sums(
        &self,
        places: &[Option<usize>],
        concordance: &Concordance,
        day: &Day<'_>,
        layers: usize,
        weight: impl Fn(&Line) -> Option<f64>,
    ) -> Vec<Sums> {
        let mut sums = vec![Sums::new(layers); concordance.sectors().len()];
        for ((line, class), place) in self.lines().zip(places) {
            if let (Some(place), Some(value)) = (place, weight(line)) {
                let sums = &mut sums[*place];
                day.parts(line, class).for_each(|part| sums.add(part.base, value * part.share, part.added));
            }
        }
        sums
    }
}
