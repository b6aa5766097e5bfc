//! Workbooks (`.xlsx`, `.xlsb`) read as text, sheet by sheet. Needs the feature `packed`.

use crate::ExchangeError;

/// A cell of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words; numbers that were written as text are text.
    Text(String),
    /// A number.
    Number(f64),
}

impl Cell {
    /// The cell as words; whole numbers without a decimal point.
    pub fn words(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(words) => words.trim().to_string(),
            Cell::Number(number) => number.to_string(),
        }
    }
}

/// A sheet: its name and its rows from the first, all of one length.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Name.
    pub name: String,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
}

/// The sheets of a workbook.
///
/// # Errors
/// Bytes that are no workbook; a build without the feature.
#[cfg(feature = "packed")]
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, ExchangeError> {
    use calamine::{Data, Reader};
    let refuse =
        |error: calamine::Error| ExchangeError::whole(format!("no workbook that can be read: {error}"));
    let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(bytes)).map_err(refuse)?;
    let mut found = Vec::new();
    for (name, range) in book.worksheets() {
        let start = range.start().unwrap_or((0, 0));
        let cell = |cell: &Data| match cell {
            Data::Int(number) => Cell::Number(*number as f64),
            Data::Float(number) => Cell::Number(*number),
            Data::String(words) => Cell::Text(words.clone()),
            Data::Bool(yes) => Cell::Number(f64::from(u8::from(*yes))),
            Data::Empty | Data::Error(_) => Cell::Empty,
            other => Cell::Text(other.to_string()),
        };
        // Sheets whose first cells are empty begin later; places are counted from the first cell.
        let left = start.1.min(1 << 14) as usize;
        let mut rows = vec![Vec::new(); start.0.min(1 << 20) as usize];
        for row in range.rows() {
            let cells = std::iter::repeat_n(Cell::Empty, left).chain(row.iter().map(cell));
            rows.push(cells.collect::<Vec<_>>());
        }
        found.push(Sheet { name, rows });
    }
    Ok(found)
}

/// The sheets of a workbook.
///
/// # Errors
/// Always: this build reads no workbook.
#[cfg(not(feature = "packed"))]
pub fn sheets(_: &[u8]) -> Result<Vec<Sheet>, ExchangeError> {
    let reason = "is a workbook, which this build does not read; build with the feature `exchange`, or save the sheet as CSV";
    Err(ExchangeError::whole(reason))
}
