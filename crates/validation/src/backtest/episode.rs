//! Episodes: which tariffs changed when, and what is compared with what.

use super::BacktestError;
use detente::ledger_tariffs::{LedgerTariffs, Schedule};
use detente_data::outturns::{ALL_PARTNERS, ALL_SECTORS, Flow, Outturns, Reporter};
use detente_engine::benchmark::{Benchmark, SectorKind};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Partner of the rows that no partner of the tables covers.
pub const OTHERS: &str = "others";

/// One episode of `data/outturns/episodes.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Episode {
    /// Name on the command line.
    pub name: String,
    /// What is compared with what.
    pub title: String,
    /// Whose imports are scored.
    pub importer: String,
    /// Period before.
    pub before: String,
    /// Period after.
    pub after: String,
    /// The same months a year before `before`, where the tables reach back: growth since then is a rival's trend.
    #[serde(default)]
    pub earlier: Option<String>,
    /// Who retaliated: its imports from the importer are scored too.
    pub retaliator: String,
    /// Year of the exports before.
    pub exports_before: String,
    /// Year of the exports after.
    pub exports_after: String,
    /// Years between the periods.
    pub years: u32,
    /// First and last day of the period before.
    pub days_before: (Date, Date),
    /// First and last day of the period after.
    pub days_after: (Date, Date),
    /// First and last day of the exports before.
    pub export_days_before: (Date, Date),
    /// First and last day of the exports after.
    pub export_days_after: (Date, Date),
    /// Whether parameters are chosen or scored here.
    pub role: String,
    /// Where the tariffs come from.
    pub tariffs: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Episodes {
    episode: Vec<Episode>,
}

/// Which rates a forecast is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Duty over imports, as measured.
    Collected,
    /// As the law says.
    Statute,
}

impl Basis {
    /// Name in tables.
    pub fn label(self) -> &'static str {
        match self {
            Basis::Collected => "collected",
            Basis::Statute => "statute",
        }
    }
}

/// All episodes.
pub fn all() -> Result<Vec<Episode>, BacktestError> {
    toml::from_str::<Episodes>(detente_facts::needed("outturns/episodes.toml")?)
        .map(|file| file.episode)
        .map_err(|source| BacktestError::Episodes { source })
}

/// Mean rise of a rate by statute between two periods, percentage points.
#[derive(Clone, Debug, PartialEq)]
pub struct StatuteRise {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// By the ledger, at the benchmark's flows.
    pub ledger: f64,
    /// By published averages, where there are any.
    pub published: Option<f64>,
}

/// An episode on a benchmark: cells of partner and sector group with flows and rates.
pub struct Scene<'a> {
    /// The episode.
    pub episode: &'a Episode,
    /// The benchmark.
    pub benchmark: &'a Benchmark,
    /// The tables.
    pub outturns: &'a Outturns,
    /// The importer's tables.
    pub reporter: &'a Reporter,
    /// Position of the importer in the benchmark.
    pub importer: usize,
    /// Position of the retaliator.
    pub retaliator: usize,
    /// Partners in the tables, then [`OTHERS`].
    pub partners: Vec<String>,
    /// Sector groups of the tables.
    pub groups: Vec<String>,
    /// By cell of the two parties: what the ledger's rates by statute rose by between the periods.
    pub ledger_rise: BTreeMap<usize, f64>,
}

/// Mean of the ledger's additional rates between the parties over the middle of each month of a window, by cell.
fn ledger_mean(
    ledger: LedgerTariffs<'_>,
    benchmark: &Benchmark,
    parties: &[String],
    window: (Date, Date),
    known_on: Date,
) -> Result<BTreeMap<usize, f64>, BacktestError> {
    let mut sums = BTreeMap::new();
    let days = middles(window);
    for middle in &days {
        for (cell, rate) in ledger.additional(benchmark, parties, Schedule::on_day(*middle, known_on))? {
            *sums.entry(cell).or_insert(0.0) += rate;
        }
    }
    Ok(sums.into_iter().map(|(cell, sum)| (cell, sum / days.len() as f64)).collect())
}

/// The middle of each month of a window.
pub(super) fn middles(window: (Date, Date)) -> Vec<Date> {
    let months = |from: Date| Some(from.saturating_add(jiff::Span::new().months(1)));
    std::iter::successors(Some(window.0.first_of_month()), |from| months(*from))
        .take_while(|from| *from <= window.1)
        .map(|from| from.saturating_add(jiff::Span::new().days(14)))
        .collect()
}

