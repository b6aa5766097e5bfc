//! Quantity limits: caps and floors on sums of flows, each with one wedge.
//!
//! With V the sum and f the logarithm of `1+μ` (positive under a cap, negative under a floor), the condition
//! "the wedge is zero or the limit binds" is the one equation `ln V = clamp(ln V + f, ln min, ln max)`: inside the limits it
//! says `f = 0`, beyond them `V` equals the limit. Which of the two holds is settled outside Newton's method (an active set):
//! the model is solved with each limit on its present side, sides are read off the solution, until none changes. A cap's wedge is a tariff, an export tax or an iceberg cost as its rent belongs to the
//! importer, the exporter or nobody; a floor's is the corresponding subsidy.

use crate::model::calibration::Calibration;
use crate::model::instruments::{Limit, LimitMeasure, RentOwner};

/// A limit laid out for the sweep.
#[derive(Debug, Clone)]
pub(crate) struct FoldedLimit {
    pub cells: Vec<LimitedCell>,
    pub log_min: f64,
    pub log_max: f64,
    pub measure: LimitMeasure,
    pub rent: RentOwner,
    /// How far from the limit the flow is asked to be for now, in logarithms, or where no limit is taken to hold which wedge
    /// there is to be; zero in the end.
    pub slack: f64,
}

/// A cell of a limit, with what it weighs where no wedge applies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LimitedCell {
    pub cell: usize,
    /// Power of the wedge's factor in the cell's weight.
    pub power: f64,
}

impl FoldedLimit {
    pub fn new(limit: &Limit, calibration: &Calibration) -> Self {
        let n = calibration.dimensions.economies;
        let technology = &calibration.technology;
        let cells = limit
            .cells
            .iter()
            .map(|&cell| {
                let pair = cell / n;
                let power = match limit.rent {
                    RentOwner::None => technology.trade_elasticity[pair / n],
                    RentOwner::Importer | RentOwner::Exporter => technology.tariff_power[pair],
                };
                LimitedCell { cell, power }
            })
            .collect();
        Self {
            cells,
            log_min: limit.min.map_or(f64::NEG_INFINITY, f64::ln),
            log_max: limit.max.map_or(f64::INFINITY, f64::ln),
            measure: limit.measure,
            rent: limit.rent,
            slack: 0.0,
        }
    }

    /// The residual of the condition taken for granted on this side: the flow is at its limit, or the wedge is zero.
    pub fn residual(&self, side: Side, log_flow: f64, wedge: f64) -> f64 {
        match side {
            Side::Free => self.slack - wedge,
            Side::AtMin => log_flow - self.log_min - self.slack,
            Side::AtMax => log_flow - self.log_max - self.slack,
        }
    }

    /// On which side the complementarity condition says that the limit is.
    pub fn side(&self, log_flow: f64, wedge: f64) -> Side {
        let wanted = log_flow + wedge;
        // A flow that sits on its limit to rounding stays as it is.
        let rounding = 1e-9;
        if wanted > self.log_max + rounding {
            Side::AtMax
        } else if wanted < self.log_min - rounding {
            Side::AtMin
        } else {
            Side::Free
        }
    }
}

/// Where a limited flow stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Side {
    /// Inside its limits, without a wedge.
    #[default]
    Free,
    /// At its floor.
    AtMin,
    /// At its cap.
    AtMax,
}
