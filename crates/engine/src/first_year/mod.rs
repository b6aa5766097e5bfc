//! Horizons: how long after a change a question is asked, and which system of equations answers it.
//!
//! A long-run model asked a 90-day question misses. `long` (7 to 10 years, labour mobile) and `years` (medium elasticities, specific
//! or Roy factors) are settings of the equilibrium; `truce` (within a year) is a small accounting system of its own, because the
//! short-run estimates are for tariff-exclusive flows and no trade elasticity of the equilibrium reproduces them.

mod accounts;
mod nest;
mod parameters;
mod products;
mod question;
pub mod truce;
mod value_added;

pub use accounts::FirstYearAccounts;
pub use parameters::FirstYearParameters;
pub use products::{Product, ProductRates, ProductTrade, Purchase};
pub use question::{FirstYear, FirstYearCase, FirstYearOutcome, FirstYearState, first_year};

/// How long after a change the question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Horizon {
    /// Seven to ten years: long-run elasticities, mobile labour.
    #[default]
    Long,
    /// A few years: medium elasticities, specific or Roy factors.
    Years,
    /// Within a year: prices before duty and wages held, accounting.
    Truce,
}

impl Horizon {
    /// All, the shortest first.
    pub const ALL: [Horizon; 3] = [Horizon::Truce, Horizon::Years, Horizon::Long];

    /// The name in scenario files.
    pub fn code(self) -> &'static str {
        match self {
            Horizon::Long => "long",
            Horizon::Years => "years",
            Horizon::Truce => "truce",
        }
    }

    /// The horizon in words, for the head of a column.
    pub fn label(self) -> &'static str {
        match self {
            Horizon::Long => "long run, 7-10 years",
            Horizon::Years => "medium run, a few years",
            Horizon::Truce => "within a year",
        }
    }
}

#[cfg(test)]
mod tests;
