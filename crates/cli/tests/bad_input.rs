//! Bad input through the real command: exit status 2, the file, the line or key, what was found, what would be right.
//!
//! The messages are golden outputs; `INSTA_UPDATE=always cargo test -p detente-cli` makes them anew.

mod support;

use support::{Folder, detente, small_benchmark, transcript};

/// Changes one file of the small benchmark and checks it.
fn refused_benchmark(name: &str, change: impl FnOnce(&Folder)) -> String {
    let folder = Folder::new(&format!("bad-{name}"));
    small_benchmark(&folder);
    change(&folder);
    let output = detente(&folder.0, &["data", "check", "world"]);
    assert_eq!(output.status.code(), Some(2), "{name}: {}", transcript(&output));
    assert!(output.stdout.is_empty(), "{name}: nothing but a result goes to standard output");
    String::from_utf8(output.stderr).expect("text")
}

/// Replaces text in a file of the small benchmark.
fn edit(file: &'static str, from: &'static str, to: &'static str) -> impl FnOnce(&Folder) {
    move |folder| {
        let path = folder.path("world").join(file);
        let text = std::fs::read_to_string(&path).expect("there");
        assert!(text.contains(from), "{file} does not contain {from}");
        std::fs::write(path, text.replacen(from, to, 1)).expect("written");
    }
}

fn overwrite(file: &'static str, text: &'static str) -> impl FnOnce(&Folder) {
    move |folder| {
        folder.write(&format!("world/{file}"), text);
    }
}

