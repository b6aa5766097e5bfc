//! Capital that is built until its return is what it was: what the closure `capital` reads.
//!
//! With α capital's share of value added, ι an economy's investment basket and ψ investment over factor income, all three the
//! economy's, labour given and `r + δ` given in units of the basket,
//!
//! ```text
//! ln v̂ = (1−α) ln ŵ + α ln P̂_I        ln P̂_I = Σ_k ι_k ln P̂_k        K̂ = ŵ L̂ / P̂_I
//! I' = ψ F'      C' = F' + D' + R' − I'      X'_k = Σ_s γ_k Y'_s + ι_k ψ F' + c_k C'
//! ```
//!
//! so that a sector buys its capital's replacement like an input: in unit cost with the share `γ + γ_VA α ι`, in use with
//! `γ + γ_VA ψ ι`. Nothing else of the model knows of capital. What is left of spending, with the shares c, is consumption.
//!
//! Capital that stays as it is has the same use and leaves unit cost alone; a stock of another size is an endowment `K̂^α`.

use std::sync::Arc;

use super::benchmark::Benchmark;
use crate::error::EngineError;
use crate::index::Dimensions;

/// Investment stays below this part of capital's share of income: with more, growth would be above the interest rate.
pub const MOST_OF_CAPITAL_INCOME: f64 = 0.9;

/// Capital and investment of every economy.
#[derive(Clone, Debug, PartialEq)]
pub struct CapitalData {
    /// α\[n\]: capital's share of value added, N.
    pub capital_share: Vec<f64>,
    /// ψ\[n\]: investment over factor income, N; below α.
    pub investment_share: Vec<f64>,
    /// ι\[n,k\]: what investment buys, N·S as pairs; sums to one over sectors.
    pub basket: Vec<f64>,
}

/// Whether capital answers.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Capital {
    /// Capital is part of the factors that an economy has, and investment part of final use.
    #[default]
    Fixed,
    /// Capital as it is; investment a given share of factor income.
    Given(Arc<CapitalData>),
    /// Capital has been built until its return is what it was.
    Steady(Arc<CapitalData>),
}

impl Capital {
    /// The data, where investment is told from consumption.
    pub fn data(&self) -> Option<&Arc<CapitalData>> {
        match self {
            Self::Fixed => None,
            Self::Given(data) | Self::Steady(data) => Some(data),
        }
    }
}

impl CapitalData {
    /// Fits shares and baskets to a benchmark whose final use by pair and factor income by economy these are: α in zero to one,
    /// investment in no cell above `most_of_use` of final use, ψ at most 0.9 α. Returns what was cut back, by economy: the
    /// investment share asked for.
    ///
    /// # Errors
    ///
    /// Where sizes differ, a share is not one, a basket is empty or an economy has no final use of what it is to invest in.
    pub fn fitted(
        benchmark: &Benchmark,
        capital_share: Vec<f64>,
        investment_share: &[f64],
        basket: &[f64],
        final_use: &[f64],
        factor_income: &[f64],
        most_of_use: f64,
    ) -> Result<(Self, Vec<Option<f64>>), EngineError> {
        let d = benchmark.dimensions();
        let mut fitted =
            Self { capital_share, investment_share: investment_share.to_vec(), basket: basket.to_vec() };
        fitted.check_sizes(d)?;
        let mut asked = vec![None; d.economies];
        for n in 0..d.economies {
            let whole: f64 = (0..d.sectors).map(|s| basket[d.pair(n, s)]).sum();
            let most = MOST_OF_CAPITAL_INCOME * fitted.capital_share[n];
            let share = investment_share[n].min(most);
            let mut kept = 0.0;
            for s in 0..d.sectors {
                let pair = d.pair(n, s);
                let wanted = share * basket[pair] / whole;
                let room = (most_of_use * final_use[pair] / factor_income[n]).max(0.0);
                fitted.basket[pair] = wanted.min(room);
                kept += fitted.basket[pair];
            }
            if share > 0.0 && kept <= 0.0 || !whole.is_finite() {
                return Err(EngineError::Domain {
                    what: "investment basket",
                    place: format!(" [{}]", benchmark.economies[n].code),
                    found: whole,
                    rule: "it holds something that the economy uses finally",
                });
            }
            for s in 0..d.sectors {
                let pair = d.pair(n, s);
                fitted.basket[pair] =
                    if kept > 0.0 { fitted.basket[pair] / kept } else { basket[pair] / whole };
            }
            fitted.investment_share[n] = kept;
            if kept < investment_share[n] * (1.0 - 1e-9) {
                asked[n] = Some(investment_share[n]);
            }
        }
        fitted.check(benchmark)?;
        Ok((fitted, asked))
    }

