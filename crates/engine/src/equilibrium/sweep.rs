//! One sweep: the price map and the expenditure map, evaluated together in one pass over the cells.
//!
//! Given factor prices, incomes, prices and outputs, spending `X = α I + Γ Y` is explicit, so that shares, prices,
//! sales and revenue of a row (importer, sector) come out of the same visit to memory:
//!
//! ```text
//! ĉ[i,s]   = ŵ^γ Π_k P̂[i,k]^γ_k / Â                 (unit cost)
//! a        = π κ̂^(−θ) ĉ^(−θ),   π' = a / Σ_i a       (shares)
//! P̂[n,s]   = (Σ_i a)^(−1/θ)                          (price index)
//! Y[i,s]   = Σ_n π' X / ((1+t')(1+e'))               (sales)
//! R[n]     = Σ X − π' X / (1+t')                      (revenue)
//! ```
//!
//! Powers are taken per exporter and sector, never per cell.

use super::kernel;
use super::trade_cost::TradeCosts;
use crate::calibration::Calibration;

/// Where the unknowns stand in their vector: wages and prices in logarithms, incomes and outputs in levels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// Number of economies.
    pub n: usize,
    /// Number of pairs.
    pub pairs: usize,
}

impl Layout {
    pub fn of(calibration: &Calibration) -> Self {
        Self { n: calibration.dimensions.economies, pairs: calibration.dimensions.pairs() }
    }
    pub fn len(&self) -> usize {
        2 * self.n + 2 * self.pairs
    }
    /// Splits a vector into wages, incomes, prices, outputs.
    pub fn split<'a>(&self, z: &'a [f64]) -> (&'a [f64], &'a [f64], &'a [f64], &'a [f64]) {
        let (wage, rest) = z.split_at(self.n);
        let (income, rest) = rest.split_at(self.n);
        let (price, output) = rest.split_at(self.pairs);
        (wage, income, price, output)
    }
    /// Splits a vector into wages, incomes, prices, outputs, to be written.
    pub fn split_mut<'a>(
        &self,
        z: &'a mut [f64],
    ) -> (&'a mut [f64], &'a mut [f64], &'a mut [f64], &'a mut [f64]) {
        let (wage, rest) = z.split_at_mut(self.n);
        let (income, rest) = rest.split_at_mut(self.n);
        let (price, output) = rest.split_at_mut(self.pairs);
        (wage, income, price, output)
    }
}

/// Everything that one sweep computes and that a linearisation needs.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sweep {
    /// ln ĉ, N·S.
    pub log_unit_cost: Vec<f64>,
    /// `−θ ln ĉ` and its exponential relative to the sector's largest.
    pub log_power: Vec<f64>,
    pub power: Vec<f64>,
    /// X', N·S.
    pub expenditure: Vec<f64>,
    /// π', N·N·S.
    pub share: Vec<f64>,
    /// π'/(1+t'), N·N·S.
    pub border_share: Vec<f64>,
    /// π'/((1+t')(1+e')), N·N·S; empty without export taxes, when it equals the former.
    pub producer_share: Vec<f64>,
    /// Sum of border shares over exporters, N·S.
    pub border_sum: Vec<f64>,
    /// ln P̂ as the price map gives it, N·S.
    pub log_price: Vec<f64>,
    /// Sales at producer prices, N·S.
    pub sales: Vec<f64>,
    /// Import tariff revenue, N.
    pub tariff_revenue: Vec<f64>,
    /// Border value of exports and home sales, N·S; only with export taxes.
    pub border_sales: Vec<f64>,
    /// Export tax revenue, N.
    pub export_tax_revenue: Vec<f64>,
    /// Labour income, as the wage gives it, N.
    pub labour_income: Vec<f64>,
    /// Labour income, as output gives it, N.
    pub labour_demand: Vec<f64>,
    /// Profits and capital income, N.
    pub surplus: Vec<f64>,
    /// Income as the budget gives it, N.
    pub budget: Vec<f64>,
}

