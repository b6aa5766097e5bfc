//! A product list: the scope of a measure as codes, one a row; where the lines of a notice are not on record, as shares.

use std::collections::BTreeMap;

use super::{ProductCode, ProductError};

/// How much of a product a list covers.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Coverage {
    /// Nothing of it.
    None,
    /// An unknown part; the share is what the record expects.
    Share(f64),
    /// Some of what lies below the code, not all: a longer code would settle it.
    Part,
    /// All of it.
    All,
}

/// Codes in order, none inside another; or codes with shares, where the longest code holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProductList {
    codes: Vec<ProductCode>,
    shares: BTreeMap<ProductCode, f64>,
}

impl ProductList {
    /// A list of these codes; doubles and codes inside another are dropped.
    pub fn new(mut codes: Vec<ProductCode>) -> Self {
        // Short before long at the same start, so that whatever lies inside follows what covers it.
        codes.sort_unstable_by_key(|code| (code.first(), code.digits()));
        let mut kept: Vec<ProductCode> = Vec::with_capacity(codes.len());
        for code in codes {
            if !kept.last().is_some_and(|last| last.covers(code)) {
                kept.push(code);
            }
        }
        Self { codes: kept, shares: BTreeMap::new() }
    }

    /// Reads a file with one code a row under the header `code`, or codes and the shares of their value that the list is
    /// expected to cover under `code,share`. `#` starts a comment line.
    pub fn read(file: &str, text: &str) -> Result<Self, ProductError> {
        let rows =
            text.lines().enumerate().map(|(at, row)| (at + 1, row.trim().trim_start_matches('\u{feff}')));
        let mut rows = rows.filter(|(_, row)| !row.is_empty() && !row.starts_with('#'));
        let list = match rows.next() {
            Some((_, "code")) => {
                let codes = rows.map(|(at, row)| read_code(file, at, row)).collect::<Result<Vec<_>, _>>()?;
                Self::new(codes)
            }
            Some((_, "code,share")) => {
                let mut shares = BTreeMap::new();
                for (at, row) in rows {
                    let (code, share) = read_share(file, at, row)?;
                    if shares.insert(code, share).is_some() {
                        return Err(ProductError::row(
                            file,
                            at,
                            format!("{code} is there twice"),
                            "keep one of the rows",
                        ));
                    }
                }
                Self { codes: Vec::new(), shares }
            }
            Some((at, header)) => {
                let repair = "write `code`, or `code,share`";
                return Err(ProductError::row(file, at, format!("the header is `{header}`"), repair));
            }
            None => {
                return Err(ProductError::row(
                    file,
                    1,
                    "there is no header",
                    "write `code`, or `code,share`",
                ));
            }
        };
        if list.codes.is_empty() && list.shares.is_empty() {
            return Err(ProductError::row(
                file,
                1,
                "the list is empty",
                "name at least one code, or drop the list",
            ));
        }
        Ok(list)
    }

    /// How much of `code` the list covers.
    pub fn coverage(&self, code: ProductCode) -> Coverage {
        if !self.shares.is_empty() {
            let held = [10, 8, 6, 4, 2].into_iter().find_map(|digits| self.shares.get(&code.cut(digits)));
            // One and nothing are goods that a notice names, on this list or on another; anything between is an expectation.
            return match held {
                Some(share) if *share >= 1.0 => Coverage::All,
                Some(share) if *share > 0.0 => Coverage::Share(*share),
                _ => Coverage::None,
            };
        }
        let after = self.codes.partition_point(|held| held.first() <= code.first());
        if after > 0 && self.codes[after - 1].covers(code) {
            return Coverage::All;
        }
        // A longer code inside `code` covers some of it: the next one, or the one before where both start alike.
        let near = &self.codes[after.saturating_sub(1)..self.codes.len().min(after + 1)];
        if near.iter().any(|held| code.covers(*held)) { Coverage::Part } else { Coverage::None }
    }

    /// The codes, in order.
    pub fn codes(&self) -> Vec<ProductCode> {
        if self.shares.is_empty() { self.codes.clone() } else { self.shares.keys().copied().collect() }
    }

    /// Whether the list knows shares and not lines.
    pub fn is_by_share(&self) -> bool {
        !self.shares.is_empty()
    }
}

fn read_code(file: &str, at: usize, cell: &str) -> Result<ProductCode, ProductError> {
    cell.parse().map_err(|error: ProductError| {
        ProductError::row(file, at, error.to_string(), "write a code and nothing else")
    })
}

fn read_share(file: &str, at: usize, row: &str) -> Result<(ProductCode, f64), ProductError> {
    let (code, share) = row
        .split_once(',')
        .ok_or_else(|| ProductError::row(file, at, format!("`{row}` has no share"), "write `code,share`"))?;
    match share.trim().parse::<f64>() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok((read_code(file, at, code)?, number)),
        _ => Err(ProductError::row(
            file,
            at,
            format!("the share is `{share}`"),
            "write a fraction from 0 to 1",
        )),
    }
}
