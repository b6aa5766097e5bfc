//! What games on one ground have found at points asked before. Searches come back to the same points: everybody's best response from where a
//! war stands, then the certificate from there; a punishment is judged beside each of twenty deals; and one picture begins where another ended.
//!
//! A point counts as the same only to the last bit, so that what is remembered is what would be found again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::policy_variable::{Player, PolicyVariable};
use crate::model::instruments::Instruments;

/// Points of a game that are held at most.
const MOST: usize = 20_000;
/// With more variables than this no point comes back, and gradients are long.
const FEW_VARIABLES: usize = 64;

/// What is known of the games of one ground. A copy knows the same and learns for itself.
#[derive(Debug, Default)]
pub struct KnownPoints {
    games: Mutex<Vec<(Rules, Points)>>,
}

impl Clone for KnownPoints {
    fn clone(&self) -> Self {
        let games = self.games.lock().unwrap_or_else(PoisonError::into_inner);
        let copied = |(rules, points): &(Rules, Points)| (rules.clone(), points.copied());
        Self { games: Mutex::new(games.iter().map(copied).collect()) }
    }
}

/// What makes a game on a ground the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rules {
    pub base: Instruments,
    pub players: Vec<Player>,
    pub policies: Vec<PolicyVariable>,
}

impl KnownPoints {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The points of a game, shared with every other that has the same rules.
    pub(super) fn of_game(&self, rules: Rules) -> Points {
        let mut games = self.games.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, points)) = games.iter().find(|(held, _)| *held == rules) {
            return points.clone();
        }
        let points = Points::of(rules.policies.len());
        games.push((rules, points.clone()));
        points
    }
}

/// The points of one game; none are held where it has many variables.
#[derive(Clone, Debug)]
pub(super) struct Points(Option<Arc<Mutex<HashMap<Vec<u64>, Known>>>>);

#[derive(Clone, Debug, Default)]
struct Known {
    payoffs: Vec<f64>,
    residual: f64,
    /// Weights of the players, and the gradient of the sum.
    gradients: Vec<(Vec<u64>, Vec<f64>)>,
    /// Weights of the players, and how much the sum bends in each variable.
    scales: Vec<(Vec<u64>, Vec<f64>)>,
}

/// What is held of a point by weights of the players.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weighed {
    Gradient,
    Scale,
}

impl Known {
    fn of(&mut self, what: Weighed) -> &mut Vec<(Vec<u64>, Vec<f64>)> {
        match what {
            Weighed::Gradient => &mut self.gradients,
            Weighed::Scale => &mut self.scales,
        }
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

impl Points {
    /// Those of a game with so many variables.
    pub fn of(variables: usize) -> Self {
        Self((variables <= FEW_VARIABLES).then(Arc::default))
    }

    fn copied(&self) -> Self {
        let copy = |held: &Mutex<HashMap<Vec<u64>, Known>>| {
            Arc::new(Mutex::new(held.lock().unwrap_or_else(PoisonError::into_inner).clone()))
        };
        Self(self.0.as_deref().map(copy))
    }

    /// Payoffs at a point, and the residual that they were found at.
    pub fn payoffs(&self, point: &[f64]) -> Option<(Vec<f64>, f64)> {
        let held = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(&bits(point)).map(|known| (known.payoffs.clone(), known.residual))
    }

    /// What is known of the weighted payoffs at a point.
    pub fn weighed(&self, what: Weighed, point: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
        let mut held = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let weights = bits(weights);
        let known = held.get_mut(&bits(point))?.of(what);
        known.iter().find(|(held, _)| *held == weights).map(|(_, found)| found.clone())
    }

    pub fn learn_payoffs(&self, point: &[f64], payoffs: &[f64], residual: f64) {
        let Some(held) = &self.0 else { return };
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST {
            held.clear();
        }
        held.insert(bits(point), Known { payoffs: payoffs.to_vec(), residual, ..Known::default() });
    }

    pub fn learn(&self, what: Weighed, point: &[f64], weights: &[f64], found: &[f64]) {
        let Some(held) = &self.0 else { return };
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.get_mut(&bits(point)) {
            known.of(what).push((bits(weights), found.to_vec()));
        }
    }
}
