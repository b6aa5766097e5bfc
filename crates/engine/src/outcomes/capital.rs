//! What a change of policy does once capital has answered: consumption and wages in the end, and what the whole way there is worth.
//!
//! In the end capital has been built until its return is what it was ([`Capital::Steady`]). On the way a share of the gap closes
//! each year, `K_t = K_∞ + (K_0 − K_∞) u` with `u = e^(−speed t)`, and investment replaces what wears out and builds the rest:
//! `I_t = δ K_t − speed (K_0 − K_∞) u`, δ read off α and ψ at the interest rate r (`ψ/α = δ/(r+δ)`). The present value is the
//! annuity that consumption along the way is worth, `∫ r e^(−rt) ĉ_t dt = ∫ (r/speed) u^(r/speed−1) ĉ(u) du`; consumption is read at
//! three points of u and drawn as a parabola through them, whose moments are exact.

use std::sync::Arc;

use super::percent;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::benchmark::Benchmark;
use crate::model::calibration::SolveSettings;
use crate::model::capital::{Capital, CapitalData};
use crate::model::closure::Closure;
use crate::model::instruments::Instruments;
use crate::parallel::Control;
use crate::search::solver::Solver;

/// How fast capital moves, and how the future counts.
#[derive(Clone, Debug, PartialEq)]
pub struct CapitalPath {
    /// Share of the gap that closes in a year: the slowest and the fastest.
    pub speed: [f64; 2],
    /// r, a year.
    pub interest_rate: f64,
}

impl Default for CapitalPath {
    fn default() -> Self {
        Self { speed: [0.05, 0.10], interest_rate: 0.04 }
    }
}

/// What capital adds to the outcomes of one economy, percent of the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct CapitalOutcome {
    /// Real consumption with capital and investment as they are.
    pub consumption_given_pct: Option<f64>,
    /// Real consumption in the end.
    pub consumption_in_the_end_pct: Option<f64>,
    /// Capital in the end.
    pub capital_pct: Option<f64>,
    /// Real wage in the end.
    pub real_wage_in_the_end_pct: Option<f64>,
    /// Present value of consumption along the way, at the slowest and at the fastest speed.
    pub present_value_pct: [Option<f64>; 2],
    /// Real consumption at the first moment, at the slowest and at the fastest speed.
    pub consumption_at_once_pct: [Option<f64>; 2],
}

/// A world whose capital answers, and the same with capital as it is.
#[derive(Debug)]
pub struct CapitalWorld {
    before: Solver,
    steady: Solver,
    given: Solver,
    data: Arc<CapitalData>,
}

/// Rounds in which investment meets its price, and how close they come.
const ROUNDS: usize = 50;
const AT_REST: f64 = 1e-11;

impl CapitalWorld {
    /// Of a benchmark under the closures of a baseline and of what is compared with it, whose own words on capital are left aside.
    ///
    /// # Errors
    ///
    /// Refused where the closure has settings that capital is not written for, or the data do not fit the benchmark.
    pub fn new(
        benchmark: impl Into<Arc<Benchmark>>,
        [before, after]: [&Closure; 2],
        data: Arc<CapitalData>,
        control: &Control,
    ) -> Result<Self, EngineError> {
        let benchmark = benchmark.into();
        let under = |closure: &Closure, capital: Capital| -> Result<Solver, EngineError> {
            let closure = Closure { capital, ..closure.clone() };
            Ok(Solver::new(Arc::clone(&benchmark), &closure)?.with_control(control.clone()))
        };
        Ok(Self {
            before: under(before, Capital::Steady(Arc::clone(&data)))?,
            steady: under(after, Capital::Steady(Arc::clone(&data)))?,
            given: under(after, Capital::Given(Arc::clone(&data)))?,
            data,
        })
    }

    /// The world in the end, to be solved and differentiated as any other.
    pub fn steady(&self) -> &Solver {
        &self.steady
    }

