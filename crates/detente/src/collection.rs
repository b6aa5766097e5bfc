//! What of a duty is collected: measured month by month, beside the statute, and how a step of the ledger reaches the model.
//!
//! ```text
//! c = duty collected over imports / average by statute, of the newest month published on the day; by sector where data allow; at most one
//! ```
//!
//! A month is known once it is published, some weeks after it ends: nothing here looks ahead of the day whose knowledge is used, except what says
//! that it was published later. Where no month was measured a step counts as the law has it.

pub use crate::basis::Basis;
use crate::ledger_tariffs::{self, LedgerTariffError, LedgerTariffs, Schedule};
use detente_data::outturns::{CollectedRate, Outturns};
use detente_engine::benchmark::Benchmark;
use detente_ledger::tariff::{Kind, TariffError, Tariffs, View};
use jiff::{ToSpan, civil::Date};
use serde::Serialize;
use std::collections::BTreeMap;

/// Days from the middle of a month to the release of its customs data, rounded up to the safe side.
const PUBLICATION_DAYS: i64 = 66;
/// Imports of a sector in a month, million USD, below which its rate says little.
const SMALLEST_FLOW: f64 = 100.0;
/// Statutory rate of a sector below which a ratio to it says little.
const SMALLEST_RATE: f64 = 0.01;

/// The day whose month was the newest published one, never later than the day asked about.
///
/// ```
/// use detente::collection::newest_published;
/// use jiff::civil::date;
///
/// let (day, known) = (date(2025, 9, 16), date(2026, 3, 1));
/// assert!(newest_published(day, day) <= newest_published(day, known));
/// ```
pub fn newest_published(on: Date, known_on: Date) -> Date {
    on.min(known_on.saturating_sub(PUBLICATION_DAYS.days()))
}

/// The rate collected on all goods in the newest month that has data and was published; none where there is none.
pub fn collected(importer: &str, exporter: &str, on: Date, known_on: Date) -> Option<CollectedRate> {
    let outturns = Outturns::embedded().ok()?;
    let month = outturns.newest_month(importer, exporter, newest_published(on, known_on))?;
    outturns.collected(importer, exporter, month)
}

/// How much of a statutory step is collected between two parties.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CollectionRatio {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// Collected over statutory average on all goods, at most one.
    pub ratio: f64,
    /// Month that it was measured in.
    pub period: String,
    /// Collected, a fraction.
    pub collected: f64,
    /// By statute in the middle of that month, a fraction.
    pub statute: f64,
    /// The same ratio by sector of the benchmark, where the month's data have the sector.
    pub by_sector: BTreeMap<String, f64>,
}

impl CollectionRatio {
    /// The share of a step on a sector that is collected.
    pub fn of_sector(&self, sector: &str) -> f64 {
        self.by_sector.get(sector).copied().unwrap_or(self.ratio)
    }

    /// In words: the pair, the ratio, the month, and how many sectors have their own.
    pub fn words(&self) -> String {
        let sectors = match self.by_sector.len() {
            0 => String::new(),
            count => format!(", {count} sectors with their own"),
        };
        format!("{} on {} {:.2} ({}{sectors})", self.importer, self.exporter, self.ratio, self.period)
    }
}

/// Collected over statutory averages for each pair, in the newest month that was published and has data. A ratio above one is
/// composition, not law, and counts as one.
pub fn ratios(
    record: LedgerTariffs<'_>,
    benchmark: &Benchmark,
    parties: &[String],
    on: Date,
    known_on: Date,
) -> Result<Vec<CollectionRatio>, LedgerTariffError> {
    let mut found = Vec::new();
    for importer in parties {
        for exporter in parties.iter().filter(|other| *other != importer) {
            found.extend(of_pair(record, benchmark, importer, exporter, on, known_on)?);
        }
    }
    Ok(found)
}

/// The same for one importer and exporter; none where no month was measured.
pub(crate) fn of_pair(
    record: LedgerTariffs<'_>,
    benchmark: &Benchmark,
    importer: &str,
    exporter: &str,
    on: Date,
    known_on: Date,
) -> Result<Option<CollectionRatio>, LedgerTariffError> {
    match collected(importer, exporter, on, known_on) {
        Some(month) => ratio(record, benchmark, &month, known_on),
        None => Ok(None),
    }
}

/// The share of a step that is collected on the cells between the parties; cells that are not named count as the law has them.
pub fn shares(
    benchmark: &Benchmark,
    ratios: &[CollectionRatio],
) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
    let size = benchmark.dimensions();
    let mut shares = Vec::new();
    for held in ratios {
        let to = ledger_tariffs::economy(benchmark, &held.importer)?;
        let from = ledger_tariffs::economy(benchmark, &held.exporter)?;
        for (position, sector) in benchmark.sectors.iter().enumerate() {
            shares.push((size.cell(to, from, position), held.of_sector(&sector.code)));
        }
    }
    Ok(shares)
}

