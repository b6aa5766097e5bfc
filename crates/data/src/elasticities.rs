//! Published elasticities, one embedded file per source (`data/elasticities/`), and what is known about the first year.
//!
//! Every file says with respect to what it was estimated, whether the flows that respond include the duty, at which horizon, and where it
//! comes from. The trap: `θ` of the model is the elasticity of tariff-inclusive shares; tariff-exclusive flows fall by `θ+1`.

use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::first_year::{FirstYearParameters, Horizon};
use detente_engine::uncertainty::draw::Random;
use detente_tables::nearest::suggestion;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an estimate varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithRespectTo {
    /// A tariff.
    Tariff,
    /// A cost of any kind.
    Cost,
}

/// Whether the flows that respond include the duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flows {
    /// Expenditure at the importer's prices: exponent −θ.
    TariffInclusive,
    /// Border values: exponent −(θ+1).
    TariffExclusive,
}

/// One source's trade elasticities on the default world's sectors.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ElasticitySet {
    /// File name without its ending.
    pub name: String,
    /// Paper.
    pub source: String,
    /// Terms.
    pub licence: String,
    /// What the estimate varies.
    pub with_respect_to: WithRespectTo,
    /// Whether the flows include the duty.
    pub flows: Flows,
    /// `long`, `years` or `first-year`.
    pub horizon: String,
    /// Whether bands draw from it; the reason where not is in `note`.
    pub in_bands: bool,
    /// What a reader should know.
    pub note: String,
    /// Sectors that this source does not estimate.
    pub filled: Vec<String>,
    /// How far ahead it looks, in a reader's words; none where the source does not say.
    #[serde(default)]
    pub label: Option<String>,
    /// Years that the estimate spans. Only a set that has them is a default: an elasticity without a window has no horizon.
    #[serde(default)]
    pub window: Option<String>,
    /// Observations.
    #[serde(default)]
    pub n: Option<u32>,
    /// Standard error of the estimate.
    #[serde(default)]
    pub standard_error: Option<f64>,
    /// 5th and 95th percentile of the θ of goods, of which bands draw the common part.
    #[serde(default)]
    pub range: Option<[f64; 2]>,
    /// θ of goods that `trade_elasticity` does not name.
    #[serde(default)]
    pub goods: Option<f64>,
    /// θ of services that `trade_elasticity` does not name.
    #[serde(default)]
    pub services: Option<f64>,
    /// θ of every sector that none of the above names: sources with one value for all goods fit any benchmark.
    #[serde(default)]
    pub every_sector: Option<f64>,
    /// θ by sector code.
    #[serde(default)]
    pub trade_elasticity: BTreeMap<String, f64>,
}

/// A number with its range and where it comes from.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Central value.
    pub value: f64,
    /// Low end for bands.
    pub low: f64,
    /// High end for bands.
    pub high: f64,
    /// Source of the value.
    pub source: String,
    /// Id in `data/assumptions.toml` of what no source decides.
    #[serde(default)]
    pub assumption: Option<String>,
}

/// What is known about the first year after a tariff.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortRun {
    /// `short_run`.
    pub name: String,
    /// `first-year`.
    pub horizon: String,
    /// Whether the flows include the duty: they do not.
    pub flows: Flows,
    /// What the estimates vary.
    pub with_respect_to: WithRespectTo,
    /// Terms.
    pub licence: String,
    /// What the estimates would be in the long-run model.
    pub model_equivalent: String,
    /// σ, between the origins of a product.
    pub between_origins: Estimate,
    /// η, between the imported products of a sector.
    pub between_products: Estimate,
    /// κ, between home and imported goods of a sector.
    pub with_home: Estimate,
    /// ρ; `low` is a variant.
    pub pass_through: Estimate,
    /// A reduced form at this horizon, for comparison.
    pub reduced_form: Estimate,
}

impl ShortRun {
    /// The published nest: home goods left out, complete pass-through.
    pub fn published(&self) -> FirstYearParameters {
        FirstYearParameters {
            pass_through: self.pass_through.value,
            between_origins: self.between_origins.value,
            between_products: self.between_products.value,
            with_home: None,
        }
    }

