//! The front door: a benchmark world and the record of measures, asked together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use detente_data::benchmark_directory::{self, BenchmarkDirectory};
use detente_data::default_world;
use detente_engine::calibration::SolveSettings;
use detente_engine::catalogue::lists;
use detente_engine::parallel::Control;
use detente_ledger::duty::{Answer as Duty, Question};
use detente_ledger::products::ProductCode;
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::{TariffError, Tariffs};
use detente_tables::nearest::suggestion;

use crate::answer::{self, Answer};
use crate::counterfactual::Counterfactual;
use crate::error::Error;
use crate::kept::Kept;
use crate::kept_solves::{KEPT_LISTS, KeptSolves, ListKey};
use crate::ledger_tariffs::{EmbeddedRecord, ListOnBenchmark};
use crate::scenario::{document::Scenario, meant};
use crate::uncertainty::BandSettings;
use crate::uncertainty::headline::Bands;

/// A world: the economies that a model is calibrated to, and the record of what is in force between them.
///
/// Reading it takes some twenty milliseconds; the record is read when something first asks for it. Questions take `&self`, so that
/// one world serves many.
///
/// ```
/// use detente::{Scenario, World, scenario::document::Rate};
///
/// let world = World::embedded()?;
/// let answer = world.solve(&Scenario::new("ten points").tariff(Rate::add(0.10).importer("USA").exporter("CHN")))?;
/// let welfare = world.value(&answer, "welfare_pct", "CHN")?;
/// assert!((-0.2..0.0).contains(&welfare), "China loses a little: {welfare} percent");
/// # Ok::<(), detente::Error>(())
/// ```
#[derive(Debug)]
pub struct World {
    directory: BenchmarkDirectory,
    record: EmbeddedRecord,
    settings: SolveSettings,
    control: Control,
    /// What solves share, of these settings and this control.
    kept: KeptSolves,
    /// Measures on the cells of pairs, as levers of the desk move them.
    pub(crate) lists: Kept<ListKey, Option<Arc<ListOnBenchmark>>>,
}

/// What a world has made so far and keeps for the next question: all that is not made anew for every scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Solvers, one a closure.
    pub solvers: usize,
    /// Baselines solved, one a closure and instruments.
    pub baselines: usize,
    /// Days of the record laid on the benchmark.
    pub days: usize,
    /// Measures laid on the cells of a pair.
    pub lists: usize,
}

impl World {
    /// The world that the program carries, with the record that it carries.
    ///
    /// ```
    /// use detente::World;
    ///
    /// let world = World::embedded()?;
    /// assert_eq!((world.economies().count(), world.sectors().count()), (24, 28));
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// None but a fault of the program's own: what it carries cannot be read.
    pub fn embedded() -> Result<Self, Error> {
        Ok(Self::of(default_world::open()?))
    }

