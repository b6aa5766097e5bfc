//! Strategy through the real command: results in the contract's layout, and refusals that say what would be right.

mod support;

use std::path::Path;

use support::{Folder, detente, small_benchmark, transcript};

fn run(folder: &Folder, arguments: &[&str]) -> std::process::Output {
    let mut all: Vec<&str> = arguments.to_vec();
    all.extend(["--benchmark", "world", "--details"]);
    detente(&folder.0, &all)
}

/// What each verb says of itself to a new reader: a paragraph, one table in two or more columns of numbers, how it is established, where to
/// go next; in names and never in codes.
#[test]
fn a_short_answer_is_a_paragraph_one_table_and_where_to_go_next() {
    let folder = Folder::new("strategy-short");
    small_benchmark(&folder);
    let verbs: [(&[&str], &str, &str); 7] = [
        (
            &["optimal", "--player", "NOR", "--against", "SOU"],
            "Choosing alone, North would charge",
            "detente nash --players NOR,SOU",
        ),
        (
            &["nash", "--players", "NOR,SOU"],
            "At war, each choosing for itself",
            "detente bargain --between NOR,SOU",
        ),
        (&["cooperate", "--players", "NOR,SOU"], "At one table", "detente bargain --between NOR,SOU"),
        (
            &["bargain", "--between", "NOR,SOU"],
            "A deal exists that leaves both better off",
            "detente sustain --between NOR,SOU",
        ),
        (
            &["frontier", "--between", "NOR,SOU", "--points", "5"],
            "What both can have together",
            "detente sustain --between NOR,SOU",
        ),
        (
            &["sustain", "--between", "NOR,SOU"],
            "The deal: North would charge",
            "detente deadline --extension 0.5 --between NOR,SOU",
        ),
        (
            &["deadline", "--between", "NOR,SOU", "--extension", "0.5"],
            "90 days more of today, whatever follows, are worth",
            "detente bargain --between NOR,SOU",
        ),
    ];
    for (asked, opening, next) in verbs {
        for columns in ["60", "100"] {
            let mut all: Vec<&str> = asked.to_vec();
            all.extend(["--benchmark", "world"]);
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_detente"));
            let asked = command.current_dir(&folder.0).env("COLUMNS", columns).args(&all);
            let output = asked.output().expect("the command runs");
            assert!(output.status.success(), "{}", transcript(&output));
            let text = String::from_utf8(output.stdout).expect("text");
            let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(joined.starts_with(opening), "{text}");
            assert!(joined.ends_with(&format!("{next} --benchmark world")), "{text}");
            for said in ["after about seven years", "Left out are", "searched", "--details", "of 2020"] {
                assert!(joined.contains(said), "{said}: {text}");
            }
            let (body, last) = joined.rsplit_once("Every economy").expect("where to go next");
            assert!(
                !body.contains("NOR") && !body.contains("SOU") && last.contains("NOR"),
                "names, not codes: {text}"
            );
            let most: usize = columns.parse().expect("a number");
            assert!(text.lines().all(|line| line.chars().count() <= most) && !text.contains('…'), "{text}");
            assert!(text.lines().count() <= if columns == "60" { 38 } else { 24 }, "{text}");
        }
    }
}

fn summary(folder: &Folder, out: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.path(out).join("summary.json")).expect("a summary");
    serde_json::from_str(&text).expect("JSON")
}

/// A column of a table by economy.
fn column(path: &Path, name: &str) -> Vec<f64> {
    let text = std::fs::read_to_string(path).expect("a table");
    let mut lines = text.lines();
    let position = lines.next().expect("a header").split(',').position(|column| column == name);
    let position = position.unwrap_or_else(|| panic!("no column {name}"));
    lines.map(|line| line.split(',').nth(position).expect("a cell").parse().expect("a number")).collect()
}

