//! What doubt about tariffs cost before it ended: Handley & Limão (2017), from the parameters of their archive.

use crate::theory::{Check, CheckError};
use detente_engine::strategy::handley_limao::PUBLISHED;

const CLAIM: &str = "Log points that doubt about tariffs which were reviewed every year cost before 2002, and the tariffs that would have done the same to exports, entry \
    and prices; from the parameters of the replication archive (Handley & Limão 2017, their table of magnitudes, to its two decimals).";

/// The published magnitudes.
pub fn published() -> Result<Vec<Check>, CheckError> {
    let found = PUBLISHED.cost_of_doubt().map_err(|error| CheckError::Game(error.to_string()))?;
    let rows = [
        ("exports under doubt", -32.40, found.exports),
        ("a tariff like doubt, exports", 5.02, found.as_tariff_on_exports),
        ("a tariff like doubt, entry", 9.44, found.as_tariff_on_entry),
        ("a tariff like doubt, prices", 12.74, found.as_tariff_on_prices),
    ];
    let check = |(name, expected, found): (&str, f64, f64)| {
        let distance = (found - expected).abs();
        Check::new(name, CLAIM, format!("{expected:.2}"), format!("{found:.2}"), distance, 0.01)
    };
    Ok(rows.into_iter().map(check).collect())
}
