//! Governments that set tariffs in the reduced economy: the game of Ossa (2014).

use super::derivative::Adjoint;
use super::economy::ReducedEconomy;
use super::objective::Objective;
use crate::games::error::StrategyError;
use crate::games::payoff::{Game, Variable};

/// Each economy is a player; each variable is `ln(1+t)` of some cells of one importer.
#[derive(Debug)]
pub struct TariffGame {
    economy: ReducedEconomy,
    codes: Vec<String>,
    objectives: Vec<Objective>,
    variables: Vec<Variable>,
    /// Cells of each variable.
    cells: Vec<Vec<usize>>,
    adjoint: Option<Adjoint>,
    by_cell: Vec<f64>,
    direction: Vec<f64>,
}

impl TariffGame {
    /// A game over variables, each with the cells whose tariff factor it sets.
    pub fn new(
        economy: ReducedEconomy,
        codes: Vec<String>,
        objectives: Vec<Objective>,
        variables: Vec<(Variable, Vec<usize>)>,
    ) -> Result<Self, StrategyError> {
        let n = economy.d.economies;
        for (what, found) in [("economy codes", codes.len()), ("objectives", objectives.len())] {
            if found != n {
                return Err(StrategyError::Size { what, found, expected: n });
            }
        }
        for weights in
            objectives.iter().filter_map(|o| if let Objective::Political(w) = o { Some(w) } else { None })
        {
            if weights.len() != economy.d.sectors {
                let expected = economy.d.sectors;
                return Err(StrategyError::Size {
                    what: "political weights",
                    found: weights.len(),
                    expected,
                });
            }
        }
        let cells_of_model = economy.d.cells();
        let (variables, cells) = variables.into_iter().unzip();
        Ok(Self {
            economy,
            codes,
            objectives,
            variables,
            cells,
            adjoint: None,
            by_cell: vec![0.0; cells_of_model],
            direction: vec![0.0; cells_of_model],
        })
    }

    /// One variable per importer, exporter and sector, own cells left out; bounds on the rate t.
    pub fn every_cell(
        economy: ReducedEconomy,
        codes: Vec<String>,
        objectives: Vec<Objective>,
        rates: (f64, f64),
    ) -> Result<Self, StrategyError> {
        let d = economy.d;
        let mut variables = Vec::with_capacity(d.cells());
        for importer in 0..d.economies {
            for sector in 0..d.sectors {
                for exporter in (0..d.economies).filter(|i| *i != importer) {
                    variables.push((variable(importer, rates), vec![d.cell(importer, exporter, sector)]));
                }
            }
        }
        Self::new(economy, codes, objectives, variables)
    }

    /// One variable per importer and sector, the same rate for every partner.
    pub fn most_favoured_nation(
        economy: ReducedEconomy,
        codes: Vec<String>,
        objectives: Vec<Objective>,
        rates: (f64, f64),
    ) -> Result<Self, StrategyError> {
        let d = economy.d;
        let mut variables = Vec::with_capacity(d.pairs());
        for importer in 0..d.economies {
            for sector in 0..d.sectors {
                let partners = (0..d.economies).filter(|i| *i != importer);
                let cells = partners.map(|exporter| d.cell(importer, exporter, sector)).collect();
                variables.push((variable(importer, rates), cells));
            }
        }
        Self::new(economy, codes, objectives, variables)
    }

    /// The economy at the point evaluated last.
    pub fn economy(&self) -> &ReducedEconomy {
        &self.economy
    }

    /// Cells of each variable.
    pub fn cells(&self) -> &[Vec<usize>] {
        &self.cells
    }

    /// Tariff factors `ln(1+t)` of all cells at a point; cells that nobody sets stay as in the data.
    pub fn log_factors(&self, point: &[f64]) -> Vec<f64> {
        let mut factors = self.economy.log_tariff_factor_of_data().to_vec();
        for (cells, value) in self.cells.iter().zip(point) {
            cells.iter().for_each(|cell| factors[*cell] = *value);
        }
        factors
    }

    /// The point at which each variable is the mean of its cells' factors.
    pub fn point_of(&self, log_factors: &[f64]) -> Vec<f64> {
        let mean =
            |cells: &Vec<usize>| cells.iter().map(|c| log_factors[*c]).sum::<f64>() / cells.len() as f64;
        self.cells.iter().map(mean).collect()
    }
}

fn variable(owner: usize, rates: (f64, f64)) -> Variable {
    Variable { owner, lower: rates.0.ln_1p(), upper: rates.1.ln_1p() }
}

impl Game for TariffGame {
    fn players(&self) -> &[String] {
        &self.codes
    }

    fn variables(&self) -> &[Variable] {
        &self.variables
    }

    fn evaluate(&mut self, point: &[f64], payoffs: &mut [f64]) -> Result<(), StrategyError> {
        let changes =
            self.cells.iter().zip(point).flat_map(|(cells, u)| cells.iter().map(|cell| (*cell, *u)));
        self.adjoint = None;
        self.economy.solve(changes)?;
        for (j, payoff) in payoffs.iter_mut().enumerate() {
            *payoff = self.economy.payoff(j, &self.objectives[j]);
        }
        Ok(())
    }

    fn residual(&self) -> f64 {
        self.economy.largest_residual()
    }

    fn gradient(&mut self, weights: &[f64], gradient: &mut [f64]) -> Result<(), StrategyError> {
        self.adjoint = Some(self.economy.gradient(&self.objectives, weights, &mut self.by_cell));
        for (g, cells) in gradient.iter_mut().zip(&self.cells) {
            *g = cells.iter().map(|cell| self.by_cell[*cell]).sum();
        }
        Ok(())
    }

    fn curvature_product(
        &mut self,
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) -> Result<bool, StrategyError> {
        if self.adjoint.as_ref().is_none_or(|adjoint| adjoint.weights != weights) {
            self.adjoint = Some(self.economy.gradient(&self.objectives, weights, &mut self.by_cell));
        }
        for (cells, d) in self.cells.iter().zip(direction) {
            cells.iter().for_each(|cell| self.direction[*cell] = *d);
        }
        if let Some(adjoint) = &self.adjoint {
            self.economy.curvature_product(&self.objectives, adjoint, &self.direction, &mut self.by_cell);
        }
        for (p, cells) in product.iter_mut().zip(&self.cells) {
            *p = cells.iter().map(|cell| self.by_cell[*cell]).sum();
        }
        Ok(true)
    }

    fn curvature_scale(&mut self, weights: &[f64], scale: &mut [f64]) -> Result<bool, StrategyError> {
        if self.cells.iter().any(|cells| cells.len() != 1) {
            return Ok(false);
        }
        if self.adjoint.as_ref().is_none_or(|adjoint| adjoint.weights != weights) {
            self.adjoint = Some(self.economy.gradient(&self.objectives, weights, &mut self.by_cell));
        }
        if let Some(adjoint) = &self.adjoint {
            for (s, cells) in scale.iter_mut().zip(&self.cells) {
                *s = self.economy.curvature_scale(adjoint, cells[0]);
            }
        }
        Ok(true)
    }
}
