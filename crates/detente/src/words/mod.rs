//! Sentences for readers, one function each: the terminal, the page, the desk and other programs say the same thing in the same words.
//!
//! *Would*, never *will*; *income* is long-run welfare only, the first year's number is the *importer's account*; *by statute* and
//! *collected* stand together; two significant digits; a true minus; nothing is called best without for whom. Names of parties come from
//! the record.

pub mod certainty;
pub mod deadline;
pub mod deal;
pub mod doubt;
pub mod duty;
pub mod effects;
pub mod number;
pub mod opening;
pub mod record;
