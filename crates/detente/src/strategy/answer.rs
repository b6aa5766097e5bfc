//! An answer to a question about strategy: the point as a counterfactual, what everybody's objective does, how the point is established, and
//! what was found beside it.

use detente_engine::horizon::Horizon;
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::payoff::Game;
use serde_json::{Map, Value, json};

use super::baseline_world::StartingTariffs;
use super::board::Board;
use super::certificates::Certificates;
use super::error::NoStrategy;
use super::found::{DrawnGames, Found};
use super::objectives::ObjectiveKind;
use super::tagged::tagged;
use crate::counterfactual::Counterfactual;
use crate::results::tags::Tag;
use detente_tables::atomic_write::Files;

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
    /// Whether every player wants its own welfare.
    pub objective: ObjectiveKind,
    /// Who chose.
    pub players: Vec<usize>,
    /// What was found beside the point.
    pub found: Found,
    /// The same question under draws of elasticities, where it was asked so.
    pub draws: Option<DrawnGames>,
    /// Fields of `summary.json` that belong to the question.
    pub fields: Map<String, Value>,
    /// How the numbers among them came about, where they do not say so themselves.
    pub tags: Vec<(&'static str, Tag)>,
    /// Files that belong to the question.
    pub files: Files,
    /// Lines for people.
    pub lines: Vec<String>,
    /// How many of them, at the front, answer the question itself.
    pub headlines: usize,
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
        let mut lines = vec![format!("{}; {}", board.others.words(), deficits_in_words(board))];
        let mut fields = Map::new();
        fields.insert("title".into(), json!(title));
        fields.insert("players".into(), json!(board.names()));
        fields.insert("objective".into(), json!(board.objectives.name));
        fields.insert("others".into(), json!(board.others.word()));
        fields.insert("deficits".into(), json!(board.ground.deficits.word()));
        fields.insert("variables".into(), json!(board.game.variables().len()));
        let welfare = |j: usize| counterfactual.outcomes.economies[j].welfare_pct;
        let outside = (0..payoffs.len()).filter(|j| !board.seats.contains(j));
        let worst = outside.filter_map(|j| Some((j, welfare(j)?))).min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((j, change)) = worst {
            let code = board.ground.code(j);
            let loser = json!({ "economy": code, "welfare_pct": change });
            let tags = [("welfare_pct", Tag::Model)];
            fields.insert(
                "largest_loser_outside".into(),
                tagged(loser, Horizon::Long, board.ground.start().words(), &tags),
            );
            lines.push(format!(
                "of the economies outside the game {code} fares worst: welfare {change:+.3} percent"
            ));
        }
        let treatment = super::words::most_favoured_nation(board, &counterfactual);
        fields.insert("most_favoured_nation".into(), json!(treatment));
        lines.extend(treatment);
        lines.extend(super::words::point(board, point, &counterfactual));
        Ok(Self {
            title,
            counterfactual,
            objective_pct,
            certificate,
            certified: Vec::new(),
            start: board.ground.start(),
            objective: board.objectives.kind,
            players: board.seats.clone(),
            found: Found::Point,
            draws: None,
            fields,
            tags: Vec::new(),
            files: Vec::new(),
            lines,
            headlines: 0,
        })
    }

    /// Says how the number of a field came about.
    pub fn tag(&mut self, field: &'static str, tag: Tag) {
        self.tags.push((field, tag));
    }

    /// Puts the lines that answer the question before the others.
    pub fn lead(&mut self, mut lines: Vec<String>) {
        self.headlines += lines.len();
        lines.append(&mut self.lines);
        self.lines = lines;
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

fn deficits_in_words(board: &Board) -> String {
    match board.ground.deficits {
        super::baseline_world::GameDeficits::Zero => "trade balanced before the game begins".into(),
        super::baseline_world::GameDeficits::Observed => "observed deficits held fixed".into(),
    }
}
