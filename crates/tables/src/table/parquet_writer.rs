//! Result tables written as Parquet, without Arrow: flat optional columns in one row group. Unit and label of each column stand in the
//! file's metadata as `NAME.unit` and `NAME.label`.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use jiff::civil::Date;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use crate::result_table::{Column, Data, ResultTable};

/// The bytes of a Parquet file with the columns of the table; what is missing is null and neither zero nor an empty word.
pub fn parquet_bytes(table: &ResultTable) -> Result<Vec<u8>, ParquetError> {
    let mut bytes = Vec::new();
    let mut writer = begin(&mut bytes, table)?;
    let rows = table.len();
    let mut group = writer.next_row_group()?;
    for column in &table.columns {
        let Some(mut out) = group.next_column()? else { break };
        match &column.data {
            Data::Text(cells) => {
                batch::<ByteArrayType, _>(&mut out, cells, rows, |cell| Some(ByteArray::from(cell.as_str())))?
            }
            Data::Number(cells) => batch::<DoubleType, _>(&mut out, cells, rows, |cell| {
                Some(*cell).filter(|cell| cell.is_finite())
            })?,
            Data::Integer(cells) => batch::<Int64Type, _>(&mut out, cells, rows, |cell| Some(*cell))?,
            Data::Bool(cells) => batch::<BoolType, _>(&mut out, cells, rows, |cell| Some(*cell))?,
            Data::Date(cells) => batch::<Int32Type, _>(&mut out, cells, rows, |cell| days_since_1970(*cell))?,
        }
        out.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

fn begin<W: Write + Send>(out: W, like: &ResultTable) -> Result<SerializedFileWriter<W>, ParquetError> {
    let fields = like.columns.iter().map(field).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(dictionary(like)))
        .build();
    SerializedFileWriter::new(out, schema, Arc::new(properties))
}

/// The cells of a column in a group of rows.
#[derive(Debug, Clone)]
pub enum Cells<'a> {
    /// Words of which there are few: equal ones may be one and the same text.
    Text(Vec<Option<&'a str>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
}

/// A Parquet file written a group of rows at a time, for tables that are longer than memory is wide.
pub struct ParquetGroups<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> ParquetGroups<W> {
    /// Begins a file with the columns of `like`, whose own cells are not written.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn begin(out: W, like: &ResultTable) -> Result<Self, ParquetError> {
        Ok(Self { writer: begin(out, like)? })
    }

    /// Writes rows: the cells of each column, in the order of the columns.
    ///
    /// # Errors
    /// What the file refuses, cells of another kind than their column among it.
    pub fn rows(&mut self, columns: &[Cells<'_>]) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for cells in columns {
            let Some(mut out) = group.next_column()? else { break };
            match cells {
                Cells::Text(cells) => {
                    let mut known: HashMap<(*const u8, usize), ByteArray> = HashMap::new();
                    let known = std::cell::RefCell::new(&mut known);
                    batch::<ByteArrayType, _>(&mut out, cells, cells.len(), |cell| {
                        let mut known = known.borrow_mut();
                        let word = known.entry((cell.as_ptr(), cell.len()));
                        Some(word.or_insert_with(|| ByteArray::from(*cell)).clone())
                    })?;
                }
                Cells::Number(cells) => batch::<DoubleType, _>(&mut out, cells, cells.len(), |cell| {
                    Some(*cell).filter(|cell| cell.is_finite())
                })?,
            }
            out.close()?;
        }
        group.close().map(|_| ())
    }

    /// Ends the file and gives what it was written to.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn end(self) -> Result<W, ParquetError> {
        self.writer.into_inner()
    }
}

/// Writes one column: the values that are there, and a definition level for each row, one where there is a value.
fn batch<T: DataType, C>(
    out: &mut SerializedColumnWriter<'_>,
    cells: &[Option<C>],
    rows: usize,
    value: impl Fn(&C) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let mut levels = vec![0; rows];
    let mut values = Vec::with_capacity(cells.len());
    for (level, cell) in levels.iter_mut().zip(cells) {
        if let Some(found) = cell.as_ref().and_then(&value) {
            values.push(found);
            *level = 1;
        }
    }
    out.typed::<T>().write_batch(&values, Some(&levels), None).map(|_| ())
}

