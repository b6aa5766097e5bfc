//! Settings of a scenario file through the real command: what the numeraire may move and what not, and one-way trade refused by name.

mod support;

use serde_json::Value;
use support::{Folder, detente, small_benchmark, transcript};

const SHOCK: &str = "[[tariff]]\nimporter = [\"USA\"]\nexporter = [\"CHN\"]\nsector = \"all\"\nadd = 0.1\n";

fn solve(name: &str, scenario: &str) -> Value {
    let folder = Folder::new(name);
    folder.write("s.toml", scenario);
    let output = detente(&folder.0, &["solve", "s.toml", "--format", "json"]);
    assert!(output.status.success(), "{name}: {}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn number(answer: &Value, code: &str, column: &str) -> f64 {
    answer["economies"][code][column].as_f64().expect("a number")
}

/// Deficits fixed in units of the numeraire stand still in its units, and the choice of numeraire then is one of allocation.
#[test]
fn deficits_in_units_of_the_numeraire() {
    let welfare: Vec<f64> = ["wage:USA", "wage:CHN", "world-prices"]
        .iter()
        .enumerate()
        .map(|(k, numeraire)| {
            let closure = format!("[closure]\nnumeraire = \"{numeraire}\"\ndeficit_unit = \"numeraire\"\n");
            let answer = solve(&format!("unit-{k}"), &format!("{closure}{SHOCK}"));
            for code in ["USA", "CHN", "EU27"] {
                let (before, after) =
                    (number(&answer, code, "deficit_before"), number(&answer, code, "deficit"));
                assert!((before - after).abs() < 1e-9 * before.abs(), "{numeraire} {code}: {before} {after}");
            }
            number(&answer, "USA", "welfare_pct")
        })
        .collect();
    // US wages rise against world income with the tariff, Chinese ones fall, and with them what is owed.
    assert!(welfare[0] > welfare[2] + 1e-3 && welfare[2] > welfare[1] + 1e-3, "{welfare:?}");
}

/// In world-GDP units the numeraire changes no real number, a baseline with changes of its own included.
#[test]
fn the_numeraire_changes_no_real_number_after_a_baseline_either() {
    let baseline =
        "[[baseline.tariff]]\nimporter = \"all\"\nexporter = \"all\"\nsector = \"all\"\nadd = 0.2\n";
    let answers: Vec<Value> = ["world-gdp", "wage:CHN", "world-prices"]
        .iter()
        .enumerate()
        .map(|(k, numeraire)| {
            let closure = format!("[closure]\nnumeraire = \"{numeraire}\"\n");
            solve(&format!("numeraire-{k}"), &format!("{closure}{baseline}{SHOCK}"))
        })
        .collect();
    for code in answers[0]["economies"].as_object().expect("economies").keys() {
        for column in ["welfare_pct", "real_wage_pct", "manufacturing_share"] {
            let first = number(&answers[0], code, column);
            for other in &answers[1..] {
                let gap = (number(other, code, column) - first).abs();
                assert!(gap < 1e-8, "{code} {column}: {gap:e}");
            }
        }
    }
}

/// Who only buys cannot balance its trade at any price: said before any solve, by name, with what would do.
#[test]
fn balanced_trade_that_leads_one_way_is_refused() {
    let folder = Folder::new("one-way");
    small_benchmark(&folder);
    let trade = "exporter,importer,sector,value\nNOR,NOR,farm,100\nNOR,SOU,farm,20\nSOU,SOU,farm,80\n\
                 NOR,NOR,steel,120\nNOR,SOU,steel,40\nSOU,SOU,steel,60\n";
    folder.write("world/trade.csv", trade);
    folder.write("world/tariffs.csv", "exporter,importer,sector,rate\nNOR,SOU,steel,0.05\n");
    folder.write("s.toml", "[closure]\ndeficits = \"zero\"\nintermediates = \"none\"\n");
    let output = detente(&folder.0, &["solve", "s.toml", "--benchmark", "world"]);
    let text = transcript(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("balanced trade refused") && text.contains("NOR") && text.contains("SOU"),
        "{text}"
    );
}

/// Both structures with scale are settings of a scenario on the embedded world, and the answer says whether the equilibria would hold.
#[test]
fn economies_of_scale_say_whether_their_equilibria_would_hold() {
    let scale = |name: &str, closure: &str| {
        let answer = solve(name, &format!("[closure]\n{closure}\n{SHOCK}"));
        let uniqueness = answer["summary"]["uniqueness"].clone();
        let warned = answer["summary"]["caveats"].to_string().contains("would not hold");
        (answer, uniqueness, warned)
    };
    let (answer, uniqueness, warned) =
        scale("holds", "market_structure = \"krugman\"\nscale_times_trade_elasticity = 0.6");
    let root = uniqueness["baseline_entry_root"].as_f64().expect("a root");
    assert!(root > 0.6 && root < 1.0 && !warned, "{uniqueness}");
    let (some, all) = (number(&answer, "USA", "welfare_pct"), uniqueness["input_round"].as_f64());
    assert!(some < 0.0 && all.expect("a round") < 1.0, "{answer}");

    let (_, uniqueness, warned) = scale("moves", "market_structure = \"krugman\"");
    assert!(uniqueness["baseline_entry_root"].as_f64().expect("a root") > 1.0 && warned, "{uniqueness}");
    assert!(uniqueness["entry_root"].as_f64().expect("a root") < 1.0, "{uniqueness}");
    assert!(uniqueness["largest_gain_of_entry"].as_f64().expect("a gain") <= 1e-6, "{uniqueness}");
    let most = uniqueness["holds_up_to_scale_times_trade_elasticity"].as_f64().expect("a scale");
    let below = format!("market_structure = \"krugman\"\nscale_times_trade_elasticity = {most}");
    let above = format!("market_structure = \"krugman\"\nscale_times_trade_elasticity = {}", most + 0.01);
    assert!(!scale("below", &below).2 && scale("above", &above).2, "{most}");

    let (_, uniqueness, _) =
        scale("melitz", "market_structure = \"melitz\"\nfirm_size_tail = 1.2\nintermediates = \"none\"");
    assert_eq!(uniqueness["proven"], true, "{uniqueness}");
}

/// Parameters of scale that are missing or say a thing twice are asked for or refused by name.
#[test]
fn parameters_of_scale_are_asked_for_by_name() {
    for (name, closure, said) in [
        ("none", "market_structure = \"melitz\"", "firm_size_tail or elasticity_of_substitution"),
        (
            "twice",
            "market_structure = \"melitz\"\nfirm_size_tail = 1.2\nelasticity_of_substitution = 3.0",
            "say the same thing in two ways",
        ),
        ("tail", "market_structure = \"melitz\"\nfirm_size_tail = 0.5", "one or above"),
        (
            "sigma",
            "market_structure = \"melitz\"\nelasticity_of_substitution = 12.0",
            "elasticity_of_substitution",
        ),
        ("scale", "market_structure = \"krugman\"\nscale_elasticity = -1.0", "zero or above"),
    ] {
        let folder = Folder::new(&format!("scale-{name}"));
        folder.write("s.toml", &format!("[closure]\n{closure}\n{SHOCK}"));
        let output = detente(&folder.0, &["solve", "s.toml"]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", transcript(&output));
        assert!(transcript(&output).contains(said), "{name}: {}", transcript(&output));
    }
}

/// Deficits that follow GDP and differ by more than GDP itself can leave no equilibrium: the answer says so beside its residuals.
#[test]
fn deficits_that_take_all_an_economy_has_are_named() {
    let folder = Folder::new("no-room");
    folder.write(
        "world/benchmark.toml",
        "name = \"two\"\nunit = \"million\"\nsource = \"made up\"\nlicence = \"none\"\nyear = 2020\n",
    );
    folder.write("world/economies.csv", "economy,name\nA,A\nB,B\n");
    folder.write("world/sectors.csv", "sector,name,kind,trade_elasticity\ng,goods,manufacturing,2\n");
    folder
        .write("world/trade.csv", "exporter,importer,sector,value\nA,A,g,1\nA,B,g,0.1\nB,A,g,1\nB,B,g,0.2\n");
    folder.write(
        "s.toml",
        "[closure]\ndeficits = \"share-of-gdp\"\n[[endowment]]\neconomy = \"A\"\nfactor = 50.0\n\
         [[productivity]]\neconomy = \"A\"\nsector = \"g\"\nfactor = 50.0\n",
    );
    let output = detente(&folder.0, &["solve", "s.toml", "--benchmark", "world"]);
    let said = transcript(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("82 percent of GDP in A and -75 in B"), "{said}");
}
