//! Files of a result: typed tables, JSON and finished bytes, written by one writer, whole or not at all.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::atomic_write::{self, Outputs, WriteError};
use crate::result_table::ResultTable;

/// A file of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputFile {
    /// Name without its ending, with folders before it where there are any.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A table: `name.csv` or `name.parquet`.
    Table(ResultTable),
    /// Data: `name.json`.
    Json(Value),
}

/// The form in which tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableForm {
    /// Text, `.csv`.
    #[default]
    Csv,
    /// Columns with types, `.parquet`; labels and units travel in the file's metadata.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl OutputFile {
    /// A table.
    ///
    /// ```
    /// use detente_tables::output::{OutputFile, TableForm};
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let runs = ResultTable::new(vec![Column::integer("runs", "", "runs", [3])]);
    /// assert_eq!(OutputFile::table("runs", runs).path(TableForm::Csv), "runs.csv");
    /// ```
    pub fn table(name: impl Into<String>, table: ResultTable) -> Self {
        Self { name: name.into(), content: Content::Table(table) }
    }

    /// Data.
    ///
    /// ```
    /// use detente_tables::output::{OutputFile, TableForm};
    ///
    /// let summary = OutputFile::json("summary", Default::default());
    /// assert_eq!(summary.path(TableForm::Csv), "summary.json");
    /// ```
    pub fn json(name: impl Into<String>, value: Value) -> Self {
        Self { name: name.into(), content: Content::Json(value) }
    }

    /// The same file in a folder.
    ///
    /// ```
    /// use detente_tables::output::{OutputFile, TableForm};
    ///
    /// let beside = OutputFile::json("summary", Default::default()).below("observed-deficits");
    /// assert_eq!(beside.path(TableForm::Csv), "observed-deficits/summary.json");
    /// ```
    #[must_use]
    pub fn below(mut self, folder: &str) -> Self {
        self.name = format!("{folder}/{}", self.name);
        self
    }

    /// Its path below the result's folder.
    pub fn path(&self, form: TableForm) -> String {
        let ending = match (&self.content, form) {
            (Content::Json(_), _) => "json",
            (Content::Table(_), TableForm::Csv) => "csv",
            #[cfg(feature = "parquet")]
            (Content::Table(_), TableForm::Parquet) => "parquet",
        };
        format!("{}.{ending}", self.name)
    }

    /// Its bytes. An error is one of the Parquet writer.
    ///
    /// ```
    /// use detente_tables::output::{OutputFile, TableForm};
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let runs = OutputFile::table("runs", ResultTable::new(vec![Column::integer("runs", "", "runs", [3])]));
    /// assert_eq!(runs.bytes(TableForm::Csv)?, b"runs\n3\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn bytes(&self, form: TableForm) -> std::io::Result<Vec<u8>> {
        Ok(match (&self.content, form) {
            (Content::Json(value), _) => format!("{value:#}\n").into_bytes(),
            (Content::Table(table), TableForm::Csv) => table.csv().into_bytes(),
            #[cfg(feature = "parquet")]
            (Content::Table(table), TableForm::Parquet) => {
                crate::table::parquet_bytes(table).map_err(std::io::Error::other)?
            }
        })
    }
}

/// Writes the files of a result in place of `directory`, as [`Outputs`] tell them apart from what others wrote: all, or none. What was done about the leavings of an
/// interruption is told, a sentence each.
pub fn write(
    directory: &Path,
    outputs: &Outputs,
    files: &[OutputFile],
    form: TableForm,
) -> Result<Vec<String>, WriteError> {
    let finished = files.iter().map(|file| {
        let path = file.path(form);
        let bytes = file.bytes(form).map_err(|error| WriteError::System(PathBuf::from(&path), error))?;
        Ok((path, bytes))
    });
    atomic_write::write(directory, outputs, &finished.collect::<Result<Vec<_>, WriteError>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result_table::Column;
    use crate::table::Table;

    #[test]
    fn one_result_is_written_in_each_form_and_read_again() {
        let root = std::env::temp_dir().join(format!("detente-output-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        let table = ResultTable::new(vec![
            Column::text("economy", "economy", ["USA", "CHN"]),
            Column::number("change_pct", "percent", "change", [Some(-1.0 / 3.0), None]),
        ]);
        let files = [
            OutputFile::json("summary", serde_json::json!({ "converged": true })),
            OutputFile::table("economies", table).below("01-first"),
        ];
        let known = &["economies.csv", "economies.parquet"];
        let outputs = Outputs { mark: "summary.json", known };
        let forms = [
            (TableForm::Csv, "csv"),
            #[cfg(feature = "parquet")]
            (TableForm::Parquet, "parquet"),
        ];
        for (form, ending) in forms {
            write(&root, &outputs, &files, form).expect("written");
            let file = root.join(format!("01-first/economies.{ending}"));
            let bytes = std::fs::read(&file).expect("read");
            let read = Table::parse(file.display().to_string(), &bytes).expect("a table");
            assert_eq!(read.columns(), ["economy", "change_pct"]);
            let first = read.rows().next().expect("a row");
            assert_eq!((first.text(0).as_ref(), first.number(1).ok()), ("USA", Some(-1.0 / 3.0)));
            assert!(
                read.rows().nth(1).is_some_and(|row| row.number(1).is_err()),
                "an empty cell is no number"
            );
        }
        let summary = std::fs::read_to_string(root.join("summary.json")).expect("read");
        assert_eq!(summary, "{\n  \"converged\": true\n}\n");
        std::fs::remove_dir_all(&root).expect("removed");
    }
}