    /// A world of your own from a benchmark directory.
    ///
    /// ```
    /// use detente::World;
    ///
    /// let refused = World::open("no/such/benchmark").unwrap_err();
    /// assert!(refused.to_string().contains("no/such/benchmark"));
    /// ```
    ///
    /// # Errors
    /// Every table, line and key that is wrong, at once, with what would be right.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self::of(benchmark_directory::open(directory.as_ref())?))
    }

    /// A world of a benchmark that is already in hand.
    ///
    /// ```
    /// use detente::World;
    ///
    /// let mut directory = World::embedded()?.directory().clone();
    /// directory.benchmark.sectors.iter_mut().for_each(|sector| sector.trade_elasticity *= 2.0);
    /// let elastic = World::of(directory);
    /// assert_eq!(elastic.economies().next(), World::embedded()?.economies().next());
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn of(directory: BenchmarkDirectory) -> Self {
        let (settings, control) = (SolveSettings::default(), Control::default());
        let kept = KeptSolves::default();
        let (record, lists) = (EmbeddedRecord::default().keeping_days(), Kept::of(KEPT_LISTS));
        Self { directory, record, settings, control, kept, lists }
    }

    /// With measures of your own laid over the record; the last folder is uppermost.
    #[must_use]
    pub fn with_measures(mut self, folders: Vec<PathBuf>) -> Self {
        self.record = EmbeddedRecord::default().over(folders).keeping_days();
        self.lists = Kept::of(KEPT_LISTS);
        self
    }

    /// Solves to these settings from now on.
    ///
    /// ```
    /// use detente::{Scenario, World};
    /// use detente_engine::calibration::SolveSettings;
    ///
    /// let settings = SolveSettings { tolerance: 1e-6, ..SolveSettings::default() };
    /// let answer = World::embedded()?.with_settings(settings).solve(&Scenario::example("us-plus-10-on-china")?)?;
    /// assert!(answer.equilibrium().is_some_and(|found| found.equilibrium.certificate.max_residual() < 1e-6));
    /// # Ok::<(), detente::Error>(())
    /// ```
    #[must_use]
    pub fn with_settings(mut self, settings: SolveSettings) -> Self {
        self.settings = settings;
        self.kept = KeptSolves::default();
        self
    }

    /// Solves under this control from now on: how many threads, a flag that stops solves and bands within a fraction of a second, who hears
    /// of every step.
    ///
    /// ```
    /// use detente::{Scenario, World};
    /// use detente_engine::parallel::{Control, Stop};
    ///
    /// let stop = Stop::default();
    /// let world = World::embedded()?.with_control(Control { stop: stop.clone(), ..Control::default() });
    /// stop.stop(); // from a button or another thread
    /// assert!(world.solve(&Scenario::example("us-plus-10-on-china")?).is_err());
    /// # Ok::<(), detente::Error>(())
    /// ```
    #[must_use]
    pub fn with_control(mut self, control: Control) -> Self {
        self.control = control;
        self.kept = KeptSolves::default();
        self
    }

    /// The benchmark with all that is known of it.
    ///
    /// ```
    /// use detente::World;
    ///
    /// let world = World::embedded()?;
    /// assert_eq!(world.directory().benchmark.unit, "million USD");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn directory(&self) -> &BenchmarkDirectory {
        &self.directory
    }

    /// The record with its tariff lines.
    ///
    /// ```
    /// use detente::World;
    ///
    /// let world = World::embedded()?;
    /// assert!(world.record()?.ledger().talks("us-china").is_ok());
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// A folder of your own that is wrong, with file and entry.
    pub fn record(&self) -> Result<&Tariffs, Error> {
        Ok(self.record.read()?)
    }

    /// One sentence on the folders of your own that went into what was asked so far; none where none did.
    ///
    /// ```
    /// assert_eq!(detente::World::embedded()?.own_facts(), None);
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn own_facts(&self) -> Option<String> {
        self.record.own_facts()
    }

    /// Codes of the economies, in the benchmark's order.
    ///
    /// ```
    /// use detente::World;
    ///
    /// assert!(World::embedded()?.economies().any(|code| code == "VNM"));
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn economies(&self) -> impl Iterator<Item = &str> {
        self.directory.benchmark.economies.iter().map(|economy| economy.code.as_str())
    }

    /// Codes of the sectors, in the benchmark's order.
    ///
    /// ```
    /// use detente::World;
    ///
    /// let world = World::embedded()?;
    /// assert_eq!(world.sectors().count(), world.directory().benchmark.sectors.len());
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn sectors(&self) -> impl Iterator<Item = &str> {
        self.directory.benchmark.sectors.iter().map(|sector| sector.code.as_str())
    }

    /// What a scenario means on this world: codes, cells and days found, nothing solved.
    ///
    /// ```
    /// use detente::{Scenario, World, scenario::document::Rate};
    ///
    /// let asked = Scenario::new("a slip").tariff(Rate::add(0.10).importer("USA").exporter("CNH"));
    /// let refused = World::embedded()?.resolve(&asked).unwrap_err();
    /// assert!(refused.to_string().contains("did you mean `CHN`"), "{refused}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// Unknown codes, keys and days, with the line and what would be right.
    pub fn resolve(&self, scenario: &Scenario) -> Result<meant::Scenario, Error> {
        Ok(scenario.resolved(&self.directory, Some(&self.record))?)
    }

    /// Answers a scenario: an equilibrium, the accounts of the first year, or an exposure, as it asks.
    ///
    /// ```
    /// use detente::{Answer, Scenario, World};
    ///
    /// let answer = World::embedded()?.solve(&Scenario::example("us-plus-10-on-china")?)?;
    /// assert!(matches!(answer, Answer::Equilibrium(_)));
    /// assert!(!answer.caveats().is_empty(), "what every reader should know travels with it");
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve), what the engine refuses, and a solve that ends without an equilibrium: no number of it is given.
    pub fn solve(&self, scenario: &Scenario) -> Result<Answer, Error> {
        let meant = self.resolve(scenario)?;
        Ok(answer::solve_keeping(&self.control, &self.directory, meant, &self.settings, Some(&self.kept))?)
    }

    /// What was made for the questions so far and is kept: asked again, or asked with another move, nothing of it is made anew.
    ///
    /// ```
    /// use detente::{Scenario, World};
    ///
    /// let world = World::embedded()?;
    /// world.solve(&Scenario::example("us-plus-10-on-china")?)?;
    /// let made = world.made();
    /// world.solve(&Scenario::example("us-plus-10-on-all")?)?;
    /// assert_eq!(world.made(), made, "the same data, the same closure: one solver, one baseline");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn made(&self) -> Made {
        Made {
            solvers: self.kept.solvers.made(),
            baselines: self.kept.baselines.made(),
            days: self.record.days_made(),
            lists: self.lists.made(),
        }
    }

    /// An outcome of an economy by the name of its column (`welfare_pct`, `real_wage_pct`, …): percent where the name ends in `_pct`.
    ///
    /// ```
    /// use detente::{Scenario, World};
    ///
    /// let world = World::embedded()?;
    /// let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
    /// assert!(world.value(&answer, "welfare_pct", "CHN")? < 0.0);
    /// let refused = world.value(&answer, "welfare_pc", "CHN").unwrap_err();
    /// assert!(refused.to_string().contains("welfare_pct"), "{refused}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// An economy or an outcome that is not known, with the nearest names; an outcome that this answer does not define.
    pub fn value(&self, answer: &Answer, outcome: &str, economy: &str) -> Result<f64, Error> {
        let position = self.economy(economy)?;
        if let Some(value) = answer.outcome(outcome, position) {
            return Ok(value);
        }
        if lists::of_an_economy(outcome).is_some() {
            let why = "it is of another horizon, or the settings leave it undefined";
            return Err(Error::Undefined { outcome: outcome.to_owned(), why });
        }
        let known = lists::economy_outcomes().map(|entry| entry.id);
        Err(self.unknown("outcome", outcome, suggestion(outcome, known)))
    }

    fn economy(&self, code: &str) -> Result<usize, Error> {
        let benchmark = &self.directory.benchmark;
        benchmark
            .economy_of_member(code)
            .ok_or_else(|| self.unknown("economy", code, suggestion(code, self.economies())))
    }

    fn unknown(&self, what: &'static str, found: &str, suggestion: String) -> Error {
        let world = self.directory.benchmark.name.clone();
        Error::Unknown { world, what, found: found.to_owned(), suggestion }
    }

    /// Medians and 5-to-95 bands of the headlines of an equilibrium over elasticities and deficits.
    ///
    /// ```
    /// use detente::{Scenario, World};
    /// use detente::uncertainty::BandSettings;
    ///
    /// let world = World::embedded()?;
    /// let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
    /// let settings = BandSettings { draws: 24, ..BandSettings::default() };
    /// let bands = world.bands(answer.equilibrium().expect("an equilibrium"), &settings)?;
    /// assert!(bands.row("CHN", "welfare_pct").is_some_and(|row| row.low <= row.median && row.median <= row.high));
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// Elasticity sets that do not fit the benchmark; what the engine refuses.
    pub fn bands(&self, answer: &Counterfactual, settings: &BandSettings) -> Result<Bands, Error> {
        let paid_shares = self.directory.paid_shares.clone();
        let settings = BandSettings { control: self.control.clone(), paid_shares, ..settings.clone() };
        Ok(answer.bands(&settings)?)
    }

    /// The duty on a product (two to ten digits) from one party entering another on a day, as known that day, part by part.
    ///
    /// ```
    /// let duty = detente::World::embedded()?.duty("8471.30.01", "CHN", "USA", "2025-09-16")?;
    /// assert!(duty.parts.iter().any(|part| part.applies));
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// A code, a party or a day that is not known, with what would be right.
    pub fn duty(&self, code: &str, from: &str, to: &str, on: &str) -> Result<Duty, Error> {
        let on = detente_ledger::date(on)?;
        let code: ProductCode = code.parse().map_err(TariffError::from)?;
        let question = Question::new(code, from, to, on);
        Ok(self.record()?.duty(&question, Reading::Stated)?)
    }
}
