//! One sweep run backwards: from the derivative of a number in what a sweep computes to its derivative in the
//! unknowns and in every instrument.
//!
//! For a row (importer, sector) with shares `π'`, border shares `h` and spending X, let `v_i` be the derivative in
//! `ln π'_i` at given prices, V its sum and `p̄` the derivative in `ln P̂`. Then the derivative in the logarithm of exporter
//! i's weight is `v_i − π'_i (V + p̄/θ)`: what the exporter gains less what its gain takes from all. Tariffs act through
//! the weight with exponent −θ and through `1/(1+t')` directly; iceberg costs through the weight alone.

use super::kernel;
use super::linearisation::Linearisation;

/// Derivatives of a number in what a sweep computes. World-GDP units.
#[derive(Debug, Default, Clone)]
pub(crate) struct Bars {
    /// In ln P̂ as the price map gives it, N·S.
    pub price: Vec<f64>,
    /// In sales at producer prices, N·S.
    pub sales: Vec<f64>,
    /// In import tariff revenue, N.
    pub revenue: Vec<f64>,
    /// In export tax revenue, N.
    pub export_revenue: Vec<f64>,
    /// In single border values, N·N·S; empty where there are none.
    pub border_value: Vec<f64>,
}

impl Bars {
    /// Makes room, all zero.
    pub fn resize(&mut self, economies: usize, pairs: usize) {
        for (vector, size) in [
            (&mut self.price, pairs),
            (&mut self.sales, pairs),
            (&mut self.revenue, economies),
            (&mut self.export_revenue, economies),
        ] {
            vector.clear();
            vector.resize(size, 0.0);
        }
        self.border_value.clear();
    }
}

/// Where the backward sweep arrives: derivatives in the unknowns (wages and prices in logarithms, incomes and
/// outputs in levels) that enter the sweep.
#[derive(Debug, Default, Clone)]
pub(crate) struct Arrived {
    pub wage: Vec<f64>,
    pub income: Vec<f64>,
    pub price: Vec<f64>,
    pub output: Vec<f64>,
    /// In ln ĉ, N·S.
    pub cost: Vec<f64>,
    /// In X, N·S.
    pub spending: Vec<f64>,
}

