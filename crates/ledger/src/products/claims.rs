//! Which share of imports claims a preference, by tariff line and month: for averages only, where a single duty asks.

use jiff::civil::Date;

use super::{ProductCode, ProductError};

const LINES: &str =
    "start with `code,exporter,programme`, then one column for each span, named by its first month";
const MONTHS: &str =
    "write `month,exporter,programme,share,span,odds`, the span as a column of claims.csv names it";

/// The claimed shares of an importer, by exporter and programme.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    held: Vec<ClaimedShares>,
}

/// How much of one exporter's goods claims one programme.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedShares {
    /// Exporting party.
    pub exporter: String,
    /// What is claimed.
    pub programme: String,
    /// Lines in order, each with a share for each span.
    lines: Vec<(ProductCode, Vec<f64>)>,
    /// Months in order.
    months: Vec<Month>,
}

#[derive(Debug, Clone, PartialEq)]
struct Month {
    first: Date,
    /// Of all goods.
    share: f64,
    span: usize,
    /// Factor on a line's odds of the span.
    odds: f64,
}

impl Claims {
    /// Reads `claims.csv` and `claims-by-month.csv`, whose names are given for what is refused.
    pub fn read(files: [&str; 2], lines: &str, months: &str) -> Result<Self, ProductError> {
        let mut found = Self::default();
        let mut rows = lines.lines().enumerate();
        let header: Vec<&str> =
            rows.next().map(|(_, row)| row.trim().split(',').collect()).unwrap_or_default();
        let ["code", "exporter", "programme", spans @ ..] = header.as_slice() else {
            return Err(ProductError::row(
                files[0],
                1,
                format!("the header is `{}`", header.join(",")),
                LINES,
            ));
        };
        for (at, row) in rows.filter(|(_, row)| !row.trim().is_empty()) {
            let wrong = |problem: String| ProductError::row(files[0], at + 1, problem, LINES);
            let cells: Vec<&str> = row.trim().split(',').collect();
            let [code, exporter, programme, shares @ ..] = cells.as_slice() else {
                return Err(wrong(format!("`{row}` has too few cells")));
            };
            if shares.len() != spans.len() {
                return Err(wrong(format!("{} shares for {} spans", shares.len(), spans.len())));
            }
            let code = code.parse().map_err(|error: ProductError| wrong(error.to_string()))?;
            let shares =
                shares.iter().map(|cell| share(cell).ok_or_else(|| wrong(format!("a share is `{cell}`"))));
            let shares = shares.collect::<Result<Vec<f64>, _>>()?;
            found.of_mut(exporter, programme).lines.push((code, shares));
        }
        let mut rows = months.lines().enumerate();
        let header = rows.next().map(|(_, row)| row.trim()).unwrap_or_default();
        if header != "month,exporter,programme,share,span,odds" {
            return Err(ProductError::row(files[1], 1, format!("the header is `{header}`"), MONTHS));
        }
        for (at, row) in rows.filter(|(_, row)| !row.trim().is_empty()) {
            let wrong =
                || ProductError::row(files[1], at + 1, format!("`{row}` is no month of claims"), MONTHS);
            let cells: Vec<&str> = row.trim().split(',').collect();
            let [month, exporter, programme, of_all, span, odds] = cells.as_slice() else {
                return Err(wrong());
            };
            let month = Month {
                first: format!("{month}-01").parse().map_err(|_| wrong())?,
                share: share(of_all).ok_or_else(wrong)?,
                span: spans.iter().position(|held| held == span).ok_or_else(wrong)?,
                odds: odds
                    .parse::<f64>()
                    .ok()
                    .filter(|odds| odds.is_finite() && *odds > 0.0)
                    .ok_or_else(wrong)?,
            };
            found.of_mut(exporter, programme).months.push(month);
        }
        for held in &mut found.held {
            held.lines.sort_by_key(|(code, _)| *code);
            held.months.sort_by_key(|month| month.first);
        }
        Ok(found)
    }

    fn of_mut(&mut self, exporter: &str, programme: &str) -> &mut ClaimedShares {
        let same = |held: &ClaimedShares| held.exporter == exporter && held.programme == programme;
        let at = self.held.iter().position(same).unwrap_or_else(|| {
            self.held.push(ClaimedShares {
                exporter: exporter.to_owned(),
                programme: programme.to_owned(),
                lines: Vec::new(),
                months: Vec::new(),
            });
            self.held.len() - 1
        });
        &mut self.held[at]
    }

    /// Those of an exporter.
    pub fn of<'a>(&'a self, exporter: &'a str) -> impl Iterator<Item = &'a ClaimedShares> {
        self.held.iter().filter(move |held| held.exporter == exporter && !held.months.is_empty())
    }
}

impl ClaimedShares {
    /// The share of a line's imports that claims the programme in the month of a day; before the first month on record the first, after the last
    /// the last; of a line without imports on record the share of all goods.
    pub fn share(&self, code: ProductCode, on: Date) -> f64 {
        let after = self.months.partition_point(|month| month.first <= on).max(1);
        let Some(month) = self.months.get(after - 1) else { return 0.0 };
        match self.lines.binary_search_by_key(&code, |(held, _)| *held) {
            // Nothing and all have no odds that a month could move.
            Ok(at) => {
                let share = self.lines[at].1[month.span].clamp(0.001, 0.999);
                month.odds * share / (1.0 - share + month.odds * share)
            }
            Err(_) => month.share,
        }
    }
}

fn share(cell: &str) -> Option<f64> {
    cell.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share))
}
