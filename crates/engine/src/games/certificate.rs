//! Certificates: how well a strategic point is established, and what it took.

/// Work of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effort {
    /// Payoffs evaluated (equilibria solved).
    pub evaluations: usize,
    /// Gradients taken, those inside differences included.
    pub gradients: usize,
    /// Products with the second derivative.
    pub curvature_products: usize,
    /// Largest residual of all points evaluated, as the game reports it; zero for games in closed form.
    pub worst_residual: f64,
}

impl Effort {
    /// Adds the work of another search.
    pub fn add(&mut self, other: Effort) {
        self.worst_residual = self.worst_residual.max(other.worst_residual);
        self.evaluations += other.evaluations;
        self.gradients += other.gradients;
        self.curvature_products += other.curvature_products;
    }
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SearchStatus {
    /// The scaled projected gradient is at or below the tolerance.
    #[default]
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
#[derive(Clone, Debug, PartialEq, Default)]
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

impl StrategyCertificate {
    /// Takes over what another search of the same criterion found: its starts, its optima and its work. `rise` is by how much it beat the
    /// point that is certified here, which stands until somebody adopts the other.
    pub fn also(&mut self, other: &StrategyCertificate, rise: f64) {
        self.best_response_gain = Some(self.best_response_gain.unwrap_or(0.0).max(rise));
        self.starts += other.starts;
        for optimum in &other.optima {
            self.count(optimum.clone());
        }
        self.effort.add(other.effort);
        self.seconds += other.seconds;
    }

    /// How many optima were found: points at which a search came to rest.
    pub fn local_optima(&self) -> usize {
        self.optima.iter().filter(|optimum| optimum.status.is_converged()).count()
    }

    /// Counts an optimum once more, or as a new one.
    pub fn count(&mut self, optimum: LocalOptimum) {
        match self.optima.iter_mut().find(|known| (known.value - optimum.value).abs() <= SAME_OPTIMUM) {
            Some(known) => known.found_by += optimum.found_by,
            None => self.optima.push(optimum),
        }
        self.optima.sort_by(|a, b| b.value.total_cmp(&a.value));
    }
}

/// Values closer than this are one optimum.
pub const SAME_OPTIMUM: f64 = 1e-9;
