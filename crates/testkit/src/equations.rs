//! The model written anew from `docs/concepts/closures.md`, as equations in numbers of any kind. Nothing of the engine's sweep or
//! calibration is used, and wages are settled by labour markets, where the engine has trade balances.

mod outcomes;

use detente_engine::benchmark::Benchmark;
use detente_engine::capital::Capital;
use detente_engine::closure::{
    ByUsingSector, Closure, Deficits, Demand, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply,
    MarketStructure, Numeraire, Revenue,
};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::index::Dimensions;
use detente_engine::instruments::{Instruments, LimitMeasure, RentOwner};

use crate::number::Number;

/// The kinds of instruments, in the order of the blocks of a gradient.
pub const BLOCKS: [&str; 9] = [
    "tariff",
    "export tax",
    "trade cost",
    "productivity",
    "capital",
    "endowment",
    "deficit",
    "final demand",
    "limit",
];

/// Instruments in the units of a gradient: logarithms of factors; deficits as additions over world factor income; shares of
/// final use as additions; logarithms of limits' levels.
pub type Parameters<T> = [Vec<T>; 9];

/// Everything that data and closure say.
pub struct Model<'a> {
    benchmark: &'a Benchmark,
    closure: &'a Closure,
    instruments: &'a Instruments,
    pub d: Dimensions,
    /// On which side each limit is: −1 at its floor, 1 at its cap, 0 free.
    side: Vec<i8>,
    /// Where sectors stand empty (outputs below 1e-9 of the mean), what they are held at.
    empty: Vec<Option<f64>>,
    input: Vec<f64>,
    spending: Vec<f64>,
    output: Vec<f64>,
    profit: Vec<f64>,
    factors: Vec<f64>,
    capital: Vec<f64>,
    labour: Vec<f64>,
    factor_income: Vec<f64>,
    income: Vec<f64>,
    revenue: Vec<f64>,
    final_share: Vec<f64>,
    /// α by economy, ψ by economy and ι by pair; zero where capital is as it is.
    alpha: Vec<f64>,
    psi: Vec<f64>,
    basket: Vec<f64>,
    /// Deficits in force, and those of the data.
    deficit: Vec<f64>,
    border_deficit: Vec<f64>,
    local: Vec<f64>,
}

/// How a market weighs exporters.
struct Powers {
    theta: f64,
    entry: f64,
    tax: f64,
    /// Power of spending in the price index, and whether spending counts over the wage.
    spending: f64,
    over_wage: bool,
}

/// Unit costs, logarithms, and the shares behind them: value added's relative to the data, inputs' as they are.
struct Costs<T> {
    cost: Vec<T>,
    value_added: Vec<T>,
    input: Vec<T>,
}

/// The logarithm of `[Σ w x^power]^(1/power)` of logarithms; at zero their mean.
fn mean_of_power<T: Number>(power: f64, values: impl Iterator<Item = (f64, T)>) -> T {
    if power == 0.0 {
        return sum(values.map(|(weight, log)| log.times(weight)));
    }
    sum(values.map(|(weight, log)| log.times(power).exp().times(weight))).ln().times(1.0 / power)
}

/// What a point says.
pub struct State<T> {
    pub residual: Vec<T>,
    border_value: Vec<T>,
    wage: Vec<T>,
    hours: Vec<T>,
    index: Vec<T>,
    income: Vec<T>,
    output: Vec<T>,
    /// Output times what value added is of it relative to the data.
    earning: Vec<T>,
    labour: Vec<T>,
    revenue: Vec<T>,
    taxes: Vec<T>,
    log_unit: T,
    endowment: Vec<T>,
}

fn sum<T: Number>(values: impl Iterator<Item = T>) -> T {
    values.fold(T::of(0.0), |a, b| a + b)
}

