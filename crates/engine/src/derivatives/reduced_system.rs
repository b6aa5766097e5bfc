//! The 2N×2N system in wages and incomes that is left when prices and outputs are eliminated with the domestic blocks.

use std::ops::Range;

use super::linearisation::Linearisation;
use crate::linear::columns::{AT_ONCE, Row, add, columns_into, own_products_into, rows_times};
use crate::linear::dense::Blocks;
use crate::linear::kernel;

/// Lets outputs answer to sales within each economy, for all causes at once.
type OutputLoops<'a> = &'a dyn Fn(&mut [Row]);

/// Importers whose rows are read before they are used: few enough to stay near at hand.
const IMPORTERS: usize = 8;

/// Its matrix, row-major: trade balances first, budgets second; wages first, incomes second.
pub(crate) fn system(at: &Linearisation<'_>, price: Option<&Blocks>, output: OutputLoops<'_>) -> Vec<f64> {
    let n = at.calibration.dimensions.economies;
    let mut matrix = vec![0.0; 4 * n * n];
    for first in (0..n).step_by(AT_ONCE) {
        let causes = first..(first + AT_ONCE).min(n);
        let mut response = Response::new(at);
        let weight = response.weight_response(at, price, causes.clone());
        response.substitute(at, &weight);
        drop(weight);
        response.finish(at, output, &mut matrix, first..causes.end);
        response.clear();
        response.spend(at, causes.clone());
        response.finish(at, output, &mut matrix, n + first..n + causes.end);
    }
    add_own(at, &mut matrix);
    matrix
}

/// What some importers' rows of a sector pay each exporter and what producers receive of it, `[importer, exporter]`.
#[derive(Default)]
struct Payments {
    paid: Vec<f32>,
    sold: Vec<f32>,
}

impl Payments {
    /// Of these pairs' rows, all of one sector; the entry of home producers in `sold` is theirs.
    #[inline(always)]
    fn read(&mut self, at: &Linearisation<'_>, pairs: Range<usize>) {
        let folded = if at.sweep.taxed() { &at.costs.sold } else { &at.costs.paid };
        narrow(at, &mut self.paid, &at.costs.paid, pairs.clone());
        narrow(at, &mut self.sold, folded, pairs.clone());
        let n = at.calibration.dimensions.economies;
        for (row, pair) in pairs.enumerate() {
            self.sold[row * n + pair % n] = home_producer_share(at, pair) as f32;
        }
    }
}

/// Folded cells of these pairs' rows as shares of the importer's spending.
#[inline(always)]
fn narrow(at: &Linearisation<'_>, to: &mut Vec<f32>, folded: &[f64], pairs: Range<usize>) {
    let n = at.calibration.dimensions.economies;
    let first = pairs.start - pairs.start % n;
    let weight = &at.sweep.weight[first..first + n];
    to.clear();
    for (pair, row) in pairs.clone().zip(folded[pairs.start * n..pairs.end * n].chunks_exact(n)) {
        let scale = at.sweep.scale[pair];
        to.extend(row.iter().zip(weight).map(|(folded, weight)| (folded * (scale * weight)) as f32));
    }
}

