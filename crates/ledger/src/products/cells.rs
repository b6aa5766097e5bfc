//! Rows and cells of a product table, looked at where they stand: one duty passes over tens of thousands of rows and needs a few.

use std::borrow::Cow;

/// The rows that say something, each with its number in the file; `#` starts a comment line.
pub(super) fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let rows = text.trim_start_matches('\u{feff}').lines().enumerate();
    rows.map(|(at, row)| (at + 1, row.trim())).filter(|(_, row)| !row.is_empty() && !row.starts_with('#'))
}

/// The cells of a row without the spaces around them; a cell in quotes may hold commas.
pub(super) fn cells(row: &str) -> Vec<Cow<'_, str>> {
    if !row.contains('"') {
        return row.split(',').map(|cell| Cow::Borrowed(cell.trim())).collect();
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(row.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(|cell| Cow::Owned(cell.trim().to_owned())).collect()
}
