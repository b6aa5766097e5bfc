//! The reduced equilibrium: data, state, and Newton's method on wages and incomes.

use crate::error::EngineError;
use crate::games::error::StrategyError;
use crate::index::Dimensions;
use crate::linear::dense::Lu;
use crate::model::calibration::Calibration;
use crate::model::closure::{FactorMarket, Intermediates, LabourSupply, MarketStructure, Numeraire};

/// Largest relative residual of a solved point.
const TOLERANCE: f64 = 2e-14;
/// Residual at which a point that no step improves still counts as solved.
const ROUNDING: f64 = 1e-12;
/// No logarithm moves further than this in one Newton step.
const LONGEST_STEP: f64 = 0.7;

/// Data and the state at the point solved last. Arrays are laid out as [`Dimensions`] says.
#[derive(Debug)]
pub struct ReducedEconomy {
    pub(super) d: Dimensions,
    pub(super) theta: Vec<f64>,
    pub(super) final_share: Vec<f64>,
    pub(super) labour_share: Vec<f64>,
    expenditure_share: Vec<f64>,
    log_factor_data: Vec<f64>,
    pub(super) wage_bill: Vec<f64>,
    pub(super) income_data: Vec<f64>,
    deficit: Vec<f64>,
    // The state.
    pub(super) log_factor: Vec<f64>,
    /// e^u.
    pub(super) factor: Vec<f64>,
    /// π exp(−θ(u − u⁰)).
    weight: Vec<f64>,
    pub(super) log_wage: Vec<f64>,
    pub(super) log_income: Vec<f64>,
    /// g.
    pub(super) share: Vec<f64>,
    /// T.
    pub(super) flow: Vec<f64>,
    /// R.
    pub(super) sales: Vec<f64>,
    /// TR.
    pub(super) revenue: Vec<f64>,
    /// ln P̂.
    pub(super) log_price: Vec<f64>,
    pub(super) jacobian: Option<Lu>,
    solved: bool,
    /// Largest relative residual of the point solved last.
    left: f64,
    /// Newton steps since the economy was made.
    pub newton_steps: usize,
}

impl ReducedEconomy {
    /// Reduces a calibration; refused where the closure has more moving parts than wages and incomes.
    pub fn new(calibration: &Calibration) -> Result<Self, EngineError> {
        let closure = &calibration.closure;
        let reducible = (calibration.input_share().is_none() || closure.intermediates == Intermediates::None)
            && closure.factor_market == FactorMarket::Mobile
            && closure.labour_supply == LabourSupply::Fixed
            && matches!(closure.market_structure, MarketStructure::Perfect | MarketStructure::FixedEntry);
        if !reducible {
            return Err(EngineError::Refused {
                setting: "the reduced economy",
                reason: "it needs intermediates = \"none\", mobile labour in fixed supply, and perfect competition or fixed entry"
                    .into(),
            });
        }
        if closure.deficit_unit_is_numeraire && closure.numeraire != Numeraire::WorldGdp {
            return Err(EngineError::Refused {
                setting: "the reduced economy",
                reason: "its deficits are fixed in world-GDP units; leave out deficit_unit = \"numeraire\""
                    .into(),
            });
        }
        let d = calibration.dimensions;
        let log_factor_data: Vec<f64> = calibration.benchmark.tariff_rate.iter().map(|t| t.ln_1p()).collect();
        let instruments = crate::model::instruments::Instruments::of(&calibration.benchmark);
        let deficit = calibration.deficit_levels(&instruments)?;
        let expenditure_share: Vec<f64> =
            (0..d.cells()).map(|cell| calibration.expenditure_share(cell)).collect();
        let mut economy = Self {
            d,
            theta: calibration.technology.trade_elasticity.clone(),
            final_share: calibration.final_share.clone(),
            labour_share: calibration.technology.labour_share.clone(),
            expenditure_share: expenditure_share.clone(),
            wage_bill: calibration.labour_income.clone(),
            income_data: calibration.income.clone(),
            deficit,
            factor: log_factor_data.iter().map(|u| u.exp()).collect(),
            weight: expenditure_share,
            log_factor: log_factor_data.clone(),
            log_factor_data,
            log_wage: vec![0.0; d.economies],
            log_income: vec![0.0; d.economies],
            share: vec![0.0; d.cells()],
            flow: vec![0.0; d.cells()],
            sales: vec![0.0; d.pairs()],
            revenue: vec![0.0; d.economies],
            log_price: vec![0.0; d.economies],
            jacobian: None,
            solved: false,
            left: 0.0,
            newton_steps: 0,
        };
        economy.sweep();
        Ok(economy)
    }

