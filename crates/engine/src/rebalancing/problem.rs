//! A rebalancing as a problem: targets on dials, levers within bounds, a cost; and its value with all gradients at a point.

use super::dial::DialOf;
use super::direct::Direct;
use super::lever::{self, Lever};
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::calibration::SolveSettings;
use crate::search::solver::Solver;

/// How a target is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// To be met exactly.
    Equal,
    /// At least.
    AtLeast,
    /// At most.
    AtMost,
}

/// A dial's target level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Which dial, whose.
    pub dial: DialOf,
    /// How it is meant.
    pub sense: Sense,
    /// The level.
    pub level: f64,
}

impl Target {
    /// By how much a value misses it: zero where it holds; a target to be met exactly is missed on either side.
    pub fn missed(&self, value: f64) -> f64 {
        match self.sense {
            Sense::Equal => (self.level - value).abs(),
            Sense::AtLeast => (self.level - value).max(0.0),
            Sense::AtMost => (value - self.level).max(0.0),
        }
    }
}

/// A lever within bounds, with what its use costs beside what it does to welfare.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundedLever {
    /// What it does.
    pub lever: Lever,
    /// Least.
    pub lower: f64,
    /// Most.
    pub upper: f64,
    /// Cost per unit, in the logarithm of welfare; only where the bounds do not straddle zero.
    pub cost: f64,
    /// Half of it times the square is a further cost.
    pub curvature: f64,
}

/// What is minimised.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Weight of each economy's `ln W^S`; empty: effort alone.
    pub weights: Vec<(usize, f64)>,
    /// What a unit saved counts beside a unit spent.
    pub saving: f64,
}

/// The whole question.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    /// The world and its closure.
    pub solver: &'a Solver,
    /// Where levers start from.
    pub base: &'a Equilibrium,
    /// Levers.
    pub levers: Vec<BoundedLever>,
    /// Targets.
    pub targets: Vec<Target>,
    /// Cost.
    pub cost: Cost,
    /// How equilibria are solved.
    pub settings: SolveSettings,
}

/// The unit of targets: a percentage point of a share.
pub(super) const POINT: f64 = 0.01;

/// Value and gradients at a point; costs in logarithms of welfare, gradients by lever.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The equilibrium.
    pub equilibrium: Equilibrium,
    /// Cost.
    pub cost: f64,
    /// `ln W^S` of the weighed economies less that at the start.
    pub welfare: Vec<f64>,
    /// Its gradient; empty where it was not asked for.
    pub cost_slope: Vec<f64>,
    /// Dials of the targets.
    pub dials: Vec<f64>,
    /// Their gradients; empty where they were not asked for.
    pub slopes: Vec<Vec<f64>>,
}

