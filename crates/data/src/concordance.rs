//! A set of elasticities on any world: sector by sector from the set itself, through a concordance, or by a stated rule; each way is counted.

use std::collections::BTreeMap;

use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::nearest::suggestion;
use detente_tables::table::Table;
use serde::Serialize;

use crate::benchmark_directory::codes::Codes;
use crate::elasticities::ElasticitySet;

/// What a sector has that neither the set nor a concordance knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// Nothing: refused, with all of them named.
    Refused,
    /// The median of the set's sectors of its side, goods or services, with as many on either side of it.
    Median,
    /// What the benchmark has.
    Kept,
}

impl Otherwise {
    /// The words of the command line.
    pub const WORDS: [(&'static str, Otherwise); 3] =
        [("refused", Otherwise::Refused), ("median", Otherwise::Median), ("kept", Otherwise::Kept)];
}

/// How a sector came by its elasticity.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The set knows the sector by its code.
    OwnCode,
    /// Of these sectors of the set, by weight.
    Concordance(Vec<(String, f64)>),
    /// The set has one value for all goods, for all services, or for every sector.
    OneValue,
    /// The median of this many sectors of the set.
    Median(usize),
    /// The benchmark's own was kept.
    Kept,
}

/// One sector's elasticity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Laid {
    /// Its code.
    pub sector: String,
    /// What the benchmark had.
    pub before: f64,
    /// What it has now.
    pub trade_elasticity: f64,
    /// Where from.
    pub way: Way,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Name of the set.
    pub set: String,
    /// Its paper.
    pub source: String,
    /// Sectors by each way.
    pub counts: BTreeMap<&'static str, usize>,
    /// All sectors.
    pub sectors: Vec<Laid>,
}

impl Report {
    /// In a sentence.
    pub fn words(&self) -> String {
        let ways: Vec<String> = self.counts.iter().map(|(way, count)| format!("{count} {way}")).collect();
        format!("elasticities of {}: {} sectors, {}", self.set, self.sectors.len(), ways.join(", "))
    }
}

impl Way {
    fn words(&self) -> &'static str {
        match self {
            Way::OwnCode => "by their own code",
            Way::Concordance(_) => "through the concordance",
            Way::OneValue => "by the set's one value",
            Way::Median(_) => "by the median of their side",
            Way::Kept => "as they were",
        }
    }
}

/// Lays a set on a benchmark. `concordance`: a table `sector,source` and optionally `weight`, where `source` is a sector of the set; a sector that
/// stands in several rows takes their mean.
///
/// # Errors
/// Unknown sectors on either side, weights that are not above zero, sectors that nothing covers.
pub fn lay(
    set: &ElasticitySet,
    benchmark: &Benchmark,
    concordance: Option<&Table>,
    otherwise: Otherwise,
) -> Result<(Benchmark, Report), Problems> {
    let mapped = concordance.map_or(Ok(BTreeMap::new()), |table| read(set, benchmark, table))?;
    let mut made = benchmark.clone();
    let (mut sectors, mut missing) = (Vec::new(), Vec::new());
    for (at, sector) in made.sectors.iter_mut().enumerate() {
        let median = || median(set, benchmark, sector.kind == SectorKind::Services);
        let found = if let Some(rows) = mapped.get(&at) {
            let weight: f64 = rows.iter().map(|(.., weight)| weight).sum();
            let value = rows.iter().map(|(_, value, weight)| value * weight).sum::<f64>() / weight;
            let parts = rows.iter().map(|(code, _, part)| (code.clone(), part / weight)).collect();
            Some((value, Way::Concordance(parts)))
        } else if let Some(value) = set.trade_elasticity.get(&sector.code) {
            Some((*value, Way::OwnCode))
        } else if let Some(value) = set.of_sector(&sector.code, sector.kind) {
            Some((value, Way::OneValue))
        } else {
            match otherwise {
                Otherwise::Refused => None,
                Otherwise::Median => median().map(|(value, count)| (value, Way::Median(count))),
                Otherwise::Kept => Some((sector.trade_elasticity, Way::Kept)),
            }
        };
        let Some((value, way)) = found else {
            missing.push(sector.code.clone());
            continue;
        };
        let before = std::mem::replace(&mut sector.trade_elasticity, value);
        sectors.push(Laid { sector: sector.code.clone(), before, trade_elasticity: value, way });
    }
    if !missing.is_empty() {
        let finding = Finding::Inconsistent {
            what: format!("elasticities `{}`", set.name),
            found: format!(
                "no value for {} of {} sectors: {}",
                missing.len(),
                made.sectors.len(),
                missing.join(", ")
            ),
            rule: "a concordance (sector,source) that names them, or a rule for them: `median` or `kept`"
                .into(),
        };
        return Err(Problem::whole(benchmark.name.clone(), finding).into());
    }
    let mut counts = BTreeMap::new();
    sectors.iter().for_each(|laid| *counts.entry(laid.way.words()).or_default() += 1);
    Ok((made, Report { set: set.name.clone(), source: set.source.clone(), counts, sectors }))
}

type Rows = BTreeMap<usize, Vec<(String, f64, f64)>>;

