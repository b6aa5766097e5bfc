//! What money on the table would add: the point of largest joint gain, split evenly.

use detente_engine::horizon::Horizon;
use detente_engine::strategy::best_response::{Start, best_of_starts, once_more};
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::payoff::variables_of_all;
use detente_engine::strategy::projected_newton::SearchSettings;
use serde_json::{Value, json};

use super::baseline_world::BaselineWorld;
use super::board::Board;
use super::certificates;
use super::error::NoStrategy;
use super::tagged::tagged;
use super::words::money;
use crate::results::tags::Tag;

/// What money on the table would add: the sides choose the point of largest joint gain and split it evenly.
#[derive(Clone, Debug)]
pub(super) struct SidePayments {
    /// Joint gain at that point over disagreement, benchmark unit a year.
    joint_gain: f64,
    /// Joint income.
    joint_income: f64,
    /// What the first side pays the second so that both gain the same money; negative: it is paid.
    payment: f64,
    /// How the point of largest joint gain is established.
    pub certificate: StrategyCertificate,
}

impl SidePayments {
    /// In words.
    pub fn words(&self, codes: &[String; 2], ground: &BaselineWorld) -> String {
        if self.joint_gain <= 0.0 {
            return "with side payments too: no point has a joint gain".into();
        }
        let (payer, payee) = if self.payment >= 0.0 { (0, 1) } else { (1, 0) };
        format!(
            "with side payments: the largest joint gain is {} a year ({:+.4} percent of joint income); {} pays {} {} a year so that both gain \
             half of it (to first order: what the payment itself does to prices is left out)",
            money(ground.unit(), self.joint_gain),
            100.0 * self.joint_gain / self.joint_income,
            codes[payer],
            codes[payee],
            money(ground.unit(), self.payment.abs())
        )
    }

    /// As JSON.
    pub fn json(&self, codes: &[String; 2], without: &str) -> Value {
        let found = json!({
            "joint_gain": self.joint_gain,
            "joint_gain_pct_of_joint_income": 100.0 * self.joint_gain / self.joint_income,
            "payment": { "from": codes[0], "to": codes[1], "money_per_year": self.payment },
            "certificate": certificates::json_of(&self.certificate),
        });
        // The split in halves is an assumption, and the payment to first order is accounting.
        let tags = [
            ("joint_gain", Tag::Model),
            ("joint_gain_pct_of_joint_income", Tag::Model),
            ("payment", Tag::Accounting),
        ];
        tagged(found, Horizon::Long, without, &tags)
    }
}

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
    let gain = |k: usize| income[k] * (best.payoffs[sides[k]] - disagreement[sides[k]]).exp_m1();
    let joint_gain = gain(0) + gain(1);
    Ok(SidePayments {
        joint_gain,
        joint_income,
        payment: gain(0) - 0.5 * joint_gain,
        certificate: best.certificate,
    })
}
