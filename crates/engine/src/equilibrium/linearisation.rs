//! The model's derivative at a point, applied forward and transposed without ever being formed.
//!
//! Unknowns and equations are both relative: `d ln ŵ`, `dI/I`, `d ln P̂`, `dY/Y`. With `q = −θ ln ĉ` the cells enter
//! only through shares: `d ln P̂ = −(1/θ) Σ_i π' dq_i` and
//! `dY_i = Σ_n h_ni (dX_n + X_n (dq_i − Σ_j π'_nj dq_j))`, so that a product costs one pass over the cells, like
//! a sweep, and its transpose the same pass with the roles of dot product and accumulation exchanged.

use super::kernel;
use super::sweep::{Layout, Sweep};
use crate::calibration::Calibration;

/// Room for one product.
#[derive(Debug, Default, Clone)]
pub(crate) struct Scratch {
    pub dq: Vec<f64>,
    pub spending: Vec<f64>,
    pub sales: Vec<f64>,
    pub border_sales: Vec<f64>,
    pub level: Vec<f64>,
    pub world: Vec<f64>,
}

impl Scratch {
    /// Makes room.
    pub fn resize(&mut self, calibration: &Calibration) {
        let d = calibration.dimensions;
        for pairs in
            [&mut self.dq, &mut self.spending, &mut self.sales, &mut self.border_sales, &mut self.level]
        {
            pairs.resize(d.pairs(), 0.0);
        }
        self.world.resize(4 * d.economies, 0.0);
    }
}

/// The point of linearisation: a sweep and the scales of its levels.
pub(crate) struct Linearisation<'a> {
    pub calibration: &'a Calibration,
    pub sweep: &'a Sweep,
    /// I, N.
    pub income_scale: &'a [f64],
    /// max(Y, floor), N·S.
    pub output_scale: &'a [f64],
}

impl Linearisation<'_> {
    fn taxed(&self) -> bool {
        !self.sweep.producer_share.is_empty()
    }

    /// `y = J x`.
    pub fn apply(&self, x: &[f64], y: &mut [f64], scratch: &mut Scratch) {
        let c = self.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let layout = Layout::of(c);
        let (wage, income, price, output) = layout.split(x);
        let (y_wage, y_income, y_price, y_output) = layout.split_mut(y);
        let Scratch { dq, spending, sales, border_sales, level, world } = scratch;
        for pair in 0..level.len() {
            level[pair] = self.output_scale[pair] * output[pair];
        }
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let cost = &mut dq[pairs.clone()];
            cost.fill(0.0);
            if let Some(input) = &c.input_share {
                kernel::inputs_into_costs(cost, &input[s * sectors * n..(s + 1) * sectors * n], price);
            }
            let (exponent, scale) = (&c.factor_exponent[pairs.clone()], &c.input_scale[pairs.clone()]);
            let theta = c.trade_elasticity[s];
            for i in 0..n {
                cost[i] = -theta * (scale[i] * cost[i] + exponent[i] * wage[i]);
            }
            let share = &c.final_share[pairs.clone()];
            for (i, spending) in spending[pairs].iter_mut().enumerate() {
                *spending = share[i] * self.income_scale[i] * income[i];
            }
        }
        if let Some(input) = &c.input_share {
            for s in 0..sectors {
                kernel::outputs_into_use(
                    spending,
                    &input[s * sectors * n..(s + 1) * sectors * n],
                    &level[s * n..(s + 1) * n],
                );
            }
        }
        let taxed = self.taxed();
        sales.fill(0.0);
        border_sales.fill(0.0);
        world.fill(0.0);
        let (revenue, rest) = world.split_at_mut(n);
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let dq = &dq[pairs.clone()];
            for importer in 0..n {
                let pair = s * n + importer;
                let cells = pair * n..(pair + 1) * n;
                let share = &self.sweep.share[cells.clone()];
                let border_share = &self.sweep.border_share[cells.clone()];
                let total = self.sweep.expenditure[pair];
                let (db, dm) = kernel::dot_two(share, border_share, dq);
                let sum = self.sweep.border_sum[pair];
                y_price[pair] = price[pair] + db / c.trade_elasticity[s];
                revenue[importer] += spending[pair] * (1.0 - sum) - total * (dm - sum * db);
                let push = spending[pair] - total * db;
                if taxed {
                    kernel::add_scaled(&mut sales[pairs.clone()], push, &self.sweep.producer_share[cells]);
                    kernel::add_scaled(&mut border_sales[pairs.clone()], push, border_share);
                } else {
                    kernel::add_scaled(&mut sales[pairs.clone()], push, border_share);
                }
            }
        }
        let (labour, rest) = rest.split_at_mut(n);
        let (surplus, export) = rest.split_at_mut(n);
        for s in 0..sectors {
            for i in 0..n {
                let pair = s * n + i;
                let dsales = sales[pair] + self.sweep.sales[pair] * dq[pair];
                if taxed {
                    export[i] += border_sales[pair] + self.sweep.border_sales[pair] * dq[pair] - dsales;
                }
                y_output[pair] = output[pair] - dsales / self.output_scale[pair];
                labour[i] += c.labour_share[pair] * level[pair];
                surplus[i] += c.surplus_share[pair] * level[pair];
            }
        }
        let mut numeraire = 0.0;
        let mut world_income = 0.0;
        for i in 0..n {
            numeraire += self.sweep.labour_income[i] * wage[i];
            world_income += self.sweep.labour_income[i];
        }
        numeraire /= world_income;
        for i in 0..n {
            y_wage[i] = wage[i] - labour[i] / self.sweep.labour_demand[i] + numeraire;
            let budget = self.sweep.labour_income[i] * wage[i] + surplus[i] + revenue[i] + export[i];
            y_income[i] = income[i] - budget / self.income_scale[i];
        }
    }
}
