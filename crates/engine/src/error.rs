//! What can be wrong with a question put to the engine.

/// A question that the engine refuses, with what was found and what would be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// An array does not have the size that the benchmark asks for.
    #[error("{what}: {found} values where the benchmark has {expected}")]
    Size {
        /// Which array.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The right length.
        expected: usize,
    },
    /// A number is outside its domain.
    #[error("{what}{place}: {found} is not allowed; {rule}")]
    Domain {
        /// Which quantity.
        what: &'static str,
        /// Where, for instance ` [USA, CHN, AGR]`; may be empty.
        place: String,
        /// The number found.
        found: f64,
        /// What would be right.
        rule: &'static str,
    },
    /// A closure needs a parameter that no data give.
    #[error("`{parameter}` is needed under {setting} and has no default; the literature uses {range}")]
    Parameter {
        /// Key of the scenario file.
        parameter: &'static str,
        /// Setting that asks for it.
        setting: &'static str,
        /// Range used in the literature.
        range: &'static str,
    },
    /// An equilibrium that had to be there was not found.
    #[error("{0}")]
    Unsolved(String),
    /// The stop flag was set before there was an answer.
    #[error("stopped before there was an answer")]
    Stopped,
    /// Settings that the theory does not allow together, or data that a setting cannot use.
    #[error("{setting} refused: {reason}")]
    Refused {
        /// Setting.
        setting: &'static str,
        /// Reason, with the cells concerned.
        reason: String,
    },
}
