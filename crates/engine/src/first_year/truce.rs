//! The `truce` horizon: what a tariff does within a year, by accounting and three stated parameters.
//!
//! Border prices before duty and wages are held. For importer `n`, exporter `i ≠ n`, sector `s`, with `M` the border value of the
//! benchmark, `t⁰` and `t¹` the rates before and after, pass-through `ρ`, short-run elasticity `ε`, re-sourced share `r`:
//!
//! 1. border price `b = ((1+t¹)/(1+t⁰))^(ρ−1)`: one under complete pass-through; importer's price `p⁰ = 1+t⁰`, `p¹ = (1+t¹) b`;
//! 2. purchases that stay with their supplier `Q̄ = M (p¹/p⁰)^(−ε)`; lost purchases `L = M − Q̄` (negative where a tariff fell);
//! 3. a share `r` of `L` is bought from the *other* foreign suppliers of that sector, in proportion to their `Q̄`; a share `h` at home;
//!    where a tariff fell the gain displaces the others in the same way;
//! 4. duty per unit `T = t b`; revenue `Σ T¹Q¹ − Σ T⁰M`; import bill `Σ b Q¹`;
//! 5. the importers' private cost is the trapezoid under demand, `Σ (p¹−p⁰)(M+Q¹)/2` = price rise on what is still bought plus
//!    half of it on what no longer is; deadweight loss `Σ (T⁰+T¹)(M−Q¹)/2`; exporters' concession `Σ (1−b)(M+Q¹)/2`.
//!
//! Then private cost + concession = revenue + deadweight loss, exactly, and with `ρ = 1` no terms of trade move. Sales at risk are gross:
//! what becomes of the workers who made them within the year is not modelled. Estimates are relative to other suppliers (Boehm,
//! Levchenko & Pandalai-Nayar 2023 compare suppliers of one product), so a duty on every supplier at once is outside what they identify.

use crate::error::EngineError;
use crate::index::Dimensions;
use crate::model::benchmark::Benchmark;

mod question;
pub use question::{TruceQuestion, TruceTotals, truce};

/// What the truce horizon is told. Sources in `data/elasticities/short_run.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct TruceParameters {
    /// ρ in (0, 1]: share of the (log) change of 1+t that reaches the importer's price.
    pub pass_through: f64,
    /// ε\[s\] in (0, 1]: elasticity of tariff-exclusive purchases from one supplier, by sector.
    pub short_run_elasticity: Vec<f64>,
    /// r in [0, 1]: share of lost purchases made from other foreign suppliers.
    pub resourced_share: f64,
    /// h in [0, 1−r]: share of lost purchases made at home.
    pub home_share: f64,
}

impl TruceParameters {
    /// One elasticity for every sector, complete pass-through, nothing bought at home instead.
    pub fn uniform(sectors: usize, short_run_elasticity: f64, resourced_share: f64) -> Self {
        Self {
            pass_through: 1.0,
            short_run_elasticity: vec![short_run_elasticity; sectors],
            resourced_share,
            home_share: 0.0,
        }
    }

    fn check(&self, size: Dimensions) -> Result<(), EngineError> {
        if self.short_run_elasticity.len() != size.sectors {
            return Err(EngineError::Size {
                what: "short_run_elasticity",
                found: self.short_run_elasticity.len(),
                expected: size.sectors,
            });
        }
        let domain = |what, found: f64, allowed: bool, rule| {
            if allowed {
                Ok(())
            } else {
                Err(EngineError::Domain { what, place: String::new(), found, rule })
            }
        };
        let rho = self.pass_through;
        domain("pass_through", rho, rho > 0.0 && rho <= 1.0, "above 0, at most 1")?;
        for &epsilon in &self.short_run_elasticity {
            let allowed = epsilon > 0.0 && epsilon <= 1.0;
            domain(
                "short_run_elasticity",
                epsilon,
                allowed,
                "above 0, at most 1: within a year; ask `long` for more",
            )?;
        }
        let (r, h) = (self.resourced_share, self.home_share);
        domain("resourced_share", r, (0.0..=1.0).contains(&r), "between 0 and 1")?;
        domain("home_share", h, h >= 0.0 && r + h <= 1.0, "at least 0, and at most 1 with resourced_share")
    }
}

