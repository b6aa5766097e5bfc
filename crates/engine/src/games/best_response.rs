//! What one player would do alone: its best choice while the others hold theirs, from several starts.
//!
//! With political weights there are several local optima (a strongly protected sector sits at the bound or at a moderate rate), so
//! one start is a guess and several are an argument. The best optimum found is returned, all of them are reported.

use std::time::Instant;

use super::certificate::{Effort, LocalOptimum, SAME_OPTIMUM, SearchStatus, StrategyCertificate};
use super::criterion::{Criterion, WeightedSum};
use super::error::StrategyError;
use super::payoff::{Game, Variable, feasible_start, variables_of};
use super::projected_newton::{Optimum, SearchSettings, maximise};
use super::search::Search;

/// A named point to begin from. Only the mover's own variables are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// What it is, for instance "today's tariffs".
    pub name: String,
    /// A full point.
    pub point: Vec<f64>,
}

impl Start {
    /// A named point.
    pub fn new(name: impl Into<String>, point: Vec<f64>) -> Self {
        Self { name: name.into(), point }
    }
}

/// A start a little away from a point: chosen variables move by up to `size`, in a fixed pattern that no search would favour (the golden
/// ratio's multiples), within their bounds.
pub fn shaken(game: &dyn Game, point: &[f64], chosen: &[usize], size: f64) -> Start {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let mut aside = point.to_vec();
    for (order, k) in chosen.iter().enumerate() {
        let Variable { lower, upper, .. } = game.variables()[*k];
        let step = size * (2.0 * ((order as f64 + 1.0) * GOLDEN).fract() - 1.0);
        aside[*k] = (point[*k] + step).clamp(lower, upper);
    }
    Start::new("the point, shaken", aside)
}

/// Where a point is searched again from: a little beside it, and from two random points some way off (the same ones for the same point, so
/// that answers repeat). Random points lie within half a logarithm of the point, inside the bounds.
pub fn around(game: &dyn Game, point: &[f64], chosen: &[usize]) -> Vec<Start> {
    let mut starts = vec![shaken(game, point, chosen, BESIDE)];
    for (name, seed) in
        [("a random point", 0x9e37_79b9_7f4a_7c15), ("another random point", 0x2545_f491_4f6c_dd1d)]
    {
        let mut state: u64 = seed;
        let mut away = point.to_vec();
        for k in chosen {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let share = (state >> 11) as f64 / (1_u64 << 53) as f64;
            let Variable { lower, upper, .. } = game.variables()[*k];
            let (low, high) = (lower.max(point[*k] - FAR), upper.min(point[*k] + FAR));
            away[*k] = if low < high { low + share * (high - low) } else { point[*k] };
        }
        starts.push(Start::new(name, away));
    }
    starts
}

/// How far the nearest start lies from the point, in logarithms of factors.
const BESIDE: f64 = 0.03;
/// How far random starts lie at most.
const FAR: f64 = 0.5;

/// A player's best response, or the best point of any criterion, with its certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct BestResponse {
    /// The full point: the mover's choice, everybody else's as given.
    pub point: Vec<f64>,
    /// Payoffs of all players there.
    pub payoffs: Vec<f64>,
    /// Value of what was maximised.
    pub value: f64,
    /// Which start led to the best optimum.
    pub start: String,
    /// How well it is established.
    pub certificate: StrategyCertificate,
}

/// The best response of a player to the others' choices in `point`, from every start.
pub fn best_response(
    game: &mut dyn Game,
    player: usize,
    point: &[f64],
    starts: &[Start],
    settings: &SearchSettings,
) -> Result<BestResponse, StrategyError> {
    let chosen = variables_of(game, player);
    if chosen.is_empty() {
        return Err(StrategyError::NoInstruments { player: game.players()[player].clone() });
    }
    let criterion = WeightedSum::of_player(player, game.players().len());
    best_of_starts(game, &criterion, &chosen, point, starts, settings)
}

