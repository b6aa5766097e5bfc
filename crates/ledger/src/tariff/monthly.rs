//! What was bought in a month, by sector, for comparisons with published receipts.

use jiff::civil::Date;
use serde::Deserialize;

use super::{TariffError, Tariffs};
use crate::products::ProductError;

const FILE: &str = "validation/imports-by-month.csv";

/// Imports of a sector in a month, as `data/validation/imports-by-month.csv` holds them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthlyImports {
    /// Importing party.
    pub importer: String,
    /// Exporting party; `all` for the world.
    pub exporter: String,
    /// Year and month, `2025-05`.
    pub month: String,
    /// Sector of the concordance `naics-3`; `00` for all goods.
    pub sector: String,
    /// Dollars, customs value.
    pub customs_value: f64,
    /// Dollars, as customs calculated it.
    pub calculated_duty: f64,
}

impl Tariffs {
    /// The rows of the month in which `on` lies; empty where none is on record.
    pub fn imports_of_month(
        &self,
        importer: &str,
        exporter: &str,
        on: Date,
    ) -> Result<Vec<MonthlyImports>, TariffError> {
        let text = self.library().text(FILE)?;
        let month = month_of(on);
        let mut found = Vec::new();
        for (at, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<MonthlyImports>().enumerate()
        {
            let row = row.map_err(|error| {
                let repair = "see data/validation/README.md for the columns";
                ProductError::row(FILE, at + 2, error.to_string(), repair)
            })?;
            if row.importer == importer && row.exporter == exporter && row.month == month {
                found.push(row);
            }
        }
        Ok(found)
    }
}

/// The month of a day, as the files write it.
pub(super) fn month_of(on: Date) -> String {
    format!("{:04}-{:02}", on.year(), on.month())
}
