//! `sweep` through the real command: every run is the `solve` of its scenario, an interruption changes nothing, and slips are refused.

mod support;

use std::fs;

use support::{Folder, detente, transcript};

const SPEC: &str = "name = \"steps\"\nscenario = \"us-plus-10-on-china\"\n\
    [[vary]]\nkey = \"tariff.0.add\"\nfrom = 0.0\nto = 0.1\nsteps = 3\n\
    [[vary]]\nkey = \"closure.deficits\"\nvalues = [\"fixed\", \"zero\"]\n";

fn read(folder: &Folder, file: &str) -> String {
    fs::read_to_string(folder.path(file)).expect(file)
}

fn swept(folder: &Folder, out: &str) {
    let output = detente(&folder.0, &["sweep", "spec.toml", "--out", out]);
    assert!(output.status.success(), "{}", transcript(&output));
}

#[test]
fn a_run_is_the_solve_of_its_scenario() {
    let folder = Folder::new("sweep");
    folder.write("spec.toml", SPEC);
    swept(&folder, "out");
    let runs = read(&folder, "out/runs.csv");
    assert_eq!(runs.lines().count(), 7);
    assert!(runs.starts_with("run,tariff.0.add,closure.deficits,status,"), "{runs}");
    assert!(runs.lines().nth(5).expect("run 4").starts_with("4,0.1,fixed,converged,"), "{runs}");
    let output = detente(&folder.0, &["solve", "us-plus-10-on-china", "--out", "alone"]);
    assert!(output.status.success(), "{}", transcript(&output));
    let alone = read(&folder, "alone/economies.csv");
    let run: Vec<String> = read(&folder, "out/economies.csv")
        .lines()
        .filter_map(|line| line.strip_prefix("4,").map(str::to_owned))
        .collect();
    assert_eq!(run, alone.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn an_interrupted_sweep_is_taken_up_and_ends_as_if_nothing_had_happened() {
    let folder = Folder::new("sweep-again");
    folder.write("spec.toml", &format!("{SPEC}[draws]\nruns = 3\nseed = 7\n"));
    swept(&folder, "whole");
    let (runs, economies) = (read(&folder, "whole/runs.csv"), read(&folder, "whole/economies.csv"));
    assert!(
        runs.starts_with("run,tariff.0.add,closure.deficits,elasticity_set,common_factor,status,"),
        "{runs}"
    );
    // Power fails in the middle of a row, with the other table ahead.
    let cut = runs.match_indices('\n').nth(7).expect("seven runs").0 + 9;
    folder.write(".again.unfinished/runs.csv", &runs[..cut]);
    folder.write(".again.unfinished/economies.csv", &economies[..economies.len() / 2 + 11]);
    folder.write(".again.unfinished/sweep.toml", &read(&folder, "whole/sweep.toml"));
    let output = detente(&folder.0, &["sweep", "spec.toml", "--out", "again"]);
    assert!(output.status.success(), "{}", transcript(&output));
    assert!(transcript(&output).contains("7 of 18 runs"), "{}", transcript(&output));
    assert_eq!(read(&folder, "again/runs.csv"), runs);
    assert_eq!(read(&folder, "again/economies.csv"), economies);
    assert!(!folder.path(".again.unfinished").exists());
    // Half of another question is left alone.
    folder.write(".other.unfinished/runs.csv", &runs);
    folder.write(".other.unfinished/economies.csv", &economies);
    folder.write(".other.unfinished/sweep.toml", "another");
    let output = detente(&folder.0, &["sweep", "spec.toml", "--out", "other"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(transcript(&output).contains("unfinished runs of another question"), "{}", transcript(&output));
    assert_eq!(read(&folder, ".other.unfinished/runs.csv"), runs);
}

#[test]
fn slips_in_a_specification_are_refused() {
    let folder = Folder::new("sweep-slips");
    let vary =
        |rest: &str| format!("scenario = \"no-change\"\n[[vary]]\nkey = \"closure.deficits\"\n{rest}\n");
    let cases = [
        ("scenario = \"no-change\"\n".to_owned(), "nothing varies"),
        (vary("values = []"), "`values` is empty"),
        (vary("from = 0.0"), "`from`, `to` and `steps`"),
        (vary("from = 0.0\nto = 1.0\nsteps = 1"), "2 or more"),
        (vary("valeus = [1]"), "did you mean `values`"),
        (vary("values = [\"zeor\"]"), "zero"),
        (vary("values = [\"fixed\"]\n[draws]\nruns = 0"), "1 or more"),
        (vary("values = [\"fixed\"]\n[draws]\nruns = 9000000"), "at most 1000000"),
        ("scenario = \"no-chnage\"\n[draws]\nruns = 2\n".to_owned(), "no-chnage"),
        (
            "scenario = \"us-plus-10-on-china\"\n[[vary]]\nkey = \"tariff.3.add\"\nvalues = [0.1]\n"
                .to_owned(),
            "no entry of a list of 1",
        ),
        (
            "scenario = \"us-plus-10-on-china\"\n[[vary]]\nkey = \"tariff.0.ad\"\nvalues = [0.1]\n"
                .to_owned(),
            "did you mean `add`",
        ),
        (
            format!("combine = \"together\"\n{}", &SPEC["name = \"steps\"\n".len()..]),
            "as many values everywhere",
        ),
    ];
    for (spec, expected) in cases {
        folder.write("spec.toml", &spec);
        let output = detente(&folder.0, &["sweep", "spec.toml", "--out", "out"]);
        let said = transcript(&output);
        assert_eq!(output.status.code(), Some(2), "{spec}\n{said}");
        assert!(said.contains(expected), "{spec}\n{said}");
        assert!(!folder.path("out").exists());
    }
}
