//! An approximate inverse of the model's derivative: each economy's own input-output loop exactly, the loops through
//! trading partners once, and factor prices and incomes by a small dense system of all economies.
//!
//! The blocks are `I − π_nn γ` (prices) and `I − h_nn γ` (outputs), one S×S system per economy, factorised side by
//! side. Eliminating prices and outputs with them leaves 2N equations in wages and incomes; their matrix is
//! formed once at calibration, from the benchmark, and serves all solves from there unless convergence slows.

use super::dense::{Blocks, Lu};
use super::kernel;
use super::linearisation::{Linearisation, Scratch};
use super::reverse::Room;
use super::sweep::Layout;
use super::workspace::Workspace;
use crate::calibration::Calibration;
use crate::instruments::Instruments;

/// The factorised approximation.
#[derive(Debug, Clone)]
pub(crate) struct Preconditioner {
    price: Option<Blocks>,
    output: Option<Blocks>,
    reduced: Lu,
}

impl Preconditioner {
    /// The one that the calibration keeps, made at the data by whichever solve first needs it, so that no solve's
    /// result depends on the solves before it.
    pub fn of_calibration(calibration: &Calibration) -> Option<&Self> {
        let kept = calibration.kept.once.get_or_init(|| {
            let mut space = Workspace::default();
            let folded = space.costs.fold(calibration, &Instruments::of(&calibration.benchmark));
            Box::new(folded.is_ok().then(|| {
                space.start_from_data(calibration);
                space.sweep.evaluate(calibration, &space.costs, &space.z);
                Self::new(&Linearisation {
                    calibration,
                    sweep: &space.sweep,
                    income_scale: &calibration.income,
                    output_scale: &calibration.output,
                })
            }))
        });
        kept.downcast_ref::<Option<Self>>().and_then(Option::as_ref)
    }

    /// Factorises at a point.
    pub fn new(at: &Linearisation<'_>) -> Self {
        let c = at.calibration;
        let d = c.dimensions;
        let (n, sectors) = (d.economies, d.sectors);
        let home = |economy: usize, sector: usize| d.cell(economy, economy, sector);
        let (mut price, mut output) = (None, None);
        if let Some(input) = &c.input_share {
            let mut a = vec![0.0; d.inputs()];
            let mut b = vec![0.0; d.inputs()];
            for s in 0..sectors {
                for k in 0..sectors {
                    for i in 0..n {
                        let own = if s == k { 1.0 } else { 0.0 };
                        let at_ik = (s * sectors + k) * n + i;
                        a[at_ik] = own
                            - at.sweep.share[home(i, s)] * c.input_scale[s * n + i] * input[d.input(i, s, k)];
                        b[at_ik] = own - at.sweep.sales_share()[home(i, s)] * input[d.input(i, k, s)];
                    }
                }
            }
            price = Some(Blocks::factorise(sectors, n, a));
            output = Some(Blocks::factorise(sectors, n, b));
        }
        let reduced = reduced_system(at, price.as_ref(), output.as_ref());
        Self { price, output, reduced: Lu::factorise(2 * n, reduced) }
    }

    fn solve_price(&self, x: &mut [f64]) {
        if let Some(blocks) = &self.price {
            blocks.solve(x);
        }
    }

    fn solve_output(&self, x: &mut [f64]) {
        if let Some(blocks) = &self.output {
            blocks.solve(x);
        }
    }

