//! Duties of any origin in a small world of its own: every effect, condition, target and rule of the format, with the answer derived by hand.

use detente_ledger::Ledger;
use detente_ledger::duty::{Answer, Bounds, Question, Settled};
use detente_ledger::files::Named;
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::{Tariffs, View};
use std::path::PathBuf;

const HEAD: &str = "imposer = \"AAA\"\nauthority = \"Law\"\nkind = \"tariff\"\n";
const TAIL: &str = "sources = [\"a source\"]\nconfidence = \"high\"\n";

fn instrument(id: &str, family: &str, rest: &str) -> Named {
    let text = format!("id = \"{id}\"\ntitle = \"{id}\"\nfamily = \"{family}\"\n{HEAD}{rest}");
    Named { name: format!("w/{id}.toml"), text: text.into() }
}

fn entry(from: &str, rest: &str) -> String {
    format!("[[entry]]\nchange = \"sets\"\nact = \"an act\"\nfrom = \"{from}\"\n{TAIL}{rest}")
}

fn named(name: &str, text: &str) -> Named {
    Named { name: name.to_owned(), text: text.to_owned().into() }
}

/// Lines of the importer AAA: one at 10 percent, one free, one by the kilogram.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("detente-any-origin-{}-{name}", std::process::id()));
    let lines = folder.join("products/AAA");
    std::fs::create_dir_all(lines.join("lists")).unwrap();
    std::fs::write(
        lines.join("lines.csv"),
        "code,base_rate,ad_valorem_equivalent\n01010000,0.1,\n02020000,0,\n03030000,4¢/kg,0.03\n",
    )
    .unwrap();
    std::fs::write(
        lines.join("lines.toml"),
        "base = \"general\"\nsource = \"s\"\nconfidence = \"high\"\ncurrency = \"USD\"\nleft_out = []\n[weights]\n",
    )
    .unwrap();
    std::fs::write(
        lines.join("columns.csv"),
        "code,from,general,column2,S\n01010000,,0.1,0.4,0\n01010000,2026-01-01,0.08,0.4,0\n02020000,,0,0.5,\n",
    )
    .unwrap();
    std::fs::write(
        lines.join("lists/dated.csv"),
        "code,from,until,announced,if,note\n0101,2024-01-01,2025-01-01,,,note 1\n0202,,,,weight,note 2\n",
    )
    .unwrap();
    folder
}

fn world(name: &str, files: Vec<Named>) -> Tariffs {
    let mut ledger = Ledger::default();
    let mut all = vec![
        named(
            "w/parties.csv",
            "code,alpha_2,name,also\nAAA,AA,Aland,\nBBB,BB,Beland,Bee\nCCC,CC,Celand,\nDDD,DD,Deland,\nEEE,EE,Eland,\n",
        ),
        named(
            "w/groups.csv",
            "group,member,from,until,source,confidence\nG3,BBB,,2025-06-01,s,high\nG3,CCC,,,s,high\n",
        ),
        named(
            "w/conditions.toml",
            "[[condition]]\nid = \"weight\"\nkind = \"fact\"\nquestion = \"how heavy\"\n[[condition]]\nid = \"flight\"\nkind = \"claim\"\n\
             question = \"for flight\"\n[[condition]]\nid = \"steel\"\nkind = \"content\"\nquestion = \"how much steel\"\n",
        ),
        named(
            "w/preferences.toml",
            "[[programme]]\nid = \"PACT\"\ntitle = \"the pact\"\nimporter = \"AAA\"\nmembers = [\"BBB\"]\ncolumns = [\"S\"]\n\
             confidence = \"high\"\n[[programme.removes]]\nof = [\"extra\"]\nfrom = \"2025-03-01\"\n",
        ),
    ];
    all.extend(files);
    ledger.lay(all).unwrap();
    Tariffs::new(ledger, vec![folder(name)])
}

fn ask_with(tariffs: &Tariffs, code: &str, from: &str, on: &str, settled: Settled) -> Answer {
    let question =
        Question { settled, ..Question::new(code.parse().unwrap(), from, "AAA", on.parse().unwrap()) };
    tariffs.duty(&question, Reading::Stated).unwrap()
}

