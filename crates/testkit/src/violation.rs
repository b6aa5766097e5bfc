//! The model's equations written anew from `docs/concepts/closures.md`: how far an equilibrium violates them. Nothing of the
//! engine's own sweep is used.

use detente_engine::benchmark::Benchmark;
use detente_engine::capital::Capital;
use detente_engine::closure::{
    ByUsingSector, Closure, Deficits, Demand, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply,
    MarketStructure, Revenue,
};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::index::Dimensions;
use detente_engine::instruments::{Instruments, LimitMeasure, RentOwner};

/// The data under a closure.
struct Data<'a> {
    benchmark: &'a Benchmark,
    closure: &'a Closure,
    d: Dimensions,
    /// Input shares, all zero without intermediates.
    input: Vec<f64>,
    spending: Vec<f64>,
    output: Vec<f64>,
    /// Profits, factors' part of value added, and its capital part, as shares of output.
    profit: Vec<f64>,
    factors: Vec<f64>,
    capital: Vec<f64>,
    /// α and ψ by economy, ι by pair; zero where capital is as it is.
    alpha: Vec<f64>,
    psi: Vec<f64>,
    basket: Vec<f64>,
    final_share: Vec<f64>,
    final_spending: Vec<f64>,
    deficit: Vec<f64>,
}

impl<'a> Data<'a> {
    fn new(benchmark: &'a Benchmark, closure: &'a Closure, instruments: &Instruments) -> Self {
        let d = benchmark.dimensions();
        let (n, sectors) = (d.economies, d.sectors);
        let input = match (&benchmark.input_share, closure.intermediates) {
            (Some(input), Intermediates::InputOutput) => input.clone(),
            _ => vec![0.0; d.inputs()],
        };
        let (mut spending, mut output) = (vec![0.0; d.pairs()], vec![0.0; d.pairs()]);
        let mut deficit = vec![0.0; n];
        for cell in 0..d.cells() {
            let (importer, exporter, sector) = d.cell_of(cell);
            let value = benchmark.border_value[cell];
            spending[d.pair(importer, sector)] += value * (1.0 + benchmark.tariff_rate[cell]);
            output[d.pair(exporter, sector)] += value;
            deficit[importer] += value;
            deficit[exporter] -= value;
        }
        if closure.deficits == Deficits::Zero {
            deficit.fill(0.0);
        }
        let (mut profit, mut factors, mut capital) =
            (vec![0.0; d.pairs()], vec![0.0; d.pairs()], vec![0.0; d.pairs()]);
        for pair in 0..d.pairs() {
            let (i, s) = (pair % n, pair / n);
            let value_added = 1.0 - (0..sectors).map(|k| input[d.input(i, s, k)]).sum::<f64>();
            if closure.market_structure == MarketStructure::FixedEntry {
                profit[pair] = 1.0 / (1.0 + benchmark.sectors[s].trade_elasticity);
                if closure.fixed_entry_profit == FixedEntryProfit::Cap {
                    profit[pair] = profit[pair].min(value_added / 2.0);
                }
            }
            factors[pair] = value_added - profit[pair];
            if closure.factor_market == FactorMarket::Specific {
                let share = match &benchmark.capital_share {
                    Some(share) => share[pair],
                    None => closure.capital_share.unwrap_or(f64::NAN),
                };
                capital[pair] = share * factors[pair];
            }
        }
        let (alpha, psi, basket) = match &closure.capital {
            Capital::Fixed => (vec![0.0; n], vec![0.0; n], vec![0.0; d.pairs()]),
            Capital::Given(data) => (vec![0.0; n], data.investment_share.clone(), data.basket.clone()),
            Capital::Steady(data) => {
                (data.capital_share.clone(), data.investment_share.clone(), data.basket.clone())
            }
        };
        let mut data = Self {
            benchmark,
            closure,
            d,
            input,
            final_share: spending.clone(),
            spending,
            output,
            profit,
            factors,
            capital,
            alpha,
            psi,
            basket,
            final_spending: vec![0.0; n],
            deficit,
        };
        for pair in 0..d.pairs() {
            let used = data.used(pair, &data.output) + data.invested(pair, &data.output);
            data.final_share[pair] -= used;
            data.final_spending[pair % n] += data.final_share[pair];
        }
        for pair in 0..d.pairs() {
            data.final_share[pair] /= data.final_spending[pair % n];
        }
        for shift in &instruments.final_demand_shifts {
            for (s, amount) in shift.shift.iter().enumerate() {
                data.final_share[d.pair(shift.economy, s)] += amount;
            }
        }
        data
    }

