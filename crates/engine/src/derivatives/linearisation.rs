//! The model's derivative at a point, applied forward and transposed without ever being formed.
//!
//! Unknowns and equations are both relative: `d ln ŵ`, `d ln L̂`, `dI/I`, `d ln P̂`, `dY/Y`. With `q` the logarithm of an
//! exporter's weight the cells enter only through shares: `d ln P̂ = −(1/θ) Σ_i π' dq_i` and
//! `dM_ni = h_ni (dX_n + X_n (dq_i − Σ_j π'_nj dq_j))`, so that a product costs one pass over the cells, like
//! a sweep, and its transpose the same pass with the roles of dot product and accumulation exchanged.

use crate::equations::layout::{BlocksMut, Layout};
use crate::equations::limit::Side;
use crate::equations::sweep::Sweep;
use crate::equations::trade_cost::TradeCosts;
use crate::linear::kernel;
use crate::model::calibration::Calibration;
use crate::model::instruments::{LimitMeasure, RentOwner};

/// Room for one product.
#[derive(Debug, Default, Clone)]
pub(crate) struct ForwardBuffers {
    cost: Vec<f64>,
    dq: Vec<f64>,
    pub(super) spending: Vec<f64>,
    push: Vec<f64>,
    received: Vec<f64>,
    sales: Vec<f64>,
    pub(super) level: Vec<f64>,
    log_output: Vec<f64>,
    /// Where inputs substitute: what is spent on them beside outputs' change, d ln γ', and what value added earns, N·S.
    pub(super) used: Vec<f64>,
    pub(super) value_added: Vec<f64>,
    pub(super) earned: Vec<f64>,
    economies: Vec<f64>,
    /// Room for one sector's rows.
    row: Vec<f64>,
    /// What moves beside the unknowns, where a direction of the instruments is followed.
    pub extra: Option<Extra>,
}

/// Changes that enter beside the unknowns: ln ĉ, q and X of every pair; capital income from abroad and the index of final
/// use of every economy. What of ln ĉ comes through the price of factors at constant shares is told apart, since shares answer to it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Extra {
    pub cost: Vec<f64>,
    pub bundle: Vec<f64>,
    pub weight: Vec<f64>,
    pub spending: Vec<f64>,
    pub abroad: Vec<f64>,
    pub index: Vec<f64>,
}

impl ForwardBuffers {
    /// Makes room.
    pub fn resize(&mut self, calibration: &Calibration, limits: usize) {
        let d = calibration.dimensions;
        for pairs in [
            &mut self.dq,
            &mut self.spending,
            &mut self.push,
            &mut self.received,
            &mut self.sales,
            &mut self.level,
        ] {
            pairs.resize(d.pairs(), 0.0);
        }
        let of_output = if calibration.technology.needs_output_logs() { d.pairs() } else { 0 };
        self.log_output.resize(of_output, 0.0);
        let nested = if calibration.technology.substitutes_inputs() { d.pairs() } else { 0 };
        for pairs in [&mut self.used, &mut self.value_added, &mut self.earned] {
            pairs.resize(nested, 0.0);
        }
        self.cost.resize(if limits > 0 { d.pairs() } else { d.economies }, 0.0);
        self.economies.resize(9 * d.economies, 0.0);
        self.row.resize(4 * d.economies, 0.0);
    }
}

/// The point of linearisation: a sweep and the scales of its levels.
pub(crate) struct Linearisation<'a> {
    pub calibration: &'a Calibration,
    pub costs: &'a TradeCosts,
    pub sweep: &'a Sweep,
    /// I, N.
    pub income_scale: &'a [f64],
    /// max(Y, floor), N·S.
    pub output_scale: &'a [f64],
    /// On which side each limit is.
    pub sides: &'a [Side],
}

