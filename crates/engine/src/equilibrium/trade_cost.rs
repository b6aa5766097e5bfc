//! Trade costs: the instruments of a scenario folded once into what the sweep multiplies with.
//!
//! Shares are `π' ∝ π κ̂^(−θ) e^q`, `κ̂ = d̂ (1+t')/(1+t) (1+e')`. The first two factors never change during a
//! solve, so `π κ̂^(−θ)` is formed once, and only where an instrument differs from the data. Elasticities reach 65
//! and rates 1,000 percent, so each row (importer, sector) carries a logarithmic shift beside its weights.

use super::limit::FoldedLimit;
use crate::calibration::{Calibration, domain};
use crate::closure::Deficits;
use crate::error::EngineError;
use crate::instruments::{Instruments, RentOwner};

/// Instruments as the sweep wants them.
#[derive(Debug, Default, Clone)]
pub(crate) struct TradeCosts {
    /// `π κ̂^(−θ) exp(−shift)`, N·N·S.
    pub weight: Vec<f64>,
    /// Logarithmic shift of each row, N·S.
    pub row_shift: Vec<f64>,
    /// `(1−ν)/(1+t')`: payment over spending, N·N·S; zero for home cells, which stand apart.
    pub payment: Vec<f64>,
    /// The same of home cells, N·S.
    pub home_payment: Vec<f64>,
    /// The same less export taxes; empty without them.
    pub producer: Vec<f64>,
    /// The same of home cells; empty without export taxes.
    pub home_producer: Vec<f64>,
    /// `1/(1−ν)`, N.
    pub border_over_payment: Vec<f64>,
    /// ln Â, N·S.
    pub log_productivity: Vec<f64>,
    /// ln K̂, N·S; empty means zero.
    pub log_capital: Vec<f64>,
    /// ln of the labour endowment's hat, N.
    pub log_endowment: Vec<f64>,
    /// Final-use shares, shifts included, N·S.
    pub final_share: Vec<f64>,
    /// D\[n\] at world GDP.
    pub deficit: Vec<f64>,
    /// δ\[n\] where deficits follow GDP; else empty.
    pub deficit_share: Vec<f64>,
    /// Returns that go to an owner elsewhere.
    pub capital_transfers: Vec<CapitalTransfer>,
    /// Caps and floors.
    pub limits: Vec<FoldedLimit>,
    /// Limited cells in order: cell, limit, power of its wedge.
    pub limited: Vec<(usize, usize, f64)>,
    /// Limited cells where no wedge applies: cell, weight, payment, producer payment.
    base: Vec<(usize, f64, f64, f64)>,
}

/// The return to added capital that goes to its owner, as a share of the pair's output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CapitalTransfer {
    pub pair: usize,
    pub owner: usize,
    pub share: f64,
}

/// Rows whose logarithmic weights leave this range are shifted.
const SAFE_EXPONENT: f64 = 200.0;

impl TradeCosts {
    /// Whether export taxes (or rents of exporters) set producer values apart from payments.
    pub fn taxed(&self) -> bool {
        !self.producer.is_empty()
    }

    /// The fixed factor of a pair, logarithm of its hat: the economy's hours (Roy) or the sector's capital.
    pub fn log_fixed_factor(&self, is_labour: bool, pair: usize, hours: f64) -> f64 {
        if is_labour { hours } else { self.log_capital.get(pair).copied().unwrap_or(0.0) }
    }

