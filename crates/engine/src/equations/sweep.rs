//! One sweep: the price map and the expenditure map, evaluated together in one pass over the cells.
//!
//! Given factor prices, incomes, prices and outputs, spending `X = α I + Γ Y` is explicit, so that shares, prices,
//! sales and revenue of a row (importer, sector) come out of the same visit to memory:
//!
//! ```text
//! q[i,s]   = −θ ln ĉ[i,s] …                                   exporters' weights (technology.rs, price.rs)
//! a        = π κ̂^(−θ) e^q,   π' = a / Σ_i a                  shares: folded weight × exporter's weight × row's scale
//! ln P̂     = −(1/θ) ln Σ_i a …                               price index
//! Y[i,s]   = Σ_n π' X (1−ν)/((1+t')(1+e'))                    sales
//! R[n]     = Σ X − π' X / (1+t')                               revenue
//! ```
//!
//! Powers are taken per exporter and sector, never per cell, and no cell is ever written: a share is the product of its
//! three factors wherever it is needed, so that a sweep is dot products of the folded rows with the exporters' weights and
//! sums of the rows. What is paid abroad and what is paid at home are kept apart,
//! so that the trade balance of an economy close to autarky is as exact as any other number.

use super::input_nest::InputNests;
use super::layout::Layout;
use super::numeraire;
use super::trade_cost::TradeCosts;
use crate::linear::kernel;
use crate::model::calibration::Calibration;

/// Everything that one sweep computes and that a linearisation needs. Values in world-GDP units.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sweep {
    /// ln ĉ, N·S.
    pub log_unit_cost: Vec<f64>,
    /// q beyond the reference of the folded weights, and its exponential relative to the sector's largest, N·S.
    pub log_weight: Vec<f64>,
    pub weight: Vec<f64>,
    /// ln Ŷ where the closure asks for it, N·S.
    pub log_output: Vec<f64>,
    /// Shares of final use in force, N·S; empty where they are those of the instruments.
    pub final_share: Vec<f64>,
    /// Index of all final use, logarithm, N.
    pub log_price_index: Vec<f64>,
    /// X', N·S.
    pub expenditure: Vec<f64>,
    /// 1 / Σ_i a, N·S; zero where nothing was ever bought.
    pub scale: Vec<f64>,
    /// What is paid to home producers per unit of spending, N·S.
    pub home_share: Vec<f64>,
    /// The same less export taxes on home sales; empty without.
    pub home_producer_share: Vec<f64>,
    /// Sum of payment shares over foreign exporters, N·S.
    pub foreign_share: Vec<f64>,
    /// ln P̂ as the price map gives it, N·S.
    pub log_price: Vec<f64>,
    /// Payments received from abroad, N·S.
    pub received: Vec<f64>,
    /// Sales at producer prices, home and abroad, N·S.
    pub sales: Vec<f64>,
    /// Payments for imports and from exports, N.
    pub imports: Vec<f64>,
    pub exports: Vec<f64>,
    /// Import tariff revenue, N.
    pub tariff_revenue: Vec<f64>,
    /// Export tax revenue, N.
    pub export_tax_revenue: Vec<f64>,
    /// Labour income, N.
    pub labour_income: Vec<f64>,
    /// Labour and capital income, N.
    pub factor_income: Vec<f64>,
    /// Sums of the former over blocs, at each bloc's first economy.
    pub bloc_income: Vec<f64>,
    /// Profits and capital income, N.
    pub surplus: Vec<f64>,
    /// Capital income received from abroad, net, N.
    pub abroad: Vec<f64>,
    /// D', N.
    pub deficit: Vec<f64>,
    /// Foreign exchange: uses and sources, N.
    pub uses: Vec<f64>,
    pub sources: Vec<f64>,
    /// Income as the budget gives it, N.
    pub budget: Vec<f64>,
    /// Hours as their supply gives them, logarithm, N.
    pub log_hours: Vec<f64>,
    /// ln κ where deficits and limits are fixed in units of the numeraire, else zero.
    pub log_unit: f64,
    /// Sums of limited flows, each in the unit of its limit, logarithm.
    pub log_limited: Vec<f64>,
    /// Cost shares in force, where inputs substitute.
    pub nests: InputNests,
    /// Room for one sector's rows.
    row: Vec<f64>,
}

