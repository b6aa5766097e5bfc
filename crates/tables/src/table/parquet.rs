//! Tables as Parquet, read without Arrow: flat columns of text or numbers.

use bytes::Bytes;
use parquet::basic::Type as Physical;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::TypePtr;

use super::{Body, Column, Table};
use crate::diagnostics::{Finding, Place, Problem};

pub(super) fn parse(file: String, bytes: &[u8], most: usize) -> Result<Table, Problem> {
    let refuse = |reason: String| Problem::whole(file.clone(), Finding::Syntax { reason });
    if bytes.is_empty() {
        return Err(Problem::whole(
            file,
            Finding::Empty { right: "a Parquet file has a schema and rows".into() },
        ));
    }
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes))
        .map_err(|error| refuse(format!("not a Parquet file that can be read: {error}")))?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let columns: Vec<String> =
        schema.root_schema().get_fields().iter().map(|field| field.name().to_string()).collect();
    // A column of text is one, though its first cells be missing.
    let is_text = |field: &TypePtr| field.is_primitive() && field.get_physical_type() == Physical::BYTE_ARRAY;
    let kinds = schema.root_schema().get_fields().iter();
    let mut values: Vec<Option<Column>> =
        kinds.map(|field| is_text(field).then(|| Column::Text(Vec::new()))).collect();
    if usize::try_from(reader.metadata().file_metadata().num_rows()).is_ok_and(|rows| rows > most) {
        return Err(super::too_long(file, Place::Whole, most));
    }
    let rows = reader.get_row_iter(None).map_err(|error| refuse(error.to_string()))?;
    for (index, row) in rows.enumerate() {
        let row = row.map_err(|error| refuse(format!("row {}: {error}", index + 1)))?;
        for (position, (name, field)) in row.get_column_iter().enumerate() {
            push(&mut values[position], field).map_err(|reason| {
                let reason = format!("column `{name}`: {reason}");
                Problem::at(file.clone(), Place::Row(index as u64 + 1), Finding::Syntax { reason })
            })?;
        }
    }
    let body =
        Body::Columns(values.into_iter().map(|column| column.unwrap_or(Column::Text(Vec::new()))).collect());
    Ok(Table { file, columns, body })
}

/// Adds a field to its column. The first row decides between text and number; a missing number is not a number and is
/// refused where a number is asked for.
fn push(column: &mut Option<Column>, field: &Field) -> Result<(), String> {
    if let Field::Str(text) = field {
        return match column.get_or_insert_with(|| Column::Text(Vec::new())) {
            Column::Text(values) => {
                values.push(text.clone());
                Ok(())
            }
            Column::Number(_) => Err(format!("the text `{text}` in a column of numbers")),
        };
    }
    let number = match field {
        Field::Null => f64::NAN,
        Field::Byte(value) => f64::from(*value),
        Field::Short(value) => f64::from(*value),
        Field::Int(value) => f64::from(*value),
        Field::Long(value) => *value as f64,
        Field::UByte(value) => f64::from(*value),
        Field::UShort(value) => f64::from(*value),
        Field::UInt(value) => f64::from(*value),
        Field::ULong(value) => *value as f64,
        // The shortest decimal of the single-precision number is what was meant, not its binary neighbour.
        Field::Float(value) => value.to_string().parse().unwrap_or(f64::from(*value)),
        Field::Double(value) => *value,
        other => return Err(format!("`{other}` is neither text nor a number")),
    };
    match column.get_or_insert_with(|| Column::Number(Vec::new())) {
        Column::Number(values) => values.push(number),
        Column::Text(values) if number.is_nan() => values.push(String::new()),
        Column::Text(_) => return Err(format!("the number {number} in a column of text")),
    }
    Ok(())
}