    /// Folds the instruments; refuses rates at or below −100 percent and factors that are not positive.
    pub fn fold(&mut self, calibration: &Calibration, instruments: &Instruments) -> Result<(), EngineError> {
        let d = calibration.dimensions;
        let n = d.economies;
        let technology = &calibration.technology;
        check(instruments, calibration)?;
        self.border_over_payment.clear();
        self.border_over_payment
            .extend((0..n).map(|i| technology.local_share.get(i).map_or(1.0, |share| 1.0 / (1.0 - share))));
        self.weight.clear();
        self.weight.extend_from_slice(&calibration.expenditure_share);
        self.row_shift.clear();
        self.row_shift.resize(d.pairs(), 0.0);
        self.payment.resize(d.cells(), 1.0);
        self.home_payment.resize(d.pairs(), 1.0);
        let taxed = instruments.export_tax_rate.iter().any(|rate| *rate != 0.0)
            || instruments.limits.iter().any(|limit| limit.rent == RentOwner::Exporter);
        if taxed && !technology.local_share.is_empty() {
            return Err(EngineError::Refused {
                setting: "local_selling_costs",
                reason: "export taxes and exporters' rents are not defined beside local selling costs".into(),
            });
        }
        self.producer.resize(if taxed { d.cells() } else { 0 }, 1.0);
        self.home_producer.resize(if taxed { d.pairs() } else { 0 }, 1.0);
        for pair in 0..d.pairs() {
            let (s, importer) = (pair / n, pair % n);
            let (theta, power) = (technology.trade_elasticity[s], technology.tariff_power[pair]);
            let paid = 1.0 / self.border_over_payment[importer];
            let (mut lowest, mut highest) = (0.0_f64, 0.0_f64);
            for cell in pair * n..(pair + 1) * n {
                self.payment[cell] = paid / (1.0 + instruments.tariff_rate[cell]);
                let exponent = exponent(calibration, instruments, cell, theta, power);
                if exponent != 0.0 && self.weight[cell] > 0.0 {
                    lowest = lowest.min(exponent);
                    highest = highest.max(exponent);
                    self.weight[cell] *= exponent.exp();
                }
                if taxed {
                    let tax = instruments.export_tax_rate.get(cell).copied().unwrap_or(0.0);
                    self.producer[cell] = self.payment[cell] / (1.0 + tax);
                }
            }
            let home = pair * n + importer;
            self.home_payment[pair] = self.payment[home];
            self.payment[home] = 0.0;
            if taxed {
                self.home_producer[pair] = self.producer[home];
                self.producer[home] = 0.0;
            }
            if lowest < -SAFE_EXPONENT || highest > SAFE_EXPONENT {
                self.shift_row(calibration, instruments, pair);
            }
        }
        self.fold_economies(calibration, instruments)?;
        self.fold_limits(calibration, instruments)
    }

    /// Recomputes a row from logarithms, relative to its largest weight.
    fn shift_row(&mut self, calibration: &Calibration, instruments: &Instruments, pair: usize) {
        let n = calibration.dimensions.economies;
        let technology = &calibration.technology;
        let (theta, power) = (technology.trade_elasticity[pair / n], technology.tariff_power[pair]);
        let log_weight = |cell: usize| {
            calibration.expenditure_share[cell].ln() + exponent(calibration, instruments, cell, theta, power)
        };
        let cells = pair * n..(pair + 1) * n;
        let shift = cells.clone().map(log_weight).fold(f64::NEG_INFINITY, f64::max);
        self.row_shift[pair] = shift;
        for cell in cells {
            self.weight[cell] = (log_weight(cell) - shift).exp();
        }
    }

