//! What is said beside a result.

use std::io::Write;

/// Writes a line to standard error: progress, notes, why there is no result. A reader that closed the pipe (`2>&1 | head`) has read enough;
/// that is no reason to fail.
pub fn note(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
