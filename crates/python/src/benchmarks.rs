//! Benchmarks made from benchmarks: grouped, balanced, moved, with other elasticities; and results in the forms of other programs.

use std::path::PathBuf;

use detente::results::{exports, stored};
use detente_data::aggregate::{self, Mapping};
use detente_data::balance;
use detente_data::benchmark_directory::write;
use detente_data::concordance::{self, Otherwise};
use detente_data::elasticities;
use detente_engine::benchmark::Benchmark;
use detente_tables::folder::Folder;
use detente_tables::table::Table;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{input, raise};
use crate::world::World;

/// Files of a benchmark by name, and what was done, as JSON.
type Made = (Vec<(String, String)>, String);

fn table(py: Python<'_>, (label, text): &(String, String)) -> PyResult<Table> {
    Table::parse(label.clone(), text.as_bytes())
        .map_err(|problem| input(py, "BenchmarkError", &problem.into()))
}

fn written(world: &World, made: &Benchmark) -> Vec<(String, String)> {
    let held = &world.directory;
    write::files(made, &held.quality, &held.tariff_provenance, write::Precision::default())
}

fn told(py: Python<'_>, report: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(report).map_err(|error| raise(py, "InternalError", &error.to_string(), None))
}

/// Groups of economies and of sectors by one map; what it did not use, as JSON.
#[pyfunction]
pub fn aggregated(py: Python<'_>, world: &World, map: (String, String), drop_unused: bool) -> PyResult<Made> {
    let held = &world.directory;
    let read = table(py, &map)?;
    let maps = Mapping::of_map(&read, &held.benchmark, drop_unused)
        .map_err(|problems| input(py, "BenchmarkError", &problems))?;
    let made = aggregate::aggregate(&held.benchmark, &maps.economies, &maps.sectors);
    let quality = aggregate::quality(held, &maps.economies);
    let provenance = aggregate::provenance(held, &maps.economies);
    Ok((write::files(&made, &quality, &provenance, write::Precision::default()), told(py, &maps.unused)?))
}

/// Flows balanced to totals.
#[pyfunction]
pub fn balanced(py: Python<'_>, world: &World, targets: (String, String)) -> PyResult<Made> {
    let targets = table(py, &targets)?;
    let found = py.detach(|| balance::balance(&world.directory.benchmark, &targets));
    let (made, report) = found.map_err(|problems| input(py, "BenchmarkError", &problems))?;
    Ok((written(world, &made), told(py, &report)?))
}

/// Flows moved by factors.
#[pyfunction]
pub fn extrapolated(py: Python<'_>, world: &World, growth: (String, String), label: &str) -> PyResult<Made> {
    let growth = table(py, &growth)?;
    let found = py.detach(|| balance::extrapolate(&world.directory.benchmark, &growth, label));
    let (made, report) = found.map_err(|problems| input(py, "BenchmarkError", &problems))?;
    Ok((written(world, &made), told(py, &report)?))
}

/// The elasticities of a set, by its name or as the text of a file; `otherwise`: what a sector has that neither knows.
#[pyfunction]
#[pyo3(signature = (world, set, text = None, concordance = None, otherwise = "refused"))]
pub fn with_elasticities(
    py: Python<'_>,
    world: &World,
    set: &str,
    text: Option<&str>,
    concordance: Option<(String, String)>,
    otherwise: &str,
) -> PyResult<Made> {
    let refused = |message: String| raise(py, "BenchmarkError", &message, None);
    let found = match text {
        Some(text) => elasticities::parse(set, text),
        None => elasticities::named(set),
    };
    let found = found.map_err(|error| refused(error.to_string()))?;
    let mapped = concordance.as_ref().map(|given| table(py, given)).transpose()?;
    let word = Otherwise::WORDS.iter().find(|(word, _)| *word == otherwise);
    let (_, rule) =
        word.ok_or_else(|| refused(format!("otherwise `{otherwise}`: `refused`, `median` or `kept`")))?;
    let (made, report) = concordance::lay(&found, &world.directory.benchmark, mapped.as_ref(), *rule)
        .map_err(|problems| input(py, "BenchmarkError", &problems))?;
    Ok((written(world, &made), told(py, &report)?))
}

/// The files of a form that a folder of results makes.
#[pyfunction]
pub fn exported<'py>(
    py: Python<'py>,
    results: PathBuf,
    form: &str,
) -> PyResult<Vec<(String, Bound<'py, PyBytes>)>> {
    let refused = |message: String| raise(py, "InputError", &message, None);
    let word = exports::Form::WORDS.iter().find(|(word, _)| *word == form);
    let (_, form) = word.ok_or_else(|| {
        let known: Vec<&str> = exports::Form::WORDS.iter().map(|(word, _)| *word).collect();
        refused(format!("form `{form}`: one of {}", known.join(", ")))
    })?;
    let folder = Folder::open(&results).map_err(|problem| refused(problem.to_string()))?;
    let stored = stored::read(&folder).map_err(|problem| refused(problem.to_string()))?;
    let files = exports::files(&stored, *form).map_err(|problem| refused(problem.to_string()))?;
    Ok(files.into_iter().map(|(name, bytes)| (name, PyBytes::new(py, &bytes))).collect())
}
