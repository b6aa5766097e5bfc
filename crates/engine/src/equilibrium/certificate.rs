//! The certificate that comes with every solve.

use super::route::Route;

/// Largest residuals by block of equations and the work it took. A residual is
/// `|lhs − rhs| / max(|lhs|, 1e-9 × block mean)`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Certificate {
    /// Largest residual of each block, by name (`price`, `output`, `income`, `factor_market`, `limit`).
    pub residuals: Vec<(&'static str, f64)>,
    /// Residual of the equation that Walras' law makes redundant.
    pub walras: f64,
    /// How the point was found; empty where none was.
    pub route: Route,
    /// Newton steps taken.
    pub iterations: usize,
    /// Evaluations of the full system.
    pub evaluations: usize,
    /// Work in sweeps: one sweep is one pass of the price map and of the expenditure map, or of their derivative.
    pub sweeps: usize,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Under free entry: sectors that stand empty.
    pub corners: Option<Corners>,
}

/// Sectors of economies that have ceased to produce under free entry (less than 1e-9 of the mean output).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corners {
    /// How many that produce in the data.
    pub empty: usize,
    /// What the first firm to come back would gain, as a share of its cost, where that is largest; zero or below wherever the
    /// corner is an equilibrium.
    pub largest_gain: f64,
}

impl Certificate {
    /// The largest residual over all blocks.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    /// use detente_engine::calibration::SolveSettings;
    /// use detente_engine::closure::Closure;
    /// use detente_engine::instruments::Instruments;
    /// use detente_engine::solver::Solver;
    ///
    /// let benchmark = Benchmark::example();
    /// let solver = Solver::new(&benchmark, &Closure::default())?;
    /// let found = solver.solve(Instruments::of(&benchmark), &SolveSettings::default(), None)?;
    /// assert!(found.certificate().max_residual() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn max_residual(&self) -> f64 {
        self.residuals.iter().map(|(_, value)| *value).fold(0.0, f64::max)
    }
}
