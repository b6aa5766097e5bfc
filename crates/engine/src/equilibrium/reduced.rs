//! The 2N×2N system in wages and incomes that is left when prices and outputs are eliminated with the domestic blocks.

use super::dense::Blocks;
use super::kernel;
use super::linearisation::Linearisation;
use super::preconditioner::{home_producer_share, revenue_share};

/// Its matrix, row-major: trade balances first, budgets second; wages first, incomes second.
pub(crate) fn system(at: &Linearisation<'_>, price: Option<&Blocks>, output: Option<&Blocks>) -> Vec<f64> {
    let d = at.calibration.dimensions;
    let n = d.economies;
    let weight = weight_response(at, price);
    let mut by_wage = Response::new(d.cells(), n);
    by_wage.substitute(at, &weight);
    let mut by_income = Response::new(d.cells(), n);
    by_income.spend(at);
    for response in [&mut by_wage, &mut by_income] {
        if let Some(blocks) = output {
            blocks.solve_columns(&mut response.sales, n);
            response.spend_on_inputs(at);
        }
    }
    assemble(at, &by_wage, &by_income)
}

/// dq of every exporter and sector for each wage, `[sector, exporter, wage]`, prices adjusting within each economy.
fn weight_response(at: &Linearisation<'_>, price: Option<&Blocks>) -> Vec<f64> {
    let c = at.calibration;
    let t = &c.technology;
    let d = c.dimensions;
    let (n, sectors) = (d.economies, d.sectors);
    let own =
        |pair: usize| t.factor_exponent[pair] * (1.0 - t.factor_power.get(pair).copied().unwrap_or(0.0));
    let mut response = vec![0.0; d.cells()];
    for (pair, target) in response.chunks_exact_mut(n).enumerate() {
        let s = pair / n;
        let ratio = t.cost_power[s] / t.trade_elasticity[s];
        for j in 0..n {
            target[j] = ratio * at.sweep.share(at.costs, pair * n + j) * own(s * n + j);
        }
    }
    if let Some(blocks) = price {
        blocks.solve_columns(&mut response, n);
    }
    let mut weight = vec![0.0; d.cells()];
    for s in 0..sectors {
        for i in 0..n {
            let pair = s * n + i;
            let target = &mut weight[pair * n..(pair + 1) * n];
            if let Some(input) = &c.input_share {
                for k in 0..sectors {
                    let factor = -t.cost_power[s] * t.input_scale[pair] * input[d.input(i, s, k)];
                    if factor != 0.0 {
                        kernel::add_scaled(target, factor, &response[(k * n + i) * n..(k * n + i + 1) * n]);
                    }
                }
            }
            target[i] += t.labour_power[s] - t.cost_power[s] * own(pair);
        }
    }
    weight
}

/// What markets do for each of N causes: sales `[sector, exporter, cause]`; imports, exports, revenue `[economy, cause]`.
struct Response {
    sales: Vec<f64>,
    imports: Vec<f64>,
    exports: Vec<f64>,
    revenue: Vec<f64>,
}

impl Response {
    fn new(cells: usize, n: usize) -> Self {
        Self {
            sales: vec![0.0; cells],
            imports: vec![0.0; n * n],
            exports: vec![0.0; n * n],
            revenue: vec![0.0; n * n],
        }
    }

    /// Substitution between exporters at given spending.
    fn substitute(&mut self, at: &Linearisation<'_>, weight: &[f64]) {
        let c = at.calibration;
        let sweep = at.sweep;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let mut mean = vec![0.0; n];
        let mut payment = vec![0.0; n];
        for s in 0..sectors {
            for importer in 0..n {
                let pair = s * n + importer;
                let spending = sweep.expenditure[pair];
                if spending == 0.0 {
                    continue;
                }
                mean.fill(0.0);
                payment.fill(0.0);
                for i in 0..n {
                    let dq = &weight[(s * n + i) * n..(s * n + i + 1) * n];
                    kernel::add_scaled(&mut mean, sweep.share(at.costs, pair * n + i), dq);
                    kernel::add_scaled(&mut payment, sweep.payment_share(at.costs, pair * n + i), dq);
                }
                kernel::add_scaled(&mut payment, -sweep.foreign_share[pair], &mean);
                let own = importer * n..(importer + 1) * n;
                kernel::add_scaled(&mut self.imports[own.clone()], spending, &payment);
                let dq = &weight[pair * n..(pair + 1) * n];
                let home = sweep.home_share[pair];
                kernel::add_scaled(&mut payment, home, dq);
                kernel::add_scaled(&mut payment, -home, &mean);
                let over = at.costs.border_over_payment[importer];
                kernel::add_scaled(&mut self.revenue[own], -spending * over, &payment);
                for i in 0..n {
                    let received = sweep.payment_share(at.costs, pair * n + i) * spending;
                    if received != 0.0 {
                        kernel::add_scaled(&mut self.exports[i * n..(i + 1) * n], -received, &mean);
                    }
                    let sold = if i == importer {
                        home_producer_share(at, pair)
                    } else {
                        sweep.producer_share(at.costs, pair * n + i)
                    };
                    let target = &mut self.sales[(s * n + i) * n..(s * n + i + 1) * n];
                    kernel::add_scaled(target, -sold * spending, &mean);
                }
            }
            for i in 0..n {
                let pair = s * n + i;
                let dq = &weight[pair * n..(pair + 1) * n];
                kernel::add_scaled(&mut self.exports[i * n..(i + 1) * n], sweep.received[pair], dq);
                kernel::add_scaled(&mut self.sales[pair * n..(pair + 1) * n], sweep.sales[pair], dq);
            }
        }
    }