/// What the ledger's rates rose by: the importer's between the periods of its imports, the retaliator's between those of its purchases.
fn ledger_rise(
    episode: &Episode,
    benchmark: &Benchmark,
    ledger: LedgerTariffs<'_>,
    importer: usize,
) -> Result<BTreeMap<usize, f64>, BacktestError> {
    let parties = [episode.importer.clone(), episode.retaliator.clone()];
    // Hindsight: the record as known after everything happened.
    let mean = |window| ledger_mean(ledger, benchmark, &parties, window, Date::MAX);
    let (imports_before, imports_after) = (mean(episode.days_before)?, mean(episode.days_after)?);
    let (exports_before, exports_after) =
        (mean(episode.export_days_before)?, mean(episode.export_days_after)?);
    let size = benchmark.dimensions();
    let rise = |before: &BTreeMap<usize, f64>, after: &BTreeMap<usize, f64>, cell: usize| {
        let at = |rates: &BTreeMap<usize, f64>| rates.get(&cell).copied().unwrap_or(0.0);
        at(after) - at(before)
    };
    let cells = imports_after.keys().chain(exports_after.keys()).copied();
    Ok(cells
        .map(|cell| {
            let rise = if size.cell_of(cell).0 == importer {
                rise(&imports_before, &imports_after, cell)
            } else {
                rise(&exports_before, &exports_after, cell)
            };
            (cell, rise)
        })
        .collect())
}

impl<'a> Scene<'a> {
    /// Finds the episode's economies in the benchmark and the tables.
    pub fn new(
        episode: &'a Episode,
        benchmark: &'a Benchmark,
        outturns: &'a Outturns,
        ledger: LedgerTariffs<'_>,
    ) -> Result<Self, BacktestError> {
        let missing =
            |what: &str| BacktestError::Missing { episode: episode.name.clone(), what: what.to_owned() };
        let reporter = outturns.reporter(&episode.importer).ok_or_else(|| missing(&episode.importer))?;
        let position = |code: &str| benchmark.economy_of_member(code).ok_or_else(|| missing(code));
        let mut partners: Vec<String> =
            reporter.partners(&episode.after).into_iter().map(str::to_owned).collect();
        partners.push(OTHERS.to_owned());
        let groups: Vec<String> =
            reporter.sector_groups(&episode.after).into_iter().map(str::to_owned).collect();
        if groups.is_empty() {
            return Err(missing(&episode.after));
        }
        let importer = position(&episode.importer)?;
        Ok(Self {
            episode,
            benchmark,
            outturns,
            reporter,
            ledger_rise: ledger_rise(episode, benchmark, ledger, importer)?,
            importer,
            retaliator: position(&episode.retaliator)?,
            partners,
            groups,
        })
    }

    /// Imports and duty of a period, partner ([`OTHERS`] included) and sector group.
    pub fn flow(&self, period: &str, partner: &str, group: &str) -> Flow {
        if partner != OTHERS {
            return self.reporter.imports(period, partner, group).unwrap_or_default();
        }
        let mut rest = self.reporter.imports(period, ALL_PARTNERS, group).unwrap_or_default();
        for partner in &self.partners[..self.partners.len() - 1] {
            let flow = self.reporter.imports(period, partner, group).unwrap_or_default();
            rest.imports -= flow.imports;
            rest.duty -= flow.duty;
        }
        rest
    }

    /// The partner of the tables that an economy of the benchmark belongs to.
    pub fn partner_of(&self, economy: usize) -> &str {
        let code = &self.benchmark.economies[economy].code;
        self.partners.iter().find(|partner| *partner == code).map_or(OTHERS, String::as_str)
    }

    /// The sector group of a sector of the benchmark (`CHM+PHA` covers CHM and PHA); none for services.
    pub fn group_of(&self, sector: usize) -> Option<&str> {
        let code = self.benchmark.sectors[sector].code.as_str();
        self.groups.iter().find(|group| group.split('+').any(|member| member == code)).map(String::as_str)
    }

    /// Collected rate of a cell; the partner's mean where the cell has no imports.
    fn collected(&self, period: &str, partner: &str, group: &str) -> f64 {
        let cell = self.flow(period, partner, group);
        cell.rate().or_else(|| self.flow(period, partner, ALL_SECTORS).rate()).unwrap_or(0.0)
    }

    /// Rates before and after by partner and group. By statute: the ledger's rise where it has the pair, else the collected rise scaled to
    /// the announced one.
    pub fn rates(&self, basis: Basis) -> BTreeMap<(String, String), (f64, f64)> {
        let target = self.partner_of(self.retaliator);
        let mut rates = BTreeMap::new();
        for partner in &self.partners {
            let statute = self.outturns.statute(&self.episode.name, &self.episode.importer, partner);
            let scale = statute
                .map(|row| (row.rate - row.rate_before) / self.mean_increment(partner))
                .filter(|scale| scale.is_finite() && *scale > 0.0);
            for group in &self.groups {
                let before = self.collected(&self.episode.before, partner, group);
                let collected = self.collected(&self.episode.after, partner, group);
                let by_ledger = (partner == target).then(|| self.ledger_rise_of(group)).flatten();
                let after = match basis {
                    Basis::Collected => collected,
                    Basis::Statute => match by_ledger {
                        Some(rise) => before + rise,
                        None => before + (collected - before) * scale.unwrap_or(1.0),
                    },
                };
                rates.insert((partner.clone(), group.clone()), (before, after));
            }
        }
        rates
    }

