//! How a solve ended. Not converging is an outcome, not an exception.

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All residuals are at or below the tolerance.
    Converged,
    /// The iteration limit was reached first.
    IterationLimit,
    /// No step reduced the residuals any further.
    Stalled,
    /// There is no equilibrium: the deficits ask some economy for a larger surplus than it earns.
    /// Or limits exclude each other, or ask for flows that no price would bring about.
    Infeasible,
}

impl Status {
    /// Whether the numbers may be read.
    pub fn is_converged(&self) -> bool {
        matches!(self, Status::Converged)
    }
}
