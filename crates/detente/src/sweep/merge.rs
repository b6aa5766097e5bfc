//! The parts of a sweep put together: the folder that one process writes.

use std::fs;
use std::path::{Path, PathBuf};

use detente_engine::catalogue::economy::WELFARE;
use detente_tables::atomic_write::{self, WriteError};
use detente_tables::diagnostics::Finding;
use detente_tables::table::{Row, Table};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::measured::Measured;
use super::shard::Shard;
use super::store::{ECONOMIES, IDENTITY, Kept, OUTPUTS, RUNS, income, residual};
use crate::results::{SUMMARY, keys};

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

/// Name in a summary of whether all parts are there, which ones are not, and why nothing stands where indices would.
const COMPLETE: &str = "complete";
const MISSING: &str = "missing";

/// What was put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// How many runs there are.
    pub runs: usize,
    /// Parts that were not there.
    pub missing: Vec<String>,
}

/// Merges the parts below `folder` into `out`; `partial`: those that are there, and the summary says that it is not complete.
///
/// # Errors
///
/// Missing parts, named with what makes each (unless `partial`); parts of another question or another division; rows that are not a part's own.
pub fn merge(folder: &Path, out: &Path, partial: bool) -> Result<Merged, MergeError> {
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
    if !missing.is_empty() && !partial {
        return Err(MergeError::Missing(folder.to_path_buf(), missing));
    }
    let identity = text(&parts[0].folder.join(IDENTITY))?;
    let mut whole = Whole { has_gaps: !missing.is_empty(), ..Whole::default() };
    for part in &parts {
        if text(&part.folder.join(IDENTITY))? != identity {
            return Err(MergeError::Foreign(part.folder.clone()));
        }
        whole.add(part)?;
    }
    let mut summary = whole.summary(&parts[0].summary, folder)?;
    if whole.has_gaps {
        summary[COMPLETE] = json!(false);
        summary[MISSING] = json!(missing);
    }
    let files = vec![
        (IDENTITY.to_owned(), identity),
        (RUNS.to_owned(), whole.runs),
        (ECONOMIES.to_owned(), whole.economies),
        (SUMMARY.to_owned(), format!("{summary:#}\n")),
    ];
    atomic_write::write(out, &OUTPUTS, &files)?;
    Ok(Merged { runs: whole.kept.runs, missing })
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
    /// Runs, those that converged and their largest residual.
    kept: Kept,
    /// The run after the last.
    next: usize,
    /// Whether a part may begin later than the one before it ends.
    has_gaps: bool,
    /// Economies in the order of the first run that has them, with their incomes.
    incomes: Vec<(String, Vec<f64>)>,
}

impl Whole {
    fn add(&mut self, part: &Part) -> Result<(), MergeError> {
        let damaged = |reason: String| MergeError::Damaged(part.folder.clone(), reason);
        let said =
            |key: &str| part.summary.get(SHARD).and_then(|shard| shard.get(key)).and_then(Value::as_u64);
        let (first, runs) = (said("first"), said("runs"));
        let begins = first.and_then(|first| usize::try_from(first).ok());
        let Some(start) = begins.filter(|first| *first == self.next || (self.has_gaps && *first > self.next))
        else {
            return Err(damaged(format!("begins with run {first:?} where {} is next", self.next)));
        };
        self.next = start;
        let table = self.text_of(part, RUNS)?;
        let foreign = |row: Row<'_>, reason: String| row.problem(Finding::Combination { reason });
        let run = |row: Row<'_>| Ok(row.number(row.column(keys::RUN.name)?)? as usize);
        let read = Table::each_row(RUNS, table.as_bytes(), |row| {
            if run(row)? != self.next {
                return Err(foreign(row, format!("run {} is expected", self.next)));
            }
            self.next += 1;
            self.kept.runs += 1;
            self.kept.converged_with(residual(row)?);
            Ok(())
        });
        read.map_err(|problem| damaged(problem.to_string()))?;
        let found = self.next - start;
        if runs != Some(found as u64) {
            return Err(damaged(format!("{RUNS} has {found} runs where {runs:?} are said")));
        }
        append(&mut self.runs, &table);
        let table = self.text_of(part, ECONOMIES)?;
        let read = Table::each_row(ECONOMIES, table.as_bytes(), |row| {
            if !(start..self.next).contains(&run(row)?) {
                return Err(foreign(row, "is of a run that is not the part's own".to_owned()));
            }
            let (code, Some(income)) = income(row)? else { return Ok(()) };
            match self.incomes.iter_mut().find(|(known, _)| *known == code) {
                Some((_, values)) => values.push(income),
                None => self.incomes.push((code, vec![income])),
            }
            Ok(())
        });
        read.map_err(|problem| damaged(problem.to_string()))?;
        append(&mut self.economies, &table);
        Ok(())
    }

    /// A table of a part, refused where it has other columns than the first part's.
    fn text_of(&self, part: &Part, table: &str) -> Result<String, MergeError> {
        let found = text(&part.folder.join(table))?;
        let whole = if table == RUNS { &self.runs } else { &self.economies };
        let is_other = whole.lines().next().is_some_and(|header| found.lines().next() != Some(header));
        if is_other {
            let reason = format!("{table} has other columns than the first part");
            return Err(MergeError::Damaged(part.folder.clone(), reason));
        }
        Ok(found)
    }

    /// The summary that one process writes: a part's, with what all of them found.
    fn summary(&self, of_part: &Map<String, Value>, folder: &Path) -> Result<Value, MergeError> {
        let mut summary = of_part.clone();
        summary.remove(SHARD);
        let spread = super::spread_of(self.incomes.iter().cloned());
        summary.insert("runs".into(), json!(self.kept.runs));
        summary.insert("converged".into(), json!(self.kept.converged));
        summary.insert("not_converged".into(), json!(self.kept.runs - self.kept.converged));
        summary.insert("max_residual".into(), json!(self.kept.max_residual));
        summary.insert(WELFARE.id.into(), super::income_json(&spread));
        if self.has_gaps {
            // Indices are of a whole design.
            return Ok(Value::Object(summary));
        }
        if let Some(of) = summary.get(super::MEASURED).and_then(|of| Measured::deserialize(of).ok()) {
            let found = of.found(ECONOMIES, self.economies.as_bytes(), WELFARE.id);
            let found =
                found.map_err(|problem| MergeError::Damaged(folder.to_path_buf(), problem.to_string()))?;
            summary.insert(super::INDICES.into(), found);
        }
        Ok(Value::Object(summary))
    }
}

/// Puts a table's rows below another's, with its header where that has none.
fn append(whole: &mut String, table: &str) {
    let body = if whole.is_empty() { table } else { table.split_once('\n').map_or("", |(_, body)| body) };
    whole.push_str(body);
}
