//! The back-test: the tariffs of two episodes through each horizon, against what happened.
//!
//! `first-year` and the rivals start from the observed flows before, the equilibrium from its benchmark. Two naive
//! rivals stand beside them: no change, and one elasticity of 2 on tariff-exclusive flows without general equilibrium. The first year is the
//! published nest: nothing of it is fitted here. The page (`docs/reference/backtest.md`) is made by the command.

pub mod episode;
pub mod forecast;
pub mod orthogonality;
pub mod page;
pub mod products;
pub mod rivals;
pub mod score;
pub mod skill;
pub mod years;

use detente::ledger_tariffs::{LedgerTariffError, LedgerTariffs};
use detente::uncertainty::{self, BandError, BandSettings};
use detente_data::elasticities::{self, ElasticityError, ShortRun};
use detente_data::outturns::{OutturnError, Outturns};
use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::error::EngineError;
use detente_engine::first_year::{FirstYearParameters, Horizon, first_year};
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;
use detente_engine::uncertainty::draw::Random;
use detente_engine::uncertainty::statistics::quantile;
use detente_ledger::tariff::Tariffs;
use episode::{Basis, Episode, OTHERS, Scene, StatuteRise};
use forecast::{Changes, Forecast, Item};
use orthogonality::Orthogonality;
use score::{Reading, Score, score};
use std::collections::BTreeMap;

/// The elasticity of the naive rival.
pub const RIVAL_ELASTICITY: f64 = 2.0;
/// How the name of a forecast by product begins.
pub const BY_PRODUCT: &str = "by product";
/// A choice leaves its source only where the error falls by more than this share.
pub const GAIN_TO_MOVE: f64 = 0.05;
/// Share of outturns that a widened band must cover in each episode.
pub const COVERAGE: f64 = 0.8;
/// Draws of the first year's parameters.
const FIRST_YEAR_DRAWS: usize = 400;
const SEED: u64 = 20_180_706;

