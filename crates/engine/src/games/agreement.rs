//! Efficient agreements: the largest gain c with `v_j = d_j + c w_j` for everybody at the table.
//!
//! With `w = 1` and payoffs `ln G` this is Ossa's (2014) programme of equal proportional gains; with other directions it gives
//! every point of the Pareto frontier, and with a zero in `w` "the most for one side that leaves the other at d". It is solved
//! by an augmented Lagrangian around projected Newton. Its multipliers are the weights of the players at the optimum: a negative
//! one says that a player is held *down* to the line, so that the equality is no longer efficient; that player is then let
//! off (it gains more than the line) and the programme is solved again. Where it would gain less instead, the weight was that of a point
//! that is stationary and no optimum, and the player stays on the line.

use super::certificate::{Effort, SearchStatus, StrategyCertificate};
use super::criterion::{CommonGain, Criterion};
use super::error::StrategyError;
use super::payoff::Game;
use super::projected_newton::{Optimum, SearchSettings, maximise};
use super::search::Search;

/// What talks are about: who sits at the table, from where gains are counted, in which direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Players whose variables are set and whose payoffs count.
    pub seats: Vec<usize>,
    /// Payoffs from which gains are counted, all players.
    pub base: Vec<f64>,
    /// Direction of gains, one per player; only seats are read, none negative, not all zero.
    pub direction: Vec<f64>,
    /// Keep everybody on the line even where that costs all of them: the letter of Ossa's programme, `G_j = c` for all j.
    /// Otherwise a player may gain more than the line.
    pub strict: bool,
    /// Weights that the players have at a neighbouring agreement, where one is known.
    pub neighbour_weights: Option<Vec<f64>>,
}

impl Table {
    /// Equal gains for some players from given payoffs.
    pub fn equal_gains(seats: &[usize], base: &[f64]) -> Self {
        Self {
            seats: seats.to_vec(),
            base: base.to_vec(),
            direction: vec![1.0; base.len()],
            strict: false,
            neighbour_weights: None,
        }
    }

    pub(super) fn check(&self, game: &dyn Game) -> Result<(), StrategyError> {
        let players = game.players().len();
        for (what, found) in [("base payoffs", self.base.len()), ("direction", self.direction.len())] {
            if found != players {
                return Err(StrategyError::Size { what, found, expected: players });
            }
        }
        let wrong = self.seats.iter().map(|j| self.direction[*j]).find(|w| *w < 0.0 || !w.is_finite());
        if let Some(found) = wrong {
            let rule = "gains point in a direction of finite, non-negative weights";
            return Err(StrategyError::Domain { what: "direction of gains", found, rule });
        }
        if self.seats.iter().all(|j| self.direction[*j] == 0.0) {
            let rule = "at least one player at the table must gain";
            return Err(StrategyError::Domain { what: "direction of gains", found: 0.0, rule });
        }
        Ok(())
    }
}

/// From where what was found is searched once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recheck {
    /// It is not.
    No,
    /// From beside it (along a frontier, also from the neighbouring points).
    Beside,
    /// From beside it and from random points around it.
    Around,
}

/// Settings of the programme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CooperationSettings {
    /// Largest left-over gap between a payoff and the line.
    pub gap_tolerance: f64,
    /// First penalty, relative to what a scaled gradient step does to the payoffs at the table.
    pub penalty: f64,
    /// Updates of the multipliers at most.
    pub max_updates: usize,
    /// Whether what was found is searched once more, which its certificate reports, and from where.
    pub recheck: Recheck,
    /// Inner searches.
    pub search: SearchSettings,
}

impl Default for CooperationSettings {
    fn default() -> Self {
        Self {
            gap_tolerance: 1e-10,
            penalty: 20.0,
            max_updates: 40,
            recheck: Recheck::No,
            search: SearchSettings { step_tolerance: 1e-10, ..SearchSettings::default() },
        }
    }
}

/// An efficient point.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// All variables.
    pub point: Vec<f64>,
    /// Payoffs of all players.
    pub payoffs: Vec<f64>,
    /// The common gain c.
    pub gain: f64,
    /// Weight of each player at the optimum; zero for those let off the line.
    pub weights: Vec<f64>,
    /// Largest distance of a payoff from the line.
    pub gap: f64,
    /// Players who gain more than the line.
    pub let_off: Vec<usize>,
    /// How well it is established.
    pub certificate: StrategyCertificate,
}

/// The line of an agreement with the weights that it has: the augmented Lagrangian whose top it is.
pub(super) fn line_of(
    game: &mut dyn Game,
    table: &Table,
    agreement: &Agreement,
    chosen: &[usize],
    settings: &CooperationSettings,
) -> Result<CommonGain, StrategyError> {
    let mut line = line_at(game, table, chosen, &agreement.point, settings)?;
    agreement.let_off.iter().for_each(|j| line.seated[*j] = false);
    let mut multiplier = agreement.weights.clone();
    line.project(&mut multiplier);
    line.multiplier = multiplier;
    Ok(line)
}

/// The line of a table without weights yet, its penalty by what a step does to the payoffs.
fn line_at(
    game: &mut dyn Game,
    table: &Table,
    chosen: &[usize],
    point: &[f64],
    settings: &CooperationSettings,
) -> Result<CommonGain, StrategyError> {
    let players = game.players().len();
    let mut line = CommonGain {
        base: table.base.clone(),
        direction: table.direction.clone(),
        seated: (0..players).map(|j| table.seats.contains(&j)).collect(),
        multiplier: vec![0.0; players],
        penalty: settings.penalty,
    };
    line.penalty = settings.penalty / reach_of_a_step(game, &line, chosen, point)?;
    Ok(line)
}

