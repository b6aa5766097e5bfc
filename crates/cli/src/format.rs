//! In which form a result is printed.

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: tables that fit a terminal.
    #[default]
    Table,
    /// For machines: all digits.
    Json,
    /// For notebooks and spreadsheets.
    Csv,
}