fn ask(tariffs: &Tariffs, code: &str, from: &str, on: &str) -> Answer {
    ask_with(tariffs, code, from, on, Settled::default())
}

fn total(tariffs: &Tariffs, code: &str, from: &str, on: &str) -> Option<f64> {
    ask(tariffs, code, from, on).total_pct
}

const ALL: &str = "targets = [\"all\"]\n[[scope]]\nall = true\n";

/// The library refuses what it does not know, and answers for every code of ISO, whoever asks (a command, a page, a program).
#[test]
fn unknown_parties_are_refused_and_known_ones_answered() {
    let tariffs = world(
        "parties",
        vec![instrument("X", "x", &format!("{ALL}{}", entry("2025-01-01", "rate_pct = 5\n")))],
    );
    for wrong in ["ZZZ", "nowhere", ""] {
        let on = "2025-02-01".parse().unwrap();
        let question = Question::new("0101".parse().unwrap(), wrong, "AAA", on);
        let said = tariffs.duty(&question, Reading::Stated).unwrap_err().to_string();
        assert!(said.contains("no party"), "{said}");
        assert!(tariffs.layers(View::on_day("AAA", wrong, on)).is_err());
        assert!(tariffs.averages(View::on_day("AAA", wrong, on)).is_err());
    }
    for typed in ["EEE", "eee", "EE", "Eland", "BEE"] {
        assert_eq!(total(&tariffs, "0101", typed, "2025-02-01"), Some(15.0), "{typed}");
    }
    let bad = |value| {
        let question = Question {
            value,
            ..Question::new("0101".parse().unwrap(), "BBB", "AAA", "2025-02-01".parse().unwrap())
        };
        tariffs.duty(&question, Reading::Stated).unwrap_err().to_string()
    };
    assert!(bad(Some(-5.0)).contains("not negative") && bad(Some(1e308)).contains("write a number"));
    let own = Question::new("0101".parse().unwrap(), "AAA", "AAA", "2025-02-01".parse().unwrap());
    assert!(tariffs.duty(&own, Reading::Stated).is_err());
}

/// Named before a group, a group before the rest; a member that has left is one of the rest; a group answers where its members agree.
#[test]
fn targets_by_code_group_and_rest() {
    let rates = entry("2025-01-01", "[entry.rates]\nDDD = 30\nG3 = 20\nothers = 10\n");
    let tariffs = world(
        "targets",
        vec![instrument("X", "x", &format!("targets = [\"all\"]\n[[scope]]\nall = true\n{rates}"))],
    );
    for (from, on, rate) in [
        ("DDD", "2025-02-01", 40.0),
        ("BBB", "2025-02-01", 30.0),
        ("BBB", "2025-06-01", 20.0),
        ("CCC", "2025-06-01", 30.0),
        ("EEE", "2025-02-01", 20.0),
        ("G3", "2025-02-01", 30.0),
        ("G3", "2025-07-01", 30.0),
        ("EEE", "2024-12-31", 10.0),
    ] {
        assert_eq!(total(&tariffs, "0101", from, on), Some(rate), "{from} on {on}");
    }
}

/// An act that names an origin stands over a later act for the rest.
#[test]
fn a_named_act_stands_over_a_later_one_for_the_rest() {
    let named = entry("2025-01-01", "targets = [\"BBB\"]\nrate_pct = 2\n");
    let rest = entry("2025-01-01", "announced = \"2024-12-01\"\ntargets = [\"others\"]\nrate_pct = 5\n");
    let later = entry("2025-03-01", "targets = [\"others\"]\nrate_pct = 9\n");
    let tariffs = world(
        "named",
        vec![instrument(
            "X",
            "x",
            &format!("targets = [\"others\"]\n[[scope]]\nall = true\n{named}{rest}{later}"),
        )],
    );
    assert_eq!(total(&tariffs, "0202", "BBB", "2025-04-01"), Some(2.0));
    assert_eq!(total(&tariffs, "0202", "CCC", "2025-02-01"), Some(5.0));
    assert_eq!(total(&tariffs, "0202", "CCC", "2025-04-01"), Some(9.0));
}

