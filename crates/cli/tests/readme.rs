//! The README's first command prints what the README says it prints.
//!
//! To renew the block after a change that is meant: `DETENTE_RENEW_README=1 cargo test --release -p detente-cli --test readme`.

use std::{path::Path, process::Command};

const OPEN: &str = "<!-- brief -->\n```text\n";
const CLOSE: &str = "```\n<!-- /brief -->";

#[test]
fn the_first_command_prints_what_the_readme_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(&file).expect("the README can be read");
    let output = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["brief", "us-china", "--on", "2025-09-16"])
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(readme.contains("cargo run --release -- brief us-china --on 2025-09-16"));
    let start = readme.find(OPEN).expect("the block's start") + OPEN.len();
    let end = start + readme[start..].find(CLOSE).expect("the block's end");
    if std::env::var_os("DETENTE_RENEW_README").is_some() {
        let renewed = format!("{}{printed}{}", &readme[..start], &readme[end..]);
        std::fs::write(&file, renewed).expect("the README can be written");
        return;
    }
    assert_eq!(&readme[start..end], printed, "the README's output is not what the command prints");
    assert!(printed.lines().count() <= 25, "the first screen is 25 lines");
    assert!(printed.lines().all(|line| line.chars().count() <= 110), "it fits a terminal");
}
