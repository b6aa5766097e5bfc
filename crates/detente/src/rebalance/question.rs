//! `TARGETS.toml` on a world: targets, levers and costs as the engine takes them.

use std::sync::Arc;

use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::error::EngineError;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::rebalancing::lever::{self, Lever};
use detente_engine::rebalancing::problem::{BoundedLever, Cost, Problem as Asked, Sense, Target};
use detente_engine::solver::Solver;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::nearest::suggestion;
use detente_tables::toml_file;
use toml::Spanned;

use super::lever_meant::{self, MeantLever};
use super::typed::{TypedCost, TypedLevel, TypedTarget, TypedTargets};
use crate::ledger_tariffs::EmbeddedRecord;
use crate::scenario::meant::Scenario;
use crate::scenario::selection::Frame;
use crate::scenario::typed::TypedScenario;
use crate::scenario::{self, resolve};

/// A question on a world, ready to be asked.
pub struct Question {
    /// Name for people.
    pub name: String,
    /// The benchmark under the closure.
    pub solver: Arc<Solver>,
    /// Where levers start from.
    pub base: Equilibrium,
    /// Levers, or those of the swap.
    pub levers: Vec<MeantLever>,
    /// Targets as the engine takes them.
    pub targets: Vec<Target>,
    /// What is minimised.
    pub cost: Cost,
    /// Whether levers are freed for targets instead of chosen at a cost.
    pub is_swap: bool,
    /// How equilibria are solved.
    pub settings: SolveSettings,
    /// What was typed of settings and day, to be written in front of the answer.
    pub(super) head: TypedScenario,
    /// What was read that the reader should know.
    pub notes: Vec<String>,
}

