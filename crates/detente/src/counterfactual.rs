//! One counterfactual: a scenario on a benchmark, solved as two equilibria and compared.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_engine::equilibrium::{Equilibrium, Unsolved};
use detente_engine::error::EngineError;
use detente_engine::gradient::{self, Gradient};
use detente_engine::horizon::Horizon;
use detente_engine::instruments::Instruments;
use detente_engine::objective::Objective;
use detente_engine::outcomes::{self, Outcomes};
use detente_engine::parallel::Control;
use detente_engine::solver::Solver;

use crate::capital::{self, NoCapital};
use crate::entry_stability::{self, Entry};
use crate::in_years::{Early, Ground, Point};
use crate::kept_solves::KeptSolves;
use crate::scenario::meant::{NotMeasurable, Scenario};
use crate::uncertainty::headline::{self, Bands};
use crate::uncertainty::{BandError, BandSettings};
use crate::words::number::{joined, named};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::elasticities;
use detente_tables::diagnostics::{Problem, Problems};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The input is wrong.
    #[error(transparent)]
    Input(#[from] Problems),
    /// The engine refuses the question.
    #[error("{scenario}: {refusal}")]
    Refused {
        /// Name of the scenario.
        scenario: String,
        /// Why.
        refusal: EngineError,
    },
    /// A measure on a product that its sector cannot stand for: an exposure, no effect.
    #[error("{scenario}: {}; the model knows sectors, so no effect is computed", words(measures))]
    NotMeasurable {
        /// Name of the scenario.
        scenario: String,
        /// The measures.
        measures: Vec<NotMeasurable>,
    },
    /// A solve ended without an equilibrium.
    #[error("{}{}", not_converged(scenario, which, unsolved), why.as_ref().map_or(String::new(), |why| format!(". {why}")))]
    NotConverged {
        /// Name of the scenario.
        scenario: String,
        /// `baseline` or `counterfactual`.
        which: &'static str,
        /// Why, and how far it came.
        unsolved: Box<Unsolved>,
        /// What is known of why.
        why: Option<String>,
    },
}

impl From<Problem> for NoAnswer {
    fn from(problem: Problem) -> Self {
        NoAnswer::Input(problem.into())
    }
}

impl NoAnswer {
    /// Whether the input is wrong, rather than the question without an answer.
    pub fn is_wrong_input(&self) -> bool {
        !matches!(self, NoAnswer::NotConverged { .. } | NoAnswer::NotMeasurable { .. })
    }
}

impl NoAnswer {
    /// The same, with what is known of why a solve did not end.
    fn because(mut self, known: Option<String>) -> Self {
        if let NoAnswer::NotConverged { why, .. } = &mut self {
            *why = known;
        }
        self
    }
}

fn words(measures: &[NotMeasurable]) -> String {
    measures.iter().map(NotMeasurable::to_string).collect::<Vec<_>>().join("; ")
}

fn not_converged(scenario: &str, which: &str, unsolved: &Unsolved) -> String {
    let certificate = &unsolved.certificate;
    let residuals: Vec<String> =
        certificate.residuals.iter().map(|(block, value)| format!("{block} {value:.3e}")).collect();
    format!(
        "{scenario}: the {which} did not converge: {} (after {} iterations, {} evaluations); largest residuals: {}; Walras {:.3e}. \
         No number is reported from an unsolved model",
        unsolved.cause,
        certificate.iterations,
        certificate.evaluations,
        residuals.join(", "),
        certificate.walras
    )
}

/// A solved counterfactual with its baseline.
#[derive(Debug)]
pub struct Counterfactual {
    /// What was asked.
    pub scenario: Scenario,
    /// The benchmark under the counterfactual's closure.
    pub calibration: Arc<Solver>,
    /// What it is compared with.
    pub baseline: Equilibrium,
    /// Settings of the baseline.
    pub baseline_closure: Closure,
    /// The answer.
    pub equilibrium: Equilibrium,
    /// What it means.
    pub outcomes: Outcomes,
    /// The answer as it was solved, where that is some years after the change.
    pub(crate) early: Option<Early>,
    /// The baseline's own reading of the benchmark.
    pub(crate) baseline_calibration: Arc<Solver>,
    /// What is known of the numbers whatever they are; a reader asks [`caveats`](Self::caveats).
    pub(crate) notes: Vec<String>,
    /// Read when first asked for: not every run of a sweep is.
    pub(crate) entry: OnceLock<Option<Entry>>,
}

