//! What uncertainty about tariffs costs: exporters who pay a sunk cost of entry under a chain of states (Handley & Limão 2017).
//!
//! States follow each other by a transition matrix M, discounted by β a period (an exporter's survival included). In state i an exporter of profitability x earns
//! `x a_i` a period, so that entry is worth `x V_i`, `V = (I − βM)⁻¹ a`, against a sunk cost of one and the option to wait. The cutoff solves
//! `x V_i − 1 = β Σ_j M_ij W_j(x)`, an optimal stopping problem that ends without iteration: states are ranked from the lowest cutoff; with E those ranked and H_i
//! the discounted distribution of the first visit to E from i, `x_i = (1 − ΣH_i)/(V_i − H_i·V)`, and the smallest is next.
//!
//! Against a state that stays for ever the cutoff is higher by `1/u_i`, `u_i = (1−β)/(a_i x_i) ≤ 1`. With a Pareto tail of sales κ (`firm_size_tail`) entry and icebergs
//! enter prices through one weight, so that risk *is* an iceberg: `d̂^(−θ) = u^(κ−1)`. Bad news alone counts: a better state with no way back to a worse
//! one changes nothing, no hazard and equal rates give exactly one. These are stocks of the long run; within y years `1 − (1−δ)^y` of them have come about, δ the rate at which
//! exporters leave (0.10 to 0.15 a year).

use super::error::StrategyError;
use crate::equilibrium::Equilibrium;
use crate::model::benchmark::{Benchmark, SectorKind};
use crate::model::calibration::SolveSettings;
use crate::model::instruments::Instruments;
use crate::search::solver::Solver;

/// States of policy and how they follow each other.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyChain {
    /// Probability of the next period's state, row by row.
    pub transition: Vec<Vec<f64>>,
    /// β per period, below one.
    pub discount: f64,
}

impl PolicyChain {
    fn check(&self, states: usize) -> Result<(), StrategyError> {
        let domain = |what, found, rule| Err(StrategyError::Domain { what, found, rule });
        if !(0.0..1.0).contains(&self.discount) {
            return domain("discount factor of exporters", self.discount, "it lies in [0, 1)");
        }
        for row in &self.transition {
            let sum: f64 = row.iter().sum();
            if row.len() != states
                || (sum - 1.0).abs() > 1e-12
                || row.iter().any(|p| !(-1e-12..=1.0 + 1e-12).contains(p))
            {
                return domain(
                    "probabilities of a state's successors",
                    sum,
                    "they lie in [0, 1] and sum to one",
                );
            }
        }
        match self.transition.len() == states {
            true => Ok(()),
            false => {
                domain("states of the chain", self.transition.len() as f64, "as many as there are profits")
            }
        }
    }

    /// Cutoff profitability of entry in each state, where a period's profit is `profit` per unit of it.
    ///
    /// # Errors
    ///
    /// Probabilities or a discount factor outside their domain; profits that are not above zero.
    pub fn cutoffs(&self, profit: &[f64]) -> Result<Vec<f64>, StrategyError> {
        let n = profit.len();
        self.check(n)?;
        if let Some(found) = profit.iter().find(|a| !(**a > 0.0 && a.is_finite())) {
            let rule = "profits are above zero";
            return Err(StrategyError::Domain { what: "profit in a state", found: *found, rule });
        }
        let all: Vec<usize> = (0..n).collect();
        let value = self.first_visits(&all, profit);
        let mut cutoff = vec![0.0; n];
        let mut ranked = vec![false; n];
        for _ in 0..n {
            let left: Vec<usize> = (0..n).filter(|i| !ranked[*i]).collect();
            // Expected discounts, and worth, of the first visit to a ranked state.
            let arrive = |worth: &dyn Fn(usize) -> f64| -> Vec<f64> {
                let right: Vec<f64> = (0..n)
                    .map(|i| {
                        (0..n)
                            .filter(|j| ranked[*j])
                            .map(|j| self.discount * self.transition[i][j] * worth(j))
                            .sum()
                    })
                    .collect();
                self.first_visits(&left, &right)
            };
            let (discounts, worth) = (arrive(&|_| 1.0), arrive(&|j| value[j]));
            let of = |i: usize| (1.0 - discounts[i]) / (value[i] - worth[i]);
            let next = left.iter().copied().min_by(|a, b| of(*a).total_cmp(&of(*b)));
            let Some(next) = next else { break };
            cutoff[next] = of(next);
            ranked[next] = true;
        }
        Ok(cutoff)
    }