fn ratio(
    record: LedgerTariffs<'_>,
    benchmark: &Benchmark,
    month: &CollectedRate,
    known_on: Date,
) -> Result<Option<CollectionRatio>, LedgerTariffError> {
    let (importer, exporter) = (month.importer.as_str(), month.exporter.as_str());
    let middle = month.middle;
    let view = View {
        importer,
        exporter,
        on: middle,
        known_on,
        reading: Schedule::on_day(middle, known_on).reading,
    };
    let averages = record.tariffs.averages(view)?;
    let Some(statute) = averages.into_iter().next().filter(|found| found.rate > 0.0) else { return Ok(None) };
    let mut by_sector = BTreeMap::new();
    if let Ok(outturns) = Outturns::embedded() {
        for (sector, rate) in record.by_sector(benchmark, view)? {
            let measured = outturns.collected_on_sector(importer, exporter, &sector, middle);
            if let Some(measured) =
                measured.filter(|held| held.imports >= SMALLEST_FLOW && rate >= SMALLEST_RATE)
            {
                by_sector.insert(sector, (measured.rate / rate).min(1.0));
            }
        }
    }
    Ok(Some(CollectionRatio {
        importer: importer.to_owned(),
        exporter: exporter.to_owned(),
        ratio: (month.rate / statute.rate).min(1.0),
        period: month.month.clone(),
        collected: month.rate,
        statute: statute.rate,
        by_sector,
    }))
}

/// A duty by statute and as collected, for one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BothRates {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// By statute on the day: name of the weights and the average, a fraction.
    pub statute: Vec<(String, f64)>,
    /// A figure by statute that somebody else published for a day of the same month, the nearest before the day asked about.
    pub published: Option<PublishedRate>,
    /// Collected in the newest month published on the day whose knowledge is used.
    pub collected: Option<CollectedRate>,
    /// Collected in the month of the day itself, where that was published later.
    pub collected_in_month: Option<CollectedRate>,
}

/// An average by statute of somebody else.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublishedRate {
    /// The rate, a fraction.
    pub rate: f64,
    /// The day it speaks of.
    pub on: String,
    /// Who says so.
    pub publisher: String,
}

/// Statute and collection of a pair on a day.
pub fn both(
    tariffs: &Tariffs,
    importer: &str,
    exporter: &str,
    on: Date,
    known_on: Date,
) -> Result<BothRates, TariffError> {
    let view = View { importer, exporter, on, known_on, reading: Schedule::on_day(on, known_on).reading };
    let statute = tariffs.averages(view)?.into_iter().map(|held| (held.weights, held.rate)).collect();
    let collected = collected(importer, exporter, on, known_on);
    let month = Outturns::embedded().ok().and_then(|outturns| outturns.collected(importer, exporter, on));
    let published = tariffs
        .published()?
        .into_iter()
        .filter(|row| row.importer == importer && row.exporter == exporter && row.kind == Kind::Statutory)
        .filter(|row| row.on <= on && row.on.first_of_month() == on.first_of_month())
        .max_by_key(|row| row.on)
        .map(|row| PublishedRate {
            rate: row.published_pct / 100.0,
            on: row.on.to_string(),
            publisher: row.publisher,
        });
    Ok(BothRates {
        importer: importer.to_owned(),
        exporter: exporter.to_owned(),
        statute,
        published,
        collected_in_month: month.filter(|month| collected.as_ref() != Some(month)),
        collected,
    })
}

impl BothRates {
    /// Both in one line, weights and months named.
    pub fn line(&self) -> String {
        let percent = |rate: f64| format!("{:.1}%", 100.0 * rate);
        let statute: Vec<String> =
            self.statute.iter().map(|(weights, rate)| format!("{} ({weights})", percent(*rate))).collect();
        let mut line = format!("{} on {}: ", self.importer, self.exporter);
        // Trade by line of the pair may not be on record: then there is nothing to weigh a schedule by.
        line += &if statute.is_empty() { "no average".to_owned() } else { statute.join(", ") };
        if let Some(published) = &self.published {
            line += &format!(
                ", published {} ({}, {})",
                percent(published.rate),
                published.publisher,
                published.on
            );
        }
        line += " by statute; collected ";
        line += &self.collected_words();
        line
    }

    /// What was collected, in words.
    pub fn collected_words(&self) -> String {
        let mut parts = Vec::new();
        if let Some(held) = &self.collected {
            parts.push(format!("{:.1}% ({})", 100.0 * held.rate, held.month));
        }
        if let Some(held) = &self.collected_in_month {
            parts.push(format!("{:.1}% ({}, published later)", 100.0 * held.rate, held.month));
        }
        if parts.is_empty() { "no data".to_owned() } else { parts.join(", ") }
    }
}
