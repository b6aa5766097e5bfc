//! What happened: observed trade and duties (`data/outturns/`), for the collected rate of a month and for back-tests.
//!
//! A rate by statute and a rate collected are two numbers, always shown in one line: exemptions, goods in transit and shifts of trade lie
//! between them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Code of the aggregate of all partners in the tables.
pub const ALL_PARTNERS: &str = "WORLD";
/// Code of all goods in the tables.
pub const ALL_SECTORS: &str = "ALL";

/// What can be wrong with the tables.
#[derive(Debug, thiserror::Error)]
#[error("data/outturns/{file}: {found}")]
pub struct OutturnError {
    /// File.
    pub file: String,
    /// What was found.
    pub found: String,
}

/// Duty over import value in one month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CollectedRate {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// Sector group; `ALL` for all goods.
    pub sector_group: String,
    /// Duty over customs value, a fraction.
    pub rate: f64,
    /// Month, `2025-11`.
    pub month: String,
    /// The middle of that month.
    #[serde(skip)]
    pub middle: Date,
    /// Customs value, million USD.
    pub imports: f64,
    /// Duty, million USD.
    pub duty: f64,
    /// Source.
    pub source: String,
}

/// Imports and duty of one period, partner and sector group, in million USD.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flow {
    /// Customs value.
    pub imports: f64,
    /// Calculated duty.
    pub duty: f64,
}

impl Flow {
    /// Duty over value; none where nothing was imported.
    ///
    /// ```
    /// use detente_data::outturns::Flow;
    ///
    /// assert_eq!(Flow { imports: 200.0, duty: 50.0 }.rate(), Some(0.25));
    /// assert_eq!(Flow { imports: 0.0, duty: 0.0 }.rate(), None);
    /// ```
    pub fn rate(&self) -> Option<f64> {
        (self.imports > 0.0).then(|| self.duty / self.imports)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    series: Vec<Series>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    reporter: String,
    collected_monthly: String,
    imports_periods: String,
    exports_annual: String,
    trade_annual: String,
    source: String,
    licence: String,
    #[allow(dead_code)]
    unit: String,
    statute_source: String,
}

/// Average rates by statute over the window of a back-test episode.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statute {
    /// Episode.
    pub episode: String,
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// Before, a fraction.
    pub rate_before: f64,
    /// Mean over the window, a fraction.
    pub rate: f64,
    /// How it was averaged.
    pub basis: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlowRow {
    #[serde(alias = "month")]
    period: String,
    partner: String,
    sector_group: String,
    imports: f64,
    duty: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportRow {
    year: String,
    partner: String,
    exports: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TradeRow {
    year: String,
    partner: String,
    imports: f64,
    exports: f64,
}

/// Goods trade of a year with a partner, million USD: imports at customs value, exports as they left.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnualTrade {
    /// Year.
    pub year: String,
    /// Imports.
    pub imports: f64,
    /// Exports.
    pub exports: f64,
}

type Key = (String, String, String);

/// All outturns of one reporting economy.
pub struct Reporter {
    /// Code of the economy that reports.
    pub code: String,
    /// Source of its tables.
    pub source: String,
    /// Licence of its tables.
    pub licence: String,
    /// Source of the averages by statute.
    pub statute_source: String,
    monthly: BTreeMap<Key, Flow>,
    periods: BTreeMap<Key, Flow>,
    exports: BTreeMap<(String, String), f64>,
    annual: BTreeMap<(String, String), AnnualTrade>,
}

/// All embedded outturns.
pub struct Outturns {
    /// By reporting economy.
    pub reporters: Vec<Reporter>,
    /// Averages by statute over the windows of the episodes.
    pub statute: Vec<Statute>,
}

/// A table of `data/outturns`.
fn text(file: &str) -> Result<&'static str, OutturnError> {
    detente_facts::text(&format!("outturns/{file}"))
        .ok_or_else(|| OutturnError { file: file.into(), found: "no such file is carried".to_owned() })
}

fn rows<Row: for<'de> Deserialize<'de>>(file: &str) -> Result<Vec<Row>, OutturnError> {
    csv::Reader::from_reader(text(file)?.as_bytes())
        .deserialize()
        .map(|row| row.map_err(|error| OutturnError { file: file.into(), found: error.to_string() }))
        .collect()
}

fn flows(file: &str) -> Result<BTreeMap<Key, Flow>, OutturnError> {
    Ok(rows::<FlowRow>(file)?
        .into_iter()
        .map(|row| {
            ((row.period, row.partner, row.sector_group), Flow { imports: row.imports, duty: row.duty })
        })
        .collect())
}

impl Outturns {
    /// The embedded tables, read once.
    ///
    /// ```
    /// let outturns = detente_data::outturns::Outturns::embedded().map_err(ToString::to_string)?;
    /// assert!(outturns.reporter("USA").is_some());
    /// # Ok::<(), String>(())
    /// ```
    pub fn embedded() -> Result<&'static Self, &'static OutturnError> {
        static READ: OnceLock<Result<Outturns, OutturnError>> = OnceLock::new();
        READ.get_or_init(Self::read).as_ref()
    }

