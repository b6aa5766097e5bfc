//! The rules of the house that a compiler does not hold: who may look at whom, who may read files, where names live.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Modules of the engine in the order in which each may look back.
const ENGINE_ORDER: [&str; 17] = [
    "error",
    "index",
    "parallel",
    "model",
    "linear",
    "equations",
    "equilibrium",
    "derivatives",
    "search",
    "sensitivity",
    "outcomes",
    "objective",
    "gradient",
    "first_year",
    "games",
    "rebalancing",
    "uncertainty",
];

/// Every crate of the workspace, lowest first: each uses only those before it, which the compiler holds.
const CRATES: [&str; 8] = ["tables", "ledger", "engine", "data", "detente", "report", "validation", "cli"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a source folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    sources(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "no sources below {folder}");
    found.sort();
    found
}

/// The code of a file without its tests, comments and documentation.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file is text");
    let production = text.split("#[cfg(test)]").next().unwrap_or_default();
    production.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The module of the engine that a file belongs to.
fn engine_module(path: &Path) -> String {
    let source = root().join("crates/engine/src");
    let below = path.strip_prefix(&source).expect("an engine file");
    let first = below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn engine_modules_look_only_back() {
    let rank = |module: &str| ENGINE_ORDER.iter().position(|name| *name == module);
    for path in rust_files("crates/engine/src") {
        let module = engine_module(&path);
        if module == "lib" {
            continue;
        }
        let own =
            rank(&module).unwrap_or_else(|| panic!("{module} has no place in the order; give it one here"));
        for used in code(&path).split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Some(other) = rank(&used) {
                assert!(other <= own, "{}: {module} looks forward to {used}", path.display());
            }
        }
    }
}

#[test]
fn the_engine_reads_no_files_and_prints_nothing() {
    for path in rust_files("crates/engine/src") {
        let code = code(&path);
        for forbidden in ["std::fs", "std::env", "println!", "print!(", "dbg!"] {
            assert!(!code.contains(forbidden), "{} uses {forbidden}", path.display());
        }
    }
}

#[test]
fn the_record_and_the_economy_do_not_know_each_other() {
    for (folder, other) in [("crates/ledger/src", "detente_engine"), ("crates/engine/src", "detente_ledger")]
    {
        for path in rust_files(folder) {
            assert!(!code(&path).contains(other), "{} names {other}", path.display());
        }
    }
}

/// Parties, authorities and places are data: the code would serve any two economies.
#[test]
fn no_party_is_named_in_code() {
    let names = [
        "\"USA\"",
        "\"CHN\"",
        "China",
        "United States",
        "Section 301",
        "Section 232",
        "IEEPA",
        "Geneva",
        "fentanyl",
    ];
    for folder in CRATES.map(|name| format!("crates/{name}/src")) {
        for path in rust_files(&folder) {
            let code = code(&path);
            for name in names {
                assert!(!code.contains(name), "{} names {name}; that belongs in data", path.display());
            }
        }
    }
}

#[test]
fn rooms_stay_small() {
    for folder in CRATES.map(|name| format!("crates/{name}/src")) {
        for path in rust_files(&folder) {
            let lines = fs::read_to_string(&path).expect("text").lines().count();
            assert!(lines <= 700, "{} has {lines} lines; a file past 600 wants splitting", path.display());
        }
    }
}

/// The neighbours in its own folder that a file imports.
fn neighbours(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().expect("a folder");
    let code = code(path);
    let names = code.split("super::").skip(1).flat_map(|rest| {
        let listed = rest.strip_prefix('{').map(|list| list.split('}').next().unwrap_or_default());
        let named = listed.unwrap_or(rest.split([';', ' ', '(', '\n']).next().unwrap_or_default());
        let first = |item: &str| item.trim().split("::").next().unwrap_or_default().to_owned();
        named.split(',').map(first).collect::<Vec<_>>()
    });
    names.map(|name| folder.join(format!("{name}.rs"))).filter(|file| file.exists() && file != path).collect()
}

#[test]
fn files_of_a_folder_look_one_way() {
    let files = CRATES.iter().flat_map(|name| rust_files(&format!("crates/{name}/src")));
    let mut left: Vec<(PathBuf, Vec<PathBuf>)> = files
        .map(|file| (file.clone(), neighbours(&file)))
        .filter(|(_, looks_at)| !looks_at.is_empty())
        .collect();
    assert!(left.len() > 40, "imports of neighbours are found");
    // Whoever looks at nobody that is left goes; those who stay look at each other in a circle.
    loop {
        let before = left.len();
        let names: Vec<PathBuf> = left.iter().map(|(file, _)| file.clone()).collect();
        left.retain(|(_, looks_at)| looks_at.iter().any(|other| names.contains(other)));
        if left.len() == before {
            break;
        }
    }
    let circle: Vec<_> = left.iter().map(|(file, _)| file.display().to_string()).collect();
    assert!(circle.is_empty(), "these files look at each other in a circle, or at one: {circle:#?}");
}

/// Plotting and terminal tables stand in the report and in the command, and nothing of the library knows them.
#[test]
fn the_library_knows_no_charts_and_no_terminal() {
    for name in ["tables", "ledger", "engine", "data", "detente"] {
        let manifest =
            fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).expect("a manifest");
        for forbidden in ["plotly", "comfy-table", "clap", "detente-report"] {
            assert!(!manifest.contains(forbidden), "crates/{name} depends on {forbidden}");
        }
    }
}
