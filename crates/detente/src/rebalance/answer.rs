//! The answer of a rebalancing as files and data: what `solve` writes for it, the levers, the targets and what they cost.

use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::rebalancing::least_cost::{self, Outcome};
use detente_engine::rebalancing::problem::{Evaluation, Sense};
use detente_engine::rebalancing::swap;
use detente_tables::output::OutputFile;
use detente_tables::result_table::{Column, ResultTable};
use serde_json::{Value, json};

use super::question::{Question, RebalanceError};
use crate::counterfactual::Counterfactual;
use crate::ledger_tariffs::EmbeddedRecord;
use crate::results::{self, finite, keys};

/// The best that levers do for a target: at the start, to first order, exactly at that corner.
pub type Reach = Vec<(f64, f64, Option<f64>)>;

/// A question with what came of it.
pub struct Rebalanced {
    /// The question.
    pub question: Question,
    /// What was found.
    pub found: Found,
    /// The best that levers do for each target alone; empty for a swap.
    pub reach: Reach,
    /// The answer solved as a scenario.
    pub solved: Counterfactual,
}

/// What was found.
pub enum Found {
    /// Targets met at the least cost, or which of them cannot be met together.
    LeastCost(Outcome),
    /// Levers that meet them.
    Swap(Box<swap::Swap>),
}

/// Asks a question; `more` further starts of the search.
///
/// # Errors
///
/// What the engine refuses, and a search without an end.
pub fn ask(
    question: Question,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
    more: usize,
) -> Result<Rebalanced, RebalanceError> {
    let (found, reach) = {
        let asked = question.asked();
        if question.is_swap {
            (Found::Swap(Box::new(swap::solve(&asked)?)), Vec::new())
        } else {
            let reach = asked.reach()?;
            (Found::LeastCost(least_cost::solve(&asked, more)?), reach)
        }
    };
    let solved = question.solved(directory, record, found.sizes())?;
    Ok(Rebalanced { question, found, reach, solved })
}

impl Found {
    /// Each lever's number.
    pub fn sizes(&self) -> &[f64] {
        match self {
            Self::LeastCost(Outcome::Met { answer, .. }) => &answer.sizes,
            Self::LeastCost(Outcome::Missed(conflict)) => &conflict.sizes,
            Self::Swap(swap) => &swap.sizes,
        }
    }

    /// Where they lead.
    pub fn at(&self) -> &Evaluation {
        match self {
            Self::LeastCost(Outcome::Met { answer, .. }) => &answer.at,
            Self::LeastCost(Outcome::Missed(conflict)) => &conflict.at,
            Self::Swap(swap) => &swap.at,
        }
    }
}

/// The word of a sense.
pub fn word(sense: Sense) -> &'static str {
    match sense {
        Sense::Equal => "equal",
        Sense::AtLeast => "at_least",
        Sense::AtMost => "at_most",
    }
}

/// A cost as percent of welfare: of one side exactly, of several the weighted mean of logarithms.
pub fn percent(question: &Question, cost: f64) -> f64 {
    if question.cost.weights.len() == 1 { -100.0 * (-cost).exp_m1() } else { 100.0 * cost }
}

impl Rebalanced {
    /// Whether the targets are met.
    pub fn is_met(&self) -> bool {
        !matches!(self.found, Found::LeastCost(Outcome::Missed(_)))
    }

    /// The name of a target.
    pub fn target_name(&self, place: usize) -> String {
        let of = &self.question.targets[place].dial;
        let economies = &self.question.solver.benchmark.economies;
        let partner =
            of.partner.map_or(String::new(), |partner| format!(" with {}", economies[partner].code));
        format!("{} of {}{partner}", of.dial.entry().id, economies[of.economy].code)
    }

    /// The largest distance of a target from what the answer reaches when it is solved as a scenario.
    pub fn worst_gap_as_scenario(&self) -> f64 {
        let missed = |target: &detente_engine::rebalancing::problem::Target| {
            let value = target.dial.value(&self.solved.calibration, &self.solved.equilibrium);
            value.map_or(f64::INFINITY, |value| target.missed(value))
        };
        self.question.targets.iter().map(missed).fold(0.0, f64::max)
    }

    /// What `solve` writes for the answer, with `levers.csv`, `targets.csv` and a summary that says what the targets cost.
    pub fn files(&self, directory: &BenchmarkDirectory) -> Vec<OutputFile> {
        let mut summary = results::summary(directory, &self.solved);
        if let (Value::Object(summary), Value::Object(own)) = (&mut summary, self.json()) {
            summary.extend(own);
        }
        let mut files = results::files_under(directory, &self.solved, &[], summary);
        files.push(OutputFile::table("levers", self.levers()));
        files.push(OutputFile::table("targets", self.targets()));
        files
    }

