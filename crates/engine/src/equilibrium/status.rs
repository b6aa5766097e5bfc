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
    /// The fixed deficits ask some economies for a larger surplus than they earn: the equations' root has a negative
    /// budget, which is no equilibrium.
    Infeasible,
}

impl Status {
    /// Whether the numbers may be read.
    pub fn is_converged(&self) -> bool {
        matches!(self, Status::Converged)
    }
}
