//! Horizons: how long after a change a question is asked, and which system of equations answers it.
//!
//! A long-run model asked a 90-day question misses. `long` (long-run elasticities, labour mobile) and `years` (medium elasticities, specific
//! or Roy factors) are settings of the equilibrium. `first-year` is a demand system of its own at held wages and border prices: nested
//! demand over home and imports, products, and the origins of a product, each nest with the elasticity that was estimated for it
//! (the equations stand in `nest`). One trade elasticity of the equilibrium cannot stand for two nests.

mod accounts;
mod nest;
mod parameters;
mod products;
mod question;
mod value_added;

pub use accounts::FirstYearAccounts;
pub use parameters::FirstYearParameters;
pub use products::{Product, ProductRates, ProductTrade, Purchase};
pub use question::{FirstYear, FirstYearCase, FirstYearOutcome, FirstYearState, first_year};

/// How long after a change the question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Horizon {
    /// As far ahead as the trade elasticities look: mobile labour.
    #[default]
    Long,
    /// A few years: medium elasticities, specific or Roy factors.
    Years,
    /// Within a year: prices before duty and wages held, nested demand.
    FirstYear,
}

impl Horizon {
    /// All, the shortest first.
    pub const ALL: [Horizon; 3] = [Horizon::FirstYear, Horizon::Years, Horizon::Long];

    /// The name in scenario files.
    pub fn code(self) -> &'static str {
        match self {
            Horizon::Long => "long",
            Horizon::Years => "years",
            Horizon::FirstYear => "first-year",
        }
    }

    /// The horizon in words, for the head of a column.
    pub fn label(self) -> &'static str {
        match self {
            Horizon::Long => "long run",
            Horizon::Years => "medium run, a few years",
            Horizon::FirstYear => "within a year",
        }
    }
}

#[cfg(test)]
mod tests;
