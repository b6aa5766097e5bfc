//! How each number of a result came about: an input of the closure, an identity over data, or solved for. Caveats travel in the data: the
//! same tags stand in `summary.json` and in `tags.csv`, with the grade of the input structure that each economy rests on.

use detente_engine::catalogue::{Place, lists};
use serde_json::{Map, Value, json};

use super::keys;
use crate::scenario::meant::{Scenario, What};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::result_table::ResultTable;

pub use detente_engine::catalogue::Tag;

/// Tags of all columns of an answer of the equilibrium.
pub fn of_equilibrium(scenario: &Scenario) -> Vec<(&'static str, Tag)> {
    let case = &scenario.counterfactual;
    let shifted = shifts_final_use(scenario);
    let further: &[_] = if scenario.capital_answers { lists::CAPITAL } else { &[] };
    let tagged = lists::ECONOMY
        .iter()
        .chain(further)
        .map(|entry| (entry.key(Place::Economies), entry.tag(scenario.horizon, &case.closure, shifted)));
    tagged.collect()
}

/// Whether the question itself moves final demand.
pub fn shifts_final_use(scenario: &Scenario) -> bool {
    scenario.counterfactual.changes.iter().any(|change| matches!(change.what, What::FinalDemand(_)))
}

/// For `summary.json`: tags by column.
pub fn json(tags: &[(&'static str, Tag)]) -> Value {
    Value::Object(tags.iter().map(|(name, tag)| ((*name).to_string(), json!(tag))).collect())
}

/// For `summary.json`: the grade of the input structure that each economy rests on.
pub fn quality(directory: &BenchmarkDirectory) -> Value {
    let grades: Map<String, Value> =
        grades(directory).map(|(code, grade)| (code.to_owned(), json!(grade))).collect();
    Value::Object(grades)
}

fn grades(directory: &BenchmarkDirectory) -> impl Iterator<Item = (&str, &'static str)> {
    let economies = directory.benchmark.economies.iter().enumerate();
    economies.filter_map(|(position, economy)| {
        Some((economy.code.as_str(), directory.quality(position)?.grade.word()))
    })
}

/// `tags.csv`: how each column came about, and the grade of each economy.
pub fn table(directory: &BenchmarkDirectory, tags: &[(&'static str, Tag)]) -> ResultTable {
    let columns = tags.iter().map(|(name, tag)| [keys::COLUMN_WORD, name, tag.word()]);
    let economies = grades(directory).map(|(code, grade)| [keys::ECONOMY.name, code, grade]);
    let rows: Vec<[&str; 3]> = columns.chain(economies).collect();
    let column = |at: usize| rows.iter().map(move |row| row[at]);
    ResultTable::new(vec![keys::OF.text(column(0)), keys::NAME.text(column(1)), keys::TAG.text(column(2))])
}
