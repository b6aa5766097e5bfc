//! `trade.csv` and `tariffs.csv`: one number per exporter, importer and sector.

use detente_engine::index::Dimensions;

use super::codes::Codes;
use detente_tables::diagnostics::{Finding, Place, Problem, Problems};
use detente_tables::table::{Row, Table};

/// Codes and sizes that tables are read against.
pub struct Frame {
    /// Codes of the economies.
    pub economies: Codes,
    /// Codes of the sectors.
    pub sectors: Codes,
    /// N and S.
    pub dimensions: Dimensions,
}

/// Which numbers a column may hold.
#[derive(Clone, Copy)]
pub struct Domain {
    /// Least number allowed.
    pub least: f64,
    /// Whether the least number itself is excluded.
    pub open: bool,
    /// Numbers from here on are refused.
    pub most: f64,
    /// In words.
    pub rule: &'static str,
}

/// Rates from here on, 1,000 percent, are percentages typed for fractions.
pub const MOST_RATE: f64 = 10.0;

const RATE_RULE: &str = "a rate is a fraction above −1 and below 10 (0.25 is 25 percent; at −100 percent the good would be free, and \
     1,000 percent is more than any schedule has: write 0.25 for 25 percent)";

/// Problems of one table that are told one by one; a table with more is wrong as a whole.
pub const MOST_PROBLEMS: usize = 200;

impl Domain {
    /// Border values.
    pub const VALUE: Self =
        Self { least: 0.0, open: false, most: f64::INFINITY, rule: "a border value is zero or above" };
    /// Tariff rates and export taxes.
    pub const RATE: Self = Self { least: -1.0, open: true, most: MOST_RATE, rule: RATE_RULE };
    /// Anything finite.
    pub const ANY: Self = Self { least: f64::NEG_INFINITY, open: false, most: f64::INFINITY, rule: "" };
    /// Shares of gross output that may be negative by little, as published tables have them.
    pub const INPUT_SHARE: Self = Self {
        least: -0.01,
        open: false,
        most: f64::INFINITY,
        rule: "an input share below −0.01 is not rounding; check the table's signs",
    };
    /// Shares.
    pub const SHARE: Self =
        Self { least: 0.0, open: false, most: f64::INFINITY, rule: "a share is a fraction, zero or above" };

    /// Whether the number lies in the domain.
    pub fn holds(&self, number: f64) -> bool {
        number < self.most && if self.open { number > self.least } else { number >= self.least }
    }
}

/// Keeps the first row of each key, so that a second one can name it.
pub struct Filled {
    first: Vec<Option<Place>>,
}

impl Filled {
    /// Nothing filled yet.
    pub fn new(size: usize) -> Self {
        Self { first: vec![None; size] }
    }

    /// Marks a key; refused where it was marked before.
    pub fn mark(&mut self, row: &Row<'_>, position: usize, key: impl Fn() -> String) -> Result<(), Problem> {
        match &self.first[position] {
            None => {
                self.first[position] = Some(row.place());
                Ok(())
            }
            Some(first) => Err(row.problem(Finding::Duplicate { key: key(), first: first.words() })),
        }
    }

    /// Whether a key was marked.
    pub fn is_marked(&self, position: usize) -> bool {
        self.first[position].is_some()
    }
}

/// Reads `exporter,importer,sector,NUMBER` into an array of N·N·S; calls `cell` for each row read.
pub fn read_cells(
    table: &Table,
    column: &'static str,
    domain: Domain,
    frame: &Frame,
    mut cell: impl FnMut(usize, f64),
) -> Result<(), Problems> {
    let ([exporter, importer, sector, value], []) =
        table.expect(["exporter", "importer", "sector", column], [])?;
    let mut problems = Vec::new();
    let mut filled = Filled::new(frame.dimensions.cells());
    for row in table.rows() {
        let mut read = || -> Result<(), Problem> {
            let origin = frame.economies.at(&row, exporter)?;
            let destination = frame.economies.at(&row, importer)?;
            let good = frame.sectors.at(&row, sector)?;
            let number = row.number(value)?;
            let names = || format!("{}, {}, {}", row.text(exporter), row.text(importer), row.text(sector));
            let position = frame.dimensions.cell(destination, origin, good);
            filled.mark(&row, position, names)?;
            if !domain.holds(number) {
                let cell = format!(" [{}]", names());
                let rule = domain.rule.to_string();
                return Err(row.problem(Finding::Domain { what: column.into(), cell, found: number, rule }));
            }
            cell(position, number);
            Ok(())
        };
        if let Err(problem) = read() {
            problems.push(problem);
            if problems.len() == MOST_PROBLEMS {
                break;
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}
