//! Players with policies in the full model: any closure that [`Solver::solve`] knows, any mix of instruments.
//!
//! A policy variable is `ln(1+t)`, `ln(1+e)` or `ln d̂` of some cells, each with an offset: `u_cell = u + offset`. A purchase commitment is a level. One variable with
//! many cells is a most-favoured-nation rate or one rate for all; offsets let other economies follow a move from where they
//! stand. Payoffs are the engine's [`Objective`]s; one transposed solve gives the gradient of any weighted sum of them.

use std::sync::Arc;

use super::error::StrategyError;
use super::known_points::{KnownPoints, Points, Rules, Weighed};
use super::payoff::{Game, Variable};
pub use super::policy_variable::{Player, PolicyKind, PolicyVariable};
use super::reduced::{Objective as ReducedObjective, ReducedEconomy, TariffGame};
use crate::derivatives::objective_derivative::Seed;
use crate::equilibrium::Equilibrium;
use crate::model::calibration::{Calibration, SolveSettings};
use crate::model::instruments::{Instruments, Limit, LimitMeasure, RentOwner};
use crate::objective::{Objective, Outcome};
use crate::search::solver::Solver;
use crate::sensitivity::adjoint::sensitivity;

/// A game on a calibrated world.
#[derive(Debug)]
pub struct PolicyGame<'a> {
    solver: &'a Solver,
    base: Instruments,
    codes: Vec<String>,
    players: Vec<Player>,
    variables: Vec<Variable>,
    policies: Vec<PolicyVariable>,
    settings: SolveSettings,
    here: Option<Equilibrium>,
    /// The point asked last, which may be known without being where `here` stands.
    asked: Vec<f64>,
    asked_residual: f64,
    known: Points,
    /// The same game on wages and incomes alone, where the world allows it, and what its payoffs lack to ours.
    reduced: Option<(TariffGame, Vec<f64>)>,
    /// Sweeps of all solves and transposed solves so far.
    pub sweeps: usize,
}

impl<'a> PolicyGame<'a> {
    /// A game over policies that act on top of `base`; cells that no policy sets stay there.
    pub fn new(
        solver: &'a Solver,
        base: Instruments,
        players: Vec<Player>,
        policies: Vec<PolicyVariable>,
    ) -> Result<Self, StrategyError> {
        let cells = solver.dimensions.cells();
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
        let reduced = reduced_game(solver, &base, &players, &policies);
        Ok(Self {
            solver,
            reduced,
            base,
            codes: players.iter().map(|player| player.code.clone()).collect(),
            players,
            variables,
            known: Points::none(),
            policies,
            asked: Vec::new(),
            asked_residual: 0.0,
            settings: SolveSettings::default(),
            here: None,
            sweeps: 0,
        })
    }

    /// The same, remembering in what other games of the same ground with the same rules have found and will find.
    #[must_use]
    pub fn remembering(mut self, known: &KnownPoints) -> Self {
        let rules =
            Rules { base: self.base.clone(), players: self.players.clone(), policies: self.policies.clone() };
        self.known = known.of_game(rules);
        self
    }

    /// The policies behind the variables.
    pub fn policies(&self) -> &[PolicyVariable] {
        &self.policies
    }