/// A ceiling sees the base; the first part that fits holds; what replaces the base stands in its place; what is forbidden has no rate.
#[test]
fn effects() {
    let floor = entry("2025-01-01", "effect = \"floor\"\nrate_pct = 15\ntargets = [\"BBB\"]\n");
    let column =
        entry("2025-01-01", "effect = \"replaces-base\"\ncolumn = \"column2\"\ntargets = [\"CCC\"]\n");
    let banned = entry("2025-01-01", "effect = \"prohibits\"\ntargets = [\"DDD\"]\n");
    let quota = entry("2025-01-01", "effect = \"quota\"\nrate_pct = 0\nover_pct = 25\ntargets = [\"EEE\"]\n");
    let tariffs =
        world("effects", vec![instrument("X", "x", &format!("{ALL}{floor}{column}{banned}{quota}"))]);
    assert_eq!(total(&tariffs, "0101", "BBB", "2025-02-01"), Some(15.0));
    assert_eq!(total(&tariffs, "0202", "BBB", "2025-02-01"), Some(15.0));
    assert_eq!(total(&tariffs, "0101", "CCC", "2025-02-01"), Some(40.0));
    let forbidden = ask(&tariffs, "0101", "DDD", "2025-02-01");
    assert!(forbidden.prohibited && forbidden.total_pct.is_none() && forbidden.range_pct.is_none());
    let quota = ask(&tariffs, "0101", "EEE", "2025-02-01");
    assert_eq!((quota.total_pct, quota.range_pct), (None, Some(Bounds { least: 10.0, most: 35.0 })));
    assert_eq!(quota.conditions[0].kind, "quota");
    // The base rate by its edition.
    assert_eq!(total(&tariffs, "0101", "BBB", "2026-02-01"), Some(15.0));
    // A base by the kilogram has a total only at the value per unit of the trade figures.
    let specific = ask(&tariffs, "0303", "BBB", "2025-02-01");
    assert!(specific.specific.is_some() && specific.total_pct.is_none());
}

/// Claims count as not made, facts are open, contents are shares; each answer has its duty, and the asker may settle it.
#[test]
fn conditions() {
    let parts = entry(
        "2025-01-01",
        "[[entry.parts]]\neffect = \"exempt\"\nif = [\"flight\"]\n[[entry.parts]]\nrate_pct = 20\n",
    );
    let heavy = entry("2025-01-01", "rate_pct = 7\n");
    let steel = entry("2025-01-01", "rate_pct = 50\ncontent = \"steel\"\n");
    let tariffs = world(
        "conditions",
        vec![
            instrument("CLAIM", "x", &format!("{ALL}{parts}")),
            instrument("FACT", "y", &format!("targets = [\"BBB\"]\n[[scope]]\nlists = [\"dated\"]\n{heavy}")),
            instrument("CONTENT", "z", &format!("targets = [\"CCC\"]\n[[scope]]\nall = true\n{steel}")),
        ],
    );
    let claim = ask(&tariffs, "0101", "DDD", "2025-02-01");
    assert_eq!((claim.total_pct, claim.conditions[0].answers[0].duty.total_pct), (Some(30.0), Some(10.0)));
    let made = Settled { claims: vec!["flight".to_owned()], ..Settled::default() };
    assert_eq!(ask_with(&tariffs, "0101", "DDD", "2025-02-01", made).total_pct, Some(10.0));
    let fact = ask(&tariffs, "0202", "BBB", "2025-02-01");
    assert_eq!((fact.total_pct, fact.range_pct), (None, Some(Bounds { least: 20.0, most: 27.0 })));
    let known = Settled { given: vec![("weight".to_owned(), 1.0)], ..Settled::default() };
    assert_eq!(ask_with(&tariffs, "0202", "BBB", "2025-02-01", known).total_pct, Some(27.0));
    // What has left a list keeps its place in the past.
    assert_eq!(total(&tariffs, "0101", "BBB", "2024-06-01"), Some(10.0));
    let content = ask(&tariffs, "0202", "CCC", "2025-02-01");
    assert_eq!(content.range_pct, Some(Bounds { least: 20.0, most: 70.0 }));
    let third = Settled { given: vec![("steel".to_owned(), 0.3)], ..Settled::default() };
    assert_eq!(ask_with(&tariffs, "0202", "CCC", "2025-02-01", third).total_pct, Some(35.0));
    let unknown = Settled { claims: vec!["fligth".to_owned()], ..Settled::default() };
    let question = Question {
        settled: unknown,
        ..Question::new("0101".parse().unwrap(), "DDD", "AAA", "2025-02-01".parse().unwrap())
    };
    assert!(tariffs.duty(&question, Reading::Stated).unwrap_err().to_string().contains("flight"));
}