/// Days from 1 January 1970, as Parquet counts dates.
fn days_since_1970(date: Date) -> Option<i32> {
    date.since(Date::constant(1970, 1, 1)).ok().map(|span| span.get_days())
}

fn dictionary(table: &ResultTable) -> Vec<KeyValue> {
    let told = table.columns.iter().flat_map(|column| {
        [("unit", &column.unit), ("label", &column.label)]
            .map(|(what, words)| KeyValue::new(format!("{}.{what}", column.name), words.clone()))
    });
    told.collect()
}

fn field(column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match &column.data {
        Data::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Data::Number(_) => (Physical::DOUBLE, None),
        Data::Integer(_) => (Physical::INT64, None),
        Data::Bool(_) => (Physical::BOOLEAN, None),
        Data::Date(_) => (Physical::INT32, Some(LogicalType::Date)),
    };
    let builder = Type::primitive_type_builder(&column.name, physical).with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(builder.with_logical_type(logical).build()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;
    use jiff::civil::date;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn what_is_written_is_read_again() {
        let table = ResultTable::new(vec![
            Column::text("code", "line", ["6109", "8542"]),
            Column::number("rate", "percent", "duty", [Some(7.5), None]),
            Column::integer("runs", "", "runs", [3, 4]),
        ]);
        let read = Table::parse("x.parquet".into(), &parquet_bytes(&table).unwrap()).unwrap();
        assert_eq!(read.columns(), ["code", "rate", "runs"]);
        let rows: Vec<_> = read.rows().map(|row| (row.text(0).into_owned(), row.number(1).ok())).collect();
        assert_eq!(rows[0], ("6109".to_owned(), Some(7.5)));
        assert_eq!(rows[1].0, "8542");
        assert!(rows[1].1.is_none_or(f64::is_nan), "a null is no number");
    }

    #[test]
    fn groups_of_rows_are_one_table() {
        let like = ResultTable::new(vec![
            Column::text("code", "line", Vec::<String>::new()),
            Column::number("rate", "percent", "duty", Vec::<Option<f64>>::new()),
        ]);
        let mut file = ParquetGroups::begin(Vec::new(), &like).unwrap();
        for (code, rate) in [("6109", Some(7.5)), ("8542", None)] {
            let code = code.to_owned();
            file.rows(&[Cells::Text(vec![Some(&code), None]), Cells::Number(vec![rate, Some(1.0)])]).unwrap();
        }
        let reader = SerializedFileReader::new(bytes::Bytes::from(file.end().unwrap())).unwrap();
        assert_eq!(reader.num_row_groups(), 2);
        let rows: Vec<String> =
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        let right = [
            "{code: \"6109\", rate: 7.5}",
            "{code: null, rate: 1.0}",
            "{code: \"8542\", rate: null}",
            "{code: null, rate: 1.0}",
        ];
        assert_eq!(rows, right);
    }

    /// A panel's column of last days begins with measures that nothing ends.
    #[test]
    fn text_that_begins_with_nothing_is_text() {
        let until = Data::Text(vec![None, Some("2028-01-01".to_owned())]);
        let table = ResultTable::new(vec![Column::new("until", "", "last day", until)]);
        let read = Table::parse("x.parquet".into(), &parquet_bytes(&table).unwrap()).unwrap();
        let cells: Vec<String> = read.rows().map(|row| row.text(0).into_owned()).collect();
        assert_eq!(cells, ["", "2028-01-01"]);
    }

    #[test]
    fn every_type_has_its_own_form_and_the_file_knows_units_and_labels() {
        let table = ResultTable::new(vec![
            Column::new("held", "", "held", Data::Bool(vec![Some(true), None])),
            Column::new("on", "", "day", Data::Date(vec![None, Some(date(2025, 11, 10))])),
            // Shorter than the others: empty at its end.
            Column::number("share", "fraction", "share of income", [Some(0.5)]),
        ]);
        let bytes = parquet_bytes(&table).unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let rows: Vec<String> =
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        assert_eq!(rows, ["{held: true, on: null, share: 0.5}", "{held: null, on: 2025-11-10, share: null}"]);
        let told = reader.metadata().file_metadata().key_value_metadata().unwrap();
        let of = |key: &str| told.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
        assert_eq!(of("share.unit").as_deref(), Some("fraction"));
        assert_eq!(of("share.label").as_deref(), Some("share of income"));
    }
}
