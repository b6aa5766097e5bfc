//! First-order terms of welfare (Caliendo & Parro 2015, equation 17), percent of baseline income.
//!
//! With M, c, I, t at the baseline and hats of unit costs,
//!
//! ```text
//! terms of trade  = 100/I_n Σ_{m,s} [ M_mns (ĉ_ns − 1) − M_nms (ĉ_ms − 1) ]
//! volume of trade = 100/I_n Σ_{m,s} t_nms (M'_nms − M_nms ĉ_ms)
//! trade costs     = −100/I_n Σ_{m,s} M_nms (1 + t_nms) (d̂ − 1)
//! scale           = 100/I_n Σ_{m,s} M_nms (1 + t_nms) (ê_nms − 1)
//! ```
//!
//! Scale is what a purchase gains beside its cost: with the exporter's weight `q = −κ ln ĉ + ε ln Ŷ + …` (technology.rs) the price that
//! a cell pays is `ĉ d̂ τ̂ / ê`, `ln ê = q/θ + ln ĉ − (κ_τ/θ − 1) ln τ̂ − x ln X̂`. Under `krugman` that is `N̂^ψ`; under `melitz` also the
//! market's size and who is left to sell there. Nothing under perfect competition.
//!
//! All stand in the unit that deficits are fixed in (world GDP; the numeraire under `deficit_unit = "numeraire"`). What is sold less what is
//! bought is a deficit's negative, so that a rise of all prices alike would count as a change of the terms of trade: in that unit a deficit
//! does not move, the numeraire moves no column, and to first order the terms are the change of welfare,
//!
//! ```text
//! w L dln w − Σ_k F_k dln P_k + dR = Σ M_mns dln c_ns − Σ M_nms dln c_ms + Σ t_nms (dM_nms − M_nms dln c_ms)
//! ```
//!
//! F final use, R revenue; the new duty on the old imports is paid and received alike. The remainder, a column of its own, is what is of second
//! order, and what a change of the deficits themselves brings. (NAFTA, Mexico: 1.312 against 0.007 percent.)

use crate::equilibrium::Equilibrium;
use crate::model::calibration::Calibration;

/// The terms by economy (importer), partner (exporter) and sector, laid out as flows are.
#[derive(Clone, Debug, PartialEq)]
pub struct Decomposition {
    /// Terms of trade, percent, N·N·S.
    pub terms_of_trade: Vec<f64>,
    /// Volume of trade, percent, N·N·S.
    pub volume_of_trade: Vec<f64>,
    /// Trade costs, percent, N.
    pub trade_cost: Vec<f64>,
    /// Profit shifting, percent, N: `100/I_n Σ_s Π_ns (R̂_ns − ŵ_n)` to first order; `None` without profits.
    pub profit_shifting: Option<Vec<f64>>,
    /// Scale, percent, N; `None` without economies of scale.
    pub scale: Option<Vec<f64>>,
}

impl Decomposition {
    pub(crate) fn new(
        calibration: &Calibration,
        baseline: &Equilibrium,
        counterfactual: &Equilibrium,
    ) -> Self {
        let d = calibration.dimensions;
        let n = d.economies;
        // What the numeraire is worth in the unit of deficits, after over before.
        let unit = match calibration.closure.deficit_unit_is_numeraire {
            true => 1.0,
            false => counterfactual.numeraire_scale / baseline.numeraire_scale,
        };
        let cost_hat: Vec<f64> = counterfactual
            .unit_cost_hat
            .iter()
            .zip(&baseline.unit_cost_hat)
            .map(|(after, before)| after / before / unit)
            .collect();
        let mut terms_of_trade = vec![0.0; d.cells()];
        let mut volume_of_trade = vec![0.0; d.cells()];
        let mut trade_cost = vec![0.0; n];
        for s in 0..d.sectors {
            for importer in 0..n {
                let scale = 100.0 / baseline.income[importer];
                let own = cost_hat[d.pair(importer, s)];
                for partner in 0..n {
                    let cell = d.cell(importer, partner, s);
                    let bought = baseline.border_value[cell];
                    let sold = baseline.border_value[d.cell(partner, importer, s)];
                    let theirs = cost_hat[d.pair(partner, s)];
                    let rate = baseline.instruments.tariff_rate[cell];
                    terms_of_trade[cell] = scale * (sold * (own - 1.0) - bought * (theirs - 1.0));
                    volume_of_trade[cell] =
                        scale * rate * (counterfactual.border_value[cell] / unit - bought * theirs);
                    let before = baseline.instruments.trade_cost_hat.get(cell).copied().unwrap_or(1.0);
                    let after = counterfactual.instruments.trade_cost_hat.get(cell).copied().unwrap_or(1.0);
                    trade_cost[importer] -= scale * bought * (1.0 + rate) * (after / before - 1.0);
                }
            }
        }
        let has_profits = calibration.technology.profit_share.iter().any(|share| *share > 0.0);
        let profit_shifting = has_profits.then(|| {
            let mut shifting = vec![0.0; n];
            for s in 0..d.sectors {
                for (economy, shifting) in shifting.iter_mut().enumerate() {
                    let pair = d.pair(economy, s);
                    let profit = calibration.technology.profit_share[pair] * baseline.output[pair];
                    if profit > 0.0 {
                        let sales = counterfactual.output[pair] / baseline.output[pair];
                        let wage = counterfactual.wage_hat[economy] / baseline.wage_hat[economy];
                        *shifting += 100.0 * profit / baseline.income[economy] * (sales - wage) / unit;
                    }
                }
            }
            shifting
        });
        let scale = scale(calibration, baseline, counterfactual);
        Self { terms_of_trade, volume_of_trade, trade_cost, profit_shifting, scale }
    }