impl<'a> Model<'a> {
    pub fn new(
        benchmark: &'a Benchmark,
        closure: &'a Closure,
        instruments: &'a Instruments,
        at: &Equilibrium,
    ) -> Self {
        let d = benchmark.dimensions();
        let n = d.economies;
        let input = match (&benchmark.input_share, closure.intermediates) {
            (Some(input), Intermediates::InputOutput) => input.clone(),
            _ => vec![0.0; d.inputs()],
        };
        let local = match (&benchmark.local_cost_share, closure.local_selling_costs) {
            (Some(local), true) => local.clone(),
            _ => vec![0.0; n],
        };
        let zero = vec![0.0; d.pairs()];
        let (alpha, psi, basket) = match &closure.capital {
            Capital::Fixed => (vec![0.0; n], vec![0.0; n], zero.clone()),
            Capital::Given(data) => (vec![0.0; n], data.investment_share.clone(), data.basket.clone()),
            Capital::Steady(data) => {
                (data.capital_share.clone(), data.investment_share.clone(), data.basket.clone())
            }
        };
        let mean = at.output.iter().sum::<f64>() / d.pairs() as f64;
        let empty = at
            .output
            .iter()
            .map(|output| (*output < 1e-9 * mean).then(|| (output / at.numeraire_scale).ln()))
            .collect();
        let side =
            at.log_wedge.iter().map(|wedge| if *wedge == 0.0 { 0 } else { wedge.signum() as i8 }).collect();
        let mut model = Self {
            benchmark,
            closure,
            instruments,
            d,
            side,
            empty,
            input,
            spending: zero.clone(),
            output: zero.clone(),
            profit: zero.clone(),
            factors: zero.clone(),
            capital: zero.clone(),
            labour: vec![0.0; n],
            factor_income: vec![0.0; n],
            income: vec![0.0; n],
            revenue: vec![0.0; n],
            final_share: zero,
            alpha,
            psi,
            basket,
            deficit: vec![0.0; n],
            border_deficit: vec![0.0; n],
            local,
        };
        model.read_flows();
        model.read_costs();
        model.read_final_use();
        model
    }

    fn read_flows(&mut self) {
        let d = self.d;
        for cell in 0..d.cells() {
            let (importer, exporter, s) = d.cell_of(cell);
            let (value, rate) = (self.benchmark.border_value[cell], self.benchmark.tariff_rate[cell]);
            let local = self.local[importer] * value;
            self.spending[d.pair(importer, s)] += value * (1.0 + rate);
            self.output[d.pair(exporter, s)] += value - local;
            self.labour[importer] += local;
            self.revenue[importer] += value * rate;
            self.deficit[importer] += value - local;
            self.deficit[exporter] -= value - local;
        }
        self.border_deficit.clone_from(&self.deficit);
        if self.closure.deficits == Deficits::Zero {
            self.deficit.fill(0.0);
        }
        for (level, set) in self.deficit.iter_mut().zip(&self.instruments.trade_deficit) {
            *level = set.unwrap_or(*level);
        }
    }

    fn value_added(&self, i: usize, s: usize) -> f64 {
        1.0 - (0..self.d.sectors).map(|k| self.input[self.d.input(i, s, k)]).sum::<f64>()
    }

    fn read_costs(&mut self) {
        let d = self.d;
        self.factor_income.clone_from(&self.labour);
        for pair in 0..d.pairs() {
            let (i, s) = (pair % d.economies, pair / d.economies);
            let value_added = self.value_added(i, s);
            if self.closure.market_structure == MarketStructure::FixedEntry {
                self.profit[pair] = 1.0 / (1.0 + self.benchmark.sectors[s].trade_elasticity);
                if self.closure.fixed_entry_profit == FixedEntryProfit::Cap {
                    self.profit[pair] = self.profit[pair].min(value_added / 2.0);
                }
            }
            self.factors[pair] = value_added - self.profit[pair];
            if self.closure.factor_market == FactorMarket::Specific {
                self.capital[pair] = self.closure.capital_share.unwrap() * self.factors[pair];
            }
            self.labour[i] += (self.factors[pair] - self.capital[pair]) * self.output[pair];
            self.factor_income[i] += self.factors[pair] * self.output[pair];
        }
    }

    fn read_final_use(&mut self) {
        let d = self.d;
        for pair in 0..d.pairs() {
            let (i, k) = (pair % d.economies, pair / d.economies);
            let used: f64 =
                (0..d.sectors).map(|u| self.input[d.input(i, u, k)] * self.output[d.pair(i, u)]).sum();
            let earned: f64 =
                (0..d.sectors).map(|u| self.factors[d.pair(i, u)] * self.output[d.pair(i, u)]).sum();
            self.final_share[pair] = self.spending[pair] - used - self.basket[pair] * self.psi[i] * earned;
            self.income[i] += self.final_share[pair];
        }
        for pair in 0..d.pairs() {
            self.final_share[pair] /= self.income[pair % d.economies];
        }
        for shift in &self.instruments.final_demand_shifts {
            for (s, amount) in shift.shift.iter().enumerate() {
                self.final_share[d.pair(shift.economy, s)] += amount;
            }
        }
    }

