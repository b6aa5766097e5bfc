//! One sweep run backwards: from the derivative of a number in what a sweep computes to its derivative in the
//! unknowns and in every instrument.
//!
//! For a row (importer, sector) with shares `π'`, payment shares `h` and spending X, let `v_i` be the derivative in
//! `ln π'_i` at given prices, V its sum and `p̄` the derivative in `ln P̂`. Then the derivative in the logarithm of exporter
//! i's weight is `v_i − π'_i (V + p̄/θ)`: what the exporter gains less what its gain takes from all. Tariffs act through
//! the weight and through `1/(1+t')` directly; iceberg costs through the weight alone.

use super::factor_market::bloc_means;
use super::kernel;
use super::limit::Side;
use super::linearisation::Linearisation;
use crate::instruments::{LimitMeasure, RentOwner};

/// Derivatives of a number in what a sweep computes. World-GDP units.
#[derive(Debug, Default, Clone)]
pub(crate) struct Bars {
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
    /// In border values of foreign trade, N·N·S; empty where there are none.
    pub border_value: Vec<f64>,
}

impl Bars {
    /// Makes room, all zero.
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
        ] {
            vector.clear();
            vector.resize(size, 0.0);
        }
    }
}

/// Where the backward sweep arrives: derivatives in the unknowns (wages, hours, prices in logarithms, incomes and
/// outputs in levels) that enter the sweep.
#[derive(Debug, Default, Clone)]
pub(crate) struct Arrived {
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
    /// Room.
    row: Vec<f64>,
}

impl Arrived {
    /// Makes room.
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
        ] {
            vector.resize(pairs, 0.0);
        }
        self.limit.resize(limits, 0.0);
        self.row.resize(3 * economies, 0.0);
    }
}

/// Derivatives in the logarithms of tariff factors, export tax factors and iceberg costs, N·N·S each.
#[derive(Debug, Default, Clone)]
pub(crate) struct CellBars {
    pub tariff: Vec<f64>,
    pub export_tax: Vec<f64>,
    pub trade_cost: Vec<f64>,
}

