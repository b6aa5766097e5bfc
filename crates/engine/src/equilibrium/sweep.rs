//! One sweep: the price map and the expenditure map, evaluated together in one pass over the cells.
//!
//! Given factor prices, incomes, prices and outputs, spending `X = α I + Γ Y` is explicit, so that shares, prices,
//! sales and revenue of a row (importer, sector) come out of the same visit to memory:
//!
//! ```text
//! q[i,s]   = −θ ln ĉ[i,s] …                                   exporters' weights (technology.rs, price.rs)
//! a        = π κ̂^(−θ) e^q,   π' = a / Σ_i a                  shares
//! ln P̂     = −(1/θ) ln Σ_i a …                               price index
//! Y[i,s]   = Σ_n π' X (1−ν)/((1+t')(1+e'))                    sales
//! R[n]     = Σ X − π' X / (1+t')                               revenue
//! ```
//!
//! Powers are taken per exporter and sector, never per cell. What is paid abroad and what is paid at home are kept apart,
//! so that the trade balance of an economy close to autarky is as exact as any other number.

use super::kernel;
use super::layout::Layout;
use super::trade_cost::TradeCosts;
use crate::calibration::Calibration;

/// Everything that one sweep computes and that a linearisation needs. Values in world-GDP units.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sweep {
    /// ln ĉ, N·S.
    pub log_unit_cost: Vec<f64>,
    /// q and its exponential relative to the sector's largest, N·S.
    pub log_weight: Vec<f64>,
    pub weight: Vec<f64>,
    /// ln Ŷ where the closure asks for it, N·S.
    pub log_output: Vec<f64>,
    /// Shares of final use in force, N·S.
    pub final_share: Vec<f64>,
    /// Index of all final use, logarithm, N.
    pub log_price_index: Vec<f64>,
    /// X', N·S.
    pub expenditure: Vec<f64>,
    /// π', N·N·S.
    pub share: Vec<f64>,
    /// What is paid abroad per unit of spending, N·N·S: `π' (1−ν)/(1+t')`, zero for home cells.
    pub payment_share: Vec<f64>,
    /// The same less export taxes; empty without them.
    pub producer_share: Vec<f64>,
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
    /// Sums of limited flows, logarithm.
    pub log_limited: Vec<f64>,
}

