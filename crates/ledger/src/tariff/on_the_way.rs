//! Goods that had left before a duty and entered after it: which share of a month's goods they were, from an earlier episode.
//!
//! Duties spare goods that had left by a day, if they enter by another. How many had is published nowhere. In an earlier episode the
//! receipts tell it: the month lies between the schedule with the duty on all goods and the schedule with the duty on none of those on
//! the way. A later month then takes that share; where far fewer goods left once the duty stood, those on the way are a larger share
//! of what entered, by as much as fewer goods entered. Receipts of the later month are not used.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::causes::Without;
use super::monthly::month_of;
use super::published::{FILE as PUBLISHED, Kind, Published, latest};
use super::{TariffError, Tariffs};
use crate::products::ProductError;

const FILE: &str = "validation/goods-on-the-way.csv";

/// An episode in which receipts tell the share, as `data/validation/goods-on-the-way.csv` holds it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    month: String,
    importer: String,
    exporter: String,
    instrument: String,
    left: Date,
    before: Date,
    paid_as_in: String,
    days: String,
}

/// An earlier episode and the share of goods on the way in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Episode {
    /// Its month.
    pub month: String,
    /// The instrument that spared goods on the way.
    pub instrument: String,
    /// How long before entry its goods must have left, in days.
    pub days: String,
    /// Receipts of the month, percent of value.
    pub collected_pct: f64,
    /// The schedule with the duty on all goods, at the share that is paid of the schedule, percent.
    pub all_charged_pct: f64,
    /// The same with the duty on no goods that could be on the way.
    pub all_on_the_way_pct: f64,
    /// The share of goods on the way that the two and the receipts imply.
    pub share: f64,
}

/// The share of goods on the way that a comparison counts, and where it is from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShareOnTheWay {
    /// What all goods on the way would come to, percentage points.
    pub at_most: f64,
    /// Month of the episode.
    pub episode: String,
    /// The share in the episode.
    pub in_episode: f64,
    /// The month of usual trade, and its trade in the goods of the instrument over that of the month compared.
    pub usual: Option<(String, f64)>,
    /// The share that counts.
    pub share: f64,
}

/// An instrument (or, on all partners, the schedule of the others) as it stood on the day on which goods left, for the share of goods
/// on the way among those that entered before a day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OnTheWay<'a> {
    pub(super) instrument: &'a str,
    pub(super) left: Date,
    pub(super) before: Date,
    pub(super) share: f64,
    pub(super) episode: Episode,
    pub(super) usual: Option<(String, f64)>,
}

pub(super) const WRITTEN: &str =
    "INSTRUMENT@LEFT<BEFORE~EPISODE or INSTRUMENT@LEFT<BEFORE~EPISODE*USUAL-MONTH";

