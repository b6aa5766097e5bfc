//! Tables as CSV: UTF-8, comma separated, a header row; `.csv.gz` is the same compressed.

use super::{Body, Row, Table};
use crate::diagnostics::{Finding, Place, Problem};
use crate::input_file;

pub(super) fn parse(file: String, bytes: &[u8], most: usize) -> Result<Table, Problem> {
    let unpacked;
    let bytes = if file.ends_with(".gz") {
        unpacked = input_file::gunzip(bytes).map_err(|finding| Problem::whole(file.clone(), finding))?;
        unpacked.as_slice()
    } else {
        bytes
    };
    // Spreadsheets put a byte-order mark before the header.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let right = "a table has a header row and at least one row below it".to_string();
        return Err(Problem::whole(file, Finding::Empty { right }));
    }
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let columns = match reader.headers() {
        Ok(header) => header.iter().map(str::to_string).collect(),
        Err(error) => return Err(syntax(file, &error)),
    };
    let mut records: Vec<csv::StringRecord> = Vec::new();
    for record in reader.into_records() {
        match record {
            Ok(record) if records.len() == most => {
                let place = record.position().map_or(Place::Whole, |position| Place::Line(position.line()));
                return Err(super::too_long(file, place, most));
            }
            Ok(record) => records.push(record),
            Err(error) => return Err(syntax(file, &error)),
        }
    }
    Ok(Table { file, columns, body: Body::Records(records) })
}

/// Rows that are held at a time.
const BLOCK: usize = 1024;

pub(super) fn each_row(
    file: &str,
    bytes: impl std::io::Read,
    mut each: impl FnMut(Row<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let columns = match reader.headers() {
        Ok(header) => header.iter().map(str::to_string).collect(),
        Err(error) => return Err(syntax(file.to_owned(), &error)),
    };
    let mut records = reader.into_records();
    let mut block = Table { file: file.to_owned(), columns, body: Body::Records(Vec::new()) };
    loop {
        let held = records.by_ref().take(BLOCK).collect::<Result<Vec<_>, _>>();
        let held = held.map_err(|error| syntax(file.to_owned(), &error))?;
        if held.is_empty() {
            return Ok(());
        }
        block.body = Body::Records(held);
        block.rows().try_for_each(&mut each)?;
    }
}

fn syntax(file: String, error: &csv::Error) -> Problem {
    let place = error.position().map_or(Place::Whole, |position| Place::Line(position.line()));
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields where the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "not UTF-8; save the file as UTF-8".to_string(),
        _ => error.to_string(),
    };
    Problem::at(file, place, Finding::Syntax { reason })
}

/// A table as CSV text.
pub fn csv_text<R>(header: &[&str], rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator,
    R::Item: AsRef<[u8]>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail; a row of another width would be a fault of ours and shows up when it is read back.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A number with all its digits, so that reading it gives the same number; empty where there is none.
pub fn digits(value: Option<f64>) -> String {
    match value {
        Some(value) if value.is_finite() => {
            let size = value.abs();
            if value != 0.0 && !(1e-6..1e17).contains(&size) {
                format!("{value:e}")
            } else {
                format!("{value}")
            }
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four kilobytes that hold four megabytes of zeros are small enough to be looked at; forty are not.
    #[test]
    fn what_unpacks_beyond_all_measure_is_refused_before_it_fills_the_memory() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..40 {
            packed.write_all(&[0; 1 << 20]).expect("packed");
        }
        let bytes = packed.finish().expect("packed");
        let refused = parse("trade.csv.gz".into(), &bytes, usize::MAX).expect_err("refused").to_string();
        assert!(refused.contains("unpack to more than 16777216"), "{refused}");
    }

    #[test]
    fn a_table_with_more_rows_than_keys_is_refused_at_the_row() {
        let text = format!("a,b\n{}", "x,1\n".repeat(5000));
        let refused = Table::parse_of("t.csv".into(), text.as_bytes(), 8).expect_err("refused").to_string();
        assert!(refused.starts_with("t.csv:1010: more than 1008 rows"), "{refused}");
        assert_eq!(Table::parse_of("t.csv".into(), text.as_bytes(), 4000).expect("read").len(), 5000);
    }

    #[test]
    fn digits_read_back_to_the_same_number_and_nothing_is_nan() {
        for value in [0.0, -0.3228290269, 1e-12, 6.02e23, 123456789.123] {
            assert_eq!(digits(Some(value)).parse::<f64>(), Ok(value));
        }
        assert_eq!(digits(None), "");
        assert_eq!(digits(Some(f64::NAN)), "");
    }
}
