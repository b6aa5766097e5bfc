//! Trade costs: the instruments of a scenario folded once into what the sweep multiplies with.
//!
//! Shares are `π' ∝ π κ̂^(−θ) e^q`, `κ̂ = d̂ (1+t')/(1+t) (1+e')`. The first two factors never change during a
//! solve, so `π κ̂^(−θ)` is formed once, and only where an instrument differs from the data. Elasticities reach 65
//! and rates 1,000 percent, so each row (importer, sector) carries a logarithmic shift beside its weights.

use super::limit::FoldedLimit;
use crate::error::EngineError;
use crate::model::calibration::{Calibration, domain};
use crate::model::instruments::{Instruments, RentOwner};

/// Instruments as the sweep wants them.
#[derive(Debug, Default, Clone)]
pub(crate) struct TradeCosts {
    /// `π κ̂^(−θ) exp(−shift)`, N·N·S.
    pub weight: Vec<f64>,
    /// Logarithmic shift of each row, N·S; empty where none is shifted.
    pub row_shift: Vec<f64>,
    /// The weights times `(1−ν)/(1+t')`, payment over spending, N·N·S; zero for home cells, which stand apart.
    pub paid: Vec<f64>,
    /// `(1−ν)/(1+t')` of home cells, N·S.
    pub home_payment: Vec<f64>,
    /// The weights times payment less export taxes; empty without them.
    pub sold: Vec<f64>,
    /// Payment less export taxes of home cells; empty without export taxes.
    pub home_producer: Vec<f64>,
    /// Logarithms of exporters' weights, N·S, that the weights above hold already: see [`rebase`](Self::rebase). Empty
    /// means zero.
    pub reference: Vec<f64>,
    /// The weights as folded, where a reference has moved them.
    folded: Folded,
    /// `1/(1−ν)`, N.
    pub border_over_payment: Vec<f64>,
    /// ln Â, N·S; empty means zero.
    pub log_productivity: Vec<f64>,
    /// What scale that is held, instead of following output, adds to the logarithms of weights, N·S; empty means nothing.
    pub log_scale: Vec<f64>,
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
    /// Limited cells where no wedge applies: cell, and its entries in `weight`, `paid` and `sold`.
    base: Vec<(usize, f64, f64, f64)>,
}

