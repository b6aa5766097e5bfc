//! One sweep run backwards: from the derivative of a number in what a sweep computes to its derivative in the
//! unknowns and in every instrument.
//!
//! For a row (importer, sector) with shares `π'`, payment shares `h` and spending X, let `v_i` be the derivative in
//! `ln π'_i` at given prices, V its sum and `p̄` the derivative in `ln P̂`. Then the derivative in the logarithm of exporter
//! i's weight is `v_i − π'_i (V + p̄/θ)`: what the exporter gains less what its gain takes from all. Tariffs act through
//! the weight and through `1/(1+t')` directly; iceberg costs through the weight alone.

use super::linearisation::Linearisation;
use crate::equations::limit::Side;
use crate::linear::kernel;
use crate::model::instruments::{LimitMeasure, RentOwner};

/// Derivatives of a number in what a sweep computes. World-GDP units.
#[derive(Debug, Default, Clone)]
pub(crate) struct OutputAdjoints {
    /// In ln P̂ as the price map gives it, N·S.
    pub price: Vec<f64>,
    /// In sales at producer prices, N·S.
    pub sales: Vec<f64>,
    /// In payments for imports, N.
    pub imports: Vec<f64>,
    /// In payments received for exports, N.
    pub exports: Vec<f64>,
    /// In import tariff revenue, N.
    pub revenue: Vec<f64>,
    /// In export tax revenue, N.
    pub export_revenue: Vec<f64>,
    /// In the logarithms of limited flows.
    pub limited: Vec<f64>,
    /// In border values, home sales included, N·N·S; empty where there are none.
    pub border_value: Vec<f64>,
    /// In ln γ', and in the logarithm of what a sector spends on inputs at given prices over its output, N·S; used where inputs
    /// substitute.
    pub value_added: Vec<f64>,
    pub input_use: Vec<f64>,
}

impl OutputAdjoints {
    /// Makes buffers, all zero.
    pub fn resize(&mut self, economies: usize, pairs: usize, limits: usize) {
        for (vector, size) in [
            (&mut self.price, pairs),
            (&mut self.sales, pairs),
            (&mut self.imports, economies),
            (&mut self.exports, economies),
            (&mut self.revenue, economies),
            (&mut self.export_revenue, economies),
            (&mut self.limited, limits),
            (&mut self.border_value, 0),
            (&mut self.value_added, pairs),
            (&mut self.input_use, pairs),
        ] {
            vector.clear();
            vector.resize(size, 0.0);
        }
    }
}

/// Where the backward sweep arrives: derivatives in the unknowns (wages, hours, prices in logarithms, incomes and
/// outputs in levels) that enter the sweep.
#[derive(Debug, Default, Clone)]
pub(crate) struct InputAdjoints {
    pub wage: Vec<f64>,
    pub hours: Vec<f64>,
    pub income: Vec<f64>,
    pub price: Vec<f64>,
    pub output: Vec<f64>,
    pub limit: Vec<f64>,
    /// In ln ĉ, N·S.
    pub cost: Vec<f64>,
    /// In q, N·S.
    pub weight: Vec<f64>,
    /// In ln Ŷ, N·S.
    pub log_output: Vec<f64>,
    /// In X, N·S.
    pub spending: Vec<f64>,
    /// In the price of the factor bundle at constant shares, but for what that does to ln ĉ, N·S; used where inputs substitute.
    pub bundle: Vec<f64>,
    /// In the level of output through use, N·S; used where inputs substitute.
    used: Vec<f64>,
    /// Unit costs' derivatives times the scale of their inputs, N·S.
    scaled: Vec<f64>,
    /// Room for one sector's rows.
    row: Vec<f64>,
}