    /// `levers.csv`.
    pub fn levers(&self) -> ResultTable {
        let levers = &self.question.levers;
        let sizes = self.found.sizes();
        let side = |place: usize| match &self.found {
            Found::LeastCost(Outcome::Met { answer, .. }) => match answer.side[place] {
                -1 => "lower",
                1 => "upper",
                _ => "free",
            },
            _ => {
                let (lower, upper) = levers[place].bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
                let near = 1e-9 * (upper - lower);
                if self.question.is_swap {
                    "free"
                } else if sizes[place] - lower <= near {
                    "lower"
                } else if upper - sizes[place] <= near {
                    "upper"
                } else {
                    "free"
                }
            }
        };
        let worth = |place: usize| match &self.found {
            Found::LeastCost(Outcome::Met { answer, .. }) => Some(answer.reduced[place]),
            _ => None,
        };
        let shown = |place: usize, size: f64| Some(levers[place].measure.shown(size));
        let bound = |place: usize, upper: bool| {
            let bounds = levers[place].bounds.filter(|_| !self.question.is_swap)?;
            shown(place, if upper { bounds.1 } else { bounds.0 })
        };
        let all = || 0..levers.len();
        ResultTable::new(vec![
            Column::text("lever", "lever", levers.iter().map(|meant| meant.name.clone())),
            Column::text("cell", "part", levers.iter().map(|meant| meant.cell.clone())),
            Column::number("value", "as typed", "value", all().map(|place| shown(place, sizes[place]))),
            Column::number("lower", "as typed", "least", all().map(|place| bound(place, false))),
            Column::number("upper", "as typed", "most", all().map(|place| bound(place, true))),
            Column::text("active", "bound", all().map(side)),
            Column::number(
                "number",
                "logarithm or level",
                "the engine's number",
                all().map(|place| Some(sizes[place])),
            ),
            Column::number("reduced_gradient", "percent per unit", "cost per unit more", all().map(worth)),
        ])
    }

    /// `targets.csv`.
    pub fn targets(&self) -> ResultTable {
        let targets = &self.question.targets;
        let code = |economy: usize| self.question.solver.benchmark.economies[economy].code.clone();
        let shadow = |place: usize| match &self.found {
            Found::LeastCost(Outcome::Met { answer, .. }) => Some(answer.shadow_prices[place]),
            _ => None,
        };
        let start =
            targets.iter().map(|target| target.dial.value(&self.question.solver, &self.question.base));
        ResultTable::new(vec![
            keys::DIAL.text(targets.iter().map(|target| target.dial.dial.entry().id)),
            keys::ECONOMY.text(targets.iter().map(|target| code(target.dial.economy))),
            keys::PARTNER.words(targets.iter().map(|target| target.dial.partner.map(code)).collect()),
            Column::text("sense", "sense", targets.iter().map(|target| word(target.sense))),
            Column::number("wanted", "the dial's", "wanted", targets.iter().map(|target| Some(target.level))),
            Column::number(
                "reached",
                "the dial's",
                "reached",
                self.found.at().dials.iter().map(|value| Some(*value)),
            ),
            Column::number(
                "shadow_price",
                "percent per point",
                "shadow price",
                (0..targets.len()).map(shadow),
            ),
            Column::number("start", "the dial's", "where levers start", start),
        ])
    }

    /// What stands in `summary.json` beside what `solve` says.
    pub fn json(&self) -> Value {
        let question = &self.question;
        let names: Vec<String> = (0..question.targets.len()).map(|place| self.target_name(place)).collect();
        let reach: Vec<Value> = (self.reach.iter().zip(&names))
            .map(|((start, linear, exact), name)| json!({ "target": name, "start": start, "linear": linear, "exact": finite(*exact) }))
            .collect();
        let conditions: Vec<&str> = question
            .levers
            .iter()
            .filter(|meant| meant.lever.is_condition())
            .map(|meant| meant.name.as_str())
            .collect();
        let mut own = json!({
            "rebalancing": question.name,
            "others": "hold",
            "conditions": conditions,
            "reach": reach,
            "worst_gap_as_scenario": self.worst_gap_as_scenario(),
            "infeasible": false,
            "conflict": Value::Null,
            // What `solve` reads: the answer can be asked again, changed and compared.
            "answer_as_scenario": question.scenario(self.found.sizes()).ok(),
        });
        match &self.found {
            Found::LeastCost(Outcome::Met { answer, without }) => {
                let without = without.as_ref().map(|without| percent(question, without.at.cost));
                let cost = percent(question, answer.at.cost);
                own["cost"] = json!(cost);
                own["cost_without_targets"] = json!(without);
                own["price_of_target"] = json!(without.map(|without| cost - without));
                own["stationarity"] = json!(answer.residual);
                own["evaluations_of_search"] = json!(answer.evaluations);
                own["starts"] = json!(answer.starts);
                own["distinct_optima"] = json!(answer.distinct);
            }
            Found::LeastCost(Outcome::Missed(conflict)) => {
                own["infeasible"] = json!(true);
                own["conflict"] = (0..names.len())
                    .map(|place| {
                        json!({
                            "target": names[place],
                            "weight": conflict.weights[place],
                            "missed_by": conflict.gaps[place],
                            "best_with_others_kept": finite(conflict.best[place]),
                        })
                    })
                    .collect();
                own["bounds_that_would_help"] = (conflict.bounds.iter().take(10))
                    .map(|(lever, worth)| {
                        let meant = &question.levers[*lever];
                        json!({ "lever": meant.name, "cell": meant.cell, "points_per_unit": worth })
                    })
                    .collect();
            }
            Found::Swap(swap) => {
                own["swap"] = json!({ "steps": swap.steps, "gap": swap.gap, "jacobian": swap.jacobian });
            }
        }
        own
    }
}
