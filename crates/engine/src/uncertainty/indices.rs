//! How much of an outcome's variance each group of inputs explains: first-order and total indices from runs of a design.
//!
//! At each point there are two independent draws of all inputs, A and B, and for each group A with that group from B. Totals are Jansen's (1999),
//! first orders those of Janon, Klein, Lagnoux, Nodet & Prieur (2014). Intervals resample the points.

use super::draw::Random;
use super::statistics::quantile;

/// Resamples behind an interval.
const RESAMPLES: usize = 400;

/// What a point of the design found.
#[derive(Clone, Debug, PartialEq)]
pub struct AtPoint {
    /// Under the first draw.
    pub first: f64,
    /// Under the second.
    pub second: f64,
    /// Under the first with one group from the second, by group.
    pub exchanged: Vec<f64>,
}

/// An index with the 5th and 95th percentile over resampled points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The estimate.
    pub value: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// The indices of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// Share of the variance that the group explains alone.
    pub first_order: Share,
    /// Share that would be left if all others were known: alone and together with others.
    pub total: Share,
}

/// Indices of each group; none where fewer than two points are whole or nothing varies.
pub fn indices(points: &[AtPoint]) -> Option<Vec<Indices>> {
    let groups = points.first()?.exchanged.len();
    let all: Vec<usize> = (0..points.len()).collect();
    let value = estimates(points, &all, groups)?;
    let mut random = Random::new(points.len() as u64);
    let mut resampled: Vec<Vec<[f64; 2]>> = Vec::with_capacity(RESAMPLES);
    let mut chosen = all;
    for _ in 0..RESAMPLES {
        for place in &mut chosen {
            *place = ((random.uniform() * points.len() as f64) as usize).min(points.len() - 1);
        }
        resampled.extend(estimates(points, &chosen, groups));
    }
    let share = |group: usize, which: usize| {
        let mut sorted: Vec<f64> = resampled.iter().map(|found| found[group][which]).collect();
        sorted.sort_by(f64::total_cmp);
        Some(Share {
            value: value[group][which],
            low: quantile(&sorted, 0.05)?,
            high: quantile(&sorted, 0.95)?,
        })
    };
    (0..groups)
        .map(|group| Some(Indices { first_order: share(group, 0)?, total: share(group, 1)? }))
        .collect()
}

/// First order and total of each group over the points chosen.
fn estimates(points: &[AtPoint], chosen: &[usize], groups: usize) -> Option<Vec<[f64; 2]>> {
    let count = chosen.len() as f64;
    if chosen.len() < 2 {
        return None;
    }
    let mean = |of: &dyn Fn(&AtPoint) -> f64| chosen.iter().map(|at| of(&points[*at])).sum::<f64>() / count;
    let centre = mean(&|point| 0.5 * (point.first + point.second));
    let variance = mean(&|point| 0.5 * ((point.first - centre).powi(2) + (point.second - centre).powi(2)));
    // Rounding of a constant is no spread.
    if variance.sqrt() <= 1e-12 * centre.abs().max(f64::MIN_POSITIVE) {
        return None;
    }
    let of_group = |group: usize| {
        let total = mean(&|point| (point.first - point.exchanged[group]).powi(2)) / (2.0 * variance);
        // Second draw and exchanged first share the group and nothing else. About the common centre: no difference of large squares.
        let common = mean(&|point| 0.5 * (point.second + point.exchanged[group])) - centre;
        let (both, own) = (
            mean(&|point| (point.second - centre) * (point.exchanged[group] - centre)),
            mean(&|point| {
                0.5 * ((point.second - centre).powi(2) + (point.exchanged[group] - centre).powi(2))
            }),
        );
        [(both - common * common) / (own - common * common), total]
    };
    Some((0..groups).map(of_group).collect())
}

#[cfg(test)]
mod tests {
    use super::super::points::Points;
    use super::*;

    /// The outcome at both draws and with each coordinate exchanged.
    fn design(points: usize, dimensions: usize, outcome: impl Fn(&[f64]) -> f64) -> Vec<AtPoint> {
        (0..points)
            .map(|point| {
                let draw = |block: usize| -> Vec<f64> {
                    (0..dimensions).map(|at| Points::Sobol.at(11, point, block * dimensions + at)).collect()
                };
                let (first, second) = (draw(0), draw(1));
                let exchanged = (0..dimensions).map(|group| {
                    let mut mixed = first.clone();
                    mixed[group] = second[group];
                    outcome(&mixed)
                });
                AtPoint { first: outcome(&first), second: outcome(&second), exchanged: exchanged.collect() }
            })
            .collect()
    }

    /// Ishigami & Homma's function (a 7, b 0.1), whose indices are known.
    #[test]
    fn ishigami() {
        let angle = |share: f64| std::f64::consts::PI * (2.0 * share - 1.0);
        let outcome = |x: &[f64]| {
            let [a, b, c] = [angle(x[0]), angle(x[1]), angle(x[2])];
            a.sin() + 7.0 * b.sin().powi(2) + 0.1 * c.powi(4) * a.sin()
        };
        let found = indices(&design(4096, 3, outcome)).expect("it varies");
        let known = [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)];
        for (found, (first, total)) in found.iter().zip(known) {
            assert!((found.first_order.value - first).abs() < 0.02, "{found:?}");
            assert!((found.total.value - total).abs() < 0.02, "{found:?}");
            assert!(found.total.low < found.total.value && found.total.value < found.total.high, "{found:?}");
        }
    }

    #[test]
    fn a_sum_explains_itself() {
        let found = indices(&design(1024, 3, |x| x[0] + 2.0 * x[1] - 3.0 * x[2])).expect("it varies");
        let sum: f64 = found.iter().map(|of| of.first_order.value).sum();
        assert!((sum - 1.0).abs() < 0.01, "{sum}");
        for of in &found {
            assert!((of.first_order.value - of.total.value).abs() < 0.02, "{of:?}");
        }
        // One group of everything explains everything, and a constant has no indices.
        let whole: Vec<AtPoint> = design(64, 1, |x| x[0].exp());
        let of = indices(&whole).expect("it varies")[0];
        assert!((of.first_order.value - 1.0).abs() < 1e-12 && (of.total.value - 1.0).abs() < 0.1, "{of:?}");
        assert_eq!(indices(&design(64, 2, |_| 0.1)), None);
    }
}
