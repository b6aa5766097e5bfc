//! Bands of the long-run model: every published elasticity set, draws around them, and what deficits do.

pub mod headline;

use std::borrow::Cow;
use std::sync::OnceLock;

use detente_data::elasticities::{self, ElasticityError};
use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::error::EngineError;
use detente_engine::horizon::Horizon;
use detente_engine::instruments::Instruments;
use detente_engine::parallel::Control;
use detente_engine::solver::Solver;
use detente_engine::uncertainty::draw::{Draw, Spread, draws};
use detente_engine::uncertainty::solve_draws;
use detente_engine::uncertainty::statistics::{self, Band, Input};

/// How a band is drawn.
#[derive(Clone, Debug)]
pub struct BandSettings {
    /// Number of runs; 200 at the least for a headline.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// Spread around the published sets (assumption `elasticity-draw-spread`).
    pub spread: Spread,
    /// Horizon whose published sets are drawn from.
    pub horizon: Horizon,
    /// What deficits do, in turn.
    pub deficits: Vec<Deficits>,
    /// How each solve is done.
    pub solve: SolveSettings,
    /// Threads, the flag that stops the draws, and who hears of each.
    pub control: Control,
}

impl Default for BandSettings {
    fn default() -> Self {
        Self {
            draws: 200,
            seed: 20_250_512,
            spread: Spread { common: 0.2, own: 0.2 },
            horizon: Horizon::Long,
            deficits: vec![Deficits::Fixed, Deficits::Zero, Deficits::ShareOfGdp],
            // A band needs no twelve digits.
            solve: SolveSettings { tolerance: 1e-9, ..SolveSettings::default() },
            control: Control::default(),
        }
    }
}