#[test]
fn a_best_response_and_a_war_are_written_and_certified() {
    let folder = Folder::new("strategy-war");
    small_benchmark(&folder);
    let alone = run(&folder, &["optimal", "--player", "NOR", "--out", "alone"]);
    assert_eq!(alone.status.code(), Some(0), "{}", transcript(&alone));
    assert!(
        String::from_utf8_lossy(&alone.stdout).starts_with("Optimal for NOR alone"),
        "for whom must be said"
    );
    let gains = column(&folder.path("alone/economies.csv"), "objective_pct");
    assert!(gains[0] > 0.0 && gains[1] < 0.0, "{gains:?}");
    // The objective is welfare, by another formula: a difference of logarithms instead of a ratio.
    for (objective, welfare) in gains.iter().zip(column(&folder.path("alone/economies.csv"), "welfare_pct")) {
        assert!((objective - welfare).abs() < 1e-10, "{objective} {welfare}");
    }
    assert!(
        folder.path("alone/observed-deficits/summary.json").exists(),
        "both treatments of deficits are shown"
    );

    let war = run(&folder, &["nash", "--players", "NOR,SOU", "--out", "war"]);
    assert_eq!(war.status.code(), Some(0), "{}", transcript(&war));
    let summary = summary(&folder, "war");
    assert!(summary["best_response_gain"].as_f64().expect("a gain") <= 1e-9);
    assert!(summary["starts"].as_u64().expect("starts") >= 6);
    // Nobody gains by leaving: the best response to the war's tariffs is the war's.
    let tariffs = std::fs::read_to_string(folder.path("war/tariffs.csv")).expect("tariffs");
    folder.write(
        "war.toml",
        "name = \"war\"\n[baseline]\ndeficits = \"zero\"\n[[baseline.tariff]]\nfile = \"war/tariffs.csv\"\n",
    );
    let again = run(
        &folder,
        &["optimal", "--player", "SOU", "--scenario", "war.toml", "--deficits", "zero", "--out", "again"],
    );
    assert_eq!(again.status.code(), Some(0), "{}", transcript(&again));
    assert!(column(&folder.path("again/economies.csv"), "objective_pct")[1].abs() < 1e-6);
    let after = std::fs::read_to_string(folder.path("again/tariffs.csv")).expect("tariffs");
    let rates = |text: &str| -> Vec<f64> {
        text.lines()
            .skip(1)
            .map(|line| line.rsplit(',').next().expect("a rate").parse().expect("a number"))
            .collect()
    };
    for (a, b) in rates(&tariffs).iter().zip(rates(&after)) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn talks_find_a_zone_a_frontier_and_what_holds() {
    let folder = Folder::new("strategy-talks");
    small_benchmark(&folder);
    let deal = run(&folder, &["bargain", "--between", "NOR,SOU", "--deficits", "zero", "--out", "deal"]);
    assert_eq!(deal.status.code(), Some(0), "{}", transcript(&deal));
    let zone = summary(&folder, "deal")["zone"].clone();
    assert_eq!(zone["empty"], false);
    let equal = &zone["points"]["equal_gains"]["gains_pct"];
    assert!((equal["NOR"].as_f64().expect("a gain") - equal["SOU"].as_f64().expect("a gain")).abs() < 1e-6);
    // What is counted from today is split: alone, at war, by the deal; and the zone says first what its gains leave out.
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    for side in summary(&folder, "deal")["split"].as_array().expect("two sides") {
        let over = number(&equal[side["player"].as_str().expect("a code")]);
        assert!((number(&side["deal_over_war_pct"]) - over).abs() < 1e-9, "{side}");
        let whole = (1.0 + number(&side["war_pct"]) / 100.0) * (1.0 + over / 100.0);
        assert!((whole - 1.0 - number(&side["deal_pct"]) / 100.0).abs() < 1e-9, "{side}");
        assert!(number(&side["alone_pct"]) >= -1e-9, "a best response is no worse than staying: {side}");
    }
    let said = String::from_utf8_lossy(&deal.stdout).into_owned();
    let place = |words: &str| said.find(words).unwrap_or_else(|| panic!("{words}: {said}"));
    assert!(place("left out are security") < place("both gain in the"));
    let line =
        run(&folder, &["frontier", "--between", "NOR,SOU", "--points", "9", "--out", "line", "--pictures"]);
    assert_eq!(line.status.code(), Some(0), "{}", transcript(&line));
    assert_eq!(summary(&folder, "line")["frontier"].as_array().expect("points").len(), 9);
    assert!(
        folder.path("line/payoff_plane.json").exists()
            && folder.path("line/best_response_curves.json").exists()
    );
    let held = run(&folder, &["sustain", "--between", "NOR,SOU", "--out", "held"]);
    assert_eq!(held.status.code(), Some(0), "{}", transcript(&held));
    let held = summary(&folder, "held")["sustain"].clone();
    assert_eq!(held["punishment_is_equilibrium"], true);
    for side in held["holds"].as_array().expect("two sides") {
        let (t, p) = (
            side["temptation_pct"].as_f64().expect("a number"),
            side["loss_from_punishment_pct"].as_f64().expect("a number"),
        );
        let critical = side["critical_discount_factor"].as_f64().expect("a number");
        assert!((critical - t / (t + p)).abs() < 1e-9, "δ* = (T−R)/(T−P)");
    }
    let truce = run(&folder, &["deadline", "--between", "NOR,SOU", "--extension", "0.7", "--out", "truce"]);
    assert_eq!(truce.status.code(), Some(0), "{}", transcript(&truce));
    assert!(String::from_utf8_lossy(&truce.stdout).contains("leaves out investment that waits"));
    let truce_words = truce.stdout.clone();
    let truce = summary(&folder, "truce")["deadline"].clone();
    assert!(String::from_utf8_lossy(&truce_words).contains("90 days more of today, whatever follows"));
    for side in truce["sides"].as_array().expect("two sides") {
        // A period of today is what a lapse would cost in that time, whatever the odds are thought to be.
        let of_a_year = -90.0 / 365.0 * number(&side["lapse_money_per_year"]);
        assert!(
            (number(&side["period_of_today_money"]) - of_a_year).abs() <= 1e-9 * of_a_year.abs(),
            "{side}"
        );
        assert!(side["value_of_keeping_the_truce_alive_money"].is_number());
        let week = &side["lapse_money_per_week_within_a_year"];
        let number = |name: &str| week[name].as_f64().expect("a number");
        assert!((number("private_cost") - number("tariff_revenue") - number("deadweight_loss")).abs() < 1e-9);
        assert!(number("sales_at_risk") > 0.0, "the war stands in for a lapse here and costs sales");
    }
    // Where exporters wait a lapse ahead costs something now, and under a longer truce less; without a hazard exactly nothing.
    let doubt = |folder: &Folder, out: &str, name: &str| -> Vec<f64> {
        let sides = summary(folder, out)["deadline"]["risk"]["sides"].clone();
        sides.as_array().expect("two sides").iter().map(|side| number(&side[name])).collect()
    };
    let now = doubt(&folder, "truce", "cost_of_doubt_pct_per_year");
    let longer = doubt(&folder, "truce", "cost_of_doubt_under_the_longer_truce_pct_per_year");
    assert!(now.iter().zip(&longer).all(|(now, longer)| now.abs() > longer.abs()), "{now:?} {longer:?}");
    let sure = run(&folder, &["deadline", "--between", "NOR,SOU", "--extension", "1.0", "--out", "sure"]);
    assert_eq!(sure.status.code(), Some(0), "{}", transcript(&sure));
    assert_eq!(doubt(&folder, "sure", "cost_of_doubt_pct_per_year"), [0.0, 0.0]);
    let thin = ["deadline", "--between", "NOR,SOU", "--extension", "0.7", "--firm-size-tail", "0.9"];
    let thin = run(&folder, &thin);
    assert_eq!(thin.status.code(), Some(2), "{}", transcript(&thin));
    assert!(transcript(&thin).contains("a tail above one"), "{}", transcript(&thin));
}

/// A punishment of the user's own: the war's own tariffs are accepted, and answer like the war; anything that a side would leave is refused
/// with what it gains.
/// Who gains more pays, whoever is named first; the money is never negative, and after it both gain half.
#[test]
fn a_side_payment_names_who_pays_whom() {
    let folder = Folder::new("strategy-payment");
    small_benchmark(&folder);
    let asked = |between: &str| {
        let out = between.replace(',', "-");
        let deal = run(&folder, &["bargain", "--between", between, "--deficits", "zero", "--out", &out]);
        assert_eq!(deal.status.code(), Some(0), "{}", transcript(&deal));
        let said = String::from_utf8_lossy(&deal.stdout).into_owned();
        (summary(&folder, &out)["zone"]["side_payments"].clone(), said)
    };
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let both = ["NOR,SOU", "SOU,NOR"].map(asked);
    for (found, said) in &both {
        let payment = &found["payment"];
        let (payer, payee) =
            (payment["from"].as_str().expect("a payer"), payment["to"].as_str().expect("a payee"));
        let (money, half) = (number(&payment["money_per_year"]), 0.5 * number(&found["joint_gain"]));
        assert!(payer != payee && money > 0.0 && half > 0.0, "{found}");
        let gain = |code: &str| number(&found["gains_before_payment"][code]);
        assert!((gain(payer) - money - half).abs() < 1e-9 * half, "{found}");
        assert!((gain(payee) + money - half).abs() < 1e-9 * half, "{found}");
        assert!(said.contains(&format!("{payer} pays {payee}")), "{said}");
    }
    let [(one, _), (other, _)] = &both;
    assert_eq!(one["payment"]["from"], other["payment"]["from"]);
    let apart = number(&one["payment"]["money_per_year"]) - number(&other["payment"]["money_per_year"]);
    assert!(apart.abs() < 1e-4 * number(&one["joint_gain"]), "{one} {other}");
}

#[test]
fn punishments_are_accepted_only_where_nobody_leaves_them() {
    let folder = Folder::new("strategy-punished");
    small_benchmark(&folder);
    let war =
        run(&folder, &["nash", "--players", "NOR,SOU", "--bilateral", "--deficits", "zero", "--out", "war"]);
    assert_eq!(war.status.code(), Some(0), "{}", transcript(&war));
    folder.write("war.toml", "name = \"war\"\n[[tariff]]\nfile = \"war/tariffs.csv\"\n");
    folder.write(
        "empty.toml",
        "name = \"a half-hearted answer\"\n[[tariff]]\nimporter = \"all\"\nexporter = \"all\"\nset = 0.01\n",
    );
    let held = |more: &[&str], out: &str| {
        let mut arguments = vec!["sustain", "--between", "NOR,SOU", "--deficits", "zero", "--out", out];
        arguments.extend(more);
        run(&folder, &arguments)
    };
    let plain = held(&["--renegotiation-proof"], "plain");
    assert_eq!(plain.status.code(), Some(0), "{}", transcript(&plain));
    let own = held(&["--punishment", "war.toml"], "own");
    assert_eq!(own.status.code(), Some(0), "{}", transcript(&own));
    let critical = |out: &str, slot: usize| {
        summary(&folder, out)["sustain"]["holds"][slot]["critical_discount_factor"]
            .as_f64()
            .expect("a number")
    };
    for slot in 0..2 {
        assert!((critical("plain", slot) - critical("own", slot)).abs() < 1e-6);
    }
    let penance = summary(&folder, "plain")["sustain"]["renegotiation"].clone();
    assert_eq!(penance["weakly_renegotiation_proof"], false, "war hurts both: it is talked away");
    for code in ["NOR", "SOU"] {
        assert!(penance["talked_away"]["gains_pct"][code].as_f64().expect("a gain") > 0.0);
    }
    let penance = penance["penance"].clone();
    assert_eq!(penance["talked_away"], false, "penance is not");
    for side in penance["sides"].as_array().expect("two sides") {
        let number = |name: &str| side[name].as_f64().expect("a number");
        assert!(number("reward_pct") >= -1e-6, "the wronged side would not talk its reward away");
        assert!(number("deviation_in_penance_pct") >= number("penance_pct"));
    }
    let refused = held(&["--punishment", "empty.toml"], "refused");
    assert_eq!(refused.status.code(), Some(2), "{}", transcript(&refused));
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        message.contains("empty threat")
            && message.contains("percent a year on average by leaving it in period 1"),
        "{message}"
    );
}

