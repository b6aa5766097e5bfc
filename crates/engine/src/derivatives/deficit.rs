//! Derivatives of deficits: levels at world GDP or in units of the numeraire, or shares of GDP.

use super::linearisation::Linearisation;
use crate::equations::deficit::bloc_means;
use crate::linear::kernel;

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
