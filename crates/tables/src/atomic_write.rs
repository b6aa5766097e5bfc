//! Files and directories that appear whole or not at all: written aside, then renamed. The one way in which anything is written.
//!
//! A directory is replaced only where every entry of it is a name that the same command writes ([`Outputs`]); one foreign entry and it is
//! left alone. What is being written aside is held under a lock of the operating system, so that the half that a killed process left is
//! told from the half of a living one: the former is removed, and said, by the next that writes there.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::table::FORMS;

/// Files of a directory: names (with folders below it, where there are any) and contents.
pub type Files = Vec<(String, String)>;

/// Longest part of a name that is kept in the name aside: file systems take 255 bytes.
const NAME_KEPT: usize = 180;

/// How an earlier output is known.
#[derive(Clone, Copy, Debug)]
pub struct Outputs {
    /// The file that every output has.
    pub mark: &'static str,
    /// All names that an output may have. A table (`.csv`) may stand in each of its forms; a folder below holds an output in turn, or is
    /// among the names that are about to be written.
    pub known: &'static [&'static str],
}

/// A file or directory could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The place is taken by something that we did not write.
    #[error("{0}: exists and is not an output of ours ({1}); give another folder")]
    Taken(PathBuf, String),
    /// What is asked for would replace what it is made from.
    #[error("{0}: holds what the result is made from ({1}); give another folder")]
    Source(PathBuf, PathBuf),
    /// Half of another result stands there.
    #[error(
        "{folder}: holds unfinished runs of another question; what differs: {differs}. Finish that one, delete the folder, or give another folder",
        folder = .0.display(), differs = .1
    )]
    Unfinished(PathBuf, String),
    /// Somebody else is writing there.
    #[error("{0}: is being written by {1}; wait for it, or give another folder")]
    Busy(PathBuf, String),
    /// What stands there is not what this program writes.
    #[error("{0}: {1}; delete the folder and ask again")]
    Damaged(PathBuf, String),
    /// The operating system refused.
    #[error("{0}: cannot be written: {1}")]
    System(PathBuf, #[source] std::io::Error),
}

/// Writes the files into a directory beside `directory`, then renames it. An earlier output of the same kind is replaced; anything else is
/// left alone and refused. An interruption leaves no half result. What earlier interruptions had left is removed; what was done about it is
/// told, a sentence each.
pub fn write<Content: AsRef<[u8]>>(
    directory: &Path,
    outputs: &Outputs,
    files: &[(String, Content)],
) -> Result<Vec<String>, WriteError> {
    let directory = &resolved(directory)?;
    let parent = parent_of(directory);
    fs::create_dir_all(&parent).map_err(system(&parent))?;
    let told = tidy(directory);
    let replaces = check(directory, outputs, files.iter().map(|(name, _)| name.as_str()))?;
    let aside = name_aside(directory, "unfinished");
    fs::create_dir(&aside).map_err(system(&aside))?;
    let held = lock(&aside);
    let written = files.iter().try_for_each(|(file, content)| {
        let path = aside.join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(system(folder))?;
        }
        fs::write(&path, content).map_err(system(&path))
    });
    let placed = written.and_then(|()| place(&aside, directory, replaces));
    if placed.is_err() {
        let _ = fs::remove_dir_all(&aside);
    }
    drop(held);
    placed.map(|()| told)
}

/// Whether an output stands there that would be replaced. Refused where any entry is no name that the same command writes; `new` names what
/// is about to be written.
pub fn check<'a>(
    directory: &Path,
    outputs: &Outputs,
    new: impl Iterator<Item = &'a str> + Clone,
) -> Result<bool, WriteError> {
    if !directory.exists() {
        return Ok(false);
    }
    let taken = |why: String| Err(WriteError::Taken(directory.to_path_buf(), why));
    if !directory.is_dir() {
        return taken("it is a file".to_owned());
    }
    let entries = entries(directory)?;
    if entries.is_empty() {
        return Ok(true);
    }
    if !directory.join(outputs.mark).is_file() {
        return taken(format!("it has no {}", outputs.mark));
    }
    let mut strangers = Vec::new();
    for name in &entries {
        let path = directory.join(name);
        let is_folder = path.is_dir() && !path.is_symlink();
        let is_known = if is_folder {
            let inside = self::entries(&path)?;
            let of_new = |file: &str| new.clone().any(|new| new == format!("{name}/{file}"));
            inside.iter().all(|file| path.join(file).is_file() && (outputs.knows(file) || of_new(file)))
        } else {
            path.is_file() && (outputs.knows(name) || new.clone().any(|new| new == name))
        };
        if !is_known {
            strangers.push(format!("`{name}`"));
        }
    }
    if strangers.is_empty() {
        return Ok(true);
    }
    let (shown, rest) = strangers.split_at(strangers.len().min(8));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    taken(format!("it holds {}{more}, which this command does not write", shown.join(", ")))
}

