//! A game that remembers its curvature: for few variables and many searches, as along a frontier.
//!
//! Where each product with the second derivative costs a solve, a dense second derivative of every payoff at the table is measured
//! once (one gradient per variable and player) and kept up with symmetric rank-one corrections from the gradients that the
//! searches take anyway. Searches then cost a few gradients each. What is remembered only steers: optima are judged by exact gradients.

use super::error::StrategyError;
use super::payoff::{Game, Variable};

/// Largest change of a variable in the differences.
const STEP: f64 = 1e-4;

/// A game whose second derivatives in some variables are remembered.
pub struct RememberedCurvature<'a> {
    game: &'a mut dyn Game,
    /// Variables whose curvature is remembered; searches must choose among them.
    chosen: Vec<usize>,
    /// Players whose payoffs searches weigh.
    involved: Vec<usize>,
    /// One matrix per involved player, row-major over `chosen`.
    curvature: Vec<Vec<f64>>,
    point: Vec<f64>,
    payoffs: Vec<f64>,
    /// Gradients of the involved players at `point`, where they were taken.
    gradients: Option<Vec<Vec<f64>>>,
    /// Point and gradients that the corrections start from.
    last: Option<(Vec<f64>, Vec<Vec<f64>>)>,
    /// Gradients that the underlying game has given.
    pub gradients_taken: usize,
}

impl<'a> RememberedCurvature<'a> {
    /// Remembers the curvature of some players' payoffs in some variables.
    pub fn new(game: &'a mut dyn Game, chosen: Vec<usize>, involved: Vec<usize>) -> Self {
        let payoffs = vec![0.0; game.players().len()];
        Self {
            game,
            chosen,
            involved,
            curvature: Vec::new(),
            point: Vec::new(),
            payoffs,
            gradients: None,
            last: None,
            gradients_taken: 0,
        }
    }

    fn take_gradients(&mut self) -> Result<Vec<Vec<f64>>, StrategyError> {
        let mut weights = vec![0.0; self.payoffs.len()];
        let mut found = Vec::with_capacity(self.involved.len());
        for j in &self.involved {
            weights[*j] = 1.0;
            let mut gradient = vec![0.0; self.point.len()];
            self.game.gradient(&weights, &mut gradient)?;
            self.gradients_taken += 1;
            weights[*j] = 0.0;
            found.push(gradient);
        }
        Ok(found)
    }

    /// Gradients at the point evaluated last, and with them a correction of what is remembered.
    fn gradients_here(&mut self) -> Result<&[Vec<f64>], StrategyError> {
        if self.gradients.is_none() {
            let found = self.take_gradients()?;
            if !self.curvature.is_empty()
                && let Some((from, before)) = self.last.take()
            {
                self.correct(&from, &before, &found);
            }
            self.last = Some((self.point.clone(), found.clone()));
            self.gradients = Some(found);
        }
        Ok(self.gradients.as_deref().unwrap_or_default())
    }

    /// Symmetric rank-one: `H += r r'/(r's)`, `r = Δg − H s`, left out where r is nearly at a right angle to s.
    fn correct(&mut self, from: &[f64], before: &[Vec<f64>], now: &[Vec<f64>]) {
        let n = self.chosen.len();
        let step: Vec<f64> = self.chosen.iter().map(|k| self.point[*k] - from[*k]).collect();
        for (slot, matrix) in self.curvature.iter_mut().enumerate() {
            let rest: Vec<f64> = (0..n)
                .map(|row| {
                    let predicted: f64 =
                        matrix[row * n..(row + 1) * n].iter().zip(&step).map(|(h, s)| h * s).sum();
                    now[slot][self.chosen[row]] - before[slot][self.chosen[row]] - predicted
                })
                .collect();
            let along: f64 = rest.iter().zip(&step).map(|(r, s)| r * s).sum();
            let size =
                (rest.iter().map(|r| r * r).sum::<f64>() * step.iter().map(|s| s * s).sum::<f64>()).sqrt();
            if along.abs() > 1e-6 * size && size > 0.0 {
                for row in 0..n {
                    for column in 0..n {
                        matrix[row * n + column] += rest[row] * rest[column] / along;
                    }
                }
            }
        }
    }

