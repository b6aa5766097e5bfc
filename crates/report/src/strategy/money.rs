//! Money for readers of games.

use detente::words;
use detente_tables::number::dollars;

/// The unit of most benchmarks.
const MILLIONS: &str = "million USD";

/// Money in a benchmark's unit: `$605bn` where that is million US dollars.
pub fn money(unit: &str, value: f64) -> String {
    match unit {
        MILLIONS => dollars(Some(1e6 * value)),
        unit => format!("{value:.0} {unit}"),
    }
}

/// The same in a sentence: `$605 billion`.
pub fn money_in_words(unit: &str, value: f64) -> String {
    match unit {
        MILLIONS => words::number::dollars(1e6 * value),
        unit => money(unit, value),
    }
}

/// The same with its sign.
pub fn signed_money(unit: &str, value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "+" };
    format!("{sign}{}", money(unit, value.abs()))
}