impl Linearisation<'_> {
    kernel::dispatch! {
        /// Runs the sweep backwards. With `cells`, derivatives in the instruments of single flows are written as well.
        pub fn reverse / reverse_wide / reverse_body(self: &, bars: &Bars, arrived: &mut Arrived, cells: Option<&mut CellBars>)
    }

    #[inline(always)]
    fn reverse_body(&self, bars: &Bars, arrived: &mut Arrived, mut cells: Option<&mut CellBars>) {
        let c = self.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        arrived.weight.fill(0.0);
        arrived.cost.fill(0.0);
        arrived.wage.fill(0.0);
        arrived.limit.fill(0.0);
        let plain = cells.is_none() && bars.border_value.is_empty() && !self.sweep.taxed();
        for s in 0..sectors {
            let theta = c.technology.trade_elasticity[s];
            for i in 0..n {
                arrived.row[i] = bars.sales[s * n + i] + bars.exports[i];
            }
            for importer in 0..n {
                let pair = s * n + importer;
                let row = pair * n..(pair + 1) * n;
                let is_limited = !self.costs.limited.is_empty()
                    && self.costs.limited.iter().any(|(cell, ..)| row.contains(cell));
                if !plain || is_limited {
                    self.reverse_row_in_full(bars, arrived, cells.as_deref_mut(), pair);
                    continue;
                }
                let spending = self.sweep.expenditure[pair];
                let taxed_away = bars.revenue[importer] * self.costs.border_over_payment[importer];
                let abroad = taxed_away - bars.imports[importer];
                let payment_share = &self.sweep.payment_share[row.clone()];
                let value = &arrived.row[..n];
                let by_home = self.sweep.home_share[pair] * (bars.sales[pair] - taxed_away);
                let gain =
                    kernel::dot(payment_share, value) - abroad * self.sweep.foreign_share[pair] + by_home;
                arrived.spending[pair] = gain + bars.revenue[importer];
                let taken = spending * gain + bars.price[pair] / theta;
                let weight = &mut arrived.weight[s * n..(s + 1) * n];
                kernel::spread(weight, payment_share, value, abroad, spending, &self.sweep.share[row], taken);
                weight[importer] += spending * by_home;
                self.reverse_spending_power(bars, arrived, pair);
            }
        }
        self.reverse_costs(arrived);
        self.reverse_use(arrived);
    }

    /// Spending's own power in prices.
    fn reverse_spending_power(&self, bars: &Bars, arrived: &mut Arrived, pair: usize) {
        let t = &self.calibration.technology;
        let spending = self.sweep.expenditure[pair];
        if let Some(power) = t.spending_power.get(pair)
            && *power != 0.0
            && spending > 0.0
        {
            arrived.spending[pair] += power * bars.price[pair] / spending;
            if t.spending_over_wage {
                arrived.wage[pair % self.calibration.dimensions.economies] -= power * bars.price[pair];
            }
        }
    }

    /// One row with all that can act on a cell: export taxes, limits, values of single flows.
    fn reverse_row_in_full(
        &self,
        bars: &Bars,
        arrived: &mut Arrived,
        cells: Option<&mut CellBars>,
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
        // Derivatives in payment and in producer payment of each cell.
        let mut by_payment = vec![0.0; n];
        let mut by_producer = vec![0.0; n];
        for i in 0..n {
            let export = if taxed { bars.export_revenue[i] } else { 0.0 };
            by_payment[i] = export - bars.revenue[importer] * over;
            by_producer[i] = bars.sales[s * n + i] - export;
            if i != importer {
                by_payment[i] += bars.exports[i] + bars.imports[importer];
                by_payment[i] += over * bars.border_value.get(pair * n + i).copied().unwrap_or(0.0);
            }
        }
        let own = |entry: &&(usize, usize, f64)| (pair * n..(pair + 1) * n).contains(&entry.0);
        for &(cell, k, _) in self.costs.limited.iter().filter(own) {
            let limit = &self.costs.limits[k];
            let amount = bars.limited[k] / sweep.log_limited[k].exp();
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
                    arrived.cost[exporter] -= amount * sweep.limited_flow(self.costs, limit, cell, n);
                }
            }
        }
        let shares = |i: usize| {
            if i == importer {
                let home = sweep.home_share[pair];
                (home, if taxed { sweep.home_producer_share[pair] } else { home })
            } else {
                let payment = sweep.payment_share[pair * n + i];
                (payment, if taxed { sweep.producer_share[pair * n + i] } else { payment })
            }
        };
        let mut gain = 0.0;
        for i in 0..n {
            let (payment, producer) = shares(i);
            gain += payment * by_payment[i] + producer * by_producer[i];
        }
        arrived.spending[pair] = gain + bars.revenue[importer];
        let taken = spending * gain + bars.price[pair] / theta;
        let weight_of = |i: usize| {
            let (payment, producer) = shares(i);
            let producer = spending * producer * by_producer[i];
            let direct = spending * payment * by_payment[i] + producer;
            (direct - sweep.share[pair * n + i] * taken, direct, producer)
        };
        for i in 0..n {
            arrived.weight[s * n + i] += weight_of(i).0;
        }
        for &(cell, k, wedge_power) in self.costs.limited.iter().filter(own) {
            let (weight, direct, producer) = weight_of(cell % n);
            arrived.limit[k] -= wedge_power * weight
                + match self.costs.limits[k].rent {
                    RentOwner::Importer => direct,
                    RentOwner::Exporter => producer,
                    RentOwner::None => 0.0,
                };
        }
        if let Some(cells) = cells {
            for i in 0..n {
                let (weight, direct, producer) = weight_of(i);
                cells.trade_cost[pair * n + i] = -theta * weight;
                cells.tariff[pair * n + i] = -power * weight - direct;
                cells.export_tax[pair * n + i] = -power * weight - producer;
            }
        }
        self.reverse_spending_power(bars, arrived, pair);
    }

    /// From exporters' weights to costs, wages, hours, prices and outputs.
    #[inline(always)]
    fn reverse_costs(&self, arrived: &mut Arrived) {
        let c = self.calibration;
        let t = &c.technology;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let Arrived { wage, hours, price, output, cost, weight, log_output, row, .. } = arrived;
        hours.fill(0.0);
        price.fill(0.0);
        output.fill(0.0);
        log_output.fill(0.0);
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let power = t.cost_power[s];
            let cost = &mut cost[pairs.clone()];
            let weight = &weight[pairs.clone()];
            let exponent = &t.factor_exponent[pairs.clone()];
            for i in 0..n {
                cost[i] -= power * weight[i];
                wage[i] += exponent[i] * cost[i];
                if t.labour_power[s] != 0.0 {
                    wage[i] += t.labour_power[s] * weight[i];
                    hours[i] += t.labour_power[s] * weight[i];
                }
                if let Some(power) = t.output_power.get(s * n + i) {
                    log_output[s * n + i] += power * weight[i];
                }
                if let Some(power) = t.factor_power.get(s * n + i) {
                    let relative = exponent[i] * power * cost[i];
                    log_output[s * n + i] += relative;
                    wage[i] -= relative;
                    if t.labour_is_fixed_factor {
                        hours[i] -= relative;
                    }
                }
            }
            if let Some(input) = &c.input_share {
                let scaled = &mut row[..n];
                for i in 0..n {
                    scaled[i] = t.input_scale[s * n + i] * cost[i];
                }
                kernel::outputs_into_use(price, &input[s * sectors * n..(s + 1) * sectors * n], scaled);
            }
        }
        if t.needs_output_logs() {
            for pair in 0..output.len() {
                output[pair] += log_output[pair] * self.log_output_per_unit(pair) / self.output_scale[pair];
            }
        }
    }

    /// From spending to incomes, outputs and, where sectors substitute, prices.
    #[inline(always)]
    fn reverse_use(&self, arrived: &mut Arrived) {
        let c = self.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let Arrived { income, price, output, spending, row, .. } = arrived;
        income.fill(0.0);
        for (share, spending) in self.sweep.final_share.chunks_exact(n).zip(spending.chunks_exact(n)) {
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
                    * self.sweep.final_share[pair]
                    * self.income_scale[i]
                    * (spending[pair] - mean[i]);
            }
        }
        if let Some(input) = &c.input_share {
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
    pub fn apply_transposed(&self, multiplier: &[f64], y: &mut [f64], room: &mut Room) {
        let c = self.calibration;
        let t = &c.technology;
        let (n, pairs) = (c.dimensions.economies, c.dimensions.pairs());
        let layout = self.layout();
        self.bars_of(multiplier, room);
        self.reverse(&room.bars, &mut room.arrived, None);
        let from = layout.split(multiplier);
        let y = layout.split_mut(y);
        let arrived = &room.arrived;
        let bloc = &mut room.bloc;
        bloc.fill(0.0);
        for i in 0..n {
            bloc[c.bloc[i]] += from.wage[i] / self.sweep.bloc_income[c.bloc[i]];
        }
        for i in 0..n {
            let labour = self.sweep.labour_income[i] * (bloc[c.bloc[i]] - room.gdp[i]);
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
            y.wage[i] = wage - arrived.wage[i];
            y.hours[i] = hours - arrived.hours[i];
            y.income[i] = from.income[i] - arrived.income[i] * self.income_scale[i];
        }
        for pair in 0..pairs {
            let i = pair % n;
            y.price[pair] = from.price[pair] - arrived.price[pair];
            if t.hours_elasticity != 0.0 {
                y.price[pair] += t.hours_elasticity * from.hours[i] * self.sweep.final_share[pair];
            }
            let level = arrived.output[pair] + t.surplus_share[pair] * room.gdp[i]
                - t.capital_share(pair) * bloc[c.bloc[i]];
            y.output[pair] = from.output[pair] - level * self.output_scale[pair];
        }
        for transfer in &self.costs.capital_transfers {
            let amount = room.abroad[transfer.owner] - room.abroad[transfer.pair % n];
            y.output[transfer.pair] -= transfer.share * amount * self.output_scale[transfer.pair];
        }
        for (k, y) in y.limit.iter_mut().enumerate() {
            *y = -arrived.limit[k] - if self.sides[k] != Side::Free { 0.0 } else { from.limit[k] };
        }
    }

    /// What the multipliers of the equations are in terms of the sweep's results.
    pub fn bars_of(&self, multiplier: &[f64], room: &mut Room) {
        let c = self.calibration;
        let t = &c.technology;
        let layout = self.layout();
        let from = layout.split(multiplier);
        let Room { bars, gdp, abroad, deficit, .. } = room;
        bars.border_value.clear();
        bars.price.copy_from_slice(from.price);
        for pair in 0..layout.pairs {
            bars.sales[pair] = from.output[pair] / self.output_scale[pair];
        }
        for i in 0..layout.n {
            let budget = from.income[i] / self.income_scale[i];
            bars.imports[i] = -from.wage[i] / self.sweep.uses[i];
            bars.exports[i] = from.wage[i] / self.sweep.sources[i];
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
            bars.revenue[i] = gdp[i];
            bars.export_revenue[i] = gdp[i];
            if t.hours_elasticity != 0.0 && t.tax_relief {
                let tax = self.sweep.tariff_revenue[i] / self.sweep.labour_income[i];
                bars.revenue[i] +=
                    t.hours_elasticity * from.hours[i] / (self.sweep.labour_income[i] * (1.0 - tax));
            }
        }
        for (bar, multiplier) in bars.limited.iter_mut().zip(from.limit) {
            *bar = -multiplier;
        }
    }

    /// Adds what deficits that follow GDP pass on to it.
    fn deficits_backward(&self, deficit: &[f64], gdp: &mut [f64]) {
        let share = &self.costs.deficit_share;
        if share.is_empty() {
            return;
        }
        let bloc = &self.calibration.bloc;
        let level: Vec<f64> = (0..gdp.len()).map(|i| self.gdp(i)).collect();
        let gap = bloc_means(bloc, &level, |i| share[i]);
        let taken = bloc_means(bloc, &level, |i| deficit[i]);
        for i in 0..gdp.len() {
            gdp[i] += (deficit[i] - taken[bloc[i]]) * (share[i] - gap[bloc[i]]);
        }
    }
}

/// Room for backward sweeps.
#[derive(Debug, Default, Clone)]
pub(crate) struct Room {
    pub bars: Bars,
    pub arrived: Arrived,
    /// Derivatives in GDP, in capital income from abroad and in deficits, N.
    pub gdp: Vec<f64>,
    pub abroad: Vec<f64>,
    pub deficit: Vec<f64>,
    bloc: Vec<f64>,
}

impl Room {
    /// Makes room.
    pub fn resize(&mut self, economies: usize, pairs: usize, limits: usize) {
        self.bars.resize(economies, pairs, limits);
        self.arrived.resize(economies, pairs, limits);
        for vector in [&mut self.gdp, &mut self.abroad, &mut self.deficit, &mut self.bloc] {
            vector.resize(economies, 0.0);
        }
    }
}
