//! How inputs substitute for each other and for value added, by using sector: what the closure's `input_elasticity` and
//! `value_added_elasticity` read (equations: `docs/concepts/closures.md`).

use std::collections::BTreeMap;

use crate::error::EngineError;
use crate::model::benchmark::Benchmark;

/// An elasticity of substitution of every using sector; one, Cobb-Douglas, where nothing is said.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ByUsingSector {
    /// Of all sectors that are not named.
    pub all: Option<f64>,
    /// Of the sectors with these codes.
    pub sectors: BTreeMap<String, f64>,
}

impl ByUsingSector {
    /// The same elasticity in every using sector.
    ///
    /// ```
    /// use detente_engine::closure::ByUsingSector;
    ///
    /// assert_eq!(ByUsingSector::of_all(0.1).all, Some(0.1));
    /// assert!(ByUsingSector::default().is_cobb_douglas());
    /// ```
    pub fn of_all(elasticity: f64) -> Self {
        Self { all: Some(elasticity), sectors: BTreeMap::new() }
    }

    /// Whether every elasticity is one.
    pub fn is_cobb_douglas(&self) -> bool {
        self.all.is_none_or(|all| all == 1.0) && self.sectors.values().all(|elasticity| *elasticity == 1.0)
    }

    /// Elasticities in the order of the benchmark's sectors.
    pub(super) fn in_order(
        &self,
        benchmark: &Benchmark,
        what: &'static str,
    ) -> Result<Vec<f64>, EngineError> {
        for code in self.sectors.keys() {
            if !benchmark.sectors.iter().any(|sector| sector.code == *code) {
                return Err(EngineError::Refused {
                    setting: what,
                    reason: format!("{code} is no sector of the benchmark"),
                });
            }
        }
        let own = |code: &String| self.sectors.get(code).copied().or(self.all).unwrap_or(1.0);
        let found: Vec<f64> = benchmark.sectors.iter().map(|sector| own(&sector.code)).collect();
        match found.iter().position(|elasticity| !(*elasticity >= 0.0 && elasticity.is_finite())) {
            None => Ok(found),
            Some(sector) => Err(EngineError::Domain {
                what,
                place: format!(" [{}]", benchmark.sectors[sector].code),
                found: found[sector],
                rule: "it is zero (fixed proportions) or above",
            }),
        }
    }
}