    /// How many unknowns there are: wages, hours, incomes; prices, outputs; wedges. All in logarithms, at world factor income.
    pub fn unknowns(&self) -> usize {
        3 * self.d.economies + 2 * self.d.pairs() + self.side.len()
    }

    /// The instruments in force.
    pub fn parameters<T: Number>(&self) -> Parameters<T> {
        let d = self.d;
        let logs = |values: &[f64], size: usize, base: f64| -> Vec<T> {
            (0..size).map(|k| T::of(values.get(k).map_or(0.0, |v| (base + v).ln()))).collect()
        };
        let i = self.instruments;
        let limit = i.limits.iter().zip(&self.side).map(|(limit, side)| match side {
            -1 => limit.min.unwrap().ln(),
            1 => limit.max.unwrap().ln(),
            _ => 0.0,
        });
        [
            logs(&i.tariff_rate, d.cells(), 1.0),
            logs(&i.export_tax_rate, d.cells(), 1.0),
            logs(&i.trade_cost_hat, d.cells(), 0.0),
            logs(&i.productivity_hat, d.pairs(), 0.0),
            logs(&i.capital_hat, d.pairs(), 0.0),
            logs(&i.endowment_hat, d.economies, 0.0),
            vec![T::of(0.0); d.economies],
            vec![T::of(0.0); d.pairs()],
            limit.map(T::of).collect(),
        ]
    }

    fn powers(&self, pair: usize) -> Powers {
        let (n, s) = (pair % self.d.economies, pair / self.d.economies);
        let sector = &self.benchmark.sectors[s];
        let theta = sector.trade_elasticity;
        let own = sector.tariff_elasticity.map_or(1.0, |elasticity| elasticity / theta);
        let mut powers = Powers { theta, entry: 0.0, tax: theta * own, spending: 0.0, over_wage: false };
        match self.closure.market_structure {
            MarketStructure::Perfect | MarketStructure::FixedEntry => {}
            MarketStructure::Krugman => {
                powers.entry = theta * sector.scale_elasticity.unwrap_or(1.0 / theta);
            }
            MarketStructure::Melitz => {
                let eta = theta / (sector.elasticity_of_substitution.unwrap() - 1.0) - 1.0;
                powers.entry = 1.0;
                powers.tax = theta + eta;
                powers.spending = -eta / theta;
            }
        }
        if self.closure.local_selling_costs {
            let scale = powers.entry / theta;
            let pass_through = own + (1.0 + scale) * self.local[n] / (1.0 - self.local[n]);
            powers.tax = theta * pass_through;
            powers.spending = 1.0 - pass_through;
            powers.over_wage = true;
        }
        powers
    }

    /// The power of unit cost in an exporter's weight, but for what entry adds.
    fn cost_power(&self, s: usize) -> f64 {
        let theta = self.benchmark.sectors[s].trade_elasticity;
        match self.closure.market_structure {
            MarketStructure::Melitz => {
                theta / (self.benchmark.sectors[s].elasticity_of_substitution.unwrap() - 1.0) - 1.0 + theta
            }
            _ => theta,
        }
    }

