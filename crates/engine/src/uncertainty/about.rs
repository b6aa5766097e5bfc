//! Draws about a point: the level of the elasticities that belong together, each sector's own, and where uncertain tariffs stand in their
//! range. The point is the run at the medians; what is an assumption and no estimate, such as what deficits do, is not mixed in.

use super::draw::{Draw, Random, Spread};
use super::points::triangular_quantile;
use crate::model::closure::Deficits;

/// The point of a band, and how far its inputs may lie from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    /// Name of the elasticity set.
    pub elasticity_set: String,
    /// θ\[s\] of the point.
    pub trade_elasticity: Vec<f64>,
    /// Sectors whose elasticities have one uncertain level.
    pub is_common: Vec<bool>,
    /// Spread of that level, and of each sector's own factor.
    pub spread: Spread,
    /// What deficits do, in every run.
    pub deficits: Deficits,
    /// Share of earlier duties that was paid, over all of them: low, stated, high; none where it is known.
    pub paid: Option<[f64; 3]>,
}

/// `count` draws, the point first. The same seed gives the same draws, whichever of the inputs are uncertain.
pub fn draws_about(centre: &Centre, count: usize, seed: u64) -> Vec<Draw> {
    let mut random = Random::new(seed);
    let mut drawn = |at: usize| {
        let common_factor = (centre.spread.common * random.normal()).exp();
        let own: Vec<f64> =
            centre.trade_elasticity.iter().map(|_| (centre.spread.own * random.normal()).exp()).collect();
        let (paid, collected) = (random.uniform(), random.uniform());
        if at == 0 {
            return point(centre);
        }
        let sectors = centre.trade_elasticity.iter().zip(&centre.is_common).zip(own);
        Draw {
            trade_elasticity: sectors
                .map(|((theta, common), own)| theta * own * if *common { common_factor } else { 1.0 })
                .collect(),
            common_factor,
            paid: centre.paid.map_or(0.0, |range| place(triangular_quantile(range, paid), range)),
            collected: triangular_quantile([-1.0, 0.0, 1.0], collected),
            ..point(centre)
        }
    };
    (0..count).map(&mut drawn).collect()
}

/// The run at the medians.
pub fn point(centre: &Centre) -> Draw {
    let of_set = Draw::of_set(&centre.elasticity_set, centre.trade_elasticity.clone());
    Draw { deficits: centre.deficits, ..of_set }
}

/// A number's place in its range: −1 at the low end, 0 as stated, 1 at the high end.
fn place(number: f64, [low, stated, high]: [f64; 3]) -> f64 {
    let side = if number < stated { stated - low } else { high - stated };
    if side > 0.0 { (number - stated) / side } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre() -> Centre {
        Centre {
            elasticity_set: "a".into(),
            trade_elasticity: vec![2.5, 2.5, 4.0],
            is_common: vec![true, true, false],
            spread: Spread { common: 0.27, own: 0.0 },
            deficits: Deficits::Fixed,
            paid: Some([0.0, 0.25, 0.55]),
        }
    }

    #[test]
    fn the_point_comes_first_and_medians_are_its() {
        let drawn = draws_about(&centre(), 2001, 7);
        assert_eq!(drawn[0], point(&centre()));
        let quantile = |read: &dyn Fn(&Draw) -> f64, share: f64| {
            let mut values: Vec<f64> = drawn.iter().map(read).collect();
            values.sort_by(f64::total_cmp);
            values[(share * (values.len() - 1) as f64) as usize]
        };
        let level = |draw: &Draw| draw.trade_elasticity[0];
        assert!((quantile(&level, 0.5) - 2.5).abs() < 0.05);
        // 5 and 95 of a log-normal with this spread.
        for (share, expected) in
            [(0.05, 2.5 * (-0.27_f64 * 1.645).exp()), (0.95, 2.5 * (0.27_f64 * 1.645).exp())]
        {
            assert!((quantile(&level, share) / expected - 1.0).abs() < 0.05, "{share}");
        }
        assert!(drawn.iter().all(|draw| draw.trade_elasticity[1] == draw.trade_elasticity[0]));
        assert!(drawn.iter().all(|draw| draw.trade_elasticity[2] == 4.0), "services do not follow the level");
        assert!(quantile(&|draw| draw.collected, 0.5).abs() < 0.03);
        // A quarter lies below 0.25 + …: the share below the mode is 0.25/0.55.
        let below = drawn.iter().filter(|draw| draw.paid < 0.0).count() as f64 / drawn.len() as f64;
        assert!((below - 0.25 / 0.55).abs() < 0.03, "{below}");
        assert!(drawn.iter().all(|draw| draw.paid.abs() <= 1.0 && draw.collected.abs() <= 1.0));
    }

    #[test]
    fn what_is_not_uncertain_does_not_move_the_other_draws() {
        let known = Centre { paid: None, ..centre() };
        let (with, without) = (draws_about(&centre(), 40, 3), draws_about(&known, 40, 3));
        assert!(without.iter().all(|draw| draw.paid == 0.0));
        for (a, b) in with.iter().zip(&without) {
            assert_eq!((&a.trade_elasticity, a.collected), (&b.trade_elasticity, b.collected));
        }
    }

    #[test]
    fn a_triangle_has_its_corners_and_its_turn() {
        let range = [0.0, 0.25, 0.55];
        assert_eq!((triangular_quantile(range, 0.0), triangular_quantile(range, 1.0)), (0.0, 0.55));
        assert!((triangular_quantile(range, 0.25 / 0.55) - 0.25).abs() < 1e-12);
        assert_eq!((place(0.0, range), place(0.25, range), place(0.55, range)), (-1.0, 0.0, 1.0));
        assert_eq!(triangular_quantile([0.3; 3], 0.7), 0.3);
    }
}