/// Why a band cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BandError {
    /// The elasticities do not read or do not fit the benchmark.
    #[error(transparent)]
    Elasticities(#[from] ElasticityError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// All runs of a band.
#[derive(Clone, Debug)]
pub struct Answers {
    /// What each run used.
    pub draws: Vec<Draw>,
    /// What each run found; none where it did not converge.
    pub values: Vec<Option<Vec<f64>>>,
    /// What the runs that converged used: the same for every outcome that all of them have.
    inputs: OnceLock<Inputs>,
}

/// What runs used, by name.
type Inputs = Vec<(&'static str, Input)>;

/// A statement on two outcomes: whose is larger, in which share of the runs, and on what that depends.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Share of runs in which the first is the larger loss (the smaller number).
    pub first_loses_more: f64,
    /// Input that explains most of the difference, and the share that it explains.
    pub driver: Option<(String, f64)>,
    /// Elasticity sets under which the first loses more in most runs.
    pub first_under: Vec<String>,
    /// Elasticity sets under which the second does.
    pub second_under: Vec<String>,
}

/// Solves all `cases` under the draws and measures them together.
pub fn solve<Measure>(
    benchmark: &Benchmark,
    closure: &Closure,
    cases: &[&Instruments],
    settings: &BandSettings,
    measure: Measure,
) -> Result<Answers, BandError>
where
    Measure: Fn(&Solver, &[Equilibrium]) -> Result<Vec<f64>, EngineError> + Sync,
{
    let draws = drawn(benchmark, settings)?;
    let values = solve_draws(benchmark, closure, cases, &settings.solve, &draws, &settings.control, measure)?;
    Ok(Answers { draws, values, inputs: OnceLock::new() })
}

/// How far the eight published long-run sets are apart, in logs: of their mean over the sectors, and of a sector within a set.
const BETWEEN_SETS: Spread = Spread { common: 0.56, own: 0.46 };

/// Name of the set that a benchmark brings itself.
pub const OWN_ELASTICITIES: &str = "the benchmark's own";

/// Draws around the published elasticities of the settings' horizon, on a benchmark's sectors.
///
/// Where no published set knows all of its sectors, as with a user's own benchmark, its own elasticities are the one centre, and the draws
/// around them spread as far as the published sets do among each other (assumption `own-elasticity-spread`).
pub fn drawn(benchmark: &Benchmark, settings: &BandSettings) -> Result<Vec<Draw>, ElasticityError> {
    let published = elasticities::for_bands(settings.horizon)?;
    let mut sets: Vec<(String, Vec<f64>)> =
        published.into_iter().filter_map(|set| Some((set.name.clone(), set.on(benchmark).ok()?))).collect();
    let mut spread = settings.spread;
    if sets.is_empty() {
        let own = benchmark.sectors.iter().map(|sector| sector.trade_elasticity).collect();
        sets.push((OWN_ELASTICITIES.to_owned(), own));
        // Both spreads at once: independent factors add their variances.
        spread = Spread {
            common: spread.common.hypot(BETWEEN_SETS.common),
            own: spread.own.hypot(BETWEEN_SETS.own),
        };
    }
    Ok(draws(&sets, &settings.deficits, spread, settings.draws, settings.seed))
}

impl Answers {
    /// Runs that did not converge: left out of every band, and said so.
    pub fn not_converged(&self) -> usize {
        self.values.iter().filter(|value| value.is_none()).count()
    }

    /// The band of the outcome at this position.
    pub fn band(&self, position: usize) -> Option<Band> {
        let (values, inputs) = self.with_inputs(|answer| answer.get(position).copied());
        statistics::band(&values, &inputs)
    }

    /// Who loses more: the outcomes at two positions.
    pub fn compare(&self, first: usize, second: usize) -> Option<Comparison> {
        let (values, inputs) = self.with_inputs(|answer| Some(answer.get(first)? - answer.get(second)?));
        let band = statistics::band(&values, &inputs)?;
        let first_loses_more =
            values.iter().filter(|value| **value < 0.0).count() as f64 / values.len() as f64;
        let (mut first_under, mut second_under) = (Vec::new(), Vec::new());
        if let Some((_, Input::Choice(names))) = inputs.first() {
            let mut distinct = names.clone();
            distinct.sort();
            distinct.dedup();
            for name in distinct {
                let own = names.iter().zip(&values).filter(|(set, _)| **set == name).map(|(_, value)| *value);
                let (below, all) =
                    own.fold((0, 0), |(below, all), value| (below + usize::from(value < 0.0), all + 1));
                if 2 * below > all { first_under.push(name) } else { second_under.push(name) }
            }
        }
        Some(Comparison {
            first_loses_more,
            driver: band.drivers.first().cloned(),
            first_under,
            second_under,
        })
    }

    /// The outcome in the runs that have it, and what those used.
    fn with_inputs(&self, outcome: impl Fn(&Vec<f64>) -> Option<f64>) -> (Vec<f64>, Cow<'_, Inputs>) {
        let found =
            |value: &Option<Vec<f64>>| value.as_ref().and_then(&outcome).filter(|value| value.is_finite());
        let found: Vec<Option<f64>> = self.values.iter().map(found).collect();
        let values: Vec<f64> = found.iter().copied().flatten().collect();
        let inputs = if values.len() + self.not_converged() == self.values.len() {
            Cow::Borrowed(self.inputs.get_or_init(|| self.used_by(&found)))
        } else {
            Cow::Owned(self.used_by(&found))
        };
        (values, inputs)
    }

    fn used_by(&self, found: &[Option<f64>]) -> Inputs {
        let kept = || self.draws.iter().zip(found).filter(|(_, found)| found.is_some()).map(|(draw, _)| draw);
        let sets = kept().map(|draw| draw.elasticity_set.clone()).collect();
        let deficits = kept().map(|draw| deficits_label(draw.deficits).to_owned()).collect();
        let common = kept().map(|draw| draw.common_factor.ln()).collect();
        vec![
            ("which published elasticities", Input::Choice(sets)),
            ("what deficits do", Input::Choice(deficits)),
            ("the level of all elasticities", Input::Number(common)),
        ]
    }
}

/// Name of a deficit closure in scenario files.
pub fn deficits_label(deficits: Deficits) -> &'static str {
    match deficits {
        Deficits::Fixed => "fixed",
        Deficits::Zero => "zero",
        Deficits::ShareOfGdp => "share-of-gdp",
        Deficits::Path => "path",
    }
}
