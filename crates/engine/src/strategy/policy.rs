//! Players with policies in the full model: any closure that [`Calibration::solve`] knows, any mix of instruments.
//!
//! A policy variable is `ln(1+t)`, `ln(1+e)` or `ln d̂` of some cells, each with an offset: `u_cell = u + offset`. One variable with
//! many cells is a most-favoured-nation rate or one rate for all; offsets let other economies follow a move from where they
//! stand. Payoffs are the engine's [`Objective`]s; one transposed solve gives the gradient of any weighted sum of them.

use super::error::StrategyError;
use super::payoff::{Game, Variable};
use crate::calibration::{Calibration, SolveSettings};
use crate::equilibrium::Equilibrium;
use crate::equilibrium::adjoint::{Seed, sensitivity};
use crate::instruments::Instruments;
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
}

/// One policy variable.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyVariable {
    /// The player who sets it.
    pub player: usize,
    /// What it sets.
    pub kind: PolicyKind,
    /// Cells and their offsets in u.
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

/// A game on a calibrated world.
#[derive(Debug)]
pub struct PolicyGame<'a> {
    calibration: &'a Calibration,
    base: Instruments,
    codes: Vec<String>,
    players: Vec<Player>,
    variables: Vec<Variable>,
    policies: Vec<PolicyVariable>,
    settings: SolveSettings,
    here: Option<Equilibrium>,
    /// Sweeps of all solves and transposed solves so far.
    pub sweeps: usize,
}

impl<'a> PolicyGame<'a> {
    /// A game over policies that act on top of `base`; cells that no policy sets stay there.
    pub fn new(
        calibration: &'a Calibration,
        base: Instruments,
        players: Vec<Player>,
        policies: Vec<PolicyVariable>,
    ) -> Result<Self, StrategyError> {
        let cells = calibration.dimensions.cells();
        let mut base = base;
        for (kind, array, still) in [
            (PolicyKind::ExportTax, &mut base.export_tax_rate, 0.0),
            (PolicyKind::TradeCost, &mut base.trade_cost_hat, 1.0),
        ] {
            if array.is_empty() && policies.iter().any(|policy| policy.kind == kind) {
                *array = vec![still; cells];
            }
        }
        let variables = policies
            .iter()
            .map(|policy| Variable { owner: policy.player, lower: policy.bounds.0, upper: policy.bounds.1 })
            .collect();
        if let Some(policy) = policies.iter().find(|p| p.cells.is_empty() || p.player >= players.len()) {
            let player = players.get(policy.player).map_or("?", |player| player.code.as_str()).to_owned();
            return Err(StrategyError::NoInstruments { player });
        }
        Ok(Self {
            calibration,
            base,
            codes: players.iter().map(|player| player.code.clone()).collect(),
            players,
            variables,
            policies,
            settings: SolveSettings::default(),
            here: None,
            sweeps: 0,
        })
    }

    /// The policies behind the variables.
    pub fn policies(&self) -> &[PolicyVariable] {
        &self.policies
    }

    /// The instruments at a point.
    pub fn instruments(&self, point: &[f64]) -> Instruments {
        let mut instruments = self.base.clone();
        for (policy, u) in self.policies.iter().zip(point) {
            for (cell, offset) in &policy.cells {
                match policy.kind {
                    PolicyKind::Tariff => instruments.tariff_rate[*cell] = (u + offset).exp_m1(),
                    PolicyKind::ExportTax => instruments.export_tax_rate[*cell] = (u + offset).exp_m1(),
                    PolicyKind::TradeCost => instruments.trade_cost_hat[*cell] = (u + offset).exp(),
                }
            }
        }
        instruments
    }

    /// The point at which every variable is the mean of what its cells have under some instruments.
    pub fn point_of(&self, instruments: &Instruments) -> Vec<f64> {
        let at = |kind: PolicyKind, cell: usize| match kind {
            PolicyKind::Tariff => instruments.tariff_rate[cell].ln_1p(),
            PolicyKind::ExportTax => instruments.export_tax_rate.get(cell).map_or(0.0, |e| e.ln_1p()),
            PolicyKind::TradeCost => instruments.trade_cost_hat.get(cell).map_or(0.0, |d| d.ln()),
        };
        self.policies
            .iter()
            .map(|policy| {
                let sum: f64 =
                    policy.cells.iter().map(|(cell, offset)| at(policy.kind, *cell) - offset).sum();
                sum / policy.cells.len() as f64
            })
            .collect()
    }

