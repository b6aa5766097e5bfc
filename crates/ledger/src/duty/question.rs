//! What is asked.

use jiff::civil::Date;

use crate::products::ProductCode;

/// What the asker settles of what a code does not show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// Programmes of preference and other claims that are made.
    pub claims: Vec<String>,
    /// Day of loading.
    pub loaded: Option<Date>,
    /// Answers to conditions: 0 (not met) to 1 (met, or all of the value).
    pub given: Vec<(String, f64)>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Two to ten digits.
    pub code: ProductCode,
    /// Exporting party.
    pub from: &'a str,
    /// Importing party.
    pub to: &'a str,
    /// Day of entry.
    pub on: Date,
    /// Day whose knowledge is used.
    pub known_on: Date,
    /// Customs value, for the duty in money.
    pub value: Option<f64>,
    /// Quantity in the unit of a specific base rate.
    pub quantity: Option<f64>,
    /// What the asker settles.
    pub settled: Settled,
}

impl<'a> Question<'a> {
    /// The duty on a product of one party entering another on a day, as known on that day, nothing settled.
    ///
    /// ```
    /// use detente_ledger::duty::Question;
    /// use jiff::civil::date;
    ///
    /// let code = "8703.23.01".parse().expect("a code");
    /// let question = Question { value: Some(20_000.0), ..Question::new(code, "DEU", "USA", date(2025, 8, 10)) };
    /// assert_eq!(question.known_on, question.on);
    /// ```
    pub fn new(code: ProductCode, from: &'a str, to: &'a str, on: Date) -> Self {
        Self { code, from, to, on, known_on: on, value: None, quantity: None, settled: Settled::default() }
    }
}
