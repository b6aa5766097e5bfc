//! The duty on a tariff line: which layers of the schedule reach it, how they stack, and what they come to.
//!
//! A **layer** is one measure at one rate on the day. Its **scope** says which goods it reaches and on what share of their
//! value. **Stacking** is a table of rules between families of layers, read from data: within some families only the highest
//! layer counts; some families keep others off the goods they cover. What is left adds up:
//!
//! ```text
//! duty = base + Σ rate(layer) · reach(layer)        reach: share of the customs value, after stacking
//! ```
//!
//! Where the record knows a reach or a rate only within bounds, everything is carried as an [`Estimate`] and the answer is a
//! range with the question that would settle it.

mod answer;
mod branches;
mod effect;
mod estimate;
mod ground;
mod known_goods;
mod layer;
mod line_duty;
mod precedence;
mod qualified;
mod question;
mod scope;
mod stacking;

pub use answer::{Alternative, Answer, Part, Provenance, WeightedAverage};
pub use branches::answer;
pub(crate) use branches::loading_words;
pub use effect::{Effect, FloorBase, SpecificAmount};
pub use estimate::{Bound, Estimate};
pub use ground::{Case, Ground, Offer, Removed};
pub use layer::{Layer, Setting, Standing};
pub(crate) use line_duty::rate;
pub use line_duty::{Charge, Goods, LineDuty, Outcome, charge, charge_in, reaches};
pub(crate) use precedence::Precedence;
pub use qualified::{AnswerGiven, Bounds, ConditionAsked, Qualified};
pub use question::{Question, Settled};
pub use scope::{ExceptEntry, Meets, Membership, Reach, Scope, ScopeEntry, ScopeRule};
pub use stacking::{ActiveRules, Names, RuleKind, Stacking, StackingRule};