    /// `x ≈ J⁻¹ r`.
    pub fn apply(
        &self,
        at: &Linearisation<'_>,
        r: &[f64],
        x: &mut [f64],
        work: &mut Work,
        scratch: &mut Scratch,
    ) {
        let c = at.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let layout = Layout::of(c);
        let (r_wage, r_income, r_price, r_output) = layout.split(r);
        // Outputs alone, in levels.
        let level = &mut work.level;
        for pair in 0..level.len() {
            level[pair] = r_output[pair] * at.output_scale[pair];
        }
        self.solve_output(level);
        let reduced = &mut work.reduced;
        let (labour, budget) = reduced.split_at_mut(n);
        labour.fill(0.0);
        budget.fill(0.0);
        for s in 0..sectors {
            for i in 0..n {
                let pair = s * n + i;
                labour[i] += c.labour_share[pair] * level[pair];
                budget[i] += c.surplus_share[pair] * level[pair];
            }
        }
        add_revenue_from_inputs(at, level, budget, &mut work.pairs);
        for i in 0..n {
            labour[i] = r_wage[i] + labour[i] / at.sweep.labour_demand[i];
            budget[i] = r_income[i] + budget[i] / at.income_scale[i];
        }
        self.reduced.solve(reduced);
        // Prices, given wages.
        {
            let (wage, income, price, output) = layout.split_mut(x);
            wage.copy_from_slice(&reduced[..n]);
            income.copy_from_slice(&reduced[n..]);
            output.fill(0.0);
            for s in 0..sectors {
                let cost = &mut work.pairs[..n];
                for i in 0..n {
                    cost[i] = c.factor_exponent[s * n + i] * wage[i];
                }
                for importer in 0..n {
                    let pair = s * n + importer;
                    price[pair] =
                        r_price[pair] + kernel::dot(&at.sweep.share[pair * n..(pair + 1) * n], cost);
                }
            }
            self.solve_price(price);
        }
        // Outputs, given all else.
        at.apply(x, &mut work.image, scratch);
        let (_, _, _, y_output) = layout.split(&work.image);
        for pair in 0..level.len() {
            level[pair] = (r_output[pair] - y_output[pair]) * at.output_scale[pair];
        }
        self.solve_output(level);
        let (_, _, _, output) = layout.split_mut(x);
        for pair in 0..level.len() {
            output[pair] = level[pair] / at.output_scale[pair];
        }
    }
}

impl Preconditioner {
    /// `x ≈ J⁻ᵀ b`: the steps of [`apply`](Self::apply) backwards.
    pub fn apply_transposed(
        &self,
        at: &Linearisation<'_>,
        b: &[f64],
        x: &mut [f64],
        work: &mut Work,
        room: &mut Room,
    ) {
        let c = at.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let layout = Layout::of(c);
        let (b_wage, b_income, b_price, b_output) = layout.split(b);
        let Work { level, pairs, reduced, image } = work;
        for pair in 0..level.len() {
            level[pair] = b_output[pair] / at.output_scale[pair];
        }
        if let Some(blocks) = &self.output {
            blocks.solve_transposed(level);
        }
        {
            let (wage, income, price, output) = layout.split_mut(x);
            wage.fill(0.0);
            income.fill(0.0);
            price.fill(0.0);
            for pair in 0..level.len() {
                output[pair] = at.output_scale[pair] * level[pair];
            }
        }
        at.apply_transposed(x, image, room);
        let (i_wage, i_income, i_price, _) = layout.split(image);
        let (wage, income, price, output) = layout.split_mut(x);
        for pair in 0..level.len() {
            price[pair] = b_price[pair] - i_price[pair];
        }
        if let Some(blocks) = &self.price {
            blocks.solve_transposed(price);
        }
        for i in 0..n {
            reduced[i] = b_wage[i] - i_wage[i];
            reduced[n + i] = b_income[i] - i_income[i];
        }
        for s in 0..sectors {
            let cost = &mut pairs[..n];
            cost.fill(0.0);
            for importer in 0..n {
                let pair = s * n + importer;
                kernel::add_scaled(cost, price[pair], &at.sweep.share[pair * n..(pair + 1) * n]);
            }
            for i in 0..n {
                reduced[i] += c.factor_exponent[s * n + i] * cost[i];
            }
        }
        self.reduced.solve_transposed(reduced);
        wage.copy_from_slice(&reduced[..n]);
        income.copy_from_slice(&reduced[n..]);
        // What output earns, backwards.
        for s in 0..sectors {
            for i in 0..n {
                let pair = s * n + i;
                let budget = income[i] / at.income_scale[i];
                level[pair] = c.labour_share[pair] * wage[i] / at.sweep.labour_demand[i]
                    + c.surplus_share[pair] * budget;
                pairs[pair] = (1.0 - at.sweep.border_sum[pair]) * budget;
            }
        }
        if let Some(input) = &c.input_share {
            for s in 0..sectors {
                kernel::inputs_into_costs(
                    &mut level[s * n..(s + 1) * n],
                    &input[s * sectors * n..(s + 1) * sectors * n],
                    pairs,
                );
            }
        }
        if let Some(blocks) = &self.output {
            blocks.solve_transposed(level);
        }
        for pair in 0..level.len() {
            output[pair] += at.output_scale[pair] * level[pair];
        }
    }
}