/// Accounts of one economy, benchmark unit at held prices. Changes are after less before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TruceAccounts {
    /// Border value of imports before.
    pub imports_before: f64,
    /// Border value of imports after.
    pub imports: f64,
    /// Border value of exports before.
    pub exports_before: f64,
    /// Border value of exports after.
    pub exports: f64,
    /// Duty paid before.
    pub duty_before: f64,
    /// Duty paid after.
    pub duty: f64,
    /// Price rise, duty included, on what is still bought: `Σ Q¹(p¹−p⁰)`.
    pub price_rise_on_purchases: f64,
    /// What the importers lose on what they no longer buy from the supplier they chose: `Σ (M−Q¹)(p¹−p⁰)/2`.
    pub loss_on_forgone_purchases: f64,
    /// Deadweight loss `Σ (T⁰+T¹)(M−Q¹)/2`.
    pub deadweight_loss: f64,
    /// What foreign exporters conceded on the border price; zero under complete pass-through.
    pub concession_received: f64,
    /// What this economy's exporters conceded abroad.
    pub concession_given: f64,
    /// Foreign sales lost where they fell, before any gain elsewhere: the gross sales at risk.
    pub sales_at_risk: f64,
    /// Foreign sales gained where they rose.
    pub sales_gained: f64,
    /// Purchases moved from foreign to home suppliers.
    pub bought_at_home: f64,
    /// Purchases moved to other foreign suppliers, net of displaced ones.
    pub resourced: f64,
    /// Benchmark income: factor income, duty and deficit.
    pub income: f64,
}

impl TruceAccounts {
    /// What the tariff change costs the importers: price rise on what is still bought and loss on what no longer is.
    pub fn private_cost(&self) -> f64 {
        self.price_rise_on_purchases + self.loss_on_forgone_purchases
    }

    /// Duty paid after less before.
    pub fn revenue_change(&self) -> f64 {
        self.duty - self.duty_before
    }

    /// What the economy as a whole loses as an importer and concedes as an exporter, negative, as a percentage of benchmark income.
    /// Wages and sales lost abroad are not in it.
    pub fn income_pct(&self) -> f64 {
        100.0 * (self.revenue_change() - self.private_cost() - self.concession_given) / self.income
    }

    /// Private cost (before any use of the revenue) as a percentage of benchmark income.
    pub fn private_cost_pct(&self) -> f64 {
        100.0 * self.private_cost() / self.income
    }

    /// Net change of foreign sales as a percentage of benchmark income.
    pub fn net_sales_pct(&self) -> f64 {
        100.0 * (self.exports - self.exports_before) / self.income
    }
}

/// What the truce horizon says: per economy and cell by cell.
#[derive(Clone, Debug, PartialEq)]
pub struct TruceOutcome {
    /// Layout of the arrays.
    pub dimensions: Dimensions,
    /// Q⁰: border values before, N·N·S; home cells are kept.
    pub border_value_before: Vec<f64>,
    /// b·Q¹: border values after, N·N·S; home cells carry what is bought at home instead.
    pub border_value: Vec<f64>,
    /// b·Q¹·t¹, N·N·S.
    pub duty: Vec<f64>,
    /// Accounts by economy.
    pub accounts: Vec<TruceAccounts>,
}

impl TruceOutcome {
    /// Border value of imports of `importer` from `exporter`, all sectors: before and after.
    pub fn bilateral(&self, importer: usize, exporter: usize) -> (f64, f64) {
        (0..self.dimensions.sectors).fold((0.0, 0.0), |(before, after), sector| {
            let cell = self.dimensions.cell(importer, exporter, sector);
            (before + self.border_value_before[cell], after + self.border_value[cell])
        })
    }
}

/// One cell of the accounts, at a border price of one before.
#[derive(Clone, Copy, Default)]
struct Cell {
    before: f64,
    kept: f64,
    after: f64,
    border_price: f64,
    rate_before: f64,
    rate: f64,
}

fn check_rates(benchmark: &Benchmark, what: &'static str, rates: &[f64]) -> Result<(), EngineError> {
    let size = benchmark.dimensions();
    if rates.len() != size.cells() {
        return Err(EngineError::Size { what, found: rates.len(), expected: size.cells() });
    }
    match rates.iter().position(|rate| !rate.is_finite() || *rate <= -1.0) {
        None => Ok(()),
        Some(at) => {
            let (importer, exporter, sector) = size.cell_of(at);
            let place = format!(
                " [{}, {}, {}]",
                benchmark.economies[importer].code,
                benchmark.economies[exporter].code,
                benchmark.sectors[sector].code
            );
            Err(EngineError::Domain { what, place, found: rates[at], rule: "finite and above -1" })
        }
    }
}

