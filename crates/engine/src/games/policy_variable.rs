//! Who plays, and with which policies.

use crate::objective::Objective;

/// What a policy variable sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// The import tariff: `u = ln(1+t)`.
    Tariff,
    /// The export tax: `u = ln(1+e)`.
    ExportTax,
    /// Iceberg costs relative to the data: `u = ln d̂`.
    TradeCost,
    /// One rate on a list of goods: `u` is what it adds to today's rate on the list, in fractions, and each cell's tariff moves by
    /// its offset, the share of its trade on the list, times `u`. Lists that share cells add up.
    ListRate,
    /// A purchase commitment: the least that the cells' border values come to together, `u` times what they come to in the data; none at
    /// zero. Where the market buys less, the importer pays its buyers the difference (the limit's rent is its own). Offsets are not read.
    Purchases,
}

/// One policy variable.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyVariable {
    /// The player who sets it.
    pub player: usize,
    /// What it sets.
    pub kind: PolicyKind,
    /// Cells and their offsets in u; for a list the shares of the cells on it.
    pub cells: Vec<(usize, f64)>,
    /// Smallest and largest u.
    pub bounds: (f64, f64),
}

/// A player: an economy's government, and what it wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    /// Code.
    pub code: String,
    /// What it maximises.
    pub objective: Objective,
}
