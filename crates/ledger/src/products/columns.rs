//! The columns of a schedule: the general rate, the second column and the rates of programmes, by line and edition.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;

use super::cells::cells;
use super::{BaseRate, ProductCode, ProductError};

/// The columns of one importer's schedule. Rows are looked up in the text: one duty needs a few of many thousand lines.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    names: Vec<String>,
    text: Cow<'static, str>,
}

/// The general rate of a line, in place of the line table's.
pub const GENERAL: &str = "general";

impl Columns {
    /// Reads `code,from,general,` and further columns; rows are checked when they are asked for.
    pub fn read(file: &str, text: impl Into<Cow<'static, str>>) -> Result<Self, ProductError> {
        let text = text.into();
        let header = text.lines().next().unwrap_or_default().trim().trim_start_matches('\u{feff}');
        let names: Vec<String> = header.split(',').map(|name| name.trim().to_owned()).collect();
        if names.len() < 3 || names[..3] != ["code", "from", GENERAL] {
            return Err(ProductError::row(
                file,
                1,
                format!("the header is `{header}`"),
                "start with `code,from,general`",
            ));
        }
        Ok(Self { names, text })
    }

    /// Whether the schedule has a column.
    pub fn has(&self, column: &str) -> bool {
        self.names.iter().skip(2).any(|name| name == column)
    }

    /// The rate of a column on the line that has `code`, on a day; none where the cell is empty or there is no such line.
    pub fn rate(&self, code: ProductCode, column: &str, on: Date) -> Option<BaseRate> {
        let place = self.names.iter().skip(2).position(|name| name == column)? + 2;
        let cell = self.row(code, on)?.into_iter().nth(place)?;
        (!cell.is_empty()).then(|| BaseRate::read(&cell))
    }

    /// The first day of the edition that holds on a day: where rows of some lines change. None before the first change.
    pub fn edition(&self, on: Date) -> Option<Date> {
        let days = self.text.lines().skip(1).filter_map(|row| row.split(',').nth(1)?.parse::<Date>().ok());
        days.filter(|day| *day <= on).max()
    }

    /// The least rate of several columns by line on a day, where it is a share of value.
    pub fn least(&self, columns: &[String], on: Date) -> HashMap<ProductCode, f64> {
        let places: Vec<usize> = columns
            .iter()
            .filter_map(|name| self.names.iter().skip(2).position(|held| held == name).map(|at| at + 2))
            .collect();
        let mut found = HashMap::new();
        for row in self.text.lines().skip(1) {
            let quoted = row.contains('"').then(|| cells(row));
            let cell = |at: usize| match &quoted {
                Some(cells) => cells.get(at).map(AsRef::as_ref),
                None => row.split(',').nth(at).map(str::trim),
            };
            let begun = cell(1)
                .is_some_and(|from| from.is_empty() || from.parse::<Date>().is_ok_and(|from| from <= on));
            let Some(code) = cell(0).and_then(|code| code.parse::<ProductCode>().ok()).filter(|_| begun)
            else {
                continue;
            };
            let rates = places.iter().filter_map(|at| cell(*at)?.parse::<f64>().ok());
            match rates.reduce(f64::min) {
                Some(rate) => found.insert(code, rate),
                // A later row of the line says that the programme has no rate for it.
                None => found.remove(&code),
            };
        }
        found
    }

    /// The cells of the line's row of a day.
    fn row(&self, code: ProductCode, on: Date) -> Option<Vec<Cow<'_, str>>> {
        let mut found = None;
        for digits in [8, 10, 6] {
            if digits > code.digits() {
                continue;
            }
            for line in self.rows_of(code.cut(digits).undotted()) {
                let cells = cells(line);
                let from = cells.get(1).map(AsRef::as_ref).unwrap_or_default();
                let begun = from.is_empty() || from.parse::<Date>().is_ok_and(|from| from <= on);
                if begun {
                    found = Some(cells);
                }
            }
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The rows whose code is these digits: rows are in order of code.
    fn rows_of(&self, digits: String) -> impl Iterator<Item = &str> {
        let text: &str = &self.text;
        // The first line that does not come before the wanted code, by halving the text.
        let (mut low, mut high) = (text.find('\n').map_or(text.len(), |at| at + 1), text.len());
        while low < high {
            let middle = start_of_line(text, low, (low + high) / 2);
            let line = text[middle..].lines().next().unwrap_or_default();
            if line.split(',').next().unwrap_or_default() < digits.as_str() {
                low = (middle + line.len() + 1).min(high.max(middle));
                if low <= middle {
                    break;
                }
            } else {
                high = middle;
            }
        }
        text[low.min(text.len())..]
            .lines()
            .take_while(move |line| line.split(',').next() == Some(digits.as_str()))
    }
}

/// Where the line that holds place `at` begins, not before `low`.
fn start_of_line(text: &str, low: usize, at: usize) -> usize {
    text.as_bytes()[low..at].iter().rposition(|byte| *byte == b'\n').map_or(low, |found| low + found + 1)
}
