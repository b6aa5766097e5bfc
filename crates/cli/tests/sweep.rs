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

/// The data have deficits: a run that closes them would compare the closure and not the policy, unless the baseline closes them too.
#[test]
fn a_run_without_deficits_is_compared_with_a_world_without_them() {
    let folder = Folder::new("sweep-closure");
    folder.write("spec.toml", SPEC);
    let output = detente(&folder.0, &["sweep", "spec.toml", "--out", "out"]);
    assert!(transcript(&output).contains("in their baseline too"), "{}", transcript(&output));
    let usa = |out: &str, run: usize| -> f64 {
        let economies = read(&folder, &format!("{out}/economies.csv"));
        let row = economies
            .lines()
            .find(|line| line.starts_with(&format!("{run},USA,")))
            .expect("a row")
            .to_owned();
        row.split(',').nth(2).expect("welfare").parse().expect("a number")
    };
    // Run 1: no tariff, no deficits; nothing changes but what the closure does.
    assert!(usa("out", 1).abs() < 1e-9, "{}", usa("out", 1));
    folder.write("spec.toml", &format!("baseline = \"as-written\"\n{SPEC}"));
    swept(&folder, "written");
    assert!(
        usa("written", 1) < -1.0,
        "balancing trade costs the United States its transfer: {}",
        usa("written", 1)
    );
    folder.write(
        "alone.toml",
        "[baseline]\ndeficits = \"zero\"\n[closure]\ndeficits = \"zero\"\n[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nsector = [\"agriculture\", \"mining\", \"manufacturing\"]\nadd = 0.1\n",
    );
    let output = detente(&folder.0, &["solve", "alone.toml", "--out", "alone"]);
    assert!(output.status.success(), "{}", transcript(&output));
    let alone = read(&folder, "alone/economies.csv");
    let welfare = alone.lines().nth(1).and_then(|line| line.split(',').nth(1)).expect("welfare");
    assert_eq!(usa("out", 5), welfare.parse::<f64>().expect("a number"));
}