    /// Intermediate use of a pair at these outputs and the data's shares.
    fn used(&self, pair: usize, output: &[f64]) -> f64 {
        self.used_with(&self.input, pair, output)
    }

    /// The same at other shares.
    fn used_with(&self, input: &[f64], pair: usize, output: &[f64]) -> f64 {
        let (d, i, k) = (self.d, pair % self.d.economies, pair / self.d.economies);
        (0..d.sectors).map(|u| input[d.input(i, u, k)] * output[d.pair(i, u)]).sum()
    }

    /// Powers 1−ε and 1−η of a using sector.
    fn powers(&self, s: usize) -> (f64, f64) {
        let code = &self.benchmark.sectors[s].code;
        let of = |by: &ByUsingSector| 1.0 - by.sectors.get(code).copied().or(by.all).unwrap_or(1.0);
        (of(&self.closure.value_added_elasticity), of(&self.closure.input_elasticity))
    }

    /// Investment's use of a pair at these outputs: ι ψ F.
    fn invested(&self, pair: usize, output: &[f64]) -> f64 {
        let i = pair % self.d.economies;
        let earned: f64 =
            (0..self.d.sectors).map(|s| self.d.pair(i, s)).map(|k| self.factors[k] * output[k]).sum();
        self.basket[pair] * self.psi[i] * earned
    }

    fn labour_income(&self, economy: usize) -> f64 {
        (0..self.d.sectors)
            .map(|s| self.d.pair(economy, s))
            .map(|pair| (self.factors[pair] - self.capital[pair]) * self.output[pair])
            .sum()
    }
}

/// Keeps the worst of many relative gaps.
#[derive(Default)]
struct Worst {
    gap: f64,
}

impl Worst {
    fn check(&mut self, found: f64, expected: f64, floor: f64) {
        let gap = (found - expected).abs() / expected.abs().max(floor).max(f64::MIN_POSITIVE);
        self.gap = if gap.is_nan() { f64::INFINITY } else { self.gap.max(gap) };
    }
}

fn or_one(values: &[f64], k: usize) -> f64 {
    values.get(k).copied().unwrap_or(1.0)
}

/// What a limit's wedge does to a cell: to its price, to what its importer pays at the border of it, to its producer.
#[derive(Clone, Copy)]
struct Wedge {
    log_tax: f64,
    log_cost: f64,
    log_importer: f64,
    log_exporter: f64,
}

fn wedges(instruments: &Instruments, e: &Equilibrium, cells: usize) -> Vec<Wedge> {
    let none = Wedge { log_tax: 0.0, log_cost: 0.0, log_importer: 0.0, log_exporter: 0.0 };
    let mut wedges = vec![none; cells];
    for (limit, log) in instruments.limits.iter().zip(&e.log_wedge) {
        for &cell in &limit.cells {
            let wedge = &mut wedges[cell];
            match limit.rent {
                RentOwner::None => wedge.log_cost += log,
                RentOwner::Importer => {
                    wedge.log_tax += log;
                    wedge.log_importer += log;
                }
                RentOwner::Exporter => {
                    wedge.log_tax += log;
                    wedge.log_exporter += log;
                }
            }
        }
    }
    wedges
}

