//! The verbs on the record through the real command: golden outputs, the contract's JSON, bad input, a user's own folder.
//!
//! `INSTA_UPDATE=always cargo test -p detente-cli --test record` makes the golden outputs anew.

mod support;

use serde_json::Value;
use support::{Folder, detente, transcript};

fn run(arguments: &[&str]) -> std::process::Output {
    detente(std::path::Path::new("."), arguments)
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", transcript(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(arguments)).unwrap()
}

#[test]
fn golden_outputs() {
    insta::assert_snapshot!("intensity", text(&["talks", "--intensity", "--on", "2025-09-16"]));
    insta::assert_snapshot!("commitments", text(&["talks", "--commitments", "--on", "2026-01-25"]));
    insta::assert_snapshot!("deadlines_as_known", text(&["talks", "--deadlines", "--on", "2025-08-10"]));
    insta::assert_snapshot!("compare", text(&["status", "--compare", "2025-11-09", "--on", "2025-11-10"]));
    insta::assert_snapshot!(
        "history_as_known",
        text(&["ledger", "history", "US-IEEPA-RECIP", "--on", "2025-08-10"])
    );
}

#[test]
fn tables_fit_a_terminal_and_carry_no_colour() {
    for arguments in [
        vec!["status", "--on", "2025-09-16", "--all"],
        vec!["status", "--on", "2026-11-24"],
        vec!["talks", "--on", "2026-10-07"],
        vec!["table", "--on", "2026-10-07", "--for", "china"],
        vec!["ledger", "lapses", "DL14", "--on", "2026-03-01"],
    ] {
        let printed = text(&arguments);
        assert!(!printed.contains('\u{1b}'), "{arguments:?}");
        for line in printed.lines() {
            assert!(line.chars().count() <= 110, "{arguments:?}: {line}");
        }
    }
}

