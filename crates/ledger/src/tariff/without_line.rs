//! Codes of a user's folders that stand for no line of the schedule on record: they reach nothing, and nobody would notice.

use super::{TariffError, Tariffs};
use crate::products::ProductCode;

impl Tariffs {
    /// Each such code of a list or a scope, with where it stands; a row whose note says `not in the schedule` is known to have none.
    ///
    /// # Errors
    /// A list or a table of lines that cannot be read.
    pub fn codes_without_a_line(&self) -> Result<Vec<String>, TariffError> {
        let importers = self.library().importers()?;
        let mut found = Vec::new();
        for (importer, list) in self.library().lists_of_folders()? {
            if !importers.contains(&importer) {
                continue;
            }
            for (code, terms) in self.library().list(&importer, &list)?.rows() {
                let is_known = terms.note.as_deref().is_some_and(|note| note.contains("not in the schedule"));
                if !is_known {
                    found.extend(self.without_a_line(&importer, code, &format!("list `{list}`"))?);
                }
            }
        }
        for instrument in self.ledger().instruments.iter().filter(|held| importers.contains(&held.imposer)) {
            for (file, _, rule) in instrument.scopes_of_folders() {
                let codes = rule.iter().flat_map(|entry| {
                    let excepted = entry.except.iter().flat_map(|except| &except.codes);
                    entry.codes.iter().chain(&entry.except_codes).chain(excepted)
                });
                for code in codes {
                    found.extend(self.without_a_line(&instrument.imposer, code.parse()?, file)?);
                }
            }
        }
        found.dedup();
        Ok(found)
    }

    fn without_a_line(
        &self,
        importer: &str,
        code: ProductCode,
        place: &str,
    ) -> Result<Option<String>, TariffError> {
        if !self.library().lines(importer)?.below(code).is_empty() {
            return Ok(None);
        }
        let schedule = self.provenance(importer)?.source;
        Ok(Some(format!(
            "{place}: {code} is no line of {importer}'s schedule on record ({schedule}): it reaches nothing"
        )))
    }
}
