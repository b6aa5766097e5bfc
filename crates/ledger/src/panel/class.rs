//! A class of lines that every list treats alike.

/// Lines that every list treats alike; where a floor may reach them, with one base rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Class {
    /// A group whose rows among the lists that count are those of all its lines.
    pub(super) group: usize,
    /// The base rate, where what is added turns on it.
    pub(super) base: Option<f64>,
}