    /// Whether the game is played on wages and incomes alone, a thousand times cheaper than with intermediates.
    pub fn is_reduced(&self) -> bool {
        self.reduced.is_some()
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
                    PolicyKind::ListRate | PolicyKind::Purchases => {}
                }
            }
        }
        // One limit for each commitment, also where it asks for nothing: starts from neighbouring points then fit.
        let commitments = self.policies.iter().zip(point).filter(|(p, _)| p.kind == PolicyKind::Purchases);
        instruments.limits.extend(commitments.map(|(policy, u)| Limit {
            cells: policy.cells.iter().map(|(cell, _)| *cell).collect(),
            min: (*u > 0.0).then(|| u * self.bought(policy)),
            max: None,
            measure: LimitMeasure::Value,
            rent: RentOwner::Importer,
        }));
        // Lists add to whatever else was set on their cells.
        let lists = self.policies.iter().zip(point).filter(|(policy, _)| policy.kind == PolicyKind::ListRate);
        for (policy, u) in lists {
            policy.cells.iter().for_each(|(cell, share)| instruments.tariff_rate[*cell] += share * u);
        }
        instruments
    }

    /// What the cells of a policy come to in the data, benchmark unit a year: the unit of a purchase commitment.
    pub fn bought(&self, policy: &PolicyVariable) -> f64 {
        policy.cells.iter().map(|(cell, _)| self.solver.benchmark.border_value[*cell]).sum()
    }

    /// Position among the limits of a variable's commitment.
    fn limit_of(&self, variable: usize) -> usize {
        let before = self.policies[..variable].iter().filter(|p| p.kind == PolicyKind::Purchases).count();
        self.base.limits.len() + before
    }

    /// The wedge by which a purchase commitment makes buyers buy, a fraction of the price at the border, at a solved point; zero where the
    /// market buys as much.
    pub fn commitment_wedge(&self, variable: usize, equilibrium: &Equilibrium) -> f64 {
        equilibrium.limit_wedge.get(self.limit_of(variable)).copied().unwrap_or(0.0)
    }

    /// The point at which every variable is the mean of what its cells have under some instruments.
    pub fn point_of(&self, instruments: &Instruments) -> Vec<f64> {
        let at = |kind: PolicyKind, cell: usize| match kind {
            PolicyKind::Tariff => instruments.tariff_rate[cell].ln_1p(),
            PolicyKind::ExportTax => instruments.export_tax_rate.get(cell).map_or(0.0, |e| e.ln_1p()),
            PolicyKind::TradeCost => instruments.trade_cost_hat.get(cell).map_or(0.0, |d| d.ln()),
            PolicyKind::ListRate => instruments.tariff_rate[cell] - self.base.tariff_rate[cell],
            PolicyKind::Purchases => 0.0,
        };
        self.policies
            .iter()
            .map(|policy| {
                if policy.kind == PolicyKind::Purchases {
                    // Tariffs of a day say nothing of commitments: none.
                    return 0.0;
                }
                if policy.kind == PolicyKind::ListRate {
                    // The rate on the list that comes closest to what its cells have.
                    let square: f64 = policy.cells.iter().map(|(_, share)| share * share).sum();
                    let along: f64 =
                        policy.cells.iter().map(|(cell, share)| share * at(policy.kind, *cell)).sum();
                    return along / square;
                }
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
        self.solved().cloned()
    }

    /// The equilibrium solved last.
    fn solved(&self) -> Result<&Equilibrium, StrategyError> {
        self.here.as_ref().ok_or_else(|| StrategyError::Unsolved("no point was evaluated".into()))
    }

    fn solve(&mut self, point: &[f64]) -> Result<(), StrategyError> {
        let instruments = Arc::new(self.instruments(point));
        if self.here.as_ref().is_some_and(|here| here.instruments == instruments) {
            return Ok(());
        }
        let mut found = self.solver.solve(Arc::clone(&instruments), &self.settings, self.here.as_ref())?;
        self.sweeps += found.certificate().sweeps;
        if !found.is_solved() && self.here.is_some() {
            found = self.solver.solve(instruments, &self.settings, None)?;
            self.sweeps += found.certificate().sweeps;
        }
        let solved = found.solved().map_err(|unsolved| {
            let residual = unsolved.certificate.max_residual();
            StrategyError::Unsolved(format!("{} (residual {residual:.1e})", unsolved.cause))
        })?;
        self.here = Some(solved);
        Ok(())
    }

    /// What the weighted payoffs have at a point: as it is known, else as `read` finds it on the equilibrium there.
    fn weighed_at(
        &mut self,
        what: Weighed,
        point: &[f64],
        weights: &[f64],
        values: &mut [f64],
        read: impl FnOnce(&Self, &Equilibrium, &mut [f64]) -> Result<usize, StrategyError>,
    ) -> Result<(), StrategyError> {
        if let Some(known) = self.known.weighed(what, point, weights) {
            values.copy_from_slice(&known);
            return Ok(());
        }
        self.solve(point)?;
        self.sweeps += read(self, self.solved()?, values)?;
        self.known.learn(what, point, weights, values);
        Ok(())
    }

    /// The gradient of the weighted payoffs at an equilibrium, and the sweeps that it took.
    fn gradient_of(
        &self,
        here: &Equilibrium,
        weights: &[f64],
        gradient: &mut [f64],
    ) -> Result<usize, StrategyError> {
        let mut seed = Seed::new(self.solver);
        for (weight, player) in weights.iter().zip(&self.players).filter(|(w, _)| **w != 0.0) {
            player.objective.differentiate(self.solver, here, *weight, &mut seed);
        }
        let found = sensitivity(self.solver, here, &seed)?;
        for (k, policy) in self.policies.iter().enumerate() {
            let g = &mut gradient[k];
            let by = match policy.kind {
                PolicyKind::Purchases => {
                    let limit = self.limit_of(k);
                    let level = here.instruments.limits[limit].min.unwrap_or(0.0) / self.bought(policy);
                    *g = if level > 0.0 { found.limit[limit] / level } else { 0.0 };
                    continue;
                }
                PolicyKind::ListRate => {
                    let rate = &here.instruments.tariff_rate;
                    let by = &found.cells.tariff;
                    *g = policy
                        .cells
                        .iter()
                        .map(|(cell, share)| share * by[*cell] / (1.0 + rate[*cell]))
                        .sum();
                    continue;
                }
                PolicyKind::Tariff => &found.cells.tariff,
                PolicyKind::ExportTax => &found.cells.export_tax,
                PolicyKind::TradeCost => &found.cells.trade_cost,
            };
            *g = policy.cells.iter().map(|(cell, _)| by[*cell]).sum();
        }
        Ok(found.sweeps)
    }

    /// `θ M / I` of both sides of each flow at an equilibrium; no sweeps.
    fn curvature_scale_of(
        &self,
        here: &Equilibrium,
        weights: &[f64],
        scale: &mut [f64],
    ) -> Result<usize, StrategyError> {
        let d = self.solver.dimensions;
        let weight = weights.iter().fold(0.0_f64, |m, w| m.max(w.abs())).max(1e-3);
        let data = &self.solver.benchmark.border_value;
        for (s, policy) in scale.iter_mut().zip(&self.policies) {
            *s = policy
                .cells
                .iter()
                .map(|(cell, offset)| {
                    let (importer, _, sector) = d.cell_of(*cell);
                    let theta = self.solver.technology.trade_elasticity[sector];
                    if policy.kind == PolicyKind::Purchases {
                        // A flow that is to grow by a share is bought with a wedge of that share over θ.
                        return weight * data[*cell] / (theta * here.income[importer]);
                    }
                    let reach = if policy.kind == PolicyKind::ListRate { offset * offset } else { 1.0 };
                    reach * weight * theta * here.border_value[*cell] / here.income[importer]
                })
                .sum();
        }
        Ok(0)
    }
}

/// The game on wages and incomes alone: no intermediates, tariffs only, real income with or without political weights.
fn reduced_game(
    solver: &Solver,
    base: &Instruments,
    players: &[Player],
    policies: &[PolicyVariable],
) -> Option<(TariffGame, Vec<f64>)> {
    let plain = Instruments { tariff_rate: base.tariff_rate.clone(), ..Instruments::of(&solver.benchmark) };
    let simple = |policy: &PolicyVariable| {
        policy.kind == PolicyKind::Tariff && policy.cells.iter().all(|(_, offset)| *offset == 0.0)
    };
    if *base != plain || !policies.iter().all(simple) || players.len() != solver.dimensions.economies {
        return None;
    }
    let objectives = players
        .iter()
        .enumerate()
        .map(|(j, player)| reduced_objective(solver, &player.objective, j))
        .collect::<Option<Vec<_>>>()?;
    let mut economy = ReducedEconomy::new(solver).ok()?;
    economy.solve(base.tariff_rate.iter().map(|t| t.ln_1p()).enumerate()).ok()?;
    let variables = policies
        .iter()
        .map(|policy| {
            let variable = Variable { owner: policy.player, lower: policy.bounds.0, upper: policy.bounds.1 };
            (variable, policy.cells.iter().map(|(cell, _)| *cell).collect())
        })
        .collect();
    let codes = players.iter().map(|player| player.code.clone()).collect();
    // Payoffs of both differ by constants; they are read off at the base.
    let full = solver.solve(base, &SolveSettings::default(), None).ok()?.solved().ok()?;
    let at_base: Vec<f64> =
        objectives.iter().enumerate().map(|(j, objective)| economy.payoff(j, objective)).collect();
    let lacking = (players.iter().zip(&at_base))
        .map(|(player, payoff)| player.objective.value(solver, &full) - payoff)
        .collect();
    Some((TariffGame::new(economy, codes, objectives, variables).ok()?, lacking))
}

/// The objective as the reduced economy knows it.
fn reduced_objective(calibration: &Calibration, objective: &Objective, j: usize) -> Option<ReducedObjective> {
    let Objective::LogSum(terms) = objective else { return None };
    let [(weight, scalar)] = terms.as_slice() else { return None };
    if *weight != 1.0 || scalar.economy != j {
        return None;
    }
    match scalar.outcome {
        Outcome::Welfare => Some(ReducedObjective::Welfare),
        // With deficits a government shares out transfers that the reduced objective leaves out.
        Outcome::GovernmentWelfare if calibration.closure.deficits.are_zero() => {
            let d = calibration.dimensions;
            let weights = calibration.benchmark.political_weight.as_ref();
            let of = |s: usize| weights.map_or(1.0, |weights| weights[d.pair(j, s)]);
            Some(ReducedObjective::Political((0..d.sectors).map(of).collect()))
        }
        _ => None,
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
        self.solver.control().check()?;
        if let Some((game, lacking)) = &mut self.reduced {
            game.evaluate(point, payoffs)?;
            payoffs.iter_mut().zip(lacking).for_each(|(payoff, lacks)| *payoff += *lacks);
            return Ok(());
        }
        self.asked.clear();
        self.asked.extend_from_slice(point);
        if let Some((known, residual)) = self.known.payoffs(point) {
            payoffs.copy_from_slice(&known);
            self.asked_residual = residual;
            return Ok(());
        }
        self.solve(point)?;
        if let Some(here) = &self.here {
            for (payoff, player) in payoffs.iter_mut().zip(&self.players) {
                *payoff = player.objective.value(self.solver, here);
                if !payoff.is_finite() {
                    return Err(StrategyError::Unsolved(format!(
                        "the objective of {} has no value",
                        player.code
                    )));
                }
            }
            self.asked_residual = here.certificate.max_residual();
            self.known.learn_payoffs(point, payoffs, self.asked_residual);
        }
        Ok(())
    }

    fn residual(&self) -> f64 {
        self.reduced.as_ref().map_or(self.asked_residual, |(game, _)| game.residual())
    }

    fn gradient(&mut self, weights: &[f64], gradient: &mut [f64]) -> Result<(), StrategyError> {
        if let Some((game, _)) = &mut self.reduced {
            return game.gradient(weights, gradient);
        }
        if self.asked.is_empty() {
            return Err(StrategyError::Unsolved("a gradient was asked for before a point".into()));
        }
        let point = std::mem::take(&mut self.asked);
        let found = self.weighed_at(Weighed::Gradient, &point, weights, gradient, |game, here, gradient| {
            game.gradient_of(here, weights, gradient)
        });
        self.asked = point;
        found
    }

    fn curvature_product(
        &mut self,
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) -> Result<bool, StrategyError> {
        match &mut self.reduced {
            Some((game, _)) => game.curvature_product(weights, direction, product),
            None => Ok(false),
        }
    }

    /// `θ M / I` of both sides of each flow: what a triangle of lost trade is worth to them.
    fn curvature_scale(&mut self, weights: &[f64], scale: &mut [f64]) -> Result<bool, StrategyError> {
        if let Some((game, _)) = &mut self.reduced {
            return game.curvature_scale(weights, scale);
        }
        if self.asked.is_empty() {
            return Ok(false);
        }
        let point = std::mem::take(&mut self.asked);
        let found = self.weighed_at(Weighed::Scale, &point, weights, scale, |game, here, scale| {
            game.curvature_scale_of(here, weights, scale)
        });
        self.asked = point;
        found.map(|()| true)
    }
}
