//! What money on the table would add: the point of largest joint gain, split evenly.

use detente_engine::strategy::best_response::{Start, best_of_starts, once_more};
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::payoff::variables_of_all;
use detente_engine::strategy::projected_newton::SearchSettings;

use super::board::Board;
use super::error::NoStrategy;
use super::found::SidePayments;

/// Searches the point of largest joint gain of two sides over disagreement.
pub(super) fn side_payments(
    board: &mut Board,
    sides: [usize; 2],
    disagreement: &[f64],
    disagreement_point: &[f64],
) -> Result<SidePayments, NoStrategy> {
    let income = sides.map(|j| board.ground.baseline.income[j]);
    let joint_income = income[0] + income[1];
    let mut weights = vec![0.0; disagreement.len()];
    (0..2).for_each(|k| weights[sides[k]] = income[k] / joint_income);
    let chosen = variables_of_all(&board.game, &sides);
    let starts = [
        Start::new("today", board.today.clone()),
        Start::new("disagreement", disagreement_point.to_vec()),
        board.starts().swap_remove(0),
    ];
    let (criterion, settings) = (WeightedSum(weights), SearchSettings::default());
    let game = &mut board.game;
    let best = best_of_starts(game, &criterion, &chosen, disagreement_point, &starts, &settings)?;
    let best = once_more(game, &criterion, &chosen, best, &settings)?;
    let gains = [0, 1].map(|k| income[k] * (best.payoffs[sides[k]] - disagreement[sides[k]]).exp_m1());
    let joint_gain = gains[0] + gains[1];
    let (payer, payee) = if gains[0] >= gains[1] { (0, 1) } else { (1, 0) };
    Ok(SidePayments {
        joint_gain,
        joint_income,
        gains,
        payer: board.ground.code(sides[payer]).to_owned(),
        payee: board.ground.code(sides[payee]).to_owned(),
        payment: 0.5 * (gains[payer] - gains[payee]),
        certificate: best.certificate,
    })
}
