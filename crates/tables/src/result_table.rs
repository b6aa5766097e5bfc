//! Result tables: typed columns that know their unit and their label, from which CSV, JSON and Parquet are made.
//!
//! A number stays a number until a file is written, and what is not known is empty there, never NaN and never zero.
//!
//! ```
//! use detente_tables::result_table::{Column, ResultTable};
//!
//! let table = ResultTable::new(vec![
//!     Column::text("economy", "economy", ["USA", "CHN"]),
//!     Column::number("welfare_pct", "percent", "income", [Some(-0.25), None]),
//! ]);
//! assert_eq!(table.csv(), "economy,welfare_pct\nUSA,-0.25\nCHN,\n");
//! assert_eq!(table.json()["columns"][1]["unit"], "percent");
//! ```

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use crate::table::digits;

/// A table of a result. A column that is shorter than the longest is empty at its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ResultTable {
    /// The columns, in file order.
    pub columns: Vec<Column>,
}

/// A column: what it is called in files and by readers, the unit of its numbers, and its cells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// Name in files.
    pub name: String,
    /// Unit of the numbers, in words; empty where there is none.
    pub unit: String,
    /// Name for readers.
    pub label: String,
    /// The cells.
    #[serde(flatten)]
    pub data: Data,
}

/// Cells of one type; `None` is a cell without a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", content = "data", rename_all = "lowercase")]
pub enum Data {
    /// Words and codes.
    Text(Vec<Option<String>>),
    /// Numbers; one that is not finite counts as none.
    Number(Vec<Option<f64>>),
    /// Counts.
    Integer(Vec<Option<i64>>),
    /// Yes or no.
    Bool(Vec<Option<bool>>),
    /// Days.
    Date(Vec<Option<Date>>),
}

impl Column {
    /// A column of any type.
    pub fn new(
        name: impl Into<String>,
        unit: impl Into<String>,
        label: impl Into<String>,
        data: Data,
    ) -> Self {
        Self { name: name.into(), unit: unit.into(), label: label.into(), data }
    }

    /// A column of words that are all there.
    ///
    /// ```
    /// use detente_tables::result_table::Column;
    ///
    /// let economies = Column::text("economy", "economy", ["USA", "CHN"]);
    /// assert_eq!((economies.data.len(), economies.data.cell(1).as_str()), (2, "CHN"));
    /// ```
    pub fn text<T: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        cells: impl IntoIterator<Item = T>,
    ) -> Self {
        Self::new(name, "", label, Data::Text(cells.into_iter().map(|cell| Some(cell.into())).collect()))
    }

    /// A column of numbers; what is not finite becomes none.
    ///
    /// ```
    /// use detente_tables::result_table::Column;
    ///
    /// let change = Column::number("welfare_pct", "percent", "welfare", [Some(-0.25), None, Some(f64::NAN)]);
    /// let cells: Vec<String> = (0..3).map(|row| change.data.cell(row)).collect();
    /// assert_eq!(cells, ["-0.25", "", ""], "what is no number is left empty");
    /// ```
    pub fn number(
        name: impl Into<String>,
        unit: impl Into<String>,
        label: impl Into<String>,
        cells: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        let cells = cells.into_iter().map(|cell| cell.filter(|cell| cell.is_finite()));
        Self::new(name, unit, label, Data::Number(cells.collect()))
    }

    /// A column of counts that are all there.
    ///
    /// ```
    /// use detente_tables::result_table::Column;
    ///
    /// assert_eq!(Column::integer("runs", "", "runs", [3, 4]).data.type_word(), "integer");
    /// ```
    pub fn integer(
        name: impl Into<String>,
        unit: impl Into<String>,
        label: impl Into<String>,
        cells: impl IntoIterator<Item = i64>,
    ) -> Self {
        Self::new(name, unit, label, Data::Integer(cells.into_iter().map(Some).collect()))
    }
}

