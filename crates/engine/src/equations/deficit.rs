//! Deficits: levels at world GDP or in units of the numeraire, or shares of GDP.

use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::model::calibration::Calibration;

impl Sweep {
    /// Deficits: levels, or shares of GDP spread so that they sum to zero (within each bloc of economies that trade),
    /// `D'_n = δ_n G'_n − (G'_n/ΣG') Σ_m δ_m G'_m`.
    pub(crate) fn deficits(&mut self, calibration: &Calibration, costs: &TradeCosts) {
        if costs.deficit_share.is_empty() {
            self.deficit.copy_from_slice(&costs.deficit);
            if self.log_unit != 0.0 {
                let unit = (-self.log_unit).exp();
                self.deficit.iter_mut().for_each(|deficit| *deficit *= unit);
            }
            return;
        }
        let share = &costs.deficit_share;
        let gap = bloc_means(&calibration.bloc, &self.budget, |i| share[i]);
        for (i, deficit) in self.deficit.iter_mut().enumerate() {
            *deficit = self.budget[i] * (share[i] - gap[calibration.bloc[i]]);
        }
    }
}

/// Means of a value over each bloc, weighted; at the position of the bloc's first economy.
pub(crate) fn bloc_means(bloc: &[usize], weight: &[f64], value: impl Fn(usize) -> f64) -> Vec<f64> {
    let (mut sum, mut total) = (vec![0.0; bloc.len()], vec![0.0; bloc.len()]);
    for (i, &bloc) in bloc.iter().enumerate() {
        sum[bloc] += weight[i] * value(i);
        total[bloc] += weight[i];
    }
    sum.iter().zip(&total).map(|(sum, total)| if *total > 0.0 { sum / total } else { 0.0 }).collect()
}
