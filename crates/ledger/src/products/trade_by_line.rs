//! What an importer bought from each exporter, by tariff line: `trade.csv` beside the lines.

use super::{ProductCode, ProductError};

/// The beginning of the name of a column.
const COLUMN: &str = "customs_value_";

/// Customs value by exporter and line.
#[derive(Debug, Default)]
pub struct TradeByLine {
    /// Each exporter with its lines in order.
    of: Vec<(String, Vec<(ProductCode, f64)>)>,
}

impl TradeByLine {
    /// Reads `code` and columns `customs_value_<exporter>`; an empty cell is no trade.
    pub fn read(file: &str, text: &str) -> Result<Self, ProductError> {
        let mut rows = text.lines().enumerate();
        let header = rows.next().map(|(_, row)| row.trim()).unwrap_or_default();
        let exporter = |name: &str| {
            let named = name.strip_prefix(COLUMN).map(|exporter| (exporter.to_owned(), Vec::new()));
            let repair = format!("start with `code`, and name each column `{COLUMN}<exporter>`");
            named.ok_or_else(|| ProductError::row(file, 1, format!("column `{name}` is unknown"), repair))
        };
        let mut of = header.split(',').skip(1).map(exporter).collect::<Result<Vec<_>, _>>()?;
        for (at, row) in rows.filter(|(_, row)| !row.trim().is_empty()) {
            let wrong = |problem: String, repair: &str| ProductError::row(file, at + 1, problem, repair);
            let mut cells = row.trim_end().split(',');
            let code: ProductCode = cells
                .next()
                .unwrap_or_default()
                .parse()
                .map_err(|error: ProductError| wrong(error.to_string(), "repair the code"))?;
            for (place, cell) in cells.enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let value = cell.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
                let value = value.ok_or_else(|| {
                    wrong(
                        format!("a value is `{cell}`"),
                        "write a number that is not negative, or leave it empty",
                    )
                })?;
                let Some((_, held)) = of.get_mut(place) else {
                    return Err(wrong("more cells than columns".to_owned(), "one cell for each column"));
                };
                held.push((code, value));
            }
        }
        // As a rule they stand in order, and one pass sees it.
        of.iter_mut().for_each(|(_, values)| values.sort_by_key(|(code, _)| (code.first(), code.digits())));
        Ok(Self { of })
    }

    /// Customs value by line from one exporter, in order of code; none where the table has no such column.
    pub fn of(&self, exporter: &str) -> Option<&[(ProductCode, f64)]> {
        self.of.iter().find(|(held, _)| held == exporter).map(|(_, values)| values.as_slice())
    }

    /// The exporters, as the columns stand.
    pub fn exporters(&self) -> impl Iterator<Item = &str> {
        self.of.iter().map(|(exporter, _)| exporter.as_str())
    }
}
