//! Maximises a smooth function on a box: scaled, projected, truncated Newton.
//!
//! Each round fixes the variables that a bound holds back, solves `−H d = g` over the others by conjugate gradients scaled with
//! `|H_kk|` (curvatures of tariffs span eight orders of magnitude), turns to the scaled gradient where the function bends the
//! wrong way, and walks along the projected path with backtracking. Products with H are asked for one at a time: no matrix is built.

use super::certificate::{Effort, SearchStatus};
use super::error::StrategyError;
use super::search::Search;

/// Settings of the search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchSettings {
    /// Newton rounds at most.
    pub max_iterations: usize,
    /// Conjugate-gradient steps per round at most.
    pub max_inner: usize,
    /// Done when no variable would still move by more than this.
    pub step_tolerance: f64,
    /// Called converged when the gain still to be made, as the scaled gradient predicts it, is at most this.
    pub gain_tolerance: f64,
    /// Largest change of a variable in one round.
    pub step_limit: f64,
    /// Whether, at an optimum, each variable is tried at its bounds: prohibitive rates are a plateau that no gradient leads to.
    pub probe_bounds: bool,
}

impl Default for SearchSettings {
    fn default() -> Self {
        Self {
            max_iterations: 200,
            max_inner: 200,
            step_tolerance: 1e-9,
            gain_tolerance: 1e-13,
            step_limit: 1.0,
            probe_bounds: false,
        }
    }
}

/// Where a search ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    /// The chosen variables.
    pub choice: Vec<f64>,
    /// Value of the criterion.
    pub value: f64,
    /// Payoffs of all players.
    pub payoffs: Vec<f64>,
    /// Largest projected gradient.
    pub projected_gradient: f64,
    /// Gain that the scaled projected gradient still predicts.
    pub predicted_gain: f64,
    /// Newton rounds.
    pub iterations: usize,
    /// How it ended.
    pub status: SearchStatus,
    /// Work.
    pub effort: Effort,
}

/// One point of the search with its gradient.
struct Here {
    choice: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    scale: Vec<f64>,
}

/// Maximises from the search's start.
pub fn maximise(search: &mut Search, settings: &SearchSettings) -> Result<Optimum, StrategyError> {
    let (lower, upper) = search.bounds();
    let start: Vec<f64> =
        search.start().iter().zip(&lower).zip(&upper).map(|((x, l), u)| x.clamp(*l, *u)).collect();
    let n = start.len();
    let Some(value) = search.value(&start)? else {
        return Err(StrategyError::Unsolved("the start of the search has no value".into()));
    };
    let mut here = Here { choice: start, value, gradient: vec![0.0; n], scale: vec![1.0; n] };
    search.gradient(&mut here.gradient)?;
    search.curvature_scale(&mut here.scale)?;
    bound_scaled_steps(&mut here, settings);
    let mut payoffs = search.payoffs().to_vec();
    let mut status = SearchStatus::IterationLimit;
    let mut iterations = 0;
    let mut renewed = false;
    while iterations < settings.max_iterations {
        let free = free_variables(&here, &lower, &upper);
        let (_, step, _) = projected(&here, &free);
        if step <= settings.step_tolerance {
            status = SearchStatus::Converged;
            break;
        }
        iterations += 1;
        let uphill = uphill(&here, &free);
        let newton = direction(search, &here, free, &lower, &upper, settings)?;
        let mut reached = advance(search, &mut here, &newton, &lower, &upper, settings)?;
        if reached.is_none() {
            search.value(&here.choice)?;
            search.gradient(&mut here.gradient)?;
            reached = advance(search, &mut here, &uphill, &lower, &upper, settings)?;
        }
        match reached {
            Some(reached) => payoffs = reached,
            None => {
                let free = free_variables(&here, &lower, &upper);
                let (_, _, gain) = projected(&here, &free);
                let small = gain <= settings.gain_tolerance;
                if !small && !renewed && search.renew_curvature() {
                    // What is remembered may be of another place: measured here, once.
                    renewed = true;
                    search.value(&here.choice)?;
                    search.gradient(&mut here.gradient)?;
                    search.curvature_scale(&mut here.scale)?;
                    bound_scaled_steps(&mut here, settings);
                    continue;
                }
                status = if small { SearchStatus::Converged } else { SearchStatus::Stalled };
                break;
            }
        }
    }
    let free = free_variables(&here, &lower, &upper);
    let (projected_gradient, _, predicted_gain) = projected(&here, &free);
    Ok(Optimum {
        choice: here.choice,
        value: here.value,
        payoffs,
        projected_gradient,
        predicted_gain,
        iterations,
        status,
        effort: search.effort,
    })
}

/// Where the function hardly bends the scale is raised so that a scaled gradient step stays within the step limit.
fn bound_scaled_steps(here: &mut Here, settings: &SearchSettings) {
    for (scale, slope) in here.scale.iter_mut().zip(&here.gradient) {
        *scale = scale.max(slope.abs() / settings.step_limit);
    }
}

/// Which variables no bound holds back.
fn free_variables(here: &Here, lower: &[f64], upper: &[f64]) -> Vec<bool> {
    (0..here.choice.len())
        .map(|k| {
            let held_low = here.choice[k] <= lower[k] && here.gradient[k] <= 0.0;
            let held_high = here.choice[k] >= upper[k] && here.gradient[k] >= 0.0;
            !(held_low || held_high)
        })
        .collect()
}