/// A preference is never assumed: its duty stands beside, with what the claim removes on its days.
#[test]
fn preferences() {
    let tariffs = world(
        "preferences",
        vec![instrument("E", "extra", &format!("{ALL}{}", entry("2025-01-01", "rate_pct = 25\n")))],
    );
    let before = ask(&tariffs, "0101", "BBB", "2025-02-01");
    assert_eq!((before.total_pct, before.if_qualifies["PACT"].total_pct), (Some(35.0), Some(25.0)));
    let after = ask(&tariffs, "0101", "BBB", "2025-04-01");
    assert_eq!((after.total_pct, after.if_qualifies["PACT"].total_pct), (Some(35.0), Some(0.0)));
    assert!(ask(&tariffs, "0101", "CCC", "2025-04-01").if_qualifies.is_empty());
    let claimed = Settled { claims: vec!["pact".to_owned()], ..Settled::default() };
    assert_eq!(ask_with(&tariffs, "0101", "BBB", "2025-04-01", claimed).total_pct, Some(0.0));
}

/// Goods on the way stay under what governed before; silence gives both ends, the day of loading one.
#[test]
fn the_day_of_loading() {
    let first = entry(
        "2025-01-01",
        "rate_pct = 10\nloaded_before = \"2025-01-01\"\nentered_before = \"2025-03-01\"\n",
    );
    let second = entry(
        "2025-02-01",
        "rate_pct = 30\nloaded_before = \"2025-02-01\"\nentered_before = \"2025-03-01\"\n",
    );
    let tariffs = world("loading", vec![instrument("X", "x", &format!("{ALL}{first}{second}"))]);
    let open = ask(&tariffs, "0202", "BBB", "2025-02-10");
    assert_eq!((open.total_pct, open.range_pct), (None, Some(Bounds { least: 0.0, most: 30.0 })));
    assert_eq!(open.conditions[0].answers.len(), 3);
    for (loaded, rate) in [("2024-12-31", 0.0), ("2025-01-31", 10.0), ("2025-02-01", 30.0)] {
        let settled = Settled { loaded: Some(loaded.parse().unwrap()), ..Settled::default() };
        assert_eq!(
            ask_with(&tariffs, "0202", "BBB", "2025-02-10", settled).total_pct,
            Some(rate),
            "{loaded}"
        );
    }
    assert_eq!(total(&tariffs, "0202", "BBB", "2025-03-01"), Some(30.0));
}