/// A path of states: war for two periods and then the deal is the war for two periods; a state that only what follows makes worth staying in
/// is accepted with what leaving it brings; one that lasts for ever and is left at once is refused.
#[test]
fn a_path_of_punishment_is_judged_stage_by_stage() {
    let folder = Folder::new("strategy-path");
    small_benchmark(&folder);
    let state = |tariffs: &str, periods: &str| format!("[[state]]\ntariffs = \"{tariffs}\"\n{periods}");
    folder.write("war.toml", &format!("then = \"return\"\n{}", state("war", "periods = 2\n")));
    folder.write(
        "free.toml",
        "name = \"free trade\"\n[[tariff]]\nimporter = \"all\"\nexporter = \"all\"\nset = 0.0\n",
    );
    let mixed = format!(
        "name = \"mixed\"\nthen = \"return\"\n{}{}",
        state("war", "periods = 3\n"),
        state("today", "periods = 1\n")
    );
    folder.write("mixed.toml", &mixed);
    folder.write("soft.toml", &format!("{}{}", state("war", "periods = 1\n"), state("free.toml", "")));
    folder.write("length.toml", &format!("then = \"return\"\n{}", state("war", "")));
    folder.write("then.toml", &format!("then = \"retrun\"\n{}", state("war", "periods = 1\n")));
    let held = |more: &[&str], out: &str| {
        let mut arguments = vec!["sustain", "--between", "NOR,SOU", "--deficits", "zero", "--out", out];
        arguments.extend(more);
        run(&folder, &arguments)
    };
    for (arguments, out) in [
        (vec!["--punishment-periods", "2"], "periods"),
        (vec!["--punishment", "war.toml"], "path"),
        (vec!["--punishment", "mixed.toml"], "mixed"),
    ] {
        let answer = held(&arguments, out);
        assert_eq!(answer.status.code(), Some(0), "{}", transcript(&answer));
        let text = String::from_utf8_lossy(&answer.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out == "periods" || text.contains("nobody gains by that at any stage"), "{text}");
    }
    let critical = |out: &str, slot: usize| {
        let side = summary(&folder, out)["sustain"]["holds"][slot]["critical_discount_factor"].clone();
        side.as_f64().expect("a number")
    };
    let path = summary(&folder, "mixed")["sustain"]["punishment_path"].clone();
    assert_eq!(path["then"], "return");
    for slot in 0..2 {
        assert!((critical("periods", slot) - critical("path", slot)).abs() < 1e-6);
        assert!(path["sides"][slot]["largest_gain_from_leaving_pct"].as_f64().expect("a gain") <= 1e-6);
    }
    for (file, says) in [
        ("soft.toml", "by leaving it in period 2 (`free.toml`)"),
        ("length.toml", "a state that others follow, or that the deal follows, has a length"),
        ("then.toml", "did you mean `return`?"),
    ] {
        let refused = held(&["--punishment", file], "refused");
        assert_eq!(refused.status.code(), Some(2), "{file}: {}", transcript(&refused));
        let message = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(message.contains(says), "{file}: {message}");
    }
}

