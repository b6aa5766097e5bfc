//! A user's own folder at the door: what `ledger check` calls wrong no verb computes with, and a copy of what is on record changes
//! nothing.

mod support;

use std::fs;
use std::path::Path;

use support::{Folder, detente, transcript};

/// A sound folder: a measure of one's own, its stacking, a source, a list, and a pair of talks about it.
const SOUND: [(&str, &str); 8] = [
    (
        "mine/duty.toml",
        "id = \"OWN-DUTY\"\ntitle = \"a duty of one's own\"\nimposer = \"USA\"\ntargets = [\"CHN\"]\n\
         authority = \"Section 301\"\nfamily = \"own-family\"\nkind = \"tariff\"\nacts_on = [\"US-301-L1\"]\n\
         [[scope]]\nlists = [\"own/list\"]\n\
         [[entry]]\nrow = \"E1\"\nchange = \"sets\"\nact = \"the first act\"\nannounced = \"2025-01-01\"\n\
         from = \"2025-01-02\"\nuntil = \"2026-01-02\"\nrate_pct = 10\nsources = [\"own1\"]\nconfidence = \"high\"\n",
    ),
    (
        "stacking.toml",
        "[[stacking]]\nrule = \"highest\"\nfamily = \"own-family\"\nsource = \"the first act\"\n",
    ),
    ("sources.csv", "id,citation\nown1,an invented notice\n"),
    ("products/USA/lists/own/list.csv", "code\n8471.30\n"),
    (
        "talks/own-pair/talks.toml",
        "id = \"own-pair\"\ntitle = \"Talks of one's own\"\nseries = \"own talks\"\nlast_evidence = \"2026-01-01\"\n\
         [[party]]\ncode = \"USA\"\nname = \"United States\"\n[[party]]\ncode = \"CHN\"\nname = \"China\"\n\
         [[outcome]]\nname = \"hold\"\nkind = \"in-force\"\ndescription = \"as it is\"\n",
    ),
    (
        "talks/own-pair/rounds.csv",
        "id,series,number,start,end,city,country,kind,lead_USA,others_USA,lead_CHN,others_CHN,outcome,later,\
         later_known_from,sources,confidence\n\
         W1,own talks,1,2025-05-01,2025-05-02,Geneva,Switzerland,round,A,,B,,they met,,,own1,high\n",
    ),
    (
        "talks/own-pair/frameworks.toml",
        "[[framework]]\nid = \"first\"\nname = \"First\"\ndate = \"2025-05-02\"\nrounds = [\"W1\"]\nsettled = \"little\"\n",
    ),
    (
        "talks/own-pair/deadlines.toml",
        "[[deadline]]\nid = \"OD1\"\nkind = \"tariff\"\ndate = \"2025-09-01\"\nas_given = \"2025-08-31\"\n\
         known_from = \"2025-05-02\"\nside = \"both\"\ninstrument = \"the duty\"\nset_by = \"First\"\nlapses = \"10 points\"\n\
         sources = [\"own1\"]\nconfidence = \"high\"\n",
    ),
];

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    for (file, text) in SOUND {
        folder.write(file, text);
    }
    folder.write(
        "scenario.txt",
        "name = \"own\"\nledger = \"us-china\"\non = \"2025-09-16\"\n[baseline]\nledger = \"us-china\"\non = \"2025-05-01\"\n",
    );
    folder
}

/// The verbs that compute with the record, over a folder.
fn verbs(folder: &Folder) -> Vec<Vec<String>> {
    let own = folder.0.display().to_string();
    let scenario = folder.path("scenario.txt").display().to_string();
    [
        vec!["duty", "8471.30.01", "--from", "CHN", "--to", "USA", "--on", "2025-09-16"],
        vec!["status", "us-china", "--on", "2025-09-16"],
        vec!["brief", "us-china", "--on", "2025-09-16"],
        vec!["solve", &scenario],
        vec!["ledger", "check"],
    ]
    .into_iter()
    .map(|verb| verb.into_iter().map(str::to_owned).chain(["--ledger".to_owned(), own.clone()]).collect())
    .collect()
}

