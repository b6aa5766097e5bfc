//! Sweeps: one scenario asked many times, into a folder, resumable.

use std::path::PathBuf;

use detente::SolveSettings;
use detente::sweep::{self as sweeping, SweepError, spec::Spec};
use pyo3::prelude::*;

use crate::errors::raise;
use crate::signals;
use crate::world::World;

/// Runs a sweep into a folder; gives its summary as JSON. Ctrl-C keeps what is found, and the same call takes it up.
#[pyfunction]
pub fn sweep(py: Python<'_>, world: &World, spec: PathBuf, out: PathBuf) -> PyResult<String> {
    let refuse = |error: String| raise(py, "SweepError", &error, None);
    let spec = Spec::open(&spec).map_err(|error| refuse(error.to_string()))?;
    let (directory, record) = (&*world.directory, &*world.record);
    let found = signals::interruptible(py, |control| {
        sweeping::run(&spec, directory, Some(record), &SolveSettings::default(), &control, &out, |_, _| {})
    })?;
    match found {
        Ok(summary) => Ok(summary.json(directory).to_string()),
        Err(error @ SweepError::Run { .. }) => Err(raise(py, "NoAnswer", &error.to_string(), None)),
        Err(error) => Err(refuse(error.to_string())),
    }
}