    /// The point of today: what the base instruments say.
    pub fn today(&self) -> Vec<f64> {
        self.point_of(&self.base)
    }

    /// The equilibrium at a point.
    pub fn equilibrium(&mut self, point: &[f64]) -> Result<Equilibrium, StrategyError> {
        self.solve(point)?;
        self.here.clone().ok_or_else(|| StrategyError::Unsolved("no point was evaluated".into()))
    }

    fn solve(&mut self, point: &[f64]) -> Result<(), StrategyError> {
        let instruments = self.instruments(point);
        if self.here.as_ref().is_some_and(|here| here.instruments == instruments) {
            return Ok(());
        }
        let mut solved = self.calibration.solve(&instruments, &self.settings, self.here.as_ref())?;
        self.sweeps += solved.certificate.sweeps;
        if !solved.status.is_converged() && self.here.is_some() {
            solved = self.calibration.solve(&instruments, &self.settings, None)?;
            self.sweeps += solved.certificate.sweeps;
        }
        if !solved.status.is_converged() {
            let reason = format!(
                "the equilibrium ended {:?} at a residual of {:.1e}",
                solved.status,
                solved.certificate.max_residual()
            );
            return Err(StrategyError::Unsolved(reason));
        }
        self.here = Some(solved);
        Ok(())
    }
}

impl Game for PolicyGame<'_> {
    fn players(&self) -> &[String] {
        &self.codes
    }

    fn variables(&self) -> &[Variable] {
        &self.variables
    }

    fn evaluate(&mut self, point: &[f64], payoffs: &mut [f64]) -> Result<(), StrategyError> {
        self.solve(point)?;
        if let Some(here) = &self.here {
            for (payoff, player) in payoffs.iter_mut().zip(&self.players) {
                *payoff = player.objective.value(self.calibration, here);
                if !payoff.is_finite() {
                    return Err(StrategyError::Unsolved(format!(
                        "the objective of {} has no value",
                        player.code
                    )));
                }
            }
        }
        Ok(())
    }

    fn gradient(&mut self, weights: &[f64], gradient: &mut [f64]) -> Result<(), StrategyError> {
        let Some(here) = &self.here else {
            return Err(StrategyError::Unsolved("a gradient was asked for before a point".into()));
        };
        let mut seed = Seed::new(self.calibration);
        for (weight, player) in weights.iter().zip(&self.players).filter(|(w, _)| **w != 0.0) {
            player.objective.differentiate(self.calibration, here, *weight, &mut seed);
        }
        let found = sensitivity(self.calibration, here, &seed)?;
        self.sweeps += found.sweeps;
        for (g, policy) in gradient.iter_mut().zip(&self.policies) {
            let by = match policy.kind {
                PolicyKind::Tariff => &found.cells.tariff,
                PolicyKind::ExportTax => &found.cells.export_tax,
                PolicyKind::TradeCost => &found.cells.trade_cost,
            };
            *g = policy.cells.iter().map(|(cell, _)| by[*cell]).sum();
        }
        Ok(())
    }

    /// `θ M / I` of both sides of each flow: what a triangle of lost trade is worth to them.
    fn curvature_scale(&mut self, weights: &[f64], scale: &mut [f64]) -> Result<bool, StrategyError> {
        let Some(here) = &self.here else { return Ok(false) };
        let d = self.calibration.dimensions;
        let weight = weights.iter().fold(0.0_f64, |m, w| m.max(w.abs())).max(1e-3);
        for (s, policy) in scale.iter_mut().zip(&self.policies) {
            *s = policy
                .cells
                .iter()
                .map(|(cell, _)| {
                    let (importer, _, sector) = d.cell_of(*cell);
                    let theta = self.calibration.technology.trade_elasticity[sector];
                    weight * theta * here.border_value[*cell] / here.income[importer]
                })
                .sum();
        }
        Ok(true)
    }
}
