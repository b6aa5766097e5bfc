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

/// An entry for each of the causes that are followed together; zero where fewer are left.
type Row = [f64; AT_ONCE];

#[inline(always)]
fn add(to: &mut Row, factor: f64, row: &Row) {
    for (to, x) in to.iter_mut().zip(row) {
        *to += factor * x;
    }
}

/// Its matrix, row-major: trade balances first, budgets second; wages first, incomes second.
pub(crate) fn system(at: &Linearisation<'_>, price: Option<&Blocks>, output: OutputLoops<'_>) -> Vec<f64> {
    let n = at.calibration.dimensions.economies;
    let mut matrix = vec![0.0; 4 * n * n];
    for first in (0..n).step_by(AT_ONCE) {
        let causes = first..(first + AT_ONCE).min(n);
        let mut by_wage = Response::new(at);
        by_wage.substitute(at, &weight_response(at, price, causes.clone()));
        by_wage.finish(at, output, &mut matrix, first..causes.end);
        let mut by_income = Response::new(at);
        by_income.spend(at, causes.clone());
        by_income.finish(at, output, &mut matrix, n + first..n + causes.end);
    }
    add_own(at, &mut matrix);
    matrix
}

/// dq of every exporter and sector for some wages, `[sector, exporter]`, prices adjusting within each economy.
fn weight_response(at: &Linearisation<'_>, price: Option<&Blocks>, causes: Range<usize>) -> Vec<Row> {
    let c = at.calibration;
    let t = &c.technology;
    let d = c.dimensions;
    let (n, sectors) = (d.economies, d.sectors);
    let own =
        |pair: usize| t.factor_exponent[pair] * (1.0 - t.factor_power.get(pair).copied().unwrap_or(0.0));
    let mut response = vec![Row::default(); d.pairs()];
    for (pair, target) in response.iter_mut().enumerate() {
        let s = pair / n;
        let ratio = t.cost_power[s] / t.trade_elasticity[s];
        for (target, j) in target.iter_mut().zip(causes.clone()) {
            *target = ratio * at.sweep.share(at.costs, pair * n + j) * own(s * n + j);
        }
    }
    if let Some(blocks) = price {
        blocks.solve_columns(response.as_flattened_mut(), AT_ONCE);
    }
    let mut weight = vec![Row::default(); d.pairs()];
    for s in 0..sectors {
        for i in 0..n {
            let pair = s * n + i;
            let target = &mut weight[pair];
            if let Some(input) = c.input_share() {
                for k in 0..sectors {
                    let factor = -t.cost_power[s] * t.input_scale[pair] * input[d.input(i, s, k)];
                    add(target, factor, &response[k * n + i]);
                }
            }
            if causes.contains(&i) {
                target[i - causes.start] += t.labour_power[s] - t.cost_power[s] * own(pair);
            }
        }
    }
    weight
}

/// What an importer's row of a sector holds of each exporter: shares, payments, what producers receive.
#[derive(Default)]
struct Shares {
    share: Vec<f64>,
    paid: Vec<f64>,
    sold: Vec<f64>,
}

impl Shares {
    /// Of one row; the entry of home producers is theirs.
    #[inline(always)]
    fn read(&mut self, at: &Linearisation<'_>, pair: usize) {
        let n = at.calibration.dimensions.economies;
        let (sweep, costs) = (at.sweep, at.costs);
        let cells = pair * n..(pair + 1) * n;
        let (scale, home) = (sweep.scale[pair], pair % n);
        let weight = &sweep.weight[pair - home..pair - home + n];
        let times = |to: &mut Vec<f64>, folded: &[f64]| {
            to.clear();
            to.extend(
                folded[cells.clone()].iter().zip(weight).map(|(folded, weight)| folded * (scale * weight)),
            );
        };
        times(&mut self.share, &costs.weight);
        times(&mut self.paid, &costs.paid);
        times(&mut self.sold, if sweep.taxed() { &costs.sold } else { &costs.paid });
        self.sold[home] = home_producer_share(at, pair);
    }
}

/// What markets do for some causes: sales `[sector, exporter]`; imports, exports, revenue `[economy]`.
struct Response {
    sales: Vec<Row>,
    imports: Vec<Row>,
    exports: Vec<Row>,
    revenue: Vec<Row>,
}

impl Response {
    fn new(at: &Linearisation<'_>) -> Self {
        let d = at.calibration.dimensions;
        let economies = vec![Row::default(); d.economies];
        Self {
            sales: vec![Row::default(); d.pairs()],
            imports: economies.clone(),
            exports: economies.clone(),
            revenue: economies,
        }
    }

