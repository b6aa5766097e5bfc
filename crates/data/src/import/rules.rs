//! What is done to a source that the model cannot take as it is: each rule counts what it touched, sums it and names the worst cells.

use serde::{Deserialize, Serialize};

/// Name of the report in the directory of an import.
pub const REPORT: &str = "import-report.json";
/// Cells that are named for a rule.
const NAMED: usize = 5;

/// What becomes of sales to final demand that are below zero as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Negative {
    /// They count as zero; output, and with it value added, of their row grows.
    #[default]
    Zero,
    /// They are taken from what the row sells to other destinations' final demand, in proportion; output stays.
    Spread,
}

/// Which value added counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueAdded {
    /// Output less inputs; refused where the source states another one, 5 percent or more of the world off.
    #[default]
    Stated,
    /// Output less inputs, whatever the source states.
    Residual,
}

/// Who is taken to sell the transport margins of a source that has them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Margins {
    /// The importer buys transport of all that sell it, in the shares of the world.
    #[default]
    Importer,
    /// The exporter of the good sells its transport too.
    Cif,
}

/// The rules of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Sales to final demand below zero.
    pub negative: Negative,
    /// Value added.
    pub value_added: ValueAdded,
    /// Transport margins.
    pub margins: Margins,
    /// Every value times this, where the source counts in other units (0.001 for thousands).
    pub scale: Option<f64>,
}

/// One rule that was applied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Applied {
    /// Which, in words.
    pub rule: String,
    /// Cells that it touched.
    pub cells: usize,
    /// Their sum, in the source's unit.
    pub sum: f64,
    /// The largest of them.
    pub worst: Vec<(String, f64)>,
}

/// What was done to a source.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Layout that was found.
    pub layout: String,
    /// Rules that touched something.
    pub applied: Vec<Applied>,
    /// What else a reader should know.
    pub notes: Vec<String>,
}

impl Report {
    /// Says something.
    pub fn note(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }

    /// Counts what a rule touched; nothing where it touched nothing.
    pub fn apply(&mut self, rule: impl Into<String>, mut cells: Vec<(String, f64)>) {
        if cells.is_empty() {
            return;
        }
        let (count, sum) = (cells.len(), cells.iter().map(|(_, value)| value).sum());
        cells.sort_by(|left, right| right.1.abs().total_cmp(&left.1.abs()).then(left.0.cmp(&right.0)));
        cells.truncate(NAMED);
        self.applied.push(Applied { rule: rule.into(), cells: count, sum, worst: cells });
    }

    /// A line for each rule and each note.
    pub fn lines(&self) -> Vec<String> {
        let rules = self.applied.iter().map(|applied| {
            let worst: Vec<String> =
                applied.worst.iter().map(|(cell, value)| format!("{cell} {value:.6}")).collect();
            let most = if applied.cells > applied.worst.len() { ", the largest" } else { "" };
            format!("{} {}{most}: {}", applied.cells, applied.words(), worst.join(", "))
        });
        rules.chain(self.notes.iter().cloned()).collect()
    }
}

impl Applied {
    /// The rule with its sum.
    fn words(&self) -> String {
        self.rule.replace("{sum}", &format!("together {}", self.sum))
    }
}
