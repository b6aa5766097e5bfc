//! Skill against a rival with the interval that partners allow, and the word that follows from it.

use super::Backtest;
use super::Entry;
use super::forecast::Item;
use super::score::{Reading, read};
use detente_engine::uncertainty::draw::Random;
use detente_engine::uncertainty::statistics::quantile;

/// Resamples of the partners.
const RESAMPLES: usize = 4000;
const SEED: u64 = 20_250_409;

/// One less the ratio of weighted squared errors, over partners drawn again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Skill {
    /// Over all partners.
    pub value: f64,
    /// 5th percentile over resamples of the partners.
    pub low: f64,
    /// 95th.
    pub high: f64,
    /// Share of resamples above zero.
    pub positive: f64,
    /// Without each partner in turn.
    pub without: Vec<(String, f64)>,
}

impl Skill {
    /// What the interval says: better in all but one resample of twenty, worse, or neither.
    pub fn verdict(&self) -> &'static str {
        if self.low > 0.0 {
            "beats"
        } else if self.high < 0.0 {
            "loses to"
        } else {
            "is level with"
        }
    }
}

/// Skill of a forecast against a rival on imports by partner, weighed by imports before.
pub fn against(backtest: &Backtest, entry: &Entry, rival: &Entry, reading: Reading) -> Option<Skill> {
    let weights = backtest.weights_of(false);
    let rows: Vec<(String, f64, f64)> = weights
        .iter()
        .filter_map(|(item, weight)| {
            let was = read(&backtest.outturn, item, reading)?;
            let square = |held: &Entry| Some(weight * (read(&held.changes, item, reading)? - was).powi(2));
            let Item::Imports(partner) = item else { return None };
            Some((partner.clone(), square(entry)?, square(rival)?))
        })
        .collect();
    let skill = |chosen: &mut dyn Iterator<Item = &(String, f64, f64)>| {
        let (own, other) = chosen.fold((0.0, 0.0), |(own, other), row| (own + row.1, other + row.2));
        1.0 - own / other
    };
    if rows.len() < 2 {
        return None;
    }
    let mut random = Random::new(SEED);
    let mut drawn: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let places: Vec<usize> =
                rows.iter().map(|_| (random.uniform() * rows.len() as f64) as usize).collect();
            skill(&mut places.iter().filter_map(|place| rows.get(*place)))
        })
        .filter(|value| value.is_finite())
        .collect();
    drawn.sort_by(f64::total_cmp);
    let without =
        rows.iter().map(|(left, ..)| (left.clone(), skill(&mut rows.iter().filter(|row| row.0 != *left))));
    Some(Skill {
        value: skill(&mut rows.iter()),
        low: quantile(&drawn, 0.05)?,
        high: quantile(&drawn, 0.95)?,
        positive: drawn.iter().filter(|value| **value > 0.0).count() as f64 / drawn.len() as f64,
        without: without.collect(),
    })
}
