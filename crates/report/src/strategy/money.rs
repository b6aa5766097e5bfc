//! Money for readers of games.

use detente_tables::number::dollars;

/// Money in a benchmark's unit: `$605bn` where that is million US dollars.
pub fn money(unit: &str, value: f64) -> String {
    match unit {
        "million USD" => dollars(Some(1e6 * value)),
        unit => format!("{value:.0} {unit}"),
    }
}

/// The same with its sign.
pub fn signed_money(unit: &str, value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "+" };
    format!("{sign}{}", money(unit, value.abs()))
}
