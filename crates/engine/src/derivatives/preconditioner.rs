//! An approximate inverse of the model's derivative: each economy's own input-output loop exactly, the loops through
//! trading partners once, and factor prices and incomes by a small dense system of all economies.
//!
//! The blocks are `I − D γ` (prices, D the home shares) and `I − H γᵀ` (outputs, H what home producers receive), one S×S
//! system per economy, factorised side by side. Where D = H, as it is without scale economies and taxes on home sales,
//! `I − D γᵀ = D (I − D γ)ᵀ D⁻¹`, so that the factors for prices, transposed, serve outputs too. Eliminating prices and outputs with them leaves 2N equations in wages and incomes; their matrix is
//! formed once at calibration, from the benchmark, and serves all solves from there unless convergence slows.

use super::linearisation::{ForwardBuffers, Linearisation};
use super::reduced_system::{self, home_producer_share};
use super::reverse::ReverseBuffers;
use crate::equations::layout::{BlocksMut, Layout};
use crate::equations::limit::Side;
use crate::linear::columns::Row;
use crate::linear::dense::{Blocks, Lu};
use crate::linear::kernel;

/// The factorised approximation.
#[derive(Debug, Clone)]
pub(crate) struct Preconditioner {
    price: Option<Blocks>,
    output: OutputBlocks,
    reduced: Lu,
}

/// The loops of outputs through an economy's own inputs.
#[derive(Debug, Clone)]
pub(crate) enum OutputBlocks {
    /// No inputs, no loops.
    None,
    /// Those of prices, transposed, between the home shares, N·S.
    OfPrices(Vec<f32>),
    /// Their own.
    Own(Blocks),
}

/// Home shares below this count as this in the loops, so that they can be divided by. So small that a sector that sells
/// next to nothing at home is not told to.
const LEAST_HOME_SHARE: f64 = 1e-18;

impl Preconditioner {
    /// Factorises at a point.
    pub fn new(at: &Linearisation<'_>) -> Self {
        let c = at.calibration;
        let t = &c.technology;
        let d = c.dimensions;
        let (n, sectors) = (d.economies, d.sectors);
        let (mut price, mut output) = (None, OutputBlocks::None);
        if let (Some(input), Some(cost_input)) = (at.input_share(), at.cost_input()) {
            let own = |s: usize, k: usize| if s == k { 1.0 } else { 0.0 };
            let by_price: Vec<f64> = (0..d.pairs())
                .map(|pair| {
                    let (s, i) = (pair / n, pair % n);
                    let share = at.sweep.share(at.costs, pair * n + i).max(LEAST_HOME_SHARE);
                    t.cost_power[s] / t.trade_elasticity[s] * share * at.input_scale()[pair]
                })
                .collect();
            let by_output: Vec<f64> =
                (0..d.pairs()).map(|pair| home_producer_share(at, pair).max(LEAST_HOME_SHARE)).collect();
            price = Some(Blocks::factorise(sectors, n, |s, k, i| {
                own(s, k) - by_price[s * n + i] * cost_input[d.input(i, s, k)]
            }));
            let same = !c.tells_investment()
                && by_price.iter().zip(&by_output).all(|(a, b)| (a - b).abs() <= 1e-9 * b);
            output = if same {
                OutputBlocks::OfPrices(by_output.iter().map(|share| *share as f32).collect())
            } else {
                OutputBlocks::Own(Blocks::factorise(sectors, n, |s, k, i| {
                    own(s, k) - by_output[s * n + i] * input[d.input(i, k, s)]
                }))
            };
        }
        let by_output = |x: &mut [Row]| output.solve_rows(price.as_ref(), x);
        let matrix = reduced_system::system(at, price.as_ref(), &by_output);
        Self { price, output, reduced: Lu::factorise(2 * n, matrix) }
    }

