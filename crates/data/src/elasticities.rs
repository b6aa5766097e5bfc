//! Published elasticities, one embedded file per source (`data/elasticities/`), and what is known about the first year.
//!
//! Every file says with respect to what it was estimated, whether the flows that respond include the duty, at which horizon, and where it
//! comes from. The trap: `θ` of the model is the elasticity of tariff-inclusive shares; tariff-exclusive flows fall by `θ+1`.

use detente_engine::benchmark::Benchmark;
use detente_engine::horizon::Horizon;
use detente_engine::horizon::truce::TruceParameters;
use detente_engine::uncertainty::draw::Random;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What an estimate varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithRespectTo {
    /// A tariff.
    Tariff,
    /// A cost of any kind.
    Cost,
}

/// Whether the flows that respond include the duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flows {
    /// Expenditure at the importer's prices: exponent −θ.
    TariffInclusive,
    /// Border values: exponent −(θ+1).
    TariffExclusive,
}

/// One source's trade elasticities on the default world's sectors.
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
    /// `long`, `years` or `truce`.
    pub horizon: String,
    /// Whether bands draw from it; the reason where not is in `note`.
    pub in_bands: bool,
    /// What a reader should know.
    pub note: String,
    /// Sectors that this source does not estimate.
    pub filled: Vec<String>,
    /// θ of every sector that `trade_elasticity` does not name: sources with one value for all goods fit any benchmark.
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
    /// `truce`.
    pub horizon: String,
    /// Whether the flows include the duty: they do not.
    pub flows: Flows,
    /// What the estimates vary.
    pub with_respect_to: WithRespectTo,
    /// Terms.
    pub licence: String,
    /// What the estimate would be in the long-run model.
    pub model_equivalent: String,
    /// ε.
    pub short_run_elasticity: Estimate,
    /// ρ.
    pub pass_through: Estimate,
    /// r.
    pub resourced_share: Estimate,
    /// h.
    pub home_share: Estimate,
    /// What the back-test made of them.
    pub chosen: Chosen,
}

/// The headline's parameters: chosen by the back-test on one episode, scored on the other.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// Episode that they were chosen on.
    pub chosen_on: String,
    /// Episode that they are scored on.
    pub scored_on: String,
    /// ε.
    pub short_run_elasticity: f64,
    /// r.
    pub resourced_share: f64,
    /// How.
    pub rule: String,
    /// Half-width, in logs, that the two episodes ask to be added to parameter bands of imports by partner.
    pub forecast_error: f64,
}

impl ShortRun {
    /// What a headline uses: the values that the back-test chose, one elasticity for every sector.
    pub fn headline(&self, sectors: usize) -> TruceParameters {
        TruceParameters {
            short_run_elasticity: vec![self.chosen.short_run_elasticity; sectors],
            resourced_share: self.chosen.resourced_share,
            ..self.parameters(sectors)
        }
    }

    /// A draw: every parameter evenly within its range, one elasticity for every sector.
    pub fn draw(&self, sectors: usize, random: &mut Random) -> TruceParameters {
        let mut between = |estimate: &Estimate| random.between(estimate.low, estimate.high);
        TruceParameters {
            pass_through: between(&self.pass_through),
            short_run_elasticity: vec![between(&self.short_run_elasticity); sectors],
            resourced_share: between(&self.resourced_share),
            home_share: between(&self.home_share),
        }
    }

    /// The values as sourced, one elasticity for every sector.
    pub fn parameters(&self, sectors: usize) -> TruceParameters {
        TruceParameters {
            pass_through: self.pass_through.value,
            short_run_elasticity: vec![self.short_run_elasticity.value; sectors],
            resourced_share: self.resourced_share.value,
            home_share: self.home_share.value,
        }
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
    /// No set is at hand for a horizon.
    #[error("no file of data/elasticities has horizon = \"{horizon}\" and in_bands = true")]
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
const SETS: [&str; 13] = [
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

/// The sets that bands at a horizon draw from: published, one per paper. The horizon within a year has none: its estimates are no trade
/// elasticities of the equilibrium.
pub fn for_bands(horizon: Horizon) -> Result<Vec<ElasticitySet>, ElasticityError> {
    Ok(all()?.into_iter().filter(|set| set.in_bands && set.horizon == horizon.code()).collect())
}

/// The set that a headline at some years uses: the first of its horizon, as the back-test confirms.
pub fn for_some_years() -> Result<ElasticitySet, ElasticityError> {
    for_bands(Horizon::Years)?
        .into_iter()
        .next()
        .ok_or(ElasticityError::NoSet { horizon: Horizon::Years.code() })
}

/// The benchmark with the elasticities of some years; everything else as it was.
pub fn at_some_years(benchmark: &Benchmark) -> Result<Benchmark, ElasticityError> {
    let elasticities = for_some_years()?.on(benchmark)?;
    let mut medium = benchmark.clone();
    for (sector, elasticity) in medium.sectors.iter_mut().zip(elasticities) {
        sector.trade_elasticity = elasticity;
    }
    Ok(medium)
}

/// What is known about the first year.
pub fn short_run() -> Result<ShortRun, ElasticityError> {
    toml::from_str(text("short_run")?).map_err(|source| ElasticityError::Read { file: "short_run", source })
}

impl ElasticitySet {
    /// θ of one sector.
    pub fn of_sector(&self, code: &str) -> Option<f64> {
        self.trade_elasticity.get(code).copied().or(self.every_sector)
    }

    /// θ in the order of the benchmark's sectors.
    pub fn on(&self, benchmark: &Benchmark) -> Result<Vec<f64>, ElasticityError> {
        let values: Vec<Option<f64>> =
            benchmark.sectors.iter().map(|sector| self.of_sector(&sector.code)).collect();
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
            assert!(values == 28 || (values == 0 && set.every_sector.is_some()), "{file}");
            assert!(
                set.trade_elasticity.values().chain(&set.every_sector).all(|theta| *theta > 0.0),
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
            of("horizon", &["long", "years", "truce"]);
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
        assert!(for_bands(Horizon::Truce).unwrap().is_empty());
        let sets = all().unwrap();
        // -2 is θ = 1.
        let long = sets.iter().find(|set| set.name.starts_with("boehm")).unwrap();
        assert_eq!((long.flows, long.of_sector("ELE")), (Flows::TariffExclusive, Some(1.0)));
        let medium = sets.iter().find(|set| set.name.ends_with("_years")).unwrap();
        // Straight from 0.76 after one year to 2 after 8.5, read at the fourth: 1.256, θ = 0.256.
        let fourth = 0.76 + (2.0 - 0.76) * 3.0 / 7.5;
        assert!((medium.of_sector("ELE").unwrap() - (fourth - 1.0)).abs() < 0.005);
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
        for estimate in [
            &short_run.short_run_elasticity,
            &short_run.pass_through,
            &short_run.resourced_share,
            &short_run.home_share,
        ] {
            assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
            let assumed = estimate.assumption.as_deref().unwrap_or("none: value and range are sourced");
            assert!(ids.contains(&assumed), "{assumed} is not in assumptions.toml");
        }
        assert_eq!(short_run.parameters(2).short_run_elasticity, vec![0.76, 0.76]);
    }
}
