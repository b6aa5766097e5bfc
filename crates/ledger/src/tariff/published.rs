//! Averages that others have published, beside ours on the same day: what agrees, what does not, and why.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{AllPartners, CauseSize, TariffError, Tariffs, View, World};
use crate::duty::Bound;
use crate::panel::Average;
use crate::products::{ALL_PARTNERS, ProductError};

pub(super) const FILE: &str = "validation/average-tariffs.csv";

/// Whether a published figure is law or receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What the schedule says.
    Statutory,
    /// What customs collected.
    Collected,
}

/// A published figure, as `data/validation/average-tariffs.csv` holds it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Row of the fact base.
    pub id: String,
    /// Day it speaks of.
    pub on: Date,
    /// Importing party.
    pub importer: String,
    /// Exporting party; `all` for the world.
    pub exporter: String,
    /// Law or receipts.
    pub kind: Kind,
    /// Percent.
    pub published_pct: f64,
    /// Publisher and version.
    pub publisher: String,
    /// How sure the fact base is of it.
    pub confidence: String,
    /// Weights nearest to the publisher's.
    pub compare_with: String,
    /// Why ours differs.
    pub cause: String,
    /// How the causes are measured, `;` between them; empty where nothing on record measures them.
    pub size_of_cause: String,
}

/// A published figure beside ours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Row of the fact base.
    pub id: String,
    /// Day.
    pub on: Date,
    /// Importing party.
    pub importer: String,
    /// Exporting party.
    pub exporter: String,
    /// Law or receipts.
    pub kind: Kind,
    /// Publisher and version.
    pub publisher: String,
    /// How sure the fact base is of it.
    pub confidence: String,
    /// Percent.
    pub published_pct: f64,
    /// Ours, percent, with trade with the partner as weights; none where the record does not hold the schedule.
    pub partner_weights_pct: Option<f64>,
    /// Ours, percent, with trade with all partners as weights.
    pub all_weights_pct: Option<f64>,
    /// The one of the two that is nearest to the publisher's weights, less the published figure.
    pub gap: Option<f64>,
    /// Why.
    pub cause: String,
    /// What each cause that is measured comes to, on its own.
    pub causes: Vec<CauseSize>,
    /// Ours with the measured causes taken out, percent.
    pub without_causes_pct: Option<f64>,
    /// The same with the causes of which only the most is known taken out at their most.
    pub without_causes_at_most_pct: Option<f64>,
    /// Of a figure on all partners: ours, and the partners that it owes most to.
    pub all_partners: Option<AllPartners>,
}

