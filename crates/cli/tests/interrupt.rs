//! Ctrl-C through the real command: it ends soon, says what is kept, and leaves nothing half written.
#![cfg(unix)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{Folder, detente, small_benchmark, transcript};

/// The flag is looked at in every step; this is for a machine under load and a build without optimisation.
const SOON: Duration = Duration::from_secs(10);

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.current_dir(folder).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

/// Ctrl-C, and what the command says of it with its exit status. Output is read to the end, so that no pipe fills up.
fn interrupt(mut child: Child) -> (String, Option<i32>) {
    let asked = Instant::now();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success(), "the command was still at work");
    let (mut out, mut said) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("text");
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_string(&mut said).expect("text");
    }
    let status = child.wait().expect("it ends");
    assert!(asked.elapsed() < SOON, "{:?} from Ctrl-C to the end: {said}", asked.elapsed());
    assert_eq!(out, "", "no result is printed once it was stopped");
    (said, status.code())
}

#[test]
fn a_game_is_stopped_and_nothing_is_written() {
    let folder = Folder::new("interrupt-game");
    // All economies at one table: minutes.
    let child = start(&folder.0, &["cooperate", "--players", "all", "--talks", "none", "--out", "deal"]);
    std::thread::sleep(Duration::from_secs(3));
    let (said, status) = interrupt(child);
    assert_eq!(status, Some(130), "{said}");
    assert!(said.contains("nothing was written"), "{said}");
    assert!(!folder.path("deal").exists(), "{said}");
}

#[test]
fn a_sweep_keeps_its_runs_and_the_same_command_takes_them_up() {
    let folder = Folder::new("interrupt-sweep");
    small_benchmark(&folder);
    folder
        .write("ten.toml", "name = \"ten\"\n[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nadd = 0.1\n");
    let spec = "scenario = \"ten.toml\"\n[draws]\nruns = 20000\nseed = 1\n";
    folder.write("many.toml", spec);
    let mut child = start(&folder.0, &["sweep", "many.toml", "--benchmark", "world", "--out", "runs"]);
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    // The first is said before the first run, the second at a tenth.
    for _ in 0..2 {
        lines.next().expect("progress is said").expect("text");
    }
    let asked = Instant::now();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let said: Vec<String> = lines.map_while(Result::ok).collect();
    let status = child.wait().expect("it ends");
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
    let said = said.join("\n");
    assert_eq!(status.code(), Some(130), "{said}");
    assert!(said.contains("are kept") && said.contains("takes them up"), "{said}");
    assert!(!folder.path("runs/summary.json").exists());
    let again = detente(&folder.0, &["sweep", "many.toml", "--benchmark", "world", "--out", "runs"]);
    assert_eq!(again.status.code(), Some(0), "{}", transcript(&again));
    assert!(transcript(&again).contains("found before an interruption"), "{}", transcript(&again));
}