    fn read() -> Result<Self, OutturnError> {
        let catalogue: Catalogue = toml::from_str(text("series.toml")?)
            .map_err(|error| OutturnError { file: "series.toml".into(), found: error.to_string() })?;
        let reporters = catalogue
            .series
            .into_iter()
            .map(|series| {
                Ok(Reporter {
                    monthly: flows(&series.collected_monthly)?,
                    periods: flows(&series.imports_periods)?,
                    exports: rows::<ExportRow>(&series.exports_annual)?
                        .into_iter()
                        .map(|row| ((row.year, row.partner), row.exports))
                        .collect(),
                    annual: rows::<TradeRow>(&series.trade_annual)?
                        .into_iter()
                        .map(|TradeRow { year, partner, imports, exports }| {
                            ((partner, year.clone()), AnnualTrade { year, imports, exports })
                        })
                        .collect(),
                    code: series.reporter,
                    source: series.source,
                    licence: series.licence,
                    statute_source: series.statute_source,
                })
            })
            .collect::<Result<_, OutturnError>>()?;
        Ok(Self { reporters, statute: rows("statute_by_episode.csv")? })
    }

    /// The tables that this economy reports.
    pub fn reporter(&self, code: &str) -> Option<&Reporter> {
        self.reporters.iter().find(|reporter| reporter.code == code)
    }

    /// The middle of the newest month with data on all goods, the month of `day` or before it; none where there is none.
    pub fn newest_month(&self, importer: &str, exporter: &str, day: Date) -> Option<Date> {
        let reporter = self.reporter(importer)?;
        let last = format!("{:04}-{:02}", day.year(), day.month());
        let months = reporter
            .monthly
            .keys()
            .filter(|(month, partner, group)| partner == exporter && group == ALL_SECTORS && *month <= last);
        let (month, ..) = months.max_by(|a, b| a.0.cmp(&b.0))?;
        format!("{month}-15").parse().ok()
    }

    /// The rate collected on a sector in the month of `day`, of the group that the sector belongs to.
    pub fn collected_on_sector(
        &self,
        importer: &str,
        exporter: &str,
        sector: &str,
        day: Date,
    ) -> Option<CollectedRate> {
        let month = format!("{:04}-{:02}", day.year(), day.month());
        let group = self.reporter(importer)?.monthly.keys().find(|(of, partner, group)| {
            *of == month && partner == exporter && group.split('+').any(|member| member == sector)
        })?;
        self.collected_in(importer, exporter, &group.2, day)
    }

    /// The rate collected on all goods in the month of `day`; none where no data cover it.
    pub fn collected(&self, importer: &str, exporter: &str, day: Date) -> Option<CollectedRate> {
        self.collected_in(importer, exporter, ALL_SECTORS, day)
    }

    /// The rate collected on one sector group (`CHM+PHA`, `MVH+OTN` or a sector of the default world) in the month of `day`.
    pub fn collected_in(
        &self,
        importer: &str,
        exporter: &str,
        sector_group: &str,
        day: Date,
    ) -> Option<CollectedRate> {
        let reporter = self.reporter(importer)?;
        let month = format!("{:04}-{:02}", day.year(), day.month());
        let flow = reporter.monthly.get(&(month.clone(), exporter.to_owned(), sector_group.to_owned()))?;
        Some(CollectedRate {
            importer: importer.to_owned(),
            exporter: exporter.to_owned(),
            sector_group: sector_group.to_owned(),
            rate: flow.rate()?,
            month,
            middle: day.with().day(15).build().unwrap_or(day),
            imports: flow.imports,
            duty: flow.duty,
            source: reporter.source.clone(),
        })
    }