    /// Compares two policies, for every economy.
    ///
    /// # Errors
    ///
    /// What a solve refuses, and a point that has no solution.
    pub fn outcomes(
        &self,
        baseline: &Instruments,
        counterfactual: &Instruments,
        settings: &SolveSettings,
        path: &CapitalPath,
    ) -> Result<Vec<CapitalOutcome>, EngineError> {
        let before = self.before.solve(baseline, settings, None)?.solved()?;
        let after = self.steady.solve(counterfactual, settings, Some(&before))?.solved()?;
        let n = before.wage_hat.len();
        let (stock, end) = (self.capital(&before), self.capital(&after));
        let base = real(&before);
        let last = real(&after);
        // Capital as it is, investment enough to keep it.
        let kept: Vec<f64> = (0..n).map(|i| self.data.investment_share[i] * stock[i]).collect();
        let given = self.at_stock(counterfactual, &stock, &kept, settings)?;
        let mut outcomes: Vec<CapitalOutcome> = (0..n)
            .map(|i| CapitalOutcome {
                consumption_given_pct: percent(given[i], base[i]),
                consumption_in_the_end_pct: percent(last[i], base[i]),
                capital_pct: percent(end[i], stock[i]),
                real_wage_in_the_end_pct: percent(
                    after.wage_hat[i] / after.price_index_hat[i],
                    before.wage_hat[i] / before.price_index_hat[i],
                ),
                ..CapitalOutcome::default()
            })
            .collect();
        for (which, speed) in path.speed.into_iter().enumerate() {
            let at = |u: f64| {
                let on_the_way: Vec<f64> = (0..n).map(|i| end[i] + (stock[i] - end[i]) * u).collect();
                let invested: Vec<f64> = (0..n)
                    .map(|i| {
                        let unpaid = self.data.capital_share[i] - self.data.investment_share[i];
                        self.data.investment_share[i] * on_the_way[i]
                            - speed * unpaid / path.interest_rate * (stock[i] - end[i]) * u
                    })
                    .collect();
                self.at_stock(counterfactual, &on_the_way, &invested, settings)
            };
            let (first, middle) = (at(1.0)?, at(0.5)?);
            for (i, outcome) in outcomes.iter_mut().enumerate() {
                let value = |of: f64| percent(of, base[i]);
                outcome.consumption_at_once_pct[which] = value(first[i]);
                outcome.present_value_pct[which] =
                    value(annuity([last[i], middle[i], first[i]], path.interest_rate / speed));
            }
        }
        Ok(outcomes)
    }

    /// K̂ of every economy in the end, relative to the data.
    fn capital(&self, e: &Equilibrium) -> Vec<f64> {
        let price = self.investment_price(e);
        (0..price.len()).map(|i| e.wage_hat[i] * e.labour_hat[i] / price[i]).collect()
    }

    /// P̂_I of every economy, relative to the data, at the numeraire.
    fn investment_price(&self, e: &Equilibrium) -> Vec<f64> {
        let n = e.wage_hat.len();
        let mut log = vec![0.0; n];
        for (pair, share) in self.data.basket.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            log[pair % n] += share * e.price_hat[pair].ln();
        }
        log.into_iter().map(f64::exp).collect()
    }

    /// Real consumption with these stocks of capital, relative to the data, where real investment is these shares of the data's factor
    /// income.
    fn at_stock(
        &self,
        instruments: &Instruments,
        stock: &[f64],
        invested: &[f64],
        settings: &SolveSettings,
    ) -> Result<Vec<f64>, EngineError> {
        let mut instruments = instruments.clone();
        let labour = std::mem::take(&mut instruments.endowment_hat);
        instruments.endowment_hat = (0..stock.len())
            .map(|i| {
                let alpha = self.data.capital_share[i];
                labour.get(i).copied().unwrap_or(1.0).powf(1.0 - alpha) * stock[i].powf(alpha)
            })
            .collect();
        let instruments = Arc::new(instruments);
        let mut share = self.data.investment_share.clone();
        let mut found: Option<Equilibrium> = None;
        for _ in 0..ROUNDS {
            let world = self.given.part(self.given.with_investment(&self.data, &share));
            let e = world.solve(Arc::clone(&instruments), settings, found.as_ref())?.solved()?;
            let price = self.investment_price(&e);
            let mut moved = 0.0_f64;
            for i in 0..share.len() {
                let paid = invested[i] * price[i] / (e.wage_hat[i] * e.labour_hat[i]);
                moved = moved.max((paid - share[i]).abs());
                share[i] = paid;
            }
            if moved < AT_REST {
                return Ok(real(&e));
            }
            found = Some(e);
        }
        Err(EngineError::Unsolved("investment along the way did not meet its price".into()))
    }
}

/// Real consumption of every economy.
fn real(e: &Equilibrium) -> Vec<f64> {
    e.income.iter().zip(&e.price_index_hat).map(|(income, price)| income / price).collect()
}

/// `∫ w u^(w−1) c(u) du` over zero to one, c the parabola through its values at zero, a half and one.
fn annuity([end, middle, start]: [f64; 3], weight: f64) -> f64 {
    let (slope, bend) = (4.0 * middle - 3.0 * end - start, 2.0 * (end + start - 2.0 * middle));
    end + slope * weight / (weight + 1.0) + bend * weight / (weight + 2.0)
}
