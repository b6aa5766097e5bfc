//! Buffers of a solve, kept by the solver and handed from one solve to the next so that no solve allocates in its loops.

use crate::derivatives::linearisation::{ForwardBuffers, Linearisation};
use crate::derivatives::preconditioner::PreconditionerBuffers;
use crate::equations::layout::Layout;
use crate::equations::limit::Side;
use crate::equations::sweep::Sweep;
use crate::equations::trade_cost::TradeCosts;
use crate::linear::krylov::Gmres;
use crate::model::calibration::Calibration;

/// The point evaluated last, as the equations see it: folded instruments, the sweep, what residuals are relative to, sides of limits.
#[derive(Debug, Default)]
pub(crate) struct Point {
    pub costs: TradeCosts,
    pub sweep: Sweep,
    pub income_scale: Vec<f64>,
    pub output_scale: Vec<f64>,
    pub sides: Vec<Side>,
}

impl Point {
    /// The derivative here.
    pub fn linearisation<'a>(&'a self, calibration: &'a Calibration) -> Linearisation<'a> {
        let Self { costs, sweep, income_scale, output_scale, sides } = self;
        Linearisation { calibration, costs, sweep, income_scale, output_scale, sides }
    }
}

/// Everything that a solve writes to.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    pub point: Point,
    pub z: Vec<f64>,
    pub trial: Vec<f64>,
    pub residual: Vec<f64>,
    pub step: Vec<f64>,
    pub forward: ForwardBuffers,
    pub preconditioning: PreconditionerBuffers,
    pub gmres: Gmres,
}

impl Buffers {
    /// Makes room for the folded instruments and stands at the data.
    pub fn start_from_data(&mut self, calibration: &Calibration) {
        let Point { costs, sweep, income_scale, output_scale, sides } = &mut self.point;
        let layout = Layout::new(calibration, costs.limits.len());
        sweep.resize(calibration, costs);
        sides.clear();
        sides.resize(layout.limits, Side::Free);
        for vector in [&mut self.z, &mut self.trial, &mut self.residual, &mut self.step] {
            vector.resize(layout.len(), 0.0);
        }
        income_scale.resize(layout.n, 0.0);
        output_scale.resize(layout.pairs, 0.0);
        self.forward.resize(calibration, layout.limits);
        self.preconditioning.resize(layout);
        let z = layout.split_mut(&mut self.z);
        z.wage.fill(0.0);
        z.hours.copy_from_slice(&costs.log_endowment);
        z.income.copy_from_slice(&calibration.income);
        z.price.fill(0.0);
        z.output.copy_from_slice(&calibration.output);
        z.limit.fill(0.0);
    }
}
