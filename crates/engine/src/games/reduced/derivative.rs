//! First and second derivatives of weighted payoffs in all tariffs, by the adjoint.
//!
//! With `L(u, y) = Σ_j p_j v_j − a'F` and a from `F_y' a = ∂f/∂y`, the gradient is `L_u`. Along a direction d the solution moves by
//! `ẏ = −F_y⁻¹ F_u d`; with `(q_u, q_y)` the change of `(L_u, L_y)` at given a, the product with the second derivative is
//! `q_u − F_u' F_y⁻ᵀ q_y`. No power is taken anywhere.
//!
//! All cells enter through `b = ∂L/∂ln T = T (B_is + C_j (e^u − 1))`, where B and C are the values of sales and of revenue, and
//! through `d ln T = −du + dx_j − θ z + θ Σ_k g_k z_k`, `z = du + dω`.

use super::economy::ReducedEconomy;
use super::objective::{Objective, WeightedIncome};

/// Values of sales and revenue at the point, and what they came from.
#[derive(Debug, Default)]
pub(super) struct Adjoint {
    /// Weights p of the payoffs.
    pub weights: Vec<f64>,
    /// a, relative to the residuals' scales.
    multiplier: Vec<f64>,
    /// B.
    sales_value: Vec<f64>,
    /// C.
    revenue_value: Vec<f64>,
    /// Σ_i b_jis.
    row_sum: Vec<f64>,
}

/// Multipliers of the wage and income equations in levels, and that of the numeraire.
fn levels(economy: &ReducedEconomy, multiplier: &[f64]) -> (Vec<f64>, Vec<f64>, f64) {
    let n = economy.d.economies;
    let bill: f64 = economy.wage_bill.iter().sum();
    let mut wage: Vec<f64> = (0..n).map(|i| multiplier[i] / economy.wage_bill[i]).collect();
    wage[0] = 0.0;
    let income = (0..n).map(|i| multiplier[n + i] / economy.income_data[i]).collect();
    (wage, income, multiplier[0] / bill)
}

impl ReducedEconomy {
    /// Payoffs `ln G_j` relative to nothing: only differences count.
    pub(in crate::games) fn payoff(&self, player: usize, objective: &Objective) -> f64 {
        match objective {
            Objective::Welfare => self.log_income[player] - self.log_price[player],
            Objective::Political(weights) => {
                self.weighted_income(player, weights).value.ln() - self.log_price[player]
            }
        }
    }

    fn weighted_income(&self, j: usize, weights: &[f64]) -> WeightedIncome {
        let (ell, sales) = (self.of_economy(&self.labour_share, j), self.of_economy(&self.sales, j));
        WeightedIncome::at(weights, &ell, &sales, self.revenue[j])
    }

    fn of_economy(&self, pairs: &[f64], j: usize) -> Vec<f64> {
        pairs.iter().skip(j).step_by(self.d.economies).copied().collect()
    }

    /// The values B and C that given multipliers and payoff weights put on sales and revenue.
    fn values(&self, objectives: &[Objective], weights: &[f64], multiplier: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let n = self.d.economies;
        let (wage, income, _) = levels(self, multiplier);
        let mut sales_value = vec![0.0; self.d.pairs()];
        for s in 0..self.d.sectors {
            for i in 0..n {
                let ell = self.labour_share[s * n + i];
                sales_value[s * n + i] = wage[i] * ell + income[i] * (1.0 - ell);
            }
        }
        let mut revenue_value = income;
        for j in (0..n).filter(|j| weights[*j] != 0.0) {
            if let Objective::Political(lambda) = &objectives[j] {
                let h = self.weighted_income(j, lambda);
                let factor = weights[j] / h.value;
                for s in 0..self.d.sectors {
                    sales_value[s * n + j] += factor * h.by_sales[s];
                }
                revenue_value[j] += factor * h.mean_weight;
            }
        }
        (sales_value, revenue_value)
    }

    /// `∂/∂u`, `∂/∂ω` and `∂/∂x` of everything that goes through flows and prices, at given values. Row sums of b are returned.
    fn through_flows(
        &self,
        sales_value: &[f64],
        revenue_value: &[f64],
        weights: &[f64],
        gradient: &mut [f64],
        by_wage: &mut [f64],
        by_income: &mut [f64],
    ) -> Vec<f64> {
        let n = self.d.economies;
        let mut row_sums = vec![0.0; self.d.pairs()];
        let mut b = vec![0.0; n];
        by_wage.fill(0.0);
        by_income.fill(0.0);
        for s in 0..self.d.sectors {
            let theta = self.theta[s];
            let value = &sales_value[s * n..(s + 1) * n];
            for j in 0..n {
                let pair = s * n + j;
                let row = pair * n..(pair + 1) * n;
                let (share, flow) = (&self.share[row.clone()], &self.flow[row.clone()]);
                let factor = &self.factor[row.clone()];
                let c = revenue_value[j];
                let mut sum = 0.0;
                for i in 0..n {
                    b[i] = flow[i] * (value[i] + c * (factor[i] - 1.0));
                    sum += b[i];
                }
                row_sums[pair] = sum;
                by_income[j] += sum;
                let pull = theta * sum - weights[j] * self.final_share[pair];
                let out = &mut gradient[row];
                for i in 0..n {
                    let shared = pull * share[i] - theta * b[i];
                    by_wage[i] += shared;
                    out[i] = shared - b[i] + c * flow[i] * factor[i];
                }
            }
        }
        row_sums
    }

