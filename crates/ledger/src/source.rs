//! Sources by identifier, so that a citation is written once.

use crate::error::LedgerError;
use std::collections::BTreeMap;

/// The table of sources: identifier → citation.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    /// Adds the rows `id,citation` of a file; a later file may restate a citation.
    pub fn read(&mut self, file: &str, text: &str) -> Result<(), LedgerError> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| LedgerError::file(file, error))?;
        if header.iter().ne(["id", "citation"]) {
            let found = header.iter().collect::<Vec<_>>().join(",");
            return Err(LedgerError::file(file, format!("the header is `{found}`; write `id,citation`")));
        }
        for row in reader.records() {
            let row = row.map_err(|error| LedgerError::file(file, error))?;
            let (id, citation) =
                (row.get(0).unwrap_or_default().trim(), row.get(1).unwrap_or_default().trim());
            if id.is_empty() || citation.is_empty() || id.contains(' ') {
                return Err(LedgerError::entry(
                    file,
                    format!("source `{id}`"),
                    "an identifier is one word, and a citation is not empty",
                    "write `id,citation`",
                ));
            }
            self.0.insert(id.to_owned(), citation.to_owned());
        }
        Ok(())
    }

    /// The citation that stands behind `source`: by its identifier, or itself where it is written out (it has a space).
    pub fn citation<'a>(&'a self, source: &'a str) -> Option<&'a str> {
        self.0.get(source).map(String::as_str).or_else(|| source.contains(' ').then_some(source))
    }

    /// The citations behind `sources`; what is unknown is left out, which the check reports.
    pub fn citations(&self, sources: &[String]) -> Vec<String> {
        sources.iter().filter_map(|source| self.citation(source)).map(str::to_owned).collect()
    }

    /// Identifiers held.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
