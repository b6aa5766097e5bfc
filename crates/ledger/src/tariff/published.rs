//! Averages that others have published, beside ours on the same day: what agrees, what does not, and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{TariffError, Tariffs, View};
use crate::duty::Bound;
use crate::panel::Average;
use crate::products::{ALL_PARTNERS, ProductError};

const FILE: &str = "validation/average-tariffs.csv";

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
    /// How the cause is measured.
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
    /// What the cause comes to: the same comparison with the cause taken out, percent.
    pub without_cause_pct: Option<f64>,
}

impl Tariffs {
    /// Every published average beside ours, with the knowledge of today: publishers correct their series too.
    pub fn published_averages(&self) -> Result<Vec<Comparison>, TariffError> {
        let rows = self.published()?;
        rows.into_iter().enumerate().map(|(at, row)| self.compare(row, at + 2)).collect()
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

    fn compare(&self, row: Published, at: usize) -> Result<Comparison, TariffError> {
        let partner = self.average_of(&row, row.on, &row.exporter)?;
        let all = self.average_of(&row, row.on, ALL_PARTNERS)?;
        let ours = if row.compare_with == ALL_PARTNERS { all.or(partner) } else { partner };
        Ok(Comparison {
            without_cause_pct: self.without_cause(&row, ours, at)?,
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

    /// Our average in percent with trade with `weights`, none where the importer's lines carry no such weights or the exporter
    /// is no single party. Receipts are those of a month, and so is the average beside them: the mean over its days.
    fn average_of(&self, row: &Published, on: Date, weights: &str) -> Result<Option<f64>, TariffError> {
        let days = match row.kind {
            Kind::Statutory => vec![(on, 1.0)],
            Kind::Collected => self.steps_of_month(row, on),
        };
        let (mut sum, mut count) = (0.0, 0.0);
        for (day, length) in days {
            let Some(average) = self.average_on(row, day, weights, Bound::Expected)? else { return Ok(None) };
            sum += average.total * 100.0 * length;
            count += length;
        }
        Ok((count > 0.0).then_some(sum / count))
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

    fn average_on(
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

    /// Our figure once more with the named cause taken out.
    fn without_cause(
        &self,
        row: &Published,
        ours: Option<f64>,
        at: usize,
    ) -> Result<Option<f64>, TariffError> {
        let Some(ours) = ours else { return Ok(None) };
        let (kind, of) = row.size_of_cause.split_once(':').unwrap_or((&row.size_of_cause, ""));
        let day = || {
            of.parse::<Date>().map_err(|error| {
                ProductError::row(
                    FILE,
                    at,
                    format!("`{of}` is no day: {error}"),
                    "write `on:` and year-month-day",
                )
            })
        };
        match kind {
            "" => Ok(None),
            "on" => self.average_of(row, day()?, &row.compare_with),
            "most" => {
                let most = self.average_on(row, row.on, &row.compare_with, Bound::Most)?;
                Ok(most.map(|most| most.total * 100.0))
            }
            "layers" => self.layers_with_other_weights(row, of, ours),
            "unexempt" => self.unexempt(row, ours),
            other => {
                let repair =
                    "write `on:DATE`, `most`, `layers:AUTHORITY+AUTHORITY`, `unexempt`, or leave it empty";
                Err(ProductError::row(FILE, at, format!("`{other}` is no measure of a cause"), repair).into())
            }
        }
    }

    /// The named authorities' layers with trade with the partner as weights, the rest as before.
    fn layers_with_other_weights(
        &self,
        row: &Published,
        named: &str,
        ours: f64,
    ) -> Result<Option<f64>, TariffError> {
        let layers = self.layers(latest(row, row.on))?;
        let here = self.average_on(row, row.on, &row.compare_with, Bound::Expected)?;
        let there = self.average_on(row, row.on, &row.exporter, Bound::Expected)?;
        Ok(here.zip(there).map(|(here, there)| {
            let moved: f64 = layers
                .iter()
                .zip(here.layers.iter().zip(&there.layers))
                .filter(|(layer, _)| named.split('+').any(|authority| authority == layer.authority))
                .map(|(_, (here, there))| there - here)
                .sum();
            ours + moved * 100.0
        }))
    }

    /// As if the layers on all goods knew no exemption and nothing blocked them.
    fn unexempt(&self, row: &Published, ours: f64) -> Result<Option<f64>, TariffError> {
        let layers = self.layers(latest(row, row.on))?;
        let average = self.average_on(row, row.on, &row.compare_with, Bound::Expected)?;
        Ok(average.map(|average| {
            let missing: f64 = layers
                .iter()
                .zip(&average.layers)
                .filter(|(layer, _)| layer.is_charged() && layer.scope.is_for_all_goods())
                .map(|(layer, contribution)| layer.rate.expected - contribution)
                .sum();
            ours + missing * 100.0
        }))
    }
}

/// The schedule of the day with the knowledge of today.
fn latest<'a>(row: &'a Published, on: Date) -> View<'a> {
    View { known_on: Date::MAX, ..View::on_day(&row.importer, &row.exporter, on) }
}
