//! The tutorials run as they stand: each block of `console` is a command and what it prints, with `…` for what is left out.

mod support;

use std::path::Path;
use std::process::Command;

use support::{Folder, transcript};

/// Whether what is printed is what the page shows: a line `…` stands for any lines, `…` at the end of a line for the rest of it.
fn is_shown(page: &[&str], printed: &[&str]) -> bool {
    let same = |shown: &str, line: &str| match shown.strip_suffix('…') {
        Some(beginning) => line.starts_with(beginning.trim_end()),
        None => line.trim_end() == shown.trim_end(),
    };
    match (page, printed) {
        ([], []) => true,
        (["…"], _) => true,
        (["…", rest @ ..], _) => (0..=printed.len()).any(|from| is_shown(rest, &printed[from..])),
        ([shown, page @ ..], [line, printed @ ..]) => same(shown, line) && is_shown(page, printed),
        _ => false,
    }
}

#[test]
fn every_block_of_a_tutorial_prints_what_it_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tutorials");
    let mut run = 0;
    for entry in std::fs::read_dir(root).expect("tutorials") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let folder =
            Folder::new(&format!("tutorial-{}", path.file_stem().expect("a name").to_string_lossy()));
        for block in text.split("\n```").skip(1).step_by(2) {
            let (kind, body) = block.split_once('\n').expect("a block has lines");
            match kind {
                // A file that the reader is told to save.
                "toml" => {
                    let name = body
                        .lines()
                        .next()
                        .and_then(|line| line.strip_prefix("# "))
                        .expect("the file's name");
                    folder.write(name, body);
                }
                "console" => {
                    let lines: Vec<&str> = body.lines().collect();
                    let asked = lines[0].strip_prefix("$ detente ").expect("a command");
                    let output = Command::new(env!("CARGO_BIN_EXE_detente"))
                        .current_dir(&folder.0)
                        .env("COLUMNS", "100")
                        .args(asked.split_whitespace())
                        .output()
                        .expect("the command runs");
                    assert!(output.status.success(), "{asked}: {}", transcript(&output));
                    let printed = String::from_utf8(output.stdout).expect("text");
                    let printed: Vec<&str> = printed.lines().collect();
                    let told = printed.join("\n");
                    assert!(is_shown(&lines[1..], &printed), "{}: {asked} prints\n{told}", path.display());
                    run += 1;
                }
                other => panic!("{}: a block of {other:?}, which nobody runs", path.display()),
            }
        }
    }
    assert!(run >= 6, "{run} blocks");
}

#[test]
fn three_dots_stand_for_what_is_left_out_and_for_nothing_else() {
    assert!(is_shown(&["a", "…", "c…"], &["a", "b", "b", "cd"]));
    assert!(!is_shown(&["a", "c"], &["a", "b", "c"]));
    assert!(!is_shown(&["a", "…", "d"], &["a", "b"]));
}