/// An optimum; with `probe_bounds` also from the point where every variable that gains by jumping to a bound has jumped, until
/// that leads nowhere better.
fn maximise_and_probe(search: &mut Search, settings: &SearchSettings) -> Result<Optimum, StrategyError> {
    let mut best = maximise(search, settings)?;
    for _ in 0..if settings.probe_bounds { 5 } else { 0 } {
        let (lower, upper) = search.bounds();
        let mut jumped = best.choice.clone();
        for k in 0..jumped.len() {
            let mut highest = best.value + 1e-12 * (1.0 + best.value.abs());
            for bound in [lower[k], upper[k]] {
                let mut trial = best.choice.clone();
                trial[k] = bound;
                if let Some(value) = search.value(&trial)?.filter(|value| *value > highest) {
                    highest = value;
                    jumped[k] = bound;
                }
            }
        }
        if jumped == best.choice {
            break;
        }
        search.begin_at(&jumped);
        let mut again = maximise(search, settings)?;
        again.iterations += best.iterations;
        if again.value <= best.value + 1e-12 * (1.0 + best.value.abs()) {
            best.effort = again.effort;
            break;
        }
        best = again;
    }
    Ok(best)
}

/// Maximises a criterion over some variables from every start; starts that end in the same value count once.
pub fn best_of_starts(
    game: &mut dyn Game,
    criterion: &dyn Criterion,
    chosen: &[usize],
    point: &[f64],
    starts: &[Start],
    settings: &SearchSettings,
) -> Result<BestResponse, StrategyError> {
    let clock = Instant::now();
    let held = feasible_start(game, point, &[])?;
    let mut effort = Effort::default();
    let mut found: Vec<(String, Optimum, Vec<f64>, usize)> = Vec::new();
    let mut failure = None;
    for start in starts {
        let begin = feasible_start(game, &start.point, chosen)?;
        let mut full = held.clone();
        chosen.iter().for_each(|k| full[*k] = begin[*k]);
        let mut search = Search::new(&mut *game, criterion, chosen.to_vec(), &full);
        let optimum = match maximise_and_probe(&mut search, settings) {
            Ok(optimum) => optimum,
            Err(error @ StrategyError::Unsolved(_)) => {
                effort.add(search.effort);
                failure = Some(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        let reached = search.full(&optimum.choice);
        effort.add(optimum.effort);
        let close =
            |other: &Optimum| (other.value - optimum.value).abs() <= 1e-11 * (1.0 + optimum.value.abs());
        match found.iter_mut().find(|(_, other, _, _)| close(other)) {
            Some((_, known, point, count)) => {
                *count += 1;
                // The same optimum, approached more closely.
                if optimum.projected_gradient < known.projected_gradient {
                    (*known, *point) = (optimum, reached);
                }
            }
            None => found.push((start.name.clone(), optimum, reached, 1)),
        }
    }
    found.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
    let optima: Vec<LocalOptimum> = found
        .iter()
        .map(|(name, optimum, _, count)| LocalOptimum {
            start: name.clone(),
            value: optimum.value,
            found_by: *count,
            status: optimum.status,
        })
        .collect();
    let Some((name, best, reached, _)) = found.into_iter().next() else {
        return Err(failure.unwrap_or_else(|| StrategyError::NotConverged {
            search: "best response",
            reason: "no start was given".into(),
        }));
    };
    Ok(BestResponse {
        point: reached,
        payoffs: best.payoffs,
        value: best.value,
        start: name,
        certificate: StrategyCertificate {
            projected_gradient: best.projected_gradient,
            best_response_gain: None,
            starts: starts.len(),
            optima,
            status: best.status,
            effort,
            seconds: clock.elapsed().as_secs_f64(),
        },
    })
}

/// Searches a criterion once more from around the best point found. What is better is adopted and searched around in turn, so that the
/// certificate's gain is what was left at the point returned. Starts at which the criterion has no value are moved towards the point until it has one.
pub fn once_more(
    game: &mut dyn Game,
    criterion: &dyn Criterion,
    chosen: &[usize],
    mut best: BestResponse,
    settings: &SearchSettings,
) -> Result<BestResponse, StrategyError> {
    for _ in 0..ADOPTIONS {
        best.certificate.best_response_gain = Some(0.0);
        let (mut better, mut closer): (Option<BestResponse>, Option<BestResponse>) = (None, None);
        for start in around(game, &best.point, chosen) {
            let Some(again) = from_or_nearer(game, criterion, chosen, &best.point, start, settings)? else {
                continue;
            };
            best.certificate.also(&again.certificate, (again.value - best.value).max(0.0));
            let steepest = closer
                .as_ref()
                .map_or(best.certificate.projected_gradient, |closer| closer.certificate.projected_gradient);
            let known = better.as_ref().map_or(best.value, |better| better.value);
            if (again.value - best.value).abs() <= 1e-11 * (1.0 + best.value.abs()) {
                if again.certificate.projected_gradient < steepest {
                    closer = Some(again);
                }
            } else if again.value > known && again.certificate.status.is_converged() {
                better = Some(again);
            }
        }
        if let Some(closer) = closer {
            best.certificate.projected_gradient = closer.certificate.projected_gradient;
            (best.point, best.payoffs, best.value) = (closer.point, closer.payoffs, closer.value);
        }
        let Some(better) = better.filter(|better| better.value > best.value + SAME_OPTIMUM) else { break };
        let mut certificate = best.certificate;
        certificate.projected_gradient = better.certificate.projected_gradient;
        certificate.status = better.certificate.status;
        best = BestResponse { certificate, ..better };
    }
    Ok(best)
}

/// Searches from a start; where the criterion has no value there, from half-way to the point, and so on.
fn from_or_nearer(
    game: &mut dyn Game,
    criterion: &dyn Criterion,
    chosen: &[usize],
    point: &[f64],
    mut start: Start,
    settings: &SearchSettings,
) -> Result<Option<BestResponse>, StrategyError> {
    for _ in 0..6 {
        match best_of_starts(game, criterion, chosen, point, std::slice::from_ref(&start), settings) {
            Ok(found) => return Ok(Some(found)),
            Err(StrategyError::Unsolved(_)) => {
                chosen.iter().for_each(|k| start.point[*k] = 0.5 * (start.point[*k] + point[*k]));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// How often something better is adopted before what is left is only reported.
const ADOPTIONS: usize = 3;

/// What each player could still gain at a point by re-optimising alone from every start, and the work it took.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviationGains {
    /// Gain of each player asked, payoff unit, never below zero.
    pub gains: Vec<f64>,
    /// Payoff of each player asked after its deviation.
    pub payoffs: Vec<f64>,
    /// The deviations themselves.
    pub responses: Vec<BestResponse>,
    /// Whether every re-optimisation converged.
    pub status: SearchStatus,
    /// Work.
    pub effort: Effort,
}

impl DeviationGains {
    /// The largest gain.
    pub fn largest(&self) -> f64 {
        self.gains.iter().fold(0.0_f64, |m, g| m.max(*g))
    }
}

/// Re-optimises each of some players at a point; the point itself is always one of the starts.
pub fn deviation_gains(
    game: &mut dyn Game,
    players: &[usize],
    point: &[f64],
    starts: &[Start],
    settings: &SearchSettings,
) -> Result<DeviationGains, StrategyError> {
    let mut at_point = vec![0.0; game.players().len()];
    game.evaluate(point, &mut at_point)?;
    let mut all = vec![Start::new("the point itself", point.to_vec())];
    all.extend_from_slice(starts);
    let mut found = DeviationGains {
        gains: Vec::new(),
        payoffs: Vec::new(),
        responses: Vec::new(),
        status: SearchStatus::Converged,
        effort: Effort { evaluations: 1, ..Effort::default() },
    };
    for player in players {
        let response = best_response(game, *player, point, &all, settings)?;
        found.gains.push((response.payoffs[*player] - at_point[*player]).max(0.0));
        found.payoffs.push(response.payoffs[*player].max(at_point[*player]));
        found.effort.add(response.certificate.effort);
        if !response.certificate.status.is_converged() {
            found.status = response.certificate.status;
        }
        found.responses.push(response);
    }
    Ok(found)
}
