//! The average tariff of one side on the other as steps over time, layer by layer, with what returns if nobody signs.

/// One layer of a stepped tariff: the authority and its average contribution, a fraction, from each date on.
#[derive(Clone, Debug, PartialEq)]
pub struct StepLayer {
    /// Authority, as the ledger names it.
    pub authority: String,
    /// `(ISO date, fraction)`: the value holds from that date to the next. All layers of a panel share their dates.
    pub steps: Vec<(String, f64)>,
}

/// The stepped tariff of one importer on one exporter.
#[derive(Clone, Debug, PartialEq)]
pub struct SteppedTariff {
    /// The finding, for instance "United States on China: 57.4% on 2025-09-16".
    pub title: String,
    /// Layers from the bottom up.
    pub layers: Vec<StepLayer>,
    /// What the average would be after the deadline if nobody signs: `(ISO date, fraction)`.
    pub snap_back: Vec<(String, f64)>,
}