    fn fold_economies(
        &mut self,
        calibration: &Calibration,
        instruments: &Instruments,
    ) -> Result<(), EngineError> {
        let d = calibration.dimensions;
        let n = d.economies;
        logarithms(&mut self.log_productivity, &instruments.productivity_hat, d.pairs());
        logarithms(&mut self.log_endowment, &instruments.endowment_hat, n);
        logarithms(&mut self.log_capital, &instruments.capital_hat, 0);
        self.deficit = calibration.deficit_levels(instruments)?;
        self.deficit_share.clear();
        if calibration.closure.deficits == Deficits::ShareOfGdp {
            let gdp = |i: usize| calibration.income[i] - calibration.trade_deficit[i];
            self.deficit_share.extend((0..n).map(|i| self.deficit[i] / gdp(i)));
        }
        self.final_share.clone_from(&calibration.final_share);
        for shift in &instruments.final_demand_shifts {
            if shift.shift.len() != d.sectors || shift.economy >= n {
                return Err(EngineError::Size {
                    what: "final demand shift",
                    found: shift.shift.len(),
                    expected: d.sectors,
                });
            }
            for (s, amount) in shift.shift.iter().enumerate() {
                let share = &mut self.final_share[d.pair(shift.economy, s)];
                *share += amount;
                if *share < 0.0 {
                    return Err(EngineError::Domain {
                        what: "final use",
                        place: format!(
                            " [{}, {}]",
                            calibration.benchmark.economies[shift.economy].code,
                            calibration.benchmark.sectors[s].code
                        ),
                        found: *share,
                        rule: "a shift cannot take more than the sector's final use",
                    });
                }
            }
        }
        self.capital_transfers.clear();
        if !instruments.capital_hat.is_empty() && calibration.technology.factor_power.is_empty() {
            return Err(EngineError::Refused {
                setting: "capital",
                reason: "sector capital exists only under factor_market = \"specific\"".into(),
            });
        }
        for (pair, owner) in instruments.capital_owner.iter().enumerate().take(d.pairs()) {
            let added = 1.0 - instruments.capital_hat.get(pair).map_or(1.0, |hat| 1.0 / hat);
            if *owner != pair % n && *owner < n {
                let capital =
                    calibration.technology.surplus_share[pair] - calibration.technology.profit_share[pair];
                self.capital_transfers.push(CapitalTransfer { pair, owner: *owner, share: added * capital });
            }
        }
        Ok(())
    }

    fn fold_limits(
        &mut self,
        calibration: &Calibration,
        instruments: &Instruments,
    ) -> Result<(), EngineError> {
        let d = calibration.dimensions;
        self.limits.clear();
        self.base.clear();
        for limit in &instruments.limits {
            let refused = |reason: String| Err(EngineError::Refused { setting: "limit", reason });
            let (low, high) = (limit.min.unwrap_or(0.0), limit.max.unwrap_or(f64::INFINITY));
            if limit.cells.is_empty() || !(low >= 0.0 && high > 0.0 && low <= high) {
                return refused(format!(
                    "a limit needs cells and 0 <= min <= max, 0 < max; found {low} and {high}"
                ));
            }
            if let Some(cell) = limit.cells.iter().find(|cell| **cell >= d.cells()) {
                return refused(format!("cell {cell} is outside the benchmark"));
            }
            if limit.cells.iter().any(|&cell| d.cell_of(cell).0 == d.cell_of(cell).1) {
                return refused("limits are on trade between economies, not on home sales".into());
            }
            if low > 0.0 && limit.cells.iter().all(|&cell| self.weight[cell] == 0.0) {
                return refused(format!("a floor of {low} on flows that are zero in the data is infeasible"));
            }
            self.limits.push(FoldedLimit::new(limit, calibration));
            for &cell in &limit.cells {
                if !self.base.iter().any(|(known, ..)| *known == cell) {
                    let producer = self.producer.get(cell).copied().unwrap_or(0.0);
                    self.base.push((cell, self.weight[cell], self.payment[cell], producer));
                }
            }
        }
        self.limited.clear();
        for (k, limit) in self.limits.iter().enumerate() {
            self.limited.extend(limit.cells.iter().map(|c| (c.cell, k, c.power)));
        }
        self.limited.sort_unstable_by_key(|(cell, ..)| *cell);
        Ok(())
    }

