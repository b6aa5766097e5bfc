//! The folder of a sweep: written run by run aside, taken up again after an interruption, put in its place when whole.
//!
//! One process writes it at a time, under a lock of the operating system that ends with the process; and nothing is believed of it but what
//! it says itself: row k is run k, and the economies of a run are there as often as the benchmark has them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::Found;
use super::identity::Identity;
use super::measured::Measured;
use crate::results;
use crate::results::keys;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::economy::WELFARE;
use detente_tables::atomic_write::{self, Outputs, WriteError};
use detente_tables::diagnostics::Problem;
use detente_tables::table::{Row, Table};

pub(super) const IDENTITY: &str = "sweep.toml";
pub(super) const RUNS: &str = "runs.csv";
pub(super) const ECONOMIES: &str = "economies.csv";
const LOCK: &str = "lock";

/// Names that a sweep's folder may have.
pub(super) const OUTPUTS: Outputs =
    Outputs { mark: results::SUMMARY, known: &[IDENTITY, RUNS, ECONOMIES, LOCK] };

/// What stands in an unfinished folder, open for more.
#[derive(Debug)]
pub struct Store {
    out: PathBuf,
    folder: PathBuf,
    runs: File,
    economies: File,
    done: usize,
    /// Held as long as the store is.
    _lock: File,
}

/// What runs that stand in the folder found.
#[derive(Debug, Default)]
pub struct Kept {
    /// Runs.
    pub runs: usize,
    /// Runs that converged.
    pub converged: usize,
    /// The largest residual of those.
    pub max_residual: f64,
    /// Income (`welfare_pct`) of each economy, by run.
    pub incomes: Vec<Vec<f64>>,
}

impl Kept {
    pub(super) fn converged_with(&mut self, residual: Option<f64>) {
        self.converged += usize::from(residual.is_some());
        self.max_residual = self.max_residual.max(residual.unwrap_or(0.0));
    }
}

/// The folder in which a sweep into `out` is written until it is whole.
pub fn unfinished(out: &Path) -> PathBuf {
    let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    out.with_file_name(format!(".{name}.unfinished"))
}

impl Store {
    /// Opens the folder beside `out` in which an unfinished sweep stands, or begins one. Refused where another process writes it, where
    /// another question stands there, and where it holds more runs than are asked for.
    /// Its rows are runs from `first` on.
    pub fn open(
        out: &Path,
        identity: &Identity,
        header: &str,
        first: usize,
        count: usize,
    ) -> Result<Self, WriteError> {
        let out = atomic_write::resolved(out)?;
        atomic_write::check(&out, &OUTPUTS, std::iter::empty())?;
        let folder = unfinished(&out);
        let _lock = hold(&folder)?;
        let known = fs::read_to_string(folder.join(IDENTITY)).ok();
        let differs = known.as_deref().map(|known| identity.differs(known));
        if differs.as_ref().is_none_or(|differs| !differs.is_empty()) {
            if let Some(differs) = differs.filter(|_| folder.join(RUNS).is_file())
                && cut(&folder.join(RUNS), |_, _| true)? > 0
            {
                return Err(WriteError::Unfinished(folder, differs.join("; ")));
            }
            let mut columns = results::economies_header();
            columns.columns.insert(0, keys::RUN.integer([]));
            fs::write(folder.join(RUNS), header).map_err(system(&folder))?;
            fs::write(folder.join(ECONOMIES), columns.csv()).map_err(system(&folder))?;
            // Last: a folder with it has all that it needs.
            atomic_write::write_file(&folder.join(IDENTITY), identity.text().as_bytes())?;
        }
        // What follows a row that is not its run was not written by one process in order.
        let done = cut(&folder.join(RUNS), |at, run| run == first + at)?;
        cut(&folder.join(ECONOMIES), |_, run| run < first + done)?;
        if done > count {
            let reason = format!("{RUNS} has {done} runs where {count} are asked for");
            return Err(WriteError::Damaged(folder, reason));
        }
        let append = |file: &str| {
            let path = folder.join(file);
            OpenOptions::new().append(true).open(&path).map_err(system(&path))
        };
        let (runs, economies) = (append(RUNS)?, append(ECONOMIES)?);
        Ok(Self { out, folder, runs, economies, done, _lock })
    }

