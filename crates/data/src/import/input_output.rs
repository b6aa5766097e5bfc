//! A world input-output table as it is filled cell by cell, and its restatement in the contract's tables.

use std::collections::HashMap;

use detente_tables::atomic_write::Files;
use detente_tables::table::csv_text;

/// Flows by origin, sector, destination and use, added up to what the model needs: who sells what to whom, what each
/// sector uses, what final demand buys. Imports are taken to be spread over users in proportion, as the model assumes.
#[derive(Debug, Default)]
pub struct InputOutputTable {
    economies: Names,
    sectors: Names,
    categories: Names,
    /// Sales to sectors by origin, destination and sector.
    intermediate_trade: HashMap<(usize, usize, usize), f64>,
    /// Sales to final demand, categories together; inventories that are run down count against the others.
    final_trade: HashMap<(usize, usize, usize), f64>,
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
        let (flows, table, user) = match using {
            Use::Sector(user) => {
                (&mut self.intermediate_trade, &mut self.inputs, self.sectors.position(user))
            }
            Use::Final(category) => {
                (&mut self.final_trade, &mut self.finals, self.categories.position(category))
            }
        };
        *flows.entry((origin, destination, sector)).or_default() += value;
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

    /// The tables trade, value_added_shares, input_shares and final_demand.
    ///
    /// Two things of real tables have no place in the model, are mended, and are noted: sales to final demand below zero
    /// (inventories run down by more than everything else) become zero, and inputs of more than 99 percent of output (small
    /// sectors of rounded tables) are scaled to that. Value added is what output leaves after inputs, so that columns
    /// close; the difference to stated value added is noted.
    pub fn restate(&mut self, notes: &mut Vec<String>) -> Files {
        let negative: Vec<f64> = self.final_trade.values().copied().filter(|value| *value < 0.0).collect();
        if !negative.is_empty() {
            let sum: f64 = negative.iter().sum();
            notes.push(format!(
                "{} sales to final demand below zero (together {sum:.4e}) set to zero",
                negative.len()
            ));
        }
        let mut trade = self.intermediate_trade.clone();
        for (key, value) in &self.final_trade {
            *trade.entry(*key).or_default() += value.max(0.0);
        }
        let mut output: HashMap<(usize, usize), f64> = HashMap::new();
        for ((origin, _, sector), value) in sorted(&trade) {
            *output.entry((origin, sector)).or_default() += value;
        }
        let mut input_sum: HashMap<(usize, usize), f64> = HashMap::new();
        for ((economy, using, _), value) in sorted(&self.inputs) {
            *input_sum.entry((economy, using)).or_default() += value;
        }
        self.scale_inputs(&output, &mut input_sum, notes);
        self.note_value_added(&output, &input_sum, notes);
        let share = |key: (usize, usize), value: f64| value / output.get(&key).copied().unwrap_or_default();
        let has_output = |key: (usize, usize)| output.get(&key).is_some_and(|value| *value > 0.0);
        let economy = |position: usize| self.economies.names[position].clone();
        let sector = |position: usize| self.sectors.names[position].clone();
        let trade = sorted(&trade).into_iter().filter(|(_, value)| *value != 0.0);
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

    /// Scales the inputs of sectors to at most 99 percent of output.
    fn scale_inputs(
        &mut self,
        output: &HashMap<(usize, usize), f64>,
        input_sum: &mut HashMap<(usize, usize), f64>,
        notes: &mut Vec<String>,
    ) {
        const MOST: f64 = 0.99;
        let mut scale: HashMap<(usize, usize), f64> = HashMap::new();
        let (mut cells, mut cut) = (Vec::new(), 0.0);
        for (key, sum) in sorted_pairs(input_sum) {
            let most = MOST * output.get(&key).copied().unwrap_or_default();
            // Sectors without output have no shares at all.
            if most > 0.0 && sum > most {
                scale.insert(key, most / sum);
                input_sum.insert(key, most);
                cut += sum - most;
                cells.push(format!("{} {}", self.economies.names[key.0], self.sectors.names[key.1]));
            }
        }
        if !cells.is_empty() {
            let named = cells.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
            notes.push(format!(
                "inputs scaled to 99 percent of output in {} sectors (cut {cut:.4e}): {named}",
                cells.len()
            ));
            for ((economy, using, _), value) in &mut self.inputs {
                *value *= scale.get(&(*economy, *using)).copied().unwrap_or(1.0);
            }
        }
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
