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
    ///
    /// ```
    /// use detente_ledger::interval::Interval;
    /// use jiff::civil::date;
    ///
    /// let pause = Interval::new(date(2025, 5, 14), Some(date(2025, 8, 12)));
    /// assert!(pause.contains(date(2025, 8, 11)) && !pause.contains(date(2025, 8, 12)), "the end is the first day no longer");
    /// ```
    pub const fn new(from: Date, until: Option<Date>) -> Self {
        Self { from, until }
    }

    /// Whether no day is in it.
    ///
    /// ```
    /// use detente_ledger::interval::Interval;
    /// use jiff::civil::date;
    ///
    /// assert!(Interval::new(date(2025, 5, 14), Some(date(2025, 5, 14))).is_empty());
    /// ```
    pub fn is_empty(self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }

    /// Whether `day` is in it.
    ///
    /// ```
    /// use detente_ledger::interval::Interval;
    /// use jiff::civil::date;
    ///
    /// assert!(Interval::new(date(2018, 7, 6), None).contains(date(2026, 1, 1)), "without an end it goes on");
    /// ```
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The days in both, if any.
    ///
    /// ```
    /// use detente_ledger::interval::Interval;
    /// use jiff::civil::date;
    ///
    /// let (first, second) = (Interval::new(date(2025, 1, 1), None), Interval::new(date(2025, 3, 1), Some(date(2025, 4, 1))));
    /// assert_eq!(first.intersection(second), Some(second));
    /// ```
    pub fn intersection(self, other: Self) -> Option<Self> {
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let both = Self { from: self.from.max(other.from), until };
        (!both.is_empty()).then_some(both)
    }

    /// Whether some day is in both.
    ///
    /// ```
    /// use detente_ledger::interval::Interval;
    /// use jiff::civil::date;
    ///
    /// let march = Interval::new(date(2025, 3, 1), Some(date(2025, 4, 1)));
    /// assert!(!march.overlaps(Interval::new(date(2025, 4, 1), None)), "days that meet do not overlap");
    /// ```
    pub fn overlaps(self, other: Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.intersection(other).is_some()
    }

    /// The days of `self` before and after `other`: what is left when `other` is painted over.
    ///
    /// ```
    /// use detente_ledger::interval::Interval;
    /// use jiff::civil::date;
    ///
    /// let year = Interval::new(date(2025, 1, 1), Some(date(2026, 1, 1)));
    /// let march = Interval::new(date(2025, 3, 1), Some(date(2025, 4, 1)));
    /// let rest = [(date(2025, 1, 1), date(2025, 3, 1)), (date(2025, 4, 1), date(2026, 1, 1))];
    /// assert_eq!(year.without(march), rest.map(|(from, until)| Some(Interval::new(from, Some(until)))));
    /// ```
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
///
/// ```
/// use jiff::civil::date;
///
/// assert_eq!(detente_ledger::interval::days(date(2025, 9, 16), date(2025, 11, 10)), 55);
/// ```
pub fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