/// Refuses a scenario of which only an exposure can be given.
pub(crate) fn refuse_exposures(scenario: &Scenario) -> Result<(), NoAnswer> {
    if scenario.not_measurable.is_empty() {
        return Ok(());
    }
    let measures = scenario.not_measurable.clone();
    Err(NoAnswer::NotMeasurable { scenario: scenario.name.clone(), measures })
}

/// Solves a scenario: the baseline first, then the counterfactual from there.
pub fn solve(
    directory: &BenchmarkDirectory,
    scenario: Scenario,
    settings: &SolveSettings,
) -> Result<Counterfactual, NoAnswer> {
    solve_under(&Control::default(), directory, scenario, settings)
}

/// The same under a control: its flag stops it within a fraction of a second, its listener hears of every step.
pub fn solve_under(
    control: &Control,
    directory: &BenchmarkDirectory,
    scenario: Scenario,
    settings: &SolveSettings,
) -> Result<Counterfactual, NoAnswer> {
    solve_keeping(control, directory, scenario, settings, None)
}

/// The same with what earlier solves on this benchmark, under this control and these settings, have kept.
pub(crate) fn solve_keeping(
    control: &Control,
    directory: &BenchmarkDirectory,
    scenario: Scenario,
    settings: &SolveSettings,
    kept: Option<&KeptSolves>,
) -> Result<Counterfactual, NoAnswer> {
    let name = scenario.name.clone();
    refuse_exposures(&scenario)?;
    let refused = |refusal| NoAnswer::Refused { scenario: name.clone(), refusal };
    if scenario.horizon == Horizon::FirstYear {
        let reason = "within a year is accounting, not an equilibrium: `solve` answers it, alone".to_string();
        return Err(refused(EngineError::Refused { setting: "horizon", reason }));
    }
    let laid = scenario.laid_on(&directory.benchmark);
    let benchmark = &*laid;
    // With elasticities of its own the benchmark is another: nothing kept is of it.
    let kept = kept.filter(|_| matches!(laid, Cow::Borrowed(_)));
    let closure = &scenario.counterfactual.closure;
    let made = |closure: &Closure| {
        let solver = Solver::new(benchmark, closure).map_err(refused)?;
        Ok::<_, NoAnswer>(Arc::new(solver.with_control(control.clone())))
    };
    let solver = |closure: &Closure| {
        let whole = match kept {
            Some(kept) => kept.solvers.get_or(closure.clone(), || made(closure))?,
            None => made(closure)?,
        };
        Ground::new(whole, scenario.in_years.as_ref()).map_err(refused)
    };
    let ground = solver(closure)?;
    let calibration = Arc::clone(&ground.whole);
    let baseline_closure = match &scenario.baseline {
        Some(case) => case.closure.clone(),
        None => data_closure(closure),
    };
    let baseline_ground =
        if baseline_closure == *closure { ground.clone() } else { solver(&baseline_closure)? };
    let baseline_calibration = Arc::clone(&baseline_ground.whole);
    let no_capital = |error| match error {
        NoCapital::Tables(problems) => NoAnswer::Input(problems),
        NoCapital::Refused(refusal) => refused(refusal),
    };
    let answering = match (scenario.capital_answers, scenario.horizon) {
        (false, _) => None,
        (true, Horizon::Long) => {
            let closures = [&baseline_closure, closure];
            Some(capital::ready(control, directory, &calibration, closures).map_err(no_capital)?)
        }
        (true, _) => {
            let reason = "capital answers over decades; it stands beside `horizon = \"long\"` alone".into();
            return Err(refused(EngineError::Refused { setting: "capital = \"steady\"", reason }));
        }
    };
    let instruments = match &scenario.baseline {
        Some(case) => case.instruments(benchmark, None)?,
        None => Instruments::of(benchmark),
    };
    let solve = |which, ground: &Ground, instruments: Instruments, start: Option<&Point>| {
        let found = ground.solve(&Arc::new(instruments), settings, start).map_err(refused)?;
        let scenario = name.clone();
        found.map_err(|unsolved| NoAnswer::NotConverged { scenario, which, unsolved, why: None })
    };
    // Some years after a change a point is more than its equilibrium, which is all that is kept.
    let start = match kept.filter(|_| scenario.in_years.is_none()) {
        Some(kept) => {
            let from_data = |instruments: &Instruments| {
                let found = solve("baseline", &baseline_ground, instruments.clone(), None)?;
                Ok::<_, NoAnswer>(found.equilibrium)
            };
            let equilibrium = kept.baseline(&baseline_closure, instruments, from_data)?;
            Point { equilibrium, early: None }
        }
        None => solve("baseline", &baseline_ground, instruments, None)?,
    };
    let baseline = &start.equilibrium;
    // The data themselves are the baseline only where they are an equilibrium; then levels persist by themselves.
    let starts_from_data = scenario.baseline.is_none();
    let instruments =
        scenario.counterfactual.instruments(benchmark, (!starts_from_data).then_some(baseline))?;
    let found = solve("counterfactual", &ground, instruments, Some(&start)).map_err(|error| {
        let entry = entry_stability::read((&baseline_calibration, baseline), None);
        let warning = entry.and_then(|entry| entry.warning(benchmark));
        error.because(warning.or_else(|| no_room_for_deficits(&calibration)))
    })?;
    let (baseline, equilibrium) = (start.equilibrium, found.equilibrium);
    let mut outcomes = outcomes::compare(&calibration, &baseline, &equilibrium).map_err(refused)?;
    let mut notes = caveats(directory, &scenario);
    if let Some(answering) = answering {
        let compared = [baseline.instruments.as_ref(), equilibrium.instruments.as_ref()];
        notes.extend(answering.beside(&mut outcomes, compared, settings).map_err(no_capital)?);
    }
    Ok(Counterfactual {
        scenario,
        calibration,
        baseline,
        baseline_closure,
        equilibrium,
        early: found.early,
        outcomes,
        baseline_calibration,
        notes,
        entry: OnceLock::new(),
    })
}

