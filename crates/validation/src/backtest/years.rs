//! The horizon of some years in the back-test: medium elasticities with factors that stay in their sectors.
//!
//! Which published set and which factor market stand for it is chosen on the first episode and scored on the other, as the first year's
//! parameters are: a choice leaves its source only where the error falls by more than [`super::GAIN_TO_MOVE`].

use super::episode::{Basis, Scene};
use super::forecast;
use super::score::{Reading, score};
use super::{BacktestError, GAIN_TO_MOVE, by_equilibrium, partner_weights};
use detente_data::elasticities::{self, ElasticityError, ElasticitySet};
use detente_engine::benchmark::Benchmark;
use detente_engine::closure::{Closure, FactorMarket};
use detente_engine::horizon::Horizon;

/// Capital shares that are tried (assumption `years-capital-share`), the sourced middle first.
const CAPITAL_SHARES: [f64; 3] = [0.4, 0.3, 0.5];
/// Shapes of the Roy market that are tried: the range of the literature.
const ROY_SHAPES: [f64; 3] = [1.5, 2.0, 3.0];

/// A set of elasticities with a factor market, and its error on the first episode.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// Name of the elasticity set.
    pub set: String,
    /// θ of its first sector, for the page.
    pub trade_elasticity: f64,
    /// Closure of the factor market.
    pub closure: Closure,
    /// Weighted error of shares by partner.
    pub error: f64,
}

/// The factor market in words.
pub fn market(closure: &Closure) -> String {
    match (closure.factor_market, closure.capital_share, closure.roy_shape) {
        (FactorMarket::Specific, Some(share), _) => format!("specific, capital share {share}"),
        (FactorMarket::Roy, _, Some(shape)) => format!("roy, shape {shape}"),
        _ => "mobile".to_owned(),
    }
}

/// Closures of the horizon, what a choice starts from first.
fn closures() -> Vec<Closure> {
    let specific = CAPITAL_SHARES.map(|share| Closure {
        factor_market: FactorMarket::Specific,
        capital_share: Some(share),
        ..Closure::default()
    });
    let roy = ROY_SHAPES.map(|shape| Closure {
        factor_market: FactorMarket::Roy,
        roy_shape: Some(shape),
        ..Closure::default()
    });
    specific.into_iter().chain(roy).collect()
}

/// A benchmark with the elasticities of a set.
pub fn with_set(benchmark: &Benchmark, set: &str) -> Result<Benchmark, ElasticityError> {
    elasticities::named(set)?.laid_on(benchmark)
}

/// The sets that are tried: the default of the horizon first, then the published ones.
fn sets() -> Result<Vec<ElasticitySet>, ElasticityError> {
    let default = elasticities::for_some_years()?;
    Ok(std::iter::once(default).chain(elasticities::for_bands(Horizon::Years)?).collect())
}

/// Every set with every factor market on an episode.
pub fn grid(scene: &Scene<'_>) -> Result<Vec<Try>, BacktestError> {
    let outturn = forecast::outturn(scene);
    let weights = partner_weights(scene);
    let mut tries = Vec::new();
    for set in sets()? {
        let benchmark = with_set(scene.benchmark, &set.name)?;
        for closure in closures() {
            let forecast = by_equilibrium(scene, "years", Basis::Collected, &benchmark, &closure)?;
            let error = score(&forecast.changes(scene), &outturn, &weights, Reading::Share).weighted_error;
            let trade_elasticity =
                benchmark.sectors.first().map_or(f64::NAN, |sector| sector.trade_elasticity);
            tries.push(Try { set: set.name.clone(), trade_elasticity, closure, error });
        }
    }
    Ok(tries)
}

/// The first try is what the sources say without the back-test; another is chosen only where it is better by more than [`GAIN_TO_MOVE`].
pub fn choose(tries: &[Try]) -> Option<&Try> {
    let first = tries.first()?;
    let best = tries.iter().min_by(|a, b| a.error.total_cmp(&b.error))?;
    Some(if best.error < (1.0 - GAIN_TO_MOVE) * first.error { best } else { first })
}