/// Why there is no question or no answer.
#[derive(Debug, thiserror::Error)]
pub enum RebalanceError {
    /// The input is wrong.
    #[error(transparent)]
    Input(#[from] Problems),
    /// The engine refuses, or found no answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The answer, asked as a scenario, is refused or not solved.
    #[error("the answer as a scenario: {0}")]
    Answer(Box<crate::counterfactual::NoAnswer>),
}

/// A question that the program carries, of `data/rebalancing`: its label, for messages, and its text.
///
/// # Errors
/// A name that no file has.
pub fn carried(name: &str) -> Result<(String, &'static str), Problem> {
    let label = format!("rebalancing/{name}.toml");
    let right = "it is carried by the program".to_owned();
    let missing = || Problem::whole(label.clone(), Finding::Missing { what: "file", right });
    let text = detente_facts::text(&label).ok_or_else(missing)?;
    Ok((label, text))
}

impl From<Problem> for RebalanceError {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

impl RebalanceError {
    /// Whether the input is wrong, rather than the question without an answer.
    pub fn is_wrong_input(&self) -> bool {
        match self {
            Self::Input(_) => true,
            Self::Engine(error) => !matches!(error, EngineError::Unsolved(_) | EngineError::Stopped),
            Self::Answer(error) => error.is_wrong_input(),
        }
    }
}

/// Reads a question. `label` stands for its path in messages.
///
/// # Errors
///
/// What is typed wrong, with file, line and key; a start without an equilibrium.
pub fn read(
    label: &str,
    text: &str,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
    settings: &SolveSettings,
) -> Result<Question, RebalanceError> {
    let typed: TypedTargets = toml_file::parse(label, text)?;
    let benchmark = &directory.benchmark;
    let frame = Frame::new(label, text, benchmark);
    let head = TypedScenario {
        name: typed.name.clone(),
        closure: typed.closure.clone(),
        ledger: typed.ledger.clone(),
        on: typed.on.clone(),
        ..TypedScenario::default()
    };
    let start: Scenario = resolve::resolve(&head, label, text, None, directory, record)?;
    let whole = |reason: &str| {
        let finding = Finding::Combination { reason: reason.to_owned() };
        RebalanceError::from(Problem::whole(label, finding))
    };
    let is_swap = !typed.swap.is_empty();
    match (typed.target.is_empty(), typed.lever.is_empty(), is_swap) {
        (true, ..) => return Err(whole("needs at least one `[[target]]`")),
        (_, true, false) => {
            return Err(whole("needs at least one `[[lever]]`, or `swap` with as many levers as targets"));
        }
        (_, false, true) => return Err(whole("has `[[lever]]` and `swap`; give one of them")),
        _ => {}
    }
    let solver = Arc::new(Solver::new(benchmark, &start.counterfactual.closure)?);
    let instruments = start.counterfactual.instruments(benchmark, None)?;
    let base = solver.solve(instruments, settings, None)?.solved();
    let base =
        base.map_err(|unsolved| EngineError::Unsolved(format!("where levers start: {}", unsolved.cause)))?;
    let mut levers = Vec::new();
    for entry in if is_swap { &typed.swap } else { &typed.lever } {
        let found = lever_meant::read(&frame, entry)?;
        if is_swap && found.len() != 1 {
            let reason = "a swap frees one number a lever: leave out `by`, or say \"one-rate\"";
            return Err(frame.combination("swap", entry.span().start, reason).into());
        }
        for mut meant in found {
            match (is_swap, meant.bounds) {
                (true, _) => meant.bounds = Some((-10.0, 10.0)),
                (false, None) => {
                    let reason = "needs its bounds: `factor` or `add` of a tariff, `add` of an export tax, `rate` of a subsidy, `ln_cost` \
                                  or `factor` of a trade cost, `deficit_share_of_gdp` of saving, `share_of_gdp` of final demand";
                    return Err(frame.combination("lever", entry.span().start, reason).into());
                }
                (false, Some(bounds)) => meant.bounds = Some(not_below_zero(&meant.lever, &base, bounds)),
            }
            levers.push(meant);
        }
    }
    if is_swap {
        // A subsidy's number is that of the least-cost question.
        for meant in &mut levers {
            if let Lever::OutputSubsidy(cells) = &meant.lever {
                meant.lever = Lever::OutputTopUp(cells.clone());
            }
        }
    }
    let mut targets = Vec::new();
    for entry in &typed.target {
        targets.push(target(&frame, entry, &solver, &base)?);
    }
    let cost = cost(&frame, typed.cost.as_ref(), &solver)?;
    Ok(Question {
        name: start.name,
        solver,
        base,
        levers,
        targets,
        cost,
        is_swap,
        settings: settings.clone(),
        head,
        notes: start.notes,
    })
}

/// A lever does not take a tariff below zero where it starts at or above: that would be a subsidy on imports.
fn not_below_zero(lever: &Lever, base: &Equilibrium, bounds: (f64, f64)) -> (f64, f64) {
    let rate = |cell: &usize| base.instruments.tariff_rate[*cell];
    let least = |floor: &dyn Fn(f64) -> f64, cells: &[usize]| {
        cells
            .iter()
            .map(rate)
            .map(|t| if t >= 0.0 { floor(t) } else { f64::NEG_INFINITY })
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let floor = match lever {
        Lever::TariffPoints(cells) => least(&|t| -t, cells),
        Lever::TariffFactor(cells) => least(&|t| -(1.0 + t).ln(), cells),
        _ => f64::NEG_INFINITY,
    };
    (bounds.0.max(floor).min(bounds.1), bounds.1)
}

fn target(
    frame: &Frame<'_>,
    entry: &Spanned<TypedTarget>,
    solver: &Solver,
    base: &Equilibrium,
) -> Result<Target, Problem> {
    let (typed, start) = (entry.as_ref(), entry.span().start);
    let refuse = |reason: String| frame.combination("target", start, reason);
    let dial = Dial::of_name(typed.dial.as_ref()).ok_or_else(|| {
        let found = typed.dial.as_ref().clone();
        let suggestion = suggestion(&found, Dial::ALL.iter().map(|dial| dial.entry().id));
        frame.problem(
            "dial",
            typed.dial.span().start,
            Finding::UnknownCode { what: "dial", found, suggestion },
        )
    })?;
    let name = dial.entry().id;
    let economy = frame.economy("economy", typed.economy.span().start, typed.economy.as_ref())?;
    let partner = match (&typed.partner, dial.has_partner()) {
        (Some(partner), true) => Some(frame.economy("partner", partner.span().start, partner.as_ref())?),
        (None, true) => return Err(refuse(format!("`{name}` is one with a partner: add `partner`"))),
        (Some(_), false) => return Err(refuse(format!("`{name}` has no partner: leave out `partner`"))),
        (None, false) => None,
    };
    if partner == Some(economy) {
        return Err(refuse("`partner` is another economy than `economy`".into()));
    }
    let of = DialOf { dial, economy, partner };
    let today = of.value(solver, base).ok_or_else(|| {
        let why = if dial.needs_uses() { lever::NO_USES } else { "it has no value where levers start" };
        refuse(format!("`{name}` is not defined here: {why}"))
    })?;
    let (sense, level) = match (&typed.equal, &typed.at_least, &typed.at_most) {
        (Some(level), None, None) => (Sense::Equal, level),
        (None, Some(level), None) => (Sense::AtLeast, level),
        (None, None, Some(level)) => (Sense::AtMost, level),
        _ => return Err(refuse("needs one of `equal`, `at_least`, `at_most`".into())),
    };
    let level = match level {
        TypedLevel { change: Some(change), factor: None, level: None } => today + change,
        TypedLevel { change: None, factor: Some(factor), level: None } => today * factor,
        TypedLevel { change: None, factor: None, level: Some(level) } => *level,
        _ => {
            return Err(refuse(
                "a level is given in one way: `{ change = .. }`, `{ factor = .. }` or `{ level = .. }`"
                    .into(),
            ));
        }
    };
    if !level.is_finite() {
        return Err(refuse("a level is a finite number; a share is a fraction (0.01 is a point)".into()));
    }
    Ok(Target { dial: of, sense, level })
}

fn cost(frame: &Frame<'_>, typed: Option<&Spanned<TypedCost>>, solver: &Solver) -> Result<Cost, Problem> {
    let effort = Cost { weights: Vec::new(), saving: 1.0 };
    let Some(typed) = typed else { return Ok(effort) };
    let start = typed.span().start;
    let refuse = |reason: &str| Err(frame.combination("cost", start, reason));
    let typed = match typed.as_ref() {
        TypedCost::Word(word) if word == "effort" => return Ok(effort),
        TypedCost::Word(_) => {
            return refuse("is \"effort\", { welfare = CODE } or { joint = [CODES], weights = \"income\" }");
        }
        TypedCost::Welfare(typed) => typed,
    };
    let saving = typed.saving.unwrap_or(1.0);
    if !(0.0..=10.0).contains(&saving) {
        return refuse("`saving` is what a unit saved counts beside a unit spent, about one (0.7 to 1.3)");
    }
    let codes = match (&typed.welfare, &typed.joint) {
        (Some(one), None) if typed.weights.is_none() => vec![one.clone()],
        (None, Some(several)) if !several.is_empty() => several.clone(),
        _ => {
            return refuse(
                "names whose welfare counts: `welfare = CODE`, or `joint = [CODES]` with `weights`",
            );
        }
    };
    let mut weights = Vec::new();
    for code in &codes {
        let economy = frame.economy("cost", start, code)?;
        let weight = match typed.weights.as_deref().unwrap_or("income") {
            "income" => solver.income[economy],
            "equal" => 1.0,
            _ => return refuse("`weights` is \"income\" or \"equal\""),
        };
        weights.push((economy, weight));
    }
    let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
    weights.iter_mut().for_each(|(_, weight)| *weight /= sum);
    Ok(Cost { weights, saving })
}

impl Question {
    /// As the engine takes it.
    pub fn asked(&self) -> Asked<'_> {
        let bounded = |meant: &MeantLever| {
            let (lower, upper) = meant.bounds.unwrap_or((0.0, 0.0));
            BoundedLever {
                lever: meant.lever.clone(),
                lower,
                upper,
                cost: meant.cost.0,
                curvature: meant.cost.1,
            }
        };
        Asked {
            solver: &self.solver,
            base: &self.base,
            levers: self.levers.iter().map(bounded).collect(),
            targets: self.targets.clone(),
            cost: self.cost.clone(),
            settings: self.settings.clone(),
        }
    }

    pub(super) fn benchmark(&self) -> &Benchmark {
        &self.solver.benchmark
    }

    /// The answer, solved as `solve` solves a scenario.
    ///
    /// # Errors
    ///
    /// What `solve` refuses.
    pub fn solved(
        &self,
        directory: &BenchmarkDirectory,
        record: Option<&EmbeddedRecord>,
        sizes: &[f64],
    ) -> Result<crate::counterfactual::Counterfactual, RebalanceError> {
        let text = self.scenario(sizes)?;
        let scenario = scenario::parse("answer.toml", &text, None, directory, record)?;
        crate::counterfactual::solve(directory, scenario, &self.settings)
            .map_err(|error| RebalanceError::Answer(Box::new(error)))
    }
}
