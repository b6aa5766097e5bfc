//! What the record costs: `cargo bench -p detente-cli --bench record`, with `-- --write FILE` as a page.
//!
//! Times are processor time (user and system) and not the clock on the wall, so that other work on the machine counts little. A
//! whole process is timed by what its children have used, over many of them; Linux only, since it is read from `/proc`.

use detente_ledger::{
    schedule::Reading,
    tariff::{Tariffs, View},
};
use jiff::civil::Date;
use std::{
    fmt::Write as _,
    process::{Command, Stdio},
};

/// Questions of one process each.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("`duty` of one line", &["duty", "8471.30.01", "--from", "CHN", "--to", "USA", "--on", "2025-12-01"]),
    (
        "`duty` of one line, JSON",
        &["duty", "8471.30.01", "--from", "CHN", "--to", "USA", "--on", "2025-12-01", "--format", "json"],
    ),
    (
        "`duty` of one line, from Germany",
        &["duty", "8703.23.01", "--from", "DEU", "--to", "USA", "--on", "2025-08-10"],
    ),
    (
        "`duty` of one line with four conditions",
        &["duty", "8544.42.90", "--from", "CHN", "--to", "USA", "--on", "2026-03-15"],
    ),
    (
        "`duty` of one line, step chart of nine years",
        &[
            "duty",
            "6109.10.00",
            "--from",
            "CHN",
            "--to",
            "USA",
            "--on",
            "2018-01-01",
            "--known-on",
            "latest",
            "--until",
            "2027-01-01",
        ],
    ),
    ("`duty` of a chapter, 84", &["duty", "84", "--from", "CHN", "--to", "USA", "--on", "2025-12-01"]),
    (
        "`duty` towards the other side",
        &["duty", "1201", "--from", "USA", "--to", "CHN", "--on", "2025-12-01"],
    ),
    ("`status` of a day", &["status", "--on", "2025-12-01"]),
    ("`ledger export` of the whole panel, CSV", &["ledger", "export"]),
    ("`brief`", &["brief"]),
    ("`brief --others none`", &["brief", "--others", "none"]),
];
/// The question that leaves a page in a folder of its own.
const PAGE: &str = "`brief --html FILE`";

/// Ticks of `/proc` a second; 100 on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

fn main() {
    let mut text = String::from(
        "# Speed of the record\n\nMade by `cargo bench -p detente-cli --bench record -- --write docs/reference/record-speed.md`; do not edit by hand. Processor\n\
         time, user and system, of whole processes (mean of as many as take two seconds); other work was running on the machine.\n\n\
         | question | processor time | goal |\n|---|---:|---:|\n",
    );
    for (name, arguments) in QUESTIONS {
        let seconds = of_process(arguments);
        let goal = match name {
            name if name.starts_with("`duty` of one line") && !name.contains("chart") => "20 ms",
            name if name.starts_with("`status`") => "100 ms",
            name if name.starts_with("`ledger export`") => "2 s",
            name if name.starts_with("`brief`") => "2 s: a second on two processors",
            _ => "-",
        };
        let _ = writeln!(text, "| {name} | {:.1} ms | {goal} |", seconds * 1e3);
    }
    let (seconds, peak) = all_origins();
    let _ = writeln!(
        text,
        "| `ledger export --all-origins`, Parquet: all lines, origins and layers since 2018; at most {peak:.0} MB of memory (goal 500) | {:.0} ms | 30 s |",
        seconds * 1e3
    );
    let page = std::env::temp_dir().join(format!("detente-brief-{}.html", std::process::id()));
    let seconds = of_process(&["brief", "--html", page.to_str().expect("a path in text")]);
    let _ = std::fs::remove_file(&page);
    let _ = writeln!(text, "| {PAGE} | {:.1} ms | 6 s: three on two processors |", seconds * 1e3);
    let before = used("self");
    let rows = panel();
    let built = used("self") - before;
    let peak = peak_memory("self");
    let _ = writeln!(
        text,
        "| the whole panel in memory, both sides, 2018 to the horizon: {rows} rows | {:.0} ms | 2 s |\n\n\
         Peak memory of the process that built the panel: {peak:.0} MB (goal 300 MB). Facts carried in the program: {:.2} MB, less than a third of it compressed (goal 2 MB compressed, by a test).",
        built * 1e3,
        detente_facts::weight("") as f64 / 1e6
    );
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|argument| argument == "--write").and_then(|at| arguments.get(at + 1)) {
        Some(file) => {
            // Cargo runs a benchmark in its package's folder; the file is meant from where cargo was called.
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
            std::fs::write(std::path::Path::new(root).join(file), text).expect("the page can be written");
        }
        None => println!("{text}"),
    }
}

/// Processor seconds of one process.
fn of_process(arguments: &[&str]) -> f64 {
    let (mut runs, before) = (0, used("children"));
    while runs < 5 || used("children") - before < 2.0 {
        let status =
            Command::new(env!("CARGO_BIN_EXE_detente")).args(arguments).stdout(Stdio::null()).status();
        assert!(status.expect("the command runs").success(), "{arguments:?}");
        runs += 1;
    }
    (used("children") - before) / f64::from(runs)
}

/// Processor seconds and peak memory, in MB, of the process that writes the panel of all origins.
fn all_origins() -> (f64, f64) {
    let file = std::env::temp_dir().join(format!("detente-panel-{}.parquet", std::process::id()));
    let before = used("children");
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["ledger", "export", "--all-origins", "--format", "parquet", "--out"])
        .arg(&file)
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    let mut peak: f64 = 0.0;
    while child.try_wait().expect("the process can be waited for").is_none() {
        peak = peak.max(peak_memory(&child.id().to_string()));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let rows = std::fs::metadata(&file).map_or(0, |held| held.len());
    assert!(rows > 1_000_000, "the panel of all origins is not there");
    let _ = std::fs::remove_file(file);
    (used("children") - before, peak)
}

/// Rows of the panel: every line, every layer charged on it, every interval of days.
fn panel() -> usize {
    let tariffs = Tariffs::embedded().expect("the record");
    let first: Date = "2018-01-01".parse().expect("a day");
    [("USA", "CHN"), ("CHN", "USA")]
        .iter()
        .map(|(importer, exporter)| {
            let view = View { importer, exporter, on: first, known_on: Date::MAX, reading: Reading::Stated };
            tariffs.runs(view).expect("the panel").rows()
        })
        .sum()
}

/// Processor seconds used so far by this process or by its children that have ended.
fn used(whose: &str) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let fields: Vec<f64> = after_name.split(' ').map(|field| field.parse().unwrap_or(0.0)).collect();
    // Counted from the state, field 3 of the file: utime, stime, cutime, cstime are fields 14 to 17.
    let first = if whose == "self" { 11 } else { 13 };
    fields.get(first..first + 2).map_or(0.0, |ticks| ticks.iter().sum::<f64>() / TICKS)
}

/// Largest resident size of a process so far, MB.
fn peak_memory(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1e3
}
