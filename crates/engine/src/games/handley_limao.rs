//! Handley & Limão (2017): what the doubt about China's tariffs in the United States cost before 2002, from the parameters of their replication archive.
//!
//! Foreign exporters and makers at home enter under a threat that may come true; on the way back to a long run without it a price index moves along a path of
//! years. The table is what exports, entry and prices lose, and which tariff would have done the same. Equation numbers are not given: the paper was read through
//! its archive.

use super::error::StrategyError;
use crate::error::EngineError;

/// Parameters, as the archive has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandleyLimao {
    /// Pareto shape of productivity.
    pub k: f64,
    /// Elasticity of substitution.
    pub sigma: f64,
    /// Discount factor a year of foreign exporters, survival included.
    pub beta_foreign: f64,
    /// The same of makers at home.
    pub beta_home: f64,
    /// What is estimated: the threat's weight u times the mean price factor g.
    pub u_times_g: f64,
    /// Doubt at home over doubt abroad.
    pub alpha: f64,
    /// Share of the industry's spending that goes to the foreign exporters.
    pub import_penetration: f64,
    /// Mean of the entry factors' loss over goods, at no threat.
    pub entry_weight: f64,
    /// The same along the path back.
    pub entry_weight_on_the_way: f64,
    /// Trade under the threatened tariffs over trade.
    pub trade_ratio: f64,
    /// The mean entry factor.
    pub entry: f64,
    /// What the change of applied tariffs did to exports.
    pub tariffs_on_exports: f64,
    /// What it did to prices.
    pub tariffs_on_prices: f64,
    /// Exports at the beginning of the path back.
    pub first_exports: f64,
}

/// The archive's parameters.
pub const PUBLISHED: HandleyLimao = HandleyLimao {
    k: 4.452_071_5,
    sigma: 3.0,
    beta_foreign: 0.85,
    beta_home: 0.90,
    u_times_g: 0.736_279_55,
    alpha: 4.0,
    import_penetration: 0.045,
    entry_weight: 1.386_939_2,
    entry_weight_on_the_way: 0.777_505_02,
    trade_ratio: 0.205_655_58,
    entry: 1.141_517_6,
    tariffs_on_exports: 0.991_769_96,
    tariffs_on_prices: 0.992_934_86,
    first_exports: 1.007_115_4,
};

/// What doubt costs, all in log points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostOfDoubt {
    /// Exports under doubt over exports without.
    pub exports: f64,
    /// Firms that enter.
    pub entry: f64,
    /// The buyers' price index.
    pub prices: f64,
    /// The tariff that would have done the same to exports.
    pub as_tariff_on_exports: f64,
    /// To entry.
    pub as_tariff_on_entry: f64,
    /// To prices.
    pub as_tariff_on_prices: f64,
}

/// Years of the path back; after them it stands.
const YEARS: i32 = 250;
const TOLERANCE: f64 = 1e-13;
const MOST_ROUNDS: usize = 500;

/// Both states at one guess of what the future holds.
struct States {
    threat: f64,
    entry_at_home: f64,
    exports: f64,
    /// Price indices: under doubt, and once the threat has come true.
    doubt: f64,
    worst: f64,
}

impl HandleyLimao {
    /// Firms of a Pareto tail weigh in the price index with this power of their cutoff.
    fn tail(&self) -> f64 {
        self.k / (self.sigma - 1.0)
    }

    /// The exporters' share once the change of applied tariffs is taken out.
    fn share(&self) -> f64 {
        let index = self.import_penetration * self.tariffs_on_prices + 1.0 - self.import_penetration;
        self.import_penetration * self.tariffs_on_exports / index
    }

    fn states(&self, growth: f64, worst_at_home: f64) -> States {
        let (k, share) = (self.k, self.share());
        let threat = self.u_times_g / growth;
        let at_home = self.alpha * threat;
        let entry_at_home =
            ((1.0 + at_home * worst_at_home) / (1.0 + at_home)).powf(1.0 / (self.sigma - 1.0));
        let exports = self.entry_weight * (1.0 + threat).powf(1.0 - self.tail());
        let doubt =
            (share * exports + (1.0 - share) * entry_at_home.powf(k - self.sigma + 1.0)).powf(-1.0 / k);
        let worst = ((share * self.trade_ratio + 1.0 - share) * doubt.powf(k)).powf(-1.0 / k);
        States { threat, entry_at_home, exports, doubt, worst }
    }

