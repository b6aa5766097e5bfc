//! How a number came about.

use serde::Serialize;

/// How a number came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tag {
    /// An input of the closure: the model cannot move it.
    Assumed,
    /// An identity over data and stated elasticities.
    Accounting,
    /// Solved for.
    Model,
}

impl Tag {
    /// Its word.
    ///
    /// ```
    /// use detente_engine::catalogue::Tag;
    ///
    /// assert_eq!(Tag::Assumed.word(), "assumed");
    /// ```
    pub fn word(self) -> &'static str {
        match self {
            Tag::Assumed => "assumed",
            Tag::Accounting => "accounting",
            Tag::Model => "model",
        }
    }
}
