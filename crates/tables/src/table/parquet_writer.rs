//! Result tables written as Parquet, without Arrow: flat optional columns in one row group. Unit and label of each column stand in the
//! file's metadata as `NAME.unit` and `NAME.label`.

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
    let fields = table.columns.iter().map(field).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(dictionary(table)))
        .build();
    let rows = table.len();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
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
