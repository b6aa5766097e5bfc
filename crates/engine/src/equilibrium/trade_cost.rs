//! Trade costs: the instruments of a scenario folded once into weights on the benchmark's shares.
//!
//! Shares are `π' ∝ π κ̂^(−θ) (ĉ Ê)^(…)`, `κ̂ = d̂ (1+t')/(1+t) (1+e')`. The first two factors never change during a
//! solve, so `π κ̂^(−θ)` is formed once, and only where an instrument differs from the data. Elasticities reach 65
//! and rates 1,000 percent, so each row (importer, sector) carries a logarithmic shift beside its weights.

use crate::calibration::{Calibration, domain};
use crate::error::EngineError;
use crate::instruments::Instruments;

/// Instruments as the sweep wants them.
#[derive(Debug, Default, Clone)]
pub(crate) struct TradeCosts {
    /// `π κ̂^(−θ) exp(−shift)`, N·N·S.
    pub weight: Vec<f64>,
    /// Logarithmic shift of each row, N·S.
    pub row_shift: Vec<f64>,
    /// `1/(1+t')`, N·N·S: border value over spending.
    pub border: Vec<f64>,
    /// `1/((1+t')(1+e'))`, N·N·S: producer value over spending; empty without export taxes.
    pub producer: Vec<f64>,
    /// ln Â, N·S.
    pub log_productivity: Vec<f64>,
    /// ln L̂, N.
    pub log_endowment: Vec<f64>,
    /// D\[n\] at world GDP.
    pub deficit: Vec<f64>,
}

/// Rows whose logarithmic weights leave this range are shifted.
const SAFE_EXPONENT: f64 = 200.0;

impl TradeCosts {
    /// Folds the instruments; refuses rates at or below −100 percent and factors that are not positive.
    pub fn fold(&mut self, calibration: &Calibration, instruments: &Instruments) -> Result<(), EngineError> {
        let d = calibration.dimensions;
        let n = d.economies;
        let benchmark = &calibration.benchmark;
        check(instruments, calibration)?;
        self.weight.clear();
        self.weight.extend_from_slice(&calibration.expenditure_share);
        self.row_shift.clear();
        self.row_shift.resize(d.pairs(), 0.0);
        self.border.resize(d.cells(), 1.0);
        let taxed = instruments.export_tax_rate.iter().any(|rate| *rate != 0.0);
        self.producer.resize(if taxed { d.cells() } else { 0 }, 1.0);
        for sector in 0..d.sectors {
            let theta = calibration.trade_elasticity[sector];
            for importer in 0..n {
                let row = d.cell(importer, 0, sector);
                let mut lowest = 0.0_f64;
                let mut highest = 0.0_f64;
                let mut changed = false;
                for cell in row..row + n {
                    let rate = instruments.tariff_rate[cell];
                    self.border[cell] = 1.0 / (1.0 + rate);
                    let exponent = -theta * log_cost(benchmark.tariff_rate[cell], instruments, cell);
                    if exponent != 0.0 && self.weight[cell] > 0.0 {
                        changed = true;
                        lowest = lowest.min(exponent);
                        highest = highest.max(exponent);
                        self.weight[cell] *= exponent.exp();
                    }
                    if taxed {
                        self.producer[cell] = self.border[cell] / (1.0 + instruments.export_tax_rate[cell]);
                    }
                }
                if changed && (lowest < -SAFE_EXPONENT || highest > SAFE_EXPONENT) {
                    self.shift_row(calibration, instruments, importer, sector);
                }
            }
        }
        self.log_productivity.clear();
        if instruments.productivity_hat.is_empty() {
            self.log_productivity.resize(d.pairs(), 0.0);
        } else {
            self.log_productivity.extend(instruments.productivity_hat.iter().map(|hat| hat.ln()));
        }
        self.log_endowment.clear();
        if instruments.endowment_hat.is_empty() {
            self.log_endowment.resize(n, 0.0);
        } else {
            self.log_endowment.extend(instruments.endowment_hat.iter().map(|hat| hat.ln()));
        }
        self.deficit = calibration.deficit_levels(instruments)?;
        Ok(())
    }

    /// Recomputes a row from logarithms, relative to its largest weight.
    fn shift_row(
        &mut self,
        calibration: &Calibration,
        instruments: &Instruments,
        importer: usize,
        sector: usize,
    ) {
        let d = calibration.dimensions;
        let row = d.cell(importer, 0, sector);
        let theta = calibration.trade_elasticity[sector];
        let log_weight = |cell: usize| {
            calibration.expenditure_share[cell].ln()
                - theta * log_cost(calibration.benchmark.tariff_rate[cell], instruments, cell)
        };
        let cells = row..row + d.economies;
        let shift = cells.clone().map(log_weight).fold(f64::NEG_INFINITY, f64::max);
        self.row_shift[d.pair(importer, sector)] = shift;
        for cell in cells {
            self.weight[cell] = (log_weight(cell) - shift).exp();
        }
    }
}

/// ln κ̂ of a cell.
#[inline]
fn log_cost(benchmark_rate: f64, instruments: &Instruments, cell: usize) -> f64 {
    let rate = instruments.tariff_rate[cell];
    let mut factor = if rate == benchmark_rate { 1.0 } else { (1.0 + rate) / (1.0 + benchmark_rate) };
    if let Some(hat) = instruments.trade_cost_hat.get(cell) {
        factor *= hat;
    }
    if let Some(tax) = instruments.export_tax_rate.get(cell) {
        factor *= 1.0 + tax;
    }
    if factor == 1.0 { 0.0 } else { factor.ln() }
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
    positive("endowment factor", &instruments.endowment_hat)
}
