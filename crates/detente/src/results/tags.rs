//! How each number of a result came about: an input of the closure, an identity over data, or solved for. Caveats travel in the data: the
//! same tags stand in `summary.json` and in `tags.csv`, with the grade of the input structure that each economy rests on.

use detente_engine::closure::{Closure, Deficits};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::columns::ECONOMY;
use crate::scenario::meant::{Scenario, What};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::table::csv_text;

/// How a number came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tag {
    /// An input of the closure: the model cannot move it.
    Assumed,
    /// An identity over data and stated elasticities.
    Accounting,
    /// Solved for.
    Model,
}

impl Tag {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Tag::Assumed => "assumed",
            Tag::Accounting => "accounting",
            Tag::Model => "model",
        }
    }
}

/// The tag of a column of `economies.csv` at the horizons of the equilibrium.
pub fn of_column(name: &str, closure: &Closure, scenario: &Scenario) -> Tag {
    let shifted =
        scenario.counterfactual.changes.iter().any(|change| matches!(change.what, What::FinalDemand(_)));
    match name {
        // Under share-of-gdp the level moves with income; elsewhere the closure sets it.
        "deficit" | "deficit_before" if closure.deficits != Deficits::ShareOfGdp => Tag::Assumed,
        "consumption_share" if shifted => Tag::Assumed,
        name if name.ends_with("_before") => Tag::Accounting,
        _ => Tag::Model,
    }
}

/// Tags of all columns of an answer of the equilibrium.
pub fn of_equilibrium(scenario: &Scenario) -> Vec<(&'static str, Tag)> {
    let closure = &scenario.counterfactual.closure;
    ECONOMY.iter().map(|(name, _)| (*name, of_column(name, closure, scenario))).collect()
}

/// For `summary.json`: tags by column.
pub fn json(tags: &[(&'static str, Tag)]) -> Value {
    Value::Object(tags.iter().map(|(name, tag)| ((*name).to_string(), json!(tag))).collect())
}

/// For `summary.json`: the grade of the input structure that each economy rests on.
pub fn quality(directory: &BenchmarkDirectory) -> Value {
    let economies = directory.benchmark.economies.iter().enumerate();
    let grades: Map<String, Value> = economies
        .filter_map(|(position, economy)| {
            Some((economy.code.clone(), json!(directory.quality(position)?.grade.word())))
        })
        .collect();
    Value::Object(grades)
}

/// `tags.csv`: how each column came about, and the grade of each economy.
pub fn csv(directory: &BenchmarkDirectory, tags: &[(&'static str, Tag)]) -> String {
    let columns =
        tags.iter().map(|(name, tag)| ["column".into(), (*name).to_string(), tag.word().to_string()]);
    let economies = directory.benchmark.economies.iter().enumerate().filter_map(|(position, economy)| {
        Some(["economy".into(), economy.code.clone(), directory.quality(position)?.grade.word().to_string()])
    });
    csv_text(&["of", "name", "tag"], columns.chain(economies))
}