impl Data {
    /// Number of cells.
    ///
    /// ```
    /// use detente_tables::result_table::Data;
    ///
    /// assert_eq!(Data::Bool(vec![Some(true), None]).len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        match self {
            Data::Text(cells) => cells.len(),
            Data::Number(cells) => cells.len(),
            Data::Integer(cells) => cells.len(),
            Data::Bool(cells) => cells.len(),
            Data::Date(cells) => cells.len(),
        }
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell as a text file holds it: a number with all its digits, a day as ISO 8601, nothing where there is nothing.
    ///
    /// ```
    /// use detente_tables::result_table::Data;
    ///
    /// assert_eq!(Data::Number(vec![Some(1.0 / 3.0)]).cell(0), "0.3333333333333333");
    /// assert_eq!(Data::Integer(vec![None]).cell(7), "", "a row that is not there is empty too");
    /// ```
    pub fn cell(&self, row: usize) -> String {
        fn at<T: Clone>(cells: &[Option<T>], row: usize) -> Option<T> {
            cells.get(row).cloned().flatten()
        }
        match self {
            Data::Text(cells) => at(cells, row).unwrap_or_default(),
            Data::Number(cells) => digits(at(cells, row)),
            Data::Integer(cells) => at(cells, row).map_or(String::new(), |cell| cell.to_string()),
            Data::Bool(cells) => at(cells, row).map_or(String::new(), |cell| cell.to_string()),
            Data::Date(cells) => at(cells, row).map_or(String::new(), |cell| cell.to_string()),
        }
    }

    /// The word for the type, as JSON has it.
    pub fn type_word(&self) -> &'static str {
        match self {
            Data::Text(_) => "text",
            Data::Number(_) => "number",
            Data::Integer(_) => "integer",
            Data::Bool(_) => "bool",
            Data::Date(_) => "date",
        }
    }

    /// Adds the cells of a column of the same type below; of another type, nothing is added and that is said.
    fn append(&mut self, below: Data) -> Result<(), UnlikeTables> {
        match (self, below) {
            (Data::Text(cells), Data::Text(more)) => cells.extend(more),
            (Data::Number(cells), Data::Number(more)) => cells.extend(more),
            (Data::Integer(cells), Data::Integer(more)) => cells.extend(more),
            (Data::Bool(cells), Data::Bool(more)) => cells.extend(more),
            (Data::Date(cells), Data::Date(more)) => cells.extend(more),
            (held, more) => return Err(UnlikeTables(held.type_word().into(), more.type_word().into())),
        }
        Ok(())
    }
}

/// Two tables that cannot stand one below the other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a table with `{0}` cannot be continued by one with `{1}`")]
pub struct UnlikeTables(String, String);

