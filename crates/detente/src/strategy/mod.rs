//! Strategy on a benchmark: what each side would do alone, what a war settles at, where a deal can lie, what holds it, what a deadline
//! is worth.
//!
//! A question names players, instruments and objectives; [`baseline_world`] lays the balanced world that every game starts from,
//! [`board`] sets the pieces, and one file per question plays: [`nash`], [`bargain`], [`frontier`], [`sustain`],
//! [`deadline`]; [`day`] takes today's tariffs and what lapses from the record. [`answer`] writes what was found
//! in the contract's layout. No answer says "optimal" without saying for whom.

pub mod answer;
pub mod bargain;
pub mod baseline_world;
pub mod board;
pub mod calibrated;
pub mod certificates;
pub mod curves;
pub mod day;
pub mod deadline;
pub mod doubt;
pub mod draws;
pub mod error;
pub mod first_order;
pub mod found;
pub mod frontier;
pub mod instruments;
pub mod nash;
pub mod objectives;
pub mod observed;
pub mod odds;
pub mod own_objective;
pub mod penance;
pub mod pictures;
pub mod point_table;
pub mod policies;
pub mod political;
pub mod punishment;
pub mod risk;
pub mod side_payments;
pub mod split;
pub mod sustain;
pub mod tagged;