impl Sweep {
    /// Makes room.
    pub fn resize(&mut self, calibration: &Calibration, costs: &TradeCosts) {
        let d = calibration.dimensions;
        for pairs in [
            &mut self.log_unit_cost,
            &mut self.log_weight,
            &mut self.weight,
            &mut self.expenditure,
            &mut self.scale,
            &mut self.home_share,
            &mut self.foreign_share,
            &mut self.log_price,
            &mut self.received,
            &mut self.sales,
        ] {
            pairs.resize(d.pairs(), 0.0);
        }
        for economies in [
            &mut self.log_price_index,
            &mut self.imports,
            &mut self.exports,
            &mut self.tariff_revenue,
            &mut self.export_tax_revenue,
            &mut self.labour_income,
            &mut self.factor_income,
            &mut self.bloc_income,
            &mut self.surplus,
            &mut self.abroad,
            &mut self.deficit,
            &mut self.uses,
            &mut self.sources,
            &mut self.budget,
            &mut self.log_hours,
        ] {
            economies.resize(d.economies, 0.0);
        }
        let substituted = if calibration.technology.demand_elasticity.is_some() { d.pairs() } else { 0 };
        self.final_share.resize(substituted, 0.0);
        self.row.resize(3 * d.economies, 0.0);
        let of_output = if calibration.technology.needs_output_logs() { d.pairs() } else { 0 };
        self.log_output.resize(of_output, 0.0);
        self.home_producer_share.resize(if costs.taxed() { d.pairs() } else { 0 }, 0.0);
        self.log_limited.resize(costs.limits.len(), 0.0);
        self.nests.resize(calibration);
    }

    /// Whether export taxes set producer values apart from payments.
    pub fn taxed(&self) -> bool {
        !self.home_producer_share.is_empty()
    }

    /// Shares of final use in force, N·S.
    pub fn final_share<'a>(&'a self, costs: &'a TradeCosts) -> &'a [f64] {
        if self.final_share.is_empty() { &costs.final_share } else { &self.final_share }
    }

    /// π' of a cell.
    pub fn share(&self, costs: &TradeCosts, cell: usize) -> f64 {
        costs.weight[cell] * self.factor(cell)
    }

    /// What is paid abroad per unit of spending: `π' (1−ν)/(1+t')`, zero for home cells.
    pub fn payment_share(&self, costs: &TradeCosts, cell: usize) -> f64 {
        costs.paid[cell] * self.factor(cell)
    }

    /// The same less export taxes.
    pub fn producer_share(&self, costs: &TradeCosts, cell: usize) -> f64 {
        if self.taxed() { costs.sold[cell] * self.factor(cell) } else { self.payment_share(costs, cell) }
    }

    /// What a folded weight is multiplied with to be a share.
    fn factor(&self, cell: usize) -> f64 {
        let n = self.imports.len();
        let pair = cell / n;
        self.scale[pair] * self.weight[pair / n * n + cell % n]
    }

    /// Evaluates the model at `z`.
    pub fn evaluate(&mut self, calibration: &Calibration, costs: &mut TradeCosts, z: &[f64]) {
        let z = Layout::new(calibration, costs.limits.len()).split(z);
        costs.apply_wedges(z.limit);
        self.unit_costs(calibration, costs, &z);
        self.price_indices(calibration, costs, z.price);
        self.spending(calibration, costs, z.income, z.output);
        let unit = numeraire::is_unit(calibration);
        self.log_unit =
            if unit { numeraire::log_scale(calibration, z.wage, &self.log_price_index) } else { 0.0 };
        let mut vanished = false;
        self.markets(calibration, costs, z.wage, &mut vanished);
        if vanished {
            self.count_from_here(calibration, costs, z.limit);
            self.markets(calibration, costs, z.wage, &mut vanished);
        }
        self.budgets(calibration, costs, &z);
        self.limited_flows(calibration, costs);
    }

    /// Some row holds nobody but exporters whose weights vanish beside the sector's cheapest.
    #[cold]
    fn count_from_here(&mut self, calibration: &Calibration, costs: &mut TradeCosts, wedges: &[f64]) {
        for (log_weight, reference) in self.log_weight.iter_mut().zip(&costs.reference) {
            *log_weight += reference;
        }
        costs.rebase(&self.log_weight, calibration.dimensions.economies, wedges);
        self.log_weight.fill(0.0);
        self.weight.fill(1.0);
    }

    kernel::dispatch! {
        /// Equations 3, 4, 6 and 7, row by row. Says whether a row's weights vanished.
        fn markets / markets_wide / markets_body(self: &mut, calibration: &Calibration, costs: &TradeCosts, wage: &[f64], vanished: &mut bool)
    }

