//! What trade between two sides was in the latest year on record: a game's levels are those of a world in which today's duties have worked
//! for some seven years, and nobody lives in it yet.

use detente_data::outturns::Outturns;
use serde::Serialize;

/// Goods trade between two economies in a year, as one of them reports it, million USD.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observed {
    /// The year.
    pub year: String,
    /// Who reports.
    pub reporter: String,
    /// The other.
    pub partner: String,
    /// What the reporter bought, customs value.
    pub imports: f64,
    /// What it sold, as it left.
    pub exports: f64,
}

impl Observed {
    /// Between the two players, where there are two and one of them reports trade with the other.
    pub fn between(players: &[&str]) -> Option<Self> {
        let [first, second] = players else { return None };
        let outturns = Outturns::embedded().ok()?;
        [(first, second), (second, first)].into_iter().find_map(|(reporter, partner)| {
            let trade = outturns.reporter(reporter)?.latest_year(partner)?;
            Some(Self {
                year: trade.year.clone(),
                reporter: (*reporter).to_owned(),
                partner: (*partner).to_owned(),
                imports: trade.imports,
                exports: trade.exports,
            })
        })
    }
}