/// Cells and rows before a reference moved them.
#[derive(Debug, Default, Clone)]
struct Folded {
    weight: Vec<f64>,
    paid: Vec<f64>,
    sold: Vec<f64>,
    row_shift: Vec<f64>,
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
        !self.sold.is_empty()
    }

    /// The fixed factor of a pair, logarithm of its hat: the economy's hours (Roy) or the sector's capital.
    pub fn log_fixed_factor(&self, is_labour: bool, pair: usize, hours: f64) -> f64 {
        if is_labour { hours } else { self.log_capital.get(pair).copied().unwrap_or(0.0) }
    }

    /// Folds the instruments; refuses rates at or below −100 percent and factors that are not positive.
    pub fn fold(&mut self, calibration: &Calibration, instruments: &Instruments) -> Result<(), EngineError> {
        self.fold_with(calibration, instruments, &instruments.tariff_rate)
    }

    /// Folds the instruments of the data, without a copy of the tariffs.
    pub fn fold_data(&mut self, calibration: &Calibration) -> Result<(), EngineError> {
        let benchmark = &calibration.benchmark;
        let none = vec![None; benchmark.economies.len()];
        let data = Instruments { trade_deficit: none, ..Instruments::default() };
        self.fold_with(calibration, &data, &benchmark.tariff_rate)
    }

    /// Folds the instruments, tariffs apart.
    fn fold_with(
        &mut self,
        calibration: &Calibration,
        instruments: &Instruments,
        tariff_rate: &[f64],
    ) -> Result<(), EngineError> {
        let d = calibration.dimensions;
        let n = d.economies;
        let technology = &calibration.technology;
        check(instruments, tariff_rate, calibration)?;
        self.border_over_payment.clear();
        self.border_over_payment
            .extend((0..n).map(|i| technology.local_share.get(i).map_or(1.0, |share| 1.0 / (1.0 - share))));
        self.reference.clear();
        self.log_scale.clear();
        self.row_shift.clear();
        self.weight.resize(d.cells(), 0.0);
        self.paid.resize(d.cells(), 0.0);
        self.home_payment.resize(d.pairs(), 1.0);
        let taxed = instruments.export_tax_rate.iter().any(|rate| *rate != 0.0)
            || instruments.limits.iter().any(|limit| limit.rent == RentOwner::Exporter);
        if taxed && !technology.local_share.is_empty() {
            return Err(EngineError::Refused {
                setting: "local_selling_costs",
                reason: "export taxes and exporters' rents are not defined beside local selling costs".into(),
            });
        }
        self.sold.resize(if taxed { d.cells() } else { 0 }, 0.0);
        self.home_producer.resize(if taxed { d.pairs() } else { 0 }, 1.0);
        for pair in 0..d.pairs() {
            self.fold_row(calibration, instruments, tariff_rate, pair);
        }
        self.fold_economies(calibration, instruments)?;
        self.fold_limits(calibration, instruments)
    }

    /// One importer's market of one sector.
    fn fold_row(
        &mut self,
        calibration: &Calibration,
        instruments: &Instruments,
        tariff_rate: &[f64],
        pair: usize,
    ) {
        let n = calibration.dimensions.economies;
        let (s, importer) = (pair / n, pair % n);
        let cells = pair * n..(pair + 1) * n;
        let technology = &calibration.technology;
        let part = 1.0 / self.border_over_payment[importer];
        let whole = calibration.expenditure[pair];
        let inverse = if whole > 0.0 { 1.0 / whole } else { 0.0 };
        let weight = &mut self.weight[cells.clone()];
        let paid = &mut self.paid[cells.clone()];
        let (old, new) = (&calibration.benchmark.tariff_rate[cells.clone()], &tariff_rate[cells.clone()]);
        for (weight, (value, old)) in
            weight.iter_mut().zip(calibration.benchmark.border_value[cells.clone()].iter().zip(old))
        {
            *weight = value * (1.0 + old) * inverse;
        }
        let mut shifted = false;
        let other = !instruments.export_tax_rate.is_empty() || !instruments.trade_cost_hat.is_empty();
        if other || old != new {
            let (theta, power) = (technology.trade_elasticity[s], technology.tariff_power[pair]);
            for (weight, cell) in weight.iter_mut().zip(cells.clone()) {
                let exponent = exponent(calibration, instruments, tariff_rate[cell], cell, theta, power);
                if exponent != 0.0 && *weight > 0.0 {
                    shifted |= exponent.abs() > SAFE_EXPONENT;
                    *weight *= exponent.exp();
                }
            }
        }
        if shifted {
            self.row_shift.resize(calibration.dimensions.pairs(), 0.0);
            self.row_shift[pair] = shift_row(calibration, instruments, tariff_rate, pair, weight);
        }
        for ((paid, weight), rate) in paid.iter_mut().zip(weight.iter()).zip(new) {
            *paid = weight * part / (1.0 + rate);
        }
        let home = cells.start + importer;
        self.home_payment[pair] = part / (1.0 + new[importer]);
        paid[importer] = 0.0;
        if !self.sold.is_empty() {
            let factor = |cell| 1.0 + instruments.export_tax_rate.get(cell).copied().unwrap_or(0.0);
            for ((sold, paid), cell) in self.sold[cells.clone()].iter_mut().zip(paid.iter()).zip(cells) {
                *sold = paid / factor(cell);
            }
            self.home_producer[pair] = self.home_payment[pair] / factor(home);
        }
    }

    /// Moves the weights so that exporters' weights count from `log_weight` (q) instead of from where they did, each row
    /// relative to its largest. Where elasticities are high and shocks large a row may hold nobody but exporters whose
    /// weights vanish beside the sector's cheapest; from here each row sees its own.
    pub fn rebase(&mut self, log_weight: &[f64], economies: usize, wedges: &[f64]) {
        let n = economies;
        if self.reference.is_empty() {
            self.restore_base();
            self.folded.weight.clone_from(&self.weight);
            self.folded.paid.clone_from(&self.paid);
            self.folded.sold.clone_from(&self.sold);
            self.folded.row_shift.clone_from(&self.row_shift);
            self.folded.base.clone_from(&self.base);
        }
        self.reference.clear();
        self.reference.extend_from_slice(log_weight);
        self.row_shift.resize(log_weight.len(), 0.0);
        for pair in 0..log_weight.len() {
            let at = |exporter: usize| log_weight[pair / n * n + exporter];
            let own = &self.folded.weight[pair * n..(pair + 1) * n];
            let traded = |exporter: &usize| own[*exporter] > 0.0;
            let shift = (0..n)
                .filter(traded)
                .map(|exporter| own[exporter].ln() + at(exporter))
                .fold(f64::NEG_INFINITY, f64::max);
            let shift = if shift.is_finite() { shift } else { 0.0 };
            self.row_shift[pair] = self.folded.row_shift.get(pair).copied().unwrap_or(0.0) + shift;
            for exporter in 0..n {
                let cell = pair * n + exporter;
                let whole = self.folded.weight[cell];
                if whole > 0.0 {
                    let weight = (whole.ln() + at(exporter) - shift).exp();
                    self.weight[cell] = weight;
                    self.paid[cell] = self.folded.paid[cell] / whole * weight;
                    if let Some(sold) = self.sold.get_mut(cell) {
                        *sold = self.folded.sold[cell] / whole * weight;
                    }
                }
            }
        }
        for (cell, weight, paid, sold) in &mut self.base {
            *weight = self.weight[*cell];
            *paid = self.paid[*cell];
            *sold = self.sold.get(*cell).copied().unwrap_or(0.0);
        }
        self.apply_wedges(wedges);
    }

    fn restore_base(&mut self) {
        for &(cell, weight, paid, sold) in &self.base {
            self.weight[cell] = weight;
            self.paid[cell] = paid;
            if let Some(target) = self.sold.get_mut(cell) {
                *target = sold;
            }
        }
    }

    fn fold_economies(
        &mut self,
        calibration: &Calibration,
        instruments: &Instruments,
    ) -> Result<(), EngineError> {
        let d = calibration.dimensions;
        let n = d.economies;
        logarithms(&mut self.log_productivity, &instruments.productivity_hat, 0);
        logarithms(&mut self.log_endowment, &instruments.endowment_hat, n);
        logarithms(&mut self.log_capital, &instruments.capital_hat, 0);
        self.deficit = calibration.deficit_levels(instruments)?;
        self.deficit_share.clear();
        if calibration.closure.deficits.follow_gdp() {
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
                    let sold = self.sold.get(cell).copied().unwrap_or(0.0);
                    self.base.push((cell, self.weight[cell], self.paid[cell], sold));
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
        self.restore_base();
        for (limit, wedge) in self.limits.iter().zip(wedges) {
            let factor = (-wedge).exp();
            for limited in &limit.cells {
                let weight = (-limited.power * wedge).exp();
                self.weight[limited.cell] *= weight;
                self.paid[limited.cell] *=
                    if limit.rent == RentOwner::Importer { factor * weight } else { weight };
                if let Some(sold) = self.sold.get_mut(limited.cell) {
                    *sold *= if limit.rent == RentOwner::None { weight } else { factor * weight };
                }
            }
        }
    }
}

