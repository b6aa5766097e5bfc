//! Tables as columns, and tables as files.

use detente_exchange::excel::{self, Sheet};
use detente_exchange::har::{self as arrays, Data as HarData};
use detente_exchange::stata;
use detente_tables::result_table::{Column, Data, ResultTable};
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};

use crate::errors::raise;

/// A table as a list of columns: name, unit, label, type, and cells. Numbers are an array with not-a-number where nothing is known; words are
/// codes (−1 where there is none) and the words that they stand for.
pub fn columns<'py>(py: Python<'py>, table: &ResultTable) -> PyResult<Bound<'py, PyList>> {
    let length = table.len();
    let listed = table.columns.iter().map(|column| {
        let cells = cells(py, column, length)?;
        let kind = column.data.type_word();
        (&column.name, &column.unit, &column.label, kind, cells).into_pyobject(py)
    });
    PyList::new(py, listed.collect::<PyResult<Vec<Bound<'py, PyTuple>>>>()?)
}

fn cells<'py>(py: Python<'py>, column: &Column, length: usize) -> PyResult<Bound<'py, PyAny>> {
    let numbers = |values: Vec<f64>| PyArray1::from_vec(py, values).into_any();
    let padded = |mut values: Vec<f64>| {
        values.resize(length, f64::NAN);
        numbers(values)
    };
    Ok(match &column.data {
        Data::Number(cells) => padded(cells.iter().map(|cell| cell.unwrap_or(f64::NAN)).collect()),
        Data::Integer(cells) => {
            padded(cells.iter().map(|cell| cell.map_or(f64::NAN, |cell| cell as f64)).collect())
        }
        Data::Bool(cells) => cells.clone().into_pyobject(py)?.into_any(),
        Data::Date(cells) => {
            let days: Vec<Option<String>> = cells.iter().map(|day| day.map(|day| day.to_string())).collect();
            days.into_pyobject(py)?.into_any()
        }
        Data::Text(cells) => {
            let mut known: std::collections::HashMap<&str, i32> = std::collections::HashMap::new();
            let mut words: Vec<&str> = Vec::new();
            let mut codes: Vec<i32> = Vec::with_capacity(length);
            for cell in cells {
                codes.push(match cell {
                    None => -1,
                    Some(word) => *known.entry(word).or_insert_with(|| {
                        words.push(word);
                        words.len() as i32 - 1
                    }),
                });
            }
            codes.resize(length, -1);
            (PyArray1::from_vec(py, codes), words).into_pyobject(py)?.into_any()
        }
    })
}

/// A column as Python gives it: name, unit, label, type, words or numbers.
#[derive(FromPyObject)]
pub struct Given {
    #[pyo3(item)]
    name: String,
    #[pyo3(item)]
    unit: String,
    #[pyo3(item)]
    label: String,
    #[pyo3(item)]
    words: Option<Vec<Option<String>>>,
    #[pyo3(item)]
    numbers: Option<Vec<Option<f64>>>,
}

fn table(given: Vec<Given>) -> ResultTable {
    let columns = given.into_iter().map(|column| {
        let data = match (column.words, column.numbers) {
            (Some(words), _) => Data::Text(words),
            (None, numbers) => {
                let numbers = numbers.unwrap_or_default().into_iter();
                Data::Number(numbers.map(|number| number.filter(|number| number.is_finite())).collect())
            }
        };
        Column::new(column.name, column.unit, column.label, data)
    });
    ResultTable::new(columns.collect())
}

/// A table as the bytes of a file: `csv`, `parquet` or `dta`.
#[pyfunction]
pub fn write_table<'py>(
    py: Python<'py>,
    given: Vec<Given>,
    form: &str,
    label: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    let table = table(given);
    let refused = |error: String| raise(py, "WriteError", &error, None);
    let bytes = match form {
        "dta" => stata::data(label, &table).map_err(|error| refused(error.to_string()))?,
        "parquet" => {
            detente_tables::table::parquet_bytes(&table).map_err(|error| refused(error.to_string()))?
        }
        _ => table.csv().into_bytes(),
    };
    Ok(PyBytes::new(py, &bytes))
}

/// Tables as the bytes of a workbook, a sheet each.
#[pyfunction]
pub fn write_workbook<'py>(
    py: Python<'py>,
    sheets: Vec<(String, Vec<Given>)>,
) -> PyResult<Bound<'py, PyBytes>> {
    let sheets: Vec<Sheet> =
        sheets.into_iter().map(|(name, given)| Sheet { name, table: table(given) }).collect();
    let bytes =
        excel::workbook(&sheets).map_err(|error| raise(py, "WriteError", &error.to_string(), None))?;
    Ok(PyBytes::new(py, &bytes))
}

/// The arrays of a header-array file: name, kind, sizes, sets, elements, long name, and the numbers (first index fastest) or words.
#[pyfunction]
pub fn har<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyList>> {
    let file = arrays::read(bytes).map_err(|error| raise(py, "BenchmarkError", &error.to_string(), None))?;
    let listed = file.headers.iter().map(|header| {
        let data = match &header.data {
            HarData::Text(words) => words.into_pyobject(py)?.into_any(),
            HarData::Unread(why) => why.into_pyobject(py)?.into_any(),
            _ => PyArray1::from_vec(py, header.numbers().unwrap_or_default()).into_any(),
        };
        let described = (
            &header.name,
            &header.kind,
            header.dimensions(),
            &header.sets,
            &header.elements,
            &header.long_name,
            data,
        );
        described.into_pyobject(py)
    });
    PyList::new(py, listed.collect::<PyResult<Vec<Bound<'py, PyTuple>>>>()?)
}
