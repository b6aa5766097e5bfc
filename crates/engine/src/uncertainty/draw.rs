//! Draws: which elasticities and which deficits one run of a band uses.

use crate::model::benchmark::Benchmark;
use crate::model::closure::Deficits;

/// One run of a band.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// Name of the elasticity set it starts from.
    pub elasticity_set: String,
    /// θ\[s\], the set's values times the draw's factors.
    pub trade_elasticity: Vec<f64>,
    /// Common factor of all elasticities; one in the plain runs.
    pub common_factor: f64,
    /// What deficits do.
    pub deficits: Deficits,
    /// Where the paid share of earlier duties stands in its range: −1 low, 0 as stated, 1 high.
    pub paid: f64,
    /// Where the collected share of duties stands: 0 as measured, 1 all of the law, −1 as far below.
    pub collected: f64,
}

impl Draw {
    /// A set as published, deficits as the data have them and duties as stated.
    pub fn of_set(name: &str, trade_elasticity: Vec<f64>) -> Self {
        Self {
            elasticity_set: name.to_owned(),
            trade_elasticity,
            common_factor: 1.0,
            deficits: Deficits::Fixed,
            paid: 0.0,
            collected: 0.0,
        }
    }

    /// The same with every elasticity times a common factor and its sector's own.
    pub fn times(mut self, common_factor: f64, own: impl IntoIterator<Item = f64>) -> Self {
        self.common_factor = common_factor;
        for (theta, own) in self.trade_elasticity.iter_mut().zip(own) {
            *theta *= common_factor * own;
        }
        self
    }

    /// Gives a benchmark the elasticities of this draw; what deficits do is the closure's.
    pub fn lay_on(&self, benchmark: &mut Benchmark) {
        for (sector, elasticity) in benchmark.sectors.iter_mut().zip(&self.trade_elasticity) {
            sector.trade_elasticity = *elasticity;
        }
    }
}

/// How draws are spread around published sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Standard deviation of the logarithm of the factor common to all sectors.
    pub common: f64,
    /// Standard deviation of the logarithm of each sector's own factor.
    pub own: f64,
}

/// `count` draws: first every set under every closure as published, then around them in turn. The same seed gives the same draws.
///
/// ```
/// use detente_engine::closure::Deficits;
/// use detente_engine::uncertainty::draw::{Spread, draws};
///
/// let sets = [("published".to_owned(), vec![4.0, 6.0])];
/// let spread = Spread { common: 0.2, own: 0.2 };
/// let found = draws(&sets, &[Deficits::Fixed], spread, 3, 1);
/// assert_eq!(found[0].trade_elasticity, [4.0, 6.0], "the published set first, then draws around it");
/// assert_eq!(found, draws(&sets, &[Deficits::Fixed], spread, 3, 1), "the same seed, the same draws");
/// ```
pub fn draws(
    sets: &[(String, Vec<f64>)],
    deficits: &[Deficits],
    spread: Spread,
    count: usize,
    seed: u64,
) -> Vec<Draw> {
    let mut random = Random::new(seed);
    let plain = sets.len() * deficits.len();
    if plain == 0 {
        return Vec::new();
    }
    (0..count)
        .map(|at| {
            let (name, elasticity) = &sets[at % sets.len()];
            let deficits = deficits[(at / sets.len()) % deficits.len()];
            let common_factor = if at < plain { 1.0 } else { (spread.common * random.normal()).exp() };
            let of_set = Draw { deficits, ..Draw::of_set(name, elasticity.clone()) };
            if at < plain {
                return of_set;
            }
            let own: Vec<f64> = elasticity.iter().map(|_| (spread.own * random.normal()).exp()).collect();
            of_set.times(common_factor, own)
        })
        .collect()
}

/// SplitMix64 (Steele, Lea & Flood 2014): small, seeded, the same on every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    ///
    /// ```
    /// use detente_engine::uncertainty::draw::Random;
    ///
    /// let (mut one, mut same) = (Random::new(7), Random::new(7));
    /// assert_eq!(one.uniform(), same.uniform());
    /// ```
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Where a run of numbers from `seed` stands after `place` of them: any of them is found without those before it.
    pub fn at(seed: u64, place: u64) -> Self {
        Self(seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform on \[0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform between two numbers.
    ///
    /// ```
    /// use detente_engine::uncertainty::draw::Random;
    ///
    /// let mut random = Random::new(7);
    /// assert!((0..100).all(|_| (2.0..3.0).contains(&random.between(2.0, 3.0))));
    /// ```
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_sets_come_first_and_seeds_repeat() {
        let sets = vec![("a".to_owned(), vec![4.0, 2.0]), ("b".to_owned(), vec![1.0, 8.0])];
        let deficits = [Deficits::Fixed, Deficits::Zero];
        let spread = Spread { common: 0.2, own: 0.1 };
        let first = draws(&sets, &deficits, spread, 200, 7);
        assert_eq!(first.len(), 200);
        let plain: Vec<_> =
            first[..4].iter().map(|draw| (draw.elasticity_set.as_str(), draw.deficits)).collect();
        assert_eq!(
            plain,
            [("a", Deficits::Fixed), ("b", Deficits::Fixed), ("a", Deficits::Zero), ("b", Deficits::Zero)]
        );
        assert!(first[..4].iter().all(|draw| draw.common_factor == 1.0));
        assert_eq!(first, draws(&sets, &deficits, spread, 200, 7));
        assert_ne!(first, draws(&sets, &deficits, spread, 200, 8));
        // The factors' spread is what was asked for.
        let logs: Vec<f64> =
            draws(&sets, &deficits, spread, 20_000, 1).iter().skip(4).map(|d| d.common_factor.ln()).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let deviation = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
        assert!(mean.abs() < 0.006 && (deviation - 0.2).abs() < 0.005, "{mean} {deviation}");
    }
}
