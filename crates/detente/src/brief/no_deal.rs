//! Why no deal between two sides is shown.

use crate::counterfactual::NoAnswer;
use crate::ledger_tariffs::LedgerTariffError;
use crate::strategy::error::NoStrategy;

/// Why no deal is shown.
#[derive(Debug, thiserror::Error)]
pub enum NoDeal {
    /// The game has no answer.
    #[error(transparent)]
    Strategy(#[from] NoStrategy),
    /// The world that it starts from cannot be had.
    #[error(transparent)]
    World(#[from] NoAnswer),
    /// The record's tariffs cannot be laid on the world.
    #[error(transparent)]
    Record(#[from] LedgerTariffError),
    /// The talks have no two sides.
    #[error("the talks have {0} parties; the plane has room for two")]
    Sides(usize),
}
