//! A table that a verb is given as a file.

use std::path::Path;

use detente_tables::input_file;
use detente_tables::table::Table;

use crate::failure::Failure;
use crate::record::wrong;

/// A table on disk.
pub(super) fn table(path: &Path) -> Result<Table, Failure> {
    let label = path.display().to_string();
    let bytes = input_file::read(path).map_err(|finding| wrong(format!("{label}: {finding}")))?;
    let bytes = bytes.ok_or_else(|| wrong(format!("{label}: there is no such file")))?;
    Table::parse(label, &bytes).map_err(wrong)
}
