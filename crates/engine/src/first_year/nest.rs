//! One sector of one importer: nested demand over home and imports, products, and the origins of a product.
//!
//! Border values before are `M`, duties `t⁰` and `t¹`, pass-through `ρ`. The price with duty changes by `τ = ((1+t¹)/(1+t⁰))^ρ`, the border
//! price by `b = ((1+t¹)/(1+t⁰))^(ρ−1)`. With spending `X = M(1+t⁰)` and shares `s` of a product's, `w` of the products', `h` imports':
//!
//! ```text
//! P_g = (Σ s τ^(1−σ))^(1/(1−σ))      two nests:    Q = M τ^(−σ) P_g^(σ−η),   gain of buyers −Σ X_g (P_g^(1−η) − 1)/(1−η)
//! P_M = (Σ w P_g^(1−η))^(1/(1−η))    three nests:  Q = M τ^(−σ) P_g^(σ−η) P_M^(η−κ) P_S^(κ−1),   home sales × P_S^(κ−1),
//! P_S = (1−h + h P_M^(1−κ))^(1/(1−κ))              gain of buyers −(X_M + H) ln P_S
//! ```
//!
//! each with its limit in logarithms where an elasticity is one. In two nests all other prices and spending are given: the gain is the
//! equivalent variation of quasi-linear demand.

use std::ops::Range;

use super::parameters::FirstYearParameters;

/// What is bought from one origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Position of the origin.
    pub origin: usize,
    /// M.
    pub value: f64,
    /// t⁰.
    pub rate: f64,
    /// Where its duty after stands: a cell, and by product the position in the product's list.
    pub cell: usize,
    /// Position among the importer's purchases by product; none where the sector is the product.
    pub purchase: Option<usize>,
}

/// One sector of one importer. Rows are positions in a list that all sectors share.
#[derive(Clone, Debug, Default)]
pub(super) struct Nest {
    pub importer: usize,
    pub sector: usize,
    /// Rows of each product, one after the other, and its spending on the origins on record.
    pub products: Vec<(Range<usize>, f64)>,
    /// Origins without products on record, from the benchmark.
    pub rest: Range<usize>,
    /// What they are spent, duty inside.
    pub rest_spending: f64,
    /// Share of a product's spending on origins on record; one where there is no rest.
    pub share_on_record: f64,
    /// Border value of the benchmark over that of the products, origins on record.
    pub scale: f64,
    /// Home sales of the benchmark.
    pub home: f64,
}

/// Duties after, row by row.
#[derive(Clone, Debug)]
pub(super) struct Duties {
    /// t¹.
    pub rate: Vec<f64>,
    /// ln (1+t¹)/(1+t⁰).
    pub log_change: Vec<f64>,
}

/// What one sector of one importer comes to, in the benchmark's unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Bought {
    /// By origin: ΣbQ over ΣM, and both sums in the products' own unit.
    pub value: Vec<(f64, f64)>,
    /// By origin: change of duty.
    pub duty: Vec<f64>,
    /// By origin: what exporters concede on the border price, `½(1−b)(M+Q)`.
    pub concession: Vec<f64>,
    /// What buyers gain, negative where prices rise.
    pub gain: f64,
    /// Home sales after over before.
    pub home: f64,
}

impl Bought {
    fn clear(&mut self, economies: usize) {
        self.value.clear();
        self.value.resize(economies, (0.0, 0.0));
        for list in [&mut self.duty, &mut self.concession] {
            list.clear();
            list.resize(economies, 0.0);
        }
        (self.gain, self.home) = (0.0, 1.0);
    }
}

/// `ln` of a power mean of prices with these weights, from the sum of `weight × price^(1−e)`, or of `weight × ln price` where e = 1.
fn log_index(sum: f64, elasticity: f64) -> f64 {
    if elasticity == 1.0 { sum } else { sum.ln() / (1.0 - elasticity) }
}

/// The term of a price in [`log_index`], from its logarithm.
fn term(log_price: f64, elasticity: f64) -> f64 {
    if elasticity == 1.0 { log_price } else { ((1.0 - elasticity) * log_price).exp() }
}