impl Counterfactual {
    /// Under economies of scale of which one equilibrium is not certain: whether these two would hold. Takes up to a second when first asked.
    pub fn entry(&self) -> Option<Entry> {
        *self.entry.get_or_init(|| {
            let after = (&self.calibration, &self.equilibrium);
            entry_stability::read((&self.baseline_calibration, &self.baseline), Some(after))
        })
    }

    /// The gradient of an objective at the answer, by one transposed solve of what was solved.
    ///
    /// # Errors
    /// What the engine refuses.
    pub fn gradient(&self, objective: &Objective) -> Result<Gradient, EngineError> {
        match &self.early {
            Some(early) => early.solver.gradient(&early.laid, objective),
            None => gradient::gradient(&self.calibration, &self.equilibrium, objective),
        }
    }

    /// Bands of the headlines over elasticities and deficits.
    ///
    /// # Errors
    /// Some years after a change, where nobody has measured what the path of switching may be; elasticity sets that do not fit; what the
    /// engine refuses.
    pub fn bands(&self, settings: &BandSettings) -> Result<Bands, BandError> {
        if self.scenario.in_years.is_some() {
            let reason = "they are drawn in the long run: how uncertain the years on the way are, nobody has measured; ask at \
                          `horizon = \"long\"`"
                .into();
            return Err(EngineError::Refused { setting: "bands", reason }.into());
        }
        let closure = &self.scenario.counterfactual.closure;
        let (before, after) = (&self.baseline.instruments, &self.equilibrium.instruments);
        headline::long(&self.calibration.benchmark, closure, before, after, settings, None)
    }

    /// What every reader of the numbers should know.
    pub fn caveats(&self) -> Vec<String> {
        let warning = self.entry().and_then(|entry| entry.warning(&self.calibration.benchmark));
        self.notes.iter().cloned().chain(warning).collect()
    }
}

