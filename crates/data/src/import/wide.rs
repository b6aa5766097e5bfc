//! Wide tables, whatever program wrote them: what each row and each column is, and numbers row by row.

use std::collections::{HashMap, HashSet};

use super::input_output::{InputOutputTable, Names, Use};
use detente_tables::diagnostics::{Finding, Place, Problem, Problems};

/// Categories of final use by the codes of the layouts (OECD in all its editions, WIOD of 2013 and 2016).
pub const CATEGORIES: [(&str, &str); 21] = [
    ("HFCE", "household"),
    ("NPISH", "household"),
    ("NPS", "household"),
    ("DPABR", "household"),
    ("DIRP", "household"),
    ("P33", "household"),
    ("GGFC", "government"),
    ("GFCF", "investment"),
    ("INVNT", "investment"),
    ("INV", "investment"),
    (DISCREPANCY, "discrepancy"),
    ("c37", "household"),
    ("c38", "household"),
    ("c39", "government"),
    ("c41", "investment"),
    ("c42", "investment"),
    ("c57", "household"),
    ("c58", "household"),
    ("c59", "government"),
    ("c60", "investment"),
    ("c61", "investment"),
];
/// A column of no economy: what a row's own economy is taken to use.
pub const DISCREPANCY: &str = "DISC";
/// Parts of economies that some tables have beside or instead of the whole, and other codes of one economy.
const PARTS: &str = include_str!("parts.csv");

/// The category that a code of final use counts under.
pub fn category(code: &str) -> Option<&'static str> {
    CATEGORIES.iter().find(|(known, _)| *known == code).map(|(_, category)| *category)
}

/// What a row is.
#[derive(Clone, Debug, PartialEq)]
pub enum RowLabel {
    /// Sales of a sector of an economy.
    Flow(String, String),
    /// A part of value added, net taxes among it.
    ValueAdded,
    /// Output.
    Output,
    /// A sum that is known otherwise.
    Ignored,
}

/// What a column is.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnLabel {
    /// Purchases of a sector of an economy.
    Sector(String, String),
    /// Purchases of final demand of an economy, under a category.
    Final(String, String),
    /// A difference that no economy has: the row's own economy uses it.
    Discrepancy,
    /// Output.
    Total,
}

/// The labels of a table, checked against each other.
pub struct Axes {
    label: String,
    rows: Vec<RowLabel>,
    columns: Vec<ColumnLabel>,
    economies: Names,
    sectors: Names,
    categories: Names,
}

/// The code that names the whole of an economy, for the codes of its parts; none for other codes.
fn whole(code: &str) -> Option<&'static str> {
    PARTS
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .find(|(part, _)| *part == code)
        .map(|(_, whole)| whole)
}

impl Axes {
    /// Puts the labels together. Parts of an economy count as the whole where the table has the whole too.
    ///
    /// # Errors
    /// A label that stands twice; sectors of economies that stand in the rows or in the columns alone; no row of flows.
    pub fn of(
        label: &str,
        mut rows: Vec<RowLabel>,
        row_places: &[Place],
        mut columns: Vec<ColumnLabel>,
        names: (&[String], &[String]),
    ) -> Result<Self, Problems> {
        refuse_twice(label, names, row_places)?;
        refuse_one_sided(label, &rows, &columns)?;
        let mut known: HashSet<String> = HashSet::new();
        known.extend(rows.iter().filter_map(|row| {
            if let RowLabel::Flow(economy, _) = row { Some(economy.clone()) } else { None }
        }));
        known.extend(columns.iter().filter_map(|column| {
            if let ColumnLabel::Final(economy, _) = column { Some(economy.clone()) } else { None }
        }));
        let replace = |economy: &mut String| {
            if let Some(whole) = whole(economy).filter(|whole| known.contains(*whole)) {
                *economy = whole.to_string();
            }
        };
        let (mut economies, mut sectors, mut categories) =
            (Names::default(), Names::default(), Names::default());
        for row in &mut rows {
            if let RowLabel::Flow(economy, sector) = row {
                replace(economy);
                economies.position(economy);
                sectors.position(sector);
            }
        }
        for column in &mut columns {
            match column {
                ColumnLabel::Sector(economy, _) => replace(economy),
                ColumnLabel::Final(economy, category) => {
                    replace(economy);
                    categories.position(category);
                    if economies.known(economy).is_none() {
                        let finding = Finding::Inconsistent {
                            what: format!("final demand of `{economy}`"),
                            found: "the economy stands in no row".into(),
                            rule: "the table has each economy both ways; it may have been cut off".into(),
                        };
                        return Err(Problem::whole(label, finding).into());
                    }
                }
                ColumnLabel::Discrepancy => {
                    categories.position("discrepancy");
                }
                ColumnLabel::Total => {}
            }
        }
        let label = label.to_string();
        Ok(Self { label, rows, columns, economies, sectors, categories })
    }

