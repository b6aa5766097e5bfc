//! The parts of a sweep put together: the folder that one process writes.

use std::fs;
use std::path::{Path, PathBuf};

use detente_engine::catalogue::economy::WELFARE;
use detente_tables::atomic_write::{self, WriteError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::design::Measured;
use super::shard::Shard;
use super::store::{ECONOMIES, IDENTITY, OUTPUTS, RUNS};
use crate::results::SUMMARY;

/// Name in a part's summary of what it is a part of.
pub(super) const SHARD: &str = "shard";

/// Why parts do not make a whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is no part.
    #[error("{}: holds no part of a sweep (folders called shard-1-of-8 and so on)", .0.display())]
    NoParts(PathBuf),
    /// Parts of different divisions.
    #[error("{folder}: holds parts of {1} and of {2}; merge those of one division", folder = .0.display())]
    Divisions(PathBuf, usize, usize),
    /// Some are missing.
    #[error("{folder}: missing: {missing}", folder = .0.display(), missing = .1.join(", "))]
    Missing(PathBuf, Vec<String>),
    /// A part answers another question.
    #[error("{}: answers another question than the first part (sweep.toml differs)", .0.display())]
    Foreign(PathBuf),
    /// A part is not what was written.
    #[error("{folder}: {1}; delete the part and ask it again", folder = .0.display())]
    Damaged(PathBuf, String),
    /// Files could not be read or written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

struct Part {
    shard: Shard,
    folder: PathBuf,
    summary: Map<String, Value>,
}

/// Merges the parts below `folder` into `out`; how many runs there are.
///
/// # Errors
///
/// Missing parts, named with what makes each; parts of another question or another division; rows that are not a part's own.
pub fn merge(folder: &Path, out: &Path) -> Result<usize, MergeError> {
    let mut parts = parts(folder)?;
    parts.sort_by_key(|part| part.shard.index);
    let of = parts[0].shard.of;
    if let Some(other) = parts.iter().find(|part| part.shard.of != of) {
        return Err(MergeError::Divisions(folder.to_path_buf(), of, other.shard.of));
    }
    let missing: Vec<String> = (1..=of)
        .filter(|index| parts.iter().all(|part| part.shard.index != *index))
        .map(|index| format!("part {index}/{of}"))
        .collect();
    if !missing.is_empty() {
        return Err(MergeError::Missing(folder.to_path_buf(), missing));
    }
    let identity = text(&parts[0].folder.join(IDENTITY))?;
    let mut whole = Whole::default();
    for part in &parts {
        if text(&part.folder.join(IDENTITY))? != identity {
            return Err(MergeError::Foreign(part.folder.clone()));
        }
        whole.add(part)?;
    }
    let summary = whole.summary(&parts[0].summary);
    let files = vec![
        (IDENTITY.to_owned(), identity),
        (RUNS.to_owned(), whole.runs),
        (ECONOMIES.to_owned(), whole.economies),
        (SUMMARY.to_owned(), format!("{summary:#}\n")),
    ];
    atomic_write::write(out, &OUTPUTS, &files)?;
    Ok(whole.count)
}

fn parts(folder: &Path) -> Result<Vec<Part>, MergeError> {
    let entries = fs::read_dir(folder).map_err(|error| WriteError::System(folder.to_path_buf(), error))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| WriteError::System(folder.to_path_buf(), error))?;
        let Some(shard) = Shard::of_folder(&entry.file_name().to_string_lossy()) else { continue };
        let folder = entry.path();
        let summary = text(&folder.join(SUMMARY))?;
        let summary: Value = serde_json::from_str(&summary)
            .map_err(|error| MergeError::Damaged(folder.clone(), format!("{SUMMARY}: {error}")))?;
        let Value::Object(summary) = summary else {
            return Err(MergeError::Damaged(folder, format!("{SUMMARY} is no object")));
        };
        found.push(Part { shard, folder, summary });
    }
    if found.is_empty() { Err(MergeError::NoParts(folder.to_path_buf())) } else { Ok(found) }
}