/// Equations 1 and 2.
fn respond(flow: f64, rate_before: f64, rate: f64, pass_through: f64, elasticity: f64) -> Cell {
    if rate == rate_before {
        // Most cells: powers of one, without the powers.
        return Cell { before: flow, kept: flow, after: flow, border_price: 1.0, rate_before, rate };
    }
    let factor_change = (1.0 + rate) / (1.0 + rate_before);
    let kept = flow * factor_change.powf(-elasticity * pass_through);
    Cell {
        before: flow,
        kept,
        after: kept,
        border_price: factor_change.powf(pass_through - 1.0),
        rate_before,
        rate,
    }
}

/// Equation 3 within one importer and sector; returns what is bought at home instead (negative where home sales are displaced).
fn resource(
    cells: &mut [Cell],
    importer: usize,
    parameters: &TruceParameters,
    accounts: &mut TruceAccounts,
) -> f64 {
    let foreign = |cells: &[Cell]| -> f64 {
        cells
            .iter()
            .enumerate()
            .filter(|(exporter, _)| *exporter != importer)
            .map(|(_, cell)| cell.kept)
            .sum()
    };
    if cells.iter().all(|cell| cell.before == cell.kept) {
        return 0.0;
    }
    let total = foreign(cells);
    let mut moved = vec![0.0; cells.len()];
    let mut at_home = 0.0;
    for exporter in (0..cells.len()).filter(|exporter| *exporter != importer) {
        let lost = cells[exporter].before - cells[exporter].kept;
        at_home += parameters.home_share * lost;
        let others = total - cells[exporter].kept;
        if lost == 0.0 || others <= 0.0 {
            continue;
        }
        for other in (0..cells.len()).filter(|other| *other != importer && *other != exporter) {
            moved[other] += parameters.resourced_share * lost * cells[other].kept / others;
        }
    }
    for (cell, moved) in cells.iter_mut().zip(&moved) {
        // Gains elsewhere cannot displace more than a supplier sells.
        let moved = moved.max(-cell.kept);
        cell.after = cell.kept + moved;
        accounts.resourced += moved;
    }
    let home_sales = cells[importer].before;
    let at_home = at_home.max(-home_sales);
    accounts.bought_at_home += at_home;
    at_home
}

/// Equations 4 and 5 for one cell.
fn book(cell: &Cell, importer: usize, exporter: usize, accounts: &mut [TruceAccounts]) {
    let Cell { before, after, border_price, rate_before, rate, .. } = *cell;
    let duty_per_unit = rate * border_price;
    let price_rise = (1.0 + rate) * border_price - (1.0 + rate_before);
    let concession = 0.5 * (1.0 - border_price) * (before + after);
    let value = border_price * after;

    let buyer = &mut accounts[importer];
    buyer.imports_before += before;
    buyer.imports += value;
    buyer.duty_before += rate_before * before;
    buyer.duty += duty_per_unit * after;
    buyer.price_rise_on_purchases += price_rise * after;
    buyer.loss_on_forgone_purchases += 0.5 * price_rise * (before - after);
    buyer.deadweight_loss += 0.5 * (rate_before + duty_per_unit) * (before - after);
    buyer.concession_received += concession;

    let seller = &mut accounts[exporter];
    seller.exports_before += before;
    seller.exports += value;
    seller.concession_given += concession;
    if value < before {
        seller.sales_at_risk += before - value;
    } else {
        seller.sales_gained += value - before;
    }
}

/// Benchmark income: value added, duty on the benchmark's own tariffs, deficit.
fn incomes(benchmark: &Benchmark) -> Vec<TruceAccounts> {
    let size = benchmark.dimensions();
    let mut accounts = vec![TruceAccounts::default(); size.economies];
    for sector in 0..size.sectors {
        for importer in 0..size.economies {
            for exporter in 0..size.economies {
                let at = size.cell(importer, exporter, sector);
                let value = benchmark.border_value[at];
                accounts[exporter].income += benchmark.value_added_share[size.pair(exporter, sector)] * value;
                accounts[importer].income += benchmark.tariff_rate[at] * value;
                if importer != exporter && benchmark.trade_deficit.is_none() {
                    accounts[importer].income += value;
                    accounts[exporter].income -= value;
                }
            }
        }
    }
    if let Some(deficits) = &benchmark.trade_deficit {
        for (account, deficit) in accounts.iter_mut().zip(deficits) {
            account.income += deficit;
        }
    }
    accounts
}

#[cfg(test)]
mod tests;
