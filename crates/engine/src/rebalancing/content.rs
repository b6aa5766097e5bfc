//! Whose value added an economy's final use holds.
//!
//! Inputs are traced by proportionality: of a unit that economy j spends on sector k the seller i receives `σ[j,i,k] = π/((1+t)(1+e))`, and a unit
//! of output of `[j,u]` takes `A[(i,k),(j,u)] = γ_j(u→k) σ[j,i,k]`. With y the outputs that final use q takes, `y = q + A y`, the content of
//! an origin is `v·y`, v its value-added shares; net taxes are left out on purpose (an output subsidy would read as content). The identity
//! that tests hold it to: value added and taxes on inputs, traced, are the whole of every unit of output.
//!
//! Both `(I−A)⁻¹q` and its transpose are found by the round of spending itself, until it adds nothing: about sixty rounds.

use super::direct::Direct;
use crate::equilibrium::Equilibrium;
use crate::model::benchmark::SectorKind;
use crate::model::calibration::Calibration;
use crate::outcomes::final_use::{FinalUseShares, use_by_share};

/// Rounds after which spending has left any economy that has value added.
const MOST_ROUNDS: usize = 500;
/// What a round may still add, relative to what there is.
const NOTHING: f64 = 1e-17;

/// What sellers receive of spending, and who uses what.
pub(super) struct Tracing<'a> {
    calibration: &'a Calibration,
    e: &'a Equilibrium,
    /// σ, N·N·S.
    received: Vec<f64>,
}

/// Whose content in which final use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content {
    /// The economy that uses and whose own part is meant.
    pub economy: usize,
    /// Only final use of manufactures.
    pub of_manufactures: bool,
    /// Only value added in manufacturing.
    pub by_makers: bool,
}

impl<'a> Tracing<'a> {
    pub fn new(calibration: &'a Calibration, e: &'a Equilibrium) -> Self {
        let n = calibration.dimensions.economies;
        let tax = &e.instruments.export_tax_rate;
        let received = (e.border_value.iter().enumerate())
            .map(|(cell, value)| {
                let spending = e.expenditure[cell / n];
                let kept = 1.0 + tax.get(cell).copied().unwrap_or(0.0);
                if spending > 0.0 { value / (kept * spending) } else { 0.0 }
            })
            .collect();
        Self { calibration, e, received }
    }

    fn is_manufacturing(&self, pair: usize) -> bool {
        let n = self.calibration.dimensions.economies;
        self.calibration.benchmark.sectors[pair / n].kind == SectorKind::Manufacturing
    }

    /// Value-added shares that count, N·S: of one economy or of all.
    fn value_added(&self, content: Content, of: Option<usize>) -> Vec<f64> {
        let n = self.calibration.dimensions.economies;
        (0..self.calibration.dimensions.pairs())
            .map(|pair| {
                let own = of.is_none_or(|economy| pair % n == economy);
                let counted = !content.by_makers || self.is_manufacturing(pair);
                if own && counted { self.calibration.value_added_share_at(self.e, pair) } else { 0.0 }
            })
            .collect()
    }

    /// Final use that counts, by sector of the economy; N·S, zero elsewhere.
    fn use_of(&self, content: Content) -> Vec<f64> {
        let n = self.calibration.dimensions.economies;
        let uses = FinalUseShares::under(self.calibration, &self.e.instruments);
        (self.e.final_use.iter().enumerate())
            .map(|(pair, value)| {
                let meant = !content.of_manufactures || self.is_manufacturing(pair);
                match (&uses, pair % n == content.economy && meant) {
                    (_, false) => 0.0,
                    (None, true) => *value,
                    (Some(uses), true) => {
                        let share: f64 = uses.share.iter().map(|share| share[pair]).sum();
                        share * use_by_share(self.calibration, self.e, pair)
                    }
                }
            })
            .collect()
    }

