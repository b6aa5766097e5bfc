//! The record of measures: duties, what is in force, what lapses, talks.

use std::collections::HashMap;
use std::path::PathBuf;

use detente_ledger::Ledger;
use detente_ledger::duty::{Question, Settled};
use detente_ledger::products::ProductCode;
use detente_ledger::schedule::Reading;
use detente_ledger::status::{AsOf, lapses, status};
use detente_ledger::tariff::Tariffs;
use jiff::civil::Date;
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::errors::record;

/// The record with its tariff lines.
#[pyclass(frozen, module = "detente._native")]
pub struct Record {
    tariffs: Tariffs,
}

fn day(py: Python<'_>, typed: &str) -> PyResult<Date> {
    detente_ledger::date(typed).map_err(|error| record(py, error))
}

fn clock(py: Python<'_>, on: &str, known_on: Option<&str>) -> PyResult<AsOf> {
    let on = day(py, on)?;
    let known_on = match known_on {
        None => on,
        Some("latest") => jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().max(on),
        Some(typed) => day(py, typed)?,
    };
    Ok(AsOf { on, known_on })
}

fn json(py: Python<'_>, value: &impl Serialized) -> PyResult<String> {
    value.text().map_err(|error| crate::errors::raise(py, "InternalError", &error, None))
}

/// What can be written as JSON.
trait Serialized {
    fn text(&self) -> Result<String, String>;
}

impl<T: serde::Serialize> Serialized for T {
    fn text(&self) -> Result<String, String> {
        serde_json::to_string(self).map_err(|error| error.to_string())
    }
}

#[pymethods]
impl Record {
    /// The record that the package carries, with folders of your own over it.
    #[staticmethod]
    #[pyo3(signature = (measures = Vec::new()))]
    fn open(py: Python<'_>, measures: Vec<PathBuf>) -> PyResult<Self> {
        let tariffs = py.detach(|| Tariffs::with_overlays(&measures)).map_err(|error| record(py, error))?;
        Ok(Self { tariffs })
    }

    /// The duty on a line, as JSON.
    #[pyo3(signature = (code, exporter, importer, on, known_on = None, claims = Vec::new(), loaded = None, given = Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "keywords of the function above it")]
    fn duty(
        &self,
        py: Python<'_>,
        code: &str,
        exporter: &str,
        importer: &str,
        on: &str,
        known_on: Option<&str>,
        claims: Vec<String>,
        loaded: Option<&str>,
        given: Vec<(String, f64)>,
    ) -> PyResult<String> {
        let AsOf { on, known_on } = clock(py, on, known_on)?;
        let code: ProductCode = code.parse().map_err(|error| record(py, error))?;
        let loaded = loaded.map(|typed| day(py, typed)).transpose()?;
        let settled = Settled { claims, loaded, given };
        let question = Question { known_on, settled, ..Question::new(code, exporter, importer, on) };
        let answer = py.detach(|| self.tariffs.duty(&question, Reading::Stated));
        json(py, &answer.map_err(|error| record(py, error))?)
    }

    /// Duties of many lines, a row each: total, least and most percent, and what is known of a duty that is no percentage.
    fn duties<'py>(
        &self,
        py: Python<'py>,
        codes: Vec<String>,
        exporters: Vec<String>,
        importers: Vec<String>,
        days: Vec<String>,
        known_on: Option<&str>,
    ) -> PyResult<Bound<'py, PyList>> {
        let rows = codes.len();
        let mut found = [vec![f64::NAN; rows], vec![f64::NAN; rows], vec![f64::NAN; rows]];
        let mut specific: Vec<Option<String>> = vec![None; rows];
        let mut known: HashMap<(&str, &str, &str, &str), usize> = HashMap::new();
        for row in 0..rows {
            let key =
                (codes[row].as_str(), exporters[row].as_str(), importers[row].as_str(), days[row].as_str());
            if let Some(before) = known.get(&key).copied() {
                found.iter_mut().for_each(|column| column[row] = column[before]);
                specific[row] = specific[before].clone();
                continue;
            }
            known.insert(key, row);
            let refuse = |error: String| record(py, format!("row {row}: {error}"));
            let AsOf { on, known_on } = clock(py, key.3, known_on)?;
            let code: ProductCode = key.0.parse().map_err(|error| refuse(format!("{error}")))?;
            let question = Question { known_on, ..Question::new(code, key.1, key.2, on) };
            let answer = py.detach(|| self.tariffs.duty(&question, Reading::Stated));
            let answer = answer.map_err(|error| refuse(error.to_string()))?;
            let value = serde_json::to_value(&answer).map_err(|error| refuse(error.to_string()))?;
            let number = |value: &serde_json::Value| value.as_f64().unwrap_or(f64::NAN);
            let total = number(&value["total_pct"]);
            let range = &value["range_pct"];
            let end = |at: usize, word: &str| match range {
                serde_json::Value::Array(ends) => ends.get(at).map_or(f64::NAN, number),
                range => number(&range[word]),
            };
            let (least, most) = (end(0, "least"), end(1, "most"));
            found[0][row] = total;
            found[1][row] = if least.is_nan() { total } else { least };
            found[2][row] = if most.is_nan() { total } else { most };
            specific[row] = value["specific"].as_str().map(str::to_string);
            if row % 64 == 0 {
                py.check_signals()?;
            }
        }
        let [total, least, most] = found.map(|column| PyArray1::from_vec(py, column));
        PyList::new(
            py,
            [total.into_any(), least.into_any(), most.into_any(), specific.into_pyobject(py)?.into_any()],
        )
    }

    /// Where talks stand on a day, as JSON.
    #[pyo3(signature = (talks, on, known_on = None))]
    fn status(&self, py: Python<'_>, talks: &str, on: &str, known_on: Option<&str>) -> PyResult<String> {
        let clock = clock(py, on, known_on)?;
        let talks = self.tariffs.ledger().talks(talks).map_err(|error| record(py, error))?;
        json(py, &status(self.tariffs.ledger(), &talks, clock, Some(&self.tariffs)))
    }

    /// What lapses on a day (the next deadline where none is given), as JSON; none where no deadline is set.
    #[pyo3(signature = (talks, date = None, on = None, known_on = None))]
    fn lapses(
        &self,
        py: Python<'_>,
        talks: &str,
        date: Option<&str>,
        on: Option<&str>,
        known_on: Option<&str>,
    ) -> PyResult<Option<String>> {
        let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string();
        let clock = clock(py, on.unwrap_or(&today), known_on)?;
        let talks = self.tariffs.ledger().talks(talks).map_err(|error| record(py, error))?;
        let date = match date {
            Some(typed) => Some(day(py, typed)?),
            None => talks.next_deadline(clock),
        };
        let Some(date) = date else { return Ok(None) };
        let found = lapses(self.tariffs.ledger(), &talks, date, clock, Some(&self.tariffs));
        let mut value = serde_json::to_value(&found).unwrap_or_default();
        value["date"] = serde_json::json!(date.to_string());
        Ok(Some(value.to_string()))
    }
}

/// Codes of the talks on record.
#[pyfunction]
pub fn talks_ids(py: Python<'_>) -> PyResult<Vec<String>> {
    let ledger = Ledger::embedded().map_err(|error| record(py, error))?;
    Ok(ledger.talks_ids().into_iter().map(str::to_string).collect())
}