#[test]
fn benchmarks_are_refused_with_place_and_remedy() {
    let mut all = String::new();
    let mut case = |title: &str, message: String| all.push_str(&format!("## {title}\n{message}\n"));
    let remove = |file: &'static str| {
        move |folder: &Folder| std::fs::remove_file(folder.path("world").join(file)).expect("removed")
    };
    case("unknown economy", refused_benchmark("economy", edit("trade.csv", "NOR,SOU,farm", "NRO,SOU,farm")));
    case(
        "unknown sector",
        refused_benchmark("sector", edit("tariffs.csv", "NOR,SOU,steel", "NOR,SOU,stell")),
    );
    case("misspelt key", refused_benchmark("key", edit("benchmark.toml", "licence", "license")));
    case("missing key", refused_benchmark("no-key", edit("benchmark.toml", "unit = \"million USD\"\n", "")));
    case("misspelt column", refused_benchmark("column", edit("trade.csv", "importer", "imporer")));
    case(
        "negative trade",
        refused_benchmark("negative", edit("trade.csv", "SOU,NOR,farm,30", "SOU,NOR,farm,-30")),
    );
    case("no number", refused_benchmark("number", edit("trade.csv", "SOU,NOR,farm,30", "SOU,NOR,farm,3O")));
    case("not a number", refused_benchmark("nan", edit("trade.csv", "SOU,NOR,farm,30", "SOU,NOR,farm,NaN")));
    case("ragged row", refused_benchmark("ragged", edit("trade.csv", "SOU,NOR,farm,30", "SOU,NOR,farm")));
    case(
        "shares off one",
        refused_benchmark("shares", edit("value_added_shares.csv", "NOR,farm,0.6", "NOR,farm,0.7")),
    );
    case(
        "input share below zero",
        refused_benchmark("input", edit("input_shares.csv", "NOR,farm,farm,0.2", "NOR,farm,farm,-0.2")),
    );
    case(
        "no value added",
        refused_benchmark("value-added", edit("value_added_shares.csv", "NOR,farm,0.6\n", "")),
    );
    case("tariff of −120 percent", refused_benchmark("tariff", edit("tariffs.csv", "0.05", "-1.2")));
    case(
        "duplicate key",
        refused_benchmark("duplicate", edit("tariffs.csv", "NOR,SOU,steel", "SOU,NOR,farm")),
    );
    case(
        "duplicate economy",
        refused_benchmark("twice", edit("economies.csv", "SOU,South,SOU", "NOR,South,SOU")),
    );
    case("unknown kind", refused_benchmark("kind", edit("sectors.csv", "manufacturing", "manufacture")));
    case(
        "elasticity of zero",
        refused_benchmark("theta", edit("sectors.csv", "manufacturing,6", "manufacturing,0")),
    );
    case("empty file", refused_benchmark("empty", overwrite("trade.csv", "")));
    case(
        "header alone",
        refused_benchmark("header", overwrite("tariffs.csv", "exporter,importer,sector,rate\n")),
    );
    case("no trade table", refused_benchmark("no-trade", remove("trade.csv")));
    case("no benchmark.toml", refused_benchmark("no-toml", remove("benchmark.toml")));
    case("no value-added table", refused_benchmark("no-va", remove("value_added_shares.csv")));
    case(
        "two forms of one table",
        refused_benchmark("forms", |folder| {
            folder.write("world/tariffs.parquet", "PAR1");
        }),
    );
    case(
        "misspelt table",
        refused_benchmark("table", |folder| {
            let world = folder.path("world");
            std::fs::rename(world.join("tariffs.csv"), world.join("tarifs.csv")).expect("renamed");
        }),
    );
    case(
        "final shares off one",
        refused_benchmark(
            "final",
            overwrite(
                "final_shares.csv",
                "economy,sector,share\nNOR,farm,0.5\nNOR,steel,0.4\nSOU,farm,0.5\nSOU,steel,0.5\n",
            ),
        ),
    );
    case(
        "market gap above 10 percent",
        refused_benchmark(
            "gap",
            overwrite(
                "final_shares.csv",
                "economy,sector,share\nNOR,farm,0.95\nNOR,steel,0.05\nSOU,farm,0.05\nSOU,steel,0.95\n",
            ),
        ),
    );
    case(
        "deficits that do not sum to zero",
        refused_benchmark("deficits", overwrite("deficits.csv", "economy,deficit\nNOR,-5\nSOU,6\n")),
    );
    case(
        "published value added off the shares",
        refused_benchmark("published", overwrite("value_added.csv", "economy,value\nNOR,152\nSOU,127\n")),
    );
    case(
        "deficits off the flows",
        refused_benchmark("flows", overwrite("deficits.csv", "economy,deficit\nNOR,10\nSOU,-10\n")),
    );
    case(
        "negative residual use",
        refused_benchmark("residual", |folder| {
            edit("input_shares.csv", "NOR,steel,farm,0.1", "NOR,steel,farm,0.5")(folder);
            edit("input_shares.csv", "NOR,steel,steel,0.4", "NOR,steel,steel,0.0")(folder);
            edit("input_shares.csv", "NOR,farm,farm,0.2", "NOR,farm,farm,0.4")(folder);
            edit("input_shares.csv", "NOR,farm,steel,0.2", "NOR,farm,steel,0.0")(folder);
            edit("trade.csv", "SOU,NOR,farm,30", "SOU,NOR,farm,3")(folder);
        }),
    );
    case(
        "not UTF-8",
        refused_benchmark("latin", |folder| {
            std::fs::write(folder.path("world/economies.csv"), b"economy,name\nNOR,N\xf8r\nSOU,South\n")
                .expect("written");
        }),
    );
    insta::assert_snapshot!("benchmarks", all);
}