    /// Sums a table of terms over partners and sectors.
    pub fn by_economy(calibration: &Calibration, terms: &[f64]) -> Vec<f64> {
        let d = calibration.dimensions;
        let mut sum = vec![0.0; d.economies];
        for (row, terms) in terms.chunks_exact(d.economies).enumerate() {
            sum[row % d.economies] += terms.iter().sum::<f64>();
        }
        sum
    }
}

/// What purchases gain by entry, by economy.
fn scale(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
) -> Option<Vec<f64>> {
    let (d, t) = (calibration.dimensions, &calibration.technology);
    let n = d.economies;
    let any = t.has_scale() || t.labour_power.iter().any(|power| *power != 0.0);
    any.then(|| {
        let change = |values: fn(&Equilibrium) -> &Vec<f64>, k: usize| {
            let (before, after) = (values(baseline)[k], values(counterfactual)[k]);
            if before > 0.0 && after > 0.0 { (after / before).ln() } else { 0.0 }
        };
        let productivity = |e: &Equilibrium, pair: usize| {
            e.instruments.productivity_hat.get(pair).copied().unwrap_or(1.0).ln()
        };
        // ln ê of the exporter.
        let entry: Vec<f64> = (0..d.pairs())
            .map(|pair| {
                let (i, s) = (pair % n, pair / n);
                let cost = change(|e| &e.unit_cost_hat, pair);
                let labour = change(|e| &e.wage_hat, i) + change(|e| &e.labour_hat, i);
                let weight = -t.cost_power[s] * cost
                    + t.output_power.get(pair).copied().unwrap_or(0.0) * change(|e| &e.output, pair)
                    + t.labour_power[s] * labour
                    + t.productivity_power[s]
                        * (productivity(counterfactual, pair) - productivity(baseline, pair));
                weight / t.trade_elasticity[s] + cost
            })
            .collect();
        let mut scale = vec![0.0; n];
        for cell in 0..d.cells() {
            let (importer, exporter, s) = d.cell_of(cell);
            let market = d.pair(importer, s);
            let rate = baseline.instruments.tariff_rate[cell];
            let mut log = entry[d.pair(exporter, s)];
            if !t.spending_over_wage {
                let taxed = |e: &Equilibrium| {
                    let export_tax = e.instruments.export_tax_rate.get(cell).copied().unwrap_or(0.0);
                    (1.0 + e.instruments.tariff_rate[cell]) * (1.0 + export_tax)
                };
                let factor = taxed(counterfactual) / taxed(baseline);
                log -= (t.tariff_power[market] / t.trade_elasticity[s] - 1.0) * factor.ln();
                let power = t.spending_power.get(market).copied().unwrap_or(0.0);
                log -= power * change(|e| &e.expenditure, market);
            }
            let bought = baseline.border_value[cell] * (1.0 + rate);
            scale[importer] += 100.0 / baseline.income[importer] * bought * (log.exp() - 1.0);
        }
        scale
    })
}
