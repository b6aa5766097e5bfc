//! The ground of a game: the scenario's baseline, solved and taken as data.
//!
//! With deficits fixed in the numeraire a tariff also chooses the real value of a transfer, so that games are played on a balanced
//! world by default; the observed deficits are a variant.

use std::sync::{Arc, OnceLock};

use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::{Equilibrium, Solution};
use detente_engine::error::EngineError;
use detente_engine::horizon::Horizon;
use detente_engine::instruments::Instruments;
use detente_engine::outcomes;
use detente_engine::parallel::Control;
use detente_engine::solver::Solver;

use crate::counterfactual::{AssumedDeficits, Counterfactual, NoAnswer, caveats_where, refuse_exposures};
use crate::scenario::meant::Scenario;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::benchmark_directory::codes::economy_as_typed;

/// Which deficits the world of a game has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GameDeficits {
    /// None: trade is balanced.
    Zero,
    /// Those of the scenario's closure.
    Observed,
}

impl GameDeficits {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            GameDeficits::Zero => "zero",
            GameDeficits::Observed => "observed",
        }
    }
}

/// Which tariffs a game starts from, and what they are called: only the record's of a day are today's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartingTariffs {
    /// The record's on its day.
    Today,
    /// Those that a scenario's baseline states.
    Baseline,
    /// The benchmark's own.
    Benchmark,
}

impl StartingTariffs {
    /// Those of a game on a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        match (&scenario.baseline, scenario.basis) {
            (None, _) => StartingTariffs::Benchmark,
            (Some(_), Some(_)) => StartingTariffs::Today,
            (Some(_), None) => StartingTariffs::Baseline,
        }
    }

    /// What changes are from.
    pub fn words(self) -> &'static str {
        match self {
            StartingTariffs::Today => "today",
            StartingTariffs::Baseline => "the baseline",
            StartingTariffs::Benchmark => "the benchmark's tariffs",
        }
    }

    /// The tariffs themselves.
    pub fn tariffs(self) -> &'static str {
        match self {
            StartingTariffs::Today => "the tariffs of today",
            StartingTariffs::Baseline => "the baseline's tariffs",
            StartingTariffs::Benchmark => "the benchmark's tariffs",
        }
    }

    /// When they are, in a word or two.
    pub fn when(self) -> &'static str {
        match self {
            StartingTariffs::Today => "today",
            StartingTariffs::Baseline => "in the baseline",
            StartingTariffs::Benchmark => "in the benchmark",
        }
    }
}

/// A solved baseline as the data of a game.
#[derive(Debug)]
pub struct BaselineWorld<'a> {
    /// The benchmark that it came from.
    pub directory: &'a BenchmarkDirectory,
    /// The baseline as data.
    pub calibration: Arc<Solver>,
    /// The baseline, an identity on these data.
    pub baseline: Equilibrium,
    /// What the scenario's own changes would make of the tariffs: what lapses, where that is the scenario.
    pub lapse: Option<Instruments>,
    /// The scenario.
    pub scenario: Scenario,
    /// Settings of the baseline.
    pub baseline_closure: Closure,
    /// Its deficits.
    pub deficits: GameDeficits,
    /// Wall-clock seconds for laying it.
    pub seconds: f64,
}

impl<'a> BaselineWorld<'a> {
    /// Solves the scenario's baseline and calibrates anew there.
    pub fn new(
        directory: &'a BenchmarkDirectory,
        scenario: &Scenario,
        deficits: GameDeficits,
    ) -> Result<Self, NoAnswer> {
        Self::new_under(&Control::default(), directory, scenario, deficits)
    }

    /// The same under a control, which then governs every search on this ground: its flag stops them within a fraction of a second.
    pub fn new_under(
        control: &Control,
        directory: &'a BenchmarkDirectory,
        scenario: &Scenario,
        deficits: GameDeficits,
    ) -> Result<Self, NoAnswer> {
        let clock = std::time::Instant::now();
        let refused = |refusal| NoAnswer::Refused { scenario: scenario.name.clone(), refusal };
        let of = |closure: &Closure| match deficits {
            GameDeficits::Zero => Closure { deficits: Deficits::Zero, ..closure.clone() },
            GameDeficits::Observed => closure.clone(),
        };
        refuse_exposures(scenario)?;
        if scenario.horizon != Horizon::Long {
            let reason =
                "games are played in the long run: the first year stands beside their answers by itself";
            return Err(refused(EngineError::Refused { setting: "horizon", reason: reason.into() }));
        }
        let game_closure = of(&scenario.counterfactual.closure);
        let baseline_closure =
            scenario.baseline.as_ref().map_or_else(|| game_closure.clone(), |case| of(&case.closure));
        let settings = SolveSettings::default();
        let benchmark = &*scenario.laid_on(&directory.benchmark);
        let data = Solver::new(benchmark, &baseline_closure).map_err(refused)?.with_control(control.clone());
        let instruments = match &scenario.baseline {
            Some(case) => case.instruments(benchmark, None)?,
            None => Instruments::of(benchmark),
        };
        let solved = converged(scenario, data.solve(&instruments, &settings, None).map_err(refused)?)?;
        let lapse = if scenario.counterfactual.changes.is_empty() {
            None
        } else {
            let after = scenario.counterfactual.instruments(benchmark, Some(&solved))?;
            refuse_other_changes(&instruments, &after).map_err(refused)?;
            Some(after)
        };
        let rebased = data.rebased(&solved).map_err(refused)?;
        let calibration = Solver::new(&rebased, &game_closure).map_err(refused)?;
        let calibration = Arc::new(calibration.with_control(control.clone()));
        let today = Instruments::of(&rebased);
        let baseline = converged(scenario, calibration.solve(&today, &settings, None).map_err(refused)?)?;
        let lapse = lapse.map(|after| Instruments {
            tariff_rate: after.tariff_rate,
            export_tax_rate: after.export_tax_rate,
            ..today
        });
        Ok(Self {
            directory,
            calibration,
            baseline,
            lapse,
            scenario: scenario.clone(),
            baseline_closure,
            deficits,
            seconds: clock.elapsed().as_secs_f64(),
        })
    }

