//! An average over all partners: the mean over every origin whose trade is on record by line of what the instruments come to on it.
//!
//! `data/validation/trade-by-partner.csv` holds the trade that weighs them, of a year or of a month, with the duty that customs
//! calculated; what is bought without a line is in the value and free. The causes of a gap are read off by changing one of these after the
//! other: whose trade, which goods, which day.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::causes::{MONTHLY_SECTORS, measures};
use super::monthly::month_of;
use super::on_the_way::{OnTheWay, first_day};
use super::published::{FILE as PUBLISHED, Kind, Published, latest};
use super::{CauseSize, ShareOnTheWay, TariffError, Tariffs};
use crate::products::{ALL_PARTNERS, Concordance, ProductError};

const TRADE: &str = "validation/trade-by-partner.csv";

const MEASURES: &str = "write `partners-of:MONTH`, `goods-of:MONTH`, `collected-on:PARTNER`, `as-on:@DATE<BEFORE~EPISODE`, `paid-later`, \
                        `paid-as-in:MONTH`, several with `;` between, or leave it empty";

/// Partners that an average names, those first that it owes most to.
const NAMED: usize = 3;

/// Trade with a partner, or with all that have no row of their own, in a year or month.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trade {
    importer: String,
    exporter: String,
    trade_of: String,
    customs_value: f64,
    calculated_duty: f64,
}

/// What an average over all partners owes to one of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartnerShare {
    /// Exporting party.
    pub exporter: String,
    /// The average on it, percent.
    pub pct: f64,
    /// Its share in imports.
    pub share: f64,
}

/// An average over all partners.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AllPartners {
    /// Percent.
    pub total_pct: f64,
    /// The partners that it owes most to, most first.
    pub most: Vec<PartnerShare>,
    /// Year or month of the trade that weighs.
    pub trade_of: String,
}

/// How the average is read.
#[derive(Debug, Clone)]
struct Reading<'a> {
    partners_of: String,
    goods_of: String,
    /// Partners that count as collected in the month, not by schedule.
    collected_on: Vec<&'a str>,
    way: Option<OnTheWay<'a>>,
    /// Paid share of the schedule.
    paid: f64,
    /// Points that are paid at another time.
    later: f64,
}

/// The schedule and the trade of all partners, towards one importer, with what was worked out so far.
pub(super) struct World<'t> {
    tariffs: &'t Tariffs,
    trade: Vec<Trade>,
    year: String,
    /// Origins on record by line, each with the value of its lines.
    origins: Vec<(String, f64)>,
    sectors: Arc<Concordance>,
    /// Percent, by origin, day and whose goods.
    held: RefCell<HashMap<(String, Date, String), f64>>,
}

impl Tariffs {
    /// What averages over all partners of an importer are made of; none where its lines carry the trade of no year.
    pub(super) fn all_partners(&self, importer: &str) -> Result<Option<World<'_>>, TariffError> {
        let Some(year) = self.provenance(importer)?.year_of_trade else { return Ok(None) };
        self.prepare_all_origins(importer)?;
        let mut origins = Vec::new();
        for origin in self.origins(importer)? {
            let table = self.library().lines_weighed(importer, &origin)?;
            let value_of = table.values(&origin);
            let value = table.lines().iter().filter_map(value_of).sum();
            origins.push((origin, value));
        }
        Ok(Some(World {
            tariffs: self,
            trade: self.rows(TRADE, |trade: &Trade| trade.importer == importer)?,
            year: year.to_string(),
            origins,
            sectors: self.library().concordance(MONTHLY_SECTORS)?,
            held: RefCell::default(),
        }))
    }

    fn rows<T: DeserializeOwned>(&self, file: &str, of: impl Fn(&T) -> bool) -> Result<Vec<T>, TariffError> {
        let text = self.library().text(file)?;
        let mut found = Vec::new();
        for (at, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<T>().enumerate() {
            let repair = "see data/validation/README.md for the columns";
            let row = row.map_err(|error| ProductError::row(file, at + 2, error.to_string(), repair))?;
            if of(&row) {
                found.push(row);
            }
        }
        Ok(found)
    }
}