/// Largest relative violation of the model's equations. Levels at the numeraire `world-gdp`.
pub fn violation(
    benchmark: &Benchmark,
    closure: &Closure,
    instruments: &Instruments,
    e: &Equilibrium,
) -> f64 {
    let data = Data::new(benchmark, closure, instruments);
    let d = data.d;
    let (n, sectors) = (d.economies, d.sectors);
    let mut worst = Worst::default();
    let world: f64 = e.expenditure.iter().sum();
    let small = 1e-9 * world / d.pairs() as f64;
    let Costs { log: cost, value_added, input } = unit_costs(&data, instruments, e, &mut worst);
    let earning: Vec<f64> = e.output.iter().zip(&value_added).map(|(output, share)| output * share).collect();
    let wedge = wedges(instruments, e, d.cells());
    let (mut sales, mut revenue) = (vec![0.0; d.pairs()], vec![0.0; n]);
    let mut taxes = vec![0.0; n];
    let mut trade = vec![0.0; n];
    for s in 0..sectors {
        let weights = Weights::new(&data, s);
        for importer in 0..n {
            let pair = d.pair(importer, s);
            if data.spending[pair] == 0.0 {
                continue;
            }
            let log_weight: Vec<f64> = (0..n)
                .map(|exporter| {
                    let cell = d.cell(importer, exporter, s);
                    let maker = d.pair(exporter, s);
                    let old = benchmark.border_value[cell] * (1.0 + benchmark.tariff_rate[cell]);
                    let tax = ((1.0 + instruments.tariff_rate[cell]) / (1.0 + benchmark.tariff_rate[cell])
                        * or_one_plus(&instruments.export_tax_rate, cell))
                    .ln()
                        + wedge[cell].log_tax;
                    let iceberg = or_one(&instruments.trade_cost_hat, cell).ln() + wedge[cell].log_cost;
                    let firms = if data.output[maker] > 0.0 {
                        (e.output[maker] / data.output[maker]).ln()
                            - cost[maker]
                            - or_one(&instruments.productivity_hat, maker).ln()
                    } else {
                        0.0
                    };
                    (old / data.spending[pair]).ln() + weights.entry * firms
                        - weights.cost * cost[maker]
                        - weights.tax * tax
                        - weights.theta * iceberg
                })
                .collect();
            let highest = log_weight.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if highest == f64::NEG_INFINITY {
                continue;
            }
            let sum: f64 = log_weight.iter().map(|w| (w - highest).exp()).sum();
            let crowd = weights.crowd * (e.expenditure[pair] / data.spending[pair]).ln();
            worst.check(e.price_hat[pair], (-(sum.ln() + highest + crowd) / weights.theta).exp(), 0.0);
            let mean = e.expenditure[pair] / n as f64;
            for exporter in 0..n {
                let cell = d.cell(importer, exporter, s);
                let paid = (log_weight[exporter] - highest).exp() / sum * e.expenditure[pair]
                    / (1.0 + instruments.tariff_rate[cell]);
                // A limit's rent that is the importer's lies between what is spent and the border.
                let value = paid * (-wedge[cell].log_importer).exp();
                worst.check(e.border_value[cell], value, 1e-6 * mean);
                let rate = instruments.tariff_rate[cell];
                revenue[importer] += paid * (1.0 + rate) - value;
                let tax = or_one_plus(&instruments.export_tax_rate, cell);
                let made = value / tax * (-wedge[cell].log_exporter).exp();
                sales[d.pair(exporter, s)] += made;
                taxes[exporter] += value - made;
                trade[importer] += value;
                trade[exporter] -= value;
            }
        }
    }
    let deficit = deficits(&data, instruments, e, &earning, &revenue, &taxes);
    let index: Vec<f64> = (0..n).map(|i| index(&data, e, i)).collect();
    for i in 0..n {
        let labour = data.labour_income(i);
        let mut hours = or_one(&instruments.endowment_hat, i);
        if closure.labour_supply == LabourSupply::Elastic {
            let mut real = e.wage_hat[i] / index[i];
            if closure.revenue == Revenue::IncomeTaxRelief {
                let before: f64 = (0..d.cells())
                    .filter(|cell| d.cell_of(*cell).0 == i)
                    .map(|cell| benchmark.border_value[cell] * benchmark.tariff_rate[cell])
                    .sum();
                real *= 1.0 - before / labour;
                real /= 1.0 - revenue[i] / (labour * e.wage_hat[i] * e.labour_hat[i]);
            }
            hours *= real.powf(closure.labour_supply_elasticity.unwrap_or(f64::NAN));
        }
        worst.check(e.labour_hat[i], hours, 0.0);
        let wage_bill = e.wage_hat[i] * labour * hours;
        let surplus: f64 = (0..sectors)
            .map(|s| d.pair(i, s))
            .map(|pair| (data.profit[pair] + data.capital[pair]) * earning[pair])
            .sum();
        let invested: f64 = (0..sectors).map(|s| data.invested(d.pair(i, s), &e.output)).sum();
        let income = wage_bill - invested + surplus + revenue[i] + taxes[i] + deficit[i];
        worst.check(e.income[i], income, 0.0);
        let mut demand = 0.0;
        for s in 0..sectors {
            let pair = d.pair(i, s);
            worst.check(e.output[pair], sales[pair], small);
            if closure.factor_market == FactorMarket::Mobile && e.output[pair] < small {
                stays_empty(&data, e.output[pair], sales[pair], s, &mut worst);
            }
            demand += (data.factors[pair] - data.capital[pair]) * value_added[pair] * sales[pair];
            let final_use = final_share(&data, e, pair, index[i]) * income;
            worst.check(
                e.expenditure[pair],
                final_use + data.used_with(&input, pair, &e.output) + data.invested(pair, &e.output),
                small,
            );
        }
        worst.check(demand, wage_bill, 0.0);
    }
    limits(instruments, e, &cost, &mut worst);
    worst.gap
}

