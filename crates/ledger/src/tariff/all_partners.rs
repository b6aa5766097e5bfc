//! An average over all partners: the partner on record from its lines, the others from a derived schedule by group of partners.
//!
//! `data/validation/other-partners.csv` holds what is added on each group on each day, weighed by its trade of a year or of a month;
//! `other-partners-trade.csv` the trade, with the duty that customs calculated. The causes of a gap are read off by changing one of
//! these after the other: whose trade, which goods, which claims, which day.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::causes::{Without, measures};
use super::monthly::month_of;
use super::on_the_way::{OnTheWay, first_day};
use super::published::{FILE as PUBLISHED, Kind, Published};
use super::{CauseSize, ShareOnTheWay, TariffError, Tariffs};
use crate::products::{ALL_PARTNERS, ProductError};

const SCHEDULE: &str = "validation/other-partners.csv";
const TRADE: &str = "validation/other-partners-trade.csv";

const MEASURES: &str = "write `partners-of:MONTH`, `goods-of:MONTH`, `claimed`, `collected-on-partner`, `as-on:@DATE<BEFORE~EPISODE`, \
                        `paid-later`, `paid-as-in:MONTH`, several with `;` between, or leave it empty";

/// What is added on a group of partners from a day on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    importer: String,
    exporter: String,
    trade_of: String,
    from: Date,
    base_pct: f64,
    added_pct: f64,
    added_pct_if_claimed: f64,
}

/// Trade with a group of partners in a year or month.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trade {
    importer: String,
    exporter: String,
    trade_of: String,
    customs_value: f64,
    calculated_duty: f64,
}

/// An average over all partners in its two parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AllPartners {
    /// The partner on record.
    pub partner: String,
    /// Our average on it from its lines, percent.
    pub partner_pct: f64,
    /// Its share in imports.
    pub partner_share: f64,
    /// Average on all others from the derived schedule, percent.
    pub others_pct: f64,
    /// Year or month of the trade that weighs.
    pub trade_of: String,
}

impl AllPartners {
    /// The average, percent.
    pub fn total_pct(&self) -> f64 {
        self.partner_pct * self.partner_share + self.others_pct * (1.0 - self.partner_share)
    }
}

/// How the average is read.
#[derive(Debug, Clone)]
struct Reading<'a> {
    partners_of: String,
    goods_of: String,
    claimed: bool,
    as_collected: bool,
    way: Option<OnTheWay<'a>>,
    /// Paid share of the schedule.
    paid: f64,
    /// Points that are paid at another time.
    later: f64,
}

/// The schedule and the trade of all partners, towards one importer.
struct World<'t> {
    tariffs: &'t Tariffs,
    steps: Vec<Step>,
    trade: Vec<Trade>,
    year: String,
}

impl Tariffs {
    /// Our average over all partners for a published one, and its causes; none where the derived schedule does not reach the day.
    pub(super) fn on_all_partners(
        &self,
        row: &Published,
        at: usize,
    ) -> Result<Option<(AllPartners, Vec<CauseSize>)>, TariffError> {
        let Some(year) = self.provenance(&row.importer)?.year_of_trade else { return Ok(None) };
        let world = World {
            tariffs: self,
            steps: self.rows(SCHEDULE, |step: &Step| step.importer == row.importer)?,
            trade: self.rows(TRADE, |trade: &Trade| trade.importer == row.importer)?,
            year: year.to_string(),
        };
        let mut reading = Reading {
            partners_of: world.year.clone(),
            goods_of: world.year.clone(),
            claimed: false,
            as_collected: false,
            way: None,
            paid: 1.0,
            later: 0.0,
        };
        let Some(ours) = world.average(row, &reading)? else { return Ok(None) };
        let mut now = ours.total_pct();
        let mut causes = Vec::new();
        for measure in measures(row) {
            let what = world.take_out(row, measure, &mut reading, now, at)?;
            let after = world.figure(row, &reading, at)?;
            let on_the_way = world.all_on_the_way(row, measure, &reading, now, at)?;
            causes.push(CauseSize { on_the_way, ..CauseSize::counted(what, after - now) });
            now = after;
        }
        Ok(Some((ours, causes)))
    }