/// Rows of a sector's importers, a few at a time.
fn importers(n: usize, sector: usize) -> impl Iterator<Item = Range<usize>> {
    let last = (sector + 1) * n;
    (sector * n..last).step_by(IMPORTERS).map(move |first| first..(first + IMPORTERS).min(last))
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

    fn clear(&mut self) {
        for rows in [&mut self.sales, &mut self.imports, &mut self.exports, &mut self.revenue] {
            rows.fill(Row::default());
        }
    }

    /// dq of every exporter and sector for some wages, `[sector, exporter]`, prices adjusting within each economy. Uses the room of the
    /// sales, and leaves it empty.
    fn weight_response(
        &mut self,
        at: &Linearisation<'_>,
        price: Option<&Blocks>,
        causes: Range<usize>,
    ) -> Vec<Row> {
        let c = at.calibration;
        let t = &c.technology;
        let d = c.dimensions;
        let n = d.economies;
        let own = |pair: usize| {
            at.factor_exponent()[pair] * (1.0 - t.factor_power.get(pair).copied().unwrap_or(0.0))
        };
        for (pair, target) in self.sales.iter_mut().enumerate() {
            let s = pair / n;
            let ratio = t.cost_power[s] / t.trade_elasticity[s];
            for (target, j) in target.iter_mut().zip(causes.clone()) {
                *target = (ratio * at.sweep.share(at.costs, pair * n + j) * own(s * n + j)) as f32;
            }
        }
        if let Some(blocks) = price {
            blocks.solve_rows(&mut self.sales);
        }
        let mut weight = vec![Row::default(); d.pairs()];
        if let Some(input) = at.cost_input() {
            inputs_into(&mut weight, input, &self.sales, n);
        }
        for (pair, target) in weight.iter_mut().enumerate() {
            let (s, i) = (pair / n, pair % n);
            let scale = (-t.cost_power[s] * at.input_scale()[pair]) as f32;
            target.iter_mut().for_each(|target| *target *= scale);
            if causes.contains(&i) {
                target[i - causes.start] += (t.labour_power[s] - t.cost_power[s] * own(pair)) as f32;
            }
        }
        self.sales.fill(Row::default());
        weight
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
        let (mut rows, mut share) = (Payments::default(), Vec::new());
        let (mut means, mut payments) = ([Row::default(); IMPORTERS], [Row::default(); IMPORTERS]);
        for s in 0..sectors {
            let weight = &weight[s * n..(s + 1) * n];
            let sales = &mut self.sales[s * n..(s + 1) * n];
            for pairs in importers(n, s) {
                if pairs.clone().all(|pair| sweep.expenditure[pair] == 0.0) {
                    continue;
                }
                rows.read(at, pairs.clone());
                narrow(at, &mut share, &at.costs.weight, pairs.clone());
                let (means, payments) = (&mut means[..pairs.len()], &mut payments[..pairs.len()]);
                rows_times(means, &share, weight);
                rows_times(payments, &rows.paid, weight);
                for (pair, (mean, payment)) in pairs.zip(means.iter_mut().zip(payments)) {
                    let importer = pair % n;
                    let spending = sweep.expenditure[pair] as f32;
                    add(payment, -sweep.foreign_share[pair] as f32, mean);
                    add(&mut self.imports[importer], spending, payment);
                    let home = sweep.home_share[pair] as f32;
                    add(payment, home, &weight[importer]);
                    add(payment, -home, mean);
                    let over = at.costs.border_over_payment[importer] as f32;
                    add(&mut self.revenue[importer], -spending * over, payment);
                    mean.iter_mut().for_each(|mean| *mean *= -spending);
                }
                columns_into(&mut self.exports, &rows.paid, means);
                columns_into(sales, &rows.sold, means);
            }
            for i in 0..n {
                let pair = s * n + i;
                add(&mut self.exports[i], sweep.received[pair] as f32, &weight[i]);
                add(&mut sales[i], sweep.sales[pair] as f32, &weight[i]);
            }
        }
    }

    /// Final spending of some economies' incomes.
    fn spend(&mut self, at: &Linearisation<'_>, causes: Range<usize>) {
        let sweep = at.sweep;
        let n = at.calibration.dimensions.economies;
        let mut row = Payments::default();
        for (pair, share) in sweep.final_share(at.costs).iter().enumerate() {
            let (s, j) = (pair / n, pair % n);
            if !causes.contains(&j) {
                continue;
            }
            row.read(at, pair..pair + 1);
            let cause = j - causes.start;
            let spending = share * at.income_scale[j];
            self.imports[j][cause] += (sweep.foreign_share[pair] * spending) as f32;
            self.revenue[j][cause] += (revenue_share(at, pair) * spending) as f32;
            for i in 0..n {
                self.exports[i][cause] += row.paid[i] * spending as f32;
                self.sales[s * n + i][cause] += row.sold[i] * spending as f32;
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
        let Some(input) = at.input_share() else { return };
        let mut paid = Vec::new();
        let mut usage = vec![Row::default(); n];
        for k in 0..d.sectors {
            usage.fill(Row::default());
            own_products_into(&mut usage, &self.sales, |s, i| input[d.input(i, s, k)] as f32);
            for pairs in importers(n, k) {
                let usage = &usage[pairs.start - k * n..pairs.end - k * n];
                for (pair, usage) in pairs.clone().zip(usage) {
                    add(&mut self.imports[pair % n], sweep.foreign_share[pair] as f32, usage);
                    add(&mut self.revenue[pair % n], revenue_share(at, pair) as f32, usage);
                }
                narrow(at, &mut paid, &at.costs.paid, pairs);
                columns_into(&mut self.exports, &paid, usage);
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
        output(&mut self.sales);
        self.spend_on_inputs(at);
        let (balances, budgets) = matrix.split_at_mut(2 * n * n);
        for i in 0..n {
            for (cause, column) in columns.clone().enumerate() {
                let surplus: f64 = (0..sectors)
                    .map(|s| c.technology.surplus_share[s * n + i] * f64::from(self.sales[s * n + i][cause]))
                    .sum();
                let (imports, exports) = (self.imports[i][cause], self.exports[i][cause]);
                balances[i * 2 * n + column] =
                    f64::from(imports) / sweep.uses[i] - f64::from(exports) / sweep.sources[i];
                budgets[i * 2 * n + column] =
                    -(f64::from(self.revenue[i][cause]) + surplus) / at.income_scale[i];
            }
        }
    }
}

kernel::dispatch! {
    /// `weight[s,i] += Σ_k γ[i,k→s] price[k,i]`.
    free fn inputs_into / inputs_into_wide / inputs_into_body(weight: &mut [Row], input: &[f64], price: &[Row], n: usize)
}

#[inline(always)]
fn inputs_into_body(weight: &mut [Row], input: &[f64], price: &[Row], n: usize) {
    for (weight, input) in weight.chunks_exact_mut(n).zip(input.chunks_exact(price.len())) {
        own_products_into(weight, price, |k, i| input[k * n + i] as f32);
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
pub(crate) fn home_producer_share(at: &Linearisation<'_>, pair: usize) -> f64 {
    if at.sweep.taxed() { at.sweep.home_producer_share[pair] } else { at.sweep.home_share[pair] }
}

/// Tariff revenue per unit of spending.
pub(crate) fn revenue_share(at: &Linearisation<'_>, pair: usize) -> f64 {
    let importer = pair % at.calibration.dimensions.economies;
    1.0 - (at.sweep.foreign_share[pair] + at.sweep.home_share[pair]) * at.costs.border_over_payment[importer]
}