/// A purchase commitment in money: the deal says who buys how much and who pays for it, and what is bought is what was promised.
#[test]
fn purchases_are_promised_in_money() {
    let folder = Folder::new("strategy-purchases");
    small_benchmark(&folder);
    folder.write(
        "deal.toml",
        "[[instrument]]\nplayer = \"NOR\"\nkind = \"tariff\"\n[[instrument]]\nplayer = \"SOU\"\nkind = \"purchases\"\nupper = 65\n",
    );
    folder.write("below.toml", "[[instrument]]\nkind = \"purchases\"\nlower = -1\n");
    let deal = run(
        &folder,
        &[
            "bargain",
            "--between",
            "NOR,SOU",
            "--deficits",
            "zero",
            "--instruments",
            "deal.toml",
            "--out",
            "deal",
        ],
    );
    assert_eq!(deal.status.code(), Some(0), "{}", transcript(&deal));
    let text = String::from_utf8_lossy(&deal.stdout).into_owned();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("SOU buys at least $65m a year of goods from NOR"), "{text}");
    assert!(text.contains("to make its buyers buy it pays"), "{text}");
    let limits = summary(&folder, "deal")["limits"].clone();
    let limit = &limits.as_array().expect("limits")[0];
    let (least, bought) =
        (limit["min"].as_f64().expect("a floor"), limit["border_value"].as_f64().expect("a value"));
    // All three points ask for more than that.
    assert!((least - 65.0).abs() < 1e-9 && (bought / least - 1.0).abs() < 1e-9, "{limit}");
    assert_eq!(limit["binds"], true);
    let refused = run(&folder, &["optimal", "--player", "NOR", "--instruments", "below.toml"]);
    assert_eq!(refused.status.code(), Some(2), "{}", transcript(&refused));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not below zero"), "{}", transcript(&refused));
}