impl Linearisation<'_> {
    /// The layout of its vectors.
    pub fn layout(&self) -> Layout {
        Layout::new(self.calibration, self.costs.limits.len())
    }

    /// d ln Ŷ of a pair per unit of the relative unknown.
    pub fn log_output_per_unit(&self, pair: usize) -> f64 {
        let c = self.calibration;
        if c.output[pair] > 0.0 {
            self.output_scale[pair] / (c.output[pair] * self.sweep.log_output[pair].exp())
        } else {
            0.0
        }
    }

    /// `y = J x`.
    pub fn apply(&self, x: &[f64], y: &mut [f64], buffers: &mut ForwardBuffers) {
        self.apply_parts(x, y, buffers, true);
    }

    /// `y = J x` for an x whose outputs are zero.
    pub fn apply_but_outputs(&self, x: &[f64], y: &mut [f64], buffers: &mut ForwardBuffers) {
        self.apply_parts(x, y, buffers, false);
    }

    fn apply_parts(&self, x: &[f64], y: &mut [f64], buffers: &mut ForwardBuffers, outputs: bool) {
        let layout = self.layout();
        let x = layout.split(x);
        let mut y = layout.split_mut(y);
        self.costs_forward(x.wage, x.hours, x.price, x.output, buffers);
        self.spending_forward(x.income, x.price, buffers);
        if outputs {
            kernel::multiply(&mut buffers.level, self.output_scale, x.output);
        } else {
            buffers.level.fill(0.0);
        }
        if self.sweep.nests.any() {
            self.substitution_forward(x.price, buffers);
        } else if outputs {
            self.inputs_forward(buffers);
        }
        self.markets_forward(x.wage, x.limit, x.price, &mut y, buffers);
        self.budgets_forward(x.wage, x.hours, x.income, x.price, x.output, &mut y, buffers);
        self.limits_forward(x.limit, self.unit_forward(x.wage, x.price), &mut y, buffers);
    }

    /// Whether outputs act through spending alone, so that [`apply_outputs`](Self::apply_outputs) tells all of their effect.
    pub fn outputs_only_spend(&self) -> bool {
        let t = &self.calibration.technology;
        !t.needs_output_logs() && t.spending_power.is_empty() && self.costs.limits.is_empty()
    }

    /// `y = J x` for an x of outputs alone (all else zero: `none`, N), at half the cost: shares do not
    /// move, nor do prices, whose entries are left alone.
    pub fn apply_outputs(
        &self,
        output: &[f64],
        y: &mut BlocksMut<'_>,
        none: &[f64],
        buffers: &mut ForwardBuffers,
    ) {
        kernel::multiply(&mut buffers.level, self.output_scale, output);
        buffers.spending.fill(0.0);
        buffers.dq.fill(0.0);
        self.inputs_forward(buffers);
        self.earned_at_given_shares(buffers);
        self.purchases_forward(buffers);
        self.budgets_forward(none, none, none, &[], output, y, buffers);
    }

    kernel::dispatch! {
        /// Spending on inputs.
        fn inputs_forward / inputs_forward_wide / inputs_forward_body(self: &, buffers: &mut ForwardBuffers)
    }

    #[inline(always)]
    fn inputs_forward_body(&self, buffers: &mut ForwardBuffers) {
        let ForwardBuffers { spending, level, .. } = buffers;
        if let Some(input) = self.input_share() {
            kernel::outputs_into_use(spending, input, level, self.calibration.dimensions.economies);
        }
    }

    kernel::dispatch! {
        /// What a change of spending buys at given shares.
        fn purchases_forward / purchases_forward_wide / purchases_forward_body(self: &, buffers: &mut ForwardBuffers)
    }

    #[inline(always)]
    fn purchases_forward_body(&self, buffers: &mut ForwardBuffers) {
        let n = self.calibration.dimensions.economies;
        let (costs, sweep) = (self.costs, self.sweep);
        let ForwardBuffers { spending, push, received, sales, economies, row, .. } = buffers;
        received.fill(0.0);
        sales.fill(0.0);
        economies.fill(0.0);
        push.copy_from_slice(spending);
        let (imports, rest) = economies.split_at_mut(n);
        let revenue = &mut rest[..n];
        let factor = &mut row[..n];
        for s in 0..self.calibration.dimensions.sectors {
            let pairs = s * n..(s + 1) * n;
            let change = &spending[pairs.clone()];
            let foreign = &sweep.foreign_share[pairs.clone()];
            let home = &sweep.home_share[pairs.clone()];
            for i in 0..n {
                imports[i] += foreign[i] * change[i];
                revenue[i] += change[i] * (1.0 - (foreign[i] + home[i]) * costs.border_over_payment[i]);
            }
            if self.calibration.traded[s] {
                let cells = s * n * n..(s + 1) * n * n;
                let weight = &sweep.weight[pairs.clone()];
                kernel::multiply(factor, &sweep.scale[pairs.clone()], change);
                kernel::rows_into(&mut received[pairs.clone()], factor, &costs.paid[cells.clone()]);
                kernel::scale_by(&mut received[pairs.clone()], weight);
                if sweep.taxed() {
                    kernel::rows_into(&mut sales[pairs.clone()], factor, &costs.sold[cells]);
                    kernel::scale_by(&mut sales[pairs], weight);
                }
            }
        }
    }

    kernel::dispatch! {
        /// d ln ĉ and dq.
        fn costs_forward / costs_forward_wide / costs_forward_body(self: &, wage: &[f64], hours: &[f64], price: &[f64], output: &[f64], buffers: &mut ForwardBuffers)
    }

    #[inline(always)]
    fn costs_forward_body(
        &self,
        wage: &[f64],
        hours: &[f64],
        price: &[f64],
        output: &[f64],
        buffers: &mut ForwardBuffers,
    ) {
        let c = self.calibration;
        let t = &c.technology;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let nested = self.sweep.nests.any();
        // Only limits want to know all costs afterwards.
        let limited = !self.costs.limits.is_empty();
        if t.needs_output_logs() {
            for pair in 0..output.len() {
                buffers.log_output[pair] = self.log_output_per_unit(pair) * output[pair];
            }
        }
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let cost = if limited { &mut buffers.cost[pairs.clone()] } else { &mut buffers.cost[..n] };
            cost.fill(0.0);
            if let Some(input) = self.cost_input() {
                kernel::inputs_into_costs(cost, &input[s * sectors * n..(s + 1) * sectors * n], price);
            }
            if nested {
                for i in 0..n {
                    let pair = s * n + i;
                    let mut bundle = wage[i];
                    if let Some(power) = t.factor_power.get(pair) {
                        let fixed = if t.labour_is_fixed_factor { hours[i] } else { 0.0 };
                        bundle += power * (buffers.log_output[pair] - fixed - wage[i]);
                    }
                    bundle += buffers.extra.as_ref().map_or(0.0, |extra| extra.bundle[pair]);
                    let shares = &self.sweep.nests;
                    buffers.used[pair] =
                        shares.use_by_bundle[pair] * bundle + shares.use_by_inputs[pair] * cost[i];
                    buffers.value_added[pair] = shares.value_added_by_bundle[pair] * bundle
                        + shares.value_added_by_inputs[pair] * cost[i];
                }
            }
            let (exponent, scale) =
                (&self.factor_exponent()[pairs.clone()], &self.input_scale()[pairs.clone()]);
            for i in 0..n {
                cost[i] = scale[i] * cost[i] + exponent[i] * wage[i];
            }
            if !t.factor_power.is_empty() {
                for i in 0..n {
                    let fixed = if t.labour_is_fixed_factor { hours[i] } else { 0.0 };
                    let relative = buffers.log_output[s * n + i] - fixed - wage[i];
                    cost[i] += exponent[i] * t.factor_power[s * n + i] * relative;
                }
            }
            if let Some(extra) = &buffers.extra {
                kernel::add_scaled(cost, 1.0, &extra.cost[pairs.clone()]);
            }
            let power = t.cost_power[s];
            let dq = &mut buffers.dq[pairs.clone()];
            for i in 0..n {
                dq[i] = -power * cost[i];
            }
            if let Some(extra) = &buffers.extra {
                kernel::add_scaled(dq, 1.0, &extra.weight[pairs]);
            }
            if t.labour_power[s] != 0.0 {
                for i in 0..n {
                    dq[i] += t.labour_power[s] * (wage[i] + hours[i]);
                }
            }
            if !t.output_power.is_empty() {
                for i in 0..n {
                    dq[i] += t.output_power[s * n + i] * buffers.log_output[s * n + i];
                }
            }
        }
    }

    kernel::dispatch! {
        /// dX.
        fn spending_forward / spending_forward_wide / spending_forward_body(self: &, income: &[f64], price: &[f64], buffers: &mut ForwardBuffers)
    }

    #[inline(always)]
    fn spending_forward_body(&self, income: &[f64], price: &[f64], buffers: &mut ForwardBuffers) {
        let c = self.calibration;
        let n = c.dimensions.economies;
        let ForwardBuffers { spending, economies, extra, .. } = buffers;
        for (spending, share) in
            spending.chunks_exact_mut(n).zip(self.sweep.final_share(self.costs).chunks_exact(n))
        {
            for i in 0..n {
                spending[i] = share[i] * self.income_scale[i] * income[i];
            }
        }
        if let Some(elasticity) = c.technology.demand_elasticity {
            let index = &mut economies[..n];
            self.price_index_forward(price, index);
            for pair in 0..price.len() {
                let i = pair % n;
                spending[pair] += (1.0 - elasticity)
                    * self.sweep.final_share(self.costs)[pair]
                    * self.income_scale[i]
                    * (price[pair] - index[i]);
            }
        }
        if let Some(extra) = extra {
            kernel::add_scaled(spending, 1.0, &extra.spending);
        }
    }

    /// The index of all final use.
    fn price_index_forward(&self, price: &[f64], index: &mut [f64]) {
        let n = index.len();
        index.fill(0.0);
        for (share, price) in self.sweep.final_share(self.costs).chunks_exact(n).zip(price.chunks_exact(n)) {
            for i in 0..n {
                index[i] += share[i] * price[i];
            }
        }
    }

    kernel::dispatch! {
        /// Prices, sales, imports, revenue.
        fn markets_forward / markets_forward_wide / markets_forward_body(self: &, wage: &[f64], wedge: &[f64], price: &[f64], y: &mut BlocksMut<'_>, buffers: &mut ForwardBuffers)
    }

    #[inline(always)]
    fn markets_forward_body(
        &self,
        wage: &[f64],
        wedge: &[f64],
        price: &[f64],
        y: &mut BlocksMut<'_>,
        buffers: &mut ForwardBuffers,
    ) {
        let c = self.calibration;
        let t = &c.technology;
        let (costs, sweep) = (self.costs, self.sweep);
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let ForwardBuffers { dq, spending, push, received, sales, economies, row, .. } = buffers;
        received.fill(0.0);
        sales.fill(0.0);
        economies.fill(0.0);
        let (imports, rest) = economies.split_at_mut(n);
        let (revenue, _) = rest.split_at_mut(n);
        let (moved, rest) = row.split_at_mut(n);
        let (mean, rest) = rest.split_at_mut(n);
        let (payment, factor) = rest.split_at_mut(n);
        let mut limited = costs.limited.as_slice();
        let together = kernel::rows_at_once(n);
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let dq = &dq[pairs.clone()];
            let theta = t.trade_elasticity[s];
            let (scale, weight) = (&sweep.scale[pairs.clone()], &sweep.weight[pairs.clone()]);
            let total = &sweep.expenditure[pairs.clone()];
            let spending = &spending[pairs.clone()];
            let push = &mut push[pairs.clone()];
            let received = &mut received[pairs.clone()];
            let sales = &mut sales[pairs.clone()];
            let here = limited.iter().take_while(|(cell, ..)| *cell < (s + 1) * n * n).count();
            let (own, later) = limited.split_at(here);
            limited = later;
            kernel::multiply(moved, weight, dq);
            let mut first = 0;
            while first < n {
                let end = (first + together).min(n);
                let rows = first..end;
                let cells = (s * n + first) * n..(s * n + end) * n;
                if c.traded[s] {
                    kernel::rows_times(&costs.weight[cells.clone()], moved, &mut mean[rows.clone()]);
                    kernel::rows_times(&costs.paid[cells.clone()], moved, &mut payment[rows.clone()]);
                    kernel::scale_by(&mut mean[rows.clone()], &scale[rows.clone()]);
                    kernel::scale_by(&mut payment[rows.clone()], &scale[rows.clone()]);
                } else {
                    payment[rows.clone()].fill(0.0);
                    for i in rows.clone() {
                        mean[i] = if scale[i] != 0.0 { dq[i] } else { 0.0 };
                    }
                }
                for &(cell, k, power) in own.iter().filter(|(cell, ..)| cells.contains(cell)) {
                    let (by_weight, by_payment, _) = self.wedge_forward(k, power, wedge);
                    let importer = cell / n % n;
                    mean[importer] += sweep.share(costs, cell) * by_weight;
                    payment[importer] += sweep.payment_share(costs, cell) * (by_weight + by_payment);
                }
                for i in rows.clone() {
                    push[i] = spending[i] - total[i] * mean[i];
                    factor[i] = scale[i] * push[i];
                }
                if c.traded[s] {
                    kernel::rows_into(received, &factor[rows.clone()], &costs.paid[cells.clone()]);
                    if sweep.taxed() {
                        kernel::rows_into(sales, &factor[rows.clone()], &costs.sold[cells]);
                    }
                }
                first = end;
            }
            kernel::scale_by(received, weight);
            kernel::scale_by(sales, weight);
            let (foreign, home) = (&sweep.foreign_share[pairs.clone()], &sweep.home_share[pairs.clone()]);
            let (to_price, from_price) = (&mut y.price[pairs.clone()], &price[pairs.clone()]);
            let inverse = 1.0 / theta;
            for i in 0..n {
                to_price[i] = from_price[i] + mean[i] * inverse;
                let bought = foreign[i] * push[i] + total[i] * payment[i];
                let kept = home[i] * (push[i] + total[i] * dq[i]);
                imports[i] += bought;
                revenue[i] += spending[i] - (bought + kept) * costs.border_over_payment[i];
            }
            if !t.spending_power.is_empty() {
                for i in (0..n).filter(|i| total[*i] > 0.0) {
                    let relative = if t.spending_over_wage { wage[i] } else { 0.0 };
                    to_price[i] -= t.spending_power[s * n + i] * (spending[i] / total[i] - relative);
                }
            }
            for &(cell, k, power) in own {
                let (by_weight, by_payment, by_producer) = self.wedge_forward(k, power, wedge);
                let (importer, exporter) = (cell / n % n, cell % n);
                received[exporter] +=
                    total[importer] * sweep.payment_share(costs, cell) * (by_weight + by_payment);
                if sweep.taxed() {
                    sales[exporter] +=
                        total[importer] * sweep.producer_share(costs, cell) * (by_weight + by_producer);
                }
            }
        }
    }

    /// What a change of a limit's wedge does to the logarithms of a cell's weight, payment and producer payment.
    fn wedge_forward(&self, limit: usize, power: f64, wedge: &[f64]) -> (f64, f64, f64) {
        let change = wedge[limit];
        let (payment, producer) = match self.costs.limits[limit].rent {
            RentOwner::Importer => (-change, -change),
            RentOwner::Exporter => (0.0, -change),
            RentOwner::None => (0.0, 0.0),
        };
        (-power * change, payment, producer)
    }

    kernel::dispatch! {
        /// What sectors add up to: outputs, exports, GDP and capital income.
        fn sectors_forward / sectors_forward_wide / sectors_forward_body(self: &, output: &[f64], to: &mut [f64], buffers: &mut ForwardBuffers)
    }

    #[inline(always)]
    fn sectors_forward_body(&self, output: &[f64], to: &mut [f64], buffers: &mut ForwardBuffers) {
        let (t, sweep) = (&self.calibration.technology, self.sweep);
        let n = self.calibration.dimensions.economies;
        let ForwardBuffers { dq, push, received, sales, level, earned, economies, .. } = buffers;
        let earned = if earned.is_empty() { level } else { earned };
        let (_, rest) = economies.split_at_mut(2 * n);
        let (exports, rest) = rest.split_at_mut(n);
        let (gdp, rest) = rest.split_at_mut(n);
        let capital = &mut rest[..n];
        for (s, to) in to.chunks_exact_mut(n).enumerate() {
            let pairs = s * n..(s + 1) * n;
            let (dq, push) = (&dq[pairs.clone()], &push[pairs.clone()]);
            let (received, sold_before) = (&received[pairs.clone()], &sweep.received[pairs.clone()]);
            let (spending, home) = (&sweep.expenditure[pairs.clone()], &sweep.home_share[pairs.clone()]);
            let (output, scale) = (&output[pairs.clone()], &self.output_scale[pairs.clone()]);
            let earned = &earned[pairs.clone()];
            let (surplus, profit) = (&t.surplus_share[pairs.clone()], &t.profit_share[pairs.clone()]);
            if sweep.taxed() {
                for i in 0..n {
                    let pair = s * n + i;
                    let kept = push[i] + spending[i] * dq[i];
                    let bought = received[i] + sold_before[i] * dq[i];
                    exports[i] += bought;
                    let abroad = sweep.sales[pair] - spending[i] * sweep.home_producer_share[pair];
                    let sold = sales[pair] + abroad * dq[i] + sweep.home_producer_share[pair] * kept;
                    gdp[i] += bought + home[i] * kept - sold;
                    to[i] = output[i] - sold / scale[i];
                }
            } else {
                for i in 0..n {
                    let kept = push[i] + spending[i] * dq[i];
                    let bought = received[i] + sold_before[i] * dq[i];
                    exports[i] += bought;
                    to[i] = output[i] - (bought + home[i] * kept) / scale[i];
                }
            }
            for i in 0..n {
                gdp[i] += surplus[i] * earned[i];
                capital[i] += (surplus[i] - profit[i]) * earned[i];
            }
        }
    }

    /// Outputs, incomes, hours and foreign exchange.
    #[allow(clippy::too_many_arguments)]
    fn budgets_forward(
        &self,
        wage: &[f64],
        hours: &[f64],
        income: &[f64],
        price: &[f64],
        output: &[f64],
        y: &mut BlocksMut<'_>,
        buffers: &mut ForwardBuffers,
    ) {
        let c = self.calibration;
        let (t, sweep) = (&c.technology, self.sweep);
        let n = c.dimensions.economies;
        self.sectors_forward(output, y.output, buffers);
        let ForwardBuffers { level, earned, economies, .. } = buffers;
        let earned = if earned.is_empty() { level } else { earned };
        let (imports, rest) = economies.split_at_mut(n);
        let (revenue, rest) = rest.split_at_mut(n);
        let (exports, rest) = rest.split_at_mut(n);
        let (gdp, rest) = rest.split_at_mut(n);
        let (capital, rest) = rest.split_at_mut(n);
        let (abroad, rest) = rest.split_at_mut(n);
        let (deficit, rest) = rest.split_at_mut(n);
        let (index, bloc) = rest.split_at_mut(n);
        for transfer in &self.costs.capital_transfers {
            let amount = transfer.share * earned[transfer.pair];
            abroad[transfer.pair % n] -= amount;
            abroad[transfer.owner] += amount;
        }
        for i in 0..n {
            let labour = sweep.labour_income[i] * (wage[i] + hours[i]);
            gdp[i] += labour + abroad[i] + revenue[i];
            bloc[c.bloc[i]] += (labour + capital[i]) / sweep.bloc_income[c.bloc[i]];
        }
        self.deficits_forward(gdp, deficit);
        self.revalue_deficits(self.unit_forward(wage, price), deficit);
        if t.hours_elasticity != 0.0 {
            self.price_index_forward(price, index);
        }
        for i in 0..n {
            let balance = |sign: f64, change: f64| {
                if sign < 0.0 { -change / sweep.uses[i] } else { -change / sweep.sources[i] }
            };
            y.wage[i] = imports[i] / sweep.uses[i] - exports[i] / sweep.sources[i]
                + balance(sweep.deficit[i], deficit[i])
                + balance(sweep.abroad[i], abroad[i])
                + bloc[c.bloc[i]];
            y.income[i] = income[i] - (gdp[i] + deficit[i]) / self.income_scale[i];
            y.hours[i] = hours[i];
            if t.hours_elasticity != 0.0 {
                let mut real = wage[i] - index[i];
                if t.tax_relief {
                    let tax = sweep.tariff_revenue[i] / sweep.labour_income[i];
                    real += (revenue[i] / sweep.labour_income[i] - tax * (wage[i] + hours[i])) / (1.0 - tax);
                }
                y.hours[i] -= t.hours_elasticity * real;
            }
        }
    }

    /// Limited flows.
    fn limits_forward(&self, wedge: &[f64], unit: f64, y: &mut BlocksMut<'_>, buffers: &ForwardBuffers) {
        let n = self.calibration.dimensions.economies;
        for (k, limit) in self.costs.limits.iter().enumerate() {
            if self.sides[k] == Side::Free {
                y.limit[k] = -wedge[k];
                continue;
            }
            let whole = (self.sweep.log_limited[k] - self.sweep.log_unit(limit.measure)).exp();
            let mut change = 0.0;
            for limited in &limit.cells {
                let (pair, cell) = (limited.cell / n, limited.cell);
                let exporter = (pair / n) * n + cell % n;
                let flow = self.sweep.limited_flow(self.costs, limit, cell, n);
                let total = self.sweep.expenditure[pair];
                let mut relative =
                    buffers.dq[exporter] + if total > 0.0 { buffers.push[pair] / total } else { 0.0 };
                // Every limit on the cell moves it.
                for &(_, other, power) in self.costs.limited.iter().filter(|(known, ..)| *known == cell) {
                    let (weight, payment, producer) = self.wedge_forward(other, power, wedge);
                    relative += weight
                        + match limit.measure {
                            LimitMeasure::Value => payment,
                            LimitMeasure::Volume if self.sweep.taxed() => producer,
                            LimitMeasure::Volume => payment,
                        };
                }
                if limit.measure == LimitMeasure::Volume {
                    relative -= buffers.cost[exporter];
                }
                change += flow * relative;
            }
            y.limit[k] = change / whole + if limit.measure == LimitMeasure::Value { unit } else { 0.0 };
        }
    }
}
