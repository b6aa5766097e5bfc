//! Games over one interface: optimal policies, trade wars, talks, deals that hold, deadlines.
//!
//! A [`Game`](payoff::Game) maps instruments to payoffs with exact gradients. Everything here works on that interface alone, so
//! that closed-form games without any trade model test it. Each answer carries its
//! [`StrategyCertificate`](certificate::StrategyCertificate).
//!
//! `payoff, criterion → search → projected_newton → best_response → nash, agreement → reconsider → cooperation → frontier → bargaining, sustain, deadline`.

pub mod agreement;
pub mod bargaining;
pub mod best_response;
pub mod certificate;
pub mod cooperation;
pub mod criterion;
pub mod deadline;
pub mod error;
pub mod frontier;
pub mod handley_limao;
pub mod known_points;
pub mod nash;
pub mod payoff;
pub mod policy;
pub mod policy_risk;
pub mod policy_variable;
pub mod projected_newton;
pub mod punishment_path;
pub mod reconsider;
pub mod reduced;
pub mod remembered;
pub mod renegotiation;
pub mod search;
pub mod sustain;