    /// Spending by buyer `[j,k]` that outputs `y` cause: `m = Σ_u γ_j(u→k) y[j,u]`.
    fn inputs_of(&self, y: &[f64], to: &mut [f64]) {
        to.fill(0.0);
        let d = self.calibration.dimensions;
        let Some(share) = self.calibration.input_share_at(self.e) else { return };
        let n = d.economies;
        for using in 0..d.sectors {
            let used = &y[using * n..(using + 1) * n];
            for k in 0..d.sectors {
                let shares = &share[(using * d.sectors + k) * n..][..n];
                for ((to, share), used) in to[k * n..(k + 1) * n].iter_mut().zip(shares).zip(used) {
                    *to += share * used;
                }
            }
        }
    }

    /// Its transpose: by user `[j,u]`, `Σ_k γ_j(u→k) p[j,k]`.
    fn inputs_for(&self, price: &[f64], to: &mut [f64]) {
        to.fill(0.0);
        let d = self.calibration.dimensions;
        let Some(share) = self.calibration.input_share_at(self.e) else { return };
        let n = d.economies;
        for using in 0..d.sectors {
            for k in 0..d.sectors {
                let shares = &share[(using * d.sectors + k) * n..][..n];
                let of = &price[k * n..(k + 1) * n];
                for ((to, share), of) in to[using * n..(using + 1) * n].iter_mut().zip(shares).zip(of) {
                    *to += share * of;
                }
            }
        }
    }

    /// Sellers' receipts `[i,k]` from spending `[j,k]`.
    fn receipts(&self, spending: &[f64], to: &mut [f64]) {
        let n = self.calibration.dimensions.economies;
        to.fill(0.0);
        for (row, shares) in self.received.chunks_exact(n).enumerate() {
            let amount = spending[row];
            if amount != 0.0 {
                for (to, share) in to[row / n * n..][..n].iter_mut().zip(shares) {
                    *to += share * amount;
                }
            }
        }
    }

    /// Its transpose: what a unit of spending `[j,k]` is worth at the sellers' values `[i,k]`.
    fn worth(&self, of_seller: &[f64], to: &mut [f64]) {
        let n = self.calibration.dimensions.economies;
        for (row, shares) in self.received.chunks_exact(n).enumerate() {
            to[row] = shares.iter().zip(&of_seller[row / n * n..][..n]).map(|(share, of)| share * of).sum();
        }
    }

    /// Outputs `y = (I−A)⁻¹ q` that spending `[j,k]` on final use takes.
    fn outputs(&self, spending: &[f64]) -> Vec<f64> {
        let size = spending.len();
        let (mut bought, mut made) = (spending.to_vec(), vec![0.0; size]);
        let mut sum = vec![0.0; size];
        for _ in 0..MOST_ROUNDS {
            self.receipts(&bought, &mut made);
            sum.iter_mut().zip(&made).for_each(|(sum, made)| *sum += made);
            if made.iter().sum::<f64>() <= NOTHING * sum.iter().sum::<f64>() {
                break;
            }
            self.inputs_of(&made, &mut bought);
        }
        sum
    }

    /// `φ = v (I−A)⁻¹`: value added that counts in a unit of each output, N·S.
    fn traced(&self, value_added: &[f64]) -> Vec<f64> {
        let size = value_added.len();
        let (mut part, mut spent) = (value_added.to_vec(), vec![0.0; size]);
        let mut sum = part.clone();
        for _ in 0..MOST_ROUNDS {
            self.worth(&part, &mut spent);
            self.inputs_for(&spent, &mut part);
            sum.iter_mut().zip(&part).for_each(|(sum, part)| *sum += part);
            if part.iter().sum::<f64>() <= NOTHING * sum.iter().sum::<f64>() {
                break;
            }
        }
        sum
    }

    /// The share of the economy's own value added in the final use meant.
    pub fn share(&self, content: Content) -> f64 {
        let y = self.outputs(&self.use_of(content));
        let of =
            |origin| -> f64 { self.value_added(content, origin).iter().zip(&y).map(|(v, y)| v * y).sum() };
        of(Some(content.economy)) / of(None)
    }

