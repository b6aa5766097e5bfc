//! The exchange: files of other programs as plain tables, and plain tables as files of other programs. It knows no model and opens no file:
//! bytes come in and bytes go out.
//!
//! | format | in | out |
//! |---|---|---|
//! | header arrays (GEMPACK), both framings | [`har::read`](mod@har::read) | [`har::write`](mod@har::write) |
//! | data of R (`.RData`) | [`r_data::read`] | |
//! | workbooks | [`workbook`] (feature `packed`) | [`excel`] |
//! | Stata 118 | | [`stata`] |
//! | GAMS includes | | [`gams`] |
//! | zip archives | [`zip::entries`] | [`zip::archive`] |

pub mod excel;
pub mod gams;
pub mod har;
pub mod r_data;
pub mod stata;
pub mod workbook;
pub mod zip;

/// Why bytes are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", offset.map_or(String::new(), |at| format!("byte {at}: ")))]
pub struct ExchangeError {
    /// Where in the file, counted from zero, where that is known.
    pub offset: Option<usize>,
    /// What was found and what would be right.
    pub reason: String,
}

impl ExchangeError {
    /// At a byte of the file.
    pub fn at(offset: usize, reason: impl Into<String>) -> Self {
        Self { offset: Some(offset), reason: reason.into() }
    }

    /// Of the file as a whole.
    pub fn whole(reason: impl Into<String>) -> Self {
        Self { offset: None, reason: reason.into() }
    }
}