    /// ln(1+t) of the data.
    pub fn log_tariff_factor_of_data(&self) -> &[f64] {
        &self.log_factor_data
    }

    /// ln ŵ at the point solved last.
    pub fn log_wage(&self) -> &[f64] {
        &self.log_wage
    }

    /// ln Î at the point solved last.
    pub fn log_income(&self) -> &[f64] {
        &self.log_income
    }

    /// ln P̂ at the point solved last.
    pub fn log_price(&self) -> &[f64] {
        &self.log_price
    }

    /// Largest relative residual of the point solved last.
    pub fn largest_residual(&self) -> f64 {
        self.left
    }

    /// Border values T, N·N·S, at the point solved last.
    pub fn flow(&self) -> &[f64] {
        &self.flow
    }

    /// Solves at tariff factors `u = ln(1+t')`, given as (cell, value) for the cells that may have changed.
    pub fn solve(&mut self, changes: impl Iterator<Item = (usize, f64)>) -> Result<(), StrategyError> {
        let n = self.d.economies;
        let mut changed = false;
        for (cell, value) in changes {
            if value != self.log_factor[cell] {
                self.log_factor[cell] = value;
                self.factor[cell] = value.exp();
                let theta = self.theta[cell / (n * n)];
                self.weight[cell] =
                    self.expenditure_share[cell] * (-theta * (value - self.log_factor_data[cell])).exp();
                changed = true;
            }
        }
        if self.solved && !changed {
            return Ok(());
        }
        self.jacobian = None;
        self.solved = self.newton();
        if !self.solved {
            // A far point: once more from the data.
            self.log_wage.fill(0.0);
            self.log_income.fill(0.0);
            self.solved = self.newton();
        }
        if self.solved {
            Ok(())
        } else {
            self.log_wage.fill(0.0);
            self.log_income.fill(0.0);
            Err(StrategyError::Unsolved("Newton's method on wages and incomes did not converge".into()))
        }
    }

    fn newton(&mut self) -> bool {
        let n = self.d.economies;
        self.sweep();
        let mut residual = self.residual();
        let mut size = largest(&residual);
        for _ in 0..60 {
            self.left = size;
            if size <= TOLERANCE {
                return true;
            }
            if !size.is_finite() {
                return false;
            }
            self.newton_steps += 1;
            let lu = Lu::factorise(2 * n, self.derivative_of_residual());
            let mut step = residual.clone();
            lu.solve(&mut step);
            let longest = largest(&step);
            let mut length = if longest > LONGEST_STEP { LONGEST_STEP / longest } else { 1.0 };
            let (wage, income) = (self.log_wage.clone(), self.log_income.clone());
            let before = size;
            let mut improved = false;
            for _ in 0..12 {
                for i in 0..n {
                    self.log_wage[i] = wage[i] - length * step[i];
                    self.log_income[i] = income[i] - length * step[n + i];
                }
                self.sweep();
                residual = self.residual();
                size = largest(&residual);
                if size < before {
                    improved = true;
                    break;
                }
                length *= 0.5;
            }
            if !improved {
                self.log_wage = wage;
                self.log_income = income;
                self.sweep();
                return before <= ROUNDING;
            }
        }
        self.left = size;
        size <= ROUNDING
    }

    /// Shares, flows, sales, revenue and prices at the wages and incomes that stand.
    fn sweep(&mut self) {
        let n = self.d.economies;
        self.sales.fill(0.0);
        self.revenue.fill(0.0);
        self.log_price.fill(0.0);
        let income: Vec<f64> = (0..n).map(|j| self.income_data[j] * self.log_income[j].exp()).collect();
        let mut power = vec![0.0; n];
        for s in 0..self.d.sectors {
            let theta = self.theta[s];
            for i in 0..n {
                power[i] = (-theta * self.log_wage[i]).exp();
            }
            for j in 0..n {
                let pair = s * n + j;
                let row = pair * n..(pair + 1) * n;
                let share = &mut self.share[row.clone()];
                let mut total = 0.0;
                for ((g, w), p) in share.iter_mut().zip(&self.weight[row.clone()]).zip(&power) {
                    *g = w * p;
                    total += *g;
                }
                if total == 0.0 {
                    self.flow[row].fill(0.0);
                    continue;
                }
                self.log_price[j] -= self.final_share[pair] / theta * total.ln();
                let spending = self.final_share[pair] * income[j];
                let inverse = 1.0 / total;
                let mut border = 0.0;
                let sales = &mut self.sales[s * n..(s + 1) * n];
                let cells =
                    share.iter_mut().zip(&mut self.flow[row.clone()]).zip(&self.factor[row]).zip(sales);
                for (((g, flow), factor), sales) in cells {
                    *g *= inverse;
                    *flow = *g * spending / factor;
                    *sales += *flow;
                    border += *flow;
                }
                self.revenue[j] += spending - border;
            }
        }
    }

