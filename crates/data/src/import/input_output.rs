//! A world input-output table as it is filled cell by cell, and its restatement in the contract's tables.

use std::collections::HashMap;

use detente_tables::atomic_write::Files;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::table::csv_text;

use super::rules::{Negative, Report, Rules, ValueAdded};

/// Inputs above this share of output are scaled to it: small sectors of rounded tables.
const MOST_INPUTS: f64 = 0.99;
/// Of world output: stated totals off by more are noted, then refused.
const NOTED: f64 = 1e-3;
const REFUSED: f64 = 0.05;
/// Of its row's output: an input below zero by more is no rounding.
const ROUNDING: f64 = 1e-6;
/// Negative inputs that are remembered one by one; a table with more has its signs turned.
const MOST_NEGATIVE: usize = 1_000_000;

/// Flows by origin, sector, destination and use, added up to what the model needs: who sells what to whom, what each sector uses, what final
/// demand buys. Imports are taken to be spread over users in proportion, as the model assumes.
#[derive(Debug)]
pub struct InputOutputTable {
    /// Codes of the economies.
    pub economies: Vec<String>,
    /// Codes of the sectors.
    pub sectors: Vec<String>,
    categories: Vec<String>,
    /// Sales to sectors: origin, destination, sector.
    intermediate_trade: Vec<f64>,
    /// Sales to final demand, categories together: inventories that are run down count against the others.
    final_trade: Vec<f64>,
    /// Destination, using sector, sector.
    inputs: Vec<f64>,
    /// Destination, category, sector.
    finals: Vec<f64>,
    /// Economy, sector; stated by the source.
    value_added: Option<Vec<f64>>,
    output: Option<Vec<f64>>,
    negative_inputs: Vec<([usize; 4], f64)>,
}

/// Who buys, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A sector.
    Sector(usize),
    /// A category of final demand.
    Final(usize),
}

impl InputOutputTable {
    /// An empty table of these names.
    pub fn new(economies: Vec<String>, sectors: Vec<String>, categories: Vec<String>) -> Self {
        let (n, s, c) = (economies.len(), sectors.len(), categories.len());
        Self {
            intermediate_trade: vec![0.0; n * n * s],
            final_trade: vec![0.0; n * n * s],
            inputs: vec![0.0; n * s * s],
            finals: vec![0.0; n * c * s],
            value_added: None,
            output: None,
            negative_inputs: Vec::new(),
            economies,
            sectors,
            categories,
        }
    }

    /// Adds a flow.
    pub fn add(&mut self, origin: usize, sector: usize, destination: usize, using: Use, value: f64) {
        let (n, s) = (self.economies.len(), self.sectors.len());
        let flow = (origin * n + destination) * s + sector;
        match using {
            Use::Sector(user) => {
                self.intermediate_trade[flow] += value;
                self.inputs[(destination * s + user) * s + sector] += value;
                if value < 0.0 && self.negative_inputs.len() < MOST_NEGATIVE {
                    self.negative_inputs.push(([origin, sector, destination, user], value));
                }
            }
            Use::Final(category) => {
                self.final_trade[flow] += value;
                self.finals[(destination * self.categories.len() + category) * s + sector] += value;
            }
        }
    }

    /// Adds value added (with net taxes on inputs) of a sector, where the source states it.
    pub fn add_value_added(&mut self, economy: usize, sector: usize, value: f64) {
        let (size, s) = (self.economies.len() * self.sectors.len(), self.sectors.len());
        self.value_added.get_or_insert_with(|| vec![0.0; size])[economy * s + sector] += value;
    }

    /// Adds output of a sector, where the source states it.
    pub fn add_output(&mut self, economy: usize, sector: usize, value: f64) {
        let (size, s) = (self.economies.len() * self.sectors.len(), self.sectors.len());
        self.output.get_or_insert_with(|| vec![0.0; size])[economy * s + sector] += value;
    }

