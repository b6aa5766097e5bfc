//! Bands of the long-run model.
//!
//! Where the benchmark has the elasticities of a set with a window, a band is drawn about the point: the level of goods' θ, each sector's own,
//! and where uncertain tariffs stand. What deficits do is a second band, and published sets are dots with names; neither is mixed in. Where the
//! elasticities are others, every published set is a centre, as are three readings of deficits.

pub mod headline;
pub mod tariff_range;

use std::borrow::Cow;
use std::sync::OnceLock;

use detente_data::benchmark_directory::paid::{self, PaidShare};
use detente_data::elasticities::{self, ElasticityError};
use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::error::EngineError;
use detente_engine::horizon::Horizon;
use detente_engine::instruments::Instruments;
use detente_engine::parallel::Control;
use detente_engine::solver::Solver;
use detente_engine::uncertainty::about::{self, Centre, draws_about};
use detente_engine::uncertainty::draw::{Draw, Spread, draws};
use detente_engine::uncertainty::solve_moved;
use detente_engine::uncertainty::statistics::{self, Band, Input};
use tariff_range::TariffRange;

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
    /// What deficits do: the first in every run about a point, and all of them in the second band; in turn where there is no point.
    pub deficits: Vec<Deficits>,
    /// What of earlier duties in the benchmark's tariffs was paid, where that is an estimate.
    pub paid_shares: Vec<PaidShare>,
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
            paid_shares: Vec::new(),
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
    /// The point under every published set of elasticities, by name.
    pub dots: Vec<(String, Option<Vec<f64>>)>,
    /// The point under each reading of deficits.
    pub deficits: Vec<Option<Vec<f64>>>,
    /// The point and the range of each input that was drawn, in words; empty where there is no point.
    pub about: Vec<String>,
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
    /// The same in the low, the middle and the high third of the runs by the input that explains most; by choice where that is one.
    pub by_driver: Vec<f64>,
    /// Input that explains most of the difference, and the share that it explains.
    pub driver: Option<(String, f64)>,
    /// Elasticity sets under which the first loses more in most runs.
    pub first_under: Vec<String>,
    /// Elasticity sets under which the second does.
    pub second_under: Vec<String>,
}

impl Comparison {
    /// Whether the share lies on the same side of one half wherever the input that explains most stands. Else it depends on that input, and a
    /// percentage would say how the draws were made.
    pub fn stands(&self) -> bool {
        let first = |share: &f64| *share > 0.5;
        self.by_driver.iter().all(first) || !self.by_driver.iter().any(first)
    }
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
    let own = &benchmark.tariff_rate;
    let ranges: Vec<TariffRange> = std::iter::once(own)
        .chain(cases.iter().map(|case| &case.tariff_rate))
        .map(|rates| TariffRange::of_unknown_history(own, rates, &settings.paid_shares))
        .collect();
    solve_ranges(benchmark, closure, cases, &ranges, settings, measure)
}

/// The same where it is known how uncertain tariffs move: `ranges` of the benchmark's own first, then of each case.
pub fn solve_ranges<Measure>(
    benchmark: &Benchmark,
    closure: &Closure,
    cases: &[&Instruments],
    ranges: &[TariffRange],
    settings: &BandSettings,
    measure: Measure,
) -> Result<Answers, BandError>
where
    Measure: Fn(&Solver, &[Equilibrium]) -> Result<Vec<f64>, EngineError> + Sync,
{
    let mut draws = drawn(benchmark, settings)?;
    let runs = draws.len();
    let centre = about(benchmark, settings)?;
    let mut dots = Vec::new();
    if let Some(centre) = &centre {
        let point = about::point(centre);
        for set in elasticities::for_bands(settings.horizon)? {
            let Ok(trade_elasticity) = set.on(benchmark) else { continue };
            draws.push(Draw { elasticity_set: set.name.clone(), trade_elasticity, ..point.clone() });
            dots.push(set.name);
        }
        draws.extend(settings.deficits.iter().map(|deficits| Draw { deficits: *deficits, ..point.clone() }));
    }
    let moved = |draw: &Draw, own: &mut Vec<f64>| {
        let (first, rest) = ranges.split_first()?;
        if ranges.iter().all(TariffRange::is_empty) || (draw.paid, draw.collected) == (0.0, 0.0) {
            return None;
        }
        first.lay_on(own, draw);
        let moved = cases.iter().zip(rest).map(|(case, range)| {
            let mut rates = case.tariff_rate.clone();
            range.lay_on(&mut rates, draw);
            rates
        });
        Some(moved.collect())
    };
    let control = &settings.control;
    let mut values =
        solve_moved(benchmark, closure, cases, &settings.solve, &draws, control, moved, measure)?;
    let deficits = values.split_off(runs + dots.len());
    let dots = dots.into_iter().zip(values.split_off(runs)).collect();
    draws.truncate(runs);
    let about = centre.map(|centre| words(&centre, ranges)).unwrap_or_default();
    Ok(Answers { draws, values, dots, deficits, about, inputs: OnceLock::new() })
}

