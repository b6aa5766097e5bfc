//! Why a question about strategy has no answer.

use detente_engine::error::EngineError;
use detente_engine::strategy::error::StrategyError;

use crate::counterfactual::NoAnswer;
use detente_tables::diagnostics::{Problem, Problems};

/// Why a question about strategy has no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoStrategy {
    /// The world that the game starts from cannot be had.
    #[error(transparent)]
    World(#[from] NoAnswer),
    /// The input is wrong.
    #[error(transparent)]
    Input(#[from] Problems),
    /// Something asked for does not exist.
    #[error("{0}")]
    Unknown(String),
    /// An objective of the asker's own cannot be used.
    #[error("objective `{name}`: {reason}")]
    Objective {
        /// What it is called.
        name: String,
        /// Why.
        reason: String,
    },
    /// A list of the record is an instrument, and the game is on no talks.
    #[error("list `{list}`: a list of the record needs the talks it belongs to")]
    ListWithoutTalks {
        /// The record's name of the list.
        list: String,
    },
    /// What lapses was asked for where nothing does.
    #[error(
        "what lapses needs talks of the record with a deadline ahead, or a scenario whose own changes are what lapses; here nothing lapses"
    )]
    NothingLapses,
    /// The game refuses, or found nothing.
    #[error(transparent)]
    Game(#[from] StrategyError),
}

impl From<Problem> for NoStrategy {
    fn from(problem: Problem) -> Self {
        NoStrategy::Input(problem.into())
    }
}

impl NoStrategy {
    /// Whether the input is wrong, rather than the question without an answer.
    pub fn is_wrong_input(&self) -> bool {
        match self {
            NoStrategy::World(world) => world.is_wrong_input(),
            NoStrategy::Input(_)
            | NoStrategy::Unknown(_)
            | NoStrategy::Objective { .. }
            | NoStrategy::ListWithoutTalks { .. }
            | NoStrategy::NothingLapses => true,
            NoStrategy::Game(game) => !matches!(
                game,
                StrategyError::Unsolved(_)
                    | StrategyError::NotConverged { .. }
                    | StrategyError::EmptyZone(_)
                    | StrategyError::Economy(EngineError::Unsolved(_) | EngineError::Stopped)
            ),
        }
    }
}
