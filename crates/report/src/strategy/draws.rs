//! Games under draws of elasticities, in words, as JSON and as a table.

use detente::results::keys;
use detente::results::tags::Tag;
use detente::strategy::found::{DrawnGame, DrawnGames};
use detente::strategy::tagged::tagged;
use detente_engine::horizon::Horizon;
use detente_tables::output::OutputFile;
use detente_tables::result_table::{Column, ResultTable};
use serde_json::{Value, json};

/// In words.
pub fn lines(drawn: &DrawnGames) -> Vec<String> {
    let range = |of: &dyn Fn(&DrawnGame) -> Option<f64>| {
        drawn.range(of).map_or("none".to_owned(), |[low, middle, high]| {
            format!("{middle:+.3} ({low:+.3} to {high:+.3})")
        })
    };
    let side = |k: usize| {
        format!(
            "{}: at war {} percent of {} at rates of {} percent on average",
            drawn.sides[k],
            range(&|draw| Some(draw.war_pct[k])),
            drawn.start.words(),
            range(&|draw| Some(100.0 * draw.war_rate[k]))
        )
    };
    vec![
        format!(
            "{} draws of elasticities ({} without an answer): the zone is empty in {:.0} percent of them; equal gains {} percent; in no draw \
             is more than {:.0e} left to be found, and no residual is above {:.0e}",
            drawn.draws.len() + drawn.not_converged,
            drawn.not_converged,
            100.0 * drawn.empty_share(),
            range(&|draw| draw.equal_gain_pct),
            drawn.draws.iter().fold(0.0, |m: f64, draw| m.max(draw.gain_left)),
            drawn.draws.iter().fold(0.0, |m: f64, draw| m.max(draw.max_residual))
        ),
        format!("medians with 5th and 95th percentiles: {}; {}", side(0), side(1)),
    ]
}

/// As JSON, each number with how it came about.
pub fn json_of(drawn: &DrawnGames) -> Value {
    let against = format!("{}; gains from disagreement", drawn.start.words());
    let draws: Vec<Value> = drawn
        .draws
        .iter()
        .map(|draw| {
            let model = ["war_rate", "war_pct", "most_pct", "equal_gain_pct", "gain_left", "max_residual"];
            let mut tags: Vec<(&str, Tag)> = model.iter().map(|name| (*name, Tag::Model)).collect();
            tags.push(("common_factor", Tag::Assumed));
            tagged(json!(draw), Horizon::Long, &against, &tags)
        })
        .collect();
    json!({
        "sides": drawn.sides,
        "from": drawn.from,
        "draws": draws,
        "not_converged": drawn.not_converged,
    })
}

/// `draws.csv`.
pub fn file(drawn: &DrawnGames) -> OutputFile {
    let [a, b] = &drawn.sides;
    let draws = drawn.draws.iter();
    let number = |name: String, unit: &str, label: String, of: &dyn Fn(&DrawnGame) -> Option<f64>| {
        Column::number(name, unit, label, drawn.draws.iter().map(of))
    };
    let most = |draw: &DrawnGame, k: usize| draw.most_pct.map(|most| most[k]);
    let (rate, percent) = ("fraction", "percent");
    OutputFile::table(
        "draws",
        ResultTable::new(vec![
            Column::integer("draw", "", "draw", (1..).zip(draws.clone()).map(|(k, _)| k)),
            Column::text("elasticities", "elasticities", draws.map(|draw| &draw.elasticity_set)),
            keys::COMMON_FACTOR.number(drawn.draws.iter().map(|draw| Some(draw.common_factor))),
            number(format!("war_rate_{a}"), rate, format!("{a}'s rate at war"), &|draw| {
                Some(draw.war_rate[0])
            }),
            number(format!("war_rate_{b}"), rate, format!("{b}'s rate at war"), &|draw| {
                Some(draw.war_rate[1])
            }),
            number(format!("war_pct_{a}"), percent, format!("{a} at war"), &|draw| Some(draw.war_pct[0])),
            number(format!("war_pct_{b}"), percent, format!("{b} at war"), &|draw| Some(draw.war_pct[1])),
            number(format!("most_pct_{a}"), percent, format!("the most for {a}"), &|draw| most(draw, 0)),
            number(format!("most_pct_{b}"), percent, format!("the most for {b}"), &|draw| most(draw, 1)),
            number("equal_gain_pct".into(), percent, "equal gain".into(), &|draw| draw.equal_gain_pct),
        ]),
    )
}
