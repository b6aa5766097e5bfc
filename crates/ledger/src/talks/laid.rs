//! Rows laid over rows: what a folder's row with an identifier on record does.

use crate::{error::LedgerError, files::Named};

/// Rows of one table, each under its identifier.
///
/// A row of a later folder takes the place of the row with its identifier; one that stands twice in the files of one folder is
/// refused, because which of the two holds would hang on the order of reading.
pub(super) struct Laid<T>(Vec<Row<T>>);

struct Row<T> {
    id: String,
    folder: String,
    held: T,
}

impl<T> Default for Laid<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Laid<T> {
    /// Lays a row of `file` over what is there; `what` is the word for such a row in a refusal.
    pub(super) fn lay(&mut self, file: &Named, what: &str, id: String, held: T) -> Result<(), LedgerError> {
        let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        if id.trim().is_empty() {
            let found = "it has no identifier";
            return Err(LedgerError::entry(
                &file.name,
                format!("{what} `{id}`"),
                found,
                "give it a word of its own",
            ));
        }
        match self.0.iter_mut().find(|row| row.id == id) {
            Some(row) if row.folder == folder => Err(LedgerError::entry(
                &file.name,
                format!("{what} `{id}`"),
                "it stands twice in this folder",
                "keep one; in a folder laid over the record a row takes the place of the one with its identifier",
            )),
            Some(row) => {
                *row = Row { id, folder, held };
                Ok(())
            }
            None => {
                self.0.push(Row { id, folder, held });
                Ok(())
            }
        }
    }

    /// The identifiers.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|row| row.id.as_str())
    }

    /// The rows, each where its identifier was first met.
    pub(super) fn rows(self) -> Vec<T> {
        self.0.into_iter().map(|row| row.held).collect()
    }
}