impl Problem<'_> {
    /// Refuses what cannot be asked.
    pub fn check(&self) -> Result<(), EngineError> {
        let refused = |setting, reason: String| Err(EngineError::Refused { setting, reason });
        for bounded in &self.levers {
            bounded.lever.check(self.solver)?;
            let BoundedLever { lower, upper, cost, .. } = bounded;
            if !(lower <= upper && lower.is_finite() && upper.is_finite()) {
                return refused("lever", format!("its bounds [{lower}, {upper}] hold no number"));
            }
            if *cost != 0.0 && *lower < 0.0 && *upper > 0.0 {
                let reason = "a cost per unit needs a lever of one sign, since the cost has a kink at zero; use `curvature` or split it";
                return refused("cost", reason.to_owned());
            }
        }
        for target in &self.targets {
            if target.dial.value(self.solver, self.base).is_none() {
                let name = target.dial.dial.entry().id;
                let why = if target.dial.dial.needs_uses() {
                    lever::NO_USES
                } else {
                    "it has no value at the start"
                };
                return refused("target", format!("`{name}` is not defined here: {why}"));
            }
        }
        Ok(())
    }

    fn welfare(&self, e: &Equilibrium, economy: usize) -> f64 {
        let rise = e.trade_deficit[economy] / e.numeraire_scale
            - self.base.trade_deficit[economy] / self.base.numeraire_scale;
        let income = e.income[economy] / e.numeraire_scale - self.cost.saving * rise;
        (income / self.solver.income[economy]).ln() - self.log_index(e, economy)
    }

    /// The price of final use at the shares of the data, in logarithms at world GDP.
    fn log_index(&self, e: &Equilibrium, economy: usize) -> f64 {
        let d = self.solver.dimensions;
        (0..d.sectors)
            .map(|s| d.pair(economy, s))
            .map(|pair| self.solver.final_share[pair] * (e.price_hat[pair] / e.numeraire_scale).ln())
            .sum()
    }

    /// An equilibrium with levers at these numbers; none where there is none.
    pub fn equilibrium(&self, sizes: &[f64]) -> Result<Option<Equilibrium>, EngineError> {
        let levers: Vec<&Lever> = self.levers.iter().map(|bounded| &bounded.lever).collect();
        let instruments = lever::apply(self.solver, &self.base.instruments, &levers, sizes)?;
        Ok(self.solver.solve(instruments, &self.settings, Some(self.base))?.solved().ok())
    }

    /// Value at a point, with gradients where they are asked for; none where there is no equilibrium.
    pub fn evaluate(&self, sizes: &[f64], with_slopes: bool) -> Result<Option<Evaluation>, EngineError> {
        let Some(e) = self.equilibrium(sizes)? else { return Ok(None) };
        let mut dials = Vec::new();
        for target in &self.targets {
            let Some(value) = target.dial.value(self.solver, &e) else { return Ok(None) };
            dials.push(value);
        }
        let welfare: Vec<f64> = (self.cost.weights.iter())
            .map(|(economy, _)| self.welfare(&e, *economy) - self.welfare(self.base, *economy))
            .collect();
        let gained: f64 =
            self.cost.weights.iter().zip(&welfare).map(|((_, weight), gain)| weight * gain).sum();
        if !gained.is_finite() {
            return Ok(None);
        }
        let effort = |(bounded, size): (&BoundedLever, &f64)| {
            bounded.cost * size.abs() + 0.5 * bounded.curvature * size * size
        };
        let cost = self.levers.iter().zip(sizes).map(effort).sum::<f64>() - gained;
        let mut found =
            Evaluation { equilibrium: e, cost, welfare, cost_slope: Vec::new(), dials, slopes: Vec::new() };
        if with_slopes {
            self.add_slopes(&mut found, sizes)?;
        }
        Ok(Some(found))
    }

    /// Gradients at a point that is solved: one adjoint for the cost and one for each target.
    pub fn add_slopes(&self, found: &mut Evaluation, sizes: &[f64]) -> Result<(), EngineError> {
        found.cost_slope = self.combined(&found.equilibrium, sizes, 1.0, &[])?;
        found.slopes.clear();
        for target in &self.targets {
            let gradient = target.dial.gradient(self.solver, &found.equilibrium)?;
            found.slopes.push(self.by_levers(&found.equilibrium, &gradient, sizes));
        }
        Ok(())
    }

    fn by_levers(&self, e: &Equilibrium, gradient: &super::direct::DialGradient, sizes: &[f64]) -> Vec<f64> {
        let slope = |(bounded, size): (&BoundedLever, &f64)| {
            bounded.lever.slope(self.solver, &e.instruments, gradient, *size)
        };
        self.levers.iter().zip(sizes).map(slope).collect()
    }

    /// The gradient by lever of `on_cost · cost + Σ on_dials · dial`, by one adjoint.
    pub(super) fn combined(
        &self,
        e: &Equilibrium,
        sizes: &[f64],
        on_cost: f64,
        on_dials: &[f64],
    ) -> Result<Vec<f64>, EngineError> {
        let (solver, d) = (self.solver, self.solver.dimensions);
        let mut direct = Direct::new(solver);
        let mut own = vec![0.0; self.levers.len()];
        for (economy, weight) in &self.cost.weights {
            let rise = (e.trade_deficit[*economy] / e.numeraire_scale)
                - self.base.trade_deficit[*economy] / self.base.numeraire_scale;
            let income = e.income[*economy] / e.numeraire_scale - self.cost.saving * rise;
            let amount = -on_cost * weight;
            direct.seed.income[*economy] += amount / income;
            for s in 0..d.sectors {
                let pair = d.pair(*economy, s);
                direct.seed.price[pair] -= amount * solver.final_share[pair];
            }
            for (own, bounded) in own.iter_mut().zip(&self.levers) {
                let moved = bounded.lever.deficits(solver);
                *own -= amount * self.cost.saving * moved.get(*economy).copied().unwrap_or(0.0) / income;
            }
        }
        for (target, weight) in self.targets.iter().zip(on_dials).filter(|(_, weight)| **weight != 0.0) {
            target.dial.differentiate(solver, e, *weight, &mut direct);
        }
        let gradient = direct.gradient(solver, e, 0.0)?;
        let through = self.by_levers(e, &gradient, sizes);
        let effort = self.levers.iter().zip(sizes).map(|(bounded, size)| {
            // One-signed levers: the sign of the side that the bounds are on, at zero too.
            let sign = if bounded.upper > 0.0 { 1.0 } else { -1.0 };
            on_cost * (bounded.cost * sign + bounded.curvature * size)
        });
        Ok(own
            .iter()
            .zip(through)
            .zip(effort)
            .map(|((own, through), effort)| own + through + effort)
            .collect())
    }

    /// The best that levers within bounds do for each target, to first order at the start and exactly where the first order has it: dial at
    /// the start, linear, exact (none where there is no equilibrium).
    pub fn reach(&self) -> Result<Vec<(f64, f64, Option<f64>)>, EngineError> {
        let start = self.start();
        let Some(at) = self.evaluate(&start, true)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (j, target) in self.targets.iter().enumerate() {
            let wanted = match target.sense {
                Sense::AtLeast => 1.0,
                Sense::AtMost => -1.0,
                Sense::Equal => (target.level - at.dials[j]).signum(),
            };
            let corner: Vec<f64> = (self.levers.iter().zip(&at.slopes[j]))
                .map(|(bounded, slope)| if wanted * slope > 0.0 { bounded.upper } else { bounded.lower })
                .collect();
            let rise: f64 = (0..corner.len()).map(|k| at.slopes[j][k] * (corner[k] - start[k])).sum();
            let exact = self.equilibrium(&corner)?.and_then(|e| target.dial.value(self.solver, &e));
            found.push((at.dials[j], at.dials[j] + rise, exact));
        }
        Ok(found)
    }

    /// Zero, or the bound nearest to it.
    pub fn start(&self) -> Vec<f64> {
        self.levers.iter().map(|bounded| 0.0_f64.clamp(bounded.lower, bounded.upper)).collect()
    }
}
