//! Tables written as Parquet, without Arrow: flat columns of text or numbers, in one row group.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

/// A column to write; what is missing is null and neither zero nor an empty word.
#[derive(Debug, Clone, PartialEq)]
pub enum ParquetColumn {
    /// Text.
    Text(Vec<Option<String>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
}

/// The bytes of a Parquet file with these named columns, all of one length.
pub fn parquet_bytes(columns: &[(&str, ParquetColumn)]) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.iter().map(|(name, column)| field(name, column)).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(fields).build()?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (_, column) in columns {
        let Some(mut out) = group.next_column()? else { break };
        match column {
            ParquetColumn::Text(cells) => {
                let values: Vec<ByteArray> =
                    cells.iter().flatten().map(|cell| ByteArray::from(cell.as_str())).collect();
                out.typed::<ByteArrayType>().write_batch(&values, Some(&present(cells)), None)?;
            }
            ParquetColumn::Number(cells) => {
                let values: Vec<f64> = cells.iter().flatten().copied().collect();
                out.typed::<DoubleType>().write_batch(&values, Some(&present(cells)), None)?;
            }
        }
        out.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

fn field(name: &str, column: &ParquetColumn) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column {
        ParquetColumn::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ParquetColumn::Number(_) => (Physical::DOUBLE, None),
    };
    let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(builder.with_logical_type(logical).build()?))
}

/// One where a cell is there, zero where it is null: Parquet's definition levels.
fn present<T>(cells: &[Option<T>]) -> Vec<i16> {
    cells.iter().map(|cell| i16::from(cell.is_some())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    #[test]
    fn what_is_written_is_read_again() {
        let bytes = parquet_bytes(&[
            ("code", ParquetColumn::Text(vec![Some("6109".into()), Some("8542".into())])),
            ("rate", ParquetColumn::Number(vec![Some(7.5), None])),
        ])
        .unwrap();
        let table = Table::parse("x.parquet".into(), &bytes).unwrap();
        assert_eq!(table.columns(), ["code", "rate"]);
        let rows: Vec<_> = table.rows().map(|row| (row.text(0).into_owned(), row.number(1).ok())).collect();
        assert_eq!(rows[0], ("6109".to_owned(), Some(7.5)));
        assert_eq!(rows[1].0, "8542");
        assert!(rows[1].1.is_none_or(f64::is_nan), "a null is no number");
    }
}