    #[inline(always)]
    fn markets_body(
        &mut self,
        calibration: &Calibration,
        costs: &TradeCosts,
        wage: &[f64],
        vanished: &mut bool,
    ) {
        let d = calibration.dimensions;
        let n = d.economies;
        let technology = &calibration.technology;
        let taxed = costs.taxed();
        self.received.fill(0.0);
        self.sales.fill(0.0);
        self.imports.fill(0.0);
        self.exports.fill(0.0);
        self.tariff_revenue.fill(0.0);
        let together = kernel::rows_at_once(n);
        for s in 0..d.sectors {
            let pairs = s * n..(s + 1) * n;
            let theta = technology.trade_elasticity[s];
            let highest = self.log_weight[pairs.clone()].iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weight = &self.weight[pairs.clone()];
            let (total, rest) = self.row.split_at_mut(n);
            let (foreign, spent) = rest.split_at_mut(n);
            let received = &mut self.received[pairs.clone()];
            let sales = &mut self.sales[pairs.clone()];
            let mut first = 0;
            while first < n {
                let end = (first + together).min(n);
                let cells = (s * n + first) * n..(s * n + end) * n;
                if calibration.traded[s] {
                    kernel::rows_times(&costs.weight[cells.clone()], weight, &mut total[first..end]);
                    kernel::rows_times(&costs.paid[cells.clone()], weight, &mut foreign[first..end]);
                } else {
                    foreign[first..end].fill(0.0);
                    for importer in first..end {
                        total[importer] = costs.weight[(s * n + importer) * n + importer] * weight[importer];
                    }
                }
                for importer in first..end {
                    let pair = s * n + importer;
                    let sum = total[importer];
                    if sum.is_nan() || sum <= 1e-250 {
                        // Nothing was ever bought here (no price to speak of, and no spending either), or what was bought
                        // has vanished.
                        *vanished |= costs.weight[pair * n..(pair + 1) * n].iter().any(|w| *w > 0.0);
                        self.scale[pair] = 0.0;
                        self.log_price[pair] = 0.0;
                        continue;
                    }
                    self.scale[pair] = 1.0 / sum;
                    let shift = costs.row_shift.get(pair).copied().unwrap_or(0.0);
                    self.log_price[pair] = -(sum.ln() + highest + shift) / theta;
                }
                for importer in first..end {
                    let pair = s * n + importer;
                    spent[importer] = self.scale[pair] * self.expenditure[pair];
                    self.foreign_share[pair] = self.scale[pair] * foreign[importer];
                }
                if calibration.traded[s] {
                    kernel::rows_into(received, &spent[first..end], &costs.paid[cells.clone()]);
                    if taxed {
                        kernel::rows_into(sales, &spent[first..end], &costs.sold[cells]);
                    }
                }
                first = end;
            }
            kernel::scale_by(received, weight);
            if taxed {
                kernel::scale_by(sales, weight);
            }
            for i in 0..n {
                let pair = s * n + i;
                let own = costs.weight[pair * n + i] * weight[i] * self.scale[pair];
                let home = own * costs.home_payment[pair];
                self.home_share[pair] = home;
                let spending = self.expenditure[pair];
                let foreign = self.foreign_share[pair];
                self.imports[i] += spending * foreign;
                if self.scale[pair] != 0.0 {
                    self.tariff_revenue[i] +=
                        spending * (1.0 - (foreign + home) * costs.border_over_payment[i]);
                }
                self.exports[i] += received[i];
                if taxed {
                    self.home_producer_share[pair] = own * costs.home_producer[pair];
                    sales[i] += spending * self.home_producer_share[pair];
                } else {
                    sales[i] = received[i] + spending * home;
                }
            }
        }
        if !technology.spending_power.is_empty() {
            self.spending_in_prices(calibration, wage);
        }
    }

    /// Spending's own power in prices.
    fn spending_in_prices(&mut self, calibration: &Calibration, wage: &[f64]) {
        let technology = &calibration.technology;
        for (pair, power) in technology.spending_power.iter().enumerate() {
            if *power != 0.0 && self.scale[pair] != 0.0 {
                let relative = if technology.spending_over_wage { wage[pair % wage.len()] } else { 0.0 };
                let spending = (self.expenditure[pair] / calibration.expenditure[pair]).ln();
                self.log_price[pair] += power * (spending - relative);
            }
        }
    }
}
