//! Files that a scenario names lie in its own folder.

use std::path::Path;

/// Whether a path that starts at a folder stays in it, links included.
pub(super) fn is_below(folder: &Path, file: &Path) -> bool {
    use std::path::Component;
    if !file.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return false;
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match (folder.canonicalize(), folder.join(file).canonicalize()) {
        (Ok(folder), Ok(file)) => file.starts_with(folder),
        // What is not there is refused as such.
        _ => true,
    }
}
