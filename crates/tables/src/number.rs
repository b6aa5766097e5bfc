//! Numbers for people: two significant digits on a screen, signs always, nothing invented where nothing is known.

/// What is printed where no number is known.
pub const UNKNOWN: &str = "n/a";

/// Rounds to `digits` significant digits.
///
/// ```
/// assert_eq!(detente_tables::number::round_significant(-0.08210686, 2), -0.082);
/// assert_eq!(detente_tables::number::round_significant(1234.0, 2), 1200.0);
/// ```
pub fn round_significant(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let magnitude = value.abs().log10().floor() as i32;
    let decimals = digits - 1 - magnitude;
    let scale = 10f64.powi(decimals.abs());
    if decimals >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale }
}

/// A change in percent or points with its sign and at most two significant digits; what is smaller than half
/// a thousandth is printed as `0.00`, since the sign of such a number says nothing.
///
/// ```
/// use detente_tables::number::signed;
/// assert_eq!(signed(Some(-0.08210686)), "-0.082");
/// assert_eq!(signed(Some(31.4)), "+31");
/// assert_eq!(signed(Some(0.00001)), "0.00");
/// assert_eq!(signed(None), "n/a");
/// ```
pub fn signed(value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return UNKNOWN.to_owned() };
    if value.abs() < 5e-4 {
        return "0.00".to_owned();
    }
    let rounded = round_significant(value, 2);
    let decimals = (1 - rounded.abs().log10().floor() as i32).max(0) as usize;
    format!("{rounded:+.decimals$}")
}

/// A band: both ends as [`signed`] gives them.
pub fn signed_range((low, high): (f64, f64)) -> String {
    format!("{} to {}", signed(Some(low)), signed(Some(high)))
}

/// A tariff rate given as a fraction, in percent with one decimal.
pub fn rate_percent(rate: Option<f64>) -> String {
    match rate.filter(|rate| rate.is_finite()) {
        Some(rate) => format!("{:.1}%", 100.0 * rate),
        None => UNKNOWN.to_owned(),
    }
}

/// US dollars in the largest unit that keeps two or three digits: `$429bn`, `$3.2bn`, `$87m`.
///
/// ```
/// use detente_tables::number::dollars;
/// assert_eq!(dollars(Some(429.4e9)), "$429bn");
/// assert_eq!(dollars(Some(3.2e9)), "$3.2bn");
/// assert_eq!(dollars(Some(87e6)), "$87m");
/// ```
pub fn dollars(value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return UNKNOWN.to_owned() };
    let (scaled, unit) = match value.abs() {
        size if size >= 1e12 => (value / 1e12, "tn"),
        size if size >= 1e9 => (value / 1e9, "bn"),
        size if size >= 1e6 => (value / 1e6, "m"),
        _ => (value, ""),
    };
    if scaled.abs() < 10.0 { format!("${scaled:.1}{unit}") } else { format!("${scaled:.0}{unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_to_nine_point_nine_carries_over() {
        assert_eq!(signed(Some(0.0996)), "+0.10");
        assert_eq!(signed(Some(-9.96)), "-10");
        assert_eq!(signed(Some(f64::NAN)), UNKNOWN);
    }

    #[test]
    fn rates_and_dollars_say_when_nothing_is_known() {
        assert_eq!(rate_percent(None), UNKNOWN);
        assert_eq!(rate_percent(Some(0.475)), "47.5%");
        assert_eq!(dollars(None), UNKNOWN);
        assert_eq!(dollars(Some(1.3e12)), "$1.3tn");
    }
}