fn run(arguments: &[String]) -> std::process::Output {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    detente(Path::new("."), &arguments)
}

#[test]
fn a_sound_folder_is_taken() {
    let folder = folder("own-sound");
    for arguments in verbs(&folder) {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", transcript(&output));
    }
}

/// File, what is there, what is put in its place, words that the refusal must have besides the file.
type Break = (&'static str, &'static str, &'static str, &'static [&'static str]);

const BROKEN: [Break; 31] = [
    ("mine/duty.toml", "rate_pct = 10", "rate_pct = nan", &["entry 1 of 2025-01-02", "percentage points"]),
    ("mine/duty.toml", "rate_pct = 10", "rate_pct = inf", &["entry 1 of 2025-01-02", "percentage points"]),
    ("mine/duty.toml", "rate_pct = 10", "rate_pct = -5", &["entry 1 of 2025-01-02", "percentage points"]),
    ("mine/duty.toml", "rate_pct = 10", "rate_pct = 1e308", &["entry 1 of 2025-01-02", "percentage points"]),
    ("mine/duty.toml", "rate_pct = 10\n", "", &["entry 1 of 2025-01-02", "rate"]),
    ("mine/duty.toml", "rate_pct", "rate_pc", &["line 18", "rate_pc"]),
    ("mine/duty.toml", "2026-01-02", "2024-01-02", &["entry 1 of 2025-01-02", "until 2024-01-02"]),
    ("mine/duty.toml", "from = \"2025-01-02\"", "from = \"2025-02-30\"", &["line 16", "2025-02-30"]),
    ("mine/duty.toml", "\"own1\"", "\"own2\"", &["entry 1 of 2025-01-02", "own2"]),
    ("mine/duty.toml", "[\"own1\"]", "[]", &["entry 1 of 2025-01-02", "no source"]),
    ("mine/duty.toml", "act = \"the first act\"", "act = \" \"", &["entry 1 of 2025-01-02", "no act"]),
    ("mine/duty.toml", "own/list", "own/lost", &["entry 1 of 2025-01-02", "own/lost"]),
    ("mine/duty.toml", "lists = [\"own/list\"]", "codes = [\"84.7x\"]", &["entry 1 of 2025-01-02", "84.7x"]),
    ("mine/duty.toml", "lists = [\"own/list\"]", "", &["entry 1 of 2025-01-02", "names no goods"]),
    ("mine/duty.toml", "US-301-L1", "US-301-L0", &["OWN-DUTY", "US-301-L1"]),
    ("mine/duty.toml", "[\"CHN\"]", "[\"chn\"]", &["OWN-DUTY", "chn"]),
    ("mine/duty.toml", "\"USA\"", "\"us\"", &["OWN-DUTY", "us"]),
    ("mine/duty.toml", "kind = \"tariff\"", "kind = \"tarif\"", &["line 7", "tarif"]),
    (
        "mine/duty.toml",
        "kind = \"tariff\"",
        "kind = \"tariff\"\nreversible_by = \"president\"",
        &["line 8", "president", "executive"],
    ),
    ("mine/duty.toml", "family = \"own-family\"\n", "", &["OWN-DUTY", "family"]),
    ("stacking.toml", "own-family", "own-famly", &["rule", "own-famly"]),
    ("stacking.toml", "source", "sauce", &["sauce"]),
    ("sources.csv", "citation\n", "cited\n", &["id,citation"]),
    ("sources.csv", "own1,an invented notice", "own1,", &["own1"]),
    ("products/USA/lists/own/list.csv", "8471.30", "8471.3x", &["line 2", "8471.3x"]),
    ("products/USA/lists/own/list.csv", "code\n", "cod\n", &["line 1", "cod"]),
    (
        "talks/own-pair/rounds.csv",
        "2025-05-01,2025-05-02",
        "2025-05-03,2025-05-02",
        &["W1", "before the start"],
    ),
    ("talks/own-pair/rounds.csv", "lead_CHN", "lead_CHM", &["W1", "CHM"]),
    ("talks/own-pair/frameworks.toml", "W1", "W2", &["first", "W2"]),
    (
        "talks/own-pair/deadlines.toml",
        "date = \"2025-09-01\"",
        "date = \"2025-04-01\"",
        &["OD1", "known_from"],
    ),
    ("talks/own-pair/deadlines.toml", "side = \"both\"", "side = \"DEU\"", &["OD1", "DEU"]),
];

/// Each folder is wrong in one place; every verb refuses it, with the file and the entry, whatever it was asked.
#[test]
fn a_broken_folder_is_refused_by_every_verb() {
    for (at, (file, from, to, words)) in BROKEN.into_iter().enumerate() {
        let folder = folder(&format!("own-broken-{at}"));
        let text = fs::read_to_string(folder.path(file)).unwrap();
        let broken = text.replacen(from, to, 1);
        assert_ne!(text, broken, "{file}: `{from}` is not there");
        folder.write(file, &broken);
        for arguments in verbs(&folder) {
            let output = run(&arguments);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{file} {to}: {arguments:?}: {}", transcript(&output));
            assert!(output.stdout.is_empty(), "{file} {to}: {arguments:?} answers");
            for word in [file].iter().chain(words) {
                assert!(said.contains(word), "{file} {to}: {arguments:?} says no `{word}`: {said}");
            }
        }
    }
}

/// A row twice in one folder is refused; the same row in a folder over the record takes the place of the one there.
#[test]
fn a_row_twice_in_one_folder_is_refused() {
    for (file, id) in [
        ("talks/own-pair/rounds.csv", "W1"),
        ("talks/own-pair/frameworks.toml", "first"),
        ("talks/own-pair/deadlines.toml", "OD1"),
        ("mine/duty.toml", "entry 2"),
    ] {
        let folder = folder(&format!("own-twice-{id}").replace(' ', "-"));
        let text = fs::read_to_string(folder.path(file)).unwrap();
        let again = match text.split_once("[[entry]]") {
            Some((_, entry)) => format!("{text}[[entry]]{entry}"),
            None if file.ends_with(".csv") => format!("{text}{}\n", text.lines().last().unwrap()),
            None => format!("{text}{text}"),
        };
        folder.write(file, &again);
        let output = run(&verbs(&folder)[0]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{file}: {}", transcript(&output));
        assert!(said.contains(file) && said.contains(id), "{file}: {said}");
    }
}

/// Copy and edit is how anybody starts: a copy that is not edited yet must change nothing.
#[test]
fn a_copy_of_the_record_changes_nothing() {
    let folder = Folder::new("own-copy");
    for (name, content) in
        detente_facts::below("ledger/talks/").chain(detente_facts::below("ledger/USA/ieepa/"))
    {
        folder.write(name.trim_start_matches("ledger/"), std::str::from_utf8(content).unwrap());
    }
    folder.write(
        "stacking.toml",
        std::str::from_utf8(detente_facts::file("ledger/stacking.toml").unwrap()).unwrap(),
    );
    let own = folder.0.display().to_string();
    for arguments in [
        vec!["talks", "us-china", "--on", "2026-10-07"],
        vec!["talks", "us-china", "--intensity", "--on", "2026-10-07"],
        vec!["status", "us-china", "--on", "2026-10-07"],
        vec!["duty", "8471.30.01", "--from", "CHN", "--to", "USA", "--on", "2025-09-16"],
        vec!["ledger", "lapses", "DL14", "--on", "2026-03-01"],
        vec!["talks", "us-eu", "--on", "2026-10-07"],
    ] {
        let alone = run(&arguments.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let with = [arguments.clone(), vec!["--ledger", &own]].concat();
        let over = run(&with.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(over.status.code(), Some(0), "{arguments:?}: {}", transcript(&over));
        let text = |output: &std::process::Output| String::from_utf8_lossy(&output.stdout).into_owned();
        // The folder is named in the first line; below it nothing has moved.
        let over = text(&over);
        let (first, below) = over.split_once("\n").unwrap_or_default();
        assert!(first.starts_with("With your own facts"), "{arguments:?}: {first}");
        assert!(below.ends_with(&text(&alone)), "{arguments:?}");
    }
}