/// A sector stands empty only where its firms would sell less than they cost. At full scale, ψθ = 1, sales are in proportion to
/// the number of firms where these are few, so that the ratio tells at any number; short of it no sector is empty, only small.
fn stays_empty(data: &Data<'_>, output: f64, sales: f64, s: usize, worst: &mut Worst) {
    let full = (Weights::new(data, s).entry - 1.0).abs() < 1e-12;
    if full && output > 1e-200 && sales > output * (1.0 + 1e-6) {
        worst.gap = f64::INFINITY;
    }
}

fn or_one_plus(rates: &[f64], k: usize) -> f64 {
    1.0 + rates.get(k).copied().unwrap_or(0.0)
}

/// How a sector's market weighs exporters.
struct Weights {
    theta: f64,
    /// Power of the number of firms, of unit cost, of taxes, and of spending in the price.
    entry: f64,
    cost: f64,
    tax: f64,
    crowd: f64,
}

impl Weights {
    fn new(data: &Data<'_>, s: usize) -> Self {
        let sector = &data.benchmark.sectors[s];
        let theta = sector.trade_elasticity;
        let plain = Self { theta, entry: 0.0, cost: theta, tax: theta, crowd: 0.0 };
        match data.closure.market_structure {
            MarketStructure::Perfect | MarketStructure::FixedEntry => plain,
            MarketStructure::Krugman => {
                Self { entry: theta * sector.scale_elasticity.unwrap_or(1.0 / theta), ..plain }
            }
            MarketStructure::Melitz => {
                let sigma = sector.elasticity_of_substitution.unwrap_or(f64::NAN);
                let eta = theta / (sigma - 1.0) - 1.0;
                Self { theta, entry: 1.0, cost: theta + eta, tax: theta + eta, crowd: eta }
            }
        }
    }
}

/// ln ĉ, and the shares behind it: value added's relative to the data, inputs' as they are.
struct Costs {
    log: Vec<f64>,
    value_added: Vec<f64>,
    input: Vec<f64>,
}

