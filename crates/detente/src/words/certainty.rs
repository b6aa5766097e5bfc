//! How sure, in words: one table for the whole product.

/// What is said where neither is likelier.
pub const TOO_CLOSE: &str = "too close to call";

/// The word for a share of runs of at least a half; none where it is too close to call.
///
/// ```
/// use detente::words::certainty::word;
/// assert_eq!(word(0.97), Some("almost surely"));
/// assert_eq!(word(0.80), Some("probably"));
/// assert_eq!(word(0.78), Some("more likely than not"));
/// assert_eq!(word(0.55), None);
/// ```
pub fn word(share: f64) -> Option<&'static str> {
    match share {
        share if share >= 0.95 => Some("almost surely"),
        share if share >= 0.80 => Some("probably"),
        share if share >= 0.60 => Some("more likely than not"),
        _ => None,
    }
}

/// The word for the sign of a number that holds in such a share of runs.
pub fn of_sign(share: f64) -> &'static str {
    word(share).unwrap_or("sign unsure")
}