/// One start: equalities first, then without the players whose weight turned negative.
pub(super) fn agree(
    game: &mut dyn Game,
    table: &Table,
    chosen: &[usize],
    start: &[f64],
    settings: &CooperationSettings,
) -> Result<Agreement, StrategyError> {
    let players = game.players().len();
    let mut line = line_at(game, table, chosen, start, settings)?;
    let penalty = line.penalty;
    if let Some(weights) = &table.neighbour_weights {
        line.multiplier.clone_from(weights);
        let mut multiplier = std::mem::take(&mut line.multiplier);
        line.project(&mut multiplier);
        line.multiplier = multiplier;
    }
    let mut effort = Effort::default();
    let mut begin = start.to_vec();
    let mut let_off: Vec<usize> = Vec::new();
    // What was found before somebody was let off, to go back to where that player would then fall below the line.
    let mut on_line: Option<Agreement> = None;
    loop {
        let (optimum, gap, settled) = on_the_line(game, &mut line, chosen, &begin, settings, &mut effort)?;
        begin = {
            let mut full = begin;
            chosen.iter().zip(&optimum.choice).for_each(|(k, value)| full[*k] = *value);
            full
        };
        let (gain, _) = line.gain_and_gaps(&optimum.payoffs);
        let mut weights = vec![0.0; players];
        line.slope(&optimum.payoffs, &mut weights);
        let lowest = (0..players)
            .filter(|j| line.seated[*j])
            .min_by(|a, b| weights[*a].total_cmp(&weights[*b]))
            .filter(|j| weights[*j] < -1e-7);
        let gains_left = |j: usize| (0..players).any(|i| i != j && line.seated[i] && line.direction[i] > 0.0);
        let below = let_off.iter().any(|j| {
            optimum.payoffs[*j] - table.base[*j] < gain * table.direction[*j] - 10.0 * settings.gap_tolerance
        });
        if below && let Some(mut kept) = on_line.take() {
            kept.certificate.effort = effort;
            return Ok(kept);
        }
        let leaves = lowest.filter(|j| !table.strict && gains_left(*j));
        let status = if settled { optimum.status } else { SearchStatus::IterationLimit };
        let agreement = Agreement {
            point: begin.clone(),
            gain,
            weights,
            gap,
            let_off: let_off.clone(),
            certificate: StrategyCertificate {
                projected_gradient: optimum.projected_gradient,
                starts: 1,
                status,
                effort,
                ..StrategyCertificate::default()
            },
            payoffs: optimum.payoffs,
        };
        let Some(j) = leaves else { return Ok(agreement) };
        line.seated[j] = false;
        line.multiplier.fill(0.0);
        line.penalty = penalty;
        let_off.push(j);
        on_line = Some(agreement);
    }
}

/// Mean over the table of `Σ_k (∂v/∂u_k)² / D_k`: how far a scaled gradient step moves payoffs. A penalty over this bends as much across
/// the line as the payoffs bend in the variables. One where the game offers no scale.
fn reach_of_a_step(
    game: &mut dyn Game,
    line: &CommonGain,
    chosen: &[usize],
    start: &[f64],
) -> Result<f64, StrategyError> {
    let players = line.base.len();
    let mut payoffs = vec![0.0; players];
    game.evaluate(start, &mut payoffs)?;
    let seats: Vec<usize> = (0..players).filter(|j| line.seated[*j]).collect();
    let mut weights = vec![0.0; players];
    seats.iter().for_each(|j| weights[*j] = 1.0 / seats.len() as f64);
    let mut scale = vec![0.0; start.len()];
    let mut gradient = vec![0.0; start.len()];
    game.gradient(&weights, &mut gradient)?;
    if !game.curvature_scale(&weights, &mut scale)? {
        return Ok(1.0);
    }
    let mut sum = 0.0;
    for j in &seats {
        weights.fill(0.0);
        weights[*j] = 1.0;
        game.gradient(&weights, &mut gradient)?;
        sum += chosen.iter().map(|k| gradient[*k].powi(2) / scale[*k].max(1e-12)).sum::<f64>();
    }
    Ok((sum / seats.len() as f64).clamp(1e-4, 1e4))
}

/// The augmented Lagrangian: inner optimum, then `m ← m − ρ r`, with a larger ρ where the gaps fall slowly.
fn on_the_line(
    game: &mut dyn Game,
    line: &mut CommonGain,
    chosen: &[usize],
    start: &[f64],
    settings: &CooperationSettings,
    effort: &mut Effort,
) -> Result<(Optimum, f64, bool), StrategyError> {
    let mut point = start.to_vec();
    let mut last_gap = f64::INFINITY;
    let mut update = 0;
    loop {
        let frozen = line.clone();
        let mut search = Search::new(&mut *game, &frozen, chosen.to_vec(), &point);
        let optimum = maximise(&mut search, &settings.search)?;
        point = search.full(&optimum.choice);
        effort.add(optimum.effort);
        let (_, gaps) = line.gain_and_gaps(&optimum.payoffs);
        let gap = gaps.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
        if gap <= settings.gap_tolerance {
            return Ok((optimum, gap, true));
        }
        update += 1;
        if update >= settings.max_updates || (gap >= last_gap && gap < 1e3 * settings.gap_tolerance) {
            return Ok((optimum, gap, gap < 10.0 * settings.gap_tolerance));
        }
        line.multiplier.iter_mut().zip(&gaps).for_each(|(m, r)| *m -= line.penalty * r);
        if gap > 0.1 * last_gap {
            line.penalty *= 5.0;
        }
        last_gap = gap;
    }
}