    /// Gradient of `Σ p_j v_j` in all cells' u; keeps what the second derivative needs.
    pub(super) fn gradient(
        &mut self,
        objectives: &[Objective],
        weights: &[f64],
        gradient: &mut [f64],
    ) -> Adjoint {
        let n = self.d.economies;
        self.factors();
        let mut slope = vec![0.0; 2 * n];
        let (sales_value, revenue_value) = self.values(objectives, weights, &vec![0.0; 2 * n]);
        {
            let (by_wage, by_income) = slope.split_at_mut(n);
            self.through_flows(&sales_value, &revenue_value, weights, gradient, by_wage, by_income);
            for j in 0..n {
                if objectives[j] == Objective::Welfare {
                    by_income[j] += weights[j];
                }
            }
        }
        if let Some(jacobian) = &self.jacobian {
            jacobian.solve_transposed(&mut slope);
        }
        let (sales_value, revenue_value) = self.values(objectives, weights, &slope);
        let (mut by_wage, mut by_income) = (vec![0.0; n], vec![0.0; n]);
        let row_sum =
            self.through_flows(&sales_value, &revenue_value, weights, gradient, &mut by_wage, &mut by_income);
        Adjoint { weights: weights.to_vec(), multiplier: slope, sales_value, revenue_value, row_sum }
    }

    /// Product of the second derivative of `Σ p_j v_j` with a direction in all cells.
    pub(super) fn curvature_product(
        &self,
        objectives: &[Objective],
        adjoint: &Adjoint,
        direction: &[f64],
        product: &mut [f64],
    ) {
        let n = self.d.economies;
        let Some(jacobian) = &self.jacobian else { return };
        // ẏ = −F_y⁻¹ F_u d.
        let still = vec![0.0; 2 * n];
        let mut flow_change = vec![0.0; self.d.cells()];
        let mut mean_cost = vec![0.0; self.d.pairs()];
        let (mut sales_change, mut revenue_change) =
            self.change_of_flows(direction, &still, &mut flow_change, &mut mean_cost);
        let mut motion = vec![0.0; 2 * n];
        for i in 0..n {
            motion[n + i] = revenue_change[i];
            for s in 0..self.d.sectors {
                let (ell, change) = (self.labour_share[s * n + i], sales_change[s * n + i]);
                motion[i] += ell * change;
                motion[n + i] += (1.0 - ell) * change;
            }
            motion[i] /= self.wage_bill[i];
            motion[n + i] /= self.income_data[i];
        }
        motion[0] = 0.0;
        jacobian.solve(&mut motion);
        (sales_change, revenue_change) =
            self.change_of_flows(direction, &motion, &mut flow_change, &mut mean_cost);
        let (sales_bend, revenue_bend) =
            self.bends(objectives, &adjoint.weights, &sales_change, &revenue_change);

        let mut slope = vec![0.0; 2 * n];
        let (by_wage, by_income) = slope.split_at_mut(n);
        let (wage, income, numeraire) = levels(self, &adjoint.multiplier);
        for i in 0..n {
            let wages = self.wage_bill[i] * self.log_wage[i].exp();
            by_wage[i] = (income[i] - wage[i] - numeraire) * wages * motion[i];
            by_income[i] = -income[i] * self.income_data[i] * self.log_income[i].exp() * motion[n + i];
        }
        let mut b_change = vec![0.0; n];
        for s in 0..self.d.sectors {
            let theta = self.theta[s];
            for j in 0..n {
                let pair = s * n + j;
                let row = pair * n..(pair + 1) * n;
                let (share, flow) = (&self.share[row.clone()], &self.flow[row.clone()]);
                let (factor, d) = (&self.factor[row.clone()], &direction[row.clone()]);
                let dt = &flow_change[row.clone()];
                let value = &adjoint.sales_value[s * n..(s + 1) * n];
                let bend = &sales_bend[s * n..(s + 1) * n];
                let (c, c_change) = (adjoint.revenue_value[j], revenue_bend[j]);
                let mut sum_change = 0.0;
                for i in 0..n {
                    let tax = factor[i] - 1.0;
                    b_change[i] = dt[i] * (value[i] + c * tax)
                        + flow[i] * (bend[i] + c_change * tax + c * factor[i] * d[i]);
                    sum_change += b_change[i];
                }
                by_income[j] += sum_change;
                let pull = theta * adjoint.row_sum[pair] - adjoint.weights[j] * self.final_share[pair];
                let mean = mean_cost[pair];
                let out = &mut product[row];
                for i in 0..n {
                    let share_change = theta * share[i] * (mean - d[i] - motion[i]);
                    let shared = pull * share_change + theta * (share[i] * sum_change - b_change[i]);
                    by_wage[i] += shared;
                    out[i] = shared - b_change[i]
                        + factor[i] * (c_change * flow[i] + c * (dt[i] + flow[i] * d[i]));
                }
            }
        }
        jacobian.solve_transposed(&mut slope);
        // −F_u' ȧ: the same passage through flows, with ȧ for a and nobody's payoff.
        let nobody = vec![0.0; n];
        let (sales_value, revenue_value) = self.values(objectives, &nobody, &slope);
        let mut rest = vec![0.0; self.d.cells()];
        let (mut unused_wage, mut unused_income) = (vec![0.0; n], vec![0.0; n]);
        self.through_flows(
            &sales_value,
            &revenue_value,
            &nobody,
            &mut rest,
            &mut unused_wage,
            &mut unused_income,
        );
        product.iter_mut().zip(&rest).for_each(|(p, r)| *p += r);
    }