/// The keys that other programs read, and the two dates on which the brief's first question hangs.
#[test]
fn status_in_json_is_the_contract() {
    let status = json(&["status", "us-china", "--on", "2025-09-16", "--format", "json"]);
    for key in ["talks", "on", "known_on", "last_evidence", "average_tariff", "layers", "next_deadline"] {
        assert!(!status[key].is_null(), "{key}");
    }
    let layer = &status["layers"][0];
    for key in [
        "importer",
        "exporter",
        "authority",
        "measure",
        "rate_pct",
        "average_contribution_pct",
        "from",
        "sources",
    ] {
        assert!(!layer[key].is_null(), "layers: {key}");
    }
    assert!(layer.as_object().unwrap().contains_key("until"));
    let deadline = &status["next_deadline"];
    assert_eq!((deadline["date"].as_str(), deadline["days"].as_i64()), (Some("2025-11-10"), Some(55)));
    assert!(deadline["average_tariff_after"].is_object() && deadline["lapses"].is_array());
    // A weight that an importer's lines do not carry is null, not zero.
    let own = &status["average_tariff"]["imports-from-partner-2024"];
    assert!(own["USA"]["CHN"].as_f64().unwrap() > 0.3);
    assert!(own["CHN"]["USA"].is_null() && own["CHN"].as_object().unwrap().contains_key("USA"));
    // The average after the lapse is higher, and what the layers add is no more than the average.
    let after = &deadline["average_tariff_after"]["imports-from-partner-2024"]["USA"]["CHN"];
    assert!(after.as_f64().unwrap() > own["USA"]["CHN"].as_f64().unwrap());
    let added: f64 = status["layers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|layer| layer["importer"] == "USA")
        .filter_map(|layer| layer["average_contribution_pct"].as_f64())
        .sum();
    let average = 100.0 * own["USA"]["CHN"].as_f64().unwrap();
    assert!(added < average && average - added < 5.0, "base rate of {}", average - added);
    // No deadline is null.
    assert!(json(&["status", "--on", "2025-04-09", "--format", "json"])["next_deadline"].is_null());
}

/// A figure that rests on a row without a source is given without it too; the record has none such on this day, so a folder of one's own brings one.
#[test]
fn a_figure_that_rests_on_memory_is_given_without_it() {
    let folder = Folder::new("memory");
    folder.write(
        "mine/recalled.toml",
        "id = \"US-301-L3\"\n[[entry]]\nchange = \"sets\"\nact = \"recalled\"\nannounced = \"2025-09-01\"\nfrom = \"2025-09-01\"\nrate_pct = 40\n\
         sources = [\"from memory\"]\nconfidence = \"memory\"\n",
    );
    let asked = |more: &[&str]| -> Value {
        let output =
            detente(&folder.0, &[&["status", "--on", "2025-09-16", "--format", "json"], more].concat());
        assert!(output.status.success(), "{}", transcript(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let status = asked(&["--ledger", "mine"]);
    let with = &status["average_tariff"]["imports-from-partner-2024"]["USA"]["CHN"];
    let without = &status["average_tariff_without_unsourced"]["imports-from-partner-2024"]["USA"]["CHN"];
    assert!(without.as_f64().unwrap() < with.as_f64().unwrap(), "{without} of {with}");
    assert!(asked(&[])["average_tariff_without_unsourced"].is_null());
}

#[test]
fn bad_input_is_refused_with_what_would_be_right() {
    let folder = Folder::new("record");
    folder.write("broken/x.toml", "id = \"X\"\ntitle = \"x\"\nimposer = \"USA\"\ntargts = [\"CHN\"]\n");
    folder.write(
        "unsound/x.toml",
        "id = \"US-301-L3\"\n[[entry]]\nchange = \"ends\"\nact = \"what if\"\nfrom = \"2027-03-01\"\nuntil = \"2027-02-01\"\n\
         rate_pct = 0\nconfidence = \"low\"\n",
    );
    folder.write("empty/readme.txt", "nothing");
    let cases: [&[&str]; 10] = [
        &["status", "us-chna"],
        &["status", "--on", "2025-02-30"],
        &["status", "--on", "2025-09-16", "--known-on", "soon"],
        &["status", "--on", "2025-09-16", "--ledger", "broken"],
        &["ledger", "check", "--ledger", "unsound"],
        &["ledger", "check", "--ledger", "empty"],
        &["ledger", "check", "--ledger", "nowhere"],
        &["ledger", "history", "US-IEEPA-FENTANYL"],
        &["table", "--for", "Chna"],
        &["talks", "--commitment"],
    ];
    let mut all = String::new();
    for arguments in cases {
        let output = detente(&folder.0, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", transcript(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}");
        all += &format!("## {}\n{}\n", arguments.join(" "), String::from_utf8(output.stderr).unwrap());
    }
    insta::assert_snapshot!("refused", all);
    // A question without an answer is not wrong input.
    let none = detente(&folder.0, &["ledger", "lapses", "--talks", "us-china", "--on", "2025-04-09"]);
    assert_eq!(none.status.code(), Some(1), "{}", transcript(&none));
}

/// What if list 3 is dropped on 1 March: one file in a folder of the user's own.
#[test]
fn a_users_folder_is_laid_over_the_record() {
    let folder = Folder::new("overlay");
    folder.write(
        "mine/list-3.toml",
        "id = \"US-301-L3\"\n[[entry]]\nchange = \"ends\"\nact = \"what if\"\nannounced = \"2026-10-07\"\nfrom = \"2027-03-01\"\n\
         rate_pct = 0\nsources = [\"my own what-if\"]\nconfidence = \"low\"\n",
    );
    let average = |overlay: &[&str]| {
        let mut arguments =
            vec!["status", "--on", "2027-03-01", "--known-on", "2026-11-24", "--format", "json"];
        arguments.extend(overlay);
        let output = detente(&folder.0, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", transcript(&output));
        let status: Value = serde_json::from_slice(&output.stdout).unwrap();
        let list = status["layers"].as_array().unwrap().iter().any(|layer| layer["measure"] == "US-301-L3");
        (list, status["average_tariff"]["imports-from-partner-2024"]["USA"]["CHN"].as_f64().unwrap())
    };
    let (there, before) = average(&[]);
    let (gone, after) = average(&["--ledger", "mine"]);
    assert!(there && !gone);
    assert!(before - after > 0.02, "{before} {after}");
    let checked = detente(&folder.0, &["ledger", "check", "--ledger", "mine"]);
    assert_eq!(checked.status.code(), Some(0), "{}", transcript(&checked));
}

/// The worked overlay of docs/concepts/in-force.md: its file and its commands, to the letter, give the lines that the page shows.
#[test]
fn the_worked_overlay_of_the_page() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/concepts/in-force.md");
    let page = std::fs::read_to_string(page).unwrap();
    let section = page.split("**Your own measures.**").nth(1).unwrap();
    let blocks: Vec<(&str, &str)> =
        section.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect();
    let folder = Folder::new("worked-overlay");
    let mut run = 0;
    for (kind, text) in blocks {
        match kind {
            "toml" => {
                let (head, body) = text.split_once('\n').unwrap();
                folder.write(head.trim_start_matches("# ").trim(), body);
            }
            "console" => {
                let (command, shown) = text.split_once('\n').unwrap();
                let typed = command.strip_prefix("$ detente ").unwrap();
                let arguments: Vec<&str> = typed.split_whitespace().collect();
                let output = detente(&folder.0, &arguments);
                let printed = transcript(&output);
                for line in shown.lines().filter(|line| *line != "…") {
                    assert!(
                        printed.contains(line.trim_end()),
                        "{command}\nshould print\n{line}\nbut prints\n{printed}"
                    );
                }
                run += 1;
            }
            other => panic!("a block of `{other}`"),
        }
    }
    assert!(run >= 5, "{run}");
}

/// A party that neither ISO nor the record knows is refused, and so are questions that cannot be meant.
#[test]
fn a_duty_on_an_origin_that_nobody_knows_is_refused() {
    for (from, to, said) in [
        ("XXY", "USA", "`XXY` is no party"),
        ("CHN", "XYZ", "`XYZ` is no party"),
        ("USA", "USA", "pay no duty"),
    ] {
        let output = run(&["duty", "8471.30.01", "--from", from, "--to", to]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(said), "{message}");
    }
}

/// Other questions that were answered with a number: a last day before the first, money without bound, days outside the record, codes and names in
/// any case.
#[test]
fn days_and_values_outside_are_refused_or_said() {
    let base = ["duty", "6109.10.00", "--from", "CHN", "--to", "USA"];
    let asked = |more: &[&str]| run(&[&base[..], more].concat());
    for (more, said) in [
        (&["--on", "2025-09-16", "--until", "2025-01-01"][..], "not after --on"),
        (&["--on", "2025-09-16", "--if-lapsed", "2025-01-01"], "not after --on"),
        (&["--value", "1e308"], "the value is"),
        (&["--value=-5"], "the value is -5"),
        (&["--loaded", "2031-01-01", "--on", "2025-09-16"], "loaded after they enter"),
        (&["--claim", "NOTHING"], "nothing that can be claimed"),
        (&["--given", "nothing"], "write CONDITION=yes"),
    ] {
        let output = asked(more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(transcript(&output).contains(said), "{more:?}: {}", transcript(&output));
    }
    let early = transcript(&asked(&["--on", "2012-01-01"]));
    assert!(early.contains("the record begins on"), "{early}");
    let named = run(&["duty", "6109.10.00", "--from", "china", "--to", "us", "--on", "2025-12-01"]);
    assert_eq!(named.status.code(), Some(0), "{}", transcript(&named));
    // Every step, on latest knowledge, with numbers that can be charted.
    let steps = asked(&["--on", "2025-01-01", "--until", "2026-01-01", "--format", "csv"]);
    let steps = String::from_utf8(steps.stdout).unwrap();
    assert!(
        steps.starts_with("from,until,total_pct,least_pct,most_pct,") && steps.lines().count() > 5,
        "{steps}"
    );
    let past = json(&[
        "duty",
        "0902.10.10",
        "--from",
        "CHN",
        "--to",
        "USA",
        "--on",
        "2025-11-13",
        "--format",
        "json",
    ]);
    assert_eq!(
        (&past["total_pct"], &past["as_known_today"]["total_pct"]),
        (&33.9.into(), &23.9.into()),
        "{past}"
    );
}

/// A deadline goes by its name as by its day, and a name that is none is refused with its neighbours.
#[test]
fn deadlines_go_by_name_or_day() {
    let asked = |deadline: &str| {
        let line = [
            "duty",
            "6109.10.00",
            "--from",
            "CHN",
            "--to",
            "USA",
            "--on",
            "2025-09-16",
            "--if-lapsed",
            deadline,
        ];
        run(&line)
    };
    let by_day = asked("2025-11-10");
    assert_eq!(by_day.status.code(), Some(0));
    let printed = String::from_utf8(by_day.stdout).unwrap();
    // 16.5 + 7.5 + 20 + 10, and 24 more where the suspension ends and nobody extends it.
    assert!(
        printed.contains("on 2025-09-16: 54% of")
            && printed.contains("after the lapse: ")
            && printed.contains(": 78% of")
    );
    assert_eq!(printed, String::from_utf8(asked("dl07").stdout).unwrap());
    let none = asked("DL99");
    assert_eq!(none.status.code(), Some(2));
    assert!(transcript(&none).contains("nor a deadline on record; did you mean"), "{}", transcript(&none));
}

/// Without a direction a product's history is told both ways.
#[test]
fn the_history_of_a_code_needs_no_direction() {
    let both = text(&["ledger", "history", "6109.10", "--on", "2026-10-07"]);
    assert!(both.contains("6109.10 from CHN to USA") && both.contains("6109.10 from USA to CHN"), "{both}");
    let one = text(&["ledger", "history", "6109.10", "--on", "2026-10-07", "--from", "CHN", "--to", "USA"]);
    assert!(both.contains(&one));
}

/// By sector: simple, with each of the weights by its name, and by the benchmark's own trade.
#[test]
fn sectors_are_given_under_every_weight() {
    let status = json(&["status", "--on", "2025-11-10", "--sectors", "--format", "json"]);
    let sectors = status["sectors"].as_array().unwrap();
    let metals = sectors.iter().find(|row| row["importer"] == "USA" && row["sector"] == "MET").unwrap();
    for weights in ["imports-from-partner-2024", "imports-from-all-2024"] {
        assert!(metals["weighted"][weights].as_f64().unwrap() > 0.4, "{metals}");
    }
    assert!(metals["simple"].as_f64().unwrap() > 0.4 && metals["lines"].as_u64().unwrap() > 100, "{metals}");
    // Each of the two averages lies between the least and the largest of its sectors.
    let by_world = status["average_tariff"]["world-2022"]["USA"]["CHN"].as_f64().unwrap();
    assert!(by_world > 0.2 && by_world < 0.6, "{by_world}");
}

/// A scenario that names a framework takes the first day of its measures and says by which act; its own day where it has none.
#[test]
fn a_scenario_names_a_framework() {
    let folder = Folder::new("framework");
    let said = |framework: &str| {
        folder
            .write("s.toml", &format!("name = \"s\"\nledger = \"us-china\"\nframework = \"{framework}\"\n"));
        detente(&folder.0, &["solve", "s.toml"])
    };
    let madrid = transcript(&said("madrid"));
    assert!(madrid.contains("measures of `madrid` from 2025-09-25: EO 14352"), "{madrid}");
    assert!(madrid.contains("on 2025-09-25 as known on 2025-09-25"), "{madrid}");
    let summit = transcript(&said("beijing-summit"));
    assert!(summit.contains("its own day, 2026-05-17, stands in"), "{summit}");
    let none = said("madird");
    assert_eq!(none.status.code(), Some(2));
    assert!(transcript(&none).contains("did you mean `madrid`?"), "{}", transcript(&none));
}

/// A measure without a tariff number shows in the three verbs, with its days and the power behind it, and with no rate.
#[test]
fn measures_without_a_number_show_in_three_verbs() {
    let on = ["--on", "2025-11-10", "--format", "json"];
    let of = |verb: &[&str]| json(&[verb, &on].concat());
    for found in [&of(&["status"])["nontariff"], &of(&["talks"])["nontariff"]] {
        let dues = found.as_array().unwrap().iter().find(|held| held["measure"] == "CN-PORT").unwrap();
        assert_eq!((&dues["status"], &dues["from"]), (&"suspended".into(), &"2025-11-10".into()));
        assert!(!dues["sources"].as_array().unwrap().is_empty() && dues.get("rate_pct").is_none(), "{dues}");
    }
    let lapses = of(&["ledger", "lapses", "DL07", "--talks", "us-china"]);
    assert!(lapses["by_law"].is_array());
    for verb in [vec!["status"], vec!["talks", "--measures"], vec!["ledger", "lapses", "2026-11-10"]] {
        let printed = text(&[verb.as_slice(), &["--on", "2025-11-10"]].concat());
        assert!(printed.contains("net ton") || printed.contains("CN-PORT"), "{verb:?}: {printed}");
    }
}

/// What is one side's account is said to be, in the list of deadlines, in the status and in the lapse of its day.
#[test]
fn one_sides_account_is_said_to_be() {
    let caveat = "no act has this end";
    assert!(text(&["talks", "--deadlines", "--format", "csv"]).contains(caveat));
    let lapses = text(&["ledger", "lapses", "2027-01-01", "--on", "2026-11-20"]);
    assert!(lapses.contains(caveat), "{lapses}");
    let asked =
        ["ledger", "lapses", "2027-01-01", "--on", "2026-11-20", "--format", "json", "--talks", "us-china"];
    let lapses = json(&asked);
    let by_law = lapses["by_law"].as_array().expect("a list");
    assert!(by_law.iter().all(|held| held["importer"] != "CHN" && held["imposer"] != "CHN"), "{by_law:?}");
    let told = &lapses["by_one_account"];
    assert_eq!(told[0]["account"], "White House account of arrangement");
    // A table breaks words over lines: every word of the caveat stands in the column.
    let status = text(&["status", "--on", "2026-11-20"]);
    assert!(["account,", "act", "end)"].iter().all(|word| status.contains(word)), "{status}");
}