    /// The published nest with home goods in it.
    pub fn with_home(&self) -> FirstYearParameters {
        FirstYearParameters { with_home: Some(self.with_home.value), ..self.published() }
    }

    /// A draw around `point` (assumption `first-year-elasticity-range`): each elasticity log-normal, its median the point's.
    pub fn draw(&self, point: &FirstYearParameters, random: &mut Random) -> FirstYearParameters {
        let mut around =
            |value: f64, estimate: &Estimate| value * (estimate.spread() * random.normal()).exp();
        FirstYearParameters {
            between_origins: around(point.between_origins, &self.between_origins),
            between_products: around(point.between_products, &self.between_products),
            with_home: point.with_home.map(|value| around(value, &self.with_home)),
            ..*point
        }
    }
}

impl Estimate {
    /// Standard deviation of the logarithm where low and high are the 5th and 95th percentile.
    fn spread(&self) -> f64 {
        const PERCENTILE_95: f64 = 1.644_853_626_951_472_2;
        (self.high / self.low).ln() / (2.0 * PERCENTILE_95)
    }
}

/// What can be wrong with elasticities.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ElasticityError {
    /// A file that should be carried is not.
    #[error(transparent)]
    Missing(#[from] detente_facts::Missing),
    /// A file does not read as it should.
    #[error("data/elasticities/{file}.toml: {source}")]
    Read {
        /// File name without ending.
        file: &'static str,
        /// What the reader found.
        source: toml::de::Error,
    },
    /// A file of one's own does not read as it should.
    #[error("{file}: {source}")]
    ReadFile {
        /// As it was typed.
        file: String,
        /// What the reader found.
        source: Box<toml::de::Error>,
    },
    /// A set says where it was estimated in part only.
    #[error(
        "elasticities `{set}`: `window`, `n`, `standard_error` and `range` go together, and `range` is [low, high] above zero; give all \
         four or none"
    )]
    HalfAWindow {
        /// Name of the set.
        set: String,
    },
    /// No set has the name.
    #[error("no elasticities are named `{name}`; {suggestion}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest names.
        suggestion: String,
    },
    /// No set is at hand for a horizon.
    #[error("no file of data/elasticities has horizon = \"{horizon}\" and a window")]
    NoSet {
        /// The horizon.
        horizon: &'static str,
    },
    /// A set does not know sectors of the benchmark.
    #[error("elasticities `{set}` have no value for {missing} of benchmark `{benchmark}`")]
    Sectors {
        /// Name of the set.
        set: String,
        /// Sector codes, comma-separated.
        missing: String,
        /// Name of the benchmark.
        benchmark: String,
    },
}

/// Files of `data/elasticities`, the default world's own first.
const SETS: [&str; 15] = [
    "fontagne_guimbard_orefice_2022",
    "fontagne_guimbard_orefice_2022_tiva",
    "bagwell_staiger_yurukoglu_2021",
    "boehm_levchenko_pandalai_nayar_2023",
    "caliendo_parro_2015",
    "giri_yi_yilmazkuday_2021",
    "lashkaripour_lugovskyy_2023",
    "shapiro_2016",
    "simonovska_waugh_2014",
    "ahmad_schreiber_2024_services",
    "in_sample",
    "fajgelbaum_goldberg_kennedy_khandelwal_2020",
    "boehm_levchenko_pandalai_nayar_2023_years",
    "record_2021",
    "record_2024",
];

fn text(file: &str) -> Result<&'static str, ElasticityError> {
    Ok(detente_facts::needed(&format!("elasticities/{file}.toml"))?)
}

/// All sets, the default world's own first.
pub fn all() -> Result<Vec<ElasticitySet>, ElasticityError> {
    SETS.iter()
        .map(|file| toml::from_str(text(file)?).map_err(|source| ElasticityError::Read { file, source }))
        .collect()
}

