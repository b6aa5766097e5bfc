//! A folder of one's own is named on the face of every answer that it went into (N8): every verb that takes `--ledger`, as the command's own
//! help lists them, so that a new verb without its answer here fails.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;

use support::{Folder, detente, small_benchmark, transcript};

const DAY: &str = "2026-11-29";

fn run(arguments: &[&str]) -> (String, String) {
    let output = detente(Path::new("."), arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", transcript(&output));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

/// The verbs that take `--ledger`, by the help of each.
fn verbs(path: &[String], found: &mut Vec<String>) {
    let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let (help, _) = run(&words);
    let commands =
        help.split_once("\nCommands:\n").map(|(_, rest)| rest.split("\n\n").next().unwrap_or_default());
    for line in commands.unwrap_or_default().lines() {
        let name = line.strip_prefix("  ").filter(|line| !line.starts_with(' '));
        if let Some(name) =
            name.and_then(|line| line.split_whitespace().next()).filter(|name| *name != "help")
        {
            verbs(&[path, &[name.to_owned()]].concat(), found);
        }
    }
    if help.contains("--ledger <DIR>") {
        found.push(path.join(" "));
    }
}

/// A measure of one's own, ahead of the day, and a new rate of one on record.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(
        "mine/duty.toml",
        "id = \"OWN-DUTY\"\ntitle = \"a further duty on List 3\"\nimposer = \"USA\"\ntargets = [\"CHN\"]\n\
         authority = \"Section 301\"\nfamily = \"own-family\"\nkind = \"tariff\"\n[[scope]]\nlists = [\"section-301/list-3\"]\n\
         [[entry]]\nchange = \"sets\"\nact = \"an invented notice\"\nannounced = \"2026-11-01\"\nfrom = \"2027-02-01\"\nrate_pct = 10\n\
         sources = [\"own1\"]\nconfidence = \"high\"\n",
    );
    let carried =
        std::str::from_utf8(detente_facts::file("ledger/talks/us-china/deadlines.toml").unwrap()).unwrap();
    let first = carried.split("[[deadline]]").nth(1).unwrap();
    folder.write("mine/talks/us-china/deadlines.toml", &format!("[[deadline]]{first}"));
    folder.write("mine/sources.csv", "id,citation\nown1,an invented notice\n");
    small_benchmark(&folder);
    folder.write(
        "day.toml",
        "name = \"a day\"\nledger = \"us-china\"\non = \"2027-02-02\"\nknown_on = \"2026-11-29\"\n",
    );
    folder.write(
        "sweep.toml",
        "scenario = \"day.toml\"\n[[vary]]\nkey = \"on\"\nvalues = [\"2026-11-29\", \"2027-02-02\"]\n",
    );
    folder.write(
        "targets.toml",
        "name = \"manufacturing\"\ncost = { welfare = \"NOR\", saving = 1.0 }\n[[target]]\ndial = \"manufacturing_share\"\n\
         economy = \"NOR\"\nat_least = { change = 0.001 }\n[[lever]]\nkind = \"tariff\"\nimporter = \"NOR\"\nexporter = \"SOU\"\n\
         sector = \"manufacturing\"\nby = \"sector\"\nfactor = [1.0, 1.5]\n",
    );
    folder
}

const SENTENCE: &str = "(2 entries, of which 1 takes the place of one on record: deadline DL01 of us-china)";

/// What is asked of a verb besides `--ledger`; none where nobody has said so here.
fn asked(verb: &str, folder: &Folder) -> Option<Vec<String>> {
    let path = |file: &str| folder.path(file).display().to_string();
    let (world, day) = (path("world"), path("day.toml"));
    let small = ["--benchmark", &world];
    let (targets, sweep, swept) = (path("targets.toml"), path("sweep.toml"), path("swept"));
    let chances = ["--extension", "0.4", "--deal-chance", "0.3", "--restored", "0.2", "--breakdown", "0.1"];
    let between = [&["--between", "NOR,SOU"], small.as_slice()].concat();
    let players = [&["--players", "NOR,SOU"], small.as_slice()].concat();
    let words: Vec<&str> = match verb {
        "brief" | "status" | "talks" | "table" => vec!["us-china", "--on", DAY],
        "duty" => vec!["9403.20.00", "--from", "CHN", "--to", "USA", "--on", "2027-02-02", "--known-on", DAY],
        "ledger lapses" => vec!["2027-02-01", "--on", DAY],
        "ledger history" => vec!["OWN-DUTY", "--known-on", DAY],
        "ledger check" => vec![],
        "ledger averages" => vec!["--published-by-partner"],
        "ledger export" => vec!["--pair", "USA:CHN", "--since", "2027-01-01"],
        "list" => vec!["measures", "further"],
        "solve" => vec![&day],
        "compare" => vec![&day, "us-plus-10-on-china"],
        "sweep" => vec![&sweep, "--out", &swept],
        // A game on a day of the record; the others on a small world that has none.
        "optimal" => vec!["--player", "USA", "--against", "CHN", "--talks", "us-china", "--on", DAY],
        "nash" | "cooperate" => players,
        "bargain" | "sustain" => between,
        "frontier" => [between.as_slice(), &["--points", "5"]].concat(),
        "deadline" => [between.as_slice(), &chances].concat(),
        "rebalance" => [&[targets.as_str()], small.as_slice()].concat(),
        _ => return None,
    };
    let verb = verb.split(' ').chain(words).map(str::to_owned);
    Some(verb.chain(["--ledger".to_owned(), path("mine")]).collect())
}

