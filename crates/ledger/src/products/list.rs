//! A product list: the scope of a measure as codes, one a row.

use super::{ProductCode, ProductError};

/// How much of a product a list covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    /// Nothing of it.
    None,
    /// Some of what lies below the code, not all: a longer code would settle it.
    Part,
    /// All of it.
    All,
}

/// Codes in order, none inside another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductList {
    codes: Vec<ProductCode>,
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
        Self { codes: kept }
    }

    /// Reads a file with the header `code` and one code a row; `#` starts a comment line.
    pub fn read(file: &str, text: &str) -> Result<Self, ProductError> {
        let mut codes = Vec::new();
        let mut seen_header = false;
        for (at, row) in text.lines().enumerate() {
            let row = row.trim().trim_start_matches('\u{feff}');
            if row.is_empty() || row.starts_with('#') {
                continue;
            }
            if !seen_header {
                if row != "code" {
                    return Err(ProductError::row(
                        file,
                        at + 1,
                        format!("the header is `{row}`"),
                        "write `code`",
                    ));
                }
                seen_header = true;
                continue;
            }
            let code = row.parse().map_err(|error: ProductError| {
                ProductError::row(file, at + 1, error.to_string(), "one code a row and nothing else")
            })?;
            codes.push(code);
        }
        if codes.is_empty() {
            return Err(ProductError::row(
                file,
                1,
                "the list is empty",
                "name at least one code, or drop the list",
            ));
        }
        Ok(Self::new(codes))
    }

    /// How much of `code` the list covers.
    pub fn coverage(&self, code: ProductCode) -> Coverage {
        let after = self.codes.partition_point(|held| held.first() <= code.first());
        if after > 0 && self.codes[after - 1].covers(code) {
            return Coverage::All;
        }
        // A longer code inside `code` covers some of it: the next one, or the one before where both start alike.
        let near = &self.codes[after.saturating_sub(1)..self.codes.len().min(after + 1)];
        if near.iter().any(|held| code.covers(*held)) { Coverage::Part } else { Coverage::None }
    }

    /// The codes, in order.
    pub fn codes(&self) -> &[ProductCode] {
        &self.codes
    }
}
