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
    /// X = M(1+t⁰).
    pub spent: f64,
}

/// Where the duty after of a row stands: a cell, and by product the position in the product's list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
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
    /// (1+t⁰)/(1+t¹).
    pub fall: Vec<f64>,
}

/// Parameters that are answered together at the most: those that differ in nothing but what stands above a product's origins share its prices.
pub(super) const TOGETHER: usize = 8;

/// A number under each of the parameters that are answered together.
type Along = [f64; TOGETHER];

/// Room that sectors share, and cases under the same parameters: what a duty does to a price is worked out once however many cases have it.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    /// Of each product: ln P_g, and P_g^(σ−1).
    index: Vec<(f64, f64)>,
    /// Of each product: P_g^(1−η) − 1, or nothing where η = 1.
    power: Vec<Along>,
    /// τ^(1−σ) of the rows.
    relative: Vec<f64>,
    /// The logarithms of a change that these belong to.
    change: Vec<f64>,
}

/// What one sector of one importer comes to, in the benchmark's unit, under each of the parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Bought {
    /// By origin: change of border value, `ΣbQ − ΣM`.
    pub value: Vec<Along>,
    /// By origin: change of duty.
    pub duty: Vec<Along>,
    /// By origin: what exporters concede on the border price, `½(1−b)(M+Q)`.
    pub concession: Vec<Along>,
    /// What buyers gain, negative where prices rise.
    pub gain: Along,
    /// Home sales after over before.
    pub home: Along,
}

impl Bought {
    fn clear(&mut self, economies: usize) {
        for list in [&mut self.value, &mut self.duty, &mut self.concession] {
            list.clear();
            list.resize(economies, [0.0; TOGETHER]);
        }
        (self.gain, self.home) = ([0.0; TOGETHER], [1.0; TOGETHER]);
    }
}

impl Nest {
    /// Answers for this sector under parameters that differ in nothing but what stands above a product's origins.
    pub fn buy(
        &self,
        rows: &[Row],
        duties: &Duties,
        asked: &[FirstYearParameters],
        economies: usize,
        room: &mut Room,
        bought: &mut Bought,
    ) {
        bought.clear(economies);
        let Some(FirstYearParameters { between_origins: sigma, pass_through: rho, .. }) =
            asked.first().copied()
        else {
            return;
        };
        let on_record: f64 = self.products.iter().map(|(_, spent)| spent).sum();
        let spending = on_record + self.rest_spending;
        self.price(rows, duties, (sigma, rho), on_record / spending, room);
        let Room { index, power, relative, .. } = room;
        power.clear();
        power.resize(index.len(), [0.0; TOGETHER]);
        // What the nests above a product do to every product alike, and what buyers gain.
        let share = |spent: f64| spent / on_record;
        let mut above = [1.0; TOGETHER];
        for (at, parameters) in asked.iter().enumerate() {
            let eta = parameters.between_products;
            // Σ of share × ln P_g where η = 1, else of share × (P_g^(1−η) − 1).
            let mut sum = 0.0;
            for (((_, spent), (index, _)), power) in self.products.iter().zip(&*index).zip(power.iter_mut()) {
                if *index != 0.0 {
                    power[at] = ((1.0 - eta) * index).exp_m1();
                    sum += share(*spent) * if eta == 1.0 { *index } else { power[at] };
                }
            }
            let Some(kappa) = parameters.with_home else {
                bought.gain[at] = -spending * if eta == 1.0 { sum } else { sum / (1.0 - eta) };
                continue;
            };
            let imports = if eta == 1.0 { sum } else { sum.ln_1p() / (1.0 - eta) };
            let all = spending + self.home;
            let imported = spending / all;
            let sector = match kappa == 1.0 {
                true => imported * imports,
                false => (imported * ((1.0 - kappa) * imports).exp_m1()).ln_1p() / (1.0 - kappa),
            };
            above[at] = ((eta - kappa) * imports + (kappa - 1.0) * sector).exp();
            bought.home[at] = ((kappa - 1.0) * sector).exp();
            bought.gain[at] = -all * sector;
        }
        let mut of_all = [0.0; TOGETHER];
        for (((range, spent), (_, origins)), power) in self.products.iter().zip(&*index).zip(&*power) {
            let mut factor = [0.0; TOGETHER];
            for at in 0..TOGETHER {
                factor[at] = (1.0 + power[at]) * origins * above[at];
                of_all[at] += share(*spent) * factor[at];
            }
            bought.book(rows, range.clone(), duties, (relative, &factor), rho);
        }
        bought.book(rows, self.rest.clone(), duties, (relative, &of_all), rho);
    }

