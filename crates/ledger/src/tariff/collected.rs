//! The schedule of a past year beside the duty that customs calculated on its trade, by sector.
//!
//! For a line with base `b`, layers `L` (the year's mean, after stacking) and calculated duty `d`, all shares of value, the gap
//! `b + L − d` is told apart by what is left unpaid: the base first, then the layers; what lies beyond `b + L` stands by itself.

use jiff::civil::{Date, date};
use serde::Serialize;

use super::{TariffError, Tariffs, View};
use crate::duty::Bound;
use crate::products::Line;

/// A sector's duties of a year.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CollectedDuties {
    /// Sector code.
    pub sector: String,
    /// Customs value.
    pub value: f64,
    /// Duty by the schedule.
    pub statutory: f64,
    /// Duty calculated by customs.
    pub collected: f64,
    /// Base duty that was not collected.
    pub base_unpaid: f64,
    /// Added duty that was not collected.
    pub layers_unpaid: f64,
    /// Collected beyond the schedule.
    pub beyond: f64,
    /// The lines with the largest gaps.
    pub largest: Vec<LineGap>,
}

/// A line's part in a gap.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LineGap {
    /// Line.
    pub code: String,
    /// Customs value.
    pub value: f64,
    /// Share of value by the schedule.
    pub statutory: f64,
    /// Share of value collected.
    pub collected: f64,
}

const LARGEST: usize = 3;

impl Tariffs {
    /// The year of the importer's trade figures, by sector of a concordance. Empty where the lines carry no calculated duty.
    pub fn collected_duties(
        &self,
        importer: &str,
        exporter: &str,
        concordance: &str,
    ) -> Result<Vec<CollectedDuties>, TariffError> {
        let Some(year) = self.provenance(importer)?.year_of_trade else { return Ok(Vec::new()) };
        let added = self.mean_added(importer, exporter, year)?;
        let panel = self.panel(importer, exporter)?;
        let concordance = self.library().concordance(concordance)?;
        let mut found: Vec<CollectedDuties> = concordance
            .sectors()
            .iter()
            .map(|sector| CollectedDuties { sector: sector.clone(), ..CollectedDuties::default() })
            .collect();
        for (line, class) in panel.lines() {
            let (Some(value), Some(collected), Some(base), Some(place)) = (
                panel.table().value(line, exporter),
                panel.table().calculated_duty(line, exporter),
                line.average_base(),
                concordance.place(line.code),
            ) else {
                continue;
            };
            found[place].add(line, value, base, added[class], collected);
        }
        found.retain(|sector| sector.value > 0.0);
        Ok(found)
    }

    /// What the layers add to each class, on average over the days of a year, with the knowledge of today.
    fn mean_added(&self, importer: &str, exporter: &str, year: i16) -> Result<Vec<f64>, TariffError> {
        let (first, after) = (date(year, 1, 1), date(year + 1, 1, 1));
        let view = |on| View { known_on: Date::MAX, ..View::on_day(importer, exporter, on) };
        let mut days = vec![first];
        days.extend(self.days_of_change(view(first)).into_iter().filter(|day| *day > first && *day < after));
        days.push(after);
        let panel = self.panel(importer, exporter)?;
        let mut mean = vec![0.0; panel.classes()];
        let length_of = |from: Date, until: Date| f64::from((until - from).get_days());
        for step in days.windows(2) {
            let weight = length_of(step[0], step[1]) / length_of(first, after);
            let layers = self.layers(view(step[0]))?;
            let added = panel.added(&layers, &self.ledger().stacking, step[0], Bound::Expected);
            for (class, sum) in mean.iter_mut().enumerate() {
                *sum += weight * added.total(class);
            }
        }
        Ok(mean)
    }
}

impl CollectedDuties {
    fn add(&mut self, line: &Line, value: f64, base: f64, layers: f64, collected: f64) {
        let (base, layers) = (base * value, layers * value);
        self.value += value;
        self.statutory += base + layers;
        self.collected += collected;
        self.base_unpaid += (base - collected).max(0.0);
        self.layers_unpaid += (base + layers - collected.max(base)).max(0.0);
        self.beyond += (collected - base - layers).max(0.0);
        let gap = LineGap {
            code: line.code.to_string(),
            value,
            statutory: (base + layers) / value,
            collected: collected / value,
        };
        let size = |gap: &LineGap| (gap.statutory - gap.collected) * gap.value;
        let place = self.largest.partition_point(|held| size(held) >= size(&gap));
        if place < LARGEST && size(&gap) > 0.0 {
            self.largest.insert(place, gap);
            self.largest.truncate(LARGEST);
        }
    }
}