impl InputAdjoints {
    /// Makes buffers.
    pub fn resize(&mut self, economies: usize, pairs: usize, limits: usize) {
        for vector in [&mut self.wage, &mut self.hours, &mut self.income] {
            vector.resize(economies, 0.0);
        }
        for vector in [
            &mut self.price,
            &mut self.output,
            &mut self.cost,
            &mut self.weight,
            &mut self.log_output,
            &mut self.spending,
            &mut self.scaled,
            &mut self.bundle,
            &mut self.used,
        ] {
            vector.resize(pairs, 0.0);
        }
        self.limit.resize(limits, 0.0);
        self.row.resize(5 * economies, 0.0);
    }
}

/// Derivatives in the logarithms of tariff factors, export tax factors and iceberg costs, N·N·S each.
#[derive(Debug, Default, Clone)]
pub(crate) struct CellAdjoints {
    pub tariff: Vec<f64>,
    pub export_tax: Vec<f64>,
    pub trade_cost: Vec<f64>,
}

impl Linearisation<'_> {
    kernel::dispatch! {
        /// Runs the sweep backwards, to outputs too where they are asked for; where not, derivatives in imports and import
        /// revenue are zero. With `cells`, derivatives in the instruments
        /// of single flows are written as well.
        pub fn reverse / reverse_wide / reverse_body(self: &, outputs: &OutputAdjoints, inputs: &mut InputAdjoints, cells: Option<&mut CellAdjoints>, to_outputs: bool)
    }

    #[inline(always)]
    fn reverse_body(
        &self,
        outputs: &OutputAdjoints,
        inputs: &mut InputAdjoints,
        mut cells: Option<&mut CellAdjoints>,
        to_outputs: bool,
    ) {
        let c = self.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        inputs.weight.fill(0.0);
        inputs.cost.fill(0.0);
        inputs.wage.fill(0.0);
        inputs.limit.fill(0.0);
        let plain = cells.is_none()
            && outputs.border_value.is_empty()
            && !self.sweep.taxed()
            && self.costs.limited.is_empty();
        for s in 0..sectors {
            if plain {
                self.reverse_sector(outputs, inputs, s, to_outputs);
                continue;
            }
            for importer in 0..n {
                self.reverse_row_in_full(outputs, inputs, cells.as_deref_mut(), s * n + importer);
            }
        }
        for pair in 0..c.technology.spending_power.len() {
            self.reverse_spending_power(outputs, inputs, pair);
        }
        self.reverse_costs(outputs, inputs);
        self.reverse_use(inputs, to_outputs);
    }

    /// All rows of a sector where nothing acts on single cells. Derivatives in imports and revenue may be known to be zero.
    #[inline(always)]
    fn reverse_sector(
        &self,
        outputs: &OutputAdjoints,
        inputs: &mut InputAdjoints,
        s: usize,
        abroad_counts: bool,
    ) {
        let c = self.calibration;
        let n = c.dimensions.economies;
        let (costs, sweep) = (self.costs, self.sweep);
        let theta = c.technology.trade_elasticity[s];
        let pairs = s * n..(s + 1) * n;
        let cells = s * n * n..(s + 1) * n * n;
        let (weight, scale) = (&sweep.weight[pairs.clone()], &sweep.scale[pairs.clone()]);
        let InputAdjoints { row, spending, weight: to, .. } = inputs;
        let (value, rest) = row.split_at_mut(n);
        let (gain, rest) = rest.split_at_mut(n);
        let (abroad, rest) = rest.split_at_mut(n);
        let taken = &mut rest[..n];
        let (sales, price) = (&outputs.sales[pairs.clone()], &outputs.price[pairs.clone()]);
        let (imports, exports, revenue) =
            (&outputs.imports[..n], &outputs.exports[..n], &outputs.revenue[..n]);
        let (foreign_share, home_share) =
            (&sweep.foreign_share[pairs.clone()], &sweep.home_share[pairs.clone()]);
        let (total, received) = (&sweep.expenditure[pairs.clone()], &sweep.received[pairs.clone()]);
        let (over, spending) = (&costs.border_over_payment[..n], &mut spending[pairs.clone()]);
        for i in 0..n {
            value[i] = weight[i] * (sales[i] + exports[i]);
        }
        if c.traded[s] {
            kernel::rows_times(&costs.paid[cells.clone()], value, gain);
        } else {
            gain.fill(0.0);
        }
        let inverse = 1.0 / theta;
        for i in 0..n {
            let taxed_away = revenue[i] * over[i];
            let foreign = taxed_away - imports[i];
            let by_home = home_share[i] * (sales[i] - taxed_away);
            let all = scale[i] * gain[i] - foreign * foreign_share[i] + by_home;
            spending[i] = all + revenue[i];
            abroad[i] = -foreign * scale[i] * total[i];
            taken[i] = -scale[i] * (total[i] * all + price[i] * inverse);
            gain[i] = total[i] * by_home;
        }
        let to = &mut to[pairs];
        if c.traded[s] {
            if abroad_counts {
                kernel::rows_into(to, abroad, &costs.paid[cells.clone()]);
            }
            kernel::rows_into(to, taken, &costs.weight[cells]);
        } else {
            for i in 0..n {
                to[i] = taken[i] * costs.weight[(s * n + i) * n + i];
            }
        }
        for i in 0..n {
            to[i] = weight[i] * to[i] + gain[i] + (sales[i] + exports[i]) * received[i];
        }
    }

    /// Spending's own power in prices.
    fn reverse_spending_power(&self, outputs: &OutputAdjoints, inputs: &mut InputAdjoints, pair: usize) {
        let t = &self.calibration.technology;
        let spending = self.sweep.expenditure[pair];
        if let Some(power) = t.spending_power.get(pair)
            && *power != 0.0
            && spending > 0.0
        {
            inputs.spending[pair] += power * outputs.price[pair] / spending;
            if t.spending_over_wage {
                inputs.wage[pair % self.calibration.dimensions.economies] -= power * outputs.price[pair];
            }
        }
    }

    /// One row with all that can act on a cell: export taxes, limits, values of single flows.
    #[inline(always)]
    fn reverse_row_in_full(
        &self,
        outputs: &OutputAdjoints,
        inputs: &mut InputAdjoints,
        to_cells: Option<&mut CellAdjoints>,
        pair: usize,
    ) {
        let c = self.calibration;
        let n = c.dimensions.economies;
        let (s, importer) = (pair / n, pair % n);
        let theta = c.technology.trade_elasticity[s];
        let power = c.technology.tariff_power[pair];
        let sweep = self.sweep;
        let taxed = sweep.taxed();
        let spending = sweep.expenditure[pair];
        let over = self.costs.border_over_payment[importer];
        // Shares of the row, and derivatives in payment and in producer payment of each cell.
        let InputAdjoints { row, spending: by_spending, weight: to, cost: to_cost, limit: to_limit, .. } =
            inputs;
        let (share, rest) = row.split_at_mut(n);
        let (payment, rest) = rest.split_at_mut(n);
        let (producer, rest) = rest.split_at_mut(n);
        let (by_payment, rest) = rest.split_at_mut(n);
        let (by_producer, _) = rest.split_at_mut(n);
        let cells = pair * n..(pair + 1) * n;
        let sales = &outputs.sales[s * n..(s + 1) * n];
        {
            let factor = &mut *payment;
            kernel::multiply(share, &sweep.weight[s * n..(s + 1) * n], &self.costs.weight[cells.clone()]);
            for (factor, weight) in factor.iter_mut().zip(&sweep.weight[s * n..(s + 1) * n]) {
                *factor = sweep.scale[pair] * weight;
            }
            if taxed {
                kernel::multiply(producer, factor, &self.costs.sold[cells.clone()]);
            }
            kernel::scale_by(factor, &self.costs.paid[cells.clone()]);
        }
        for share in share.iter_mut() {
            *share *= sweep.scale[pair];
        }
        payment[importer] = sweep.home_share[pair];
        if taxed {
            producer[importer] = sweep.home_producer_share[pair];
        } else {
            producer.copy_from_slice(payment);
        }
        let revenue = outputs.revenue[importer] * over;
        for i in 0..n {
            // Where nothing is taxed revenue is zero and its derivative in a first tax is not.
            let export = outputs.export_revenue[i];
            by_payment[i] = export - revenue + outputs.exports[i] + outputs.imports[importer];
            by_producer[i] = sales[i] - export;
        }
        if !outputs.border_value.is_empty() {
            kernel::add_scaled(by_payment, over, &outputs.border_value[cells.clone()]);
        }
        let home = outputs.border_value.get(cells.start + importer).map_or(0.0, |by| over * by);
        by_payment[importer] = outputs.export_revenue[importer] - revenue + home;
        let own = |entry: &&(usize, usize, f64)| cells.contains(&entry.0);
        for &(cell, k, _) in self.costs.limited.iter().filter(own) {
            let limit = &self.costs.limits[k];
            let amount = outputs.limited[k] / (sweep.log_limited[k] - sweep.log_unit(limit.measure)).exp();
            if amount == 0.0 || self.sides[k] == Side::Free {
                continue;
            }
            let (exporter, i) = (s * n + cell % n, cell % n);
            match limit.measure {
                LimitMeasure::Value => by_payment[i] += amount * over,
                LimitMeasure::Volume => {
                    let unit = amount * over / sweep.log_unit_cost[exporter].exp();
                    if taxed {
                        by_producer[i] += unit
                    } else {
                        by_payment[i] += unit
                    }
                    to_cost[exporter] -= amount * sweep.limited_flow(self.costs, limit, cell, n);
                }
            }
        }
        let gain = kernel::dot(payment, by_payment) + kernel::dot(producer, by_producer);
        by_spending[pair] = gain + outputs.revenue[importer];
        let taken = spending * gain + outputs.price[pair] / theta;
        // From here the rows hold what acts on each cell: through producers, directly, and on its weight.
        for i in 0..n {
            producer[i] *= spending * by_producer[i];
            payment[i] = spending * payment[i] * by_payment[i] + producer[i];
            share[i] = payment[i] - share[i] * taken;
        }
        let (weight, direct) = (share, payment);
        for (to, weight) in to[s * n..(s + 1) * n].iter_mut().zip(weight.iter()) {
            *to += weight;
        }
        for &(cell, k, wedge_power) in self.costs.limited.iter().filter(own) {
            let i = cell % n;
            to_limit[k] -= wedge_power * weight[i]
                + match self.costs.limits[k].rent {
                    RentOwner::Importer => direct[i],
                    RentOwner::Exporter => producer[i],
                    RentOwner::None => 0.0,
                };
        }
        if let Some(to) = to_cells {
            for ((to, weight), direct) in
                to.tariff[cells.clone()].iter_mut().zip(weight.iter()).zip(direct.iter())
            {
                *to = -power * weight - direct;
            }
            for ((to, weight), sold) in
                to.export_tax[cells.clone()].iter_mut().zip(weight.iter()).zip(producer.iter())
            {
                *to = -power * weight - sold;
            }
            for (to, weight) in to.trade_cost[cells].iter_mut().zip(weight.iter()) {
                *to = -theta * weight;
            }
        }
    }

    /// From exporters' weights to costs, wages, hours, prices and outputs.
    #[inline(always)]
    fn reverse_costs(&self, outputs: &OutputAdjoints, inputs: &mut InputAdjoints) {
        let c = self.calibration;
        let t = &c.technology;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let nests = &self.sweep.nests;
        let InputAdjoints {
            wage,
            hours,
            price,
            output,
            cost,
            weight,
            log_output,
            scaled,
            spending,
            bundle,
            used,
            ..
        } = inputs;
        if nests.any() {
            used.fill(0.0);
            for s in 0..sectors {
                let shares = &nests.input_share[s * sectors * n..(s + 1) * sectors * n];
                kernel::inputs_into_costs(&mut used[s * n..(s + 1) * n], shares, spending);
            }
        }
        hours.fill(0.0);
        price.fill(0.0);
        output.fill(0.0);
        log_output.fill(0.0);
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let power = t.cost_power[s];
            let cost = &mut cost[pairs.clone()];
            let weight = &weight[pairs.clone()];
            let exponent = &self.factor_exponent()[pairs.clone()];
            for i in 0..n {
                cost[i] -= power * weight[i];
                wage[i] += exponent[i] * cost[i];
            }
            if t.labour_power[s] != 0.0 {
                for i in 0..n {
                    wage[i] += t.labour_power[s] * weight[i];
                    hours[i] += t.labour_power[s] * weight[i];
                }
            }
            if !t.output_power.is_empty() {
                for i in 0..n {
                    log_output[s * n + i] += t.output_power[s * n + i] * weight[i];
                }
            }
            if !t.factor_power.is_empty() {
                for i in 0..n {
                    let relative = exponent[i] * t.factor_power[s * n + i] * cost[i];
                    log_output[s * n + i] += relative;
                    wage[i] -= relative;
                    if t.labour_is_fixed_factor {
                        hours[i] -= relative;
                    }
                }
            }
            kernel::multiply(&mut scaled[pairs.clone()], &self.input_scale()[pairs], cost);
        }
        if nests.any() {
            for pair in 0..used.len() {
                let i = pair % n;
                let by_use = nests.output[pair] * used[pair] + outputs.input_use[pair];
                let by_value_added = outputs.value_added[pair];
                bundle[pair] =
                    nests.use_by_bundle[pair] * by_use + nests.value_added_by_bundle[pair] * by_value_added;
                scaled[pair] +=
                    nests.use_by_inputs[pair] * by_use + nests.value_added_by_inputs[pair] * by_value_added;
                wage[i] += bundle[pair];
                if let Some(power) = t.factor_power.get(pair) {
                    let relative = power * bundle[pair];
                    log_output[pair] += relative;
                    wage[i] -= relative;
                    if t.labour_is_fixed_factor {
                        hours[i] -= relative;
                    }
                }
            }
        }
        if let Some(input) = self.cost_input() {
            kernel::outputs_into_use(price, input, scaled, n);
        }
        if t.needs_output_logs() {
            for pair in 0..output.len() {
                output[pair] += log_output[pair] * self.log_output_per_unit(pair) / self.output_scale[pair];
            }
        }
    }

    /// From spending to incomes, outputs and, where sectors substitute, prices.
    #[inline(always)]
    fn reverse_use(&self, inputs: &mut InputAdjoints, to_outputs: bool) {
        let c = self.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let InputAdjoints { income, price, output, spending, used, row, .. } = inputs;
        income.fill(0.0);
        for (share, spending) in
            self.sweep.final_share(self.costs).chunks_exact(n).zip(spending.chunks_exact(n))
        {
            for i in 0..n {
                income[i] += share[i] * spending[i];
            }
        }
        if let Some(elasticity) = c.technology.demand_elasticity {
            let mean = &mut row[..n];
            mean.copy_from_slice(income);
            for pair in 0..price.len() {
                let i = pair % n;
                price[pair] += (1.0 - elasticity)
                    * self.sweep.final_share(self.costs)[pair]
                    * self.income_scale[i]
                    * (spending[pair] - mean[i]);
            }
        }
        let nests = &self.sweep.nests;
        if nests.any() {
            for pair in 0..price.len() {
                price[pair] += nests.own_use[pair] * spending[pair];
                output[pair] += used[pair];
            }
        } else if let (Some(input), true) = (c.input_share(), to_outputs) {
            for s in 0..sectors {
                kernel::inputs_into_costs(
                    &mut output[s * n..(s + 1) * n],
                    &input[s * sectors * n..(s + 1) * sectors * n],
                    spending,
                );
            }
        }
    }

    /// `y = Jᵀ λ`, both relative as in [`apply`](Self::apply).
    pub fn apply_transposed(&self, multiplier: &[f64], y: &mut [f64], buffers: &mut ReverseBuffers) {
        self.apply_transposed_parts(multiplier, y, buffers, true);
    }

    /// `y = Jᵀ λ` for multipliers of outputs alone (all else zero), but for y's own entries of outputs, which hold nothing of
    /// use.
    pub fn apply_transposed_of_outputs(
        &self,
        multiplier: &[f64],
        y: &mut [f64],
        buffers: &mut ReverseBuffers,
    ) {
        self.apply_transposed_parts(multiplier, y, buffers, false);
    }

    kernel::dispatch! {
        /// Both of the above.
        fn apply_transposed_parts / apply_transposed_wide / apply_transposed_body(self: &, multiplier: &[f64], y: &mut [f64], buffers: &mut ReverseBuffers, outputs: bool)
    }

    #[inline(always)]
    fn apply_transposed_body(
        &self,
        multiplier: &[f64],
        y: &mut [f64],
        buffers: &mut ReverseBuffers,
        outputs: bool,
    ) {
        let c = self.calibration;
        let t = &c.technology;
        let (n, pairs) = (c.dimensions.economies, c.dimensions.pairs());
        let layout = self.layout();
        self.adjoints_of(multiplier, buffers);
        self.reverse(&buffers.outputs, &mut buffers.inputs, None, outputs);
        let from = layout.split(multiplier);
        let y = layout.split_mut(y);
        let inputs = &buffers.inputs;
        let (bloc, own_bloc) = (&buffers.bloc, &buffers.own_bloc);
        for i in 0..n {
            let labour = self.sweep.labour_income[i] * (bloc[c.bloc[i]] - buffers.gdp[i]);
            let mut wage = labour;
            let mut hours = from.hours[i] + labour;
            if t.hours_elasticity != 0.0 {
                let supply = t.hours_elasticity * from.hours[i];
                let mut share = 0.0;
                if t.tax_relief {
                    let tax = self.sweep.tariff_revenue[i] / self.sweep.labour_income[i];
                    share = tax / (1.0 - tax);
                }
                wage -= supply * (1.0 - share);
                hours += supply * share;
            }
            y.wage[i] = wage - inputs.wage[i];
            y.hours[i] = hours - inputs.hours[i];
            y.income[i] = from.income[i] - inputs.income[i] * self.income_scale[i];
        }
        for s in 0..pairs / n {
            let own = s * n..(s + 1) * n;
            let (to, own_price, by) =
                (&mut y.price[own.clone()], &from.price[own.clone()], &inputs.price[own.clone()]);
            for i in 0..n {
                to[i] = own_price[i] - by[i];
            }
            let (to, scale) = (&mut y.output[own.clone()], &self.output_scale[own.clone()]);
            let (own_output, by) = (&from.output[own.clone()], &inputs.output[own.clone()]);
            let (surplus, profit) = (&t.surplus_share[own.clone()], &t.profit_share[own]);
            let nests = &self.sweep.nests;
            for i in 0..n {
                let capital = surplus[i] - profit[i];
                let earned = surplus[i] * buffers.gdp[i] - capital * own_bloc[i];
                let earned = if nests.any() { nests.value_added_hat[s * n + i] * earned } else { earned };
                to[i] = own_output[i] - (by[i] + earned) * scale[i];
            }
        }
        if t.hours_elasticity != 0.0 {
            for pair in 0..pairs {
                y.price[pair] +=
                    t.hours_elasticity * from.hours[pair % n] * self.sweep.final_share(self.costs)[pair];
            }
        }
        for transfer in &self.costs.capital_transfers {
            let amount = buffers.abroad[transfer.owner] - buffers.abroad[transfer.pair % n];
            let share = transfer.share * self.sweep.nests.value_added_hat(transfer.pair);
            y.output[transfer.pair] -= share * amount * self.output_scale[transfer.pair];
        }
        self.unit_backward(-buffers.unit, y.wage, y.price);
        for (k, y) in y.limit.iter_mut().enumerate() {
            *y = -inputs.limit[k] - if self.sides[k] != Side::Free { 0.0 } else { from.limit[k] };
        }
    }

    /// What the multipliers of the equations are in terms of the sweep's results.
    #[inline(always)]
    pub fn adjoints_of(&self, multiplier: &[f64], buffers: &mut ReverseBuffers) {
        let c = self.calibration;
        let t = &c.technology;
        let layout = self.layout();
        let from = layout.split(multiplier);
        let ReverseBuffers { outputs, gdp, abroad, deficit, unit, bloc, own_bloc, .. } = buffers;
        bloc.fill(0.0);
        for i in 0..layout.n {
            bloc[c.bloc[i]] += from.wage[i] / self.sweep.bloc_income[c.bloc[i]];
        }
        for i in 0..layout.n {
            own_bloc[i] = bloc[c.bloc[i]];
        }
        outputs.border_value.clear();
        outputs.price.copy_from_slice(from.price);
        for pair in 0..layout.pairs {
            outputs.sales[pair] = from.output[pair] / self.output_scale[pair];
        }
        for i in 0..layout.n {
            let budget = from.income[i] / self.income_scale[i];
            outputs.imports[i] = -from.wage[i] / self.sweep.uses[i];
            outputs.exports[i] = from.wage[i] / self.sweep.sources[i];
            let balance = |sign: f64| {
                from.wage[i] / if sign < 0.0 { self.sweep.uses[i] } else { self.sweep.sources[i] }
            };
            deficit[i] = budget + balance(self.sweep.deficit[i]);
            abroad[i] = balance(self.sweep.abroad[i]);
            gdp[i] = budget;
        }
        self.deficits_backward(deficit, gdp);
        for i in 0..layout.n {
            abroad[i] += gdp[i];
            outputs.revenue[i] = gdp[i];
            outputs.export_revenue[i] = gdp[i];
            if t.hours_elasticity != 0.0 && t.tax_relief {
                let tax = self.sweep.tariff_revenue[i] / self.sweep.labour_income[i];
                outputs.revenue[i] +=
                    t.hours_elasticity * from.hours[i] / (self.sweep.labour_income[i] * (1.0 - tax));
            }
        }
        for (bar, multiplier) in outputs.limited.iter_mut().zip(from.limit) {
            *bar = -multiplier;
        }
        *unit = self.unit_adjoint(deficit, &outputs.limited);
        outputs.input_use.fill(0.0);
        self.earned_backward(buffers);
    }
}

/// Room for backward sweeps.
#[derive(Debug, Default, Clone)]
pub(crate) struct ReverseBuffers {
    pub outputs: OutputAdjoints,
    pub inputs: InputAdjoints,
    /// Derivatives in GDP, in capital income from abroad and in deficits, N.
    pub gdp: Vec<f64>,
    pub abroad: Vec<f64>,
    pub deficit: Vec<f64>,
    /// In ln κ, where anything is fixed in units of the numeraire.
    pub unit: f64,
    /// By bloc, and by economy, N.
    bloc: Vec<f64>,
    pub(super) own_bloc: Vec<f64>,
}

impl ReverseBuffers {
    /// Makes buffers.
    pub fn resize(&mut self, economies: usize, pairs: usize, limits: usize) {
        self.outputs.resize(economies, pairs, limits);
        self.inputs.resize(economies, pairs, limits);
        for vector in [&mut self.gdp, &mut self.abroad, &mut self.deficit, &mut self.bloc, &mut self.own_bloc]
        {
            vector.resize(economies, 0.0);
        }
    }
}