    /// What each sector of each economy sells: economy, sector.
    fn sales(&self) -> Vec<f64> {
        let (n, s) = (self.economies.len(), self.sectors.len());
        let mut sales = vec![0.0; n * s];
        for origin in 0..n {
            for destination in 0..n {
                for sector in 0..s {
                    let flow = (origin * n + destination) * s + sector;
                    sales[origin * s + sector] += self.intermediate_trade[flow] + self.final_trade[flow];
                }
            }
        }
        sales
    }

    fn name(&self, pair: usize) -> String {
        let s = self.sectors.len();
        format!("[{}, {}]", self.economies[pair / s], self.sectors[pair % s])
    }

    /// The tables trade, value_added_shares, input_shares and final_demand, by the rules; `label` is the file for refusals.
    ///
    /// # Errors
    /// Inputs below zero by more than rounding; stated totals or stated value added that are off by more than 5 percent of the world.
    pub fn restate(mut self, label: &str, rules: &Rules, report: &mut Report) -> Result<Files, Problem> {
        if let Some(scale) = rules.scale {
            for array in
                [&mut self.intermediate_trade, &mut self.final_trade, &mut self.inputs, &mut self.finals]
            {
                array.iter_mut().for_each(|value| *value *= scale);
            }
            for array in [&mut self.value_added, &mut self.output].into_iter().flatten() {
                array.iter_mut().for_each(|value| *value *= scale);
            }
            self.negative_inputs.iter_mut().for_each(|(_, value)| *value *= scale);
            report.note(format!("every value of the source times {scale}"));
        }
        self.compare_output(label, report)?;
        self.negative_inputs(label, report)?;
        self.negative_finals(rules.negative, report);
        let output = self.sales();
        self.name_empty(&output, report);
        let input_sum = self.scale_inputs(&output, report);
        self.compare_value_added(label, rules, &output, &input_sum, report)?;
        Ok(self.tables(&output, &input_sum))
    }

    /// The row's sum counts; what the source states as output is compared with it.
    fn compare_output(&self, label: &str, report: &mut Report) -> Result<(), Problem> {
        let Some(stated) = &self.output else { return Ok(()) };
        let sales = self.sales();
        let world: f64 = sales.iter().sum();
        let cells: Vec<(String, f64)> = stated
            .iter()
            .zip(&sales)
            .enumerate()
            .filter(|(_, (stated, sold))| (*stated - *sold).abs() > ROUNDING * sold.abs().max(1.0))
            .map(|(pair, (stated, sold))| (self.name(pair), stated - sold))
            .collect();
        let off: f64 = cells.iter().map(|(_, value)| value.abs()).sum();
        if off > REFUSED * world.abs() {
            return Err(incomplete(
                label,
                "stated output",
                off / world,
                &cells,
                "rows and columns may be missing or doubled",
            ));
        }
        if off > NOTED * world.abs() {
            report.apply("sectors state another output than they sell ({sum}); what they sell counts", cells);
        }
        Ok(())
    }

    fn negative_inputs(&mut self, label: &str, report: &mut Report) -> Result<(), Problem> {
        let (n, s) = (self.economies.len(), self.sectors.len());
        let sales = self.sales();
        let named = |[origin, sector, destination, user]: [usize; 4]| {
            let (economies, sectors) = (&self.economies, &self.sectors);
            format!(
                "[{} {} to {} {}]",
                economies[origin], sectors[sector], economies[destination], sectors[user]
            )
        };
        let large = self
            .negative_inputs
            .iter()
            .find(|(at, value)| *value < -ROUNDING * sales[at[0] * s + at[1]].abs());
        if let Some((at, value)) = large {
            let finding = Finding::Domain {
                what: "an input ".into(),
                cell: named(*at),
                found: *value,
                rule: "an input below zero by more than a millionth of its row's output is no rounding; check the table's signs".into(),
            };
            return Err(Problem::whole(label, finding));
        }
        let cells = self.negative_inputs.iter().map(|(at, value)| (named(*at), *value)).collect();
        report.apply("inputs below zero by rounding ({sum}) set to zero", cells);
        for ([origin, sector, destination, user], value) in std::mem::take(&mut self.negative_inputs) {
            self.intermediate_trade[(origin * n + destination) * s + sector] -= value;
            self.inputs[(destination * s + user) * s + sector] -= value;
        }
        Ok(())
    }

