//! From names to cells: codes, kinds and "all" on a benchmark.

use std::collections::HashSet;

use detente_engine::benchmark::Benchmark;
use toml::Spanned;

use super::typed::Names;
use detente_data::benchmark_directory::codes::{ALL, KINDS, economy_as_typed};
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::nearest::suggestion;

/// The scenario's text and the benchmark that its names are looked up in.
pub(crate) struct Frame<'a> {
    /// Path of the scenario.
    pub file: &'a str,
    /// Its text.
    text: &'a str,
    /// Where its lines end, in bytes: a scenario may have a hundred thousand entries, and each knows its line.
    line_ends: Vec<usize>,
    /// The benchmark.
    pub benchmark: &'a Benchmark,
}

/// Positions, and whether they were named one by one or meant by "all".
pub(crate) struct Chosen {
    pub positions: Vec<usize>,
    pub all: bool,
}

impl<'a> Frame<'a> {
    /// A scenario's text on a benchmark.
    pub fn new(file: &'a str, text: &'a str, benchmark: &'a Benchmark) -> Self {
        Self { file, text, line_ends: text.match_indices('\n').map(|(at, _)| at).collect(), benchmark }
    }
}

impl Frame<'_> {
    /// Line of the byte at which a key or value stands, counted from one.
    pub fn line(&self, start: usize) -> u64 {
        self.line_ends.partition_point(|end| *end < start) as u64 + 1
    }

    /// Where a key of a table stands, in bytes; the beginning of the file where it is written in another way.
    pub fn start_of(&self, table: &str, key: &str) -> usize {
        let (mut start, mut here) = (0, "");
        for line in self.text.split_inclusive('\n') {
            let typed = line.trim();
            if typed.starts_with('[') {
                here = typed.trim_matches(['[', ']']).trim();
            } else if here == table && typed.split('=').next().is_some_and(|name| name.trim() == key) {
                return start;
            }
            start += line.len();
        }
        0
    }

    /// A problem at a key.
    pub fn problem(&self, key: &str, start: usize, finding: Finding) -> Problem {
        Problem::key(self.file, key, self.line(start), finding)
    }

    /// A problem of keys that exclude or need each other.
    pub fn combination(&self, key: &str, start: usize, reason: impl Into<String>) -> Problem {
        self.problem(key, start, Finding::Combination { reason: reason.into() })
    }

    /// The economies that are named.
    pub fn economies(&self, key: &str, names: &Spanned<Names>) -> Result<Chosen, Problem> {
        let benchmark = self.benchmark;
        let start = names.span().start;
        let names = &names.as_ref().0;
        if let Some(chosen) = self.everything(key, start, names, benchmark.economies.len())? {
            return Ok(chosen);
        }
        let positions =
            names.iter().map(|name| self.economy(key, start, name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Chosen { positions: unique(positions), all: false })
    }

    /// One economy.
    pub fn economy(&self, key: &str, start: usize, name: &str) -> Result<usize, Problem> {
        let benchmark = self.benchmark;
        economy_as_typed(benchmark, name).ok_or_else(|| {
            let host = benchmark.economy_of_member(name).map(|host| &benchmark.economies[host].code);
            let suggestion = match host {
                Some(host) => format!("it is a member of `{host}`, which this benchmark has as one economy"),
                None => suggestion(name, benchmark.economies.iter().map(|economy| economy.code.as_str())),
            };
            self.problem(
                key,
                start,
                Finding::UnknownCode { what: "economy", found: name.to_string(), suggestion },
            )
        })
    }

    /// The sectors that are named: codes first, then kinds; all where the key is absent.
    pub fn sectors(&self, names: Option<&Spanned<Names>>) -> Result<Vec<usize>, Problem> {
        let benchmark = self.benchmark;
        let Some(names) = names else { return Ok((0..benchmark.sectors.len()).collect()) };
        let start = names.span().start;
        let names = &names.as_ref().0;
        if let Some(chosen) = self.everything("sector", start, names, benchmark.sectors.len())? {
            return Ok(chosen.positions);
        }
        let mut positions = Vec::new();
        for name in names {
            positions.extend(self.sector_or_kind(name).ok_or_else(|| {
                let codes = benchmark.sectors.iter().map(|sector| sector.code.as_str());
                let suggestion = suggestion(name, codes.chain(KINDS.iter().map(|(word, _)| *word)));
                let finding =
                    Finding::UnknownCode { what: "sector or kind", found: name.clone(), suggestion };
                self.problem("sector", start, finding)
            })?);
        }
        Ok(unique(positions))
    }

    /// The sector with this code, or else the sectors of this kind. None where there is neither.
    pub fn sector_or_kind(&self, name: &str) -> Option<Vec<usize>> {
        if let Some(position) = self.benchmark.sector(name) {
            return Some(vec![position]);
        }
        let (_, kind) = KINDS.iter().find(|(word, _)| *word == name)?;
        let of_kind = self.benchmark.sectors.iter().enumerate().filter(|(_, sector)| sector.kind == *kind);
        let positions: Vec<usize> = of_kind.map(|(position, _)| position).collect();
        (!positions.is_empty()).then_some(positions)
    }

    /// The cells of some flows. "all" means all others: own cells change only where both codes are named.
    pub fn cells(&self, importers: &Chosen, exporters: &Chosen, sectors: &[usize]) -> Vec<usize> {
        let dimensions = self.benchmark.dimensions();
        let mut cells = Vec::new();
        for sector in sectors {
            for importer in &importers.positions {
                for exporter in &exporters.positions {
                    if importer != exporter || !(importers.all || exporters.all) {
                        cells.push(dimensions.cell(*importer, *exporter, *sector));
                    }
                }
            }
        }
        cells
    }

    /// The pairs of some economies and sectors.
    pub fn pairs(&self, economies: &Chosen, sectors: &[usize]) -> Vec<usize> {
        let dimensions = self.benchmark.dimensions();
        sectors
            .iter()
            .flat_map(|s| economies.positions.iter().map(move |n| dimensions.pair(*n, *s)))
            .collect()
    }

    fn everything(
        &self,
        key: &str,
        start: usize,
        names: &[String],
        size: usize,
    ) -> Result<Option<Chosen>, Problem> {
        if names.is_empty() {
            return Err(self.combination(
                key,
                start,
                "names nothing; give a code, a list of codes or \"all\"",
            ));
        }
        if !names.iter().any(|name| name == ALL) {
            return Ok(None);
        }
        if names.len() > 1 {
            return Err(self.combination(key, start, "\"all\" stands alone, not in a list with codes"));
        }
        Ok(Some(Chosen { positions: (0..size).collect(), all: true }))
    }
}

/// The positions once each, in the order given.
fn unique(positions: Vec<usize>) -> Vec<usize> {
    let mut seen = HashSet::new();
    positions.into_iter().filter(|position| seen.insert(*position)).collect()
}
