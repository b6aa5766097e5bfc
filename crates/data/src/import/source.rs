//! Where a source's files come from: one file, a folder, or an archive (zip).

use std::path::{Path, PathBuf};

use detente_exchange::zip;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::input_file;

/// Folders in folders that are looked into.
const DEEPEST: usize = 3;

/// The files of a source.
#[derive(Debug)]
pub enum Source {
    /// One file.
    File(PathBuf),
    /// A folder on disk.
    Folder(PathBuf),
    /// An archive: its path, its bytes, and the folder in it that all files share.
    Archive(PathBuf, Vec<u8>, String),
}

impl Source {
    /// Looks at what is there.
    ///
    /// # Errors
    /// Nothing there; an archive that cannot be read.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let label = path.display().to_string();
        if path.is_dir() {
            return Ok(Source::Folder(path.to_path_buf()));
        }
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
            let bytes = super::source_bytes(path)?;
            let names: Vec<String> = zip::entries(&bytes)
                .map_err(|error| Problem::whole(label, Finding::Unreadable { reason: error.to_string() }))?
                .into_iter()
                .map(|entry| entry.name)
                .collect();
            let first =
                names.first().and_then(|name| name.split_once('/')).map(|(folder, _)| format!("{folder}/"));
            let common = first.filter(|folder| names.iter().all(|name| name.starts_with(folder.as_str())));
            return Ok(Source::Archive(path.to_path_buf(), bytes, common.unwrap_or_default()));
        }
        if !path.exists() {
            let right = "give the path of a file or a folder of the source".to_string();
            return Err(Problem::whole(label, Finding::Missing { what: "file", right }));
        }
        Ok(Source::File(path.to_path_buf()))
    }

    /// The path itself.
    pub fn path(&self) -> &PathBuf {
        match self {
            Source::File(path) | Source::Folder(path) | Source::Archive(path, ..) => path,
        }
    }

    /// A file of the source, for messages.
    pub fn label(&self, name: &str) -> String {
        match self {
            Source::Folder(path) | Source::Archive(path, ..) if !name.is_empty() => {
                path.join(name).display().to_string()
            }
            _ => self.path().display().to_string(),
        }
    }

    /// Names of the files; those in folders below with their path.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn names(&self) -> Result<Vec<String>, Problem> {
        match self {
            Source::File(path) => {
                Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()).into_iter().collect())
            }
            Source::Folder(path) => {
                let mut found = Vec::new();
                below(path, "", 0, &mut found).map_err(|error| {
                    Problem::whole(self.label(""), Finding::Unreadable { reason: error.to_string() })
                })?;
                found.sort();
                Ok(found)
            }
            Source::Archive(_, bytes, common) => {
                let entries = zip::entries(bytes).map_err(|error| {
                    Problem::whole(self.label(""), Finding::Unreadable { reason: error.to_string() })
                })?;
                Ok(entries
                    .into_iter()
                    .map(|entry| entry.name.trim_start_matches(common.as_str()).to_string())
                    .collect())
            }
        }
    }

    /// The bytes of a file of the source; none where it is not there.
    ///
    /// # Errors
    /// A file that cannot be read or unpacked.
    pub fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let unreadable = |finding: Finding| Problem::whole(self.label(name), finding);
        match self {
            Source::File(path) => input_file::read(path).map_err(unreadable),
            Source::Folder(path) => {
                if Path::new(name).components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
                    let reason = "leads out of the folder of the source".to_string();
                    return Err(unreadable(Finding::Unreadable { reason }));
                }
                input_file::read(&path.join(name)).map_err(unreadable)
            }
            Source::Archive(_, bytes, common) => {
                let refuse = |error: detente_exchange::ExchangeError| {
                    unreadable(Finding::Unreadable { reason: error.to_string() })
                };
                let entries = zip::entries(bytes).map_err(refuse)?;
                let wanted = format!("{common}{name}");
                entries
                    .into_iter()
                    .find(|entry| entry.name == wanted)
                    .map(|entry| entry.bytes().map_err(refuse))
                    .transpose()
            }
        }
    }
}

fn below(folder: &Path, before: &str, depth: usize, found: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.path().is_file() {
            found.push(name);
        } else if depth < DEEPEST && entry.file_type()?.is_dir() {
            below(&entry.path(), &format!("{name}/"), depth + 1, found)?;
        }
    }
    Ok(())
}
