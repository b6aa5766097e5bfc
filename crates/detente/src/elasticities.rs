//! Published elasticities, one embedded file per source (`data/elasticities/`), and what is known about the first year.
//!
//! Every file says with respect to what it was estimated, whether the flows that respond include the duty, at which horizon, and where it
//! comes from. The trap: `θ` of the model is the elasticity of tariff-inclusive shares; tariff-exclusive flows fall by `θ+1`.

use detente_engine::benchmark::Benchmark;
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
    /// θ by sector code.
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
    /// A file does not read as it should.
    #[error("data/elasticities/{file}.toml: {source}")]
    Read {
        /// File name without ending.
        file: &'static str,
        /// What the reader found.
        source: toml::de::Error,
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

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../data/elasticities/", $name, ".toml")))),*]
    };
}

const SETS: [(&str, &str); 11] = embedded![
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
];

/// All sets, the default world's own first.
pub fn all() -> Result<Vec<ElasticitySet>, ElasticityError> {
    SETS.iter()
        .map(|(file, text)| toml::from_str(text).map_err(|source| ElasticityError::Read { file, source }))
        .collect()
}

/// The sets that bands draw from: published, one per paper.
pub fn for_bands() -> Result<Vec<ElasticitySet>, ElasticityError> {
    Ok(all()?.into_iter().filter(|set| set.in_bands).collect())
}

/// What is known about the first year.
pub fn short_run() -> Result<ShortRun, ElasticityError> {
    toml::from_str(include_str!("../../../data/elasticities/short_run.toml"))
        .map_err(|source| ElasticityError::Read { file: "short_run", source })
}

impl ElasticitySet {
    /// θ in the order of the benchmark's sectors.
    pub fn on(&self, benchmark: &Benchmark) -> Result<Vec<f64>, ElasticityError> {
        let values: Vec<Option<f64>> =
            benchmark.sectors.iter().map(|sector| self.trade_elasticity.get(&sector.code).copied()).collect();
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

    #[test]
    fn every_file_says_what_it_is() {
        let sets = all().unwrap();
        for (set, (file, _)) in sets.iter().zip(SETS) {
            assert_eq!(set.name, file);
            assert!(set.source.len() > 20 && !set.licence.is_empty() && !set.note.is_empty(), "{file}");
            assert_eq!(set.trade_elasticity.len(), 28, "{file}");
            assert!(set.trade_elasticity.values().all(|theta| *theta > 0.0), "{file}");
            assert!(set.filled.iter().all(|sector| set.trade_elasticity.contains_key(sector)), "{file}");
        }
        // One paper counts once.
        assert_eq!(for_bands().unwrap().len(), 8);
        // Tariff-exclusive estimates enter the model one lower: -2 is θ = 1.
        let long = sets.iter().find(|set| set.name.starts_with("boehm")).unwrap();
        assert_eq!((long.flows, long.trade_elasticity["ELE"]), (Flows::TariffExclusive, 1.0));
    }

    #[test]
    fn the_first_year_is_sourced() {
        let short_run = short_run().unwrap();
        let assumptions: toml::Table =
            toml::from_str(include_str!("../../../data/assumptions.toml")).unwrap();
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