    /// Adds `factor` times its direct derivatives.
    pub fn differentiate(&self, content: Content, factor: f64, to: &mut Direct) {
        let c = self.calibration;
        let (d, e) = (c.dimensions, self.e);
        let n = d.economies;
        let size = d.pairs();
        let finally = self.use_of(content);
        let y = self.outputs(&finally);
        let added = [Some(content.economy), None].map(|origin| self.value_added(content, origin));
        let own = self.traced(&added[0]);
        let all = self.traced(&added[1]);
        // Denominator: all content, here in the value of final use.
        let mut worth = [vec![0.0; size], vec![0.0; size]];
        self.worth(&own, &mut worth[0]);
        self.worth(&all, &mut worth[1]);
        let total = |worth: &[f64]| -> f64 { worth.iter().zip(&finally).map(|(w, f)| w * f).sum() };
        let (part, whole) = (total(&worth[0]), total(&worth[1]));
        let dial = part / whole;
        let unit = factor / whole;
        // What passes through each buyer's spending: inputs of the outputs taken, and final use.
        let mut spending = vec![0.0; size];
        self.inputs_of(&y, &mut spending);
        spending.iter_mut().zip(&finally).for_each(|(sum, f)| *sum += f);
        let tax = &e.instruments.export_tax_rate;
        to.border(d.cells());
        to.tariff.resize(d.cells(), 0.0);
        to.export_tax.resize(d.cells(), 0.0);
        for (row, spent) in spending.iter().enumerate() {
            let whole = e.expenditure[row];
            if whole <= 0.0 || *spent == 0.0 {
                continue;
            }
            let sellers = row / n * n;
            let by = |i: usize| unit * spent * (own[sellers + i] - dial * all[sellers + i]);
            let by_spending: f64 = -(0..n).map(|i| by(i) * self.received[row * n + i]).sum::<f64>() / whole;
            for i in 0..n {
                let cell = row * n + i;
                let factor = 1.0 + e.instruments.tariff_rate[cell];
                let kept = 1.0 + tax.get(cell).copied().unwrap_or(0.0);
                let by_value = by(i) / (kept * whole) + by_spending * factor;
                to.seed.border_value[cell] += by_value * e.numeraire_scale;
                to.tariff[cell] += by_spending * e.border_value[cell] * factor;
                to.export_tax[cell] -= by(i) * self.received[cell];
            }
        }
        if c.technology.substitutes_inputs() {
            let by_spending: Vec<f64> =
                worth[0].iter().zip(&worth[1]).map(|(own, all)| unit * (own - dial * all)).collect();
            for (pair, y) in y.iter().enumerate() {
                to.seed.value_added[pair] += unit * y * (added[0][pair] - dial * added[1][pair]);
            }
            self.differentiate_inputs(&y, &by_spending, to);
        }
        self.differentiate_use(
            content.economy,
            unit,
            &finally,
            |row| worth[0][row] - dial * worth[1][row],
            to,
        );
    }

    /// Through input shares that answer to prices, where a unit of spending `[j,k]` has the derivative `by`.
    fn differentiate_inputs(&self, y: &[f64], by: &[f64], to: &mut Direct) {
        let t = &self.calibration.technology;
        let n = self.calibration.dimensions.economies;
        let mut taken = vec![0.0; y.len()];
        self.inputs_for(by, &mut taken);
        for (to, (taken, y)) in to.seed.input_use.iter_mut().zip(taken.iter().zip(y)) {
            *to += taken * y;
        }
        let answering: Vec<f64> =
            (y.iter().enumerate()).map(|(pair, y)| (1.0 - t.input_elasticity[pair / n]) * y).collect();
        self.inputs_of(&answering, &mut taken);
        for (to, (taken, by)) in to.seed.price.iter_mut().zip(taken.iter().zip(by)) {
            *to += taken * by;
        }
    }

