//! What can be wrong with a question about strategy.

/// A game, talks or a repeated game that cannot be played as asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StrategyError {
    /// A player that the game does not have.
    #[error("player `{found}` is not in the game; its players are {known}")]
    UnknownPlayer {
        /// Code asked for.
        found: String,
        /// Codes there are.
        known: String,
    },
    /// A player without anything to choose.
    #[error("player `{player}` has no instruments: nothing to choose")]
    NoInstruments {
        /// Its code.
        player: String,
    },
    /// An array of the wrong length.
    #[error("{what}: {found} values where the game has {expected}")]
    Size {
        /// Which array.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The right length.
        expected: usize,
    },
    /// Bounds that exclude every value, or none at all.
    #[error("bounds of variable {variable}: lower {lower}, upper {upper}; both must be finite and in order")]
    Bounds {
        /// Its position.
        variable: usize,
        /// Lower bound.
        lower: f64,
        /// Upper bound.
        upper: f64,
    },
    /// A start that is no number.
    #[error("start of variable {variable}: {found} is not a finite number")]
    Start {
        /// Its position.
        variable: usize,
        /// What was found.
        found: f64,
    },
    /// A number outside its domain.
    #[error("{what}: {found} is not allowed; {rule}")]
    Domain {
        /// Which quantity.
        what: &'static str,
        /// The number.
        found: f64,
        /// What would be right.
        rule: &'static str,
    },
    /// The economy has no solution at a point.
    #[error("no equilibrium at this point: {0}")]
    Unsolved(String),
    /// The economy refuses the question.
    #[error(transparent)]
    Economy(#[from] crate::error::EngineError),
    /// Talks in which no point leaves everybody at the table better off.
    #[error("empty zone: {0}")]
    EmptyZone(String),
    /// A search did not end at an optimum; what it reached is not reported as one.
    #[error("{search} not converged: {reason}")]
    NotConverged {
        /// Which search.
        search: &'static str,
        /// How it stopped.
        reason: String,
    },
}
