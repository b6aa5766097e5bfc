//! A benchmark with its record, and questions asked of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use detente::collection::Basis;
use detente::ledger_tariffs::EmbeddedRecord;
use detente::scenario::{self, document::Scenario as Document};
use detente::{SolveSettings, answer};
use detente_data::benchmark_directory::{self, BenchmarkDirectory, write};
use detente_data::default_world;
use detente_data::import::recipe::Recipe;
use detente_data::import::{self, rules};
use detente_tables::folder::Folder;
use pyo3::prelude::*;

use crate::errors::{input, no_answer, raise};
use crate::solution::Solution;
use crate::{arrays, signals};

/// A benchmark and the record.
#[pyclass(frozen, module = "detente._native")]
pub struct World {
    pub(crate) directory: Arc<BenchmarkDirectory>,
    pub(crate) record: Arc<EmbeddedRecord>,
}

impl World {
    fn of(directory: BenchmarkDirectory, measures: Vec<PathBuf>) -> Self {
        Self { directory: Arc::new(directory), record: Arc::new(EmbeddedRecord::default().over(measures)) }
    }
}

/// A scenario's text with the folder of its tables: read from a file where it has one.
fn document(py: Python<'_>, text: &str, path: Option<&str>) -> PyResult<Document> {
    let read = match path {
        Some(path) => Document::read(path),
        None => Document::from_toml(text),
    };
    read.map_err(|problem| input(py, "ScenarioError", &problem.into()))
}

/// A scenario as it is meant on a world.
pub(crate) fn meant(
    py: Python<'_>,
    world: &World,
    text: &str,
    path: Option<&str>,
    basis: Option<&str>,
) -> PyResult<scenario::meant::Scenario> {
    let document = document(py, text, path)?;
    let text = document.to_toml().map_err(|problem| input(py, "ScenarioError", &problem.into()))?;
    let (label, folder) = match path {
        Some(path) => (path.to_string(), Path::new(path).parent().map(Path::to_path_buf)),
        None => (document.name().to_string(), None),
    };
    let own;
    let record = match basis {
        None => &*world.record,
        Some(word) => {
            let basis = if word == "statute" { Basis::Statute } else { Basis::Collected };
            own = EmbeddedRecord::with_basis(Some(basis));
            &own
        }
    };
    scenario::parse(&label, &text, folder.as_deref(), &world.directory, Some(record))
        .map_err(|problems| input(py, "ScenarioError", &problems))
}

#[pymethods]
impl World {
    /// The world that the package carries.
    #[staticmethod]
    #[pyo3(signature = (measures = Vec::new()))]
    fn embedded(py: Python<'_>, measures: Vec<PathBuf>) -> PyResult<Self> {
        let directory = default_world::open().map_err(|problems| input(py, "BenchmarkError", &problems))?;
        Ok(Self::of(directory, measures))
    }

    /// The benchmark in a directory, or the embedded one by its name.
    #[staticmethod]
    #[pyo3(signature = (path, measures = Vec::new()))]
    fn open(py: Python<'_>, path: PathBuf, measures: Vec<PathBuf>) -> PyResult<Self> {
        let directory =
            default_world::open_or(Some(&path)).map_err(|problems| input(py, "BenchmarkError", &problems))?;
        Ok(Self::of(directory, measures))
    }

    /// A benchmark from its files.
    #[staticmethod]
    fn of_files(py: Python<'_>, name: String, files: Vec<(String, String)>) -> PyResult<Self> {
        let directory = benchmark_directory::read(&Folder::Memory { name, files });
        Ok(Self::of(directory.map_err(|problems| input(py, "BenchmarkError", &problems))?, Vec::new()))
    }

    /// Its files, every digit.
    fn files(&self) -> Vec<(String, String)> {
        let held = &self.directory;
        write::files(&held.benchmark, &held.quality, &held.tariff_provenance, write::Precision::default())
    }

    /// SHA-256 of what it says.
    fn digest(&self) -> String {
        self.directory.digest()
    }

    fn name(&self) -> &str {
        &self.directory.benchmark.name
    }

    fn unit(&self) -> &str {
        &self.directory.benchmark.unit
    }

    fn source(&self) -> &str {
        &self.directory.benchmark.source
    }

    fn licence(&self) -> &str {
        &self.directory.benchmark.licence
    }

    fn year(&self) -> Option<i32> {
        self.directory.benchmark.year
    }

    fn notes(&self) -> Vec<String> {
        self.directory.notes.clone()
    }

    fn market_gap(&self) -> f64 {
        self.directory.market_gap.gap
    }

    /// Codes, names and members of the economies.
    fn economies(&self) -> Vec<(String, String, Vec<String>)> {
        let economies = self.directory.benchmark.economies.iter();
        economies.map(|held| (held.code.clone(), held.name.clone(), held.members.clone())).collect()
    }

    /// Codes, names, kinds and trade elasticities of the sectors.
    fn sectors(&self) -> Vec<(String, String, String, f64)> {
        let sectors = self.directory.benchmark.sectors.iter();
        let kind = |held: &detente_engine::benchmark::Sector| {
            benchmark_directory::codes::kind_word(held.kind).to_string()
        };
        sectors
            .map(|held| (held.code.clone(), held.name.clone(), kind(held), held.trade_elasticity))
            .collect()
    }