/// Recomputes a row from logarithms, relative to its largest weight, whose logarithm is returned.
#[cold]
fn shift_row(
    calibration: &Calibration,
    instruments: &Instruments,
    tariff_rate: &[f64],
    pair: usize,
    row: &mut [f64],
) -> f64 {
    let n = calibration.dimensions.economies;
    let technology = &calibration.technology;
    let (theta, power) = (technology.trade_elasticity[pair / n], technology.tariff_power[pair]);
    let log_weight = |cell: usize| {
        calibration.expenditure_share(cell).ln()
            + exponent(calibration, instruments, tariff_rate[cell], cell, theta, power)
    };
    let cells = pair * n..(pair + 1) * n;
    let shift = cells.clone().map(log_weight).fold(f64::NEG_INFINITY, f64::max);
    for (weight, cell) in row.iter_mut().zip(cells) {
        *weight = (log_weight(cell) - shift).exp();
    }
    shift
}

/// The logarithm of what an instrument does to a cell's weight.
#[inline]
fn exponent(
    calibration: &Calibration,
    instruments: &Instruments,
    new: f64,
    cell: usize,
    theta: f64,
    power: f64,
) -> f64 {
    let old = calibration.benchmark.tariff_rate[cell];
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

fn check(
    instruments: &Instruments,
    tariff_rate: &[f64],
    calibration: &Calibration,
) -> Result<(), EngineError> {
    let d = calibration.dimensions;
    let benchmark = &calibration.benchmark;
    let size = |what, found: usize, expected: usize, optional: bool| {
        if found == expected || (optional && found == 0) {
            Ok(())
        } else {
            Err(EngineError::Size { what, found, expected })
        }
    };
    size("tariff_rate", tariff_rate.len(), d.cells(), false)?;
    size("export_tax_rate", instruments.export_tax_rate.len(), d.cells(), true)?;
    size("trade_cost_hat", instruments.trade_cost_hat.len(), d.cells(), true)?;
    size("productivity_hat", instruments.productivity_hat.len(), d.pairs(), true)?;
    size("capital_hat", instruments.capital_hat.len(), d.pairs(), true)?;
    size("capital_owner", instruments.capital_owner.len(), d.pairs(), true)?;
    size("endowment_hat", instruments.endowment_hat.len(), d.economies, true)?;
    size("trade_deficit", instruments.trade_deficit.len(), d.economies, true)?;
    let above = |what, values: &[f64], floor: f64, rule| {
        let inside = |v: &f64| (*v > floor) & (*v < f64::INFINITY);
        // All of them first, without a way out, since that vectorises; which one only where one is outside.
        if values.iter().fold(true, |all, v| all & inside(v)) {
            return Ok(());
        }
        match values.iter().position(|v| !inside(v)) {
            Some(cell) => Err(domain(benchmark, what, cell, values[cell], rule)),
            None => Ok(()),
        }
    };
    above("tariff rate", tariff_rate, -1.0, "rates are above -1 (-100 percent)")?;
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