/// Unit costs, with factor prices by the factor market's own equations.
fn unit_costs(data: &Data<'_>, instruments: &Instruments, e: &Equilibrium, worst: &mut Worst) -> Costs {
    let d = data.d;
    let (n, sectors) = (d.economies, d.sectors);
    let mut cost = vec![0.0; d.pairs()];
    let mut value_added = vec![1.0; d.pairs()];
    let mut input = data.input.clone();
    for i in 0..n {
        // What factors earn, by the share of cost that the solution says they have: checked against their price below.
        let hat = |pair: usize| e.value_added_share_relative(pair) * e.output[pair] / data.output[pair];
        let mut chosen = 0.0;
        for s in 0..sectors {
            let pair = d.pair(i, s);
            let mut log_factor = e.wage_hat[i].ln();
            if data.output[pair] > 0.0 {
                match data.closure.factor_market {
                    FactorMarket::Mobile => {
                        let built: f64 = (0..sectors)
                            .map(|k| d.pair(i, k))
                            .filter(|k| data.basket[*k] > 0.0)
                            .map(|k| data.basket[k] * e.price_hat[k].ln())
                            .sum();
                        log_factor = (1.0 - data.alpha[i]) * e.wage_hat[i].ln() + data.alpha[i] * built;
                    }
                    FactorMarket::Roy => {
                        // V' = V v̂^κ Φ̂^(1−κ) L̂, Φ̂ the mean wage.
                        let kappa = data.closure.roy_shape.unwrap_or(f64::NAN);
                        log_factor = (hat(pair).ln() - e.labour_hat[i].ln()
                            + (kappa - 1.0) * e.wage_hat[i].ln())
                            / kappa;
                        chosen += data.factors[pair] * data.output[pair] * (kappa * log_factor).exp();
                    }
                    FactorMarket::Specific => {
                        let share = data.capital[pair] / data.factors[pair];
                        let rent = hat(pair).ln() - or_one(&instruments.capital_hat, pair).ln();
                        log_factor = (1.0 - share) * e.wage_hat[i].ln() + share * rent;
                    }
                }
                worst.check(e.factor_price_hat[pair], log_factor.exp(), 0.0);
            }
            let (a, b) = data.powers(s);
            let inputs: f64 = (0..sectors).map(|k| data.input[d.input(i, s, k)]).sum();
            if (a != 0.0 || b != 0.0) && inputs > 0.0 {
                let prices: Vec<(f64, f64)> = (0..sectors)
                    .map(|k| (data.input[d.input(i, s, k)] / inputs, e.price_hat[d.pair(i, k)].ln()))
                    .filter(|(share, _)| *share > 0.0)
                    .collect();
                let q = mean_of_power(b, &prices);
                let log = mean_of_power(a, &[(1.0 - inputs, log_factor), (inputs, q)]);
                value_added[pair] = (a * (log_factor - log)).exp();
                if data.output[pair] > 0.0 {
                    worst.check(e.value_added_share_relative(pair), value_added[pair], 0.0);
                }
                for k in 0..sectors {
                    let price = e.price_hat[d.pair(i, k)].ln();
                    let share = &mut input[d.input(i, s, k)];
                    if *share > 0.0 {
                        *share *= (a * (q - log) + b * (price - q)).exp();
                    }
                }
                cost[pair] = log - or_one(&instruments.productivity_hat, pair).ln();
                continue;
            }
            let variable = 1.0 - data.profit[pair];
            let mut log =
                data.factors[pair] / variable * log_factor - or_one(&instruments.productivity_hat, pair).ln();
            for k in 0..sectors {
                let share = data.input[d.input(i, s, k)];
                if share > 0.0 {
                    log += share / variable * e.price_hat[d.pair(i, k)].ln();
                }
            }
            cost[pair] = log;
        }
        if data.closure.factor_market == FactorMarket::Roy {
            let kappa = data.closure.roy_shape.unwrap_or(f64::NAN);
            worst.check((chosen / data.labour_income(i)).powf(1.0 / kappa), e.wage_hat[i], 0.0);
        }
    }
    Costs { log: cost, value_added, input }
}

/// The logarithm of `[Σ w x^power]^(1/power)` of logarithms; at zero their mean.
fn mean_of_power(power: f64, values: &[(f64, f64)]) -> f64 {
    let mean: f64 = values.iter().map(|(weight, log)| weight * log).sum();
    if power == 0.0 {
        return mean;
    }
    mean + values.iter().map(|(weight, log)| weight * (power * (log - mean)).exp()).sum::<f64>().ln() / power
}

/// The index of all final use.
fn index(data: &Data<'_>, e: &Equilibrium, economy: usize) -> f64 {
    let d = data.d;
    let pairs = (0..d.sectors).map(|s| d.pair(economy, s)).filter(|pair| data.final_share[*pair] != 0.0);
    match (data.closure.demand, data.closure.demand_elasticity) {
        (Demand::Ces, Some(elasticity)) if elasticity != 1.0 => {
            let power = 1.0 - elasticity;
            pairs
                .map(|pair| data.final_share[pair] * e.price_hat[pair].powf(power))
                .sum::<f64>()
                .powf(1.0 / power)
        }
        _ => pairs.map(|pair| data.final_share[pair] * e.price_hat[pair].ln()).sum::<f64>().exp(),
    }
}

