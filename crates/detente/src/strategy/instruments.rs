//! What players may set: sets of instruments that have a name, or groups of the asker's own with bounds.
//!
//! ```toml
//! [[instrument]]
//! player  = "USA"                 # a code, a list, or "players" (everybody who plays; the default)
//! kind    = "tariff"              # tariff | export-tax | trade-cost | purchases | purchase-subsidy | list
//! list    = "US-301-L3"           # kind = "list" only: an instrument of the record, one rate on its goods
//! partner = "CHN"                 # a code, a list, "counterparts" or "all" (the default depends on the question)
//! sector  = "manufacturing"       # codes, kinds, or "goods" (all but services; the default)
//! by      = "sector-and-partner"  # sector-and-partner | sector (one rate for all partners) | partner | one-rate
//! lower   = 0.0                   # rates as fractions; trade costs as factors; purchases in the benchmark's unit a year
//! upper   = 1.0
//! ```
//!
//! A purchase commitment (`purchases`) is a level: the least that a player buys of a partner's goods, in the benchmark's unit a year (from
//! nothing to ten times today's purchases where nothing is said); one level for each partner over all named sectors unless `by` says
//! otherwise. Where its market buys less, the player pays its own buyers the difference. `purchase-subsidy` sets that wedge itself, sector
//! by sector: a tariff below zero (from −0.5 up to zero where nothing is said). A list of the record moves each cell by the share of its trade on the list.

use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::strategy::policy::{PolicyKind, PolicyVariable};
use serde::Deserialize;
use toml::Spanned;

use super::error::NoStrategy;
use crate::scenario::typed::Names;
use detente_data::benchmark_directory::codes::KINDS;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::nearest::suggestion;
use detente_tables::toml_file;

/// Rates of built-in instruments: from free trade to a thousand percent, as in Ossa (2014).
pub const DEFAULT_RATES: (f64, f64) = (0.0, 10.0);

/// Lowest rate of a purchase commitment's wedge.
pub const LOWEST_WEDGE: f64 = -0.5;

/// Highest purchase commitment where nothing is said, as a multiple of today's purchases.
pub const MOST_PURCHASES: f64 = 10.0;

/// How one variable covers several cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// One variable for each sector and partner.
    SectorAndPartner,
    /// One rate per sector for all partners.
    Sector,
    /// One rate per partner for all sectors.
    Partner,
    /// One rate.
    OneRate,
}

const GROUPINGS: [(&str, Grouping); 4] = [
    ("sector-and-partner", Grouping::SectorAndPartner),
    ("sector", Grouping::Sector),
    ("partner", Grouping::Partner),
    ("one-rate", Grouping::OneRate),
];

/// What an entry of a file sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Of(PolicyKind),
    Subsidy,
}

const POLICIES: [(&str, Kind); 6] = [
    ("tariff", Kind::Of(PolicyKind::Tariff)),
    ("export-tax", Kind::Of(PolicyKind::ExportTax)),
    ("trade-cost", Kind::Of(PolicyKind::TradeCost)),
    ("list", Kind::Of(PolicyKind::ListRate)),
    ("purchases", Kind::Of(PolicyKind::Purchases)),
    ("purchase-subsidy", Kind::Subsidy),
];

/// What players may set in a game.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum InstrumentSet {
    /// Tariffs by sector and partner, from zero up.
    #[default]
    Tariffs,
    /// One tariff per sector for all partners.
    Mfn,
    /// One tariff for all sectors and partners.
    OneRate,
    /// Export taxes by sector and partner.
    ExportTaxes,
    /// Tariffs and export taxes by sector and partner.
    TariffsAndExportTaxes,
    /// Tariffs by sector and partner that may go below zero.
    TariffsAndSubsidies,
    /// The least that each player buys of each partner's goods a year.
    Purchases,
    /// Groups of the asker's own.
    Groups(Vec<InstrumentGroup>),
}