fn text(path: &Path) -> Result<String, MergeError> {
    fs::read_to_string(path).map_err(|error| WriteError::System(path.to_path_buf(), error).into())
}

/// What is put together.
#[derive(Default)]
struct Whole {
    runs: String,
    economies: String,
    count: usize,
    converged: usize,
    max_residual: f64,
    /// Economies in the order of the first run that has them, with their incomes.
    incomes: Vec<(String, Vec<f64>)>,
}

impl Whole {
    fn add(&mut self, part: &Part) -> Result<(), MergeError> {
        let damaged = |reason: String| MergeError::Damaged(part.folder.clone(), reason);
        let said =
            |key: &str| part.summary.get(SHARD).and_then(|shard| shard.get(key)).and_then(Value::as_u64);
        let (first, runs) = (said("first"), said("runs"));
        if first != Some(self.count as u64) {
            return Err(damaged(format!("begins with run {first:?} where {} is next", self.count)));
        }
        let start = self.count;
        let table = text(&part.folder.join(RUNS))?;
        for (at, line) in table.lines().enumerate() {
            if at == 0 {
                if self.runs.is_empty() {
                    self.runs = format!("{line}\n");
                } else if !self.runs.starts_with(line) {
                    return Err(damaged(format!("{RUNS} has other columns than the first part")));
                }
                continue;
            }
            if line.split(',').next().and_then(|cell| cell.parse::<usize>().ok()) != Some(self.count) {
                return Err(damaged(format!("{RUNS}: run {} is expected in row {at}", self.count)));
            }
            // From the end, since a value that varies may hold commas: the residual, evaluations, iterations, the status.
            let mut cells = line.rsplit(',');
            let residual = cells.next().and_then(|cell| cell.parse::<f64>().ok());
            if let (Some(residual), Some("converged")) = (residual, cells.nth(2)) {
                self.converged += 1;
                self.max_residual = self.max_residual.max(residual);
            }
            self.runs.push_str(line);
            self.runs.push('\n');
            self.count += 1;
        }
        if runs != Some((self.count - start) as u64) {
            return Err(damaged(format!("{RUNS} has {} runs where {runs:?} are said", self.count - start)));
        }
        let table = text(&part.folder.join(ECONOMIES))?;
        for (at, line) in table.lines().enumerate() {
            if at == 0 {
                if self.economies.is_empty() {
                    self.economies = format!("{line}\n");
                }
                continue;
            }
            let mut cells = line.split(',');
            let run = cells.next().and_then(|cell| cell.parse::<usize>().ok());
            if !run.is_some_and(|run| (start..self.count).contains(&run)) {
                return Err(damaged(format!("{ECONOMIES}: row {at} is of a run that is not its own")));
            }
            let (code, income) = (cells.next(), cells.next().and_then(|cell| cell.parse::<f64>().ok()));
            if let (Some(code), Some(income)) = (code, income) {
                match self.incomes.iter_mut().find(|(known, _)| known == code) {
                    Some((_, values)) => values.push(income),
                    None => self.incomes.push((code.to_owned(), vec![income])),
                }
            }
            self.economies.push_str(line);
            self.economies.push('\n');
        }
        Ok(())
    }

    /// The summary that one process writes: a part's, with what all of them found.
    fn summary(&self, of_part: &Map<String, Value>) -> Value {
        let mut summary = of_part.clone();
        summary.remove(SHARD);
        let spread = super::spread_of(self.incomes.iter().cloned());
        summary.insert("runs".into(), json!(self.count));
        summary.insert("converged".into(), json!(self.converged));
        summary.insert("not_converged".into(), json!(self.count - self.converged));
        summary.insert("max_residual".into(), json!(self.max_residual));
        summary.insert(WELFARE.id.into(), super::income_json(&spread));
        if let Some(of) = summary.get(super::MEASURED).and_then(|of| Measured::deserialize(of).ok()) {
            let found = of.found(self.economies.lines().map(str::to_owned), WELFARE.id);
            summary.insert(super::INDICES.into(), found);
        }
        Value::Object(summary)
    }
}