/// The point that a band is drawn about: the benchmark's own elasticities where they are those of a set with a window, at some years that set's;
/// none where there is no such set.
fn about(benchmark: &Benchmark, settings: &BandSettings) -> Result<Option<Centre>, ElasticityError> {
    let set = match settings.horizon {
        Horizon::Years => Some(elasticities::for_some_years()?),
        Horizon::Long | Horizon::FirstYear => elasticities::of_benchmark(benchmark),
    };
    let Some((set, common)) = set.and_then(|set| set.spread().map(|spread| (set, spread))) else {
        return Ok(None);
    };
    Ok(Some(Centre {
        trade_elasticity: set.on(benchmark)?,
        elasticity_set: set.name,
        is_common: benchmark.sectors.iter().map(|sector| sector.kind != SectorKind::Services).collect(),
        spread: Spread { common, own: settings.spread.own },
        deficits: settings.deficits.first().copied().unwrap_or(Deficits::Fixed),
        paid: paid::overall(benchmark, &settings.paid_shares),
    }))
}

/// What is drawn about a point, in words.
fn words(centre: &Centre, ranges: &[TariffRange]) -> Vec<String> {
    let range = elasticities::named(&centre.elasticity_set).ok().and_then(|set| set.range);
    let range = range.map_or(String::new(), |[low, high]| format!(", 5 to 95 {low} to {high}"));
    let mut words = vec![
        // A set's name is that of its file; in a sentence it is words.
        format!(
            "the level of goods' trade elasticities ({}{range})",
            centre.elasticity_set.replace('_', " ")
        ),
        "each sector's own".to_owned(),
    ];
    if let Some([low, stated, high]) =
        centre.paid.filter(|_| ranges.iter().any(|held| !held.paid_high.is_empty()))
    {
        words.push(format!("{PAID} ({low:.2} to {high:.2}, most often {stated:.2})"));
    }
    if ranges.iter().any(|held| !held.by_statute.is_empty()) {
        words.push(COLLECTED.to_owned());
    }
    words
}

/// Names of the inputs, as readers see them.
const LEVEL: &str = "the level of all elasticities";
const PAID: &str = "what share of earlier duties was paid";
const COLLECTED: &str = "the share of duties that is collected";

/// How far the eight published long-run sets are apart, in logs: of their mean over the sectors, and of a sector within a set.
const BETWEEN_SETS: Spread = Spread { common: 0.56, own: 0.46 };

/// Name of the set that a benchmark brings itself.
pub const OWN_ELASTICITIES: &str = "the benchmark's own";

/// Draws around the published elasticities of the settings' horizon, on a benchmark's sectors.
///
/// Where no published set knows all of its sectors, as with a user's own benchmark, its own elasticities are the one centre, and the draws
/// around them spread as far as the published sets do among each other (assumption `own-elasticity-spread`).
pub fn drawn(benchmark: &Benchmark, settings: &BandSettings) -> Result<Vec<Draw>, ElasticityError> {
    if let Some(centre) = about(benchmark, settings)? {
        return Ok(draws_about(&centre, settings.draws, settings.seed));
    }
    let (sets, are_published) = centres(benchmark, settings.horizon)?;
    let mut spread = settings.spread;
    if !are_published {
        // Both spreads at once: independent factors add their variances.
        spread = Spread {
            common: spread.common.hypot(BETWEEN_SETS.common),
            own: spread.own.hypot(BETWEEN_SETS.own),
        };
    }
    Ok(draws(&sets, &settings.deficits, spread, settings.draws, settings.seed))
}