/// Room for applying a preconditioner.
#[derive(Debug, Default, Clone)]
pub(crate) struct Work {
    level: Vec<f64>,
    pairs: Vec<f64>,
    reduced: Vec<f64>,
    image: Vec<f64>,
}

impl Work {
    /// Makes room.
    pub fn resize(&mut self, layout: Layout) {
        self.level.resize(layout.pairs, 0.0);
        self.pairs.resize(layout.pairs, 0.0);
        self.reduced.resize(2 * layout.n, 0.0);
        self.image.resize(layout.len(), 0.0);
    }
}

/// Tariff revenue on the inputs that a change of output needs.
fn add_revenue_from_inputs(at: &Linearisation<'_>, level: &[f64], budget: &mut [f64], usage: &mut [f64]) {
    let c = at.calibration;
    let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
    let Some(input) = &c.input_share else { return };
    usage.fill(0.0);
    for s in 0..sectors {
        kernel::outputs_into_use(
            usage,
            &input[s * sectors * n..(s + 1) * sectors * n],
            &level[s * n..(s + 1) * n],
        );
    }
    for (s, usage) in usage.chunks_exact(n).enumerate() {
        for i in 0..n {
            budget[i] += (1.0 - at.sweep.border_sum[s * n + i]) * usage[i];
        }
    }
}