/// Two parts and seven, merged, are what one process writes, bit for bit; what does not belong together is refused.
#[test]
fn parts_put_together_are_the_whole() {
    let folder = Folder::new("sweep-parts");
    folder.write("spec.toml", &format!("{SPEC}[draws]\nruns = 3\nseed = 7\n"));
    swept(&folder, "whole");
    for parts in [1, 2, 3, 7, 8, 64] {
        let out = format!("parts-{parts}");
        // In no order: five has no factor in common with any of these counts, so that each part comes once.
        for part in (0..parts).map(|step| (5 * step + parts / 2) % parts + 1) {
            let shard = format!("{part}/{parts}");
            let output = detente(&folder.0, &["sweep", "spec.toml", "--shard", &shard, "--out", &out]);
            assert!(output.status.success(), "{}", transcript(&output));
        }
        let output = detente(&folder.0, &["merge", &out]);
        assert!(output.status.success(), "{}", transcript(&output));
        for file in ["runs.csv", "economies.csv", "summary.json", "sweep.toml"] {
            assert_eq!(
                read(&folder, &format!("{out}/merged/{file}")),
                read(&folder, &format!("whole/{file}")),
                "{file}"
            );
        }
    }
    // The plan says what the parts are, and solves nothing.
    let output = detente(&folder.0, &["sweep", "spec.toml", "--plan", "--shards", "7"]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |at: &str| plan.pointer(at).map(ToString::to_string).unwrap_or_default();
    assert_eq!((text("/runs").as_str(), text("/identity").len()), ("18", 66));
    let counted: usize = (0..7)
        .map(|part| {
            let said = read(&folder, &format!("parts-7/shard-{}-of-7/summary.json", part + 1));
            let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
            assert_eq!(said["shard"]["first"], plan["shards"][part]["first"]);
            assert_eq!(said["shard"]["runs"], plan["shards"][part]["runs"]);
            plan["shards"][part]["runs"].as_u64().expect("a count") as usize
        })
        .sum();
    assert_eq!(counted, 18);
    // A mistake at the last point is found too.
    folder.write("wrong.toml", &SPEC.replace("\"fixed\", \"zero\"", "\"fixed\", \"nil\""));
    let output = detente(&folder.0, &["sweep", "wrong.toml", "--plan"]);
    assert_eq!(output.status.code(), Some(2), "{}", transcript(&output));
    // What is there of a whole whose middle is missing, if that is asked for.
    fs::rename(folder.path("parts-7/shard-4-of-7"), folder.path("aside")).expect("moved");
    let output = detente(&folder.0, &["merge", "parts-7", "--out", "part-of-it"]);
    assert_eq!(output.status.code(), Some(2), "{}", transcript(&output));
    let output = detente(&folder.0, &["merge", "parts-7", "--out", "part-of-it", "--partial"]);
    assert!(output.status.success(), "{}", transcript(&output));
    let summary: serde_json::Value =
        serde_json::from_str(&read(&folder, "part-of-it/summary.json")).expect("JSON");
    assert_eq!(summary["complete"], serde_json::json!(false));
    assert_eq!(summary["missing"], serde_json::json!(["part 4/7"]));
    let lost = plan["shards"][3]["first"].as_u64().expect("a run");
    let lost: Vec<u64> = (lost..lost + plan["shards"][3]["runs"].as_u64().expect("a count")).collect();
    assert_eq!(summary["runs"], serde_json::json!(18 - lost.len()));
    for file in ["runs.csv", "economies.csv"] {
        let whole = read(&folder, &format!("whole/{file}"));
        let kept = |line: &&str| {
            let run = line.split(',').next().and_then(|run| run.parse().ok());
            run.is_none_or(|run: u64| !lost.contains(&run))
        };
        let kept: Vec<&str> = whole.lines().filter(kept).collect();
        assert_eq!(read(&folder, &format!("part-of-it/{file}")).lines().collect::<Vec<_>>(), kept);
    }
    fs::rename(folder.path("aside"), folder.path("parts-7/shard-4-of-7")).expect("moved");
    // A part that is missing, of another question, or not its own.
    fs::remove_dir_all(folder.path("parts-2/shard-2-of-2")).expect("removed");
    let output = detente(&folder.0, &["merge", "parts-2", "--out", "again"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(transcript(&output).contains("part 2/2"), "{}", transcript(&output));
    folder.write("parts-7/shard-3-of-7/sweep.toml", "another");
    let output = detente(&folder.0, &["merge", "parts-7", "--out", "again"]);
    assert!(transcript(&output).contains("another question"), "{}", transcript(&output));
    let output = detente(&folder.0, &["sweep", "spec.toml", "--shard", "8/7", "--out", "parts-7"]);
    assert_eq!(output.status.code(), Some(2));
}

/// Parts that are killed twenty times, each wherever it was, and asked again are the whole, and leave nothing that is in the way.
#[test]
fn twenty_kills_cost_nothing_but_their_parts() {
    let folder = Folder::new("sweep-kills");
    let spec = format!("{SPEC}[draws]\nruns = 20\nseed = 7\n");
    folder.write("spec.toml", &spec);
    swept(&folder, "whole");
    let shard = |part: usize| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_detente"));
        let typed = format!("{part}/4");
        command.args(["sweep", "spec.toml", "--shard", &typed, "--out", "parts"]).current_dir(&folder.0);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command
    };
    let mut killed = 0;
    for kill in 0..20_usize {
        let mut child = shard(kill * 3 % 4 + 1).spawn().expect("started");
        std::thread::sleep(std::time::Duration::from_millis(5 + (kill as u64 * 37) % 120));
        let ended = child.try_wait().expect("asked").is_some();
        killed += usize::from(!ended);
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
    assert!(killed > 5, "{killed} of twenty were at work");
    for part in 1..=4 {
        assert!(shard(part).status().expect("run").success(), "part {part}");
    }
    let output = detente(&folder.0, &["merge", "parts"]);
    assert!(output.status.success(), "{}", transcript(&output));
    for file in ["runs.csv", "economies.csv", "summary.json"] {
        assert_eq!(
            read(&folder, &format!("parts/merged/{file}")),
            read(&folder, &format!("whole/{file}")),
            "{file}"
        );
    }
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
        (vary("from = 0.0\nto = 1.0\nsteps = 1000000000"), "at most 1000000 runs"),
        // (the largest number that TOML has)
        (vary("from = 0.0\nto = 1.0\nsteps = 9223372036854775807"), "at most 1000000 runs"),
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

/// Lays the first runs of a whole sweep down as if an interruption had left them beside `out`.
fn interrupted(folder: &Folder, whole: &str, out: &str, runs: usize) {
    let rows = |file: &str, keep: &dyn Fn(usize) -> bool| -> String {
        let text = read(folder, &format!("{whole}/{file}"));
        let run = |line: &str| line.split(',').next().and_then(|cell| cell.parse().ok());
        text.lines()
            .enumerate()
            .filter(|(at, line)| *at == 0 || run(line).is_some_and(keep))
            .map(|(_, line)| format!("{line}\n"))
            .collect()
    };
    for file in ["runs.csv", "economies.csv"] {
        folder.write(&format!(".{out}.unfinished/{file}"), &rows(file, &|run| run < runs));
    }
    folder.write(&format!(".{out}.unfinished/sweep.toml"), &read(folder, &format!("{whole}/sweep.toml")));
}

fn sweep_small(folder: &Folder, out: &str, more: &[&str]) -> (Option<i32>, String) {
    let common = ["sweep", "spec.toml", "--benchmark", "world", "--out", out];
    let output = detente(&folder.0, &[common.as_slice(), more].concat());
    (output.status.code(), transcript(&output))
}

/// A sweep on the small benchmark whose scenario names a table of tariffs.
fn small_sweep(name: &str) -> Folder {
    let folder = Folder::new(name);
    support::small_benchmark(&folder);
    folder.write("after.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,0.2\n");
    folder.write("s.toml", "[[tariff]]\nfile = \"after.csv\"\n[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nsector = \"steel\"\nset = 0.1\n");
    folder.write(
        "spec.toml",
        "scenario = \"s.toml\"\n[[vary]]\nkey = \"tariff.1.set\"\nfrom = 0.0\nto = 0.3\nsteps = 4\n",
    );
    folder
}

#[test]
fn a_folder_has_one_writer() {
    let folder = small_sweep("sweep-writer");
    fs::create_dir_all(folder.path(".out.unfinished")).expect("a folder");
    let lock = fs::File::create(folder.path(".out.unfinished/lock")).expect("made");
    fs::write(folder.path(".out.unfinished/lock"), "4711").expect("written");
    lock.try_lock().expect("held");
    let (code, said) = sweep_small(&folder, "out", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("is being written by process 4711"), "{said}");
    drop(lock);
    // The lock of a process that is gone holds nobody up.
    let (code, said) = sweep_small(&folder, "out", &[]);
    assert_eq!(code, Some(0), "{said}");
    let files: Vec<_> = fs::read_dir(folder.path("out")).expect("there").collect();
    assert_eq!(files.len(), 4, "economies, runs, summary and sweep.toml, and no lock");
    // Many at once: whoever is let in writes every run once.
    let spawn = || {
        std::process::Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(&folder.0)
            .args(["sweep", "spec.toml", "--benchmark", "world", "--out", "both"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the command runs")
    };
    let mut both: Vec<_> = (0..4).map(|_| spawn()).collect();
    let codes: Vec<_> = both.iter_mut().map(|child| child.wait().expect("it ends").code()).collect();
    assert!(codes.contains(&Some(0)) && codes.iter().all(|code| matches!(code, Some(0 | 2))), "{codes:?}");
    let numbers: Vec<String> = read(&folder, "both/runs.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().expect("a run").to_owned())
        .collect();
    assert_eq!(numbers, ["0", "1", "2", "3"]);
    assert!(read(&folder, "both/summary.json").contains("\"not_converged\": 0"));
}

#[test]
fn rows_out_of_order_are_solved_again() {
    let folder = small_sweep("sweep-order");
    assert_eq!(sweep_small(&folder, "whole", &[]).0, Some(0));
    interrupted(&folder, "whole", "again", 3);
    // Two processes had appended: run 1 stands twice.
    let runs = read(&folder, ".again.unfinished/runs.csv");
    let lines: Vec<&str> = runs.lines().collect();
    let doubled = [lines[0], lines[1], lines[2], lines[2], lines[3]].join("\n") + "\n";
    folder.write(".again.unfinished/runs.csv", &doubled);
    let (code, said) = sweep_small(&folder, "again", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 of 4 runs"), "{said}");
    for file in ["runs.csv", "economies.csv", "summary.json", "sweep.toml"] {
        assert_eq!(
            read(&folder, &format!("again/{file}")),
            read(&folder, &format!("whole/{file}")),
            "{file}"
        );
    }
    // Rows of an economy that are there twice are not counted as runs.
    interrupted(&folder, "whole", "twice", 4);
    let economies = read(&folder, "whole/economies.csv");
    folder.write(
        ".twice.unfinished/economies.csv",
        &format!("{economies}{}\n", economies.lines().last().expect("a row")),
    );
    let (code, said) = sweep_small(&folder, "twice", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("belong together"), "{said}");
}

#[test]
fn a_sweep_is_known_by_what_it_reads_and_not_by_its_paths() {
    let folder = small_sweep("sweep-identity");
    assert_eq!(sweep_small(&folder, "whole", &[]).0, Some(0));
    let refused = |more: &[&str], expected: &str| {
        interrupted(&folder, "whole", "again", 2);
        let (code, said) = sweep_small(&folder, "again", more);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("unfinished runs of another question") && said.contains(expected), "{said}");
    };
    // The same file names, other contents: a table that the scenario names, a table of the benchmark, the tolerance.
    folder.write("after.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,0.25\n");
    refused(&[], "what `after.csv` says");
    folder.write("after.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,0.2\n");
    let sectors = read(&folder, "world/sectors.csv");
    folder.write("world/sectors.csv", &sectors.replace("manufacturing,6", "manufacturing,8"));
    refused(&[], "what the benchmark's tables say");
    folder.write("world/sectors.csv", &sectors);
    refused(&["--tolerance", "1e-10"], "the tolerance");
    // Another path to the same contents is the same question, from another directory too.
    interrupted(&folder, "whole", "again", 2);
    fs::rename(folder.path("world"), folder.path("renamed")).expect("renamed");
    fs::create_dir_all(folder.path("elsewhere")).expect("a folder");
    let arguments = ["sweep", "../spec.toml", "--benchmark", "../renamed", "--out", "../again"];
    let output = detente(&folder.path("elsewhere"), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", transcript(&output));
    assert!(transcript(&output).contains("2 of 4 runs"), "{}", transcript(&output));
    assert_eq!(read(&folder, "again/runs.csv"), read(&folder, "whole/runs.csv"));
}

#[test]
fn the_basis_and_the_folders_over_the_record_belong_to_the_question() {
    let folder = Folder::new("sweep-basis");
    folder.write("s.toml", "ledger = \"us-china\"\non = \"2025-05-01\"\n[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nadd = 0.0\n");
    folder.write(
        "spec.toml",
        "scenario = \"s.toml\"\n[[vary]]\nkey = \"tariff.0.add\"\nvalues = [0.0, 0.01]\n",
    );
    let asked = |more: &[&str]| {
        let output = detente(&folder.0, &[["sweep", "spec.toml", "--out", "out"].as_slice(), more].concat());
        (output.status.code(), transcript(&output))
    };
    let (code, said) = asked(&["--basis", "collected"]);
    assert_eq!(code, Some(0), "{said}");
    interrupted(&folder, "out", "out", 1);
    fs::remove_dir_all(folder.path("out")).expect("removed");
    let (code, said) = asked(&["--basis", "statute"]);
    assert!(
        code == Some(2) && said.contains("what differs: how steps of the record reach the model"),
        "{said}"
    );
    // A folder over the record has a file of the record, or it is refused as none.
    folder.write("mine/sources.csv", "id,citation\n");
    let (code, said) = asked(&["--basis", "collected", "--ledger", "mine"]);
    assert!(code == Some(2) && said.contains("a folder laid over it"), "{said}");
    let (code, said) = asked(&["--basis", "collected"]);
    assert!(code == Some(0) && said.contains("1 of 2 runs"), "{said}");
}

#[test]
fn nothing_converges_above_the_tolerance() {
    let folder = small_sweep("sweep-tolerance");
    for tolerance in ["1e-12", "1e-15"] {
        let (_, said) = sweep_small(&folder, "out", &["--tolerance", tolerance]);
        let limit: f64 = tolerance.parse().expect("a number");
        let runs = read(&folder, "out/runs.csv");
        let mut of_status = runs.lines().skip(1).map(|line| {
            let cells: Vec<&str> = line.rsplit(',').take(4).collect();
            (cells[3] == "converged", cells[0].parse::<f64>().expect("a residual"))
        });
        assert!(of_status.all(|(converged, residual)| !converged || residual <= limit), "{said}\n{runs}");
    }
}
