//! Deals that hold without a court: temptation against punishment in the repeated game.
//!
//! Player j keeps a deal when what cheating brings until it is detected is at most what the punishment costs afterwards:
//!
//! `(T_j − R_j) Σ_{k<L} δ^k ≤ (R_j − P_j) Σ_{k=L}^{L+N−1} δ^k`
//!
//! with T the payoff of the best deviation, R that of the deal, P that of the punishment (all per period), L the periods until a
//! deviation is detected and N the length of the punishment (for ever if none). For L = 1 and N = ∞ the critical discount factor
//! is the textbook's `δ* = (T − R)/(T − P)`. The punishment must itself be an equilibrium, else it is an empty threat: its
//! own deviation gain is part of the answer. Dixit 1987; Bagwell & Staiger 1990; Maggi 1999; on renegotiation Cotter &
//! Mitchell 1997.

use super::best_response::{BestResponse, Start, deviation_gains};
use super::certificate::Effort;
use super::error::StrategyError;
use super::payoff::{Game, PayoffScale};
use super::projected_newton::SearchSettings;

/// How a breach is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Punishment {
    /// Periods until a deviation is detected, at least one.
    pub detection_lag: u32,
    /// Periods that the punishment lasts; `None`: for ever.
    pub length: Option<u32>,
}

impl Default for Punishment {
    fn default() -> Self {
        Self { detection_lag: 1, length: None }
    }
}

/// Payoffs per period, in levels, of one player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeriodPayoffs {
    /// T: the best deviation while the others keep the deal.
    pub deviation: f64,
    /// R: the deal.
    pub deal: f64,
    /// P: the punishment.
    pub punishment: f64,
}

/// Checks a discount factor: a fraction in `[0, 1)`.
pub fn check_discount_factor(what: &'static str, found: f64) -> Result<f64, StrategyError> {
    if (0.0..1.0).contains(&found) {
        Ok(found)
    } else {
        Err(StrategyError::Domain { what, found, rule: "a discount factor lies in [0, 1)" })
    }
}

/// The discount factor per period of a yearly one: `δ_year^(days/365)`.
pub fn per_period(yearly: f64, days: f64) -> Result<f64, StrategyError> {
    check_discount_factor("yearly discount factor", yearly)?;
    if !(days > 0.0 && days.is_finite()) {
        return Err(StrategyError::Domain {
            what: "days of a period",
            found: days,
            rule: "they must be positive",
        });
    }
    Ok(yearly.powf(days / 365.0))
}

impl PeriodPayoffs {
    /// What cheating brings until detection less what the punishment costs, discounted by δ: at most zero where the deal holds.
    pub fn net_temptation(&self, discount_factor: f64, punishment: &Punishment) -> f64 {
        let powers = |from: u32, to: u32| (from..to).map(|k| discount_factor.powi(k as i32)).sum::<f64>();
        let lag = punishment.detection_lag.max(1);
        let after = match punishment.length {
            Some(length) => powers(lag, lag.saturating_add(length)),
            None => discount_factor.powi(lag as i32) / (1.0 - discount_factor),
        };
        (self.deviation - self.deal) * powers(0, lag) - (self.deal - self.punishment) * after
    }

    /// The smallest discount factor at which the deal holds; `None`: it holds at none below one.
    ///
    /// The ratio of later to earlier weights rises with δ, so there is one crossing; it is found by bisection.
    pub fn critical_discount_factor(&self, punishment: &Punishment) -> Option<f64> {
        if self.deviation <= self.deal {
            return Some(0.0);
        }
        if self.deal <= self.punishment {
            return None;
        }
        let (mut low, mut high) = (0.0_f64, 1.0_f64 - 1e-15);
        if self.net_temptation(high, punishment) > 0.0 {
            return None;
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.net_temptation(middle, punishment) > 0.0 { low = middle } else { high = middle }
        }
        Some(high)
    }
}