/// A group of instruments of some players.
#[derive(Clone, Debug, PartialEq)]
pub struct InstrumentGroup {
    /// Who sets them; none: everybody who plays.
    pub players: Option<Vec<usize>>,
    /// What they are.
    pub kind: PolicyKind,
    /// Towards whom; none: as the question says.
    pub partners: Option<Vec<usize>>,
    /// On which sectors.
    pub sectors: Vec<usize>,
    /// One variable for what.
    pub by: Grouping,
    /// Bounds in u; of a list, of its rate; of purchases, of their level, infinite for ten times today's.
    pub bounds: (f64, f64),
    /// The record's name of the list, where it is one.
    pub list: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedFile {
    instrument: Vec<Spanned<TypedInstrument>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedInstrument {
    player: Option<Spanned<Names>>,
    kind: Option<Spanned<String>>,
    list: Option<String>,
    partner: Option<Spanned<Names>>,
    sector: Option<Spanned<Names>>,
    by: Option<Spanned<String>>,
    lower: Option<f64>,
    upper: Option<f64>,
}

impl InstrumentSet {
    /// The sets that have a name.
    pub const NAMED: [(&'static str, InstrumentSet); 7] = [
        ("tariffs", InstrumentSet::Tariffs),
        ("mfn", InstrumentSet::Mfn),
        ("one-rate", InstrumentSet::OneRate),
        ("export-taxes", InstrumentSet::ExportTaxes),
        ("tariffs-and-export-taxes", InstrumentSet::TariffsAndExportTaxes),
        ("tariffs-and-subsidies", InstrumentSet::TariffsAndSubsidies),
        ("purchases", InstrumentSet::Purchases),
    ];

    /// The set of this name.
    ///
    /// ```
    /// use detente::strategy::instruments::InstrumentSet;
    ///
    /// assert!(matches!(InstrumentSet::named("one-rate"), Some(InstrumentSet::OneRate)));
    /// assert!(InstrumentSet::named("one_rate").is_none());
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(known, _)| *known == name).map(|(_, set)| set)
    }

    /// The groups that a text names, in the form at the head of this module; `label` stands for its file in messages.
    pub fn parse(label: &str, text: &str, benchmark: &Benchmark) -> Result<Self, NoStrategy> {
        let typed: TypedFile = toml_file::parse(label, text)?;
        let frame = Frame { label, text, benchmark };
        let groups = typed.instrument.iter().map(|entry| frame.group(entry)).collect::<Result<_, _>>()?;
        Ok(InstrumentSet::Groups(groups))
    }

    /// What the set holds on a benchmark.
    pub fn groups(&self, benchmark: &Benchmark) -> Vec<InstrumentGroup> {
        let goods = goods(benchmark);
        let group = |kind, by| InstrumentGroup {
            players: None,
            kind,
            partners: None,
            sectors: goods.clone(),
            by,
            bounds: bounds_of(PolicyKind::Tariff, DEFAULT_RATES),
            list: None,
        };
        let tariffs = || group(PolicyKind::Tariff, Grouping::SectorAndPartner);
        let taxes = || group(PolicyKind::ExportTax, Grouping::SectorAndPartner);
        match self {
            InstrumentSet::Tariffs => vec![tariffs()],
            InstrumentSet::Mfn => vec![group(PolicyKind::Tariff, Grouping::Sector)],
            InstrumentSet::OneRate => vec![group(PolicyKind::Tariff, Grouping::OneRate)],
            InstrumentSet::ExportTaxes => vec![taxes()],
            InstrumentSet::TariffsAndExportTaxes => vec![tariffs(), taxes()],
            InstrumentSet::TariffsAndSubsidies => {
                let bounds = bounds_of(PolicyKind::Tariff, (LOWEST_WEDGE, DEFAULT_RATES.1));
                vec![InstrumentGroup { bounds, ..tariffs() }]
            }
            InstrumentSet::Purchases => {
                let bounds = (0.0, f64::INFINITY);
                vec![InstrumentGroup { bounds, ..group(PolicyKind::Purchases, Grouping::Partner) }]
            }
            InstrumentSet::Groups(groups) => groups.clone(),
        }
    }
}

/// All sectors but services.
pub fn goods(benchmark: &Benchmark) -> Vec<usize> {
    let is_good = |s: &usize| benchmark.sectors[*s].kind != SectorKind::Services;
    (0..benchmark.sectors.len()).filter(is_good).collect()
}

/// Bounds in u.
fn bounds_of(kind: PolicyKind, (lower, upper): (f64, f64)) -> (f64, f64) {
    match kind {
        PolicyKind::TradeCost => (lower.ln(), upper.ln()),
        PolicyKind::ListRate | PolicyKind::Purchases => (lower, upper),
        _ => (lower.ln_1p(), upper.ln_1p()),
    }
}

struct Frame<'a> {
    label: &'a str,
    text: &'a str,
    benchmark: &'a Benchmark,
}

