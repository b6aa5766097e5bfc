//! Punishments in `sustain` that a user gives: one state, or a path of states period by period (penance: `penance.rs`).
//!
//! ```toml
//! name = "two quarters at war, then back"
//! then = "return"            # return (to the deal) | for-ever (the last state lasts; the default)
//! [[state]]
//! tariffs = "war"            # war | today | lapse, or a scenario file whose tariffs act on top of today's
//! periods = 2                # of a last state that lasts for ever it is left out
//! ```
//!
//! A scenario file alone is a path of one state. A path is accepted only if neither side gains by leaving it at any stage, where whoever
//! leaves it starts it anew; the gain is printed stage by stage.

use detente_engine::strategy::best_response::{Start, deviation_gains, once_more};
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::payoff::{Game, variables_of};
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::punishment_path::{Leaving, PathPayoffs, StatePayoffs};
use serde::Deserialize;
use toml::Spanned;

use super::bargain::{Disagreement, StruckBargain, disagreement};
use super::board::Board;
use super::certificates::Certificates;
use super::error::NoStrategy;
use super::found::{PunishmentPath, SideLeaving};
use crate::scenario::meant::Scenario;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::nearest::suggestion;
use detente_tables::toml_file;

/// Longest path, periods.
pub const LONGEST: u32 = 400;

/// Tariffs of a state.
#[derive(Clone, Debug)]
pub enum StateTariffs {
    /// The war that the two sides would have.
    War,
    /// Today's.
    Today,
    /// What lapses.
    Lapse,
    /// A scenario's, on top of today's.
    Scenario(Box<Scenario>),
}

/// A state of a path.
#[derive(Clone, Debug)]
pub struct State {
    /// What it is called.
    pub name: String,
    /// Its tariffs.
    pub tariffs: StateTariffs,
    /// How long it lasts; of a last one that lasts for ever it is not read.
    pub periods: u32,
}

