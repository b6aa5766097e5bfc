//! An equilibrium: levels and hats relative to the data, and the certificate that says how well it is solved.

pub mod certificate;
pub mod route;
pub mod unsolved;

use std::sync::Arc;

use crate::model::closure::Closure;
use crate::model::instruments::Instruments;
pub use unsolved::{Cause, Solution, Unsolved};

use certificate::Certificate;

/// One solved economy under given instruments. Hats are relative to the data; values at the numeraire, benchmark unit.
/// There is none of an unsolved model: see [`Solution`].
#[derive(Clone, Debug)]
pub struct Equilibrium {
    /// The closure that it was solved under.
    pub closure: Closure,
    /// The instruments that it was solved under.
    pub instruments: Arc<Instruments>,
    /// ŵ\[i\], N: price of labour.
    pub wage_hat: Vec<f64>,
    /// L̂\[i\], N: hours worked.
    pub labour_hat: Vec<f64>,
    /// v̂\[i,s\], N·S: price of the sector's factor bundle; the wage under `mobile`.
    pub factor_price_hat: Vec<f64>,
    /// ĉ\[i,s\], N·S.
    pub unit_cost_hat: Vec<f64>,
    /// P̂\[n,s\], N·S.
    pub price_hat: Vec<f64>,
    /// P̂\[n\], N: index of all final use.
    pub price_index_hat: Vec<f64>,
    /// M'\[n,i,s\], N·N·S: border values before the importer's tariff, after any export tax.
    pub border_value: Vec<f64>,
    /// X'\[n,s\], N·S: expenditure, tariffs included.
    pub expenditure: Vec<f64>,
    /// Y'\[i,s\], N·S: gross output.
    pub output: Vec<f64>,
    /// Final use by sector, N·S, tariffs included.
    pub final_use: Vec<f64>,
    /// Value added over gross output relative to the data's, N·S; empty where cost shares are constant.
    pub value_added_share_hat: Vec<f64>,
    /// Input shares of gross output in force, N·S·S as in the benchmark; empty where they are the data's.
    pub input_share: Vec<f64>,
    /// Employment hats, N·S, relative to the data.
    pub employment_hat: Vec<f64>,
    /// Factor income, N.
    pub factor_income: Vec<f64>,
    /// Profits, N; zero where the market structure has none.
    pub profits: Vec<f64>,
    /// Investment out of factor income, N; zero where it is part of final use.
    pub investment: Vec<f64>,
    /// Import tariff revenue, N.
    pub tariff_revenue: Vec<f64>,
    /// Export tax revenue, N.
    pub export_tax_revenue: Vec<f64>,
    /// Rents and capital income from abroad, net, N.
    pub other_income: Vec<f64>,
    /// Trade deficit at border values, N.
    pub trade_deficit: Vec<f64>,
    /// I'\[n\], N: what final demand spends; where investment is told from consumption, what is consumed.
    pub income: Vec<f64>,
    /// What nominal values were multiplied by to stand at the closure's numeraire (one under `world-gdp`).
    pub numeraire_scale: f64,
    /// ln(1+μ) of the limits, negative under a floor that binds.
    pub log_wedge: Vec<f64>,
    /// Wedges μ of the limits, in the order of the instruments; zero where not binding.
    pub limit_wedge: Vec<f64>,
    /// How well it is solved.
    pub certificate: Certificate,
}

impl Equilibrium {
    /// Value added over gross output of a pair relative to the data's; one where cost shares are constant.
    pub fn value_added_share_relative(&self, pair: usize) -> f64 {
        self.value_added_share_hat.get(pair).copied().unwrap_or(1.0)
    }
}
