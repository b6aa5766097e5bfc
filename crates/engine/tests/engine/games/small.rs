//! Closed-form games: no trade model of the engine is involved.

use detente_engine::games::error::StrategyError;
use detente_engine::games::payoff::{Game, Variable};

/// A game given by functions: payoffs and their gradients, row by player.
pub struct FormulaGame {
    players: Vec<String>,
    variables: Vec<Variable>,
    payoffs: fn(&[f64]) -> Vec<f64>,
    gradients: fn(&[f64]) -> Vec<Vec<f64>>,
    point: Vec<f64>,
}

impl FormulaGame {
    pub fn new(
        players: &[&str],
        variables: Vec<Variable>,
        payoffs: fn(&[f64]) -> Vec<f64>,
        gradients: fn(&[f64]) -> Vec<Vec<f64>>,
    ) -> Self {
        Self {
            players: players.iter().map(|p| (*p).to_owned()).collect(),
            variables,
            payoffs,
            gradients,
            point: Vec::new(),
        }
    }
}

impl Game for FormulaGame {
    fn players(&self) -> &[String] {
        &self.players
    }
    fn variables(&self) -> &[Variable] {
        &self.variables
    }
    fn evaluate(&mut self, point: &[f64], payoffs: &mut [f64]) -> Result<(), StrategyError> {
        self.point = point.to_vec();
        payoffs.copy_from_slice(&(self.payoffs)(point));
        Ok(())
    }
    fn gradient(&mut self, weights: &[f64], gradient: &mut [f64]) -> Result<(), StrategyError> {
        gradient.fill(0.0);
        for (weight, row) in weights.iter().zip((self.gradients)(&self.point)) {
            gradient.iter_mut().zip(row).for_each(|(g, r)| *g += weight * r);
        }
        Ok(())
    }
}

pub fn variable(owner: usize, lower: f64, upper: f64) -> Variable {
    Variable { owner, lower, upper }
}

/// A value with its derivatives in (ln relative wage, u₁, u₂).
#[derive(Clone, Copy)]
struct Dual(f64, [f64; 3]);

impl Dual {
    fn constant(value: f64) -> Self {
        Self(value, [0.0; 3])
    }
    fn along(value: f64, axis: usize) -> Self {
        let mut slope = [0.0; 3];
        slope[axis] = 1.0;
        Self(value, slope)
    }
    fn map(self, value: f64, slope: f64) -> Self {
        Self(value, self.1.map(|d| d * slope))
    }
    fn exp(self) -> Self {
        self.map(self.0.exp(), self.0.exp())
    }
    fn ln(self) -> Self {
        self.map(self.0.ln(), 1.0 / self.0)
    }
    fn times(self, k: f64) -> Self {
        self.map(self.0 * k, k)
    }
}

impl std::ops::Add for Dual {
    type Output = Dual;
    fn add(self, o: Dual) -> Dual {
        Dual(self.0 + o.0, std::array::from_fn(|k| self.1[k] + o.1[k]))
    }
}
impl std::ops::Sub for Dual {
    type Output = Dual;
    fn sub(self, o: Dual) -> Dual {
        self + o.times(-1.0)
    }
}
impl std::ops::Mul for Dual {
    type Output = Dual;
    #[allow(clippy::suspicious_arithmetic_impl, reason = "the product rule adds")]
    fn mul(self, o: Dual) -> Dual {
        Dual(self.0 * o.0, std::array::from_fn(|k| self.1[k] * o.0 + self.0 * o.1[k]))
    }
}

/// Two economies, one good each, Armington with trade elasticity θ, balanced trade: Johnson's (1953) game with tariffs u = ln(1+t).
pub struct ExchangeGame {
    players: Vec<String>,
    variables: Vec<Variable>,
    /// Factor endowments.
    pub size: [f64; 2],
    /// Taste for the foreign good, relative to the home good's one.
    pub openness: [f64; 2],
    /// θ.
    pub trade_elasticity: f64,
    point: [f64; 2],
    wage: f64,
}

impl ExchangeGame {
    pub fn new(size: [f64; 2], openness: [f64; 2], trade_elasticity: f64, lower: f64) -> Self {
        Self {
            players: vec!["HOME".into(), "AWAY".into()],
            variables: vec![variable(0, lower, 3.0), variable(1, lower, 3.0)],
            size,
            openness,
            trade_elasticity,
            point: [0.0; 2],
            wage: 0.0,
        }
    }

    /// Log welfare of both and the log of import values, at a log relative wage of the first.
    fn forms(&self, wage: f64) -> ([Dual; 2], [Dual; 2]) {
        let one = Dual::constant(1.0);
        let theta = self.trade_elasticity;
        let wages = [Dual::along(wage, 0), Dual::constant(0.0)];
        let mut welfare = [one; 2];
        let mut imports = [one; 2];
        for j in 0..2 {
            let u = Dual::along(self.point[j], j + 1);
            let home = wages[j].times(-theta).exp();
            let foreign = ((wages[1 - j] + u).times(-theta) + Dual::constant(self.openness[j].ln())).exp();
            let price = (home + foreign).ln().times(-1.0 / theta);
            let share = (foreign.ln() - (home + foreign).ln()).exp();
            let before_tariff = share * u.times(-1.0).exp();
            let rebate = one - (share - before_tariff);
            let income = wages[j] + Dual::constant(self.size[j].ln()) - rebate.ln();
            welfare[j] = income - price;
            imports[j] = before_tariff.ln() + income;
        }
        (welfare, imports)
    }

    /// Share of the economy's purchases, before tariffs, that is its own good, at the point evaluated last.
    pub fn own_share(&self, j: usize) -> f64 {
        let wages = [self.wage, 0.0];
        let theta = self.trade_elasticity;
        let home = (-theta * wages[j]).exp();
        let foreign = self.openness[j] * (-theta * (wages[1 - j] + self.point[j])).exp();
        home / (home + foreign * (-self.point[j]).exp())
    }
}

impl Game for ExchangeGame {
    fn players(&self) -> &[String] {
        &self.players
    }
    fn variables(&self) -> &[Variable] {
        &self.variables
    }
    fn evaluate(&mut self, point: &[f64], payoffs: &mut [f64]) -> Result<(), StrategyError> {
        self.point = [point[0], point[1]];
        for _ in 0..100 {
            let (_, imports) = self.forms(self.wage);
            let gap = imports[0] - imports[1];
            let step = gap.0 / gap.1[0];
            self.wage -= step.clamp(-1.0, 1.0);
            if step.abs() < 1e-15 {
                break;
            }
        }
        let (welfare, _) = self.forms(self.wage);
        payoffs.copy_from_slice(&[welfare[0].0, welfare[1].0]);
        Ok(())
    }
    fn gradient(&mut self, weights: &[f64], gradient: &mut [f64]) -> Result<(), StrategyError> {
        let (welfare, imports) = self.forms(self.wage);
        let gap = imports[0] - imports[1];
        for k in 0..2 {
            let wage_slope = -gap.1[k + 1] / gap.1[0];
            gradient[k] =
                (0..2).map(|j| weights[j] * (welfare[j].1[k + 1] + welfare[j].1[0] * wage_slope)).sum();
        }
        Ok(())
    }
}
