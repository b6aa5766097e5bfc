//! The rules of the house that a compiler does not hold: who may look at whom, who may read files, where names live.

#[path = "support/rust_source.rs"]
mod rust_source;

use rust_source::{Looks, Source};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Modules of the engine in the order in which each may look back.
const ENGINE_ORDER: [&str; 19] = [
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
    "sluggish",
    "first_year",
    "catalogue",
    "games",
    "rebalancing",
    "uncertainty",
];

/// Every crate of the workspace, lowest first: each uses only those before it, which the compiler holds.
const CRATES: [&str; 10] =
    ["tables", "exchange", "ledger", "engine", "data", "detente", "report", "server", "validation", "cli"];

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

/// Parties, groups, programmes, authorities, measures and places are data: the code would serve any two economies. Read from the record itself, so that
/// what is added there tomorrow is forbidden here tomorrow.
#[test]
fn no_party_is_named_in_code() {
    let ledger = detente_ledger::Ledger::embedded().expect("the record");
    let parties = &ledger.parties;
    // A code stands in quotes; as letters alone it may be part of any word.
    let mut quoted: Vec<String> = parties.codes().map(|code| format!("\"{code}\"")).collect();
    quoted.extend(ledger.programmes.iter().map(|held| format!("\"{}\"", held.id)));
    quoted.extend(ledger.instruments.iter().map(|held| format!("\"{}\"", held.family)));
    let mut words: Vec<String> = parties.codes().map(|code| parties.name(code).to_owned()).collect();
    words.extend(ledger.instruments.iter().flat_map(|held| [held.id.clone(), held.authority.clone()]));
    words.extend(["Geneva", "fentanyl", "Section 301", "Section 232"].map(str::to_owned));
    words.retain(|word| {
        word.chars().count() > 3 && word.chars().any(char::is_uppercase) || word == "fentanyl"
    });
    for list in [&mut quoted, &mut words] {
        list.sort_unstable();
        list.dedup();
    }
    assert!(quoted.len() > 250 && words.len() > 300, "{} {}", quoted.len(), words.len());
    let mut found = Vec::new();
    for folder in CRATES.map(|name| format!("crates/{name}/src")) {
        for path in rust_files(&folder) {
            let code = code(&path);
            let other =
                |name: &str| OTHER_MEANINGS.iter().any(|(file, held)| path.ends_with(file) && *held == name);
            let named = quoted.iter().filter(|name| code.contains(*name) && !other(name));
            let named = named.chain(words.iter().filter(|name| stands_alone(&code, name)));
            found.extend(named.map(|name| format!("{} names {name}", path.display())));
        }
    }
    assert!(found.is_empty(), "that belongs in data:\n{}", found.join("\n"));
}

/// Codes of a party that mean something else where they stand: taxes less subsidies of an input-output table, and an economy of an invented example.
const OTHER_MEANINGS: [(&str, &str); 2] = [
    ("crates/data/src/import/oecd.rs", "\"TLS\""),
    ("crates/engine/src/model/benchmark/example.rs", "\"NOR\""),
];

/// Whether a name stands in the text as a word of its own.
fn stands_alone(text: &str, name: &str) -> bool {
    let is_letter =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(name).any(|(at, _)| {
        !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + name.len()..].chars().next())
    })
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

/// The files of a crate, parsed.
fn parsed(name: &str) -> Vec<Source> {
    let src = root().join(format!("crates/{name}/src"));
    rust_files(&format!("crates/{name}/src")).iter().map(|path| Source::read(&src, path)).collect()
}

/// Circles that stand still, by one of their files: each is to be untied, and none may join them.
const STANDING_CIRCLES: [&str; 6] = [
    "cli/src/verbs/talks.rs",
    "engine/src/outcomes/headline.rs",
    "ledger/src/check.rs",
    "ledger/src/duty/branches.rs",
    "ledger/src/party.rs",
    "ledger/src/tariff/causes.rs",
];

#[test]
fn files_of_a_crate_look_one_way() {
    let mut arrows = 0;
    let mut standing = 0;
    for name in CRATES {
        let looks = Looks::of(parsed(name));
        arrows += looks.arrows();
        let stands = |circle: &BTreeSet<PathBuf>| {
            circle.iter().any(|file| STANDING_CIRCLES.iter().any(|known| file.ends_with(known)))
        };
        let (known, circles): (Vec<_>, Vec<_>) = looks.circles().into_iter().partition(stands);
        standing += known.len();
        assert!(circles.is_empty(), "these files of {name} look at each other in a circle: {circles:#?}");
    }
    assert!(standing <= STANDING_CIRCLES.len(), "one more circle has grown beside those that stand");
    assert!(arrows > 400, "what files import is found: {arrows} arrows");
}

/// Crates that serve every face alike: a command, a page, another program.
const LIBRARY: [&str; 6] = ["tables", "exchange", "ledger", "engine", "data", "detente"];

/// Texts of the dictionary of columns, which is a page about the command; to stand with the other pages, in the report.
const DICTIONARY: [&str; 2] = ["engine/src/catalogue/lists.rs", "detente/src/results/columns.rs"];