/// The set of a name: dashes and underscores alike.
///
/// # Errors
/// A name that no file has, with the nearest.
pub fn named(name: &str) -> Result<ElasticitySet, ElasticityError> {
    let sought = name.replace('-', "_");
    all()?.into_iter().find(|set| set.name == sought).ok_or_else(|| ElasticityError::Unknown {
        name: name.to_owned(),
        suggestion: suggestion(&sought, SETS),
    })
}

/// A set from a file of one's own, in the form of those of `data/elasticities`.
///
/// # Errors
/// What does not read, and a window that is given in part only.
pub fn parse(file: &str, text: &str) -> Result<ElasticitySet, ElasticityError> {
    let set: ElasticitySet = toml::from_str(text)
        .map_err(|source| ElasticityError::ReadFile { file: file.to_owned(), source: Box::new(source) })?;
    set.check()?;
    Ok(set)
}

/// The set whose values a benchmark has, among those with a window; none where its elasticities are others.
pub fn of_benchmark(benchmark: &Benchmark) -> Option<ElasticitySet> {
    let own = |values: &Vec<f64>| {
        let sectors = benchmark.sectors.iter().zip(values);
        sectors.into_iter().all(|(sector, value)| sector.trade_elasticity == *value)
    };
    all().ok()?.into_iter().find(|set| set.has_window() && set.on(benchmark).as_ref().is_ok_and(own))
}

/// The sets that bands at a horizon draw from: published, one per paper. The horizon within a year has none: its estimates are no trade
/// elasticities of the equilibrium.
pub fn for_bands(horizon: Horizon) -> Result<Vec<ElasticitySet>, ElasticityError> {
    Ok(all()?.into_iter().filter(|set| set.in_bands && set.horizon == horizon.code()).collect())
}

/// The set that a headline at some years uses: that of its horizon with a window.
pub fn for_some_years() -> Result<ElasticitySet, ElasticityError> {
    let of_years = |set: &ElasticitySet| set.has_window() && set.horizon == Horizon::Years.code();
    all()?.into_iter().find(of_years).ok_or(ElasticityError::NoSet { horizon: Horizon::Years.code() })
}

/// What is known about the first year.
pub fn short_run() -> Result<ShortRun, ElasticityError> {
    toml::from_str(text("short_run")?).map_err(|source| ElasticityError::Read { file: "short_run", source })
}

impl ElasticitySet {
    /// θ of one sector.
    pub fn of_sector(&self, code: &str, kind: SectorKind) -> Option<f64> {
        let by_kind = if kind == SectorKind::Services { self.services } else { self.goods };
        self.trade_elasticity.get(code).copied().or(by_kind).or(self.every_sector)
    }

    /// Whether it says where it was estimated: years, observations, standard error and range. Only such a set is a default.
    pub fn has_window(&self) -> bool {
        self.window.is_some()
    }

    /// Standard deviation of the logarithm of the level of goods' θ, where the set has a range: that of a log-normal with these 5 and 95.
    pub fn spread(&self) -> Option<f64> {
        /// The standard normal's 95th percentile.
        const NINETY_FIVE: f64 = 1.644_853_626_951_472_2;
        self.range.map(|[low, high]| (high / low).ln() / (2.0 * NINETY_FIVE))
    }

    fn check(&self) -> Result<(), ElasticityError> {
        let given =
            [self.window.is_some(), self.n.is_some(), self.standard_error.is_some(), self.range.is_some()];
        let whole = given.iter().all(|held| *held) || given.iter().all(|held| !*held);
        let rises = self.range.is_none_or(|[low, high]| 0.0 < low && low < high && high.is_finite());
        if whole && rises { Ok(()) } else { Err(ElasticityError::HalfAWindow { set: self.name.clone() }) }
    }

    /// A benchmark with these elasticities; everything else as it was.
    ///
    /// # Errors
    /// Sectors that the set does not know.
    pub fn laid_on(&self, benchmark: &Benchmark) -> Result<Benchmark, ElasticityError> {
        let elasticities = self.on(benchmark)?;
        let mut other = benchmark.clone();
        for (sector, elasticity) in other.sectors.iter_mut().zip(elasticities) {
            sector.trade_elasticity = elasticity;
        }
        Ok(other)
    }

