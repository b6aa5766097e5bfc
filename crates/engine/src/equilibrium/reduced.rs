//! The 2N×2N system in wages and incomes that is left when prices and outputs are eliminated with the domestic blocks.

use std::ops::Range;

use super::dense::Blocks;
use super::kernel;
use super::linearisation::Linearisation;

/// Lets outputs answer to sales within each economy, for so many columns at once.
type OutputLoops<'a> = &'a dyn Fn(&mut [f64], usize);

/// Causes (wages, incomes) whose consequences are followed at a time: what N of them do in every sector would take more
/// room than the data.
const AT_ONCE: usize = 4;

/// Its matrix, row-major: trade balances first, budgets second; wages first, incomes second.
pub(crate) fn system(at: &Linearisation<'_>, price: Option<&Blocks>, output: OutputLoops<'_>) -> Vec<f64> {
    let n = at.calibration.dimensions.economies;
    let mut matrix = vec![0.0; 4 * n * n];
    for first in (0..n).step_by(AT_ONCE) {
        let causes = first..(first + AT_ONCE).min(n);
        let mut by_wage = Response::new(at, causes.len());
        by_wage.substitute(at, &weight_response(at, price, causes.clone()));
        by_wage.finish(at, output, &mut matrix, first);
        let mut by_income = Response::new(at, causes.len());
        by_income.spend(at, causes);
        by_income.finish(at, output, &mut matrix, n + first);
    }
    add_own(at, &mut matrix);
    matrix
}

/// dq of every exporter and sector for some wages, `[sector, exporter, wage]`, prices adjusting within each economy.
fn weight_response(at: &Linearisation<'_>, price: Option<&Blocks>, causes: Range<usize>) -> Vec<f64> {
    let c = at.calibration;
    let t = &c.technology;
    let d = c.dimensions;
    let (n, sectors, width) = (d.economies, d.sectors, causes.len());
    let own =
        |pair: usize| t.factor_exponent[pair] * (1.0 - t.factor_power.get(pair).copied().unwrap_or(0.0));
    let mut response = vec![0.0; d.pairs() * width];
    for (pair, target) in response.chunks_exact_mut(width).enumerate() {
        let s = pair / n;
        let ratio = t.cost_power[s] / t.trade_elasticity[s];
        for (target, j) in target.iter_mut().zip(causes.clone()) {
            *target = ratio * at.sweep.share(at.costs, pair * n + j) * own(s * n + j);
        }
    }
    if let Some(blocks) = price {
        blocks.solve_columns(&mut response, width);
    }
    let mut weight = vec![0.0; d.pairs() * width];
    for s in 0..sectors {
        for i in 0..n {
            let pair = s * n + i;
            let target = &mut weight[pair * width..(pair + 1) * width];
            if let Some(input) = c.input_share() {
                for k in 0..sectors {
                    let factor = -t.cost_power[s] * t.input_scale[pair] * input[d.input(i, s, k)];
                    if factor != 0.0 {
                        kernel::add_scaled(target, factor, row(&response, k * n + i, width));
                    }
                }
            }
            if causes.contains(&i) {
                target[i - causes.start] += t.labour_power[s] - t.cost_power[s] * own(pair);
            }
        }
    }
    weight
}

/// One of the rows that hold an entry for each cause.
fn row(rows: &[f64], index: usize, width: usize) -> &[f64] {
    &rows[index * width..(index + 1) * width]
}

fn row_mut(rows: &mut [f64], index: usize, width: usize) -> &mut [f64] {
    &mut rows[index * width..(index + 1) * width]
}

/// What markets do for some causes: sales `[sector, exporter, cause]`; imports, exports, revenue `[economy, cause]`.
struct Response {
    width: usize,
    sales: Vec<f64>,
    imports: Vec<f64>,
    exports: Vec<f64>,
    revenue: Vec<f64>,
}

impl Response {
    fn new(at: &Linearisation<'_>, width: usize) -> Self {
        let d = at.calibration.dimensions;
        let economies = vec![0.0; d.economies * width];
        Self {
            width,
            sales: vec![0.0; d.pairs() * width],
            imports: economies.clone(),
            exports: economies.clone(),
            revenue: economies,
        }
    }