    fn negative_finals(&mut self, rule: Negative, report: &mut Report) {
        let (n, s) = (self.economies.len(), self.sectors.len());
        let mut cells = Vec::new();
        for flow in 0..n * n * s {
            let value = self.final_trade[flow];
            if value < 0.0 {
                let (origin, destination, sector) = (flow / (n * s), flow / s % n, flow % s);
                let economies = &self.economies;
                cells.push((
                    format!(
                        "[{} to {}, {}]",
                        economies[origin], economies[destination], self.sectors[sector]
                    ),
                    value,
                ));
                self.final_trade[flow] = 0.0;
                if rule == Negative::Spread {
                    let others = |destination: usize| (origin * n + destination) * s + sector;
                    let sum: f64 = (0..n).map(|to| self.final_trade[others(to)].max(0.0)).sum();
                    if sum > -value {
                        (0..n).for_each(|to| {
                            self.final_trade[others(to)] *=
                                if self.final_trade[others(to)] > 0.0 { 1.0 + value / sum } else { 1.0 }
                        });
                    }
                }
            }
        }
        let sale = if cells.len() == 1 { "sale" } else { "sales" };
        let what = match rule {
            Negative::Zero => "set to zero; output and value added of their rows grow by them",
            Negative::Spread => "taken from the other destinations of their rows where those sell enough",
        };
        report.apply(format!("{sale} to final demand below zero ({{sum}}) {what}"), cells);
    }

    fn name_empty(&self, output: &[f64], report: &mut Report) {
        let empty: Vec<(String, f64)> = (0..output.len())
            .filter(|pair| output[*pair] <= 0.0)
            .map(|pair| (self.name(pair), output[pair]))
            .collect();
        report.apply("sectors of economies sell nothing ({sum}) and have no shares", empty);
    }

    /// Scales the inputs of sectors to at most 99 percent of output; gives their sums.
    fn scale_inputs(&mut self, output: &[f64], report: &mut Report) -> Vec<f64> {
        let s = self.sectors.len();
        let mut sums = vec![0.0; output.len()];
        let mut cells = Vec::new();
        for pair in 0..output.len() {
            let inputs = &mut self.inputs[pair * s..(pair + 1) * s];
            let sum: f64 = inputs.iter().sum();
            let most = MOST_INPUTS * output[pair];
            sums[pair] = sum;
            // Sectors without output have no shares at all.
            if most > 0.0 && sum > most {
                inputs.iter_mut().for_each(|value| *value *= most / sum);
                sums[pair] = most;
                cells.push((pair, most - sum));
            }
        }
        let cells = cells.into_iter().map(|(pair, cut)| (self.name(pair), cut)).collect();
        report.apply("sectors with inputs above 99 percent of output, scaled to that ({sum})", cells);
        sums
    }

    fn compare_value_added(
        &self,
        label: &str,
        rules: &Rules,
        output: &[f64],
        input_sum: &[f64],
        report: &mut Report,
    ) -> Result<(), Problem> {
        let left: Vec<f64> = output.iter().zip(input_sum).map(|(output, inputs)| output - inputs).collect();
        let Some(stated) = &self.value_added else {
            let share = left.iter().sum::<f64>() / output.iter().sum::<f64>();
            report.note(
                "the source states no value added: it is output less inputs, net taxes counted with it",
            );
            if !(0.25..=0.75).contains(&share) {
                report.note(format!(
                    "WARNING: value added is {:.1} percent of the world's output, where tables have 40 to 60; is the table whole?",
                    100.0 * share
                ));
            }
            return Ok(());
        };
        let world: f64 = stated.iter().map(|value| value.abs()).sum();
        let cells: Vec<(String, f64)> = stated
            .iter()
            .zip(&left)
            .enumerate()
            .map(|(pair, (stated, left))| (self.name(pair), left - stated))
            .collect();
        let off: f64 = cells.iter().map(|(_, value)| value.abs()).sum::<f64>() / world;
        if off > REFUSED || !off.is_finite() {
            let rule = "what output leaves after inputs must be near what the source states; ask for value added as the residual to take it anyway";
            if rules.value_added != ValueAdded::Residual {
                return Err(incomplete(label, "value added", off, &cells, rule));
            }
            report.note(format!(
                "WARNING: value added is output less inputs, {off:.3} of what the source states off it, as asked for"
            ));
        } else {
            report.note(format!(
                "value added is output less inputs; it is off the stated value added and net taxes by {off:.2e} of their sum"
            ));
        }
        Ok(())
    }