/// A player's side of a deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// Player.
    pub player: usize,
    /// Payoffs per period.
    pub payoffs: PeriodPayoffs,
    /// T − R.
    pub temptation: f64,
    /// R − P.
    pub loss_from_punishment: f64,
    /// Smallest discount factor at which the player keeps the deal; `None`: at none.
    pub critical_discount_factor: Option<f64>,
    /// That factor over the chance per period that the counterpart stays in office: the patience needed. `None` where above one.
    pub critical_patience: Option<f64>,
}

/// Whether a deal holds, for every player.
#[derive(Clone, Debug, PartialEq)]
pub struct Sustainability {
    /// Each player's side.
    pub holds: Vec<Hold>,
    /// Each player's best deviation from the deal.
    pub deviations: Vec<BestResponse>,
    /// What a player could gain by leaving the punishment, payoff unit; above the tolerance the threat is empty.
    pub punishment_gain: f64,
    /// Whether the punishment is an equilibrium of the stage game.
    pub punishment_is_equilibrium: bool,
    /// Work.
    pub effort: Effort,
}

impl Sustainability {
    /// The critical discount factor of the deal: the largest over players; `None`: somebody keeps it at none.
    pub fn critical_discount_factor(&self) -> Option<f64> {
        self.holds
            .iter()
            .map(|hold| hold.critical_discount_factor)
            .try_fold(0.0_f64, |m, d| d.map(|d| m.max(d)))
    }
}

/// A deal, the punishment behind it, and who is bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Deal {
    /// Players bound by the deal.
    pub players: Vec<usize>,
    /// The deal: all variables.
    pub point: Vec<f64>,
    /// The punishment: all variables.
    pub punishment_point: Vec<f64>,
    /// How a breach is answered.
    pub punishment: Punishment,
    /// Chance per period that each bound player's counterpart stays in office, in (0, 1].
    pub office_survival: Vec<f64>,
    /// Whether payoffs are logarithms.
    pub scale: PayoffScale,
}

/// A gain above this from leaving the punishment makes it an empty threat.
pub const EMPTY_THREAT_ABOVE: f64 = 1e-8;

/// Temptations, punishment and critical discount factors of a deal. Levels are relative to the deal (R = 0) under logarithms.
pub fn sustain(
    game: &mut dyn Game,
    deal: &Deal,
    starts: &[Start],
    settings: &SearchSettings,
) -> Result<Sustainability, StrategyError> {
    check_survival(deal)?;
    let players = game.players().len();
    let mut at_deal = vec![0.0; players];
    let mut at_punishment = vec![0.0; players];
    game.evaluate(&deal.point, &mut at_deal)?;
    game.evaluate(&deal.punishment_point, &mut at_punishment)?;
    let mut all = vec![Start::new("the punishment", deal.punishment_point.clone())];
    all.extend_from_slice(starts);
    let leaving = deviation_gains(game, &deal.players, &deal.punishment_point, &all, settings)?;
    let cheating = deviation_gains(game, &deal.players, &deal.point, &all, settings)?;
    let mut effort = leaving.effort;
    effort.add(cheating.effort);
    let holds = deal
        .players
        .iter()
        .enumerate()
        .map(|(slot, j)| {
            let level = |payoff: f64| match deal.scale {
                PayoffScale::Logarithm => deal.scale.gain(payoff, at_deal[*j]),
                PayoffScale::Level => payoff,
            };
            let payoffs = PeriodPayoffs {
                deviation: level(cheating.payoffs[slot]),
                deal: level(at_deal[*j]),
                punishment: level(at_punishment[*j]),
            };
            hold_of(*j, payoffs, &deal.punishment, deal.office_survival[slot])
        })
        .collect();
    Ok(Sustainability {
        holds,
        deviations: cheating.responses,
        punishment_gain: leaving.largest(),
        punishment_is_equilibrium: leaving.largest() <= EMPTY_THREAT_ABOVE,
        effort,
    })
}

fn hold_of(player: usize, payoffs: PeriodPayoffs, punishment: &Punishment, survival: f64) -> Hold {
    let critical = payoffs.critical_discount_factor(punishment);
    Hold {
        player,
        temptation: payoffs.deviation - payoffs.deal,
        loss_from_punishment: payoffs.deal - payoffs.punishment,
        critical_discount_factor: critical,
        critical_patience: critical.map(|d| d / survival).filter(|patience| *patience < 1.0),
        payoffs,
    }
}