/// Certificates of every point, on the screen and in JSON, and no number of the JSON without the horizon that it belongs to and how it came about.
#[test]
fn every_point_is_certified_and_every_number_is_marked() {
    let folder = Folder::new("strategy-marked");
    small_benchmark(&folder);
    let asked: [(&[&str], &[&str]); 5] = [
        (
            &["bargain", "--between", "NOR,SOU"],
            &["nash bargain", "equal gains", "the most for NOR", "the trade war (Nash)"],
        ),
        (&["frontier", "--between", "NOR,SOU", "--points", "7"], &["the most for SOU"]),
        (&["cooperate", "--players", "NOR,SOU"], &["equal gains"]),
        (&["sustain", "--between", "NOR,SOU"], &["NOR breaks the deal", "SOU breaks the deal"]),
        (
            &["deadline", "--between", "NOR,SOU", "--extension", "0.8"],
            &["the deal (equal gains)", "the trade war (Nash)"],
        ),
    ];
    for (arguments, points) in asked {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--deficits", "zero"]);
        let screen = run(&folder, &arguments);
        assert_eq!(screen.status.code(), Some(0), "{}", transcript(&screen));
        let text = String::from_utf8_lossy(&screen.stdout).into_owned();
        arguments.extend(["--format", "json"]);
        let json = run(&folder, &arguments);
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
        for point in points {
            let row = text.lines().rfind(|line| line.trim_start().starts_with(point));
            let row = row.unwrap_or_else(|| panic!("no certificate of {point}: {text}"));
            let certificate = &json["summary"]["certificates"][point];
            assert_eq!(certificate["status"], "converged", "{point}: {certificate}");
            assert!(
                certificate["best_response_gain"].as_f64().is_some_and(|gain| gain <= 1e-8),
                "{point}: {certificate}"
            );
            assert!(
                certificate["starts"].as_u64().is_some_and(|starts| starts >= 3),
                "{point}: {certificate}"
            );
            assert!(
                certificate["max_residual"].as_f64().is_some_and(|residual| residual <= 1e-10),
                "{point}: {certificate}"
            );
            assert!(!row.contains("not asked"), "{row}");
        }
        // Of the others too (in this small world Kalai and Smorodinsky's point stops at a gap of 3e-9, a point of the frontier at a slope of 5e-7): a search that did not end says so.
        for (point, certificate) in json["summary"]["certificates"].as_object().expect("certificates") {
            let row = text.lines().rfind(|line| line.trim_start().starts_with(point.as_str()));
            let row = row.unwrap_or_else(|| panic!("no certificate of {point}: {text}"));
            let open = certificate["status"] == "iteration limit" || certificate["status"] == "stalled";
            assert_eq!(row.contains("not converged"), open, "{row}");
        }
        let mut marked = 0;
        for field in ["zone", "frontier", "sustain", "deadline", "largest_loser_outside"] {
            count_marked(&json["summary"][field], field, &mut marked);
        }
        assert!(marked > 0 || arguments[0] == "cooperate", "{arguments:?}");
    }
}

