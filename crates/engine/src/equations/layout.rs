//! Where the unknowns stand in their vector.

use crate::model::calibration::Calibration;

/// Sizes of the blocks: wages, hours and prices in logarithms, incomes and outputs in levels, wedges of limits in
/// logarithms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// Number of economies.
    pub n: usize,
    /// Number of pairs.
    pub pairs: usize,
    /// Number of limits.
    pub limits: usize,
}

/// A vector seen by blocks.
pub(crate) struct Blocks<'a> {
    pub wage: &'a [f64],
    pub hours: &'a [f64],
    pub income: &'a [f64],
    pub price: &'a [f64],
    pub output: &'a [f64],
    pub limit: &'a [f64],
}

/// A vector seen by blocks, to be written.
pub(crate) struct BlocksMut<'a> {
    pub wage: &'a mut [f64],
    pub hours: &'a mut [f64],
    pub income: &'a mut [f64],
    pub price: &'a mut [f64],
    pub output: &'a mut [f64],
    pub limit: &'a mut [f64],
}

impl Layout {
    pub fn new(calibration: &Calibration, limits: usize) -> Self {
        Self { n: calibration.dimensions.economies, pairs: calibration.dimensions.pairs(), limits }
    }

    pub fn len(&self) -> usize {
        3 * self.n + 2 * self.pairs + self.limits
    }

    pub fn split<'a>(&self, z: &'a [f64]) -> Blocks<'a> {
        let (wage, rest) = z.split_at(self.n);
        let (hours, rest) = rest.split_at(self.n);
        let (income, rest) = rest.split_at(self.n);
        let (price, rest) = rest.split_at(self.pairs);
        let (output, limit) = rest.split_at(self.pairs);
        Blocks { wage, hours, income, price, output, limit }
    }

    pub fn split_mut<'a>(&self, z: &'a mut [f64]) -> BlocksMut<'a> {
        let (wage, rest) = z.split_at_mut(self.n);
        let (hours, rest) = rest.split_at_mut(self.n);
        let (income, rest) = rest.split_at_mut(self.n);
        let (price, rest) = rest.split_at_mut(self.pairs);
        let (output, limit) = rest.split_at_mut(self.pairs);
        BlocksMut { wage, hours, income, price, output, limit }
    }
}
