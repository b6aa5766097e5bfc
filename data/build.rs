//! Lists every fact file of this folder, so that a new file is embedded without an edit of the code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders whose files are carried; recipes make facts and are none.
const FOLDERS: [&str; 11] = [
    "benchmark",
    "capital",
    "concordances",
    "elasticities",
    "horizons",
    "ledger",
    "outturns",
    "products",
    "rebalancing",
    "scenarios",
    "validation",
];

fn main() -> io::Result<()> {
    // Asked when the script runs: a compiled script that is used from a copy of the repository would name the other's files.
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut files = vec![root.join("assumptions.toml")];
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files)?;
    }
    // In the order of the names as text, in which they are looked up: `lists.csv` stands before `lists/…`, which a path's order reverses.
    let mut named = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        named.push((name, file));
    }
    named.sort();
    let mut text = String::from(
        "/// Name in the folder of facts, content.\npub(crate) static FILES: &[(&str, &[u8])] = &[\n",
    );
    for (name, file) in &named {
        let _ = writeln!(text, "    ({name:?}, include_bytes!({:?})),", file.canonicalize()?);
    }
    text.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("files.rs"), text)
}

/// Every CSV, TOML, gzip file and note below `folder`; cargo is told to look again when one is added. A recipe's settings and what a
/// folder says of itself to a reader of the repository stay outside.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
            continue;
        }
        let carried = path
            .extension()
            .is_some_and(|kind| ["csv", "toml", "gz", "md"].iter().any(|known| kind == *known));
        let aside = path.file_name().is_some_and(|name| name == "README.md" || name == "recipe.toml");
        if carried && !aside {
            files.push(path);
        }
    }
    Ok(())
}