    /// Through final use, whose cells have the derivatives `by` times `unit`.
    fn differentiate_use(
        &self,
        economy: usize,
        unit: f64,
        finally: &[f64],
        by: impl Fn(usize) -> f64,
        to: &mut Direct,
    ) {
        let (c, e) = (self.calibration, self.e);
        let power = c.technology.demand_elasticity.map_or(0.0, |elasticity| 1.0 - elasticity);
        let mut index = 0.0;
        let n = c.dimensions.economies;
        for pair in (economy..finally.len()).step_by(n).filter(|pair| finally[*pair] > 0.0) {
            let by = unit * by(pair);
            let value = by * finally[pair];
            to.seed.income[economy] += by * finally[pair] / e.income[economy] * e.numeraire_scale;
            to.seed.price[pair] += power * value;
            index += power * value;
            to.seed.final_share[pair] += by * use_by_share(c, e, pair);
        }
        if index != 0.0 {
            c.seed_price_index(e, economy, -index, &mut to.seed);
        }
    }

    /// Value added and taxes on inputs traced through all rounds, N·S: one in every live cell.
    #[cfg(test)]
    fn whole(&self) -> Vec<f64> {
        let d = self.calibration.dimensions;
        let mut taxes = vec![0.0; d.pairs()];
        let mut kept = vec![0.0; d.pairs()];
        self.worth(&vec![1.0; d.pairs()], &mut kept);
        kept.iter_mut().for_each(|kept| *kept = 1.0 - *kept);
        self.inputs_for(&kept, &mut taxes);
        let shares = (0..d.pairs()).map(|pair| self.calibration.value_added_share_at(self.e, pair));
        let sources: Vec<f64> = shares.zip(&taxes).map(|(v, tax)| v + tax).collect();
        self.traced(&sources)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::benchmark::{Benchmark, Economy, Sector};
    use crate::model::calibration::SolveSettings;
    use crate::model::closure::Closure;
    use crate::model::instruments::Instruments;
    use crate::search::solver::Solver;

    /// Two economies, two sectors, inputs and tariffs.
    fn world() -> Benchmark {
        let economy = |code: &str| Economy { code: code.into(), name: code.into(), members: Vec::new() };
        let sector = |code: &str, kind| Sector {
            code: code.into(),
            name: code.into(),
            kind,
            trade_elasticity: 4.0,
            elasticity_of_substitution: None,
            scale_elasticity: None,
            tariff_elasticity: None,
        };
        Benchmark {
            name: "two".into(),
            unit: "one".into(),
            source: String::new(),
            licence: String::new(),
            year: None,
            economies: vec![economy("A"), economy("B")],
            sectors: vec![sector("M", SectorKind::Manufacturing), sector("S", SectorKind::Services)],
            border_value: vec![70.0, 25.0, 30.0, 90.0, 100.0, 5.0, 4.0, 80.0],
            tariff_rate: vec![0.0, 0.1, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0],
            tariffs_given: true,
            value_added_share: vec![0.4, 0.5, 0.6, 0.7],
            value_added: None,
            input_share: Some(vec![0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.25, 0.2]),
            final_share: None,
            final_demand: None,
            trade_deficit: None,
            political_weight: None,
            capital_share: None,
            local_cost_share: None,
        }
    }

    /// Value added and taxes on inputs, traced, are the whole of a unit of every output: with tariffs, export taxes and an output subsidy.
    #[test]
    fn value_added_and_taxes_are_all_there_is() {
        let benchmark = world();
        let solver = Solver::new(&benchmark, &Closure::default()).expect("calibrated");
        let d = solver.dimensions;
        let mut taxed = Instruments::of(&benchmark);
        taxed.tariff_rate[d.cell(0, 1, 0)] = 0.4;
        taxed.export_tax_rate = vec![0.0; d.cells()];
        taxed.export_tax_rate[d.cell(0, 1, 0)] = 0.1;
        for importer in 0..2 {
            taxed.export_tax_rate[d.cell(importer, 0, 0)] = -0.08;
        }
        for instruments in [Instruments::of(&benchmark), taxed] {
            let solution = solver.solve(instruments, &SolveSettings::default(), None).expect("accepted");
            let e = solution.solved().expect("solved");
            for whole in Tracing::new(&solver, &e).whole() {
                assert!((whole - 1.0).abs() < 1e-13, "{whole}");
            }
        }
    }
}