/// Largest projected gradient, largest scaled step, and the gain that they predict.
fn projected(here: &Here, free: &[bool]) -> (f64, f64, f64) {
    let mut found = (0.0_f64, 0.0_f64, 0.0);
    for k in (0..free.len()).filter(|k| free[*k]) {
        let slope = here.gradient[k].abs();
        found.0 = found.0.max(slope);
        found.1 = found.1.max(slope / here.scale[k]);
        found.2 += 0.5 * slope * slope / here.scale[k];
    }
    found
}

/// The Newton direction over the free variables; variables on a bound that it would leave through are fixed and it is solved again.
fn direction(
    search: &mut Search,
    here: &Here,
    mut free: Vec<bool>,
    lower: &[f64],
    upper: &[f64],
    settings: &SearchSettings,
) -> Result<Vec<f64>, StrategyError> {
    for _ in 0..5 {
        let step = conjugate_gradients(search, here, &free, settings)?;
        let outward: Vec<usize> = (0..free.len())
            .filter(|k| {
                free[*k]
                    && ((here.choice[*k] <= lower[*k] && step[*k] < 0.0)
                        || (here.choice[*k] >= upper[*k] && step[*k] > 0.0))
            })
            .collect();
        if outward.is_empty() {
            return Ok(step);
        }
        outward.iter().for_each(|k| free[*k] = false);
    }
    Ok(uphill(here, &free))
}

/// The scaled gradient over the free variables.
fn uphill(here: &Here, free: &[bool]) -> Vec<f64> {
    (0..free.len()).map(|k| if free[k] { here.gradient[k] / here.scale[k] } else { 0.0 }).collect()
}

/// Solves `−H d = g` over the free variables, as far as the distance from the optimum deserves.
fn conjugate_gradients(
    search: &mut Search,
    here: &Here,
    free: &[bool],
    settings: &SearchSettings,
) -> Result<Vec<f64>, StrategyError> {
    let n = free.len();
    let mut step = vec![0.0; n];
    let mut residual: Vec<f64> = (0..n).map(|k| if free[k] { here.gradient[k] } else { 0.0 }).collect();
    let scaled = |r: &[f64]| -> Vec<f64> { r.iter().zip(&here.scale).map(|(r, s)| r / s).collect() };
    let mut z = scaled(&residual);
    let mut towards = z.clone();
    let mut product = vec![0.0; n];
    let mut size = dot(&residual, &z);
    let first = size;
    // Far away a rough solution does; near the optimum the error of the step should fall with the step itself.
    let accuracy = (first.sqrt() * 10.0).clamp(1e-4, 0.1);
    for inner in 0..settings.max_inner.min(2 * n + 5) {
        search.curvature_product(&towards, &mut product)?;
        (0..n).filter(|k| !free[*k]).for_each(|k| product[k] = 0.0);
        let bend = -dot(&towards, &product);
        let reference: f64 = towards.iter().zip(&here.scale).map(|(p, s)| p * p * s).sum();
        if bend <= 1e-10 * reference {
            if inner == 0 {
                step.copy_from_slice(&z);
            }
            break;
        }
        let length = size / bend;
        for k in 0..n {
            step[k] += length * towards[k];
            residual[k] += length * product[k];
        }
        z = scaled(&residual);
        let next = dot(&residual, &z);
        if next <= accuracy * accuracy * first {
            break;
        }
        let ratio = next / size;
        size = next;
        towards.iter_mut().zip(&z).for_each(|(p, z)| *p = z + ratio * *p);
    }
    Ok(step)
}

/// Walks along the projected path; `None` where nothing improves. Returns the payoffs at the new point.
fn advance(
    search: &mut Search,
    here: &mut Here,
    direction: &[f64],
    lower: &[f64],
    upper: &[f64],
    settings: &SearchSettings,
) -> Result<Option<Vec<f64>>, StrategyError> {
    let longest = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
    let mut length = if longest > settings.step_limit { settings.step_limit / longest } else { 1.0 };
    let noise = 1e-14 * (1.0 + here.value.abs());
    let free = free_variables(here, lower, upper);
    let (_, _, gain_before) = projected(here, &free);
    for _ in 0..40 {
        let trial: Vec<f64> = (0..direction.len())
            .map(|k| (here.choice[k] + length * direction[k]).clamp(lower[k], upper[k]))
            .collect();
        let slope: f64 = (0..trial.len()).map(|k| here.gradient[k] * (trial[k] - here.choice[k])).sum();
        let reached = search.value(&trial)?;
        if let Some(value) = reached {
            let rises = value >= here.value + 1e-4 * slope && value > here.value;
            // Where rises drown in rounding the gradient decides.
            let at_rounding = slope <= 1e-11 * (1.0 + here.value.abs()) && value >= here.value - noise;
            if rises || at_rounding {
                let payoffs = search.payoffs().to_vec();
                let mut gradient = vec![0.0; trial.len()];
                search.gradient(&mut gradient)?;
                let mut scale = here.scale.clone();
                search.curvature_scale(&mut scale)?;
                let mut next = Here { choice: trial, value, gradient, scale };
                bound_scaled_steps(&mut next, settings);
                let (_, _, gain) = projected(&next, &free_variables(&next, lower, upper));
                if slope > 1e-11 * (1.0 + here.value.abs()) || gain < gain_before {
                    *here = next;
                    return Ok(Some(payoffs));
                }
                return Ok(None);
            }
        }
        length *= 0.5;
    }
    Ok(None)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
