//! `detente export`: results that were written, in the forms that people have. Nothing is solved again.

use std::path::PathBuf;

use clap::Args;
use detente::results::{exports, stored};
use detente_tables::folder::Folder;
use detente_tables::nearest;

use crate::failure::Failure;
use crate::output;
use crate::record::wrong;

/// What `export` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of results: what a question wrote with `--out`.
    results: PathBuf,
    /// `xlsx`, `dta` (Stata 14 and later), `parquet`, `har` (header arrays, seven digits), `gams` or `vega-lite`.
    #[arg(long, value_name = "FORM")]
    to: String,
    /// Where the files are written (the folder `RESULTS-FORM` beside the results where absent).
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Reads the results and writes them anew.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let forms = exports::Form::WORDS;
    let form =
        forms.iter().find(|(word, _)| *word == arguments.to).map(|(_, form)| *form).ok_or_else(|| {
            let suggestion = nearest::suggestion(&arguments.to, forms.iter().map(|(word, _)| *word));
            wrong(format!("--to {}: no such form; {suggestion}", arguments.to))
        })?;
    let folder = Folder::open(&arguments.results).map_err(wrong)?;
    let stored = stored::read(&folder).map_err(wrong)?;
    let files = exports::files(&stored, form).map_err(wrong)?;
    let name =
        arguments.results.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Beside the results: what a question wrote is its own, and is replaced as a whole.
    let beside = || arguments.results.with_file_name(format!("{name}-{}", arguments.to));
    let out = arguments.out.clone().unwrap_or_else(beside);
    std::fs::create_dir_all(&out).map_err(|error| wrong(format!("{}: {error}", out.display())))?;
    for (name, bytes) in &files {
        output::file(&out.join(name), bytes)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    output::print(&format!("{} in {}\n", names.join(" "), out.display()))
}