impl Nest {
    /// Answers for this sector. `prices` is room for the logarithms of the products' indices.
    pub fn buy(
        &self,
        rows: &[Row],
        duties: &Duties,
        parameters: &FirstYearParameters,
        economies: usize,
        prices: &mut Vec<f64>,
        bought: &mut Bought,
    ) {
        bought.clear(economies);
        let (sigma, eta) = (parameters.between_origins, parameters.between_products);
        let rho = parameters.pass_through;
        let log_price = |at: usize| rho * duties.log_change[at];
        let spending: f64 = self.products.iter().map(|(_, spent)| spent).sum();
        let on_record = self.share_on_record;
        let sum_over = |range: Range<usize>, of: f64| -> f64 {
            range.map(|at| rows[at].value * (1.0 + rows[at].rate) / of * term(log_price(at), sigma)).sum()
        };
        let rest = if on_record < 1.0 {
            (1.0 - on_record) * sum_over(self.rest.clone(), self.rest_spending)
        } else {
            0.0
        };
        prices.clear();
        prices.extend(self.products.iter().map(|(range, spent)| {
            // Most products of most days: the index is one, without its logarithm.
            let still = rest + on_record == 1.0 && range.clone().all(|at| duties.log_change[at] == 0.0);
            if still { 0.0 } else { log_index(on_record * sum_over(range.clone(), *spent) + rest, sigma) }
        }));
        // What the nests above a product do to every product alike, and what buyers gain.
        let mut above = 0.0;
        let gain_unit = self.scale / on_record;
        match parameters.with_home {
            None => {
                let loss = |spent: f64, log_index: f64| match eta == 1.0 {
                    true => spent * log_index,
                    false => spent * ((1.0 - eta) * log_index).exp_m1() / (1.0 - eta),
                };
                let lost: f64 =
                    self.products.iter().zip(&*prices).map(|((_, spent), index)| loss(*spent, *index)).sum();
                bought.gain = -gain_unit * lost;
            }
            Some(kappa) => {
                let imports: f64 = self
                    .products
                    .iter()
                    .zip(&*prices)
                    .map(|((_, spent), index)| spent / spending * term(*index, eta))
                    .sum();
                let imports = log_index(imports, eta);
                let all = gain_unit * spending + self.home;
                let share = gain_unit * spending / all;
                let sector = match kappa == 1.0 {
                    true => share * imports,
                    false => (share * ((1.0 - kappa) * imports).exp_m1()).ln_1p() / (1.0 - kappa),
                };
                above = (eta - kappa) * imports + (kappa - 1.0) * sector;
                bought.home = ((kappa - 1.0) * sector).exp();
                bought.gain = -all * sector;
            }
        }
        let mut of_all = 0.0;
        for ((range, spent), index) in self.products.iter().zip(&*prices) {
            let log_factor = (sigma - eta) * index + above;
            let factor = if log_factor == 0.0 { 1.0 } else { log_factor.exp() };
            of_all += spent / spending * factor;
            for at in range.clone() {
                self.book(
                    &rows[at],
                    duties.rate[at],
                    duties.log_change[at],
                    factor,
                    self.scale,
                    parameters,
                    bought,
                );
            }
        }
        let unit =
            if on_record < 1.0 { gain_unit * spending * (1.0 - on_record) / self.rest_spending } else { 1.0 };
        for at in self.rest.clone() {
            self.book(&rows[at], duties.rate[at], duties.log_change[at], of_all, unit, parameters, bought);
        }
    }

    /// One row, `factor` being what the indices do to it; duty and concession in the benchmark's unit.
    #[expect(clippy::too_many_arguments, reason = "a row, its duty, and what the nests say")]
    fn book(
        &self,
        row: &Row,
        rate: f64,
        log_change: f64,
        factor: f64,
        unit: f64,
        parameters: &FirstYearParameters,
        bought: &mut Bought,
    ) {
        let rho = parameters.pass_through;
        let (border_price, kept) = if log_change == 0.0 {
            (1.0, 1.0)
        } else {
            let border_price = if rho == 1.0 { 1.0 } else { ((rho - 1.0) * log_change).exp() };
            (border_price, (-parameters.between_origins * rho * log_change).exp())
        };
        let quantity = row.value * kept * factor;
        let value = &mut bought.value[row.origin];
        *value = (value.0 + border_price * quantity, value.1 + row.value);
        bought.duty[row.origin] += unit * (rate * border_price * quantity - row.rate * row.value);
        bought.concession[row.origin] += unit * 0.5 * (1.0 - border_price) * (row.value + quantity);
    }
}
