//! Tables: columns read and written, findings with file, line and key, and files that are whole or absent.

pub mod atomic_write;
pub mod diagnostics;
pub mod digest;
pub mod folder;
pub mod input_file;
pub mod nearest;
pub mod number;
pub mod output;
pub mod result_table;
pub mod table;
pub mod toml_file;
