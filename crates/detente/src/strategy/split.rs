//! What of a deal's gains needs no deal: what each side has by moving alone, what both have where neither agrees to anything, and what the
//! deal adds to that.
//!
//! Today's tariffs are nobody's best choice in a model of real income. A side may gain by cutting its own rates, and both may gain in what the
//! model calls war. Counted from today such gains would be credited to a deal; counted from the war they are not.

use detente_engine::strategy::best_response::{Start, best_response, once_more};
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::payoff::variables_of;
use detente_engine::strategy::projected_newton::SearchSettings;
use serde::Serialize;

use super::board::Board;
use super::certificates::Certificates;
use super::error::NoStrategy;
use super::nash::{fight, payoffs_at};

/// The parts, by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    /// One a side, in the order asked.
    pub sides: [SideSplit; 2],
}

/// Percent changes of a side's objective from where the game starts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideSplit {
    /// Code of the side.
    pub player: String,
    /// It chooses its rates on the other alone; the other stays.
    pub alone_pct: f64,
    /// The other chooses alone; it stays itself.
    pub other_alone_pct: f64,
    /// Both choose, neither agrees: the war.
    pub war_pct: f64,
    /// The deal, where one was asked about and there is one.
    pub deal_pct: Option<f64>,
    /// What the deal adds to the war.
    pub deal_over_war_pct: Option<f64>,
}

/// Plays the parts on a board, with the certificates of what was searched for. `war` and `deal` are payoffs where they are known already; the war is searched for otherwise.
pub fn split(
    board: &mut Board,
    sides: [usize; 2],
    war: Option<Vec<f64>>,
    deal: Option<&[f64]>,
) -> Result<(Split, Certificates), NoStrategy> {
    let today = board.today.clone();
    let war = match war {
        Some(payoffs) => payoffs,
        None => {
            let movers = board.movers();
            fight(board, &movers, &today)?.payoffs
        }
    };
    let mut certified: Certificates = Vec::new();
    let mut alone = Vec::with_capacity(2);
    let settings = SearchSettings::default();
    for side in sides {
        let mut starts = vec![Start::new("today", today.clone())];
        starts.extend(board.starts());
        let mut best = best_response(&mut board.game, side, &today, &starts, &settings)?;
        let chosen = variables_of(&board.game, side);
        let criterion = WeightedSum::of_player(side, board.base.len());
        best = once_more(&mut board.game, &criterion, &chosen, best, &settings)?;
        alone.push(payoffs_at(board, &best.point)?);
        certified.push((format!("{} alone", board.ground.code(side)), best.certificate));
    }
    let base = board.base.clone();
    let of = |slot: usize| {
        let j = sides[slot];
        let change = |payoffs: &[f64], from: f64| 100.0 * (payoffs[j] - from).exp_m1();
        SideSplit {
            player: board.ground.code(j).to_owned(),
            alone_pct: change(&alone[slot], base[j]),
            other_alone_pct: change(&alone[1 - slot], base[j]),
            war_pct: change(&war, base[j]),
            deal_pct: deal.map(|deal| change(deal, base[j])),
            deal_over_war_pct: deal.map(|deal| change(deal, war[j])),
        }
    };
    Ok((Split { sides: [of(0), of(1)] }, certified))
}