/// Whoever has tags has one for each of its numbers, and a horizon.
fn count_marked(value: &serde_json::Value, path: &str, marked: &mut usize) {
    match value {
        serde_json::Value::Object(fields) => {
            if let Some(tags) = fields.get("tags") {
                *marked += 1;
                assert!(fields["horizon"].is_string() && fields["against"].is_string(), "{path}");
                for (name, _) in
                    fields.iter().filter(|(name, value)| value.is_number() && *name != "max_residual")
                {
                    assert!(tags[name].is_string(), "{path}/{name} has no tag");
                }
            }
            fields.iter().for_each(|(name, value)| count_marked(value, &format!("{path}/{name}"), marked));
        }
        serde_json::Value::Array(rows) => {
            rows.iter().enumerate().for_each(|(k, row)| count_marked(row, &format!("{path}/{k}"), marked));
        }
        _ => {}
    }
}

/// Others who respond, match, or are treated alike: every answer is settled and says whether it breaches most-favoured-nation treatment.
#[test]
fn the_others_hold_extend_respond_or_match() {
    let folder = Folder::new("strategy-others");
    // A third economy that holds, responds, or follows; no input-output links.
    for (file, text) in [
        (
            "benchmark.toml",
            "name = \"Three\"\nunit = \"million USD\"\nsource = \"made up for tests\"\nlicence = \"none\"\nyear = 2020\n",
        ),
        ("economies.csv", "economy,name,members\nNOR,North,NOR\nSOU,South,SOU\nEAS,East,EAS\n"),
        (
            "sectors.csv",
            "sector,name,kind,trade_elasticity\nfarm,Farming,agriculture,4\nsteel,Steel,manufacturing,6\n",
        ),
        (
            "trade.csv",
            "exporter,importer,sector,value\nNOR,NOR,farm,100\nNOR,SOU,farm,20\nNOR,EAS,farm,15\nSOU,NOR,farm,30\nSOU,SOU,farm,80\n\
             SOU,EAS,farm,10\nEAS,NOR,farm,12\nEAS,SOU,farm,18\nEAS,EAS,farm,90\nNOR,NOR,steel,120\nNOR,SOU,steel,40\nNOR,EAS,steel,20\n\
             SOU,NOR,steel,25\nSOU,SOU,steel,60\nSOU,EAS,steel,22\nEAS,NOR,steel,16\nEAS,SOU,steel,14\nEAS,EAS,steel,70\n",
        ),
        ("tariffs.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,0.1\nNOR,SOU,steel,0.05\n"),
    ] {
        folder.write(&format!("world/{file}"), text);
    }
    for others in ["hold", "mfn", "respond", "match"] {
        let out = format!("deal-{others}");
        let deal = run(
            &folder,
            &["bargain", "--between", "NOR,SOU", "--deficits", "zero", "--others", others, "--out", &out],
        );
        assert_eq!(deal.status.code(), Some(0), "{others}: {}", transcript(&deal));
        let text = String::from_utf8_lossy(&deal.stdout).into_owned();
        assert!(text.contains("most-favoured-nation treatment"), "{text}");
        assert_eq!(text.contains("bilateral deal"), others == "hold", "{others}: {text}");
        let zone = summary(&folder, &out)["zone"].clone();
        assert_eq!(zone["empty"], false, "{others}: {zone:#}");
        if others == "mfn" {
            assert!(text.matches("fulfils most-favoured-nation treatment").count() >= 2, "{text}");
        }
        if others == "respond" {
            // The third economy has answered: nobody but the two would still move.
            let tariffs =
                std::fs::read_to_string(folder.path(&format!("{out}/tariffs.csv"))).expect("tariffs");
            assert!(tariffs.lines().any(|line| line.contains("EAS") && !line.ends_with(",0")), "{tariffs}");
        }
        let line = run(
            &folder,
            &["frontier", "--between", "NOR,SOU", "--deficits", "zero", "--others", others, "--points", "5"],
        );
        assert_eq!(line.status.code(), Some(0), "{others}: {}", transcript(&line));
    }
}

