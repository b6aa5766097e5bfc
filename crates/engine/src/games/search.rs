//! A criterion over some of a game's variables, as a search sees it: value, gradient, curvature, with the work counted.

use super::certificate::Effort;
use super::criterion::Criterion;
use super::error::StrategyError;
use super::payoff::Game;

/// Largest change of a variable in a difference of gradients. Variables are logarithms of factors: of order one.
const DIFFERENCE_STEP: f64 = 1e-4;

/// φ(v(u)) as a function of the chosen variables, the others held where they are.
pub struct Search<'a> {
    game: &'a mut dyn Game,
    criterion: &'a dyn Criterion,
    chosen: Vec<usize>,
    point: Vec<f64>,
    payoffs: Vec<f64>,
    /// Slope of φ at the anchor, where gradient and curvature are taken.
    slope: Vec<f64>,
    anchor: Vec<f64>,
    anchor_payoffs: Vec<f64>,
    anchor_gradient: Vec<f64>,
    /// Gradients of single payoffs at the anchor; rows are filled only where φ bends.
    player_gradients: Vec<Vec<f64>>,
    /// The game's own point is no longer the anchor.
    moved: bool,
    /// Whether the game offers products with its curvature; learned at the first request.
    offers_products: bool,
    /// The scale where the game offers none and it was measured: once per search.
    measured_scale: Option<Vec<f64>>,
    /// Work so far.
    pub effort: Effort,
}

impl<'a> Search<'a> {
    /// A search over `chosen` variables from `point`.
    pub fn new(
        game: &'a mut dyn Game,
        criterion: &'a dyn Criterion,
        chosen: Vec<usize>,
        point: &[f64],
    ) -> Self {
        let (players, variables) = (game.players().len(), game.variables().len());
        Self {
            game,
            criterion,
            chosen,
            point: point.to_vec(),
            payoffs: vec![0.0; players],
            slope: vec![0.0; players],
            anchor: point.to_vec(),
            anchor_payoffs: vec![0.0; players],
            anchor_gradient: vec![0.0; variables],
            player_gradients: Vec::new(),
            moved: true,
            offers_products: true,
            measured_scale: None,
            effort: Effort::default(),
        }
    }

    /// Bounds of the chosen variables.
    pub fn bounds(&self) -> (Vec<f64>, Vec<f64>) {
        let variables = self.game.variables();
        (
            self.chosen.iter().map(|k| variables[*k].lower).collect(),
            self.chosen.iter().map(|k| variables[*k].upper).collect(),
        )
    }

    /// The chosen part of the start.
    pub fn start(&self) -> Vec<f64> {
        self.chosen.iter().map(|k| self.point[*k]).collect()
    }

    /// Moves the start.
    pub fn begin_at(&mut self, choice: &[f64]) {
        self.chosen.iter().zip(choice).for_each(|(k, value)| self.point[*k] = *value);
    }

    /// The full point for a choice.
    pub fn full(&self, choice: &[f64]) -> Vec<f64> {
        let mut point = self.point.clone();
        self.chosen.iter().zip(choice).for_each(|(k, value)| point[*k] = *value);
        point
    }

    /// Payoffs of all players at the last value.
    pub fn payoffs(&self) -> &[f64] {
        &self.payoffs
    }