    /// The ledger's rise on the target's goods of a group, weighted by the benchmark's flows.
    fn ledger_rise_of(&self, group: &str) -> Option<f64> {
        let size = self.benchmark.dimensions();
        let (mut total, mut weight) = (0.0, 0.0);
        for sector in (0..size.sectors).filter(|sector| self.group_of(*sector) == Some(group)) {
            let cell = size.cell(self.importer, self.retaliator, sector);
            let flow = self.benchmark.border_value[cell];
            total += flow * self.ledger_rise.get(&cell)?;
            weight += flow;
        }
        (weight > 0.0).then(|| total / weight)
    }

    /// Mean increase of the collected rate at the flows before.
    fn mean_increment(&self, partner: &str) -> f64 {
        let (mut total, mut weight) = (0.0, 0.0);
        for group in &self.groups {
            let flow = self.flow(&self.episode.before, partner, group).imports;
            let rise = self.collected(&self.episode.after, partner, group)
                - self.collected(&self.episode.before, partner, group);
            total += flow * rise;
            weight += flow;
        }
        if weight > 0.0 { total / weight } else { 0.0 }
    }

    /// Tariffs before and after on the benchmark's cells: the importer's own column, and the retaliator's towards it as increments on the
    /// benchmark's rates.
    pub fn tariffs(&self, basis: Basis) -> (Vec<f64>, Vec<f64>) {
        let size = self.benchmark.dimensions();
        let rates = self.rates(basis);
        let mut before = self.benchmark.tariff_rate.clone();
        let mut after = before.clone();
        for sector in 0..size.sectors {
            let Some(group) = self.group_of(sector) else { continue };
            for exporter in (0..size.economies).filter(|exporter| *exporter != self.importer) {
                let key = (self.partner_of(exporter).to_owned(), group.to_owned());
                if let Some((rate_before, rate)) = rates.get(&key) {
                    let at = size.cell(self.importer, exporter, sector);
                    before[at] = *rate_before;
                    after[at] = *rate;
                }
            }
            let at = size.cell(self.retaliator, self.importer, sector);
            after[at] += self.ledger_rise.get(&at).copied().unwrap_or(0.0);
        }
        (before, after)
    }

    /// Mean rise by statute between the two parties, in percentage points: the ledger at the benchmark's flows, and as published.
    pub fn statute_rises(&self) -> Vec<StatuteRise> {
        let size = self.benchmark.dimensions();
        let pairs = [
            (self.importer, self.retaliator, &self.episode.importer, &self.episode.retaliator),
            (self.retaliator, self.importer, &self.episode.retaliator, &self.episode.importer),
        ];
        pairs
            .into_iter()
            .map(|(importer, exporter, importer_code, exporter_code)| {
                let (mut total, mut weight) = (0.0, 0.0);
                for sector in (0..size.sectors).filter(|sector| self.group_of(*sector).is_some()) {
                    let cell = size.cell(importer, exporter, sector);
                    let flow = self.benchmark.border_value[cell];
                    total += flow * self.ledger_rise.get(&cell).copied().unwrap_or(0.0);
                    weight += flow;
                }
                let published = self.outturns.statute(&self.episode.name, importer_code, exporter_code);
                StatuteRise {
                    importer: importer_code.clone(),
                    exporter: exporter_code.clone(),
                    ledger: if weight > 0.0 { 100.0 * total / weight } else { 0.0 },
                    published: published.map(|row| 100.0 * (row.rate - row.rate_before)),
                }
            })
            .collect()
    }

    /// The benchmark with the importer's goods imports at the flows of the period before: the truce horizon needs no equilibrium, only the
    /// right weights.
    pub fn rebased(&self) -> Benchmark {
        let size = self.benchmark.dimensions();
        let mut rebased = self.benchmark.clone();
        let mut totals: BTreeMap<(&str, &str), f64> = BTreeMap::new();
        let cells: Vec<(usize, &str, &str)> = (0..size.sectors)
            .filter(|sector| self.benchmark.sectors[*sector].kind != SectorKind::Services)
            .filter_map(|sector| self.group_of(sector).map(|group| (sector, group)))
            .flat_map(|(sector, group)| {
                (0..size.economies)
                    .filter(|exporter| *exporter != self.importer)
                    .map(move |exporter| (size.cell(self.importer, exporter, sector), exporter, group))
            })
            .map(|(at, exporter, group)| (at, self.partner_of(exporter), group))
            .collect();
        for (at, partner, group) in &cells {
            *totals.entry((partner, group)).or_default() += self.benchmark.border_value[*at];
        }
        for (at, partner, group) in &cells {
            let total = totals.get(&(*partner, *group)).copied().unwrap_or(0.0);
            if total > 0.0 {
                let observed = self.flow(&self.episode.before, partner, group).imports.max(0.0);
                rebased.border_value[*at] *= observed / total;
            }
        }
        rebased
    }
}