/// The 2N×2N system in wages and incomes that is left when prices and outputs are eliminated with the domestic blocks.
fn reduced_system(at: &Linearisation<'_>, price: Option<&Blocks>, output: Option<&Blocks>) -> Vec<f64> {
    let c = at.calibration;
    let d = c.dimensions;
    let (n, sectors) = (d.economies, d.sectors);
    let sweep = at.sweep;
    // Prices' response to each wage: [sector, importer, wage].
    let mut response = vec![0.0; d.cells()];
    for (row, (target, share)) in response.chunks_exact_mut(n).zip(sweep.share.chunks_exact(n)).enumerate() {
        let s = row / n;
        for j in 0..n {
            target[j] = share[j] * c.factor_exponent[s * n + j];
        }
    }
    if let Some(blocks) = price {
        blocks.solve_columns(&mut response, n);
    }
    // Unit costs' response.
    let mut cost = vec![0.0; d.cells()];
    for s in 0..sectors {
        for i in 0..n {
            let pair = s * n + i;
            let target = &mut cost[pair * n..(pair + 1) * n];
            if let Some(input) = &c.input_share {
                for k in 0..sectors {
                    let factor = c.input_scale[pair] * input[d.input(i, s, k)];
                    if factor != 0.0 {
                        kernel::add_scaled(target, factor, &response[(k * n + i) * n..(k * n + i + 1) * n]);
                    }
                }
            }
            target[i] += c.factor_exponent[pair];
        }
    }
    // Sales' response to wages, and revenue's.
    let mut sales = vec![0.0; d.cells()];
    let mut revenue = vec![0.0; n * n];
    let mut mean = vec![0.0; n];
    let mut border_mean = vec![0.0; n];
    let sales_share = sweep.sales_share();
    for s in 0..sectors {
        let theta = c.trade_elasticity[s];
        for i in 0..n {
            let pair = s * n + i;
            let (target, source) = (&mut sales[pair * n..(pair + 1) * n], &cost[pair * n..(pair + 1) * n]);
            kernel::add_scaled(target, -theta * sweep.sales[pair], source);
        }
        for importer in 0..n {
            let pair = s * n + importer;
            let spending = sweep.expenditure[pair];
            if spending == 0.0 {
                continue;
            }
            mean.fill(0.0);
            border_mean.fill(0.0);
            let open = sweep.border_sum[pair] != 1.0;
            for i in 0..n {
                let source = &cost[(s * n + i) * n..(s * n + i + 1) * n];
                kernel::add_scaled(&mut mean, sweep.share[pair * n + i], source);
                if open {
                    kernel::add_scaled(&mut border_mean, sweep.border_share[pair * n + i], source);
                }
            }
            for i in 0..n {
                let factor = theta * sales_share[pair * n + i] * spending;
                kernel::add_scaled(&mut sales[(s * n + i) * n..(s * n + i + 1) * n], factor, &mean);
            }
            if open {
                let row = &mut revenue[importer * n..(importer + 1) * n];
                kernel::add_scaled(row, theta * spending, &border_mean);
                kernel::add_scaled(row, -theta * spending * sweep.border_sum[pair], &mean);
            }
        }
    }
    // Sales' response to incomes.
    let mut demand = vec![0.0; d.cells()];
    for s in 0..sectors {
        for i in 0..n {
            let target = &mut demand[(s * n + i) * n..(s * n + i + 1) * n];
            for j in 0..n {
                let pair = s * n + j;
                target[j] = sales_share[pair * n + i] * c.final_share[pair] * at.income_scale[j];
            }
        }
    }
    if let Some(blocks) = output {
        blocks.solve_columns(&mut sales, n);
        blocks.solve_columns(&mut demand, n);
    }
    // What a unit of output earns its economy beside wages.
    let mut beside = c.surplus_share.clone();
    if let Some(input) = &c.input_share {
        for s in 0..sectors {
            for k in 0..sectors {
                for i in 0..n {
                    beside[s * n + i] += input[d.input(i, s, k)] * (1.0 - sweep.border_sum[k * n + i]);
                }
            }
        }
    }
    let size = 2 * n;
    let mut matrix = vec![0.0; size * size];
    let world: f64 = sweep.labour_income.iter().sum();
    for i in 0..n {
        let (wage_rows, income_rows) = matrix.split_at_mut(size * n);
        let wage_row = &mut wage_rows[i * size..(i + 1) * size];
        let income_row = &mut income_rows[i * size..(i + 1) * size];
        for s in 0..sectors {
            let pair = s * n + i;
            let (by_wage, by_income) = (&sales[pair * n..(pair + 1) * n], &demand[pair * n..(pair + 1) * n]);
            let labour = -c.labour_share[pair] / sweep.labour_demand[i];
            kernel::add_scaled(&mut wage_row[..n], labour, by_wage);
            kernel::add_scaled(&mut wage_row[n..], labour, by_income);
            let other = -beside[pair] / at.income_scale[i];
            kernel::add_scaled(&mut income_row[..n], other, by_wage);
            kernel::add_scaled(&mut income_row[n..], other, by_income);
            income_row[n + i] -= (1.0 - sweep.border_sum[pair]) * c.final_share[pair];
        }
        wage_row[i] += 1.0;
        income_row[n + i] += 1.0;
        income_row[i] -= sweep.labour_income[i] / at.income_scale[i];
        kernel::add_scaled(&mut income_row[..n], -1.0 / at.income_scale[i], &revenue[i * n..(i + 1) * n]);
        for j in 0..n {
            wage_row[j] += sweep.labour_income[j] / world;
        }
    }
    matrix
}
