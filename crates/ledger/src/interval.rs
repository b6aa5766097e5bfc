//! Half-open intervals of days `[from, until)`: the first day is in, the last is the first day without.
//!
//! A fact base that gives the last day *included* is one day short of ours; the recipe adds it.

use jiff::civil::Date;

/// A half-open interval of days; open at the end where `until` is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// First day in.
    pub from: Date,
    /// First day no longer in.
    pub until: Option<Date>,
}

impl Interval {
    /// `[from, until)`.
    pub const fn new(from: Date, until: Option<Date>) -> Self {
        Self { from, until }
    }

    /// Whether no day is in it.
    pub fn is_empty(self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }

    /// Whether `day` is in it.
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The days in both, if any.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let both = Self { from: self.from.max(other.from), until };
        (!both.is_empty()).then_some(both)
    }

    /// Whether some day is in both.
    pub fn overlaps(self, other: Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.intersection(other).is_some()
    }

    /// The days of `self` before and after `other`: what is left when `other` is painted over.
    pub fn without(self, other: Self) -> [Option<Self>; 2] {
        let Some(hidden) = self.intersection(other) else {
            return [(!self.is_empty()).then_some(self), None];
        };
        let before = Self { from: self.from, until: Some(hidden.from) };
        let after = hidden.until.map(|until| Self { from: until, until: self.until });
        [(!before.is_empty()).then_some(before), after.filter(|left| !left.is_empty())]
    }
}

/// Days from one day to a later one; negative to an earlier one.
pub fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
