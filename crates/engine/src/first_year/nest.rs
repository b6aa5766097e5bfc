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
    /// M, in the benchmark's unit.
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
    /// Rows of each product, one after the other, and what is spent on them, duty inside.
    pub products: Vec<(Range<usize>, f64)>,
    /// Origins without products on record, bought in every product alike.
    pub rest: Range<usize>,
    /// What is spent on them, duty inside.
    pub rest_spending: f64,
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

/// Room that sectors share.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    /// Logarithms of the products' indices.
    index: Vec<f64>,
    /// τ^(1−σ) of the rows; a row is read right after it is written.
    relative: Vec<f64>,
}

/// What one sector of one importer comes to, in the benchmark's unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Bought {
    /// By origin: change of border value, `ΣbQ − ΣM`.
    pub value: Vec<f64>,
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
        for list in [&mut self.value, &mut self.duty, &mut self.concession] {
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
    /// Answers for this sector.
    pub fn buy(
        &self,
        rows: &[Row],
        duties: &Duties,
        parameters: &FirstYearParameters,
        economies: usize,
        room: &mut Room,
        bought: &mut Bought,
    ) {
        bought.clear(economies);
        let (sigma, eta) = (parameters.between_origins, parameters.between_products);
        let rho = parameters.pass_through;
        let Room { index: prices, relative } = room;
        relative.resize(rows.len(), 1.0);
        let on_record: f64 = self.products.iter().map(|(_, spent)| spent).sum();
        let spending = on_record + self.rest_spending;
        let mut sum_over = |range: Range<usize>, of: f64| -> f64 {
            let mut sum = 0.0;
            for at in range {
                let change = duties.log_change[at];
                // Most rows of most days: a price that stays, without its powers.
                let relative_price = if change == 0.0 { 1.0 } else { ((1.0 - sigma) * rho * change).exp() };
                relative[at] = relative_price;
                let in_index = if sigma == 1.0 { rho * change } else { relative_price };
                sum += rows[at].value * (1.0 + rows[at].rate) / of * in_index;
            }
            sum
        };
        let own = on_record / spending;
        let rest = if self.rest_spending > 0.0 {
            (1.0 - own) * sum_over(self.rest.clone(), self.rest_spending)
        } else {
            0.0
        };
        let rest_moves = duties.log_change[self.rest.clone()].iter().any(|change| *change != 0.0);
        prices.clear();
        prices.extend(self.products.iter().map(|(range, spent)| {
            let sum = own * sum_over(range.clone(), *spent) + rest;
            let moves = rest_moves || duties.log_change[range.clone()].iter().any(|change| *change != 0.0);
            if moves { log_index(sum, sigma) } else { 0.0 }
        }));
        let share = |spent: f64| spent / on_record;
        // What the nests above a product do to every product alike, and what buyers gain.
        let mut above = 0.0;
        match parameters.with_home {
            None => {
                let loss = |spent: f64, log_index: f64| match eta == 1.0 {
                    true => spent * log_index,
                    false => spent * ((1.0 - eta) * log_index).exp_m1() / (1.0 - eta),
                };
                let products = self.products.iter().zip(&*prices);
                bought.gain =
                    -products.map(|((_, spent), index)| loss(spending * share(*spent), *index)).sum::<f64>();
            }
            Some(kappa) => {
                let products = self.products.iter().zip(&*prices);
                let imports: f64 =
                    products.map(|((_, spent), index)| share(*spent) * term(*index, eta)).sum();
                let imports = log_index(imports, eta);
                let all = spending + self.home;
                let imported = spending / all;
                let sector = match kappa == 1.0 {
                    true => imported * imports,
                    false => (imported * ((1.0 - kappa) * imports).exp_m1()).ln_1p() / (1.0 - kappa),
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
            of_all += share(*spent) * factor;
            for at in range.clone() {
                let change = (duties.rate[at], duties.log_change[at], relative[at] * factor);
                bought.book(&rows[at], change, rho);
            }
        }
        for at in self.rest.clone() {
            let change = (duties.rate[at], duties.log_change[at], relative[at] * of_all);
            bought.book(&rows[at], change, rho);
        }
    }
}

impl Bought {
    /// One row: its duty after, the logarithm of its change, and `τQ/M`.
    fn book(&mut self, row: &Row, (rate, log_change, spent): (f64, f64, f64), rho: f64) {
        let (border_price, price) = match (log_change == 0.0, rho == 1.0) {
            (true, _) => (1.0, 1.0),
            // (1+t¹)/(1+t⁰) itself, without a power.
            (false, true) => (1.0, (1.0 + rate) / (1.0 + row.rate)),
            (false, false) => (((rho - 1.0) * log_change).exp(), (rho * log_change).exp()),
        };
        let quantity = row.value * spent / price;
        self.value[row.origin] += border_price * quantity - row.value;
        self.duty[row.origin] += rate * border_price * quantity - row.rate * row.value;
        self.concession[row.origin] += 0.5 * (1.0 - border_price) * (row.value + quantity);
    }
}
