//! An answer: tables by name, arrays, gradients, bands, files.

use std::path::PathBuf;
use std::sync::Arc;

use detente::answer::Answer;
use detente::counterfactual::Counterfactual;
use detente::results::{self, gradient};
use detente::uncertainty::{BandError, BandSettings, headline};
use detente::{first_year, strategy};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::first_year::FirstYear;
use detente_report::strategy::answer as reported;
use detente_tables::output::{Content, OutputFile, TableForm};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::errors::raise;
use crate::{arrays, frames, signals};

/// An answer to a scenario or to a game.
#[pyclass(frozen, module = "detente._native")]
pub struct Solution {
    pub(crate) directory: Arc<BenchmarkDirectory>,
    pub(crate) answer: Answer,
    /// Files and summary of a game, whose point the answer is.
    pub(crate) game: Option<(Vec<OutputFile>, String)>,
}

impl Solution {
    /// The point of a game.
    pub(crate) fn of_game(directory: Arc<BenchmarkDirectory>, found: strategy::answer::Answer) -> Self {
        let files = reported::files(&directory, &found);
        let (lines, count) = reported::lines(&found);
        // Where no line answers the question itself, all do.
        let count = if count == 0 { lines.len() } else { count };
        let lines: Vec<&String> = lines.iter().take(count).collect();
        let mut json = reported::json_of(&directory, &found);
        json["headlines"] = serde_json::json!(lines);
        json["title"] = serde_json::json!(found.title);
        let answer = Answer::Equilibrium(Box::new(found.counterfactual));
        Self { directory, answer, game: Some((files, json.to_string())) }
    }

    fn output(&self) -> Vec<OutputFile> {
        if let Some((files, _)) = &self.game {
            return files.clone();
        }
        match &self.answer {
            Answer::Equilibrium(answer) => results::files(&self.directory, answer, &[]),
            Answer::FirstYear(answer) => first_year::files(&self.directory, answer),
            _ => Vec::new(),
        }
    }

    fn equilibrium(&self, py: Python<'_>, what: &str) -> PyResult<&Counterfactual> {
        self.answer.equilibrium().ok_or_else(|| {
            let message =
                format!("{what} is of an equilibrium, and this answer is none (it is {})", self.kind());
            raise(py, "Undefined", &message, None)
        })
    }
}

#[pymethods]
impl Solution {
    /// `equilibrium`, `first-year` or `exposure`.
    fn kind(&self) -> &'static str {
        match &self.answer {
            Answer::Equilibrium(_) => "equilibrium",
            Answer::FirstYear(_) => "first-year",
            _ => "exposure",
        }
    }

    /// Names of its tables.
    fn tables(&self) -> Vec<String> {
        let files = self.output().into_iter();
        files.filter(|file| matches!(file.content, Content::Table(_))).map(|file| file.name).collect()
    }

    /// A table by its name, as columns; none where there is none.
    fn table<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyList>>> {
        let found = self.output().into_iter().find(|file| file.name == name);
        match found.map(|file| file.content) {
            Some(Content::Table(table)) => frames::columns(py, &table).map(Some),
            _ => Ok(None),
        }
    }

    /// The summary, as JSON.
    fn summary(&self) -> String {
        let summary = match (&self.game, &self.answer) {
            (Some((_, json)), _) => return json.clone(),
            (None, Answer::Equilibrium(answer)) => results::summary(&self.directory, answer),
            (None, Answer::FirstYear(answer)) => first_year::summary(&self.directory, answer),
            (None, Answer::Exposure { scenario, measures }) => serde_json::json!({
                "scenario": scenario.name, "measurable": false, "not_measurable_here": measures,
            }),
            (None, _) => serde_json::Value::Null,
        };
        summary.to_string()
    }

    /// What every reader should know.
    fn caveats(&self) -> Vec<String> {
        self.answer.caveats()
    }

    /// Border values before and after, and tariff rates after, `[importer, exporter, sector]`.
    fn array<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let held = slf.get();
        let answer = held.equilibrium(slf.py(), name)?;
        let values = match name {
            "trade_before" => &answer.outcomes.trade_before,
            "trade_after" => &answer.outcomes.trade_after,
            "tariffs_before" => &answer.baseline.instruments.tariff_rate,
            _ => &answer.equilibrium.instruments.tariff_rate,
        };
        arrays::cells(slf.as_any(), values, held.directory.benchmark.economies.len())
    }

    /// Derivatives of the logarithm of an outcome, named as `welfare:CODE`: the table, and arrays by instrument.
    fn gradient<'py>(
        &self,
        py: Python<'py>,
        wanted: &str,
    ) -> PyResult<(Bound<'py, PyList>, Bound<'py, PyDict>)> {
        let answer = self.equilibrium(py, "a gradient")?;
        let refuse = |error: String| raise(py, "InputError", &error, None);
        let wanted = gradient::parse(wanted, answer).map_err(|error| refuse(error.to_string()))?;
        let found =
            py.detach(|| gradient::solve(answer, &wanted)).map_err(|error| refuse(error.to_string()))?;
        let economies = self.directory.benchmark.economies.len();
        let held = PyDict::new(py);
        for (name, values) in
            [("tariff", &found.tariff), ("export_tax", &found.export_tax), ("trade_cost", &found.trade_cost)]
        {
            let sectors = values.len() / (economies * economies).max(1);
            let flat = numpy::PyArray1::from_slice(py, values);
            let shaped = numpy::PyArrayMethods::reshape(&flat, [sectors, economies, economies])?;
            held.set_item(name, shaped.as_any().call_method1("transpose", (1, 2, 0))?)?;
        }
        held.set_item("productivity", arrays::pairs(py, &found.productivity, economies)?)?;
        held.set_item("endowment", numpy::PyArray1::from_slice(py, &found.endowment))?;
        held.set_item("deficit", numpy::PyArray1::from_slice(py, &found.deficit))?;
        Ok((frames::columns(py, &gradient::table(answer, &found))?, held))
    }

    /// Medians and 5-to-95 bands of the headlines over elasticities and deficits.
    fn bands<'py>(&self, py: Python<'py>, draws: usize) -> PyResult<Bound<'py, PyList>> {
        let refuse = |error: String| raise(py, "InputError", &error, None);
        let bands = match &self.answer {
            Answer::FirstYear(answer) => {
                let benchmark = &self.directory.benchmark;
                let found = signals::interruptible(py, |control| {
                    let settings = BandSettings { draws, control, ..BandSettings::default() };
                    let question = FirstYear::new(benchmark)?;
                    let cases = (
                        question.case(&answer.tariffs_before, &[])?,
                        question.case(&answer.tariffs_after, &[])?,
                    );
                    headline::first_year_bands(
                        &question,
                        [&cases.0, &cases.1],
                        &answer.parameters,
                        &settings,
                        None,
                    )
                })?;
                found.map_err(|error: BandError| refuse(error.to_string()))?
            }
            _ => {
                let answer = self.equilibrium(py, "a band")?;
                let found = signals::interruptible(py, |control| {
                    answer.bands(&BandSettings { draws, control, ..BandSettings::default() })
                })?;
                found.map_err(|error| refuse(error.to_string()))?
            }
        };
        frames::columns(py, &bands.table())
    }

    /// Writes the folder that `--out` writes.
    fn write(&self, py: Python<'_>, out: PathBuf, form: &str) -> PyResult<Vec<String>> {
        let form = if form == "parquet" { TableForm::Parquet } else { TableForm::Csv };
        results::write(&out, &self.output(), form)
            .map_err(|error| raise(py, "WriteError", &error.to_string(), None))
    }
}