    /// Residuals of the wage and income equations, relative to the data.
    fn residual(&self) -> Vec<f64> {
        let n = self.d.economies;
        let mut residual = vec![0.0; 2 * n];
        let mut world = 0.0;
        for i in 0..n {
            let wages = self.wage_bill[i] * self.log_wage[i].exp();
            residual[i] = wages;
            residual[n + i] =
                self.income_data[i] * self.log_income[i].exp() - wages - self.revenue[i] - self.deficit[i];
            world += wages;
        }
        for s in 0..self.d.sectors {
            for i in 0..n {
                let (labour, sales) = (self.labour_share[s * n + i], self.sales[s * n + i]);
                residual[i] -= labour * sales;
                residual[n + i] -= (1.0 - labour) * sales;
            }
        }
        for i in 0..n {
            residual[i] /= self.wage_bill[i];
            residual[n + i] /= self.income_data[i];
        }
        let bill: f64 = self.wage_bill.iter().sum();
        residual[0] = world / bill - 1.0;
        residual
    }

    /// ∂F/∂(ω, x), row-major 2N×2N.
    fn derivative_of_residual(&self) -> Vec<f64> {
        let n = self.d.economies;
        let size = 2 * n;
        // Sales of each pair respond to a wage by −θ R δ + θ Σ_j T_ji g_jk, to an income by T_ji.
        let mut labour = vec![0.0; n * n];
        let mut profit = vec![0.0; n * n];
        let mut labour_income = vec![0.0; n * n];
        let mut profit_income = vec![0.0; n * n];
        let mut revenue_wage = vec![0.0; n * n];
        for s in 0..self.d.sectors {
            let theta = self.theta[s];
            for j in 0..n {
                let row = (s * n + j) * n;
                let share = &self.share[row..row + n];
                let flow = &self.flow[row..row + n];
                let factor = &self.factor[row..row + n];
                let mut tax = 0.0;
                for i in 0..n {
                    let ell = self.labour_share[s * n + i];
                    let pull = theta * flow[i];
                    let (to_labour, to_profit) = (pull * ell, pull * (1.0 - ell));
                    for k in 0..n {
                        labour[i * n + k] += to_labour * share[k];
                        profit[i * n + k] += to_profit * share[k];
                    }
                    labour[i * n + i] -= to_labour;
                    profit[i * n + i] -= to_profit;
                    labour_income[i * n + j] += ell * flow[i];
                    profit_income[i * n + j] += (1.0 - ell) * flow[i];
                    let duty = (factor[i] - 1.0) * flow[i];
                    revenue_wage[j * n + i] -= theta * duty;
                    tax += duty;
                }
                for k in 0..n {
                    revenue_wage[j * n + k] += theta * tax * share[k];
                }
            }
        }
        let mut matrix = vec![0.0; size * size];
        let bill: f64 = self.wage_bill.iter().sum();
        for i in 0..n {
            let wages = self.wage_bill[i] * self.log_wage[i].exp();
            let (w, v) = (1.0 / self.wage_bill[i], 1.0 / self.income_data[i]);
            for k in 0..n {
                matrix[i * size + k] = -labour[i * n + k] * w;
                matrix[i * size + n + k] = -labour_income[i * n + k] * w;
                matrix[(n + i) * size + k] = -(profit[i * n + k] + revenue_wage[i * n + k]) * v;
                matrix[(n + i) * size + n + k] = -profit_income[i * n + k] * v;
            }
            matrix[i * size + i] += wages * w;
            matrix[(n + i) * size + i] -= wages * v;
            let income = self.income_data[i] * self.log_income[i].exp();
            matrix[(n + i) * size + n + i] += (income - self.revenue[i]) * v;
        }
        matrix[..size].fill(0.0);
        for k in 0..n {
            matrix[k] = self.wage_bill[k] * self.log_wage[k].exp() / bill;
        }
        matrix
    }

    /// Factors of ∂F/∂y at the point that stands.
    pub(super) fn factors(&mut self) {
        if self.jacobian.is_none() {
            self.jacobian = Some(Lu::factorise(2 * self.d.economies, self.derivative_of_residual()));
        }
    }
}

/// The largest absolute value; infinite where something is not a number.
fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0_f64, |m, v| if v.is_nan() { f64::INFINITY } else { m.max(v.abs()) })
}
