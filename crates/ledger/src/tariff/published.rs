//! Averages that others have published, beside ours on the same day: what agrees, what does not, and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{TariffError, Tariffs, View};
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
        let text = self.library().text(FILE)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .deserialize::<Published>()
            .enumerate()
            .map(|(at, row)| {
                let row = row.map_err(|error| {
                    ProductError::row(FILE, at + 2, error.to_string(), "see data/validation/README.md for the columns")
                })?;
                self.compare(row, at + 2)
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
    /// is no single party.
    fn average_of(&self, row: &Published, on: Date, weights: &str) -> Result<Option<f64>, TariffError> {
        if row.exporter == ALL_PARTNERS {
            return Ok(None);
        }
        let view = View { known_on: Date::MAX, ..View::on_day(&row.importer, &row.exporter, on) };
        let layers = self.layers(view)?;
        let panel = self.panel(view.importer, view.exporter)?;
        let average = panel.average(&layers, &self.ledger().stacking, on, weights);
        Ok(average.map(|average| average.total * 100.0))
    }

    fn without_cause(&self, row: &Published, ours: Option<f64>, at: usize) -> Result<Option<f64>, TariffError> {
        let Some(ours) = ours else { return Ok(None) };
        let unknown = |problem: String| {
            ProductError::row(FILE, at, problem, "write `weights:NAME`, `on:DATE`, `unexempt`, or leave it empty")
        };
        let (kind, of) = row.size_of_cause.split_once(':').unwrap_or((&row.size_of_cause, ""));
        match kind {
            "" => Ok(None),
            "weights" => {
                let names = self.provenance(&row.importer)?.weights;
                let weights = names.iter().find(|(_, name)| *name == of).map(|(weights, _)| weights);
                let weights = weights.ok_or_else(|| unknown(format!("no weights `{of}`")))?;
                self.average_of(row, row.on, weights)
            }
            "on" => {
                let day: Date = of.parse().map_err(|error: jiff::Error| unknown(error.to_string()))?;
                self.average_of(row, day, &row.compare_with)
            }
            "unexempt" => self.unexempt(row, ours),
            other => Err(unknown(format!("`{other}` is no measure of a cause")).into()),
        }
    }

    /// As if the layers on all goods knew no exemption and nothing blocked them.
    fn unexempt(&self, row: &Published, ours: f64) -> Result<Option<f64>, TariffError> {
        let view = View { known_on: Date::MAX, ..View::on_day(&row.importer, &row.exporter, row.on) };
        let layers = self.layers(view)?;
        let panel = self.panel(view.importer, view.exporter)?;
        let average = panel.average(&layers, &self.ledger().stacking, row.on, &row.compare_with);
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
