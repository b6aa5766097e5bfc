//! How sure, in words: one table for the whole product.

/// What is said where neither is likelier.
pub const TOO_CLOSE: &str = "too close to call";

/// Runs that say the same, of all: from here on nothing that was drawn matters for what is said.
const ALMOST_SURE: f64 = 0.95;

/// Whether a share of runs, whichever way it lies, leaves next to no doubt.
pub fn is_almost_sure(share: f64) -> bool {
    share.max(1.0 - share) >= ALMOST_SURE
}

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
        share if share >= ALMOST_SURE => Some("almost surely"),
        share if share >= 0.80 => Some("probably"),
        share if share >= 0.60 => Some("more likely than not"),
        _ => None,
    }
}

/// The word for the sign of a number that holds in such a share of runs.
pub fn of_sign(share: f64) -> &'static str {
    word(share).unwrap_or("sign unsure")
}