    /// Measures the curvature at the point evaluated last.
    fn measure(&mut self) -> Result<(), StrategyError> {
        let n = self.chosen.len();
        let here = self.point.clone();
        let base = self.gradients_here()?.to_vec();
        let mut curvature = vec![vec![0.0; n * n]; self.involved.len()];
        let mut scratch = self.payoffs.clone();
        for column in 0..n {
            let mut aside = here.clone();
            aside[self.chosen[column]] += STEP;
            self.game.evaluate(&aside, &mut scratch)?;
            let gradients = self.take_gradients()?;
            for (slot, matrix) in curvature.iter_mut().enumerate() {
                for row in 0..n {
                    let k = self.chosen[row];
                    let slope = (gradients[slot][k] - base[slot][k]) / STEP;
                    matrix[row * n + column] += 0.5 * slope;
                    matrix[column * n + row] += 0.5 * slope;
                }
            }
        }
        self.game.evaluate(&here, &mut scratch)?;
        self.curvature = curvature;
        Ok(())
    }

    fn weights_of_involved(&self, weights: &[f64]) -> Vec<f64> {
        self.involved.iter().map(|j| weights[*j]).collect()
    }
}

impl Game for RememberedCurvature<'_> {
    fn players(&self) -> &[String] {
        self.game.players()
    }

    fn variables(&self) -> &[Variable] {
        self.game.variables()
    }

    fn evaluate(&mut self, point: &[f64], payoffs: &mut [f64]) -> Result<(), StrategyError> {
        if self.point != point {
            self.gradients = None;
            self.point = point.to_vec();
        }
        self.game.evaluate(point, payoffs)?;
        self.payoffs.copy_from_slice(payoffs);
        Ok(())
    }

    fn residual(&self) -> f64 {
        self.game.residual()
    }

    fn gradient(&mut self, weights: &[f64], gradient: &mut [f64]) -> Result<(), StrategyError> {
        let stranger = (0..weights.len()).any(|j| weights[j] != 0.0 && !self.involved.contains(&j));
        if stranger {
            self.gradients_taken += 1;
            return self.game.gradient(weights, gradient);
        }
        let weights = self.weights_of_involved(weights);
        gradient.fill(0.0);
        for (row, weight) in self.gradients_here()?.iter().zip(&weights).filter(|(_, w)| **w != 0.0) {
            gradient.iter_mut().zip(row).for_each(|(g, r)| *g += weight * r);
        }
        Ok(())
    }

    fn curvature_product(
        &mut self,
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) -> Result<bool, StrategyError> {
        if self.curvature.is_empty() {
            self.measure()?;
        }
        let n = self.chosen.len();
        let step: Vec<f64> = self.chosen.iter().map(|k| direction[*k]).collect();
        product.fill(0.0);
        for (matrix, weight) in self.curvature.iter().zip(self.weights_of_involved(weights)) {
            for row in 0..n {
                let sum: f64 = matrix[row * n..(row + 1) * n].iter().zip(&step).map(|(h, s)| h * s).sum();
                product[self.chosen[row]] += weight * sum;
            }
        }
        Ok(true)
    }

    fn renew_curvature(&mut self) -> bool {
        let known = !self.curvature.is_empty();
        self.curvature.clear();
        known
    }

    fn curvature_scale(&mut self, weights: &[f64], scale: &mut [f64]) -> Result<bool, StrategyError> {
        if self.curvature.is_empty() {
            self.measure()?;
        }
        let n = self.chosen.len();
        scale.fill(1.0);
        for (row, k) in self.chosen.iter().enumerate() {
            let sizes = self.curvature.iter().zip(self.weights_of_involved(weights));
            scale[*k] = sizes.map(|(matrix, weight)| (weight * matrix[row * n + row]).abs()).sum();
        }
        Ok(true)
    }
}