#[test]
fn wrong_questions_are_refused() {
    let folder = Folder::new("strategy-refused");
    small_benchmark(&folder);
    folder.write("what.toml", "[[instrument]]\nkind = \"tarif\"\n");
    folder.write("whom.toml", "[[instrument]]\npartner = \"SUO\"\n");
    folder.write("twice.toml", "[[instrument]]\n[[instrument]]\nkind = \"purchases\"\n");
    folder.write("list.toml", "[[instrument]]\nkind = \"list\"\nlist = \"US-301-L3\"\n");
    folder.write("no-list.toml", "[[instrument]]\nkind = \"list\"\n");
    folder.write("bounds.toml", "[[instrument]]\nlower = 0.5\nupper = 0.1\n");
    folder.write(
        "objective.toml",
        "[[objective]]\nplayer = \"NOR\"\n[[objective.term]]\noutcome = \"welfair\"\nweight = 1.0\n",
    );
    for (arguments, says) in [
        (vec!["optimal", "--player", "NRO"], "did you mean `NOR`?"),
        (vec!["optimal", "--player", "NOR", "--against", "NOR"], "is the player itself"),
        (vec!["optimal", "--player", "NOR", "--instruments", "mfm"], "did you mean `mfn`?"),
        (vec!["optimal", "--player", "NOR", "--instruments", "what.toml"], "what.toml:2: `kind`"),
        (vec!["optimal", "--player", "NOR", "--instruments", "whom.toml"], "did you mean `SOU`?"),
        (vec!["optimal", "--player", "NOR", "--instruments", "bounds.toml"], "in order"),
        (vec!["optimal", "--player", "NOR", "--objective", "objective.toml"], "did you mean `welfare`?"),
        (vec!["optimal", "--player", "NOR", "--objective", "political"], "political_weights.csv"),
        (vec!["optimal", "--player", "NOR", "--others", "hald"], "did you mean `hold`?"),
        (vec!["optimal", "--player", "NOR", "--instruments", "twice.toml"], "two entries set the same flow"),
        (vec!["optimal", "--player", "NOR", "--instruments", "list.toml"], "add --talks"),
        (vec!["optimal", "--player", "NOR", "--instruments", "no-list.toml"], "go together"),
        (vec!["optimal", "--player", "NOR", "--talks", "us-chna"], "us-china"),
        (vec!["optimal", "--player", "NOR", "--on", "2026-10-07"], "add --talks"),
        (
            vec!["optimal", "--player", "NOR", "--talks", "none", "--on", "2026-10-07"],
            "a day needs the record",
        ),
        (vec!["nash", "--players", "NOR,NOR"], "named twice"),
        (vec!["bargain", "--between", "NOR"], "two economies are needed"),
        (
            vec!["bargain", "--between", "NOR,SOU", "--from", "lapse"],
            "needs talks of the record with a deadline ahead",
        ),
        (vec!["sustain", "--between", "NOR,SOU", "--patience", "1.2"], "1.2 is not allowed"),
        (vec!["deadline", "--between", "NOR,SOU", "--extension", "1.3"], "1.3 is not allowed"),
        (
            vec!["deadline", "--between", "NOR,SOU", "--extension", "0.9", "--discount", "1.2"],
            "1.2 is not allowed",
        ),
    ] {
        let output = run(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", transcript(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}: nothing but a result goes to standard output");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains(says), "{arguments:?}: {message}");
    }
}
