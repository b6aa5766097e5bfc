//! Sweeps: one scenario asked many times, into a folder, whole or in parts.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use detente::SolveSettings;
use detente::sweep::{self as sweeping, SweepError, merge, shard::Shard, spec::Spec};
use pyo3::prelude::*;

use crate::errors::raise;
use crate::signals;
use crate::world::World;

fn refused(py: Python<'_>, error: &impl ToString) -> PyErr {
    raise(py, "SweepError", &error.to_string(), None)
}

fn run(
    py: Python<'_>,
    world: &World,
    spec: &Path,
    out: &Path,
    part: Option<Shard>,
    threads: Option<NonZeroUsize>,
) -> PyResult<String> {
    let spec = Spec::open(spec).map_err(|error| refused(py, &error))?;
    let (directory, record) = (&*world.directory, &*world.record);
    let found = signals::interruptible(py, |mut control| {
        control.threads = threads;
        let settings = SolveSettings::default();
        sweeping::run_part(&spec, directory, Some(record), &settings, &control, out, part, |_, _| {})
    })?;
    match found {
        Ok(summary) => Ok(summary.json(directory).to_string()),
        Err(error @ SweepError::Run { .. }) => Err(raise(py, "NoAnswer", &error.to_string(), None)),
        Err(error) => Err(refused(py, &error)),
    }
}

/// Runs a sweep into a folder; gives its summary as JSON. Ctrl-C keeps what is found, and the same call takes it up.
#[pyfunction]
pub fn sweep(py: Python<'_>, world: &World, spec: PathBuf, out: PathBuf) -> PyResult<String> {
    run(py, world, &spec, &out, None, None)
}

/// Part `index` of `of`, counted from one, into a folder of its own below `out`, on one thread: what runs it has many.
#[pyfunction]
pub fn sweep_part(
    py: Python<'_>,
    world: &World,
    spec: PathBuf,
    out: PathBuf,
    index: usize,
    of: usize,
) -> PyResult<String> {
    let part: Shard = format!("{index}/{of}").parse().map_err(|error: String| refused(py, &error))?;
    run(py, world, &spec, &out, Some(part), Some(NonZeroUsize::MIN))
}

/// The parts below a folder put together; how many runs there are.
#[pyfunction]
pub fn sweep_merge(py: Python<'_>, folder: PathBuf, out: PathBuf) -> PyResult<usize> {
    merge::merge(&folder, &out, false).map(|merged| merged.runs).map_err(|error| refused(py, &error))
}

/// The files that a specification needs, itself first.
#[pyfunction]
pub fn sweep_files(py: Python<'_>, spec: PathBuf) -> PyResult<Vec<PathBuf>> {
    let read = Spec::open(&spec).map_err(|error| refused(py, &error))?;
    let mut files = vec![spec];
    if let Some(folder) = read.folder() {
        files.push(PathBuf::from(read.scenario_label()));
        files.extend(read.files().iter().map(|file| folder.join(file)));
    }
    Ok(files)
}