/// Refuses an output directory that is, or holds, something that the result is made from.
pub fn refuse_sources<'a>(out: &Path, sources: impl IntoIterator<Item = &'a Path>) -> Result<(), WriteError> {
    let Ok(place) = fs::canonicalize(out) else { return Ok(()) };
    for source in sources {
        if fs::canonicalize(source).is_ok_and(|source| source.starts_with(&place)) {
            return Err(WriteError::Source(out.to_path_buf(), source.to_path_buf()));
        }
    }
    Ok(())
}

/// Puts the finished directory in its place. The earlier output, if any, is moved out first and deleted last; where the move is cut short in
/// between, the next writer puts it back ([`tidy`]).
pub fn place(aside: &Path, directory: &Path, replaces: bool) -> Result<(), WriteError> {
    if !replaces {
        return fs::rename(aside, directory).map_err(system(directory));
    }
    let held = lock(directory);
    let old = name_aside(directory, "replaced");
    fs::rename(directory, &old).map_err(system(directory))?;
    if let Err(error) = fs::rename(aside, directory) {
        let _ = fs::rename(&old, directory);
        return Err(WriteError::System(directory.to_path_buf(), error));
    }
    let _ = fs::remove_dir_all(&old);
    drop(held);
    Ok(())
}

/// Where a path leads: a link to a place is followed, so that the link stays. A link that leads nowhere is refused for directories.
pub fn resolved(directory: &Path) -> Result<PathBuf, WriteError> {
    if !directory.is_symlink() {
        return Ok(directory.to_path_buf());
    }
    fs::canonicalize(directory)
        .map_err(|_| WriteError::Taken(directory.to_path_buf(), "it is a link that leads nowhere".to_owned()))
}

/// Puts back or removes what killed processes left beside `place`, and says what. What a living process holds stays.
pub fn tidy(place: &Path) -> Vec<String> {
    let mut told = Vec::new();
    let Some(name) = kept_name(place) else { return told };
    let parent = parent_of(place);
    let Ok(entries) = entries(&parent) else { return told };
    for entry in entries {
        let middle = entry.strip_prefix(&format!(".{name}."));
        let Some((process, what)) = middle.and_then(|rest| rest.split_once('.')) else { continue };
        // Process, time and call: a name of the user's own that ends in numbers is none of ours.
        let parts: Vec<&str> = process.split('-').collect();
        let is_ours = parts.len() == 3 && parts.iter().all(|part| part.parse::<u128>().is_ok());
        let is_old = what == "replaced";
        if !is_ours || !(is_old || what == "unfinished") {
            continue;
        }
        let left = parent.join(&entry);
        let Some(_held) = lock(&left) else { continue };
        if is_old && !place.exists() {
            if fs::rename(&left, place).is_ok() {
                told.push(format!(
                    "{}: an interruption had moved this earlier result aside; it was put back first",
                    place.display()
                ));
            }
        } else if (if left.is_dir() { fs::remove_dir_all(&left) } else { fs::remove_file(&left) }).is_ok() {
            told.push(format!("{}: removed; an interruption had left it", left.display()));
        }
    }
    told
}

/// Writes one file beside its place and renames it, so that it is whole or not there. An earlier file is replaced.
pub fn write_file(file: &Path, content: &[u8]) -> Result<(), WriteError> {
    let mut aside = FileAside::create(file)?;
    aside.write_all(content).map_err(system(file))?;
    aside.place()
}

/// A file in the making: written aside and renamed when whole; dropped before that, it leaves nothing behind and what stood in its place
/// stands there still.
///
/// A link is followed and stays a link; the mode of an earlier file is kept. What is no regular file (a pipe, a device) is written through.
#[derive(Debug)]
pub struct FileAside {
    file: File,
    aside: Option<PathBuf>,
    target: PathBuf,
}

