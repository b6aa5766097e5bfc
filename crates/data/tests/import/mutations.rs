//! Files that were changed at random: refused, or read; never a panic, never more room than the file could need.

use std::path::Path;

use detente_data::import;
use detente_data::import::recipe::{Layout, Recipe};
use detente_exchange::{har, r_data, zip};
use detente_testkit::{needs, shared};

/// A sequence of numbers from a seed (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// One of four changes: a byte, four bytes of a large number, a cut, a piece doubled.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        let at = self.below(changed.len());
        match self.below(4) {
            0 => changed[at] ^= 1 << self.below(8),
            1 => {
                let number = (self.0 as u32 >> self.below(32)).to_le_bytes();
                let end = (at + 4).min(changed.len());
                changed[at..end].copy_from_slice(&number[..end - at]);
            }
            2 => changed.truncate(at),
            _ => {
                let end = (at + self.below(64)).min(changed.len());
                let piece = changed[at..end].to_vec();
                changed.splice(at..at, piece);
            }
        }
        changed
    }
}

/// Files of header arrays of less than this are changed as often as the rest together.
const SMALL: u64 = 100_000;

/// How often a file is changed: `usual`, or what `DETENTE_MUTATIONS` says (10,000 for the full count, which takes minutes).
fn rounds(usual: usize) -> usize {
    std::env::var("DETENTE_MUTATIONS").ok().and_then(|typed| typed.parse().ok()).unwrap_or(usual)
}

#[needs("data/importer-samples/har/files")]
#[test]
fn changed_header_arrays_are_refused_with_a_byte_or_read() {
    let mut numbers = Numbers(20_261_129);
    let mut refused = 0;
    for folder in std::fs::read_dir(shared("data/importer-samples/har/files")).expect("listed") {
        for entry in std::fs::read_dir(folder.expect("an entry").path()).expect("listed") {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("read");
            let usual = if (bytes.len() as u64) < SMALL { 400 } else { 40 };
            for _ in 0..rounds(usual) {
                match har::read(&numbers.mutate(&bytes)) {
                    Ok(file) => assert!(!file.headers.is_empty()),
                    Err(error) => {
                        refused += 1;
                        assert!(error.offset.is_some(), "{}: {error}", path.display());
                    }
                }
            }
        }
    }
    assert!(refused > 1000, "{refused} refusals");
}

#[needs("data/importer-samples/layouts")]
#[test]
fn changed_data_of_r_and_archives_are_refused_or_read() {
    let mut numbers = Numbers(7);
    let path = shared("data/importer-samples/layouts/wiod-2016-gzip.RData");
    let bytes = std::fs::read(path).expect("read");
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut plain).expect("unpacked");
    for _ in 0..400 {
        drop(r_data::read(&numbers.mutate(&plain)));
        drop(r_data::read(&numbers.mutate(&bytes)));
    }
    let book = std::fs::read(shared("data/importer-samples/layouts/wiod-2013.xlsx")).expect("read");
    for _ in 0..200 {
        if let Ok(entries) = zip::entries(&numbers.mutate(&book)) {
            entries.iter().for_each(|entry| drop(entry.bytes()));
        }
    }
}

#[needs("data/importer-samples/layouts")]
#[test]
fn changed_tables_are_refused_or_read() {
    let mut numbers = Numbers(11);
    let samples = shared("data/importer-samples/layouts");
    let folder = std::env::temp_dir().join(format!("detente-mutations-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let cases = [
        ("icio-2016.csv", Layout::OecdIcio),
        ("icio-2021.csv", Layout::OecdIcio),
        ("wiod-2016.csv", Layout::Wiod),
    ];
    let (mut read, mut refused) = (0, 0);
    for (name, layout) in cases {
        let bytes = std::fs::read(samples.join(name)).expect("read");
        let mut recipe = Recipe { layout, ..Recipe::default() };
        recipe.files.insert("sectors".into(), samples.join("sectors.csv").display().to_string());
        for _ in 0..25 {
            let path: &Path = &folder.join(name);
            std::fs::write(path, numbers.mutate(&bytes)).expect("written");
            match import::import(path, &recipe, "") {
                Ok(_) => read += 1,
                Err(problems) => {
                    refused += 1;
                    assert!(!problems.0.is_empty());
                }
            }
        }
    }
    std::fs::remove_dir_all(&folder).expect("removed");
    assert!(refused > 10, "{refused} refused, {read} read");
}
