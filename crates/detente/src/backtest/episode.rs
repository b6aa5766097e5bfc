//! Episodes: which tariffs changed when, and what is compared with what.

use super::BacktestError;
use crate::outturns::{ALL_PARTNERS, ALL_SECTORS, Flow, Outturns, Reporter};
use detente_engine::benchmark::{Benchmark, SectorKind};
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
    /// Who retaliated: its imports from the importer are scored too.
    pub retaliator: String,
    /// Year of the exports before.
    pub exports_before: String,
    /// Year of the exports after.
    pub exports_after: String,
    /// Years between the periods.
    pub years: u32,
    /// Whether the increments by statute have a pattern over sectors of their own.
    pub pattern_by_statute: bool,
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
    toml::from_str::<Episodes>(include_str!("../../../../data/outturns/episodes.toml"))
        .map(|file| file.episode)
        .map_err(|source| BacktestError::Episodes { source })
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
}

impl<'a> Scene<'a> {
    /// Finds the episode's economies in the benchmark and the tables.
    pub fn new(
        episode: &'a Episode,
        benchmark: &'a Benchmark,
        outturns: &'a Outturns,
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
        Ok(Self {
            episode,
            benchmark,
            outturns,
            reporter,
            importer: position(&episode.importer)?,
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

    /// Rates before and after by partner and group.
    pub fn rates(&self, basis: Basis) -> BTreeMap<(String, String), (f64, f64)> {
        let mut rates = BTreeMap::new();
        for partner in &self.partners {
            let cell = |group: &String| {
                let before = self.collected(&self.episode.before, partner, group);
                (before, self.collected(&self.episode.after, partner, group))
            };
            let statute = self.outturns.statute(&self.episode.name, &self.episode.importer, partner);
            let scale = statute.map(|row| (row.rate - row.rate_before, self.mean_increment(partner)));
            for group in &self.groups {
                let (before, collected) = cell(group);
                let after = match (basis, scale) {
                    (Basis::Statute, Some((increment, _))) if self.episode.pattern_by_statute => {
                        before + increment * self.pattern(&self.episode.importer, partner, group)
                    }
                    (Basis::Statute, Some((increment, mean))) if mean > 0.0 => {
                        before + (collected - before) * increment / mean
                    }
                    _ => collected,
                };
                rates.insert((partner.clone(), group.clone()), (before, after));
            }
        }
        rates
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

    fn pattern(&self, importer: &str, exporter: &str, group: &str) -> f64 {
        let members: Vec<f64> = group
            .split('+')
            .map(|sector| self.outturns.statute_pattern(importer, exporter, sector))
            .collect();
        members.iter().sum::<f64>() / members.len() as f64
    }

    /// Tariffs before and after on the benchmark's cells: the importer's own column, and the retaliator's towards it as increments on the
    /// benchmark's rates.
    pub fn tariffs(&self, basis: Basis) -> (Vec<f64>, Vec<f64>) {
        let size = self.benchmark.dimensions();
        let rates = self.rates(basis);
        let mut before = self.benchmark.tariff_rate.clone();
        let mut after = before.clone();
        let answer =
            self.outturns.statute(&self.episode.name, &self.episode.retaliator, &self.episode.importer);
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
            if let Some(answer) = answer {
                let at = size.cell(self.retaliator, self.importer, sector);
                let pattern = if self.episode.pattern_by_statute {
                    self.pattern(&self.episode.retaliator, &self.episode.importer, group)
                } else {
                    1.0
                };
                after[at] = before[at] + (answer.rate - answer.rate_before) * pattern;
            }
        }
        (before, after)
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
