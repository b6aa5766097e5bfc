//! Direct derivatives of a dial: what its adjoint starts from, and what instruments do to it without the equilibrium.

use crate::derivatives::objective_derivative::Seed;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::gradient::{self, Gradient};
use crate::model::calibration::Calibration;
use crate::search::solver::Solver;

/// Direct derivatives in the unknowns and in instruments.
#[derive(Clone, Debug)]
pub(super) struct Direct {
    pub seed: Seed,
    /// In ln(1+t), N·N·S, at given border values; empty: none.
    pub tariff: Vec<f64>,
    /// In ln(1+e), N·N·S, at given border values; empty: none.
    pub export_tax: Vec<f64>,
    /// In shares of final use by use, N·S each in the order of `FinalUse::ALL`; empty: none.
    pub by_use: Vec<f64>,
}

/// A dial's derivative in every instrument.
#[derive(Clone, Debug)]
pub struct DialGradient {
    /// In all instruments; shifts of final demand as if the uses of a cell moved in proportion.
    pub gradient: Gradient,
    /// In shares of final use by use, all else given: N·S each in the order of [`FinalUse::ALL`](crate::benchmark::FinalUse::ALL);
    /// empty where who buys does not matter beside what is bought.
    pub by_use: Vec<f64>,
}

impl Direct {
    pub fn new(calibration: &Calibration) -> Self {
        Self { seed: Seed::new(calibration), tariff: Vec::new(), export_tax: Vec::new(), by_use: Vec::new() }
    }

    /// Adds `amount` times the derivative in the border value of cells, in world-GDP units.
    pub fn border(&mut self, cells: usize) -> &mut [f64] {
        self.seed.border_value.resize(cells, 0.0);
        &mut self.seed.border_value
    }

    /// Through the equilibrium.
    pub fn gradient(self, solver: &Solver, e: &Equilibrium, value: f64) -> Result<DialGradient, EngineError> {
        let mut gradient = gradient::of_seed(solver, e, value, &self.seed)?;
        for (to, direct) in gradient.tariff.iter_mut().zip(&self.tariff) {
            *to += direct;
        }
        for (to, direct) in gradient.export_tax.iter_mut().zip(&self.export_tax) {
            *to += direct;
        }
        Ok(DialGradient { gradient, by_use: self.by_use })
    }
}