impl FileAside {
    /// Begins the file. Refused where a directory or a file that may not be written stands.
    pub fn create(file: &Path) -> Result<Self, WriteError> {
        let refuse = |kind: ErrorKind| Err(WriteError::System(file.to_path_buf(), kind.into()));
        let (target, permissions) = match fs::metadata(file) {
            Ok(found) if found.is_dir() => return refuse(ErrorKind::IsADirectory),
            Ok(found) if found.is_file() && found.permissions().readonly() => {
                return refuse(ErrorKind::PermissionDenied);
            }
            Ok(found) if found.is_file() => {
                (fs::canonicalize(file).map_err(system(file))?, Some(found.permissions()))
            }
            Ok(_) => {
                let through = OpenOptions::new().write(true).open(file).map_err(system(file))?;
                return Ok(Self { file: through, aside: None, target: file.to_path_buf() });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => match fs::read_link(file) {
                Ok(leads_to) => (parent_of(file).join(leads_to), None),
                Err(_) => (file.to_path_buf(), None),
            },
            Err(error) => return Err(WriteError::System(file.to_path_buf(), error)),
        };
        tidy(&target);
        let aside = name_aside(&target, "unfinished");
        let begun = OpenOptions::new().write(true).create_new(true).open(&aside).map_err(system(file))?;
        // Told from what a killed process left; a file system without locks does without.
        let _ = begun.try_lock();
        let made = Self { file: begun, aside: Some(aside.clone()), target };
        if let Some(permissions) = permissions {
            fs::set_permissions(&aside, permissions).map_err(system(file))?;
        }
        Ok(made)
    }

    /// Puts the file in its place, whole.
    pub fn place(mut self) -> Result<(), WriteError> {
        self.file.flush().map_err(system(&self.target))?;
        let Some(aside) = &self.aside else { return Ok(()) };
        self.file.sync_all().map_err(system(&self.target))?;
        fs::rename(aside, &self.target).map_err(system(&self.target))?;
        self.aside = None;
        Ok(())
    }
}

impl Write for FileAside {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for FileAside {
    fn drop(&mut self) {
        if let Some(aside) = &self.aside {
            let _ = fs::remove_file(aside);
        }
    }
}

impl Outputs {
    /// Whether an output may have a file of this name.
    fn knows(&self, name: &str) -> bool {
        let stem = |name: &str| FORMS.iter().find_map(|form| name.strip_suffix(form).map(str::to_owned));
        self.known.iter().chain([&self.mark]).any(|known| {
            *known == name || stem(known).is_some_and(|table| stem(name).as_ref() == Some(&table))
        })
    }
}

/// Names in a directory, in order.
fn entries(directory: &Path) -> Result<Vec<String>, WriteError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(system(directory))? {
        names.push(entry.map_err(system(directory))?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// A file or directory of our own, held; none where somebody else holds it or the system knows no such locks.
fn lock(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    file.try_lock().is_ok().then_some(file)
}

/// A name beside a place that no other process and no other call has: process numbers repeat (in containers they are always 1).
fn name_aside(place: &Path, what: &str) -> PathBuf {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let time = time.map_or(0, |time| time.as_nanos());
    let name = kept_name(place).unwrap_or_default();
    parent_of(place).join(format!(".{name}.{}-{time}-{call}.{what}", std::process::id()))
}

/// The name of a place, as far as it is kept in names aside.
fn kept_name(place: &Path) -> Option<String> {
    let name = place.file_name()?.to_string_lossy().into_owned();
    let end = (0..=name.len().min(NAME_KEPT)).rev().find(|end| name.is_char_boundary(*end))?;
    Some(name[..end].to_owned())
}

fn parent_of(place: &Path) -> PathBuf {
    match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn system(path: &Path) -> impl Fn(std::io::Error) -> WriteError + use<> {
    let path = path.to_path_buf();
    move |error| WriteError::System(path.clone(), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: Outputs = Outputs { mark: "summary.json", known: &["economies.csv"] };

    /// An empty folder of its own.
    fn root(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("detente-aside-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).expect("made");
        root
    }

    fn result(text: &str) -> Files {
        vec![("summary.json".to_owned(), text.to_owned()), ("economies.csv".to_owned(), text.to_owned())]
    }

    fn names(folder: &Path) -> Vec<String> {
        entries(folder).expect("listed")
    }

    #[test]
    fn a_result_replaces_a_result_and_nothing_else() {
        let root = root("replaces");
        let target = root.join("deep/result");
        write(&target, &RESULT, &result("1")).expect("written");
        write(&target, &RESULT, &result("2")).expect("replaced");
        assert_eq!(fs::read_to_string(target.join("summary.json")).expect("read"), "2");
        assert_eq!(names(&root.join("deep")), ["result"], "nothing is left aside");
        // One foreign entry and the folder is left alone, whatever marks it.
        for stranger in ["notes.md", "figures/plot.py"] {
            let path = target.join(stranger);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(&path, "years of work").expect("written");
            let refused = write(&target, &RESULT, &result("3")).expect_err("refused").to_string();
            assert!(refused.contains(stranger.split('/').next().expect("a name")), "{refused}");
            assert_eq!(fs::read_to_string(&path).expect("still there"), "years of work");
            let _ = fs::remove_dir_all(
                path.parent().filter(|parent| *parent != target).unwrap_or(&root.join("x")),
            );
            let _ = fs::remove_file(&path);
        }
        // The same table in another form is ours.
        fs::rename(target.join("economies.csv"), target.join("economies.parquet")).expect("renamed");
        write(&target, &RESULT, &result("4")).expect("replaced");
        assert_eq!(names(&target), ["economies.csv", "summary.json"]);
        fs::remove_dir_all(&root).expect("removed");
    }

    #[test]
    fn a_source_is_not_replaced_by_what_is_made_from_it() {
        let root = root("source");
        write(&root.join("world"), &RESULT, &result("1")).expect("written");
        let (world, below) = (root.join("world"), root.join("world/economies.csv"));
        assert!(matches!(refuse_sources(&world, [world.as_path()]), Err(WriteError::Source(..))));
        assert!(matches!(refuse_sources(&world, [below.as_path()]), Err(WriteError::Source(..))));
        refuse_sources(&root.join("other"), [world.as_path()]).expect("another place");
        fs::remove_dir_all(&root).expect("removed");
    }

    #[test]
    fn what_a_killed_process_left_is_put_back_or_removed_and_said() {
        let root = root("left");
        let target = root.join("result");
        for left in [".result.17.unfinished", ".result.17-5-0.unfinished", ".result.notes.unfinished"] {
            fs::create_dir(root.join(left)).expect("made");
        }
        let living = root.join(".result.18-5-0.unfinished");
        fs::create_dir(&living).expect("made");
        let held = lock(&living).expect("held");
        // Killed between the two renames: the earlier result stands aside only.
        write(&target, &RESULT, &result("earlier")).expect("written");
        fs::rename(&target, root.join(".result.17-5-1.replaced")).expect("moved");
        fs::create_dir(root.join(".result.19-5-0.unfinished")).expect("made");
        let told = tidy(&target);
        assert_eq!(fs::read_to_string(target.join("summary.json")).expect("put back"), "earlier");
        assert!(told.iter().any(|sentence| sentence.contains("put back")), "{told:?}");
        // What a living process holds, and names that are not ours (a sweep's, a user's), stay.
        let stay =
            [".result.17.unfinished", ".result.18-5-0.unfinished", ".result.notes.unfinished", "result"];
        assert_eq!(names(&root), stay);
        drop(held);
        assert_eq!(write(&target, &RESULT, &result("next")).expect("written").len(), 1);
        fs::remove_dir_all(&root).expect("removed");
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_modes_stay_modes() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let root = root("links");
        let (page, link) = (root.join("page.html"), root.join("link.html"));
        fs::write(&page, "old").expect("written");
        fs::set_permissions(&page, fs::Permissions::from_mode(0o600)).expect("set");
        symlink("page.html", &link).expect("linked");
        write_file(&link, b"new").expect("written");
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&page).expect("read"), "new");
        assert_eq!(fs::metadata(&page).expect("there").permissions().mode() & 0o777, 0o600);
        let (real, out) = (root.join("real"), root.join("out"));
        fs::create_dir(&real).expect("made");
        symlink("real", &out).expect("linked");
        write(&out, &RESULT, &result("1")).expect("written");
        assert!(out.is_symlink() && real.join("summary.json").is_file());
        symlink("nowhere", root.join("dangling")).expect("linked");
        assert!(matches!(write(&root.join("dangling"), &RESULT, &result("1")), Err(WriteError::Taken(..))));
        // A file that is dropped half-way leaves the earlier one.
        let mut half = FileAside::create(&page).expect("begun");
        half.write_all(b"half").expect("written");
        drop(half);
        assert_eq!(fs::read_to_string(&page).expect("read"), "new");
        assert_eq!(names(&root), ["dangling", "link.html", "out", "page.html", "real"]);
        fs::remove_dir_all(&root).expect("removed");
    }
}
