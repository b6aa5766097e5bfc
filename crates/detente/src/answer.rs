//! The answer to a scenario: an equilibrium, the accounts of the first year, or the exposure where no effect can be computed.

use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::calibration::SolveSettings;
use detente_engine::catalogue::lists;
use detente_engine::horizon::Horizon;
use detente_engine::parallel::Control;

use crate::counterfactual::{self, Counterfactual, NoAnswer};
use crate::first_year::{self, WithinAYear};
use crate::kept_solves::KeptSolves;
use crate::scenario::meant::{NotMeasurable, Scenario};

/// What a scenario's answer is depends on what was asked: its horizon, and whether the model can see the product that a measure names.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// Two equilibria compared.
    Equilibrium(Box<Counterfactual>),
    /// Accounts at held wages and border prices.
    FirstYear(Box<WithinAYear>),
    /// Trade in products too small for their sectors: an amount, never an effect.
    Exposure {
        /// What was asked.
        scenario: Box<Scenario>,
        /// The measures that cannot be computed.
        measures: Vec<NotMeasurable>,
    },
}

/// Answers a resolved scenario on a benchmark in the way that it asks for.
///
/// ```
/// use detente::{Answer, Scenario, World, answer};
///
/// let world = World::embedded()?;
/// let resolved = world.resolve(&Scenario::example("us-plus-10-on-china")?.setting("horizon", "first-year")?)?;
/// let found = answer::solve(world.directory(), resolved, &Default::default()).expect("accounts");
/// assert!(matches!(found, Answer::FirstYear(_)));
/// # Ok::<(), detente::Error>(())
/// ```
///
/// # Errors
/// What the engine refuses, and a solve that ends without an equilibrium.
pub fn solve(
    directory: &BenchmarkDirectory,
    scenario: Scenario,
    settings: &SolveSettings,
) -> Result<Answer, NoAnswer> {
    solve_under(&Control::default(), directory, scenario, settings)
}

/// The same under a control: its flag stops it within a fraction of a second, its listener hears of every step.
///
/// # Errors
/// As [`solve`].
pub fn solve_under(
    control: &Control,
    directory: &BenchmarkDirectory,
    scenario: Scenario,
    settings: &SolveSettings,
) -> Result<Answer, NoAnswer> {
    solve_keeping(control, directory, scenario, settings, None)
}

/// The same with what earlier solves on this benchmark, under this control and these settings, have kept.
pub(crate) fn solve_keeping(
    control: &Control,
    directory: &BenchmarkDirectory,
    scenario: Scenario,
    settings: &SolveSettings,
    kept: Option<&KeptSolves>,
) -> Result<Answer, NoAnswer> {
    if !scenario.not_measurable.is_empty() {
        let measures = scenario.not_measurable.clone();
        return Ok(Answer::Exposure { scenario: Box::new(scenario), measures });
    }
    match scenario.horizon {
        Horizon::FirstYear => Ok(Answer::FirstYear(Box::new(first_year::answer(directory, scenario)?))),
        _ => Ok(Answer::Equilibrium(Box::new(counterfactual::solve_keeping(
            control, directory, scenario, settings, kept,
        )?))),
    }
}

impl Answer {
    /// The equilibrium, where the answer is one.
    ///
    /// ```
    /// use detente::{Scenario, World};
    ///
    /// let answer = World::embedded()?.solve(&Scenario::example("us-plus-10-on-china")?)?;
    /// let found = answer.equilibrium().expect("the long run is an equilibrium");
    /// assert!(found.equilibrium.certificate.max_residual() < 1e-11);
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn equilibrium(&self) -> Option<&Counterfactual> {
        match self {
            Answer::Equilibrium(answer) => Some(answer),
            _ => None,
        }
    }

    /// What every reader of the numbers should know.
    pub fn caveats(&self) -> Vec<String> {
        match self {
            Answer::Equilibrium(answer) => answer.caveats(),
            Answer::FirstYear(answer) => answer.caveats.clone(),
            Answer::Exposure { scenario, .. } => scenario.notes.clone(),
        }
    }

    /// An outcome of the economy at this position by its name or the key of its column in `economies.csv`; none where the answer does not
    /// define it.
    pub(crate) fn outcome(&self, name: &str, position: usize) -> Option<f64> {
        let entry = lists::of_an_economy(name)?;
        match self {
            Answer::Equilibrium(answer) => {
                entry.equilibrium.and_then(|read| read(answer.outcomes.economies.get(position)?))
            }
            Answer::FirstYear(answer) => {
                entry.first_year.and_then(|read| read(answer.outcome.accounts.get(position)?))
            }
            Answer::Exposure { .. } => None,
        }
    }
}