fn check_survival(deal: &Deal) -> Result<(), StrategyError> {
    if deal.office_survival.len() != deal.players.len() {
        let (found, expected) = (deal.office_survival.len(), deal.players.len());
        return Err(StrategyError::Size { what: "office survival", found, expected });
    }
    match deal.office_survival.iter().copied().find(|s| !(*s > 0.0 && *s <= 1.0)) {
        Some(found) => {
            let rule = "a chance of staying in office lies in (0, 1]";
            Err(StrategyError::Domain { what: "office survival", found, rule })
        }
        None => Ok(()),
    }
}

/// The furthest step from the punishment towards a deal that still holds at given discount factors.
#[derive(Clone, Debug, PartialEq)]
pub struct MostCooperative {
    /// Share of the way, one being the whole deal.
    pub share: f64,
    /// The point there.
    pub point: Vec<f64>,
    /// How it holds.
    pub sustainability: Sustainability,
    /// Shares tried, with the largest net temptation over players at each (at most zero: holds).
    pub tried: Vec<(f64, f64)>,
}

/// Searches the segment from the punishment to the deal (in the game's variables) for its last point that holds at the effective
/// discount factors (patience times office survival), one per bound player. Steps of a twentieth, then bisection. `None`: no step holds.
pub fn most_cooperative(
    game: &mut dyn Game,
    deal: &Deal,
    discount_factors: &[f64],
    settings: &SearchSettings,
) -> Result<Option<MostCooperative>, StrategyError> {
    if discount_factors.len() != deal.players.len() {
        let (found, expected) = (discount_factors.len(), deal.players.len());
        return Err(StrategyError::Size { what: "discount factors", found, expected });
    }
    for found in discount_factors {
        check_discount_factor("discount factor", *found)?;
    }
    let net = |found: &Sustainability, _: &[f64]| {
        let holds = found.holds.iter().zip(discount_factors);
        holds
            .map(|(hold, d)| hold.payoffs.net_temptation(*d, &deal.punishment))
            .fold(f64::NEG_INFINITY, f64::max)
    };
    furthest(game, deal, &net, settings)
}

/// The last point of the segment from the punishment to the deal at which `net`, of how that part of the deal holds and of all payoffs
/// there, is at most zero.
pub fn furthest(
    game: &mut dyn Game,
    deal: &Deal,
    net: &dyn Fn(&Sustainability, &[f64]) -> f64,
    settings: &SearchSettings,
) -> Result<Option<MostCooperative>, StrategyError> {
    let mut tried = Vec::new();
    let mut step = |share: f64| -> Result<(f64, Deal, Sustainability), StrategyError> {
        let point: Vec<f64> =
            deal.punishment_point.iter().zip(&deal.point).map(|(p, d)| p + share * (d - p)).collect();
        let mut payoffs = vec![0.0; game.players().len()];
        game.evaluate(&point, &mut payoffs)?;
        let part = Deal { point, ..deal.clone() };
        let result = sustain(game, &part, &[], settings)?;
        let net = net(&result, &payoffs);
        tried.push((share, net));
        Ok((net, part, result))
    };
    let mut last: Option<(f64, Deal, Sustainability)> = None;
    let mut fails = None;
    for k in (1..=20).rev() {
        let share = f64::from(k) / 20.0;
        let (net, part, result) = step(share)?;
        if net <= 0.0 {
            last = Some((share, part, result));
            break;
        }
        fails = Some(share);
    }
    let Some((mut share, mut part, mut result)) = last else { return Ok(None) };
    if let Some(mut high) = fails {
        while high - share > 1e-6 {
            let middle = 0.5 * (share + high);
            let (net, at, found) = step(middle)?;
            if net <= 0.0 {
                (share, part, result) = (middle, at, found);
            } else {
                high = middle;
            }
        }
    }
    Ok(Some(MostCooperative { share, point: part.point, sustainability: result, tried }))
}