    /// The price index of a year that solves `p^-k = level + slope p^(σ−1−k)`.
    fn index(&self, level: f64, slope: f64) -> f64 {
        let mut index = 1.0_f64;
        for _ in 0..2000 {
            let next = (level + slope * index.powf(self.sigma - 1.0 - self.k)).powf(-1.0 / self.k);
            let moved = (next - index).abs();
            index = next;
            if moved < 1e-15 {
                break;
            }
        }
        index
    }

    /// The mean of a path of price factors, discounted; it stands after its last year.
    fn mean(&self, beta: f64, path: impl Fn(f64) -> f64) -> f64 {
        let at = |year: i32| path(beta.powi(year + 1)).powf(self.sigma - 1.0);
        let on_the_way: f64 = (0..=YEARS).map(|year| beta.powi(year) * at(year)).sum();
        (1.0 - beta) * on_the_way + beta.powi(YEARS + 1) * at(YEARS)
    }

    /// The table.
    ///
    /// # Errors
    ///
    /// Parameters for which the two states have no common future.
    pub fn cost_of_doubt(&self) -> Result<CostOfDoubt, StrategyError> {
        let (k, share) = (self.k, self.share());
        let power = self.sigma - 1.0;
        let begin = (share * self.first_exports + 1.0 - share).powf(-1.0 / k);
        let first = self.states(1.0, 1.0);
        let (mut growth, mut at_home) = (first.worst.powf(power), (first.doubt / begin).powf(-power));
        for _ in 0..MOST_ROUNDS {
            let states = self.states(growth, at_home);
            let scale = states.doubt.powf(k);
            let behind = states.entry_at_home.powf(k - power);
            let back = |decay: f64| {
                let level = share * self.first_exports + (1.0 - share) * (1.0 - decay);
                self.index(level * scale, (1.0 - share) * decay * behind * scale)
            };
            let leaving = self.entry_weight_on_the_way * (1.0 + states.threat).powf(1.0 - self.tail());
            let ahead = |decay: f64| {
                let level = share * (1.0 - decay) * self.trade_ratio + 1.0 - share;
                self.index(level * scale, share * decay * leaving * scale)
            };
            let next = (self.mean(self.beta_foreign, ahead), self.mean(self.beta_home, back));
            let moved = (next.0 - growth).abs().max((next.1 - at_home).abs());
            (growth, at_home) = next;
            if moved < TOLERANCE {
                return Ok(self.table(&self.states(growth, at_home)));
            }
        }
        Err(EngineError::Unsolved("doubt and prices did not settle".into()).into())
    }

    fn table(&self, states: &States) -> CostOfDoubt {
        let (k, share) = (self.k, self.share());
        let points = |factor: f64| 100.0 * factor.ln();
        let exports = states.exports * states.doubt.powf(k);
        let entry =
            (states.doubt * self.entry / (1.0 + states.threat).powf(1.0 / (self.sigma - 1.0))).powf(k);
        // A tariff on exporters alone: their trade falls by −kσ/(σ−1), and with it the price index.
        let all = -k * self.sigma / (self.sigma - 1.0);
        let index = |tariff: f64| share * tariff.powf(1.0 + all) + 1.0 - share;
        let trade = |tariff: f64| tariff.powf(all) / index(tariff);
        CostOfDoubt {
            exports: points(exports),
            entry: points(entry),
            prices: points(states.doubt),
            as_tariff_on_exports: points(where_it_is(trade, exports)),
            as_tariff_on_entry: points(where_it_is(trade, entry)),
            as_tariff_on_prices: points(where_it_is(index, states.doubt.powf(-k))),
        }
    }
}

/// Where a falling function takes a value, between one and three.
fn where_it_is(falls: impl Fn(f64) -> f64, value: f64) -> f64 {
    let (mut low, mut high) = (1.0, 3.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if falls(middle) > value { low = middle } else { high = middle }
    }
    low
}
