//! Deficits and their derivatives: levels at world GDP or in units of the numeraire, or shares of GDP.

use super::kernel;
use super::linearisation::Linearisation;
use super::sweep::Sweep;
use super::trade_cost::TradeCosts;
use crate::calibration::Calibration;

impl Sweep {
    /// Deficits: levels, or shares of GDP spread so that they sum to zero (within each bloc of economies that trade),
    /// `D'_n = δ_n G'_n − (G'_n/ΣG') Σ_m δ_m G'_m`.
    pub(super) fn deficits(&mut self, calibration: &Calibration, costs: &TradeCosts) {
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

impl Linearisation<'_> {
    /// GDP before the deficit, where deficits follow it.
    pub fn gdp(&self, economy: usize) -> f64 {
        self.sweep.budget[economy] - self.sweep.deficit[economy]
    }

    /// Adds what a change of ln κ does to deficits that are fixed in units of the numeraire.
    pub fn revalue_deficits(&self, unit: f64, deficit: &mut [f64]) {
        if unit != 0.0 && self.costs.deficit_share.is_empty() {
            kernel::add_scaled(deficit, -unit, &self.sweep.deficit);
        }
    }

    /// What deficits that follow GDP do when it changes.
    pub fn deficits_forward(&self, gdp: &[f64], deficit: &mut [f64]) {
        let share = &self.costs.deficit_share;
        if share.is_empty() {
            return;
        }
        let bloc = &self.calibration.bloc;
        let level: Vec<f64> = (0..gdp.len()).map(|i| self.gdp(i)).collect();
        let gap = bloc_means(bloc, &level, |i| share[i]);
        // d gap = Σ (δ − gap) dG / ΣG
        let d_gap = bloc_means(bloc, &level, |i| gdp[i] * (share[i] - gap[bloc[i]]) / level[i]);
        for i in 0..gdp.len() {
            deficit[i] = gdp[i] * (share[i] - gap[bloc[i]]) - level[i] * d_gap[bloc[i]];
        }
    }

    /// Adds what deficits that follow GDP pass on to it.
    pub fn deficits_backward(&self, deficit: &[f64], gdp: &mut [f64]) {
        let share = &self.costs.deficit_share;
        if share.is_empty() {
            return;
        }
        let bloc = &self.calibration.bloc;
        let level: Vec<f64> = (0..gdp.len()).map(|i| self.gdp(i)).collect();
        let gap = bloc_means(bloc, &level, |i| share[i]);
        let taken = bloc_means(bloc, &level, |i| deficit[i]);
        for i in 0..gdp.len() {
            gdp[i] += (deficit[i] - taken[bloc[i]]) * (share[i] - gap[bloc[i]]);
        }
    }

    /// Adds what changes of the levels that data or scenario give do to deficits at given GDP. A level under deficits that follow
    /// GDP is a share of the data's.
    pub fn levels_forward(&self, level: &[f64], deficit: &mut [f64]) {
        let c = self.calibration;
        if self.costs.deficit_share.is_empty() {
            kernel::add_scaled(deficit, (-self.sweep.log_unit).exp(), level);
            return;
        }
        let gdp: Vec<f64> = (0..level.len()).map(|i| self.gdp(i)).collect();
        let share = |i: usize| level[i] / (c.income[i] - c.trade_deficit[i]);
        let gap = bloc_means(&c.bloc, &gdp, share);
        for (i, deficit) in deficit.iter_mut().enumerate() {
            *deficit += gdp[i] * (share(i) - gap[c.bloc[i]]);
        }
    }

    /// The derivative in those levels, from the one in deficits.
    pub fn levels_backward(&self, deficit: &[f64]) -> Vec<f64> {
        let c = self.calibration;
        if self.costs.deficit_share.is_empty() {
            let unit = (-self.sweep.log_unit).exp();
            return deficit.iter().map(|by| by * unit).collect();
        }
        let gdp: Vec<f64> = (0..deficit.len()).map(|i| self.gdp(i)).collect();
        let taken = bloc_means(&c.bloc, &gdp, |i| deficit[i]);
        (0..deficit.len())
            .map(|i| gdp[i] / (c.income[i] - c.trade_deficit[i]) * (deficit[i] - taken[c.bloc[i]]))
            .collect()
    }
}

/// Means of a value over each bloc, weighted; at the position of the bloc's first economy.
fn bloc_means(bloc: &[usize], weight: &[f64], value: impl Fn(usize) -> f64) -> Vec<f64> {
    let (mut sum, mut total) = (vec![0.0; bloc.len()], vec![0.0; bloc.len()]);
    for (i, &bloc) in bloc.iter().enumerate() {
        sum[bloc] += weight[i] * value(i);
        total[bloc] += weight[i];
    }
    sum.iter().zip(&total).map(|(sum, total)| if *total > 0.0 { sum / total } else { 0.0 }).collect()
}
