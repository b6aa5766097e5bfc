//! A table of text and numbers with named columns, whatever file it came from: `.csv`, `.csv.gz` or `.parquet`.
//!
//! A reader asks a [`Folder`](crate::folder::Folder) for a table by its name, states the columns that it
//! expects, and walks the rows; each refusal knows its file and line.

mod comma_separated;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "parquet")]
mod parquet_writer;

use std::borrow::Cow;

pub use comma_separated::{csv_text, digits};
#[cfg(feature = "parquet")]
pub use parquet_writer::{Cells, ParquetGroups, parquet_bytes};

use crate::diagnostics::{Finding, Place, Problem, Problems};
use crate::nearest::suggestion;

/// The forms in which a table may stand in a directory, by the end of the file's name.
pub const FORMS: [&str; 3] = [".csv", ".csv.gz", ".parquet"];

/// Rows that are read of a table with so many keys.
fn most_rows(keys: usize) -> usize {
    keys.saturating_add(1000)
}

/// A table with more rows than there are keys for.
fn too_long(file: String, place: Place, most: usize) -> Problem {
    let reason =
        format!("more than {most} rows, where the codes leave room for fewer: rows must repeat each other");
    Problem::at(file, place, Finding::Syntax { reason })
}

/// A table with named columns.
#[derive(Debug)]
pub struct Table {
    /// Path of the file, for messages.
    pub file: String,
    columns: Vec<String>,
    body: Body,
}

/// Text files stay as they are read, a record per line; columnar files stay columns.
#[derive(Debug)]
enum Body {
    Records(Vec<csv::StringRecord>),
    #[cfg_attr(not(feature = "parquet"), allow(dead_code))]
    Columns(Vec<Column>),
}

/// A column of a columnar file.
#[cfg_attr(not(feature = "parquet"), allow(dead_code))]
#[derive(Debug)]
enum Column {
    Text(Vec<String>),
    Number(Vec<f64>),
}

impl Table {
    /// Reads the table from the bytes of a file; the end of its name says which form it has.
    ///
    /// ```
    /// use detente_tables::table::Table;
    ///
    /// let table = Table::parse("trade.csv".into(), b"exporter,value\nUSA,12.5\nCHN,\n")?;
    /// let row = table.rows().next().expect("a row");
    /// assert_eq!((row.text(0).as_ref(), row.number(1)?), ("USA", 12.5));
    /// # Ok::<(), detente_tables::diagnostics::Problem>(())
    /// ```
    pub fn parse(file: String, bytes: &[u8]) -> Result<Self, Problem> {
        Self::parse_of(file, bytes, usize::MAX)
    }

    /// The same for a table in which each of `keys` keys may stand once: with many more rows than keys it is refused at the first of those,
    /// before the rest is read (a few more are read, so that the refusal can name the row that stands twice).
    pub fn parse_of(file: String, bytes: &[u8], keys: usize) -> Result<Self, Problem> {
        if file.ends_with(".parquet") {
            #[cfg(feature = "parquet")]
            return parquet::parse(file, bytes, most_rows(keys));
            #[cfg(not(feature = "parquet"))]
            return Err(Problem::whole(
                file,
                Finding::Syntax {
                    reason: "this build reads no Parquet (feature `parquet`); convert it to csv".into(),
                },
            ));
        }
        comma_separated::parse(file, bytes, most_rows(keys))
    }

    /// Reads a CSV table row by row, for files that may be larger than memory: `begin` sees the header's columns, `each` the rows.
    ///
    /// ```
    /// use detente_tables::table::Table;
    ///
    /// let mut sum = 0.0;
    /// Table::each_row("runs.csv", &b"run,value\n0,1.5\n1,2\n"[..], |row| {
    ///     sum += row.number(row.column("value")?)?;
    ///     Ok(())
    /// })?;
    /// assert_eq!(sum, 3.5);
    /// # Ok::<(), detente_tables::diagnostics::Problem>(())
    /// ```
    pub fn each_row(
        file: &str,
        bytes: impl std::io::Read,
        each: impl FnMut(Row<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        comma_separated::each_row(file, bytes, each)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Records(records) => records.len(),
            Body::Columns(columns) => columns.first().map_or(0, |column| match column {
                Column::Text(values) => values.len(),
                Column::Number(values) => values.len(),
            }),
        }
    }