    /// All equations at a point.
    pub fn state<T: Number>(&self, z: &[T], p: &Parameters<T>) -> State<T> {
        let d = self.d;
        let (n, sectors, pairs) = (d.economies, d.sectors, d.pairs());
        let (wage, rest) = z.split_at(n);
        let (hours, rest) = rest.split_at(n);
        let (log_income, rest) = rest.split_at(n);
        let (price, rest) = rest.split_at(pairs);
        let (log_output, wedge) = rest.split_at(pairs);
        let [tariff, export_tax, trade_cost, productivity, capital_stock, endowment, ..] = p;
        let income: Vec<T> = log_income.iter().map(|log| log.exp()).collect();
        let output: Vec<T> = log_output.iter().map(|log| log.exp()).collect();
        let Costs { cost, value_added, input } = self.unit_costs(wage, hours, price, log_output, p);
        // Of output, what its factors earn relative to the data's shares.
        let earning: Vec<T> = (0..pairs).map(|k| output[k] * value_added[k]).collect();
        let share: Vec<T> = (0..pairs).map(|k| T::of(self.final_share[k]) + p[7][k]).collect();
        let (index, final_share) = self.final_use(price, &share);
        // I = ψ F on its own basket; consumption is what is left.
        let invested: Vec<T> = (0..n)
            .map(|i| {
                sum((0..sectors).map(|s| d.pair(i, s)).map(|k| earning[k].times(self.factors[k])))
                    .times(self.psi[i])
            })
            .collect();
        let log_unit = self.log_scale(wage, &index);
        let held = if self.closure.deficit_unit_is_numeraire { log_unit } else { T::of(0.0) };
        // What limits add to the prices of cells.
        let zero = vec![T::of(0.0); d.cells()];
        let (mut rent_importer, mut rent_exporter, mut rent_none) =
            (zero.clone(), zero.clone(), zero.clone());
        for (limit, wedge) in self.instruments.limits.iter().zip(wedge) {
            for &cell in &limit.cells {
                let to = match limit.rent {
                    RentOwner::Importer => &mut rent_importer[cell],
                    RentOwner::Exporter => &mut rent_exporter[cell],
                    RentOwner::None => &mut rent_none[cell],
                };
                *to = *to + *wedge;
            }
        }
        let economies = vec![T::of(0.0); n];
        let (mut revenue, mut taxes, mut local) = (economies.clone(), economies.clone(), economies.clone());
        let mut sales = vec![T::of(0.0); pairs];
        let (mut border_value, mut made) = (zero.clone(), zero);
        let mut price_gap = Vec::with_capacity(pairs);
        for pair in 0..pairs {
            let (importer, s) = (pair % n, pair / n);
            let powers = self.powers(pair);
            let spending = final_share[pair] * income[importer]
                + sum((0..sectors).map(|u| output[d.pair(importer, u)] * input[d.input(importer, u, s)]))
                + invested[importer].times(self.basket[pair]);
            let weights: Vec<Option<T>> = (0..n)
                .map(|exporter| {
                    let (cell, maker) = (d.cell(importer, exporter, s), d.pair(exporter, s));
                    let value = self.benchmark.border_value[cell];
                    if value == 0.0 {
                        return None;
                    }
                    let old = 1.0 + self.benchmark.tariff_rate[cell];
                    let firms = if self.closure.local_selling_costs {
                        wage[exporter] + hours[exporter]
                    } else {
                        log_output[maker] - T::of(self.output[maker].ln())
                    } - cost[maker]
                        - productivity[maker];
                    let tax = tariff[cell] - T::of(old.ln())
                        + export_tax[cell]
                        + rent_importer[cell]
                        + rent_exporter[cell];
                    let iceberg = trade_cost[cell] + rent_none[cell];
                    Some(
                        (firms.times(powers.entry)
                            - cost[maker].times(self.cost_power(s))
                            - tax.times(powers.tax)
                            - iceberg.times(powers.theta))
                        .exp()
                        .times(value * old / self.spending[pair]),
                    )
                })
                .collect();
            let whole = sum(weights.iter().flatten().copied());
            let mut log_price = -whole.ln().times(1.0 / powers.theta);
            if powers.spending != 0.0 {
                let relative = if powers.over_wage { wage[importer] } else { T::of(0.0) };
                let grown = spending.ln() - T::of(self.spending[pair].ln()) - relative;
                log_price = log_price + grown.times(powers.spending);
            }
            price_gap.push(price[pair] - log_price);
            for (exporter, weight) in weights.iter().enumerate() {
                let Some(weight) = weight else { continue };
                let cell = d.cell(importer, exporter, s);
                let bought = *weight / whole * spending;
                let value = bought * (-tariff[cell] - rent_importer[cell]).exp();
                let paid = value.times(1.0 - self.local[importer]);
                let kept = paid * (-export_tax[cell] - rent_exporter[cell]).exp();
                revenue[importer] = revenue[importer] + bought - value;
                taxes[exporter] = taxes[exporter] + paid - kept;
                local[importer] = local[importer] + value - paid;
                sales[d.pair(exporter, s)] = sales[d.pair(exporter, s)] + kept;
                border_value[cell] = value;
                made[cell] = kept.times(1.0 / (1.0 - self.local[importer]));
            }
        }
        let labour: Vec<T> = (0..n).map(|i| (wage[i] + hours[i]).exp().times(self.labour[i])).collect();
        let mut gdp: Vec<T> = (0..n)
            .map(|i| {
                let made = (0..sectors).map(|s| d.pair(i, s));
                labour[i] - invested[i]
                    + revenue[i]
                    + taxes[i]
                    + sum(made.map(|k| earning[k].times(self.profit[k] + self.capital[k])))
            })
            .collect();
        for (pair, owner) in self.instruments.capital_owner.iter().enumerate() {
            let owned = T::of(1.0) - (-capital_stock[pair]).exp();
            let amount = owned * earning[pair].times(self.capital[pair]);
            gdp[pair % n] = gdp[pair % n] - amount;
            gdp[*owner] = gdp[*owner] + amount;
        }
        let deficit = self.deficits(&gdp, &p[6], held);
        // The equations, each as a gap of logarithms.
        let mut residual = Vec::with_capacity(self.unknowns());
        for i in 0..n {
            let factor_income = |k: usize| {
                labour[k] + sum((0..sectors).map(|s| d.pair(k, s)).map(|q| earning[q].times(self.capital[q])))
            };
            residual.push(if i == 0 {
                sum((0..n).map(factor_income)).times(1.0 / self.factor_income.iter().sum::<f64>()).ln()
            } else {
                let demand = local[i]
                    + sum((0..sectors)
                        .map(|s| d.pair(i, s))
                        .map(|k| earning[k].times(self.factors[k] - self.capital[k])));
                demand.ln() - labour[i].ln()
            });
        }
        for i in 0..n {
            let mut supply = endowment[i];
            if self.closure.labour_supply == LabourSupply::Elastic {
                let mut real = wage[i] - index[i];
                if self.closure.revenue == Revenue::IncomeTaxRelief {
                    real = real + T::of((1.0 - self.revenue[i] / self.labour[i]).ln())
                        - (T::of(1.0) - revenue[i] / labour[i]).ln();
                }
                supply = supply + real.times(self.closure.labour_supply_elasticity.unwrap());
            }
            residual.push(hours[i] - supply);
        }
        residual.extend((0..n).map(|i| log_income[i] - (gdp[i] + deficit[i]).ln()));
        residual.extend(price_gap);
        residual.extend((0..pairs).map(|k| match self.empty[k] {
            Some(held) => log_output[k] - T::of(held),
            None => log_output[k] - sales[k].ln(),
        }));
        for (k, limit) in self.instruments.limits.iter().enumerate() {
            if self.side[k] == 0 {
                residual.push(wedge[k]);
                continue;
            }
            let flow = |cell: &usize| match limit.measure {
                LimitMeasure::Value => border_value[*cell],
                LimitMeasure::Volume => {
                    let (_, exporter, s) = d.cell_of(*cell);
                    made[*cell] * (-cost[d.pair(exporter, s)]).exp()
                }
            };
            let unit = if limit.measure == LimitMeasure::Value { held } else { T::of(0.0) };
            residual.push(sum(limit.cells.iter().map(flow)).ln() + unit - p[8][k]);
        }
        State {
            residual,
            border_value,
            wage: wage.to_vec(),
            hours: hours.to_vec(),
            index,
            income,
            output,
            earning,
            labour,
            revenue,
            taxes,
            log_unit,
            endowment: endowment.clone(),
        }
    }