/// Why a back-test cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BacktestError {
    /// A file that should be carried is not.
    #[error(transparent)]
    NotCarried(#[from] detente_facts::Missing),
    /// The list of episodes does not read.
    #[error("data/outturns/episodes.toml: {source}")]
    Episodes {
        /// What the reader found.
        source: toml::de::Error,
    },
    /// The notes on misses do not read.
    #[error("data/outturns/misses.toml: {source}")]
    Misses {
        /// What the reader found.
        source: toml::de::Error,
    },
    /// The tables or the benchmark lack something that an episode needs.
    #[error("episode {episode} needs `{what}`, which neither the benchmark nor data/outturns has")]
    Missing {
        /// Episode.
        episode: String,
        /// What is missing.
        what: String,
    },
    /// The outturns do not read.
    #[error("{0}")]
    Outturns(&'static OutturnError),
    /// The elasticities do not read or do not fit.
    #[error(transparent)]
    Elasticities(#[from] ElasticityError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The ledger's tariffs cannot be laid on the benchmark.
    #[error(transparent)]
    Ledger(#[from] LedgerTariffError),
    /// The band cannot be drawn.
    #[error(transparent)]
    Bands(#[from] BandError),
    /// A solve did not converge.
    #[error("{what} did not converge: largest residual {residual:e}")]
    NotConverged {
        /// Which solve.
        what: String,
        /// Its largest residual.
        residual: f64,
    },
}

/// A forecast with its changes and, where drawn, its band by item.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name of the forecast.
    pub name: String,
    /// Rates it was given.
    pub basis: Basis,
    /// Whether it is a naive rival.
    pub rival: bool,
    /// What it says.
    pub changes: Changes,
    /// 5–95 band by item, parameters only.
    pub bands: BTreeMap<Item, (f64, f64)>,
    /// Whether what it missed is related to the tariffs it was given.
    pub orthogonality: Option<Orthogonality>,
}

/// One episode, scored.
#[derive(Clone, Debug)]
pub struct Backtest {
    /// The episode.
    pub episode: Episode,
    /// What the ledger's rates by statute rose by, beside published averages.
    pub statute_rises: Vec<StatuteRise>,
    /// What happened.
    pub outturn: Changes,
    /// Flows before, million USD, of the items that are flows.
    pub weights: BTreeMap<Item, f64>,
    /// Forecasts and rivals.
    pub entries: Vec<Entry>,
}

/// Everything that the page shows.
#[derive(Clone, Debug)]
pub struct Report {
    /// The episodes, in file order.
    pub episodes: Vec<Backtest>,
    /// Sets and factor markets of the horizon of some years on the first episode.
    pub years_grid: Vec<years::Try>,
    /// Which of them the horizon of some years uses.
    pub years_chosen: years::Try,
    /// By horizon: how far its bands of imports by partner are widened.
    pub widths: Vec<Width>,
}

/// Half-width that is added to a horizon's bands of imports by partner, in logs.
#[derive(Clone, Debug, PartialEq)]
pub struct Width {
    /// Name of the forecast.
    pub horizon: String,
    /// The smallest that covers [`COVERAGE`] in each episode.
    pub half_width: f64,
    /// The smallest by episode.
    pub own: Vec<(String, f64)>,
    /// Coverage of the last episode with the half-width of the first.
    pub out_of_sample: f64,
}

impl Report {
    /// Half-width of a horizon's bands; none is added where none was drawn.
    pub fn half_width(&self, horizon: &str) -> f64 {
        self.widths.iter().find(|width| width.horizon == horizon).map_or(0.0, |width| width.half_width)
    }
}

/// Runs both episodes.
pub fn run(benchmark: &Benchmark, settings: &BandSettings) -> Result<Report, BacktestError> {
    let outturns = Outturns::embedded().map_err(BacktestError::Outturns)?;
    let short_run = elasticities::short_run()?;
    let episodes = episode::all()?;
    let record = Tariffs::embedded().map_err(LedgerTariffError::from)?;
    let ledger = LedgerTariffs { tariffs: &record };
    let mut done = Vec::new();
    let mut years_grid = Vec::new();
    for episode in &episodes {
        let scene = Scene::new(episode, benchmark, outturns, ledger)?;
        if years_grid.is_empty() {
            years_grid = years::grid(&scene)?;
        }
        let medium = years::choose(&years_grid).ok_or_else(no_set)?;
        done.push(one(&scene, ledger, &short_run, medium, settings)?);
    }
    let years_chosen = years::choose(&years_grid).ok_or_else(no_set)?.clone();
    let widths = Horizon::ALL.iter().filter_map(|horizon| width(&done, horizon.code())).collect();
    Ok(Report { episodes: done, years_grid, years_chosen, widths })
}

/// How far the bands of a horizon are widened.
fn width(done: &[Backtest], horizon: &str) -> Option<Width> {
    let banded = |backtest: &Backtest| -> Option<Entry> {
        backtest.entries.iter().find(|entry| entry.name == horizon && !entry.bands.is_empty()).cloned()
    };
    let own: Vec<(String, f64)> = done
        .iter()
        .map(|backtest| Some((backtest.episode.name.clone(), backtest.forecast_error(&banded(backtest)?))))
        .collect::<Option<_>>()?;
    let half_width = own.iter().map(|(_, width)| *width).fold(0.0, f64::max);
    let last = done.last()?;
    let out_of_sample = last.coverage(&banded(last)?, false, own.first()?.1)?;
    Some(Width { horizon: horizon.to_owned(), half_width, own, out_of_sample })
}

fn no_set() -> BacktestError {
    ElasticityError::NoSet { horizon: Horizon::Years.code() }.into()
}

fn one(
    scene: &Scene<'_>,
    ledger: LedgerTariffs<'_>,
    short_run: &ShortRun,
    medium: &years::Try,
    settings: &BandSettings,
) -> Result<Backtest, BacktestError> {
    let outturn = forecast::outturn(scene);
    let mut weights = BTreeMap::new();
    for partner in scene.partners.iter().filter(|partner| *partner != OTHERS) {
        for group in &scene.groups {
            let value = scene.flow(&scene.episode.before, partner, group).imports;
            *weights.entry(Item::Imports(partner.clone())).or_default() += value;
            weights.insert(Item::Sector(partner.clone(), group.clone()), value);
        }
    }
    let entry = |forecast: Forecast, rival: bool, bands| Entry {
        orthogonality: orthogonality::test(scene, &forecast),
        changes: forecast.changes(scene),
        name: forecast.name,
        basis: forecast.basis,
        rival,
        bands,
    };
    let mut entries = Vec::new();
    let mut bands = first_year_bands(scene, short_run)?;
    for basis in [Basis::Collected, Basis::Statute] {
        let forecast = by_first_year(scene, "first-year", basis, &short_run.published())?;
        let mut said = entry(forecast, false, BTreeMap::new());
        if basis == Basis::Collected {
            said.bands = std::mem::take(&mut bands);
        }
        entries.push(said);
    }
    let with_home =
        by_first_year(scene, "first-year, home goods too", Basis::Collected, &short_run.with_home())?;
    entries.push(entry(with_home, false, BTreeMap::new()));
    let some_years = years::with_set(scene.benchmark, &medium.set)?;
    let equilibria = [
        (Horizon::Years, &some_years, medium.closure.clone()),
        (Horizon::Long, scene.benchmark, Closure::default()),
    ];
    for (horizon, benchmark, closure) in equilibria {
        let settings = BandSettings { horizon, ..settings.clone() };
        let mut bands = equilibrium_bands(scene, &settings, &closure, &outturn)?;
        for basis in [Basis::Collected, Basis::Statute] {
            let forecast = by_equilibrium(scene, horizon.code(), basis, benchmark, &closure)?;
            entries.push(entry(forecast, false, std::mem::take(&mut bands)));
        }
    }
    let published = format!("nest {} / {}", rivals::PUBLISHED.0, rivals::PUBLISHED.1);
    for basis in [Basis::Collected, Basis::Statute] {
        let forecast = rivals::nest(scene, &published, basis, rivals::PUBLISHED);
        entries.push(entry(forecast, false, BTreeMap::new()));
    }
    if let Some(forecast) =
        products::nest(scene, ledger, &format!("{BY_PRODUCT}, {published}"), rivals::PUBLISHED)?
    {
        entries.push(entry(forecast, false, BTreeMap::new()));
    }
    let rival = format!("elasticity {RIVAL_ELASTICITY}");
    if let Some(growth) = rivals::trend(scene) {
        let basis = Basis::Collected;
        for (power, words) in [(0.5, " to the half"), (1.0, "")] {
            let nest = rivals::nest(scene, &published, basis, rivals::PUBLISHED);
            let name = format!("{published} x trend{words}");
            entries.push(entry(rivals::times(nest, &name, &growth, power), false, BTreeMap::new()));
        }
        let still = rivals::elasticity(scene, "", basis, 0.0);
        entries.push(entry(rivals::times(still, "trend", &growth, 1.0), true, BTreeMap::new()));
        let naive = rivals::elasticity(scene, "", basis, RIVAL_ELASTICITY);
        let name = format!("trend x {rival}");
        entries.push(entry(rivals::times(naive, &name, &growth, 1.0), true, BTreeMap::new()));
    }
    for basis in [Basis::Collected, Basis::Statute] {
        let forecast = Forecast::elasticity(scene, &rival, basis, RIVAL_ELASTICITY);
        entries.push(entry(forecast, true, BTreeMap::new()));
    }
    entries.push(entry(
        Forecast::elasticity(scene, "no change", Basis::Collected, 0.0),
        true,
        BTreeMap::new(),
    ));
    Ok(Backtest {
        episode: scene.episode.clone(),
        statute_rises: scene.statute_rises(),
        outturn,
        weights,
        entries,
    })
}

fn by_first_year(
    scene: &Scene<'_>,
    name: &str,
    basis: Basis,
    parameters: &FirstYearParameters,
) -> Result<Forecast, BacktestError> {
    let (before, after) = scene.tariffs(basis);
    let rebased = Benchmark { tariff_rate: before, ..scene.rebased() };
    let outcome = first_year(&rebased, &after, parameters)?;
    Ok(Forecast::of_flows(scene, name, basis, &outcome.border_value_before, &outcome.border_value))
}

/// The benchmark (which may have other elasticities than the scene's own) solved at the tariffs before and after.
fn by_equilibrium(
    scene: &Scene<'_>,
    name: &str,
    basis: Basis,
    benchmark: &Benchmark,
    closure: &Closure,
) -> Result<Forecast, BacktestError> {
    let (before, after) = instruments(scene, basis);
    let calibration = Solver::new(benchmark, closure)?;
    let solve_settings = SolveSettings::default();
    let solve = |instruments: &Instruments, start: Option<&Equilibrium>| {
        let solution = calibration.solve(instruments, &solve_settings, start)?;
        solution.solved().map_err(|unsolved| BacktestError::NotConverged {
            what: format!("{name}, {}", scene.episode.name),
            residual: unsolved.certificate.max_residual(),
        })
    };
    let baseline = solve(&before, None)?;
    let counterfactual = solve(&after, Some(&baseline))?;
    Ok(Forecast::of_flows(scene, name, basis, &baseline.border_value, &counterfactual.border_value))
}

fn instruments(scene: &Scene<'_>, basis: Basis) -> (Instruments, Instruments) {
    let (rates_before, rates_after) = scene.tariffs(basis);
    let mut before = Instruments::of(scene.benchmark);
    let mut after = before.clone();
    before.tariff_rate = rates_before;
    after.tariff_rate = rates_after;
    (before, after)
}

/// Draws of the nest's elasticities, and of how far the rate is that of the statute rather than the collection.
fn first_year_bands(
    scene: &Scene<'_>,
    short_run: &ShortRun,
) -> Result<BTreeMap<Item, (f64, f64)>, BacktestError> {
    let (before, collected) = scene.tariffs(Basis::Collected);
    let rebased = Benchmark { tariff_rate: before, ..scene.rebased() };
    let (_, statute) = scene.tariffs(Basis::Statute);
    let mut random = Random::new(SEED);
    let mut drawn: BTreeMap<Item, Vec<f64>> = BTreeMap::new();
    for _ in 0..FIRST_YEAR_DRAWS {
        let parameters = short_run.draw(&short_run.published(), &mut random);
        let mix = random.uniform();
        let after: Vec<f64> = collected.iter().zip(&statute).map(|(c, s)| c + mix * (s - c)).collect();
        let outcome = first_year(&rebased, &after, &parameters)?;
        let basis = if mix < 0.5 { Basis::Collected } else { Basis::Statute };
        let forecast =
            Forecast::of_flows(scene, "draw", basis, &outcome.border_value_before, &outcome.border_value);
        for (item, change) in forecast.changes(scene) {
            drawn.entry(item).or_default().push(change);
        }
    }
    Ok(drawn.into_iter().filter_map(|(item, values)| Some((item, percentiles(values)?))).collect())
}

/// Published elasticities, draws around them and closures of the deficit, at the collected rates.
fn equilibrium_bands(
    scene: &Scene<'_>,
    settings: &BandSettings,
    closure: &Closure,
    outturn: &Changes,
) -> Result<BTreeMap<Item, (f64, f64)>, BacktestError> {
    let (before, after) = instruments(scene, Basis::Collected);
    let items: Vec<&Item> = outturn.keys().collect();
    let answers = uncertainty::solve(scene.benchmark, closure, &[&before, &after], settings, |_, solved| {
        let forecast = Forecast::of_flows(
            scene,
            "draw",
            Basis::Collected,
            &solved[0].border_value,
            &solved[1].border_value,
        );
        let changes = forecast.changes(scene);
        Ok(items.iter().map(|item| changes.get(*item).copied().unwrap_or(f64::NAN)).collect())
    })?;
    let mut bands = BTreeMap::new();
    for (position, item) in items.iter().enumerate() {
        let values: Vec<f64> = answers
            .values
            .iter()
            .flatten()
            .map(|answer| answer[position])
            .filter(|value| value.is_finite())
            .collect();
        if let Some(band) = percentiles(values) {
            bands.insert((*item).clone(), band);
        }
    }
    Ok(bands)
}

fn percentiles(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    Some((quantile(&values, 0.05)?, quantile(&values, 0.95)?))
}

/// Goods imports before, by partner of the tables.
fn partner_weights(scene: &Scene<'_>) -> BTreeMap<Item, f64> {
    let partners = scene.partners.iter().filter(|partner| *partner != OTHERS);
    let value = |partner: &str| -> f64 {
        scene.groups.iter().map(|group| scene.flow(&scene.episode.before, partner, group).imports).sum()
    };
    partners.map(|partner| (Item::Imports(partner.clone()), value(partner))).collect()
}

impl Backtest {
    /// The smallest half-width with which the bands of an entry cover [`COVERAGE`] of the imports by partner.
    pub fn forecast_error(&self, entry: &Entry) -> f64 {
        let mut outside: Vec<f64> = self
            .weights_of(false)
            .keys()
            .filter_map(|item| {
                let (low, high) = entry.bands.get(item)?;
                let was = self.outturn.get(item)?;
                Some((low - was).max(was - high).max(0.0))
            })
            .collect();
        outside.sort_by(f64::total_cmp);
        let needed = (COVERAGE * outside.len() as f64).ceil() as usize;
        outside.get(needed.saturating_sub(1)).copied().unwrap_or(0.0)
    }

    /// Weights of the items of one kind: imports by partner, or by partner and sector group where at least 100 million USD were imported.
    pub fn weights_of(&self, by_sector: bool) -> BTreeMap<Item, f64> {
        self.weights
            .iter()
            .filter(|(item, value)| match item {
                Item::Imports(_) => !by_sector,
                Item::Sector(..) => by_sector && **value >= 100.0,
                _ => false,
            })
            .map(|(item, value)| (item.clone(), *value))
            .collect()
    }

    /// Score of an entry.
    pub fn score(&self, entry: &Entry, by_sector: bool, reading: Reading) -> Score {
        score(&entry.changes, &self.outturn, &self.weights_of(by_sector), reading)
    }

    /// Share of outturns of one kind inside the band widened by `half_width`; none where no band was drawn.
    pub fn coverage(&self, entry: &Entry, by_sector: bool, half_width: f64) -> Option<f64> {
        let weights = self.weights_of(by_sector);
        let inside: Vec<bool> = weights
            .keys()
            .filter_map(|item| {
                let (low, high) = entry.bands.get(item)?;
                let was = self.outturn.get(item)?;
                Some(*was >= low - half_width && *was <= high + half_width)
            })
            .collect();
        (!inside.is_empty())
            .then(|| inside.iter().filter(|inside| **inside).count() as f64 / inside.len() as f64)
    }
}