impl World<'_> {
    /// Our average over all partners for a published one, and its causes; none where no trade weighs it.
    pub(super) fn compare(
        &self,
        row: &Published,
        at: usize,
    ) -> Result<Option<(AllPartners, Vec<CauseSize>)>, TariffError> {
        let mut reading = Reading {
            partners_of: self.year.clone(),
            goods_of: self.year.clone(),
            collected_on: Vec::new(),
            way: None,
            paid: 1.0,
            later: 0.0,
        };
        let Some(ours) = self.average(row, &reading)? else { return Ok(None) };
        let mut now = ours.total_pct;
        let mut causes = Vec::new();
        for measure in measures(row) {
            let what = self.take_out(row, measure, &mut reading, at)?;
            let after = self.figure(row, &reading, at)?;
            let on_the_way = self.all_on_the_way(row, measure, &reading, now, at)?;
            causes.push(CauseSize { on_the_way, ..CauseSize::counted(what, after - now) });
            now = after;
        }
        Ok(Some((ours, causes)))
    }

    /// Takes one cause out of the reading; the cause in words.
    fn take_out<'a>(
        &self,
        row: &Published,
        measure: &'a str,
        reading: &mut Reading<'a>,
        at: usize,
    ) -> Result<String, TariffError> {
        let (kind, of) = measure.split_once(':').unwrap_or((measure, ""));
        let wrong = |problem: String| TariffError::from(ProductError::row(PUBLISHED, at, problem, MEASURES));
        Ok(match kind {
            "partners-of" => {
                reading.partners_of = self.held(of, at)?;
                format!("whom was bought from in {of}")
            }
            "goods-of" => {
                reading.goods_of = self.held(of, at)?;
                format!("what was bought in {of}")
            }
            "collected-on" => {
                if !self.trade.iter().any(|trade| trade.exporter == of && trade.trade_of == month_of(row.on))
                {
                    return Err(wrong(format!("no trade with `{of}` in {}", month_of(row.on))));
                }
                reading.collected_on.push(of);
                format!("goods of {of} as collected in that month")
            }
            "as-on" => {
                let way = self.tariffs.on_the_way(row, of, at)?;
                let words = format!("goods on the way, entered before {}", way.before);
                reading.way = Some(way);
                words
            }
            "paid-later" => {
                reading.later = self.paid_later(row, at)?;
                "cash comes the month after: the calculated duty of the month before".to_owned()
            }
            "paid-as-in" => {
                let day = first_day(PUBLISHED, &self.held(of, at)?, at)?;
                let then = Published { on: day, kind: Kind::Collected, ..row.clone() };
                let that = Reading {
                    partners_of: of.to_owned(),
                    goods_of: of.to_owned(),
                    way: None,
                    ..reading.clone()
                };
                let schedule = self.figure(&then, &that, at)?;
                let collected = self.tariffs.collected_in_month(&row.importer, ALL_PARTNERS, day)?;
                reading.paid = collected.map_or(1.0, |collected| collected / schedule);
                format!("the share of the schedule that was collected in {of}")
            }
            _ => {
                return Err(wrong(format!(
                    "`{measure}` is no measure of a cause of a figure on all partners"
                )));
            }
        })
    }

    /// Of goods on the way: what all of them would come to, and which share counts.
    fn all_on_the_way(
        &self,
        row: &Published,
        measure: &str,
        reading: &Reading<'_>,
        now: f64,
        at: usize,
    ) -> Result<Option<ShareOnTheWay>, TariffError> {
        let Some(way) = reading.way.as_ref().filter(|_| measure.starts_with("as-on:")) else {
            return Ok(None);
        };
        let all = Reading { way: Some(OnTheWay { share: 1.0, ..way.clone() }), ..reading.clone() };
        Ok(Some(way.share_that_counts(self.figure(row, &all, at)? - now)))
    }

    /// A year or month whose trade is on record.
    fn held(&self, period: &str, at: usize) -> Result<String, TariffError> {
        if self.trade.iter().any(|trade| trade.trade_of == period) {
            return Ok(period.to_owned());
        }
        let problem = format!("no trade of `{period}`");
        Err(ProductError::row(PUBLISHED, at, problem, format!("name a period of {TRADE}")).into())
    }

    /// The figure under a reading, percent.
    fn figure(&self, row: &Published, reading: &Reading<'_>, at: usize) -> Result<f64, TariffError> {
        let average = self.average(row, reading)?.ok_or_else(|| {
            let problem = format!("no trade of {} weighs {}", reading.partners_of, row.on);
            ProductError::row(PUBLISHED, at, problem, format!("name a period of {TRADE}"))
        })?;
        Ok(average.total_pct * reading.paid + reading.later)
    }

    fn average(&self, row: &Published, reading: &Reading<'_>) -> Result<Option<AllPartners>, TariffError> {
        let (mut duty, mut value) = (0.0, 0.0);
        let mut shares = Vec::new();
        for trade in self.trade.iter().filter(|trade| trade.trade_of == reading.partners_of) {
            let pct = self.rate(row, trade, reading)?;
            duty += pct * trade.customs_value;
            value += trade.customs_value;
            if self.is_on_record(&trade.exporter) {
                shares.push(PartnerShare {
                    exporter: trade.exporter.clone(),
                    pct,
                    share: trade.customs_value,
                });
            }
        }
        if value <= 0.0 {
            return Ok(None);
        }
        shares.sort_by(|one, other| (other.pct * other.share).total_cmp(&(one.pct * one.share)));
        shares.truncate(NAMED);
        shares.iter_mut().for_each(|held| held.share /= value);
        let trade_of = reading.partners_of.clone();
        Ok(Some(AllPartners { total_pct: duty / value, most: shares, trade_of }))
    }

    fn is_on_record(&self, exporter: &str) -> bool {
        self.origins.iter().any(|(origin, _)| origin == exporter)
    }

    /// The average on the partner of a row of trade; on those without a row of their own, the mean over the origins on record.
    fn rate(&self, row: &Published, trade: &Trade, reading: &Reading<'_>) -> Result<f64, TariffError> {
        if reading.collected_on.contains(&trade.exporter.as_str()) {
            let month = month_of(row.on);
            let same = |held: &&Trade| held.exporter == trade.exporter && held.trade_of == month;
            if let Some(held) = self.trade.iter().find(same) {
                return Ok(100.0 * held.calculated_duty / held.customs_value);
            }
        }
        if self.is_on_record(&trade.exporter) {
            return self.rate_on(row, &trade.exporter, &reading.goods_of, reading);
        }
        let (mut duty, mut value) = (0.0, 0.0);
        for (origin, own) in &self.origins {
            if !self.trade.iter().any(|held| held.exporter == *origin) {
                // What was bought in a month from those without a row of their own is on record by nobody's sector.
                duty += own * self.rate_on(row, origin, &self.year, reading)?;
                value += own;
            }
        }
        Ok(if value > 0.0 { duty / value } else { 0.0 })
    }

    /// The mean over the days of the row.
    fn rate_on(
        &self,
        row: &Published,
        origin: &str,
        goods_of: &str,
        reading: &Reading<'_>,
    ) -> Result<f64, TariffError> {
        let towards =
            Published { exporter: origin.to_owned(), compare_with: origin.to_owned(), ..row.clone() };
        let way = reading.way.as_ref();
        let days = match way {
            Some(way) => self.tariffs.days_split_at(&towards, way.before),
            None => self.tariffs.days_of(&towards, row.on),
        };
        let (mut sum, mut count) = (0.0, 0.0);
        for (day, length) in days {
            let charged = self.schedule(&towards, day, goods_of)?;
            let spared = match way.filter(|way| day < way.before && day > way.left) {
                // A duty that fell meanwhile is paid as it stands.
                Some(way) => way.share * (charged - self.schedule(&towards, way.left, goods_of)?).max(0.0),
                None => 0.0,
            };
            sum += (charged - spared) * length;
            count += length;
        }
        Ok(sum / count)
    }

    /// What the instruments come to on an origin's goods on a day, percent: by its trade of the year, or by what was bought of each sector.
    fn schedule(&self, towards: &Published, day: Date, goods_of: &str) -> Result<f64, TariffError> {
        let key = (towards.exporter.clone(), day, goods_of.to_owned());
        if let Some(held) = self.held.borrow().get(&key) {
            return Ok(*held);
        }
        let origin = &towards.exporter;
        let layers = self.tariffs.layers(latest(towards, day))?;
        let panel = self.tariffs.panel(&towards.importer, origin)?;
        let stacking = &self.tariffs.ledger().stacking;
        let bought = match goods_of == self.year {
            true => Vec::new(),
            false => {
                let month = first_day(TRADE, goods_of, 0)?;
                self.tariffs.imports_of_month(&towards.importer, origin, month)?
            }
        };
        let found = if bought.is_empty() {
            let average = panel.average(&layers, stacking, day, origin).map_or(0.0, |average| average.total);
            average * self.share_with_lines(origin)
        } else {
            let total: f64 = bought.iter().map(|month| month.customs_value).sum();
            let mut duty = 0.0;
            for sector in panel.by_sector(&layers, stacking, day, origin, &self.sectors) {
                let months = bought.iter().filter(|month| month.sector == sector.sector);
                let weight: f64 = months.map(|month| month.customs_value).sum();
                duty += weight * sector.average.map_or(0.0, |average| average.total);
            }
            duty / total
        } * 100.0;
        self.held.borrow_mut().insert(key, found);
        Ok(found)
    }

    /// The share of what an origin sold in the year that has a line; of one without a row of its own, that of all with one.
    fn share_with_lines(&self, origin: &str) -> f64 {
        let of_year = |trade: &&Trade| trade.trade_of == self.year && self.is_on_record(&trade.exporter);
        let rows: Vec<&Trade> = self.trade.iter().filter(of_year).collect();
        let own: Vec<&Trade> = rows.iter().copied().filter(|trade| trade.exporter == origin).collect();
        let rows = if own.is_empty() { rows } else { own };
        let with = |trade: &&Trade| self.origins.iter().find(|(held, _)| *held == trade.exporter);
        let lines: f64 = rows.iter().filter_map(with).map(|(_, value)| value).sum();
        let all: f64 = rows.iter().map(|trade| trade.customs_value).sum();
        if all > 0.0 { (lines / all).min(1.0) } else { 1.0 }
    }

    /// Calculated duty of the month before less that of the month, over the imports of the month.
    fn paid_later(&self, row: &Published, at: usize) -> Result<f64, TariffError> {
        let first = row.on.first_of_month();
        let before = first.yesterday().unwrap_or(first);
        let sums = |day: Date| -> Result<(f64, f64), TariffError> {
            let rows = self.tariffs.imports_of_month(&row.importer, ALL_PARTNERS, day)?;
            if rows.is_empty() {
                let problem = format!("no trade of {}", month_of(day));
                let repair = "name months of validation/imports-by-month.csv";
                return Err(ProductError::row(PUBLISHED, at, problem, repair).into());
            }
            Ok((
                rows.iter().map(|row| row.calculated_duty).sum(),
                rows.iter().map(|row| row.customs_value).sum(),
            ))
        };
        let ((earlier, _), (duty, value)) = (sums(before)?, sums(first)?);
        Ok(100.0 * (earlier - duty) / value)
    }
}