/// A flag is the command's; the library says what is wrong, and the command which flag mends it.
#[test]
fn the_library_speaks_of_no_flag() {
    let mut strings = 0;
    for source in LIBRARY.iter().flat_map(|name| parsed(name)) {
        if DICTIONARY.iter().any(|file| source.path.ends_with(file)) {
            continue;
        }
        for text in source.strings() {
            strings += 1;
            let flags =
                text.split("--").skip(1).filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            assert_eq!(flags.count(), 0, "{} speaks of a flag: {text:?}", source.path.display());
        }
    }
    assert!(strings > 1500, "strings are found: {strings}");
}

/// The doors through which the library reads and writes folders: every other function takes values.
const DOORS: [&str; 32] = [
    "data::benchmark_directory open",
    "data::default_world open_or",
    "data::import import",
    "data::import read_recipe",
    "data::import::source open",
    "detente::results write",
    "detente::scenario open",
    "detente::scenario parse",
    "detente::scenario::document read",
    "detente::scenario::document write",
    "detente::scenario source",
    "detente::scenario::resolve resolve",
    "detente::sweep run",
    "detente::sweep run_part",
    "detente::sweep::merge merge",
    "detente::sweep::spec open",
    "detente::sweep::store open",
    "detente::sweep::store unfinished",
    "detente::world open",
    "tables::atomic_write check",
    "tables::atomic_write create",
    "tables::atomic_write place",
    "tables::atomic_write refuse_sources",
    "tables::atomic_write resolved",
    "tables::atomic_write tidy",
    "tables::atomic_write write",
    "tables::atomic_write write_file",
    "tables::folder open",
    "tables::input_file read",
    "tables::input_file read_text",
    "tables::output write",
    "tables::output write",
];

/// Folders laid over the record: the ledger's own doors, and what holds them until the record is read.
const OVERLAYS: [&str; 7] = [
    "detente::ledger_tariffs over",
    "detente::world with_measures",
    "ledger::files below",
    "ledger::ledger with_overlays",
    "ledger::products::library new",
    "ledger::tariff::layers new",
    "ledger::tariff::layers with_overlays",
];

#[test]
fn no_function_of_the_library_takes_a_path_where_a_value_belongs() {
    let mut found = BTreeSet::new();
    for name in LIBRARY {
        for source in parsed(name) {
            let place: Vec<&str> =
                std::iter::once(name).chain(source.module.iter().map(String::as_str)).collect();
            let takes = functions_with_paths(&source);
            found.extend(takes.into_iter().map(|function| format!("{} {function}", place.join("::"))));
        }
    }
    let known: BTreeSet<String> = DOORS.iter().chain(&OVERLAYS).map(|door| (*door).to_owned()).collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(
        new.is_empty(),
        "these take a path; take the value, and let the face that was given the path read it: {new:#?}"
    );
}

/// Public functions of a file that take a path.
fn functions_with_paths(source: &Source) -> Vec<String> {
    use quote::ToTokens;
    let takes = |signature: &syn::Signature| {
        let inputs = signature.inputs.to_token_stream().to_string()
            + &signature.generics.to_token_stream().to_string();
        inputs.split(|c: char| !c.is_alphanumeric()).any(|word| word == "Path" || word == "PathBuf")
    };
    let open = |visibility: &syn::Visibility| matches!(visibility, syn::Visibility::Public(_));
    let mut found = Vec::new();
    for item in &source.file.items {
        match item {
            syn::Item::Fn(item) if open(&item.vis) && takes(&item.sig) => {
                found.push(item.sig.ident.to_string())
            }
            syn::Item::Impl(block) => found.extend(block.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(item) if open(&item.vis) && takes(&item.sig) => {
                    Some(item.sig.ident.to_string())
                }
                _ => None,
            })),
            _ => {}
        }
    }
    found
}

/// What an outcome or some talks are called is data, and may be called otherwise: nothing hangs on it.
#[test]
fn nothing_is_compared_with_the_name_of_an_outcome_or_of_talks() {
    let ledger = detente_ledger::Ledger::embedded().expect("the carried record opens");
    let mut names = BTreeSet::new();
    for id in ledger.talks_ids() {
        names.insert(id.to_owned());
        names.extend(ledger.talks(id).expect("talks").outcomes.into_iter().map(|outcome| outcome.name));
    }
    assert!(names.len() > 3, "names are found: {names:?}");
    for source in CRATES.iter().flat_map(|name| parsed(name)) {
        for text in source.compared_strings() {
            assert!(
                !names.contains(&text),
                "{} compares with {text:?}, a name in the data",
                source.path.display()
            );
        }
    }
}

/// Plotting and terminal tables stand in the report and in the command, and nothing of the library knows them.
#[test]
fn the_library_knows_no_charts_and_no_terminal() {
    for name in LIBRARY {
        let manifest =
            fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).expect("a manifest");
        for forbidden in ["plotly", "comfy-table", "clap", "detente-report"] {
            assert!(!manifest.contains(forbidden), "crates/{name} depends on {forbidden}");
        }
    }
}