    /// θ in the order of the benchmark's sectors.
    pub fn on(&self, benchmark: &Benchmark) -> Result<Vec<f64>, ElasticityError> {
        let values: Vec<Option<f64>> =
            benchmark.sectors.iter().map(|sector| self.of_sector(&sector.code, sector.kind)).collect();
        let missing: Vec<&str> = benchmark
            .sectors
            .iter()
            .zip(&values)
            .filter(|(_, value)| value.is_none())
            .map(|(sector, _)| sector.code.as_str())
            .collect();
        if missing.is_empty() {
            return Ok(values.into_iter().flatten().collect());
        }
        Err(ElasticityError::Sectors {
            set: self.name.clone(),
            missing: missing.join(", "),
            benchmark: benchmark.name.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With respect to tariff or cost, tariff-exclusive or inclusive, horizon, source: the reader refuses a file without one of them
    /// or with another word, here for every file of the folder and not only for those that are embedded.
    #[test]
    fn every_file_says_what_it_is() {
        let sets = all().unwrap();
        for (set, file) in sets.iter().zip(SETS) {
            assert_eq!(set.name, file);
            assert!(set.source.len() > 20 && !set.licence.is_empty() && !set.note.is_empty(), "{file}");
            let values = set.trade_elasticity.len();
            let plain = set.every_sector.is_some() || (set.goods.is_some() && set.services.is_some());
            assert!(values == 28 || (values == 0 && plain), "{file}");
            assert!(set.check().is_ok(), "{file}");
            assert!(
                set.trade_elasticity
                    .values()
                    .chain(&set.every_sector)
                    .chain(&set.goods)
                    .chain(&set.services)
                    .all(|theta| *theta > 0.0),
                "{file}"
            );
            assert!(set.filled.iter().all(|sector| set.trade_elasticity.contains_key(sector)), "{file}");
            assert!(
                [Horizon::Long, Horizon::Years].iter().any(|horizon| horizon.code() == set.horizon),
                "{file}"
            );
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/elasticities");
        let mut read = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let table: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
            let word =
                |key: &str| table.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            let of = |key: &str, words: &[&str]| {
                assert!(words.contains(&word(key).as_str()), "{}: {key} = `{}`", path.display(), word(key));
            };
            of("with_respect_to", &["tariff", "cost"]);
            of("flows", &["tariff-exclusive", "tariff-inclusive"]);
            of("horizon", &["long", "years", "first-year"]);
            let sourced = |table: &toml::Table| {
                table.get("source").is_some_and(|s| s.as_str().is_some_and(|s| s.len() > 20))
            };
            let estimates: Vec<&toml::Table> = table
                .values()
                .filter_map(|value| value.as_table())
                .filter(|part| part.contains_key("value"))
                .collect();
            let each_is_sourced = !estimates.is_empty() && estimates.iter().all(|part| sourced(part));
            assert!(sourced(&table) || each_is_sourced, "{}", path.display());
            read += 1;
        }
        assert_eq!(read, SETS.len() + 1, "every file is embedded, and the first year's beside them");
    }

    #[test]
    fn one_paper_counts_once_and_tariff_exclusive_estimates_enter_one_lower() {
        assert_eq!(for_bands(Horizon::Long).unwrap().len(), 8);
        assert_eq!(for_bands(Horizon::Years).unwrap().len(), 2);
        assert!(for_bands(Horizon::FirstYear).unwrap().is_empty());
        let sets = all().unwrap();
        // -2 is θ = 1.
        let long = sets.iter().find(|set| set.name.starts_with("boehm")).unwrap();
        assert_eq!(
            (long.flows, long.of_sector("ELE", SectorKind::Manufacturing)),
            (Flows::TariffExclusive, Some(1.0))
        );
        let medium = sets.iter().find(|set| set.name.ends_with("_years")).unwrap();
        // Straight from 0.76 after one year to 2 after 8.5, read at the fourth: 1.256, θ = 0.256.
        let fourth = 0.76 + (2.0 - 0.76) * 3.0 / 7.5;
        assert!((medium.of_sector("ELE", SectorKind::Manufacturing).unwrap() - (fourth - 1.0)).abs() < 0.005);
    }

    #[test]
    fn a_set_of_a_window_has_goods_and_services_and_a_range_about_its_point() {
        for (name, goods) in [("record-2021", 2.2), ("record-2024", 2.5)] {
            let set = named(name).unwrap();
            assert!(set.has_window() && set.n.unwrap() > 3000 && set.standard_error.unwrap() > 0.3);
            assert_eq!(set.of_sector("ANY", SectorKind::Mining), Some(goods));
            assert_eq!(set.of_sector("ANY", SectorKind::Services), Some(4.0));
            let [low, high] = set.range.unwrap();
            // A log-normal's median is the root of its 5 and 95.
            assert!(((low * high).sqrt() - goods).abs() < 0.02, "{name}");
            let spread = set.spread().unwrap();
            assert!((goods * (1.644_853_6 * spread).exp() - high).abs() < 0.03, "{name}");
        }
        let error = named("record_2042").unwrap_err().to_string();
        assert!(error.contains("record_2024"), "{error}");
    }

    #[test]
    fn a_window_is_given_whole() {
        let text = text("record_2024").unwrap();
        assert!(parse("mine.toml", text).is_ok());
        for key in ["n = ", "standard_error = ", "range = ", "window = "] {
            let cut: String =
                text.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();
            assert!(matches!(parse("mine.toml", &cut), Err(ElasticityError::HalfAWindow { .. })), "{key}");
        }
        let turned = text.replace("[1.6, 3.9]", "[3.9, 1.6]");
        assert!(matches!(parse("mine.toml", &turned), Err(ElasticityError::HalfAWindow { .. })));
    }

    #[test]
    fn the_first_year_is_sourced() {
        let short_run = short_run().unwrap();
        let assumptions: toml::Table =
            toml::from_str(detente_facts::text("assumptions.toml").unwrap()).unwrap();
        let ids: Vec<&str> = assumptions["assumption"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|entry| entry["id"].as_str())
            .collect();
        let drawn = [&short_run.between_origins, &short_run.between_products, &short_run.with_home];
        for estimate in drawn.into_iter().chain([&short_run.pass_through]) {
            assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
            let assumed = estimate.assumption.as_deref().unwrap_or("none: value and range are sourced");
            assert!(ids.contains(&assumed), "{assumed} is not in assumptions.toml");
        }
        assert_eq!(short_run.published(), FirstYearParameters::two_nests(2.53, 1.53));
        assert_eq!(short_run.with_home().with_home, Some(1.19));
    }

    /// Half of the draws lie on either side of the point; pass-through and the nests stay as they are.
    #[test]
    fn draws_of_the_first_year_have_their_median_at_the_point() {
        let short_run = short_run().unwrap();
        let point = short_run.published();
        let mut random = Random::new(3);
        let draws: Vec<FirstYearParameters> =
            (0..4000).map(|_| short_run.draw(&point, &mut random)).collect();
        let share = |holds: &dyn Fn(&FirstYearParameters) -> bool| {
            draws.iter().filter(|draw| holds(draw)).count() as f64 / draws.len() as f64
        };
        assert!((share(&|draw| draw.between_origins < 2.53) - 0.5).abs() < 0.03);
        assert!((share(&|draw| draw.between_products < 1.53) - 0.5).abs() < 0.03);
        assert!((share(&|draw| draw.between_origins < 1.7) - 0.05).abs() < 0.015);
        assert!((share(&|draw| draw.between_origins > 3.8) - 0.05).abs() < 0.015);
        assert!(draws.iter().all(|draw| draw.with_home.is_none() && draw.pass_through == 1.0));
    }
}
