//! The folder of a sweep: written run by run aside, taken up again after an interruption, put in its place when whole.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use super::Found;
use crate::results;
use crate::results::columns::ECONOMY;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::atomic_write::{self, WriteError};

const IDENTITY: &str = "sweep.toml";
const RUNS: &str = "runs.csv";
const ECONOMIES: &str = "economies.csv";

/// What stands in an unfinished folder, open for more.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    runs: File,
    economies: File,
    done: usize,
}

/// What runs that stand in the folder found.
#[derive(Debug, Default)]
pub struct Kept {
    /// Runs that converged.
    pub converged: usize,
    /// The largest residual of those.
    pub max_residual: f64,
    /// Income (`welfare_pct`) of each economy, by run.
    pub incomes: Vec<Vec<f64>>,
}

impl Store {
    /// Opens the folder beside `out` in which an unfinished sweep stands, or begins one. Refused where another sweep stands there.
    pub fn open(out: &Path, identity: &str, header: &str) -> Result<Self, WriteError> {
        atomic_write::check(out, results::SUMMARY)?;
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = out.with_file_name(format!(".{name}.unfinished"));
        let known = fs::read_to_string(folder.join(IDENTITY)).ok();
        if known.as_deref() != Some(identity) {
            if known.is_some() && cut(&folder.join(RUNS), |_| true)? > 0 {
                return Err(WriteError::Unfinished(folder));
            }
            fs::create_dir_all(&folder).map_err(system(&folder))?;
            let names = ECONOMY.iter().map(|(name, _)| *name);
            let columns = ["run", "economy"].into_iter().chain(names).collect::<Vec<_>>().join(",") + "\n";
            fs::write(folder.join(RUNS), header).map_err(system(&folder))?;
            fs::write(folder.join(ECONOMIES), columns).map_err(system(&folder))?;
            // Last: a folder with it has all that it needs.
            atomic_write::write_file(&folder.join(IDENTITY), identity.as_bytes())?;
        }
        let done = cut(&folder.join(RUNS), |_| true)?;
        cut(&folder.join(ECONOMIES), |run| run < done)?;
        let append = |file: &str| {
            let path = folder.join(file);
            OpenOptions::new().append(true).open(&path).map_err(system(&path))
        };
        let (runs, economies) = (append(RUNS)?, append(ECONOMIES)?);
        Ok(Self { folder, runs, economies, done })
    }

    /// Runs that stand in the folder.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Adds runs that follow those that stand there. The row of `runs.csv` comes last: a run with it is whole.
    pub fn add(&mut self, found: &[Found]) -> Result<(), WriteError> {
        let economies: String = found.iter().map(|found| found.economies.as_str()).collect();
        let runs: String = found.iter().map(|found| found.row.as_str()).collect();
        for (file, text) in [(&mut self.economies, economies), (&mut self.runs, runs)] {
            file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).map_err(system(&self.folder))?;
        }
        self.done += found.len();
        Ok(())
    }

    /// What the runs found, all together.
    pub fn kept(&self, directory: &BenchmarkDirectory) -> Result<Kept, WriteError> {
        let mut kept =
            Kept { incomes: vec![Vec::new(); directory.benchmark.economies.len()], ..Kept::default() };
        rows(&self.folder.join(RUNS), |line| {
            // From the end: a value that varies may hold commas.
            let mut cells = line.rsplit(',');
            let residual = cells.next().and_then(|cell| cell.parse::<f64>().ok());
            if let (Some(residual), Some("converged")) = (residual, cells.nth(2)) {
                kept.converged += 1;
                kept.max_residual = kept.max_residual.max(residual);
            }
        })?;
        rows(&self.folder.join(ECONOMIES), |line| {
            let mut cells = line.split(',').skip(1);
            let economy = cells.next().and_then(|code| directory.benchmark.economy(code));
            let income = cells.next().and_then(|cell| cell.parse::<f64>().ok());
            if let (Some(economy), Some(income)) = (economy, income) {
                kept.incomes[economy].push(income);
            }
        })?;
        Ok(kept)
    }

    /// Puts the folder in its place, whole.
    pub fn finish(self, out: &Path, summary: &str) -> Result<(), WriteError> {
        atomic_write::write_file(&self.folder.join(results::SUMMARY), summary.as_bytes())?;
        atomic_write::place(&self.folder, out, out.exists())
    }
}

/// Cuts a table behind the last whole row that is to stay; how many rows it keeps.
fn cut(path: &Path, stays: impl Fn(usize) -> bool) -> Result<usize, WriteError> {
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(system(path))?;
    let mut reader = BufReader::new(&file);
    let (mut kept, mut length) = (0, 0);
    let mut line = String::new();
    for at in 0.. {
        line.clear();
        reader.read_line(&mut line).map_err(system(path))?;
        let run = line.split(',').next().and_then(|cell| cell.parse().ok());
        if !line.ends_with('\n') || (at > 0 && !run.is_some_and(&stays)) {
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

/// Every row of a table after its header, one at a time: a sweep's tables may be larger than memory.
fn rows(path: &Path, mut each: impl FnMut(&str)) -> Result<(), WriteError> {
    let file = File::open(path).map_err(system(path))?;
    for line in BufReader::new(file).lines().skip(1) {
        each(&line.map_err(system(path))?);
    }
    Ok(())
}

fn system(path: &Path) -> impl FnOnce(std::io::Error) -> WriteError + use<> {
    let path = path.to_path_buf();
    move |error| WriteError::System(path, error)
}