/// Solves a scenario on the small benchmark.
fn refused_scenario(name: &str, text: &str) -> String {
    let folder = Folder::new(&format!("bad-scenario-{name}"));
    small_benchmark(&folder);
    folder.write("after.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,-1.5\n");
    folder.write("s.toml", text);
    let output = detente(&folder.0, &["solve", "s.toml", "--benchmark", "world"]);
    assert_eq!(output.status.code(), Some(2), "{name}: {}", transcript(&output));
    assert!(output.stdout.is_empty(), "{name}: nothing but a result goes to standard output");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn scenarios_are_refused_with_place_and_remedy() {
    let tariff = |keys: &str| format!("name = \"x\"\n\n[[tariff]]\n{keys}\n");
    let cases = [
        ("unknown economy", tariff("importer = \"NRO\"\nexporter = \"SOU\"\nadd = 0.1")),
        (
            "unknown sector",
            tariff("importer = \"NOR\"\nexporter = \"SOU\"\nsector = [\"steel\", \"fram\"]\nadd = 0.1"),
        ),
        ("misspelt key", tariff("importer = \"NOR\"\nexporter = \"SOU\"\nad = 0.1")),
        ("misspelt table", "[[tarif]]\nimporter = \"NOR\"\n".to_string()),
        ("two operations", tariff("importer = \"NOR\"\nexporter = \"SOU\"\nset = 0.1\nadd = 0.1")),
        ("no operation", tariff("importer = \"NOR\"\nexporter = \"SOU\"")),
        ("no importer", tariff("exporter = \"SOU\"\nset = 0.1")),
        ("tariff of −100 percent", tariff("importer = \"NOR\"\nexporter = \"SOU\"\nset = -1.0")),
        (
            "a sum below −100 percent",
            tariff("importer = \"NOR\"\nexporter = \"SOU\"\nsector = \"farm\"\nadd = -1.2"),
        ),
        ("all in a list", tariff("importer = [\"all\", \"NOR\"]\nexporter = \"SOU\"\nadd = 0.1")),
        ("text for a number", tariff("importer = \"NOR\"\nexporter = \"SOU\"\nadd = \"ten\"")),
        ("a file that is not there", tariff("file = \"befor.csv\"")),
        ("a file with a bad rate", tariff("file = \"after.csv\"")),
        ("unknown word", "[closure]\nmarket_structure = \"perfekt\"\n".to_string()),
        ("unknown closure key", "[closure]\ndeficit = \"zero\"\n".to_string()),
        ("unknown numeraire", "[closure]\nnumeraire = \"wage:NRO\"\n".to_string()),
        ("unknown baseline key", "[baseline]\ndeficts = \"zero\"\n".to_string()),
        ("a parameter that has no default", "[closure]\nfactor_market = \"roy\"\n".to_string()),
        (
            "a setting of the equilibrium within a year",
            "[closure]\nhorizon = \"truce\"\ndeficits = \"zero\"\n".to_string(),
        ),
        (
            "a shock that is no tariff within a year",
            "[closure]\nhorizon = \"truce\"\n[[productivity]]\neconomy = \"NOR\"\nfactor = 1.1\n".to_string(),
        ),
        ("a number of years that is none", "[closure]\nhorizon = { years = -1 }\n".to_string()),
        ("a factor of zero", "[[productivity]]\neconomy = \"NOR\"\nfactor = 0\n".to_string()),
        (
            "a cap without an owner of its rent",
            "[[limit]]\nexporter = \"NOR\"\nimporter = \"SOU\"\nmax = 10\n".to_string(),
        ),
        ("a date without a ledger", "on = \"2025-11-09\"\n".to_string()),
        ("a date that does not exist", "ledger = \"us-china\"\non = \"2025-02-30\"\n".to_string()),
        ("a date of TOML's own that does not exist", "ledger = \"us-china\"\non = 2025-02-30\n".to_string()),
        ("unknown talks", "ledger = \"us-chian\"\non = 2025-02-20\n".to_string()),
        ("unknown framework", "ledger = \"us-china\"\nframework = \"madird\"\n".to_string()),
        ("a ledger whose parties are not there", "ledger = \"us-china\"\non = 2025-02-20\n".to_string()),
        ("no TOML", "name = \"x\n".to_string()),
        ("an empty file", String::new()),
        ("comments alone", "# nothing\n\n".to_string()),
    ];
    let all: String = cases
        .iter()
        .enumerate()
        .map(|(position, (title, text))| {
            format!("## {title}\n{}\n", refused_scenario(&position.to_string(), text))
        })
        .collect();
    insta::assert_snapshot!("scenarios", all);
}

#[test]
fn paths_that_are_not_there_are_refused() {
    let folder = Folder::new("bad-paths");
    let mut all = String::new();
    for arguments in [
        ["solve", "nothing.toml"].as_slice(),
        &["solve", "free-trad"],
        &["solve", "free-trade", "--benchmark", "nowhere"],
        &["data", "describe", "nowhere"],
    ] {
        let output = detente(&folder.0, arguments);
        assert_eq!(output.status.code(), Some(2));
        all.push_str(&format!(
            "$ detente {}\n{}\n",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    insta::assert_snapshot!("paths", all);
}

/// A reader that closes the pipe (`2>&1 | head`) while there is more to say meets no fault.
#[test]
fn a_closed_pipe_is_no_fault() {
    use std::process::{Command, Stdio};
    let folder = Folder::new("closed-pipe");
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["data", "check"])
        .arg(&folder.0)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
}
