//! A world input-output table as it is filled cell by cell, and its restatement in the contract's tables.

use std::collections::HashMap;

use crate::aside::Files;
use crate::table::csv_text;

/// Flows by origin, sector, destination and use, added up to what the model needs: who sells what to whom, what each
/// sector uses, what final demand buys. Imports are taken to be spread over users in proportion, as the model assumes.
#[derive(Debug, Default)]
pub struct InputOutputTable {
    economies: Names,
    sectors: Names,
    categories: Names,
    trade: HashMap<(usize, usize, usize), f64>,
    inputs: HashMap<(usize, usize, usize), f64>,
    finals: HashMap<(usize, usize, usize), f64>,
    value_added: Option<HashMap<(usize, usize), f64>>,
}

/// Who buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use<'a> {
    /// A sector.
    Sector(&'a str),
    /// A category of final demand.
    Final(&'a str),
}

impl InputOutputTable {
    /// Adds a flow.
    pub fn add(&mut self, origin: &str, sector: &str, destination: &str, using: Use<'_>, value: f64) {
        let (origin, destination) = (self.economies.position(origin), self.economies.position(destination));
        let sector = self.sectors.position(sector);
        *self.trade.entry((origin, destination, sector)).or_default() += value;
        let (table, user) = match using {
            Use::Sector(user) => (&mut self.inputs, self.sectors.position(user)),
            Use::Final(category) => (&mut self.finals, self.categories.position(category)),
        };
        *table.entry((destination, user, sector)).or_default() += value;
    }

    /// Adds value added (with net taxes on inputs) of a sector, where the source states it.
    pub fn add_value_added(&mut self, economy: &str, sector: &str, value: f64) {
        let key = (self.economies.position(economy), self.sectors.position(sector));
        *self.value_added.get_or_insert_default().entry(key).or_default() += value;
    }

    /// Codes of the economies in the order of their appearance.
    pub fn economies(&self) -> &[String] {
        &self.economies.names
    }

    /// Codes of the sectors in the order of their appearance.
    pub fn sectors(&self) -> &[String] {
        &self.sectors.names
    }

    /// The tables trade, value_added_shares, input_shares and final_demand. Flows below zero (inventories run down by
    /// more than a cell's other uses) become zero and are counted in the notes; value added is what output leaves after
    /// inputs, so that columns close; the difference to stated value added is noted.
    pub fn restate(&mut self, notes: &mut Vec<String>) -> Files {
        let negative: Vec<_> =
            self.trade.iter().filter(|(_, value)| **value < 0.0).map(|(key, value)| (*key, *value)).collect();
        if !negative.is_empty() {
            let sum: f64 = negative.iter().map(|(_, value)| value).sum();
            notes.push(format!("{} flows below zero (together {sum:.3}) set to zero", negative.len()));
            for (key, _) in negative {
                self.trade.insert(key, 0.0);
            }
        }
        let mut output: HashMap<(usize, usize), f64> = HashMap::new();
        for ((origin, _, sector), value) in sorted(&self.trade) {
            *output.entry((origin, sector)).or_default() += value;
        }
        let mut input_sum: HashMap<(usize, usize), f64> = HashMap::new();
        for ((economy, using, _), value) in sorted(&self.inputs) {
            *input_sum.entry((economy, using)).or_default() += value;
        }
        self.note_value_added(&output, &input_sum, notes);
        let share = |key: (usize, usize), value: f64| value / output.get(&key).copied().unwrap_or_default();
        let has_output = |key: (usize, usize)| output.get(&key).is_some_and(|value| *value > 0.0);
        let economy = |position: usize| self.economies.names[position].clone();
        let sector = |position: usize| self.sectors.names[position].clone();
        let trade = sorted(&self.trade).into_iter().filter(|(_, value)| *value != 0.0);
        let trade = trade.map(|((o, d, s), value)| [economy(o), economy(d), sector(s), value.to_string()]);
        let inputs = sorted(&self.inputs)
            .into_iter()
            .filter(|((e, u, _), value)| *value != 0.0 && has_output((*e, *u)));
        let inputs = inputs
            .map(|((e, u, s), value)| [economy(e), sector(u), sector(s), share((e, u), value).to_string()]);
        let value_added =
            sorted_pairs(&output).into_iter().filter(|(_, value)| *value > 0.0).map(|(key, value)| {
                let left = (value - input_sum.get(&key).copied().unwrap_or_default()) / value;
                [economy(key.0), sector(key.1), left.to_string()]
            });
        let finals = sorted(&self.finals).into_iter().filter(|(_, value)| *value != 0.0);
        let finals = finals.map(|((e, c, s), value)| {
            [economy(e), self.categories.names[c].clone(), sector(s), value.to_string()]
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

    fn note_value_added(
        &self,
        output: &HashMap<(usize, usize), f64>,
        input_sum: &HashMap<(usize, usize), f64>,
        notes: &mut Vec<String>,
    ) {
        let Some(stated) = &self.value_added else { return };
        let (mut off, mut sum) = (0.0, 0.0);
        for (key, value) in stated {
            let left = output.get(key).copied().unwrap_or_default()
                - input_sum.get(key).copied().unwrap_or_default();
            off += (left - value).abs();
            sum += value;
        }
        notes.push(format!(
            "value added is output less inputs; it is off the stated value added and net taxes by {:.2e} of their sum",
            off / sum
        ));
    }
}

fn sorted(map: &HashMap<(usize, usize, usize), f64>) -> Vec<((usize, usize, usize), f64)> {
    let mut rows: Vec<_> = map.iter().map(|(key, value)| (*key, *value)).collect();
    rows.sort_by_key(|(key, _)| *key);
    rows
}

fn sorted_pairs(map: &HashMap<(usize, usize), f64>) -> Vec<((usize, usize), f64)> {
    let mut rows: Vec<_> = map.iter().map(|(key, value)| (*key, *value)).collect();
    rows.sort_by_key(|(key, _)| *key);
    rows
}

/// Names in the order of their appearance.
#[derive(Debug, Default)]
struct Names {
    names: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Names {
    fn position(&mut self, name: &str) -> usize {
        if let Some(position) = self.positions.get(name) {
            return *position;
        }
        self.names.push(name.to_string());
        self.positions.insert(name.to_string(), self.names.len() - 1);
        self.names.len() - 1
    }
}