/// Of each sector the set's sectors that stand for it, their values and weights.
fn read(set: &ElasticitySet, benchmark: &Benchmark, table: &Table) -> Result<Rows, Problems> {
    let ([sector, source], [weight]) = table.expect(["sector", "source"], ["weight"])?;
    let codes = Codes::of_sectors(&benchmark.sectors);
    let (mut found, mut problems) = (Rows::new(), Vec::new());
    for row in table.rows() {
        let read = || -> Result<(usize, (String, f64, f64)), Problem> {
            let at = codes.at(&row, sector)?;
            let named = row.text(source).into_owned();
            let value = set.trade_elasticity.get(&named).copied().ok_or_else(|| {
                let suggestion = suggestion(&named, set.trade_elasticity.keys().map(String::as_str));
                row.problem(Finding::UnknownCode {
                    what: "sector of the set",
                    found: named.clone(),
                    suggestion,
                })
            })?;
            let part = weight.map_or(Ok(1.0), |column| row.number(column))?;
            if part > 0.0 && part.is_finite() {
                return Ok((at, (named, value, part)));
            }
            Err(row.problem(Finding::Domain {
                what: "weight".into(),
                cell: String::new(),
                found: part,
                rule: "a weight above zero".into(),
            }))
        };
        match read() {
            Ok((at, part)) => found.entry(at).or_default().push(part),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(Problems(problems)) }
}

/// The median of the set's goods or services, and of how many. Which of the set's sectors are services is read off the benchmark where it has
/// them, else off the default world, on whose sectors the sets are written.
fn median(set: &ElasticitySet, benchmark: &Benchmark, services: bool) -> Option<(f64, usize)> {
    let world = crate::default_world::open().ok()?;
    let kind = |code: &str| {
        let of = |sectors: &[detente_engine::benchmark::Sector]| {
            sectors.iter().find(|sector| sector.code == code).map(|sector| sector.kind)
        };
        of(&world.benchmark.sectors).or_else(|| of(&benchmark.sectors))
    };
    let side = |code: &&String| kind(code).is_some_and(|kind| (kind == SectorKind::Services) == services);
    let mut values: Vec<f64> =
        set.trade_elasticity.iter().filter(|(code, _)| side(code)).map(|(_, value)| *value).collect();
    values.sort_by(f64::total_cmp);
    let count = values.len();
    let middle = 0.5 * (values.get(count.checked_sub(1)? / 2)? + values.get(count / 2)?);
    Some((middle, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{default_world, elasticities};

    fn table(text: &str) -> Table {
        Table::parse("concordance.csv".into(), text.as_bytes()).unwrap()
    }

    /// A world whose sectors no set knows.
    fn renamed() -> Benchmark {
        let mut benchmark = default_world::open().unwrap().benchmark;
        benchmark.sectors.iter_mut().for_each(|sector| sector.code = format!("X_{}", sector.code));
        benchmark
    }

    #[test]
    fn every_way_is_counted_and_what_nothing_covers_is_refused() {
        let set = elasticities::named("caliendo_parro_2015").unwrap();
        let own = default_world::open().unwrap().benchmark;
        let (laid, report) = lay(&set, &own, None, Otherwise::Refused).unwrap();
        assert_eq!(report.counts, BTreeMap::from([("by their own code", 28)]));
        assert_eq!(laid.sectors[0].trade_elasticity, set.trade_elasticity[&laid.sectors[0].code]);

        let world = renamed();
        let refused = lay(&set, &world, None, Otherwise::Refused).unwrap_err().to_string();
        assert!(refused.contains("28 of 28") && refused.contains("X_AGR"), "{refused}");
        let rows = table("sector,source,weight\nX_AGR,AGR,1\nX_ENE,AGR,1\nX_ENE,MIN,3\n");
        let (laid, report) = lay(&set, &world, Some(&rows), Otherwise::Median).unwrap();
        let of =
            |code: &str| laid.sectors.iter().find(|sector| sector.code == code).unwrap().trade_elasticity;
        let (agriculture, mining) = (set.trade_elasticity["AGR"], set.trade_elasticity["MIN"]);
        assert_eq!(of("X_AGR"), agriculture);
        assert!((of("X_ENE") - (0.25 * agriculture + 0.75 * mining)).abs() < 1e-12);
        assert_eq!(
            report.counts,
            BTreeMap::from([("by the median of their side", 26), ("through the concordance", 2)])
        );
        // As many of the set's goods lie above the median as below.
        let world = default_world::open().unwrap().benchmark;
        let goods = world.sectors.iter().filter(|sector| sector.kind != SectorKind::Services);
        let values: Vec<f64> = goods.map(|sector| set.trade_elasticity[&sector.code]).collect();
        let middle = of("X_MCH");
        assert_eq!(
            values.iter().filter(|value| **value < middle).count(),
            values.iter().filter(|value| **value > middle).count()
        );
    }

    #[test]
    fn a_set_of_one_value_fits_any_world_and_wrong_rows_are_told() {
        let world = renamed();
        let set = elasticities::named("record_2024").unwrap();
        let (laid, report) = lay(&set, &world, None, Otherwise::Refused).unwrap();
        assert_eq!(report.counts, BTreeMap::from([("by the set's one value", 28)]));
        assert_eq!(elasticities::of_benchmark(&laid).map(|set| set.name), Some("record_2024".into()));
        let set = elasticities::named("caliendo_parro_2015").unwrap();
        for (text, said) in [
            ("sector,source\nX_AGRI,AGR\n", "did you mean `X_AGR`"),
            ("sector,source\nX_AGR,AGRI\n", "did you mean `AGR`"),
            ("sector,source,weight\nX_AGR,AGR,0\n", "above zero"),
        ] {
            let refused = lay(&set, &world, Some(&table(text)), Otherwise::Kept).unwrap_err().to_string();
            assert!(refused.contains(said) && refused.contains("concordance.csv:2"), "{refused}");
        }
        let (_, report) = lay(&set, &world, None, Otherwise::Kept).unwrap();
        assert_eq!(report.counts, BTreeMap::from([("as they were", 28)]));
    }
}
