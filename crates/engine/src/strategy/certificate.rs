//! Certificates: how well a strategic point is established, and what it took.

/// Work of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Payoffs evaluated (equilibria solved).
    pub evaluations: usize,
    /// Gradients taken, those inside differences included.
    pub gradients: usize,
    /// Products with the second derivative.
    pub curvature_products: usize,
}

impl Effort {
    /// Adds the work of another search.
    pub fn add(&mut self, other: Effort) {
        self.evaluations += other.evaluations;
        self.gradients += other.gradients;
        self.curvature_products += other.curvature_products;
    }
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchStatus {
    /// The scaled projected gradient is at or below the tolerance.
    Converged,
    /// The iteration limit was reached first.
    IterationLimit,
    /// No step improved any further, above the tolerance.
    Stalled,
}

impl SearchStatus {
    /// Whether the point is an optimum to the tolerance.
    pub fn is_converged(self) -> bool {
        matches!(self, SearchStatus::Converged)
    }
}

/// An optimum that a start led to.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalOptimum {
    /// Name of the start that found it first.
    pub start: String,
    /// Value of the objective.
    pub value: f64,
    /// How many starts led here.
    pub found_by: usize,
    /// How the search ended.
    pub status: SearchStatus,
}

/// What stands behind a best response, a Nash point, an agreement.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyCertificate {
    /// Largest projected gradient, in the unit of the payoffs.
    pub projected_gradient: f64,
    /// Largest gain that any player could still make by re-optimising from all starts (payoff unit); for an agreement the largest
    /// rise of its criterion. `None` if nobody re-optimised.
    pub best_response_gain: Option<f64>,
    /// Starts tried, per player or in all.
    pub starts: usize,
    /// Distinct optima found, best first.
    pub optima: Vec<LocalOptimum>,
    /// How the search ended.
    pub status: SearchStatus,
    /// Work done.
    pub effort: Effort,
    /// Wall-clock seconds.
    pub seconds: f64,
}
