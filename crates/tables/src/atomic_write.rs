//! Directories that appear whole or not at all: written aside, then renamed.

use std::path::{Path, PathBuf};

/// Files of a directory: names (with folders below it, where there are any) and contents.
pub type Files = Vec<(String, String)>;

/// A directory could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The place is taken by something that we did not write.
    #[error("{0}: exists and is not an output of ours ({1}); give another folder")]
    Taken(PathBuf, &'static str),
    /// Half of another result stands there.
    #[error(
        "{0}: holds unfinished runs of another question (or version); finish that one, delete the folder, or give another folder"
    )]
    Unfinished(PathBuf),
    /// The operating system refused.
    #[error("{0}: cannot be written: {1}")]
    System(PathBuf, #[source] std::io::Error),
}

/// Writes the files into a directory beside `directory`, then renames it. A result that stood there before, recognised by
/// its file `mark`, is replaced; anything else is left alone and refused. An interruption leaves no half result.
pub fn write(directory: &Path, mark: &'static str, files: &[(String, String)]) -> Result<(), WriteError> {
    let system = |path: &Path| {
        let path = path.to_path_buf();
        move |error| WriteError::System(path, error)
    };
    let replaces = check(directory, mark)?;
    let parent = match directory.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    std::fs::create_dir_all(&parent).map_err(system(&parent))?;
    let name = directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let aside = parent.join(format!(".{name}.{}.unfinished", std::process::id()));
    let _ = std::fs::remove_dir_all(&aside);
    std::fs::create_dir(&aside).map_err(system(&aside))?;
    let written = files.iter().try_for_each(|(file, text)| {
        let path = aside.join(file);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(system(folder))?;
        }
        std::fs::write(&path, text).map_err(system(&path))
    });
    let placed = written.and_then(|()| place(&aside, directory, replaces));
    if placed.is_err() {
        let _ = std::fs::remove_dir_all(&aside);
    }
    placed
}

/// Whether a result stands there that would be replaced, recognised by its file `mark`; anything else is refused.
pub fn check(directory: &Path, mark: &'static str) -> Result<bool, WriteError> {
    if !directory.exists() {
        return Ok(false);
    }
    if !directory.is_dir() {
        return Err(WriteError::Taken(directory.to_path_buf(), "it is a file"));
    }
    let system = |error| WriteError::System(directory.to_path_buf(), error);
    let empty = std::fs::read_dir(directory).map_err(system)?.next().is_none();
    if !empty && !directory.join(mark).is_file() {
        return Err(WriteError::Taken(directory.to_path_buf(), mark));
    }
    Ok(true)
}

/// Puts the finished directory in its place. The earlier result, if any, is moved out first and deleted last.
pub fn place(aside: &Path, directory: &Path, replaces: bool) -> Result<(), WriteError> {
    let system = |error| WriteError::System(directory.to_path_buf(), error);
    if !replaces {
        return std::fs::rename(aside, directory).map_err(system);
    }
    let mut old = aside.as_os_str().to_owned();
    old.push(".old");
    let old = PathBuf::from(old);
    std::fs::rename(directory, &old).map_err(system)?;
    if let Err(error) = std::fs::rename(aside, directory) {
        let _ = std::fs::rename(&old, directory);
        return Err(system(error));
    }
    let _ = std::fs::remove_dir_all(&old);
    Ok(())
}

/// Writes one file beside its place and renames it, so that it is whole or not there. An earlier file is replaced.
pub fn write_file(file: &Path, content: &[u8]) -> Result<(), WriteError> {
    let system = |error| WriteError::System(file.to_path_buf(), error);
    if file.is_dir() {
        return Err(WriteError::System(
            file.to_path_buf(),
            std::io::Error::from(std::io::ErrorKind::IsADirectory),
        ));
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let aside = file.with_file_name(format!(".{name}.{}.unfinished", std::process::id()));
    let written = std::fs::write(&aside, content).and_then(|()| std::fs::rename(&aside, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    written.map_err(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_replaces_a_result_and_nothing_else() {
        let root = std::env::temp_dir().join(format!("detente-aside-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        let target = root.join("deep/result");
        let file = |text: &str| vec![("summary.json".to_string(), text.to_string())];
        write(&target, "summary.json", &file("1")).expect("written");
        write(&target, "summary.json", &file("2")).expect("replaced");
        assert_eq!(std::fs::read_to_string(target.join("summary.json")).expect("read"), "2");
        assert_eq!(std::fs::read_dir(root.join("deep")).expect("listed").count(), 1, "nothing is left aside");
        let foreign = root.join("deep/foreign");
        std::fs::create_dir(&foreign).expect("made");
        std::fs::write(foreign.join("thesis.tex"), "years of work").expect("written");
        assert!(matches!(write(&foreign, "summary.json", &file("3")), Err(WriteError::Taken(..))));
        assert!(foreign.join("thesis.tex").exists());
        std::fs::remove_dir_all(&root).expect("removed");
    }
}
