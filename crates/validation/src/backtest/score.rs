//! Scores of a forecast against what happened.

use super::forecast::{Changes, Item};
use std::collections::BTreeMap;

/// How changes are read before they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Change of the flow itself; growth that has nothing to do with tariffs counts as error.
    Level,
    /// Change of the share in all imports, on both sides: growth of demand drops out.
    Share,
}

/// Scores over a set of items.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Items scored.
    pub items: usize,
    /// Share of items with the right sign; none where the forecast names no sign (no change).
    pub sign_hits: Option<f64>,
    /// Root of the mean squared error of log changes.
    pub error: f64,
    /// The same, weighted by the flows before.
    pub weighted_error: f64,
}

/// An item as it is read: its own change, less that of all imports under [`Reading::Share`].
pub fn read(changes: &Changes, item: &Item, reading: Reading) -> Option<f64> {
    let own = *changes.get(item)?;
    let of_imports = matches!(item, Item::Imports(_) | Item::Sector(..));
    match reading {
        Reading::Share if of_imports => Some(own - changes.get(&Item::AllImports)?),
        _ => Some(own),
    }
}

/// Scores a forecast on these items with these weights.
pub fn score(
    forecast: &Changes,
    outturn: &Changes,
    weights: &BTreeMap<Item, f64>,
    reading: Reading,
) -> Score {
    let (mut items, mut hits, mut signed) = (0, 0, 0);
    let (mut squares, mut weighted, mut weight_sum) = (0.0, 0.0, 0.0);
    for (item, weight) in weights {
        let (Some(said), Some(was)) = (read(forecast, item, reading), read(outturn, item, reading)) else {
            continue;
        };
        let square = (said - was).powi(2);
        items += 1;
        squares += square;
        weighted += weight * square;
        weight_sum += weight;
        if said != 0.0 {
            signed += 1;
            hits += usize::from(said.signum() == was.signum());
        }
    }
    Score {
        items,
        sign_hits: (signed > 0).then(|| f64::from(hits as u32) / f64::from(signed)),
        error: (squares / items.max(1) as f64).sqrt(),
        weighted_error: if weight_sum > 0.0 { (weighted / weight_sum).sqrt() } else { f64::NAN },
    }
}

/// Skill against a rival: 1 is perfect, 0 is as good, below 0 is worse. One less the ratio of mean squared errors.
pub fn skill(error: f64, rival: f64) -> f64 {
    1.0 - (error / rival).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let item = |name: &str| Item::Imports(name.to_owned());
        let changes = |a: f64, b: f64, all: f64| {
            Changes::from([(item("a"), a), (item("b"), b), (Item::AllImports, all)])
        };
        let weights = BTreeMap::from([(item("a"), 3.0), (item("b"), 1.0)]);
        let level = score(&changes(-0.1, 0.2, 0.0), &changes(-0.2, -0.2, -0.2), &weights, Reading::Level);
        assert_eq!((level.items, level.sign_hits), (2, Some(0.5)));
        assert!((level.error - (0.17f64 / 2.0).sqrt()).abs() < 1e-12);
        assert!((level.weighted_error - (0.19f64 / 4.0).sqrt()).abs() < 1e-12);
        // In shares both outturns are zero: everything fell alike.
        let share = score(&changes(0.0, 0.0, 0.0), &changes(-0.2, -0.2, -0.2), &weights, Reading::Share);
        assert_eq!((share.error, share.sign_hits), (0.0, None));
        assert_eq!(skill(0.1, 0.2), 0.75);
    }
}