    fn rows<T: DeserializeOwned>(&self, file: &str, of: impl Fn(&T) -> bool) -> Result<Vec<T>, TariffError> {
        let text = self.library().text(file)?;
        let mut found = Vec::new();
        for (at, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<T>().enumerate() {
            let row = row.map_err(|error| {
                ProductError::row(
                    file,
                    at + 2,
                    error.to_string(),
                    "see data/validation/README.md for the columns",
                )
            })?;
            if of(&row) {
                found.push(row);
            }
        }
        Ok(found)
    }
}

impl World<'_> {
    /// Takes one cause out of the reading; the cause in words.
    fn take_out<'a>(
        &self,
        row: &Published,
        measure: &'a str,
        reading: &mut Reading<'a>,
        now: f64,
        at: usize,
    ) -> Result<String, TariffError> {
        let (kind, of) = measure.split_once(':').unwrap_or((measure, ""));
        Ok(match kind {
            "partners-of" => {
                reading.partners_of = self.held(of, at)?;
                format!("whom was bought from in {of}")
            }
            "goods-of" => {
                reading.goods_of = self.held(of, at)?;
                format!("what was bought in {of}")
            }
            "claimed" => {
                reading.claimed = true;
                "goods that qualify under an agreement all claim it".to_owned()
            }
            "collected-on-partner" => {
                reading.as_collected = true;
                "the partner on record as collected in that month".to_owned()
            }
            "as-on" => {
                let way = self.tariffs.on_the_way(row, of, at)?;
                let words = format!("others' goods on the way, entered before {}", way.before);
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
                let problem =
                    format!("`{measure}` is no measure of a cause of a figure on all partners, now {now:.1}");
                return Err(ProductError::row(PUBLISHED, at, problem, MEASURES).into());
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
            let problem = format!("nothing on record for {} with the goods of {}", row.on, reading.goods_of);
            ProductError::row(PUBLISHED, at, problem, format!("name a period of {SCHEDULE}"))
        })?;
        Ok(average.total_pct() * reading.paid + reading.later)
    }

    fn average(&self, row: &Published, reading: &Reading<'_>) -> Result<Option<AllPartners>, TariffError> {
        let table = self.tariffs.library().lines(&row.importer)?;
        let (mut all, mut others, mut others_value) = (0.0, 0.0, 0.0);
        let mut own = None;
        for trade in self.trade.iter().filter(|trade| trade.trade_of == reading.partners_of) {
            all += trade.customs_value;
            if table.weighs(&trade.exporter) {
                let Some(rate) = self.rate_on_record(row, &trade.exporter, reading)? else { return Ok(None) };
                own = Some((trade, rate));
            } else {
                let Some(rate) = self.rate_of_other(row, &trade.exporter, reading) else { return Ok(None) };
                others += rate * trade.customs_value;
                others_value += trade.customs_value;
            }
        }
        Ok(own.filter(|_| others_value > 0.0).map(|(trade, partner_pct)| AllPartners {
            partner: trade.exporter.clone(),
            partner_pct,
            partner_share: trade.customs_value / all,
            others_pct: others / others_value,
            trade_of: reading.partners_of.clone(),
        }))
    }

    /// The average on a partner whose lines are on record.
    fn rate_on_record(
        &self,
        row: &Published,
        exporter: &str,
        reading: &Reading<'_>,
    ) -> Result<Option<f64>, TariffError> {
        let towards =
            Published { exporter: exporter.to_owned(), compare_with: exporter.to_owned(), ..row.clone() };
        if reading.as_collected {
            let month = month_of(row.on);
            let collected =
                self.trade.iter().find(|trade| trade.exporter == exporter && trade.trade_of == month);
            return Ok(collected.map(|trade| 100.0 * trade.calculated_duty / trade.customs_value));
        }
        if reading.goods_of == self.year {
            return self.tariffs.average_of(&towards, row.on, exporter);
        }
        let goods_of = first_day(PUBLISHED, &reading.goods_of, 0).ok();
        self.tariffs.figure(&towards, &Without { goods_of, ..Without::default() })
    }

    /// The mean of the derived schedule over the days of the row.
    fn rate_of_other(&self, row: &Published, exporter: &str, reading: &Reading<'_>) -> Option<f64> {
        let steps: Vec<&Step> = self
            .steps
            .iter()
            .filter(|step| step.exporter == exporter && step.trade_of == reading.goods_of)
            .collect();
        let rate = |day: Date| {
            let step = steps.iter().rev().find(|step| step.from <= day)?;
            let added = if reading.claimed { step.added_pct_if_claimed } else { step.added_pct };
            Some(step.base_pct + added)
        };
        let (mut sum, mut days) = (0.0, 0.0);
        for day in days_of(row) {
            let charged = rate(day)?;
            let spared = match reading.way.as_ref().filter(|way| day < way.before && day > way.left) {
                // A duty that fell meanwhile is paid as it stands.
                Some(way) => way.share * (charged - rate(way.left)?).max(0.0),
                None => 0.0,
            };
            sum += charged - spared;
            days += 1.0;
        }
        Some(sum / days)
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

/// The day of a figure by statute, every day of the month of receipts.
fn days_of(row: &Published) -> Vec<Date> {
    if row.kind == Kind::Statutory {
        return vec![row.on];
    }
    let (year, month) = (row.on.year(), row.on.month());
    (1..=row.on.days_in_month()).map(|day| date(year, month, day)).collect()
}