impl Sweep {
    /// Makes room.
    pub fn resize(&mut self, calibration: &Calibration, taxed: bool) {
        let d = calibration.dimensions;
        for pairs in [
            &mut self.log_unit_cost,
            &mut self.log_power,
            &mut self.power,
            &mut self.expenditure,
            &mut self.border_sum,
            &mut self.log_price,
            &mut self.sales,
            &mut self.border_sales,
        ] {
            pairs.resize(d.pairs(), 0.0);
        }
        for economies in [
            &mut self.tariff_revenue,
            &mut self.export_tax_revenue,
            &mut self.labour_income,
            &mut self.labour_demand,
            &mut self.surplus,
            &mut self.budget,
        ] {
            economies.resize(d.economies, 0.0);
        }
        self.share.resize(d.cells(), 0.0);
        self.border_share.resize(d.cells(), 0.0);
        self.producer_share.resize(if taxed { d.cells() } else { 0 }, 0.0);
    }

    /// π' X'/(1+t')/(1+e'): the shares by which sales are counted.
    pub fn sales_share(&self) -> &[f64] {
        if self.producer_share.is_empty() { &self.border_share } else { &self.producer_share }
    }

    /// Evaluates the model at `z`.
    pub fn evaluate(&mut self, calibration: &Calibration, costs: &TradeCosts, z: &[f64]) {
        let layout = Layout::of(calibration);
        let (wage, income, price, output) = layout.split(z);
        self.unit_costs(calibration, costs, wage, price);
        self.spending(calibration, income, output);
        self.markets(calibration, costs);
        self.budgets(calibration, costs, wage, output);
    }

    /// Equation 1 and its power.
    fn unit_costs(&mut self, calibration: &Calibration, costs: &TradeCosts, wage: &[f64], price: &[f64]) {
        let d = calibration.dimensions;
        let n = d.economies;
        for s in 0..d.sectors {
            let pairs = s * n..(s + 1) * n;
            let cost = &mut self.log_unit_cost[pairs.clone()];
            cost.fill(0.0);
            if let Some(input) = &calibration.input_share {
                kernel::inputs_into_costs(cost, &input[s * d.sectors * n..(s + 1) * d.sectors * n], price);
            }
            let exponent = &calibration.factor_exponent[pairs.clone()];
            let scale = &calibration.input_scale[pairs.clone()];
            let productivity = &costs.log_productivity[pairs.clone()];
            for i in 0..n {
                cost[i] = scale[i] * cost[i] + exponent[i] * wage[i] - productivity[i];
            }
            let theta = calibration.trade_elasticity[s];
            let log_power = &mut self.log_power[pairs.clone()];
            let mut highest = f64::NEG_INFINITY;
            for i in 0..n {
                log_power[i] = -theta * cost[i];
                highest = highest.max(log_power[i]);
            }
            for (power, log) in self.power[pairs].iter_mut().zip(log_power) {
                *power = (*log - highest).exp();
            }
        }
    }

    /// Equation 5: `X = α I + Γ Y`.
    fn spending(&mut self, calibration: &Calibration, income: &[f64], output: &[f64]) {
        let d = calibration.dimensions;
        let n = d.economies;
        for (spending, share) in
            self.expenditure.chunks_exact_mut(n).zip(calibration.final_share.chunks_exact(n))
        {
            for i in 0..n {
                spending[i] = share[i] * income[i];
            }
        }
        if let Some(input) = &calibration.input_share {
            for s in 0..d.sectors {
                kernel::outputs_into_use(
                    &mut self.expenditure,
                    &input[s * d.sectors * n..(s + 1) * d.sectors * n],
                    &output[s * n..(s + 1) * n],
                );
            }
        }
    }