    /// Changes of flows, and with them of sales and revenue, along `(du, dy)`; `mean_cost` is `Σ_k g_k z_k` by row.
    fn change_of_flows(
        &self,
        direction: &[f64],
        motion: &[f64],
        flow_change: &mut [f64],
        mean_cost: &mut [f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let n = self.d.economies;
        let (wage, income) = motion.split_at(n);
        let mut sales = vec![0.0; self.d.pairs()];
        let mut revenue = vec![0.0; n];
        for s in 0..self.d.sectors {
            let theta = self.theta[s];
            let sales = &mut sales[s * n..(s + 1) * n];
            for j in 0..n {
                let pair = s * n + j;
                let row = pair * n..(pair + 1) * n;
                let (share, flow) = (&self.share[row.clone()], &self.flow[row.clone()]);
                let (factor, d) = (&self.factor[row.clone()], &direction[row.clone()]);
                let mean: f64 = (0..n).map(|i| share[i] * (d[i] + wage[i])).sum();
                mean_cost[pair] = mean;
                let common = income[j] + theta * mean;
                let out = &mut flow_change[row];
                let mut duty = 0.0;
                for i in 0..n {
                    let change = flow[i] * (common - d[i] - theta * (d[i] + wage[i]));
                    out[i] = change;
                    sales[i] += change;
                    duty += (factor[i] - 1.0) * change + factor[i] * flow[i] * d[i];
                }
                revenue[j] += duty;
            }
        }
        (sales, revenue)
    }

    /// Changes of the values of sales and revenue that come from the bend of `ln H`.
    fn bends(
        &self,
        objectives: &[Objective],
        weights: &[f64],
        sales_change: &[f64],
        revenue_change: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let n = self.d.economies;
        let mut sales_bend = vec![0.0; self.d.pairs()];
        let mut revenue_bend = vec![0.0; n];
        for j in (0..n).filter(|j| weights[*j] != 0.0) {
            if let Objective::Political(lambda) = &objectives[j] {
                let mut by_sales = vec![0.0; self.d.sectors];
                let by_revenue = self.weighted_income(j, lambda).bend(
                    lambda,
                    &self.of_economy(&self.labour_share, j),
                    &self.of_economy(sales_change, j),
                    revenue_change[j],
                    &mut by_sales,
                );
                for s in 0..self.d.sectors {
                    sales_bend[s * n + j] = weights[j] * by_sales[s];
                }
                revenue_bend[j] = weights[j] * by_revenue;
            }
        }
        (sales_bend, revenue_bend)
    }

    /// A stand-in for the size of the second derivative's diagonal: wages, incomes and values held.
    pub(super) fn curvature_scale(&self, adjoint: &Adjoint, cell: usize) -> f64 {
        let n = self.d.economies;
        let (s, j, i) = (cell / (n * n), (cell / n) % n, cell % n);
        let pair = s * n + j;
        let theta = self.theta[s];
        let (g, flow, factor) = (self.share[cell], self.flow[cell], self.factor[cell]);
        let c = adjoint.revenue_value[j];
        let b = flow * (adjoint.sales_value[s * n + i] + c * (factor - 1.0));
        let sum = adjoint.row_sum[pair];
        let move_of_flow = -1.0 - theta * (1.0 - g);
        let b_change = b * move_of_flow + flow * c * factor;
        let sum_change = theta * g * sum - (1.0 + theta) * b + flow * c * factor;
        let share_change = -theta * g * (1.0 - g);
        let pull = theta * sum - adjoint.weights[j] * self.final_share[pair];
        let bend = pull * share_change + theta * g * sum_change - (1.0 + theta) * b_change
            + factor * c * flow * (1.0 + move_of_flow);
        bend.abs()
    }
}
