//! The two clocks of every question: the day asked about, and the day whose knowledge is used.

use jiff::civil::Date;

/// The two clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The day asked about.
    pub on: Date,
    /// The day whose knowledge is used.
    pub known_on: Date,
}

impl AsOf {
    /// A day as known on that day.
    ///
    /// ```
    /// use detente_ledger::AsOf;
    /// use jiff::civil::date;
    ///
    /// assert_eq!(AsOf::on_day(date(2025, 9, 16)).known_on, date(2025, 9, 16));
    /// ```
    pub const fn on_day(on: Date) -> Self {
        Self { on, known_on: on }
    }
}