impl Tariffs {
    /// Every published average beside ours, with the knowledge of today: publishers correct their series too.
    pub fn published_averages(&self) -> Result<Vec<Comparison>, TariffError> {
        let rows = self.published()?;
        let mut worlds: BTreeMap<String, World<'_>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.exporter == ALL_PARTNERS) {
            if !worlds.contains_key(&row.importer) {
                worlds.extend(self.all_partners(&row.importer)?.map(|world| (row.importer.clone(), world)));
            }
        }
        let compare = |(at, row): (usize, Published)| {
            let world = worlds.get(&row.importer);
            self.compare(row, world, at + 2)
        };
        rows.into_iter().enumerate().map(compare).collect()
    }

    /// Every published average, as the fact base has it.
    pub fn published(&self) -> Result<Vec<Published>, TariffError> {
        let text = self.library().text(FILE)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .deserialize::<Published>()
            .enumerate()
            .map(|(at, row)| {
                row.map_err(|error| {
                    let repair = "see data/validation/README.md for the columns";
                    ProductError::row(FILE, at + 2, error.to_string(), repair).into()
                })
            })
            .collect()
    }

    fn compare(
        &self,
        row: Published,
        world: Option<&World<'_>>,
        at: usize,
    ) -> Result<Comparison, TariffError> {
        let partner = self.average_of(&row, row.on, &row.exporter)?;
        let (all, all_partners, causes) = if row.exporter == ALL_PARTNERS {
            let found = world.map(|world| world.compare(&row, at)).transpose()?.flatten();
            let (parts, causes) = found.unzip();
            (parts.as_ref().map(|parts| parts.total_pct), parts, causes.unwrap_or_default())
        } else {
            (self.average_of(&row, row.on, ALL_PARTNERS)?, None, Vec::new())
        };
        let ours = if row.compare_with == ALL_PARTNERS { all.or(partner) } else { partner };
        let causes = match ours.filter(|_| row.exporter != ALL_PARTNERS) {
            Some(ours) => self.causes(&row, ours, at)?,
            None => causes,
        };
        let moved: f64 = causes.iter().map(|cause| cause.points).sum();
        let uncounted: Option<f64> =
            causes.iter().filter_map(|cause| cause.uncounted_at_most).reduce(|a, b| a + b);
        let without_causes_pct = ours.filter(|_| !causes.is_empty()).map(|ours| ours + moved);
        Ok(Comparison {
            without_causes_at_most_pct: without_causes_pct.zip(uncounted).map(|(ours, most)| ours + most),
            without_causes_pct,
            causes,
            all_partners,
            gap: ours.map(|ours| ours - row.published_pct),
            partner_weights_pct: partner,
            all_weights_pct: all,
            id: row.id,
            on: row.on,
            importer: row.importer,
            exporter: row.exporter,
            kind: row.kind,
            publisher: row.publisher,
            confidence: row.confidence,
            published_pct: row.published_pct,
            cause: row.cause,
        })
    }

    /// The weights that the comparison of this row is made with.
    pub(super) fn weights_of(&self, row: &Published) -> String {
        if row.compare_with == ALL_PARTNERS { ALL_PARTNERS.to_owned() } else { row.exporter.clone() }
    }

    /// Our average in percent with trade with `weights`, none where the importer's lines carry no such weights or the exporter
    /// is no single party. Receipts are those of a month, and so is the average beside them: the mean over its days.
    pub(super) fn average_of(
        &self,
        row: &Published,
        on: Date,
        weights: &str,
    ) -> Result<Option<f64>, TariffError> {
        let days = self.days_of(row, on);
        let (mut sum, mut count) = (0.0, 0.0);
        for (day, length) in days {
            let Some(average) = self.average_on(row, day, weights, Bound::Expected)? else { return Ok(None) };
            sum += average.total * 100.0 * length;
            count += length;
        }
        Ok((count > 0.0).then_some(sum / count))
    }

    /// The day of a figure by statute, the steps of the month of receipts; each with its weight in the mean.
    pub(super) fn days_of(&self, row: &Published, on: Date) -> Vec<(Date, f64)> {
        match row.kind {
            Kind::Statutory => vec![(on, 1.0)],
            Kind::Collected => self.steps_of_month(row, on),
        }
    }

    /// The days of the month on which the schedule changes, each with the number of days until the next.
    fn steps_of_month(&self, row: &Published, on: Date) -> Vec<(Date, f64)> {
        let (first, last) = (on.first_of_month(), on.last_of_month());
        let mut starts = vec![first];
        starts.extend(
            self.days_of_change(latest(row, on)).into_iter().filter(|day| *day > first && *day <= last),
        );
        let ends = starts.iter().skip(1).map(|day| day.day()).chain([last.day() + 1]);
        starts.iter().zip(ends).map(|(start, end)| (*start, f64::from(end - start.day()))).collect()
    }

    pub(super) fn average_on(
        &self,
        row: &Published,
        on: Date,
        weights: &str,
        bound: Bound,
    ) -> Result<Option<Average>, TariffError> {
        if row.exporter == ALL_PARTNERS {
            return Ok(None);
        }
        let layers = self.layers(latest(row, on))?;
        let panel = self.panel(&row.importer, &row.exporter)?;
        Ok(panel.average_at(&layers, &self.ledger().stacking, on, weights, bound))
    }
}

/// The schedule of the day with the knowledge of today.
pub(super) fn latest<'a>(row: &'a Published, on: Date) -> View<'a> {
    View { known_on: Date::MAX, ..View::on_day(&row.importer, &row.exporter, on) }
}
