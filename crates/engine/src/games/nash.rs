//! Trade wars: a point from which no player gains by moving alone.
//!
//! Players best-respond in turn (Gauss–Seidel), each from where it stands, until no variable moves by more than the tolerance. A
//! mean signed change is no stopping rule: pluses and minuses cancel and it is met after one round. The certificate then lets
//! everybody re-optimise from every start; if that finds a gain, the better choice is adopted and the rounds go on.

use std::time::Instant;

use super::best_response::{DeviationGains, Start, best_response, deviation_gains};
use super::certificate::{Effort, SearchStatus, StrategyCertificate};
use super::error::StrategyError;
use super::payoff::{Game, feasible_start, variables_of_all};
use super::projected_newton::SearchSettings;

/// Order in which players respond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Turns {
    /// In turn, each seeing the moves made before it.
    #[default]
    InTurn,
    /// All at once, each seeing the last round only (the order of Ossa 2014).
    AtOnce,
}

/// Settings of the rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NashSettings {
    /// Order of moves.
    pub turns: Turns,
    /// Rounds at most.
    pub max_rounds: usize,
    /// Done when no variable moved by more than this in a round.
    pub change_tolerance: f64,
    /// Called an equilibrium when nobody can gain more than this by re-optimising.
    pub gain_tolerance: f64,
    /// Each best response.
    pub search: SearchSettings,
}

impl Default for NashSettings {
    fn default() -> Self {
        Self {
            turns: Turns::InTurn,
            max_rounds: 60,
            change_tolerance: 1e-9,
            gain_tolerance: 1e-9,
            search: SearchSettings::default(),
        }
    }
}

/// A Nash point with its certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct NashPoint {
    /// Everybody's choices.
    pub point: Vec<f64>,
    /// Payoffs of all players.
    pub payoffs: Vec<f64>,
    /// Players who chose.
    pub players: Vec<usize>,
    /// Rounds of best responses.
    pub rounds: usize,
    /// Largest change of a variable in the last round.
    pub last_change: f64,
    /// What each player could still gain, in the order of `players`.
    pub deviation_gains: Vec<f64>,
    /// How well it is established.
    pub certificate: StrategyCertificate,
}

impl NashPoint {
    /// Whether it may be called an equilibrium.
    pub fn is_equilibrium(&self) -> bool {
        self.certificate.status.is_converged()
    }
}

/// Finds a Nash point among `players` from `start`, everybody else holding still; `starts` serve the certificate.
pub fn nash(
    game: &mut dyn Game,
    players: &[usize],
    start: &[f64],
    starts: &[Start],
    settings: &NashSettings,
) -> Result<NashPoint, StrategyError> {
    let clock = Instant::now();
    let mut point = feasible_start(game, start, &variables_of_all(game, players))?;
    let mut effort = Effort::default();
    let mut rounds = 0;
    for _ in 0..3 {
        let (settled, last_change, steepest) =
            play_rounds(game, players, &mut point, &mut rounds, &mut effort, settings)?;
        let gains = deviation_gains(game, players, &point, starts, &settings.search)?;
        effort.add(gains.effort);
        if gains.largest() > settings.gain_tolerance && settled {
            adopt_deviations(game, players, &mut point, &gains, settings.gain_tolerance);
            continue;
        }
        let status = match (settled, gains.status) {
            (true, status) => status,
            (false, _) => SearchStatus::IterationLimit,
        };
        return certified(
            game,
            players,
            point,
            rounds,
            last_change,
            steepest,
            gains,
            status,
            starts,
            effort,
            clock,
        );
    }
    let gains = deviation_gains(game, players, &point, starts, &settings.search)?;
    effort.add(gains.effort);
    certified(
        game,
        players,
        point,
        rounds,
        f64::NAN,
        f64::NAN,
        gains,
        SearchStatus::Stalled,
        starts,
        effort,
        clock,
    )
}

#[allow(clippy::too_many_arguments)]
fn certified(
    game: &mut dyn Game,
    players: &[usize],
    point: Vec<f64>,
    rounds: usize,
    last_change: f64,
    steepest: f64,
    gains: DeviationGains,
    status: SearchStatus,
    starts: &[Start],
    effort: Effort,
    clock: Instant,
) -> Result<NashPoint, StrategyError> {
    let mut payoffs = vec![0.0; game.players().len()];
    game.evaluate(&point, &mut payoffs)?;
    // Optima are of one mover alone; those of the one who has most are shown.
    let most = gains.responses.iter().max_by_key(|response| response.certificate.local_optima());
    let optima = most.map(|response| response.certificate.optima.clone()).unwrap_or_default();
    Ok(NashPoint {
        players: players.to_vec(),
        payoffs,
        rounds,
        last_change,
        certificate: StrategyCertificate {
            projected_gradient: steepest,
            best_response_gain: Some(gains.largest()),
            starts: (starts.len() + 1) * players.len(),
            optima,
            status,
            effort,
            seconds: clock.elapsed().as_secs_f64(),
        },
        deviation_gains: gains.gains,
        point,
    })
}

/// Best responses until nothing moves. Returns whether it settled, the last change and the steepest projected gradient.
fn play_rounds(
    game: &mut dyn Game,
    players: &[usize],
    point: &mut [f64],
    rounds: &mut usize,
    effort: &mut Effort,
    settings: &NashSettings,
) -> Result<(bool, f64, f64), StrategyError> {
    let (mut change, mut steepest) = (f64::INFINITY, f64::INFINITY);
    while *rounds < settings.max_rounds {
        *rounds += 1;
        change = 0.0;
        steepest = 0.0;
        let before = point.to_vec();
        for player in players {
            let seen = if settings.turns == Turns::InTurn { point.to_vec() } else { before.clone() };
            let here = Start::new("where it stands", seen.clone());
            let response = best_response(game, *player, &seen, &[here], &settings.search)?;
            effort.add(response.certificate.effort);
            steepest = steepest.max(response.certificate.projected_gradient);
            for (k, _) in game.variables().iter().enumerate().filter(|(_, v)| v.owner == *player) {
                change = change.max((response.point[k] - before[k]).abs());
                point[k] = response.point[k];
            }
        }
        if change <= settings.change_tolerance {
            return Ok((true, change, steepest));
        }
    }
    Ok((false, change, steepest))
}

/// Takes over the better choices that other starts led to.
fn adopt_deviations(
    game: &dyn Game,
    players: &[usize],
    point: &mut [f64],
    gains: &DeviationGains,
    tolerance: f64,
) {
    for (slot, player) in players.iter().enumerate().filter(|(slot, _)| gains.gains[*slot] > tolerance) {
        for (k, _) in game.variables().iter().enumerate().filter(|(_, v)| v.owner == *player) {
            point[k] = gains.responses[slot].point[k];
        }
    }
}