    /// Fills the table, row by row.
    ///
    /// # Errors
    /// What the reader of a row refuses; a row with another count of numbers than there are columns.
    pub fn fill(
        self,
        mut read: impl FnMut(usize, &mut Vec<f64>) -> Result<(), Problem>,
    ) -> Result<InputOutputTable, Problems> {
        let position = |names: &Names, name: &str| names.known(name).unwrap_or_default();
        let places: Vec<Option<(usize, Use)>> = self
            .columns
            .iter()
            .map(|column| match column {
                ColumnLabel::Sector(economy, sector) => {
                    Some((position(&self.economies, economy), Use::Sector(position(&self.sectors, sector))))
                }
                ColumnLabel::Final(economy, category) => Some((
                    position(&self.economies, economy),
                    Use::Final(position(&self.categories, category)),
                )),
                ColumnLabel::Discrepancy | ColumnLabel::Total => None,
            })
            .collect();
        let discrepancy = self.categories.known("discrepancy");
        let rows: Vec<Option<(usize, usize)>> = self
            .rows
            .iter()
            .map(|row| match row {
                RowLabel::Flow(economy, sector) => {
                    Some((position(&self.economies, economy), position(&self.sectors, sector)))
                }
                _ => None,
            })
            .collect();
        let (economies, sectors) = (self.economies.into_names(), self.sectors.into_names());
        let mut flows = InputOutputTable::new(economies, sectors, self.categories.into_names());
        let mut numbers = Vec::new();
        for (position, row) in self.rows.iter().enumerate() {
            if *row == RowLabel::Ignored {
                continue;
            }
            numbers.clear();
            read(position, &mut numbers)?;
            if numbers.len() != places.len() {
                let reason = format!(
                    "row {} has {} numbers for {} columns",
                    position + 1,
                    numbers.len(),
                    places.len()
                );
                return Err(Problem::whole(self.label, Finding::Syntax { reason }).into());
            }
            for (place, (column, value)) in places.iter().zip(self.columns.iter().zip(&numbers)) {
                match (rows[position], place, row) {
                    (Some((origin, sector)), Some((economy, using)), _) if *value != 0.0 => {
                        flows.add(origin, sector, *economy, *using, *value);
                    }
                    (Some((origin, sector)), None, _) if *column == ColumnLabel::Discrepancy => {
                        if let Some(category) = discrepancy.filter(|_| *value != 0.0) {
                            flows.add(origin, sector, origin, Use::Final(category), *value);
                        }
                    }
                    (None, Some((economy, Use::Sector(sector))), RowLabel::ValueAdded) => {
                        flows.add_value_added(*economy, *sector, *value);
                    }
                    (None, Some((economy, Use::Sector(sector))), RowLabel::Output) => {
                        flows.add_output(*economy, *sector, *value);
                    }
                    _ => {}
                }
            }
        }
        Ok(flows)
    }
}

fn refuse_twice(label: &str, names: (&[String], &[String]), places: &[Place]) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (position, name) in names.0.iter().enumerate() {
        if let Some(before) = first.insert(name, position) {
            let place = |at: usize| places.get(at).cloned().unwrap_or(Place::Row(at as u64 + 1));
            let finding = Finding::Duplicate { key: format!("`{name}`"), first: place(before).words() };
            problems.push(Problem::at(label, place(position), finding));
        }
    }
    let mut columns: HashSet<&str> = HashSet::new();
    for name in names.1 {
        if !columns.insert(name) {
            let finding = Finding::Duplicate { key: format!("`{name}`"), first: "the same header".into() };
            problems.push(Problem::at(label, Place::Line(1), finding));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// Every sector of an economy stands in the rows and in the columns: a table that was cut off would read as zeros.
fn refuse_one_sided(label: &str, rows: &[RowLabel], columns: &[ColumnLabel]) -> Result<(), Problems> {
    let of_rows: HashSet<(&str, &str)> = rows
        .iter()
        .filter_map(|row| if let RowLabel::Flow(e, s) = row { Some((e.as_str(), s.as_str())) } else { None })
        .collect();
    let of_columns: HashSet<(&str, &str)> = columns
        .iter()
        .filter_map(|column| {
            if let ColumnLabel::Sector(e, s) = column { Some((e.as_str(), s.as_str())) } else { None }
        })
        .collect();
    if of_rows.is_empty() {
        let reason = "no row of a sector of an economy: not this layout".to_string();
        return Err(Problem::whole(label, Finding::Unreadable { reason }).into());
    }
    let mut problems = Vec::new();
    for (missing, what) in [
        (of_columns.difference(&of_rows), "stand in the columns and in no row"),
        (of_rows.difference(&of_columns), "stand in the rows and in no column"),
    ] {
        let mut missing: Vec<String> =
            missing.map(|(economy, sector)| format!("{economy}_{sector}")).collect();
        missing.sort_unstable();
        if let Some(shown) = missing.get(..missing.len().min(6)).filter(|shown| !shown.is_empty()) {
            let finding = Finding::Inconsistent {
                what: format!(
                    "{} of {} sectors of economies",
                    missing.len(),
                    of_rows.union(&of_columns).count()
                ),
                found: format!("{what} ({})", shown.join(", ")),
                rule: "the table has each both ways; it may have been cut off".into(),
            };
            problems.push(Problem::whole(label, finding));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}
