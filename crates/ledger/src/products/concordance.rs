//! A concordance: which sector of a benchmark a product belongs to. The longest code that covers the product holds.

use std::collections::BTreeMap;

use super::{ProductCode, ProductError};

/// Product codes to sector codes.
#[derive(Debug, Clone, Default)]
pub struct Concordance {
    sectors: Vec<String>,
    /// Codes in order, each with the place of its sector.
    of: Vec<(ProductCode, usize)>,
}

impl Concordance {
    /// Reads `code,sector`.
    pub fn read(file: &str, text: &str) -> Result<Self, ProductError> {
        let mut found = Self::default();
        let mut of = BTreeMap::new();
        for (at, row) in text.lines().enumerate() {
            if at == 0 {
                if row.trim() != "code,sector" {
                    return Err(ProductError::row(
                        file,
                        1,
                        format!("the header is `{row}`"),
                        "write `code,sector`",
                    ));
                }
                continue;
            }
            if row.trim().is_empty() {
                continue;
            }
            let (code, sector) = row.split_once(',').ok_or_else(|| {
                ProductError::row(file, at + 1, format!("`{row}` has one cell"), "write `code,sector`")
            })?;
            let code: ProductCode = code.parse().map_err(|error: ProductError| {
                ProductError::row(file, at + 1, error.to_string(), "repair the code")
            })?;
            let sector = sector.trim();
            let place = found.sectors.iter().position(|held| held == sector).unwrap_or_else(|| {
                found.sectors.push(sector.to_owned());
                found.sectors.len() - 1
            });
            if of.insert(code, place).is_some() {
                return Err(ProductError::row(
                    file,
                    at + 1,
                    format!("{code} is there twice"),
                    "keep one of the rows",
                ));
            }
        }
        found.of = of.into_iter().collect();
        Ok(found)
    }

    /// The sector of a product; `None` where no code covers it.
    pub fn sector(&self, code: ProductCode) -> Option<&str> {
        self.place(code).map(|place| self.sectors[place].as_str())
    }

    /// The sector's place in [`Concordance::sectors`].
    pub fn place(&self, code: ProductCode) -> Option<usize> {
        self.place_before(self.after(code), code)
    }

    /// [`Concordance::place`] of many products, which is quick where they come in order.
    pub fn places(&self, codes: impl Iterator<Item = ProductCode>) -> Vec<Option<usize>> {
        let mut after = 0;
        codes
            .map(|code| {
                if after > 0 && self.of[after - 1].0 > code {
                    after = self.after(code);
                }
                while self.of.get(after).is_some_and(|(held, _)| *held <= code) {
                    after += 1;
                }
                self.place_before(after, code)
            })
            .collect()
    }

    /// How many codes come no later than this one.
    fn after(&self, code: ProductCode) -> usize {
        self.of.partition_point(|(held, _)| *held <= code)
    }

    fn place_before(&self, after: usize, code: ProductCode) -> Option<usize> {
        // Of the codes that cover this one the longest comes last; mostly nothing stands between the two.
        let (last, place) = self.of[..after].last()?;
        if last.covers(code) {
            return Some(*place);
        }
        [8, 6, 4, 2].into_iter().find_map(|digits| {
            let wanted = code.cut(digits);
            self.of[..self.after(wanted)].last().filter(|(held, _)| *held == wanted).map(|(_, place)| *place)
        })
    }

    /// Sector codes, in order of first mention.
    pub fn sectors(&self) -> &[String] {
        &self.sectors
    }
}
