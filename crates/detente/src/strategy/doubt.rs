//! What doubt about tariffs costs, and how it is asked.

use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::sustain::per_period;
use serde::Serialize;

use super::odds::Odds;

/// How exporters answer doubt: inputs of the user's, shown with the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doubt {
    /// β a year, an exporter's survival included.
    pub yearly: f64,
    /// How firms' sales are spread (κ).
    pub tail: f64,
    /// Periods of the longer truce that is valued beside one of a single period.
    pub periods: usize,
}

impl Default for Doubt {
    fn default() -> Self {
        // Handley & Limão (2017): β 0.85; k 4.452 over σ − 1 = 2.
        Self { yearly: 0.85, tail: 2.226, periods: 4 }
    }
}

impl Doubt {
    /// Refuses what is outside its domain before anything is solved.
    pub fn check(&self, odds: &Odds) -> Result<(), StrategyError> {
        let domain = |what, found, rule| Err(StrategyError::Domain { what, found, rule });
        odds.deadline.chain(self.periods, 0.5)?;
        match self.tail > 1.0 && self.tail.is_finite() {
            true => per_period(self.yearly, odds.period_days).map(|_| ()),
            false => domain("tail of firms' sales", self.tail, "a tail above one, for sales to have a mean"),
        }
    }
}

/// A deadline with what doubt does to entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeadlineRisk {
    /// Periods of the longer truce.
    pub truce_periods: usize,
    /// β a year of exporters.
    pub yearly_discount_of_exporters: f64,
    /// How firms' sales are spread.
    pub firm_size_tail: f64,
    /// Whose entry waits.
    pub sectors: &'static str,
    /// One a side.
    pub sides: Vec<SideRisk>,
}

/// Doubt to one side: flows are shares of its income a year, values of a year's income, both from today's tariffs as if they stood for ever.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideRisk {
    /// Code of the side.
    pub player: String,
    /// What doubt costs in the truce, a year, in the long run.
    pub cost_per_year: f64,
    /// The same where the truce is the longer one, in its first period.
    pub cost_per_year_under_the_longer: f64,
    /// Keeping the truce alive where nobody waits.
    pub extension_certain: f64,
    /// The same where exporters wait.
    pub extension: f64,
    /// The truce with its doubt.
    pub truce: f64,
    /// What a fresh truce of several periods is worth over one of a single period, where nobody waits.
    pub longer_certain: f64,
    /// The same where exporters wait.
    pub longer: f64,
    /// What today's tariffs for ever would be worth over the truce.
    pub for_ever: f64,
    /// What doubt does to its imports from the other side, percent.
    pub imports_pct: f64,
}
