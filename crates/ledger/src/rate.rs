//! A rate of duty in percentage points: one number, or several where the measure has several.

use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// The highest rate that is taken for one: ten thousand percent, beyond every duty on record anywhere. What lies above is a slip.
pub const HIGHEST_POINTS: f64 = 10_000.0;

/// One rate or a list of rates, in percentage points. A list stays a list: it is a range, never an average.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Typed")]
pub struct Rate(Vec<f64>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Typed {
    One(f64),
    Several(Vec<f64>),
}

impl From<Typed> for Rate {
    fn from(typed: Typed) -> Self {
        match typed {
            Typed::One(rate) => Self(vec![rate]),
            Typed::Several(rates) => Self(rates),
        }
    }
}

impl Rate {
    /// One rate.
    ///
    /// ```
    /// use detente_ledger::rate::Rate;
    ///
    /// assert_eq!(Rate::one(7.5).single(), Some(7.5), "percentage points");
    /// ```
    pub fn one(points: f64) -> Self {
        Self(vec![points])
    }

    /// Several rates, in the order of the act.
    ///
    /// ```
    /// use detente_ledger::rate::Rate;
    ///
    /// let act = Rate::several(vec![15.0, 10.0]);
    /// assert_eq!((act.single(), act.low(), act.high()), (None, 10.0, 15.0), "a range, never an average");
    /// ```
    pub fn several(points: Vec<f64>) -> Self {
        Self(points)
    }

    /// The rates in the order of the act.
    ///
    /// ```
    /// use detente_ledger::rate::Rate;
    ///
    /// assert_eq!(Rate::several(vec![15.0, 10.0]).points(), [15.0, 10.0]);
    /// ```
    pub fn points(&self) -> &[f64] {
        &self.0
    }

    /// The only rate, where there is only one.
    pub fn single(&self) -> Option<f64> {
        match self.0.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The lowest; zero for an empty list, which the check refuses.
    pub fn low(&self) -> f64 {
        self.0.iter().copied().reduce(f64::min).unwrap_or_default()
    }

    /// The highest.
    pub fn high(&self) -> f64 {
        self.0.iter().copied().reduce(f64::max).unwrap_or_default()
    }

    /// Whether nothing is charged.
    ///
    /// ```
    /// use detente_ledger::rate::Rate;
    ///
    /// assert!(Rate::one(0.0).is_zero() && !Rate::several(vec![0.0, 5.0]).is_zero());
    /// ```
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|rate| *rate == 0.0)
    }

    /// Whether there is a rate and every one is a number from zero to [`HIGHEST_POINTS`].
    ///
    /// ```
    /// use detente_ledger::rate::Rate;
    ///
    /// assert!(Rate::one(25.0).is_sound());
    /// assert!(!Rate::one(-1.0).is_sound() && !Rate::several(vec![]).is_sound());
    /// ```
    pub fn is_sound(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|rate| (0.0..=HIGHEST_POINTS).contains(rate))
    }
}

impl fmt::Display for Rate {
    /// As the fact base prints it: `7.5`, `10/15`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rate) in self.0.iter().enumerate() {
            if at > 0 {
                formatter.write_str("/")?;
            }
            write!(formatter, "{rate}")?;
        }
        Ok(())
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.single() {
            Some(one) => serializer.serialize_f64(one),
            None => self.0.serialize(serializer),
        }
    }
}
