//! Points of a design in the unit cube, each found from its number alone: a part of a sweep needs nothing of another.

use super::draw::Random;

/// Scrambled Sobol points have so many coordinates at most, and so many points.
pub const SOBOL_DIMENSIONS: usize = 256;
/// Points of a scrambled Sobol sequence.
pub const SOBOL_POINTS: usize = 1 << 16;

/// Where the points of a design lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Points {
    /// Scrambled Sobol points (Owen's scrambling as in Burley 2020): they fill the cube evenly, first coordinates best.
    #[default]
    Sobol,
    /// Independent points.
    Random,
}

impl Points {
    /// One coordinate of a point, inside (0, 1). Of Sobol points there are [`SOBOL_POINTS`] with [`SOBOL_DIMENSIONS`] coordinates; beyond them
    /// the caller refuses.
    ///
    /// ```
    /// use detente_engine::uncertainty::points::Points;
    ///
    /// let even: f64 = (0..64).map(|point| Points::Sobol.at(7, point, 3)).sum::<f64>() / 64.0;
    /// assert!((even - 0.5).abs() < 0.01, "64 Sobol points stand in 64 slices");
    /// assert_eq!(Points::Random.at(7, 5, 3), Points::Random.at(7, 5, 3));
    /// ```
    pub fn at(self, seed: u64, point: usize, dimension: usize) -> f64 {
        match self {
            Points::Sobol => {
                assert!(point < SOBOL_POINTS && dimension < SOBOL_DIMENSIONS, "beyond the Sobol points");
                // The whole seed counts: its halves are mixed into one.
                let seed = (seed ^ (seed >> 32)) as u32;
                let drawn = sobol_burley::sample(point as u32, dimension as u32, seed);
                // A point holds 24 bits and may be zero: the middle of its cell.
                f64::from(drawn) + 2.0_f64.powi(-25)
            }
            Points::Random => {
                let place = ((point as u64) << 16) + dimension as u64;
                Random::at(seed, place).uniform().max(f64::MIN_POSITIVE)
            }
        }
    }
}

/// The standard normal quantile (Wichura 1988, algorithm AS 241): to 1e-15 of itself.
///
/// ```
/// use detente_engine::uncertainty::points::normal_quantile;
///
/// assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
/// assert_eq!(normal_quantile(0.5), 0.0);
/// ```
pub fn normal_quantile(share: f64) -> f64 {
    let centred = share - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * polynomial(&MIDDLE_ABOVE, r) / polynomial(&MIDDLE_BELOW, r);
    }
    let tail = if centred < 0.0 { share } else { 1.0 - share };
    let r = (-tail.ln()).sqrt();
    let size = if r <= 5.0 {
        polynomial(&NEAR_ABOVE, r - 1.6) / polynomial(&NEAR_BELOW, r - 1.6)
    } else {
        polynomial(&FAR_ABOVE, r - 5.0) / polynomial(&FAR_BELOW, r - 5.0)
    };
    size.copysign(centred)
}

/// Share of the standard normal below a number: the inverse of [`normal_quantile`], to 1e-15 (Marsaglia 2004).
///
/// ```
/// use detente_engine::uncertainty::points::{normal_quantile, normal_share};
///
/// for share in [1e-4, 0.2, 0.5, 0.975] {
///     assert!((normal_share(normal_quantile(share)) - share).abs() < 1e-14);
/// }
/// ```
pub fn normal_share(at: f64) -> f64 {
    // Beyond, the share is zero or one in the digits that a point has.
    if at.abs() > 8.0 {
        return if at < 0.0 { f64::MIN_POSITIVE } else { 1.0 - f64::EPSILON };
    }
    let (mut sum, mut term, mut odd) = (at, at, 1.0);
    while term.abs() > 1e-17 * sum.abs() {
        odd += 2.0;
        term *= at * at / odd;
        sum += term;
    }
    let share = 0.5 + sum * (-0.5 * at * at).exp() / std::f64::consts::TAU.sqrt();
    share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON)
}

/// Where a triangular distribution over low, mode and high has this share of its mass below; the mode where the range is empty.
pub fn triangular_quantile([low, mode, high]: [f64; 3], share: f64) -> f64 {
    let whole = high - low;
    if whole <= 0.0 {
        return mode;
    }
    if share < (mode - low) / whole {
        low + (share * whole * (mode - low)).sqrt()
    } else {
        high - ((1.0 - share) * whole * (high - mode)).sqrt()
    }
}

/// Coefficients from the constant on.
fn polynomial(coefficients: &[f64; 8], at: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * at + coefficient)
}

const MIDDLE_ABOVE: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const MIDDLE_BELOW: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_545e3,
];
const NEAR_ABOVE: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const NEAR_BELOW: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_ABOVE: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BELOW: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Against known quantiles in the middle, near the ends and far out.
    #[test]
    fn quantiles_of_the_normal() {
        let known = [
            (0.6, 0.253_347_103_135_799_7),
            (0.95, 1.644_853_626_951_472_2),
            (0.001, -3.090_232_306_167_813_5),
            (1e-10, -6.361_340_902_404_056),
            (1e-20, -9.262_340_089_798_408),
        ];
        for (share, expected) in known {
            assert!((normal_quantile(share) - expected).abs() < 4e-15 * expected.abs(), "{share}");
        }
    }

    #[test]
    fn every_coordinate_has_one_point_in_each_slice() {
        for dimension in [0, 1, 2, 61, 255] {
            let mut slices = [0; 128];
            for point in 0..128 {
                slices[(Points::Sobol.at(3, point, dimension) * 128.0) as usize] += 1;
            }
            assert!(slices.iter().all(|count| *count == 1), "{dimension}");
        }
        let inside = |points: Points| {
            (0..4096).all(|point| {
                let at = points.at(1, point, 1);
                at > 0.0 && at < 1.0
            })
        };
        assert!(inside(Points::Sobol) && inside(Points::Random));
    }
}