    /// Final spending of each economy's income.
    fn spend(&mut self, at: &Linearisation<'_>) {
        let sweep = at.sweep;
        let n = at.calibration.dimensions.economies;
        for (pair, share) in sweep.final_share.iter().enumerate() {
            let (s, j) = (pair / n, pair % n);
            let spending = share * at.income_scale[j];
            self.imports[j * n + j] += sweep.foreign_share[pair] * spending;
            self.revenue[j * n + j] += revenue_share(at, pair) * spending;
            for i in 0..n {
                let cell = pair * n + i;
                self.exports[i * n + j] += sweep.payment_share(at.costs, cell) * spending;
                let sold =
                    if i == j { home_producer_share(at, pair) } else { sweep.producer_share(at.costs, cell) };
                self.sales[(s * n + i) * n + j] += sold * spending;
            }
        }
    }

    /// Imports and revenue that come with the inputs of the outputs found; sales on to others are left out.
    fn spend_on_inputs(&mut self, at: &Linearisation<'_>) {
        let c = at.calibration;
        let sweep = at.sweep;
        let d = c.dimensions;
        let n = d.economies;
        let Some(input) = &c.input_share else { return };
        let mut usage = vec![0.0; n];
        for k in 0..d.sectors {
            for i in 0..n {
                let pair = k * n + i;
                usage.fill(0.0);
                for s in 0..d.sectors {
                    let share = input[d.input(i, s, k)];
                    if share != 0.0 {
                        kernel::add_scaled(
                            &mut usage,
                            share,
                            &self.sales[(s * n + i) * n..(s * n + i + 1) * n],
                        );
                    }
                }
                let row = i * n..(i + 1) * n;
                kernel::add_scaled(&mut self.imports[row.clone()], sweep.foreign_share[pair], &usage);
                kernel::add_scaled(&mut self.revenue[row], revenue_share(at, pair), &usage);
                for exporter in 0..n {
                    let received = sweep.payment_share(at.costs, pair * n + exporter);
                    if received != 0.0 {
                        kernel::add_scaled(
                            &mut self.exports[exporter * n..(exporter + 1) * n],
                            received,
                            &usage,
                        );
                    }
                }
            }
        }
    }
}

fn assemble(at: &Linearisation<'_>, by_wage: &Response, by_income: &Response) -> Vec<f64> {
    let c = at.calibration;
    let sweep = at.sweep;
    let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
    let size = 2 * n;
    let mut matrix = vec![0.0; size * size];
    let (balances, budgets) = matrix.split_at_mut(size * n);
    for i in 0..n {
        let balance = &mut balances[i * size..(i + 1) * size];
        let budget = &mut budgets[i * size..(i + 1) * size];
        let row = i * n..(i + 1) * n;
        for (response, columns) in [(by_wage, 0..n), (by_income, n..size)] {
            let target = &mut balance[columns.clone()];
            kernel::add_scaled(target, 1.0 / sweep.uses[i], &response.imports[row.clone()]);
            kernel::add_scaled(target, -1.0 / sweep.sources[i], &response.exports[row.clone()]);
            let target = &mut budget[columns];
            kernel::add_scaled(target, -1.0 / at.income_scale[i], &response.revenue[row.clone()]);
            for s in 0..sectors {
                let pair = s * n + i;
                let surplus = c.technology.surplus_share[pair];
                if surplus != 0.0 {
                    let sales = &response.sales[pair * n..(pair + 1) * n];
                    kernel::add_scaled(target, -surplus / at.income_scale[i], sales);
                }
            }
        }
        for j in 0..n {
            if c.bloc[j] == c.bloc[i] {
                balance[j] += sweep.labour_income[j] / sweep.bloc_income[c.bloc[i]];
            }
        }
        budget[i] -= sweep.labour_income[i] / at.income_scale[i];
        budget[n + i] += 1.0;
    }
    matrix
}