    /// φ at a choice; `None` where the economy has no solution or φ no value.
    pub fn value(&mut self, choice: &[f64]) -> Result<Option<f64>, StrategyError> {
        self.chosen.iter().zip(choice).for_each(|(k, value)| self.point[*k] = *value);
        self.effort.evaluations += 1;
        self.moved = false;
        match self.game.evaluate(&self.point, &mut self.payoffs) {
            Ok(()) => {
                self.effort.worst_residual = self.effort.worst_residual.max(self.game.residual());
                Ok(self.criterion.value(&self.payoffs).filter(|value| value.is_finite()))
            }
            Err(StrategyError::Unsolved(_)) => {
                self.moved = true;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Gradient of φ at the choice of the last value, which becomes the anchor of curvature.
    pub fn gradient(&mut self, gradient: &mut [f64]) -> Result<(), StrategyError> {
        self.anchor.copy_from_slice(&self.point);
        self.anchor_payoffs.copy_from_slice(&self.payoffs);
        self.criterion.slope(&self.payoffs, &mut self.slope);
        self.gradients_of_players()?;
        let alone = (0..self.slope.len()).all(|j| self.slope[j] == 0.0 || self.criterion.bends_in(j));
        if alone {
            // Everybody who counts has a gradient already.
            self.anchor_gradient.fill(0.0);
            for (row, weight) in self.player_gradients.iter().zip(&self.slope).filter(|(_, w)| **w != 0.0) {
                self.anchor_gradient.iter_mut().zip(row).for_each(|(g, r)| *g += weight * r);
            }
        } else {
            self.effort.gradients += 1;
            self.game.gradient(&self.slope, &mut self.anchor_gradient)?;
        }
        self.chosen.iter().zip(gradient.iter_mut()).for_each(|(k, g)| *g = self.anchor_gradient[*k]);
        Ok(())
    }

    /// Gradients of single payoffs, needed where φ bends.
    fn gradients_of_players(&mut self) -> Result<(), StrategyError> {
        let players = self.payoffs.len();
        self.player_gradients.resize(players, Vec::new());
        for j in (0..players).filter(|j| self.criterion.bends_in(*j)) {
            let mut weights = vec![0.0; players];
            weights[j] = 1.0;
            let row = &mut self.player_gradients[j];
            row.resize(self.point.len(), 0.0);
            self.game.gradient(&weights, row)?;
            self.effort.gradients += 1;
        }
        Ok(())
    }

    /// φ''·direction at the anchor.
    pub fn curvature_product(&mut self, direction: &[f64], product: &mut [f64]) -> Result<(), StrategyError> {
        let mut full = vec![0.0; self.point.len()];
        self.chosen.iter().zip(direction).for_each(|(k, d)| full[*k] = *d);
        let mut result = vec![0.0; self.point.len()];
        self.effort.curvature_products += 1;
        if self.offers_products {
            if self.moved {
                self.game.evaluate(&self.anchor.clone(), &mut self.payoffs)?;
                self.effort.evaluations += 1;
                self.moved = false;
            }
            self.offers_products = self.game.curvature_product(&self.slope, &full, &mut result)?;
        }
        if !self.offers_products {
            self.difference_product(&full, &mut result)?;
        }
        self.add_bend(&full, &mut result);
        self.chosen.iter().zip(product.iter_mut()).for_each(|(k, p)| *p = result[*k]);
        Ok(())
    }

    /// Difference of the weighted gradient along a direction, weights held.
    fn difference_product(&mut self, direction: &[f64], product: &mut [f64]) -> Result<(), StrategyError> {
        let size = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
        if size == 0.0 {
            product.fill(0.0);
            return Ok(());
        }
        self.moved = true;
        let mut scratch = vec![0.0; self.payoffs.len()];
        let mut failure = None;
        for step in [DIFFERENCE_STEP / size, -DIFFERENCE_STEP / size] {
            let aside: Vec<f64> = self.anchor.iter().zip(direction).map(|(u, d)| u + step * d).collect();
            self.effort.evaluations += 1;
            match self.game.evaluate(&aside, &mut scratch) {
                Ok(()) => {
                    self.effort.gradients += 1;
                    self.game.gradient(&self.slope, product)?;
                    for (p, g) in product.iter_mut().zip(&self.anchor_gradient) {
                        *p = (*p - g) / step;
                    }
                    return Ok(());
                }
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.unwrap_or_else(|| StrategyError::Unsolved("no neighbouring point".into())))
    }

    /// J'·φ''·J·direction.
    fn add_bend(&self, direction: &[f64], product: &mut [f64]) {
        if self.player_gradients.iter().all(Vec::is_empty) {
            return;
        }
        let along: Vec<f64> = self
            .player_gradients
            .iter()
            .map(|row| row.iter().zip(direction).map(|(g, d)| g * d).sum())
            .collect();
        let mut bent = vec![0.0; along.len()];
        self.criterion.bend(&self.anchor_payoffs, &along, &mut bent);
        for (row, weight) in self.player_gradients.iter().zip(&bent).filter(|(_, w)| **w != 0.0) {
            product.iter_mut().zip(row).for_each(|(p, g)| *p += weight * g);
        }
    }

    /// Forgets what is remembered of the curvature; whether there was anything.
    pub fn renew_curvature(&mut self) -> bool {
        self.game.renew_curvature()
    }

    /// Positive scale of each chosen variable: the game's own stand-in for |φ''_kk|, or measured one by one.
    pub fn curvature_scale(&mut self, scale: &mut [f64]) -> Result<(), StrategyError> {
        if let Some(measured) = &self.measured_scale {
            scale.copy_from_slice(measured);
            return Ok(());
        }
        let mut full = vec![0.0; self.point.len()];
        if self.moved {
            self.game.evaluate(&self.anchor.clone(), &mut self.payoffs)?;
            self.effort.evaluations += 1;
            self.moved = false;
        }
        let slope_size: Vec<f64> = self.slope.iter().map(|p| p.abs()).collect();
        let offered = self.game.curvature_scale(&slope_size, &mut full)?;
        if offered {
            self.chosen.iter().zip(scale.iter_mut()).for_each(|(k, s)| *s = full[*k].abs());
        } else {
            let mut unit = vec![0.0; self.chosen.len()];
            let mut column = vec![0.0; self.chosen.len()];
            for k in 0..self.chosen.len() {
                unit[k] = 1.0;
                self.curvature_product(&unit, &mut column)?;
                unit[k] = 0.0;
                scale[k] = column[k].abs();
            }
        }
        let largest = scale.iter().fold(0.0_f64, |m, s| m.max(*s));
        let floor = (largest * 1e-15).max(f64::MIN_POSITIVE);
        scale.iter_mut().for_each(|s| *s = if s.is_finite() { s.max(floor) } else { 1.0 });
        if !offered {
            self.measured_scale = Some(scale.to_vec());
        }
        Ok(())
    }
}