impl Sweep {
    /// Makes room.
    pub fn resize(&mut self, calibration: &Calibration, costs: &TradeCosts) {
        let d = calibration.dimensions;
        for pairs in [
            &mut self.log_unit_cost,
            &mut self.log_weight,
            &mut self.weight,
            &mut self.log_output,
            &mut self.final_share,
            &mut self.expenditure,
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
        self.share.resize(d.cells(), 0.0);
        self.payment_share.resize(d.cells(), 0.0);
        let taxed = costs.taxed();
        self.producer_share.resize(if taxed { d.cells() } else { 0 }, 0.0);
        self.home_producer_share.resize(if taxed { d.pairs() } else { 0 }, 0.0);
        self.log_limited.resize(costs.limits.len(), 0.0);
    }

    /// Whether export taxes set producer values apart from payments.
    pub fn taxed(&self) -> bool {
        !self.producer_share.is_empty()
    }

    /// Border value over payment of an importer: one without local selling costs.
    pub fn border_over_payment(calibration: &Calibration, importer: usize) -> f64 {
        match calibration.technology.local_share.get(importer) {
            Some(share) => 1.0 / (1.0 - share),
            None => 1.0,
        }
    }

    /// Evaluates the model at `z`.
    pub fn evaluate(&mut self, calibration: &Calibration, costs: &mut TradeCosts, z: &[f64]) {
        let z = Layout::new(calibration, costs.limits.len()).split(z);
        costs.apply_wedges(z.limit);
        let costs = &*costs;
        self.unit_costs(calibration, costs, &z);
        self.price_indices(calibration, costs, z.price);
        self.spending(calibration, z.income, z.output);
        self.markets(calibration, costs, z.wage);
        self.budgets(calibration, costs, &z);
        self.limited_flows(calibration, costs);
    }

    kernel::dispatch! {
        /// Equations 3, 4, 6 and 7, row by row.
        fn markets / markets_wide / markets_body(self: &mut, calibration: &Calibration, costs: &TradeCosts, wage: &[f64])
    }

    #[inline(always)]
    fn markets_body(&mut self, calibration: &Calibration, costs: &TradeCosts, wage: &[f64]) {
        let d = calibration.dimensions;
        let n = d.economies;
        let technology = &calibration.technology;
        let taxed = costs.taxed();
        self.received.fill(0.0);
        self.sales.fill(0.0);
        self.imports.fill(0.0);
        self.exports.fill(0.0);
        self.tariff_revenue.fill(0.0);
        for s in 0..d.sectors {
            let pairs = s * n..(s + 1) * n;
            let theta = technology.trade_elasticity[s];
            let log_weight = &self.log_weight[pairs.clone()];
            let highest = log_weight.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weight = &self.weight[pairs.clone()];
            for importer in 0..n {
                let pair = s * n + importer;
                let cells = pair * n..(pair + 1) * n;
                let own = &costs.weight[cells.clone()];
                let share = &mut self.share[cells.clone()];
                let mut total = kernel::weigh(share, own, weight);
                let mut shift = highest;
                if total.is_nan() || total <= 1e-250 {
                    (total, shift) = weigh_by_logarithms(share, own, log_weight);
                }
                let payment_share = &mut self.payment_share[cells.clone()];
                if total == 0.0 {
                    // Nothing was ever bought here: no price to speak of, and no spending either.
                    share.fill(0.0);
                    payment_share.fill(0.0);
                    if taxed {
                        self.producer_share[cells].fill(0.0);
                        self.home_producer_share[pair] = 0.0;
                    }
                    self.home_share[pair] = 0.0;
                    self.foreign_share[pair] = 0.0;
                    self.log_price[pair] = 0.0;
                    continue;
                }
                let spending = self.expenditure[pair];
                self.log_price[pair] = -(total.ln() + shift + costs.row_shift[pair]) / theta;
                if let Some(power) = technology.spending_power.get(pair)
                    && *power != 0.0
                {
                    let relative = if technology.spending_over_wage { wage[importer] } else { 0.0 };
                    self.log_price[pair] +=
                        power * ((spending / calibration.expenditure[pair]).ln() - relative);
                }
                let payment = &costs.payment[cells.clone()];
                let received = &mut self.received[pairs.clone()];
                let foreign = if taxed {
                    kernel::normalise_taxed(
                        share,
                        payment_share,
                        &mut self.producer_share[cells.clone()],
                        payment,
                        &costs.producer[cells],
                        received,
                        &mut self.sales[pairs.clone()],
                        1.0 / total,
                        spending,
                    )
                } else {
                    kernel::normalise(share, payment_share, payment, received, 1.0 / total, spending)
                };
                let home = share[importer] * costs.home_payment[pair];
                self.home_share[pair] = home;
                if taxed {
                    self.home_producer_share[pair] = share[importer] * costs.home_producer[pair];
                }
                self.foreign_share[pair] = foreign;
                self.imports[importer] += spending * foreign;
                let border = (foreign + home) * Self::border_over_payment(calibration, importer);
                self.tariff_revenue[importer] += spending * (1.0 - border);
            }
        }
        for pair in 0..d.pairs() {
            self.exports[pair % n] += self.received[pair];
            let home = if taxed { self.home_producer_share[pair] } else { self.home_share[pair] };
            let abroad = if taxed { self.sales[pair] } else { self.received[pair] };
            self.sales[pair] = abroad + self.expenditure[pair] * home;
        }
    }
}

/// A row whose weights underflow beside the sector's cheapest exporter: relative to its own best.
#[cold]
fn weigh_by_logarithms(share: &mut [f64], own: &[f64], log_weight: &[f64]) -> (f64, f64) {
    let mut shift = f64::NEG_INFINITY;
    for (own, log) in own.iter().zip(log_weight) {
        if *own > 0.0 {
            shift = shift.max(own.ln() + log);
        }
    }
    if shift == f64::NEG_INFINITY {
        return (0.0, 0.0);
    }
    let mut total = 0.0;
    for ((share, own), log) in share.iter_mut().zip(own).zip(log_weight) {
        *share = if *own > 0.0 { (own.ln() + log - shift).exp() } else { 0.0 };
        total += *share;
    }
    (total, shift)
}