/// The published sets of a horizon that know all sectors of a benchmark, by name; where there is none, the benchmark's own elasticities, and false.
pub(crate) fn centres(
    benchmark: &Benchmark,
    horizon: Horizon,
) -> Result<(Vec<(String, Vec<f64>)>, bool), ElasticityError> {
    let published = elasticities::for_bands(horizon)?;
    let sets: Vec<(String, Vec<f64>)> =
        published.into_iter().filter_map(|set| Some((set.name.clone(), set.on(benchmark).ok()?))).collect();
    if !sets.is_empty() {
        return Ok((sets, true));
    }
    let own = benchmark.sectors.iter().map(|sector| sector.trade_elasticity).collect();
    Ok((vec![(OWN_ELASTICITIES.to_owned(), own)], false))
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

    /// The point: what the run at the medians found at this position; none where bands are not drawn about one.
    pub fn point(&self, position: usize) -> Option<f64> {
        let first = self.values.first().filter(|_| !self.about.is_empty())?.as_ref()?;
        first.get(position).copied().filter(|value| value.is_finite())
    }

    /// What the readings of deficits span at this position, and each published set's dot.
    pub fn beside(&self, position: usize) -> (Option<(f64, f64)>, Vec<(String, f64)>) {
        let at = |found: &Option<Vec<f64>>| {
            found.as_ref().and_then(|found| found.get(position).copied()).filter(|value| value.is_finite())
        };
        let readings: Vec<f64> = self.deficits.iter().filter_map(at).collect();
        let span = (readings.len() > 1).then(|| {
            readings.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(*value), high.max(*value))
            })
        });
        let dots = self.dots.iter().filter_map(|(name, found)| Some((name.clone(), at(found)?)));
        (span, dots.collect())
    }

    /// Who loses more: the outcomes at two positions.
    pub fn compare(&self, first: usize, second: usize) -> Option<Comparison> {
        let (values, inputs) = self.with_inputs(|answer| Some(answer.get(first)? - answer.get(second)?));
        let band = statistics::band(&values, &inputs)?;
        let loses = |value: &f64| *value < 0.0;
        let first_loses_more =
            values.iter().filter(|value| loses(value)).count() as f64 / values.len() as f64;
        // Among published sets every choice is one paper: there the whole share is what there is.
        let driver = band.drivers.first().filter(|_| !self.about.is_empty());
        let driver = driver.and_then(|(name, _)| inputs.iter().find(|(held, _)| held == name));
        let by_driver =
            driver.map_or(vec![first_loses_more], |(_, input)| input.shares_along(&values, loses));
        let (mut first_under, mut second_under) = (Vec::new(), Vec::new());
        if let Some((_, Input::Choice(names))) = inputs.first().filter(|_| self.about.is_empty()) {
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
            by_driver,
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
        let deficits = kept().map(|draw| draw.deficits.word().to_owned()).collect();
        let common = kept().map(|draw| draw.common_factor.ln()).collect();
        if !self.about.is_empty() {
            let mut inputs = vec![(LEVEL, Input::Number(common))];
            let drawn = |word: &str| self.about.iter().any(|said| said.starts_with(word));
            if drawn(PAID) {
                inputs.push((PAID, Input::Number(kept().map(|draw| draw.paid).collect())));
            }
            if drawn(COLLECTED) {
                inputs.push((COLLECTED, Input::Number(kept().map(|draw| draw.collected).collect())));
            }
            return inputs;
        }
        vec![
            ("which published elasticities", Input::Choice(sets)),
            ("what deficits do", Input::Choice(deficits)),
            (LEVEL, Input::Number(common)),
        ]
    }
}