    /// Whether the table has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Names of the columns, in file order.
    ///
    /// ```
    /// use detente_tables::table::Table;
    ///
    /// let table = Table::parse("trade.csv".into(), b"exporter,value\nUSA,12.5\n")?;
    /// assert_eq!(table.columns(), ["exporter", "value"]);
    /// assert_eq!(table.column("value"), Some(1));
    /// # Ok::<(), detente_tables::diagnostics::Problem>(())
    /// ```
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Refuses columns that are missing or not known; gives the positions of `needed` and of `optional`.
    pub fn expect<const N: usize, const O: usize>(
        &self,
        needed: [&str; N],
        optional: [&str; O],
    ) -> Result<([usize; N], [Option<usize>; O]), Problems> {
        let known = || needed.iter().chain(optional.iter()).copied();
        let mut problems = Vec::new();
        for (position, column) in self.columns.iter().enumerate() {
            if !known().any(|name| name == column) {
                let finding = Finding::UnknownColumn {
                    column: column.clone(),
                    suggestion: suggestion(column, known()),
                };
                problems.push(Problem::at(self.file.clone(), self.header_place(), finding));
            } else if self.columns[..position].contains(column) {
                let finding =
                    Finding::Duplicate { key: format!("`{column}`"), first: "the same header".into() };
                problems.push(Problem::at(self.file.clone(), self.header_place(), finding));
            }
        }
        let mut positions = [0; N];
        for (slot, name) in positions.iter_mut().zip(needed) {
            match self.column(name) {
                Some(position) => *slot = position,
                None => problems.push(Problem::at(
                    self.file.clone(),
                    self.header_place(),
                    Finding::MissingColumn {
                        column: name.to_string(),
                        expected: known().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                    },
                )),
            }
        }
        if self.is_empty() {
            problems.push(Problem::whole(
                self.file.clone(),
                Finding::Empty {
                    right: "a table has a header and at least one row; leave the file out where the table is optional".into(),
                },
            ));
        }
        if problems.is_empty() {
            Ok((positions, optional.map(|name| self.column(name))))
        } else {
            Err(Problems(problems))
        }
    }

    fn header_place(&self) -> Place {
        match self.body {
            Body::Records(_) => Place::Line(1),
            Body::Columns(_) => Place::Whole,
        }
    }

    /// The rows in file order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|index| Row { table: self, index })
    }
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    index: usize,
}

impl<'a> Row<'a> {
    /// Where the row stands, for messages.
    pub fn place(&self) -> Place {
        match &self.table.body {
            Body::Records(records) => Place::Line(
                records[self.index].position().map_or(self.index as u64 + 2, |position| position.line()),
            ),
            Body::Columns(_) => Place::Row(self.index as u64 + 1),
        }
    }

    /// The position of a column that the table must have.
    pub fn column(&self, name: &str) -> Result<usize, Problem> {
        self.table.column(name).ok_or_else(|| {
            let expected = self.table.columns.join(", ");
            let finding = Finding::MissingColumn { column: name.to_owned(), expected };
            Problem::at(self.table.file.clone(), self.table.header_place(), finding)
        })
    }

    /// A problem of this row.
    pub fn problem(&self, finding: Finding) -> Problem {
        Problem::at(self.table.file.clone(), self.place(), finding)
    }

    /// The text of a column, exactly as written.
    pub fn text(&self, column: usize) -> Cow<'a, str> {
        match &self.table.body {
            Body::Records(records) => Cow::Borrowed(records[self.index].get(column).unwrap_or_default()),
            Body::Columns(columns) => match &columns[column] {
                Column::Text(values) => Cow::Borrowed(&values[self.index]),
                Column::Number(values) => Cow::Owned(values[self.index].to_string()),
            },
        }
    }

    /// The finite number of a column.
    ///
    /// ```
    /// use detente_tables::table::Table;
    ///
    /// let table = Table::parse("trade.csv".into(), b"exporter,value\nUSA,many\n")?;
    /// let refused = table.rows().next().expect("a row").number(1).unwrap_err().to_string();
    /// assert!(refused.contains("trade.csv") && refused.contains("many"), "{refused}");
    /// # Ok::<(), detente_tables::diagnostics::Problem>(())
    /// ```
    pub fn number(&self, column: usize) -> Result<f64, Problem> {
        if let Body::Columns(columns) = &self.table.body
            && let Column::Number(values) = &columns[column]
            && values[self.index].is_finite()
        {
            return Ok(values[self.index]);
        }
        let text = self.text(column);
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(self.problem(Finding::NotANumber {
                column: self.table.columns[column].clone(),
                found: text.into_owned(),
            })),
        }
    }

    /// The number of a column that may be left empty.
    ///
    /// ```
    /// use detente_tables::table::Table;
    ///
    /// let table = Table::parse("trade.csv".into(), b"exporter,value\nCHN,\n")?;
    /// assert_eq!(table.rows().next().expect("a row").number_or_empty(Some(1))?, None, "empty is not zero");
    /// # Ok::<(), detente_tables::diagnostics::Problem>(())
    /// ```
    pub fn number_or_empty(&self, column: Option<usize>) -> Result<Option<f64>, Problem> {
        match column {
            Some(column) if !self.text(column).trim().is_empty() => self.number(column).map(Some),
            _ => Ok(None),
        }
    }
}