/// Whether deficits that follow GDP may leave no equilibrium. What makes them sum to zero again is at most the largest share; where that
/// exceeds the smallest by one or more it can take all that an economy has.
fn no_room_for_deficits(calibration: &Solver) -> Option<String> {
    if !calibration.closure.deficits.follow_gdp() {
        return None;
    }
    let share =
        |i: usize| calibration.trade_deficit[i] / (calibration.income[i] - calibration.trade_deficit[i]);
    let code = |i: usize| calibration.benchmark.economies[i].code.as_str();
    let by_share = |a: &usize, b: &usize| share(*a).total_cmp(&share(*b));
    let economies = 0..calibration.income.len();
    let (most, least) = (economies.clone().max_by(by_share)?, economies.min_by(by_share)?);
    (share(most) - share(least) >= 1.0).then(|| {
        format!(
            "deficits that follow GDP may have no equilibrium here: they are {:.0} percent of GDP in {} and {:.0} in {}, and what makes them sum \
             to zero again can take all that an economy has",
            100.0 * share(most),
            code(most),
            100.0 * share(least),
            code(least)
        )
    })
}

/// Without a stated baseline the data's own deficits are part of it, whatever the counterfactual does to them.
fn data_closure(closure: &Closure) -> Closure {
    Closure { deficits: closure.deficits.of_an_unstated_baseline(), ..closure.clone() }
}

/// What is said of deficits beside the horizon.
pub struct AssumedDeficits {
    /// How the question itself sets them, where it does.
    pub of_the_question: Option<String>,
    /// Whether they are taken as the scenario's closure has them.
    pub are_assumed: bool,
}

/// What travels with the numbers: horizon, assumed deficits, weak data, and what the benchmark and the scenario note.
pub fn caveats(directory: &BenchmarkDirectory, scenario: &Scenario) -> Vec<String> {
    caveats_where(directory, scenario, AssumedDeficits { of_the_question: None, are_assumed: true })
}

/// The same where the question has a word of its own on deficits.
pub fn caveats_where(
    directory: &BenchmarkDirectory,
    scenario: &Scenario,
    deficits: AssumedDeficits,
) -> Vec<String> {
    let long_run = || {
        let set = elasticities::of_benchmark(&scenario.laid_on(&directory.benchmark));
        set.and_then(|set| set.label).unwrap_or_else(|| "elasticities without a window".to_owned())
    };
    let mut caveats = vec![match (&scenario.in_years, scenario.horizon) {
        (Some(in_years), _) => format!(
            "horizon: {}; by then {:.0} percent of the buyers of goods are free to choose other origins, {}, and the others keep the quantities \
             that they bought; in the end it is the long run, {}",
            in_years.label(),
            100.0 * in_years.free(),
            in_years.path.label,
            long_run()
        ),
        (None, Horizon::FirstYear) => {
            "horizon: within a year, by accounting at held wages and border prices".to_string()
        }
        (None, _) => {
            format!("horizon: long run, {}; says nothing about the first year", long_run())
        }
    }];
    caveats.extend(deficits.of_the_question);
    if deficits.are_assumed
        && scenario.horizon != Horizon::FirstYear
        && scenario.counterfactual.closure.deficits.are_assumed_levels()
    {
        caveats.push(
            "aggregate deficits are assumed, not predicted: no tariff moves them under this closure".into(),
        );
    }
    let economies = directory.benchmark.economies.iter().enumerate();
    let weak: Vec<String> = economies
        .filter(|(position, _)| directory.is_weak(*position))
        .map(|(_, economy)| named(&economy.name))
        .collect();
    if !weak.is_empty() {
        caveats.push(format!("input structures are weak for {}", joined(&weak)));
    }
    caveats.extend(directory.notes.iter().cloned());
    caveats.extend(scenario.notes.iter().cloned());
    caveats
}

/// Solves several scenarios on one benchmark, as many at a time as the machine has processors. Results come in the order
/// of the scenarios.
///
/// # Errors
/// The flag to stop, of all together; each scenario's own stand among the results.
pub fn solve_all(
    control: &Control,
    directory: &BenchmarkDirectory,
    scenarios: Vec<Scenario>,
    settings: &SolveSettings,
) -> Result<Vec<Result<Counterfactual, NoAnswer>>, EngineError> {
    let quiet = control.quiet();
    let one = |(): &mut (), scenario| solve_under(&quiet, directory, scenario, settings);
    control.map(scenarios, || (), one)
}