    /// Runs that stand in the folder.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Adds runs that follow those that stand there. The row of `runs.csv` comes last: a run with it is whole.
    pub fn add(&mut self, found: &[Found]) -> Result<(), WriteError> {
        let economies: String = found.iter().map(|found| found.economies.csv_rows()).collect();
        let runs: String = found.iter().map(|found| found.run.csv_rows()).collect();
        for (file, text) in [(&mut self.economies, economies), (&mut self.runs, runs)] {
            file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).map_err(system(&self.folder))?;
        }
        self.done += found.len();
        Ok(())
    }

    /// What the runs found, all together, counted from the rows and refused where they contradict themselves.
    pub fn kept(&self, directory: &BenchmarkDirectory) -> Result<Kept, WriteError> {
        let economies = directory.benchmark.economies.len();
        let mut kept = Kept { incomes: vec![Vec::new(); economies], ..Kept::default() };
        self.rows(RUNS, |row| {
            kept.runs += 1;
            kept.converged_with(residual(row)?);
            Ok(())
        })?;
        let mut found = 0;
        self.rows(ECONOMIES, |row| {
            found += 1;
            let (code, income) = income(row)?;
            if let (Some(economy), Some(income)) = (directory.benchmark.economy(&code), income) {
                kept.incomes[economy].push(income);
            }
            Ok(())
        })?;
        let expected = kept.converged * economies;
        if kept.runs != self.done || found != expected {
            let reason = format!(
                "{RUNS} has {} rows and {ECONOMIES} {found}, where {} and {expected} belong together",
                kept.runs, self.done
            );
            return Err(WriteError::Damaged(self.folder.clone(), reason));
        }
        Ok(kept)
    }

    /// Which inputs drive the outcomes, from the rows.
    pub fn indices(&self, of: &Measured) -> Result<serde_json::Value, WriteError> {
        let path = self.folder.join(ECONOMIES);
        let file = BufReader::new(File::open(&path).map_err(system(&path))?);
        let found = of.found(&path.display().to_string(), file, WELFARE.id);
        found.map_err(|problem| self.damaged(&problem))
    }

    /// Every row of a table, one at a time: a sweep's tables may be larger than memory.
    fn rows(&self, table: &str, each: impl FnMut(Row<'_>) -> Result<(), Problem>) -> Result<(), WriteError> {
        let path = self.folder.join(table);
        let file = BufReader::new(File::open(&path).map_err(system(&path))?);
        let read = Table::each_row(&path.display().to_string(), file, each);
        read.map_err(|problem| self.damaged(&problem))
    }

    fn damaged(&self, problem: &Problem) -> WriteError {
        WriteError::Damaged(self.folder.clone(), problem.to_string())
    }

    /// Puts the folder in its place, whole.
    pub fn finish(self, summary: &str) -> Result<(), WriteError> {
        atomic_write::write_file(&self.folder.join(results::SUMMARY), summary.as_bytes())?;
        atomic_write::place(&self.folder, &self.out, self.out.exists())?;
        // The lock goes where its folder goes: whoever opens the folder's old name from now on makes a new one.
        let _ = fs::remove_file(self.out.join(LOCK));
        Ok(())
    }
}

/// Takes the folder for this process, until the file that is returned is dropped.
fn hold(folder: &Path) -> Result<File, WriteError> {
    let path = folder.join(LOCK);
    loop {
        fs::create_dir_all(folder).map_err(system(folder))?;
        let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = match opened {
            Ok(file) => file,
            // The folder was put in its place between the two calls.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(WriteError::System(path, error)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let who = match holder.trim() {
                    "" => "another process".to_owned(),
                    process => format!("process {process}"),
                };
                return Err(WriteError::Busy(folder.to_path_buf(), who));
            }
            Err(TryLockError::Error(error)) => return Err(WriteError::System(path, error)),
        }
        // Another may have finished, and moved the folder with this lock in it, before the lock was ours.
        if !is_at(&file, &path) {
            continue;
        }
        file.set_len(0)
            .and_then(|()| file.write_all(std::process::id().to_string().as_bytes()))
            .map_err(system(&path))?;
        return Ok(file);
    }
}

/// Whether an open file is the one that stands at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Whether an open file is the one that stands at a path: elsewhere a file that is held cannot be moved away.
#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// Cuts a table behind the last whole row that is to stay (asked with its place and its run); how many rows it keeps.
fn cut(path: &Path, stays: impl Fn(usize, usize) -> bool) -> Result<usize, WriteError> {
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(system(path))?;
    let mut reader = BufReader::new(&file);
    let (mut kept, mut length) = (0, 0);
    let mut line = String::new();
    for at in 0.. {
        line.clear();
        reader.read_line(&mut line).map_err(system(path))?;
        let run = line.split(',').next().and_then(|cell| cell.parse().ok());
        if !line.ends_with('\n') || (at > 0 && !run.is_some_and(|run| stays(at - 1, run))) {
            break;
        }
        kept += usize::from(at > 0);
        length += line.len() as u64;
    }
    if length < file.metadata().map_err(system(path))?.len() {
        file.set_len(length).map_err(system(path))?;
    }
    Ok(kept)
}

/// The residual of a row of runs.csv that converged.
pub(super) fn residual(row: Row<'_>) -> Result<Option<f64>, Problem> {
    let residual = row.number_or_empty(Some(row.column(keys::MAX_RESIDUAL.name)?))?;
    Ok(residual.filter(|_| row.column(keys::STATUS.name).is_ok_and(|at| row.text(at) == "converged")))
}

/// Code and income of a row of economies.csv.
pub(super) fn income(row: Row<'_>) -> Result<(String, Option<f64>), Problem> {
    let code = row.text(row.column(keys::ECONOMY.name)?).into_owned();
    Ok((code, row.number_or_empty(Some(row.column(WELFARE.id)?))?))
}

fn system(path: &Path) -> impl FnOnce(std::io::Error) -> WriteError + use<> {
    let path = path.to_path_buf();
    move |error| WriteError::System(path, error)
}