impl Arrived {
    /// Makes room.
    pub fn resize(&mut self, economies: usize, pairs: usize) {
        self.wage.resize(economies, 0.0);
        self.income.resize(economies, 0.0);
        for vector in [&mut self.price, &mut self.output, &mut self.cost, &mut self.spending] {
            vector.resize(pairs, 0.0);
        }
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
    /// Runs the sweep backwards. With `cells`, derivatives in the instruments of single flows are written as well.
    pub fn reverse(&self, bars: &Bars, arrived: &mut Arrived, cells: Option<&mut CellBars>) {
        let c = self.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        arrived.cost.fill(0.0);
        match cells {
            None if bars.border_value.is_empty() && self.sweep.producer_share.is_empty() => {
                for s in 0..sectors {
                    let pairs = s * n..(s + 1) * n;
                    let theta = c.trade_elasticity[s];
                    let sales = &bars.sales[pairs.clone()];
                    let weight = &mut arrived.cost[pairs];
                    for importer in 0..n {
                        let pair = s * n + importer;
                        let row = pair * n..(pair + 1) * n;
                        let spending = self.sweep.expenditure[pair];
                        let revenue = bars.revenue[importer];
                        let border_share = &self.sweep.border_share[row.clone()];
                        let gain = kernel::dot(border_share, sales) - revenue * self.sweep.border_sum[pair];
                        arrived.spending[pair] = gain + revenue;
                        let taken = spending * gain + bars.price[pair] / theta;
                        kernel::spread(
                            weight,
                            border_share,
                            sales,
                            revenue,
                            spending,
                            &self.sweep.share[row],
                            taken,
                        );
                    }
                }
            }
            cells => self.reverse_in_full(bars, arrived, cells),
        }
        self.reverse_costs_and_use(arrived);
    }

    fn reverse_in_full(&self, bars: &Bars, arrived: &mut Arrived, mut cells: Option<&mut CellBars>) {
        let c = self.calibration;
        let n = c.dimensions.economies;
        let taxed = !self.sweep.producer_share.is_empty();
        for pair in 0..c.dimensions.pairs() {
            let (s, importer) = (pair / n, pair % n);
            let theta = c.trade_elasticity[s];
            let spending = self.sweep.expenditure[pair];
            let revenue = bars.revenue[importer];
            // Derivatives in border value and in producer value of a cell.
            let at = |i: usize| {
                let export = if taxed { bars.export_revenue[i] } else { 0.0 };
                let cell = bars.border_value.get(pair * n + i).copied().unwrap_or(0.0);
                (cell - revenue + export, bars.sales[s * n + i] - export)
            };
            let shares = |i: usize| {
                let border = self.sweep.border_share[pair * n + i];
                (border, if taxed { self.sweep.producer_share[pair * n + i] } else { border })
            };
            let mut gain = 0.0;
            for i in 0..n {
                let ((border_bar, producer_bar), (border, producer)) = (at(i), shares(i));
                gain += border * border_bar + producer * producer_bar;
            }
            arrived.spending[pair] = gain + revenue;
            let taken = spending * gain + bars.price[pair] / theta;
            for i in 0..n {
                let ((border_bar, producer_bar), (border, producer)) = (at(i), shares(i));
                let by_producer = spending * producer * producer_bar;
                let direct = spending * border * border_bar + by_producer;
                let weight = direct - self.sweep.share[pair * n + i] * taken;
                arrived.cost[s * n + i] += weight;
                if let Some(cells) = cells.as_deref_mut() {
                    cells.trade_cost[pair * n + i] = -theta * weight;
                    cells.tariff[pair * n + i] = -theta * weight - direct;
                    cells.export_tax[pair * n + i] = -theta * weight - by_producer;
                }
            }
        }
    }

    /// From exporters' weights to costs, wages and prices; from spending to incomes and outputs.
    fn reverse_costs_and_use(&self, arrived: &mut Arrived) {
        let c = self.calibration;
        let (n, sectors) = (c.dimensions.economies, c.dimensions.sectors);
        let Arrived { wage, income, price, output, cost, spending } = arrived;
        wage.fill(0.0);
        income.fill(0.0);
        price.fill(0.0);
        output.fill(0.0);
        for s in 0..sectors {
            let pairs = s * n..(s + 1) * n;
            let theta = c.trade_elasticity[s];
            let cost = &mut cost[pairs.clone()];
            let (exponent, share) = (&c.factor_exponent[pairs.clone()], &c.final_share[pairs.clone()]);
            let spending = &spending[pairs.clone()];
            for i in 0..n {
                cost[i] *= -theta;
                wage[i] += exponent[i] * cost[i];
                income[i] += share[i] * spending[i];
            }
        }
        if let Some(input) = &c.input_share {
            let mut scaled = vec![0.0; n];
            for s in 0..sectors {
                let pairs = s * n..(s + 1) * n;
                let shares = &input[s * sectors * n..(s + 1) * sectors * n];
                for i in 0..n {
                    scaled[i] = c.input_scale[s * n + i] * cost[s * n + i];
                }
                kernel::outputs_into_use(price, shares, &scaled);
                kernel::inputs_into_costs(&mut output[pairs], shares, spending);
            }
        }
    }

    /// `y = Jᵀ λ`, both relative as in [`apply`](Self::apply).
    pub fn apply_transposed(&self, multiplier: &[f64], y: &mut [f64], room: &mut Room) {
        let c = self.calibration;
        let (n, pairs) = (c.dimensions.economies, c.dimensions.pairs());
        let layout = super::sweep::Layout::of(c);
        self.bars_of(multiplier, &mut room.bars);
        self.reverse(&room.bars, &mut room.arrived, None);
        let (wage, income, price, output) = layout.split(multiplier);
        let (y_wage, y_income, y_price, y_output) = layout.split_mut(y);
        let arrived = &room.arrived;
        let world: f64 = self.sweep.labour_income.iter().sum();
        let numeraire = wage.iter().sum::<f64>() / world;
        for i in 0..n {
            let labour = self.sweep.labour_income[i];
            let budget = income[i] / self.income_scale[i];
            y_wage[i] = wage[i] + labour * numeraire - labour * budget - arrived.wage[i];
            y_income[i] = income[i] - arrived.income[i] * self.income_scale[i];
        }
        for pair in 0..pairs {
            let i = pair % n;
            y_price[pair] = price[pair] - arrived.price[pair];
            let level = arrived.output[pair]
                + c.labour_share[pair] * wage[i] / self.sweep.labour_demand[i]
                + c.surplus_share[pair] * income[i] / self.income_scale[i];
            y_output[pair] = output[pair] - level * self.output_scale[pair];
        }
    }

    /// What the multipliers of the equations are in terms of the sweep's results.
    pub fn bars_of(&self, multiplier: &[f64], bars: &mut Bars) {
        let layout = super::sweep::Layout::of(self.calibration);
        let (_, income, price, output) = layout.split(multiplier);
        bars.border_value.clear();
        bars.price.copy_from_slice(price);
        for pair in 0..layout.pairs {
            bars.sales[pair] = output[pair] / self.output_scale[pair];
        }
        for i in 0..layout.n {
            bars.revenue[i] = income[i] / self.income_scale[i];
            bars.export_revenue[i] = bars.revenue[i];
        }
    }
}

/// Room for backward sweeps.
#[derive(Debug, Default, Clone)]
pub(crate) struct Room {
    pub bars: Bars,
    pub arrived: Arrived,
}

impl Room {
    /// Makes room.
    pub fn resize(&mut self, economies: usize, pairs: usize) {
        self.bars.resize(economies, pairs);
        self.arrived.resize(economies, pairs);
    }
}
