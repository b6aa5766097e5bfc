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
