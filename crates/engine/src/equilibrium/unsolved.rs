//! How a solve ends: with an equilibrium, or with the reason why there is none to hand out.

use std::fmt;

use super::Equilibrium;
use super::certificate::Certificate;
use crate::error::EngineError;

/// How a solve ended. Not converging is an outcome, not an exception; but then there are no numbers.
#[derive(Clone, Debug)]
#[must_use]
pub enum Solution {
    /// Every equation holds to the tolerance, and the certificate says so.
    Solved(Box<Equilibrium>),
    /// Some do not.
    Unsolved(Box<Unsolved>),
}

impl Solution {
    /// The equilibrium, or why there is none.
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
    /// let settings = SolveSettings::default();
    /// let before = solver.solve(Instruments::of(&benchmark), &settings, None)?.solved()?;
    /// assert_eq!(before.wage_hat.len(), 2, "an equilibrium is had only where there is one");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn solved(self) -> Result<Equilibrium, Box<Unsolved>> {
        match self {
            Self::Solved(equilibrium) => Ok(*equilibrium),
            Self::Unsolved(unsolved) => Err(unsolved),
        }
    }

    /// Whether there is an equilibrium.
    pub fn is_solved(&self) -> bool {
        matches!(self, Self::Solved(_))
    }

    /// The certificate of the point that was reached.
    pub fn certificate(&self) -> &Certificate {
        match self {
            Self::Solved(equilibrium) => &equilibrium.certificate,
            Self::Unsolved(unsolved) => &unsolved.certificate,
        }
    }
}

/// Why a solve ended without an equilibrium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The limit of steps was reached.
    IterationLimit,
    /// No step reduced the residuals any further.
    Stalled,
    /// The search came to rest, but a residual of the certificate stays above the tolerance.
    AboveTolerance,
    /// There is no equilibrium: deficits as they are given ask this economy to pay out more than it earns.
    PaysMoreThanItEarns {
        /// Its code.
        economy: String,
    },
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::IterationLimit => f.write_str("the limit of steps was reached"),
            Cause::Stalled => f.write_str("no step came any closer"),
            Cause::AboveTolerance => {
                f.write_str("the search came to rest above the tolerance, at the limit of rounding")
            }
            Cause::PaysMoreThanItEarns { economy } => write!(
                f,
                "there is no equilibrium: with its deficit as given {economy} would have to pay out more than it earns, so that its \
                 income would be negative"
            ),
        }
    }
}

/// A solve without an equilibrium: why, and how far it came. It holds no numbers of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsolved {
    /// Why.
    pub cause: Cause,
    /// Residuals of the point that was reached, and the work it took.
    pub certificate: Certificate,
}

impl fmt::Display for Unsolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Certificate { iterations, evaluations, .. } = self.certificate;
        write!(f, "{} ({iterations} iterations, {evaluations} evaluations)", self.cause)
    }
}

impl std::error::Error for Unsolved {}

impl From<Box<Unsolved>> for EngineError {
    fn from(unsolved: Box<Unsolved>) -> Self {
        Self::Unsolved(unsolved.to_string())
    }
}
