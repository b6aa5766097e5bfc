//! An answer to a question about strategy: the point as a counterfactual, what everybody's objective does, how the point is established, and
//! what was found beside it.

use detente_engine::calibration::SolveSettings;
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::payoff::Game;

use super::baseline_world::{BaselineWorld, GameDeficits, StartingTariffs};
use super::board::{Board, Others};
use super::certificates::Certificates;
use super::error::NoStrategy;
use super::found::{DrawnGames, Found, Loser};
use super::objectives::ObjectiveKind;
use super::observed::Observed;
use super::pictures::Pictures;
use super::policies::{self, PartnerTreatment, PolicyAtPoint};
use super::split::Split;
use crate::capital::{self, NoCapital};
use crate::counterfactual::Counterfactual;

/// What a question about strategy found.
#[derive(Debug)]
pub struct Answer {
    /// What it is and for whom, in one line.
    pub title: String,
    /// The point as a counterfactual against the game's baseline.
    pub counterfactual: Counterfactual,
    /// Each economy's objective, percent change from today.
    pub objective_pct: Vec<Option<f64>>,
    /// How the point is established.
    pub certificate: StrategyCertificate,
    /// Certificates of all points that the answer rests on, where there are others than this one.
    pub certified: Certificates,
    /// Which tariffs changes are from.
    pub start: StartingTariffs,
    /// What kind of objective the players have.
    pub objective: ObjectiveKind,
    /// What readers call it.
    pub objective_name: String,
    /// Who chose.
    pub players: Vec<usize>,
    /// Their codes.
    pub player_codes: Vec<String>,
    /// What the others do.
    pub others: Others,
    /// Deficits of the game.
    pub deficits: GameDeficits,
    /// How many variables the game has.
    pub variables: usize,
    /// The economy outside the game that fares worst.
    pub largest_loser_outside: Option<Loser>,
    /// Whether the players treat partners alike.
    pub most_favoured_nation: Vec<PartnerTreatment>,
    /// The policies of the point.
    pub policies: Vec<PolicyAtPoint>,
    /// What of a deal's gains needs no deal, where two sides were asked about.
    pub split: Option<Split>,
    /// What trade between the players was in the latest year on record.
    pub observed: Option<Observed>,
    /// What was found beside the point.
    pub found: Found,
    /// The same question under draws of elasticities, where it was asked so.
    pub draws: Option<DrawnGames>,
    /// Curves of the same question for pictures, where they were asked for.
    pub pictures: Option<Pictures>,
}

impl Answer {
    /// The answer at a point of a board.
    pub fn at(
        board: &mut Board,
        title: String,
        point: &[f64],
        certificate: StrategyCertificate,
    ) -> Result<Self, NoStrategy> {
        let equilibrium = board.game.equilibrium(point)?;
        let mut payoffs = vec![0.0; board.base.len()];
        board.game.evaluate(point, &mut payoffs)?;
        let counterfactual = board.ground.counterfactual(equilibrium).map_err(StrategyError::from)?;
        let objective_pct = board.objective_pct(&payoffs);
        let welfare = |j: usize| counterfactual.outcomes.economies[j].welfare_pct;
        let outside = (0..payoffs.len()).filter(|j| !board.seats.contains(j));
        let worst = outside.filter_map(|j| Some((j, welfare(j)?))).min_by(|a, b| a.1.total_cmp(&b.1));
        let largest_loser_outside =
            worst.map(|(j, welfare_pct)| Loser { economy: board.ground.code(j).to_owned(), welfare_pct });
        let most_favoured_nation = policies::most_favoured_nation(board, &counterfactual);
        let policies = policies::of_point(board, point, &counterfactual);
        Ok(Self {
            title,
            counterfactual,
            objective_pct,
            certificate,
            certified: Vec::new(),
            start: board.ground.start(),
            objective: board.objectives.kind,
            objective_name: board.objectives.name.clone(),
            players: board.seats.clone(),
            player_codes: board.names().into_iter().map(str::to_owned).collect(),
            others: board.others,
            deficits: board.ground.deficits,
            variables: board.game.variables().len(),
            largest_loser_outside,
            most_favoured_nation,
            policies,
            split: None,
            observed: Observed::between(&board.names()),
            found: Found::Point,
            draws: None,
            pictures: None,
        })
    }

    /// The same with what happens once capital has answered beside it.
    ///
    /// # Errors
    ///
    /// A benchmark without tables of capital, settings that capital is not written for, a point without a solution.
    pub fn with_capital(mut self, ground: &BaselineWorld) -> Result<Self, NoStrategy> {
        let answer = &mut self.counterfactual;
        let closure = &ground.calibration.closure;
        let compared = [answer.baseline.instruments.as_ref(), answer.equilibrium.instruments.as_ref()];
        let notes =
            capital::ready(ground.calibration.control(), ground.directory, &ground.calibration, [closure; 2])
                .and_then(|ready| ready.beside(&mut answer.outcomes, compared, &SolveSettings::default()))
                .map_err(|error| match error {
                    NoCapital::Tables(problems) => NoStrategy::Unknown(problems.to_string()),
                    NoCapital::Refused(refusal) => StrategyError::from(refusal).into(),
                })?;
        answer.scenario.capital_answers = true;
        answer.notes.extend(notes);
        Ok(self)
    }

    /// Certificates of all points that the answer rests on, by name.
    pub fn all_certificates(&self) -> Certificates {
        if self.certified.is_empty() {
            vec![("the point shown".to_owned(), self.certificate.clone())]
        } else {
            self.certified.clone()
        }
    }
}