    fn tables(&self, output: &[f64], input_sum: &[f64]) -> Files {
        let (n, s, c) = (self.economies.len(), self.sectors.len(), self.categories.len());
        let (economies, sectors) = (&self.economies, &self.sectors);
        let trade = (0..n * n * s).filter_map(|flow| {
            let value = self.intermediate_trade[flow] + self.final_trade[flow];
            let (origin, destination, sector) = (flow / (n * s), flow / s % n, flow % s);
            (value != 0.0).then(|| {
                [
                    economies[origin].clone(),
                    economies[destination].clone(),
                    sectors[sector].clone(),
                    value.to_string(),
                ]
            })
        });
        let inputs = (0..n * s * s).filter_map(|at| {
            let (pair, sector) = (at / s, at % s);
            (self.inputs[at] != 0.0 && output[pair] > 0.0).then(|| {
                let share = self.inputs[at] / output[pair];
                [
                    economies[pair / s].clone(),
                    sectors[pair % s].clone(),
                    sectors[sector].clone(),
                    share.to_string(),
                ]
            })
        });
        let value_added = (0..n * s).filter(|pair| output[*pair] > 0.0).map(|pair| {
            let left = (output[pair] - input_sum[pair]) / output[pair];
            [economies[pair / s].clone(), sectors[pair % s].clone(), left.to_string()]
        });
        let finals = (0..n * c * s).filter(|at| self.finals[*at] != 0.0).map(|at| {
            let (economy, category, sector) = (at / (c * s), at / s % c, at % s);
            let value = self.finals[at].to_string();
            [economies[economy].clone(), self.categories[category].clone(), sectors[sector].clone(), value]
        });
        vec![
            ("trade.csv".into(), csv_text(&["exporter", "importer", "sector", "value"], trade)),
            (
                "input_shares.csv".into(),
                csv_text(&["economy", "using_sector", "input_sector", "share"], inputs),
            ),
            ("value_added_shares.csv".into(), csv_text(&["economy", "sector", "share"], value_added)),
            ("final_demand.csv".into(), csv_text(&["economy", "category", "sector", "value"], finals)),
        ]
    }
}

fn incomplete(label: &str, what: &str, off: f64, cells: &[(String, f64)], rule: &str) -> Problem {
    let mut cells: Vec<&(String, f64)> = cells.iter().collect();
    cells.sort_by(|left, right| right.1.abs().total_cmp(&left.1.abs()));
    let worst: Vec<String> =
        cells.iter().take(5).map(|(cell, value)| format!("{cell} by {value:.4}")).collect();
    let finding = Finding::Inconsistent {
        what: format!("{what} of the world"),
        found: format!("the table's own is {off:.3} of it off, most in {}", worst.join(", ")),
        rule: rule.into(),
    };
    Problem::whole(label, finding)
}

/// Names in the order of their appearance.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Names {
    /// The position of a name, which is added where it is new.
    pub fn position(&mut self, name: &str) -> usize {
        if let Some(position) = self.positions.get(name) {
            return *position;
        }
        self.names.push(name.to_string());
        self.positions.insert(name.to_string(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// The position of a name that is known.
    pub fn known(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// All names.
    pub fn into_names(self) -> Vec<String> {
        self.names
    }
}