    /// Solves `y_i = right_i + β Σ_{j in free} M_ij y_j` for the free states; zero elsewhere. Rows are diagonally dominant.
    fn first_visits(&self, free: &[usize], right: &[f64]) -> Vec<f64> {
        let m = free.len();
        let mut rows: Vec<Vec<f64>> = free
            .iter()
            .map(|i| {
                let own = free
                    .iter()
                    .map(|j| f64::from(u8::from(i == j)) - self.discount * self.transition[*i][*j]);
                own.chain([right[*i]]).collect()
            })
            .collect();
        for pivot in 0..m {
            let head = rows[pivot].clone();
            for (_, row) in rows.iter_mut().enumerate().filter(|(row, _)| *row != pivot) {
                let factor = row[pivot] / head[pivot];
                row.iter_mut().zip(&head).for_each(|(x, p)| *x -= factor * p);
            }
        }
        let mut found = vec![0.0; right.len()];
        for (place, i) in free.iter().enumerate() {
            found[*i] = rows[place][m] / rows[place][place];
        }
        found
    }

    /// `V = (I − βM)⁻¹ a`: what flows of so much a period in each state are worth, the first included.
    ///
    /// # Errors
    ///
    /// Probabilities or a discount factor outside their domain.
    pub fn values(&self, flows: &[f64]) -> Result<Vec<f64>, StrategyError> {
        self.check(flows.len())?;
        Ok(self.first_visits(&(0..flows.len()).collect::<Vec<_>>(), flows))
    }

    /// Whether profits stay what they are in every state that may follow one.
    fn is_certain(&self, from: usize, profit: &[f64]) -> bool {
        let (mut seen, mut next) = (vec![false; profit.len()], vec![from]);
        while let Some(state) = next.pop() {
            if profit[state] != profit[from] {
                return false;
            }
            if !std::mem::replace(&mut seen[state], true) {
                next.extend((0..profit.len()).filter(|to| self.transition[state][*to] > 0.0));
            }
        }
        true
    }

    /// `u_i = (1−β)/(a_i x_i)`: what entry keeps of that in a state that stays for ever. Exactly one where nothing else can come.
    ///
    /// # Errors
    ///
    /// As [`cutoffs`](Self::cutoffs).
    pub fn entry(&self, profit: &[f64]) -> Result<Vec<f64>, StrategyError> {
        let cutoff = self.cutoffs(profit)?;
        let kept = |i: usize| match self.is_certain(i, profit) {
            true => 1.0,
            false => (1.0 - self.discount) / (profit[i] * cutoff[i]),
        };
        Ok((0..profit.len()).map(kept).collect())
    }
}

/// How sales answer to entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tail {
    /// One κ for all sectors; the elasticity of substitution is then `1 + θ/κ`.
    FirmSize(f64),
    /// One elasticity of substitution σ for all sectors; κ is then `θ/(σ−1)`.
    Substitution(f64),
}

impl Tail {
    /// κ and σ of a sector.
    fn of(self, theta: f64) -> (f64, f64) {
        match self {
            Self::FirmSize(tail) => (tail, 1.0 + theta / tail),
            Self::Substitution(sigma) => (theta / (sigma - 1.0), sigma),
        }
    }
}

/// Whose entry answers, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Entrants {
    /// Sectors in which sellers pay to enter a market, by position: sales of homogeneous goods go on without.
    pub sectors: Vec<bool>,
    /// How firms' sales are spread.
    pub tail: Tail,
}

impl Entrants {
    /// In manufacturing alone.
    pub fn of_manufactures(benchmark: &Benchmark, tail: Tail) -> Self {
        Self::of(benchmark, tail, |kind| kind == SectorKind::Manufacturing)
    }

    /// In all goods, farms and mines too.
    pub fn of_goods(benchmark: &Benchmark, tail: Tail) -> Self {
        Self::of(benchmark, tail, |kind| kind != SectorKind::Services)
    }

    fn of(benchmark: &Benchmark, tail: Tail, is_in: impl Fn(SectorKind) -> bool) -> Self {
        Self { sectors: benchmark.sectors.iter().map(|sector| is_in(sector.kind)).collect(), tail }
    }
}

/// The iceberg factor of risk from what entry keeps.
pub fn trade_cost_of_risk(entry: f64, theta: f64, tail: f64) -> f64 {
    (-((tail - 1.0) / theta) * entry.ln()).exp()
}

/// States of policy in general equilibrium.
#[derive(Clone, Debug)]
pub struct UnderRisk {
    /// Each state as if it stayed for ever.
    pub certain: Vec<Equilibrium>,
    /// Each state with its risk.
    pub risky: Vec<Equilibrium>,
    /// Iceberg factors of risk by state, N·N·S.
    pub trade_cost: Vec<Vec<f64>>,
    /// Rounds of the search.
    pub rounds: usize,
}