fn final_share(data: &Data<'_>, e: &Equilibrium, pair: usize, index: f64) -> f64 {
    let share = data.final_share[pair];
    match (data.closure.demand, data.closure.demand_elasticity) {
        (Demand::Ces, Some(elasticity)) => share * (e.price_hat[pair] / index).powf(1.0 - elasticity),
        _ => share,
    }
}

/// Deficits by their rule.
fn deficits(
    data: &Data<'_>,
    instruments: &Instruments,
    e: &Equilibrium,
    earning: &[f64],
    revenue: &[f64],
    taxes: &[f64],
) -> Vec<f64> {
    let d = data.d;
    let n = d.economies;
    if instruments.trade_deficit.iter().all(Option::is_some) && n > 0 {
        return instruments.trade_deficit.iter().map(|level| level.unwrap_or(0.0)).collect();
    }
    if data.closure.deficits != Deficits::ShareOfGdp {
        return data.deficit.clone();
    }
    let gdp: Vec<f64> = (0..n)
        .map(|i| {
            let made: f64 = (0..d.sectors)
                .map(|s| d.pair(i, s))
                .map(|pair| (data.profit[pair] + data.capital[pair]) * earning[pair])
                .sum();
            // Where investment is told from consumption, deficits follow what it leaves of GDP.
            let invested: f64 = (0..d.sectors).map(|s| data.invested(d.pair(i, s), &e.output)).sum();
            data.labour_income(i) * e.wage_hat[i] * e.labour_hat[i] + made - invested + revenue[i] + taxes[i]
        })
        .collect();
    let share: Vec<f64> =
        (0..n).map(|i| data.deficit[i] / (data.final_spending[i] - data.deficit[i])).collect();
    // Economies that trade with each other, directly or through others, share what makes deficits sum to zero.
    let mut bloc: Vec<usize> = (0..n).collect();
    for _ in 0..n {
        for cell in (0..d.cells()).filter(|cell| data.benchmark.border_value[*cell] > 0.0) {
            let (importer, exporter, _) = d.cell_of(cell);
            let least = bloc[importer].min(bloc[exporter]);
            (bloc[importer], bloc[exporter]) = (least, least);
        }
    }
    (0..n)
        .map(|i| {
            let partners = || (0..n).filter(|k| bloc[*k] == bloc[i]);
            let gap: f64 = partners().map(|k| gdp[k] * share[k]).sum();
            let all: f64 = partners().map(|k| gdp[k]).sum();
            gdp[i] * (share[i] - gap / all)
        })
        .collect()
}

/// Complementarity: a wedge is zero or its limit binds, on the right side.
fn limits(instruments: &Instruments, e: &Equilibrium, cost: &[f64], worst: &mut Worst) {
    for (limit, wedge) in instruments.limits.iter().zip(&e.log_wedge) {
        let n = e.wage_hat.len();
        let flow: f64 = limit
            .cells
            .iter()
            .map(|&cell| match limit.measure {
                LimitMeasure::Value => e.border_value[cell],
                LimitMeasure::Volume => {
                    let exporter = cell / (n * n) * n + cell % n;
                    let mut value = e.border_value[cell] / or_one_plus(&instruments.export_tax_rate, cell);
                    if limit.rent == RentOwner::Exporter {
                        value *= (-wedge).exp();
                    }
                    value / cost[exporter].exp()
                }
            })
            .sum();
        let (low, high) = (limit.min.unwrap_or(0.0), limit.max.unwrap_or(f64::INFINITY));
        if *wedge > 0.0 {
            worst.check(flow, high, 0.0);
        } else if *wedge < 0.0 {
            worst.check(flow, low, 0.0);
        } else {
            worst.check(flow.clamp(low, high), flow, 0.0);
        }
    }
}