/// A measure that is itself blocked blocks only with what is left of it, in whatever order the rules stand.
#[test]
fn a_blocked_measure_blocks_with_what_is_left() {
    let each = |id: &str, rate: u32| {
        instrument(id, id, &format!("{ALL}{}", entry("2025-01-01", &format!("rate_pct = {rate}\n"))))
    };
    let rule = |by: &str, of: &str, more: &str| {
        format!("[[stacking]]\nrule = \"blocks\"\nby = \"{by}\"\nof = \"{of}\"\nsource = \"s\"\n{more}")
    };
    for rules in [rule("a", "b", "") + &rule("b", "c", ""), rule("b", "c", "") + &rule("a", "b", "")] {
        let tariffs = world(
            "chain",
            vec![each("a", 10), each("b", 20), each("c", 40), named("w/stacking.toml", &rules)],
        );
        assert_eq!(total(&tariffs, "0202", "BBB", "2025-02-01"), Some(50.0));
    }
    // Days, announcement and targets of a rule.
    let dated = rule("a", "c", "from = \"2025-03-01\"\nannounced = \"2025-05-01\"\ntargets = [\"BBB\"]\n");
    let tariffs = world("dated", vec![each("a", 10), each("c", 40), named("w/stacking.toml", &dated)]);
    let asked = |from: &str, on: &str, known: &str| {
        let question = Question {
            known_on: known.parse().unwrap(),
            ..Question::new("0202".parse().unwrap(), from, "AAA", on.parse().unwrap())
        };
        tariffs.duty(&question, Reading::Stated).unwrap().total_pct
    };
    assert_eq!(asked("BBB", "2025-04-01", "2025-06-01"), Some(10.0));
    assert_eq!(asked("BBB", "2025-04-01", "2025-04-01"), Some(50.0));
    assert_eq!(asked("BBB", "2025-02-01", "2025-06-01"), Some(50.0));
    assert_eq!(asked("CCC", "2025-04-01", "2025-06-01"), Some(50.0));
}

/// A successor ends its predecessor from its first day on.
#[test]
fn a_successor_ends_its_predecessor() {
    let old = instrument("OLD", "x", &format!("{ALL}{}", entry("2024-01-01", "rate_pct = 10\n")));
    let new =
        instrument("NEW", "y", &format!("{ALL}{}", entry("2025-01-01", "rate_pct = 4\nends = [\"OLD\"]\n")));
    let tariffs = world("successor", vec![old, new]);
    assert_eq!(total(&tariffs, "0202", "BBB", "2024-12-31"), Some(10.0));
    let after = ask(&tariffs, "0202", "BBB", "2025-01-01");
    assert_eq!(after.total_pct, Some(4.0));
    assert!(after.parts.iter().any(|part| part.measure == "OLD" && part.why.contains("ended by NEW")));
}

/// Layers of one record on a panel of another are not lost.
#[test]
fn a_panel_knows_lists_by_content() {
    let (one, two) = (Tariffs::embedded().unwrap(), Tariffs::embedded().unwrap());
    let view = View::on_day("USA", "CHN", "2025-12-01".parse().unwrap());
    let layers = one.layers(view).unwrap();
    let stacking = &one.ledger().stacking;
    let own = one.panel("USA", "CHN").unwrap().average(&layers, stacking, view.on, "CHN").unwrap();
    let other = two.panel("USA", "CHN").unwrap().average(&layers, stacking, view.on, "CHN").unwrap();
    assert_eq!(own.total.to_bits(), other.total.to_bits());
    assert!(own.total > 0.2);
}

/// A past day as known that day says what is known of it now; a day past the evidence says so.
#[test]
fn what_is_known_today_and_what_is_not_verified() {
    let late = entry("2025-01-01", "announced = \"2025-03-01\"\nrate_pct = 12\n");
    let coverage = "[[evidence]]\nimporter = \"AAA\"\nfrom = \"2024-01-01\"\nuntil = \"2025-06-01\"\n[[missing]]\nid = \"m\"\nimporter = \"AAA\"\n\
                    what = \"a list\"\ninstruments = [\"X\"]\nconfidence = \"low\"\n";
    let tariffs = world(
        "today",
        vec![instrument("X", "x", &format!("{ALL}{late}")), named("w/coverage.toml", coverage)],
    );
    let then = ask(&tariffs, "0202", "BBB", "2025-02-01");
    assert_eq!(then.total_pct, Some(0.0));
    assert_eq!(then.as_known_today.and_then(|today| today.total_pct), Some(12.0));
    let later = ask(&tariffs, "0202", "BBB", "2025-07-01");
    assert!(later.not_verified_after.is_some() && later.before_the_record.is_none());
    assert_eq!((later.confidence.as_str(), later.missing.as_slice()), ("low", &["a list".to_owned()][..]));
    assert!(ask(&tariffs, "0202", "BBB", "2020-01-01").before_the_record.is_some());
}
