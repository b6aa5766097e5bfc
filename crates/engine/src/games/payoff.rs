//! What a game is: players, the variables that each of them sets, and payoffs with exact gradients.
//!
//! The games know nothing of trade. They see a [`Game`]: a point u (for tariffs `u = ln(1+t)`) gives every player a payoff
//! `v_j(u)` (for welfare `ln G_j`), with the gradient of any weighted sum `Σ_j p_j v_j`. One weighted gradient costs one
//! adjoint solve whatever the number of players, which is why weights, not players, are asked for.

use super::error::StrategyError;

/// One choice variable: who sets it and between which bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variable {
    /// Position of the player who sets it.
    pub owner: usize,
    /// Smallest value, in the game's own unit.
    pub lower: f64,
    /// Largest value.
    pub upper: f64,
}

/// An economy as players see it. All methods after [`evaluate`](Game::evaluate) speak about the point evaluated last.
pub trait Game {
    /// Codes of the players, in the order of the payoffs.
    fn players(&self) -> &[String];

    /// The variables, in the order of a point.
    fn variables(&self) -> &[Variable];

    /// Payoffs at a point. [`StrategyError::Unsolved`] says that the point has no solution; a search then steps back.
    fn evaluate(&mut self, point: &[f64], payoffs: &mut [f64]) -> Result<(), StrategyError>;

    /// Largest relative residual of the point evaluated last; zero where payoffs are formulas.
    fn residual(&self) -> f64 {
        0.0
    }

    /// Gradient of `Σ_j weights_j v_j` in all variables, at the point evaluated last.
    fn gradient(&mut self, weights: &[f64], gradient: &mut [f64]) -> Result<(), StrategyError>;

    /// Second derivative of `Σ_j weights_j v_j` times a direction, at the point evaluated last. `false`: not offered;
    /// a difference of gradients is then used.
    fn curvature_product(
        &mut self,
        _weights: &[f64],
        _direction: &[f64],
        _product: &mut [f64],
    ) -> Result<bool, StrategyError> {
        Ok(false)
    }

    /// Forgets a curvature that is remembered from elsewhere and no longer leads anywhere. `false`: nothing was remembered.
    fn renew_curvature(&mut self) -> bool {
        false
    }

    /// A cheap positive stand-in for the diagonal of the second derivative, used only to scale the search. `false`: not
    /// offered; the search then measures it.
    fn curvature_scale(&mut self, _weights: &[f64], _scale: &mut [f64]) -> Result<bool, StrategyError> {
        Ok(false)
    }
}

/// Positions of the variables that a player sets.
pub fn variables_of(game: &dyn Game, player: usize) -> Vec<usize> {
    game.variables().iter().enumerate().filter(|(_, v)| v.owner == player).map(|(k, _)| k).collect()
}

/// Positions of the variables that any of some players sets.
pub fn variables_of_all(game: &dyn Game, players: &[usize]) -> Vec<usize> {
    game.variables().iter().enumerate().filter(|(_, v)| players.contains(&v.owner)).map(|(k, _)| k).collect()
}

/// The player with this code, or an error that offers the nearest names.
pub fn player_of(game: &dyn Game, code: &str) -> Result<usize, StrategyError> {
    game.players().iter().position(|player| player == code).ok_or_else(|| StrategyError::UnknownPlayer {
        found: code.to_owned(),
        known: game.players().join(", "),
    })
}

/// Checks bounds and a start once, before any search: a chosen variable outside its bounds is moved onto them; variables that are held
/// stay where they are.
pub fn feasible_start(game: &dyn Game, point: &[f64], chosen: &[usize]) -> Result<Vec<f64>, StrategyError> {
    let variables = game.variables();
    if point.len() != variables.len() {
        return Err(StrategyError::Size { what: "start", found: point.len(), expected: variables.len() });
    }
    if let Some((variable, found)) = point.iter().copied().enumerate().find(|(_, value)| !value.is_finite()) {
        return Err(StrategyError::Start { variable, found });
    }
    let mut start = point.to_vec();
    for k in chosen {
        let Variable { lower, upper, .. } = variables[*k];
        if !(lower <= upper && lower.is_finite() && upper.is_finite()) {
            return Err(StrategyError::Bounds { variable: *k, lower, upper });
        }
        start[*k] = start[*k].clamp(lower, upper);
    }
    Ok(start)
}

/// How payoffs are read where levels matter (bargaining, repeated games): `ln G` or the payoff itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PayoffScale {
    /// Payoffs are logarithms; the level is `exp(v)`.
    #[default]
    Logarithm,
    /// Payoffs are levels.
    Level,
}

impl PayoffScale {
    /// Level of a payoff.
    pub fn level(self, payoff: f64) -> f64 {
        match self {
            PayoffScale::Logarithm => payoff.exp(),
            PayoffScale::Level => payoff,
        }
    }

    /// Change of the level from `base`: relative under `Logarithm` (0.01 is one percent), plain under `Level`.
    pub fn gain(self, payoff: f64, base: f64) -> f64 {
        match self {
            PayoffScale::Logarithm => (payoff - base).exp_m1(),
            PayoffScale::Level => payoff - base,
        }
    }

    /// First and second derivative of the gain in the payoff.
    pub(crate) fn gain_slopes(self, payoff: f64, base: f64) -> (f64, f64) {
        match self {
            PayoffScale::Logarithm => ((payoff - base).exp(), (payoff - base).exp()),
            PayoffScale::Level => (1.0, 0.0),
        }
    }

    /// The payoff at which the gain from `base` is `gain`.
    pub fn payoff_at_gain(self, base: f64, gain: f64) -> f64 {
        match self {
            PayoffScale::Logarithm => base + gain.ln_1p(),
            PayoffScale::Level => base + gain,
        }
    }
}
