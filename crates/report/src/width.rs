//! The width of every screen, the brief's first among them: one place, set once by whoever knows the terminal.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Columns where nobody said otherwise: a file, a pipe, a page.
pub const DEFAULT: usize = 110;
/// Narrower than this no table of the field can be read, wider no line of words.
const ALLOWED: std::ops::RangeInclusive<usize> = 60..=160;

static COLUMNS: AtomicUsize = AtomicUsize::new(DEFAULT);

/// Says how wide the terminal is.
pub fn set(columns: usize) {
    COLUMNS.store(columns.clamp(*ALLOWED.start(), *ALLOWED.end()), Ordering::Relaxed);
}

/// Columns of a screen.
pub fn columns() -> usize {
    COLUMNS.load(Ordering::Relaxed)
}

/// The same as tables take it.
pub fn of_table() -> u16 {
    u16::try_from(columns()).unwrap_or(u16::MAX)
}
