//! What may happen at a deadline.

use detente_engine::strategy::deadline::{Deadline, StateFlows};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::sustain::per_period;

/// What may happen at the deadline: inputs of the user's, shown with the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    /// Probabilities.
    pub deadline: Deadline,
    /// Discount factor per year.
    pub yearly: f64,
    /// Days of an extension.
    pub period_days: f64,
}

impl Odds {
    /// Refuses probabilities and discount factors outside their domain before anything is solved.
    pub fn check(&self) -> Result<(), StrategyError> {
        let nothing = StateFlows { truce: 0.0, lapsed: 0.0, deal: 0.0 };
        self.deadline.values(&nothing, per_period(self.yearly, self.period_days)?).map(|_| ())
    }
}