    /// Border values, `[importer, exporter, sector]`.
    fn trade<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let benchmark = &slf.get().directory.benchmark;
        arrays::cells(slf.as_any(), &benchmark.border_value, benchmark.economies.len())
    }

    /// Tariff rates, `[importer, exporter, sector]`.
    fn tariffs<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let benchmark = &slf.get().directory.benchmark;
        arrays::cells(slf.as_any(), &benchmark.tariff_rate, benchmark.economies.len())
    }

    /// Answers a scenario.
    #[pyo3(signature = (text, path = None, tolerance = None, basis = None))]
    fn solve(
        &self,
        py: Python<'_>,
        text: &str,
        path: Option<&str>,
        tolerance: Option<f64>,
        basis: Option<&str>,
    ) -> PyResult<Solution> {
        let scenario = meant(py, self, text, path, basis)?;
        let mut settings = SolveSettings::default();
        settings.tolerance = tolerance.unwrap_or(settings.tolerance);
        let directory = Arc::clone(&self.directory);
        let found = signals::interruptible(py, |control| {
            answer::solve_under(&control, &directory, scenario, &settings)
        })?;
        let answer = found.map_err(|error| no_answer(py, &error))?;
        Ok(Solution { directory: Arc::clone(&self.directory), answer, game: None })
    }
}

/// Refuses a text that is no scenario; gives its name.
#[pyfunction]
pub fn check_scenario(py: Python<'_>, text: &str) -> PyResult<String> {
    Ok(document(py, text, None)?.name().to_string())
}

/// The text of an example, or of a file.
#[pyfunction]
pub fn example(py: Python<'_>, name: &str) -> PyResult<String> {
    let held = Document::example(name).map_err(|problem| input(py, "ScenarioError", &problem.into()))?;
    held.to_toml().map_err(|problem| input(py, "ScenarioError", &problem.into()))
}

/// Names of the examples.
#[pyfunction]
pub fn examples() -> Vec<String> {
    scenario::EXAMPLES.iter().map(|(name, _)| (*name).to_string()).collect()
}

/// What is installed: the program's version, the last day with evidence, the digest of the facts and of the world.
#[pyfunction]
pub fn version(py: Python<'_>) -> PyResult<String> {
    let found = detente::version::installed()
        .map_err(|error| raise(py, "InternalError", &error.to_string(), None))?;
    Ok(found.to_string())
}

/// Imports a benchmark; gives its files and, in words, what was done to the source.
#[pyfunction]
#[pyo3(signature = (source, recipe, layout, tables, labels, negative = None, value_added = None, margins = None, scale = None, year = None))]
#[allow(clippy::too_many_arguments, reason = "keywords of the function above it")]
pub fn import_benchmark(
    py: Python<'_>,
    source: PathBuf,
    recipe: Option<PathBuf>,
    layout: &str,
    tables: Vec<(String, String)>,
    labels: Vec<(String, String)>,
    negative: Option<&str>,
    value_added: Option<&str>,
    margins: Option<&str>,
    scale: Option<f64>,
    year: Option<i32>,
) -> PyResult<(Vec<(String, String)>, Vec<String>)> {
    use import::recipe::Layout;
    let wrong = |problems| input(py, "BenchmarkError", &problems);
    let (mut held, text) = match recipe {
        Some(path) => import::read_recipe(&path).map_err(wrong)?,
        None => (Recipe::default(), String::new()),
    };
    held.layout = match layout {
        "long-csv" => Layout::LongCsv,
        "oecd-icio" => Layout::OecdIcio,
        "wiod" => Layout::Wiod,
        "pymrio" => Layout::Pymrio,
        "gtap" => Layout::Gtap,
        "recipe" => held.layout,
        _ => Layout::Auto,
    };
    held.files.extend(tables);
    for (label, value) in labels {
        let place = match label.as_str() {
            "name" => &mut held.benchmark.name,
            "unit" => &mut held.benchmark.unit,
            "source" => &mut held.benchmark.source,
            _ => &mut held.benchmark.licence,
        };
        *place = Some(value);
    }
    held.benchmark.year = year.or(held.benchmark.year);
    held.rules.scale = scale.or(held.rules.scale);
    match negative {
        Some("spread") => held.rules.negative = rules::Negative::Spread,
        Some("zero") => held.rules.negative = rules::Negative::Zero,
        None => {}
        Some(other) => {
            return Err(raise(py, "InputError", &format!("negative `{other}`: `zero` or `spread`"), None));
        }
    }
    match value_added {
        Some("residual") => held.rules.value_added = rules::ValueAdded::Residual,
        Some("stated") => held.rules.value_added = rules::ValueAdded::Stated,
        None => {}
        Some(other) => {
            return Err(raise(
                py,
                "InputError",
                &format!("value_added `{other}`: `stated` or `residual`"),
                None,
            ));
        }
    }
    match margins {
        Some("cif") => held.rules.margins = rules::Margins::Cif,
        Some("importer") => held.rules.margins = rules::Margins::Importer,
        None => {}
        Some(other) => {
            return Err(raise(py, "InputError", &format!("margins `{other}`: `importer` or `cif`"), None));
        }
    }
    let made = py.detach(|| import::import(&source, &held, &text)).map_err(wrong)?;
    let notes = made.notes.into_iter().chain(made.directory.notes).collect();
    Ok((made.files, notes))
}
