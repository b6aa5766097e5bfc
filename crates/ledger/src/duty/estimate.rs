//! A number that the record knows exactly or only within bounds.

use serde::{Deserialize, Serialize};

/// Least, expected and most. Equal where the number is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Nothing on record allows less.
    pub least: f64,
    /// Used in averages.
    pub expected: f64,
    /// Nothing on record allows more.
    pub most: f64,
}

impl Estimate {
    /// Nothing.
    pub const NOTHING: Self = Self::exactly(0.0);
    /// All of it.
    pub const WHOLE: Self = Self::exactly(1.0);

    /// A known number.
    ///
    /// ```
    /// use detente_ledger::duty::Estimate;
    ///
    /// assert!(Estimate::exactly(0.25).is_exact());
    /// ```
    pub const fn exactly(number: f64) -> Self {
        Self { least: number, expected: number, most: number }
    }

    /// Whether the bounds meet.
    pub fn is_exact(self) -> bool {
        self.least == self.most
    }

    /// The wider of two reaches, bound by bound.
    ///
    /// ```
    /// use detente_ledger::duty::Estimate;
    ///
    /// let wide = Estimate::exactly(0.1).wider(Estimate::exactly(0.3));
    /// assert_eq!(wide, Estimate::exactly(0.3), "bound by bound");
    /// ```
    #[must_use]
    pub fn wider(self, other: Self) -> Self {
        Self {
            least: self.least.max(other.least),
            expected: self.expected.max(other.expected),
            most: self.most.max(other.most),
        }
    }

    /// What is left of `self` where `other` is taken out.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self {
            least: (self.least - other.most).max(0.0),
            expected: (self.expected - other.expected).max(0.0),
            most: (self.most - other.least).max(0.0),
        }
    }

    /// Ordered bounds with the expectation between them, all finite and not negative.
    pub fn is_sound(self) -> bool {
        self.least >= 0.0
            && self.least <= self.expected
            && self.expected <= self.most
            && self.most.is_finite()
    }

    /// The number at one of its bounds, or as expected.
    pub fn at(self, reading: Bound) -> f64 {
        match reading {
            Bound::Least => self.least,
            Bound::Expected => self.expected,
            Bound::Most => self.most,
        }
    }
}

/// How unknown numbers are read when the parts of a duty are added up. Bounds are taken together and not part by part: goods
/// that lie outside one measure are the very goods that another then reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// At their least.
    Least,
    /// As expected.
    Expected,
    /// At their most.
    Most,
}