impl Tariffs {
    /// Every episode on record with the share of goods on the way in it.
    pub fn goods_on_the_way(&self) -> Result<Vec<Episode>, TariffError> {
        let text = self.library().text(FILE)?;
        let mut found = Vec::new();
        for (at, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<Row>().enumerate() {
            let row = row.map_err(|error| {
                let repair = "see data/validation/README.md for the columns";
                ProductError::row(FILE, at + 2, error.to_string(), repair)
            })?;
            found.push(self.episode(row, at + 2)?);
        }
        Ok(found)
    }

    fn episode(&self, row: Row, at: usize) -> Result<Episode, TariffError> {
        self.ledger().instrument(&row.instrument).map_err(|error| {
            ProductError::row(FILE, at, error.to_string(), "name an instrument of the record")
        })?;
        let (month, paid_as_in) = (first_day(FILE, &row.month, at)?, first_day(FILE, &row.paid_as_in, at)?);
        let towards = receipts(&row.importer, &row.exporter, month);
        let of_goods = |day: Date| Without { goods_of: Some(day), ..Without::default() };
        let charged = self.figure(&towards, &of_goods(month))?;
        let spared = Without {
            on_the_way: Some((row.instrument.as_str(), row.left, row.before, 1.0)),
            ..of_goods(month)
        };
        let spared = self.figure(&towards, &spared)?;
        let then = self.figure(&receipts(&row.importer, &row.exporter, paid_as_in), &of_goods(paid_as_in))?;
        let collected = self.collected_in_month(&row.importer, &row.exporter, month)?;
        let collected_then = self.collected_in_month(&row.importer, &row.exporter, paid_as_in)?;
        let (Some(charged), Some(spared), Some(then), Some(collected), Some(collected_then)) =
            (charged, spared, then, collected, collected_then)
        else {
            let problem =
                format!("the trade of {} and of {} is not all on record", row.month, row.paid_as_in);
            return Err(ProductError::row(
                FILE,
                at,
                problem,
                "name months of validation/imports-by-month.csv",
            )
            .into());
        };
        let paid = collected_then / then;
        let (charged, spared) = (charged * paid, spared * paid);
        if charged - spared <= 0.0 {
            let problem = format!("{} spares no goods on the way in {}", row.instrument, row.month);
            return Err(ProductError::row(FILE, at, problem, "name a day before a rise of its rate").into());
        }
        Ok(Episode {
            month: row.month,
            instrument: row.instrument,
            days: row.days,
            collected_pct: collected,
            all_charged_pct: charged,
            all_on_the_way_pct: spared,
            share: ((charged - collected) / (charged - spared)).clamp(0.0, 1.0),
        })
    }

    /// Reads [`WRITTEN`]; an empty instrument stands for the schedule of the partners that are not on record.
    pub(super) fn on_the_way<'a>(
        &self,
        row: &Published,
        typed: &'a str,
        at: usize,
    ) -> Result<OnTheWay<'a>, TariffError> {
        let wrong =
            |problem: String| ProductError::row(PUBLISHED, at, problem, format!("write `as-on:{WRITTEN}`"));
        let (instrument, days) = typed.split_once('@').unwrap_or((typed, ""));
        let (left, rest) = days.split_once('<').unwrap_or((days, ""));
        let (before, source) = rest.split_once('~').unwrap_or((rest, ""));
        let (month, usual) =
            source.split_once('*').map_or((source, None), |(month, usual)| (month, Some(usual)));
        if !instrument.is_empty() {
            self.ledger().instrument(instrument).map_err(|error| wrong(error.to_string()))?;
        }
        let day =
            |text: &str| text.parse::<Date>().map_err(|error| wrong(format!("`{text}` is no day: {error}")));
        let (left, before) = (day(left)?, day(before)?);
        let episodes = self.goods_on_the_way()?;
        let episode = episodes
            .into_iter()
            .find(|episode| episode.month == month)
            .ok_or_else(|| wrong(format!("`{month}` is no episode of {FILE}")))?;
        let usual = usual
            .map(|month| -> Result<_, TariffError> {
                let then = first_day(PUBLISHED, month, at)?;
                let more = self.reached_value(row, instrument, then)?
                    / self.reached_value(row, instrument, row.on)?;
                Ok((month.to_owned(), more))
            })
            .transpose()?;
        let more = usual.as_ref().map_or(1.0, |(_, more)| *more);
        let share = (episode.share * more).clamp(0.0, 1.0);
        Ok(OnTheWay { instrument, left, before, share, episode, usual })
    }

    /// Trade of a month in the goods that the instrument reaches on the row's day.
    fn reached_value(&self, row: &Published, instrument: &str, month: Date) -> Result<f64, TariffError> {
        let layers = self.layers(latest(row, row.on))?;
        let panel = self.panel(&row.importer, &row.exporter)?;
        let concordance = self.library().concordance(super::causes::MONTHLY_SECTORS)?;
        let bought = self.imports_of_month(&row.importer, &row.exporter, month)?;
        let sectors = panel.by_sector(&layers, &self.ledger().stacking, row.on, &row.exporter, &concordance);
        let mut value = 0.0;
        for sector in &sectors {
            let Some(average) = &sector.average else { continue };
            let reach: f64 = layers
                .iter()
                .zip(&average.layers)
                .filter(|(layer, _)| layer.instrument == instrument && layer.rate.expected > 0.0)
                .map(|(layer, adds)| adds / layer.rate.expected)
                .sum();
            let months = bought.iter().filter(|month| month.sector == sector.sector);
            value += reach * months.map(|month| month.customs_value).sum::<f64>();
        }
        Ok(value)
    }

    /// What customs calculated in a month, percent of value; none where the month is not on record.
    pub(super) fn collected_in_month(
        &self,
        importer: &str,
        exporter: &str,
        month: Date,
    ) -> Result<Option<f64>, TariffError> {
        let rows = self.imports_of_month(importer, exporter, month)?;
        let value: f64 = rows.iter().map(|row| row.customs_value).sum();
        let duty: f64 = rows.iter().map(|row| row.calculated_duty).sum();
        Ok((value > 0.0).then_some(100.0 * duty / value))
    }
}

impl OnTheWay<'_> {
    pub(super) fn share_that_counts(&self, at_most: f64) -> ShareOnTheWay {
        ShareOnTheWay {
            at_most,
            episode: self.episode.month.clone(),
            in_episode: self.episode.share,
            usual: self.usual.clone(),
            share: self.share,
        }
    }
}

/// The first day of a month that is written `2025-05`.
pub(super) fn first_day(file: &str, month: &str, at: usize) -> Result<Date, ProductError> {
    let day = format!("{month}-01").parse::<Date>().ok().filter(|day| month_of(*day) == month);
    day.ok_or_else(|| {
        ProductError::row(file, at, format!("`{month}` is no month"), "write year-month, like 2025-05")
    })
}

/// A month's receipts as a row to compare with, without a published figure.
fn receipts(importer: &str, exporter: &str, month: Date) -> Published {
    Published {
        id: String::new(),
        on: month,
        importer: importer.to_owned(),
        exporter: exporter.to_owned(),
        kind: Kind::Collected,
        published_pct: 0.0,
        publisher: String::new(),
        confidence: String::new(),
        compare_with: exporter.to_owned(),
        cause: String::new(),
        size_of_cause: String::new(),
    }
}
