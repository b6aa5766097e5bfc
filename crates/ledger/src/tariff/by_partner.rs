//! Averages by partner that others have published, beside ours as they count: what is added since a day, or base and all, or receipts.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::altered::{Altered, MEASURES};
use super::{TariffError, Tariffs, View};
use crate::products::ProductError;
use crate::schedule::Reading;

const FILE: &str = "validation/averages-by-partner.csv";

/// The day before what was added in 2025: additions are counted from there.
const BEFORE: Date = date(2025, 1, 1);

/// What a published figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// What the schedule added since January 2025, without the base.
    Added,
    /// The whole schedule.
    Whole,
    /// What customs collected.
    Collected,
}

/// A published average on a partner, as `data/validation/averages-by-partner.csv` holds it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    on: Date,
    importer: String,
    exporter: String,
    counts: Counts,
    published_pct: f64,
    publisher: String,
    causes: String,
}

/// A cause of a gap, and what reading the schedule in that way moves ours by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReadOtherwise {
    /// The measure.
    pub measure: String,
    /// Percentage points, one after the other.
    pub points: f64,
}

/// A published average on a partner beside ours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnPartner {
    /// Row of the fact base.
    pub id: String,
    /// The day it speaks of.
    pub on: Date,
    /// Importing party.
    pub importer: String,
    /// Exporting party.
    pub exporter: String,
    /// What it counts.
    pub counts: Counts,
    /// Publisher and version.
    pub publisher: String,
    /// Percent.
    pub published_pct: f64,
    /// Ours by statute, percent, by the partner's own trade.
    pub ours_pct: f64,
    /// Causes of the gap, measured.
    pub causes: Vec<ReadOtherwise>,
}

impl OnPartner {
    /// Ours less the published figure, points.
    pub fn gap(&self) -> f64 {
        self.ours_pct - self.published_pct
    }

    /// The gap with the measured causes taken out.
    pub fn left(&self) -> f64 {
        self.gap() + self.causes.iter().map(|cause| cause.points).sum::<f64>()
    }
}

impl Tariffs {
    /// Every published average on a partner beside ours, with the knowledge of today.
    ///
    /// # Errors
    /// A broken row, a cause that means nothing, and what the record refuses.
    pub fn published_by_partner(&self) -> Result<Vec<OnPartner>, TariffError> {
        let text = self.library().text(FILE)?;
        let mut found = Vec::new();
        for (at, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<Row>().enumerate() {
            let row = row.map_err(|error| {
                let repair = "see data/validation/README.md for the columns";
                ProductError::row(FILE, at + 2, error.to_string(), repair)
            })?;
            if found.is_empty() {
                self.prepare_all_origins(&row.importer)?;
            }
            found.push(self.on_partner(row, at + 2)?);
        }
        Ok(found)
    }

    fn on_partner(&self, row: Row, at: usize) -> Result<OnPartner, TariffError> {
        let refuse = |problem: String, repair: &str| ProductError::row(FILE, at, problem, repair);
        let figure = |altered: &Altered| -> Result<f64, TariffError> {
            let view = |on| View {
                importer: &row.importer,
                exporter: &row.exporter,
                on,
                known_on: Date::MAX,
                reading: Reading::default(),
            };
            let none =
                || refuse(format!("no trade with `{}` by line", row.exporter), "name a partner with trade");
            let now = self.average_as_read(view(row.on), altered)?.ok_or_else(none)?;
            Ok(100.0
                * match row.counts {
                    Counts::Added => {
                        let before = self.average_as_read(view(BEFORE), &Altered::default())?;
                        now.added - before.ok_or_else(none)?.added
                    }
                    Counts::Whole | Counts::Collected => now.base + now.added,
                })
        };
        let mut altered = Altered::default();
        let ours_pct = figure(&altered)?;
        let (mut now, mut causes) = (ours_pct, Vec::new());
        for measure in row.causes.split(';').map(str::trim).filter(|measure| !measure.is_empty()) {
            altered = altered
                .with(measure)
                .ok_or_else(|| refuse(format!("`{measure}` is no measure of a cause"), MEASURES))?;
            let after = figure(&altered)?;
            causes.push(ReadOtherwise { measure: measure.to_owned(), points: after - now });
            now = after;
        }
        Ok(OnPartner {
            id: row.id,
            on: row.on,
            importer: row.importer,
            exporter: row.exporter,
            counts: row.counts,
            publisher: row.publisher,
            published_pct: row.published_pct,
            ours_pct,
            causes,
        })
    }
}