    /// Which tariffs the game starts from.
    pub fn start(&self) -> StartingTariffs {
        StartingTariffs::of(&self.scenario)
    }

    /// The policies of the baseline.
    pub fn today(&self) -> Instruments {
        Instruments::of(&self.calibration.benchmark)
    }

    /// What a solved point means, compared with the baseline.
    pub fn counterfactual(&self, equilibrium: Equilibrium) -> Result<Counterfactual, EngineError> {
        let outcomes = outcomes::compare(&self.calibration, &self.baseline, &equilibrium)?;
        let deficits = AssumedDeficits {
            of_the_question: Some(format!("deficits of the game: {}", self.deficits.word())),
            are_assumed: self.deficits == GameDeficits::Observed,
        };
        let caveats = caveats_where(self.directory, &self.scenario, deficits);
        Ok(Counterfactual {
            scenario: self.scenario.clone(),
            calibration: Arc::clone(&self.calibration),
            baseline: self.baseline.clone(),
            baseline_closure: self.baseline_closure.clone(),
            equilibrium,
            early: None,
            outcomes,
            baseline_calibration: Arc::clone(&self.calibration),
            notes: caveats,
            entry: OnceLock::new(),
        })
    }

    /// Position of an economy, or which ones there are.
    ///
    /// ```
    /// use detente::{Scenario, World};
    /// use detente::strategy::baseline_world::{BaselineWorld, GameDeficits};
    /// use detente::strategy::board::{Reach, Rules};
    /// use detente::strategy::instruments::InstrumentSet;
    ///
    /// let world = World::embedded()?;
    /// let plain = world.resolve(&Scenario::new("the benchmark's own tariffs"))?;
    /// let ground = BaselineWorld::new(world.directory(), &plain, GameDeficits::Zero)?;
    /// let rules = Rules { instruments: Some(&InstrumentSet::OneRate), ..Rules::default() };
    /// assert_eq!(ground.code(ground.economy("CHN")?), "CHN");
    /// assert!(ground.economy("CNH").is_err());
    /// # let _ = rules;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn economy(&self, code: &str) -> Result<usize, super::error::NoStrategy> {
        let benchmark = &self.calibration.benchmark;
        // A member of a union plays as the union: its tariffs are not its own.
        economy_as_typed(benchmark, code).or_else(|| benchmark.economy_of_member(code)).ok_or_else(|| {
            let known = benchmark.economies.iter().map(|economy| economy.code.as_str());
            let suggestion = detente_tables::nearest::suggestion(code, known);
            super::error::NoStrategy::Unknown(format!(
                "player `{code}` is not in the benchmark; {suggestion}"
            ))
        })
    }

    /// Unit of money.
    pub fn unit(&self) -> &str {
        &self.calibration.benchmark.unit
    }

    /// Code of an economy.
    pub fn code(&self, economy: usize) -> &str {
        &self.calibration.benchmark.economies[economy].code
    }
}

fn converged(scenario: &Scenario, solution: Solution) -> Result<Equilibrium, NoAnswer> {
    let scenario = scenario.name.clone();
    let which = "baseline";
    solution.solved().map_err(|unsolved| NoAnswer::NotConverged { scenario, which, unsolved, why: None })
}

/// What lapses is read as tariffs and export taxes; a scenario that changes more cannot be a disagreement point.
fn refuse_other_changes(before: &Instruments, after: &Instruments) -> Result<(), EngineError> {
    let same = Instruments {
        tariff_rate: before.tariff_rate.clone(),
        export_tax_rate: before.export_tax_rate.clone(),
        trade_deficit: before.trade_deficit.clone(),
        ..after.clone()
    };
    if same == *before {
        return Ok(());
    }
    Err(EngineError::Refused {
        setting: "a game on this scenario",
        reason: "its changes are what lapses, and they may hold tariffs and export taxes only; put the others into [baseline]".into(),
    })
}
