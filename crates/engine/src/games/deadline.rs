//! What a deadline is worth: a truce that may be extended, lapse, or become a deal.
//!
//! Each period a side receives the flow of the state it is in; then the state moves. With `V = g + δ M V` the values of the three
//! states solve one small linear system. A truce worth g a period that lapses for good with hazard h, counted from the lapsed
//! state, is worth `V = g/(1 − δ(1−h))`.
//!
//! A static payoff gives the user's own probabilities back: what uncertainty itself costs (entry that waits: [`policy_risk`](super::policy_risk)) is in these
//! numbers where the flows have it. With it those of truce and deal fall and that of a lapse, after which nothing worse can come, does not: one more
//! extension is worth *less*, and what gains value is a longer truce.

use super::error::StrategyError;
use super::policy_risk::PolicyChain;
use super::sustain::check_discount_factor;

/// Sentence that belongs beside every number of this module.
pub const LEAVES_OUT: &str = "leaves out investment that waits, search for suppliers and what firms lose that leave; with risk means that exporters of \
                              manufactures wait, no more";

/// Truces of more periods than this are no truces.
const MOST_PERIODS: usize = 40;

/// Flows per period of one side, all in the same unit and from the same base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateFlows {
    /// While the truce lasts.
    pub truce: f64,
    /// After it has lapsed.
    pub lapsed: f64,
    /// Under a deal.
    pub deal: f64,
}

/// What may happen at each deadline and after. Probabilities are inputs, not findings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deadline {
    /// The truce is extended by another period.
    pub extension: f64,
    /// It becomes a deal; the rest lapses.
    pub deal: f64,
    /// A lapsed truce is restored, per period.
    pub restored: f64,
    /// A deal breaks down into the lapsed state, per period.
    pub breakdown: f64,
}

/// Values of the three states to one side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateValues {
    /// In the truce, its flow of this period included.
    pub truce: f64,
    /// Lapsed.
    pub lapsed: f64,
    /// In a deal.
    pub deal: f64,
}

impl Deadline {
    /// A truce that lapses for good with a hazard per period, and never becomes a deal.
    pub fn with_hazard(hazard: f64) -> Self {
        Self { extension: 1.0 - hazard, deal: 0.0, restored: 0.0, breakdown: 0.0 }
    }

    /// Probability that the truce lapses at a deadline.
    pub fn lapse(&self) -> f64 {
        1.0 - self.extension - self.deal
    }

    fn check(&self) -> Result<(), StrategyError> {
        let all = [
            ("probability of extension", self.extension),
            ("probability of a deal", self.deal),
            ("probability of restoring the truce", self.restored),
            ("probability that the deal breaks down", self.breakdown),
            ("probability of lapse", self.lapse()),
        ];
        let slack = 1e-12;
        match all.into_iter().find(|(_, p)| !(-slack..=1.0 + slack).contains(p)) {
            Some((what, found)) => {
                let rule = "probabilities lie in [0, 1] and those of a deadline sum to one";
                Err(StrategyError::Domain { what, found, rule })
            }
            None => Ok(()),
        }
    }

    /// The states where a truce lasts so many periods: truces by the periods that are left, a fresh one first, then lapsed, then the deal.
    ///
    /// # Errors
    ///
    /// Probabilities outside [0, 1]; a truce of no period.
    pub fn chain(&self, periods: usize, discount: f64) -> Result<PolicyChain, StrategyError> {
        self.check()?;
        if !(1..=MOST_PERIODS).contains(&periods) {
            let rule = "a truce lasts 1 to 40 periods";
            return Err(StrategyError::Domain { what: "periods of a truce", found: periods as f64, rule });
        }
        let (last, lapsed, deal) = (periods - 1, periods, periods + 1);
        let mut transition = vec![vec![0.0; periods + 2]; periods + 2];
        (0..last).for_each(|left| transition[left][left + 1] = 1.0);
        transition[last][0] = self.extension;
        transition[last][lapsed] = self.lapse().max(0.0);
        transition[last][deal] = self.deal;
        transition[lapsed][0] = self.restored;
        transition[lapsed][lapsed] = 1.0 - self.restored;
        transition[deal][lapsed] = self.breakdown;
        transition[deal][deal] = 1.0 - self.breakdown;
        Ok(PolicyChain { transition, discount })
    }

    /// Values of the states: `V = (I − δM)⁻¹ g`, with `M` over (truce, lapsed, deal).
    pub fn values(&self, flows: &StateFlows, discount_factor: f64) -> Result<StateValues, StrategyError> {
        let discount = check_discount_factor("discount factor", discount_factor)?;
        let values = self.chain(1, discount)?.values(&[flows.truce, flows.lapsed, flows.deal])?;
        Ok(StateValues { truce: values[0], lapsed: values[1], deal: values[2] })
    }

    /// What one more extension is worth to a side on the day of the deadline: the truce against its lapse.
    pub fn value_of_extension(&self, flows: &StateFlows, discount_factor: f64) -> Result<f64, StrategyError> {
        let values = self.values(flows, discount_factor)?;
        Ok(values.truce - values.lapsed)
    }

    /// The probability of extension at which a side is indifferent, on the day of the deadline, between waiting (extension with that
    /// probability, else lapse) and taking a deal now that is worth `flows.deal` for ever. Below zero or above one (`None`) it prefers one whatever
    /// the odds; the sign of the comparison then says which.
    pub fn indifference(
        &self,
        flows: &StateFlows,
        discount_factor: f64,
    ) -> Result<Indifference, StrategyError> {
        let values = self.values(flows, discount_factor)?;
        let (wait, lapse, deal) = (values.truce, values.lapsed, values.deal);
        let spread = wait - lapse;
        if spread.abs() <= f64::EPSILON * (wait.abs() + lapse.abs()) {
            return Ok(if deal >= wait { Indifference::AlwaysDeal } else { Indifference::AlwaysWait });
        }
        let probability = (deal - lapse) / spread;
        Ok(match probability {
            p if (0.0..=1.0).contains(&p) => Indifference::At(p),
            _ if deal >= wait.max(lapse) => Indifference::AlwaysDeal,
            _ => Indifference::AlwaysWait,
        })
    }
}

/// When a side would rather wait than take the deal on the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Indifference {
    /// Above this probability of extension it waits (where the truce is the better of the two outcomes of waiting).
    At(f64),
    /// The deal is better whatever the odds.
    AlwaysDeal,
    /// Waiting is better whatever the odds.
    AlwaysWait,
}
