//! A product code of the Harmonized System: chapter (2), heading (4), subheading (6), national line (8), statistical (10).

use std::fmt;
use std::str::FromStr;

use super::ProductError;

/// A code of two to ten digits. A shorter code stands for everything below it.
///
/// ```
/// use detente_ledger::products::ProductCode;
/// let line: ProductCode = "8471.30.01".parse()?;
/// let chapter: ProductCode = "84".parse()?;
/// assert!(chapter.covers(line));
/// assert_eq!(line.to_string(), "8471.30.01");
/// # Ok::<(), detente_ledger::products::ProductError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductCode {
    /// The digits, moved left to ten places: `84` is 8_400_000_000.
    aligned: u64,
    digits: u8,
}

const PLACES: u8 = 10;

impl ProductCode {
    /// How many digits were given.
    ///
    /// ```
    /// use detente_ledger::products::ProductCode;
    ///
    /// let code: ProductCode = "8471.30".parse().expect("a code");
    /// assert_eq!(code.digits(), 6);
    /// ```
    pub fn digits(self) -> u8 {
        self.digits
    }

    /// Whether `other` is this product or one below it.
    ///
    /// ```
    /// use detente_ledger::products::ProductCode;
    ///
    /// let [heading, line] = ["8471", "8471.30.01"].map(|typed| typed.parse::<ProductCode>().expect("a code"));
    /// assert!(heading.covers(line) && !line.covers(heading));
    /// ```
    pub fn covers(self, other: Self) -> bool {
        self.digits <= other.digits && self.first() <= other.aligned && other.aligned <= self.last()
    }

    /// The code cut to its first `digits` places; itself where it is no longer than that.
    ///
    /// ```
    /// use detente_ledger::products::ProductCode;
    ///
    /// let line: ProductCode = "8471.30.01".parse().expect("a code");
    /// assert_eq!(line.cut(6), "8471.30".parse().expect("a code"));
    /// ```
    #[must_use]
    pub fn cut(self, digits: u8) -> Self {
        if digits >= self.digits {
            return self;
        }
        let step = 10_u64.pow(u32::from(PLACES - digits));
        Self { aligned: self.aligned / step * step, digits }
    }

    /// The first ten-place number below this code.
    pub(crate) fn first(self) -> u64 {
        self.aligned
    }

    /// The last ten-place number below this code.
    pub(crate) fn last(self) -> u64 {
        self.aligned + 10_u64.pow(u32::from(PLACES - self.digits)) - 1
    }

    /// The digits without dots.
    ///
    /// ```
    /// use detente_ledger::products::ProductCode;
    ///
    /// let line: ProductCode = "8471.30.01".parse().expect("a code");
    /// assert_eq!(line.undotted(), "84713001");
    /// ```
    pub fn undotted(self) -> String {
        let text = format!("{:010}", self.aligned);
        text[..usize::from(self.digits)].to_owned()
    }
}

impl FromStr for ProductCode {
    type Err = ProductError;

    fn from_str(typed: &str) -> Result<Self, ProductError> {
        let wrong = |problem| ProductError::Code { typed: typed.to_owned(), problem };
        let mut aligned = 0_u64;
        let mut digits = 0_u8;
        for letter in typed.trim().bytes() {
            match letter {
                b'0'..=b'9' if digits == PLACES => return Err(wrong("it has more than ten digits")),
                b'0'..=b'9' => {
                    aligned = aligned * 10 + u64::from(letter - b'0');
                    digits += 1;
                }
                b'.' | b' ' | b'-' => {}
                _ => return Err(wrong("it holds something other than digits and dots")),
            }
        }
        if digits < 2 || digits % 2 == 1 {
            return Err(wrong("its number of digits is odd or none"));
        }
        Ok(Self { aligned: aligned * 10_u64.pow(u32::from(PLACES - digits)), digits })
    }
}

impl fmt::Display for ProductCode {
    /// As printed in a schedule: `8471`, `8471.30`, `8471.30.01`, `8471.30.01.00`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.undotted();
        let (heading, rest) = text.split_at(text.len().min(4));
        formatter.write_str(heading)?;
        for pair in rest.as_bytes().chunks(2) {
            write!(formatter, ".{}", String::from_utf8_lossy(pair))?;
        }
        Ok(())
    }
}
