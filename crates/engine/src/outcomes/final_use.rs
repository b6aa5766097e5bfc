//! Final spending by use: who buys, not only what is bought.
//!
//! A category file is taken as it stands where it agrees with the residual use of an economy to rounding; elsewhere only the split within a cell
//! counts, rescaled to the residual use. A use's share of a cell is that of the data, `b_nc φ_ncs`, plus what shifts of final demand move: a shift between uses moves
//! budgets `b` and never what each use buys; one between sectors moves the uses of a cell in proportion. Summed over uses these shares are
//! the shares of final use that an equilibrium is solved with.

use crate::equilibrium::Equilibrium;
use crate::model::benchmark::FinalUse;
use crate::model::calibration::Calibration;
use crate::model::instruments::Instruments;

/// How far a cell of a file may be from the residual use to count as rounded.
const ROUNDING: f64 = 1e-6;

/// Shares of final spending by use and cell, N·S for each of [`FinalUse::ALL`], at the prices of the data.
#[derive(Clone, Debug, PartialEq)]
pub struct FinalUseShares {
    /// By use.
    pub share: [Vec<f64>; 3],
}

impl FinalUseShares {
    /// Those of the data; none where the data do not tell uses apart.
    pub fn of_data(calibration: &Calibration) -> Option<Self> {
        let d = calibration.dimensions;
        let value = calibration.benchmark.final_demand.as_ref()?.by_use()?;
        let mut share: [Vec<f64>; 3] = std::array::from_fn(|_| vec![0.0; d.pairs()]);
        for economy in 0..d.economies {
            let pairs = || (0..d.sectors).map(|s| d.pair(economy, s));
            let whole: [f64; 3] = std::array::from_fn(|c| pairs().map(|pair| value[c][pair]).sum());
            let all: f64 = whole.iter().sum();
            let share_of = |pair: usize| value.iter().map(|values| values[pair]).sum::<f64>() / all;
            let agrees = all > 0.0
                && pairs().all(|pair| {
                    let residual = calibration.final_share[pair];
                    (share_of(pair) - residual).abs() <= ROUNDING * residual.abs()
                });
            if agrees {
                for (share, value) in share.iter_mut().zip(&value) {
                    pairs().for_each(|pair| share[pair] = value[pair] / all);
                }
                continue;
            }
            for pair in pairs() {
                // A cell whose categories cancel is split as the economy's whole final use is.
                let own: [f64; 3] = std::array::from_fn(|c| value[c][pair]);
                let parts = if own.iter().sum::<f64>() > 0.0 { own } else { whole };
                let sum: f64 = parts.iter().sum();
                if sum <= 0.0 {
                    return None;
                }
                for c in 0..3 {
                    share[c][pair] = calibration.final_share[pair] * parts[c] / sum;
                }
            }
        }
        Some(Self { share })
    }

    /// Those in force under instruments.
    pub fn under(calibration: &Calibration, instruments: &Instruments) -> Option<Self> {
        let mut found = Self::of_data(calibration)?;
        let d = calibration.dimensions;
        for shift in &instruments.final_demand_shifts {
            for (s, amount) in shift.shift.iter().enumerate() {
                let pair = d.pair(shift.economy, s);
                let sum: f64 = found.share.iter().map(|share| share[pair]).sum();
                for (c, share) in found.share.iter_mut().enumerate() {
                    share[pair] += match shift.by_use.get(c * d.sectors + s) {
                        Some(moved) => *moved,
                        None if sum > 0.0 => amount * share[pair] / sum,
                        None => 0.0,
                    };
                }
            }
        }
        Some(found)
    }

    /// What a use spends in an economy, benchmark unit at the numeraire.
    pub fn spending(&self, calibration: &Calibration, e: &Equilibrium, by: FinalUse, economy: usize) -> f64 {
        self.cells(calibration, e, by, economy).map(|(_, value)| value).sum()
    }

    /// Cells of an economy with what a use spends in each.
    pub(crate) fn cells<'a>(
        &'a self,
        calibration: &'a Calibration,
        e: &'a Equilibrium,
        by: FinalUse,
        economy: usize,
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        let share = &self.share[by as usize];
        let pairs = (economy..share.len()).step_by(e.income.len());
        pairs.map(move |pair| (pair, share[pair] * use_by_share(calibration, e, pair)))
    }

    /// The part of a cell that a use buys.
    pub(crate) fn part(&self, by: FinalUse, pair: usize) -> f64 {
        let whole: f64 = self.share.iter().map(|share| share[pair]).sum();
        if whole > 0.0 { self.share[by as usize][pair] / whole } else { 0.0 }
    }

    /// ln of a use's price index over the data's at the numeraire, with the use's own shares of the data; none where it buys nothing.
    pub fn log_price(&self, e: &Equilibrium, use_: FinalUse, economy: usize) -> Option<f64> {
        let n = e.income.len();
        let share = &self.share[use_ as usize];
        let pairs = || (economy..share.len()).step_by(n);
        let whole: f64 = pairs().map(|pair| share[pair]).sum();
        (whole > 0.0).then(|| pairs().map(|pair| share[pair] * e.price_hat[pair].ln()).sum::<f64>() / whole)
    }
}

/// What a use spends more by, per unit of its share of a cell at the prices of the data, all else given; at the numeraire.
pub(crate) fn use_by_share(calibration: &Calibration, e: &Equilibrium, pair: usize) -> f64 {
    let economy = pair % e.income.len();
    let relative = match calibration.technology.demand_elasticity {
        None => 1.0,
        Some(elasticity) => (e.price_hat[pair] / e.price_index_hat[economy]).powf(1.0 - elasticity),
    };
    e.income[economy] * relative
}