    /// What duties do to the products' indices.
    fn price(&self, rows: &[Row], duties: &Duties, (sigma, rho): (f64, f64), own: f64, room: &mut Room) {
        let Room { index: prices, relative, change: held, .. } = room;
        relative.resize(rows.len(), 1.0);
        held.resize(rows.len(), 0.0);
        // The sum over some rows, and whether a price among them moves.
        let mut sum_over = |range: Range<usize>, of: f64| -> (f64, bool) {
            let (mut sum, mut moves) = (0.0, false);
            let known = relative[range.clone()].iter_mut().zip(&mut held[range.clone()]);
            let changes = &duties.log_change[range.clone()];
            for ((row, change), (relative, held)) in rows[range].iter().zip(changes).zip(known) {
                // Most rows of most cases: a price that stays or that is known, without its powers.
                if *change != *held {
                    *relative = if *change == 0.0 { 1.0 } else { ((1.0 - sigma) * rho * change).exp() };
                    *held = *change;
                }
                moves |= *change != 0.0;
                sum += row.spent * if sigma == 1.0 { rho * change } else { *relative };
            }
            (sum / of, moves)
        };
        let (rest, rest_moves) = match self.rest_spending > 0.0 {
            true => sum_over(self.rest.clone(), self.rest_spending),
            false => (0.0, false),
        };
        let rest = (1.0 - own) * rest;
        prices.clear();
        prices.extend(self.products.iter().map(|(range, spent)| {
            let (sum, moves) = sum_over(range.clone(), *spent);
            if !(moves || rest_moves) {
                return (0.0, 1.0);
            }
            // ln of a power mean of prices, from Σ weight × price^(1−σ), or from Σ weight × ln price where σ = 1.
            let sum = own * sum + rest;
            if sigma == 1.0 { (sum, 1.0) } else { (sum.ln() / (1.0 - sigma), 1.0 / sum) }
        }));
    }
}

impl Bought {
    /// Some rows, each with `τQ/M`: its own relative price and the factor that they share.
    fn book(
        &mut self,
        rows: &[Row],
        range: Range<usize>,
        duties: &Duties,
        (relative, factor): (&[f64], &Along),
        rho: f64,
    ) {
        let relative = &relative[range.clone()];
        let (rate, fall) = (&duties.rate[range.clone()], &duties.fall[range.clone()]);
        if rho == 1.0 {
            // The price with duty moves as (1+t¹)/(1+t⁰) itself, the border price stays, and nobody concedes.
            for (((row, relative), rate), fall) in rows[range].iter().zip(relative).zip(rate).zip(fall) {
                let quantity = row.value * (relative * fall);
                let (value, duty) = (&mut self.value[row.origin], &mut self.duty[row.origin]);
                for at in 0..TOGETHER {
                    value[at] += quantity * factor[at] - row.value;
                    duty[at] += rate * (quantity * factor[at]) - row.rate * row.value;
                }
            }
            return;
        }
        let changes = &duties.log_change[range.clone()];
        for (((row, relative), rate), change) in rows[range].iter().zip(relative).zip(rate).zip(changes) {
            let (border_price, price) = match *change == 0.0 {
                true => (1.0, 1.0),
                false => (((rho - 1.0) * change).exp(), (rho * change).exp()),
            };
            for at in 0..TOGETHER {
                let quantity = row.value * (relative * factor[at]) / price;
                self.value[row.origin][at] += border_price * quantity - row.value;
                self.duty[row.origin][at] += rate * border_price * quantity - row.rate * row.value;
                self.concession[row.origin][at] += 0.5 * (1.0 - border_price) * (row.value + quantity);
            }
        }
    }
}