    fn unit_costs<T: Number>(
        &self,
        wage: &[T],
        hours: &[T],
        price: &[T],
        log_output: &[T],
        p: &Parameters<T>,
    ) -> Costs<T> {
        let d = self.d;
        let mut costs = Costs {
            cost: Vec::with_capacity(d.pairs()),
            value_added: Vec::with_capacity(d.pairs()),
            input: self.input.iter().map(|share| T::of(*share)).collect(),
        };
        for pair in 0..d.pairs() {
            let (i, s) = (pair % d.economies, pair / d.economies);
            let code = &self.benchmark.sectors[s].code;
            let elasticity = |of: &ByUsingSector| of.sectors.get(code).copied().or(of.all).unwrap_or(1.0);
            let a = 1.0 - elasticity(&self.closure.value_added_elasticity);
            let b = 1.0 - elasticity(&self.closure.input_elasticity);
            // The price of the bundle where value added's share of cost has changed by this factor, a logarithm.
            let factor_price = |share: T| {
                let grown = log_output[pair] - T::of(self.output[pair].ln()) + share;
                match self.closure.factor_market {
                    FactorMarket::Mobile => {
                        let basket =
                            (0..d.sectors).map(|k| price[d.pair(i, k)].times(self.basket[d.pair(i, k)]));
                        wage[i].times(1.0 - self.alpha[i]) + sum(basket).times(self.alpha[i])
                    }
                    FactorMarket::Roy => {
                        // V' = V v̂^κ Φ̂^(1−κ) L̂ with Φ̂ the mean wage.
                        let kappa = self.closure.roy_shape.unwrap();
                        (grown - hours[i] + wage[i].times(kappa - 1.0)).times(1.0 / kappa)
                    }
                    FactorMarket::Specific => {
                        let share = self.closure.capital_share.unwrap();
                        wage[i].times(1.0 - share) + (grown - p[4][pair]).times(share)
                    }
                }
            };
            let variable = 1.0 - self.profit[pair];
            let inputs: f64 = (0..d.sectors).map(|k| self.input[d.input(i, s, k)]).sum();
            if (a == 0.0 && b == 0.0) || inputs == 0.0 {
                let inputs = (0..d.sectors)
                    .map(|k| price[d.pair(i, k)].times(self.input[d.input(i, s, k)] / variable));
                let factor = factor_price(T::of(0.0));
                costs.cost.push(factor.times(self.factors[pair] / variable) + sum(inputs) - p[3][pair]);
                costs.value_added.push(T::of(1.0));
                continue;
            }
            let own = |k: usize| (self.input[d.input(i, s, k)] / inputs, price[d.pair(i, k)]);
            let q = mean_of_power(b, (0..d.sectors).map(own));
            let whole = |v: T| mean_of_power(a, [(1.0 - inputs, v), (inputs, q)].into_iter());
            // One unknown, found by rounds that shrink with a fixed factor's share; none where factors are mobile.
            let mut share = T::of(0.0);
            for _ in 0..200 {
                let v = factor_price(share);
                share = (v - whole(v)).times(a);
                if self.closure.factor_market == FactorMarket::Mobile {
                    break;
                }
            }
            let cost = whole(factor_price(share));
            costs.cost.push(cost - p[3][pair]);
            costs.value_added.push(share.exp());
            for k in 0..d.sectors {
                let at = d.input(i, s, k);
                costs.input[at] =
                    costs.input[at] * ((q - cost).times(a) + (price[d.pair(i, k)] - q).times(b)).exp();
            }
        }
        costs
    }

