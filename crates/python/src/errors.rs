//! Refusals as exceptions of the package: one class for each kind of mistake, with file, line, key and suggestions.

use detente::counterfactual::NoAnswer;
use detente::strategy::error::NoStrategy;
use detente_tables::diagnostics::{Finding, Place, Problem, Problems};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// An exception of a class of `detente.errors`; a fault of the package's own where there is none of the name.
pub fn raise(py: Python<'_>, class: &str, message: &str, fields: Option<&Bound<'_, PyDict>>) -> PyErr {
    let made = py
        .import("detente.errors")
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call((message,), fields));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// A refusal of an input, with everything that is wrong.
pub fn input(py: Python<'_>, class: &str, problems: &Problems) -> PyErr {
    let listed = problems.0.iter().map(|problem| described(py, problem)).collect::<PyResult<Vec<_>>>();
    let fields = || -> PyResult<Bound<'_, PyDict>> {
        let fields = PyDict::new(py);
        fields.set_item("problems", PyList::new(py, listed?)?)?;
        Ok(fields)
    };
    match fields() {
        Ok(fields) => raise(py, class, &problems.to_string(), Some(&fields)),
        Err(error) => error,
    }
}

fn described<'py>(py: Python<'py>, problem: &Problem) -> PyResult<Bound<'py, PyDict>> {
    let fields = PyDict::new(py);
    fields.set_item("file", &problem.file)?;
    let (line, key) = match &problem.place {
        Place::Whole => (None, None),
        Place::Line(line) | Place::Row(line) => (Some(*line), None),
        Place::Key(key, line) => (Some(*line), Some(key.clone())),
    };
    fields.set_item("line", line)?;
    fields.set_item("key", key)?;
    fields.set_item("message", problem.to_string())?;
    let found = match &*problem.finding {
        Finding::UnknownCode { found, .. }
        | Finding::UnknownWord { found, .. }
        | Finding::NotANumber { found, .. } => Some(found.clone()),
        Finding::UnknownColumn { column, .. } => Some(column.clone()),
        Finding::Domain { found, .. } => Some(found.to_string()),
        _ => None,
    };
    fields.set_item("found", found)?;
    let suggestion = match &*problem.finding {
        Finding::UnknownCode { suggestion, .. }
        | Finding::UnknownWord { suggestion, .. }
        | Finding::UnknownKey { suggestion }
        | Finding::UnknownFile { suggestion }
        | Finding::UnknownColumn { suggestion, .. } => suggestion.clone(),
        Finding::Missing { right, .. } | Finding::Empty { right } | Finding::NoSuchDate { right, .. } => {
            right.clone()
        }
        Finding::Domain { rule, .. } | Finding::Inconsistent { rule, .. } => rule.clone(),
        _ => String::new(),
    };
    fields.set_item("right", suggestion)?;
    Ok(fields)
}

/// Why a scenario has no answer.
pub fn no_answer(py: Python<'_>, error: &NoAnswer) -> PyErr {
    match error {
        NoAnswer::Input(problems) => input(py, "ScenarioError", problems),
        NoAnswer::NotConverged { .. } => raise(py, "NotConverged", &error.to_string(), None),
        error if error.is_wrong_input() => raise(py, "ScenarioError", &error.to_string(), None),
        error => raise(py, "NoAnswer", &error.to_string(), None),
    }
}

/// Why a game has no answer.
pub fn no_strategy(py: Python<'_>, error: &NoStrategy) -> PyErr {
    let class = match error {
        NoStrategy::Objective { .. } => "ObjectiveError",
        error if error.is_wrong_input() => "InputError",
        _ => "NoAnswer",
    };
    raise(py, class, &error.to_string(), None)
}

/// The record refuses.
pub fn record(py: Python<'_>, error: impl std::fmt::Display) -> PyErr {
    raise(py, "LedgerError", &error.to_string(), None)
}