/// Verbs whose folder is named elsewhere, each with the place.
const ELSEWHERE: [(&str, &str); 1] = [("serve", "the desk's foot; tests of the server")];

/// Verbs whose answer is rows, with no place for a sentence: it stands on standard error.
const ROWS: [&str; 1] = ["ledger export"];

#[test]
fn every_answer_names_the_folder_that_it_used() {
    let mut found = Vec::new();
    verbs(&[], &mut found);
    assert!(found.len() > 20, "the help lists few verbs: {found:?}");
    let folder = folder("own-facts-verbs");
    let own = folder.path("mine").display().to_string();
    let named = |text: &str| {
        let line = text.lines().take_while(|line| !line.is_empty() || text.starts_with("# ")).take(6);
        let words = line.collect::<Vec<_>>().join(" ");
        words.contains(&own) && words.split_whitespace().collect::<Vec<_>>().join(" ").contains(SENTENCE)
    };
    for verb in &found {
        if ELSEWHERE.iter().any(|(other, _)| other == verb) {
            continue;
        }
        let arguments = asked(verb, &folder)
            .unwrap_or_else(|| panic!("`{verb}` takes --ledger: say here what to ask it"));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (out, said) = run(&arguments);
        if ROWS.contains(&verb.as_str()) {
            assert!(named(&said), "{arguments:?} says nothing of the folder on standard error:\n{said}");
            continue;
        }
        assert!(named(&out), "{arguments:?} names no folder on its face:\n{}", &out[..out.len().min(600)]);
        // The same in data.
        let (help, _) = run(&[verb.split(' ').collect::<Vec<_>>().as_slice(), &["--help"]].concat());
        if !help.contains("--format <FORMAT>") || ["ledger check", "brief", "sweep"].contains(&verb.as_str())
        {
            continue;
        }
        let (out, _) = run(&[arguments.as_slice(), &["--format", "json"]].concat());
        let mut data: Value = serde_json::from_str(&out).unwrap();
        let face = if data.is_array() { data[0].take() } else { data };
        let told = &face["own_facts"];
        assert_eq!(told["folders"][0]["folder"], own.as_str(), "{arguments:?}: {told}");
        assert_eq!(told["folders"][0]["entries"], 2, "{arguments:?}: {told}");
        let (out, said) = run(&[arguments.as_slice(), &["--format", "csv"]].concat());
        assert!(!out.contains(&own) && named(&said), "{arguments:?}: rows stay rows, {said}");
    }
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.path("swept/summary.json")).unwrap()).unwrap();
    assert!(summary["notes"].to_string().contains(&own), "{summary}");
}

/// What an answer has besides its screen: pages and folders of results.
#[test]
fn pages_and_folders_of_results_name_it_too() {
    let folder = folder("own-facts-pages");
    let (own, page) = (folder.path("mine").display().to_string(), folder.path("page.html"));
    let (day, out) = (folder.path("day.toml"), folder.path("out"));
    let [day, out, html] = [&day, &out, &page].map(|path| path.display().to_string());
    for arguments in [
        vec!["solve", &day, "--html", &html, "--out", &out],
        vec!["ledger", "history", "9403.20.00", "--known-on", DAY, "--html", &html],
    ] {
        run(&[arguments.as_slice(), &["--ledger", &own]].concat());
        let text = fs::read_to_string(&page).unwrap();
        let head = text.split_once("</h1>").unwrap().1;
        assert!(head.trim_start().starts_with("<p id=\"own-facts\">"), "{arguments:?}");
        assert!(head.contains(SENTENCE) && head.contains(&own), "{arguments:?}");
    }
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.path("out/summary.json")).unwrap()).unwrap();
    assert_eq!(summary["own_facts"]["folders"][0]["folder"], own.as_str());
    assert_eq!(summary["own_facts"]["used"], true);
    // A scenario that names no ledger does not use it, and the answer says so.
    let (out, _) = run(&["solve", "us-plus-10-on-china", "--ledger", &own]);
    assert!(out.starts_with("Not in this answer"), "{out}");
}

/// What is adopted in a folder for a day ahead is shown today.
#[test]
fn an_adopted_step_of_a_folder_is_shown_today() {
    let folder = folder("own-facts-ahead");
    let own = folder.path("mine").display().to_string();
    let (status, _) = run(&["status", "--on", DAY, "--ledger", &own, "--format", "json"]);
    let status: Value = serde_json::from_str(&status).unwrap();
    let steps = status["adopted"].as_array().unwrap();
    let step = steps.iter().find(|step| step["date"] == "2027-02-01").expect("a step on its first day");
    let change = &step["changes"][0];
    assert_eq!((change["measure"].as_str(), change["points"].as_f64()), (Some("OWN-DUTY"), Some(10.0)));
    // A tenth of the trade that pays it, of the year and flow that stand beside it.
    let (trade, duty) =
        (change["trade_at_stake_usd"].as_f64().unwrap(), change["duty_at_stake_usd"].as_f64().unwrap());
    assert!(trade > 5e10 && trade < 2e11 && (duty - trade / 10.0).abs() < 1.0, "{change}");
    assert!(change["trade_basis"].as_str().unwrap().contains("2024"), "{change}");
    let (without, _) = run(&["status", "--on", DAY]);
    assert!(!without.contains("2027-02-01"), "{without}");
}