    /// The logarithm of the index of all final use, and shares of it.
    fn final_use<T: Number>(&self, price: &[T], share: &[T]) -> (Vec<T>, Vec<T>) {
        let d = self.d;
        let own = |i: usize| (0..d.sectors).map(move |s| d.pair(i, s));
        if self.closure.demand == Demand::CobbDouglas {
            let index = (0..d.economies).map(|i| sum(own(i).map(|k| share[k] * price[k]))).collect();
            return (index, share.to_vec());
        }
        let power = 1.0 - self.closure.demand_elasticity.unwrap();
        let weight: Vec<T> = (0..d.pairs()).map(|k| share[k] * price[k].times(power).exp()).collect();
        let total: Vec<T> = (0..d.economies).map(|i| sum(own(i).map(|k| weight[k]))).collect();
        let shares = (0..d.pairs()).map(|k| weight[k] / total[k % d.economies]).collect();
        (total.iter().map(|total| total.ln().times(1.0 / power)).collect(), shares)
    }

    /// The logarithm of what nominal numbers are multiplied by.
    fn log_scale<T: Number>(&self, wage: &[T], index: &[T]) -> T {
        match &self.closure.numeraire {
            Numeraire::WorldGdp => T::of(0.0),
            Numeraire::Wage(code) => -wage[self.benchmark.economy(code).unwrap()],
            Numeraire::WorldPrices => {
                let world: f64 = self.income.iter().sum();
                -sum(index.iter().zip(&self.income).map(|(index, income)| index.exp().times(income / world)))
                    .ln()
            }
        }
    }

    fn deficits<T: Number>(&self, gdp: &[T], more: &[T], held: T) -> Vec<T> {
        let n = gdp.len();
        let world: f64 = self.factor_income.iter().sum();
        let mut level: Vec<T> = self.deficit.iter().map(|level| T::of(*level)).collect();
        for i in 0..n {
            let others = world - self.factor_income[i];
            for (k, level) in level.iter_mut().enumerate() {
                let part = if k == i { world } else { -world * self.factor_income[k] / others };
                *level = *level + more[i].times(part);
            }
        }
        if self.closure.deficits == Deficits::ShareOfGdp {
            let share: Vec<T> =
                (0..n).map(|i| level[i].times(1.0 / (self.income[i] - self.border_deficit[i]))).collect();
            let gap = sum((0..n).map(|i| gdp[i] * share[i])) / sum(gdp.iter().copied());
            return (0..n).map(|i| gdp[i] * (share[i] - gap)).collect();
        }
        level.iter().map(|level| *level * (-held).exp()).collect()
    }
}