    kernel::dispatch! {
        /// `x ≈ J⁻¹ r`, and its product `y = J x`.
        pub fn apply / apply_wide / apply_body(self: &, at: &Linearisation<'_>, r: &[f64], x: &mut [f64], y: &mut [f64], own: &mut PreconditionerBuffers, forward: &mut ForwardBuffers)
    }

    #[inline(always)]
    fn apply_body(
        &self,
        at: &Linearisation<'_>,
        r: &[f64],
        x: &mut [f64],
        y: &mut [f64],
        own: &mut PreconditionerBuffers,
        forward: &mut ForwardBuffers,
    ) {
        let n = at.calibration.dimensions.economies;
        let layout = at.layout();
        let from = layout.split(r);
        let PreconditionerBuffers { level, pairs, reduced, image, none, narrow } = own;
        // Wages and incomes: what outputs' own residuals do to them is left to the next direction.
        reduced[..n].copy_from_slice(from.wage);
        reduced[n..].copy_from_slice(from.income);
        self.reduced.solve(reduced);
        // Prices and hours, given wages.
        {
            let to = layout.split_mut(x);
            to.wage.copy_from_slice(&reduced[..n]);
            to.income.copy_from_slice(&reduced[n..]);
            to.output.fill(0.0);
            to.hours.copy_from_slice(from.hours);
            for (to, (from, side)) in to.limit.iter_mut().zip(from.limit.iter().zip(at.sides)) {
                *to = if *side != Side::Free { *from } else { -from };
            }
            at.prices_given_wages(to.wage, from.price, to.price, &mut pairs[..n]);
            if let Some(blocks) = &self.price {
                blocks.solve(to.price, narrow);
            }
        }
        // Outputs, given all else.
        at.apply_but_outputs(x, y, forward);
        let so_far = layout.split(y);
        for pair in 0..level.len() {
            level[pair] = (from.output[pair] - so_far.output[pair]) * at.output_scale[pair];
        }
        self.output.solve(self.price.as_ref(), level, narrow);
        let to = layout.split_mut(x);
        for pair in 0..level.len() {
            to.output[pair] = level[pair] / at.output_scale[pair];
        }
        if at.outputs_only_spend() {
            let n = none.len();
            image.resize(3 * n + level.len(), 0.0);
            let (economies, output) = image.split_at_mut(3 * n);
            let (wage, rest) = economies.split_at_mut(n);
            let (hours, income) = rest.split_at_mut(n);
            let mut more = BlocksMut { wage, hours, income, price: &mut [], output, limit: &mut [] };
            at.apply_outputs(to.output, &mut more, none, forward);
            let y = layout.split_mut(y);
            for (y, more) in [(y.wage, wage), (y.hours, hours), (y.income, income), (y.output, output)] {
                for (y, more) in y.iter_mut().zip(more.iter()) {
                    *y += more;
                }
            }
        } else {
            at.apply(x, y, forward);
        }
    }

    kernel::dispatch! {
        /// `x ≈ J⁻ᵀ b`: the steps of [`apply`](Self::apply) backwards.
        pub fn apply_transposed / apply_transposed_wide / apply_transposed_body(self: &, at: &Linearisation<'_>, b: &[f64], x: &mut [f64], own: &mut PreconditionerBuffers, reverse: &mut ReverseBuffers)
    }

    #[inline(always)]
    fn apply_transposed_body(
        &self,
        at: &Linearisation<'_>,
        b: &[f64],
        x: &mut [f64],
        own: &mut PreconditionerBuffers,
        reverse: &mut ReverseBuffers,
    ) {
        let c = at.calibration;
        let t = &c.technology;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let layout = at.layout();
        let from = layout.split(b);
        let PreconditionerBuffers { level, pairs, reduced, image, narrow, .. } = own;
        image.resize(layout.len(), 0.0);
        for pair in 0..level.len() {
            level[pair] = from.output[pair] / at.output_scale[pair];
        }
        self.output.solve_transposed(self.price.as_ref(), level, narrow);
        x.fill(0.0);
        let to = layout.split_mut(x);
        for pair in 0..level.len() {
            to.output[pair] = at.output_scale[pair] * level[pair];
        }
        at.apply_transposed_of_outputs(x, image, reverse);
        let image = layout.split(image);
        let to = layout.split_mut(x);
        for pair in 0..level.len() {
            to.price[pair] = from.price[pair] - image.price[pair];
        }
        if let Some(blocks) = &self.price {
            blocks.solve_transposed(to.price, narrow);
        }
        for i in 0..n {
            to.hours[i] = from.hours[i] - image.hours[i];
            reduced[i] = from.wage[i] - image.wage[i];
            reduced[n + i] = from.income[i] - image.income[i];
        }
        for (k, to) in to.limit.iter_mut().enumerate() {
            let wedge = from.limit[k] - image.limit[k];
            *to = if at.sides[k] != Side::Free { wedge } else { -wedge };
        }
        for s in 0..sectors {
            let ratio = t.cost_power[s] / t.trade_elasticity[s];
            let own = s * n..(s + 1) * n;
            let (cost, factor) = pairs.split_at_mut(n);
            let factor = &mut factor[..n];
            cost.fill(0.0);
            kernel::multiply(factor, &to.price[own.clone()], &at.sweep.scale[own.clone()]);
            kernel::rows_into(cost, factor, &at.costs.weight[s * n * n..(s + 1) * n * n]);
            kernel::scale_by(cost, &at.sweep.weight[own]);
            for i in 0..n {
                reduced[i] += ratio * at.factor_exponent()[s * n + i] * cost[i];
            }
        }
        self.reduced.solve_transposed(reduced);
        to.wage.copy_from_slice(&reduced[..n]);
        to.income.copy_from_slice(&reduced[n..]);
    }
}

impl OutputBlocks {
    fn solve(&self, price: Option<&Blocks>, x: &mut [f64], room: &mut Vec<f32>) {
        match (self, price) {
            (Self::Own(blocks), _) => blocks.solve(x, room),
            (Self::OfPrices(home), Some(blocks)) => {
                divide_by(x, home);
                blocks.solve_transposed(x, room);
                multiply_by(x, home);
            }
            _ => {}
        }
    }

    fn solve_transposed(&self, price: Option<&Blocks>, x: &mut [f64], room: &mut Vec<f32>) {
        match (self, price) {
            (Self::Own(blocks), _) => blocks.solve_transposed(x, room),
            (Self::OfPrices(home), Some(blocks)) => {
                multiply_by(x, home);
                blocks.solve(x, room);
                divide_by(x, home);
            }
            _ => {}
        }
    }

    /// [`solve`](Self::solve) for several causes, `[sector, economy]`.
    fn solve_rows(&self, price: Option<&Blocks>, x: &mut [Row]) {
        match (self, price) {
            (Self::Own(blocks), _) => blocks.solve_rows(x),
            (Self::OfPrices(home), Some(blocks)) => {
                for (x, home) in x.iter_mut().zip(home) {
                    x.iter_mut().for_each(|x| *x /= home);
                }
                blocks.solve_rows_transposed(x);
                for (x, home) in x.iter_mut().zip(home) {
                    x.iter_mut().for_each(|x| *x *= home);
                }
            }
            _ => {}
        }
    }
}

#[inline(always)]
fn multiply_by(x: &mut [f64], factor: &[f32]) {
    for (x, factor) in x.iter_mut().zip(factor) {
        *x *= f64::from(*factor);
    }
}

#[inline(always)]
fn divide_by(x: &mut [f64], factor: &[f32]) {
    for (x, factor) in x.iter_mut().zip(factor) {
        *x /= f64::from(*factor);
    }
}

impl Linearisation<'_> {
    kernel::dispatch! {
        /// `price = right + Σ_i π' γ_i dw_i`: what wages alone do to prices.
        fn prices_given_wages / prices_given_wages_wide / prices_given_wages_body(self: &, wage: &[f64], right: &[f64], price: &mut [f64], cost: &mut [f64])
    }

    #[inline(always)]
    fn prices_given_wages_body(&self, wage: &[f64], right: &[f64], price: &mut [f64], cost: &mut [f64]) {
        let c = self.calibration;
        let t = &c.technology;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let ratio = t.cost_power[s] / t.trade_elasticity[s];
            let (exponent, weight) =
                (&self.factor_exponent()[pairs.clone()], &self.sweep.weight[pairs.clone()]);
            let (scale, right) = (&self.sweep.scale[pairs.clone()], &right[pairs.clone()]);
            let price = &mut price[pairs];
            if c.traded[s] {
                for i in 0..n {
                    cost[i] = ratio * exponent[i] * wage[i] * weight[i];
                }
                kernel::rows_times(&self.costs.weight[s * n * n..(s + 1) * n * n], cost, price);
                for i in 0..n {
                    price[i] = right[i] + scale[i] * price[i];
                }
            } else {
                for i in 0..n {
                    let own = if scale[i] != 0.0 { ratio * exponent[i] * wage[i] } else { 0.0 };
                    price[i] = right[i] + own;
                }
            }
        }
    }
}

/// ReverseBuffers for applying a preconditioner.
#[derive(Debug, Default, Clone)]
pub(crate) struct PreconditionerBuffers {
    level: Vec<f64>,
    pairs: Vec<f64>,
    reduced: Vec<f64>,
    image: Vec<f64>,
    /// Zero for every economy.
    none: Vec<f64>,
    narrow: Vec<f32>,
}

impl PreconditionerBuffers {
    /// Makes room.
    pub fn resize(&mut self, layout: Layout) {
        self.level.resize(layout.pairs, 0.0);
        self.pairs.resize(2 * layout.n, 0.0);
        self.reduced.resize(2 * layout.n, 0.0);
        self.none.resize(layout.n, 0.0);
    }
}