const MOST_ROUNDS: usize = 100;
const TOLERANCE: f64 = 1e-11;

/// Solves every state's long run with its own risk on the entrants' cells whose tariffs differ between states; round by round, since profits depend on prices and
/// spending that risk moves.
///
/// # Errors
///
/// What [`PolicyChain::cutoffs`] refuses; a tail at or below one, for which sales have no mean; a state without an equilibrium; rounds without an end.
pub fn under_risk(
    solver: &Solver,
    states: &[Instruments],
    chain: &PolicyChain,
    entrants: &Entrants,
    settings: &SolveSettings,
) -> Result<UnderRisk, StrategyError> {
    let d = solver.dimensions;
    let n = d.economies;
    chain.check(states.len())?;
    let first = &states[0].tariff_rate;
    let tail = entrants.tail;
    let cells: Vec<usize> = (0..d.cells())
        .filter(|cell| entrants.sectors.get(cell / (n * n)).is_some_and(|is_in| *is_in))
        .filter(|cell| states.iter().any(|state| state.tariff_rate[*cell] != first[*cell]))
        .filter(|cell| solver.benchmark.border_value[*cell] > 0.0)
        .collect();
    let theta = |cell: usize| solver.benchmark.sectors[cell / (n * n)].trade_elasticity;
    for cell in &cells {
        let (tail, _) = tail.of(theta(*cell));
        if tail <= 1.0 {
            let rule = "a tail above one, for sales to have a mean; with a fixed elasticity of substitution that asks θ > σ − 1";
            return Err(StrategyError::Domain { what: "tail of firms' sales", found: tail, rule });
        }
    }
    let solve = |state: &Instruments, start: Option<&Equilibrium>| -> Result<Equilibrium, StrategyError> {
        let solution = solver.solve(state, settings, start)?;
        solution.solved().map_err(|unsolved| {
            crate::error::EngineError::Unsolved(format!("a state of policy: {}", unsolved.cause)).into()
        })
    };
    let certain = states.iter().map(|state| solve(state, None)).collect::<Result<Vec<_>, _>>()?;
    let mut risky = certain.clone();
    let mut cost = vec![vec![1.0; d.cells()]; states.len()];
    for rounds in 1..=MOST_ROUNDS {
        let mut moved = 0.0_f64;
        for cell in &cells {
            let (importer, exporter, s) = d.cell_of(*cell);
            let (buyer, seller) = (d.pair(importer, s), d.pair(exporter, s));
            let (kappa, sigma) = tail.of(theta(*cell));
            // Profits of a cell, relative to the first state: tariffs, the market, costs.
            let log_profit = |i: usize| {
                let e = &risky[i];
                -sigma * states[i].tariff_rate[*cell].ln_1p()
                    + e.expenditure[buyer].ln()
                    + (sigma - 1.0) * (e.price_hat[buyer].ln() - e.unit_cost_hat[seller].ln())
            };
            let base = log_profit(0);
            let profit: Vec<f64> = (0..states.len()).map(|i| (log_profit(i) - base).exp()).collect();
            for (i, entry) in chain.entry(&profit)?.into_iter().enumerate() {
                let new = trade_cost_of_risk(entry, theta(*cell), kappa);
                moved = moved.max((new - cost[i][*cell]).abs());
                cost[i][*cell] = new;
            }
        }
        for (i, state) in states.iter().enumerate() {
            // A state without risk is what it is when it stays for ever.
            if cost[i].iter().all(|hat| *hat == 1.0) {
                continue;
            }
            let mut under = state.clone();
            if under.trade_cost_hat.is_empty() {
                under.trade_cost_hat = vec![1.0; d.cells()];
            }
            under.trade_cost_hat.iter_mut().zip(&cost[i]).for_each(|(hat, risk)| *hat *= risk);
            risky[i] = solve(&under, Some(&risky[i]))?;
        }
        if moved <= TOLERANCE {
            return Ok(UnderRisk { certain, risky, trade_cost: cost, rounds });
        }
    }
    Err(crate::error::EngineError::Unsolved("risk and profits did not settle".into()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pseudo-random numbers in (0, 1), the same in every run.
    fn numbers(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        }
    }

    /// Optimal stopping by value iteration, and the cutoff by bisection: nothing is shared with the elimination.
    fn by_iteration(chain: &PolicyChain, profit: &[f64], state: usize) -> f64 {
        let n = profit.len();
        let iterate = |step: &dyn Fn(&[f64], usize) -> f64| {
            let mut values = vec![0.0; n];
            for _ in 0..4000 {
                values = (0..n).map(|i| step(&values, i)).collect();
            }
            values
        };
        let next = |values: &[f64], i: usize| -> f64 {
            chain.discount * (0..n).map(|j| chain.transition[i][j] * values[j]).sum::<f64>()
        };
        let entered = iterate(&|values, i| profit[i] + next(values, i));
        let gains = |x: f64| {
            let option = iterate(&|values, i| (x * entered[i] - 1.0).max(next(values, i)));
            x * entered[state] - 1.0 - next(&option, state)
        };
        let (mut low, mut high) = (1e-6_f64, 1e3_f64);
        for _ in 0..200 {
            let middle = (low * high).sqrt();
            // Below the cutoff waiting is worth more.
            if gains(middle) < -1e-14 { low = middle } else { high = middle }
        }
        high
    }

    #[test]
    fn cutoffs_are_those_of_optimal_stopping() {
        let mut number = numbers(7);
        for case in 0..12 {
            let n = 2 + case % 5;
            let transition: Vec<Vec<f64>> = (0..n)
                .map(|_| {
                    let row: Vec<f64> = (0..n).map(|_| number().powi(3)).collect();
                    let sum: f64 = row.iter().sum();
                    row.iter().map(|p| p / sum).collect()
                })
                .collect();
            let chain = PolicyChain { transition, discount: 0.8 + 0.15 * number() };
            let profit: Vec<f64> = (0..n).map(|_| 0.3 + number()).collect();
            let found = chain.cutoffs(&profit).expect("in their domain");
            for (i, cutoff) in found.iter().enumerate() {
                let expected = by_iteration(&chain, &profit, i);
                assert!(
                    (cutoff / expected - 1.0).abs() < 1e-10,
                    "case {case}, state {i}: {cutoff} {expected}"
                );
            }
        }
    }

    /// Handley & Limão's factor: a good state that a bad one for ever may follow.
    #[test]
    fn two_states_have_the_published_factor() {
        let (beta, hazard, worse) = (0.85f64, 0.13, 1.3f64.powf(-3.0));
        let chain =
            PolicyChain { transition: vec![vec![1.0 - hazard, hazard], vec![0.0, 1.0]], discount: beta };
        let entry = chain.entry(&[1.0, worse]).expect("in their domain");
        let u = hazard * beta / (1.0 - beta);
        assert!((entry[0] - (1.0 + u * worse) / (1.0 + u)).abs() < 1e-14, "{entry:?}");
        assert_eq!(entry[1], 1.0);
    }

    #[test]
    fn no_hazard_and_equal_rates_cost_nothing_and_good_news_neither() {
        let chain = PolicyChain { transition: vec![vec![1.0, 0.0], vec![0.4, 0.6]], discount: 0.96 };
        assert_eq!(chain.entry(&[1.0, 0.5]).expect("in their domain")[0], 1.0);
        let mixed = PolicyChain { transition: vec![vec![0.7, 0.3], vec![0.4, 0.6]], discount: 0.96 };
        for entry in mixed.entry(&[1.0, 1.0]).expect("in their domain") {
            assert!((entry - 1.0).abs() < 1e-12, "{entry}");
        }
        // Nor does a chain that goes through states of one rate.
        let round = PolicyChain { transition: vec![vec![0.0, 1.0], vec![1.0, 0.0]], discount: 0.96 };
        assert_eq!(round.entry(&[0.7, 0.7]).expect("in their domain"), [1.0, 1.0]);
        // A better state with no way back changes nothing: what may become worse alone counts.
        let bad = |deal: f64| PolicyChain {
            transition: vec![vec![0.9 - deal, 0.1, deal], vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]],
            discount: 0.96,
        };
        let without = bad(0.0).entry(&[1.0, 0.5, 2.0]).expect("in their domain")[0];
        let with = bad(0.1).entry(&[1.0, 0.5, 2.0]).expect("in their domain")[0];
        assert!((0.0..1.0).contains(&without) && (without - with).abs() < 1e-13, "{without} {with}");
    }

    #[test]
    fn hazards_that_do_not_sum_to_one_are_refused() {
        let chain = PolicyChain { transition: vec![vec![0.7, 0.2], vec![0.0, 1.0]], discount: 0.96 };
        assert!(chain.cutoffs(&[1.0, 0.5]).is_err());
        let chain = PolicyChain { transition: vec![vec![1.0]], discount: 1.0 };
        assert!(chain.cutoffs(&[1.0]).is_err());
    }
}