    /// Collected over statutory: what the measures of a ledger are multiplied with on their way to the model. `statutory` is the average
    /// by statute on the same day. None where no data cover the month or the statute is zero.
    pub fn collection_ratio(&self, importer: &str, exporter: &str, day: Date, statutory: f64) -> Option<f64> {
        let collected = self.collected(importer, exporter, day)?;
        (statutory > 0.0).then(|| collected.rate / statutory)
    }

    /// Average rates by statute over the window of an episode.
    pub fn statute(&self, episode: &str, importer: &str, exporter: &str) -> Option<&Statute> {
        self.statute
            .iter()
            .find(|row| row.episode == episode && row.importer == importer && row.exporter == exporter)
    }
}

impl Reporter {
    /// Imports and duty of a period (`2019`, `2025M04-11`), partner and sector group.
    pub fn imports(&self, period: &str, partner: &str, sector_group: &str) -> Option<Flow> {
        self.periods.get(&(period.to_owned(), partner.to_owned(), sector_group.to_owned())).copied()
    }

    /// Exports of a year to a partner, million USD.
    pub fn exports(&self, year: &str, partner: &str) -> Option<f64> {
        self.exports.get(&(year.to_owned(), partner.to_owned())).copied()
    }

    /// Goods trade with a partner in the latest year on record.
    pub fn latest_year(&self, partner: &str) -> Option<&AnnualTrade> {
        let years = self.annual.iter().filter(|((of, _), _)| of == partner);
        years.map(|(_, trade)| trade).max_by(|a, b| a.year.cmp(&b.year))
    }

    /// Partners with data for a period, the aggregate left out.
    pub fn partners(&self, period: &str) -> Vec<&str> {
        let mut partners: Vec<&str> = self
            .periods
            .keys()
            .filter(|(of, partner, group)| of == period && group == ALL_SECTORS && partner != ALL_PARTNERS)
            .map(|(_, partner, _)| partner.as_str())
            .collect();
        partners.dedup();
        partners
    }

    /// Sector groups with data for a period, the aggregate left out.
    pub fn sector_groups(&self, period: &str) -> Vec<&str> {
        self.periods
            .keys()
            .filter(|(of, partner, group)| of == period && partner == ALL_PARTNERS && group != ALL_SECTORS)
            .map(|(_, _, group)| group.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn november_2025_by_collection() {
        let outturns = Outturns::embedded().unwrap();
        // 47.5 by statute (the ledger's side), about 32 collected.
        let november = outturns.collected("USA", "CHN", date(2025, 11, 9)).unwrap();
        assert_eq!((november.rate * 1000.0).round(), 323.0);
        assert_eq!(november.month, "2025-11");
        assert!(
            (outturns.collection_ratio("USA", "CHN", date(2025, 11, 10), 0.475).unwrap() - 0.681).abs()
                < 0.001
        );
        // Published months: 26.3 in March, 48.2 in May, 39.7 in August 2025.
        for (month, percent) in [(3, 263.0), (5, 482.0), (8, 397.0)] {
            let rate = outturns.collected("USA", "CHN", date(2025, month, 15)).unwrap().rate;
            assert_eq!((rate * 1000.0).round(), percent);
        }
    }

    #[test]
    fn no_data_is_none() {
        let outturns = Outturns::embedded().unwrap();
        assert_eq!(outturns.collected("USA", "CHN", date(2026, 11, 24)), None);
        assert_eq!(outturns.collected("CHN", "USA", date(2025, 11, 9)), None);
        assert_eq!(outturns.reporter("USA").unwrap().imports("2019", "CHN", "UTL"), None);
    }

    #[test]
    fn windows_as_published() {
        let reporter = Outturns::embedded().unwrap().reporter("USA").unwrap();
        let growth = |partner: &str| {
            let value = |period| reporter.imports(period, partner, ALL_SECTORS).unwrap().imports;
            (100.0 * (value("2025M01-11") / value("2024M01-11") - 1.0) * 10.0).round() / 10.0
        };
        // January to November 2025 against 2024, as the compilers of the data state.
        for (partner, percent) in
            [("CHN", -28.8), ("TWN", 65.8), ("VNM", 38.3), ("MEX", 5.9), ("EU27", 5.8), ("CAN", -6.6)]
        {
            assert_eq!(growth(partner), percent, "{partner}");
        }
        assert_eq!(reporter.partners("2019").len(), 13);
        assert_eq!(reporter.exports("2025", "CHN"), Some(106_300.0));
        assert_eq!(reporter.sector_groups("2025M04-11").len(), 18);
    }
}
