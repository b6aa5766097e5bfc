//! A punishment that nobody would want to talk away: the side that broke the deal makes up for it before the deal returns.
//!
//! States of penance are taken from the frontier: the best for the wronged side that leaves the penitent a share of the way from the deal's
//! payoff down to the punishment's (more than one: below it). The share that asks for the least patience is kept.

use detente_engine::strategy::best_response::{Start, deviation_gains};
use detente_engine::strategy::cooperation::CooperationSettings;
use detente_engine::strategy::frontier::{FrontierRequest, end_point};
use detente_engine::strategy::payoff::Game;
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::renegotiation::{Penance, critical_discount_factor, talked_away};
use detente_engine::strategy::sustain::{EMPTY_THREAT_ABOVE, Punishment, Sustainability};

use super::bargain::{StruckBargain, at_the_table};
use super::error::NoStrategy;
use super::found::{FoundPenance, SidePenance};

/// Longest penance, periods.
const LONGEST: u32 = 40;

/// A candidate.
struct Candidate {
    critical: Option<(f64, u32)>,
    sides: [Penance; 2],
    share: f64,
}

impl Candidate {
    /// Whether both sides would rather go on with something else than with a stage of it: the deal, and either side's penance from its first
    /// period on, are compared.
    fn talked_away(&self) -> bool {
        let Some((d, periods)) = self.critical else { return true };
        let weight = 1.0 - d.powi(periods as i32);
        let [first, second] = self.sides;
        let stages = [
            vec![0.0, 0.0],
            vec![weight * first.penance, weight * second.reward],
            vec![weight * first.reward, weight * second.penance],
        ];
        talked_away(&stages, EMPTY_THREAT_ABOVE).is_some()
    }

    fn found(self) -> FoundPenance {
        FoundPenance {
            talked_away: self.talked_away(),
            critical: self.critical,
            longest: LONGEST,
            share: self.share,
            sides: self.sides.map(|side| SidePenance {
                deviation: side.deviation,
                penance: side.penance,
                deviation_in_penance: side.deviation_in_penance,
                reward: side.reward,
                deviation_in_reward: side.deviation_in_reward,
            }),
        }
    }
}

/// Looks for the penance that asks for the least patience.
pub fn search(
    struck: &mut StruckBargain,
    sides: [usize; 2],
    deal: &[f64],
    found: &Sustainability,
    punishment: &Punishment,
) -> Result<FoundPenance, NoStrategy> {
    let mut at_deal = vec![0.0; struck.board.base.len()];
    struck.board.game.evaluate(deal, &mut at_deal)?;
    let mut best: Option<Candidate> = None;
    for share in [0.5, 1.0, 1.5, 2.0, 3.0, 4.0] {
        // States by penitent: the other side's best with the penitent at its floor.
        let mut states = Vec::new();
        for slot in 0..2 {
            let mut floor = at_deal.clone();
            floor[sides[slot]] -= share * found.holds[slot].loss_from_punishment.max(0.0);
            let request = FrontierRequest { sides, floor: Some(floor), points: 2 };
            let start = [Start::new("the deal", deal.to_vec())];
            let settings = CooperationSettings::default();
            let (state, _) = at_the_table(&mut struck.board, &sides, |game| {
                end_point(game, &request, 1 - slot, &start, &settings)
            })?;
            let leaving = deviation_gains(
                &mut struck.board.game,
                &sides,
                &state.point,
                &[],
                &SearchSettings::default(),
            )?;
            states.push((state.payoffs, leaving.payoffs));
        }
        let level = |payoff: f64, slot: usize| (payoff - at_deal[sides[slot]]).exp_m1();
        let penance = [0, 1].map(|slot| Penance {
            deal: 0.0,
            deviation: found.holds[slot].temptation,
            penance: level(states[slot].0[sides[slot]], slot),
            deviation_in_penance: level(states[slot].1[slot], slot),
            reward: level(states[1 - slot].0[sides[slot]], slot),
            deviation_in_reward: level(states[1 - slot].1[slot], slot),
        });
        let critical = critical_discount_factor(&penance, punishment.detection_lag, LONGEST);
        let candidate = Candidate { critical, sides: penance, share };
        let known = best.as_ref().and_then(|known| known.critical).map_or(f64::INFINITY, |(d, _)| d);
        if best.is_none() || critical.is_some_and(|(d, _)| d < known) {
            best = Some(candidate);
        }
    }
    best.map(Candidate::found).ok_or_else(|| NoStrategy::Unknown("no state of penance was found".into()))
}
