//! Room for a solve, kept by the calibration and handed from one solve to the next so that no solve allocates in
//! its loops.

use super::krylov::Gmres;
use super::linearisation::Scratch;
use super::preconditioner::Work;
use super::sweep::{Layout, Sweep};
use super::trade_cost::TradeCosts;
use crate::calibration::Calibration;

/// Everything that a solve writes to.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub costs: TradeCosts,
    pub sweep: Sweep,
    pub z: Vec<f64>,
    pub trial: Vec<f64>,
    pub residual: Vec<f64>,
    pub step: Vec<f64>,
    pub income_scale: Vec<f64>,
    pub output_scale: Vec<f64>,
    pub scratch: Scratch,
    pub work: Work,
    pub gmres: Gmres,
}

impl Workspace {
    /// Makes room for the folded instruments and stands at the data.
    pub fn start_from_data(&mut self, calibration: &Calibration) {
        let layout = Layout::of(calibration);
        let taxed = !self.costs.producer.is_empty();
        self.sweep.resize(calibration, taxed);
        for vector in [&mut self.z, &mut self.trial, &mut self.residual, &mut self.step] {
            vector.resize(layout.len(), 0.0);
        }
        self.income_scale.resize(layout.n, 0.0);
        self.output_scale.resize(layout.pairs, 0.0);
        self.scratch.resize(calibration);
        self.work.resize(layout);
        let (wage, income, price, output) = layout.split_mut(&mut self.z);
        wage.fill(0.0);
        income.copy_from_slice(&calibration.income);
        price.fill(0.0);
        output.copy_from_slice(&calibration.output);
    }

    /// Takes a workspace from the calibration, or a new one.
    pub fn take(calibration: &Calibration) -> Self {
        match calibration.kept.pool.lock() {
            Ok(mut pool) => {
                pool.pop().and_then(|kept| kept.downcast().ok()).map(|kept| *kept).unwrap_or_default()
            }
            Err(_) => Self::default(),
        }
    }

    /// Gives it back.
    pub fn give(self, calibration: &Calibration) {
        if let Ok(mut pool) = calibration.kept.pool.lock() {
            pool.push(Box::new(self));
        }
    }
}