    /// Substitution between exporters at given spending.
    fn substitute(&mut self, at: &Linearisation<'_>, weight: &[f64]) {
        let c = at.calibration;
        let sweep = at.sweep;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let width = self.width;
        let mut mean = vec![0.0; width];
        let mut payment = vec![0.0; width];
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
                    let dq = row(weight, s * n + i, width);
                    kernel::add_scaled(&mut mean, sweep.share(at.costs, pair * n + i), dq);
                    kernel::add_scaled(&mut payment, sweep.payment_share(at.costs, pair * n + i), dq);
                }
                kernel::add_scaled(&mut payment, -sweep.foreign_share[pair], &mean);
                kernel::add_scaled(row_mut(&mut self.imports, importer, width), spending, &payment);
                let dq = row(weight, pair, width);
                let home = sweep.home_share[pair];
                kernel::add_scaled(&mut payment, home, dq);
                kernel::add_scaled(&mut payment, -home, &mean);
                let over = at.costs.border_over_payment[importer];
                kernel::add_scaled(row_mut(&mut self.revenue, importer, width), -spending * over, &payment);
                for i in 0..n {
                    let received = sweep.payment_share(at.costs, pair * n + i) * spending;
                    if received != 0.0 {
                        kernel::add_scaled(row_mut(&mut self.exports, i, width), -received, &mean);
                    }
                    let sold = if i == importer {
                        home_producer_share(at, pair)
                    } else {
                        sweep.producer_share(at.costs, pair * n + i)
                    };
                    let target = row_mut(&mut self.sales, s * n + i, width);
                    kernel::add_scaled(target, -sold * spending, &mean);
                }
            }
            for i in 0..n {
                let pair = s * n + i;
                let dq = row(weight, pair, width);
                kernel::add_scaled(row_mut(&mut self.exports, i, width), sweep.received[pair], dq);
                kernel::add_scaled(row_mut(&mut self.sales, pair, width), sweep.sales[pair], dq);
            }
        }
    }

    /// Final spending of some economies' incomes.
    fn spend(&mut self, at: &Linearisation<'_>, causes: Range<usize>) {
        let width = self.width;
        let sweep = at.sweep;
        let n = at.calibration.dimensions.economies;
        for (pair, share) in sweep.final_share(at.costs).iter().enumerate() {
            let (s, j) = (pair / n, pair % n);
            if !causes.contains(&j) {
                continue;
            }
            let cause = j - causes.start;
            let spending = share * at.income_scale[j];
            self.imports[j * width + cause] += sweep.foreign_share[pair] * spending;
            self.revenue[j * width + cause] += revenue_share(at, pair) * spending;
            for i in 0..n {
                let cell = pair * n + i;
                self.exports[i * width + cause] += sweep.payment_share(at.costs, cell) * spending;
                let sold =
                    if i == j { home_producer_share(at, pair) } else { sweep.producer_share(at.costs, cell) };
                self.sales[(s * n + i) * width + cause] += sold * spending;
            }
        }
    }

    /// Imports and revenue that come with the inputs of the outputs found; sales on to others are left out.
    fn spend_on_inputs(&mut self, at: &Linearisation<'_>) {
        let c = at.calibration;
        let sweep = at.sweep;
        let d = c.dimensions;
        let n = d.economies;
        let Some(input) = c.input_share() else { return };
        let width = self.width;
        let mut usage = vec![0.0; width];
        for k in 0..d.sectors {
            for i in 0..n {
                let pair = k * n + i;
                usage.fill(0.0);
                for s in 0..d.sectors {
                    let share = input[d.input(i, s, k)];
                    if share != 0.0 {
                        kernel::add_scaled(&mut usage, share, row(&self.sales, s * n + i, width));
                    }
                }
                kernel::add_scaled(row_mut(&mut self.imports, i, width), sweep.foreign_share[pair], &usage);
                kernel::add_scaled(row_mut(&mut self.revenue, i, width), revenue_share(at, pair), &usage);
                for exporter in 0..n {
                    let received = sweep.payment_share(at.costs, pair * n + exporter);
                    if received != 0.0 {
                        kernel::add_scaled(row_mut(&mut self.exports, exporter, width), received, &usage);
                    }
                }
            }
        }
    }

    /// Lets outputs answer within each economy, and writes what the causes do to balances and budgets into the matrix, from
    /// this column on.
    fn finish(&mut self, at: &Linearisation<'_>, output: OutputLoops<'_>, matrix: &mut [f64], column: usize) {
        let c = at.calibration;
        let sweep = at.sweep;
        let (n, sectors, width) = (c.dimensions.economies, c.dimensions.sectors, self.width);
        output(&mut self.sales, width);
        self.spend_on_inputs(at);
        let (balances, budgets) = matrix.split_at_mut(2 * n * n);
        for i in 0..n {
            let columns = i * 2 * n + column..i * 2 * n + column + width;
            let target = &mut balances[columns.clone()];
            kernel::add_scaled(target, 1.0 / sweep.uses[i], row(&self.imports, i, width));
            kernel::add_scaled(target, -1.0 / sweep.sources[i], row(&self.exports, i, width));
            let target = &mut budgets[columns];
            kernel::add_scaled(target, -1.0 / at.income_scale[i], row(&self.revenue, i, width));
            for s in 0..sectors {
                let pair = s * n + i;
                let surplus = c.technology.surplus_share[pair];
                if surplus != 0.0 {
                    kernel::add_scaled(target, -surplus / at.income_scale[i], row(&self.sales, pair, width));
                }
            }
        }
    }
}

/// What wages and incomes do without markets.
fn add_own(at: &Linearisation<'_>, matrix: &mut [f64]) {
    let c = at.calibration;
    let sweep = at.sweep;
    let n = c.dimensions.economies;
    let size = 2 * n;
    let (balances, budgets) = matrix.split_at_mut(size * n);
    for i in 0..n {
        for j in 0..n {
            if c.bloc[j] == c.bloc[i] {
                balances[i * size + j] += sweep.labour_income[j] / sweep.bloc_income[c.bloc[i]];
            }
        }
        budgets[i * size + i] -= sweep.labour_income[i] / at.income_scale[i];
        budgets[i * size + n + i] += 1.0;
    }
}

/// What home producers receive per unit of spending.
pub(super) fn home_producer_share(at: &Linearisation<'_>, pair: usize) -> f64 {
    if at.sweep.taxed() { at.sweep.home_producer_share[pair] } else { at.sweep.home_share[pair] }
}

/// Tariff revenue per unit of spending.
pub(super) fn revenue_share(at: &Linearisation<'_>, pair: usize) -> f64 {
    let importer = pair % at.calibration.dimensions.economies;
    1.0 - (at.sweep.foreign_share[pair] + at.sweep.home_share[pair]) * at.costs.border_over_payment[importer]
}