/// A punishment as asked for.
#[derive(Clone, Debug)]
pub struct OwnPunishment {
    /// Its name.
    pub name: String,
    /// States in order.
    pub states: Vec<State>,
    /// Whether the deal returns behind them.
    pub returns: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedPath {
    name: Option<String>,
    then: Option<Spanned<String>>,
    state: Vec<Spanned<TypedState>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedState {
    tariffs: Spanned<String>,
    periods: Option<Spanned<u32>>,
}

const THEN: [(&str, bool); 2] = [("return", true), ("for-ever", false)];

impl OwnPunishment {
    /// A scenario as a path of one state that lasts so many `periods`, for ever where none are given.
    pub fn of_scenario(own: Scenario, periods: Option<u32>) -> Self {
        let name = own.name.clone();
        let tariffs = StateTariffs::Scenario(Box::new(own));
        let state = State { name: name.clone(), tariffs, periods: periods.unwrap_or(1) };
        Self { name, states: vec![state], returns: periods.is_some() }
    }

    /// Whether a text is a path of states, in the form at the head of this module, rather than a scenario.
    ///
    /// ```
    /// use detente::strategy::punishment::OwnPunishment;
    ///
    /// assert!(!OwnPunishment::is_path("name = \"a scenario\""));
    /// ```
    pub fn is_path(text: &str) -> bool {
        toml::from_str::<toml::Table>(text).is_ok_and(|table| table.contains_key("state"))
    }

    /// The path of states that a text names; `label` stands for its file in messages, and `scenario` answers for the scenarios it names.
    pub fn parse(label: &str, text: &str, scenario: &OpenScenario<'_>) -> Result<Self, NoStrategy> {
        parse(label, text, scenario)
    }
}

/// What a path of states asks for a scenario that it names.
pub type OpenScenario<'a> = dyn Fn(&str) -> Result<Scenario, Problems> + 'a;

fn parse(label: &str, text: &str, scenario: &OpenScenario<'_>) -> Result<OwnPunishment, NoStrategy> {
    let typed: TypedPath = toml_file::parse(label, text)?;
    let problem = |key: &str, start: usize, finding: Finding| -> NoStrategy {
        Problem::key(label, key, toml_file::line_of(text, start), finding).into()
    };
    let returns = match &typed.then {
        None => false,
        Some(then) => {
            let known = THEN.iter().find(|(word, _)| word == then.as_ref());
            known.map(|(_, returns)| *returns).ok_or_else(|| {
                let found = then.as_ref().clone();
                let suggestion = suggestion(&found, THEN.iter().map(|(word, _)| *word));
                problem("then", then.span().start, Finding::UnknownWord { found, suggestion })
            })?
        }
    };
    let last = typed.state.len().saturating_sub(1);
    let mut states = Vec::new();
    for (k, entry) in typed.state.iter().enumerate() {
        let state = entry.as_ref();
        let for_ever = k == last && !returns;
        let periods = match &state.periods {
            Some(typed) if for_ever => {
                let reason = "the last state lasts for ever: leave `periods` out, or say `then = \"return\"`";
                return Err(problem(
                    "periods",
                    typed.span().start,
                    Finding::Combination { reason: reason.into() },
                ));
            }
            Some(typed) => *typed.as_ref(),
            None if for_ever => 1,
            None => {
                let reason = "is missing: a state that others follow, or that the deal follows, has a length"
                    .to_owned();
                return Err(problem("periods", entry.span().start, Finding::Combination { reason }));
            }
        };
        let name = state.tariffs.as_ref().clone();
        let tariffs = match name.as_str() {
            "war" => StateTariffs::War,
            "today" => StateTariffs::Today,
            "lapse" => StateTariffs::Lapse,
            file => StateTariffs::Scenario(Box::new(scenario(file)?)),
        };
        states.push(State { name, tariffs, periods });
    }
    let length: u64 = states.iter().map(|state| u64::from(state.periods)).sum();
    if states.iter().any(|state| state.periods == 0) || length > u64::from(LONGEST) || states.is_empty() {
        let reason = format!(
            "a path has at least one state, each lasts at least one period and all together at most {LONGEST}; here they last {length}"
        );
        return Err(problem("state", 0, Finding::Combination { reason }));
    }
    Ok(OwnPunishment { name: typed.name.unwrap_or_else(|| label.to_owned()), states, returns })
}

/// A path on a board: what both sides have in each state, and by leaving it.
#[derive(Clone, Debug)]
pub struct PlayedPath {
    /// Names and lengths of the states.
    pub states: Vec<(String, u32)>,
    /// Payoffs of both sides by state: staying, and the best that leaving brings.
    payoffs: Vec<[(f64, f64); 2]>,
    /// Whether the deal returns behind them.
    pub returns: bool,
    /// Certificates of the best ways of leaving.
    pub certified: Certificates,
}

/// Plays a path: the equilibrium of each state and both sides' best ways of leaving it.
pub fn play(
    struck: &mut StruckBargain,
    sides: [usize; 2],
    own: &OwnPunishment,
) -> Result<PlayedPath, NoStrategy> {
    let mut played =
        PlayedPath { states: Vec::new(), payoffs: Vec::new(), returns: own.returns, certified: Vec::new() };
    for state in &own.states {
        let point = match &state.tariffs {
            StateTariffs::War => struck.disagreement_point.clone(),
            StateTariffs::Today => struck.board.today.clone(),
            StateTariffs::Lapse => disagreement(&mut struck.board, Disagreement::Lapse)?.0,
            StateTariffs::Scenario(own) => point_of(&struck.board, own)?,
        };
        let mut staying = vec![0.0; struck.board.base.len()];
        struck.board.game.evaluate(&point, &mut staying)?;
        let mut starts = struck.board.starts();
        starts.push(Start::new("the war", struck.disagreement_point.clone()));
        let leaving =
            deviation_gains(&mut struck.board.game, &sides, &point, &starts, &SearchSettings::default())?;
        let mut payoffs = [0, 1].map(|slot| (staying[sides[slot]], leaving.payoffs[slot]));
        for (slot, response) in leaving.responses.into_iter().enumerate() {
            let (j, settings) = (sides[slot], SearchSettings::default());
            let criterion = WeightedSum::of_player(j, staying.len());
            let chosen = variables_of(&struck.board.game, j);
            let best = once_more(&mut struck.board.game, &criterion, &chosen, response, &settings)?;
            payoffs[slot].1 = payoffs[slot].1.max(best.value);
            let code = struck.board.ground.code(j);
            played.certified.push((format!("{code} leaves `{}`", state.name), best.certificate));
        }
        played.payoffs.push(payoffs);
        played.states.push((state.name.clone(), state.periods));
    }
    Ok(played)
}

/// A scenario's changes, its baseline's first, on today's tariffs.
fn point_of(board: &Board, own: &Scenario) -> Result<Vec<f64>, NoStrategy> {
    let mut case = own.counterfactual.clone();
    if let Some(baseline) = &own.baseline {
        case.changes = baseline.changes.iter().chain(&case.changes).cloned().collect();
    }
    let instruments = case.instruments(&board.ground.calibration.benchmark, None)?;
    Ok(board.point_of(&instruments))
}

impl PlayedPath {
    /// A side's payoffs along the path, in levels from the deal that it stands behind; payoffs are logarithms.
    pub fn of_side(&self, slot: usize, at_deal: f64, deviation: f64) -> PathPayoffs {
        let level = |payoff: f64| (payoff - at_deal).exp_m1();
        let states = self.payoffs.iter().zip(&self.states).map(|(payoffs, (_, periods))| StatePayoffs {
            stay: level(payoffs[slot].0),
            leave: level(payoffs[slot].1),
            periods: *periods,
        });
        PathPayoffs { deal: 0.0, deviation, states: states.collect(), returns: self.returns }
    }

    /// As data, with each side's best way of leaving it.
    pub fn found(&self, leaving: &[Leaving; 2]) -> PunishmentPath {
        let leaving = leaving.each_ref().map(|leaving| SideLeaving {
            gain: leaving.gain,
            state: self.states[leaving.state].0.clone(),
            period: leaving.period + 1,
        });
        PunishmentPath { states: self.states.clone(), returns: self.returns, leaving }
    }
}
