//! `detente data har`: what stands in a header-array file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use detente_exchange::har::{self, Header};
use detente_tables::input_file;
use detente_tables::result_table::{Column, ResultTable};
use detente_tables::table::parquet_bytes;

use crate::failure::Failure;
use crate::output;
use crate::record::wrong;

/// What `data har` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The file.
    file: PathBuf,
    /// One array of it, by its name; without it all are listed.
    header: Option<String>,
    /// How it is printed; `parquet` needs `--out`.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Write it to this file instead.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Forms of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Comma-separated.
    #[default]
    Csv,
    /// JSON with units and labels.
    Json,
    /// Parquet.
    Parquet,
}

/// Runs `data har`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let label = arguments.file.display().to_string();
    let bytes = input_file::read(&arguments.file).map_err(|finding| wrong(format!("{label}: {finding}")))?;
    let bytes = bytes.ok_or_else(|| wrong(format!("{label}: there is no such file")))?;
    let file = har::read(&bytes).map_err(|error| wrong(format!("{label}: {error}")))?;
    let table = match &arguments.header {
        None => list(&file),
        Some(name) => {
            let header = file.header(name).ok_or_else(|| {
                let known = file.headers.iter().map(|header| header.name.as_str());
                let suggestion = detente_tables::nearest::suggestion(name, known);
                wrong(format!("{label}: no array `{name}`; {suggestion}"))
            })?;
            long(header).map_err(|reason| wrong(format!("{label}: array `{name}`: {reason}")))?
        }
    };
    let bytes = match arguments.format {
        Form::Csv => table.csv().into_bytes(),
        Form::Json => {
            let text = serde_json::to_string_pretty(&table.json());
            text.map_err(|error| Failure::Fault(error.to_string()))?.into_bytes()
        }
        Form::Parquet => parquet_bytes(&table).map_err(|error| Failure::Fault(error.to_string()))?,
    };
    match &arguments.out {
        Some(out) => output::file(out, bytes),
        None if arguments.format == Form::Parquet => Err(wrong("Parquet is for a file: give one with --out")),
        None => output::print(&String::from_utf8_lossy(&bytes)),
    }
}

/// A row for each array.
fn list(file: &har::HarFile) -> ResultTable {
    let of = |read: &dyn Fn(&Header) -> String| file.headers.iter().map(read).collect::<Vec<_>>();
    let sizes = |header: &Header| header.sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("x");
    let sum = |header: &Header| {
        header.words().is_none().then(|| header.nonzero().iter().map(|(_, value)| value).sum())
    };
    ResultTable::new(vec![
        Column::text("header", "name of the array", of(&|header| header.name.clone())),
        Column::text("type", "kind and storage", of(&|header| header.kind.clone())),
        Column::text("sizes", "sizes", of(&sizes)),
        Column::text("sets", "sets of the dimensions", of(&|header| header.sets.join(" "))),
        Column::integer("cells", "", "cells", file.headers.iter().map(|header| header.cells() as i64)),
        Column::number("sum", "", "sum of the numbers", file.headers.iter().map(sum)),
        Column::text("long_name", "long name", of(&|header| header.long_name.clone())),
    ])
}

/// One array in long form: a column for each dimension, and the values that are not zero.
fn long(header: &Header) -> Result<ResultTable, String> {
    if let har::Data::Unread(why) = &header.data {
        return Err(why.clone());
    }
    if let Some(words) = header.words() {
        let numbers = (1..=words.len()).map(|number| number as i64);
        return Ok(ResultTable::new(vec![
            Column::integer("position", "", "position", numbers),
            Column::text("text", "text", words.iter().cloned()),
        ]));
    }
    let sizes = header.dimensions();
    let cells = header.nonzero();
    let mut columns = Vec::new();
    let mut stride = 1;
    for (dimension, size) in sizes.iter().enumerate() {
        let set = header.sets.get(dimension).filter(|set| !set.is_empty());
        let earlier = header.sets[..dimension.min(header.sets.len())]
            .iter()
            .filter(|other| Some(*other) == set)
            .count();
        let name = match set {
            Some(set) if earlier == 0 => set.clone(),
            Some(set) => format!("{set}_{}", earlier + 1),
            None => format!("i{}", dimension + 1),
        };
        let words = cells.iter().map(|(at, _)| header.element(dimension, at / stride % size.max(&1)));
        columns.push(Column::text(name.clone(), name, words));
        stride *= size.max(&1);
    }
    columns.push(Column::number("value", "", &header.long_name, cells.iter().map(|(_, value)| Some(*value))));
    Ok(ResultTable::new(columns))
}
