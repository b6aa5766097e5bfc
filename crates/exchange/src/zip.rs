//! Archives (zip): entries read by the directory at their end, and written with the same bytes every time.

use std::io::{Read, Write};

use crate::ExchangeError;

/// Bytes that an entry may unpack to, and how many times its packed size.
const MOST_BYTES: u64 = 1 << 32;
const MOST_UNPACKED: u64 = 200;
const UNPACKED_ANYWAY: u64 = 1 << 24;

/// A file in an archive.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Path in the archive.
    pub name: String,
    method: u16,
    packed: &'a [u8],
    length: u64,
}

impl Entry<'_> {
    /// Its bytes.
    ///
    /// # Errors
    /// A way of packing other than stored and deflated; bytes that do not unpack to the length stated.
    pub fn bytes(&self) -> Result<Vec<u8>, ExchangeError> {
        let most = (MOST_UNPACKED * self.packed.len() as u64).clamp(UNPACKED_ANYWAY, MOST_BYTES);
        let refuse = |reason: String| ExchangeError::whole(format!("`{}`: {reason}", self.name));
        let bytes = match self.method {
            0 => self.packed.to_vec(),
            8 => {
                let mut found = Vec::new();
                let mut unpacking = flate2::read::DeflateDecoder::new(self.packed).take(most + 1);
                unpacking.read_to_end(&mut found).map_err(|error| refuse(error.to_string()))?;
                found
            }
            other => {
                return Err(refuse(format!("is packed by method {other}; stored and deflated are read")));
            }
        };
        if bytes.len() as u64 != self.length {
            return Err(refuse(format!(
                "unpacks to {} bytes, where {} are stated",
                bytes.len(),
                self.length
            )));
        }
        Ok(bytes)
    }
}

/// Two and four bytes, little-endian.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(width)?)?;
    Some(part.iter().rev().fold(0, |value, byte| (value << 8) | usize::from(*byte)))
}

/// The entries of an archive in the order of its directory; folders are left out.
///
/// # Errors
/// Bytes that are no archive, or one whose directory does not fit it.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, ExchangeError> {
    const END: &[u8] = b"PK\x05\x06";
    let from = bytes.len().saturating_sub(66_000);
    let end = (from..bytes.len().saturating_sub(21)).rev().find(|at| bytes[*at..].starts_with(END));
    let end = end.ok_or_else(|| ExchangeError::whole("no archive (zip): its directory is missing"))?;
    let broken = |at: usize| ExchangeError::at(at, "the directory of the archive does not fit it");
    let count = number(bytes, end + 10, 2).ok_or_else(|| broken(end))?;
    let mut at = number(bytes, end + 16, 4).ok_or_else(|| broken(end))?;
    let mut found = Vec::new();
    for _ in 0..count {
        let field = |from: usize, width: usize| {
            number(bytes, at.saturating_add(from), width).ok_or_else(|| broken(at))
        };
        if !bytes.get(at..).is_some_and(|rest| rest.starts_with(b"PK\x01\x02")) {
            return Err(broken(at));
        }
        let (method, packed, length) = (field(10, 2)?, field(20, 4)?, field(24, 4)?);
        let (name, extra, comment, local) = (field(28, 2)?, field(30, 2)?, field(32, 2)?, field(42, 4)?);
        if field(8, 2)? & 1 == 1 {
            return Err(ExchangeError::at(at, "an entry is encrypted; write the archive without a password"));
        }
        let text = bytes.get(at + 46..at + 46 + name).ok_or_else(|| broken(at))?;
        let text = String::from_utf8_lossy(text).into_owned();
        let own = |from: usize| number(bytes, local.saturating_add(from), 2).ok_or_else(|| broken(local));
        let start = local + 30 + own(26)? + own(28)?;
        let body = bytes.get(start..start.saturating_add(packed)).ok_or_else(|| broken(start))?;
        if !text.ends_with('/') {
            found.push(Entry { name: text, method: method as u16, packed: body, length: length as u64 });
        }
        at += 46 + name + extra + comment;
    }
    Ok(found)
}

/// An archive of these files, deflated, with one day for all: the same files give the same bytes.
pub fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    /// 1 January 1980, the first day that the format has.
    const DAY: [u8; 4] = [0, 0, 0x21, 0];
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in files {
        let mut packing = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        // Writing to memory cannot fail.
        let _ = packing.write_all(bytes);
        let packed = packing.finish().unwrap_or_default();
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let mut common = vec![20, 0, 0, 8, 8, 0];
        common.extend(DAY);
        common.extend(crc.sum().to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let start = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, length) = (out.len() as u32, directory.len() as u32);
    out.extend(directory);
    let count = (files.len() as u16).to_le_bytes();
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_read_back_and_a_broken_one_is_refused() {
        let files = vec![("a/b.txt".to_string(), b"words".repeat(100)), ("c".to_string(), Vec::new())];
        let bytes = archive(&files);
        assert_eq!(bytes, archive(&files), "the same bytes twice");
        let read = entries(&bytes).expect("an archive");
        let back: Vec<_> = read.iter().map(|e| (e.name.clone(), e.bytes().expect("unpacked"))).collect();
        assert_eq!(back, files);
        for cut in 0..bytes.len() {
            if let Ok(found) = entries(&bytes[..cut]) {
                found.iter().for_each(|entry| drop(entry.bytes()));
            }
        }
        assert!(entries(b"PK").is_err());
    }
}