    /// Whether it is what a benchmark of this size can be solved with.
    pub(crate) fn check(&self, benchmark: &Benchmark) -> Result<(), EngineError> {
        let d = benchmark.dimensions();
        self.check_sizes(d)?;
        for n in 0..d.economies {
            let (alpha, psi) = (self.capital_share[n], self.investment_share[n]);
            let refuse = |what, found, rule| {
                let place = format!(" [{}]", benchmark.economies[n].code);
                Err(EngineError::Domain { what, place, found, rule })
            };
            if !(0.0..1.0).contains(&alpha) {
                return refuse("capital share", alpha, "shares are from zero to below one");
            }
            if !(psi >= 0.0 && psi <= MOST_OF_CAPITAL_INCOME * alpha * (1.0 + 1e-12)) {
                return refuse(
                    "investment over factor income",
                    psi,
                    "it is from zero to 0.9 of capital's share: with more, growth would be above the interest rate",
                );
            }
            let basket = (0..d.sectors).map(|s| self.basket[d.pair(n, s)]);
            let whole: f64 = basket.clone().sum();
            if basket.clone().any(|share| !(share >= 0.0 && share.is_finite())) || (whole - 1.0).abs() > 1e-6
            {
                return refuse(
                    "investment basket",
                    whole,
                    "shares are not negative and sum to one over sectors",
                );
            }
        }
        Ok(())
    }

    fn check_sizes(&self, d: Dimensions) -> Result<(), EngineError> {
        for (what, found, expected) in [
            ("capital_share", self.capital_share.len(), d.economies),
            ("investment_share", self.investment_share.len(), d.economies),
            ("investment basket", self.basket.len(), d.pairs()),
        ] {
            if found != expected {
                return Err(EngineError::Size { what, found, expected });
            }
        }
        Ok(())
    }
}

/// Input shares of gross output with capital's replacement among the inputs, each N·S·S as in the benchmark.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CapitalInputs {
    /// In unit cost: `γ + γ_VA α ι`.
    pub cost: Vec<f64>,
    /// In use: `γ + γ_VA ψ ι`.
    pub usage: Vec<f64>,
}

impl CapitalInputs {
    /// Of these data; `input` the benchmark's own shares, none where sectors buy nothing from each other.
    pub fn new(
        d: Dimensions,
        capital: &Capital,
        input: Option<&[f64]>,
        value_added_share: &[f64],
    ) -> Option<Self> {
        let data = capital.data()?;
        let answers = matches!(capital, Capital::Steady(_));
        let own = input.map_or_else(|| vec![0.0; d.inputs()], <[f64]>::to_vec);
        let with = |share: &[f64]| {
            let mut inputs = own.clone();
            for using in 0..d.sectors {
                for k in 0..d.sectors {
                    for i in 0..d.economies {
                        inputs[d.input(i, using, k)] +=
                            value_added_share[d.pair(i, using)] * share[i] * data.basket[d.pair(i, k)];
                    }
                }
            }
            inputs
        };
        let usage = with(&data.investment_share);
        let cost = if answers { with(&data.capital_share) } else { own.clone() };
        Some(Self { cost, usage })
    }
}