    /// Equations 3, 4, 6 and 7, row by row.
    fn markets(&mut self, calibration: &Calibration, costs: &TradeCosts) {
        let d = calibration.dimensions;
        let n = d.economies;
        let taxed = !costs.producer.is_empty();
        self.sales.fill(0.0);
        self.border_sales.fill(0.0);
        self.tariff_revenue.fill(0.0);
        for s in 0..d.sectors {
            let pairs = s * n..(s + 1) * n;
            let theta = calibration.trade_elasticity[s];
            let log_power = &self.log_power[pairs.clone()];
            let highest = log_power.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let power = &self.power[pairs.clone()];
            let sales = &mut self.sales[pairs.clone()];
            for importer in 0..n {
                let pair = s * n + importer;
                let cells = pair * n..(pair + 1) * n;
                let weight = &costs.weight[cells.clone()];
                let share = &mut self.share[cells.clone()];
                let mut total = kernel::weigh(share, weight, power);
                let mut shift = highest;
                if !(total > 1e-250) {
                    (total, shift) = weigh_by_logarithms(share, weight, log_power);
                }
                if total == 0.0 {
                    // Nothing was ever bought here: no price to speak of, and no spending either.
                    share.fill(0.0);
                    self.border_share[cells.clone()].fill(0.0);
                    if taxed {
                        self.producer_share[cells].fill(0.0);
                    }
                    self.border_sum[pair] = 1.0;
                    self.log_price[pair] = 0.0;
                    continue;
                }
                self.log_price[pair] = -(total.ln() + shift + costs.row_shift[pair]) / theta;
                let spending = self.expenditure[pair];
                let border_share = &mut self.border_share[cells.clone()];
                let border = &costs.border[cells.clone()];
                let sum = if taxed {
                    kernel::normalise_taxed(
                        share,
                        border_share,
                        &mut self.producer_share[cells.clone()],
                        border,
                        &costs.producer[cells.clone()],
                        sales,
                        &mut self.border_sales[pairs.clone()],
                        1.0 / total,
                        spending,
                    )
                } else {
                    kernel::normalise(share, border_share, border, sales, 1.0 / total, spending)
                };
                self.border_sum[pair] = sum;
                self.tariff_revenue[importer] += spending * (1.0 - sum);
            }
        }
    }

    /// Equations 8 and 9.
    fn budgets(&mut self, calibration: &Calibration, costs: &TradeCosts, wage: &[f64], output: &[f64]) {
        let d = calibration.dimensions;
        let n = d.economies;
        let taxed = !costs.producer.is_empty();
        self.labour_demand.fill(0.0);
        self.surplus.fill(0.0);
        self.export_tax_revenue.fill(0.0);
        for s in 0..d.sectors {
            for i in 0..n {
                let pair = s * n + i;
                self.labour_demand[i] += calibration.labour_share[pair] * output[pair];
                self.surplus[i] += calibration.surplus_share[pair] * output[pair];
                if taxed {
                    self.export_tax_revenue[i] += self.border_sales[pair] - self.sales[pair];
                }
            }
        }
        for i in 0..n {
            self.labour_income[i] = calibration.labour_income[i] * (wage[i] + costs.log_endowment[i]).exp();
            self.budget[i] = self.labour_income[i]
                + self.surplus[i]
                + self.tariff_revenue[i]
                + self.export_tax_revenue[i]
                + costs.deficit[i];
        }
    }
}

/// A row whose weights underflow beside the sector's cheapest exporter: relative to its own best.
#[cold]
fn weigh_by_logarithms(share: &mut [f64], weight: &[f64], log_power: &[f64]) -> (f64, f64) {
    let mut shift = f64::NEG_INFINITY;
    for (weight, log) in weight.iter().zip(log_power) {
        if *weight > 0.0 {
            shift = shift.max(weight.ln() + log);
        }
    }
    if shift == f64::NEG_INFINITY {
        return (0.0, 0.0);
    }
    let mut total = 0.0;
    for ((share, weight), log) in share.iter_mut().zip(weight).zip(log_power) {
        *share = if *weight > 0.0 { (weight.ln() + log - shift).exp() } else { 0.0 };
        total += *share;
    }
    (total, shift)
}