    kernel::dispatch! {
        /// Substitution between exporters at given spending.
        fn substitute / substitute_wide / substitute_body(self: &mut, at: &Linearisation<'_>, weight: &[Row])
    }

    #[inline(always)]
    fn substitute_body(&mut self, at: &Linearisation<'_>, weight: &[Row]) {
        let c = at.calibration;
        let sweep = at.sweep;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let mut row = Shares::default();
        for s in 0..sectors {
            let weight = &weight[s * n..(s + 1) * n];
            let sales = &mut self.sales[s * n..(s + 1) * n];
            for importer in 0..n {
                let pair = s * n + importer;
                let spending = sweep.expenditure[pair];
                if spending == 0.0 {
                    continue;
                }
                row.read(at, pair);
                let (mut mean, mut payment) = (Row::default(), Row::default());
                for ((dq, share), paid) in weight.iter().zip(&row.share).zip(&row.paid) {
                    add(&mut mean, *share, dq);
                    add(&mut payment, *paid, dq);
                }
                add(&mut payment, -sweep.foreign_share[pair], &mean);
                add(&mut self.imports[importer], spending, &payment);
                let home = sweep.home_share[pair];
                add(&mut payment, home, &weight[importer]);
                add(&mut payment, -home, &mean);
                let over = at.costs.border_over_payment[importer];
                add(&mut self.revenue[importer], -spending * over, &payment);
                for ((exports, paid), (sales, sold)) in
                    self.exports.iter_mut().zip(&row.paid).zip(sales.iter_mut().zip(&row.sold))
                {
                    add(exports, -paid * spending, &mean);
                    add(sales, -sold * spending, &mean);
                }
            }
            for i in 0..n {
                let pair = s * n + i;
                add(&mut self.exports[i], sweep.received[pair], &weight[i]);
                add(&mut sales[i], sweep.sales[pair], &weight[i]);
            }
        }
    }

    /// Final spending of some economies' incomes.
    fn spend(&mut self, at: &Linearisation<'_>, causes: Range<usize>) {
        let sweep = at.sweep;
        let n = at.calibration.dimensions.economies;
        let mut row = Shares::default();
        for (pair, share) in sweep.final_share(at.costs).iter().enumerate() {
            let (s, j) = (pair / n, pair % n);
            if !causes.contains(&j) {
                continue;
            }
            row.read(at, pair);
            let cause = j - causes.start;
            let spending = share * at.income_scale[j];
            self.imports[j][cause] += sweep.foreign_share[pair] * spending;
            self.revenue[j][cause] += revenue_share(at, pair) * spending;
            for i in 0..n {
                self.exports[i][cause] += row.paid[i] * spending;
                self.sales[s * n + i][cause] += row.sold[i] * spending;
            }
        }
    }

    kernel::dispatch! {
        /// Imports and revenue that come with the inputs of the outputs found; sales on to others are left out.
        fn spend_on_inputs / spend_on_inputs_wide / spend_on_inputs_body(self: &mut, at: &Linearisation<'_>)
    }

    #[inline(always)]
    fn spend_on_inputs_body(&mut self, at: &Linearisation<'_>) {
        let c = at.calibration;
        let sweep = at.sweep;
        let d = c.dimensions;
        let n = d.economies;
        let Some(input) = c.input_share() else { return };
        let mut row = Shares::default();
        let mut usage = vec![Row::default(); n];
        for k in 0..d.sectors {
            usage.fill(Row::default());
            for (s, sales) in self.sales.chunks_exact(n).enumerate() {
                let first = d.input(0, s, k);
                for ((usage, share), sales) in usage.iter_mut().zip(&input[first..first + n]).zip(sales) {
                    add(usage, *share, sales);
                }
            }
            for (i, usage) in usage.iter().enumerate() {
                let pair = k * n + i;
                add(&mut self.imports[i], sweep.foreign_share[pair], usage);
                add(&mut self.revenue[i], revenue_share(at, pair), usage);
                row.read(at, pair);
                for (exports, paid) in self.exports.iter_mut().zip(&row.paid) {
                    add(exports, *paid, usage);
                }
            }
        }
    }

    /// Lets outputs answer within each economy, and writes what the causes do to balances and budgets into these columns of
    /// the matrix.
    fn finish(
        &mut self,
        at: &Linearisation<'_>,
        output: OutputLoops<'_>,
        matrix: &mut [f64],
        columns: Range<usize>,
    ) {
        let c = at.calibration;
        let sweep = at.sweep;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        output(self.sales.as_flattened_mut(), AT_ONCE);
        self.spend_on_inputs(at);
        let (balances, budgets) = matrix.split_at_mut(2 * n * n);
        let (first, width) = (columns.start, columns.len());
        for i in 0..n {
            let (mut balance, mut budget) = (Row::default(), Row::default());
            add(&mut balance, 1.0 / sweep.uses[i], &self.imports[i]);
            add(&mut balance, -1.0 / sweep.sources[i], &self.exports[i]);
            add(&mut budget, -1.0 / at.income_scale[i], &self.revenue[i]);
            for s in 0..sectors {
                let pair = s * n + i;
                add(&mut budget, -c.technology.surplus_share[pair] / at.income_scale[i], &self.sales[pair]);
            }
            let at = i * 2 * n + first;
            balances[at..at + width].copy_from_slice(&balance[..width]);
            budgets[at..at + width].copy_from_slice(&budget[..width]);
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
    add_fixed_deficits(at, matrix);
}

/// What a wage does to deficits that are fixed in its units.
fn add_fixed_deficits(at: &Linearisation<'_>, matrix: &mut [f64]) {
    let sweep = at.sweep;
    let n = at.calibration.dimensions.economies;
    let size = 2 * n;
    let mut wage = vec![0.0; n];
    for j in 0..n {
        wage[j] = 1.0;
        let unit = at.unit_forward(&wage, &[]);
        wage[j] = 0.0;
        if unit == 0.0 {
            continue;
        }
        let mut change = vec![0.0; n];
        at.revalue_deficits(unit, &mut change);
        for (i, change) in change.iter().enumerate() {
            let exchange = if sweep.deficit[i] < 0.0 { sweep.uses[i] } else { sweep.sources[i] };
            matrix[i * size + j] -= change / exchange;
            matrix[(n + i) * size + j] -= change / at.income_scale[i];
        }
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
