//! Whether steps of the ledger reach a model as the law has them, or as far as they are collected.

use serde::Serialize;

/// How a step of the ledger reaches the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Times the measured share of statutory duty that is collected, where data give it.
    #[default]
    Collected,
    /// As the law has it.
    Statute,
}

impl Basis {
    /// The words of scenario files.
    pub const WORDS: &'static [(&'static str, Basis)] =
        &[("collected", Basis::Collected), ("statute", Basis::Statute)];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Collected => "collected",
            Basis::Statute => "statute",
        }
    }
}