impl ResultTable {
    /// A table of these columns.
    ///
    /// ```
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let table = ResultTable::new(vec![Column::text("economy", "economy", ["USA", "CHN"])]);
    /// assert_eq!(table.len(), 2);
    /// ```
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns }
    }

    /// Number of rows: that of the longest column.
    pub fn len(&self) -> usize {
        self.columns.iter().map(|column| column.data.len()).max().unwrap_or_default()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The column of this name.
    ///
    /// ```
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let table = ResultTable::new(vec![Column::number("rate", "fraction", "rate", [Some(0.25)])]);
    /// assert_eq!(table.column("rate").map(|column| column.unit.as_str()), Some("fraction"));
    /// assert!(table.column("rates").is_none());
    /// ```
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The same table with a column in front that says one thing in every row.
    ///
    /// ```
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let table = ResultTable::new(vec![Column::integer("runs", "", "runs", [3, 4])]);
    /// assert_eq!(table.under("scenario", "scenario", "war").csv(), "scenario,runs\nwar,3\nwar,4\n");
    /// ```
    #[must_use]
    pub fn under(mut self, name: &str, label: &str, word: &str) -> Self {
        let column = Column::text(name, label, std::iter::repeat_n(word, self.len()));
        self.columns.insert(0, column);
        self
    }

    /// Puts the rows of another table below. Both need the same columns; the columns of an empty table are the other's.
    ///
    /// ```
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let of = |runs| ResultTable::new(vec![Column::integer("runs", "", "runs", runs)]);
    /// let mut all = ResultTable::default();
    /// all.append(of([1, 2]))?;
    /// all.append(of([3, 4]))?;
    /// assert_eq!(all.len(), 4);
    /// assert!(all.append(ResultTable::new(vec![Column::text("runs", "runs", ["five"])])).is_err());
    /// # Ok::<(), detente_tables::result_table::UnlikeTables>(())
    /// ```
    pub fn append(&mut self, below: ResultTable) -> Result<(), UnlikeTables> {
        if self.columns.is_empty() {
            *self = below;
            return Ok(());
        }
        let names = |table: &ResultTable| {
            table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(",")
        };
        if names(self) != names(&below) {
            return Err(UnlikeTables(names(self), names(&below)));
        }
        for (column, more) in self.columns.iter_mut().zip(below.columns) {
            column.data.append(more.data)?;
        }
        Ok(())
    }

    /// As CSV: UTF-8, a header row, numbers with all their digits, nothing where there is no value.
    ///
    /// ```
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let table = ResultTable::new(vec![
    ///     Column::text("economy", "economy", ["USA"]),
    ///     Column::number("welfare_pct", "percent", "welfare", [Some(-0.0625)]),
    /// ]);
    /// assert_eq!(table.csv(), "economy,welfare_pct\nUSA,-0.0625\n");
    /// ```
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(self.columns.iter().map(|column| &column.name));
        text_of(self.write_rows(writer))
    }

    /// The rows alone as CSV, to continue a file that has its header.
    ///
    /// ```
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let table = ResultTable::new(vec![Column::integer("runs", "", "runs", [3])]);
    /// assert_eq!(table.csv_rows(), "3\n");
    /// ```
    pub fn csv_rows(&self) -> String {
        text_of(self.write_rows(csv::Writer::from_writer(Vec::new())))
    }

    fn write_rows(&self, mut writer: csv::Writer<Vec<u8>>) -> csv::Writer<Vec<u8>> {
        for row in 0..self.len() {
            let _ = writer.write_record(self.columns.iter().map(|column| column.data.cell(row)));
        }
        writer
    }

    /// As JSON: `columns`, each with `name`, `unit`, `label`, `type` and `data`; null where there is no value.
    ///
    /// ```
    /// use detente_tables::result_table::{Column, ResultTable};
    ///
    /// let table = ResultTable::new(vec![Column::number("rate", "fraction", "rate", [Some(0.25), None])]);
    /// assert_eq!(table.json()["columns"][0]["unit"], "fraction");
    /// assert!(table.json()["columns"][0]["data"][1].is_null());
    /// ```
    pub fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

fn text_of(writer: csv::Writer<Vec<u8>>) -> String {
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn every_type() -> ResultTable {
        ResultTable::new(vec![
            Column::text("name", "name", ["a, \"b\"", "c"]),
            Column::number("share", "fraction", "share", [Some(1.0 / 3.0), Some(f64::NAN)]),
            Column::integer("runs", "", "runs", [3, -4]),
            Column::new("held", "", "held", Data::Bool(vec![Some(true), None])),
            Column::new("on", "", "day", Data::Date(vec![Some(date(2025, 11, 10)), None])),
        ])
    }

    #[test]
    fn text_files_hold_all_digits_and_nothing_where_nothing_is_known() {
        let table = every_type();
        let expected =
            "name,share,runs,held,on\n\"a, \"\"b\"\"\",0.3333333333333333,3,true,2025-11-10\nc,,-4,,\n";
        assert_eq!(table.csv(), expected);
        assert_eq!(table.csv(), format!("name,share,runs,held,on\n{}", table.csv_rows()));
    }

    #[test]
    fn json_keeps_types_units_and_labels() {
        let json = every_type().json();
        let column = |at: usize| &json["columns"][at];
        assert_eq!(column(1)["data"], serde_json::json!([1.0 / 3.0, null]));
        assert_eq!(
            (column(1)["unit"].as_str(), column(2)["type"].as_str()),
            (Some("fraction"), Some("integer"))
        );
        assert_eq!(column(3)["data"], serde_json::json!([true, null]));
        assert_eq!(
            (column(4)["label"].as_str(), column(4)["data"][0].as_str()),
            (Some("day"), Some("2025-11-10"))
        );
    }

    #[test]
    fn tables_stand_below_each_other_only_where_they_are_alike() {
        let mut all = ResultTable::default();
        for name in ["first", "second"] {
            all.append(every_type().under("scenario", "scenario", name)).expect("alike");
        }
        assert_eq!(all.len(), 4);
        assert!(all.csv().lines().nth(3).is_some_and(|line| line.starts_with("second,")), "{}", all.csv());
        let other = ResultTable::new(vec![Column::integer("runs", "", "runs", [1])]);
        assert!(all.append(other).is_err());
        let mut counts = ResultTable::new(vec![Column::integer("runs", "", "runs", [1])]);
        assert!(counts.append(ResultTable::new(vec![Column::text("runs", "runs", ["one"])])).is_err());
        assert_eq!(counts.len(), 1, "what does not fit adds nothing");
    }
}
