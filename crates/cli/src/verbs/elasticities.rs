//! `detente elasticities`: which sets of trade elasticities there are, what each rests on, and which is a default.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{csv, fault, grid, json, wrap},
};
use clap::Args;
use detente_data::{default_world, elasticities};
use detente_report::elasticities::{Listed, page};
use std::path::PathBuf;

/// What `elasticities` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Directory of the benchmark on whose sectors the sets are read (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the page of the reference to this file instead of printing the list.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// Prints the list or writes the page.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(crate::record::wrong)?;
    let listed = Listed::of(&directory.benchmark, &elasticities::all().map_err(fault)?).map_err(fault)?;
    if let Some(file) = &arguments.write {
        return output::print_or_write(Some(file), &page(&listed));
    }
    let rows = listed.iter().map(Listed::cells);
    output::print(&match arguments.format {
        Format::Csv => csv(&Listed::COLUMNS, rows.map(|row| row.to_vec())),
        Format::Json => json(&listed)?,
        Format::Table => {
            let mut table = grid(&Listed::COLUMNS);
            table.add_rows(rows);
            let notes: Vec<String> =
                listed.iter().filter(|held| held.is_default()).map(|held| wrap(&held.note())).collect();
            format!("{table}\n\n{}\n", notes.join("\n"))
        }
    })
}
