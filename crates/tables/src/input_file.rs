//! Files that are read: regular ones, and no larger than any table of the field.

use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::diagnostics::Finding;

/// No file of a benchmark is larger; what is, is a slip, and would fill the memory before it is refused.
pub const MOST_BYTES: u64 = 1 << 30;

/// The bytes of a file; `None` where there is none. A pipe, a device or a folder is refused, since reading one may never end; so is a file
/// above [`MOST_BYTES`].
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Finding> {
    let unreadable = |reason: String| Finding::Unreadable { reason };
    let found = match std::fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    if found.is_dir() {
        return Err(unreadable("it is a folder; give the path of a file in it".into()));
    }
    if !found.is_file() {
        return Err(unreadable("it is a pipe or a device; give the path of a regular file".into()));
    }
    if found.len() > MOST_BYTES {
        return Err(unreadable(format!("it has {} bytes; at most {MOST_BYTES} are read", found.len())));
    }
    std::fs::read(path).map(Some).map_err(|error| unreadable(error.to_string()))
}

/// The text of a file; `None` where there is none. Refused as [`read`] does, and where it is not UTF-8.
pub fn read_text(path: &Path) -> Result<Option<String>, Finding> {
    let Some(bytes) = read(path)? else { return Ok(None) };
    let reason = "not UTF-8; save the file as UTF-8".to_owned();
    String::from_utf8(bytes).map(Some).map_err(|_| Finding::Syntax { reason })
}

/// Tables of numbers pack to a tenth; what unpacks to more than this many times its size is no table.
const MOST_UNPACKED: u64 = 60;
/// Small files may pack better.
const UNPACKED_ANYWAY: u64 = 1 << 24;

/// Unpacks gzip; refused where it unpacks to more than any table of numbers does.
pub fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, Finding> {
    let unreadable = |reason: String| Finding::Unreadable { reason };
    let cap = (MOST_UNPACKED * bytes.len() as u64).clamp(UNPACKED_ANYWAY, MOST_BYTES);
    let mut found = Vec::with_capacity(bytes.len().saturating_mul(6).min(1 << 28));
    let mut unpacking = flate2::read::MultiGzDecoder::new(bytes).take(cap + 1);
    unpacking.read_to_end(&mut found).map_err(|error| unreadable(format!("gzip: {error}")))?;
    if found.len() as u64 > cap {
        return Err(unreadable(format!(
            "gzip: {} bytes unpack to more than {cap}: no table of numbers does",
            bytes.len()
        )));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_regular_file_is_refused_and_what_is_missing_is_none() {
        assert_eq!(read(Path::new("no/such/file")), Ok(None));
        assert!(matches!(read(Path::new(".")), Err(Finding::Unreadable { .. })));
        #[cfg(unix)]
        assert!(matches!(read(Path::new("/dev/zero")), Err(Finding::Unreadable { .. })));
    }
}