    /// Applies the wedges' logarithms to the limited cells.
    pub fn apply_wedges(&mut self, wedges: &[f64]) {
        for &(cell, weight, payment, producer) in &self.base {
            self.weight[cell] = weight;
            self.payment[cell] = payment;
            if let Some(target) = self.producer.get_mut(cell) {
                *target = producer;
            }
        }
        for (limit, wedge) in self.limits.iter().zip(wedges) {
            let factor = (-wedge).exp();
            for limited in &limit.cells {
                self.weight[limited.cell] *= (-limited.power * wedge).exp();
                if limit.rent == RentOwner::Importer {
                    self.payment[limited.cell] *= factor;
                }
                if limit.rent != RentOwner::None
                    && let Some(producer) = self.producer.get_mut(limited.cell)
                {
                    *producer *= factor;
                }
            }
        }
    }
}

/// The logarithm of what an instrument does to a cell's weight.
#[inline]
fn exponent(
    calibration: &Calibration,
    instruments: &Instruments,
    cell: usize,
    theta: f64,
    power: f64,
) -> f64 {
    let (old, new) = (calibration.benchmark.tariff_rate[cell], instruments.tariff_rate[cell]);
    let mut factor = if new == old { 1.0 } else { (1.0 + new) / (1.0 + old) };
    if let Some(tax) = instruments.export_tax_rate.get(cell) {
        factor *= 1.0 + tax;
    }
    let iceberg = instruments.trade_cost_hat.get(cell).copied().unwrap_or(1.0);
    let taxes = if factor == 1.0 { 0.0 } else { -power * factor.ln() };
    if iceberg == 1.0 { taxes } else { taxes - theta * iceberg.ln() }
}

/// Logarithms of hats; a list left empty stands for ones.
fn logarithms(target: &mut Vec<f64>, hats: &[f64], size: usize) {
    target.clear();
    target.extend(hats.iter().map(|hat| hat.ln()));
    if hats.is_empty() {
        target.resize(size, 0.0);
    }
}

fn check(instruments: &Instruments, calibration: &Calibration) -> Result<(), EngineError> {
    let d = calibration.dimensions;
    let benchmark = &calibration.benchmark;
    let size = |what, found: usize, expected: usize, optional: bool| {
        if found == expected || (optional && found == 0) {
            Ok(())
        } else {
            Err(EngineError::Size { what, found, expected })
        }
    };
    size("tariff_rate", instruments.tariff_rate.len(), d.cells(), false)?;
    size("export_tax_rate", instruments.export_tax_rate.len(), d.cells(), true)?;
    size("trade_cost_hat", instruments.trade_cost_hat.len(), d.cells(), true)?;
    size("productivity_hat", instruments.productivity_hat.len(), d.pairs(), true)?;
    size("capital_hat", instruments.capital_hat.len(), d.pairs(), true)?;
    size("capital_owner", instruments.capital_owner.len(), d.pairs(), true)?;
    size("endowment_hat", instruments.endowment_hat.len(), d.economies, true)?;
    size("trade_deficit", instruments.trade_deficit.len(), d.economies, true)?;
    let above = |what, values: &[f64], floor: f64, rule| match values
        .iter()
        .position(|v| !(*v > floor && v.is_finite()))
    {
        Some(cell) => Err(domain(benchmark, what, cell, values[cell], rule)),
        None => Ok(()),
    };
    above("tariff rate", &instruments.tariff_rate, -1.0, "rates are above -1 (-100 percent)")?;
    above("export tax rate", &instruments.export_tax_rate, -1.0, "rates are above -1 (-100 percent)")?;
    above("trade cost factor", &instruments.trade_cost_hat, 0.0, "factors are above zero")?;
    let positive = |what, values: &[f64]| match values.iter().find(|v| !(**v > 0.0 && v.is_finite())) {
        Some(found) => Err(EngineError::Domain {
            what,
            place: String::new(),
            found: *found,
            rule: "factors are above zero",
        }),
        None => Ok(()),
    };
    positive("productivity factor", &instruments.productivity_hat)?;
    positive("capital factor", &instruments.capital_hat)?;
    positive("endowment factor", &instruments.endowment_hat)
}
