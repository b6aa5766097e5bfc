//! Dials, levers, and the least costly way to targets.

use detente::rebalance::{answer, effects_table, question};
use detente::{Closure, SolveSettings};
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::errors::raise;
use crate::frames::columns;
use crate::signals;
use crate::world::World;

/// An answer as JSON, with its tables by name.
type Answered<'py> = (String, Vec<(&'static str, Bound<'py, PyList>)>);

/// What each lever does to each dial of two economies; `text`: levers of one's own, read as the file `label`.
#[pyfunction]
#[pyo3(signature = (world, economies, label = None, text = None))]
pub fn levers<'py>(
    py: Python<'py>,
    world: &World,
    economies: Vec<String>,
    label: Option<String>,
    text: Option<String>,
) -> PyResult<(Vec<String>, Bound<'py, PyList>)> {
    let file = label.as_deref().zip(text.as_deref());
    let (directory, closure, settings) = (&*world.directory, Closure::default(), SolveSettings::default());
    let found = py.detach(|| effects_table::levers(directory, &closure, &economies, file, &settings));
    let found = found.map_err(|error| raise(py, "ScenarioError", &error.to_string(), None))?;
    Ok((found.notes.clone(), columns(py, &found.table())?))
}

/// The least costly mix of levers that meets targets: `text` is the question, read as the file `label`.
#[pyfunction]
#[pyo3(signature = (world, label, text, starts = 1))]
pub fn rebalance<'py>(
    py: Python<'py>,
    world: &World,
    label: String,
    text: String,
    starts: usize,
) -> PyResult<Answered<'py>> {
    let (directory, record) = (&*world.directory, &*world.record);
    let found = signals::interruptible(py, |_| {
        let asked = question::read(&label, &text, directory, Some(record), &SolveSettings::default())?;
        answer::ask(asked, directory, Some(record), starts)
    })?;
    let found = found.map_err(|error| {
        let class = if error.is_wrong_input() { "ScenarioError" } else { "NoAnswer" };
        raise(py, class, &error.to_string(), None)
    })?;
    let tables = [("targets", found.targets()), ("levers", found.levers())];
    let tables = tables.iter().map(|(name, table)| Ok((*name, columns(py, table)?)));
    Ok((found.json().to_string(), tables.collect::<PyResult<Vec<_>>>()?))
}