impl Frame<'_> {
    fn problem(&self, key: &str, start: usize, finding: Finding) -> Problem {
        Problem::key(self.label, key, toml_file::line_of(self.text, start), finding)
    }

    fn word<T: Copy>(
        &self,
        key: &str,
        typed: &Option<Spanned<String>>,
        words: &[(&str, T)],
        default: T,
    ) -> Result<T, Problem> {
        let Some(typed) = typed else { return Ok(default) };
        words.iter().find(|(word, _)| word == typed.as_ref()).map(|(_, meant)| *meant).ok_or_else(|| {
            let found = typed.as_ref().clone();
            let suggestion = suggestion(&found, words.iter().map(|(word, _)| *word));
            self.problem(key, typed.span().start, Finding::UnknownWord { found, suggestion })
        })
    }

    fn economies(
        &self,
        key: &str,
        typed: &Option<Spanned<Names>>,
        open: &str,
    ) -> Result<Option<Vec<usize>>, Problem> {
        let Some(typed) = typed else { return Ok(None) };
        let names = &typed.as_ref().0;
        if names.len() == 1 && names[0] == open {
            return Ok(None);
        }
        if names.len() == 1 && names[0] == "all" {
            return Ok(Some((0..self.benchmark.economies.len()).collect()));
        }
        let position = |name: &String| {
            self.benchmark.economy(name).ok_or_else(|| {
                let known = self.benchmark.economies.iter().map(|economy| economy.code.as_str());
                let suggestion = suggestion(name, known);
                let finding = Finding::UnknownCode { what: "economy", found: name.clone(), suggestion };
                self.problem(key, typed.span().start, finding)
            })
        };
        names.iter().map(position).collect::<Result<_, _>>().map(Some)
    }

    fn sectors(&self, typed: &Option<Spanned<Names>>) -> Result<Vec<usize>, Problem> {
        let Some(typed) = typed else { return Ok(goods(self.benchmark)) };
        let mut found = Vec::new();
        for name in &typed.as_ref().0 {
            if name == "goods" {
                found.extend(goods(self.benchmark));
            } else if name == "all" {
                found.extend(0..self.benchmark.sectors.len());
            } else if let Some(sector) = self.benchmark.sector(name) {
                found.push(sector);
            } else if let Some((_, kind)) = KINDS.iter().find(|(word, _)| word == name) {
                let sectors = self.benchmark.sectors.iter().enumerate();
                found.extend(sectors.filter(|(_, s)| s.kind == *kind).map(|(position, _)| position));
            } else {
                let codes = self.benchmark.sectors.iter().map(|sector| sector.code.as_str());
                let suggestion = suggestion(name, codes.chain(KINDS.iter().map(|(word, _)| *word)));
                let finding =
                    Finding::UnknownCode { what: "sector or kind", found: name.clone(), suggestion };
                return Err(self.problem("sector", typed.span().start, finding));
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn group(&self, entry: &Spanned<TypedInstrument>) -> Result<InstrumentGroup, NoStrategy> {
        let (typed, start) = (entry.as_ref(), entry.span().start);
        let of = self.word("kind", &typed.kind, &POLICIES, Kind::Of(PolicyKind::Tariff))?;
        let kind = if let Kind::Of(kind) = of { kind } else { PolicyKind::Tariff };
        let purchases = kind == PolicyKind::Purchases;
        let usual = if purchases { Grouping::Partner } else { Grouping::SectorAndPartner };
        let by = self.word("by", &typed.by, &GROUPINGS, usual)?;
        let floor = match kind {
            PolicyKind::TradeCost => 0.0,
            PolicyKind::Purchases => -f64::MIN_POSITIVE,
            _ => -1.0,
        };
        let (low, high) = match of {
            Kind::Subsidy => (LOWEST_WEDGE, 0.0),
            Kind::Of(PolicyKind::Purchases) => (0.0, f64::INFINITY),
            Kind::Of(PolicyKind::TradeCost) => (0.9, 1.0),
            Kind::Of(_) => DEFAULT_RATES,
        };
        if (kind == PolicyKind::ListRate) != typed.list.is_some() {
            let reason =
                "`kind = \"list\"` and `list = \"…\"` (an instrument of the record) go together".to_owned();
            return Err(self.problem("instrument", start, Finding::Combination { reason }).into());
        }
        if kind == PolicyKind::ListRate && (typed.sector.is_some() || typed.by.is_some()) {
            let reason = "a list has its own goods and one rate: leave `sector` and `by` out".to_owned();
            return Err(self.problem("instrument", start, Finding::Combination { reason }).into());
        }
        let (lower, upper) = (typed.lower.unwrap_or(low), typed.upper.unwrap_or(high));
        let open = purchases && typed.upper.is_none();
        if !(lower > floor && lower <= upper && (open || upper.is_finite())) {
            let least = if purchases { "not below zero".to_owned() } else { format!("above {floor}") };
            let reason = format!("lower {lower}, upper {upper}: they must be finite, in order and {least}");
            return Err(self.problem("instrument", start, Finding::Combination { reason }).into());
        }
        Ok(InstrumentGroup {
            players: self.economies("player", &typed.player, "players")?,
            kind,
            partners: self.economies("partner", &typed.partner, "counterparts")?,
            sectors: self.sectors(&typed.sector)?,
            by,
            bounds: bounds_of(kind, (lower, upper)),
            list: typed.list.clone(),
        })
    }
}

/// Sector and partner that a variable is for; the largest number where it is for all.
type Key = (usize, usize);

impl InstrumentGroup {
    /// The variables of one player towards some partners; flows that do not exist are left out.
    pub fn variables(&self, benchmark: &Benchmark, player: usize, partners: &[usize]) -> Vec<PolicyVariable> {
        let d = benchmark.dimensions();
        let mut groups: Vec<(Key, Vec<(usize, f64)>)> = Vec::new();
        for sector in &self.sectors {
            for partner in partners.iter().filter(|partner| **partner != player) {
                // A tariff is the importer's; an export tax is the exporter's; trade costs are cut on what one imports.
                let cell = match self.kind {
                    PolicyKind::ExportTax => d.cell(*partner, player, *sector),
                    _ => d.cell(player, *partner, *sector),
                };
                if benchmark.border_value[cell] == 0.0 {
                    continue;
                }
                let key = match self.by {
                    Grouping::SectorAndPartner => (*sector, *partner),
                    Grouping::Sector => (*sector, usize::MAX),
                    Grouping::Partner => (usize::MAX, *partner),
                    Grouping::OneRate => (usize::MAX, usize::MAX),
                };
                match groups.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, cells)) => cells.push((cell, 0.0)),
                    None => groups.push((key, vec![(cell, 0.0)])),
                }
            }
        }
        let variable = |cells: Vec<(usize, f64)>| {
            let mut bounds = self.bounds;
            if self.kind == PolicyKind::Purchases {
                // Levels are told in money and set in multiples of today's purchases.
                let today: f64 = cells.iter().map(|(cell, _)| benchmark.border_value[*cell]).sum();
                bounds.0 /= today;
                bounds.1 = if bounds.1.is_finite() { bounds.1 / today } else { MOST_PURCHASES.max(bounds.0) };
            }
            PolicyVariable { player, kind: self.kind, cells, bounds }
        };
        groups.into_iter().map(|(_, cells)| variable(cells)).collect()
    }
}
