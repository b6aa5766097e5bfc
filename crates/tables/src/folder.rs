//! Where the files of a benchmark come from: a directory on disk, or one that is embedded in the program.

use std::path::{Path, PathBuf};

use crate::diagnostics::{Finding, Problem};
use crate::input_file;
use crate::table::{FORMS, Table};

/// A directory of files.
#[derive(Clone, Debug)]
pub enum Folder {
    /// On disk.
    Disk(PathBuf),
    /// In the program: its name and its files with their bytes.
    Embedded {
        /// Name of the directory, for messages.
        name: &'static str,
        /// File names and contents.
        files: &'static [(&'static str, &'static [u8])],
    },
    /// Made by an importer and not yet written.
    Memory {
        /// Path of the source, for messages.
        name: String,
        /// File names and contents.
        files: Vec<(String, String)>,
    },
}

impl Folder {
    /// Opens a directory on disk; refused where there is none.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let label = path.display().to_string();
        if !path.exists() {
            let right = "give the path of a directory with benchmark.toml and its tables".to_string();
            return Err(Problem::whole(label, Finding::Missing { what: "directory", right }));
        }
        if !path.is_dir() {
            let right = "a benchmark is a directory; give its path, not that of a file in it".to_string();
            return Err(Problem::whole(label, Finding::Missing { what: "directory", right }));
        }
        Ok(Folder::Disk(path.to_path_buf()))
    }

    /// Path of a file in the directory, for messages.
    pub fn label(&self, file: &str) -> String {
        match self {
            Folder::Disk(path) => path.join(file).display().to_string(),
            Folder::Embedded { name, .. } => format!("{name}/{file}"),
            Folder::Memory { name, .. } => format!("{name}/{file}"),
        }
    }

    /// Names of the files in the directory, in order.
    pub fn files(&self) -> Result<Vec<String>, Problem> {
        match self {
            Folder::Embedded { files, .. } => Ok(files.iter().map(|(name, _)| (*name).to_string()).collect()),
            Folder::Memory { files, .. } => Ok(files.iter().map(|(name, _)| name.clone()).collect()),
            Folder::Disk(path) => {
                let unreadable = |error: std::io::Error| {
                    Problem::whole(
                        path.display().to_string(),
                        Finding::Unreadable { reason: error.to_string() },
                    )
                };
                let mut names = Vec::new();
                for entry in std::fs::read_dir(path).map_err(unreadable)? {
                    let entry = entry.map_err(unreadable)?;
                    if entry.path().is_file() {
                        names.push(entry.file_name().to_string_lossy().into_owned());
                    }
                }
                names.sort();
                Ok(names)
            }
        }
    }

    /// The bytes of a file; `None` where it is not there.
    pub fn bytes(&self, file: &str) -> Result<Option<Vec<u8>>, Problem> {
        match self {
            Folder::Embedded { files, .. } => {
                Ok(files.iter().find(|(name, _)| *name == file).map(|(_, bytes)| bytes.to_vec()))
            }
            Folder::Memory { files, .. } => {
                Ok(files.iter().find(|(name, _)| name == file).map(|(_, text)| text.clone().into_bytes()))
            }
            Folder::Disk(path) => input_file::read(&path.join(file))
                .map_err(|finding| Problem::whole(self.label(file), finding)),
        }
    }

    /// The text of a file; `None` where it is not there.
    pub fn text(&self, file: &str) -> Result<Option<String>, Problem> {
        match self.bytes(file)? {
            None => Ok(None),
            Some(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| {
                let reason = "not UTF-8; save the file as UTF-8".to_string();
                Problem::whole(self.label(file), Finding::Syntax { reason })
            }),
        }
    }

    /// The table of this name in whichever form it stands here; `None` where it is not there, refused where there are two.
    pub fn table(&self, name: &str) -> Result<Option<Table>, Problem> {
        self.table_of(name, usize::MAX)
    }

    /// The same, refused at the row at which it has more rows than there are keys for.
    pub fn table_of(&self, name: &str, keys: usize) -> Result<Option<Table>, Problem> {
        let mut found: Vec<(String, Vec<u8>)> = Vec::new();
        for form in FORMS {
            let file = format!("{name}{form}");
            if let Some(bytes) = self.bytes(&file)? {
                found.push((file, bytes));
            }
        }
        if found.len() > 1 {
            let forms = found.iter().map(|(file, _)| format!("`{file}`")).collect::<Vec<_>>().join(" and ");
            let finding = Finding::TwoForms { table: name.to_string(), forms };
            return Err(Problem::whole(self.label(&found[1].0), finding));
        }
        match found.pop() {
            None => Ok(None),
            Some((file, bytes)) => Table::parse_of(self.label(&file), &bytes, keys).map(Some),
        }
    }

    /// The table of this name, refused where it is not there.
    pub fn needed_table(&self, name: &str) -> Result<Table, Problem> {
        self.needed_table_of(name, usize::MAX)
    }

    /// The same, refused at the row at which it has more rows than there are keys for.
    pub fn needed_table_of(&self, name: &str, keys: usize) -> Result<Table, Problem> {
        self.table_of(name, keys)?.ok_or_else(|| {
            let right = format!("a benchmark needs `{name}.csv` (or .csv.gz, .parquet)");
            Problem::whole(self.label(&format!("{name}.csv")), Finding::Missing { what: "table", right })
        })
    }
}
