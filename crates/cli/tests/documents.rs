//! What the documents show runs: every block of TOML, every command, and every flag of every command that the text names.

mod support;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use support::{Folder, detente, transcript};

/// What a block of TOML is, by the first of these that it holds, and how it is run. Parts of an instrument are put into a whole one.
const KINDS: [(&str, Run); 9] = [
    ("player", Run::With(&["optimal", "--player", "USA", "--against", "CHN", "--instruments"])),
    ("[[state]]", Run::With(&["sustain", "--between", "USA,CHN", "--punishment"])),
    ("imposer", Run::Parsed),
    ("[[party]]", Run::Parsed),
    ("[[framework]]", Run::Parsed),
    ("[[target]]", Run::With(&["rebalance"])),
    ("swap ", Run::With(&["rebalance"])),
    ("ledger = ", Run::With(&["solve"])),
    ("name = ", Run::With(&["solve"])),
];

#[derive(Clone, Copy)]
enum Run {
    /// A command whose last argument is the file.
    With(&'static [&'static str]),
    /// Read as TOML here; what it says is the business of the test of its own page.
    Parsed,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Pages: name and text.
fn pages() -> Vec<(String, String)> {
    let mut files = vec![root().join("README.md"), root().join("data/ledger/README.md")];
    for folder in ["docs/concepts", "docs/formats", "docs/reference"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("there") {
            let path = entry.expect("an entry").path();
            files.extend(path.extension().is_some_and(|kind| kind == "md").then_some(path));
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(root()).expect("below").display().to_string();
            (name, std::fs::read_to_string(file).expect("text"))
        })
        .collect()
}

/// Fenced blocks: the word after the fence, the line it stands on, the text.
fn blocks(page: &str) -> Vec<(String, usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, usize, String)> = None;
    for (at, line) in page.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(word)) => open = Some((word.trim().to_owned(), at + 1, String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((_, _, text)), None) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    found
}

/// Commands of a block or of the text, without `detente`, comments and a reader's placeholders.
fn arguments(command: &str) -> Vec<String> {
    let command = command.split(" #").next().unwrap_or(command);
    command.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn every_block_of_toml_is_read_and_what_can_be_run_is_run() {
    let folder = Folder::new("documents-toml");
    let (mut run, mut parsed) = (0, 0);
    for (page, text) in pages() {
        for (word, line, block) in blocks(&text) {
            if word != "toml" {
                continue;
            }
            let place = format!("{page}:{line}");
            assert!(block.parse::<toml::Table>().is_ok(), "{place} is no TOML:\n{block}");
            // Worked examples that name their file are run, command by command, by the page's own test.
            let is_worked =
                block.starts_with("# ") && block.lines().next().is_some_and(|line| line.ends_with(".toml"));
            let kind = KINDS.iter().find(|(mark, _)| block.contains(mark)).map(|(_, run)| *run);
            match kind.filter(|_| !is_worked) {
                Some(Run::With(command)) => {
                    let file = folder.write("block.toml", &block).display().to_string();
                    let asked: Vec<&str> = command.iter().copied().chain([file.as_str()]).collect();
                    let output = detente(&folder.0, &asked);
                    assert!(output.status.success(), "{place}: {}", transcript(&output));
                    run += 1;
                }
                Some(Run::Parsed) | None => parsed += 1,
            }
        }
    }
    assert!(run >= 4 && parsed >= 5, "{run} run, {parsed} read");
}

#[test]
fn every_command_in_a_block_runs() {
    let folder = Folder::new("documents-commands");
    let mut run = 0;
    for (page, text) in pages() {
        for (word, line, block) in blocks(&text) {
            // `console` shows what is printed: compared by the page's own test.
            if word == "console" || word == "toml" {
                continue;
            }
            for command in block.lines().filter_map(|line| line.strip_prefix("detente ")) {
                let asked = arguments(command);
                // A word in capitals stands for the reader's own file.
                let stands_in =
                    |word: &String| word.ends_with(".csv") || word.ends_with(".parquet") || word == "DIR";
                if asked.iter().any(stands_in) {
                    continue;
                }
                let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
                let output = detente(&folder.0, &asked);
                assert!(output.status.success(), "{page}:{line}: {command}: {}", transcript(&output));
                run += 1;
            }
        }
    }
    assert!(run >= 6, "{run}");
}

/// `detente VERB --flag …` anywhere in the text or in a block: the verb is there, and has the flag.
#[test]
fn every_flag_that_is_named_beside_its_command_is_there() {
    let folder = Folder::new("documents-flags");
    let mut help: HashMap<String, String> = HashMap::new();
    let mut seen = 0;
    for (page, text) in pages() {
        let spans = text.split('`').filter_map(|span| span.strip_prefix("detente "));
        let lines = text.lines().filter_map(|line| line.trim_start_matches("$ ").strip_prefix("detente "));
        for command in spans.chain(lines) {
            let words = arguments(command.lines().next().unwrap_or_default());
            let Some(verb) =
                words.first().filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
            else {
                continue;
            };
            let has_parts = matches!(verb.as_str(), "ledger" | "data");
            let Some(part) = (if has_parts { words.get(1) } else { Some(verb) }) else { continue };
            let of: Vec<&str> = if has_parts { vec![verb, part] } else { vec![verb] };
            let key = of.join(" ");
            let text = help.entry(key.clone()).or_insert_with(|| {
                let output = detente(&folder.0, &[of.as_slice(), &["--help"]].concat());
                assert!(output.status.success(), "{page}: `detente {command}`: no such command");
                String::from_utf8_lossy(&output.stdout).into_owned()
            });
            for flag in words
                .iter()
                .filter_map(|word| word.trim_matches(['[', ']', '(', ')', ',']).strip_prefix("--"))
            {
                let flag = flag.split(['=', '|', ']']).next().unwrap_or(flag);
                assert!(
                    text.contains(&format!("--{flag}")),
                    "{page}: `detente {command}`: {key} has no --{flag}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen >= 30, "{seen}");
}

/// A ministry passes on what it knows it may: every benchmark that ships says its terms, and each source that they name has its row.
#[test]
fn the_terms_of_every_benchmark_that_ships_are_settled() {
    let terms = std::fs::read_to_string(root().join("DATA-LICENCES.md")).expect("there").to_lowercase();
    let rows: Vec<&str> = terms.lines().filter(|line| line.starts_with('|')).collect();
    let mut asked = 0;
    for folder in ["data/benchmark", "data/published"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("there") {
            let file = entry.expect("an entry").path().join("benchmark.toml");
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let said: toml::Table = text.parse().expect("TOML");
            let [licence, source] =
                ["licence", "source"].map(|key| said[key].as_str().expect("words").to_lowercase());
            for open in ["to be confirmed", "unknown", "unclear", "to be settled"] {
                assert!(!licence.contains(open), "{}: {licence}", file.display());
            }
            for owner in ["oecd", "wiod", "teti", "census", "caliendo", "penn world table", "world bank"] {
                let named = source.contains(owner) || licence.contains(owner);
                let row = match owner {
                    "wiod" => "world input-output database",
                    owner => owner,
                };
                assert!(
                    !named || rows.iter().any(|line| line.contains(row)),
                    "{}: {owner} has no row",
                    file.display()
                );
                assert!(
                    !source.contains(owner) || licence.contains(owner) || owner == "caliendo",
                    "{}: terms of {owner}",
                    file.display()
                );
                asked += usize::from(named);
            }
        }
    }
    assert!(asked > 8, "only {asked} sources were read");
}
