//! How a search ended, as the methods tell each other; whoever asked for a solve is told by a
//! [`Solution`](crate::equilibrium::Solution).

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// All residuals are at or below the tolerance.
    Converged,
    /// The iteration limit was reached first, or the flag to stop was set.
    IterationLimit,
    /// No step reduced the residuals any further.
    Stalled,
    /// There is no equilibrium: the deficits ask this economy for a larger surplus than it earns.
    PaysMoreThanItEarns(usize),
}

impl Status {
    /// Whether the point solves the equations.
    pub fn is_converged(&self) -> bool {
        matches!(self, Status::Converged)
    }
}
